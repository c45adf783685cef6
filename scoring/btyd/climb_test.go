package btyd

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Beginning on a part of the customers leads to the same top as climbing with all from the start, by fewer
// evaluations.
func TestBeginningOnAPart(t *testing.T) {
	m := Model{BGNBD, [4]float64{.25, 31, .8, 2.4}}
	_, now := company(m, 40_000, 84, 200, 273, 5)
	p, err := Collapse(now.X, now.TX, now.T)
	if err != nil {
		t.Fatal(err)
	}
	if p.Len() <= few {
		t.Fatalf("%d patterns are too few", p.Len())
	}
	longest, err := p.enough()
	if err != nil {
		t.Fatal(err)
	}
	c := &climb{family: BGNBD, data: p, scale: 1 / longest, workers: 2}
	s := c.from([4]float64{.5, .2, .8, 2})
	if s == nil || s.status != Converged {
		t.Fatalf("the climb with all ended as %+v", s)
	}
	want := c.fitted(s, 1)
	for _, workers := range []int{1, 2} {
		got, err := Fit(BGNBD, p, workers)
		if err != nil || got.Status != Converged {
			t.Fatal(got, err)
		}
		near(t, "LL", got.LL, want.LL, 1e-12)
		for i := range want.Theta {
			near(t, "parameter", got.Theta[i], want.Theta[i], 1e-6)
			near(t, "standard error", got.SE[i], want.SE[i], 1e-4)
		}
		if got.Evaluations >= want.Evaluations {
			t.Errorf("%d evaluations, with all from the start %d", got.Evaluations, want.Evaluations)
		}
	}
}

// Fits of any family to the data of any other come to an end that holds: at the top or where a parameter
// runs away.
func TestNoFitStalls(t *testing.T) {
	src := rand.New(rand.NewPCG(3, 4))
	all := append(Families(), MBGCNBD(MaxK))
	for i := range 14 {
		made := Model{Family: all[i%len(all)]}
		for j, spread := range [4]float64{1, .7, 1, 1} {
			made.Theta[j] = math.Exp(spread * (2*src.Float64() - 1))
		}
		for j, time := range made.Family.times() {
			if time {
				made.Theta[j] *= 60
			}
		}
		now, _ := company(made, 500+20*i, 100, 300, 301, uint64(i))
		p, err := Collapse(now.X, now.TX, now.T)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			got, err := Fit(f, p, 2)
			if err != nil {
				t.Fatalf("%v to %v: %v", f, made, err)
			}
			if got.Status == Stalled || math.IsNaN(got.LL) {
				t.Errorf("%v to %v %v, %d: %+v", f, made, made.Theta, i, *got)
			}
		}
	}
}
