package churn

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
	"math/rand/v2"
)

// The closed forms stand beside draws from the posteriors themselves.
func TestFellAgreesWithSimulation(t *testing.T) {
	p := prior{shape: 0.8, rate: 0.5, p: 2, q: 5, v: 60}
	source := rand.NewPCG(1, 2)
	gamma := func(a, b float64) float64 { return distuv.Gamma{Alpha: a, Beta: b, Src: source}.Rand() }
	for _, x := range []pair{
		{before: 1, n0: 0, n1: 0}, {before: 1, n0: 3, n1: 1, s0: 90, s1: 20}, {before: 0.5, n0: 2, n1: 6, s0: 100, s1: 250},
		{before: 1, n0: 12, n1: 11, s0: 600, s1: 300}, {before: 1, n0: 0, n1: 4, s1: 100},
	} {
		company := Change{Purchases: 1.3, Value: 0.9}
		table := p.table()
		rate, sales := p.fell(&table, x, company, 0.8)
		var fewer, less float64
		const draws = 60_000
		for range draws {
			l0, l1 := gamma(p.shape+x.n0, p.rate+x.before), gamma(p.shape+x.n1, p.rate+1.3)
			v0, v1 := 1/gamma(p.q+p.p*x.n0, p.v+x.s0), 1/gamma(p.q+p.p*x.n1, p.v+x.s1/0.9)
			if l1 < 0.8*l0 {
				fewer++
			}
			if l1*v1 < 0.8*l0*v0 {
				less++
			}
		}
		// Three binomial errors of 60,000 draws are 0.006; the matched gamma may add a point.
		if math.Abs(rate-fewer/draws) > 0.007 || math.Abs(sales-less/draws) > 0.017 {
			t.Errorf("%+v: got %.4f and %.4f, draws give %.4f and %.4f", x, rate, sales, fewer/draws, less/draws)
		}
	}
}

func TestInverseTrigamma(t *testing.T) {
	for _, x := range []float64{1e-3, 0.01, 0.3, 1, 2.5, 40, 1e5} {
		if got := inverseTrigamma(mathext.Zeta(2, x)); math.Abs(got/x-1) > 1e-9 {
			t.Errorf("got %v, want %v", got, x)
		}
	}
}

// fade builds a ledger from customers' purchase days and values and judges it on day 1000.
func fade(t *testing.T, customers map[string][]civil.Day, o FadingOptions) (map[string]float64, map[string]float64, *Fading) {
	t.Helper()
	var lines []ledgertest.Line
	for id, days := range customers {
		for _, d := range days {
			lines = append(lines, ledgertest.Line{Customer: id, Day: d, Order: uint64(d), Net: 500_000})
		}
	}
	l, err := ledgertest.Build(lines)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Fade(l.At(1000), o)
	if err != nil {
		t.Fatal(err)
	}
	rate, sales := map[string]float64{}, map[string]float64{}
	for c := range l.Customers() {
		rate[l.ID(c)], sales[l.ID(c)] = f.Rate[c], f.Sales[c]
	}
	return rate, sales, f
}

// every lists days from..to by a step.
func every(from, to, step civil.Day) (days []civil.Day) {
	for d := from; d < to; d += step {
		days = append(days, d)
	}
	return days
}

func TestFadingKnowsWhoFades(t *testing.T) {
	company := map[string][]civil.Day{
		"steady": every(300, 1000, 6),
		"fading": append(every(300, 905, 6), 950),
		"rising": append(every(300, 900, 30), every(900, 1000, 5)...),
		"new":    {980, 990},
		"recent": append([]civil.Day{700}, every(800, 1000, 9)...),
	}
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		company[id] = every(300, 1000, civil.Day(8+3*(id[0]-'a')))
	}
	rate, sales, f := fade(t, company, FadingOptions{})
	if rate["fading"] < 0.95 || sales["fading"] < 0.9 || rate["steady"] > 0.3 || rate["rising"] > 0.02 || !math.IsNaN(rate["new"]) {
		t.Errorf("got rates %v and sales %v", rate, sales)
	}
	if f.Diagnostics.Previous.Customers != 1 || math.IsNaN(rate["recent"]) {
		t.Errorf("got %+v, recent %v; want the one with a short history against the window before", f.Diagnostics, rate["recent"])
	}
}

// Who bought in the last window still buys; who did not may have stopped, however sure the fall is.
func TestFadingTellsWhoStillBuys(t *testing.T) {
	company := map[string][]civil.Day{
		"less": append(every(300, 905, 6), 950), "stopped": every(300, 909, 6), "first day": append(every(300, 850, 6), 910), "last day": append(every(300, 850, 6), 999),
		"day before": append(every(300, 850, 6), 909), "new": {980}, "of one day": {400},
	}
	for k := range 8 {
		company[fmt.Sprint(k)] = every(300, 1000, civil.Day(8+3*k))
	}
	rate, _, f := fade(t, company, FadingOptions{Window: 90, Workers: 2})
	bought := map[string]bool{}
	ids := slices.Sorted(maps.Keys(company)) // customers of a ledger stand in the order of their ids
	for c, id := range ids {
		bought[id] = f.Bought[c]
	}
	for id, want := range map[string]bool{"less": true, "stopped": false, "first day": true, "last day": true, "day before": false, "new": true, "of one day": false, "3": true} {
		if bought[id] != want {
			t.Errorf("%s: got bought %v of the last window, want %v", id, bought[id], want)
		}
	}
	if !(rate["stopped"] > 0.95) {
		t.Errorf("got %v for the one who stopped, want a fall beyond doubt: it is why Bought is told apart", rate["stopped"])
	}
}

// Where everybody halves, nobody fades beside the company, and everybody does by themselves.
func TestFadingTakesTheCompanysChangeOut(t *testing.T) {
	company := map[string][]civil.Day{}
	for k := range 30 {
		company[fmt.Sprint(k)] = append(every(300+civil.Day(k%7), 900, civil.Day(4+k%5)), every(910, 1000, civil.Day(8+2*(k%5)))...)
	}
	beside, _, _ := fade(t, company, FadingOptions{})
	alone, _, _ := fade(t, company, FadingOptions{NoSeason: true})
	for id := range company {
		if beside[id] > 0.4 || alone[id] < 0.5 {
			t.Errorf("%s: got %v beside the company and %v alone, want below 0.4 and above 0.5", id, beside[id], alone[id])
		}
	}
}

func TestFadingDegenerate(t *testing.T) {
	for name, company := range map[string]map[string][]civil.Day{
		"nobody": {}, "one day": {"a": {999}, "b": {999}}, "no repeat": {"a": {300}, "b": {500}}, "one customer": {"a": every(300, 1000, 7)},
		"a year without": {"a": {100, 200}, "b": {120}}, "every day": {"a": every(1, 1000, 1)},
	} {
		rate, sales, f := fade(t, company, FadingOptions{Workers: 3})
		for id := range rate {
			for _, p := range []float64{rate[id], sales[id]} {
				if math.IsNaN(p) && (f.Diagnostics.Why == "") || p < 0 || p > 1 {
					t.Errorf("%s, %s: got %v, %v with %+v", name, id, rate[id], sales[id], f.Diagnostics)
				}
			}
		}
	}
	l, _ := ledgertest.Build(nil)
	for _, o := range []FadingOptions{{Window: -1}, {Window: 400}, {Drop: 1}, {Drop: math.NaN()}} {
		if _, err := Fade(l.At(1), o); err == nil {
			t.Errorf("%+v: got no error", o)
		}
	}
}
