package btyd

import (
	"math"

	"github.com/vitalfew/vitalfew/scoring/special"
)

// opportunityHistory is ln L of BG/BB (Fader, Hardie and Shang 2010, eq. 5) less the terms of x alone:
//
//	(β)_(n-x)/(α+β)_n (δ)_n/(γ+δ)_n + Σ over i < n-t_x of (β)_(t_x-x+i)/(α+β)_(t_x+i) γ (δ)_(t_x+i)/(γ+δ)_(t_x+i+1)
//
// still a customer, or gone before the opportunity t_x+i+1; (y)_k is the rising factorial and times
// (α)_x makes them the paper's betas. The parts come from one another by ratios, beside the first.
func (k *kernel) opportunityHistory(h History) float64 {
	t := &k.Theta
	sold, silent := h.TX, h.TX-float64(h.X)
	both, ends := t[0]+t[1], t[2]+t[3]
	slopes := [4]float64{special.DigammaRise(both, sold), special.DigammaRise(t[1], silent),
		special.DigammaRise(ends, sold), special.DigammaRise(t[3], sold)}
	first := special.LogRising(t[1], silent) - special.LogRising(both, sold) +
		special.LogRising(t[3], sold) - special.LogRising(ends, sold)
	part, gone := 1.0, 0.0 // (β)(δ)/((α+β)(γ+δ)) up to the opportunity, beside the first; Σ of those who left
	var by [4]float64
	for i := sold; i < h.T; i++ {
		w := part * t[2] / (ends + i)
		gone += w
		leave := slopes
		leave[2] += 1 / (ends + i)
		add(&by, w, leave, 1/t[2])
		part *= (t[1] + i - float64(h.X)) / (both + i) * (t[3] + i) / (ends + i)
		slopes[0] += 1 / (both + i)
		slopes[1] += 1 / (t[1] + i - float64(h.X))
		slopes[2] += 1 / (ends + i)
		slopes[3] += 1 / (t[3] + i)
	}
	add(&by, part, slopes, 0)
	total := part + gone
	for i := range by {
		k.grad[i] += by[i] / total
	}
	k.alive, k.leave = first+math.Log(part), first+math.Log(gone)
	return first + math.Log(total)
}

// add adds weight times the derivatives of a part's logarithm: slopes are digamma rises of α+β, β,
// γ+δ and δ.
func add(by *[4]float64, weight float64, slopes [4]float64, end float64) {
	by[0] -= float64(weight * slopes[0])
	by[1] += float64(weight * (slopes[1] - slopes[0]))
	by[2] += float64(weight * (end - slopes[2]))
	by[3] += float64(weight * (slopes[3] - slopes[2]))
}

// opportunityFuture is the customer who is alive: buying ~ Beta(α+x, β+n-x), leaving ~ Beta(γ, δ+n).
func opportunityFuture(m Model, h History) Future {
	k := newKernel(m)
	k.opportunityHistory(h)
	p, x := m.Theta, float64(h.X)
	return Future{
		family: BGBB, Alive: special.Logistic(k.alive - k.leave), gone: special.Logistic(k.leave - k.alive),
		r: p[0] + x, alpha: p[1] + h.T - x, a: p[2], b: p[3] + h.T,
	}
}

// opportunityStays is E(1-θ)^⌊t⌋: no end at any of the opportunities within t.
func (u *Future) opportunityStays(t float64) float64 {
	n := math.Floor(t)
	return math.Exp(special.LogRising(u.b, n) - special.LogRising(u.a+u.b, n))
}

// opportunityMean is E p Σ over the opportunities within t of E(1-θ)^i worth^i.
func (u *Future) opportunityMean(worth, t float64) float64 {
	sum, stay := 0.0, 1.0
	for i := 0.0; i < math.Floor(t) && stay > 1e-300; i++ {
		stay *= worth * (u.b + i) / (u.a + u.b + i)
		sum += stay
	}
	return sum * u.r / (u.r + u.alpha)
}

// opportunityLogCount is ln P(n purchases at the opportunities within t): n of the i at which the
// customer still is one.
func (u *Future) opportunityLogCount(n int, t float64) float64 {
	x, end := float64(n), math.Floor(t)
	log := math.Inf(-1)
	for i := x; i <= end; i++ {
		last := special.LogRising(u.b, i) - special.LogRising(u.a+u.b, i) // ln E(1-θ)^i
		if i < end {
			last += math.Log(u.a / (u.a + u.b + i)) // and the end at the next
		}
		buys := special.LogRising(u.r, x) + special.LogRising(u.alpha, i-x) - special.LogRising(u.r+u.alpha, i)
		ways := special.LogGamma(i+1) - special.LogGamma(x+1) - special.LogGamma(i-x+1)
		log = special.LogAdd(log, last+buys+ways)
	}
	return log
}

// opportunityDiscounted is E p E over θ of Σ over i >= 1 of (v(1-θ))^i, v = e^-rate.
func (u *Future) opportunityDiscounted(rate float64) float64 {
	lost := -math.Expm1(-rate)
	return u.r / (u.r + u.alpha) * special.BetaMean(u.a, u.b, min(1, lost), func(p float64) float64 {
		return (1 - lost) * (1 - p) / (lost + p*(1-lost))
	})
}
