package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/sniff"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// place is where a record of a made block stands in its file.
type place struct {
	line, offset, size int64
	// Of files whose orders state something of the whole: the line's discount with its part of the order's,
	// 0 for the one of its cell, or why it cannot be used, by which column.
	off    money.Price
	fault  string
	column layout.Column
}

// gridRow is a row of a file that the fast scanner cannot read, or that has to be reshaped first.
type gridRow struct {
	place
	fields [][]byte // valid until the next row
	fault  string
	blank  bool
}

// grid gives the rows of such a file, io.EOF after the last.
type grid interface {
	Next() (gridRow, error)
	Close() error
}

// madeDelimiter separates the fields of made blocks. It is in no export, and would be quoted.
const madeDelimiter = '\x1f'

// madeBlock is about how large a made block is, in bytes.
const madeBlock = 1 << 20

func made() delimited.Dialect { return delimited.Dialect{Delimiter: madeDelimiter} }

// produceRows reads a text the general way, one record after the other.
func (r *reader) produceRows(ctx context.Context, index int, f source.File, how manner) error {
	in, err := r.openFile(f)
	if err != nil {
		return err
	}
	rows := &textGrid{text: in, r: delimited.NewReader(in, how.syntax)}
	again := func() (grid, error) {
		in, err := r.openFile(f)
		return &textGrid{text: in, r: delimited.NewReader(in, how.syntax)}, err
	}
	if err := r.produceGrid(ctx, index, f, rows, again, how); err != nil {
		return errors.Join(err, rows.Close())
	}
	if err := r.settleCharset(in, f.Path); err != nil {
		return errors.Join(err, rows.Close())
	}
	r.decoded(index, in)
	return rows.Close()
}

// textGrid is the rows of a text of any syntax.
type textGrid struct {
	text text
	r    *delimited.Reader
}

func (g *textGrid) Next() (gridRow, error) {
	rec, err := g.r.Next()
	if err != nil {
		return gridRow{}, err
	}
	row := gridRow{place: place{line: rec.Line, offset: rec.Offset, size: rec.Size}, fields: rec.Fields, blank: rec.Blank}
	if rec.Fault != delimited.Sound && rec.Fault != delimited.StrayQuote {
		row.fault = rec.Fault.String()
	}
	return row, nil
}

// Width tells the reader how many fields to expect, so that it can settle quotes by it.
func (g *textGrid) Width(n int) { g.r.Width = n }

func (g *textGrid) Close() error { return g.text.Close() }

// produceGrid finds the header, reshapes what has to be, and makes blocks of the rows. again opens the same
// rows once more, for evidence that the first block lacks.
func (r *reader) produceGrid(ctx context.Context, index int, f source.File, rows grid, again func() (grid, error), how manner) error {
	find := &search{path: f.Path, index: index, mapping: r.options.Mapping, evidence: how.evidence}
	file, end, err := find.rows(rows, &r.headerBooks[index])
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	if file == nil {
		return find.fault()
	}
	file.dialect, file.syntax, file.continued = made(), how.syntax.String(), how.continued
	file.settable, file.delimiter = how.settable, how.dialect.Delimiter
	file.from1904 = how.from1904
	if how.name != "" {
		file.syntax = how.name
	}
	if w, ok := rows.(interface{ Width(int) }); ok {
		w.Width(file.width)
	}
	find.settleRows(&r.headerBooks[index], &r.before[index])
	m := &maker{reader: r, file: file, source: f, shape: newShape(file, r.plan.settings), end: end, again: again, seen: map[uint64]standing{}, refunded: map[uint64]string{}}
	if err := m.shape.usable(r); err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	if find.value != nil {
		if err := m.add(*find.value); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return m.flush(ctx, true)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		m.end = max(m.end, row.offset+row.size)
		if err := m.add(row); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		if len(m.data) >= madeBlock {
			if r.enough(index, m.made+int64(m.whole())) {
				m.drop()
				return m.flush(ctx, true)
			}
			if err := m.flush(ctx, false); err != nil {
				return err
			}
		}
	}
}

// rows looks for the header among rows, and counts the bytes on the way.
func (h *search) rows(rows grid, books *Books) (t *textFile, end int64, err error) {
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return nil, end, nil
		}
		if err != nil {
			return nil, end, err
		}
		if end == 0 {
			books.OtherBytes += max(row.offset, 0) // the byte order mark
		}
		end = row.offset + row.size
		if row.blank {
			books.OtherBytes += row.size
			continue
		}
		fields := make([]string, len(row.fields))
		for i, f := range row.fields {
			fields[i] = string(f)
		}
		t, used := h.offer(row.fields, fields, row.line, row.fault)
		if t == nil {
			books.OtherBytes += row.size
			h.pass(row.fields, row.line, row.offset, row.size)
			continue
		}
		if used {
			books.HeaderBytes += row.size
		} else {
			row.fields = bytes.Split(bytes.Join(row.fields, []byte{madeDelimiter}), []byte{madeDelimiter})
			h.value = &row
		}
		return t, end, nil
	}
}

// settleRows is settle where rows already counted the bytes.
func (h *search) settleRows(books *Books, before *neighbours) {
	var none Books
	h.settle(&none, before)
	books.Aside += none.Aside
}

// maker packs rows into blocks of text in the made dialect, with their places beside them.
type maker struct {
	reader   *reader
	file     *textFile
	source   source.File
	shape    *shape
	again    func() (grid, error)
	data     []byte
	places   []place
	end      int64
	made     int64 // bytes of blocks
	opened   bool
	runs     []run               // of orders in the block under way, where the shape looks for something whole
	seen     map[uint64]standing // orders that ended
	refunded map[uint64]string   // what orders stated as their refund
	counts   discounts
}

// add takes a row: reshaped, set aside, or as it is.
func (m *maker) add(row gridRow) error {
	books := &m.reader.headerBooks[m.file.index]
	switch {
	case row.blank:
		books.OtherBytes += row.size
		return nil
	case row.fault != "":
		books.Read.Lines++
		books.Class[Rejected].Lines++
		books.Blind++
		books.RecordBytes += row.size
		m.reader.faulty = append(m.reader.faulty, Reject{File: m.source.Path, Line: row.line, Offset: row.offset, Reason: row.fault})
		m.tear(&row)
		return nil
	}
	if m.shape.wholes() {
		m.file.trim(&row)
	}
	if what := m.shape.row(&row); what != "" {
		b := &m.reader.before[m.file.index]
		b.asides[what]++
		books.Aside++
		books.OtherBytes += row.size
		return nil
	}
	if m.shape.wholes() && len(row.fields) == m.file.width {
		if k := sniff.FurnitureOf(row.fields, m.file.width, m.file.resolved.Headers); k == sniff.NoFurniture || k == sniff.Comment {
			return m.join(&row)
		}
	}
	m.tear(&row)
	m.put(row.fields, row.place)
	return nil
}

// trim gives a row with empty ends left out, or too many, the fields of the header, as textFile.tidy allows.
func (f *textFile) trim(row *gridRow) {
	n := len(row.fields)
	if n >= f.least && n > 1 && n < f.width {
		row.fields = append(row.fields[:n:n], make([][]byte, f.width-n)...)
	}
	if n > f.width && len(bytes.TrimSpace(bytes.Join(row.fields[f.width:], nil))) == 0 {
		row.fields = row.fields[:f.width]
	}
}

// put writes a record.
func (m *maker) put(fields [][]byte, at place) {
	start := len(m.data)
	for i, f := range fields {
		if i > 0 {
			m.data = append(m.data, madeDelimiter)
		}
		if bytes.ContainsAny(f, "\x1f\"\r\n") {
			m.data = append(m.data, '"')
			m.data = append(m.data, bytes.ReplaceAll(f, []byte{'"'}, []byte(`""`))...)
			m.data = append(m.data, '"')
			continue
		}
		m.data = append(m.data, f...)
	}
	if len(m.data) == start { // one empty field: a blank line would not be a record
		m.data = append(m.data, `""`...)
	}
	m.data = append(m.data, '\n')
	m.places = append(m.places, at)
}

// whole is how much of the data belongs to orders that have ended.
func (m *maker) whole() int {
	if n := len(m.runs); n > 0 {
		return m.runs[n-1].start
	}
	return len(m.data)
}

// drop leaves out the order under way, which a sample cuts.
func (m *maker) drop() {
	if n := len(m.runs); n > 0 && m.runs[n-1].start > 0 {
		m.data, m.places, m.runs = m.data[:m.runs[n-1].start], m.places[:m.runs[n-1].first], m.runs[:n-1]
	}
}

// flush sends the block, without the order under way unless it is the last; the first one decides the formats.
func (m *maker) flush(ctx context.Context, last bool) error {
	cut, upto, ended := len(m.data), len(m.places), len(m.runs)
	if !last && ended > 0 {
		ended--
		cut, upto = m.runs[ended].start, m.runs[ended].first
		if cut == 0 {
			return nil
		}
	}
	if !m.opened {
		m.opened = true
		if err := m.decide(last); err != nil {
			return fmt.Errorf("%s: %w", m.source.Path, err)
		}
		if m.file.from1904 {
			m.file.formats.from1904()
		}
		m.file.evidence = append(m.file.evidence, m.shape.evidence...)
		m.reader.opened(m.file.index, m.file)
	}
	m.settleRuns(m.runs[:ended])
	if last {
		m.file.endsInLine = true
		m.reader.ends[m.file.index] = m.end
		m.countDiscounts()
	}
	if upto == 0 {
		return nil
	}
	data, places := m.data[:cut:cut], m.places[:upto:upto]
	m.data, m.places = append([]byte(nil), m.data[cut:]...), append([]place(nil), m.places[upto:]...)
	m.runs = append([]run(nil), m.runs[ended:]...)
	for i := range m.runs {
		m.runs[i].move(cut, upto)
	}
	m.made += int64(cut)
	block := &delimited.Block{Data: data, Final: last}
	return m.reader.send(ctx, textTask{file: m.file, block: block, data: data, places: places, line: 1, sound: false})
}

// move brings a run to the start of the next block.
func (r *run) move(data, places int) {
	r.start -= data
	r.first -= places
	for i := range r.places {
		r.places[i] -= places
	}
	for i := range r.rows {
		r.rows[i].place -= places
	}
}

// replace gives the record at batch place n the place that it has in its file, and returns its size.
func (w *worker) replace(n int) int64 {
	p := w.places[0]
	w.places = w.places[1:]
	w.lines.line[n], w.lines.offset[n] = p.line, p.offset
	w.lines.size[n] = p.size
	w.stands[n] = p
	return p.size
}

// sizeOf is the size in its file of line i of the batch, whose text the scanner again stands on.
func (w *worker) sizeOf(i int) int64 {
	if w.places != nil {
		return w.lines.size[i]
	}
	return w.again.Size()
}
