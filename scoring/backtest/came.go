package backtest

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// facts are what rows of one customer come to. Sums are exact; the one conversion to float64 is at the end.
type facts struct {
	purchases     int32        // purchase days
	last          civil.Day    // of them; civil.Unknown without one
	sales         money.Amount // net value of purchases
	covered, cost money.Amount // over lines whose cost is known, returns included
	lines, costed int64
}

// read sums the rows [lo, hi) of a customer. A purchase day is that of package feature: a day with a row
// that has a sale line and positive net sales.
func read(rows *ledger.Rows, lo, hi int) facts {
	f := facts{last: civil.Unknown}
	for i := lo; i < hi; i++ {
		f.covered, f.cost = f.covered+rows.Covered[i], f.cost+rows.Cost[i]
		f.lines, f.costed = f.lines+int64(rows.Lines[i]), f.costed+int64(rows.Costed[i])
		if rows.Sales[i] == 0 || rows.Net[i] <= 0 {
			continue
		}
		f.sales += rows.Net[i]
		if rows.Day[i] != f.last {
			f.purchases, f.last = f.purchases+1, rows.Day[i]
		}
	}
	return f
}

// profit is the gross profit in currency units; NaN where the cost of fewer than half of the lines is
// known. No line is no profit, which is known.
func (f facts) profit() float64 {
	if 2*f.costed < f.lines {
		return math.NaN()
	}
	return (f.covered - f.cost).Float()
}

// panel are the judged customers with what was known of them and what came, one value each.
type panel struct {
	customers []int // of the ledger, ascending
	// Baselines, the more the likelier a customer is to buy: minus the days since the last purchase,
	// purchase days so far, their net value.
	recency, frequency, spend []float64
	// The same pace for the horizon: what there was so far per day since the first purchase, of which there
	// are at least as many as the horizon has, so that one order of yesterday is no order a day.
	purchasesOn, salesOn, profitOn []float64
	// What came.
	purchases, sales, profit []float64
	bought, silent           []bool
}

// look reads the panel of an as-of day.
func look(l *ledger.Ledger, asOf civil.Day, horizon int, outside []bool) *panel {
	p := &panel{}
	ahead := l.At(asOf + civil.Day(horizon))
	now := l.At(asOf)
	rows := now.Rows()
	for c := range l.Customers() {
		lo, hi := now.Seen(c)
		known := read(rows, lo, hi)
		if known.purchases == 0 || outside != nil && outside[c] {
			continue
		}
		from, to := ahead.Window(c, civil.Range{From: asOf, To: asOf + civil.Day(horizon)})
		p.add(c, known, read(rows, from, to), asOf, pace(rows, lo, asOf, horizon))
	}
	return p
}

// pace is the share of the past that the horizon is, at most 1.
func pace(rows *ledger.Rows, lo int, asOf civil.Day, horizon int) float64 {
	for rows.Sales[lo] == 0 || rows.Net[lo] <= 0 {
		lo++ // the first purchase, which there is
	}
	return float64(horizon) / max(float64(asOf-rows.Day[lo]), float64(horizon))
}

func (p *panel) add(c int, known, came facts, asOf civil.Day, pace float64) {
	p.customers = append(p.customers, c)
	p.recency = append(p.recency, -float64(asOf-known.last))
	p.frequency, p.spend = append(p.frequency, float64(known.purchases)), append(p.spend, known.sales.Float())
	p.purchasesOn, p.salesOn = append(p.purchasesOn, pace*float64(known.purchases)), append(p.salesOn, pace*known.sales.Float())
	p.profitOn = append(p.profitOn, pace*known.profit())
	p.purchases, p.sales = append(p.purchases, float64(came.purchases)), append(p.sales, came.sales.Float())
	p.profit = append(p.profit, came.profit())
	p.bought, p.silent = append(p.bought, came.purchases > 0), append(p.silent, came.purchases == 0)
}

// of takes the judged customers out of a column of the ledger's.
func (p *panel) of(column []float64) []float64 {
	out := make([]float64, len(p.customers))
	for i, c := range p.customers {
		out[i] = column[c]
	}
	return out
}

// minus is -x of every value.
func minus(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = -v
	}
	return out
}

// buys is 1-p of every value: the probability of buying from that of staying away.
func buys(silent []float64) []float64 {
	out := make([]float64, len(silent))
	for i, p := range silent {
		out[i] = 1 - p
	}
	return out
}

// known are the values that are no NaN, with their places.
func known(x []float64) (values []float64, at []int) {
	for i, v := range x {
		if !math.IsNaN(v) {
			values, at = append(values, v), append(at, i)
		}
	}
	return values, at
}

func pick(x []float64, at []int) []float64 {
	out := make([]float64, len(at))
	for k, i := range at {
		out[k] = x[i]
	}
	return out
}
