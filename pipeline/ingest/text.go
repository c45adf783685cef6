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

// textFile is what the start of a delimited file decided.
type textFile struct {
	index     int
	path      string
	dialect   delimited.Dialect
	settable  bool // setting the delimiter gives the same records
	delimiter byte
	syntax    string // for people, where dialect does not say it
	evidence  []string
	// continued says that an order's header stands on its first line only, as the sample shows.
	continued bool
	from1904  bool // serial numbers of days count from 1904
	resolved  named
	width     int // fields of a record
	least     int // fields up to the last that the header names
	formats   formats
	columns   []layout.Column // mapped, in the order of fields
	fields    []int           // of columns, then, where marks are asked for, of carried
	carried   []layout.Column // mapped, but needed by no figure
	// endsInLine says that the last byte of the file is a line end; known when the final block comes.
	endsInLine bool
	spreads    spreading
	wholes     bool // orders state something of the whole
}

// sniffBytes bounds the sample that the dialect is decided on.
const sniffBytes = 64 << 10

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
	places []place
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
	how, err := mannerOf(head[:n], n < len(head), r.options.Delimiter, r.wanted)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	if !how.plain || r.plan.settings.Reshapes() {
		return r.produceRows(ctx, index, f, how)
	}
	sp := delimited.NewSplitter(io.MultiReader(bytes.NewReader(head[:n]), in), how.dialect)
	find := &search{path: f.Path, index: index, mapping: r.options.Mapping}
	var file *textFile
	for file == nil || !r.enough(index, r.ends[index]) {
		b, err := sp.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		task := textTask{file: file, block: b, data: b.Data, offset: b.Offset, line: b.Line, sound: in.Stats().Damaged == 0}
		r.ends[index] = b.Offset + int64(len(b.Data))
		if file == nil {
			find.evidence = how.evidence
			s := delimited.NewScanner(how.dialect)
			s.Reset(b.Data, b.Offset, b.Line)
			if file = find.block(s, how.dialect); file == nil {
				b.Release()
				continue
			}
			task.data = b.Data[find.end-b.Offset:]
			if continued(file, task.data) {
				b.Release()
				how.continued = true
				return r.produceRows(ctx, index, f, how)
			}
			if file.formats, err = r.textFormats(file, f, task.data); err != nil {
				return err
			}
			file.settable, file.delimiter = how.settable, how.dialect.Delimiter
			r.opened(index, file)
			task.file, task.offset, task.line = file, find.end, find.line
			find.settle(&r.headerBooks[index], &r.before[index])
		}
		if b.Final {
			file.endsInLine = len(b.Data) > 0 && b.Data[len(b.Data)-1] == '\n'
		}
		if err := r.send(ctx, task); err != nil {
			return err
		}
	}
	if file == nil {
		return find.fault()
	}
	if err := r.settleCharset(in, f.Path); err != nil {
		return err
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
	w.lines.sized = task.places != nil
	if task.places != nil && w.stands == nil {
		w.stands = make([]place, batchRows)
	}
	if f.spreads != spreadsNone {
		w.lines.mapped |= 1 << layout.DiscountAmount
	}
	w.block, w.current, w.places = task.data, f, task.places
	w.again = *delimited.NewScanner(f.dialect)
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
		if f.wholes {
			w.takeOrders(f)
		}
		if err := w.settle(); err != nil {
			return err
		}
		w.sight()
		w.markText(f)
		w.profileText(f)
		w.progress(int64(w.lines.n))
	}
	if w.places == nil {
		w.books[f.index].OtherBytes += s.Blank()
	}
	return nil
}

// gather takes records until the batch is full; more is false at the end of the block.
func (w *worker) gather(f *textFile, s *delimited.Scanner, final, valid bool) (more bool, err error) {
	l := w.lines
	l.reset(batchRows)
	books := &w.books[w.file]
	base := s.Base()
	n := 0
	for n < batchRows {
		blank := s.Blank()
		if !s.Next() {
			l.n = n
			return false, nil
		}
		l.line[n], l.offset[n], l.at[n] = s.Line(), s.Offset(), int32(s.Offset()-base)
		size := s.Size()
		if w.places != nil {
			size, blank = w.replace(n), 0
		}
		books.RecordBytes += size
		if fault := s.Fault(); fault != delimited.Sound && fault != delimited.StrayQuote || s.Fields() != f.width && !f.tidy(s) {
			if fault == delimited.Unclosed && final && !f.endsInLine {
				return false, fmt.Errorf("%s, line %d: a quoted field is never closed and the file ends without a line end: it is cut off; export it again", f.path, s.Line())
			}
			w.ragged(f, s, n, size, s.Blank()-blank)
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
	if s.Fields() == f.width {
		s.Take(w.cells, f.fields, n)
		return
	}
	for k, field := range f.fields { // empty ends too many, or left out
		w.cells[k][n] = nil
		if field < s.Fields() {
			w.cells[k][n] = bytes.Trim(s.Field(field), " ")
		}
	}
}

// shape makes room for the cells of that many columns.
func (w *worker) shape(columns int) {
	for len(w.cells) < columns {
		w.cells = append(w.cells, make([][]byte, batchRows))
	}
}

// ragged puts a record that does not have the header's fields by: which value is which column cannot
// be known. Unless its neighbours show what it is, it is rejected.
func (w *worker) ragged(f *textFile, s *delimited.Scanner, n int, size, blank int64) {
	reason := fmt.Sprintf("%d fields, but the header has %d", s.Fields(), f.width)
	fault := s.Fault()
	if fault != delimited.Sound && fault != delimited.StrayQuote {
		reason = fault.String()
		w.blind(n, "", nil, reason)
		return
	}
	o := f.oddRecord(s, Reject{File: w.path, Line: w.lines.line[n], Offset: w.lines.offset[n], Reason: reason})
	o.size, o.blank = size, blank
	w.odds = append(w.odds, o)
}

// validText rejects a record whose cells that figures need are not UTF-8.
func (w *worker) validText(f *textFile, s *delimited.Scanner, n int) bool {
	for k, field := range f.fields[:len(f.columns)] {
		if field >= s.Fields() {
			continue
		}
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
