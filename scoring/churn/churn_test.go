package churn_test

import (
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
	"github.com/vitalfew/vitalfew/scoring/churn"
	"github.com/vitalfew/vitalfew/scoring/evaluation"
)

// company draws customers with a rhythm of their own who leave at some time.
func company(t testing.TB, customers int, from, to civil.Day) *ledger.Ledger {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	var lines []ledgertest.Line
	for c := range customers {
		gap, day := 10+60*r.ExpFloat64(), float64(from)+float64(to-from)*r.Float64()
		gone := day + 500*r.ExpFloat64()
		for n := 0; day < min(gone, float64(to)); n++ {
			lines = append(lines, ledgertest.Line{Customer: fmt.Sprintf("%05d", c), Day: civil.Day(day), Order: uint64(n),
				Net: money.Amount(200_000 + 900_000*r.Float64()), Category: fmt.Sprint(r.IntN(5))})
			day += 1 + gap*r.ExpFloat64()
		}
	}
	l, err := ledgertest.Build(lines)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// plain fits on slices without other models' columns.
func plain(t testing.TB, l *ledger.Ledger, asOf civil.Day, o churn.Options) (*churn.Model, *churn.Result) {
	t.Helper()
	slices, now := churn.Plan(l.Days(), asOf, o)
	var train []*churn.Snapshot
	for _, s := range append(slices, now) {
		snap, err := churn.Observe(l.At(s.AsOf), s, churn.Inputs{}, o.Workers)
		if err != nil {
			t.Fatal(err)
		}
		train = append(train, snap)
	}
	for _, s := range train[:len(slices)] {
		if err := s.Label(l.At(asOf)); err != nil {
			t.Fatal(err)
		}
	}
	m, err := churn.Fit(train[:len(slices)], o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Score(train[len(slices)])
	if err != nil {
		t.Fatal(err)
	}
	return m, r
}

func reasons(r *churn.Result) (all []string) {
	for c := range r.Probability {
		all = append(all, string(r.AppendReasons(nil, c)))
	}
	return all
}

func TestWorkersChangeNothing(t *testing.T) {
	l := company(t, 4500, 17000, 18000)
	m, want := plain(t, l, 18000, churn.Options{})
	if m.Fallback() || m.Diagnostics.Calibration == nil {
		t.Fatalf("got %+v, want a calibrated model", m.Diagnostics)
	}
	for _, workers := range []int{1, 2, 7} {
		n, got := plain(t, l, 18000, churn.Options{Workers: workers})
		if diff := cmp.Diff(want.Probability, got.Probability, cmpopts.EquateNaNs()) + cmp.Diff(reasons(want), reasons(got)); diff != "" {
			t.Errorf("%d workers: %s", workers, diff)
		}
		if diff := cmp.Diff(m.Diagnostics.Coefficients, n.Diagnostics.Coefficients); diff != "" {
			t.Errorf("%d workers: %s", workers, diff)
		}
	}
}

// What comes after today must not be known today: dropping it changes nothing.
func TestNothingIsKnownBeforeItsTime(t *testing.T) {
	l := company(t, 2000, 17000, 18200)
	before, err := l.Before(1, 18000, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	_, want := plain(t, before, 18000, churn.Options{})
	_, got := plain(t, l, 18000, churn.Options{})
	by := map[string]float64{}
	for c, p := range want.Probability {
		by[before.ID(c)] = p
	}
	for c, p := range got.Probability {
		if q, ok := by[l.ID(c)]; ok && p != q && !(math.IsNaN(p) && math.IsNaN(q)) {
			t.Fatalf("%s: got %v, without the future %v", l.ID(c), p, q)
		}
	}
	s := churn.Slice{AsOf: 17950, Horizon: 90, Window: 90}
	snap, err := churn.Observe(l.At(s.AsOf), s, churn.Inputs{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := snap.Label(l.At(18039)); err == nil || !strings.Contains(err.Error(), "not known yet") {
		t.Errorf("a horizon that ends tomorrow: got error %v", err)
	}
	if err := snap.Label(l.At(18040)); err != nil {
		t.Error(err)
	}
}

// The model on customers drawn with known lives ranks the days to come at least as well as recency, and
// what it promises comes.
func TestModelLearns(t *testing.T) {
	l := company(t, 6000, 17000, 18090)
	m, r := plain(t, l, 18000, churn.Options{})
	if held := m.Diagnostics.HeldOut; !(held[0].AUC > held[1].AUC) {
		t.Errorf("held out: got AUC %v beside %v of recency", held[0].AUC, held[1].AUC)
	}
	event, recency := make([]bool, l.Customers()), make([]float64, l.Customers())
	for c := range event {
		_, seen := l.At(18000).Seen(c)
		lo, hi := l.Range(c)
		event[c], recency[c] = seen == hi, math.NaN()
		if seen > lo {
			recency[c] = float64(18000 - l.Rows().Day[seen-1])
		}
	}
	j := evaluation.Judge(evaluation.Score{Values: r.Probability, Probability: true}, evaluation.Outcome{Event: event})
	b := evaluation.Judge(evaluation.Score{Values: recency}, evaluation.Outcome{Event: event})
	t.Logf("AUC %.4f beside recency %.4f, ECE %.4f", j.AUC, b.AUC, j.ECE)
	if !(j.AUC >= b.AUC) || j.ECE > 0.05 {
		t.Errorf("got AUC %v and ECE %v beside recency %v", j.AUC, j.ECE, b.AUC)
	}
	for c, text := range reasons(r) {
		if p := r.Probability[c]; !(p > 0 && p < 1) && !math.IsNaN(p) {
			t.Fatalf("customer %d: got probability %v", c, p)
		}
		if n := strings.Count(text, "risk "); n > 3 || strings.Contains(text, "NaN") {
			t.Fatalf("customer %d: got reasons %q", c, text)
		}
	}
}

func TestPlan(t *testing.T) {
	type slice struct{ asOf, horizon, window int }
	for _, c := range []struct {
		from, asOf civil.Day
		horizon    int
		want       []slice
	}{
		{0, 1000, 0, []slice{{640, 90, 90}, {730, 90, 90}, {820, 90, 90}, {910, 90, 90}}},
		{0, 300, 0, []slice{{120, 90, 90}, {210, 90, 90}}},
		{0, 270, 0, []slice{{90, 90, 90}, {180, 90, 90}}},
		{0, 269, 0, []slice{{90, 89, 45}, {179, 90, 89}}},
		{0, 212, 0, []slice{{71, 70, 35}, {122, 90, 61}}},
		{0, 273, 273, []slice{{91, 91, 45}, {137, 136, 68}}},
		{0, 41, 0, nil},
		{0, 42, 0, []slice{{14, 14, 7}, {21, 21, 10}}},
		{0, 5, 1, []slice{{1, 1, 1}, {2, 1, 1}, {3, 1, 1}, {4, 1, 1}}},
		{0, 2, 1, nil},
		{0, 0, 0, nil},
		{5, 3, 0, nil},
	} {
		slices, today := churn.Plan(civil.Range{From: c.from, To: 2000}, c.asOf, churn.Options{Horizon: c.horizon})
		var got []slice
		for i, s := range slices {
			got = append(got, slice{int(s.AsOf), s.Horizon, s.Window})
			if end := s.AsOf + civil.Day(s.Horizon); end > c.asOf || i == len(slices)-1 && end != c.asOf || int(s.AsOf-c.from) < s.Horizon || s.Window < 1 {
				t.Errorf("%+v: got slice %+v", c, s)
			}
		}
		if today.AsOf != c.asOf || today.Window < 1 {
			t.Errorf("%+v: got today %+v", c, today)
		}
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(slice{})); diff != "" {
			t.Errorf("%+v: %s", c, diff)
		}
	}
}

// Thin pasts fall back to the base, and say what was missing; without a base nothing is made up.
func TestThinPastsFallBack(t *testing.T) {
	sale := func(c string, d civil.Day) ledgertest.Line {
		return ledgertest.Line{Customer: c, Day: d, Order: uint64(d), Net: 10_000}
	}
	var same, once []ledgertest.Line
	for c := range 300 {
		same = append(same, sale(fmt.Sprint(c), 17999))
		once = append(once, sale(fmt.Sprint(c), civil.Day(17000+c)))
	}
	for name, lines := range map[string][]ledgertest.Line{
		"nothing": nil, "one customer": {sale("a", 17000), sale("a", 17500), sale("a", 17990)}, "all the same day": same, "no repeat buyers": once,
	} {
		l, err := ledgertest.Build(lines)
		if err != nil {
			t.Fatal(err)
		}
		m, r := plain(t, l, 18000, churn.Options{})
		if !m.Fallback() || r.Fallback == "" {
			t.Errorf("%s: got a model, want a fallback", name)
		}
		for c, p := range r.Probability {
			if !math.IsNaN(p) || len(r.AppendReasons(nil, c)) > 0 {
				t.Errorf("%s: got %v without model and base", name, p)
			}
		}
		_, now := churn.Plan(l.Days(), 18000, churn.Options{})
		base := make([]float64, l.Customers())
		for c := range base {
			base[c] = 0.25
		}
		snap, err := churn.Observe(l.At(18000), now, churn.Inputs{Base: base}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = m.Score(snap); err != nil {
			t.Fatal(err)
		}
		for c, p := range r.Probability {
			if p != 0.25 || !strings.HasPrefix(string(r.AppendReasons(nil, c)), "purchase model only: last order") {
				t.Errorf("%s: got %v, %q, want the base", name, p, r.AppendReasons(nil, c))
			}
		}
	}
}

func BenchmarkScore(b *testing.B) {
	l := company(b, 100_000, 17000, 18000)
	b.ResetTimer()
	for b.Loop() {
		plain(b, l, 18000, churn.Options{Workers: 2})
	}
	b.ReportMetric(float64(b.N)*float64(l.Customers())/b.Elapsed().Seconds(), "customers/s")
}
