package evaluation

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// normal95 is the 97.5% quantile of the standard normal distribution.
const normal95 = 1.959963984540054

// placements say of every customer which share of the other class their score beats, ties half:
// for one with the event the share of those without it below, for one without it the share of those
// with it above. Their means are both the AUC (DeLong, DeLong and Clarke-Pearson 1988,
// doi:10.2307/2531595; by sorting as Sun and Xu 2014, doi:10.1109/LSP.2014.2337313).
type placements struct{ with, without []float64 }

// place returns the placements in row order within each class.
func place(values []float64, event []bool) placements {
	share := make([]float64, len(values))
	events := total(event)
	others := len(values) - events
	order := ranked(values)
	withAbove, withoutBelow := 0, others
	for lo := 0; lo < len(order); {
		hi, with := lo, 0
		for ; hi < len(order) && values[order[hi]] == values[order[lo]]; hi++ {
			if event[order[hi]] {
				with++
			}
		}
		without := hi - lo - with
		withoutBelow -= without
		for _, i := range order[lo:hi] {
			if event[i] {
				share[i] = (float64(withoutBelow) + float64(without)/2) / float64(others)
			} else {
				share[i] = (float64(withAbove) + float64(with)/2) / float64(events)
			}
		}
		withAbove += with
		lo = hi
	}
	var p placements
	for i, e := range event {
		if e {
			p.with = append(p.with, share[i])
		} else {
			p.without = append(p.without, share[i])
		}
	}
	return p
}

// auc is NaN where a class is empty.
func (p placements) auc() float64 {
	if len(p.without) == 0 {
		return math.NaN()
	}
	return mean(p.with)
}

// variance is that of the AUC; NaN with fewer than two customers in a class.
func (p placements) variance() float64 {
	return variance(p.with)/float64(len(p.with)) + variance(p.without)/float64(len(p.without))
}

func (p placements) minus(q placements) placements {
	return placements{difference(p.with, q.with), difference(p.without, q.without)}
}

func difference(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i := range a {
		d[i] = a[i] - b[i]
	}
	return d
}

func mean(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x)) // NaN of nothing
}

// variance divides by n - 1: NaN below two values.
func variance(x []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	m, sum := mean(x), 0.0
	for _, v := range x {
		sum += float64((v - m) * (v - m))
	}
	return sum / float64(len(x)-1)
}

// twoSided is the probability of a normal deviate as far from 0 as d / se.
func twoSided(d, se float64) float64 {
	switch {
	case math.IsNaN(d) || math.IsNaN(se):
		return math.NaN()
	case d == 0:
		return 1
	case se == 0:
		return 0
	}
	return 2 * distuv.UnitNormal.CDF(-math.Abs(d/se))
}
