package pipeline_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// modelColumns are those of the promise, without the rhythm, which needs no model.
func modelColumns() (floats, moneys []string) {
	return []string{"p_alive", "expected_purchases_12m", "buying_less", "churn_probability", "spending_less"},
		[]string{"expected_profit_per_purchase", "clv_12m", "clv_36m", "clv_12m_low", "clv_12m_high", "value_at_risk",
			"expected_value_per_purchase", "expected_sales_12m"}
}

// foretold checks every row of a run with models: ranges, order, and that forecast_flags explain what
// is unknown. Being too new to compare is the one gap without a flag.
func foretold(t *testing.T, s *sheet) {
	t.Helper()
	floats, moneys := modelColumns()
	for i := range s.rows {
		flags := strings.Split(s.text(i, "forecast_flags"), "+")
		explained := func(by ...string) bool {
			return slices.ContainsFunc(by, func(f string) bool { return slices.Contains(flags, f) })
		}
		for _, column := range floats {
			v := s.cell(i, column)
			switch f := v.Double(); {
			case v.IsNull() && !explained("no-purchase", "no-model") && column != "buying_less" && column != "spending_less":
				t.Errorf("%s: no %s, flags %q", s.text(i, "customer_id"), column, flags)
			case !v.IsNull() && (math.IsNaN(f) || f < 0 || f > 1 && column != "expected_purchases_12m" || math.IsInf(f, 0)):
				t.Errorf("%s: got %s %v", s.text(i, "customer_id"), column, f)
			}
		}
		for _, column := range moneys {
			profit := !strings.HasPrefix(column, "expected_value") && !strings.HasPrefix(column, "expected_sales")
			if s.null(i, column) && !explained("no-purchase", "no-model", "no-interval") && !(profit && explained("no-cost")) {
				t.Errorf("%s: no %s, flags %q", s.text(i, "customer_id"), column, flags)
			}
			if !s.null(i, column) && explained("no-purchase") {
				t.Errorf("%s: got a %s without a purchase", s.text(i, "customer_id"), column)
			}
		}
		low, value, high := s.amount(i, "clv_12m_low"), s.amount(i, "clv_12m"), s.amount(i, "clv_12m_high")
		if !s.null(i, "clv_12m_low") && (low > value || value > high) {
			t.Errorf("%s: got %v outside %v..%v", s.text(i, "customer_id"), value, low, high)
		}
		if !s.null(i, "value_at_risk") {
			want := value.Float() * s.float(i, "churn_probability")
			if got := s.amount(i, "value_at_risk").Float(); math.Abs(got-want) > 1e-4 {
				t.Errorf("%s: got value at risk %v, want %v", s.text(i, "customer_id"), got, want)
			}
		}
	}
}

// nulls counts the unknown cells of a column.
func (s *sheet) nulls(column string) int {
	return s.count(func(i int) bool { return s.null(i, column) })
}

// The counts of unknown figures of real data have a reason each: customers without a purchase, and no
// cost anywhere in UCI.
func TestModelsOnRealData(t *testing.T) {
	t.Run("UCI", func(t *testing.T) {
		t.Parallel()
		out := runNight(t, configured(t, "preset: uci\nwindow: all\n", pipeline.Config{
			Orders: []string{data(t, "uci_online_retail", "by-day")}, Out: filepath.Join(t.TempDir(), "out")}), 2)
		s := customersOf(t, out)
		foretold(t, s)
		without := s.count(func(i int) bool { return s.null(i, "recency_days") })
		if without != 34 {
			t.Errorf("got %d customers without a purchase, want 34", without)
		}
		floats, moneys := modelColumns()
		for _, column := range append(floats, moneys...) {
			want := without
			switch {
			case strings.HasPrefix(column, "clv") || column == "value_at_risk" || column == "expected_profit_per_purchase":
				want = s.len() // no cost
			case column == "buying_less" || column == "spending_less":
				continue // the new ones too
			}
			if got := s.nulls(column); got != want {
				t.Errorf("%s: got %d unknown, want %d", column, got, want)
			}
		}
		if !slices.ContainsFunc(out.Manifest.Off, func(o string) bool {
			return strings.HasPrefix(o, "lifetime value in profit: no purchase with a known cost")
		}) {
			t.Errorf("got switched off %q, want lifetime value in profit among it", out.Manifest.Off)
		}
		if m := out.Manifest.Models; m.Churn.Fallback != "" || len(m.Churn.HeldOut) != 3 || m.All.Value.Known() {
			t.Errorf("got fallback %q, %d judged and %v", m.Churn.Fallback, len(m.Churn.HeldOut), m.All.Value)
		}
	})
	t.Run("AdventureWorks", func(t *testing.T) {
		t.Parallel()
		out := runNight(t, resellers(t, ""), 2)
		s := customersOf(t, out)
		foretold(t, s)
		floats, moneys := modelColumns()
		for _, column := range append(floats, moneys...) {
			if got := s.nulls(column); got != 0 && column != "buying_less" && column != "spending_less" {
				t.Errorf("%s: got %d unknown, want none: everybody bought, every cost is known", column, got)
			}
		}
		losses := s.count(func(i int) bool { return s.amount(i, "clv_12m") < 0 })
		if losses < 100 {
			t.Errorf("got %d customers of negative value; half of the resellers lose money", losses)
		}
		partOfPositive(t, out, s)
		if all := out.Manifest.Models.All; !(all.Value < 0 && all.AtRisk > 0) {
			t.Errorf("got %v expected and %v at risk: the case this is for is a loss with something at risk", all.Value, all.AtRisk)
		}
	})
}

// partOfPositive holds what is at risk against the value it is a part of, and the range against the
// customers it leaves out, both counted by customer.
func partOfPositive(t *testing.T, out *pipeline.Outcome, s *sheet) {
	t.Helper()
	all, positive, without := out.Manifest.Models.All, 0.0, 0
	for i := range s.rows {
		if s.null(i, "clv_12m") || s.text(i, "account_role") == "child" {
			continue
		}
		positive += max(0, s.amount(i, "clv_12m").Float())
		if strings.Contains(s.text(i, "forecast_flags"), "no-interval") {
			without++
		}
	}
	if math.Abs(float64(all.Positive)-positive) > 0.01 || !(all.AtRisk <= all.Positive) || all.NoInterval != without {
		t.Errorf("got %v positive, %v of it at risk, %d without a spread; want %v and %d", all.Positive, all.AtRisk, all.NoInterval, positive, without)
	}
	var b strings.Builder
	if err := out.WriteSummary(&b); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, " that customers of positive value bring, at risk: ") || strings.Contains(text, "the range leaves out") != (without > 0) {
		t.Errorf("%d without a spread: got summary\n%s", without, text)
	}
}

// The demo has children, prospects and lists; the rescue list is ordered by value at risk and says why.
func TestModelsOfTheDemo(t *testing.T) {
	c := demo(t)
	c.Models.Months = []int{24}
	out := runNight(t, c, 2)
	s := customersOf(t, out)
	foretold(t, s)
	for i := range s.rows {
		if bought := s.whole(i, "purchase_days"); (bought == 0) != (s.text(i, "forecast_flags") == "no-purchase") {
			t.Errorf("%s: got %d purchase days, flags %q", s.text(i, "customer_id"), bought, s.text(i, "forecast_flags"))
		}
	}
	if s.nulls("clv_24m") == s.len() {
		t.Error("got no clv_24m, want it as more_months asks")
	}
	if unit, _ := s.lookup("vitalfew.unit.clv_24m"); !strings.HasPrefix(unit, "money") {
		t.Errorf("got unit %q of clv_24m, want money", unit)
	}
	records := readCSV(t, filepath.Join(out.Dir, "lists", "rescue.csv"))
	last := money.Amount(math.MaxInt64)
	for _, r := range records[1:] {
		row := s.row(r[1])
		at := s.amount(row, "value_at_risk")
		if at > last || at <= 0 || s.text(row, "quadrant") != "KEY" {
			t.Errorf("rescue: got %s of %s with %v after %v", s.text(row, "quadrant"), r[1], at, last)
		}
		if reason := r[slices.Index(records[0], "reason")]; !strings.Contains(reason, "likely to buy nothing in 90 days") || !strings.Contains(reason, "net sales") {
			t.Errorf("rescue: got reason %q", reason)
		}
		step, silent := r[slices.Index(records[0], "next_step")], s.whole(row, "recency_days")
		if strings.Contains(step, "they still buy") && silent > 90 {
			t.Errorf("rescue: got %q of %s, who bought nothing for %d days", step, r[1], silent)
		}
		if strings.Contains(step, "nothing for") && (silent <= 90 || !strings.Contains(step, fmt.Sprintf("nothing for %d days, usually every ", silent))) {
			t.Errorf("rescue: got %q of %s, who bought %d days ago", step, r[1], silent)
		}
		last = at
	}
	partOfPositive(t, out, s)
	if len(records) < 5 {
		t.Errorf("got %d rows of rescue", len(records)-1)
	}
	var b strings.Builder
	if err := out.WriteSummary(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"What comes next", "gross profit in 12 months", "call first:", "purchases: "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("got no %q in the summary\n%s", want, b.String())
		}
	}
	total := out.Manifest.Models.All.Value
	if got := s.sum("clv_12m", func(i int) bool { return s.text(i, "account_role") != "child" }).Float(); math.Abs(got-float64(total)) > 0.01 {
		t.Errorf("got a total of %v, want the sum of clv_12m without children, %v", total, got)
	}
}

// Off, the columns are there and empty, the summary says so, and it is another recipe.
func TestModelsOff(t *testing.T) {
	c := configured(t, "models: off\n", demo(t))
	if !c.Models.Off {
		t.Fatal("models: off is not off")
	}
	on := runNight(t, func() pipeline.Config { c := c; c.Models.Off = false; c.Out += "-on"; return c }(), 2)
	out := runNight(t, c, 2)
	s := customersOf(t, out)
	for _, column := range []string{"p_alive", "expected_purchases_12m", "expected_profit_per_purchase", "clv_12m", "clv_36m", "clv_12m_low", "clv_12m_high", "buying_less", "churn_probability", "churn_reasons", "value_at_risk"} {
		if got := s.nulls(column); got != s.len() {
			t.Errorf("%s: got %d unknown of %d", column, got, s.len())
		}
	}
	if s.nulls("overdue_ratio") == s.len() {
		t.Error("got no overdue ratio: the rhythm needs no model")
	}
	m := out.Manifest
	if m.Models != nil || m.RunID == on.Manifest.RunID || m.Definitions == on.Manifest.Definitions || m.Recipe.Models["state"] != "off" {
		t.Errorf("got models %v, run %s beside %s, definitions %s beside %s", m.Models, m.RunID, on.Manifest.RunID, m.Definitions, on.Manifest.Definitions)
	}
	if !slices.ContainsFunc(m.Off, func(o string) bool { return strings.HasPrefix(o, "lifetime value and churn: off by setting") }) {
		t.Errorf("got switched off %q", m.Off)
	}
}

func TestModelsConfig(t *testing.T) {
	c := configured(t, "models: {state: on, purchases: bg-nbd, more_months: [6, 24], discount_rate: 0, interval: 0.9, churn_days: 60, buying_less_days: 30, buying_less_by: 0.5, sample: 5000, churn_sample: 4000}\nlife_stage: {lapsed_alive: 0.4}\n", pipeline.Config{})
	m := c.OrDefault().Models
	if got, want := fmt.Sprint(m), "{false {bg-nbd [6 24] 0 true 0.9 60 30 0.5 5000 4000}}"; got != want || c.Life.LapsedAlive != 0.4 {
		t.Errorf("got %s and %v, want %s and 0.4", got, c.Life.LapsedAlive, want)
	}
	for yaml, want := range map[string]string{
		"models: maybe\n":                "\"maybe\": give on or off",
		"models: {purchase: bg-nbd}\n":   `unknown key "models.purchase"`,
		"models: {churn_days: 0}\n":      "models.churn_days: 0 is not legal",
		"models: {discount_rate: ten}\n": "night.yaml",
	} {
		if _, err := pipeline.ParseConfig("night.yaml", []byte(yaml), pipeline.Config{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", yaml, err, want)
		}
	}
	c = configured(t, "orders: x\nmodels: {purchases: arima, more_months: [12, 999], interval: 7, sample: 3}\n", pipeline.Config{})
	err := c.OrDefault().Validate()
	for _, want := range []string{`models: purchase model "arima"`, "models: a horizon of 12 months", "models: a horizon of 999", "models: an interval level of 7", "models: at most 3 customers"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

// orderLines writes n customers' orders, one a line; day gives the days of customer c.
func orderLines(n int, days func(c int) []civil.Day) string {
	var b strings.Builder
	b.WriteString("order_id,customer_id,ordered_at,amount,cost\n")
	for c := range n {
		for k, d := range days(c) {
			fmt.Fprintf(&b, "%d-%d,C%04d,%s,%d,%d\n", c, k, c, d, 100+c%7, 60)
		}
	}
	return b.String()
}

// Data that bear no model end well: exit 0, a run, figures unknown, and what is missing is said.
func TestModelsOnBadInput(t *testing.T) {
	first, _ := civil.Of(2023, 1, 1)
	once := func(c int) []civil.Day { return []civil.Day{first + civil.Day(c%300)} }
	r := rand.New(rand.NewPCG(1, 2))
	often := func(int) (days []civil.Day) {
		for d := first + civil.Day(r.IntN(200)); d < first+500; d += 1 + civil.Day(r.ExpFloat64()*60) {
			days = append(days, d)
		}
		return days
	}
	million := orderLines(300, often) + "rich,RICH,2024-01-05,1000000,1\n"
	for _, tc := range []struct {
		name, orders, yaml string
		off, warning       string
		model              bool
	}{
		{"no repeat buyers", orderLines(200, once), "", "no customer bought twice", "", false},
		{"one customer", "order_id,customer_id,ordered_at,amount\n1,A,2024-05-01,5\n2,A,2024-06-01,5\n", "", "one customer", "", false},
		{"one order", "order_id,customer_id,ordered_at,amount\n1,A,2024-05-01,5\n", "", "one customer", "", false},
		{"all the same day", orderLines(50, func(int) []civil.Day { return []civil.Day{first} }), "", "seen for no time", "", false},
		{"a year without purchases", orderLines(300, often), "as_of: 2026-01-01\n", "", "churn probability: that of the purchase model", true},
		{"a purchase of a million", million, "", "", "left out of the population", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out := runNight(t, small{orders: tc.orders}.config(t, tc.yaml), 2)
			s := customersOf(t, out)
			foretold(t, s)
			m := out.Manifest
			if !strings.Contains(strings.Join(m.Off, "\n"), tc.off) || !strings.Contains(strings.Join(m.Warnings, "\n"), tc.warning) {
				t.Errorf("got switched off %q, warnings %q, want %q and %q", m.Off, m.Warnings, tc.off, tc.warning)
			}
			if got := m.Models.Purchases.Lack == ""; got != tc.model {
				t.Errorf("got a purchase model %t (%s), want %t", got, m.Models.Purchases.Lack, tc.model)
			}
			if _, err := json.Marshal(m); err != nil {
				t.Error(err)
			}
			if !tc.model && s.nulls("clv_12m") != s.len() {
				t.Errorf("got lifetime values without a purchase model")
			}
		})
	}
}

// An interrupted run stops before the models have finished, and leaves nothing.
func TestModelsAreInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_, err := pipeline.Run(ctx, "test", 2, demo(t), pipeline.Events{Stage: func(name string) {
		if strings.HasPrefix(name, "foretelling") {
			cancel()
		}
	}})
	if err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("got %v, want it to be cancelled", err)
	}
}
