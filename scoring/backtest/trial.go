package backtest

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/scoring/evaluation"
	"github.com/vitalfew/vitalfew/scoring/forecast"
)

// churnModel is how the report names the trained model.
const churnModel = "churn model"

// foretold is what one purchase model says of the judged customers.
type foretold struct {
	name                           string
	silent, purchases, sales, gain []float64
}

func (o Options) trial(l *ledger.Ledger, day civil.Day) (*Trial, error) {
	f, err := forecast.Fit(l.At(day), forecast.Inputs{Outside: o.Outside}, o.Settings, o.Workers)
	if err != nil {
		return nil, err
	}
	if f.Lack != nil {
		return nil, lacking("on %s: %w", day, f.Lack)
	}
	risk, err := f.Churn(o.Horizon)
	if err != nil {
		return nil, err
	}
	p := look(l, day, o.Horizon, o.Outside)
	t := &Trial{AsOf: day.String(), To: (day + civil.Day(o.Horizon) - 1).String(), Customers: len(p.customers),
		Model: f.Purchases.Family.String(), Fallback: risk.Fallback}
	for _, b := range p.bought {
		if b {
			t.Bought++
		}
	}
	models := []foretold{o.ask(f, p)}
	if o.All {
		others, err := o.others(l.At(day), f, p, t)
		if err != nil {
			return nil, err
		}
		models = append(models, others...)
	}
	t.rank(p, p.of(risk.Probability), models)
	t.measure(p, models)
	return t, nil
}

// ask has a fitted forecast foretell the horizon.
func (o Options) ask(f *forecast.Forecast, p *panel) foretold {
	a := f.Ahead(float64(o.Horizon))
	return foretold{f.Purchases.Family.String(), p.of(a.None), p.of(a.Purchases), p.of(a.Sales), p.of(a.Profit)}
}

// others fits the purchase models that were not chosen. One that the data do not bear is noted.
func (o Options) others(v ledger.View, chosen *forecast.Forecast, p *panel, t *Trial) (all []foretold, err error) {
	seen := map[string]bool{chosen.Purchases.Family.String(): true}
	for _, choice := range forecast.Choices() {
		s := o.Settings
		s.Model = choice
		f, err := forecast.Fit(v, forecast.Inputs{Outside: o.Outside}, s, o.Workers)
		if err != nil {
			return nil, err
		}
		if f.Lack != nil {
			t.Notes = append(t.Notes, fmt.Sprintf("%s: %v", choice, f.Lack))
			continue
		}
		if name := f.Purchases.Family.String(); !seen[name] {
			seen[name] = true
			all = append(all, o.ask(f, p))
		}
	}
	return all, nil
}

// rank judges who buys and who stays away, which is the same order from either end: the figures about
// the top of it differ.
func (t *Trial) rank(p *panel, risk []float64, models []foretold) {
	var scores []evaluation.Score // of staying away
	if t.Fallback == "" {
		scores = append(scores, evaluation.Score{Name: churnModel, Values: risk, Probability: true})
	}
	for _, m := range models {
		scores = append(scores, evaluation.Score{Name: m.name, Values: m.silent, Probability: true})
	}
	scores = append(scores, evaluation.Score{Name: "recency", Values: minus(p.recency)},
		evaluation.Score{Name: "frequency", Values: minus(p.frequency)}, evaluation.Score{Name: "past spend", Values: minus(p.spend)})
	buyers := make([]evaluation.Score, len(scores))
	for i, s := range scores {
		buyers[i] = s
		if buyers[i].Values = minus(s.Values); s.Probability {
			buyers[i].Values = buys(s.Values)
		}
	}
	others := len(models) - 1
	t.Churn = judge(scores, others, evaluation.Outcome{Event: p.silent})
	t.Buyers = judge(buyers, others, evaluation.Outcome{Event: p.bought, Spend: p.sales})
}

// judge compares the first score with the chosen purchase model and the baselines. The other purchase
// models stand between those two; they are judged and left out of the verdict.
func judge(scores []evaluation.Score, others int, came evaluation.Outcome) (r Ranking) {
	var comparisons []evaluation.Comparison
	baselines := len(scores) - 3
	for i, s := range scores {
		r.Scores = append(r.Scores, evaluation.Judge(s, came))
		if i > 0 && (i < baselines-others || i >= baselines) {
			comparisons = append(comparisons, evaluation.CompareAUC(scores[0], s, came.Event))
		}
	}
	r.Verdict = evaluation.Against(scores[0].Name, comparisons...)
	return r
}

// measure judges how much: purchases, sales, profit.
func (t *Trial) measure(p *panel, models []foretold) {
	t.Purchases = weigh(models, func(m foretold) []float64 { return m.purchases }, "frequency", p.purchasesOn, p.purchases)
	t.Sales = weigh(models, func(m foretold) []float64 { return m.sales }, "past spend", p.salesOn, p.sales)
	t.measureProfit(p, models)
}

// measureProfit leaves out whose profit came without its cost. Those are buyers, so where they are many
// the rest says nothing of the company, and nothing is judged.
func (t *Trial) measureProfit(p *panel, models []foretold) {
	came, who := known(p.profit)
	switch n := len(p.profit) - len(who); {
	case 2*n > t.Bought:
		t.Notes = append(t.Notes, fmt.Sprintf("gross profit is not judged: of %d customers with order lines in the horizon the cost is unknown", n))
		t.Profit.Verdict = evaluation.Against(models[0].name)
		return
	case n > 0:
		t.Notes = append(t.Notes, fmt.Sprintf("gross profit: %d customers whose cost in the horizon is unknown were left out", n))
	}
	t.Profit = weigh(models, func(m foretold) []float64 { return pick(m.gain, who) }, "past profit", pick(p.profitOn, who), came)
}

// weigh measures the forecasts and compares that of the chosen model with the naive one.
func weigh(models []foretold, of func(foretold) []float64, naive string, paced, came []float64) (a Amounts) {
	for _, m := range models {
		a.Forecasts = append(a.Forecasts, evaluation.Measure(m.name, of(m), came))
	}
	a.Forecasts = append(a.Forecasts, evaluation.Measure(naive, paced, came))
	chosen := models[0]
	a.Verdict = evaluation.Against(chosen.name, evaluation.CompareErrors(chosen.name, of(chosen), naive, paced, came))
	return a
}
