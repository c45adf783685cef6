package ledger_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"pgregory.net/rapid"
)

var whole = cmp.AllowUnexported(ledger.Ledger{})

func build(t *rapid.T, lines []ledgertest.Line) *ledger.Ledger {
	l, err := ledgertest.Build(lines)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Validate(); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestWindowsEqualTheOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := ledgertest.Lines(200).Draw(t, "lines")
		l := build(t, lines)
		asOf := civil.Day(rapid.IntRange(17990, 18410).Draw(t, "as-of"))
		from := civil.Day(rapid.IntRange(17990, 18410).Draw(t, "from"))
		to := civil.Day(rapid.IntRange(17990, 18410).Draw(t, "to"))
		v := l.At(asOf)
		customers := map[string]bool{}
		for _, x := range lines {
			customers[x.Customer] = true
		}
		if l.Customers() != len(customers) {
			t.Fatalf("got %d customers, want %d", l.Customers(), len(customers))
		}
		for c := range l.Customers() {
			want := ledgertest.Oracle(lines, l.ID(c), civil.Range{From: from, To: min(to, asOf)})
			want.Categories = 0
			if diff := cmp.Diff(want, ledgertest.Window(v, c, civil.Range{From: from, To: to})); diff != "" {
				t.Fatalf("customer %s, window [%d, %d) as of %d: -want +got\n%s", l.ID(c), from, to, asOf, diff)
			}
			seen := ledgertest.Oracle(lines, l.ID(c), civil.Range{From: civil.Min, To: asOf})
			if got := v.Breadth(c); got != seen.Categories {
				t.Fatalf("customer %s: got %d categories, want %d", l.ID(c), got, seen.Categories)
			}
			if lo, hi := v.Seen(c); hi-lo != seen.Rows {
				t.Fatalf("customer %s: view sees %d rows, want %d", l.ID(c), hi-lo, seen.Rows)
			}
		}
	})
}

// Permuting, splitting and merging the lines changes nothing, at any number of workers.
func TestSplitsPermutationsAndMergesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := ledgertest.Lines(150).Draw(t, "lines")
		want := build(t, lines)
		shuffled := rapid.Permutation(lines).Draw(t, "shuffled")
		parts := rapid.IntRange(1, 5).Draw(t, "parts")
		builders := make([]*ledger.Builder, parts)
		ledgers := make([]*ledger.Ledger, parts)
		for k := range builders {
			var mine []ledgertest.Line
			for i, x := range shuffled {
				if i%parts == k {
					mine = append(mine, x)
				}
			}
			builders[k] = ledger.NewBuilder()
			if err := ledgertest.Add(builders[k], mine, rapid.IntRange(1, 7).Draw(t, "batch")); err != nil {
				t.Fatal(err)
			}
			ledgers[k] = build(t, mine)
		}
		for _, workers := range []int{1, 2, 7} {
			if k := rapid.IntRange(0, parts-1).Draw(t, "grouping"); k > 0 {
				left := merge(t, workers, ledgers[:k]...)
				right := merge(t, workers, ledgers[k:]...)
				if diff := cmp.Diff(want, merge(t, workers, right, left), whole); diff != "" {
					t.Fatalf("merged at %d: -want +got\n%s", k, diff)
				}
			}
			if diff := cmp.Diff(want, merge(t, workers, ledgers...), whole); diff != "" {
				t.Fatalf("merged: -want +got\n%s", diff)
			}
		}
		got, err := ledger.Build(rapid.IntRange(1, 7).Draw(t, "workers"), builders...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, whole); diff != "" {
			t.Fatalf("split over %d builders: -want +got\n%s", parts, diff)
		}
	})
}

func merge(t *rapid.T, workers int, ls ...*ledger.Ledger) *ledger.Ledger {
	l, err := ledger.Merge(workers, ls...)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Validate(); err != nil {
		t.Fatal(err)
	}
	return l
}

// Many customers and rows fill every partition and cross the sizes of segments (16 to 1,024 rows)
// and of the insertion sort (32 rows).
func TestLargeLedgerCrossesEveryBoundary(t *testing.T) {
	const customers = 20_011
	var lines []ledgertest.Line
	for i := range 3 * customers {
		n := 1
		if i == 5 {
			n = 100 // one customer with more rows than the small sort takes
		}
		for k := range n {
			lines = append(lines, ledgertest.Line{
				Customer: fmt.Sprintf("%d", (i*7919)%customers), Day: civil.Day(18000 + (i*31+k*17)%500), Order: uint64(i + k),
				Units: 1, Net: money.Amount(i + k), Costed: true, Cost: money.Amount(k), Category: fmt.Sprint(i % 70),
			})
		}
	}
	want, err := ledgertest.Build(lines)
	if err != nil {
		t.Fatal(err)
	}
	if err := want.Validate(); err != nil {
		t.Fatal(err)
	}
	if want.Customers() != customers {
		t.Fatalf("got %d customers, want %d", want.Customers(), customers)
	}
	var net money.Amount
	for _, x := range lines {
		net += x.Net
	}
	for _, x := range want.Rows().Net {
		net -= x
	}
	if net != 0 {
		t.Errorf("lines and rows differ by %s", net)
	}
	a, b := ledger.NewBuilder(), ledger.NewBuilder()
	if err := ledgertest.Add(a, lines[:40_000], 1000); err != nil {
		t.Fatal(err)
	}
	if err := ledgertest.Add(b, lines[40_000:], 777); err != nil {
		t.Fatal(err)
	}
	got, err := ledger.Build(7, b, a)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, whole); diff != "" {
		t.Errorf("two builders: -want +got\n%.2000s", diff)
	}
}

func TestEmpty(t *testing.T) {
	for _, builders := range [][]*ledger.Builder{nil, {ledger.NewBuilder()}, {ledger.NewBuilder(), ledger.NewBuilder()}} {
		l, err := ledger.Build(2, builders...)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Validate(); err != nil {
			t.Error(err)
		}
		if l.Customers() != 0 || l.Rows().Len() != 0 || !l.Days().Empty() {
			t.Errorf("got %d customers, %d rows, days %v", l.Customers(), l.Rows().Len(), l.Days())
		}
	}
}

func TestCustomersWithoutLinesStay(t *testing.T) {
	b := ledger.NewBuilder()
	b.Account([]byte("prospect"))
	b.Account([]byte("a"))
	b.Customer([]byte("only named")) // all its lines were rejected, say
	l, err := ledger.Build(1, b)
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := l.Find("prospect"); !ok || c != 1 {
		t.Errorf("prospect is customer %d, %v", c, ok)
	}
	if _, ok := l.Find("only named"); ok || l.Customers() != 2 {
		t.Errorf("got %d customers, want the two accounts", l.Customers())
	}
}

func TestOverflowNamesTheCustomer(t *testing.T) {
	huge := ledgertest.Line{Customer: "C9", Day: 18000, Net: math.MaxInt64}
	if _, err := ledgertest.Build([]ledgertest.Line{huge, huge}); err == nil || !strings.Contains(err.Error(), `"C9"`) {
		t.Errorf("adding: got %v", err)
	}
	a, err := ledgertest.Build([]ledgertest.Line{huge})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Merge(1, a, a); err == nil || !strings.Contains(err.Error(), "2019-04-14") {
		t.Errorf("merging: got %v", err)
	}
}
