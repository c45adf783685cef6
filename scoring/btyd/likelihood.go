package btyd

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/span"
	"github.com/vitalfew/vitalfew/scoring/special"
)

// point is the log-likelihood of weighted patterns with its derivatives by θ (not by ln θ).
type point struct {
	ll    float64
	grad  [4]float64
	outer [4][4]float64 // Σ weight g gᵀ over patterns, upper triangle: the information while far away
}

func (p *point) add(weight, ll float64, g *[4]float64) {
	p.ll += float64(weight * ll)
	for i, gi := range g {
		w := float64(weight * gi)
		p.grad[i] += w
		for j := i; j < 4; j++ {
			p.outer[i][j] += float64(w * g[j])
		}
	}
}

func (p *point) join(q *point) {
	p.ll += q.ll
	for i := range p.grad {
		p.grad[i] += q.grad[i]
		for j := i; j < 4; j++ {
			p.outer[i][j] += q.outer[i][j]
		}
	}
}

// LogLikelihood is Σ weight ln L over the patterns, with its derivatives by Theta. An invalid model
// panics. Workers never change a bit.
func (m Model) LogLikelihood(p *Patterns, workers int) (ll float64, gradient [4]float64) {
	if err := m.Validate(); err != nil {
		panic("btyd: " + err.Error())
	}
	at := m.evaluate(p, 1, workers)
	return at.ll, at.grad
}

// evaluate is the likelihood of p with all times multiplied by scale.
func (m Model) evaluate(p *Patterns, scale float64, workers int) *point {
	parts := make([]point, span.Count(p.Len(), block))
	span.Each(p.Len(), block, workers, func(b, lo, hi int) {
		k := newKernel(m)
		var sum point // the block's own, so that workers do not share a cache line
		for i := lo; i < hi; i++ {
			h := p.Histories[i]
			h.TX *= scale
			h.T *= scale
			ll := k.history(h)
			sum.add(p.Weight[i], ll, &k.grad)
		}
		parts[b] = sum
	})
	total := &point{}
	for i := range parts {
		total.join(&parts[i])
	}
	return total
}

// kernel computes ln L of one history after the other; terms of x alone are kept until x changes,
// since patterns are sorted by it.
type kernel struct {
	Model
	grad         [4]float64 // by Theta, of the last history
	logs         [4]float64 // ln Theta
	x            int
	fixed        float64    // the terms of x alone
	slope        [4]float64 // and their derivatives
	leave, alive float64    // of paretoHistory and opportunityHistory: ln of the two parts of L
}

func newKernel(m Model) *kernel {
	k := &kernel{Model: m, x: -1}
	for i, v := range m.Theta {
		k.logs[i] = math.Log(v)
	}
	return k
}

func (k *kernel) history(h History) float64 {
	if h.X != k.x {
		k.count(h.X)
	}
	k.grad = k.slope
	switch k.Family {
	case ParetoNBD:
		return k.fixed + k.paretoHistory(h)
	case BGBB:
		return k.fixed + k.opportunityHistory(h)
	}
	return k.fixed + k.geometricHistory(h)
}

// count sets the terms of x: ln Γ(r+kx)/Γ(r) + r ln α and ln B(a, b+n)/B(a, b) or s ln β.
func (k *kernel) count(count int) {
	k.x = count
	x, t := float64(count), &k.Theta
	if k.Family == BGBB {
		k.fixed, k.slope = special.LogRising(t[0], x), [4]float64{special.DigammaRise(t[0], x)}
		return
	}
	phases := x * float64(k.Family.K())
	k.fixed = special.LogRising(t[0], phases) + t[0]*k.logs[1]
	k.slope = [4]float64{special.DigammaRise(t[0], phases) + k.logs[1], t[0] / t[1], 0, 0}
	if k.Family == ParetoNBD {
		k.fixed += t[2] * k.logs[3]
		k.slope[2], k.slope[3] = k.logs[3], t[2]/t[3]
		return
	}
	if phases > x {
		k.fixed += special.LogGamma(x) - special.LogGamma(phases)
	}
	n := x + k.start()
	k.fixed += special.LogRising(t[3], n) - special.LogRising(t[2]+t[3], n)
	both := special.DigammaRise(t[2]+t[3], n)
	k.slope[2], k.slope[3] = -both, special.DigammaRise(t[3], n)-both
}

// geometricHistory is ln[S (α+T)^-R + a/(b+n-1) (α+t_x)^-R] with R = r+kx, n = x for BG/NBD (no second
// part at x = 0; Fader, Hardie and Lee 2005, eq. 6) and n = x+1 for MBG/NBD (Batislam et al. 2007). S is 1
// except under MBG/CNBD-k, where fewer than k phases have passed since t_x (Platzer and Reutterer 2016,
// eq. 6):
//
//	S = Σ over j < k of Γ(R+j)/(Γ(R) j!) ((T-t_x)/(α+T))^j
//
// Their likelihood is that of all purchase times. That of t_x alone is (kx-1) ln t_x - ln Γ(kx) instead of
// their sum over the gaps; less the same at k = 1, it is the likelihood that the other families have.
func (k *kernel) geometricHistory(h History) float64 {
	t, phases := &k.Theta, k.Family.K()
	shape, end := t[0]+float64(phases*h.X), t[1]+h.T
	lnEnd := math.Log(end)
	k.grad[0] -= lnEnd
	k.grad[1] -= shape / end
	before := t[3] + float64(h.X) + k.start() - 1
	if h.X == 0 && k.Family == BGNBD {
		return -shape * lnEnd
	}
	wait := math.Log1p((h.T - h.TX) / (t[1] + h.TX))
	odds := shape*wait + k.logs[2] - math.Log(before)
	ll := -shape * lnEnd
	var byR, byAlpha float64
	if phases > 1 {
		s := phasesSince(phases, shape, (h.T-h.TX)/end)
		lnS := math.Log(s.sum)
		odds -= lnS
		ll += lnS
		if h.X > 0 {
			ll += float64((phases-1)*h.X) * math.Log(h.TX)
		}
		byR, byAlpha = s.byShape/s.sum, -s.mean/s.sum/end
	}
	gone := special.Logistic(odds)
	k.grad[0] += gone*wait + (1-gone)*byR
	k.grad[1] += gone*shape*(1/end-1/(t[1]+h.TX)) + (1-gone)*byAlpha
	k.grad[2] += gone / t[2]
	k.grad[3] -= gone / before
	return ll + special.Softplus(odds)
}
