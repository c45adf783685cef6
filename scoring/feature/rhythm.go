package feature

import (
	"math"

	"github.com/vitalfew/vitalfew/scoring"
)

// Rhythm describes how often the customers of the ledger come back.
type Rhythm struct {
	// Gap is the population's mean number of days between purchase days, every customer weighted
	// by the credibility of the own mean; NaN where nobody came back.
	Gap float64
	// Prior is the prior strength in gaps, 0..+Inf: a customer with that many gaps of their own is
	// judged half by them and half by the population.
	Prior float64
	// Repeaters is the number of customers with two or more purchase days.
	Repeaters int
	// Estimated is false where Prior is not from the data: set, or one gap because nobody has two
	// gaps to compare.
	Estimated bool
}

// rhythm fills Rhythm, ExpectedGap and OverdueRatio. With k gaps of a customer's own that sum to S,
// population gap M and prior strength s,
//
//	expected gap = (s M + S) / (s + k),
//
// the posterior mean of an exponential gap under an inverse-gamma prior of shape s + 1 and mean M
// (Gelman et al., Bayesian Data Analysis, section 2.6, in the mean's parametrisation), and
// without that assumption the Bühlmann-Straub estimate with s = σ²/τ², which is how s and M are
// estimated (scoring.Fit).
func (f *Features) rhythm(squares []float64, prior float64, outside []bool) {
	g := scoring.Groups{Exposure: make([]float64, f.Len()), Mean: f.MeanGap, Squares: squares, N: make([]int32, f.Len())}
	for c, days := range f.PurchaseDays {
		if days >= 2 && (outside == nil || !outside[c]) {
			g.N[c], g.Exposure[c] = days-1, float64(days-1)
		}
	}
	const fallback = 1
	fit := scoring.Fit(g, fallback)
	if prior > 0 {
		fit = fit.WithK(g, prior)
	}
	f.Rhythm = Rhythm{Gap: fit.Mean, Prior: fit.K, Repeaters: fit.Groups, Estimated: fit.Estimated}
	for c := range f.ExpectedGap {
		f.ExpectedGap[c] = f.expectedGap(&fit, c)
		f.OverdueRatio[c] = float64(f.RecencyDays[c]) / f.ExpectedGap[c]
	}
}

func (f *Features) expectedGap(fit *scoring.Credibility, c int) float64 {
	switch f.PurchaseDays[c] {
	case 0:
		return math.NaN()
	case 1:
		return fit.Mean
	}
	return fit.Shrink(f.MeanGap[c], float64(f.PurchaseDays[c]-1), fit.Mean)
}
