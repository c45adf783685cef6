package spend

import (
	"math"
)

// GammaGamma is the model of Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013):
// single purchases of a customer are gamma with shape P and rate ν, and ν varies between customers as
// gamma with shape Q and rate V. P and Q are pure numbers above zero, V is in currency units.
type GammaGamma struct{ P, Q, V float64 }

// LogLikelihood is ln f(m | x) for the mean m > 0 of x >= 1 purchases (equation 1a of the note).
func (g GammaGamma) LogLikelihood(m, x float64) float64 {
	a, _ := math.Lgamma(g.P*x + g.Q)
	b, _ := math.Lgamma(g.P * x)
	c, _ := math.Lgamma(g.Q)
	return a - b - c + g.Q*math.Log(g.V) + (g.P*x-1)*math.Log(m) + g.P*x*math.Log(x) - (g.P*x+g.Q)*math.Log(x*m+g.V)
}

// Mean is the population mean p v / (q - 1); NaN for q <= 1, where it does not exist.
func (g GammaGamma) Mean() float64 {
	if !(g.Q > 1) {
		return math.NaN()
	}
	return g.P * g.V / (g.Q - 1)
}

// Weight is p x / (p x + q - 1), the weight of the own mean against Mean for q > 1.
func (g GammaGamma) Weight(x float64) float64 { return g.P * x / (g.P*x + g.Q - 1) }

// Conditional is E(M | m, x) = p (v + x m) / (p x + q - 1), the customer's expected mean value
// (equation 5); m is ignored where x is 0. NaN where p x + q <= 1, where it does not exist.
func (g GammaGamma) Conditional(m, x float64) float64 {
	shape, rate := g.posterior(m, x)
	if !(shape > 1) {
		return math.NaN()
	}
	return g.P * rate / (shape - 1)
}

// ConditionalSD is the standard deviation of M = p/ν given m and x, from the inverse-gamma posterior;
// NaN where p x + q <= 2, where it does not exist.
func (g GammaGamma) ConditionalSD(m, x float64) float64 {
	shape, _ := g.posterior(m, x)
	if !(shape > 2) {
		return math.NaN()
	}
	return g.Conditional(m, x) / math.Sqrt(shape-2)
}

// Within is the standard deviation of one purchase around M, √(E M² / p); NaN as ConditionalSD.
func (g GammaGamma) Within(m, x float64) float64 {
	return math.Hypot(g.Conditional(m, x), g.ConditionalSD(m, x)) / math.Sqrt(g.P)
}

// posterior is the gamma posterior of ν: shape p x + q, rate v + x m.
func (g GammaGamma) posterior(m, x float64) (shape, rate float64) {
	if x == 0 {
		return g.Q, g.V
	}
	return g.P*x + g.Q, g.V + x*m
}
