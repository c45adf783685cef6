package churn

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
)

// Inputs are columns of other models for the view of a slice, one value per ledger customer.
type Inputs struct {
	// Base is the buy-till-you-die probability of no purchase in the slice's horizon, 0..1, fitted
	// on that slice's view alone; NaN where unknown, nil without such a model.
	Base []float64
	// ExpectedGap is feature.Features.ExpectedGap of the view, in days; NaN where unknown, nil for none.
	ExpectedGap []float64
	// Outside marks customers to leave out of the slice: children whose rows their parent holds too. nil: none.
	Outside []bool
}

// Snapshot holds the facts of the customers of a slice: those with a purchase before its as-of day.
type Snapshot struct {
	Slice
	// Customers are ledger indices, ascending.
	Customers []int32
	all       int     // customers of the ledger
	facts     []facts // of Customers
	base      []float64
	churned   []bool // nil until Label
}

// Observe reads the facts of the customers from a view, which must be that of the slice's day.
func Observe(v ledger.View, s Slice, in Inputs, workers int) (*Snapshot, error) {
	n := v.Customers()
	if v.AsOf() != s.AsOf {
		return nil, fmt.Errorf("the view of %s was given for the slice of %s", v.AsOf(), s.AsOf)
	}
	if in.Base != nil && len(in.Base) != n || in.ExpectedGap != nil && len(in.ExpectedGap) != n || in.Outside != nil && len(in.Outside) != n {
		panic("churn: columns of different length")
	}
	snap := &Snapshot{Slice: s, all: n}
	for c := range n {
		if in.Outside != nil && in.Outside[c] {
			continue
		}
		lo, hi := v.Seen(c)
		for i := lo; i < hi; i++ {
			if purchase(v.Rows(), i) {
				snap.Customers = append(snap.Customers, int32(c))
				break
			}
		}
	}
	snap.thin()
	snap.facts = make([]facts, len(snap.Customers))
	season := !v.Days().Empty() && s.AsOf-v.Days().From >= 365
	spans(len(snap.facts), workers, func(lo, hi int) {
		var k kernel
		for i := lo; i < hi; i++ {
			c := int(snap.Customers[i])
			snap.facts[i] = k.facts(v, c, s.Window)
			snap.facts[i].expected = unset()
			if in.ExpectedGap != nil {
				snap.facts[i].expected = float32(in.ExpectedGap[c])
			}
			if !season {
				snap.facts[i].season = unset()
			}
		}
	})
	if in.Base != nil {
		snap.base = make([]float64, len(snap.Customers))
		for i, c := range snap.Customers {
			if snap.base[i] = in.Base[c]; snap.base[i] < 0 || snap.base[i] > 1 {
				return nil, fmt.Errorf("customer %q has the probability %v; it must lie in 0..1", v.ID(int(c)), in.Base[c])
			}
		}
	}
	return snap, nil
}

// thin takes every k-th customer, so that at most MaxRows remain.
func (s *Snapshot) thin() {
	if s.MaxRows <= 0 || len(s.Customers) <= s.MaxRows {
		return
	}
	step := (len(s.Customers) + s.MaxRows - 1) / s.MaxRows
	kept := s.Customers[:0]
	for i := 0; i < len(s.Customers); i += step {
		kept = append(kept, s.Customers[i])
	}
	s.Customers = kept
}

// Label reads from a later view of the same ledger who bought in the horizon. The horizon must have
// ended on the view's as-of day.
func (s *Snapshot) Label(v ledger.View) error {
	r := civil.Range{From: s.AsOf, To: s.AsOf + civil.Day(s.Horizon)}
	if r.To > v.AsOf() {
		return fmt.Errorf("the horizon of the slice of %s ends on %s, after %s: its outcome is not known yet", s.AsOf, r.To, v.AsOf())
	}
	if v.Customers() != s.all {
		panic("churn: the view is of another ledger")
	}
	s.churned = make([]bool, len(s.Customers))
	for i, c := range s.Customers {
		s.churned[i] = true
		lo, hi := v.Window(int(c), r)
		for ; lo < hi && s.churned[i]; lo++ {
			s.churned[i] = !purchase(v.Rows(), lo)
		}
	}
	return nil
}

// purchase is that of package feature: a day-row with a sale line and positive net sales.
func purchase(rows *ledger.Rows, i int) bool { return rows.Sales[i] > 0 && rows.Net[i] > 0 }

// events counts the churners.
func (s *Snapshot) events() int { return count(s.churned) }

func count(x []bool) (n int) {
	for _, yes := range x {
		if yes {
			n++
		}
	}
	return n
}

// logit is the base on the scale of the model. Probabilities are kept off 0 and 1 by e⁻⁸: no model of
// counts is that sure of a person. Without a base it is 0, and an unknown one becomes the mean.
func (s *Snapshot) logit() []float64 {
	l := make([]float64, len(s.Customers))
	if s.base == nil {
		return l
	}
	var sum float64
	n := 0
	for i, p := range s.base {
		l[i] = min(8, max(-8, math.Log(p)-math.Log1p(-p)))
		if !math.IsNaN(p) {
			sum += l[i]
			n++
		}
	}
	for i, p := range s.base {
		if math.IsNaN(p) {
			l[i] = sum / float64(max(n, 1))
		}
	}
	return l
}
