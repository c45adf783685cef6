package ingest

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
)

// Repeats says what Read does about lines that repeat others.
type Repeats uint8

// What can be done.
const (
	Unasked  Repeats = iota // nothing: finding them costs time and 16 bytes of memory a line
	Counted                 // they are used, and counted with examples
	SetAside                // further copies go to the class Duplicate, by reading the files again without them
)

// mark is a line, or the first of a run of lines of one order, by what it says and where it stands.
// Equal hashes are taken for equal lines: of 10 million lines two differing ones meet with a chance of
// three in a million.
type mark struct {
	hash uint64
	at   where
}

// where is a place of all files: 24 bits of file, 40 of line x 2, odd for the line that a refund of a
// whole order becomes, which stands where the order's first line does. It orders as reading does.
type where uint64

func placeOf(file int, line int64, refund bool) where {
	p := where(file)<<40 | where(line)<<1
	if refund {
		p |= 1
	}
	return p
}

func (p where) file() int   { return int(p >> 40) }
func (p where) line() int64 { return int64(p&(1<<40-1)) >> 1 }

// marker gathers the marks of a worker.
type marker struct {
	lines, orders []mark
	last          orderMark
	buf           []byte
}

// orderMark is what makes lines those of one order; a run of them is marked once.
type orderMark struct {
	file     int
	order    uint64
	day      civil.Day
	customer uint32 // none for none
}

// carried are the mapped columns that no figure needs: they tell lines apart all the same.
func carried(r *layout.Resolved) (columns []layout.Column, fields []int) {
	for _, m := range r.Matches {
		if !parsed(m.Column) {
			columns, fields = append(columns, m.Column), append(fields, m.Index)
		}
	}
	return columns, fields
}

// markText marks the settled lines of a batch of text by their mapped cells as they stand.
func (w *worker) markText(f *textFile) {
	if w.marks == nil {
		return
	}
	w.markLines(func(i int) uint64 {
		b := w.marks.buf[:0]
		for k, c := range f.columns {
			b = appendCell(b, c, w.cells[k][i])
		}
		for k, c := range f.carried {
			b = appendCell(b, c, w.cells[len(f.columns)+k][i])
		}
		w.marks.buf = b
		return xxhash.Sum64(b)
	})
}

// markVectors marks the settled rows of a batch of Parquet by the mapped values as text.
func (w *worker) markVectors(p *parquetFile, g *parquetfile.GroupReader) {
	if w.marks == nil {
		return
	}
	columns := append(p.columns[:len(p.columns):len(p.columns)], p.carried...)
	vectors := make([]*parquetfile.Vector, len(columns))
	for k := range columns {
		vectors[k] = g.Vec(k)
	}
	var cell []byte
	w.markLines(func(i int) uint64 {
		b := w.marks.buf[:0]
		for k, c := range columns {
			cell = vectors[k].Append(cell[:0], i)
			b = appendCell(b, c, cell)
		}
		w.marks.buf = b
		return xxhash.Sum64(b)
	})
}

// appendCell writes a cell so that no two rows of different cells are written alike; an absent cell is as
// an absent column.
func appendCell(dst []byte, c layout.Column, cell []byte) []byte {
	if len(cell) == 0 {
		return dst
	}
	dst = binary.LittleEndian.AppendUint32(append(dst, byte(c)), uint32(len(cell)))
	return append(dst, cell...)
}

func (w *worker) markLines(hash func(i int) uint64) {
	l, m := w.lines, w.marks
	byOrder := l.mapped&(1<<layout.OrderID) != 0
	for i := range l.n {
		if l.bad[i] {
			continue
		}
		at := placeOf(w.file, l.line[i], w.refundLine(i))
		m.lines = append(m.lines, mark{hash(i), at})
		o := orderMark{w.file, l.order[i], l.day[i], none}
		if l.with(i, layout.CustomerID) {
			o.customer = l.customer[i]
		}
		if !byOrder || o == m.last {
			continue
		}
		m.last = o
		b := binary.LittleEndian.AppendUint64(m.buf[:0], o.order)
		b = binary.LittleEndian.AppendUint32(b, uint32(o.day))
		if o.customer != none {
			b = append(b, w.builder.CustomerID(o.customer)...)
		}
		m.buf = b
		m.orders = append(m.orders, mark{xxhash.Sum64(b), at})
	}
}

// refundLine says that line i is what a refund of a whole order became: it has no bytes of its own.
func (w *worker) refundLine(i int) bool { return w.lines.sized && w.lines.size[i] == 0 }
