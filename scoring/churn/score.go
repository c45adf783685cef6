package churn

import (
	"fmt"
	"math"
)

// Result holds one probability per customer of the ledger.
type Result struct {
	// Probability of no purchase in the horizon, 0..1; NaN for a customer without a purchase yet, and
	// for all where there is neither model nor base.
	Probability []float64
	// Fallback is why Probability is the base; empty where the model spoke.
	Fallback string

	today *Snapshot
	row   []int32   // of the snapshot, by customer; -1 without
	top   [][3]move // by row of the snapshot
}

// move is one family's push on a customer's log-odds.
type move struct {
	family family
	by     float32 // log-odds; 0 for none
}

// Score gives the customers of today's snapshot their probability. Where today's horizon is that of the
// last slice, the model speaks for itself. A longer one is carried over: the base of the longer horizon
// takes the corrections that shorter ones taught, their level included.
func (m *Model) Score(today *Snapshot) (*Result, error) {
	r := &Result{Probability: make([]float64, today.all), Fallback: m.Diagnostics.Fallback, today: today, row: make([]int32, today.all)}
	for c := range r.row {
		r.row[c], r.Probability[c] = -1, math.NaN()
	}
	for i, c := range today.Customers {
		r.row[c] = int32(i)
	}
	carried := today.Horizon != m.horizon
	switch {
	case m.Fallback():
	case m.withBase != (today.base != nil):
		return nil, fmt.Errorf("the slices had a base (%t), the snapshot of %s has one (%t): give both or none", m.withBase, today.AsOf, today.base != nil)
	case carried && today.base == nil:
		r.Fallback = fmt.Sprintf("the last slice looks %d days ahead; without a purchase model nothing carries that over to %d", m.horizon, today.Horizon)
	}
	if r.Fallback != "" {
		for i, p := range today.base {
			r.Probability[today.Customers[i]] = p
		}
		return r, nil
	}
	m.Diagnostics.CarriedOver = carried
	d := newDesign(today, m.features, m.workers)
	eta := d.linear(m.beta)
	r.reason(m, d)
	for i, c := range today.Customers {
		if m.calibration != nil {
			r.Probability[c] = m.calibration.At(eta[i])
		} else {
			r.Probability[c] = logistic(eta[i])
		}
	}
	return r, nil
}

// reason finds the three families that moved each customer most from the population: Σ β z over the
// features of a family. The base is a matter of rhythm: it knows the times of the orders and nothing
// else, and what the facts of the rhythm add to it means nothing without it.
func (r *Result) reason(m *Model, d *design) {
	var mean float64
	for _, x := range d.offset {
		mean += x
	}
	mean /= float64(max(d.rows(), 1))
	r.top = make([][3]move, d.rows())
	spans(d.rows(), m.workers, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			var by [families]float64
			row := d.row(i)
			by[rhythm] = d.offset[i] - mean + float64(m.beta[1]*row[1])
			for j, f := range m.features {
				by[f.family] += float64(m.beta[j+2] * row[j+2])
			}
			for f, x := range by {
				r.top[i] = insert(r.top[i], move{family(f), float32(x)})
			}
		}
	})
}

// insert keeps the three greatest moves in order, the earlier family first of equals.
func insert(top [3]move, m move) [3]move {
	for k := range top {
		if math.Abs(float64(m.by)) > math.Abs(float64(top[k].by)) {
			top[k], m = m, top[k]
		}
	}
	return top
}
