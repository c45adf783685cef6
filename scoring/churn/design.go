package churn

import "math"

// design is a snapshot on the scale of the model, row-major: column 0 is the constant 1, column 1 the
// base, the others the features. All but the constant are z-scores among the customers of the snapshot
// itself, so that slices of different age and season are comparable and a coefficient says what
// standing out from the population means.
type design struct {
	columns int
	x       []float64
	offset  []float64 // logit of the base
	y       []bool    // churned; nil for today
}

// deviations is how far out a z-score can count.
const deviations = 4

// leastKnown is the share of customers below which a feature is left out of a snapshot.
const leastKnown = 0.05

func newDesign(s *Snapshot, list []feature, workers int) *design {
	n := len(s.Customers)
	d := &design{columns: len(list) + 2, offset: s.logit(), y: s.churned}
	d.x = make([]float64, n*d.columns)
	spans(n, workers, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row := d.row(i)
			row[0], row[1] = 1, d.offset[i]
			for j, f := range list {
				row[j+2] = f.at(&s.facts[i])
			}
		}
	})
	for j := 1; j < d.columns; j++ {
		d.standardise(j)
	}
	return d
}

func (d *design) rows() int { return len(d.offset) }

func (d *design) row(i int) []float64 { return d.x[i*d.columns : (i+1)*d.columns] }

// standardise turns a column into z-scores; unknown becomes 0, the population's mean.
func (d *design) standardise(j int) {
	var n, sum, squares float64
	for i := j; i < len(d.x); i += d.columns {
		if finite(d.x[i]) {
			n++
			sum += d.x[i]
		}
	}
	mean := sum / n
	for i := j; i < len(d.x); i += d.columns {
		if finite(d.x[i]) {
			squares += float64((d.x[i] - mean) * (d.x[i] - mean))
		}
	}
	sd := math.Sqrt(squares / n)
	known := n >= leastKnown*float64(d.rows()) && sd > 1e-9*max(1, math.Abs(mean))
	for i := j; i < len(d.x); i += d.columns {
		if !known || !finite(d.x[i]) {
			d.x[i] = 0
			continue
		}
		d.x[i] = min(deviations, max(-deviations, (d.x[i]-mean)/sd))
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// linear is the log-odds of every row: offset + x β.
func (d *design) linear(beta []float64) []float64 {
	eta := make([]float64, d.rows())
	for i := range eta {
		eta[i] = d.offset[i] + dot(d.row(i), beta)
	}
	return eta
}

func dot(x, y []float64) (sum float64) {
	for i, v := range x {
		sum += float64(v * y[i])
	}
	return sum
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
