package history

import (
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/span"
)

// customers is how many a worker takes at a time.
const customers = 4096

// fill computes the columns and returns the first customer whose sums do not fit, or -1.
func (h *History) fill(v ledger.View, workers int) int {
	n := h.Len()
	failed := make([]int, span.Count(n, customers))
	span.Each(n, customers, workers, func(at, lo, hi int) {
		var k kernel
		failed[at] = k.run(h, v, lo, hi)
	})
	for _, c := range failed {
		if c >= 0 {
			return c
		}
	}
	return -1
}

// kernel is the scratch of one span: the profits of one customer's known spells.
type kernel struct{ profits []money.Amount }

func (k *kernel) run(h *History, v ledger.View, lo, hi int) int {
	for c := lo; c < hi; c++ {
		from, to := v.Seen(c)
		if !k.customer(h, v.Rows(), c, from, to) {
			return c
		}
	}
	return -1
}

// customer fills the places of customer c from rows [lo, hi), and returns false where a sum does
// not fit.
func (k *kernel) customer(h *History, rows *ledger.Rows, c, lo, hi int) bool {
	k.profits = k.profits[:0]
	var sum money.Checked
	var open spell
	days, first, last := int32(0), civil.Unknown, civil.Unknown
	for i := lo; i < hi; {
		end, value := i, int64(0)
		for ; end < hi && rows.Day[end] == rows.Day[i]; end++ {
			if rows.Sales[end] > 0 && rows.Net[end] > 0 {
				value = sum.Add(value, int64(rows.Net[end]))
			}
		}
		if value > 0 {
			k.close(h, c, &open, &sum)
			if days++; days == 1 {
				first, h.First[c] = rows.Day[i], money.Amount(value)
			} else {
				h.Value[c] = money.Amount(sum.Add(int64(h.Value[c]), value))
			}
			last = rows.Day[i]
		}
		if days > 0 { // what comes before the first purchase on record reverses none of them
			open.add(rows, i, end, &sum)
		}
		i = end
	}
	k.close(h, c, &open, &sum)
	h.T[c] = -1
	if days > 0 {
		h.X[c], h.TX[c], h.T[c] = days-1, int32(last-first), int32(h.AsOf-1-first)
	}
	h.Squares[c] = squares(k.profits, h.MeanProfit(c))
	return sum.OK()
}

// spell is what happened from one purchase day to before the next.
type spell struct {
	net, covered, cost int64
	lines, costed      int64
}

func (s *spell) add(rows *ledger.Rows, lo, hi int, sum *money.Checked) {
	for i := lo; i < hi; i++ {
		s.net = sum.Add(s.net, int64(rows.Net[i]))
		s.covered = sum.Add(s.covered, int64(rows.Covered[i]))
		s.cost = sum.Add(s.cost, int64(rows.Cost[i]))
		s.lines += int64(rows.Lines[i])
		s.costed += int64(rows.Costed[i])
	}
}

// known reports whether half of the spell or more has a known cost.
func (s *spell) known() bool {
	if s.net > 0 {
		return s.costed > 0 && s.covered >= s.net/2+s.net%2
	}
	return s.costed > 0 && 2*s.costed >= s.lines
}

// close books the open spell, if any, and resets it.
func (k *kernel) close(h *History, c int, s *spell, sum *money.Checked) {
	h.Net[c] = money.Amount(sum.Add(int64(h.Net[c]), s.net))
	h.Covered[c] = money.Amount(sum.Add(int64(h.Covered[c]), s.covered))
	if s.known() {
		profit := sum.Sub(s.covered, s.cost)
		h.Profit[c] = money.Amount(sum.Add(int64(h.Profit[c]), profit))
		h.Spells[c]++
		k.profits = append(k.profits, money.Amount(profit))
	}
	*s = spell{}
}

// squares is Σ (p - mean)², in two passes: the sum of squares would cancel.
func squares(profits []money.Amount, mean float64) (s float64) {
	if len(profits) < 2 {
		return 0
	}
	for _, p := range profits {
		d := p.Float() - mean
		s += float64(d * d) // explicit conversions keep FMA machines on the same bits
	}
	return s
}
