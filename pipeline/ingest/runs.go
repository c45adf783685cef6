package ingest

import (
	"bytes"
	"fmt"

	"github.com/cespare/xxhash/v2"
	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// run is rows of one order that stand together in the file. Its discount is known with all of them only, so
// a block ends between runs.
type run struct {
	key          uint64 // of the order id; meaningless unless known
	known        bool
	line         int64 // of its first row
	start, first int   // where it begins in the data and the places of the block under way
	places       []int // of its records
	rows         []runRow
	refund       string // what the order states as its refund
	torn         bool   // a row of it cannot be read
	fault        string // why its lines cannot be used
	column       layout.Column
}

// runRow is the raw cells of a row that decide on its part of a discount.
type runRow struct {
	place                                  int
	line                                   int64
	discount, own, quantity, price, rating []byte
}

// mostHeld bounds the rows of an order that wait for each other.
const mostHeld = 1 << 20

// standing is what the runs of an order before this one stated.
type standing struct {
	line       int64
	discounted bool
}

// wholes says that something of whole orders is looked for.
func (h *shape) wholes() bool { return h.discount >= 0 || h.refunds >= 0 }

// run is the run that a row belongs to, a new one where the order id changes; without ids, where the shape
// says that an order begins.
func (m *maker) run(row *gridRow) (*run, error) {
	key, known := m.orderKey(row.fields)
	if n := len(m.runs); n > 0 {
		last := &m.runs[n-1]
		if known && last.known && key == last.key || m.shape.order < 0 && !m.shape.first {
			if len(last.rows) == mostHeld {
				return nil, fmt.Errorf("line %d: the order that begins on line %d has more than %d lines: is order_id the right column? order_discount and order_refund need the lines of an order together", row.line, last.line, mostHeld)
			}
			return last, nil
		}
	}
	m.runs = append(m.runs, run{key: key, known: known, line: row.line, start: len(m.data), first: len(m.places), column: layout.DiscountAmount})
	return &m.runs[len(m.runs)-1], nil
}

// orderKey is the hash of the canonical order id of a row, and false where it has none.
func (m *maker) orderKey(fields [][]byte) (uint64, bool) {
	if m.shape.order < 0 || m.shape.order >= len(fields) {
		return 0, false
	}
	id, ok := m.reader.plan.rules.ID(string(fields[m.shape.order]))
	return xxhash.Sum64String(id), ok
}

// join writes a row of an order, and behind it the refund of the order where it is the first to state one.
func (m *maker) join(row *gridRow) error {
	r, err := m.run(row)
	if err != nil {
		return err
	}
	r.places = append(r.places, len(m.places))
	r.rows = append(r.rows, m.shape.cells(row.fields, len(m.places), row.line))
	m.put(row.fields, row.place)
	stated := m.shape.refunded(row.fields)
	if r.known && r.refund == "" {
		r.refund = m.refunded[r.key]
	}
	switch {
	case stated == nil || string(stated) == r.refund:
	case r.refund != "":
		r.fault, r.column = fmt.Sprintf("its order states two refunds, %q and %q: order_refund is of the whole order", r.refund, stated), layout.Amount
	default:
		if r.refund = string(stated); r.known {
			m.refunded[r.key] = r.refund
		}
		r.places = append(r.places, len(m.places))
		m.put(m.shape.refund(row.fields, stated), place{line: row.line, offset: row.offset})
	}
	return nil
}

// tear notes a row that cannot be read, where it names the order under way.
func (m *maker) tear(row *gridRow) {
	if n := len(m.runs); n > 0 {
		key, known := m.orderKey(row.fields)
		m.runs[n-1].torn = m.runs[n-1].torn || known && m.runs[n-1].known && key == m.runs[n-1].key
	}
}

// cells copies what the part of a row depends on.
func (h *shape) cells(fields [][]byte, at int, line int64) runRow {
	row := runRow{place: at, line: line}
	if h.discount < 0 {
		return row
	}
	take := func(i int) []byte {
		if i < 0 {
			return nil
		}
		return append([]byte(nil), bytes.TrimSpace(fields[i])...)
	}
	row.discount, row.quantity, row.price, row.rating = take(h.discount), take(h.quantity), take(h.price), take(h.rate)
	if h.off != h.discount {
		row.own = take(h.off)
	}
	return row
}

// takeOrders gives the lines of a batch what was decided for their whole orders.
func (w *worker) takeOrders(f *textFile) {
	l := w.lines
	for i := range l.n {
		p := &w.stands[i]
		switch {
		case p.fault != "":
			w.reject(i, p.column, nil, p.fault)
			l.blind[i] = true
		case p.off != 0:
			l.discountAmount[i] = p.off
			l.lacks[i] &^= 1 << layout.DiscountAmount
		case f.spreads == spreadsWhole:
			l.lack(i, layout.DiscountAmount) // its cell is of the order
		}
	}
}

// spreading says whether a file's orders have discounts to be spread.
type spreading uint8

const (
	spreadsNone  spreading = iota
	spreadsRest            // beside discounts of lines
	spreadsWhole           // no column holds the discounts of lines
)
