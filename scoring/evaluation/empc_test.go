package evaluation_test

import (
	"math"
	"testing"

	"github.com/vitalfew/vitalfew/scoring/evaluation"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// Values of proflogit's tests and of empulse's documentation.
func TestEMPCGoldens(t *testing.T) {
	for _, c := range []struct {
		score            []float64
		y                []int
		profit, fraction float64
	}{
		{[]float64{.6125478, .3642710, .4321361, .1402911, .3848959, .2444155, .9706413, .8901728, .7817814, .8687518},
			[]int{1, 1, 0, 0, 0, 1, 1, 1, 1, 0}, 30.3003222629848, 0.8996551652},
		{[]float64{.1, .2, .3, .4, .5, .7, .8, .9}, []int{0, 1, 0, 1, 0, 1, 0, 1}, 23.875593418348124, 0.8743700763},
	} {
		churned := make([]bool, len(c.y))
		for i, y := range c.y {
			churned[i] = y == 1
		}
		got := evaluation.EMPC(c.score, churned, evaluation.Retention{})
		if math.Abs(float64(got.Profit)-c.profit) > 1e-12*c.profit || math.Abs(float64(got.Fraction)-c.fraction) > 1e-10 {
			t.Errorf("got %.15g, %.10g; want %.15g, %.10g", got.Profit, got.Fraction, c.profit, c.fraction)
		}
	}
}

// naiveEMPC integrates the best profit over γ without any hull: midpoints of equal probability.
func naiveEMPC(score []float64, churned []bool, r evaluation.Retention) float64 {
	const steps = 2000
	type cut struct{ yes, no float64 }
	var cuts []cut
	for _, at := range append([]float64{math.Inf(1)}, score...) {
		var c cut
		for i, s := range score {
			if s >= at && churned[i] {
				c.yes++
			} else if s >= at {
				c.no++
			}
		}
		cuts = append(cuts, c)
	}
	n := float64(len(score))
	beta := distuv.Beta{Alpha: r.Alpha, Beta: r.Beta}
	var sum float64
	for k := range steps {
		g := beta.Quantile((float64(k) + 0.5) / steps)
		best := 0.0
		for _, c := range cuts {
			best = max(best, (c.yes*(g*(r.CLV-r.Offer)-r.Contact)-c.no*(r.Offer+r.Contact))/n)
		}
		sum += best
	}
	return sum / steps
}

func TestEMPCAgreesWithTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		score, event, _ := cases(t)
		r := evaluation.Retention{
			Alpha: rapid.Float64Range(2, 9).Draw(t, "alpha"), Beta: rapid.Float64Range(2, 20).Draw(t, "beta"), CLV: 150,
			Offer: rapid.Float64Range(1, 100).Draw(t, "offer"), Contact: rapid.Float64Range(0.5, 5).Draw(t, "contact"),
		}
		got := evaluation.EMPC(score, event, r)
		if !got.Profit.Known() {
			return // all of one class
		}
		if want := naiveEMPC(score, event, r); math.Abs(float64(got.Profit)-want) > 2e-3*max(1, want) {
			t.Fatalf("got %v, want %v", got.Profit, want)
		}
		if got.Fraction < 0 || got.Fraction > 1+1e-12 {
			t.Fatalf("got fraction %v, want one of 0..1", got.Fraction)
		}
	})
}

func TestRetentionFaults(t *testing.T) {
	for _, r := range []evaluation.Retention{{Alpha: -1}, {CLV: -5}, {Offer: 300}, {Contact: math.NaN()}} {
		if r.Validate() == nil {
			t.Errorf("%+v: got no error", r)
		}
		if got := evaluation.EMPC([]float64{1, 2}, []bool{true, false}, r); got.Profit.Known() {
			t.Errorf("%+v: got %v, want unknown", r, got.Profit)
		}
	}
}
