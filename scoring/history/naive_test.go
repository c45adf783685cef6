package history_test

import (
	"math/big"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// figures is one customer's line of History.
type figures struct {
	X, TX, T, Spells                   int
	Value, First, Profit, Covered, Net money.Amount
	Squares                            float64
}

// naive answers from maps over the lines: the days first, then one loop over all lines per spell.
func naive(lines []ledgertest.Line, customer string, asOf civil.Day) figures {
	type key struct {
		day   civil.Day
		order uint64
	}
	net, sales := map[key]money.Amount{}, map[key]bool{}
	for _, l := range lines {
		if l.Customer == customer && l.Day < asOf {
			k := key{l.Day, l.Order}
			net[k] += l.Net
			sales[k] = sales[k] || !l.Return
		}
	}
	value := map[civil.Day]money.Amount{}
	for k, v := range net {
		if sales[k] && v > 0 {
			value[k.day] += v
		}
	}
	var days []civil.Day
	for d := range value {
		days = append(days, d)
	}
	slices.Sort(days)
	f := figures{T: -1}
	if len(days) == 0 {
		return f
	}
	f.X, f.TX, f.T = len(days)-1, int(days[len(days)-1]-days[0]), int(asOf-1-days[0])
	f.First = value[days[0]]
	for _, d := range days[1:] {
		f.Value += value[d]
	}
	var profits []*big.Rat
	for i, d := range days {
		spell := civil.Range{From: d, To: asOf}
		if i+1 < len(days) {
			spell.To = days[i+1]
		}
		o := ledgertest.Oracle(lines, customer, spell)
		f.Net += o.Net
		f.Covered += o.Covered
		known := 2*o.Costed >= o.Lines
		if o.Net > 0 {
			known = big.NewRat(int64(o.Covered), int64(o.Net)).Cmp(big.NewRat(1, 2)) >= 0
		}
		if known && o.Costed > 0 {
			f.Spells++
			f.Profit += o.Covered - o.Cost
			profits = append(profits, big.NewRat(int64(o.Covered-o.Cost), int64(money.One)))
		}
	}
	f.Squares = squares(profits)
	return f
}

// squares is Σ p² - (Σ p)²/n in exact rationals.
func squares(profits []*big.Rat) float64 {
	if len(profits) < 2 {
		return 0
	}
	sum, squares := new(big.Rat), new(big.Rat)
	for _, p := range profits {
		sum.Add(sum, p)
		squares.Add(squares, new(big.Rat).Mul(p, p))
	}
	sum.Mul(sum, sum)
	squares.Sub(squares, sum.Quo(sum, big.NewRat(int64(len(profits)), 1)))
	f, _ := squares.Float64()
	return f
}
