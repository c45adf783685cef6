package clv

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// lifetimes 0.11.3 values customer 1 of CDNOW (x 2, t_x 30.43, T 38.86 weeks, mean value 22.35) at 12
// months and 1% a month; reference/clv.md 2.1 and 2.7. Its Gamma-Gamma value is that of its own fit,
// (6.2488025, 3.7445885, 15.447748), as are the BG/NBD parameters to the digits that matter.
func TestLifetimesGolden(t *testing.T) {
	p := Collapse([]int32{2}, []int32{3043}, []int32{3886}) // hundredths of a week
	m := cdnow(100)
	var point [1]float64
	m.Expected(point[:], p.X, p.TX, p.T, 3900)
	if math.Abs(point[0]/1.2259104463557-1) > 1e-10 {
		t.Fatalf("got %v purchases in 39 weeks, want 1.2259104463557: the test's model is wrong", point[0])
	}
	const value = 6.2488025 * (15.447748 + 2*22.35) / (6.2488025*2 + 3.7445885 - 1)
	for _, tc := range []struct{ u, want float64 }{{434.5, 36.278495763626665}, {100, 9.819818591937423}} {
		got := Periods(m, p, []float64{value}, 12, tc.u, 0.01)[0]
		t.Logf("period of %v weeks: %.6f, lifetimes %.6f", tc.u/100, got, tc.want)
		if math.Abs(got/tc.want-1) > 2e-4 { // lifetimes stops its fits early
			t.Errorf("period of %v weeks: got %v, want %v", tc.u/100, got, tc.want)
		}
	}
}

func drawCustomers(t *rapid.T) (x, tx, age []int32) {
	for range rapid.IntRange(1, 8).Draw(t, "customers") {
		n := int32(rapid.IntRange(0, 300).Draw(t, "x"))
		a := max(n, int32(rapid.IntRange(-1, 2000).Draw(t, "T")))
		last := int32(0)
		if n > 0 {
			last = int32(rapid.IntRange(int(n), int(a)).Draw(t, "tx"))
		} else {
			a = int32(rapid.IntRange(-1, 2000).Draw(t, "T"))
		}
		x, tx, age = append(x, n), append(tx, last), append(age, a)
	}
	return x, tx, age
}

// naive sums discount factors over many short steps, customer by customer.
func naive(m Model, x, tx, age int32, theta, days, annual float64) float64 {
	const steps = 500
	last, sum, from := 0.0, 0.0, 0.0
	var e [1]float64
	for i := 1; i <= steps; i++ {
		to := days * math.Pow(float64(i)/steps, 3) // short steps where most happens
		m.Expected(e[:], []int32{x}, []int32{tx}, []int32{age}, to)
		sum += (e[0] - last) * math.Pow(1+annual, -(from+to)/2/365.25)
		last, from = e[0], to
	}
	return sum * theta
}

func TestValueEqualsTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, tx, age := drawCustomers(t)
		u := func(name string, lo, hi float64) float64 { return math.Exp(rapid.Float64Range(lo, hi).Draw(t, name)) }
		m := bgnbd{u("r", -2, 2), u("alpha", 0, 5), u("a", -2, -0.1), u("b", -1, 2), 7}
		annual := rapid.SampledFrom([]float64{0.1, 0.01, 0.5, -0.05}).Draw(t, "annual")
		months := rapid.SampledFrom([]float64{1, 12, 36, 60}).Draw(t, "months")
		r, err := Compute(Input{x, tx, age, flat(len(x), 12, 3, 5, 1), m, nil}, Options{Months: []float64{months}, Annual: annual})
		if err != nil {
			t.Fatal(err)
		}
		c := rapid.IntRange(0, len(x)-1).Draw(t, "customer")
		got := r.Horizons[0].Value[c]
		if age[c] < 0 {
			if !math.IsNaN(got) || r.Flags[c] != NoPurchase {
				t.Fatalf("got %v (%v), want unknown, no-purchase", got, r.Flags[c])
			}
			return
		}
		want := naive(m, x[c], tx[c], age[c], 12, months*Month, annual)
		if math.Abs(got-want) > 2e-5*math.Abs(want)+1e-12 { // see nodes
			t.Fatalf("x %d, t_x %d, T %d: got %v, want %v", x[c], tx[c], age[c], got, want)
		}
		if lo, hi := r.Horizons[0].Low[c], r.Horizons[0].High[c]; !(lo <= got && got <= hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
			t.Fatalf("got interval %v..%v around %v", lo, hi, got)
		}
	})
}

func TestNoDiscount(t *testing.T) {
	m, x := cdnow(7), []int32{2}
	r, err := Compute(Input{x, []int32{213}, []int32{272}, flat(1, 10, 1, 1, 0), m, nil}, Options{Months: []float64{12}, NoDiscount: true})
	if err != nil {
		t.Fatal(err)
	}
	if h := r.Horizons[0]; math.Abs(h.Value[0]-10*h.Purchases[0]) > 1e-12 {
		t.Errorf("got %v, want ten times %v", h.Value[0], h.Purchases[0])
	}
}

// The distribution of purchases has the mean and the probability of none it was given.
func TestAtoms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := math.Exp(rapid.Float64Range(-8, 6).Draw(t, "ln mean"))
		none := math.Exp(-mean * rapid.Float64Range(0.02, 1.2).Draw(t, "share"))
		f := newForecast(mean, none, mean, true)
		var weight, number, zero float64
		atoms := f.atoms(nil)
		for _, a := range atoms {
			weight += a.weight
			number += a.weight * a.number
			if a.number == 0 {
				zero += a.weight
			}
		}
		if math.Abs(weight-1) > 1e-9 || math.Abs(number/mean-1) > 1e-3 || len(atoms) > 80 {
			t.Fatalf("mean %v, none %v: got weight %v, mean %v in %d atoms", mean, none, weight, number, len(atoms))
		}
		if want := max(none, math.Exp(-mean)); mean < 1 && math.Abs(zero-want) > 1e-6 {
			t.Fatalf("mean %v: got P(none) %v, want %v", mean, zero, want)
		}
	})
}

// The quantiles of the sum against sorted draws of the same sum.
func TestQuantilesAgainstDraws(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	f := newForecast(2.5, 0.3, 2.5, true)
	d := sum{f.atoms(nil), 10, 4, 6, normalTable()}
	var cum []float64
	total := 0.0
	for _, a := range d.atoms {
		total += a.weight
		cum = append(cum, total)
	}
	draws := make([]float64, 200_000)
	for i := range draws {
		k := min(sortSearch(cum, rnd.Float64()), len(cum)-1)
		n := d.atoms[k].number
		draws[i] = n*(10+4*rnd.NormFloat64()) + math.Sqrt(n)*6*rnd.NormFloat64()
	}
	slices.Sort(draws)
	for _, p := range []float64{0.025, 0.2, 0.5, 0.9, 0.975} {
		got := d.quantile(p)
		below, _ := slices.BinarySearch(draws, math.Nextafter(got, math.Inf(1)))
		share, least := float64(below)/float64(len(draws)), 4*math.Sqrt(p*(1-p)/float64(len(draws)))
		if got != 0 && math.Abs(share-p) > least || got == 0 && share < p-least {
			t.Errorf("quantile %v: got %v, which %v of the draws do not exceed", p, got, share)
		}
	}
}

func sortSearch(cum []float64, u float64) int {
	k, _ := slices.BinarySearch(cum, u)
	return k
}

// Customers of a known world: the intervals must hold what really comes for at least 95% of them (they
// are widened to hold the value, so some more), and not more than 2.5% + 1 point may exceed High; the
// segment's interval must hold the sum.
func TestIntervalsHoldWhatComes(t *testing.T) {
	const n = 20_000
	m := bgnbd{0.9, 5, 0.6, 3, 7}
	horizon := 12 * Month
	x, tx, age, future := company(m, n, horizon, 11)
	rnd := rand.New(rand.NewPCG(12, 12))
	spend := flat(n, 20, 5, 15, 0)
	r, err := Compute(Input{x, tx, age, spend, m, nil}, Options{Months: []float64{12}})
	if err != nil {
		t.Fatal(err)
	}
	h := r.Horizons[0]
	held, above, all := 0, 0, 0.0
	for c, days := range future {
		theta, s := 20+5*rnd.NormFloat64(), 0.0
		for _, day := range days {
			s += (theta + 15*rnd.NormFloat64()) * math.Pow(1.1, -day/365.25)
		}
		if all += s; s > h.High[c]+1e-9 {
			above++
		} else if s >= h.Low[c]-1e-9 {
			held++
		}
	}
	t.Logf("%.4f held, %.4f above", float64(held)/n, float64(above)/n)
	if float64(held)/n < 0.945 || float64(above)/n > 0.035 {
		t.Errorf("got %.4f held, %.4f above, want 0.95 and at most 0.035", float64(held)/n, float64(above)/n)
	}
	total := h.Totals(make([]int32, n), 1)[0]
	t.Logf("segment %.0f in %.0f..%.0f, came %.0f", total.Value, total.Low, total.High, all)
	if all < total.Value-2*(total.Value-total.Low) || all > total.Value+2*(total.High-total.Value) {
		t.Errorf("segment brought %v, want it near %v..%v", all, total.Low, total.High)
	}
}

// around are models at the cubature points of a covariance.
func around(m bgnbd, sd float64) (models []Model) {
	mean := []float64{math.Log(m.r), math.Log(m.alpha), math.Log(m.a), math.Log(m.b)}
	cov := make([][]float64, 4)
	for i := range cov {
		cov[i] = make([]float64, 4)
		for j := range cov[i] {
			cov[i][j] = sd * sd * 0.3
		}
		cov[i][i] = sd * sd
	}
	for _, p := range Cubature(mean, cov) {
		models = append(models, bgnbd{math.Exp(p[0]), math.Exp(p[1]), math.Exp(p[2]), math.Exp(p[3]), m.unit})
	}
	return models
}

func TestTotals(t *testing.T) {
	m := cdnow(7)
	once, _, _, _ := []int32{2, 0, 5}, 0, 0, 0
	compute := func(copies int) Total {
		var x, tx, age []int32
		for range copies {
			x, tx, age = append(x, once...), append(tx, 213, 0, 250), append(age, 272, 270, 260)
		}
		r, err := Compute(Input{x, tx, age, flat(len(x), 10, 2, 5, 1), m, around(m, 0.1)}, Options{Months: []float64{12}})
		if err != nil {
			t.Fatal(err)
		}
		total := r.Horizons[0].Totals(make([]int32, len(x)), 1)[0]
		want := 0.0
		for _, v := range r.Horizons[0].Value {
			want += v
		}
		if math.Abs(total.Value-want) > 1e-9*want || total.Customers != len(x) || r.Around != 8 {
			t.Errorf("got %+v, want the sum %v", total, want)
		}
		return total
	}
	one, many := compute(1), compute(100)
	if math.Abs(many.Parameters/one.Parameters-100) > 1e-6 || math.Abs(many.Process/one.Process-10) > 1e-6 {
		t.Errorf("got %+v for one copy, %+v for 100: want parameters to grow 100 times, process 10 times", one, many)
	}
	if !(one.Low < one.Value && one.Value < one.High) {
		t.Errorf("got %+v", one)
	}
}

// The points have the mean and covariance they stand for, and a function's mean and standard deviation
// over them are those over many random draws.
func TestCubatureAgainstDraws(t *testing.T) {
	m := cdnow(7)
	x, tx, age := []int32{2}, []int32{213}, []int32{272}
	var e [1]float64
	moments := func(models []Model) (mean, sd float64) {
		for _, m := range models {
			m.Expected(e[:], x, tx, age, 365)
			mean += e[0] / float64(len(models))
			sd += e[0] * e[0] / float64(len(models))
		}
		return mean, math.Sqrt(sd - mean*mean)
	}
	mean, sd := moments(around(m, 0.1))
	rnd := rand.New(rand.NewPCG(1, 1))
	var drawn []Model
	for range 20_000 {
		common := math.Sqrt(0.3) * rnd.NormFloat64()
		part := func() float64 { return math.Exp(0.1 * (common + math.Sqrt(0.7)*rnd.NormFloat64())) }
		drawn = append(drawn, bgnbd{m.r * part(), m.alpha * part(), m.a * part(), m.b * part(), m.unit})
	}
	wantMean, wantSD := moments(drawn)
	if math.Abs(mean/wantMean-1) > 0.005 || math.Abs(sd/wantSD-1) > 0.05 {
		t.Errorf("got %v ± %v, want %v ± %v", mean, sd, wantMean, wantSD)
	}
	if Cubature([]float64{1}, [][]float64{{math.NaN()}}) != nil || Cubature([]float64{1}, [][]float64{{-1}}) != nil || Cubature(nil, nil) != nil {
		t.Error("got points for no covariance, want none")
	}
}

// broken gives what no model should.
type broken struct{ expected, none float64 }

func (b broken) Expected(dst []float64, _, _, _ []int32, _ ...float64) { fill(dst, b.expected) }
func (b broken) None(dst []float64, _, _, _ []int32, _ float64)        { fill(dst, b.none) }

func fill(dst []float64, v float64) {
	for i := range dst {
		dst[i] = v
	}
}

func TestUnknownStaysUnknown(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	good := flat(1, 10, 1, 1, 0)
	for _, tc := range []struct {
		name  string
		age   int32
		spend Spend
		model Model
		want  Flag
	}{
		{"known", 272, good, cdnow(7), 0},
		{"no purchase", -1, good, cdnow(7), NoPurchase},
		{"no profit known", 272, flat(1, nan, nan, nan, nan), cdnow(7), NoSpend},
		{"infinite profit", 272, flat(1, inf, 1, 1, 0), cdnow(7), NoSpend},
		{"no spread", 272, flat(1, 10, nan, nan, nan), cdnow(7), NoInterval},
		{"model fails", 272, good, broken{nan, 0.5}, NoModel},
		{"model explodes", 272, good, broken{inf, 0.5}, NoModel},
		{"model is negative", 272, good, broken{-1, 0.5}, NoModel},
		{"no probability", 272, good, broken{1, nan}, NoModel},
		{"never again", 272, good, broken{0, 1}, 0},
		{"hardly again", 272, good, broken{1e-300, 1}, 0},
		{"clockwork", 272, good, broken{12, 0}, 0},
		{"a loss", 272, flat(1, -10, 1, 1, 0), cdnow(7), 0},
		{"a million", 272, flat(1, 1e6, 1e6, 1e6, 0), cdnow(7), 0},
		{"no variation", 272, flat(1, 5, 0, 0, 0), cdnow(7), 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := Compute(Input{[]int32{2}, []int32{213}, []int32{tc.age}, tc.spend, tc.model, nil}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Flags[0] != tc.want {
				t.Errorf("got %v, want %v", r.Flags[0], tc.want)
			}
			for _, h := range r.Horizons {
				v, lo, hi := h.Value[0], h.Low[0], h.High[0]
				t.Logf("%v months: %v in %v..%v", h.Months, v, lo, hi)
				if known := tc.want&^NoInterval == 0; known != finite(v) || math.IsInf(v, 0) {
					t.Errorf("got value %v with %v", v, tc.want)
				}
				if known := tc.want == 0; known != (lo <= v && v <= hi && finite(lo) && finite(hi)) {
					t.Errorf("got %v in %v..%v with %v", v, lo, hi, tc.want)
				}
				if s := h.Totals([]int32{0}, 1)[0]; !finite(s.Value) || !finite(s.Low) || !finite(s.High) {
					t.Errorf("got total %+v", s)
				}
			}
		})
	}
}

func TestRevenue(t *testing.T) {
	s := Revenue(flat(2, 50, 5, 8, 1), []float64{-0.2, math.NaN()})
	if s.Mean[0] != -10 || s.SD[0] != 1 || s.Within[0] != 1.6 || s.Shared[0] != 0.2 || !math.IsNaN(s.Mean[1]) {
		t.Errorf("got %+v", s)
	}
}

func TestOptionsNameEveryFault(t *testing.T) {
	_, err := Compute(Input{}, Options{Months: []float64{0, 12}, Annual: -2, Level: 1})
	if err == nil || strings.Count(err.Error(), ";") < 5 || !strings.Contains(err.Error(), "horizon of 0 months") {
		t.Errorf("got %v, want all three faults", err)
	}
	if r, err := Compute(Input{Model: cdnow(7)}, Options{}); err != nil || len(r.Horizons) != 2 || r.Horizons[1].Months != 36 {
		t.Errorf("got %v, %v for nobody, want two empty horizons", r, err)
	}
}

func TestWorkersChangeNothing(t *testing.T) {
	m := cdnow(7)
	x, tx, age, _ := company(m, 6000, 0, 1)
	encoded := func(workers int) []byte {
		r, err := Compute(Input{x, tx, age, flat(len(x), 10, 2, 5, 1), m, around(m, 0.1)}, Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(r); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	want := encoded(1)
	for _, workers := range []int{2, 7} {
		if !bytes.Equal(want, encoded(workers)) {
			t.Errorf("%d workers: other bytes than one", workers)
		}
	}
}

// lifetimes 0.11.3 needs 8.9 s for the first of these (reference/clv.md, 107,793 patterns).
func BenchmarkCompute(b *testing.B) {
	const n = 1_000_000
	m := cdnow(7)
	x, tx, age, _ := company(m, n, 0, 1)
	nan := math.NaN()
	for _, bc := range []struct {
		name   string
		spend  Spend
		around []Model
	}{
		{"values", flat(n, 10, nan, nan, nan), nil},
		{"intervals", flat(n, 10, 2, 5, 1), around(m, 0.05)},
	} {
		b.Run(fmt.Sprintf("customers=1M/months=12/%s", bc.name), func(b *testing.B) {
			b.ReportAllocs()
			patterns := 0
			for b.Loop() {
				r, err := Compute(Input{x, tx, age, bc.spend, m, bc.around}, Options{Months: []float64{12}, Workers: 2})
				if err != nil {
					b.Fatal(err)
				}
				patterns = r.Patterns.Len()
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "customers/s")
			b.ReportMetric(float64(patterns), "patterns")
		})
	}
}

// Horizons computed together, in any order and with few intervals, are those computed alone.
func TestHorizonsTogether(t *testing.T) {
	m := cdnow(7)
	x, tx, age, _ := company(m, 400, 0, 9)
	in := Input{X: x, TX: tx, T: age, Model: m, Spend: flat(400, 30, 5, 12, 1)}
	together, err := Compute(in, Options{Months: []float64{12, 60, 36, 6}, Intervals: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, months := range []float64{12, 60, 36, 6} {
		alone, err := Compute(in, Options{Months: []float64{months}})
		if err != nil {
			t.Fatal(err)
		}
		got, want := together.Horizons[i], alone.Horizons[0]
		if (got.Low != nil) != (i == 0) {
			t.Errorf("%v months: got an interval %t", months, got.Low != nil)
		}
		for c, v := range want.Value {
			if math.Abs(got.Value[c]-v) > 2e-6*v || math.Abs(got.Purchases[c]-want.Purchases[c]) > 1e-12*want.Purchases[c] {
				t.Fatalf("%v months, customer %d: got %v of %v purchases, alone %v of %v", months, c, got.Value[c], got.Purchases[c], v, want.Purchases[c])
			}
		}
	}
	if _, err := Compute(in, Options{Intervals: 3}); err == nil {
		t.Error("got no error for more intervals than horizons")
	}
}

// A cell speaks for its patterns: the ratio of the model beside it is theirs within a few percent.
func TestCells(t *testing.T) {
	m, beside := cdnow(7), bgnbd{0.27, 4.2, 0.75, 2.6, 7}
	x, tx, age, _ := company(m, 20_000, 0, 10)
	p := Collapse(x, tx, age)
	c := newCells(&p, 2500)
	if c.len() > 2500 || c.len() < 500 || newCells(&p, p.Len()).len() != p.Len() {
		t.Fatalf("got %d cells of %d patterns, want at most 2500", c.len(), p.Len())
	}
	ratio := func(k int32) float64 {
		var e, f [1]float64
		m.Expected(e[:], p.X[k:k+1], p.TX[k:k+1], p.T[k:k+1], Year)
		beside.Expected(f[:], p.X[k:k+1], p.TX[k:k+1], p.T[k:k+1], Year)
		return f[0] / e[0]
	}
	for k, cell := range c.cell {
		if got, want := ratio(c.first[cell]), ratio(int32(k)); math.Abs(got-want) > 0.05 || p.X[c.first[cell]] != p.X[k] {
			t.Fatalf("pattern %d: got the ratio %v of its cell, want %v", k, got, want)
		}
	}
}

func TestNormalTable(t *testing.T) {
	for z := -7.0; z < 7; z += 0.00137 {
		if got, want := normal(normalTable(), z), math.Erfc(-z/math.Sqrt2)/2; math.Abs(got-want) > 1.1e-9 {
			t.Fatalf("P(Z <= %v): got %v, want %v", z, got, want)
		}
	}
}
