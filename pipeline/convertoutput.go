package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/charset"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/publish"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// decodeText gives text as UTF-8, by the setting or by evidence. Bytes of UTF-8 text that are not
// UTF-8 pass through: the records that hold them are rejected.
func decodeText(r io.Reader, name string) (*charset.Reader, error) {
	set, err := charset.Parse(name)
	if err != nil {
		return nil, err
	}
	return charset.NewReader(r, charset.Options{Charset: set, KeepDamage: true}), nil
}

// rowWriter writes rows of one width.
type rowWriter interface {
	row(fields [][]byte) error
	close() error
}

// convertOutput is the file that is written and its rejects, both under temporary names.
type convertOutput struct {
	to      string
	file    *os.File
	buf     *bufio.Writer
	rows    rowWriter
	rejects *os.File
	bad     *bufio.Writer
}

func diskError(op, path string, err error) error {
	if err == nil {
		return nil
	}
	return &publish.IOError{Op: op, Path: path, Err: err}
}

func newConvertOutput(to string) (*convertOutput, error) {
	f, err := os.CreateTemp(filepath.Dir(to), ".vitalfew-convert-*")
	if err != nil {
		return nil, diskError("create", to, err)
	}
	return &convertOutput{to: to, file: f, buf: bufio.NewWriterSize(f, 1<<20)}, nil
}

func (o *convertOutput) parquet() bool { return strings.EqualFold(filepath.Ext(o.to), ".parquet") }

// start begins with the names; nil for a file without a header.
func (o *convertOutput) start(names []string, width int) error {
	if o.parquet() {
		o.rows = newTextParquet(o.buf, names, width)
		return nil
	}
	w := &csvRows{w: o.buf}
	o.rows = w
	if names == nil {
		return nil
	}
	cells := make([][]byte, len(names))
	for i, n := range names {
		cells[i] = []byte(n)
	}
	return diskError("write", o.to, w.row(cells))
}

func (o *convertOutput) row(fields [][]byte) error {
	return diskError("write", o.to, o.rows.row(fields))
}

func (o *convertOutput) rejectsPath() string { return o.to + ".rejects.csv" }

// reject notes where a record stands and why it is not a row; its text may be personal and is not kept.
func (o *convertOutput) reject(line, offset, size int64, why string) error {
	if o.rejects == nil {
		f, err := os.CreateTemp(filepath.Dir(o.to), ".vitalfew-convert-*")
		if err != nil {
			return diskError("create", o.rejectsPath(), err)
		}
		o.rejects, o.bad = f, bufio.NewWriter(f)
		fmt.Fprintln(o.bad, "line,byte_offset,bytes,reason") // the flush reports the error
	}
	_, err := fmt.Fprintf(o.bad, "%d,%d,%d,\"%s\"\n", line, offset, size, strings.ReplaceAll(why, `"`, `""`))
	return diskError("write", o.rejectsPath(), err)
}

// publish gives both files their names and returns that of the rejects, "" where there are none.
func (o *convertOutput) publish() (string, error) {
	if err := o.rows.close(); err != nil {
		return "", diskError("write", o.to, err)
	}
	if o.rejects == nil {
		if err := os.Remove(o.rejectsPath()); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", diskError("remove", o.rejectsPath(), err)
		}
		return "", settleFile(o.file, o.buf, o.to)
	}
	if err := settleFile(o.rejects, o.bad, o.rejectsPath()); err != nil {
		return "", err
	}
	return o.rejectsPath(), settleFile(o.file, o.buf, o.to)
}

func settleFile(f *os.File, w *bufio.Writer, to string) error {
	if err := errors.Join(w.Flush(), f.Sync(), f.Close()); err != nil {
		return diskError("write", to, err)
	}
	return diskError("rename", to, os.Rename(f.Name(), to))
}

// discard removes what is still under a temporary name.
func (o *convertOutput) discard() {
	for _, f := range []*os.File{o.file, o.rejects} {
		if f != nil {
			_ = f.Close()           // closed already when all went well
			_ = os.Remove(f.Name()) // and renamed
		}
	}
}

// csvRows writes RFC 4180: comma, double quotes where needed, LF.
type csvRows struct {
	w    *bufio.Writer
	line []byte
}

func (c *csvRows) row(fields [][]byte) error {
	c.line = c.line[:0]
	for i, f := range fields {
		if i > 0 {
			c.line = append(c.line, ',')
		}
		c.line = appendCSV(c.line, f, len(fields) == 1)
	}
	_, err := c.w.Write(append(c.line, '\n'))
	return err
}

func (c *csvRows) close() error { return nil }

// appendCSV quotes what another reader could take for something else; a lone empty field too, which
// would be a blank line.
func appendCSV(dst, f []byte, alone bool) []byte {
	if !bytes.ContainsAny(f, ",\"\r\n") && (!alone || len(bytes.TrimSpace(f)) > 0) {
		return append(dst, f...)
	}
	dst = append(dst, '"')
	for _, b := range f {
		if b == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, b)
	}
	return append(dst, '"')
}

// textParquet writes text columns.
type textParquet struct {
	w     *parquet.GenericWriter[any]
	cells parquet.Row
}

// orderedColumns is a Parquet root whose fields keep their order.
type orderedColumns struct {
	parquet.Group
	fields []parquet.Field
}

func (o *orderedColumns) Fields() []parquet.Field { return o.fields }

func newTextParquet(w io.Writer, names []string, width int) *textParquet {
	root := &orderedColumns{Group: parquet.Group{}}
	unique := make([]string, width)
	for i := range unique {
		name := "column_" + strconv.Itoa(i+1)
		if i < len(names) && names[i] != "" {
			name = strings.ToValidUTF8(names[i], "\uFFFD")
		}
		for n, base := 2, name; root.Group[name] != nil; n++ {
			name = base + "_" + strconv.Itoa(n)
		}
		unique[i], root.Group[name] = name, parquet.String()
	}
	byName := map[string]parquet.Field{}
	for _, f := range root.Group.Fields() {
		byName[f.Name()] = f
	}
	for _, n := range unique {
		root.fields = append(root.fields, byName[n])
	}
	return &textParquet{w: parquet.NewGenericWriter[any](w, parquet.NewSchema("vitalfew", root),
		parquet.Compression(&parquet.Snappy), parquet.CreatedBy("vitalfew", "", ""), parquet.MaxRowsPerRowGroup(100_000))}
}

func (t *textParquet) row(fields [][]byte) error {
	t.cells = t.cells[:0]
	for i, f := range fields {
		t.cells = append(t.cells, parquet.ByteArrayValue(f).Level(0, 0, i))
	}
	_, err := t.w.WriteRows([]parquet.Row{t.cells})
	return err
}

func (t *textParquet) close() error { return t.w.Close() }

// parquet converts Parquet: every leaf that can be read, as text.
func (c *Conversion) parquet(ctx context.Context, f source.File, out *convertOutput) error {
	recs, err := ingest.OpenExploded(f, parquetfile.Limits{})
	if err != nil {
		return as(ErrInput, err)
	}
	defer recs.Close()            // only read
	if len(recs.Unreadable) > 0 { // all columns were promised
		return as(ErrInput, fmt.Errorf("%s: %s", f.Path, strings.Join(recs.Unreadable, "; ")))
	}
	names := recs.Header()
	c.Encoding, c.names, c.Decision.Names, c.Decision.Width = "Parquet", names, names, len(names)
	if err := out.start(names, len(names)); err != nil {
		return err
	}
	cells := make([][]byte, len(names))
	for {
		rec, err := recs.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return as(ErrInput, err)
		}
		if c.Records%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for i, s := range rec.Fields {
			cells[i] = append(cells[i][:0], s...)
		}
		if err := out.row(cells); err != nil {
			return err
		}
		c.Records++
		c.Rows++
		c.RowsWritten++
	}
}
