package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/charset"
	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// textFile is what the header of a delimited file decided.
type textFile struct {
	index    int
	path     string
	dialect  delimited.Dialect
	resolved named
	width    int
	formats  formats
	columns  []layout.Column // mapped, in the order of fields
	fields   []int
	// endsInLine says that the last byte of the file is a line end; known when the final block comes.
	endsInLine bool
}

// sniffBytes bounds the sample that the dialect is decided on.
const sniffBytes = 64 << 10

// header reads the first record of a file and resolves its columns. It returns the rest of the block.
func openText(index int, f source.File, b *delimited.Block, d delimited.Dialect, m layout.Mapping) (*textFile, []byte, *delimited.Scanner, error) {
	s := delimited.NewScanner(d)
	s.Reset(b.Data, b.Offset, b.Line)
	if !s.Next() {
		return nil, nil, nil, fmt.Errorf("%s: %w; export it again", f.Path, delimited.ErrNoRecord)
	}
	if s.Fault() != delimited.Sound && s.Fault() != delimited.StrayQuote {
		return nil, nil, nil, fmt.Errorf("%s, line %d: the header cannot be read: %s", f.Path, s.Line(), s.Fault())
	}
	headers := make([]string, s.Fields())
	for i := range headers {
		headers[i] = string(s.Field(i))
		if !utf8.ValidString(headers[i]) {
			return nil, nil, nil, fmt.Errorf("%s, line %d: header %d is not UTF-8 text; save the file as UTF-8", f.Path, s.Line(), i+1)
		}
	}
	r, err := layout.Resolve(layout.Orders, headers, m)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%s, line %d: %w", f.Path, s.Line(), err)
	}
	t := &textFile{index: index, path: f.Path, dialect: d, resolved: named{r}, width: len(headers)}
	for _, match := range r.Matches {
		if parsed(match.Column) {
			t.columns, t.fields = append(t.columns, match.Column), append(t.fields, match.Index)
		}
	}
	return t, b.Data[s.Offset()-b.Offset+s.Size():], s, nil
}

// parsed tells the columns that a figure needs from those that are only carried in the export.
func parsed(c layout.Column) bool {
	switch c {
	case layout.LineID, layout.Channel, layout.Salesperson:
		return false
	}
	return true
}

// block is one task of a worker: a run of records of a file.
type textTask struct {
	file   *textFile
	block  *delimited.Block
	data   []byte // the block without the header
	offset int64
	line   int64
	sound  bool // UTF-8 throughout, as far as the file was read
}

// produceText cuts a file into tasks.
func (r *reader) produceText(ctx context.Context, index int, f source.File) error {
	in, err := r.openFile(f)
	if err != nil {
		return err
	}
	defer in.Close() // only read
	head := make([]byte, sniffBytes)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	head = head[:n]
	if bytes.IndexByte(head, 0) >= 0 {
		return fmt.Errorf("%s: NUL bytes: neither UTF-8 text nor Parquet; check what the file is", f.Path)
	}
	d := delimited.Sniff(head)
	if r.options.Delimiter != 0 {
		d.Delimiter = r.options.Delimiter
	}
	sp := delimited.NewSplitter(io.MultiReader(bytes.NewReader(head), in), d)
	var file *textFile
	for {
		b, err := sp.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		task := textTask{file: file, block: b, data: b.Data, offset: b.Offset, line: b.Line, sound: in.Stats().Damaged == 0}
		if file == nil {
			var s *delimited.Scanner
			file, task.data, s, err = openText(index, f, b, d, r.options.Mapping)
			if err != nil {
				return err
			}
			if file.formats, err = r.textFormats(file, f, task.data); err != nil {
				return err
			}
			r.opened(index, file)
			task.file = file
			task.offset = s.Offset() + s.Size()
			task.line = b.Line + int64(bytes.Count(b.Data[:len(b.Data)-len(task.data)], []byte{'\n'}))
			books := &r.headerBooks[index]
			books.HeaderBytes, books.OtherBytes = s.Size(), b.Offset+s.Blank()
		}
		if b.Final {
			file.endsInLine = len(b.Data) > 0 && b.Data[len(b.Data)-1] == '\n'
		}
		if err := r.send(ctx, task); err != nil {
			return err
		}
	}
	if file == nil {
		return fmt.Errorf("%s: %w; export it again", f.Path, delimited.ErrNoRecord)
	}
	r.decoded(index, in)
	return nil
}

// text is a text file under way: unpacked and decoded.
type text struct {
	*charset.Reader
	io.Closer
}

// openFile opens the text of a file as UTF-8. Damaged UTF-8 passes: the lines that hold it are
// rejected, each with its place.
func (r *reader) openFile(f source.File) (text, error) {
	raw, err := f.Open()
	if err != nil {
		return text{}, err
	}
	return text{charset.NewReader(raw, charset.Options{Charset: r.options.Charset, KeepDamage: true}), raw}, nil
}

// decoded keeps what the reading of a whole file showed of its charset.
func (r *reader) decoded(index int, in text) {
	d, s := in.Decision(), in.Stats()
	f := &r.files[index]
	f.Charset, f.Recoded, f.Damaged = d.Charset.String(), s.In != s.Out || d.Charset != charset.UTF8, s.Damaged
}

// named gives the header of a canonical column.
type named struct{ layout.Resolved }

func (n named) header(c layout.Column) string {
	if i := n.Index(c); i >= 0 {
		return n.Headers[i]
	}
	return ""
}

// text works through a block.
func (w *worker) text(task textTask) error {
	f := task.file
	w.start(f.index, f.path, &f.resolved.Resolved, &f.formats)
	w.shape(len(f.fields))
	s := delimited.NewScanner(f.dialect)
	s.Reset(task.data, task.offset, task.line)
	for more := true; more; {
		var err error
		if more, err = w.gather(f, s, task.block.Final, task.sound); err != nil {
			return err
		}
		for k, c := range f.columns {
			w.fill(c, w.cells[k])
		}
		if err := w.settle(); err != nil {
			return err
		}
		w.progress(int64(w.lines.n))
	}
	w.books[f.index].OtherBytes += s.Blank()
	return nil
}

// gather takes records until the batch is full; more is false at the end of the block.
func (w *worker) gather(f *textFile, s *delimited.Scanner, final, valid bool) (more bool, err error) {
	l := w.lines
	l.reset(batchRows)
	books := &w.books[f.index]
	n := 0
	for n < batchRows {
		if !s.Next() {
			l.n = n
			return false, nil
		}
		books.RecordBytes += s.Size()
		l.line[n], l.offset[n] = s.Line(), s.Offset()
		if fault := s.Fault(); fault != delimited.Sound && fault != delimited.StrayQuote || s.Fields() != f.width {
			if fault == delimited.Unclosed && final && !f.endsInLine {
				return false, fmt.Errorf("%s, line %d: a quoted field is never closed and the file ends without a line end: it is cut off; export it again", f.path, s.Line())
			}
			w.ragged(f, s, n)
			continue
		}
		if !valid && !w.validText(f, s, n) {
			continue
		}
		w.takeRecord(f, s, n)
		n++
	}
	l.n = n
	return true, nil
}

// takeRecord keeps the mapped cells, without surrounding blanks.
func (w *worker) takeRecord(f *textFile, s *delimited.Scanner, n int) {
	s.Take(w.cells, f.fields, n)
}

// shape makes room for the cells of that many columns.
func (w *worker) shape(columns int) {
	for len(w.cells) < columns {
		w.cells = append(w.cells, make([][]byte, batchRows))
	}
}

// ragged rejects a record that does not have the header's fields: which value is which column
// cannot be known.
func (w *worker) ragged(f *textFile, s *delimited.Scanner, n int) {
	reason := fmt.Sprintf("%d fields, but the header has %d", s.Fields(), f.width)
	if fault := s.Fault(); fault != delimited.Sound && fault != delimited.StrayQuote {
		reason = fault.String()
	}
	w.blind(n, "", nil, reason)
}

// validText rejects a record whose mapped cells are not UTF-8.
func (w *worker) validText(f *textFile, s *delimited.Scanner, n int) bool {
	for k, field := range f.fields {
		if b := s.Field(field); !utf8.Valid(b) {
			w.blind(n, f.columns[k].String(), bytes.ToValidUTF8(b, []byte("\uFFFD")), "not UTF-8 text")
			return false
		}
	}
	return true
}

// blind rejects the record at batch place n before its money is read.
func (w *worker) blind(n int, column string, value []byte, reason string) {
	books, l := &w.books[w.file], w.lines
	books.Read.Lines++
	books.Class[Rejected].Lines++
	books.Blind++
	w.rejects = append(w.rejects, Reject{File: w.path, Line: l.line[n], Offset: l.offset[n], Column: column, Value: cutValue(value), Reason: reason})
}
