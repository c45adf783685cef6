package btyd

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/span"
)

// Columns are customers' records as package history gives them: X repeat purchase days, the last TX
// days after the first, seen for T days. T = -1 is a customer without a purchase so far.
type Columns struct{ X, TX, T []int32 }

// patterns collapses the customers with a purchase.
func (c Columns) patterns() (*Patterns, error) {
	if len(c.X) != len(c.T) || len(c.TX) != len(c.T) {
		return nil, fmt.Errorf("btyd: columns of %d counts, %d recencies, %d ages", len(c.X), len(c.TX), len(c.T))
	}
	var x, tx, t []int32
	var row []int
	for i := range c.T {
		if c.T[i] >= 0 {
			x, tx, t, row = append(x, c.X[i]), append(tx, c.TX[i]), append(t, c.T[i]), append(row, i)
		}
	}
	p, err := Collapse(x, tx, t)
	if fault, ok := err.(*HistoryError); ok {
		fault.Customer = row[fault.Customer]
	}
	return p, err
}

// cell is customers with one history before a cut and one number of purchase days after it.
type cell struct {
	history History
	later   int
	weight  float64
}

// trial is a history cut in two, cells ascending by (X, TX, T, later).
type trial struct {
	cells []cell
	days  float64
}

// cut makes a trial of the same customers seen at two days.
func cut(then, now Columns) (*trial, error) {
	n := len(now.T)
	for _, column := range [][]int32{then.X, then.TX, then.T} {
		if len(column) != n {
			return nil, fmt.Errorf("btyd: choose: columns of %d and %d customers; pass the same customers at both days", len(column), n)
		}
	}
	t := &trial{}
	counts := map[[4]int32]float64{}
	days := int32(0)
	for i, seen := range then.T {
		if seen < 0 {
			continue
		}
		later := now.X[i] - then.X[i]
		if days == 0 {
			days = now.T[i] - seen
		}
		if now.T[i]-seen != days || days <= 0 || later < 0 {
			return nil, fmt.Errorf("btyd: choose: customer %d has x %d, T %d before the cut and x %d, T %d after it; "+
				"pass the same ledger at two days, the earlier first", i, then.X[i], seen, now.X[i], now.T[i])
		}
		if fault := dayFault(then.X[i], then.TX[i], seen); fault != "" {
			return nil, &HistoryError{i, History{int(then.X[i]), float64(then.TX[i]), float64(seen)}, fault}
		}
		counts[[4]int32{then.X[i], then.TX[i], seen, later}]++
	}
	t.days = float64(days)
	for k, w := range counts {
		t.cells = append(t.cells, cell{History{int(k[0]), float64(k[1]), float64(k[2])}, int(k[3]), w})
	}
	slices.SortFunc(t.cells, func(a, b cell) int {
		return cmp.Or(compare(a.history, b.history), cmp.Compare(a.later, b.later))
	})
	return t, nil
}

// thin is Patterns.Thin for a trial.
func (t *trial) thin(limit int) {
	weight := make([]float64, len(t.cells))
	total := 0.0
	for i, c := range t.cells {
		weight[i] = c.weight
		total += c.weight
	}
	share := float64(limit) / total
	if limit <= 0 || !(share < 1) {
		return
	}
	for i, kept := range thinned(weight, share) {
		t.cells[i].weight = kept
	}
	t.cells = slices.DeleteFunc(t.cells, func(c cell) bool { return c.weight == 0 })
}

// before are the histories up to the cut.
func (t *trial) before() *Patterns {
	p := &Patterns{}
	for _, c := range t.cells {
		if n := p.Len(); n > 0 && p.Histories[n-1] == c.history {
			p.Weight[n-1] += c.weight
			continue
		}
		p.Histories = append(p.Histories, c.history)
		p.Weight = append(p.Weight, c.weight)
	}
	return p
}

// verdict is what a model said about the days after the cut.
type verdict struct {
	logs     []float64 // ln P(later | history) of each cell
	expected float64   // purchase days of all customers
}

// judge asks a model about every cell.
func (t *trial) judge(m Model, workers int) verdict {
	v := verdict{logs: make([]float64, len(t.cells))}
	parts := make([]float64, span.Count(len(t.cells), block))
	span.Each(len(t.cells), block, workers, func(b, lo, hi int) {
		for i := lo; i < hi; i++ {
			c := &t.cells[i]
			u := m.Given(c.history)
			v.logs[i] = u.LogCount(c.later, t.days)
			parts[b] += float64(c.weight * u.Expected(t.days))
		}
	})
	for _, e := range parts {
		v.expected += e
	}
	return v
}

// mean is Σ weight logs / Σ weight.
func (t *trial) mean(logs []float64) float64 {
	sum, n := 0.0, 0.0
	for i, c := range t.cells {
		sum += float64(c.weight * logs[i])
		n += c.weight
	}
	return sum / n
}

// margin is the mean difference of two verdicts per customer, with its standard error.
func (t *trial) margin(a, b []float64) (mean, se float64) {
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	mean = t.mean(d)
	sum, n := 0.0, 0.0
	for i, c := range t.cells {
		sum += float64(c.weight * (d[i] - mean) * (d[i] - mean))
		n += c.weight
	}
	return mean, math.Sqrt(sum/(n-1)) / math.Sqrt(n)
}
