package pareto_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/pareto"
	"pgregory.net/rapid"
)

// naiveConcentration uses the pairwise definition of Gini, Σ|x_i - x_j| / (2 n (n-1) mean), and
// float64 throughout.
func naiveConcentration(values []money.Amount) pareto.Concentration {
	var x []float64
	sum := 0.0
	for _, v := range values {
		if v > 0 {
			x = append(x, float64(v))
			sum += float64(v)
		}
	}
	slices.SortFunc(x, func(a, b float64) int { return int(math.Copysign(1, b-a)) })
	n := len(x)
	nan := math.NaN()
	if n == 0 {
		return pareto.Concentration{0, nan, nan, nan, nan, nan, nan, 0, nan}
	}
	c := pareto.Concentration{Customers: n, Gini: nan}
	diff := 0.0
	for _, a := range x {
		c.HHI += a / sum * (a / sum)
		for _, b := range x {
			diff += math.Abs(a - b)
		}
	}
	if n > 1 {
		c.Gini = diff / (2 * float64(n-1) * sum)
	}
	top := func(k int) (s float64) {
		for _, a := range x[:max(1, k)] {
			s += a
		}
		return s / sum
	}
	c.Top1, c.Top5, c.Top10, c.Top20 = top(n/100), top(n/20), top(n/10), top(n/5)
	for cum := 0.0; 5*cum < 4*sum; c.Vital++ { // sums here are below 2^53, so float64 is exact
		cum += x[c.Vital]
	}
	c.VitalShare = float64(c.Vital) / float64(n)
	return c
}

func TestConcentrateEqualsTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.OneOf(rapid.Int64Range(-2, 9), rapid.Int64Range(1, 1e12))
		values := rapid.SliceOfN(rapid.Map(one, func(v int64) money.Amount { return money.Amount(v) }), 0, 250).Draw(t, "values")
		got := pareto.Concentrate(rank(t, values, nil, pareto.Cuts{}))
		if diff := cmp.Diff(naiveConcentration(values), got, approx); diff != "" {
			t.Fatalf("values %v: -want +got\n%s", values, diff)
		}
	})
}

func TestConcentrateExtremes(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name      string
		values    []money.Amount
		gini, hhi float64
		vital     int
	}{
		{"nobody", nil, nan, nan, 0},
		{"only losses", []money.Amount{-1, 0}, nan, nan, 0},
		{"one", []money.Amount{7}, nan, 1, 1},
		{"two alike", []money.Amount{7, 7}, 0, 0.5, 2},
		{"five alike: four make exactly 80%", []money.Amount{7, 7, 7, 7, 7}, 0, 0.2, 4},
		{"one has nearly everything", []money.Amount{math.MaxInt64 - 2, 1, 1}, 1, 1, 1},
	} {
		got := pareto.Concentrate(rank(t, c.values, nil, pareto.Cuts{}))
		if diff := cmp.Diff([]any{c.gini, c.hhi, c.vital}, []any{got.Gini, got.HHI, got.Vital}, approx); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

func BenchmarkRank(b *testing.B) {
	values := make([]money.Amount, 400_000)
	x := uint64(1)
	for i := range values {
		x = x*6364136223846793005 + 1442695040888963407
		values[i] = money.Amount(int64(x) >> 30)
	}
	for b.Loop() {
		if _, err := pareto.Rank(values, nil, pareto.Cuts{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(values))/b.Elapsed().Seconds(), "rows/s")
}

func TestFewestAndTopShare(t *testing.T) {
	half := money.OneRate / 2
	for _, c := range []struct {
		name   string
		values []money.Amount
		share  money.Rate
		k      int
		of     float64
		top    float64 // of the best two
	}{
		{"nobody", nil, half, 0, math.NaN(), math.NaN()},
		{"a total below zero", []money.Amount{4, -9}, half, 1, 1, math.NaN()},
		{"exactly half is enough", []money.Amount{1, 3, 2}, half, 1, 1. / 3, 5. / 6},
		{"just above half is not", []money.Amount{1, 3, 2}, half + 1, 2, 2. / 3, 5. / 6},
		{"nothing needs nobody", []money.Amount{1, 3, 2}, 0, 0, 0, 5. / 6},
		{"all", []money.Amount{1, 3, 2, 0, -1}, money.OneRate, 3, 1, 1},
		{"fewer than two", []money.Amount{8}, half, 1, 1, 1},
	} {
		r := rank(t, c.values, nil, pareto.Cuts{})
		k, of := pareto.Fewest(r, c.share)
		if diff := cmp.Diff([]any{c.k, c.of, c.top}, []any{k, of, pareto.TopShare(r, 2)}, approx); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}
