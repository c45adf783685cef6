package btyd

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// person is a customer whose purchase rate and leaving are known: a probability p after each purchase, or
// a rate under Pareto/NBD. Everything about a person is elementary.
type person struct {
	family      Family
	rate, leave float64
	stay        float64 // 1 - leave
}

// likelihood is that of a history, split by whether the person is still a customer at its end.
func (p person) likelihood(h History) (alive, gone float64) {
	x := float64(h.X)
	buys := x * math.Log(p.rate)
	if p.family == ParetoNBD {
		both := p.rate + p.leave
		alive = math.Exp(buys - both*h.T)
		return alive, p.leave / both * (math.Exp(buys-both*h.TX) - alive)
	}
	n := x
	if p.family == MBGNBD {
		n++
	}
	if n == 0 {
		return math.Exp(buys - p.rate*h.T), 0
	}
	alive = math.Exp(buys + n*math.Log(p.stay) - p.rate*h.T)
	return alive, math.Exp(buys+(n-1)*math.Log(p.stay)-p.rate*h.TX) * p.leave
}

func (p person) alive(t float64) float64 {
	if p.family == ParetoNBD {
		return math.Exp(-p.leave * t)
	}
	return math.Exp(-p.leave * p.rate * t)
}

// discounted is the mean of e^(-rate τ) over purchases within t.
func (p person) discounted(rate, t float64) float64 {
	end := p.leave
	if p.family != ParetoNBD {
		end *= p.rate
	}
	end += rate
	return -p.rate * math.Expm1(-end*t) / end
}

func (p person) count(n int, t float64) float64 {
	x := float64(n)
	poisson := func(m float64) float64 {
		lg, _ := math.Lgamma(x + 1)
		return math.Exp(x*math.Log(m) - m - lg)
	}
	if p.family == ParetoNBD {
		both := p.rate + p.leave
		until := p.leave / both * math.Pow(p.rate/both, x) * mathext.GammaIncReg(x+1, both*t)
		return math.Exp(-p.leave*t)*poisson(p.rate*t) + until
	}
	stay := math.Pow(p.stay, x) * poisson(p.rate*t)
	if n == 0 {
		return stay
	}
	return stay + p.leave*math.Pow(p.stay, x-1)*mathext.GammaIncReg(x, p.rate*t)
}

// population averages figures of persons over those who could have the history: prior density x
// likelihood, by the trapezoid rule in ln rate and ln(p/(1-p)) or ln of the rate of leaving. Nothing is
// shared with the closed forms, not even that the gamma and the beta distribution are conjugate.
func population(m Model, h History, figures func(person) []float64) (ll, alive float64, sums []float64) {
	const step = 0.2
	p := m.Theta
	total := 0.0
	for u := -70.0; u <= 12; u += step {
		rate := math.Exp(u)
		byRate := gammaDensity(p[0], p[1], rate) * rate
		if byRate < 1e-22 {
			continue
		}
		for v := -70.0; v <= 50; v += step {
			q := person{m.Family, rate, math.Exp(v), 0}
			w := gammaDensity(p[2], p[3], q.leave) * q.leave
			if m.Family != ParetoNBD {
				q.leave, q.stay = 1/(1+math.Exp(-v)), 1/(1+math.Exp(v))
				w = betaDensity(p[2], p[3], v)
			}
			if w *= byRate * step * step; w < 1e-30 {
				continue
			}
			here, gone := q.likelihood(h)
			total += w * (here + gone)
			alive += w * here
			for i, f := range figures(q) {
				if i == len(sums) {
					sums = append(sums, 0)
				}
				sums[i] += w * here * f
			}
		}
	}
	for i := range sums {
		sums[i] /= total
	}
	return math.Log(total), alive / total, sums
}

func gammaDensity(shape, rate, x float64) float64 {
	lg, _ := math.Lgamma(shape)
	return math.Exp(shape*math.Log(rate) + (shape-1)*math.Log(x) - rate*x - lg)
}

// betaDensity is that of v = ln(p/(1-p)).
func betaDensity(a, b, v float64) float64 {
	l := math.Max(v, 0) + math.Log1p(math.Exp(-math.Abs(v)))
	return math.Exp(a*v - (a+b)*l - mathext.Lbeta(a, b))
}

// Every figure of every family against a sum over persons.
func TestFiguresAgainstPersons(t *testing.T) {
	thetas := [][4]float64{{2.5, 8, 1.7, 4}, {.6, 4, .9, .6}}
	histories := []History{{}, {0, 0, 30}, {3, 20, 38}, {12, 29, 30}}
	const days, delta = 26.0, .013
	for _, f := range []Family{BGNBD, MBGNBD, ParetoNBD} {
		for _, theta := range thetas {
			for _, h := range histories {
				m := Model{Family: f, Theta: theta}
				t.Run(fmt.Sprint(m, theta, h), func(t *testing.T) {
					ll, alive, want := population(m, h, func(p person) []float64 {
						return []float64{p.alive(days), p.discounted(0, days), p.discounted(delta, days), p.discounted(delta, 1e9),
							p.count(1, days), p.count(2, days), p.count(7, days), p.count(0, days)}
					})
					got, _ := m.LogLikelihood(&Patterns{Histories: []History{h}, Weight: []float64{1}}, 1)
					if math.Abs(got-ll) > 1e-8*(1+math.Abs(ll)) {
						t.Errorf("LL: got %.12g, want %.12g", got, ll)
					}
					u := m.Given(h)
					near(t, "Alive", u.Alive, alive, 1e-8)
					near(t, "AliveAfter", u.AliveAfter(days), want[0], 1e-8)
					near(t, "Expected", u.Expected(days), want[1], 1e-8)
					near(t, "DiscountedUntil", u.DiscountedUntil(delta, days), want[2], 1e-8)
					near(t, "DiscountedUntil without a discount", u.DiscountedUntil(0, days), want[1], 1e-8)
					near(t, "Discounted", u.Discounted(delta), want[3], 1e-8)
					near(t, "Count 1", u.Count(1, days), want[4], 1e-8)
					near(t, "Count 2", u.Count(2, days), want[5], 1e-8)
					near(t, "Count 7", u.Count(7, days), want[6], 1e-8)
					near(t, "Silent", u.Silent(days), 1-alive+want[7], 1e-8)
				})
			}
		}
	}
}
