package scoring_test

import (
	"cmp"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/vitalfew/vitalfew/scoring"
	"pgregory.net/rapid"
)

func TestClassNames(t *testing.T) {
	for c, want := range []string{"", "A", "B", "C", "Z", "L"} {
		if got := scoring.Class(c).String(); got != want {
			t.Errorf("class %d: got %q, want %q", c, got, want)
		}
	}
}

// edge draws int64 of every size and the extremes.
func edge() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.Int64(), rapid.Int64Range(-3, 3),
		rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64, math.MaxInt64 - 1}))
}

func TestCompareProductsAgreesWithBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c, d := edge().Draw(t, "a"), edge().Draw(t, "b"), edge().Draw(t, "c"), edge().Draw(t, "d")
		x := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		y := new(big.Int).Mul(big.NewInt(c), big.NewInt(d))
		if got, want := scoring.CompareProducts(a, b, c, d), x.Cmp(y); got != want {
			t.Fatalf("%d x %d vs %d x %d: got %d, want %d", a, b, c, d, got, want)
		}
	})
}

func descendingNaive(keys []int64) []int32 {
	order := make([]int32, len(keys))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(keys[y], keys[x]) })
	return order
}

func TestDescendingAgreesWithStableSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOf(edge()).Draw(t, "keys")
		if got, want := scoring.Descending(keys), descendingNaive(keys); !slices.Equal(got, want) {
			t.Fatalf("keys %v: got %v, want %v", keys, got, want)
		}
	})
}

func TestDescendingManyKeys(t *testing.T) {
	x := uint64(1)
	for _, n := range []int{0, 1, 2, 2047, 2048, 2049, 70_000} {
		keys := make([]int64, n)
		for i := range keys {
			x = x*6364136223846793005 + 1442695040888963407
			keys[i] = int64(x) >> (x % 61)
		}
		if !slices.Equal(scoring.Descending(keys), descendingNaive(keys)) {
			t.Errorf("%d keys: order differs from the stable sort", n)
		}
	}
}

func TestFloatKeyKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), 1e-320}))
		x, y := f.Draw(t, "x"), f.Draw(t, "y")
		if got, want := cmp.Compare(scoring.FloatKey(x), scoring.FloatKey(y)), cmp.Compare(x, y); got != want {
			t.Fatalf("%v vs %v: got %d, want %d", x, y, got, want)
		}
	})
}

// groups sums observations up the way the callers do.
func groups(obs [][][2]float64) scoring.Groups {
	var g scoring.Groups
	for _, xs := range obs {
		var w, wx, ss float64
		for _, o := range xs {
			w += o[0]
			wx += o[0] * o[1]
		}
		for _, o := range xs {
			ss += o[0] * (o[1] - wx/w) * (o[1] - wx/w)
		}
		g.Exposure, g.Mean = append(g.Exposure, w), append(g.Mean, wx/w)
		g.Squares, g.N = append(g.Squares, ss), append(g.N, int32(len(xs)))
	}
	return g
}

func TestFitWorkedExample(t *testing.T) {
	// Two customers, unit exposures 1, 1 and 2, 2; by hand:
	// means 2 and 6, pooled (2x2 + 4x6)/6 = 14/3;
	// σ² = ((1+1) + 2x(1+1)) / (1+1) = 3;
	// τ² = [2(2-14/3)² + 4(6-14/3)² - 3] / (6 - 20/6) = (14.2222+7.1111-3)/(8/3) = 6.875.
	c := scoring.Fit(groups([][][2]float64{{{1, 1}, {1, 3}}, {{2, 5}, {2, 7}}}), 1)
	for _, x := range []struct {
		name      string
		got, want float64
	}{
		{"pooled", c.Pooled, 14. / 3}, {"within", c.Within, 3}, {"between", c.Between, 6.875}, {"k", c.K, 3 / 6.875},
		{"weight of 2", c.Weight(2), 2 / (2 + 3/6.875)},
	} {
		if math.Abs(x.got-x.want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", x.name, x.got, x.want)
		}
	}
	if !c.Estimated || c.Groups != 2 {
		t.Errorf("got estimated %v of %d groups", c.Estimated, c.Groups)
	}
}

func TestFitSpecialCases(t *testing.T) {
	for _, x := range []struct {
		name      string
		obs       [][][2]float64
		k         float64
		estimated bool
	}{
		{"no customer", nil, 7, false},
		{"one customer", [][][2]float64{{{1, 1}, {1, 3}}}, 7, false},
		{"nobody twice", [][][2]float64{{{1, 1}}, {{1, 3}}}, 7, false},
		{"no difference between", [][][2]float64{{{1, 1}, {1, 3}}, {{1, 1}, {1, 3}}}, math.Inf(1), true},
		{"no difference within", [][][2]float64{{{1, 1}, {1, 1}}, {{1, 3}, {1, 3}}}, 0, true},
		{"no difference at all", [][][2]float64{{{1, 2}, {1, 2}}, {{1, 2}, {1, 2}}}, 0, true},
	} {
		c := scoring.Fit(groups(x.obs), 7)
		if c.K != x.k || c.Estimated != x.estimated {
			t.Errorf("%s: got K %v, estimated %v, want %v, %v", x.name, c.K, c.Estimated, x.k, x.estimated)
		}
		if len(x.obs) > 1 && math.IsNaN(c.Mean) {
			t.Errorf("%s: mean is NaN", x.name)
		}
	}
}

func TestShrinkStaysBetween(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := scoring.Credibility{K: rapid.SampledFrom([]float64{0, 0.5, 10, math.Inf(1)}).Draw(t, "k")}
		x, m := rapid.Float64Range(-5, 5).Draw(t, "x"), rapid.Float64Range(-5, 5).Draw(t, "m")
		w := rapid.Float64Range(0, 100).Draw(t, "w")
		got := c.Shrink(x, w, m)
		if got < min(x, m)-1e-12 || got > max(x, m)+1e-12 {
			t.Fatalf("shrink of %v toward %v gave %v", x, m, got)
		}
	})
}

func BenchmarkDescending(b *testing.B) {
	keys := make([]int64, 400_000)
	x := uint64(1)
	for i := range keys {
		x = x*6364136223846793005 + 1442695040888963407
		keys[i] = int64(x >> 24)
	}
	for b.Loop() {
		scoring.Descending(keys)
	}
	b.ReportMetric(float64(b.N*len(keys))/b.Elapsed().Seconds(), "rows/s")
}

func TestWithK(t *testing.T) {
	g := groups([][][2]float64{{{1, 1}}, {{3, 5}}})
	// Weights 1/(1+1) and 3/(3+1): mean (1/2 x 1 + 3/4 x 5) / (5/4) = 3.4.
	c := scoring.Fit(g, 9).WithK(g, 1)
	if c.K != 1 || c.Estimated || math.Abs(c.Mean-3.4) > 1e-12 || c.Weight(0) != 0 {
		t.Errorf("got %+v, want K 1, mean 3.4, not estimated", c)
	}
	// A customer without exposure takes no part.
	g.Exposure = append(g.Exposure, 0)
	g.Mean, g.Squares, g.N = append(g.Mean, math.NaN()), append(g.Squares, math.NaN()), append(g.N, 0)
	if d := scoring.Fit(g, 9).WithK(g, 1); math.Abs(d.Mean-3.4) > 1e-12 || d.Groups != 2 {
		t.Errorf("got %+v, want the same mean", d)
	}
}
