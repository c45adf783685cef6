package clv

import (
	"math"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/span"
)

// value fills the customers' columns and flags. Customers of one pattern share its atoms, so they are
// walked pattern by pattern.
func (h *Horizon) value(flags []Flag, workers int) {
	n := len(h.code)
	h.Purchases, h.Value = make([]float64, n), make([]float64, n)
	if h.bounded {
		h.Low, h.High = make([]float64, n), make([]float64, n)
	}
	order, from := h.byPattern()
	span.Each(len(from)-1, 256, workers, func(_, lo, hi int) {
		var atoms []atom
		for k := lo; k < hi; k++ {
			f := &h.purchases[k]
			if atoms = atoms[:0]; h.bounded && !f.bad && f.mean > 0 {
				atoms = f.atoms(atoms)
			}
			for _, c := range order[from[k]:from[k+1]] {
				flags[c] |= h.customer(int(c), f, atoms)
			}
		}
	})
	for c, k := range h.code {
		if k < 0 {
			flags[c] |= NoPurchase
			h.unknown(c)
			h.Purchases[c] = math.NaN()
		}
	}
}

// byPattern sorts customers by pattern, stably: those of pattern k are order[from[k]:from[k+1]].
func (h *Horizon) byPattern() (order, from []int32) {
	from = make([]int32, len(h.purchases)+1)
	for _, k := range h.code {
		if k >= 0 {
			from[k+1]++
		}
	}
	for k := range h.purchases {
		from[k+1] += from[k]
	}
	next := slices.Clone(from)
	order = make([]int32, from[len(h.purchases)])
	for c, k := range h.code {
		if k >= 0 {
			order[next[k]] = int32(c)
			next[k]++
		}
	}
	return order, from
}

func (h *Horizon) unknown(c int) {
	h.Value[c] = math.NaN()
	if h.bounded {
		h.Low[c], h.High[c] = math.NaN(), math.NaN()
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// customer fills the line of one customer.
func (h *Horizon) customer(c int, f *forecast, atoms []atom) Flag {
	h.unknown(c)
	if f.bad {
		h.Purchases[c] = math.NaN()
		return NoModel
	}
	h.Purchases[c] = f.mean
	theta := h.spend.Mean[c]
	value := f.mean * f.discount * theta
	if !finite(value) {
		return NoSpend
	}
	h.Value[c] = value
	if !h.bounded {
		return 0
	}
	if f.mean == 0 {
		h.Low[c], h.High[c] = 0, 0
		return 0
	}
	sd, within := math.Hypot(h.spend.SD[c], theta*f.error), h.spend.Within[c]
	if !finite(sd) || !finite(within) {
		return NoInterval
	}
	d := sum{atoms, f.discount * theta, f.discount * sd, f.discount * within, normalTable()}
	tail := (1 - h.level) / 2
	h.Low[c] = min(value, d.quantile(tail))
	h.High[c] = max(value, d.quantile(1-tail))
	return 0
}
