package feature

import (
	"math"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/span"
)

// customers is how many a worker takes at a time.
const customers = 4096

// fill computes the per-customer columns and squares, the within sums of squared gaps. It returns
// the first customer whose sums do not fit, or -1.
func (f *Features) fill(v ledger.View, squares []float64, workers int) int {
	n := f.Len()
	failed := make([]int, span.Count(n, customers))
	span.Each(n, customers, workers, func(at, lo, hi int) {
		var k kernel
		failed[at] = k.run(f, v, squares, lo, hi)
	})
	for _, c := range failed {
		if c >= 0 {
			return c
		}
	}
	return -1
}

// kernel is the scratch of one span.
type kernel struct{ keys []uint64 }

// run computes customers [lo, hi) and returns the first whose sums do not fit, or -1.
func (k *kernel) run(f *Features, v ledger.View, squares []float64, lo, hi int) int {
	rows := v.Rows()
	for c := lo; c < hi; c++ {
		from, to := v.Seen(c)
		inFrom, inTo := v.Window(c, f.Window)
		if !f.All.fill(rows, c, from, to) || !f.In.fill(rows, c, inFrom, inTo) {
			return c
		}
		f.All.Orders[c] = k.orders(rows, from, to)
		f.In.Orders[c] = k.orders(rows, inFrom, inTo)
		f.Purchases[c] = k.purchases(rows, from, to)
		f.Breadth[c] = int32(v.Breadth(c))
		f.CostCoverage[c] = Coverage(f.All.Net[c], f.All.Covered[c], f.All.Lines[c], f.All.Costed[c])
		if f.All.Orders[c] > 0 {
			f.AverageOrderValue[c] = perOrder(f.All.Net[c], f.All.Orders[c])
		}
		squares[c] = f.days(rows, c, from, to)
		f.MarginOrders[c], f.MarginSquares[c] = marginSquares(rows, inFrom, inTo)
	}
	return -1
}

func (k *kernel) orders(rows *ledger.Rows, lo, hi int) int32 {
	k.keys = k.keys[:0]
	for i := lo; i < hi; i++ {
		if rows.Sales[i] > 0 {
			k.keys = append(k.keys, rows.Order[i])
		}
	}
	return k.distinct()
}

func (k *kernel) purchases(rows *ledger.Rows, lo, hi int) int32 {
	k.keys = k.keys[:0]
	for i := lo; i < hi; i++ {
		if purchase(rows, i) {
			k.keys = append(k.keys, rows.Order[i])
		}
	}
	return k.distinct()
}

func purchase(rows *ledger.Rows, i int) bool { return rows.Sales[i] > 0 && rows.Net[i] > 0 }

// distinct counts the distinct keys: an order can stand on several days.
func (k *kernel) distinct() int32 {
	if len(k.keys) < 2 {
		return int32(len(k.keys))
	}
	slices.Sort(k.keys)
	n := int32(1)
	for i := 1; i < len(k.keys); i++ {
		if k.keys[i] != k.keys[i-1] {
			n++
		}
	}
	return n
}

// days fills what purchase days tell of customer c and returns Σ (gap - mean gap)².
func (f *Features) days(rows *ledger.Rows, c, lo, hi int) float64 {
	first, last := civil.Unknown, civil.Unknown
	quarter := math.MinInt
	var days, quarters int32
	var sum, squared int64
	for i := lo; i < hi; i++ {
		d := rows.Day[i]
		if d == last || !purchase(rows, i) {
			continue
		}
		if days++; days == 1 {
			first = d
		} else {
			gap := int64(d - last)
			sum += gap
			squared += gap * gap
		}
		last = d
		if q := d.Quarter(); q != quarter {
			quarter = q
			quarters++
		}
	}
	f.FirstDay[c], f.LastDay[c], f.PurchaseDays[c], f.Quarters[c] = first, last, days, quarters
	f.TenureDays[c], f.RecencyDays[c], f.MeanGap[c] = -1, -1, math.NaN()
	if days == 0 {
		return 0
	}
	f.TenureDays[c], f.RecencyDays[c] = int32(f.AsOf-first), int32(f.AsOf-last)
	if days == 1 {
		return 0
	}
	gaps := int64(days - 1)
	f.MeanGap[c] = float64(sum) / float64(gaps)
	// gaps x squared <= 4/27 sum³ fits: the legal days span 3.7 million days.
	return float64(gaps*squared-sum*sum) / float64(gaps)
}

// marginSquares counts rows with positive covered sales and sums c (r - r̄)² over them.
func marginSquares(rows *ledger.Rows, lo, hi int) (n int32, squares float64) {
	var covered, profit float64
	for i := lo; i < hi; i++ {
		if rows.Covered[i] > 0 {
			n++
			covered += rows.Covered[i].Float()
			profit += rows.Covered[i].Float() - rows.Cost[i].Float()
		}
	}
	if n < 2 {
		return n, 0
	}
	rate := profit / covered
	for i := lo; i < hi; i++ {
		if rows.Covered[i] > 0 {
			c := rows.Covered[i].Float()
			d := (c-rows.Cost[i].Float())/c - rate
			squares += float64(float64(c*d) * d)
		}
	}
	return n, squares
}
