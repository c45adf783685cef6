package forecast_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/forecast"
)

const start = civil.Day(18000)

// company is n customers who buy at gamma rates over two years and leave at some time; one in twenty
// brings losses, one in thirty has no cost.
func company(n int, seed uint64) (lines []ledgertest.Line) {
	r := rand.New(rand.NewPCG(seed, 7))
	for c := range n {
		rate := 0.002 + 0.03*r.ExpFloat64()*r.Float64()
		day, end := start+civil.Day(r.IntN(500)), start+civil.Day(730)
		leaves := day + civil.Day(400*r.ExpFloat64())
		size := 20 * math.Exp(r.NormFloat64())
		for k := 0; day < min(end, leaves+1); k++ {
			net := money.Amount(10_000 * size * (0.5 + r.Float64()))
			cost := net * 6 / 10
			if c%20 == 3 {
				cost = net * 12 / 10
			}
			lines = append(lines, ledgertest.Line{Customer: fmt.Sprintf("C%05d", c), Day: day, Order: uint64(k), Units: 10_000, Net: net, Cost: cost, Costed: c%30 != 5})
			day += 1 + civil.Day(r.ExpFloat64()/rate)
		}
	}
	return lines
}

func build(t testing.TB, lines []ledgertest.Line) *ledger.Ledger {
	t.Helper()
	l, err := ledgertest.Build(lines)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func all(t testing.TB, v ledger.View, in forecast.Inputs, s forecast.Settings, workers int) *forecast.Outlook {
	t.Helper()
	o, err := forecast.All(t.Context(), v, in, s, workers)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// figures are the columns of an outlook by name, for comparison.
func figures(o *forecast.Outlook) map[string][]float64 {
	f := map[string][]float64{"alive": o.Alive, "churn": o.Risk.Probability, "rate": o.Fading.Rate, "sales": o.Fading.Sales,
		"risk": o.ValueAtRisk, "profit": o.ProfitEach.Mean, "value": o.ValueEach.Mean}
	for _, h := range o.Lifetime.Horizons {
		f[fmt.Sprint("purchases", h.Months)] = h.Purchases
		if f[fmt.Sprint("value", h.Months)] = h.Value; h.Low != nil {
			f[fmt.Sprint("low", h.Months)], f[fmt.Sprint("high", h.Months)] = h.Low, h.High
		}
	}
	return f
}

// legal fails for a figure outside its range, and for an unknown one that no flag explains.
func legal(t *testing.T, o *forecast.Outlook) {
	t.Helper()
	for name, column := range figures(o) {
		for c, v := range column {
			switch probability := name == "alive" || name == "churn" || name == "rate" || name == "sales"; {
			case math.IsInf(v, 0):
				t.Errorf("customer %d: got %s %v", c, name, v)
			case probability && (v < 0 || v > 1):
				t.Errorf("customer %d: got %s %v, want it in 0..1", c, name, v)
			case math.IsNaN(v) && o.Flags[c] == 0 && name != "rate" && name != "sales":
				t.Errorf("customer %d: got no %s and no flag", c, name)
			}
		}
	}
	year := o.Lifetime.Horizons[0]
	for c, v := range year.Value {
		if v < year.Low[c] || v > year.High[c] {
			t.Errorf("customer %d: got %v outside %v..%v", c, v, year.Low[c], year.High[c])
		}
	}
	record(t, o) // JSON refuses NaN and Inf
}

func record(t *testing.T, o *forecast.Outlook) string {
	t.Helper()
	b, err := json.MarshalIndent(o.Record(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAll(t *testing.T) {
	l := build(t, company(1500, 1))
	asOf := l.Days().To
	want := all(t, l.At(asOf), forecast.Inputs{}, forecast.Settings{Months: []int{24}}, 1)
	legal(t, want)
	if want.Purchases == nil || want.Risk.Fallback != "" || len(want.Lifetime.Horizons) != 3 {
		t.Fatalf("got purchases %v (%v), fallback %q, %d horizons", want.Purchases, want.Lack, want.Risk.Fallback, len(want.Lifetime.Horizons))
	}
	t.Logf("%+v", want.Record().Purchases)
	for _, workers := range []int{2, 7} {
		got := all(t, l.At(asOf), forecast.Inputs{}, forecast.Settings{Months: []int{24}}, workers)
		if diff := cmp.Diff(figures(want), figures(got), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("-1 +%d workers\n%s", workers, diff)
		}
		if diff := cmp.Diff(record(t, want), record(t, got)); diff != "" {
			t.Errorf("-1 +%d workers\n%s", workers, diff)
		}
	}
	losses, reasons := 0, 0
	for c, v := range want.Lifetime.Horizons[0].Value {
		if v < 0 {
			losses++
		}
		if math.Abs(want.ValueAtRisk[c]-v*want.Risk.Probability[c]) > 1e-9 {
			t.Errorf("customer %d: got value at risk %v, want %v x %v", c, want.ValueAtRisk[c], v, want.Risk.Probability[c])
		}
		if len(want.Risk.AppendReasons(nil, c)) > 0 {
			reasons++
		}
	}
	if losses == 0 || reasons < l.Customers()*9/10 {
		t.Errorf("got %d customers of negative value and %d with reasons among %d", losses, reasons, l.Customers())
	}
}

// A forecast from a day sees nothing of what came later: the ledger cut at that day gives the same.
func TestSeesNothingLater(t *testing.T) {
	l := build(t, company(1200, 2))
	asOf := start + 500
	cut, err := l.Before(1, asOf, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	got := all(t, l.At(asOf), forecast.Inputs{}, forecast.Settings{}, 2)
	want := all(t, cut.At(asOf), forecast.Inputs{}, forecast.Settings{}, 2)
	if diff := cmp.Diff(figures(want), figures(got), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("-ledger cut on the day +whole ledger\n%s", diff)
	}
	if diff := cmp.Diff(record(t, want), record(t, got)); diff != "" {
		t.Errorf("-ledger cut on the day +whole ledger\n%s", diff)
	}
}

// Customers outside get figures, and move nobody else's.
func TestOutside(t *testing.T) {
	lines := company(1000, 3)
	plain := build(t, lines)
	for _, x := range lines {
		if x.Customer < "C00300" {
			x.Customer = "child of " + x.Customer // after all others in order
			x.Net *= 40
			lines = append(lines, x)
		}
	}
	doubled := build(t, lines)
	outside := make([]bool, doubled.Customers())
	for c := range outside {
		outside[c] = strings.HasPrefix(doubled.ID(c), "child")
	}
	asOf := plain.Days().To
	want := all(t, plain.At(asOf), forecast.Inputs{}, forecast.Settings{}, 2)
	got := all(t, doubled.At(asOf), forecast.Inputs{Outside: outside}, forecast.Settings{}, 2)
	for name, column := range figures(got) {
		if name == "churn" || name == "risk" {
			continue // today's z-scores are among all customers of the day
		}
		if diff := cmp.Diff(figures(want)[name], column[:plain.Customers()], cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: -alone +with children\n%s", name, diff)
		}
		if v := column[len(column)-1]; name == "alive" && !(v >= 0 && v <= 1) {
			t.Errorf("got %s %v of a child", name, v)
		}
	}
}

// Ahead of 12 months is what the lifetime value counts, and P(none) falls with the horizon.
func TestAhead(t *testing.T) {
	l := build(t, company(800, 4))
	o := all(t, l.At(l.Days().To), forecast.Inputs{}, forecast.Settings{}, 2)
	year := o.Ahead(365.25)
	if diff := cmp.Diff(o.Lifetime.Horizons[0].Purchases, year.Purchases, cmpopts.EquateApprox(1e-12, 0), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("-lifetime +ahead\n%s", diff)
	}
	short := o.Ahead(30)
	for c := range year.None {
		if !(short.None[c] >= year.None[c]) || !(short.Purchases[c] <= year.Purchases[c]) {
			t.Errorf("customer %d: got P(none) %v in 30 days and %v in a year", c, short.None[c], year.None[c])
		}
		if want := year.Purchases[c] * o.ValueEach.Mean[c]; year.Sales[c] != want {
			t.Errorf("customer %d: got sales %v, want %v", c, year.Sales[c], want)
		}
	}
}

func TestSampleOfCustomers(t *testing.T) {
	l := build(t, company(4000, 5))
	whole := all(t, l.At(l.Days().To), forecast.Inputs{}, forecast.Settings{}, 2)
	part := all(t, l.At(l.Days().To), forecast.Inputs{}, forecast.Settings{Sample: 1000, ChurnSample: 1000}, 2)
	legal(t, part)
	if n := part.Purchases.Customers; n != 1000 {
		t.Errorf("got a fit on %v customers, want 1000", n)
	}
	var sum, other float64
	for c, v := range whole.Lifetime.Horizons[0].Purchases {
		sum, other = sum+v, other+part.Lifetime.Horizons[0].Purchases[c]
	}
	if math.Abs(other/sum-1) > 0.1 {
		t.Errorf("got %v purchases by a model of a quarter of the customers, want about %v", other, sum)
	}
}

func TestBadInput(t *testing.T) {
	once := func(n int, day func(c int) civil.Day) (lines []ledgertest.Line) {
		for c := range n {
			lines = append(lines, ledgertest.Line{Customer: fmt.Sprintf("C%04d", c), Day: day(c), Net: 1_000_000, Cost: 500_000, Costed: true, Units: 1})
		}
		return lines
	}
	everyDay := func(c int) civil.Day { return start + civil.Day(c%300) }
	million := append(company(400, 6), ledgertest.Line{Customer: "A", Day: start + 20, Net: 1_000_000 * money.One, Cost: 1, Costed: true, Units: 1})
	free := company(300, 8)
	for i := range free {
		free[i].Costed, free[i].Cost = false, 0
	}
	for _, c := range []struct {
		name  string
		lines []ledgertest.Line
		asOf  civil.Day
		note  string
		lack  bool
	}{
		{"nobody", nil, start, "no customers", true},
		{"one customer", once(1, everyDay), start + 300, "one customer", true},
		{"all on one day", once(50, func(int) civil.Day { return start }), start + 1, "seen for no time", true},
		{"no repeat buyer", once(400, everyDay), start + 700, "no customer bought twice", true},
		{"a year without a purchase", company(400, 7), start + 730 + 365, "", false},
		{"a purchase of a million", million, start + 730, "left out", false},
		{"no cost", free, start + 730, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := all(t, build(t, c.lines).At(c.asOf), forecast.Inputs{}, forecast.Settings{}, 2)
			legal(t, o)
			if got := strings.Join(o.Notes(), "\n"); !strings.Contains(got, c.note) {
				t.Errorf("got the notes %q, want %q in them", got, c.note)
			} else {
				t.Log(got)
			}
			if got := o.Purchases == nil; got != c.lack {
				t.Errorf("got no purchase model %t (%v), want %t", got, o.Lack, c.lack)
			}
			if got := o.CostOff(); got != (c.name == "no cost" || c.name == "nobody") {
				t.Errorf("got cost off %t", got)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	if err := (forecast.Settings{}).OrDefault().Validate(); err != nil {
		t.Errorf("got %v for the defaults", err)
	}
	s := forecast.Settings{Model: "arima", Months: []int{12, 24, 24, 500}, Discount: -1, Level: 2, ChurnDays: -3, FadeDays: 400, FadeDrop: 1, Sample: 5, ChurnSample: -1}
	err := s.OrDefault().Validate()
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{`"arima"`, "12 months", "24 months, twice", "500 months", "rate of -1", "level of 2", "horizon of -3 days", "400 days", "fall of 1", "at most 5", "at most -1"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want %q in it", err, want)
		}
	}
}

// Auto chooses by a holdout, says why, and is the same for any number of workers.
func TestAuto(t *testing.T) {
	l := build(t, company(600, 9))
	asOf := l.Days().To
	f, err := forecast.Fit(l.At(asOf), forecast.Inputs{}, forecast.Settings{Model: forecast.Auto}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if f.Choice == nil || !f.Choice.Held || len(f.Choice.Candidates) < 3 || f.Purchases.Family != f.Choice.Family {
		t.Fatalf("got the choice %+v, %v", f.Choice, f.Lack)
	}
	for _, c := range f.Choice.Candidates {
		t.Log(c.Family, c.Holdout, c.Expected, c.Fault)
	}
	t.Log(f.Choice.Why)
	again, err := forecast.Fit(l.At(asOf), forecast.Inputs{}, forecast.Settings{Model: forecast.Auto}, 7)
	if err != nil || again.Purchases.Theta != f.Purchases.Theta || again.Choice.Why != f.Choice.Why {
		t.Errorf("got %v and %v by 7 workers, want %v", again.Purchases, err, f.Purchases)
	}
	few, err := forecast.Fit(build(t, company(1, 1)).At(asOf), forecast.Inputs{}, forecast.Settings{Model: forecast.Auto}, 1)
	if err != nil || few.Lack == nil {
		t.Errorf("got %v, lack %v for one customer", err, few.Lack)
	}
}
