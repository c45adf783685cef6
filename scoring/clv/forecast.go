package clv

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/span"
	"gonum.org/v1/gonum/integrate/quad"
)

// nodes of the quadrature over the horizon. The integral is only the discount's part of the value, so
// that few do: on 600 random BG/NBD customers, horizons of 1 to 60 months, the largest relative error
// was 7e-7 at 10% a year and 4.4e-6 at 50%.
const nodes = 8

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

// forecast fills the horizon's patterns.
func (h *Horizon) forecast(in *Input, p *Patterns, o *Options) {
	n := p.Len()
	h.purchases = make([]forecast, n)
	h.around = make([]float64, n*len(in.Around))
	at, weight := make([]float64, nodes), make([]float64, nodes)
	quad.Legendre{}.FixedLocations(at, weight, 0, 1)
	delta := o.delta()
	span.Each(n, 2048, o.Workers, func(_, lo, hi int) {
		x, tx, t := p.X[lo:hi], p.TX[lo:hi], p.T[lo:hi]
		mean, none, dst, integral := make([]float64, hi-lo), make([]float64, hi-lo), make([]float64, hi-lo), make([]float64, hi-lo)
		in.Model.Expected(mean, x, tx, t, h.Days)
		in.Model.None(none, x, tx, t, h.Days)
		for j, u := range at {
			// τ = H u³: expected purchases rise most steeply at the start.
			tau := h.Days * u * u * u
			in.Model.Expected(dst, x, tx, t, tau)
			w := weight[j] * 3 * u * u * h.Days * math.Exp(-delta*tau)
			for i, e := range dst {
				integral[i] += float64(w * e)
			}
		}
		for i := range mean {
			h.purchases[lo+i] = newForecast(mean[i], none[i], math.Exp(-delta*h.Days)*mean[i]+delta*integral[i])
		}
		h.spread(in, x, tx, t, lo, mean)
	})
}

// newForecast takes E N, P(N = 0) and the expected sum of discount factors, which by parts is
//
//	∫ e^{-δτ} dE(τ) = e^{-δH} E(H) + δ ∫ e^{-δτ} E(τ) dτ over 0..H.
//
// It gives N the negative binomial distribution with that mean and that P(N = 0).
func newForecast(mean, none, discounted float64) forecast {
	f := forecast{mean: mean, discount: discounted / mean}
	switch {
	case mean == 0:
		f.discount, f.size = 1, math.Inf(1)
	case !(mean > 0) || math.IsInf(mean, 1) || !(none >= 0 && none <= 1+1e-9) || math.IsNaN(f.discount) || math.IsInf(f.discount, 0):
		f.bad = true
	default:
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

// spread fills around and the relative error of patterns [lo, lo+len(mean)).
func (h *Horizon) spread(in *Input, x, tx, t []int32, lo int, mean []float64) {
	m := len(in.Around)
	dst := make([]float64, len(mean))
	squares := make([]float64, len(mean))
	for b, model := range in.Around {
		model.Expected(dst, x, tx, t, h.Days)
		for i, e := range dst {
			ratio := e / mean[i]
			if math.IsNaN(ratio) || math.IsInf(ratio, 0) {
				ratio = 1 // mean 0, or a model that fails at parameters beside its own
			}
			h.around[(lo+i)*m+b] = ratio
			squares[i] += float64((ratio - 1) * (ratio - 1))
		}
	}
	for i, s := range squares {
		if m > 0 {
			h.purchases[lo+i].error = math.Sqrt(s / float64(m))
		}
	}
}
