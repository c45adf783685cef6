package feature_test

import (
	"math"
	"math/big"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/feature"
)

// sums and figures are one customer's line of Sums and Features.
type sums struct {
	Orders                                         int
	Lines, Costed                                  int64
	Units                                          money.Quantity
	Net, Covered, Cost, Profit, Returned, Discount money.Amount
	ProfitKnown                                    bool
}

type figures struct {
	All, In                           sums
	First, Last                       civil.Day
	Tenure, Recency                   int
	Purchases, PurchaseDays, Quarters int
	Breadth                           int
	Coverage, MeanGap                 float64
	AOV                               money.Amount
	MarginOrders                      int
	MarginSquares                     float64
}

func lineOf(s feature.Sums, c int) sums {
	return sums{int(s.Orders[c]), s.Lines[c], s.Costed[c], s.Units[c], s.Net[c], s.Covered[c], s.Cost[c], s.Profit[c],
		s.Returned[c], s.Discount[c], s.ProfitKnown[c]}
}

func line(f *feature.Features, c int) figures {
	return figures{
		lineOf(f.All, c), lineOf(f.In, c), f.FirstDay[c], f.LastDay[c], int(f.TenureDays[c]), int(f.RecencyDays[c]),
		int(f.Purchases[c]), int(f.PurchaseDays[c]), int(f.Quarters[c]), int(f.Breadth[c]), f.CostCoverage[c], f.MeanGap[c],
		f.AverageOrderValue[c], int(f.MarginOrders[c]), f.MarginSquares[c],
	}
}

// dayRow is what one customer's order did on one day.
type dayRow struct {
	net, covered, cost money.Amount
	sales              int
}

type dayKey struct {
	day   civil.Day
	order uint64
}

func rowsOf(lines []ledgertest.Line, customer string, r civil.Range) map[dayKey]dayRow {
	rows := map[dayKey]dayRow{}
	for _, l := range lines {
		if l.Customer != customer || l.Day < r.From || l.Day >= r.To {
			continue
		}
		row := rows[dayKey{l.Day, l.Order}]
		row.net += l.Net
		if l.Costed {
			row.covered += l.Net
			row.cost += l.Cost
		}
		if !l.Return {
			row.sales++
		}
		rows[dayKey{l.Day, l.Order}] = row
	}
	return rows
}

func naiveSums(lines []ledgertest.Line, customer string, r civil.Range) sums {
	o := ledgertest.Oracle(lines, customer, r)
	orders := map[uint64]bool{}
	for k, row := range rowsOf(lines, customer, r) {
		if row.sales > 0 {
			orders[k.order] = true
		}
	}
	return sums{len(orders), int64(o.Lines), int64(o.Costed), o.Units, o.Net, o.Covered, o.Cost, o.Covered - o.Cost,
		o.Returned, o.Discount, o.Costed > 0}
}

// naive answers from maps over the lines, one question at a time.
func naive(lines []ledgertest.Line, customer string, asOf civil.Day, window civil.Range) figures {
	seen := civil.Range{From: civil.Min, To: asOf}
	window.To = min(window.To, asOf)
	f := figures{
		All: naiveSums(lines, customer, seen), In: naiveSums(lines, customer, window), First: civil.Unknown, Last: civil.Unknown,
		Tenure: -1, Recency: -1, MeanGap: math.NaN(), Breadth: ledgertest.Oracle(lines, customer, seen).Categories,
	}
	purchases, days, quarters := map[uint64]bool{}, map[civil.Day]bool{}, map[[2]int]bool{}
	for k, row := range rowsOf(lines, customer, seen) {
		if row.sales > 0 && row.net > 0 {
			y, m, _ := k.day.Date()
			purchases[k.order], days[k.day], quarters[[2]int{y, (m - 1) / 3}] = true, true, true
		}
	}
	f.Purchases, f.PurchaseDays, f.Quarters = len(purchases), len(days), len(quarters)
	var sorted []civil.Day
	for d := range days {
		sorted = append(sorted, d)
	}
	slices.Sort(sorted)
	if n := len(sorted); n > 0 {
		f.First, f.Last = sorted[0], sorted[n-1]
		f.Tenure, f.Recency = int(asOf-f.First), int(asOf-f.Last)
		if n > 1 {
			f.MeanGap = float64(f.Last-f.First) / float64(n-1)
		}
	}
	f.Coverage = feature.Coverage(f.All.Net, f.All.Covered, f.All.Lines, f.All.Costed)
	if f.All.Orders > 0 {
		f.AOV = halfEven(int64(f.All.Net), int64(f.All.Orders))
	}
	f.MarginOrders, f.MarginSquares = naiveMargin(rowsOf(lines, customer, window))
	return f
}

func halfEven(a, b int64) money.Amount {
	x := new(big.Rat).SetFrac64(a, b)
	s := x.FloatString(0) // rounds half away from zero
	n, _ := new(big.Int).SetString(s, 10)
	if x.Sub(x, new(big.Rat).SetInt(n)); x.Abs(x).Cmp(big.NewRat(1, 2)) == 0 && n.Bit(0) == 1 {
		n.Sub(n, big.NewInt(int64(n.Sign())))
	}
	return money.Amount(n.Int64())
}

// naiveMargin is Σ p²/c - (Σ p)²/Σ c in exact rationals.
func naiveMargin(rows map[dayKey]dayRow) (int, float64) {
	n := 0
	squares, p, c := new(big.Rat), new(big.Rat), new(big.Rat)
	for _, row := range rows {
		if row.covered <= 0 {
			continue
		}
		n++
		rp := big.NewRat(int64(row.covered-row.cost), int64(money.One))
		rc := big.NewRat(int64(row.covered), int64(money.One))
		p.Add(p, rp)
		c.Add(c, rc)
		squares.Add(squares, rp.Quo(rp.Mul(rp, rp), rc))
	}
	if n < 2 {
		return n, 0
	}
	squares.Sub(squares, p.Quo(p.Mul(p, p), c))
	f, _ := squares.Float64()
	return n, f
}
