// Package special has the special functions that customer models meet at arguments where common
// libraries overflow, cancel or return NaN. Everything works in log space or in scaled form, and
// every function states the range in which it holds.
//
//  1. logspace.go: sums and differences of logarithms.
//  2. gamma.go: differences of log-gamma and digamma that keep their digits, log beta.
//  3. hyper.go: the Gauss hypergeometric function, its logarithm and sign.
//  4. expint.go: the generalised exponential integral, scaled by e^z.
//  5. quadrature.go, expectation.go: integrals over an interval, a beta and a gamma density.
package special

import "math"

// LogAdd is ln(e^a + e^b). -Inf is the logarithm of zero and legal.
func LogAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) || math.IsInf(a, 1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// LogSub is ln(e^a - e^b) for a >= b; -Inf for a = b, NaN for a < b.
func LogSub(a, b float64) float64 {
	if math.IsInf(b, -1) {
		return a
	}
	return a + log1mexp(b-a)
}

// log1mexp is ln(1 - e^d) for d <= 0. Which of the two forms keeps the digits changes at -ln 2:
// Mächler, Accurately computing log(1 - exp(-|a|)), 2012.
func log1mexp(d float64) float64 {
	if d > -math.Ln2 {
		return math.Log(-math.Expm1(d))
	}
	return math.Log1p(-math.Exp(d))
}

// LogSum is ln Σ e^(x_i); -Inf for no terms.
func LogSum(x []float64) float64 {
	top := math.Inf(-1)
	for _, v := range x {
		top = max(top, v)
	}
	if math.IsInf(top, 0) {
		return top
	}
	sum := 0.0
	for _, v := range x {
		sum += math.Exp(v - top)
	}
	return top + math.Log(sum)
}

// Logistic is 1/(1 + e^-x), in [0, 1] for every x.
func Logistic(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

// Softplus is ln(1 + e^x) = -ln(1 - Logistic(x)), without overflow.
func Softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}
