package margin

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Part is what a category has in a basket: net sales with a known cost, returns taken off, and the
// gross profit on them.
type Part struct {
	Category        int32
	Covered, Profit money.Amount
}

// Yardstick is what each category earns above the company's rate.
type Yardstick struct {
	above []float64 // by category: M_k - M
}

// NewYardstick measures the categories of the whole company; category k is parts[k]. One whose sales
// come to nothing or less has no rate of its own and stands at the company's.
func NewYardstick(parts []Part) *Yardstick {
	var covered, profit float64
	for _, p := range parts {
		covered += p.Covered.Float()
		profit += p.Profit.Float()
	}
	y := &Yardstick{above: make([]float64, len(parts))}
	for k, p := range parts {
		if p.Covered > 0 {
			y.above[k] = p.Profit.Float()/p.Covered.Float() - profit/covered
		}
	}
	return y
}

// Excess is what a basket would earn above the company's rate, if each category earned what it earns
// in the company:
//
//	Σ c_k (M_k - M) / Σ c_k
//
// for c_k the covered sales of category k. NaN unless these add up to more than zero.
func (y *Yardstick) Excess(basket []Part) float64 {
	var sum, covered float64
	for _, p := range basket {
		c := p.Covered.Float()
		sum += float64(c * y.above[p.Category])
		covered += c
	}
	if !(covered > 0) {
		return math.NaN()
	}
	return sum / covered
}
