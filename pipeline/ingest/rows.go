package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// place is where a record of a made block stands in its file.
type place struct{ line, offset, size int64 }

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
	if err := r.produceGrid(ctx, index, f, rows, how); err != nil {
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
	row := gridRow{place: place{rec.Line, rec.Offset, rec.Size}, fields: rec.Fields, blank: rec.Blank}
	if rec.Fault != delimited.Sound && rec.Fault != delimited.StrayQuote {
		row.fault = rec.Fault.String()
	}
	return row, nil
}

// Width tells the reader how many fields to expect, so that it can settle quotes by it.
func (g *textGrid) Width(n int) { g.r.Width = n }

func (g *textGrid) Close() error { return g.text.Close() }

// produceGrid finds the header, reshapes what has to be, and makes blocks of the rows.
func (r *reader) produceGrid(ctx context.Context, index int, f source.File, rows grid, how manner) error {
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
	m := &maker{reader: r, file: file, source: f, shape: newShape(file, r.plan.settings), end: end}
	if find.value != nil {
		m.add(*find.value)
	}
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			m.release()
			return m.flush(ctx, true)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		m.end = max(m.end, row.offset+row.size)
		m.add(row)
		if len(m.data) >= madeBlock {
			m.made += int64(len(m.data))
			if r.enough(index, m.made) {
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
	reader *reader
	file   *textFile
	source source.File
	shape  *shape
	data   []byte
	places []place
	end    int64
	made   int64 // bytes of blocks
	opened bool
	held   []held // rows of the order under way
	begun  bool   // the first of them begins it
}

// add takes a row: reshaped, set aside, or as it is.
func (m *maker) add(row gridRow) {
	books := &m.reader.headerBooks[m.file.index]
	switch {
	case row.blank:
		books.OtherBytes += row.size
		return
	case row.fault != "":
		books.Read.Lines++
		books.Class[Rejected].Lines++
		books.Blind++
		books.RecordBytes += row.size
		m.reader.faulty = append(m.reader.faulty, Reject{File: m.source.Path, Line: row.line, Offset: row.offset, Reason: row.fault})
		return
	}
	if what := m.shape.row(&row); what != "" {
		b := &m.reader.before[m.file.index]
		b.asides[what]++
		books.Aside++
		books.OtherBytes += row.size
		return
	}
	if m.shape.discount >= 0 {
		m.hold(&row)
		return
	}
	m.put(row.fields, row.place)
	if fields := m.shape.refund(row.fields, m.shape.first); fields != nil {
		m.put(fields, place{row.line, row.offset, 0})
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

// flush sends the block; the first one decides the formats.
func (m *maker) flush(ctx context.Context, last bool) error {
	if !m.opened {
		m.opened = true
		e := m.reader.evidenceOf(m.file.columns)
		s := delimited.NewScanner(made())
		s.Reset(m.data, 0, 1)
		e.gather(m.file, s, sampleRecords)
		var err error
		if m.file.formats, err = e.decide(&m.reader.options, m.file.resolved.header); err != nil {
			return fmt.Errorf("%s: %w", m.source.Path, err)
		}
		if m.file.from1904 {
			m.file.formats.from1904()
		}
		m.file.evidence = append(m.file.evidence, m.shape.evidence...)
		m.reader.opened(m.file.index, m.file)
	}
	if last {
		m.file.endsInLine = true
		m.reader.ends[m.file.index] = m.end
	}
	if len(m.places) == 0 {
		return nil
	}
	block := &delimited.Block{Data: m.data, Final: last}
	task := textTask{file: m.file, block: block, data: m.data, places: m.places, line: 1, sound: false}
	m.data, m.places = nil, nil
	return m.reader.send(ctx, task)
}

// replace gives the record at batch place n the place that it has in its file, and returns its size.
func (w *worker) replace(n int) int64 {
	p := w.places[0]
	w.places = w.places[1:]
	w.lines.line[n], w.lines.offset[n] = p.line, p.offset
	w.lines.size[n] = p.size
	return p.size
}

// sizeOf is the size in its file of line i of the batch, whose text the scanner again stands on.
func (w *worker) sizeOf(i int) int64 {
	if w.places != nil {
		return w.lines.size[i]
	}
	return w.again.Size()
}
