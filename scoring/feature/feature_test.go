package feature_test

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/feature"
	"pgregory.net/rapid"
)

func compute(t interface{ Fatal(...any) }, lines []ledgertest.Line, asOf civil.Day, o feature.Options) (*ledger.Ledger, *feature.Features) {
	l, err := ledgertest.Build(lines)
	if err != nil {
		t.Fatal(err)
	}
	f, err := feature.Compute(l.At(asOf), o)
	if err != nil {
		t.Fatal(err)
	}
	return l, f
}

func TestFeaturesEqualTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := ledgertest.Lines(200).Draw(t, "lines")
		day := func(name string) civil.Day { return civil.Day(rapid.IntRange(17990, 18410).Draw(t, name)) }
		asOf, window := day("as-of"), civil.Range{From: day("from"), To: day("to")}
		l, f := compute(t, lines, asOf, feature.Options{Window: window})
		if f.Len() != l.Customers() {
			t.Fatalf("got %d customers, want %d", f.Len(), l.Customers())
		}
		for c := range f.Len() {
			want := naive(lines, l.ID(c), asOf, window)
			if diff := cmp.Diff(want, line(f, c), cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
				t.Fatalf("customer %s as of %d, window [%d, %d): -want +got\n%s", l.ID(c), asOf, window.From, window.To, diff)
			}
		}
		checkTotals(t, f)
		checkRhythm(t, f)
	})
}

func checkTotals(t *rapid.T, f *feature.Features) {
	for name, x := range map[string]struct {
		s feature.Sums
		t feature.Total
	}{"all": {f.All, f.Company.All}, "window": {f.In, f.Company.In}} {
		var want feature.Total
		for c := range f.Len() {
			want.Orders += int64(x.s.Orders[c])
			want.Lines += x.s.Lines[c]
			want.Costed += x.s.Costed[c]
			want.Units += x.s.Units[c]
			want.Net += x.s.Net[c]
			want.Covered += x.s.Covered[c]
			want.Cost += x.s.Cost[c]
			want.Profit += x.s.Profit[c]
			want.Returned += x.s.Returned[c]
			want.Discount += x.s.Discount[c]
		}
		if diff := cmp.Diff(want, x.t); diff != "" {
			t.Fatalf("%s: -want +got\n%s", name, diff)
		}
	}
}

// checkRhythm recomputes the expected gap from its documented formula.
func checkRhythm(t *rapid.T, f *feature.Features) {
	for c := range f.Len() {
		k := float64(f.PurchaseDays[c] - 1)
		s, m := f.Rhythm.Prior, f.Rhythm.Gap
		var want float64
		switch {
		case k < 0:
			want = math.NaN()
		case k == 0 || math.IsInf(s, 1):
			want = m
		default:
			want = (s*m + k*f.MeanGap[c]) / (s + k)
		}
		if !cmp.Equal(want, f.ExpectedGap[c], cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-9, 0)) {
			t.Fatalf("customer %d: expected gap %v, want %v", c, f.ExpectedGap[c], want)
		}
		ratio := float64(f.RecencyDays[c]) / f.ExpectedGap[c]
		if !cmp.Equal(ratio, f.OverdueRatio[c], cmpopts.EquateNaNs()) {
			t.Fatalf("customer %d: overdue ratio %v, want %v", c, f.OverdueRatio[c], ratio)
		}
	}
}

// manyLines is a fixed pseudo-random company larger than several spans.
func manyLines(customers int) []ledgertest.Line {
	var lines []ledgertest.Line
	x := uint64(7)
	next := func(n uint64) uint64 {
		x = x*6364136223846793005 + 1442695040888963407
		return x >> 33 % n
	}
	for c := range customers {
		for range next(8) {
			l := ledgertest.Line{
				Customer: fmt.Sprintf("%06d", c), Day: civil.Day(18000 + next(700)), Order: next(1000), Costed: next(4) > 0,
				Units: 10_000, Net: money.Amount(next(9_000_000)),
			}
			if l.Costed {
				l.Cost = money.Amount(next(9_000_000))
			}
			lines = append(lines, l)
		}
	}
	return lines
}

func TestWorkersChangeNothing(t *testing.T) {
	l, err := ledgertest.Build(manyLines(13_000))
	if err != nil {
		t.Fatal(err)
	}
	encoded := func(workers int) []byte { // gob keeps every bit of a float
		f, err := feature.Compute(l.At(18650), feature.Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if f.Rhythm.Repeaters == 0 || !f.Rhythm.Estimated {
			t.Fatalf("got rhythm %+v: the test company must have repeaters", f.Rhythm)
		}
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(f); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	want := encoded(0)
	for _, workers := range []int{1, 2, 7} {
		if !bytes.Equal(encoded(workers), want) {
			t.Errorf("%d workers: features differ from those of one goroutine", workers)
		}
	}
}

func TestBoundaryDays(t *testing.T) {
	sale := func(day civil.Day, net money.Amount) ledgertest.Line {
		return ledgertest.Line{Customer: "a", Day: day, Order: uint64(day), Net: net}
	}
	lines := []ledgertest.Line{sale(100, 10_000), sale(110, 20_000), {Customer: "a", Day: 115, Order: 9, Net: -5_000, Return: true}, sale(120, 40_000)}
	for _, c := range []struct {
		name             string
		asOf             civil.Day
		window           civil.Range
		net, in          money.Amount
		first, last      civil.Day
		recency, orders  int32
		meanGap, overdue float64
	}{
		{"before all", 100, civil.Range{From: 0, To: 200}, 0, 0, civil.Unknown, civil.Unknown, -1, 0, math.NaN(), math.NaN()},
		{"the day after the first", 101, civil.Range{From: 100, To: 101}, 10_000, 10_000, 100, 100, 1, 1, math.NaN(), math.NaN()},
		{"on the second day", 110, civil.Range{From: 101, To: 200}, 10_000, 0, 100, 100, 10, 1, math.NaN(), math.NaN()},
		{"after the second", 111, civil.Range{From: 110, To: 111}, 30_000, 20_000, 100, 110, 1, 2, 10, 0.1},
		{"a return is no purchase day", 116, civil.Range{From: 115, To: 116}, 25_000, -5_000, 100, 110, 6, 2, 10, 0.6},
		{"all", 121, civil.Range{From: 100, To: 120}, 65_000, 25_000, 100, 120, 1, 3, 10, 0.1},
		{"an empty window", 121, civil.Range{From: 120, To: 120}, 65_000, 0, 100, 120, 1, 3, 10, 0.1},
	} {
		_, f := compute(t, lines, c.asOf, feature.Options{Window: c.window})
		got := []any{f.All.Net[0], f.In.Net[0], f.FirstDay[0], f.LastDay[0], f.RecencyDays[0], f.All.Orders[0], f.MeanGap[0], f.OverdueRatio[0]}
		want := []any{c.net, c.in, c.first, c.last, c.recency, c.orders, c.meanGap, c.overdue}
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

func TestTrailing(t *testing.T) {
	for _, c := range []struct {
		asOf civil.Day
		days int
		want civil.Range
	}{
		{18000, 365, civil.Range{From: 17635, To: 18000}},
		{18000, 0, civil.Range{From: civil.Min, To: 18000}},
		{civil.Min + 1, 365, civil.Range{From: civil.Min, To: civil.Min + 1}},
		{civil.Unknown, 1, civil.Range{From: civil.Min, To: civil.Unknown}},
	} {
		if got := feature.Trailing(c.asOf, c.days); got != c.want {
			t.Errorf("Trailing(%d, %d): got %v, want %v", c.asOf, c.days, got, c.want)
		}
	}
}

func TestOverflowNamesTheCustomer(t *testing.T) {
	big := money.Amount(math.MaxInt64)
	one := func(customer string, day civil.Day, net money.Amount) ledgertest.Line {
		return ledgertest.Line{Customer: customer, Day: day, Order: 1, Net: net}
	}
	for _, c := range []struct {
		name, want string
		lines      []ledgertest.Line
	}{
		{"a customer", `customer "b"`, []ledgertest.Line{one("a", 1, 5), one("b", 1, big), one("b", 2, 1)}},
		{"the company", "company totals", []ledgertest.Line{one("a", 1, 5), one("b", 1, big)}},
	} {
		l, err := ledgertest.Build(c.lines)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = feature.Compute(l.At(10), feature.Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one naming %s", c.name, err, c.want)
		}
	}
}

func TestPriorGapsIsASetting(t *testing.T) {
	// Gaps 10 and 30; with a prior of 3 gaps the population mean weights both alike: M = 20.
	var lines []ledgertest.Line
	for customer, days := range map[string][]civil.Day{"a": {0, 10}, "b": {0, 30}, "c": {5}} {
		for _, d := range days {
			lines = append(lines, ledgertest.Line{Customer: customer, Day: d, Order: uint64(d), Net: 1})
		}
	}
	_, f := compute(t, lines, 40, feature.Options{PriorGaps: 3})
	if want := []float64{(3*20 + 10) / 4., (3*20 + 30) / 4., 20}; !cmp.Equal(want, f.ExpectedGap) {
		t.Errorf("got expected gaps %v, want %v", f.ExpectedGap, want)
	}
	for _, bad := range []float64{-1, math.NaN()} {
		l, _ := ledgertest.Build(nil)
		if _, err := feature.Compute(l.At(1), feature.Options{PriorGaps: bad}); err == nil {
			t.Errorf("prior of %v gaps: got no error", bad)
		}
	}
}

func TestCoverage(t *testing.T) {
	for _, c := range []struct {
		name          string
		net, covered  money.Amount
		lines, costed int64
		want          float64
	}{
		{"no lines", 0, 0, 0, 0, math.NaN()}, {"none", 10, 0, 2, 0, 0}, {"half", 10, 5, 2, 1, 0.5}, {"all", 10, 10, 2, 2, 1},
		{"a return without cost", 10, 100, 3, 2, 1}, {"a sale without cost", 10, -5, 3, 2, 0},
		{"net zero", 0, 7, 4, 1, 0.25}, {"net below zero", -10, -5, 2, 1, 0.5},
	} {
		if got := feature.Coverage(c.net, c.covered, c.lines, c.costed); !cmp.Equal(got, c.want, cmpopts.EquateNaNs()) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func BenchmarkCompute(b *testing.B) {
	l, err := ledgertest.Build(manyLines(100_000))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := feature.Compute(l.At(18650), feature.Options{Workers: 2}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*l.Rows().Len())/b.Elapsed().Seconds(), "rows/s")
}

// purchasesOn is a customer who buys on the given days.
func purchasesOn(customer string, days ...civil.Day) (lines []ledgertest.Line) {
	for _, d := range days {
		lines = append(lines, ledgertest.Line{Customer: customer, Day: d, Order: uint64(d), Net: 1})
	}
	return lines
}

func TestRhythmWorkedExamples(t *testing.T) {
	s := 125. / 550
	for _, c := range []struct {
		name      string
		lines     []ledgertest.Line
		prior     float64
		estimated bool
		want      []float64 // expected gaps
	}{
		// Gaps 10, 20 (mean 15, squares 50) and 40, 60 (mean 50, squares 200); M = 32.5,
		// σ² = 250/2, τ² = (2 x 2 x 17.5² - 125) / (4 - 8/4) = 550.
		{"estimated", append(purchasesOn("a", 0, 10, 30), purchasesOn("b", 0, 40, 100)...), s, true,
			[]float64{(s*32.5 + 30) / (s + 2), (s*32.5 + 100) / (s + 2)}},
		{"nobody has two gaps", append(purchasesOn("a", 0, 10), purchasesOn("b", 0, 30)...), 1, false, []float64{15, 25}},
		{"nobody came back", append(purchasesOn("a", 0), purchasesOn("b", 9)...), 1, false, []float64{math.NaN(), math.NaN()}},
	} {
		_, f := compute(t, c.lines, 200, feature.Options{})
		approx := cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-12, 0)}
		if diff := cmp.Diff(c.want, f.ExpectedGap, approx); diff != "" || !cmp.Equal(f.Rhythm.Prior, c.prior, approx) || f.Rhythm.Estimated != c.estimated {
			t.Errorf("%s: rhythm %+v, want prior %v; expected gaps -want +got\n%s", c.name, f.Rhythm, c.prior, diff)
		}
	}
}

func TestAReturnIsNeverAPurchase(t *testing.T) {
	// A credit note that was itself reversed: positive net, but no sale line.
	_, f := compute(t, []ledgertest.Line{{Customer: "a", Day: 5, Order: 1, Net: 7, Return: true}}, 9, feature.Options{})
	if f.All.Orders[0] != 0 || f.Purchases[0] != 0 || f.PurchaseDays[0] != 0 || f.FirstDay[0] != civil.Unknown || f.All.Net[0] != 7 {
		t.Errorf("got %d orders, %d purchases on %d days, first %s, net %s; want none, net 7", f.All.Orders[0], f.Purchases[0], f.PurchaseDays[0], f.FirstDay[0], f.All.Net[0])
	}
}
