package backtest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/backtest"
	"github.com/vitalfew/vitalfew/scoring/evaluation"
	"github.com/vitalfew/vitalfew/scoring/forecast"
)

// company draws customers with a rhythm of their own who leave at some time, over the days [0, 600).
func company(customers int) (lines []ledgertest.Line) {
	r := rand.New(rand.NewPCG(5, 6))
	for c := range customers {
		gap, day := 10+60*r.ExpFloat64(), 400*r.Float64()
		gone := day + 500*r.ExpFloat64()
		for n := 0; day < min(gone, 600); n++ {
			net := money.Amount(200_000 + 900_000*r.Float64())
			lines = append(lines, ledgertest.Line{Customer: fmt.Sprintf("%05d", c), Day: civil.Day(day), Order: uint64(n), Units: 10_000,
				Net: net, Cost: net / 2, Costed: true})
			day += 1 + gap*r.ExpFloat64()
		}
	}
	return append(lines, ledgertest.Line{Customer: "last", Day: 599, Order: 1, Net: 10_000})
}

func build(t testing.TB, lines []ledgertest.Line) *ledger.Ledger {
	t.Helper()
	l, err := ledgertest.Build(lines)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func run(t testing.TB, l *ledger.Ledger, o backtest.Options) *backtest.Report {
	t.Helper()
	r, err := backtest.Run(t.Context(), l, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func text(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWorkersChangeNothing(t *testing.T) {
	l := build(t, company(2200)) // more than one span of every package
	o := backtest.Options{All: true, Periods: 1}
	want := text(t, run(t, l, o))
	for _, workers := range []int{2, 7} {
		o.Workers = workers
		if diff := cmp.Diff(want, text(t, run(t, l, o))); diff != "" {
			t.Errorf("%d workers: %s", workers, diff)
		}
	}
}

// What comes after a horizon is not known in it, and who comes first in a horizon is not judged in it: the
// figures of a day are those of a ledger that ends with its horizon.
func TestTheFutureOfATrialChangesNothing(t *testing.T) {
	lines := company(800)
	var before []ledgertest.Line
	for _, l := range lines {
		if l.Day < 490 {
			before = append(before, l)
		}
	}
	o := backtest.Options{AsOf: []civil.Day{400}}
	want, got := run(t, build(t, before), o).Trials[0], run(t, build(t, lines), o).Trials[0]
	if diff := cmp.Diff(text(t, want), text(t, got)); diff != "" {
		t.Error(diff)
	}
}

// The naive twin of what came and of the baselines reads the lines one by one.
func TestPanelEqualsTheNaiveTwin(t *testing.T) {
	lines := company(300)
	lines = append(lines, ledgertest.Line{Customer: "00007", Day: 450, Order: 900, Net: -90_000, Cost: -40_000, Costed: true, Return: true},
		ledgertest.Line{Customer: "new", Day: 450, Order: 901, Net: 990_000, Cost: 1, Costed: true})
	r := run(t, build(t, lines), backtest.Options{AsOf: []civil.Day{400}}).Trials[0]
	known, first, bought, days := map[string]bool{}, map[string]civil.Day{}, map[string]bool{}, map[string]bool{}
	var sales, profit money.Amount
	for _, l := range lines {
		if l.Day < 400 && !l.Return {
			known[l.Customer] = true
			if d, ok := first[l.Customer]; !ok || l.Day < d {
				first[l.Customer] = l.Day
			}
		}
	}
	paced := 0.0
	seen := map[string]bool{}
	for _, l := range lines {
		if id := fmt.Sprint(l.Customer, l.Day); l.Day < 400 && !l.Return && !seen[id] {
			seen[id] = true
			paced += 90 / max(90, float64(400-first[l.Customer]))
		}
		if !known[l.Customer] || l.Day < 400 || l.Day >= 490 {
			continue
		}
		profit += l.Net - l.Cost
		if !l.Return {
			sales += l.Net
			bought[l.Customer], days[fmt.Sprint(l.Customer, l.Day)] = true, true
		}
	}
	got := []string{fmt.Sprint(r.Customers), fmt.Sprint(r.Bought), fmt.Sprint(float64(r.Purchases.Forecasts[0].Actual)),
		fmt.Sprintf("%.4f", r.Sales.Forecasts[0].Actual), fmt.Sprintf("%.4f", r.Profit.Forecasts[0].Actual), fmt.Sprintf("%.6f", r.Purchases.Forecasts[1].Predicted)}
	want := []string{fmt.Sprint(len(known)), fmt.Sprint(len(bought)), fmt.Sprint(len(days)), fmt.Sprintf("%.4f", sales.Float()), fmt.Sprintf("%.4f", profit.Float()), fmt.Sprintf("%.6f", paced)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("customers, bought, purchase days, sales, profit, paced purchases: %s", diff)
	}
}

// On customers who live as the models think, what was foretold comes, and the naive are beaten.
func TestModelsThatAreRight(t *testing.T) {
	trial := run(t, build(t, company(6000)), backtest.Options{Periods: 1, Workers: 2}).Trials[0]
	f := trial.Purchases.Forecasts[0]
	if ratio := float64(f.Predicted / f.Actual); ratio < 0.9 || ratio > 1.1 {
		t.Errorf("purchase days: foretold %v, %v came", f.Predicted, f.Actual)
	}
	for name, v := range map[string]evaluation.Verdict{"purchases": trial.Purchases.Verdict, "sales": trial.Sales.Verdict, "profit": trial.Profit.Verdict} {
		if v.Word != evaluation.Better {
			t.Errorf("%s: got %q", name, v.Text)
		}
	}
	if trial.Fallback != "" || trial.Churn.Scores[0].Name != "churn model" || trial.Churn.Verdict.Word == evaluation.Worse {
		t.Errorf("churn: got %q, %q", trial.Fallback, trial.Churn.Verdict.Text)
	}
	// Who buys and who stays away is one order from either end.
	for i, j := range trial.Churn.Scores {
		if d := float64(j.AUC - trial.Buyers.Scores[i].AUC); d > 1e-12 || d < -1e-12 {
			t.Errorf("%s: got AUC %v of staying and %v of buying", j.Name, j.AUC, trial.Buyers.Scores[i].AUC)
		}
	}
}

func TestDays(t *testing.T) {
	for _, c := range []struct {
		name string
		o    backtest.Options
		data civil.Range
		want []civil.Day
		says string // of the error
	}{
		{"three by default", backtest.Options{}, civil.Range{From: 0, To: 1000}, []civil.Day{730, 820, 910}, ""},
		{"as many as there are", backtest.Options{}, civil.Range{From: 0, To: 270}, []civil.Day{90, 180}, ""},
		{"one", backtest.Options{Periods: 1, Horizon: 30}, civil.Range{From: 100, To: 160}, []civil.Day{130}, ""},
		{"too short", backtest.Options{Horizon: 30}, civil.Range{From: 100, To: 159}, nil, "1 period of 30 days, after a past as long, needs 60 days; the data hold 59, from 1970-04-11 to 1970-06-08: shorten the horizon to 29 days"},
		{"too many", backtest.Options{Periods: 5}, civil.Range{From: 0, To: 530}, nil, "5 periods of 90 days, after a past as long, need 540 days; the data hold 530"},
		{"nothing", backtest.Options{}, civil.Range{}, nil, "there is no order line"},
		{"given, sorted, once", backtest.Options{AsOf: []civil.Day{30, 10, 30}, Horizon: 70}, civil.Range{From: 0, To: 100}, []civil.Day{10, 30}, ""},
		{"given too late", backtest.Options{AsOf: []civil.Day{31}, Horizon: 70}, civil.Range{From: 0, To: 100}, nil, "70 days from 1970-02-01 end on 1970-04-11, the data on 1970-04-10: take an as-of day up to 1970-01-31, or a horizon of 69 days at most"},
		{"given after the data", backtest.Options{AsOf: []civil.Day{200}, Horizon: 70}, civil.Range{From: 0, To: 100}, nil, "nothing: it lies after them"},
		{"given too early", backtest.Options{AsOf: []civil.Day{5}, Horizon: 7}, civil.Range{From: 5, To: 100}, nil, "nothing was known on 1970-01-06, the first order is of 1970-01-06"},
	} {
		got, err := c.o.Days(c.data)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if c.says == "" && err != nil || c.says != "" && (!errors.Is(err, backtest.ErrHistory) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: got error %v, want %q", c.name, err, c.says)
		}
	}
}

// Data that do not suffice are an error that names what they lack; data that barely do give no
// figure that is no number.
func TestBadInput(t *testing.T) {
	sale := func(c string, d civil.Day, net money.Amount) ledgertest.Line {
		return ledgertest.Line{Customer: c, Day: d, Order: uint64(d), Net: net}
	}
	var once, same, gap []ledgertest.Line
	for c := range 50 {
		once = append(once, sale(fmt.Sprint(c), civil.Day(c), 10_000))
		same = append(same, sale(fmt.Sprint(c), 7, 10_000))
		gap = append(gap, sale(fmt.Sprint(c), civil.Day(c%10), 10_000), sale(fmt.Sprint(c), civil.Day(15+c%20), 20_000), sale(fmt.Sprint(c), civil.Day(420+c), 10_000))
	}
	late := sale("z", 299, 10_000)
	for name, c := range map[string]struct {
		lines []ledgertest.Line
		o     backtest.Options
		says  string
	}{
		"nothing":             {nil, backtest.Options{}, "there is no order line"},
		"all the same day":    {same, backtest.Options{}, "needs 180 days; the data hold 1"},
		"no repeat buyers":    {append(once, late), backtest.Options{Periods: 1}, "no customer bought twice"},
		"one customer":        {[]ledgertest.Line{sale("a", 0, 1), sale("a", 9, 1), late}, backtest.Options{Periods: 1}, "one customer"},
		"a year of nothing":   {gap, backtest.Options{AsOf: []civil.Day{60}, Horizon: 300}, ""},
		"nobody comes":        {append(gap, late), backtest.Options{AsOf: []civil.Day{60}, Horizon: 30}, ""},
		"one of a million":    {append(gap, sale("big", 3, 10_000_000_000), late), backtest.Options{AsOf: []civil.Day{60}, Horizon: 360}, ""},
		"two ways to say it":  {gap, backtest.Options{AsOf: []civil.Day{60}, Periods: 2}, "give one of the two"},
		"a horizon of naught": {gap, backtest.Options{Horizon: -1}, "a horizon of -1 days"},
		"unknown model":       {gap, backtest.Options{Settings: forecast.Settings{Model: "x"}}, `purchase model "x"`},
	} {
		r, err := backtest.Run(t.Context(), build(t, c.lines), c.o)
		switch {
		case c.says == "" && err != nil, c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: got error %v, want %q", name, err, c.says)
		case c.says == "":
			if s := text(t, r); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
				t.Errorf("%s: got a figure that is no number in %s", name, s)
			}
		}
	}
}

// Accounts below a parent are in its rows and are not judged.
func TestOutsideIsNotJudged(t *testing.T) {
	l := build(t, company(400))
	outside := make([]bool, l.Customers())
	for c := range outside {
		outside[c] = c%2 == 0
	}
	o := backtest.Options{AsOf: []civil.Day{400}}
	all := run(t, l, o).Trials[0]
	o.Outside = outside
	half := run(t, l, o).Trials[0]
	if half.Customers >= all.Customers*2/3 || half.Customers <= all.Customers/3 {
		t.Errorf("got %d of %d customers", half.Customers, all.Customers)
	}
}
