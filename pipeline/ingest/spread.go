package ingest

import (
	"fmt"
	"math/bits"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/numeral"
)

// discounts counts what became of the discounts of whole orders.
type discounts struct {
	spread, covered, refused int64
	given, unused            money.Amount
}

// settleRuns decides on whole orders with the formats of the file.
func (m *maker) settleRuns(runs []run) {
	for i := range runs {
		r := &runs[i]
		whole := money.Amount(0)
		if m.shape.discount >= 0 {
			whole = m.spread(r)
		}
		if r.known && m.shape.discount >= 0 {
			m.comesBack(r, whole != 0)
		}
		if r.fault == "" {
			continue
		}
		m.counts.refused++
		for _, at := range r.places {
			m.places[at].fault, m.places[at].column = r.fault, r.column
		}
	}
}

// comesBack refuses rows of an order that stands in several places of the file, where its discount would count
// twice or reach some of its lines only.
func (m *maker) comesBack(r *run, discounted bool) {
	before, back := m.seen[r.key]
	if !back {
		before.line = r.line
	} else if before.discounted || discounted {
		r.fault = fmt.Sprintf("its order began on line %d already, with others between: sort the file by order id, for the discount of the whole order would count twice", before.line)
	}
	before.discounted = before.discounted || discounted
	m.seen[r.key] = before
}

// spread gives each line of an order its part of what the order's discount is more than the discounts that
// its lines state, by the value of the line after its own. The parts add up exactly: line i takes
// floor(rest x V(i) / V) - floor(rest x V(i-1) / V) with V(i) the value of the lines up to i. It returns the
// discount of the whole order.
func (m *maker) spread(r *run) money.Amount {
	whole := m.wholeDiscount(r)
	if whole == 0 || r.fault != "" {
		return whole
	}
	values, owns := make([]uint64, len(r.rows)), make([]money.Price, len(r.rows))
	sum, stated := uint64(0), money.Amount(0)
	for i, row := range r.rows {
		l, ok := m.listed(row)
		if !ok {
			r.fault = fmt.Sprintf("the discount %s of its order cannot be spread: a number on line %d cannot be read", whole, row.line)
			return whole
		}
		owns[i] = l.own
		if l.value > 0 {
			values[i], sum, stated = uint64(l.value), sum+uint64(l.value), stated+l.list-l.value
		}
	}
	rest := whole - stated
	switch {
	case stated > whole:
		m.counts.covered++
		m.counts.unused += whole
		return whole
	case r.torn:
		r.fault = fmt.Sprintf("the discount %s of its order cannot be spread: a row of the order cannot be read", whole)
	case uint64(rest) > sum || sum >= 1<<62 || rest > 1<<49:
		r.fault = fmt.Sprintf("the discount %s of its order is more than the value %s of its lines", whole, stated+money.Amount(sum))
	}
	if r.fault != "" {
		return whole
	}
	m.counts.spread++
	m.counts.given += rest
	upto, given := uint64(0), uint64(0)
	for i, row := range r.rows {
		upto += values[i]
		hi, lo := bits.Mul64(uint64(rest), upto)
		now, _ := bits.Div64(hi, lo, max(sum, 1))
		m.places[row.place].off = owns[i] + money.Price(now-given)*(money.Price(pricePerAmount))
		given = now
	}
	return whole
}

// pricePerAmount is the units of money.Price in one of money.Amount.
const pricePerAmount = 10_000

// wholeDiscount is the one discount that the rows of an order state, 0 for none.
func (m *maker) wholeDiscount(r *run) (whole money.Amount) {
	for _, row := range r.rows {
		v, ok := m.number(m.file.formats.orderDiscount, row.discount, money.AmountScale)
		switch a := money.Amount(v); {
		case !ok:
			r.fault = fmt.Sprintf("the discount of its order, %q on line %d, is no number of this file", cutValue(row.discount), row.line)
		case a < 0:
			r.fault = fmt.Sprintf("the discount of its order, %q on line %d, is below 0: order_discount takes amounts off", cutValue(row.discount), row.line)
		case a != 0 && whole != 0 && a != whole:
			r.fault = fmt.Sprintf("its order states two discounts, %s and %s: order_discount is of the whole order", whole, a)
		case a != 0:
			whole = a
		}
	}
	if r.fault != "" && whole == 0 {
		whole = 1 // stated, though it cannot be read
	}
	return whole
}

// listedRow is the value of a row by its price, before and after the discounts that it states.
type listedRow struct {
	list, value money.Amount
	own         money.Price
}

// listed is false where a number of the row cannot be read.
func (m *maker) listed(row runRow) (l listedRow, ok bool) {
	f := &m.file.formats.numbers
	q, ok1 := m.number(f[layout.Quantity], row.quantity, money.QuantityScale)
	p, ok2 := m.number(f[layout.UnitPrice], row.price, money.PriceScale)
	rate, ok3 := m.number(f[layout.DiscountRate], row.rating, money.RateScale)
	own, ok4 := m.number(f[layout.DiscountAmount], row.own, money.PriceScale)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return l, false
	}
	l.own = money.Price(own)
	if l.list, ok = money.LineAmount(money.Quantity(q), money.Price(p), 0, 0); !ok {
		return l, false
	}
	l.value, ok = money.LineAmount(money.Quantity(q), money.Price(p), money.Rate(rate), l.own)
	return l, ok
}

// number reads a cell in a column's format, nil for the plain one; no value is 0.
func (m *maker) number(f *numeral.Format, cell []byte, scale int) (int64, bool) {
	text, present := m.reader.plan.rules.Text(string(cell))
	if !present {
		return 0, true
	}
	if f == nil {
		return numeral.Format{}.Relaxed().Parse([]byte(text), scale)
	}
	return f.Parse([]byte(text), scale)
}
