package btyd

import "math"

// Options say how a model is fitted. The zero value is legal.
type Options struct {
	// Workers is the number of goroutines, below one means one; it never changes a result.
	Workers int
	// Limit is the most customers that take part; 0 or less: all. See Patterns.Thin.
	Limit int
}

// Fit is the function Fit on at most Limit customers. Standard errors are those of the customers that
// took part.
func (o Options) Fit(f Family, p *Patterns) (*Fitted, error) {
	if o.Limit > 0 {
		p = p.Thin(o.Limit)
	}
	return Fit(f, p, o.Workers)
}

// Thin keeps limit > 0 of the customers, each standing for itself, or p itself where it has no more.
// It goes through the patterns in their order and keeps every customer in whom the running count times
// limit/customers passes a whole number, so that each range of histories keeps its share and the order
// of customers changes nothing. Of is nil in what was thinned. Weights must be whole numbers.
func (p *Patterns) Thin(limit int) *Patterns {
	share := float64(limit) / p.Customers()
	if !(share < 1) {
		return p
	}
	thin := &Patterns{}
	for i, kept := range thinned(p.Weight, share) {
		if kept > 0 {
			thin.Histories = append(thin.Histories, p.Histories[i])
			thin.Weight = append(thin.Weight, kept)
		}
	}
	return thin
}

// thinned is how many of each weight stay when every (1/share)-th of the running sum does, counted
// from half a step.
func thinned(weight []float64, share float64) []float64 {
	kept := make([]float64, len(weight))
	sum, last := 0.0, 0.0
	for i, w := range weight {
		sum += w
		now := math.Floor(float64(sum*share) + 0.5)
		kept[i], last = now-last, now
	}
	return kept
}
