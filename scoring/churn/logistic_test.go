package churn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/optimize"
	"pgregory.net/rapid"
)

func drawnDesign(seed uint64, n, p int) *design {
	r := rand.New(rand.NewPCG(seed, 9))
	d := &design{columns: p}
	for range n {
		eta := r.NormFloat64()
		d.offset = append(d.offset, eta)
		d.x = append(d.x, 1)
		for j := 1; j < p; j++ {
			x := r.NormFloat64()
			d.x = append(d.x, x)
			eta += x / float64(j+1)
		}
		d.y = append(d.y, r.Float64() < logistic(eta))
	}
	return d
}

// BFGS on the loss written out row by row is the naive twin of Newton on spans.
func TestRidgeFindsTheMinimum(t *testing.T) {
	for _, lambda := range []float64{0.5, 30} {
		d := []*design{drawnDesign(1, rows+700, 5), drawnDesign(2, 300, 5)}
		beta, _, err := ridge(d, lambda, nil, 2)
		if err != nil {
			t.Fatal(err)
		}
		loss := func(b []float64) float64 {
			var sum float64
			for _, x := range d {
				for i := range x.y {
					eta := x.offset[i] + dot(x.row(i), b)
					if x.y[i] {
						eta = -eta
					}
					sum += math.Log1p(math.Exp(eta))
				}
			}
			for _, v := range b[1:] {
				sum += lambda / 2 * v * v
			}
			return sum
		}
		got, err := optimize.Minimize(optimize.Problem{Func: loss}, make([]float64, 5), nil, &optimize.NelderMead{})
		if err != nil {
			t.Fatal(err)
		}
		for j := range beta {
			if math.Abs(beta[j]-got.X[j]) > 1e-3 {
				t.Errorf("λ %v: got β %v, want %v", lambda, beta, got.X)
			}
		}
		if loss(beta) > got.F+1e-8 {
			t.Errorf("λ %v: got loss %v, another road found %v", lambda, loss(beta), got.F)
		}
	}
}

// A perfectly separable outcome has a minimum all the same: the penalty sees to that.
func TestRidgeSeparable(t *testing.T) {
	d := drawnDesign(3, 100, 2)
	for i := range d.y {
		d.y[i], d.offset[i] = d.row(i)[1] > 0, 0
	}
	beta, _, err := ridge([]*design{d}, 1, nil, 1)
	if err != nil || !finite(beta[1]) || beta[1] < 1 {
		t.Errorf("got β %v, error %v", beta, err)
	}
}

func TestIsotonicIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		eta, y := make([]float64, n), make([]bool, n)
		for i := range eta {
			eta[i] = float64(rapid.IntRange(-20, 20).Draw(t, "eta")) / 4
			y[i] = rapid.Bool().Draw(t, "y")
		}
		m := calibrate(eta, y)
		if !slices.IsSorted(m.From) || !slices.IsSorted(m.To) || len(m.From) == 0 {
			t.Fatalf("got %+v, want both ascending", m)
		}
		last := 0.0
		for x := -9.0; x < 9; x += 0.05 {
			p := m.At(x)
			if !(p >= last-1e-15 && p > 0 && p < 1) {
				t.Fatalf("at %v: got %v after %v", x, p, last)
			}
			last = p
		}
	})
}

// Outcomes at twice the promised odds are found and corrected.
func TestIsotonicFindsAShift(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var eta []float64
	var y []bool
	for range 20_000 {
		x := 2 * r.NormFloat64()
		eta, y = append(eta, x), append(y, r.Float64() < logistic(x+math.Ln2))
	}
	m := calibrate(eta, y)
	for _, x := range []float64{-2, -1, 0, 1, 2} {
		if got, want := m.At(x), logistic(x+math.Ln2); math.Abs(got-want) > 0.04 {
			t.Errorf("at %v: got %v, want %v", x, got, want)
		}
	}
}
