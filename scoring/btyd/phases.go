package btyd

import (
	"math"

	"github.com/vitalfew/vitalfew/scoring/special"
)

// The figures of MBG/CNBD-k. Given that j of k phases have passed since t_x, the phases to come are
// those of a Poisson process with a rate ~ Gamma(r+kx+j, alpha+T): i of them within t have a negative
// binomial distribution, and ⌊(i+j)/k⌋ of them would be purchases had nobody left. j itself has the
// weights of phasesSince. So every figure is a sum over j and i; Platzer and Reutterer (2016) approximate
// the conditional mean instead.

// sincePhases is S of geometricHistory, Σ of weights, with its derivative by R and Σ j weight.
type sincePhases struct{ sum, byShape, mean float64 }

// phasesSince sums the weights of 0, 1, ..., k-1 phases since t_x: Γ(R+j)/(Γ(R) j!) ratio^j, ratio =
// (T-t_x)/(α+T).
func phasesSince(k int, shape, ratio float64) (s sincePhases) {
	w, slope := 1.0, 0.0
	for j := 0.0; j < float64(k); j++ {
		s.sum += w
		s.byShape += float64(w * slope)
		s.mean += float64(j * w)
		slope += 1 / (shape + j)
		w *= (shape + j) / (j + 1) * ratio
	}
	return s
}

// overPhases is the mean of f over the phases since t_x of a customer who is alive.
func (u *Future) overPhases(f func(j, shape float64) float64) float64 {
	sum, total, w := 0.0, 0.0, 1.0
	for j := 0.0; j < float64(u.family.K()); j++ {
		total += w
		sum += float64(w * f(j, u.r+j))
		w *= (u.r + j) / (j + 1) * u.since
	}
	return sum / total
}

// phaseSum is the mean of g(number of purchases) over phases within t: g(0) is start and next gives
// g(n+1) from g(n) and E(1-p)^n. What it leaves out is below 1e-16 of the whole, for g that grow by at
// most one. The number of terms is some 40 + 40 t/alpha beyond the mean.
func (u *Future) phaseSum(t, start float64, next func(g, stay, n float64) float64) float64 {
	k := float64(u.family.K())
	z := t / (u.alpha + t)
	return u.overPhases(func(j, shape float64) float64 {
		mean := shape * t / u.alpha
		i := firstPhase(shape, u.alpha, t)
		p := math.Exp(logExactly(i, shape, u.alpha, t))
		g, stay, n := start, 1.0, 0.0
		sum := 0.0
		for {
			for ; n < math.Floor((i+j)/k); n++ {
				g = next(g, stay, n)
				stay *= (u.b + n) / (u.a + u.b + n)
			}
			sum += float64(p * g)
			ratio := (shape + i) / (i + 1) * z
			if left := 1 / (1 - ratio); i > mean && ratio < 1 && p*left*(g+stay*left) <= 1e-16*sum {
				return sum
			}
			p *= ratio
			i++
		}
	})
}

// firstPhase is the least i whose probability is no underflow: few purchases are rare but may be what
// survival hangs on.
func firstPhase(shape, alpha, t float64) float64 {
	lo, hi := 0.0, math.Floor(shape*t/alpha)
	if logExactly(lo, shape, alpha, t) > -690 {
		return 0
	}
	for hi-lo > 1 {
		if mid := math.Floor((lo + hi) / 2); logExactly(mid, shape, alpha, t) > -690 {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// phaseMean is the mean number of purchases within t: the n-th comes if the n-1 before it were not the
// last.
func (u *Future) phaseMean(t float64) float64 {
	return u.phaseSum(t, 0, func(g, stay, _ float64) float64 { return g + stay })
}

// phaseSurvival is P(no end within t): the mean of E(1-p)^n.
func (u *Future) phaseSurvival(t float64) float64 {
	return u.phaseSum(t, 1, func(g, _, n float64) float64 { return g * (u.b + n) / (u.a + u.b + n) })
}

// phaseWaits is P(no purchase within t): fewer phases than are left.
func (u *Future) phaseWaits(t float64) float64 {
	return u.overPhases(func(j, shape float64) float64 {
		sum := 0.0
		for i := 0.0; i < float64(u.family.K())-j; i++ {
			sum += math.Exp(logExactly(i, shape, u.alpha, t))
		}
		return sum
	})
}

// phaseLogCount is ln P(n purchases within t), n >= 1, as geometricLogCount: so many phases that n
// would come and no end, or the end with the n-th.
func (u *Future) phaseLogCount(n int, t float64) float64 {
	x, k := float64(n), float64(u.family.K())
	all := special.LogRising(u.b, x) - special.LogRising(u.a+u.b, x)
	end := all + math.Log(u.a/(u.b+x-1))
	log, total, w := math.Inf(-1), 0.0, 1.0
	for j := 0.0; j < k; j++ {
		total += w
		shape, from := u.r+j, x*k-j
		lnW := math.Log(w)
		for i := from; i < from+k; i++ {
			log = special.LogAdd(log, lnW+all+logExactly(i, shape, u.alpha, t))
		}
		log = special.LogAdd(log, lnW+end+logAtLeast(from, shape, u.alpha, t))
		w *= shape / (j + 1) * u.since
	}
	return log - math.Log(total)
}

// phaseDiscounted: a phase is worth q = λ/(λ+rate), the purchases at phases k-j, 2k-j, ... come with
// 1, 1-p, ..., so that their worth is q^(k-j) / (1 - (1-p) q^k).
func (u *Future) phaseDiscounted(rate float64) float64 {
	k := float64(u.family.K())
	return u.overPhases(func(j, shape float64) float64 {
		sum, norm := 0.0, 0.0
		special.GammaNodes(shape, u.alpha, rate, func(lambda, w float64) {
			lnQ := -math.Log1p(rate / lambda)
			lost := -math.Expm1(k * lnQ) // 1 - q^k
			worth := special.BetaMean(u.a, u.b, min(1, lost), func(p float64) float64 {
				return 1 / (lost + p*(1-lost))
			})
			sum += float64(w * math.Exp((k-j)*lnQ) * worth)
			norm += w
		})
		return sum / norm
	})
}
