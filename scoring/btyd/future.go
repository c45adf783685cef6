package btyd

import (
	"math"

	"github.com/vitalfew/vitalfew/scoring/special"
)

// Future is what a model expects of one customer after its history. Given that the customer is
// alive at T, rate and dropout are independent and keep their distribution: rate ~ Gamma(r+x,
// alpha+T), dropout ~ Beta(a, b+x) or Gamma(s, beta+T). So every figure is that of a new process
// with these parameters, times Alive. Under BGBB time counts opportunities and a horizon t holds ⌊t⌋ of
// them; buying ~ Beta(r, alpha), leaving ~ Beta(a, b). Under MBGCNBD it also matters how long ago t_x was.
type Future struct {
	// Alive is P(still a customer at T), in [0, 1]. No churn score; see Silent.
	Alive float64

	family Family
	gone   float64 // 1 - Alive with the digits that this loses near Alive = 1
	r      float64 // shape of the rate, or of buying
	alpha  float64 // rate parameter of the rate, or the other of buying
	a, b   float64 // dropout: Beta(a, b), or Gamma(a, b) under ParetoNBD
	since  float64 // (T - t_x)/alpha, for the phases since t_x
	lift   float64 // a + b - 1 - r, kept apart from b and r, in which a large x would cancel
}

// Given is the future of a customer with history h. A history that cannot be or an invalid model panics:
// Collapse and Validate report them.
func (m Model) Given(h History) Future {
	if fault := h.check(); fault != "" {
		panic("btyd: " + fault)
	}
	if m.Validate() != nil {
		panic("btyd: " + m.Validate().Error())
	}
	x := float64(h.X)
	p := m.Theta
	switch m.Family {
	case ParetoNBD:
		return paretoFuture(m, h)
	case BGBB:
		if !h.whole() {
			panic(ErrNotWhole)
		}
		return opportunityFuture(m, h)
	}
	u := Future{family: m.Family, r: p[0] + x, alpha: p[1] + h.T, a: p[2]}
	start := m.start()
	u.b = p[3] + x + start
	u.lift = p[2] + p[3] + start - 1 - p[0]
	k := m.Family.K()
	u.r += float64(k-1) * x
	if start == 0 && h.X == 0 { // BG/NBD: nobody leaves before the second purchase
		u.Alive = 1
		return u
	}
	odds := u.r*math.Log1p((h.T-h.TX)/(p[1]+h.TX)) + math.Log(u.a/(u.b-1))
	if k > 1 {
		u.since = (h.T - h.TX) / u.alpha
		odds -= math.Log(phasesSince(k, u.r, u.since).sum)
	}
	u.Alive, u.gone = special.Logistic(-odds), special.Logistic(odds)
	return u
}

// start is 1 where a customer can leave after the first purchase, which then counts as a trial.
func (m Model) start() float64 {
	if m.Family == BGNBD {
		return 0
	}
	return 1
}

// AliveAfter is P(still a customer at T+t), t >= 0.
func (u *Future) AliveAfter(t float64) float64 {
	switch {
	case t == 0 || u.Alive == 0:
		return u.Alive
	case u.family == ParetoNBD:
		return u.Alive * math.Exp(-u.a*math.Log1p(t/u.b))
	case u.family == BGBB:
		return u.Alive * u.opportunityStays(t)
	case u.family > erlang:
		return u.Alive * u.phaseSurvival(t)
	}
	return u.Alive * u.survival(t)
}

// Expected is the mean number of purchase days in (T, T+t], t >= 0 (CET).
func (u *Future) Expected(t float64) float64 {
	if t == 0 || u.Alive == 0 {
		return 0
	}
	return u.Alive * u.mean(t)
}

// mean is Expected given that the customer is alive.
func (u *Future) mean(t float64) float64 {
	switch {
	case u.family == ParetoNBD:
		return u.paretoMean(t)
	case u.family == BGBB:
		return u.opportunityMean(1, t)
	case u.family > erlang:
		return u.phaseMean(t)
	}
	return u.geometricMean(t)
}

// Silent is P(no purchase in (T, T+t]), t >= 0: by having left or by waiting longer. It is the churn
// score of a horizon t.
func (u *Future) Silent(t float64) float64 {
	return min(1, u.gone+u.Alive*u.waits(t))
}

// waits is P(no purchase within t) given that the customer is alive.
func (u *Future) waits(t float64) float64 {
	switch {
	case t == 0:
		return 1
	case u.family == ParetoNBD:
		return u.paretoWaits(t)
	case u.family == BGBB:
		return math.Exp(u.opportunityLogCount(0, t))
	case u.family > erlang:
		return u.phaseWaits(t)
	}
	return math.Exp(-u.r * math.Log1p(t/u.alpha))
}

// Count is P(exactly n purchase days in (T, T+t]), n >= 0, t >= 0: the conditional pmf, and the
// unconditional one for the zero History.
func (u *Future) Count(n int, t float64) float64 { return min(1, math.Exp(u.LogCount(n, t))) }

// LogCount is ln Count, finite where Count underflows; -Inf where n is impossible.
func (u *Future) LogCount(n int, t float64) float64 {
	switch {
	case n < 0:
		panic("btyd: a count below zero")
	case n == 0:
		return math.Log(u.Silent(t))
	case t == 0 || u.Alive == 0:
		return math.Inf(-1)
	case u.family == ParetoNBD:
		return math.Log(u.Alive) + u.paretoLogCount(n, t)
	case u.family == BGBB:
		return math.Log(u.Alive) + u.opportunityLogCount(n, t)
	case u.family > erlang:
		return math.Log(u.Alive) + u.phaseLogCount(n, t)
	}
	return math.Log(u.Alive) + u.geometricLogCount(n, t)
}

// Discounted is the mean of all purchases after T, each worth e^(-rate τ) at τ after T; rate > 0 per
// unit of time (DERT). Without discount the sum is infinite for a <= 1, so rate = 0 panics.
func (u *Future) Discounted(rate float64) float64 {
	if !(rate > 0) || math.IsInf(rate, 1) {
		panic("btyd: a discount rate without end of the horizon must be above zero and finite")
	}
	switch {
	case u.Alive == 0:
		return 0
	case u.family == ParetoNBD:
		// (r+x)(beta+T)/(alpha+T) e^z E_s(z), z = rate (beta+T): Fader, Hardie and Lee 2005, RFM and
		// CLV, with Psi(s, s; z) = z^(1-s) e^z E_s(z).
		return u.Alive * u.r * u.b / u.alpha * special.ScaledExpInt(u.a, rate*u.b)
	case u.family == BGBB:
		return u.Alive * u.opportunityDiscounted(rate)
	case u.family > erlang:
		return u.Alive * u.phaseDiscounted(rate)
	}
	return u.Alive * u.geometricDiscounted(rate)
}

// DiscountedUntil is Discounted for the purchases in (T, T+t], t >= 0 and rate >= 0 (DECT).
//
// With M(τ) the mean up to τ it is e^(-rate t) M(t) + rate ∫_0^t e^(-rate τ) M(τ) dτ, a sum of
// positive parts.
func (u *Future) DiscountedUntil(rate, t float64) float64 {
	if !(rate >= 0) || math.IsInf(rate, 1) {
		panic("btyd: a discount rate must be a number from zero up")
	}
	if t == 0 || u.Alive == 0 {
		return 0
	}
	if u.family == BGBB {
		return u.Alive * u.opportunityMean(math.Exp(-rate), t)
	}
	sum := math.Exp(-rate*t) * u.mean(t)
	if rate > 0 {
		sum += rate * u.area(rate, t)
	}
	return u.Alive * sum
}

// area is ∫_0^t e^(-rate τ) M(τ) dτ in v = ln(1 + τ/c), c the time that the process looks back on,
// in which M is smooth; the step in v is at most 2.
func (u *Future) area(rate, t float64) float64 {
	c := min(u.alpha, 1/rate)
	if u.family == ParetoNBD {
		c = min(u.b, 1/rate)
	}
	end := math.Log1p(t / c)
	pieces := math.Ceil(end / 2)
	rule := special.Legendre(24)
	sum := 0.0
	for i := 0.0; i < pieces; i++ {
		for j, x := range rule.Node {
			e := math.Expm1((i + x) / pieces * end)
			tau := min(c*e, t)
			sum += rule.Weight[j] * c * (1 + e) * math.Exp(-rate*tau) * u.mean(tau)
		}
	}
	return sum * end / pieces
}
