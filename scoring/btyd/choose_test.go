package btyd

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// same compares choices: NaN equals NaN.
func same(a, b *Choice) bool {
	if a.Why != b.Why || *a.Fitted != *b.Fitted || len(a.Candidates) != len(b.Candidates) {
		return false
	}
	for i, d := range a.Candidates {
		e := b.Candidates[i]
		if math.Float64bits(d.Holdout) != math.Float64bits(e.Holdout) || d.Fault != e.Fault || d.Expected != e.Expected {
			return false
		}
	}
	return math.Float64bits(a.Margin) == math.Float64bits(b.Margin) && math.Float64bits(a.MarginSE) == math.Float64bits(b.MarginSE)
}

// Who leaves how is visible: one-time buyers who never return speak against BG/NBD, and a family that
// made the data beats those that differ visibly.
func TestChooseFindsTheFamily(t *testing.T) {
	for _, made := range []Model{
		{BGNBD, [4]float64{2, 60, .5, 3}},
		{MBGNBD, [4]float64{.8, 10, 1, 2.5}},
		{ParetoNBD, [4]float64{2, 40, .9, 150}},
		{MBGCNBD(3), [4]float64{2, 20, .6, 4}},
	} {
		t.Run(made.String(), func(t *testing.T) {
			then, now := company(made, 3000, 180, 400, 700, 11)
			c, err := Choose(then, now, nil, Options{Workers: 2})
			if err != nil {
				t.Fatal(err)
			}
			t.Log(c.Why)
			for _, d := range c.Candidates {
				t.Logf("%v: holdout %.5f, expected %.0f of %.0f, %v", d.Family, d.Holdout, d.Expected, c.Purchases, d.Before.Status)
			}
			if !c.Held || c.Family != made.Family || c.Days != 300 || c.Customers != 3000 || !(c.Margin > 0 && c.MarginSE > 0) {
				t.Errorf("got %+v, want %v by a holdout of 300 days over 3000 customers", c, made.Family)
			}
			checkWhole(t, c, now)
			checkHoldout(t, c, then, now)
			if made.Family != MBGNBD {
				return // one of them is enough for this
			}
			for _, workers := range []int{1, 7} {
				again, err := Choose(then, now, nil, Options{Workers: workers})
				if err != nil || !same(c, again) {
					t.Errorf("%d workers: %+v, %v; 2 workers: %+v", workers, again, err, c)
				}
			}
		})
	}
}

// checkWhole holds the choice against a fit of everything.
func checkWhole(t *testing.T, c *Choice, now Columns) {
	t.Helper()
	p, err := Collapse(now.X, now.TX, now.T)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := Fit(c.Family, p, 1); err != nil || *f != *c.Fitted {
		t.Errorf("got %+v, a fit of everything is %+v, %v", c.Fitted, f, err)
	}
}

// checkHoldout sums the holdout customer by customer.
func checkHoldout(t *testing.T, c *Choice, then, now Columns) {
	t.Helper()
	for _, d := range c.Candidates {
		sum, expected := 0.0, 0.0
		for i := range then.X {
			u := d.Before.Given(History{int(then.X[i]), float64(then.TX[i]), float64(then.T[i])})
			sum += math.Log(u.Count(int(now.X[i]-then.X[i]), float64(c.Days)))
			expected += u.Expected(float64(c.Days))
		}
		near(t, "holdout", d.Holdout, sum/c.Customers, 1e-9)
		near(t, "expected", d.Expected, expected, 1e-9)
	}
}

// The sample of CDNOW: 39 weeks, then 39 weeks (clv.md 2.9 has the totals of lifetimes).
func TestChooseCDNOW(t *testing.T) {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is not set: CDNOW is not read")
	}
	log, err := os.ReadFile(filepath.Join(dir, "cdnow", "CDNOW_sample.txt"))
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) int {
		d, err := time.Parse("20060102", s)
		if err != nil {
			t.Fatal(err)
		}
		return int(d.Unix() / 86400)
	}
	bought := map[string][]int{}
	var ids []string
	for _, line := range strings.Split(strings.TrimSpace(string(log)), "\n") {
		f := strings.Fields(line) // master id, sample id, yyyymmdd, CDs, amount; ascending by id and day
		if bought[f[1]] == nil {
			ids = append(ids, f[1])
		}
		bought[f[1]] = append(bought[f[1]], day(f[2]))
	}
	var then, now Columns
	for _, id := range ids {
		var at []float64
		for _, d := range bought[id][1:] {
			at = append(at, float64(d-bought[id][0]))
		}
		then.add(at, day("19970930")-bought[id][0])
		now.add(at, day("19980630")-bought[id][0])
	}
	c, err := Choose(then, now, nil, Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(c.Why)
	for _, d := range c.Candidates {
		t.Logf("%v: holdout %.6f, expected %.1f", d.Family, d.Holdout, d.Expected)
	}
	if !c.Held || c.Family != MBGNBD || c.Customers != 2357 || c.Purchases != 1882 || c.Days != 273 {
		t.Errorf("got %+v, want MBG/NBD by 273 days of 2357 customers with 1882 purchases", c)
	}
	for i, want := range []float64{1653.4, 1576.7, 1665.5} {
		if got := c.Candidates[i].Expected; math.Abs(got-want) > .1 {
			t.Errorf("%v: expected %.2f, want %.1f", c.Candidates[i].Family, got, want)
		}
	}
}

// What cannot be held out is said, and the likelihood of the whole history decides.
func TestChooseFallsBack(t *testing.T) {
	m := Model{MBGNBD, [4]float64{3, 60, 1.5, 2}}
	then, now := company(m, 3000, 100, 200, 400, 3)
	early, _ := company(m, 3000, 100, 3, 400, 3) // the same customers
	for _, c := range []struct {
		name  string
		then  Columns
		limit int
		why   string
	}{
		{"no cut", Columns{}, 0, "no earlier day was given"},
		{"too early", early, 0, "customers had bought again, of the 50 that a fit needs"},
		{"some", Columns{}, 500, "no earlier day was given"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Choose(c.then, now, nil, Options{Workers: 2, Limit: c.limit})
			if err != nil {
				t.Fatal(err)
			}
			if got.Held || !strings.Contains(got.Why, c.why) || !strings.Contains(got.Why, got.Family.String()) {
				t.Errorf("got %v, %q, want no holdout and %q", got.Held, got.Why, c.why)
			}
			for _, d := range got.Candidates {
				if d.Whole.LL > got.LL {
					t.Errorf("took %v with %g, %v has %g", got.Family, got.LL, d.Family, d.Whole.LL)
				}
			}
			if c.limit > 0 && got.Fitted.Customers != float64(c.limit) {
				t.Errorf("fitted to %g customers, want %d", got.Fitted.Customers, c.limit)
			}
		})
	}
	if _, err := Choose(now, then, nil, Options{}); err == nil || !strings.Contains(err.Error(), "the earlier first") {
		t.Errorf("swapped days: got %v", err)
	}
	if _, err := Choose(Columns{X: []int32{1}}, now, nil, Options{}); err != nil {
		t.Errorf("no ages at the earlier day: %v", err)
	}
	for want, w := range map[error]Columns{ErrNoCustomers: {}, ErrNoRepeat: {[]int32{0, 0}, []int32{0, 0}, []int32{5, 9}}} {
		if _, err := Choose(Columns{}, w, nil, Options{}); err == nil || !strings.Contains(err.Error(), want.Error()) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

// A limit takes the holdout from the same customers as the fit and changes the estimates little.
func TestChooseLimit(t *testing.T) {
	then, now := company(Model{MBGNBD, [4]float64{3, 60, 1.5, 2}}, 6000, 180, 400, 700, 11)
	all, err := Choose(then, now, nil, Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	some, err := Choose(then, now, nil, Options{Workers: 2, Limit: 2000})
	if err != nil {
		t.Fatal(err)
	}
	if some.Family != all.Family || some.Candidates[0].Before.Customers != 2000 || some.Fitted.Customers != 2000 || some.Customers != 6000 {
		t.Errorf("got %+v, want %v from 2000 of 6000 customers", some, all.Family)
	}
	if some.Judged != 2000 || all.Judged != 6000 || !strings.Contains(some.Why, "of what 2000 of 6000 customers did") || !strings.Contains(all.Why, "of what 6000 customers did") {
		t.Errorf("got %g and %g judged, %q and %q; want 2000 of 6000, and 6000", some.Judged, all.Judged, some.Why, all.Why)
	}
	for i, d := range some.Candidates {
		if e := all.Candidates[i]; math.Abs(d.Holdout-e.Holdout) > .05 || math.Abs(d.Expected/e.Expected-1) > .08 {
			t.Errorf("%v: holdout %g and %g expected, of all customers %g and %g", d.Family, d.Holdout, d.Expected, e.Holdout, e.Expected)
		}
	}
}

// A family that stalls on the whole history gives way to the next, which is compared with the one after it
// where there is one.
func TestChooseAfterAStall(t *testing.T) {
	then, now := company(Model{MBGNBD, [4]float64{3, 60, 1.5, 2}}, 3000, 180, 400, 700, 11)
	whole, err := now.patterns()
	if err != nil {
		t.Fatal(err)
	}
	for stalls, say := range map[int]string{0: " per customer above that of ", 1: "did better there but could not be fitted", len(Families()) - 1: "of the families judged by what 3000 customers did in them it alone could be fitted"} {
		c := &Choice{Margin: math.NaN(), MarginSE: math.NaN()}
		for _, f := range Families() {
			c.Candidates = append(c.Candidates, Candidate{Family: f, Holdout: math.NaN(), Expected: math.NaN()})
		}
		held, err := cut(then, now)
		if err != nil {
			t.Fatal(err)
		}
		if lack := c.lacks(held) + c.hold(held, 2); lack != "" {
			t.Fatal(lack)
		}
		var ranked []*Candidate
		for i := range c.Candidates {
			ranked = append(ranked, &c.Candidates[i])
		}
		slices.SortFunc(ranked, func(a, b *Candidate) int { return cmp.Compare(b.Holdout, a.Holdout) })
		for _, d := range ranked[:stalls] {
			d.Whole = &Fitted{Status: Stalled}
		}
		if _, err := c.take(held, whole, Options{Workers: 2}); err != nil {
			t.Fatal(err)
		}
		t.Log(c.Why)
		if c.Family != ranked[stalls].Family || !strings.Contains(c.Why, say) || strings.Contains(c.Why, "it alone could be judged") {
			t.Errorf("%d stalled: got %v, %q, want %v and %q", stalls, c.Family, c.Why, ranked[stalls].Family, say)
		}
		if stalls+1 == len(ranked) {
			if c.RunnerUp != 0 || !math.IsNaN(c.Margin) {
				t.Errorf("got the runner-up %v by %g, want none", c.RunnerUp, c.Margin)
			}
			continue
		}
		if c.RunnerUp != ranked[stalls+1].Family || !(c.MarginSE > 0) {
			t.Errorf("%d stalled: got the runner-up %v ± %g, want %v", stalls, c.RunnerUp, c.MarginSE, ranked[stalls+1].Family)
		}
		near(t, "margin", c.Margin, ranked[stalls].Holdout-ranked[stalls+1].Holdout, 1e-6)
	}
}

// Thinning keeps the number asked for and of each range of patterns its share, give or take one.
func TestThin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "patterns")
		p := &Patterns{}
		for i := range n {
			p.Histories = append(p.Histories, History{T: float64(i + 1)})
			p.Weight = append(p.Weight, float64(rapid.IntRange(1, 40).Draw(t, "weight")))
		}
		limit := rapid.IntRange(1, 500).Draw(t, "limit")
		got := p.Thin(limit)
		all := p.Customers()
		if want := min(float64(limit), all); got.Customers() != want {
			t.Fatalf("%g customers stay of %g, want %g", got.Customers(), all, want)
		}
		sum, kept, k := 0.0, 0.0, 0
		for i, h := range p.Histories {
			sum += p.Weight[i]
			if k < got.Len() && got.Histories[k] == h {
				if got.Weight[k] > p.Weight[i] || got.Weight[k] <= 0 {
					t.Fatalf("%g of %g customers stay", got.Weight[k], p.Weight[i])
				}
				kept += got.Weight[k]
				k++
			}
			if share := sum * min(1, float64(limit)/all); math.Abs(kept-share) > 1 {
				t.Fatalf("%g of the first %g customers stay, want %g", kept, sum, share)
			}
		}
		if k != got.Len() {
			t.Fatalf("pattern %d is none of those before", k)
		}
	})
}
