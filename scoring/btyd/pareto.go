package btyd

import (
	"math"

	"github.com/vitalfew/vitalfew/scoring/special"
)

// paretoHistory is ln of
//
//	(α+T)^-R (β+T)^-s + s ∫ over (t_x, T) of (α+y)^-R (β+y)^-(s+1) dy,  R = r+x
//
// (Schmittlein, Morrison and Colombo 1987; Fader and Hardie's note on Pareto/NBD). It keeps the
// logarithms of both parts, still a customer and gone, in alive and leave.
func (k *kernel) paretoHistory(h History) float64 {
	t := &k.Theta
	shape := t[0] + float64(h.X)
	lnRate, lnDrop := math.Log(t[1]+h.T), math.Log(t[3]+h.T)
	k.alive = -shape*lnRate - t[2]*lnDrop
	var by [4]float64
	k.leave = math.Inf(-1)
	if h.TX < h.T {
		k.leave, by = k.leaving(shape, h)
	}
	gone := special.Logistic(k.leave - k.alive)
	stay := 1 - gone
	k.grad[0] += gone*by[0] - stay*lnRate
	k.grad[1] += gone*by[1] - stay*shape/(t[1]+h.T)
	k.grad[2] += gone*by[2] - stay*lnDrop
	k.grad[3] += gone*by[3] - stay*t[2]/(t[3]+h.T)
	return special.LogAdd(k.alive, k.leave)
}

// leaving is the logarithm of the second part with its derivatives, all from the same nodes in
// v = ln((c+y)/(c+t_x)), c the smaller of α and β. In v the integrand falls at least as fast as at
// t_x, so that the range ends where it is below e^-45 of its start.
func (k *kernel) leaving(shape float64, h History) (log float64, by [4]float64) {
	t := &k.Theta
	power, other := shape, t[2]+1 // exponents of the small and of the large of α and β
	small, large := t[1], t[3]
	if small > large {
		small, large, power, other = large, small, other, power
	}
	base, gap := small+h.TX, large-small
	end := math.Log1p((h.T - h.TX) / base)
	if fall := power - 1 + other*base/(large+h.TX); fall > 0 {
		end = min(end, 45/fall)
	}
	rule := special.Legendre(nodes(end * (shape + t[2] + 1)))
	lnBase := math.Log(base)
	start := (1-power)*lnBase - other*math.Log(base+gap)
	var sum, lnNear, lnFar, near, far float64
	for i, x := range rule.Node {
		v := end * x
		y := base * math.Exp(v)
		lnY := math.Log(y + gap)
		w := rule.Weight[i] * math.Exp((1-power)*(lnBase+v)-other*lnY-start)
		sum += float64(w)
		lnNear += float64(w * v)
		lnFar += float64(w * lnY)
		near += float64(w / y)
		far += float64(w / (y + gap))
	}
	lnNear, lnFar, near, far = lnBase+lnNear/sum, lnFar/sum, near/sum, far/sum
	log = k.logs[2] + start + math.Log(end*sum)
	if t[1] > t[3] {
		lnNear, lnFar, near, far = lnFar, lnNear, far, near
	}
	return log, [4]float64{-lnNear, -shape * near, 1/t[2] - lnFar, -(t[2] + 1) * far}
}

// nodes is how many Gauss nodes an integrand needs whose logarithm changes by span.
func nodes(span float64) int {
	switch {
	case span < 1:
		return 8
	case span < 4:
		return 12
	case span < 8:
		return 16
	case span < 16:
		return 24
	}
	return 32
}

// paretoFuture is the customer who is alive: rate ~ Gamma(r+x, α+T), dropout rate ~ Gamma(s, β+T).
func paretoFuture(m Model, h History) Future {
	p := m.Theta
	k := newKernel(m)
	k.paretoHistory(h)
	return Future{
		family: ParetoNBD, Alive: special.Logistic(k.alive - k.leave), gone: special.Logistic(k.leave - k.alive),
		r: p[0] + float64(h.X), alpha: p[1] + h.T, a: p[2], b: p[3] + h.T,
	}
}

// paretoMean is (r/α) ∫_0^t of (β/(β+y))^s dy (Fader and Hardie's note, eq. 41), in logarithms; s = 1 is its
// limit.
func (u *Future) paretoMean(t float64) float64 {
	l := math.Log1p(t / u.b)
	if u.a != 1 {
		l = -math.Expm1((1-u.a)*l) / (u.a - 1)
	}
	return u.r / u.alpha * u.b * l
}

// paretoWaits is the likelihood of a new customer who is seen for t without a repeat purchase.
func (u *Future) paretoWaits(t float64) float64 {
	k := newKernel(Model{ParetoNBD, [4]float64{u.r, u.alpha, u.a, u.b}})
	return math.Exp(k.history(History{T: t}))
}

// paretoLogCount is ln P(n purchases within t), n >= 1: n until t and no end, or n until the end at y.
func (u *Future) paretoLogCount(n int, t float64) float64 {
	x := float64(n)
	rise := special.LogRising(u.r, x) - special.LogGamma(x+1)
	until := func(y float64) float64 { // ln P(n until y) P(no end until y)
		return rise - x*math.Log1p(u.alpha/y) - u.r*math.Log1p(y/u.alpha) - u.a*math.Log1p(y/u.b)
	}
	stay := until(t)
	// Beside P(n until y) at its highest, y = n alpha/r, nothing underflows that counts.
	shift := max(stay, until(min(t, x*u.alpha/u.r)))
	c := min(u.alpha, u.b)
	gone := special.Integrate(func(v float64) float64 {
		y := c * math.Expm1(v)
		if y <= 0 {
			return 0
		}
		return math.Exp(until(y)-shift) * u.a * (c + y) / (u.b + y)
	}, 0, math.Log1p(t/c))
	return special.LogAdd(stay, shift+math.Log(gone))
}
