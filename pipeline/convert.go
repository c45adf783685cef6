package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/charset"
	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/sniff"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// ConvertOptions say how a file is read and where it goes. All but To may stay zero: sniffed.
type ConvertOptions struct {
	To        string   // the file to write: .csv, or .parquet
	Delimiter string   // up to 8 bytes; \t, \0 and 0x2C are understood; blanks: runs of them
	Quote     string   // one byte, or none
	Escape    string   // one byte, or none
	Encoding  string   // a charset's name
	Header    string   // rows of the header, none, or auto
	Preamble  string   // records before the header, blank lines too, or auto
	Width     int      // fields of a record
	Columns   []string // names, whatever the header says
	Sheet     string   // of an XLSX workbook; "": by evidence
}

// Conversion is what became of a file's records and bytes.
type Conversion struct {
	Path, To, Rejects string // Rejects is "" when there is none
	Encoding          string
	Decision          sniff.Decision
	Tables            []sniff.Table // stacked tables that were set aside

	Rows, Rejected, Ignored int64 // records: Rows + Rejected + Ignored = Records
	Records                 int64
	RowBytes, RejectedBytes int64 // likewise, of the text as UTF-8
	IgnoredBytes, Bytes     int64
	Tidied, Repaired        int64 // of Rows
	Reasons                 map[string]int64
	Repairs                 []string // the first repairs, with their line
	RowsWritten             int64
	names                   []string
}

// maxRepairs bounds how many repairs are named one by one.
const maxRepairs = 20

// Convert reads a file of any dialect and writes what was read as clean CSV or Parquet, all columns.
// What cannot be read goes to To.rejects.csv by line, byte offset and reason. Nothing stands under
// the name To before it is complete. Errors are of kind ErrConfig, ErrInput, ErrBooks, or the disk's.
func Convert(ctx context.Context, path string, o ConvertOptions) (*Conversion, error) {
	so, err := o.sniffOptions()
	if err != nil {
		return nil, as(ErrConfig, err)
	}
	f, err := source.Stat(path)
	empty := errors.Is(err, source.ErrEmpty)
	if err != nil && !empty {
		return nil, as(ErrInput, err)
	}
	if same(path, o.To) {
		return nil, as(ErrConfig, fmt.Errorf("%s would be written over itself; name another file in --to", path))
	}
	c := &Conversion{Path: path, To: o.To, Reasons: map[string]int64{}}
	out, err := newConvertOutput(o.To)
	if err != nil {
		return nil, err
	}
	defer out.discard()
	switch {
	case empty:
		err = c.noTable(strings.NewReader(""), "the file is empty", out)
	default:
		err = c.read(ctx, f, o, so, out)
	}
	if err != nil {
		return nil, err
	}
	if err := c.reconcile(); err != nil {
		return nil, as(ErrBooks, err)
	}
	if c.Rejects, err = out.publish(); err != nil {
		return nil, err
	}
	return c, nil
}

// read converts the file by its format.
func (c *Conversion) read(ctx context.Context, f source.File, o ConvertOptions, so sniff.Options, out *convertOutput) error {
	switch f.Format {
	case source.Parquet:
		return c.parquet(ctx, f, out)
	case source.Workbook:
		return c.workbook(ctx, f, o.Sheet, so, out)
	}
	return c.text(ctx, f, o, so, out)
}

// noTable converts text without a record to an empty file; Parquet, which has no file without columns,
// cannot hold it.
func (c *Conversion) noTable(text io.Reader, why string, out *convertOutput) error {
	if out.parquet() {
		return as(ErrInput, fmt.Errorf("%w: %s: %s, and Parquet has no file without columns; export it again", ErrNoTable, c.Path, why))
	}
	if err := out.start(nil, 0); err != nil {
		return err
	}
	c.Encoding, c.Decision = charset.UTF8.String(), sniff.Decision{Syntax: delimited.Syntax{Delimiter: ","}, Evidence: []string{"no table: " + why}}
	n, err := io.Copy(io.Discard, text)
	if err != nil {
		return as(ErrInput, fmt.Errorf("%s: %w", c.Path, err))
	}
	c.IgnoredBytes, c.Bytes = n, n
	return nil
}

func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// reconcile holds the identities: every record and byte went somewhere.
func (c *Conversion) reconcile() error {
	switch {
	case c.Rows+c.Rejected+c.Ignored != c.Records:
		return fmt.Errorf("%s: %d rows + %d rejected + %d ignored are not the %d records read", c.Path, c.Rows, c.Rejected, c.Ignored, c.Records)
	case c.RowBytes+c.RejectedBytes+c.IgnoredBytes != c.Bytes:
		return fmt.Errorf("%s: %d + %d + %d bytes are not the %d read", c.Path, c.RowBytes, c.RejectedBytes, c.IgnoredBytes, c.Bytes)
	case c.RowsWritten != c.Rows:
		return fmt.Errorf("%s: %d rows written of %d", c.To, c.RowsWritten, c.Rows)
	}
	return nil
}

// text converts delimited text.
func (c *Conversion) text(ctx context.Context, f source.File, o ConvertOptions, so sniff.Options, out *convertOutput) error {
	head, whole, err := c.head(f, o)
	if err != nil {
		return err
	}
	if n := bytes.Count(head, []byte{0}); n*10 > len(head) {
		return as(ErrInput, fmt.Errorf("%s: NUL bytes: a binary file and neither text, XLSX nor Parquet; check what the file is", f.Path))
	}
	c.Decision = sniff.Sniff(head, whole, c.blocks(f), so)
	in, err := f.Open()
	if err != nil {
		return as(ErrInput, err)
	}
	defer in.Close() // only read
	text, err := decodeText(in, o.Encoding)
	if err != nil {
		return as(ErrConfig, err)
	}
	if c.Decision.Width == 0 {
		return c.noTable(text, "blank lines only", out)
	}
	count := &countingReader{r: text}
	if err := c.records(ctx, count, out); err != nil {
		return err
	}
	c.Encoding = text.Decision().Charset.String()
	if c.Bytes = count.n; f.Changed() != nil {
		return as(ErrInput, f.Changed())
	}
	return nil
}

// workbook converts a sheet, through its text.
func (c *Conversion) workbook(ctx context.Context, f source.File, sheet string, so sniff.Options, out *convertOutput) error {
	comma := delimited.Syntax{Delimiter: ","}
	so.Syntax = &comma
	s, err := ingest.OpenSheet(f, sheet)
	if err != nil {
		return as(ErrInput, err)
	}
	defer s.Close() // only read
	head := make([]byte, sniff.HeadBytes)
	n, err := io.ReadFull(s, head)
	whole := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !whole {
		return as(ErrInput, fmt.Errorf("%s: %w", f.Path, err))
	}
	c.Decision = sniff.Sniff(head[:n], whole, nil, so)
	if c.Decision.Width == 0 {
		return c.noTable(s, "the sheet is empty", out)
	}
	c.Encoding, c.Decision.Evidence = "XLSX", append(s.Evidence, c.Decision.Evidence[1:]...)
	count := &countingReader{r: io.MultiReader(bytes.NewReader(head[:n]), s)}
	if err := c.records(ctx, count, out); err != nil {
		return err
	}
	c.Bytes = count.n
	return as(ErrInput, f.Changed())
}

// records sorts every record of the text.
func (c *Conversion) records(ctx context.Context, text io.Reader, out *convertOutput) error {
	d := c.Decision
	if err := d.Syntax.Validate(); err != nil {
		return as(ErrConfig, err)
	}
	c.names = d.Names
	if err := out.start(d.Names, d.Width); err != nil {
		return err
	}
	r, sort, next := delimited.NewReader(text, d.Syntax), d.NewSorter(), int64(0)
	r.Width = d.Width
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			c.Tables = sort.Tables()
			return nil
		}
		if err != nil {
			return as(ErrInput, fmt.Errorf("%s: %w", c.Path, err))
		}
		if c.Records%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if c.Records == 0 {
			c.IgnoredBytes = rec.Offset // the byte order mark
			next = rec.Offset
		}
		if rec.Offset != next {
			return as(ErrBooks, fmt.Errorf("%s: record at byte %d, expected %d", c.Path, rec.Offset, next))
		}
		next += rec.Size
		c.Records++
		if err := c.sorted(rec, sort, out); err != nil {
			return err
		}
	}
}

func (c *Conversion) sorted(rec *delimited.Record, sort *sniff.Sorter, out *convertOutput) error {
	fields, v, why := sort.Sort(rec)
	if v <= sniff.Repaired && !utf8.Valid(rec.Raw) {
		v, why = sniff.Rejected, "bytes that are not UTF-8"
	}
	switch v {
	case sniff.Header, sniff.Ignored:
		c.Ignored++
		c.IgnoredBytes += rec.Size
		if v == sniff.Ignored {
			c.Reasons[why]++
		}
		return nil
	case sniff.Rejected:
		c.Rejected++
		c.RejectedBytes += rec.Size
		c.Reasons[why]++
		return out.reject(rec.Line, rec.Offset, rec.Size, why)
	case sniff.Tidied:
		c.Tidied++
	case sniff.Repaired:
		if c.Repaired++; len(c.Repairs) < maxRepairs {
			c.Repairs = append(c.Repairs, fmt.Sprintf("line %d: %s", rec.Line, why))
		}
	}
	c.Rows++
	c.RowBytes += rec.Size
	if err := out.row(fields); err != nil {
		return err
	}
	c.RowsWritten++
	return nil
}

// head is the start of the text, decoded.
func (c *Conversion) head(f source.File, o ConvertOptions) (head []byte, whole bool, err error) {
	in, err := f.Open()
	if err != nil {
		return nil, false, as(ErrInput, err)
	}
	defer in.Close() // only read
	raw := make([]byte, sniff.HeadBytes)
	n, err := io.ReadFull(in, raw)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, false, as(ErrInput, fmt.Errorf("%s: %w", f.Path, err))
	}
	whole = err != nil
	set, err := charset.Parse(o.Encoding)
	if err != nil {
		return nil, false, as(ErrConfig, err)
	}
	if set == charset.Auto {
		if d := charset.Decide(raw[:n], whole); d.Err() == nil {
			set = d.Charset
		}
	}
	text := charset.NewReader(bytes.NewReader(raw[:n]), charset.Options{Charset: set, KeepDamage: true})
	if c.Encoding = set.String(); set == charset.Auto {
		return raw[:n], whole, nil // reading the file will say why
	}
	head, err = io.ReadAll(text)
	return head, whole, as(ErrInput, err)
}

// blocks are pieces of a plain UTF-8 file from its middle and end, for evidence.
func (c *Conversion) blocks(f source.File) (out [][]byte) {
	const size = 16 << 10
	if f.Compression != source.Plain || c.Encoding != charset.UTF8.String() || f.Size < 4*sniff.HeadBytes {
		return nil
	}
	in, err := f.OpenAt()
	if err != nil {
		return nil // reading it will say why
	}
	defer in.Close() // only read
	for _, at := range []int64{f.Size / 2, f.Size - size} {
		b := make([]byte, size)
		if n, err := in.ReadAt(b, at); err == nil || n == size {
			out = append(out, b)
		}
	}
	return out
}

// sniffOptions turns settings into what is fixed.
func (o ConvertOptions) sniffOptions() (sniff.Options, error) {
	s := sniff.Free()
	var faults []error
	if ext := strings.ToLower(filepath.Ext(o.To)); ext != ".csv" && ext != ".parquet" {
		faults = append(faults, fmt.Errorf("to %q: end its name in .csv or .parquet", o.To))
	}
	if o.Delimiter != "" || o.Quote != "" || o.Escape != "" {
		syntax := delimited.Syntax{}
		var err error
		if syntax.Runs = o.Delimiter == "blanks"; syntax.Runs {
			o.Delimiter = " "
		}
		if syntax.Delimiter, err = byteText(o.Delimiter); err != nil {
			faults = append(faults, fmt.Errorf("delimiter: %w", err))
		}
		if q, none, err := oneByte(o.Quote); err != nil {
			faults = append(faults, fmt.Errorf("quote: %w", err))
		} else {
			syntax.Quote, syntax.NoQuote = q, none
		}
		if e, none, err := oneByte(o.Escape); err != nil {
			faults = append(faults, fmt.Errorf("escape: %w", err))
		} else {
			syntax.Escape, syntax.HasEscape = e, o.Escape != "" && !none
		}
		faults = append(faults, syntax.Validate())
		s.Syntax = &syntax
	}
	var err error
	if s.Header, err = rowCount("header", o.Header); err != nil {
		faults = append(faults, err)
	}
	if s.Preamble, err = rowCount("preamble", o.Preamble); err != nil {
		faults = append(faults, err)
	}
	if o.Width < 0 || o.Width > delimited.MaxFields {
		faults = append(faults, fmt.Errorf("width %d: 0 to %d fields", o.Width, delimited.MaxFields))
	}
	s.Width, s.Names = o.Width, o.Columns
	if s.Width == 0 && len(o.Columns) > 0 {
		s.Width = len(o.Columns)
	}
	return s, errors.Join(faults...)
}

func rowCount(name, s string) (int, error) {
	switch s {
	case "", "auto":
		return sniff.Auto, nil
	case "none":
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1000 {
		return 0, fmt.Errorf("%s %q: a number from 0 to 1000, none, or auto", name, s)
	}
	return n, nil
}

// byteText is a delimiter as settings write it: \t, \0, 0x2C, or the text itself.
func byteText(s string) (string, error) {
	if s == "tab" {
		return "\t", nil
	}
	if h, ok := strings.CutPrefix(s, "0x"); ok && h != "" {
		n, err := strconv.ParseUint(h, 16, 8)
		if err != nil {
			return "", fmt.Errorf("%q is not one byte in hex", s)
		}
		return string([]byte{byte(n)}), nil
	}
	return strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\0`, "\x00").Replace(s), nil
}

func oneByte(s string) (b byte, none bool, err error) {
	if s == "none" || s == "" {
		return 0, s == "none", nil
	}
	l, err := byteText(s)
	if err == nil && len(l) != 1 {
		err = fmt.Errorf("%q: one byte, or none", s)
	}
	if err != nil {
		return 0, false, err
	}
	return l[0], false, nil
}
