package clv

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// bgnbd is the BG/NBD model by the Euler form of reference/clv.md 2.2, for these tests; times are
// divided by unit.
type bgnbd struct{ r, alpha, a, b, unit float64 }

func (m bgnbd) alive(x, tx, t float64) float64 {
	if x == 0 {
		return 1
	}
	return 1 / (1 + math.Exp((m.r+x)*math.Log((m.alpha+t)/(m.alpha+tx))+math.Log(m.a/(m.b+x-1))))
}

func (m bgnbd) Expected(dst []float64, x, tx, t []int32, days ...float64) {
	for at := range dst {
		i := at / len(days)
		h := days[at%len(days)] / m.unit
		n, age := float64(x[i]), float64(t[i])/m.unit
		z, c := h/(m.alpha+age+h), m.a+m.b+n-1
		f, term := 1.0, 1.0
		for k := 0.0; k < 20000 && math.Abs(term) > 1e-17*math.Abs(f); k++ {
			term *= (m.a + m.b - 1 - m.r + k) * (m.a - 1 + k) / ((c + k) * (k + 1)) * z
			f += term
		}
		dst[at] = m.alive(n, float64(tx[i])/m.unit, age) * c / (m.a - 1) * (1 - math.Exp((m.a-1)*math.Log1p(-z))*f)
	}
}

func (m bgnbd) None(dst []float64, x, tx, t []int32, days float64) {
	for i := range dst {
		n, age := float64(x[i]), float64(t[i])/m.unit
		stays := -math.Expm1((m.r + n) * math.Log((m.alpha+age)/(m.alpha+age+days/m.unit)))
		dst[i] = 1 - m.alive(n, float64(tx[i])/m.unit, age)*stays
	}
}

// cdnow are the parameters of the CDNOW sample, 2-decimal weeks; days for a model of days.
func cdnow(unit float64) bgnbd {
	return bgnbd{0.24259291, 4.4135316, 0.79288615, 2.4257534, unit}
}

// company simulates customers of a model: histories up to the as-of day, and the days of purchases in
// the horizon after it, seen from the as-of day.
func company(m bgnbd, n int, horizon float64, seed uint64) (x, tx, t []int32, future [][]float64) {
	src := rand.NewPCG(seed, 5)
	rnd := rand.New(src)
	for range n {
		age := 189 + rnd.IntN(84) // joined within 12 weeks, as the CDNOW cohort
		lambda := distuv.Gamma{Alpha: m.r, Beta: m.alpha, Src: src}.Rand() / m.unit
		p := distuv.Beta{Alpha: m.a, Beta: m.b, Src: src}.Rand()
		var repeat, last int32
		var later []float64
		for at := rnd.ExpFloat64() / lambda; at < float64(age)+horizon; at += rnd.ExpFloat64() / lambda {
			if at <= float64(age) {
				repeat, last = repeat+1, int32(at)
			} else {
				later = append(later, at-float64(age))
			}
			if rnd.Float64() < p {
				break
			}
		}
		x, tx, t, future = append(x, repeat), append(tx, last), append(t, int32(age)), append(future, later)
	}
	return x, tx, t, future
}

// flat is the same spend for everybody.
func flat(n int, mean, sd, within, shared float64) Spend {
	s := Spend{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
	for c := range n {
		s.Mean[c], s.SD[c], s.Within[c], s.Shared[c] = mean, sd, within, shared
	}
	return s
}
