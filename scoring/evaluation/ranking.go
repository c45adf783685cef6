package evaluation

import (
	"cmp"
	"math"
	"slices"
)

// group is the customers of one score.
type group struct {
	score     float64
	n, events int
	spend     float64
}

// groups descend by score.
type groups []group

// ranked returns the customers by descending score, equal scores in row order.
func ranked(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	return order
}

func groupBy(values []float64, event []bool, spend []float64) groups {
	var g groups
	for k, i := range ranked(values) {
		if k == 0 || values[i] != g[len(g)-1].score {
			g = append(g, group{score: values[i]})
		}
		last := &g[len(g)-1]
		last.n++
		if event != nil && event[i] {
			last.events++
		}
		if spend != nil {
			last.spend += spend[i]
		}
	}
	return g
}

func eventsOf(x group) float64 { return float64(x.events) }
func spendOf(x group) float64  { return x.spend }

func (g groups) totals(of func(group) float64) (customers int, weight float64) {
	for _, x := range g {
		customers += x.n
		weight += of(x)
	}
	return customers, weight
}

// top is the share of a weight that stands in the top fraction of the customers; NaN where the
// weights do not sum to more than 0.
func (g groups) top(fraction float64, of func(group) float64) float64 {
	n, all := g.totals(of)
	if !(all > 0) {
		return math.NaN()
	}
	left, sum := fraction*float64(n), 0.0
	for _, x := range g {
		part := min(1, left/float64(x.n))
		sum += float64(part * of(x))
		if left -= float64(x.n); left <= 0 {
			break
		}
	}
	return sum / all
}

// averagePrecision is Σ (R_k - R_{k-1}) P_k over the distinct thresholds: the step-wise area under
// the precision-recall curve, which does not interpolate between them (Davis and Goadrich 2006,
// doi:10.1145/1143844.1143874, show why one must not do so linearly).
func (g groups) averagePrecision() float64 {
	_, all := g.totals(eventsOf)
	var n, events, area float64
	for _, x := range g {
		n += float64(x.n)
		events += float64(x.events)
		area += float64(float64(x.events) / all * (events / n))
	}
	return area
}

// gini is twice the area between the capture curve and the diagonal, of customers by descending
// score; NaN without a positive total.
func (g groups) gini(of func(group) float64) float64 {
	n, all := g.totals(of)
	if !(all > 0) {
		return math.NaN()
	}
	var area, before float64
	for _, x := range g {
		after := before + of(x)/all
		area += float64(float64(x.n) / float64(n) * (before + after))
		before = after
	}
	return area - 1
}
