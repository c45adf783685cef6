package churn

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/span"
	"gonum.org/v1/gonum/mat"
)

// ridge finds the β that minimises
//
//	Σ [log(1 + e^η) - y η] + λ/2 Σ_{j>0} β_j²,   η = offset + x β,
//
// over the rows of all designs: logistic regression with an L2 penalty on all but the constant
// (le Cessie and van Houwelingen 1992, doi:10.2307/2347628). With the base as the offset, λ = ∞ is the
// base with its level corrected, and every β is a correction that the data had to pay for.
// The function is strictly convex; Newton's method with halved steps finds its one minimum.
func ridge(designs []*design, lambda float64, start []float64, workers int) (beta []float64, steps int, err error) {
	p := designs[0].columns
	beta = append([]float64{}, start...)
	if start == nil {
		beta = make([]float64, p)
	}
	at := curve(designs, beta, lambda, workers)
	for steps = 1; steps <= 100; steps++ {
		var chol mat.Cholesky
		if !chol.Factorize(at.hessian) {
			return nil, steps, fmt.Errorf("the logistic model with λ = %v has no minimum: a column is a copy of another", lambda)
		}
		var step mat.VecDense
		if err := chol.SolveVecTo(&step, mat.NewVecDense(p, at.gradient)); err != nil {
			return nil, steps, fmt.Errorf("solve for the step of the logistic model: %w", err)
		}
		slope := mat.Dot(&step, mat.NewVecDense(p, at.gradient))
		if slope <= 1e-12*max(1, at.loss) {
			return beta, steps, nil
		}
		size, next := 1.0, make([]float64, p)
		var found point
		for ; size > 1e-8; size /= 2 {
			for j := range next {
				next[j] = beta[j] - float64(size*step.AtVec(j))
			}
			if found = curve(designs, next, lambda, workers); found.loss <= at.loss-1e-4*size*slope {
				break
			}
		}
		if size <= 1e-8 {
			return beta, steps, nil // no float64 step goes lower
		}
		beta, at = next, found
	}
	return nil, steps, fmt.Errorf("the logistic model with λ = %v did not settle in 100 steps", lambda)
}

// point is the loss at some β with its derivatives.
type point struct {
	loss     float64
	gradient []float64
	hessian  *mat.SymDense
}

// curve adds up the spans in order, whoever computed them.
func curve(designs []*design, beta []float64, lambda float64, workers int) point {
	p := len(beta)
	at := point{gradient: make([]float64, p)}
	square := make([]float64, p*p)
	for _, d := range designs {
		parts := make([]part, span.Count(d.rows(), rows))
		span.Each(d.rows(), rows, workers, func(k, lo, hi int) { parts[k] = d.part(beta, lo, hi) })
		for _, x := range parts {
			at.loss += x.loss
			for j, g := range x.gradient {
				at.gradient[j] += g
			}
			for j, h := range x.square {
				square[j] += h
			}
		}
	}
	for j := 1; j < p; j++ {
		at.loss += float64(lambda / 2 * float64(beta[j]*beta[j]))
		at.gradient[j] += float64(lambda * beta[j])
		square[j*p+j] += lambda
	}
	at.hessian = mat.NewSymDense(p, square)
	return at
}

type part struct {
	loss             float64
	gradient, square []float64 // square: the upper triangle of p x p
}

func (d *design) part(beta []float64, lo, hi int) part {
	p := d.columns
	out := part{gradient: make([]float64, p), square: make([]float64, p*p)}
	for i := lo; i < hi; i++ {
		row := d.row(i)
		eta := d.offset[i] + dot(row, beta)
		q := logistic(eta)
		out.loss += softplus(eta)
		residual := q
		if d.y[i] {
			out.loss -= eta
			residual = q - 1
		}
		weight := float64(q * (1 - q))
		for j, x := range row {
			out.gradient[j] += float64(residual * x)
			if wx := float64(weight * x); wx != 0 {
				upper := out.square[j*p+j : (j+1)*p]
				for k, y := range row[j:] {
					upper[k] += float64(wx * y)
				}
			}
		}
	}
	return out
}

// softplus is log(1 + eˣ) for any x.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// logLoss is the mean negative log-likelihood of log-odds eta.
func logLoss(eta []float64, y []bool) float64 {
	var sum float64
	for i, x := range eta {
		sum += softplus(x)
		if y[i] {
			sum -= x
		}
	}
	return sum / float64(len(eta))
}
