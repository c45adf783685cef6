package table

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/formula"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// CSVOptions say how CSV is written.
type CSVOptions struct {
	// Workers encode blocks of rows at the same time; the bytes are the same. 0 is 1.
	Workers int
	// ForPeople protects whoever opens the file in a spreadsheet: package formula guards every text
	// cell and header that would run.
	ForPeople bool
}

// csvBlock is how many rows are encoded at once. It does not show in the bytes.
const csvBlock = 4096

// WriteCSV writes the rows (nil: all) as RFC 4180 with LF: UTF-8, a header, comma, a quoted cell
// only where it holds a comma, quote, CR or LF, or is empty but known. Null is the empty cell.
// Amounts are exact with at least two decimals, floats the shortest form that reads back the same,
// days YYYY-MM-DD, booleans true and false. In a table of one column null is "" as well, because
// readers skip empty lines and would lose the row.
func WriteCSV(w io.Writer, t *Table, rows []int32, opts CSVOptions) error {
	if err := t.checkRows(rows); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	e := newCSVEncoder(t, opts.ForPeople)
	if _, err := w.Write(e.header); err != nil {
		return err
	}
	workers := max(opts.Workers, 1)
	bufs := make([]csvBuffer, workers)
	n := t.count(rows)
	for lo := 0; lo < n; lo += workers * csvBlock {
		var wg sync.WaitGroup
		for i := range bufs {
			from := min(lo+i*csvBlock, n)
			to := min(from+csvBlock, n)
			if i == workers-1 { // this goroutine works too
				bufs[i].encode(e, rows, from, to)
			} else {
				wg.Go(func() { bufs[i].encode(e, rows, from, to) })
			}
		}
		wg.Wait()
		for i := range bufs {
			if _, err := w.Write(bufs[i].out); err != nil {
				return err
			}
		}
	}
	return nil
}

// csvEncoder is a table prepared for CSV. It is read-only, so workers share it.
type csvEncoder struct {
	cols   []csvColumn
	header []byte
	end    []byte // of each row: the cells after the last of cols, and LF
	room   int    // no row is longer than this and its texts
	people bool
}

// csvColumn is a column that has known cells.
type csvColumn struct {
	*Column
	before []byte // commas, one more for each column without known cells that stands before it
	null   []byte
	quoted []csvText // the distinct texts quoted beforehand, if it is coded
}

// csvText is a text as it is written. Nearly all are short, and a copy of known size is cheap.
type csvText struct {
	short [shortText]byte
	n     int
	long  []byte // if n is more than fits short
}

const shortText = 16

func newCSVEncoder(t *Table, people bool) *csvEncoder {
	e := &csvEncoder{people: people}
	var before, null []byte
	if len(t.cols) == 1 {
		null = []byte(`""`)
	}
	for i := range t.cols {
		c := csvColumn{Column: &t.cols[i], null: null}
		if i > 0 {
			e.header = append(e.header, ',')
			before = append(before, ',')
		}
		e.header = e.appendText(e.header, []byte(c.Name))
		if c.nulls == c.n && null == nil {
			continue // its cells are commas
		}
		c.before, before = before, nil
		if c.codes.coded() {
			c.quoted = make([]csvText, len(c.offs)-1)
			for v := range c.quoted {
				text := e.appendText(nil, c.text[c.offs[v]:c.offs[v+1]])
				c.quoted[v] = csvText{n: len(text), long: text}
				copy(c.quoted[v].short[:], text)
			}
		}
		e.room += len(c.before) + cellRoom
		e.cols = append(e.cols, c)
	}
	e.header = append(e.header, '\n')
	e.end = append(before, '\n')
	e.room += len(e.end)
	return e
}

// csvRows is how many rows are gathered at once. A batch of 65 columns is 64 KiB, which stays in the
// cache; without it, each row reads from as many places in memory as it has columns.
const csvRows = 128

// csvBuffer is what a worker writes to.
type csvBuffer struct {
	out   []byte
	idx   []int32
	cells []csvCells // by column
}

// csvCells are the cells of a batch in one word each: the number, or for texts the code or the row.
type csvCells struct {
	words [csvRows]uint64
	known [csvRows]bool // unless all are
	all   bool
}

func (b *csvBuffer) encode(e *csvEncoder, rows []int32, lo, hi int) {
	b.out = b.out[:0]
	if b.cells == nil && lo < hi {
		b.cells, b.idx = make([]csvCells, len(e.cols)), make([]int32, 0, csvRows)
	}
	for ; lo < hi; lo += csvRows {
		batch := stretch(rows, lo, min(lo+csvRows, hi), b.idx)
		for i := range e.cols {
			b.cells[i].gather(e.cols[i].Column, batch)
		}
		for i := range batch {
			b.out = e.appendRow(b.out, b.cells, i)
		}
	}
}

// gather sets the cells to those of the rows.
func (x *csvCells) gather(c *Column, rows []int32) {
	words, known := x.words[:len(rows)], x.known[:len(rows)]
	if x.all = c.valid == nil; !x.all {
		for i, r := range rows {
			known[i] = c.valid[r>>3]>>(r&7)&1 != 0
		}
	}
	switch {
	case c.codes.u8 != nil:
		take(words, c.codes.u8, rows)
	case c.codes.u16 != nil:
		take(words, c.codes.u16, rows)
	case c.codes.u32 != nil:
		take(words, c.codes.u32, rows)
	case c.kind == String:
		for i, r := range rows {
			words[i] = uint64(r)
		}
	case c.kind == Float64:
		for i, r := range rows {
			words[i] = math.Float64bits(c.floats[r])
		}
	case c.kind == Day:
		take(words, c.days, rows)
	case c.kind == Bool:
		for i, r := range rows {
			words[i] = uint64(c.bits[r>>3] >> (r & 7) & 1)
		}
	default:
		take(words, c.ints, rows)
	}
}

func take[T ~uint8 | ~uint16 | ~uint32 | ~int32 | ~int64](words []uint64, v []T, rows []int32) {
	for i, r := range rows {
		words[i] = uint64(v[r])
	}
}

// appendRow appends row i of the batch. Room for all but the texts is made once, so that a number is
// written in place.
func (e *csvEncoder) appendRow(dst []byte, cells []csvCells, i int) []byte {
	dst = slices.Grow(dst, e.room)
	for k := range e.cols {
		c := &e.cols[k]
		if len(c.before) == 1 {
			dst = append(dst, ',')
		} else {
			dst = append(dst, c.before...)
		}
		x := &cells[k]
		if !x.all && !x.known[i] {
			dst = append(dst, c.null...)
			continue
		}
		word := x.words[i]
		if c.kind == String {
			dst = slices.Grow(e.appendString(dst, c, word), e.room)
			continue
		}
		n := len(dst)
		to := (*[cellRoom]byte)(dst[n : n+cellRoom])
		switch c.kind {
		case Int64:
			n += putInt(to, int64(word))
		case Float64:
			n += putFloat(to, math.Float64frombits(word))
		case Day:
			n += len(civil.Day(word).Append(to[:0]))
		case Amount:
			n += putAmount(to, money.Amount(word))
		case Quantity:
			n += len(money.Quantity(word).Append(to[:0]))
		case Bool:
			n += len(strconv.AppendBool(to[:0], word != 0))
		}
		dst = dst[:n]
	}
	return append(dst, e.end...)
}

// appendString appends the text of a code or a row.
func (e *csvEncoder) appendString(dst []byte, c *csvColumn, word uint64) []byte {
	if c.quoted == nil {
		return e.appendText(dst, c.bytes(int(word)))
	}
	q := &c.quoted[word]
	if q.n > shortText {
		return append(dst, q.long...)
	}
	return append(dst, q.short[:]...)[:len(dst)+q.n]
}

// appendText appends a known text cell, quoted where it must be.
func (e *csvEncoder) appendText(dst, s []byte) []byte {
	if len(s) == 0 {
		return append(dst, '"', '"')
	}
	quote := false
	for _, b := range s {
		if b <= ',' && (b == ',' || b == '"' || b == '\n' || b == '\r') {
			quote = true
			break
		}
	}
	if quote {
		dst = append(dst, '"')
	}
	if e.people && formula.Risky(s) {
		dst = append(dst, '\'')
	}
	if !quote {
		return append(dst, s...)
	}
	for {
		i := bytes.IndexByte(s, '"')
		if i < 0 {
			break
		}
		dst = append(append(dst, s[:i+1]...), '"')
		s = s[i+1:]
	}
	return append(append(dst, s...), '"')
}
