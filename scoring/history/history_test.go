package history_test

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
	"github.com/vitalfew/vitalfew/scoring/history"
	"pgregory.net/rapid"
)

func line(h *history.History, c int) figures {
	return figures{
		int(h.X[c]), int(h.TX[c]), int(h.T[c]), int(h.Spells[c]),
		h.Value[c], h.First[c], h.Profit[c], h.Covered[c], h.Net[c], h.Squares[c],
	}
}

func of(t interface{ Fatal(...any) }, lines []ledgertest.Line, asOf civil.Day, workers int) (*ledger.Ledger, *history.History) {
	l, err := ledgertest.Build(lines)
	if err != nil {
		t.Fatal(err)
	}
	h, err := history.Of(l.At(asOf), workers)
	if err != nil {
		t.Fatal(err)
	}
	return l, h
}

func TestHistoryEqualsTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := ledgertest.Lines(200).Draw(t, "lines")
		asOf := civil.Day(rapid.IntRange(17990, 18410).Draw(t, "as-of"))
		l, h := of(t, lines, asOf, 1)
		if h.Len() != l.Customers() {
			t.Fatalf("got %d customers, want %d", h.Len(), l.Customers())
		}
		for c := range h.Len() {
			got := line(h, c)
			if diff := cmp.Diff(naive(lines, l.ID(c), asOf), got, cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
				t.Fatalf("customer %s as of %d: -want +got\n%s", l.ID(c), asOf, diff)
			}
			if got.T >= 0 && !(0 <= got.X && got.X <= got.TX && got.TX <= got.T) {
				t.Fatalf("customer %s: got x %d, t_x %d, T %d, want 0 <= x <= t_x <= T", l.ID(c), got.X, got.TX, got.T)
			}
			if (h.X[c] == 0) != math.IsNaN(h.MeanValue(c)) || (h.Spells[c] == 0) != math.IsNaN(h.MeanProfit(c)) {
				t.Fatalf("customer %s: got means %v and %v for %+v", l.ID(c), h.MeanValue(c), h.MeanProfit(c), got)
			}
		}
	})
}

// sale and credit are lines of customer A.
func sale(day civil.Day, order uint64, net, cost money.Amount) ledgertest.Line {
	return ledgertest.Line{Customer: "A", Day: day, Order: order, Units: 1, Net: net * money.One, Cost: cost * money.One, Costed: true}
}

func credit(day civil.Day, order uint64, net, cost money.Amount) ledgertest.Line {
	l := sale(day, order, -net, -cost)
	l.Return = true
	return l
}

func TestSpells(t *testing.T) {
	uncosted := func(l ledgertest.Line) ledgertest.Line { l.Costed, l.Cost = false, 0; return l }
	const one = money.One
	for _, tc := range []struct {
		name  string
		lines []ledgertest.Line
		want  figures
	}{
		{"a credit note belongs to the purchase before it",
			[]ledgertest.Line{sale(100, 1, 50, 30), credit(105, 2, 50, 30), sale(110, 3, 20, 12)},
			figures{X: 1, TX: 10, T: 99, Spells: 2, Value: 20 * one, First: 50 * one, Profit: 8 * one, Covered: 20 * one, Net: 20 * one, Squares: 32}},
		{"one of the same day too, whatever its number",
			[]ledgertest.Line{sale(100, 5, 50, 30), credit(100, 1, 10, 6)},
			figures{T: 99, Spells: 1, First: 50 * one, Profit: 16 * one, Covered: 40 * one, Net: 40 * one}},
		{"one before the first purchase reverses none on record",
			[]ledgertest.Line{credit(90, 1, 10, 6), sale(100, 2, 50, 30)},
			figures{T: 99, Spells: 1, First: 50 * one, Profit: 20 * one, Covered: 50 * one, Net: 50 * one}},
		{"returns only", []ledgertest.Line{credit(100, 1, 10, 6)}, figures{T: -1}},
		{"two orders of a day are one purchase day",
			[]ledgertest.Line{sale(100, 1, 5, 4), sale(100, 2, 7, 5)},
			figures{T: 99, Spells: 1, First: 12 * one, Profit: 3 * one, Covered: 12 * one, Net: 12 * one}},
		{"a loss", []ledgertest.Line{sale(100, 1, 5, 9)},
			figures{T: 99, Spells: 1, First: 5 * one, Profit: -4 * one, Covered: 5 * one, Net: 5 * one}},
		{"a given-away order is no purchase",
			[]ledgertest.Line{sale(100, 1, 5, 4), sale(120, 2, 0, 3)},
			figures{T: 99, Spells: 1, First: 5 * one, Profit: -2 * one, Covered: 5 * one, Net: 5 * one}},
		{"a spell without cost is unknown, not zero",
			[]ledgertest.Line{sale(100, 1, 5, 4), uncosted(sale(110, 2, 9, 0))},
			figures{X: 1, TX: 10, T: 99, Spells: 1, Value: 9 * one, First: 5 * one, Profit: one, Covered: 5 * one, Net: 14 * one}},
		{"half a spell with a cost is known",
			[]ledgertest.Line{sale(100, 1, 5, 4), uncosted(sale(100, 1, 5, 0))},
			figures{T: 99, Spells: 1, First: 10 * one, Profit: one, Covered: 5 * one, Net: 10 * one}},
		{"less is not",
			[]ledgertest.Line{sale(100, 1, 5, 4), uncosted(sale(100, 1, 6, 0))},
			figures{T: 99, First: 11 * one, Covered: 5 * one, Net: 11 * one}},
		{"the last day seen", []ledgertest.Line{sale(100, 1, 5, 4), sale(199, 2, 5, 4), sale(200, 3, 5, 4)},
			figures{X: 1, TX: 99, T: 99, Spells: 2, Value: 5 * one, First: 5 * one, Profit: 2 * one, Covered: 10 * one, Net: 10 * one}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, h := of(t, tc.lines, 200, 1)
			if diff := cmp.Diff(tc.want, line(h, 0)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestSumsThatDoNotFitNameTheCustomer(t *testing.T) {
	var lines []ledgertest.Line
	for day := range civil.Day(3) {
		lines = append(lines, ledgertest.Line{Customer: "big", Day: 100 + day, Order: 1, Net: math.MaxInt64 / 2})
	}
	l, err := ledgertest.Build(lines)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := history.Of(l.At(200), 2); err == nil || !strings.Contains(err.Error(), `"big"`) {
		t.Errorf("got error %v, want one that names the customer", err)
	}
}

// company is a fixed pseudo-random company.
func company(customers int) []ledgertest.Line {
	var lines []ledgertest.Line
	x := uint64(7)
	next := func(n uint64) uint64 {
		x = x*6364136223846793005 + 1442695040888963407
		return x >> 33 % n
	}
	for c := range customers {
		for range next(8) {
			lines = append(lines, ledgertest.Line{
				Customer: fmt.Sprintf("%06d", c), Day: civil.Day(18000 + next(700)), Order: next(1000), Costed: true,
				Units: 10_000, Net: money.Amount(next(9_000_000)), Cost: money.Amount(next(9_000_000)),
			})
		}
	}
	return lines
}

func TestWorkersChangeNothing(t *testing.T) {
	lines := company(13_000)              // more than three spans
	encoded := func(workers int) []byte { // gob keeps every bit of a float
		_, h := of(t, lines, 18650, workers)
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(h); err != nil {
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

func BenchmarkOf(b *testing.B) {
	const customers = 200_000
	l, err := ledgertest.Build(company(customers))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := history.Of(l.At(18650), 2); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(customers*float64(b.N)/b.Elapsed().Seconds(), "customers/s")
}
