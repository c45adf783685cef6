package clv

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
)

// nodes of the quadrature from now to the first horizon, and from each horizon to the next. The integral
// is only the discount's part of the value, so that few do: on 600 random BG/NBD customers, horizons of 1
// to 60 months, the largest relative error of the first was 7e-7 at 10% a year and 4.4e-6 at 50%. Later
// on expected purchases are smoother still.
const (
	nodes = 8
	more  = 5
)

// schedule is when to ask for expected purchases E, so that one pass gives all horizons.
type schedule struct {
	at     []float64 // days
	weight []float64 // of E(at) e^{-δ at} in ∫ over the stretch that at lies in; 0 at the ends of horizons
	worth  []float64 // e^{-δ at}
	end    []int     // by horizon: at[end] is its last day
	delta  float64
}

func newSchedule(hs []Horizon, delta float64) *schedule {
	q := &schedule{end: make([]int, len(hs)), delta: delta}
	order := make([]int, len(hs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(hs[a].Days, hs[b].Days) })
	from := 0.0
	for _, k := range order {
		if to := hs[k].Days; to > from {
			q.stretch(from, to)
			q.add(to, 0)
			from = to
		}
		q.end[k] = len(q.at) - 1
	}
	return q
}

func (q *schedule) add(at, weight float64) {
	q.at, q.weight, q.worth = append(q.at, at), append(q.weight, weight), append(q.worth, math.Exp(-q.delta*at))
}

// stretch adds the nodes of (from, to). Expected purchases rise most steeply at the start, so that the
// first stretch runs in u with τ = to u³.
func (q *schedule) stretch(from, to float64) {
	n := nodes
	if from > 0 {
		n = more
	}
	x, w := make([]float64, n), make([]float64, n)
	quad.Legendre{}.FixedLocations(x, w, 0, 1)
	for i, u := range x {
		if from > 0 {
			q.add(from+(to-from)*u, w[i]*(to-from))
		} else {
			q.add(to*u*u*u, w[i]*3*u*u*to)
		}
	}
}

// sum gives E N of horizon k and the expected sum of discount factors, by parts
//
//	∫ e^{-δτ} dE(τ) = e^{-δH} E(H) + δ ∫ e^{-δτ} E(τ) dτ over 0..H.
func (q *schedule) sum(k int, expected []float64) (mean, discounted float64) {
	end := q.end[k]
	integral := 0.0
	for j, e := range expected[:end] {
		integral += float64(float64(q.weight[j]*q.worth[j]) * e)
	}
	mean = expected[end]
	return mean, float64(q.worth[end]*mean) + float64(q.delta*integral)
}
