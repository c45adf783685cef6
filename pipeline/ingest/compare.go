package ingest

import (
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// comparison is how the amount of a line stands against quantity x unit_price less its discounts.
type comparison uint8

const (
	agrees comparison = iota
	times10
	times100
	times1000
	tenth
	hundredth
	thousandth
	beforeDiscount // the amount has not taken the discounts off
	aside          // above or below by something else
	comparisons
)

// factors are the powers of ten that lost decimals make of an amount.
func factors() [thousandth + 1]money.Rate {
	return [...]money.Rate{times10: 10 * money.OneRate, times100: 100 * money.OneRate, times1000: 1000 * money.OneRate,
		tenth: money.OneRate / 10, hundredth: money.OneRate / 100, thousandth: money.OneRate / 1000}
}

// statesTwice are the columns of lines whose value is stated twice.
const statesTwice = 1<<layout.Amount | 1<<layout.Quantity | 1<<layout.UnitPrice

const cent = money.One / 100

// sides are the two statements of a line's value, without their signs: exports disagree on those of
// returns. slack is how far rounding can part them.
type sides struct{ stated, computed, list, slack money.Amount }

// compared says whether line i states its value twice, and how.
func (w *worker) compared(i int) (s sides, ok bool) {
	l := w.lines
	if l.bad[i] || l.mapped&^l.lacks[i]&statesTwice != statesTwice {
		return s, false
	}
	rate, off := w.discountTerms(i)
	return sidesOf(l.amount[i], l.quantity[i], l.unitPrice[i], rate, off)
}

// sidesOf is compared of plain values. The amount may be rounded or cut to the cent, the price rounded
// at its last decimal, of at least two, and the rate at its fourth.
func sidesOf(amount money.Amount, q money.Quantity, p money.Price, rate money.Rate, off money.Price) (s sides, ok bool) {
	if s.computed, ok = money.LineAmount(q, p, rate, off); !ok {
		return s, false
	}
	if s.list, ok = money.LineAmount(q, p, 0, 0); !ok {
		return s, false
	}
	unit := money.Price(1_000_000)
	for p%unit != 0 {
		unit /= 10
	}
	if s.slack, ok = money.LineAmount(q, unit/2, 0, 0); !ok {
		return s, false
	}
	s.stated, s.computed, s.list, s.slack = size(amount), size(s.computed), size(s.list), size(s.slack)+cent
	if rate != 0 {
		s.slack += s.list / 20_000
	}
	return s, s.stated|s.computed|s.list|s.slack < 1<<60 // nothing below overflows
}

func size(a money.Amount) money.Amount {
	if a < 0 {
		return -a
	}
	return a
}

func near(a, b, slack money.Amount) bool { return size(a-b) <= slack }

// compare classifies. A line too small for its rounding is of no class that would blame an export.
func (s sides) compare(tax money.Rate) comparison {
	if near(s.stated, s.computed, s.slack) {
		return agrees
	}
	if tax != 0 {
		gross := func(a money.Amount) money.Amount { t, _ := a.Times(tax); return a + t }
		if near(s.stated, gross(s.computed), 2*s.slack) || near(gross(s.stated), s.computed, 2*s.slack) {
			return agrees
		}
	}
	if near(s.stated, s.list, s.slack) {
		return beforeDiscount
	}
	for c, f := range factors() {
		if f == 0 || s.computed < 4*s.slack {
			continue
		}
		if s.isTimes(f) {
			return comparison(c)
		}
	}
	return aside
}

// isTimes says that the stated amount is f times the computed one, within the rounding of both, exactly: a
// factor below 1 multiplies the other side.
func (s sides) isTimes(f money.Rate) bool {
	if f >= money.OneRate {
		times, ok := s.computed.Times(f)
		slack, fits := (s.slack - cent).Times(f)
		return ok && fits && near(s.stated, times, slack+cent)
	}
	d := money.Amount(money.OneRate / f)
	return s.stated < 1<<52 && near(s.stated*d, s.computed, s.slack-cent+cent*d)
}

// Steps of the constant factors looked for: tax of up to 30% in steps of 0.025%, which has the quarters
// and eighths of a percent that exist.
const (
	stepsPerOne = 4000
	mostSteps   = 1200
)

// steps is the range of tax rates, in steps, that would explain the line: above, where the amount is
// computed x (1 + rate), else the other way round. ok is false where rounding leaves it too wide.
func (s sides) steps() (from, to int, above, ok bool) {
	small, large := s.computed, s.stated
	above = large > small
	if !above {
		small, large = large, small
	}
	if small < 50*s.slack || large > 1<<50 || large-small-s.slack > small {
		return 0, 0, above, false
	}
	gap := large - small
	from = int(((gap-s.slack)*stepsPerOne + small - 1) / small)
	to = int((gap + s.slack) * stepsPerOne / small)
	return max(from, 1), min(to, mostSteps), above, from <= to && from <= mostSteps
}
