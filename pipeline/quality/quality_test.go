package quality_test

import (
	"math"
	"slices"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/quality"
	"pgregory.net/rapid"
)

// values draws what columns hold: small counts, prices over many orders, both signs, the edges.
func values() *rapid.Generator[int64] {
	edges := []int64{0, 1, -1, 127, 128, 129, 255, 256, 257, 511, 512, -255, -256, -257, math.MaxInt64, math.MinInt64, math.MinInt64 + 1}
	return rapid.OneOf(rapid.Int64Range(-3, 40), rapid.Int64(), rapid.SampledFrom(edges), rapid.Int64Range(1_000_000, 1_010_000),
		rapid.Custom(func(t *rapid.T) int64 { return int64(1) << rapid.IntRange(0, 62).Draw(t, "bit") }))
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// Counts and ends are those of the sorted values, quantiles within 1/128 of theirs, whatever the order and
// however the values are spread over histograms.
func TestHistogramAgreesWithSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs := rapid.SliceOfN(values(), 1, 300).Draw(t, "values")
		parts := make([]quality.Histogram, rapid.IntRange(1, 4).Draw(t, "parts"))
		for _, v := range vs {
			parts[rapid.IntRange(0, len(parts)-1).Draw(t, "part")].Add(v)
		}
		var h quality.Histogram
		for i := range parts {
			h.Merge(&parts[i])
		}
		slices.Sort(vs)
		zeros, negatives := int64(0), int64(0)
		for _, v := range vs {
			if v == 0 {
				zeros++
			}
			if v < 0 {
				negatives++
			}
		}
		if lo, hi := h.Range(); lo != vs[0] || hi != vs[len(vs)-1] || h.Count() != int64(len(vs)) || h.Zeros() != zeros || h.Negatives() != negatives {
			t.Fatalf("got %d values in %d..%d, %d zeros, %d negative of %v", h.Count(), lo, hi, h.Zeros(), h.Negatives(), vs)
		}
		for _, q := range append([]float64{0, 1}, rapid.SliceOfN(rapid.Float64Range(0, 1), 3, 3).Draw(t, "q")...) {
			want := vs[max(1, int(math.Ceil(q*float64(len(vs)))))-1]
			got := h.Quantile(q)
			if !slices.Contains(vs, got) || (got < 0) != (want < 0) {
				t.Fatalf("quantile %v: got %d, want about %d of %v", q, got, want, vs)
			}
			a, b := magnitude(got), magnitude(want)
			if max(a, b)-min(a, b) > min(a, b)/128 {
				t.Fatalf("quantile %v: got %d, further than 1/128 from %d", q, got, want)
			}
		}
		fencesAgree(t, &h, vs)
	})
}

// fencesAgree counts beyond the fences by looking at every value, and holds the fences against the rule.
func fencesAgree(t *rapid.T, h *quality.Histogram, sorted []int64) {
	f, ok := h.Fences()
	var ms []uint64
	for _, v := range sorted {
		if v != 0 {
			ms = append(ms, magnitude(v))
		}
	}
	if ok != (len(ms) >= 20) {
		t.Fatalf("fences of %d values: %v", len(ms), ok)
	}
	if !ok {
		return
	}
	slices.Sort(ms)
	lower, higher := int64(0), int64(0)
	for _, m := range ms {
		if m < f.Low {
			lower++
		}
		if m > f.High {
			higher++
		}
	}
	if lower != f.Lower || higher != f.Higher {
		t.Fatalf("%d and %d lie beyond %d..%d, got %d and %d", lower, higher, f.Low, f.High, f.Lower, f.Higher)
	}
	q1, q3 := float64(ms[(len(ms)+3)/4-1]), float64(ms[(3*len(ms)+3)/4-1])
	s := max(math.Pow(q3/q1, 3), 10)
	// The quartiles may each be off by 1/128, their ratio's cube thus by some 5%, and an edge by 1/128.
	if high := q3 * s; high < math.MaxInt64/2 && (float64(f.High) < 0.93*high || float64(f.High) > 1.08*high+1) {
		t.Fatalf("high fence %d, want about %v", f.High, high)
	}
	if low := q1 / s; float64(f.Low) > 1.08*low+1 || float64(f.Low) < 0.9*low-1 {
		t.Fatalf("low fence %d, want about %v", f.Low, low)
	}
}

// naive is a line as a plain struct.
type naive struct {
	file     int
	line     int64
	skip     bool
	lacks    uint32
	quantity money.Quantity
	price    money.Price
	net      int64
	day      civil.Day
	order    uint64
	customer string
}

const mapped = 1<<layout.OrderID | 1<<layout.CustomerID | 1<<layout.OrderedAt | 1<<layout.Quantity | 1<<layout.UnitPrice

func lines() *rapid.Generator[[]naive] {
	return rapid.Custom(func(t *rapid.T) (all []naive) {
		n := rapid.IntRange(0, 120).Draw(t, "n")
		for i := range n {
			all = append(all, naive{
				file: rapid.IntRange(0, 2).Draw(t, "file"), line: int64(i + 2), skip: rapid.IntRange(0, 9).Draw(t, "skip") == 0,
				lacks:    rapid.Uint32().Draw(t, "lacks") & rapid.Uint32().Draw(t, "lacks too") & mapped,
				quantity: money.Quantity(values().Draw(t, "quantity")), price: money.Price(values().Draw(t, "price")), net: values().Draw(t, "net"),
				day: civil.Day(rapid.IntRange(-600, 600).Draw(t, "day")), order: rapid.Uint64Range(0, 5).Draw(t, "order") * 0x9e3779b97f4a7c15,
				customer: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "customer"),
			})
		}
		return all
	})
}

// feed gives lines to a sketch as a worker does, in batches of one file.
func feed(s *quality.Sketch, all []naive, seen map[string]bool) {
	for len(all) > 0 {
		n := 1
		for n < len(all) && n < 7 && all[n].file == all[0].file {
			n++
		}
		batch := all[:n]
		all = all[n:]
		r := &quality.Rows{File: batch[0].file, Mapped: mapped}
		var qs []money.Quantity
		var ps []money.Price
		var ds []civil.Day
		var os []uint64
		for _, l := range batch {
			r.Line, r.Lacks, r.Skip = append(r.Line, l.line), append(r.Lacks, l.lacks), append(r.Skip, l.skip)
			qs, ps, ds, os = append(qs, l.quantity), append(ps, l.price), append(ds, l.day), append(os, l.order)
		}
		s.Begin(r)
		for _, c := range []layout.Column{layout.OrderID, layout.CustomerID, layout.OrderedAt, layout.Quantity, layout.UnitPrice} {
			s.Presence(r, c)
		}
		quality.Numbers(s, r, layout.Quantity, qs)
		quality.Numbers(s, r, layout.UnitPrice, ps)
		s.Days(r, ds)
		s.Hashes(r, layout.OrderID, os)
		for i, l := range batch {
			if r.Has(i, layout.CustomerID) && !seen[l.customer] {
				seen[l.customer] = true
				s.Value(layout.CustomerID, xxhash.Sum64String(l.customer))
			}
			if !l.skip {
				s.Net(r, i, l.net)
			}
		}
	}
}

// A profile depends on the lines only: not on their order, the batches or the workers; and its counts are
// those of looking at every line.
func TestProfileAgreesWithTheNaiveTwin(t *testing.T) {
	paths := []string{"a.csv", "b.csv", "c.csv"}
	rapid.Check(t, func(t *rapid.T) {
		all := lines().Draw(t, "lines")
		var one quality.Sketch
		feed(&one, all, map[string]bool{})
		p := one.Profile(paths)

		shuffled := rapid.Permutation(all).Draw(t, "shuffled")
		var joined quality.Sketch
		for len(shuffled) > 0 {
			n := rapid.IntRange(1, len(shuffled)).Draw(t, "share")
			var part quality.Sketch
			feed(&part, shuffled[:n], map[string]bool{})
			joined.Merge(&part)
			shuffled = shuffled[n:]
		}
		if diff := cmp.Diff(p, joined.Profile(paths), cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Calendar" }, cmp.Ignore())); diff != "" {
			t.Fatalf("whole -, in parts +:\n%s", diff)
		}
		countsAgree(t, p, all)
		daysAgree(t, p, all)
	})
}

func countsAgree(t *rapid.T, p *quality.Profile, all []naive) {
	read := int64(0)
	present := map[string]int64{}
	distinct := map[string]map[any]bool{"order_id": {}, "customer_id": {}}
	for _, l := range all {
		if l.skip {
			continue
		}
		read++
		has := func(c layout.Column) bool { return l.lacks&(1<<c) == 0 }
		for _, c := range []layout.Column{layout.OrderID, layout.CustomerID, layout.OrderedAt, layout.Quantity, layout.UnitPrice} {
			if has(c) {
				present[c.String()]++
			}
		}
		if has(layout.OrderID) {
			distinct["order_id"][l.order] = true
		}
		if has(layout.CustomerID) {
			distinct["customer_id"][l.customer] = true
		}
	}
	if p.Lines != read || read > 0 && len(p.Columns) != 5 {
		t.Fatalf("%d lines and %d columns, want %d and 5", p.Lines, len(p.Columns), read)
	}
	for _, c := range p.Columns {
		want := int64(-1)
		if d := distinct[c.Name]; d != nil {
			want = int64(len(d))
		}
		if c.Present != present[c.Name] || c.Absent != read-c.Present || c.Unmapped != 0 || c.Distinct != want || c.Estimated {
			t.Fatalf("%s: got %+v, want %d of %d present, %d distinct", c.Name, c, present[c.Name], read, want)
		}
		if (c.Name == "quantity" || c.Name == "unit_price") && c.Present > 0 && c.Numbers.Values != c.Present {
			t.Fatalf("%s: %d values of %d present", c.Name, c.Numbers.Values, c.Present)
		}
	}
	if read > 0 && p.Net.Values != read {
		t.Fatalf("%d net amounts of %d lines", p.Net.Values, read)
	}
}

func daysAgree(t *rapid.T, p *quality.Profile, all []naive) {
	var days []civil.Day
	for _, l := range all {
		if !l.skip && l.lacks&(1<<layout.OrderedAt) == 0 {
			days = append(days, l.day)
		}
	}
	if len(days) == 0 {
		if p.Days != nil {
			t.Fatalf("got %+v, want no days", p.Days)
		}
		return
	}
	slices.Sort(days)
	if got := p.Calendar.From(0); got != int64(len(days)-slices.IndexFunc(append(days, 0), func(d civil.Day) bool { return d >= 0 })) {
		t.Fatalf("%d lines from day 0 on, of %v", got, days)
	}
	median := days[(len(days)+1)/2-1]
	distinct := slices.Compact(slices.Clone(days))
	first, last := distinct[0], distinct[len(distinct)-1]
	longest := 0
	for i, d := range distinct[1:] {
		longest = max(longest, int(d-distinct[i]-1))
	}
	d := p.Days
	if d.First != first || d.Last != last || d.Quartiles[1] != median || d.With != len(distinct) || d.With+d.Without != int(last-first)+1 {
		t.Fatalf("got %+v of %v", d, days)
	}
	if longest > 0 != (len(d.Gaps) > 0) || longest > 0 && d.Gaps[0].Days != longest {
		t.Fatalf("longest gap %d, got %+v", longest, d.Gaps)
	}
}

// Below the bound counts are exact; beyond it they are within five standard errors (1/√(k−2) = 0.8%), and
// depend on the set of values only.
func TestDistinctBeyondTheBound(t *testing.T) {
	for _, n := range []uint64{1, 1000, quality.Bound - 1, 50_000, 700_000} {
		var s [2]quality.Sketch
		hashes := make([]uint64, n)
		for i := range hashes {
			hashes[i] = xxhash.Sum64String(string([]byte{byte(i), byte(i >> 8), byte(i >> 16)}))
		}
		r := &quality.Rows{Line: make([]int64, n), Lacks: make([]uint32, n), Skip: make([]bool, n), Mapped: 1 << layout.OrderID}
		for k := range s {
			s[k].Begin(r)
			s[k].Presence(r, layout.OrderID)
			s[k].Hashes(r, layout.OrderID, hashes)
			again := *r
			again.Line = again.Line[:n/3]
			s[k].Hashes(&again, layout.OrderID, hashes)
			slices.Reverse(hashes)
		}
		got, other := s[0].Profile(nil).Columns[0], s[1].Profile(nil).Columns[0]
		if got != other {
			t.Errorf("%d values: %d in one order, %d in another", n, got.Distinct, other.Distinct)
		}
		if n < quality.Bound && (got.Distinct != int64(n) || got.Estimated) {
			t.Errorf("%d values: got %d, estimated %v", n, got.Distinct, got.Estimated)
		}
		if e := math.Abs(float64(got.Distinct)/float64(n) - 1); e > 5*0.0079 || n >= quality.Bound && !got.Estimated {
			t.Errorf("%d values: got %d, off by %.3f, estimated %v", n, got.Distinct, e, got.Estimated)
		}
	}
}

// The worst values keep their places: the largest first, of equal ones the first read.
func TestOutliersNameTheirLines(t *testing.T) {
	var s quality.Sketch
	n := 100
	r := &quality.Rows{File: 1, Line: make([]int64, n), Lacks: make([]uint32, n), Skip: make([]bool, n), Mapped: 1 << layout.UnitPrice}
	prices := make([]money.Price, n)
	for i := range n {
		r.Line[i], prices[i] = int64(i+2), money.Price(10+i%5)*100_000_000
	}
	prices[40], prices[41], prices[50], prices[60], prices[70] = 9e14, 9e14, -8e13, 0, 100_000
	s.Begin(r)
	s.Presence(r, layout.UnitPrice)
	quality.Numbers(&s, r, layout.UnitPrice, prices)
	got := s.Profile([]string{"a", "b"}).Columns[0].Numbers
	want := []quality.Example{{File: "b", Line: 42, Value: "9000000.00"}, {File: "b", Line: 43, Value: "9000000.00"}, {File: "b", Line: 52, Value: "-800000.00"}, {File: "b", Line: 72, Value: "0.001"}}
	if diff := cmp.Diff(want, got.Outliers.Examples); diff != "" || got.Outliers.Large != 3 || got.Outliers.Small != 1 || got.Zero != 1 || got.Negative != 1 {
		t.Errorf("got %+v, %+v\n%s", got, got.Outliers, diff)
	}
}
