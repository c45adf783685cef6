package churn

import (
	"cmp"
	"math"
	"slices"
)

// Isotonic is a monotone map from log-odds to calibrated log-odds: straight lines between knots, and the
// shift of the outermost knot beyond it. Both slices ascend.
type Isotonic struct {
	From []float64 `json:"from_log_odds"`
	To   []float64 `json:"to_log_odds"`
}

// knotRows is the least number of customers behind a knot.
const knotRows = 25

// calibrate fits the non-decreasing step function of least squares to the outcomes of held-out customers
// (pool adjacent violators; Ayer et al. 1955, doi:10.1214/aoms/1177728423; for classifiers Zadrozny
// and Elkan 2002, doi:10.1145/775047.775151) over groups of 25 or more customers of similar log-odds, and
// joins the middles of its steps, so that customers within a step keep their order. A step of n
// customers stays off 0 and 1 by half a customer.
func calibrate(eta []float64, y []bool) *Isotonic {
	type block struct{ n, eta, events float64 }
	order := make([]int, len(eta))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(eta[a], eta[b]) })
	var blocks []block
	pieces := max(1, len(order)/knotRows)
	at := 0
	for k := range pieces {
		var b block
		for ; at < (k+1)*len(order)/pieces || at > 0 && at < len(order) && b.n > 0 && eta[order[at]] == eta[order[at-1]]; at++ {
			b.n++
			b.eta += eta[order[at]]
			if y[order[at]] {
				b.events++
			}
		}
		if b.n == 0 {
			continue // its customers tied with those before
		}
		for len(blocks) > 0 && blocks[len(blocks)-1].events*b.n >= b.events*blocks[len(blocks)-1].n {
			last := blocks[len(blocks)-1]
			b = block{b.n + last.n, b.eta + last.eta, b.events + last.events}
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	m := &Isotonic{}
	for _, b := range blocks {
		share := min(1-0.5/b.n, max(0.5/b.n, b.events/b.n))
		m.From, m.To = append(m.From, b.eta/b.n), append(m.To, math.Log(share/(1-share)))
	}
	for i := 1; i < len(blocks); i++ { // keeping off 0 and 1 must not turn two steps round
		m.To[i] = max(m.To[i], m.To[i-1])
	}
	return m
}

// At is the probability at some log-odds.
func (m *Isotonic) At(eta float64) float64 {
	last := len(m.From) - 1
	i := 0
	for i <= last && m.From[i] <= eta { // a handful of knots
		i++
	}
	switch {
	case i == 0:
		return logistic(eta + (m.To[0] - m.From[0]))
	case i > last:
		return logistic(eta + (m.To[last] - m.From[last]))
	}
	share := (eta - m.From[i-1]) / (m.From[i] - m.From[i-1])
	return logistic(m.To[i-1] + float64(share*(m.To[i]-m.To[i-1])))
}
