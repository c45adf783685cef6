package spend

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/scoring"
	"github.com/vitalfew/vitalfew/scoring/history"
)

// Profit is the fitted model of gross profit per purchase. Purchases of customer i vary around the
// customer's mean θ_i, and θ_i around the population mean; nothing has to be positive. θ_i is
// estimated by Bühlmann-Straub credibility (scoring.Credibility) with the purchase as exposure:
//
//	θ̂_i = Z_i p̄_i + (1 - Z_i) m,   Z_i = n_i / (n_i + K),   K = σ²/τ²
//	SD_i² = (1 - Z_i) τ² + (1 - Z_i)² Var(m)
//
// (mean squared error of the linear Bayes estimate; Bühlmann and Gisler, A Course in Credibility
// Theory, 2005, theorems 3.7 and 4.4).
type Profit struct {
	scoring.Credibility
	// Tau2 and Sigma2 are the variances used, in squared currency units: Between and Within where the
	// data tell them; see FitProfit. NaN where not even a guess is possible.
	Tau2, Sigma2 float64
	// MeanSE is the standard error of Mean.
	MeanSE float64
	// Left lists the customers that were left out of the parameters as outliers, most extreme first.
	Left []int
	// Unknown counts customers with purchases whose cost is not known enough.
	Unknown int
}

// priorDegrees is how many degrees of freedom the population's variance has against a customer's own
// in Within: small, because purchases of small and large customers differ by orders of magnitude.
const priorDegrees = 3

// FitProfit estimates the model on the known spells of a history. Customers outside get an estimate
// but take no part; nil: none.
//
// A customer whose purchases have a known cost for less than half of their net sales is unknown.
// Where no customer has two purchases, variation within and between cannot be told apart: K is 1, half
// the variance each. A customer that alone makes more than half of the variation, within or between,
// of ten customers or more is left out of the parameters and flagged Outlier, at most one in a hundred
// (at least one): a single purchase of a million must not become everybody's expectation.
func FitProfit(h *history.History, outside []bool) *Profit {
	g, unknown := groups(h, outside)
	p := &Profit{Unknown: unknown}
	p.Credibility = scoring.Fit(g, 1)
	limit := max(1, p.Groups/100)
	for p.Groups >= 10 && len(p.Left) < limit {
		c := p.dominant(g)
		if c < 0 {
			break
		}
		p.Left = append(p.Left, c)
		g.N[c] = 0
		p.Credibility = scoring.Fit(g, 1)
	}
	p.variances(g)
	return p
}

// known reports whether the cost of at least half of customer c's purchases is known.
func known(h *history.History, c int) bool {
	if h.Spells[c] == 0 {
		return false
	}
	if h.Net[c] > 0 {
		return h.Covered[c] >= h.Net[c]/2+h.Net[c]%2
	}
	return 2*h.Spells[c] >= h.X[c]+1
}

func groups(h *history.History, outside []bool) (g scoring.Groups, unknown int) {
	n := h.Len()
	g = scoring.Groups{Exposure: make([]float64, n), Mean: make([]float64, n), Squares: h.Squares, N: make([]int32, n)}
	for c := range n {
		switch {
		case h.T[c] < 0 || outside != nil && outside[c]:
		case !known(h, c):
			unknown++
		default:
			g.N[c], g.Exposure[c], g.Mean[c] = h.Spells[c], float64(h.Spells[c]), h.MeanProfit(c)
		}
	}
	return g, unknown
}

// dominant is the customer with more than half of the squares within or between, or -1.
func (p *Profit) dominant(g scoring.Groups) int {
	var within, between, mostWithin, mostBetween float64
	iw, ib := -1, -1
	for c, n := range g.N {
		if n == 0 {
			continue
		}
		d := g.Mean[c] - p.Pooled
		b := float64(float64(g.Exposure[c]*d) * d)
		within += g.Squares[c]
		between += b
		if g.Squares[c] > mostWithin {
			iw, mostWithin = c, g.Squares[c]
		}
		if b > mostBetween {
			ib, mostBetween = c, b
		}
	}
	// Two customers can hold half of little; three with squares of their own are a comparison.
	switch {
	case mostBetween > between/2:
		return ib
	case mostWithin > within/2 && replicated(g) >= 3:
		return iw
	}
	return -1
}

func replicated(g scoring.Groups) (n int) {
	for c := range g.N {
		if g.N[c] >= 2 {
			n++
		}
	}
	return n
}

// variances settles Tau2, Sigma2 and MeanSE, also where the moments do not tell them.
func (p *Profit) variances(g scoring.Groups) {
	p.Tau2, p.Sigma2 = max(0, p.Between), p.Within
	if !p.Estimated {
		var squares, n float64
		for c := range g.N {
			if g.N[c] > 0 {
				d := g.Mean[c] - p.Mean
				squares += float64(d*d) + g.Squares[c]
				n += g.Exposure[c]
			}
		}
		p.Sigma2 = squares / (n - 1) / 2
		p.Tau2 = p.Sigma2
		if !(n > 1) {
			p.Tau2, p.Sigma2 = math.NaN(), math.NaN()
		}
	}
	var z, w float64
	for c := range g.N {
		if g.N[c] > 0 {
			z += p.Weight(g.Exposure[c])
			w += g.Exposure[c]
		}
	}
	p.MeanSE = math.Sqrt(p.Sigma2 / w)
	if z > 0 && p.Tau2 > 0 {
		p.MeanSE = math.Sqrt(p.Tau2 / z)
	}
}

// Expected is the expected gross profit of one purchase of each customer, in currency units. A
// customer without a purchase gets the population mean, flagged Prior; one whose cost is not known
// enough is NaN, flagged NoCost.
func (p *Profit) Expected(h *history.History) *Estimate {
	e := newEstimate(h.Len())
	for c := range e.Mean {
		switch {
		case h.T[c] < 0:
			e.set(c, p.Mean, math.Hypot(math.Sqrt(p.Tau2), p.MeanSE), math.Sqrt(p.Sigma2), p.MeanSE, Prior)
		case !known(h, c):
			e.set(c, math.NaN(), math.NaN(), math.NaN(), math.NaN(), NoCost)
		default:
			p.expect(e, c, h.MeanProfit(c), float64(h.Spells[c]), h.Squares[c])
		}
	}
	for _, c := range p.Left {
		far := math.Abs(e.Mean[c] - p.Mean)
		e.set(c, e.Mean[c], max(e.SD[c], far), e.Within[c], e.Shared[c], e.Flags[c]|Outlier)
	}
	return e
}

func (p *Profit) expect(e *Estimate, c int, mean, n, squares float64) {
	rest := 1 - p.Weight(n)
	var flag Flag
	if !p.Estimated {
		flag = Fallback
	}
	within := (priorDegrees*p.Sigma2 + squares) / (priorDegrees + n - 1)
	shared := rest * p.MeanSE
	e.set(c, p.Shrink(mean, n, p.Mean), math.Hypot(math.Sqrt(rest*p.Tau2), shared), math.Sqrt(within), shared, flag)
}

// Warnings say in words what limits the fit; none where there is nothing to say.
func (p *Profit) Warnings() (w []string) {
	switch {
	case p.Groups == 0:
		w = append(w, "no purchase has a known cost: profit per purchase is unknown; give costs, a product table or category margins")
	case !p.Estimated:
		w = append(w, fmt.Sprintf("%d customers without enough repeated purchases: own means are shrunk half toward %.2f per purchase", p.Groups, p.Mean))
	case math.IsInf(p.K, 1):
		w = append(w, fmt.Sprintf("customers do not differ visibly in profit per purchase: everybody gets %.2f", p.Mean))
	}
	if n := len(p.Left); n > 0 {
		w = append(w, fmt.Sprintf("%d customers make more than half of all variation in profit and were left out of the population's figures", n))
	}
	if p.Unknown > 0 {
		w = append(w, fmt.Sprintf("%d customers have purchases whose cost is not known enough: their profit per purchase stays unknown", p.Unknown))
	}
	return w
}
