package retention

import (
	"math"
)

// Fitted is a model with the quality of its estimates.
type Fitted struct {
	Model
	LL          float64
	SE          [2]float64    // standard errors of Alpha and Beta
	Cov         [2][2]float64 // covariance of their logarithms, from the observed information
	Evaluations int
	Customers   float64
}

// counts are what the likelihood needs: who left at which renewal, who was seen renewing the last time.
type counts struct{ lost, kept []float64 } // by age; kept[0] is unused

func collect(cohorts []Cohort) (counts, error) {
	var c counts
	for i, cohort := range cohorts {
		for t, n := range cohort.Active {
			switch {
			case !(n >= 0) || math.IsInf(n, 1):
				return c, &CohortError{i, t, n, "no number from zero up"}
			case t > 0 && n > cohort.Active[t-1]:
				return c, &CohortError{i, t, n, "more customers than at the age before"}
			}
		}
		last := len(cohort.Active) - 1
		for len(c.lost) <= last {
			c.lost, c.kept = append(c.lost, 0), append(c.kept, 0)
		}
		for t := 1; t <= last; t++ {
			c.lost[t] += cohort.Active[t-1] - cohort.Active[t]
		}
		if last > 0 {
			c.kept[last] += cohort.Active[last]
		}
	}
	return c, c.lack()
}

// lack is what no model can be fitted to.
func (c counts) lack() error {
	var lost, kept, late float64
	for t := 1; t < len(c.lost); t++ {
		lost += c.lost[t]
		kept += c.kept[t]
		if t > 1 {
			late += c.lost[t] + c.kept[t]
		}
	}
	switch {
	case lost+kept == 0:
		return ErrNoRenewal
	case lost == 0:
		return ErrNobody
	case late == 0 && kept == 0:
		return ErrEverybody
	case late == 0:
		return ErrOneAge
	}
	return nil
}

// Fit estimates the model from cohorts of any ages by Newton's method on ln Alpha and ln Beta. The error
// says what the data lack.
func Fit(cohorts []Cohort) (*Fitted, error) {
	c, err := collect(cohorts)
	if err != nil {
		return nil, err
	}
	f := &Fitted{}
	for t := range c.lost {
		f.Customers += c.lost[t] + c.kept[t]
	}
	u := [2]float64{0, 0}
	here := c.at(u)
	shift := 1e-3
	for range 500 {
		f.Evaluations++
		step, promise, ok := here.step(shift)
		if ok && promise < 1e-12 && here.definite() {
			return f.finish(u, here), nil
		}
		next := [2]float64{u[0] + step[0], u[1] + step[1]}
		if ok {
			if there := c.at(next); there.ll >= here.ll-1e-13*math.Abs(here.ll) {
				u, here, shift = next, there, shift/10
				if math.Abs(u[0]) > 14 || math.Abs(u[1]) > 14 {
					return nil, ErrNoOptimum
				}
				continue
			}
		}
		if shift *= 10; shift > 1e10 {
			break
		}
	}
	return nil, ErrNoOptimum
}

// point is the likelihood at u = (ln α, ln β) with gradient and Hessian by u.
type point struct {
	ll         float64
	g          [2]float64
	aa, ab, bb float64
}

// at sums lost ln P(T=t) + kept ln S(t): every factor is ln of α, β+i or α+β+i.
func (c counts) at(u [2]float64) point {
	a, b := math.Exp(u[0]), math.Exp(u[1])
	var p point
	var byA, byB, aa, ab, bb float64
	// Those who passed renewal i+1 have the factor (β+i)/(α+β+i), those who left there α/(α+β+i).
	passed := 0.0
	for t := len(c.lost) - 1; t >= 1; t-- {
		i := float64(t - 1)
		passed += c.kept[t]
		faced := passed + c.lost[t]
		p.ll += float64(passed*math.Log(b+i)) + float64(c.lost[t]*math.Log(a)) - float64(faced*math.Log(a+b+i))
		all := faced / (a + b + i)
		byA += c.lost[t]/a - all
		byB += passed/(b+i) - all
		all /= a + b + i
		aa += all - c.lost[t]/(a*a)
		ab += all
		bb += all - passed/((b+i)*(b+i))
		passed = faced
	}
	p.g = [2]float64{a * byA, b * byB}
	p.aa, p.ab, p.bb = a*a*aa+a*byA, a*b*ab, b*b*bb+b*byB
	return p
}

// definite says that the likelihood curves down in every direction.
func (p *point) definite() bool { return p.aa < 0 && p.aa*p.bb-p.ab*p.ab > 0 }

// step solves (-H + shift |diag H|) δ = g, δ at most 2 in any parameter; promise is g'δ.
func (p *point) step(shift float64) (step [2]float64, promise float64, ok bool) {
	if shift < 1e-8 {
		shift = 0
	}
	a, d := -p.aa+shift*(math.Abs(p.aa)+1e-9), -p.bb+shift*(math.Abs(p.bb)+1e-9)
	det := a*d - p.ab*p.ab
	if !(a > 0 && det > 0) {
		return step, 0, false
	}
	step = [2]float64{(d*p.g[0] + p.ab*p.g[1]) / det, (p.ab*p.g[0] + a*p.g[1]) / det}
	promise = p.g[0]*step[0] + p.g[1]*step[1]
	long := max(1, math.Abs(step[0])/2, math.Abs(step[1])/2)
	return [2]float64{step[0] / long, step[1] / long}, promise, true
}

func (f *Fitted) finish(u [2]float64, p point) *Fitted {
	f.Model, f.LL = Model{math.Exp(u[0]), math.Exp(u[1])}, p.ll
	det := p.aa*p.bb - p.ab*p.ab
	f.Cov = [2][2]float64{{-p.bb / det, p.ab / det}, {p.ab / det, -p.aa / det}}
	f.SE = [2]float64{f.Alpha * math.Sqrt(f.Cov[0][0]), f.Beta * math.Sqrt(f.Cov[1][1])}
	return f
}
