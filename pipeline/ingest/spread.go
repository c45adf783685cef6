package ingest

import (
	"bytes"
	"math/bits"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// held is a row of the order under way, whose discount is known with all of its lines only.
type held struct {
	fields [][]byte
	place  place
}

// mostHeld bounds the lines of an order that wait for each other.
const mostHeld = 10_000

// hold keeps a row until its order ends.
func (m *maker) hold(row *gridRow) {
	if m.shape.first || len(m.held) == mostHeld {
		m.release()
	}
	h := held{place: row.place}
	for _, f := range row.fields {
		h.fields = append(h.fields, append([]byte(nil), f...))
	}
	m.held = append(m.held, h)
	m.begun = m.begun || m.shape.first
}

// release writes the rows of the order that has ended.
func (m *maker) release() {
	if len(m.held) > 0 {
		m.shape.spread(m.held)
	}
	for i, h := range m.held {
		m.put(h.fields, h.place)
		if fields := m.shape.refund(h.fields, i == 0 && m.begun); fields != nil {
			m.put(fields, place{h.place.line, h.place.offset, 0})
		}
	}
	m.held, m.begun = m.held[:0], false
}

// spread gives each line of an order its part of the order's discount, by its value before it, where the lines
// state no discount of their own. The parts add up to the discount to the last ten-thousandth: the last line
// of value takes what rounding down left. An order whose values cannot be read has it on its first line.
func (h *shape) spread(rows []held) {
	if h.off < 0 || len(rows[0].fields) != h.file.width {
		return
	}
	whole, ok := plainAmount(rows[0].fields[h.discount])
	if !ok || whole <= 0 {
		return
	}
	values, sum := make([]uint64, len(rows)), uint64(0)
	last := -1
	for i, r := range rows {
		if len(r.fields) != h.file.width {
			return // a row that will be rejected: whose discount it would take is not known
		}
		if own, _ := plainAmount(r.fields[h.off]); h.off != h.discount && own != 0 {
			return // the lines state theirs
		}
		if v, ok := h.listValue(r.fields); ok && v > 0 {
			values[i], last = uint64(v), i
			sum += uint64(v)
		}
	}
	if last < 0 || sum>>62 > 0 {
		rows[0].fields[h.off] = []byte(whole.String())
		return
	}
	left := uint64(whole)
	for i := range rows {
		hi, lo := bits.Mul64(uint64(whole), values[i])
		part := left
		if i != last && hi < sum {
			part, _ = bits.Div64(hi, lo, sum)
		}
		if i > last {
			part = 0
		}
		left -= part
		rows[i].fields[h.off] = []byte(money.Amount(part).String())
	}
}

// listValue is quantity x unit price of a row, and false where they are no plain numbers.
func (h *shape) listValue(fields [][]byte) (money.Amount, bool) {
	if h.quantity < 0 || h.price < 0 {
		return 0, false
	}
	q, ok1 := money.Parse(bytes.TrimSpace(fields[h.quantity]), money.QuantityScale)
	p, ok2 := money.Parse(bytes.TrimSpace(fields[h.price]), money.PriceScale)
	if !ok1 || !ok2 {
		return 0, false
	}
	return money.LineAmount(money.Quantity(q), money.Price(p), 0, 0)
}

func plainAmount(cell []byte) (money.Amount, bool) {
	v, ok := money.Parse(bytes.TrimSpace(cell), money.AmountScale)
	return money.Amount(v), ok
}
