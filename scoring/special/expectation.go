package special

import "math"

// These expectations use the trapezoid rule in a variable in which the density is analytic around the
// real line and falls off exponentially. The rule then converges like the density's Fourier
// transform at 2π/h (Trefethen and Weideman, The exponentially convergent trapezoidal rule, SIAM
// Review 56, 2014), which is |Γ(shape + 2πi/h)|, about exp(-π²/h), for a gamma density and less for a
// beta: below 1e-15 at h = 0.25. A density narrower than that needs a step that follows its width. Gauss
// rules need the roots of a new polynomial for each pair of parameters and lose digits where these
// are large.

const (
	trapezoid = 0.25
	narrow    = 0.5   // of the width 1/sqrt(curvature)
	cutoff    = -60.0 // ln of the weight, beside its peak, that a tail may have: 1e-26, for f may live in the tail
)

// BetaMean is E f(p) for p ~ Beta(a, b), a, b > 0, and f bounded and smooth in ln p and ln(1-p).
// flat > 0 says where f has reached f(0): f(p) = f(0) to the last digit for p < 1e-17 flat.
func BetaMean(a, b, flat float64, f func(p float64) float64) float64 {
	sum, norm := 0.0, 0.0
	BetaNodes(a, b, flat, func(p, w float64) {
		sum += float64(w * f(p))
		norm += w
	})
	return sum / norm
}

// BetaNodes calls visit with the nodes p in (0, 1) and unnormalised weights of BetaMean.
func BetaNodes(a, b, flat float64, visit func(p, weight float64)) {
	// In u = ln(p/(1-p)) the density is e^(a u) / (1+e^u)^(a+b), concave in logarithm, peak at ln(a/b)
	// with curvature ab/(a+b).
	h := min(trapezoid, narrow*math.Sqrt((a+b)/a/b))
	peak := math.Log(a / b)
	at := func(u float64) float64 { return float64(a*u) - float64((a+b)*Softplus(u)) }
	top := at(peak)
	least := math.Log(flat) - 39
	for i := 0; ; i++ {
		u := peak - float64(i)*h
		l := at(u) - top
		w := math.Exp(l)
		if u < least && u < -37 {
			// From here on f and 1+e^u are constant, so that the tail is a geometric series.
			visit(math.Exp(u), w/-math.Expm1(-a*h))
			break
		}
		visit(Logistic(u), w)
		if l < cutoff {
			break
		}
	}
	for i := 1; ; i++ {
		u := peak + float64(i)*h
		l := at(u) - top
		visit(Logistic(u), math.Exp(l))
		if l < cutoff {
			break
		}
	}
}

// GammaNodes calls visit with nodes λ > 0 and unnormalised weights of a gamma density with the
// given shape > 0 and rate > 0, for f bounded and smooth in ln λ. flat > 0 says where f has reached
// f(0), as in BetaNodes.
func GammaNodes(shape, rate, flat float64, visit func(lambda, weight float64)) {
	// In v = ln(λ rate) the density is exp(shape v - e^v), peak at ln(shape) with curvature shape.
	h := min(trapezoid, narrow/math.Sqrt(shape))
	peak := math.Log(shape)
	at := func(v float64) float64 { return float64(shape*(v-peak)) - float64(shape*math.Expm1(v-peak)) }
	least := math.Log(flat*rate) - 39
	for i := 0; ; i++ {
		v := peak - float64(i)*h
		l := at(v)
		if v < least && v < -37 {
			visit(math.Exp(v)/rate, math.Exp(l)/-math.Expm1(-shape*h))
			break
		}
		visit(math.Exp(v)/rate, math.Exp(l))
		if l < cutoff {
			break
		}
	}
	for i := 1; ; i++ {
		v := peak + float64(i)*h
		l := at(v)
		visit(math.Exp(v)/rate, math.Exp(l))
		if l < cutoff {
			break
		}
	}
}
