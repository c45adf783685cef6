package feature

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Sums are the sums of a range of days, one value per customer in every column.
type Sums struct {
	// Orders counts distinct order keys with at least one sale line.
	Orders []int32
	// Lines counts order lines, returns included; Costed those whose cost is known.
	Lines, Costed []int64
	Units         []money.Quantity
	// Net is net sales; Covered the part of it whose cost is known, and Cost that cost.
	Net, Covered, Cost []money.Amount
	// Profit is Covered - Cost; unknown (and 0) where Costed is 0.
	Profit []money.Amount
	// ProfitKnown reports whether any line of the customer has a known cost.
	ProfitKnown []bool
	// Returned and Discount are positive amounts.
	Returned, Discount []money.Amount
}

func newSums(n int) Sums {
	return Sums{
		Orders: make([]int32, n), Lines: make([]int64, n), Costed: make([]int64, n), Units: make([]money.Quantity, n),
		Net: make([]money.Amount, n), Covered: make([]money.Amount, n), Cost: make([]money.Amount, n),
		Profit: make([]money.Amount, n), ProfitKnown: make([]bool, n),
		Returned: make([]money.Amount, n), Discount: make([]money.Amount, n),
	}
}

// Totals are the sums over all customers.
type Totals struct{ All, In Total }

// Total is the company's line of Sums. Orders are distinct within a customer.
type Total struct {
	Orders, Lines, Costed int64
	Units                 money.Quantity
	Net, Covered, Cost    money.Amount
	Profit                money.Amount // Covered - Cost; unknown where Costed is 0
	Returned, Discount    money.Amount
}

// fill sums rows [lo, hi) into place c, Orders aside, and returns false where a sum does not fit.
func (s *Sums) fill(rows *ledger.Rows, c, lo, hi int) bool {
	var t Total
	var k money.Checked
	for i := lo; i < hi; i++ {
		t.Lines += int64(rows.Lines[i])
		t.Costed += int64(rows.Costed[i])
		t.Units = money.Quantity(k.Add(int64(t.Units), int64(rows.Units[i])))
		t.Net = money.Amount(k.Add(int64(t.Net), int64(rows.Net[i])))
		t.Covered = money.Amount(k.Add(int64(t.Covered), int64(rows.Covered[i])))
		t.Cost = money.Amount(k.Add(int64(t.Cost), int64(rows.Cost[i])))
		t.Returned = money.Amount(k.Add(int64(t.Returned), int64(rows.Returned[i])))
		t.Discount = money.Amount(k.Add(int64(t.Discount), int64(rows.Discount[i])))
	}
	s.Lines[c], s.Costed[c], s.Units[c] = t.Lines, t.Costed, t.Units
	s.Net[c], s.Covered[c], s.Cost[c] = t.Net, t.Covered, t.Cost
	s.Returned[c], s.Discount[c] = t.Returned, t.Discount
	s.Profit[c] = money.Amount(k.Sub(int64(t.Covered), int64(t.Cost)))
	s.ProfitKnown[c] = t.Costed > 0
	return k.OK()
}

// total adds up the customers that are not outside, in any order: integers.
func (s *Sums) total(outside []bool) (t Total, ok bool) {
	var k money.Checked
	for c := range s.Net {
		if outside != nil && outside[c] {
			continue
		}
		t.Orders += int64(s.Orders[c])
		t.Lines += s.Lines[c]
		t.Costed += s.Costed[c]
		t.Units = money.Quantity(k.Add(int64(t.Units), int64(s.Units[c])))
		t.Net = money.Amount(k.Add(int64(t.Net), int64(s.Net[c])))
		t.Covered = money.Amount(k.Add(int64(t.Covered), int64(s.Covered[c])))
		t.Cost = money.Amount(k.Add(int64(t.Cost), int64(s.Cost[c])))
		t.Returned = money.Amount(k.Add(int64(t.Returned), int64(s.Returned[c])))
		t.Discount = money.Amount(k.Add(int64(t.Discount), int64(s.Discount[c])))
	}
	t.Profit = money.Amount(k.Sub(int64(t.Covered), int64(t.Cost)))
	return t, k.OK()
}

func (f *Features) total(outside []bool) error {
	var okAll, okIn bool
	f.Company.All, okAll = f.All.total(outside)
	f.Company.In, okIn = f.In.total(outside)
	if !okAll || !okIn {
		return fmt.Errorf("the company totals do not fit: amounts beyond 922 trillion; check the units of the export")
	}
	return nil
}

// Coverage is the share of net sales whose cost is known: covered/net clamped to 0..1. Returns
// without a known cost can push the quotient outside, which says "all" or "none". Where net is 0
// the share of lines stands in: costed/lines. NaN without lines.
func Coverage(net, covered money.Amount, lines, costed int64) float64 {
	switch {
	case lines == 0:
		return math.NaN()
	case net == 0:
		return float64(costed) / float64(lines)
	}
	return max(0, min(1, float64(covered)/float64(net)))
}

// perOrder is net / orders rounded half to even, for orders > 0.
func perOrder(net money.Amount, orders int32) money.Amount {
	u := uint64(net)
	if net < 0 {
		u = -u
	}
	q, r := bits.Div64(0, u, uint64(orders))
	if 2*r > uint64(orders) || (2*r == uint64(orders) && q&1 == 1) {
		q++
	}
	if net < 0 {
		return -money.Amount(q)
	}
	return money.Amount(q)
}
