package pipeline

import (
	"fmt"
	"strings"

	"github.com/vitalfew/vitalfew/scoring/evaluation"
	"github.com/vitalfew/vitalfew/scoring/forecast"
)

// reportOutlook is what the models expect, and how far they are to be believed.
type reportOutlook struct {
	Text   []string
	Tables []reportTable
}

// outlook is nil where the models are off.
func (r reporter) outlook() *reportOutlook {
	m := r.m.Models
	if m == nil {
		return nil
	}
	out := &reportOutlook{Text: r.outlookText(m)}
	if r.f.Outlook.Purchases != nil {
		out.Tables = append(out.Tables, r.outlookByTier(m), r.purchaseModel(&m.Purchases))
	}
	if len(m.Churn.HeldOut) > 0 {
		out.Tables = append(out.Tables, r.heldOut(m))
	}
	return out
}

func (r reporter) outlookText(m *ModelsRecord) (text []string) {
	if r.f.Outlook.Purchases == nil {
		return []string{fmt.Sprintf("Nobody can say who will come back: %v.", r.f.Outlook.Lack)}
	}
	unit := after(r.currency)
	if v := m.All; v.Value.Known() {
		text = append(text, fmt.Sprintf("Within 12 months of the as-of day the customers on record are expected to bring %s%s gross profit, with %s between %s and %s, discounted at %s a year.%s",
			expectedMoney(v.Value), unit, percent(m.Lifetime.Level), expectedMoney(v.Low), expectedMoney(v.High), percent(m.Lifetime.Discount), spreadless(v.NoInterval)))
		if v.AtRisk.Known() {
			text = append(text, fmt.Sprintf("Of the %s%s that customers of positive value bring, %s%s is at risk: value times the probability of no purchase in %d days.",
				expectedMoney(v.Positive), unit, expectedMoney(v.AtRisk), unit, m.Churn.Horizon))
		}
	} else {
		text = append(text, "No cost is known, so no profit can be foretold. Sales are: see expected_sales_12m in customers.parquet.")
	}
	if p := m.Profit; !p.CostAbsent {
		text = append(text, fmt.Sprintf("A purchase brings %s%s gross profit on average; a customer's own mean counts half after %s purchases.", expectedMoney(p.Mean), unit, plain(p.Prior)))
	}
	text = append(text, upperFirst(churnLine(m))+".")
	if less := r.f.buyingLess(); less > 0 {
		text = append(text, fmt.Sprintf("%s still buy, but with a probability of 80%% or more at a rate that fell by more than %s.", customers(less), percent(m.Fading.Drop)))
	}
	return text
}

// spreadless says whom a range leaves out.
func spreadless(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" The range leaves out how %s vary: the spread of their profit is unknown.", customers(n))
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// plain prints a figure with few digits.
func plain(v evaluation.Figure) string {
	if !v.Known() {
		return reportNone
	}
	return fmt.Sprintf("%.4g", float64(v))
}

// buyingLess counts the customers that are on rhythm, bought in the last window, and yet likely buy less.
func (f *Figures) buyingLess() (n int) {
	for i, p := range f.Outlook.Fading.Rate {
		if p >= 0.8 && f.Outlook.Fading.Bought[i] && !f.child(i) && f.Features.OverdueRatio[i] <= f.Life.Settings.LapsedOverdue {
			n++
		}
	}
	return n
}

func (r reporter) outlookByTier(m *ModelsRecord) reportTable {
	t := reportTable{
		Caption: "Expected gross profit of 12 months and what of its positive part is at risk, by tier",
		Columns: numbers("Tier", "Customers", r.inCurrency("Expected"), r.inCurrency("At least"), r.inCurrency("At most"), r.inCurrency("Positive part"), r.inCurrency("At risk"), "Mean churn probability", "Unknown", "No spread"),
		Note:    "At least and at most hold for the tier as a whole; a customer's own interval is wider for its size. Positive part: what customers of positive value bring; at risk is a part of that. Unknown: no purchase on record, or no known cost. No spread: of the customers, those whose profit varies by an unknown amount, so that they widen no range.",
	}
	line := func(x TierOutlook) []string {
		churn := reportNone
		if x.Churn.Known() {
			churn = percent(float64(x.Churn))
		}
		return []string{x.Tier, counted(x.Customers), expectedMoney(x.Value), expectedMoney(x.Low), expectedMoney(x.High), expectedMoney(x.Positive), expectedMoney(x.AtRisk), churn, counted(x.Unknown), counted(x.NoInterval)}
	}
	for _, x := range m.Tiers {
		t.Rows = append(t.Rows, line(x))
	}
	t.Foot = line(m.All)
	return t
}

func (r reporter) purchaseModel(p *forecast.PurchaseRecord) reportTable {
	t := reportTable{
		Caption: fmt.Sprintf("Purchase model %s: %s", p.Model, p.Status),
		Columns: numbers("Parameter", "Estimate", "Standard error"),
		Note: fmt.Sprintf("%s. Maximum likelihood on %s customers with %s distinct histories, time in days; log-likelihood %s after %s evaluations.",
			upperFirst(p.Why), group(int64(p.Customers)), counted(p.Patterns), plain(p.LogLikelihood), counted(p.Evaluations)),
	}
	for _, x := range p.Parameters {
		t.Rows = append(t.Rows, []string{x.Name, plain(x.Value), plain(x.Error)})
	}
	return t
}

func (r reporter) heldOut(m *ModelsRecord) reportTable {
	last := m.Churn.Slices[len(m.Churn.Slices)-1]
	t := reportTable{
		Caption: fmt.Sprintf("Churn foretold on %s for the %d days after it, against what came", last.AsOf, last.Horizon),
		Columns: numbers("Score", "Customers", "Churned", "ROC AUC", "PR AUC", "Top-decile lift", "Brier", "Calibration error"),
		Note:    "ROC AUC: 0.5 is chance, 1 perfect. Lift: churners in the first tenth, against those in all. Brier and calibration error: 0 is perfect, and only a probability has them.",
	}
	for _, j := range m.Churn.HeldOut {
		t.Rows = append(t.Rows, []string{j.Name, counted(j.Customers), counted(j.Events), plain(j.AUC), plain(j.PRAUC), plain(j.Lift), plain(j.Brier), plain(j.ECE)})
	}
	return t
}

// modelTerms are the words of the models, where they are on.
func (r reporter) modelTerms() []reportTerm {
	m := r.m.Models
	if m == nil {
		return nil
	}
	return []reportTerm{
		{"Lifetime value", fmt.Sprintf("Expected purchases within the horizon x expected gross profit of a purchase, discounted at %s a year; a month is 365.25/12 days. Both are shrunk to what customers do on average as far as a customer's own history is short.", percent(m.Lifetime.Discount))},
		{"Churn probability and value at risk", fmt.Sprintf("The probability of no purchase in the %d days from the as-of day on, learned from earlier days of the same data. Value at risk is that x the lifetime value of 12 months: the order in which to call.", m.Churn.Horizon)},
		{"Buying less", fmt.Sprintf("The probability that the rate of purchases in the last %d days fell by more than %s against the same days a year before (the days just before where history is shorter), beside the company's own change.", m.Fading.Window, percent(m.Fading.Drop))},
	}
}
