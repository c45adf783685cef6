package special

import "math"

// stirlingFrom is where eight terms of Stirling's series are exact to the last digit.
const stirlingFrom = 10

// fewSteps is up to how many factors a rising factorial is multiplied out.
const fewSteps = 16

// LogGamma is ln Γ(x) for x > 0.
func LogGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// Digamma is ψ(x) = d ln Γ(x)/dx for x > 0.
//
// Own code because mathext.Digamma of gonum v0.17 is off by up to 4e-11.
func Digamma(x float64) float64 {
	down := 0.0
	for ; x < stirlingFrom; x++ {
		down += 1 / x
	}
	return math.Log(x) + digammaRest(x) - down
}

// LogRising is ln Γ(a+x) - ln Γ(a) for a > 0, x >= 0: the logarithm of the rising factorial (a)_x.
// Subtracting two log-gammas loses the digits of a result that is small beside them (a = 1e8, x = 3
// leaves seven); this does not.
func LogRising(a, x float64) float64 {
	if x <= fewSteps && x == math.Trunc(x) {
		product, sum := 1.0, 0.0
		for i := 0.0; i < x; i++ {
			product *= a + i
			if product > 1e250 || product < 1e-250 {
				sum += math.Log(product)
				product = 1
			}
		}
		return sum + math.Log(product)
	}
	if a < stirlingFrom {
		return LogGamma(a+x) - LogGamma(a)
	}
	// Stirling for both: (a - 1/2) ln(1 + x/a) + x (ln(a+x) - 1) + Δ(a+x) - Δ(a).
	return float64((a-0.5)*math.Log1p(x/a)) + float64(x*(math.Log(a+x)-1)) + stirlingRest(a+x) - stirlingRest(a)
}

// DigammaRise is ψ(a+x) - ψ(a), the derivative of LogRising by a, for a > 0, x >= 0.
func DigammaRise(a, x float64) float64 {
	if x <= fewSteps && x == math.Trunc(x) {
		sum := 0.0
		for i := 0.0; i < x; i++ {
			sum += 1 / (a + i)
		}
		return sum
	}
	if a < stirlingFrom {
		return Digamma(a+x) - Digamma(a)
	}
	return math.Log1p(x/a) + digammaRest(a+x) - digammaRest(a)
}

// LogBeta is ln B(a, b) = ln Γ(a) + ln Γ(b) - ln Γ(a+b) for a, b > 0.
func LogBeta(a, b float64) float64 {
	if a > b {
		a, b = b, a
	}
	if b < stirlingFrom {
		return LogGamma(a) + LogGamma(b) - LogGamma(a+b)
	}
	return LogGamma(a) - LogRising(b, a)
}

// stirlingRest is Δ(x) = ln Γ(x) - (x - 1/2) ln x + x - ln(2π)/2 for x >= 10.
// Abramowitz and Stegun 6.1.41, the coefficients B_2k / (2k (2k-1)).
func stirlingRest(x float64) float64 {
	y := 1 / x
	z := y * y
	return y * (1./12 + z*(-1./360+z*(1./1260+z*(-1./1680+z*(1./1188+z*(-691./360360+z*(1./156+z*(-3617./122400))))))))
}

// digammaRest is ψ(x) - ln x for x >= 10. Abramowitz and Stegun 6.3.18, the coefficients -B_2k / 2k.
func digammaRest(x float64) float64 {
	y := 1 / x
	z := y * y
	return -y/2 - z*(1./12+z*(-1./120+z*(1./252+z*(-1./240+z*(1./132+z*(-691./32760+z*(1./12+z*(-3617./8160))))))))
}
