package rfm_test

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/rfm"
	"pgregory.net/rapid"
)

func score(t interface{ Fatal(...any) }, c rfm.Customers, s rfm.Settings) *rfm.Result {
	r, err := rfm.Score(c, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// line has n customers, each better than the one before in everything.
func line(n int) rfm.Customers {
	var c rfm.Customers
	for i := range n {
		c.RecencyDays = append(c.RecencyDays, int32(1000-i))
		c.Frequency = append(c.Frequency, int32(i+1))
		c.Monetary = append(c.Monetary, money.Amount(i-1)*money.One)
	}
	return c
}

func TestScoreSizes(t *testing.T) {
	for _, c := range []struct {
		n    int
		want []uint8 // 1 + ⌊5 i / n⌋
	}{
		{0, []uint8{}},
		{1, []uint8{1}},
		{2, []uint8{1, 3}},
		{4, []uint8{1, 2, 3, 4}},
		{5, []uint8{1, 2, 3, 4, 5}},
		{6, []uint8{1, 1, 2, 3, 4, 5}},
		{11, []uint8{1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5}},
	} {
		r := score(t, line(c.n), rfm.Settings{})
		for name, got := range map[string][]uint8{"R": r.R, "F": r.F, "M": r.M} {
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("n=%d %s: -want +got\n%s", c.n, name, d)
			}
		}
		if empty := len(r.Warnings) > 0; empty != (c.n < rfm.Scores) {
			t.Errorf("n=%d: got warnings %v", c.n, r.Warnings)
		}
	}
}

func TestCutsAreValues(t *testing.T) {
	r := score(t, line(11), rfm.Settings{})
	// The 3rd, 5th, 7th and 9th worst of 11: ⌈11k/5⌉ = 3, 5, 7, 9.
	if want := [4]int32{998, 996, 994, 992}; r.Recency.Cuts != want {
		t.Errorf("recency: got cuts %v, want %v", r.Recency.Cuts, want)
	}
	if want := [4]int32{3, 5, 7, 9}; r.Frequency.Cuts != want {
		t.Errorf("frequency: got cuts %v, want %v", r.Frequency.Cuts, want)
	}
	if want := [4]money.Amount{1 * money.One, 3 * money.One, 5 * money.One, 7 * money.One}; r.Monetary.Cuts != want {
		t.Errorf("monetary: got cuts %v, want %v", r.Monetary.Cuts, want)
	}
	if want := [6]int{0, 3, 2, 2, 2, 2}; r.Monetary.Customers != want || r.Monetary.Distinct != 11 || r.Monetary.Given {
		t.Errorf("monetary: got %+v, want customers %v of 11 distinct values", r.Monetary, want)
	}
}

func TestFewDistinctValues(t *testing.T) {
	n := 10
	c := rfm.Customers{RecencyDays: make([]int32, n), Frequency: make([]int32, n), Monetary: make([]money.Amount, n)}
	for i := range n {
		c.RecencyDays[i], c.Frequency[i], c.Monetary[i] = int32(10*i+1), 1, 500
	}
	c.Frequency[7], c.Frequency[8] = 2, 2
	r := score(t, c, rfm.Settings{})
	// Eight share the lowest frequency, so the cuts are 1, 1, 1, 1 and the other two are above all.
	if d := cmp.Diff([]uint8{1, 1, 1, 1, 1, 1, 1, 5, 5, 1}, r.F); d != "" {
		t.Errorf("F: -want +got\n%s", d)
	}
	if d := cmp.Diff([6]int{0, 10}, r.Monetary.Customers); d != "" {
		t.Errorf("monetary customers: -want +got\n%s", d)
	}
	want := []error{
		rfm.EmptyScores{Dimension: "frequency", Scores: []uint8{2, 3, 4}, Customers: 10, Distinct: 2},
		rfm.EmptyScores{Dimension: "monetary", Scores: []uint8{2, 3, 4, 5}, Customers: 10, Distinct: 1},
	}
	if d := cmp.Diff(want, r.Warnings); d != "" {
		t.Errorf("warnings: -want +got\n%s", d)
	}
	const text = "frequency: no customer has scores 2, 3, 4 (10 customers, 2 distinct values); equal values share a score, own cut points can spread them"
	if got := r.Warnings[0].Error(); got != text {
		t.Errorf("got %q, want %q", got, text)
	}
}

func TestOwnCuts(t *testing.T) {
	c := rfm.Customers{
		RecencyDays: []int32{365, 364, 31, 30, 29},
		Frequency:   []int32{1, 2, 3, 5, 9},
		Monetary:    []money.Amount{-1, 0, 1, 2, 3},
	}
	s := rfm.Settings{Recency: &[4]int32{365, 180, 90, 30}, Frequency: &[4]int32{1, 2, 4, 8}, Monetary: &[4]money.Amount{0, 0, 2, 9}}
	r := score(t, c, s)
	for name, x := range map[string][2][]uint8{
		"R": {{1, 2, 4, 4, 5}, r.R}, "F": {{1, 2, 3, 4, 5}, r.F}, "M": {{1, 1, 3, 3, 4}, r.M},
	} {
		if d := cmp.Diff(x[0], x[1]); d != "" {
			t.Errorf("%s: -want +got\n%s", name, d)
		}
	}
	if !r.Recency.Given || r.Recency.Cuts != *s.Recency {
		t.Errorf("got recency %+v, want the given cuts %v", r.Recency, *s.Recency)
	}
	var e rfm.EmptyScores
	if len(r.Warnings) != 2 || !errors.As(r.Warnings[1], &e) || !cmp.Equal(e.Scores, []uint8{2, 5}) || !strings.Contains(e.Error(), "move the own cut points") {
		t.Errorf("got warnings %v, want recency without 3 and monetary without 2 and 5", r.Warnings)
	}
}

func TestRefuses(t *testing.T) {
	s := rfm.Settings{Recency: &[4]int32{30, 90, 180, 365}, Frequency: &[4]int32{1, 2, 2, 1}, Monetary: &[4]money.Amount{0, -1, 2, 3}}
	_, err := rfm.Score(line(3), s)
	for _, part := range []string{"recency cut points [30 90 180 365]: list them from the worst to the best, most days first", "frequency cut points [1 2 2 1]", "monetary cut points"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("got %v, want all faults, among them %q", err, part)
		}
	}
	c := line(2)
	c.Monetary = []money.Amount{math.MaxInt64, math.MaxInt64}
	c.RecencyDays, c.Frequency = []int32{1, 1}, []int32{1, 1}
	if _, err := rfm.Score(c, rfm.Settings{}); err == nil || !strings.Contains(err.Error(), "do not fit") {
		t.Errorf("got %v, want an overflow error", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("columns of different length: got no panic")
		}
	}()
	c.Monetary = c.Monetary[:1]
	_, _ = rfm.Score(c, rfm.Settings{})
}

func TestWithoutPurchase(t *testing.T) {
	c := line(6)
	c.Frequency[5], c.RecencyDays[5] = 0, -1 // the best by money: must not move the others' cuts
	r, five := score(t, c, rfm.Settings{}), score(t, line(5), rfm.Settings{})
	if r.R[5] != 0 || r.F[5] != 0 || r.M[5] != 0 || r.Segment[5] != rfm.None {
		t.Errorf("without a purchase: got %d%d%d %q, want nothing", r.R[5], r.F[5], r.M[5], r.Segment[5])
	}
	if !cmp.Equal(r.M[:5], five.M) || r.Monetary.Cuts != five.Monetary.Cuts || r.Monetary.Customers[0] != 1 {
		t.Errorf("got scores %v and %+v, want those of five customers", r.M, r.Monetary)
	}
	c = line(6)
	c.Among = []bool{true, true, true, true, true, false}
	if r := score(t, c, rfm.Settings{}); r.M[5] != 0 || r.Monetary.Cuts != five.Monetary.Cuts {
		t.Errorf("outside the population: got %v with cuts %v", r.M, r.Monetary.Cuts)
	}
}

// customers draws few distinct values so that ties are common.
func customers() *rapid.Generator[rfm.Customers] {
	return rapid.Custom(func(t *rapid.T) rfm.Customers {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		var c rfm.Customers
		for range n {
			c.RecencyDays = append(c.RecencyDays, rapid.Int32Range(1, 12).Draw(t, "days"))
			c.Frequency = append(c.Frequency, rapid.Int32Range(0, 9).Draw(t, "purchases"))
			c.Monetary = append(c.Monetary, money.Amount(rapid.OneOf(rapid.Int64Range(-5, 20), rapid.Int64Range(-1e13, 1e13)).Draw(t, "net")))
		}
		return c
	})
}

// naive scores customer c by counting who is strictly worse.
func naive(c int, in *rfm.Customers, better func(a, b int) bool) uint8 {
	if in.Frequency[c] <= 0 {
		return 0
	}
	n, worse := 0, 0
	for o, f := range in.Frequency {
		if f > 0 {
			n++
			if better(c, o) {
				worse++
			}
		}
	}
	return uint8(1 + 5*worse/n)
}

func TestNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := customers().Draw(t, "customers")
		r := score(t, c, rfm.Settings{})
		var totals [rfm.Segments]rfm.SegmentTotal
		for i := range r.R {
			want := [3]uint8{
				naive(i, &c, func(a, b int) bool { return c.RecencyDays[a] < c.RecencyDays[b] }),
				naive(i, &c, func(a, b int) bool { return c.Frequency[a] > c.Frequency[b] }),
				naive(i, &c, func(a, b int) bool { return c.Monetary[a] > c.Monetary[b] }),
			}
			if got := [3]uint8{r.R[i], r.F[i], r.M[i]}; got != want {
				t.Fatalf("customer %d: got %v, want %v", i, got, want)
			}
			if (r.Segment[i] == rfm.None) != (c.Frequency[i] == 0) {
				t.Fatalf("customer %d with %d purchases: got segment %q", i, c.Frequency[i], r.Segment[i])
			}
			s := &totals[r.Segment[i]]
			s.Customers++
			s.Purchases += int64(c.Frequency[i])
			s.Monetary += c.Monetary[i]
		}
		if totals != r.Totals {
			t.Fatalf("got totals %v, want %v", r.Totals, totals)
		}
		counts := [6]int{}
		for _, s := range r.F {
			counts[s]++
		}
		if counts != r.Frequency.Customers {
			t.Fatalf("got counts %v, want %v", r.Frequency.Customers, counts)
		}
	})
}

// Better or equal values never score lower, with quantile cuts and with own ones.
func TestMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := customers().Draw(t, "customers")
		var s rfm.Settings
		if rapid.Bool().Draw(t, "own cuts") {
			days := rapid.Permutation([]int32{9, 7, 4, 2}).Draw(t, "days")
			own := [4]int32(days)
			if own != [4]int32{9, 7, 4, 2} {
				if _, err := rfm.Score(c, rfm.Settings{Recency: &own}); err == nil {
					t.Fatalf("cuts %v: got no error", own)
				}
				own = [4]int32{9, 7, 4, 2}
			}
			s.Recency, s.Monetary = &own, &[4]money.Amount{-1, 3, 3, 12}
		}
		r := score(t, c, s)
		for a := range r.R {
			for b := range r.R {
				if r.F[a] == 0 || r.F[b] == 0 {
					continue
				}
				if c.RecencyDays[a] <= c.RecencyDays[b] && r.R[a] < r.R[b] ||
					c.Frequency[a] >= c.Frequency[b] && r.F[a] < r.F[b] ||
					c.Monetary[a] >= c.Monetary[b] && r.M[a] < r.M[b] {
					t.Fatalf("customer %d is no worse than %d but scores %d%d%d against %d%d%d", a, b, r.R[a], r.F[a], r.M[a], r.R[b], r.F[b], r.M[b])
				}
			}
		}
	})
}

func TestPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := customers().Draw(t, "customers")
		index := make([]int, len(c.Frequency))
		for i := range index {
			index[i] = i
		}
		var p rfm.Customers
		perm := rapid.Permutation(index).Draw(t, "permutation")
		for _, i := range perm {
			p.RecencyDays, p.Frequency, p.Monetary = append(p.RecencyDays, c.RecencyDays[i]), append(p.Frequency, c.Frequency[i]), append(p.Monetary, c.Monetary[i])
		}
		a, b := score(t, c, rfm.Settings{}), score(t, p, rfm.Settings{})
		for at, i := range perm {
			if a.R[i] != b.R[at] || a.F[i] != b.F[at] || a.M[i] != b.M[at] || a.Segment[i] != b.Segment[at] {
				t.Fatalf("customer %d scores differently at place %d", i, at)
			}
		}
		if a.Recency != b.Recency || a.Frequency != b.Frequency || a.Monetary != b.Monetary || a.Totals != b.Totals {
			t.Fatal("cuts, counts or totals depend on the order")
		}
	})
}

// The CDNOW 1/10 sample (2357 customers, 1411 of them bought once in the calibration period): cuts
// and counts computed apart, by searching the empirical distribution function in exact fractions.
func TestRetail(t *testing.T) {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is unset: point it at the reference data to run this test")
	}
	file, err := os.Open(filepath.Join(dir, "cdnow", "btyd_cdnow_cbs_days.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var c rfm.Customers
	for _, r := range records[1:] { // cust, x, t_x_days, T_cal_days, ...
		x, err1 := strconv.Atoi(r[1])
		last, err2 := strconv.Atoi(r[2])
		age, err3 := strconv.Atoi(r[3])
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		c.Frequency, c.RecencyDays, c.Monetary = append(c.Frequency, int32(x+1)), append(c.RecencyDays, int32(age-last)), append(c.Monetary, 0)
	}
	r := score(t, c, rfm.Settings{})
	if want := (rfm.Dimension[int32]{Cuts: [4]int32{1, 1, 2, 3}, Customers: [6]int{0, 1411, 0, 439, 214, 293}, Distinct: 23}); r.Frequency != want {
		t.Errorf("frequency: got %+v, want %+v", r.Frequency, want)
	}
	if want := (rfm.Dimension[int32]{Cuts: [4]int32{242, 219, 198, 99}, Customers: [6]int{0, 480, 478, 459, 475, 465}, Distinct: 266}); r.Recency != want {
		t.Errorf("recency: got %+v, want %+v", r.Recency, want)
	}
}
