package churn_test

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/btyd"
	"github.com/vitalfew/vitalfew/scoring/churn"
	"github.com/vitalfew/vitalfew/scoring/evaluation"
	"github.com/vitalfew/vitalfew/scoring/feature"
	"github.com/vitalfew/vitalfew/scoring/history"
)

// readCDNOW is the ledger of the CDNOW sample, 1997-01-01 to 1998-06-30.
func readCDNOW(t *testing.T) *ledger.Ledger {
	t.Helper()
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is unset: point it at the reference data to run this test")
	}
	b, err := os.ReadFile(filepath.Join(dir, "cdnow", "CDNOW_sample.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []ledgertest.Line
	for text := range strings.Lines(string(b)) {
		f := strings.Fields(text)
		day, err := civil.Parse(f[2][:4] + "-" + f[2][4:6] + "-" + f[2][6:])
		if err != nil {
			t.Fatal(err)
		}
		net, ok := money.Parse([]byte(f[4]), money.AmountScale)
		units, err := strconv.ParseInt(f[3], 10, 64)
		if !ok || err != nil {
			t.Fatalf("unreadable line %q", text)
		}
		// A disc that cost nothing still was an order; the ledger wants a positive one.
		lines = append(lines, ledgertest.Line{Customer: f[1], Day: day, Order: uint64(len(lines)), Units: money.Quantity(units * 10_000), Net: max(money.Amount(net), 1)})
	}
	l, err := ledgertest.Build(lines)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// silent is the probability of no purchase in the horizon by a purchase model fitted to a history.
func silent(t testing.TB, family btyd.Family, h *history.History, horizon int) []float64 {
	t.Helper()
	var x, tx, age []int32
	var of []int
	for c := range h.Len() {
		if h.T[c] >= 0 {
			x, tx, age, of = append(x, h.X[c]), append(tx, h.TX[c]), append(age, h.T[c]), append(of, c)
		}
	}
	p, err := btyd.Collapse(x, tx, age)
	if err != nil {
		t.Fatal(err)
	}
	m, err := btyd.Fit(family, p, 2)
	if err != nil {
		t.Fatal(err)
	}
	none, all := make([]float64, len(x)), make([]float64, h.Len())
	m.None(none, x, tx, age, float64(horizon))
	for c := range all {
		all[c] = math.NaN()
	}
	for i, c := range of {
		all[c] = none[i]
	}
	return all
}

// look observes a slice with its own purchase model.
func look(t testing.TB, l *ledger.Ledger, family btyd.Family, s churn.Slice, workers int) *churn.Snapshot {
	t.Helper()
	h, err := history.Of(l.At(s.AsOf), workers)
	if err != nil {
		t.Fatal(err)
	}
	f, err := feature.Compute(l.At(s.AsOf), feature.Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	snap, err := churn.Observe(l.At(s.AsOf), s, churn.Inputs{Base: silent(t, family, h, s.Horizon), ExpectedGap: f.ExpectedGap}, workers)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// trained fits a model on the slices before a day and observes that day.
func trained(t testing.TB, l *ledger.Ledger, family btyd.Family, asOf civil.Day, o churn.Options) (*churn.Model, *churn.Snapshot) {
	t.Helper()
	slices, now := churn.Plan(l.Days(), asOf, o)
	var train []*churn.Snapshot
	for _, s := range slices {
		snap := look(t, l, family, s, o.Workers)
		if err := snap.Label(l.At(asOf)); err != nil {
			t.Fatal(err)
		}
		train = append(train, snap)
	}
	m, err := churn.Fit(train, o)
	if err != nil {
		t.Fatal(err)
	}
	return m, look(t, l, family, now, o.Workers)
}

// The reference backtest: 39 weeks after 1997-09-30, of which 39 weeks are known. The model has to rank at
// least as well as its purchase model and as recency (table 2.9 of reference/clv.md), and to be nearer
// the truth than the purchase model is. A calibration error of 0.02 is what the issue asks for and what
// true probabilities come to by chance here (ECEByChance); it may be at most twice that.
func TestCDNOWBacktest(t *testing.T) {
	for _, family := range []btyd.Family{btyd.BGNBD, btyd.MBGNBD} { // Pareto/NBD is in cdnow_long_test.go
		reference(t, family)
	}
}

func reference(t *testing.T, family btyd.Family) {
	t.Helper()
	l := readCDNOW(t)
	asOf, _ := civil.Of(1997, 10, 1)
	came := civil.Range{From: asOf, To: asOf + 273}
	event := make([]bool, l.Customers())
	for c := range event {
		lo, hi := l.At(came.To).Window(c, came)
		event[c] = lo == hi
	}
	m, today := trained(t, l, family, asOf, churn.Options{Horizon: 273, Workers: 2})
	r, err := m.Score(today)
	if err != nil {
		t.Fatal(err)
	}
	h, err := history.Of(l.At(asOf), 2)
	if err != nil {
		t.Fatal(err)
	}
	judge := func(p []float64) evaluation.Judged {
		return evaluation.Judge(evaluation.Score{Values: p, Probability: true}, evaluation.Outcome{Event: event})
	}
	got, base := judge(r.Probability), judge(silent(t, family, h, 273))
	t.Logf("%v: AUC %.4f Brier %.5f ECE %.4f (%.4f by chance), λ %v, calibration %+v; purchase model alone AUC %.4f Brier %.5f ECE %.4f", family,
		got.AUC, got.Brier, got.ECE, got.ECEByChance, m.Diagnostics.Lambda, *m.Diagnostics.Calibration, base.AUC, base.Brier, base.ECE)
	if got.Customers != 2357 || !m.Diagnostics.CarriedOver {
		t.Errorf("%v: got %d customers, carried over %t; want 2357, true", family, got.Customers, m.Diagnostics.CarriedOver)
	}
	if got.AUC < max(0.7714, base.AUC) {
		t.Errorf("%v: got AUC %.4f, want at least 0.7714 and %.4f", family, got.AUC, base.AUC)
	}
	if got.Brier > base.Brier || got.ECE > base.ECE {
		t.Errorf("%v: got Brier %.5f and ECE %.4f, the purchase model has %.5f and %.4f", family, got.Brier, got.ECE, base.Brier, base.ECE)
	}
	if got.ECE > 2*got.ECEByChance {
		t.Errorf("%v: got ECE %.4f, more than twice the %.4f of chance", family, got.ECE, got.ECEByChance)
	}
	for c := range 3 {
		t.Logf("%.3f %s", r.Probability[c], r.AppendReasons(nil, c))
	}
}
