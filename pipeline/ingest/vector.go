package ingest

import (
	"bytes"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
)

// known fills dst where every row has a value and every value was met before or is met without a
// doubt: most batches. Where it returns false, nothing is certain and the caller goes row by row.
func (w *worker) known(dst []uint32, code func([]byte) uint32, v *parquetfile.Vector, m *memo) bool {
	if v.Valid != nil {
		return false
	}
	bad := false
	for i, at := range v.Codes[:v.Len] {
		known := m.codes[at]
		if known == unasked {
			b := v.Dict.Bytes(int(at))
			if v.Kind != parquetfile.Bytes || !utf8.Valid(b) {
				return false
			}
			known = code(b)
			m.codes[at] = known
		}
		dst[i] = known
		bad = bad || known == none
	}
	return !bad
}

// learnCustomers looks all ids of a dictionary up at once: one after another they wait for memory
// together, between the rows each would wait alone. An id of no row is no customer of the ledger.
func (w *worker) learnCustomers(v *parquetfile.Vector, m *memo) {
	if v.Kind != parquetfile.Bytes {
		return
	}
	for k := range m.codes {
		if b := v.Dict.Bytes(k); w.asIs(b) {
			m.codes[k] = w.builder.Customer(b)
		}
	}
}

// vectorOrders takes order ids over. The lines of an order mostly follow one another.
func (w *worker) vectorOrders(v *parquetfile.Vector) {
	l := w.lines
	for i := range l.n {
		b := v.Bytes(i)
		if len(b) == 0 {
			l.lack(i, layout.OrderID)
			continue
		}
		if len(w.lastOrder) == 0 || !bytes.Equal(b, w.lastOrder) {
			if !utf8.Valid(b) {
				w.reject(i, layout.OrderID, b, "not UTF-8 text")
				continue
			}
			w.lastOrder = append(w.lastOrder[:0], b...)
			w.lastOrderKey, w.lastOrderKind = w.orderKey(b)
		}
		w.takeOrder(i)
	}
}

// takeOrder gives line i the order id that came last.
func (w *worker) takeOrder(i int) {
	l := w.lines
	switch w.lastOrderKind {
	case noOrder:
		l.lack(i, layout.OrderID)
		return
	case aCreditNote:
		l.returned[i], l.returns = true, true
	}
	l.order[i] = w.lastOrderKey
}
