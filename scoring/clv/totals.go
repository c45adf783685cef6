package clv

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Total is the value of a segment over a horizon, in currency units.
type Total struct {
	// Customers counts those with a known value, Unknown those without; NoInterval those of Customers
	// whose spread is unknown, so that they widen no interval.
	Customers, Unknown, NoInterval int
	// Value is Σ of the customers' values; Low and High bound what the segment brings with probability
	// Level, by a normal distribution: for a few customers only, look at their own intervals.
	Value, Low, High float64
	// Parameters is the standard deviation from what all customers share, the purchase model's
	// parameters and the population's profit per purchase; Process that from what each customer does,
	// which averages out. Low and High rest on both.
	Parameters, Process float64
}

// Totals adds up segments: segment[c] in 0..n-1 is the segment of customer c, any other number none.
func (h *Horizon) Totals(segment []int32, n int) []Total {
	if len(segment) != len(h.code) {
		panic(fmt.Sprintf("clv: %d segments for %d customers", len(segment), len(h.code)))
	}
	totals := make([]Total, n)
	models := 0
	if h.cells.len() > 0 {
		models = len(h.around) / h.cells.len()
	}
	around, shared := make([]float64, n*models), make([]float64, n)
	for c, s := range segment {
		if s < 0 || int(s) >= n {
			continue
		}
		t := &totals[s]
		if !finite(h.Value[c]) {
			t.Unknown++
			continue
		}
		t.Customers++
		t.Value += h.Value[c]
		k := int(h.code[c])
		cell := int(h.cells.cell[k])
		for b, ratio := range h.around[cell*models : (cell+1)*models] {
			around[int(s)*models+b] += float64(h.Value[c] * (ratio - 1))
		}
		if !h.bounded || math.IsNaN(h.Low[c]) {
			t.NoInterval++
			continue
		}
		f := &h.purchases[k]
		t.Process += h.process(c, f)
		shared[s] += float64(f.mean * f.discount * h.spend.Shared[c])
	}
	z := distuv.UnitNormal.Quantile((1 + h.level) / 2)
	for s := range totals {
		totals[s].finish(around[s*models:(s+1)*models], shared[s], z)
	}
	return totals
}

// process is the variance of a customer's discounted profit apart from what is shared: with
// N purchases of mean θ, Var = d² (E N σ² + Var N θ² + E N² s²).
func (h *Horizon) process(c int, f *forecast) float64 {
	theta, within := h.spend.Mean[c], h.spend.Within[c]
	own := max(0, h.spend.SD[c]*h.spend.SD[c]-h.spend.Shared[c]*h.spend.Shared[c])
	v := f.variance()
	return f.discount * f.discount * (f.mean*within*within + v*theta*theta + (v+f.mean*f.mean)*own)
}

func (t *Total) finish(around []float64, shared, z float64) {
	squares := shared * shared
	for _, d := range around {
		squares += float64(d*d) / float64(len(around))
	}
	t.Parameters, t.Process = math.Sqrt(squares), math.Sqrt(t.Process)
	half := z * math.Hypot(t.Parameters, t.Process)
	t.Low, t.High = t.Value-half, t.Value+half
}
