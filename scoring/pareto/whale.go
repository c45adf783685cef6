package pareto

import "math"

// Whale is the whale curve of a measure that can be negative, gross profit as a rule: the
// cumulative measure over the customers, best first. It climbs while customers earn, peaks, and
// falls over the loss-makers to the total (Kaplan and Narayanan, Measuring and Managing Customer
// Profitability, Journal of Cost Management 15(5), 2001).
type Whale[V ~int64] struct {
	// Total is the sum of all, Peak the sum of the values above zero, RightOfPeak (0 or less) what
	// the loss-makers take away: Total = Peak + RightOfPeak.
	Total, Peak, RightOfPeak V
	// PeakRank is the rank at the peak: the number of customers above zero.
	PeakRank int
	// PeakShare is Peak / Total, 1 or more; NaN unless HasRatio.
	PeakShare float64
	// HasRatio is false where Total is 0 or less: then the amounts stand, and no ratio.
	HasRatio bool
	// Losers lists the customers right of the peak, the smallest loss first. It shares memory with
	// the ranking. Customers at exactly zero stand on the peak and are not listed.
	Losers []int32
	// Customers is the number of ranked customers.
	Customers int

	ranking *Ranking[V]
}

// Point is one point of the curve.
type Point[V ~int64] struct {
	// Customers best customers together have Sum.
	Customers int
	Sum       V
	// Share is Sum / Total; NaN unless the curve has a ratio.
	Share float64
}

// NewWhale reads the whale curve off a ranking.
func NewWhale[V ~int64](r *Ranking[V]) *Whale[V] {
	w := &Whale[V]{
		Total: r.Total, Peak: r.Base, RightOfPeak: r.Total - r.Base, PeakShare: math.NaN(),
		HasRatio: r.Total > 0, Customers: len(r.Order), ranking: r,
	}
	right := len(r.Order)
	for right > 0 && r.Values[r.Order[right-1]] < 0 {
		right--
	}
	w.Losers = r.Order[right:]
	w.PeakRank = right
	for w.PeakRank > 0 && r.Values[r.Order[w.PeakRank-1]] == 0 {
		w.PeakRank--
	}
	if w.HasRatio {
		w.PeakShare = float64(w.Peak) / float64(w.Total)
	}
	return w
}

// Points are n+1 points of the curve for a chart: after 0/n, 1/n, ... n/n of the customers, rounded
// down, so n = 10 gives the deciles. Points(n) panics for n < 1.
func (w *Whale[V]) Points(n int) []Point[V] {
	if n < 1 {
		panic("pareto: a curve has one part or more")
	}
	points := make([]Point[V], 0, n+1)
	var sum V
	at := 0
	for k := range n + 1 {
		for to := int(int64(w.Customers) * int64(k) / int64(n)); at < to; at++ {
			sum += w.ranking.Values[w.ranking.Order[at]]
		}
		p := Point[V]{Customers: at, Sum: sum, Share: math.NaN()}
		if w.HasRatio {
			p.Share = float64(sum) / float64(w.Total)
		}
		points = append(points, p)
	}
	return points
}
