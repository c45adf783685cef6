package pipeline

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/pareto"
	"pgregory.net/rapid"
)

// each rounds once and half to even, as big.Rat and a look at the remainder do.
func TestEachIsRoundedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, n := money.Amount(rapid.Int64Range(-1e15, 1e15).Draw(t, "amount")), rapid.Int64Range(1, 1e6).Draw(t, "pieces")
		if rapid.Bool().Draw(t, "near a tie") {
			a = money.Amount(n*rapid.Int64Range(-1000, 1000).Draw(t, "half cents")*50 + rapid.Int64Range(-1, 1).Draw(t, "beside"))
		}
		exact := new(big.Rat).SetFrac64(int64(a), n*100) // in cents
		twice := new(big.Int).Quo(new(big.Int).Mul(exact.Num(), big.NewInt(2)), exact.Denom())
		want := new(big.Int).Quo(exact.Num(), exact.Denom())
		half := new(big.Rat).Mul(exact, big.NewRat(2, 1)).IsInt()
		if odd := twice.Bit(0) == 1; odd && (!half || want.Bit(0) == 1) {
			want.Add(want, big.NewInt(int64(exact.Sign())))
		}
		if got := each(a, n); got != cents(money.Amount(want.Int64()*100)) {
			t.Fatalf("%d / %d: got %s, want %s cents", a, n, got, want)
		}
	})
	for _, n := range []int64{0, -1, 1 << 62} {
		if got := each(money.One, n); got != reportNone {
			t.Errorf("1 / %d: got %s, want %s", n, got, reportNone)
		}
	}
}

func TestAlikeKeepsEveryDigit(t *testing.T) {
	for _, v := range []struct {
		in   []money.Amount
		want []string
	}{
		{nil, []string{}},
		{[]money.Amount{0, -12345678900}, []string{"0.00", "-1,234,567.89"}},
		{[]money.Amount{10000, 10001, -5}, []string{"1.0000", "1.0001", "-0.0005"}},
	} {
		if diff := cmp.Diff(v.want, alike(v.in)); diff != "" {
			t.Errorf("%v: -want +got\n%s", v.in, diff)
		}
	}
}

func TestScoreRanges(t *testing.T) {
	days, purchases := [4]int32{654, 237, 45, 14}, [4]int32{1, 1, 2, 1900}
	var got []string
	for s := 1; s <= 5; s++ {
		got = append(got, fewer(days, s), more(purchases, s, func(v int32) string { return group(int64(v)) }))
	}
	want := []string{"654 and more", "up to 1", "237 to 653", reportNone, "45 to 236", "above 1, up to 2", "14 to 44", "above 2, up to 1,900", "under 14", "above 1,900"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ranges: -want +got\n%s", diff)
	}
}

// The axis holds the whole curve and zero, with steps that are few and round.
func TestAxis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(-1e14, 1e14), 1, 30).Filter(func(v []int64) bool {
			for _, x := range v {
				if x != 0 {
					return true
				}
			}
			return false
		}).Draw(t, "curve")
		points := make([]pareto.Point[money.Amount], len(values))
		for i, v := range values {
			points[i].Sum = money.Amount(v)
		}
		low, high, step := axis(points, 1)
		for _, p := range points {
			if v := p.Sum.Float(); v < low-step/1e6 || v > high+step/1e6 {
				t.Fatalf("%v lies outside %v..%v", v, low, high)
			}
		}
		if n := (high - low) / step; low > 0 || high < 0 || n < 0.99 || n > chartTicks+2.01 {
			t.Fatalf("got %v..%v in %v steps of %v", low, high, n, step)
		}
	})
}

// The curve of the page is that of the points, with the peak among them, for any size.
func TestWithPeak(t *testing.T) {
	for _, n := range []int{1, 2, chartPoints - 1, chartPoints, chartPoints + 1, 1013} {
		values := make([]money.Amount, n)
		for i := range values {
			values[i] = money.Amount(int64(n/3-i) * 10_000)
		}
		r, err := pareto.Rank(values, nil, pareto.Cuts{})
		if err != nil {
			t.Fatal(err)
		}
		w := pareto.NewWhale(r)
		points, peaks := withPeak(w), 0
		for i, p := range points {
			if i > 0 && p.Customers < points[i-1].Customers {
				t.Errorf("%d customers: point %d goes back", n, i)
			}
			var want money.Amount
			for _, c := range r.Order[:p.Customers] {
				want += values[c]
			}
			if p.Sum != want {
				t.Errorf("%d customers: got %s after %d, want %s", n, p.Sum, p.Customers, want)
			}
			if p.Customers == w.PeakRank {
				peaks++
			}
		}
		if peaks != 1 || points[len(points)-1].Customers != n {
			t.Errorf("%d customers: got %d points at the peak and the last at %d", n, peaks, points[len(points)-1].Customers)
		}
	}
}

func TestTickLabels(t *testing.T) {
	got := fmt.Sprint(tickLabel(5, true), tickLabel(-0.2, true), tickLabel(2e6, false), tickLabel(0.02, false), tickLabel(-5e7, false))
	if want := fmt.Sprint("500%", "-20%", "2,000,000", "0.02", "-50,000,000"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
