package pareto_test

import (
	"math"
	"math/big"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
	"github.com/vitalfew/vitalfew/scoring/pareto"
	"pgregory.net/rapid"
)

var approx = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-12, 1e-12)}

func rank(t interface{ Fatal(...any) }, values []money.Amount, known []bool, cuts pareto.Cuts) *pareto.Ranking[money.Amount] {
	r, err := pareto.Rank(values, known, cuts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// amounts draws few distinct values, so that ties are common, and all signs.
func amounts() *rapid.Generator[[]money.Amount] {
	one := rapid.OneOf(rapid.Int64Range(-5, 20), rapid.Int64Range(-1e12, 1e13))
	return rapid.SliceOfN(rapid.Map(one, func(v int64) money.Amount { return money.Amount(v) }), 0, 60)
}

// naiveRanking ranks with a comparison sort and exact rationals.
type naiveRanking struct {
	Rank            []int32
	Share, CumShare []float64
	Class           []scoring.Class
}

func naive(values []money.Amount, known []bool, cuts pareto.Cuts) naiveRanking {
	n := len(values)
	w := naiveRanking{make([]int32, n), make([]float64, n), make([]float64, n), make([]scoring.Class, n)}
	var order []int
	base := new(big.Rat)
	for c, v := range values {
		w.Share[c], w.CumShare[c] = math.NaN(), math.NaN()
		if known == nil || known[c] {
			order = append(order, c)
			if v > 0 {
				base.Add(base, rat(int64(v)))
			}
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return values[order[i]] > values[order[j]] })
	cum := new(big.Rat)
	for i, c := range order {
		cum.Add(cum, rat(int64(values[c])))
		w.Rank[c] = int32(i + 1)
		if base.Sign() > 0 {
			w.Share[c], _ = new(big.Rat).Quo(rat(int64(values[c])), base).Float64()
			w.CumShare[c], _ = new(big.Rat).Quo(cum, base).Float64()
		}
		before := new(big.Rat)
		for _, o := range order {
			if values[o] > values[c] {
				before.Add(before, rat(int64(values[o])))
			}
		}
		below := func(cut money.Rate) bool {
			return before.Cmp(new(big.Rat).Mul(big.NewRat(int64(cut), int64(money.OneRate)), base)) < 0
		}
		switch {
		case values[c] < 0:
			w.Class[c] = scoring.Loss
		case values[c] == 0:
			w.Class[c] = scoring.Zero
		case below(cuts.A):
			w.Class[c] = scoring.A
		case below(cuts.B):
			w.Class[c] = scoring.B
		default:
			w.Class[c] = scoring.C
		}
	}
	return w
}

func rat(v int64) *big.Rat { return new(big.Rat).SetInt64(v) }

func TestRankEqualsTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := amounts().Draw(t, "values")
		var known []bool
		if rapid.Bool().Draw(t, "some unknown") {
			known = rapid.SliceOfN(rapid.Bool(), len(values), len(values)).Draw(t, "known")
		}
		cuts := pareto.Cuts{}.OrDefault()
		if rapid.Bool().Draw(t, "own cuts") {
			cuts.A = money.Rate(rapid.Int64Range(1, int64(money.OneRate)).Draw(t, "a"))
			cuts.B = money.Rate(rapid.Int64Range(int64(cuts.A), int64(money.OneRate)).Draw(t, "b"))
		}
		r := rank(t, values, known, cuts)
		want := naive(values, known, cuts)
		if diff := cmp.Diff(want, naiveRanking{r.Rank, r.Share, r.CumShare, r.Class}, approx); diff != "" {
			t.Fatalf("values %v, known %v: -want +got\n%s", values, known, diff)
		}
		checkTotals(t, r)
	})
}

// checkTotals: classes partition the known customers and add up to the total.
func checkTotals(t *rapid.T, r *pareto.Ranking[money.Amount]) {
	var customers int
	var sum money.Amount
	for _, c := range r.Classes {
		customers += c.Customers
		sum += c.Sum
	}
	if customers != len(r.Order) || sum != r.Total {
		t.Fatalf("classes hold %d customers and %s, want %d and %s", customers, sum, len(r.Order), r.Total)
	}
	group := map[money.Amount]int{}
	tied, largest := 0, 0
	for _, c := range r.Order {
		group[r.Values[c]]++
	}
	for _, n := range group {
		if n > 1 {
			tied += n
		}
		largest = max(largest, n)
	}
	if r.Tied != tied || r.LargestTie != largest {
		t.Fatalf("got %d tied, largest %d, want %d, %d", r.Tied, r.LargestTie, tied, largest)
	}
}

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []money.Amount
		want   string
	}{
		{"nobody", nil, ""},
		{"one", []money.Amount{5}, "A"},
		{"only losses", []money.Amount{-5, 0}, "LZ"},
		{"exactly 80% before is B", []money.Amount{80, 15, 5}, "ABC"},
		{"just below 80% before is A", []money.Amount{79, 16, 5}, "AAC"},
		{"exactly 95% before is C", []money.Amount{80, 15, 5, 0, -3}, "ABCZL"},
		{"a tie group across the cut stays whole", []money.Amount{40, 40, 40}, "AAA"},
		{"a tie group that starts at the cut", []money.Amount{80, 5, 5, 5, 5}, "ABBBB"},
		{"losses do not shrink the base", []money.Amount{80, 15, 5, -60}, "ABCL"},
	} {
		r := rank(t, c.values, nil, pareto.Cuts{})
		var got strings.Builder
		for _, class := range r.Class {
			got.WriteString(class.String())
		}
		if got.String() != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got.String(), c.want)
		}
	}
}

func TestRankRefuses(t *testing.T) {
	for _, cuts := range []pareto.Cuts{{A: 1}, {A: 2, B: 1}, {A: -1, B: 1}, {A: 1, B: money.OneRate + 1}} {
		if _, err := pareto.Rank([]money.Amount{1}, nil, cuts); err == nil {
			t.Errorf("cuts %v: got no error", cuts)
		}
	}
	for _, values := range [][]money.Amount{{math.MaxInt64, 1}, {math.MinInt64, -1}} {
		if _, err := pareto.Rank(values, nil, pareto.Cuts{}); err == nil {
			t.Errorf("values %v: got no error", values)
		}
	}
	if r := rank(t, []money.Amount{math.MaxInt64, -5, math.MinInt64 + 6}, nil, pareto.Cuts{}); r.Total != 0 {
		t.Errorf("got total %d, want 0", int64(r.Total))
	}
}

func TestWhale(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name        string
		values      []money.Amount
		total, peak money.Amount
		rank        int
		share       float64
		losers      []int32
	}{
		{"nobody", nil, 0, 0, 0, nan, []int32{}},
		{"all earn", []money.Amount{3, 1}, 4, 4, 2, 1, []int32{}},
		{"a zero stands on the peak", []money.Amount{0, 6, -2, -1}, 3, 6, 1, 2, []int32{3, 2}},
		{"total zero: no ratio", []money.Amount{6, -6}, 0, 6, 1, nan, []int32{1}},
		{"total below zero: no ratio", []money.Amount{-7, 6}, -1, 6, 1, nan, []int32{0}},
		{"nobody earns", []money.Amount{-1, -2}, -3, 0, 0, nan, []int32{0, 1}},
	} {
		w := pareto.NewWhale(rank(t, c.values, nil, pareto.Cuts{}))
		got := []any{w.Total, w.Peak, w.PeakRank, w.PeakShare, w.HasRatio, w.RightOfPeak, len(w.Losers)}
		want := []any{c.total, c.peak, c.rank, c.share, c.total > 0, c.total - c.peak, len(c.losers)}
		if diff := cmp.Diff(want, got, approx); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.losers, w.Losers, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: losers -want +got\n%s", c.name, diff)
		}
	}
}

func TestWhalePoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := amounts().Draw(t, "values")
		n := rapid.IntRange(1, 25).Draw(t, "n")
		r := rank(t, values, nil, pareto.Cuts{})
		w := pareto.NewWhale(r)
		points := w.Points(n)
		if len(points) != n+1 || points[0].Customers != 0 || points[n].Customers != len(values) || points[n].Sum != w.Total {
			t.Fatalf("got points %v, want 0..%d customers and total %s", points, len(values), w.Total)
		}
		for k, p := range points {
			var sum money.Amount
			for _, c := range r.Order[:p.Customers] {
				sum += values[c]
			}
			if p.Customers != len(values)*k/n || p.Sum != sum || p.Sum > w.Peak || math.IsNaN(p.Share) == w.HasRatio {
				t.Fatalf("point %d: got %+v, want %d customers and %s", k, p, len(values)*k/n, sum)
			}
		}
	})
}
