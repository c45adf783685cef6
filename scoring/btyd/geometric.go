package btyd

import (
	"math"

	"github.com/vitalfew/vitalfew/scoring/special"
	"gonum.org/v1/gonum/mathext"
)

// The figures of BG/NBD and MBG/NBD for a customer who is alive: rate λ ~ Gamma(r, alpha), after
// each purchase the end with p ~ Beta(a, b), z = t/(alpha+t) throughout.

// geometricMean is E[(1 - (1 + p t/alpha)^-r)/p] over p, which Euler's form of the hypergeometric function
// gives as
//
//	(a+b-1)/(a-1) [1 - (1-z)^(a-1) 2F1(a+b-1-r, a-1; a+b-1; z)]
//
// (Fader, Hardie and Lee 2005, eq. 10, transformed so that large powers cancel). Near its poles at
// a = 1 and a+b = 1, and where the series or the bracket lose digits, the expectation itself is
// summed.
func (u *Future) geometricMean(t float64) float64 {
	z := t / (u.alpha + t)
	if c := u.a + u.b - 1; math.Abs(u.a-1) > 1e-3 && math.Abs(c) > 1e-3 && z < 0.99 {
		f, lost := special.Series(u.lift, u.a-1, c, z)
		power := math.Exp((u.a - 1) * math.Log1p(-z))
		bracket := 1 - power*f
		if lost*math.Abs(power*f) < 1e6*math.Abs(bracket) {
			return c / (u.a - 1) * bracket
		}
	}
	return special.BetaMean(u.a, u.b, min(1, u.alpha/t/u.r), func(p float64) float64 {
		return -math.Expm1(-u.r*math.Log1p(p*t/u.alpha)) / p
	})
}

// survival is P(no end within t) = E[(1 + p t/alpha)^-r] = (1-z)^a 2F1(a+b-r, a; a+b; z).
func (u *Future) survival(t float64) float64 {
	z := t / (u.alpha + t)
	if z < 0.99 {
		f, lost := special.Series(u.lift+1, u.a, u.a+u.b, z)
		if s := f * math.Exp(u.a*math.Log1p(-z)); lost < 1e4 && s >= 0 {
			return min(1, s)
		}
	}
	return special.BetaMean(u.a, u.b, min(1, u.alpha/t/u.r), func(p float64) float64 {
		return math.Exp(-u.r * math.Log1p(p*t/u.alpha))
	})
}

// geometricLogCount is ln P(n purchases within t), n >= 1: n and no end, or the end after the n-th, with
// at least n purchases had nobody left (Fader, Hardie and Lee 2005, eq. 8).
func (u *Future) geometricLogCount(n int, t float64) float64 {
	x := float64(n)
	all := special.LogRising(u.b, x) - special.LogRising(u.a+u.b, x) // ln E(1-p)^n
	end := all + math.Log(u.a/(u.b+x-1))                             // ln E p(1-p)^(n-1)
	return special.LogAdd(all+logExactly(x, u.r, u.alpha, t), end+logAtLeast(x, u.r, u.alpha, t))
}

// logExactly is ln P(x arrivals within t) at a rate ~ Gamma(r, alpha).
func logExactly(x, r, alpha, t float64) float64 {
	return special.LogRising(r, x) - special.LogGamma(x+1) - x*math.Log1p(alpha/t) - r*math.Log1p(t/alpha)
}

// logAtLeast is ln P(x or more arrivals within t), x > 0: the incomplete beta ratio I_z(x, r), where it
// underflows by DLMF 8.17.8, I_z = P(exactly x) 2F1(x+r, 1; x+1; z).
func logAtLeast(x, r, alpha, t float64) float64 {
	z := t / (alpha + t)
	if p := mathext.RegIncBeta(x, r, z); p > 1e-280 {
		return math.Log(p)
	}
	h, _ := special.LogHyper(x+r, 1, x+1, z)
	return logExactly(x, r, alpha, t) + h
}

// geometricDiscounted is E ∫ e^(-rate τ) λ e^(-λ p τ) dτ = E over p of (r/p) e^y E_(r+1)(y) with
// y = rate alpha/p.
func (u *Future) geometricDiscounted(rate float64) float64 {
	y := rate * u.alpha
	return special.BetaMean(u.a, u.b, min(1, y/(u.r+1)), func(p float64) float64 {
		return u.r / p * special.ScaledExpInt(u.r+1, y/p)
	})
}
