package clv

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/span"
)

// forecast is what a pattern's purchases in the horizon look like.
type forecast struct {
	mean     float64 // E N
	discount float64 // Σ of expected discount factors / E N, the mean worth of one unit of profit
	size     float64 // of the negative binomial N; +Inf for Poisson
	error    float64 // relative standard deviation of E N from the parameters
	bad      bool
}

// variance is Var N.
func (f *forecast) variance() float64 { return f.mean + f.mean*f.mean/f.size }

// forecasts fills the patterns of all horizons in one pass.
func forecasts(hs []Horizon, in *Input, p *Patterns, o *Options) {
	n := p.Len()
	for i := range hs {
		hs[i].purchases = make([]forecast, n)
	}
	q := newSchedule(hs, o.delta())
	span.Each(n, 512, o.Workers, func(_, lo, hi int) {
		x, tx, t := p.X[lo:hi], p.TX[lo:hi], p.T[lo:hi]
		expected, none := make([]float64, (hi-lo)*len(q.at)), make([]float64, hi-lo)
		in.Model.Expected(expected, x, tx, t, q.at...)
		for k := range hs {
			h := &hs[k]
			if h.bounded {
				in.Model.None(none, x, tx, t, h.Days)
			}
			for i := range none {
				mean, discounted := q.sum(k, expected[i*len(q.at):(i+1)*len(q.at)])
				h.purchases[lo+i] = newForecast(mean, none[i], discounted, h.bounded)
			}
		}
	})
	for i := range hs {
		if hs[i].bounded {
			hs[i].spread(in, p, o.Workers)
		}
	}
}

// newForecast takes E N, P(N = 0) and the expected sum of discount factors. It gives N the negative binomial distribution with that mean and that P(N = 0).
// Without an interval nobody asks for the distribution.
func newForecast(mean, none, discounted float64, bounded bool) forecast {
	f := forecast{mean: mean, discount: discounted / mean}
	switch {
	case mean == 0:
		f.discount, f.size = 1, math.Inf(1)
	case !(mean > 0) || math.IsInf(mean, 1) || bounded && !(none >= 0 && none <= 1+1e-9) || math.IsNaN(f.discount) || math.IsInf(f.discount, 0):
		f.bad = true
	case bounded:
		f.size = size(mean, none)
	}
	return f
}

// size solves (1 + mean/size)^-size = none. Where none <= e^-mean, purchases come at least as regularly
// as at random, and Poisson stands in, which is never too narrow there.
func size(mean, none float64) float64 {
	want := -math.Log(min(none, 1))
	if !(want < mean*(1-1e-9)) {
		return math.Inf(1)
	}
	want = max(want, 1e-12*mean)
	lo, hi := -60.0, 30.0 // ln(size/mean)
	for range 60 {
		mid := (lo + hi) / 2
		if s := mean * math.Exp(mid); s*math.Log1p(mean/s) < want {
			lo = mid
		} else {
			hi = mid
		}
	}
	return mean * math.Exp((lo+hi)/2)
}

// spread fills around per cell, and the relative error of the patterns.
func (h *Horizon) spread(in *Input, p *Patterns, workers int) {
	m, c := len(in.Around), h.cells
	h.around = make([]float64, c.len()*m)
	relative := make([]float64, c.len())
	span.Each(c.len(), 512, workers, func(_, lo, hi int) {
		x, tx, t := c.of(p, lo, hi)
		dst, squares := make([]float64, hi-lo), relative[lo:hi]
		for b, model := range in.Around {
			model.Expected(dst, x, tx, t, h.Days)
			for i, e := range dst {
				ratio := e / h.purchases[c.first[lo+i]].mean
				if math.IsNaN(ratio) || math.IsInf(ratio, 0) {
					ratio = 1 // mean 0, or a model that fails at parameters beside its own
				}
				h.around[(lo+i)*m+b] = ratio
				squares[i] += float64((ratio - 1) * (ratio - 1))
			}
		}
	})
	for k := range h.purchases {
		if m > 0 {
			h.purchases[k].error = math.Sqrt(relative[c.cell[k]] / float64(m))
		}
	}
}
