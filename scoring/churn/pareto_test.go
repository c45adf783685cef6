package churn_test

import (
	"math"
	"testing"

	"github.com/vitalfew/vitalfew/scoring/history"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/optimize"
)

// pareto is a Pareto/NBD model by formulas of reference/clv.md 2.4, enough to give slices a base.
type pareto struct{ r, alpha, s, beta float64 }

type pattern struct{ x, tx, t float64 }

func (m pareto) parts(p pattern) (a, b float64) {
	k := m.r + p.x - 1
	l := math.Log1p((p.t - p.tx) / (m.alpha + p.tx))
	if k > 0 {
		l = min(l, 45/k)
	}
	shift := math.Log(m.beta + p.tx) // keeps the integrand near 1 where it is largest
	area := quad.Fixed(func(v float64) float64 {
		return math.Exp(-k*v - (m.s+1)*(math.Log(m.beta+(m.alpha+p.tx)*math.Exp(v)-m.alpha)-shift))
	}, 0, l, 24, quad.Legendre{}, 0)
	return -(m.r+p.x)*math.Log(m.alpha+p.t) - m.s*math.Log(m.beta+p.t), math.Log(m.s) - k*math.Log(m.alpha+p.tx) - (m.s+1)*shift + math.Log(area)
}

func logAdd(a, b float64) float64 { return max(a, b) + math.Log1p(math.Exp(-math.Abs(a-b))) }

func (m pareto) logLikelihood(p pattern) float64 {
	a, b := m.parts(p)
	both := a
	if p.t > p.tx {
		both = logAdd(a, b)
	}
	gx, _ := math.Lgamma(m.r + p.x)
	gr, _ := math.Lgamma(m.r)
	return gx - gr + m.r*math.Log(m.alpha) + m.s*math.Log(m.beta) + both
}

// noPurchase is the probability of no purchase in h days.
func (m pareto) noPurchase(p pattern, h float64) float64 {
	alive := 1.0
	if p.t > p.tx {
		a, b := m.parts(p)
		alive = math.Exp(a - logAdd(a, b))
	}
	stays := math.Exp((m.r+p.x)*math.Log((m.alpha+p.t)/(m.alpha+p.t+h)) + m.s*math.Log((m.beta+p.t)/(m.beta+p.t+h)))
	leaves := m.s / (m.beta + p.t) * quad.Fixed(func(y float64) float64 {
		return math.Exp(-(m.r+p.x)*math.Log1p(y/(m.alpha+p.t)) - (m.s+1)*math.Log1p(y/(m.beta+p.t)))
	}, 0, h, 32, quad.Legendre{}, 0)
	return 1 - alive + alive*(stays+leaves)
}

// fitPareto maximises the likelihood of a history in days.
func fitPareto(t testing.TB, h *history.History) pareto {
	t.Helper()
	count := map[pattern]float64{}
	var list []pattern
	for c := range h.Len() {
		if h.T[c] < 0 {
			continue
		}
		p := pattern{float64(h.X[c]), float64(h.TX[c]), float64(h.T[c])}
		if count[p]++; count[p] == 1 {
			list = append(list, p)
		}
	}
	of := func(v []float64) pareto {
		return pareto{math.Exp(v[0]), math.Exp(v[1]), math.Exp(v[2]), math.Exp(v[3])}
	}
	problem := optimize.Problem{Func: func(v []float64) float64 {
		for _, x := range v {
			if math.Abs(x) > 15 {
				return math.Inf(1)
			}
		}
		m, sum := of(v), 0.0
		for _, p := range list {
			sum -= count[p] * m.logLikelihood(p)
		}
		return sum
	}}
	got, err := optimize.Minimize(problem, []float64{-0.5, 4, -0.5, 4.5}, &optimize.Settings{
		Converger: &optimize.FunctionConverge{Absolute: 1e-5, Iterations: 60}, FuncEvaluations: 600}, &optimize.NelderMead{})
	if err != nil {
		t.Fatal(err)
	}
	return of(got.X)
}

func (m pareto) base(h *history.History, horizon int) []float64 {
	p := make([]float64, h.Len())
	for c := range p {
		if p[c] = math.NaN(); h.T[c] >= 0 {
			p[c] = m.noPurchase(pattern{float64(h.X[c]), float64(h.TX[c]), float64(h.T[c])}, float64(horizon))
		}
	}
	return p
}
