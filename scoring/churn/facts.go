package churn

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
)

// unset is an unknown fact.
func unset() float32 { return float32(math.NaN()) }

// facts are what the ledger says of a customer, in plain units: days, counts, currency units, shares.
type facts struct {
	recency, tenure       float32 // days since the last and the first purchase day
	expected              float32 // the expected gap, days
	meanGap, spread       float32 // of the own gaps, days; spread from two gaps
	earlyGap, lateGap     float32 // mean gap of the first and the last half of them
	days                  float32 // purchase days
	recent, earlier       float32 // of them in the last window and in the one before
	value                 float32 // mean net sales of a purchase day
	earlyValue, lateValue float32 // mean of the first and the last half of the purchase days
	spend                 float32 // net sales in the last window
	returned, discount    float32 // shares of gross sales
	breadth               float32 // categories
	season                float32 // day of the year of the first purchase, 0..365
}

// kernel is the scratch of one worker: purchase days and what they sold.
type kernel struct {
	day []civil.Day
	net []float64
}

func (k *kernel) facts(v ledger.View, c, window int) facts {
	lo, hi := v.Seen(c)
	k.read(v.Rows(), lo, hi)
	n, asOf := len(k.day), v.AsOf()
	first, last := k.day[0], k.day[n-1]
	f := facts{
		recency: float32(asOf - last), tenure: float32(asOf - first), days: float32(n), value: mean(k.net),
		meanGap: unset(), spread: unset(), earlyGap: unset(), lateGap: unset(), earlyValue: unset(), lateValue: unset(),
		breadth: float32(v.Breadth(c)),
	}
	year, _, _ := first.Date()
	newYear, _ := civil.Of(year, 1, 1)
	f.season = float32(first - newYear)
	for _, d := range k.day {
		switch age := int(asOf - d); {
		case age <= window:
			f.recent++
		case age <= 2*window:
			f.earlier++
		}
	}
	k.gaps(&f)
	k.sums(&f, v, c, window)
	return f
}

// read collects the purchase days of a row range; there is at least one.
func (k *kernel) read(rows *ledger.Rows, lo, hi int) {
	k.day, k.net = k.day[:0], k.net[:0]
	for i := lo; i < hi; i++ {
		if !purchase(rows, i) {
			continue
		}
		if n := len(k.day); n == 0 || k.day[n-1] != rows.Day[i] {
			k.day, k.net = append(k.day, rows.Day[i]), append(k.net, 0)
		}
		k.net[len(k.net)-1] += rows.Net[i].Float()
	}
}

// gaps fills what the time and the sales between purchase days say. Halves leave a middle one out.
func (k *kernel) gaps(f *facts) {
	n := len(k.day)
	if n < 2 {
		return
	}
	span := func(from, to int) float32 { return float32(k.day[to]-k.day[from]) / float32(to-from) }
	f.meanGap = span(0, n-1)
	f.earlyValue, f.lateValue = mean(k.net[:n/2]), mean(k.net[n-n/2:])
	if gaps := n - 1; gaps >= 2 {
		f.earlyGap, f.lateGap = span(0, gaps/2), span(n-1-gaps/2, n-1)
		var squares float64
		for i := 1; i < n; i++ {
			d := float64(k.day[i]-k.day[i-1]) - float64(f.meanGap)
			squares += float64(d * d)
		}
		f.spread = float32(math.Sqrt(squares / float64(gaps-1)))
	}
}

// sums fills the shares and the window's sales, over all rows: a credit note counts on its own day.
func (k *kernel) sums(f *facts, v ledger.View, c, window int) {
	rows := v.Rows()
	lo, hi := v.Seen(c)
	var net, returned, discount float64
	for i := lo; i < hi; i++ {
		net += rows.Net[i].Float()
		returned += rows.Returned[i].Float()
		discount += rows.Discount[i].Float()
		if int(v.AsOf()-rows.Day[i]) <= window {
			f.spend += float32(rows.Net[i].Float())
		}
	}
	f.returned, f.discount = unset(), unset()
	if gross := net + returned; gross > 0 {
		f.returned = float32(min(1, returned/gross))
	}
	if list := net + returned + discount; list > 0 {
		f.discount = float32(min(1, max(0, discount/list)))
	}
}

func mean(x []float64) float32 {
	var sum float64
	for _, v := range x {
		sum += v
	}
	return float32(sum / float64(len(x)))
}
