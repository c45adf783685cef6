package scoring

import "math"

// Groups are customers with repeated observations x_ij of exposure w_ij, summed up per customer.
// All slices have one length; a customer with Exposure <= 0 or N < 1 takes no part.
type Groups struct {
	Exposure []float64 // w_i = Σ_j w_ij
	Mean     []float64 // x̄_i = Σ_j w_ij x_ij / w_i
	Squares  []float64 // Σ_j w_ij (x_ij - x̄_i)²
	N        []int32   // number of observations
}

// Credibility is the fitted Bühlmann-Straub model: x_ij varies around the customer's own mean θ_i
// with variance σ²/w_ij, and θ_i around the mean of all with variance τ². The best linear estimate
// of θ_i is then
//
//	Z_i x̄_i + (1 - Z_i) m,   Z_i = w_i / (w_i + k),   k = σ²/τ².
//
// It is the posterior mean where the observations are normal, and also for gamma-Poisson and
// exponential-inverse-gamma pairs, which are linear in the data.
//
// Source: Bühlmann and Straub, Glaubwürdigkeit für Schadensätze, 1970; the moment estimators in
// Klugman, Panjer and Willmot, Loss Models, section on semi- and nonparametric estimation.
type Credibility struct {
	Pooled  float64 // Σ w_i x̄_i / Σ w_i; NaN without groups
	Mean    float64 // Σ Z_i x̄_i / Σ Z_i, where frequent customers count less than in Pooled; NaN without groups
	Within  float64 // σ² >= 0; NaN where no group has two observations
	Between float64 // τ² as estimated, not truncated: below zero means no difference is visible
	K       float64 // exposure that has weight 1/2, 0..+Inf
	Groups  int     // customers that took part
	// Estimated is false where the data cannot tell σ² from τ² (no repeated observation, or fewer
	// than two groups), so that K is the fallback.
	Estimated bool
}

// Fit estimates the model by the method of moments:
//
//	σ² = Σ_i Σ_j w_ij (x_ij - x̄_i)² / Σ_i (n_i - 1)
//	τ² = [Σ_i w_i (x̄_i - x̄)² - (I - 1) σ²] / (w - Σ_i w_i²/w)
//
// τ² <= 0 means full shrinkage (K = +Inf), unless σ² is 0 too. Sums run in customer order, so the
// result is the same for every run. fallback is K where the data cannot tell.
func Fit(g Groups, fallback float64) Credibility {
	var c Credibility
	var w, wx, ww, squares, replicates float64
	for i, e := range g.Exposure {
		if !g.takesPart(i) {
			continue
		}
		c.Groups++
		w += e
		wx += float64(e * g.Mean[i]) // explicit conversions keep FMA machines on the same bits
		ww += float64(e * e)
		squares += g.Squares[i]
		replicates += float64(g.N[i] - 1)
	}
	c.Pooled = wx / w
	var between float64
	for i, e := range g.Exposure {
		if g.takesPart(i) {
			d := g.Mean[i] - c.Pooled
			between += float64(float64(e*d) * d)
		}
	}
	c.Within = squares / replicates
	c.Between = (between - float64(float64(c.Groups-1)*c.Within)) / (w - ww/w)
	c.Estimated = replicates > 0 && c.Groups >= 2
	switch {
	case !c.Estimated:
		c.K = fallback
	case c.Within == 0:
		c.K = 0
	case !(c.Between > 0):
		c.K = math.Inf(1)
	default:
		c.K = c.Within / c.Between
	}
	c.Mean = c.mean(g)
	return c
}

// WithK is the model with a given K >= 0 in place of the estimated one.
func (c Credibility) WithK(g Groups, k float64) Credibility {
	c.K, c.Estimated = k, false
	c.Mean = c.mean(g)
	return c
}

func (g *Groups) takesPart(i int) bool { return g.Exposure[i] > 0 && g.N[i] >= 1 }

func (c *Credibility) mean(g Groups) float64 {
	var z, zx float64
	for i, e := range g.Exposure {
		if g.takesPart(i) {
			weight := c.Weight(e)
			z += weight
			zx += float64(weight * g.Mean[i])
		}
	}
	if z == 0 {
		return c.Pooled
	}
	return zx / z
}

// Weight is Z = w / (w + K) in 0..1: 0 for an exposure of 0 or less, and for K = +Inf.
func (c *Credibility) Weight(exposure float64) float64 {
	if exposure <= 0 {
		return 0
	}
	return exposure / (exposure + c.K)
}

// Shrink is Z x + (1 - Z) toward, between its two arguments.
func (c *Credibility) Shrink(x, exposure, toward float64) float64 {
	return toward + float64(c.Weight(exposure)*(x-toward))
}
