package clv

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Cubature returns 2k equally likely parameter vectors around k log-parameters with a covariance:
// mean ± √k L_j, where L_j are the columns of the Cholesky factor. Means of a function over them equal
// its mean under the normal distribution up to third order (Arasaratnam and Haykin, "Cubature Kalman
// Filters", 2009, equation 31), so a handful of models does for hundreds of random draws. It returns
// nil where the covariance is no positive definite matrix: then parameters have no known uncertainty.
//
// The arguments are maximum-likelihood estimates of logarithms (ln r, ln α, ...) and their covariance
// from the observed information, row by row; the result is in the same logarithms.
func Cubature(mean []float64, cov [][]float64) [][]float64 {
	k := len(mean)
	if k == 0 {
		return nil
	}
	a := mat.NewSymDense(k, nil)
	for i := range k {
		for j := i; j < k; j++ {
			if !finite(cov[i][j]) {
				return nil
			}
			a.SetSym(i, j, cov[i][j])
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(a) {
		return nil
	}
	var l mat.TriDense
	chol.LTo(&l)
	var points [][]float64
	for j := range k {
		for _, sign := range [2]float64{1, -1} {
			p := make([]float64, k)
			for i := range p {
				p[i] = mean[i] + sign*math.Sqrt(float64(k))*l.At(i, j)
			}
			points = append(points, p)
		}
	}
	return points
}
