package clv

import "math"

// Periods is the value in whole periods, as other packages print it: with E(t) the expected purchases
// in t days and u the days of a period,
//
//	Σ_{i=1..n} mean_c [E(i u) - E((i-1) u)] / (1 + rate)^i.
//
// lifetimes and PyMC-Marketing take u = 30 days for a month, 4.345 weeks where time is in weeks, and
// rate = 1% a month; this project's own month is Month. The unit of u is that of the model's time.
// mean is the profit of a purchase; n is 0 or more.
func Periods(m Model, p Patterns, mean []float64, n int, u, rate float64) []float64 {
	sum, last, next := make([]float64, p.Len()), make([]float64, p.Len()), make([]float64, p.Len())
	for i := 1; i <= n; i++ {
		m.Expected(next, p.X, p.TX, p.T, float64(i)*u)
		factor := math.Pow(1+rate, -float64(i))
		for k := range sum {
			sum[k] += float64((next[k] - last[k]) * factor)
		}
		last, next = next, last
	}
	value := make([]float64, len(p.Of))
	for c, k := range p.Of {
		value[c] = math.NaN()
		if k >= 0 {
			value[c] = sum[k] * mean[c]
		}
	}
	return value
}
