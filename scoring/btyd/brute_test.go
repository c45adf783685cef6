package btyd

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"pgregory.net/rapid"
)

// person is a customer whose purchase rate and leaving are known: a probability p after each purchase, or
// a rate under Pareto/NBD. Everything about a person is elementary.
type person struct {
	family      Family
	rate, leave float64
	stay        float64 // 1 - leave
	since       float64 // time since the last purchase
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
	n, waits := x, 1.0
	if p.family != BGNBD {
		n++
	}
	if k := float64(p.family.K()); k > 1 {
		if x > 0 { // the density of t_x, beside its value at k = 1
			a, _ := math.Lgamma(x)
			b, _ := math.Lgamma(k * x)
			buys += (k-1)*x*math.Log(p.rate*h.TX) + a - b
		}
		waits = 0
		for _, w := range p.phases() {
			waits += w
		}
	}
	if n == 0 {
		return math.Exp(buys - p.rate*h.T), 0
	}
	alive = math.Exp(buys+n*math.Log(p.stay)-p.rate*h.T) * waits
	return alive, math.Exp(buys+(n-1)*math.Log(p.stay)-p.rate*h.TX) * p.leave
}

// phases are the probabilities of j phases since the last purchase and no purchase, times e^(rate since).
func (p person) phases() []float64 {
	w := []float64{1}
	for j := 1; j < p.family.K(); j++ {
		w = append(w, w[j-1]*p.rate*p.since/float64(j))
	}
	return w
}

// overPhases averages f over the phases since the last purchase.
func (p person) overPhases(f func(j float64) float64) float64 {
	sum, total := 0.0, 0.0
	for j, w := range p.phases() {
		sum += w * f(float64(j))
		total += w
	}
	return sum / total
}

// regularAlive sums over the number of purchases had there been no end.
func (p person) regularAlive(t float64) float64 {
	k := float64(p.family.K())
	return p.overPhases(func(j float64) float64 {
		sum, reach := 1.0, 1.0
		for n := 1.0; reach > 1e-17; n++ { // the n-th takes (1-p)^(n-1) p
			reach = math.Pow(p.stay, n-1) * mathext.GammaIncReg(n*k-j, p.rate*t)
			sum -= p.leave * reach
		}
		return sum
	})
}

func (p person) regularDiscounted(rate, t float64) float64 {
	k, both := float64(p.family.K()), p.rate+rate
	return p.overPhases(func(j float64) float64 {
		if both*t > 1e6 { // the geometric series
			q := math.Pow(p.rate/both, k)
			return math.Pow(p.rate/both, k-j) / (1 - p.stay*q)
		}
		sum, reach := 0.0, 1.0
		for n := 1.0; reach > 1e-17; n++ {
			phases := n*k - j
			reach = math.Pow(p.stay, n-1) * math.Pow(p.rate/both, phases) * mathext.GammaIncReg(phases, both*t)
			sum += reach
		}
		return sum
	})
}

func (p person) regularCount(n int, t float64) float64 {
	k, x := float64(p.family.K()), float64(n)
	atLeast := func(phases float64) float64 {
		if phases <= 0 {
			return 1
		}
		return mathext.GammaIncReg(phases, p.rate*t)
	}
	return p.overPhases(func(j float64) float64 {
		exactly := atLeast(x*k-j) - atLeast((x+1)*k-j)
		if n == 0 {
			return exactly
		}
		return math.Pow(p.stay, x)*exactly + p.leave*math.Pow(p.stay, x-1)*atLeast(x*k-j)
	})
}

func (p person) alive(t float64) float64 {
	if p.family > erlang {
		return p.regularAlive(t)
	}
	if p.family == ParetoNBD {
		return math.Exp(-p.leave * t)
	}
	return math.Exp(-p.leave * p.rate * t)
}

// discounted is the mean of e^(-rate τ) over purchases within t.
func (p person) discounted(rate, t float64) float64 {
	if p.family > erlang {
		return p.regularDiscounted(rate, t)
	}
	end := p.leave
	if p.family != ParetoNBD {
		end *= p.rate
	}
	end += rate
	return -p.rate * math.Expm1(-end*t) / end
}

func (p person) count(n int, t float64) float64 {
	if p.family > erlang {
		return p.regularCount(n, t)
	}
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
	fine := min(step, .4/math.Sqrt(m.Theta[0]+float64(m.Family.K()*(h.X+7)))) // the posterior of ln rate is as wide as 1/√shape
	p := m.Theta
	total := 0.0
	for u := -50.0; u <= 12; u += fine {
		rate := math.Exp(u)
		byRate := gammaDensity(p[0], p[1], rate) * rate
		if byRate < 1e-22 {
			continue
		}
		for v := -50.0; v <= 40; v += step {
			q := person{m.Family, rate, math.Exp(v), 0, h.T - h.TX}
			w := gammaDensity(p[2], p[3], q.leave) * q.leave
			if m.Family != ParetoNBD {
				q.leave, q.stay = 1/(1+math.Exp(-v)), 1/(1+math.Exp(v))
				w = betaDensity(p[2], p[3], v)
			}
			if w *= byRate * fine * step; w < 1e-25 {
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
	thetas := [][4]float64{{2.5, 8, 1.7, 4}, {.8, 4, .9, .8}}
	histories := []History{{}, {0, 0, 30}, {3, 20, 38}, {12, 29, 30}}
	const days, delta = 26.0, .013
	for _, f := range []Family{BGNBD, MBGNBD, ParetoNBD, MBGCNBD(2), MBGCNBD(4)} {
		for i, theta := range thetas {
			if f > erlang && i > 0 {
				break
			}
			histories := histories[i:]
			switch f { // a person's figures are sums here, so that few must do
			case MBGCNBD(2):
				histories = histories[3:]
			case MBGCNBD(4):
				histories = histories[1:3]
			}
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

// A survival of 1e-11 lives in the tail of the density of p. By mpmath 1.3, 40 digits, by quadrature.
func TestSurvivalInTheTail(t *testing.T) {
	m := Model{Family: MBGNBD, Theta: [4]float64{math.E, math.Exp(-1), math.Exp(1.75), math.E}}
	u := m.Given(History{X: 7, TX: 1, T: 1})
	near(t, "AliveAfter / Alive", u.AliveAfter(200)/u.Alive/2.33546915972129658e-11, 1, 1e-12)
}

// MBG/CNBD-1 is MBG/NBD, by sums instead of closed forms.
func TestOnePhase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Model{Family: MBGNBD}
		for i := range m.Theta {
			m.Theta[i] = math.Exp(rapid.Float64Range(-2, 3).Draw(t, "ln θ"))
		}
		h := History{X: rapid.IntRange(0, 400).Draw(t, "x"), T: rapid.Float64Range(1, 100).Draw(t, "T")}
		if h.X > 0 {
			h.TX = h.T * rapid.Float64Range(.01, 1).Draw(t, "t_x/T")
		}
		days, n := rapid.Float64Range(.1, 200).Draw(t, "t"), rapid.IntRange(0, 50).Draw(t, "n")
		one := Model{MBGCNBD(1), m.Theta}
		p := &Patterns{Histories: []History{h}, Weight: []float64{1}}
		ll, grad := m.LogLikelihood(p, 1)
		if l, g := one.LogLikelihood(p, 1); l != ll || g != grad {
			t.Errorf("likelihood %v %v, want %v %v", l, g, ll, grad)
		}
		u, v := one.Given(h), m.Given(h)
		for _, c := range []struct {
			what      string
			got, want float64
		}{
			{"Alive", u.Alive, v.Alive}, {"AliveAfter", u.AliveAfter(days), v.AliveAfter(days)},
			{"Expected", u.Expected(days), v.Expected(days)}, {"Silent", u.Silent(days), v.Silent(days)},
			{"LogCount", u.LogCount(n, days), v.LogCount(n, days)}, {"Discounted", u.Discounted(.01), v.Discounted(.01)},
			{"DiscountedUntil", u.DiscountedUntil(.01, days), v.DiscountedUntil(.01, days)},
		} {
			if c.got != c.want && !(math.Abs(c.got-c.want) <= 1e-9*math.Abs(c.want)) {
				t.Errorf("%v %v, t %g, n %d: %s %.15g, want %.15g", m, h, days, n, c.what, c.got, c.want)
			}
		}
	})
}
