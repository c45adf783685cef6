package churn_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"github.com/vitalfew/vitalfew/pipeline/money"
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

// look observes a slice with its own purchase model.
func look(t testing.TB, l *ledger.Ledger, s churn.Slice, workers int) *churn.Snapshot {
	t.Helper()
	h, err := history.Of(l.At(s.AsOf), workers)
	if err != nil {
		t.Fatal(err)
	}
	f, err := feature.Compute(l.At(s.AsOf), feature.Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	m := fitPareto(t, h)
	t.Logf("%s: %+v", s.AsOf, m)
	snap, err := churn.Observe(l.At(s.AsOf), s, churn.Inputs{Base: m.base(h, s.Horizon), ExpectedGap: f.ExpectedGap}, workers)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func TestCDNOWBacktest(t *testing.T) {
	l := readCDNOW(t)
	asOf, _ := civil.Of(1997, 10, 1)
	o := churn.Options{Horizon: 273}
	slices, now := churn.Plan(l.Days(), asOf, o)
	var train []*churn.Snapshot
	for _, s := range slices {
		snap := look(t, l, s, 2)
		if err := snap.Label(l.At(asOf)); err != nil {
			t.Fatal(err)
		}
		train = append(train, snap)
	}
	for _, s := range train {
		b := evaluation.Judge(evaluation.Score{Name: "base", Values: s.Base(), Probability: true}, evaluation.Outcome{Event: s.Churned()})
		t.Logf("%s base AUC %.4f Brier %.5f ECE %.4f", s.AsOf, b.AUC, b.Brier, b.ECE)
		for _, x := range b.Bins {
			t.Logf("   %.4f %.4f", x.Forecast, x.Actual)
		}
	}
	m, err := churn.Fit(train, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range m.Diagnostics.HeldOut {
		t.Logf("held out %s AUC %.4f Brier %.4f ECE %.4f", j.Name, j.AUC, j.Brier, j.ECE)
	}
	t.Log(m.Diagnostics.Lambda, m.Diagnostics.Validation, m.Diagnostics.Coefficients, m.Diagnostics.Verdict)
	today := look(t, l, now, 2)
	r, err := m.Score(today)
	if err != nil {
		t.Fatal(err)
	}
	if err := today.Label(l.At(asOf + 273)); err != nil {
		t.Fatal(err)
	}
	event := make([]bool, l.Customers())
	for c := range event {
		lo, hi := l.At(asOf+273).Window(c, civil.Range{From: asOf, To: asOf + 273})
		event[c] = lo == hi
	}
	j := evaluation.Judge(evaluation.Score{Name: "model", Values: r.Probability, Probability: true}, evaluation.Outcome{Event: event})
	t.Logf("AUC %.4f Brier %.5f ECE %.4f lift %.3f", j.AUC, j.Brier, j.ECE, j.Lift)
	b := evaluation.Judge(evaluation.Score{Name: "base", Values: today.Base(), Probability: true}, evaluation.Outcome{Event: event})
	t.Logf("base AUC %.4f Brier %.5f ECE %.4f lift %.3f", b.AUC, b.Brier, b.ECE, b.Lift)
	for c := range 5 {
		t.Logf("%.3f %s", r.Probability[c], r.AppendReasons(nil, c))
	}
}
