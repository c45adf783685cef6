package pipeline

import (
	"context"
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/span"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/scoring/forecast"
)

// foresee asks the models what comes next, unless they are off.
func (f *Figures) foresee(ctx context.Context, events Events) step {
	return func(c Config, workers int) error {
		if c.Models.Off {
			return nil
		}
		events.stage("foretelling lifetime value and churn")
		in := forecast.Inputs{Outside: f.Child, ExpectedGap: f.Features.ExpectedGap}
		o, err := forecast.All(ctx, f.seen.At(f.AsOf), in, c.Models.Settings, workers)
		if err != nil {
			return as(ErrInput, err)
		}
		f.Outlook, f.atRisk = o, amounts(o.ValueAtRisk)
		return nil
	}
}

// purchaseModel names the fitted model of who buys when; "" without one.
func (f *Figures) purchaseModel() string {
	if f.Outlook == nil || f.Outlook.Purchases == nil {
		return ""
	}
	return f.Outlook.Purchases.Family.String()
}

// amountColumn is money that a model expects, rounded to the digits of an amount.
type amountColumn struct {
	amount []money.Amount
	known  []bool
}

// amounts rounds half to even. What is unknown stays so, and so is what no amount holds.
func amounts(values []float64) amountColumn {
	out := amountColumn{make([]money.Amount, len(values)), make([]bool, len(values))}
	for i, v := range values {
		out.amount[i], out.known[i] = toAmount(v)
	}
	return out
}

// mostAmount is the largest amount that customers.parquet holds, DECIMAL(18,4).
const mostAmount = 1e14

func toAmount(v float64) (money.Amount, bool) {
	if !(math.Abs(v) < mostAmount) {
		return 0, false
	}
	return money.Amount(math.RoundToEven(v * float64(money.One))), true
}

// models are the columns of lifetime value and churn, null where a figure is unknown, and the rhythm.
func (t *columns) models() {
	o, overdue := t.f.Outlook, table.Floats("overdue_ratio", "ratio", t.f.Features.OverdueRatio, nil)
	if o == nil {
		t.noModels(overdue)
		return
	}
	year := &o.Lifetime.Horizons[0]
	t.add(table.Floats("p_alive", "probability", o.Alive, nil), table.Floats("expected_purchases_12m", "count", year.Purchases, nil))
	t.expected("expected_profit_per_purchase", t.bought(o.ProfitEach.Mean))
	t.expected("clv_12m", year.Value)
	t.expected("clv_36m", o.Lifetime.Horizons[1].Value)
	t.expected("clv_12m_low", year.Low)
	t.expected("clv_12m_high", year.High)
	t.add(overdue, table.Floats("buying_less", "probability", o.Fading.Rate, nil), table.Floats("churn_probability", "probability", o.Risk.Probability, nil))
	reasons, known := t.f.churnReasons(t.workers)
	t.add(table.Strings("churn_reasons", "", reasons, known), table.Amounts("value_at_risk", t.money, t.f.atRisk.amount, t.f.atRisk.known))
}

// noModels are the same columns of a run whose models are off: all unknown.
func (t *columns) noModels(overdue table.Column) {
	none, unknown := make([]bool, t.n), unknownFloats(t.n)
	amount := func(name string) { t.add(table.Amounts(name, t.money, make([]money.Amount, t.n), none)) }
	t.add(table.Floats("p_alive", "probability", unknown, nil), table.Floats("expected_purchases_12m", "count", unknown, nil))
	for _, name := range []string{"expected_profit_per_purchase", "clv_12m", "clv_36m", "clv_12m_low", "clv_12m_high"} {
		amount(name)
	}
	t.add(overdue, table.Floats("buying_less", "probability", unknown, nil),
		table.Floats("churn_probability", "probability", unknown, nil), table.Strings("churn_reasons", "", make([]string, t.n), none))
	amount("value_at_risk")
}

// moreModels are the columns beyond the promised ones: horizons that were asked for, sales beside profit, and what each customer's figures rest on.
func (t *columns) moreModels() {
	o := t.f.Outlook
	if o == nil {
		return
	}
	for _, h := range o.Lifetime.Horizons[2:] {
		t.expected(fmt.Sprintf("clv_%.0fm", h.Months), h.Value)
	}
	sales := make([]float64, t.n)
	for c, purchases := range o.Lifetime.Horizons[0].Purchases {
		sales[c] = purchases * o.ValueEach.Mean[c]
	}
	t.expected("expected_value_per_purchase", t.bought(o.ValueEach.Mean))
	t.expected("expected_sales_12m", sales)
	t.add(table.Floats("spending_less", "probability", o.Fading.Sales, nil))
	names := make([]string, 256)
	for k := range names {
		names[k] = forecast.Flag(k).String()
	}
	codes := make([]uint8, t.n)
	for c, flag := range o.Flags {
		codes[c] = uint8(flag)
	}
	t.add(table.Coded("forecast_flags", "", codes, names, nil))
}

// expected adds a column of money that a model expects.
func (t *columns) expected(name string, values []float64) {
	c := amounts(values)
	t.add(table.Amounts(name, t.money, c.amount, c.known))
}

// bought leaves out what would be the population's figure for somebody who never bought.
func (t *columns) bought(values []float64) []float64 {
	out := make([]float64, t.n)
	for c, v := range values {
		if out[c] = v; t.f.Outlook.History.T[c] < 0 {
			out[c] = math.NaN()
		}
	}
	return out
}

// churnReasons writes what moved each customer's churn probability most, spans side by side.
func (f *Figures) churnReasons(workers int) (reasons []string, known []bool) {
	reasons, known = make([]string, len(f.Root)), make([]bool, len(f.Root))
	span.Each(len(reasons), 4096, workers, func(_, lo, hi int) {
		var text []byte
		ends := make([]int, 0, hi-lo)
		for c := lo; c < hi; c++ {
			text = f.Outlook.Risk.AppendReasons(text, c)
			ends = append(ends, len(text))
		}
		joined, from := string(text), 0
		for k, end := range ends {
			reasons[lo+k], known[lo+k] = joined[from:end], end > from
			from = end
		}
	})
	return reasons, known
}
