package ingest

import (
	"bytes"
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/sniff"
)

// shape turns the rows of layouts whose lines are not whole by themselves into lines that are: the order's
// header stands on its first line only, or the customer stands in a row above its lines.
type shape struct {
	file     *textFile
	settings layout.Settings
	carry    []int // fields that an order's further lines take from its first
	order    int   // field of the order id, -1 for none
	item     []int // fields that only lines fill
	last     [][]byte
	group    []byte // the customer of the group under way
	grouped  int    // its field
	refunds  int    // field of the refund of a whole order, -1 for none
	discount int    // field of the discount of a whole order, -1 for none
	off      int    // field of a line's discount, -1 for none
	rate     int    // field of a line's discount rate, -1 for none
	quantity int
	price    int
	amount   int
	product  int
	first    bool // the row at hand begins an order
	evidence []string
	out      [][]byte
}

func newShape(f *textFile, s layout.Settings) *shape {
	h := &shape{file: f, settings: s, order: -1, refunds: -1, discount: -1, off: -1, rate: -1, quantity: -1, price: -1, amount: -1, product: -1, grouped: -1}
	for k, c := range f.columns {
		at := f.fields[k]
		switch c {
		case layout.OrderID:
			h.order = at
		case layout.Quantity:
			h.quantity = at
		case layout.UnitPrice:
			h.price = at
		case layout.Amount:
			h.amount = at
		case layout.ProductID:
			h.product = at
		case layout.DiscountAmount:
			h.off = at
		case layout.DiscountRate:
			h.rate = at
		}
		switch c {
		case layout.OrderID, layout.CustomerID, layout.OrderedAt, layout.Currency, layout.Status, layout.TaxIncluded:
			h.carry = append(h.carry, at)
		default:
			h.item = append(h.item, at)
		}
		if c == layout.CustomerID {
			h.grouped = at
		}
	}
	for i, name := range f.resolved.Headers {
		if s.OrderRefund != "" && layout.Fold(name) == layout.Fold(s.OrderRefund) {
			h.refunds = i
		}
		if s.OrderDiscount != "" && layout.Fold(name) == layout.Fold(s.OrderDiscount) {
			h.discount = i
			h.evidence = append(h.evidence, fmt.Sprintf("layout: %q is the total of an order's discounts, counted once; what its lines do not state of it is spread over them by value", name))
		}
	}
	if s.CarryDown || f.continued {
		h.evidence = append(h.evidence, "layout: an order's header stands on its first line and is carried down")
	}
	if s.GroupRows {
		h.evidence = append(h.evidence, "layout: the customer stands in a row above its lines")
	}
	return h
}

// row completes a row in place, or says what it is where it is no line.
func (h *shape) row(r *gridRow) (aside string) {
	h.first = true
	if len(r.fields) != h.file.width {
		return ""
	}
	if h.settings.GroupRows {
		if aside := h.grouping(r); aside != "" {
			return aside
		}
	}
	if h.settings.CarryDown || h.file.continued {
		return h.carrying(r)
	}
	return ""
}

// grouping takes a row that names the customer of the rows below, and a total row, out.
func (h *shape) grouping(r *gridRow) string {
	if k := sniff.FurnitureOf(r.fields, h.file.width, h.file.resolved.Headers); k == sniff.Total {
		return "total"
	}
	cell := bytes.TrimSpace(r.fields[h.grouped])
	if len(cell) == 0 {
		h.out = append(h.out[:0], r.fields...)
		h.out[h.grouped] = h.group
		r.fields = h.out
		return ""
	}
	for i, f := range r.fields {
		if i != h.grouped && len(bytes.TrimSpace(f)) > 0 {
			return "" // a line that names its customer itself
		}
	}
	h.group = append([]byte(nil), cell...)
	return "group"
}

// carrying fills what a further line of an order leaves blank. A row that names another order begins it.
func (h *shape) carrying(r *gridRow) string {
	if k := sniff.FurnitureOf(r.fields, h.file.width, h.file.resolved.Headers); k != sniff.NoFurniture && k != sniff.Comment {
		return ""
	}
	blank := func(i int) bool { return len(bytes.TrimSpace(r.fields[i])) == 0 }
	further := h.last != nil && (h.order < 0 || blank(h.order) || bytes.Equal(r.fields[h.order], h.last[h.order]))
	if h.order < 0 { // without order ids the rest of the header tells
		for _, i := range h.carry {
			further = further && blank(i)
		}
	}
	if !further {
		h.last = h.last[:0]
		for _, f := range r.fields {
			h.last = append(h.last, append([]byte(nil), f...))
		}
		return ""
	}
	h.first = false
	h.out = append(h.out[:0], r.fields...)
	for _, i := range h.carry {
		if blank(i) {
			h.out[i] = h.last[i]
		}
	}
	r.fields = h.out
	return ""
}

// RefundProduct is the product code of the line that a refund of a whole order becomes.
const RefundProduct = "(refund)"

// refunded is what a row states as the refund of its whole order, nil for nothing.
func (h *shape) refunded(fields [][]byte) []byte {
	if h.refunds < 0 || h.refunds >= len(fields) {
		return nil
	}
	v := bytes.TrimSpace(fields[h.refunds])
	if len(bytes.Trim(v, "0.,")) == 0 {
		return nil
	}
	return v
}

// refund is the line that takes v back, which was refunded of a whole order. An order has one, on the first
// of its rows that states it, so it counts once.
func (h *shape) refund(fields [][]byte, v []byte) [][]byte {
	out := append([][]byte(nil), fields...)
	for _, i := range h.item {
		out[i] = nil
	}
	if h.product >= 0 {
		out[h.product] = []byte(RefundProduct)
	}
	minus := append([]byte{'-'}, v...)
	switch {
	case h.amount >= 0:
		out[h.amount] = minus
	case h.quantity >= 0 && h.price >= 0:
		out[h.quantity], out[h.price] = []byte("-1"), v
	}
	return out
}

// continued finds orders whose header stands on their first line only, without being told: rows without
// order, customer and day, but with what lines have, below rows that have all.
func continued(f *textFile, data []byte) bool {
	if f.continued {
		return true
	}
	h := newShape(f, layout.Settings{})
	if len(h.carry) < 3 || len(h.item) == 0 {
		return false
	}
	s := delimited.NewScanner(f.dialect)
	s.Reset(data[:min(len(data), sniffBytes)], 0, 1)
	whole, further := 0, 0
	var last []byte
	for s.Next() && whole+further < 1000 {
		if s.Fields() != f.width {
			continue
		}
		heads, items := 0, 0
		for _, i := range h.carry[:3] {
			if len(s.Field(i)) > 0 {
				heads++
			}
		}
		for _, i := range h.item {
			if len(s.Field(i)) > 0 {
				items++
			}
		}
		same := h.order >= 0 && len(last) > 0 && bytes.Equal(s.Field(h.order), last) // only the id repeats
		switch {
		case heads == 3 && items > 0:
			whole++
		case items > 0 && whole > 0 && (heads == 0 && len(h.item) > 0 || same && heads == 1):
			further++
		}
		if h.order >= 0 && len(s.Field(h.order)) > 0 {
			last = append(last[:0], s.Field(h.order)...)
		}
	}
	const few = 2 // a single one is an accident
	f.continued = further >= few && further*50 >= whole
	if f.continued {
		f.evidence = append(f.evidence, fmt.Sprintf("%d of %d sample rows lack order, day and customer, and follow one that has them", further, whole+further))
	}
	return f.continued
}
