package pipeline

import (
	"fmt"

	"github.com/vitalfew/vitalfew/scoring/evaluation"
)

// rescueRows is how many customers to rescue the summary shows.
const rescueRows = 5

// outlook prints what the models expect, how far they are to be believed, and whom to call first.
func (p *printer) outlook(f *Figures, m *Manifest) {
	if f.Outlook == nil || f.Outlook.Purchases == nil {
		return
	}
	p.head("What comes next")
	r, currency := m.Models, after(m.Currency)
	if all := r.All; all.Value.Known() {
		p.line("  the customers on record are expected to bring %s%s gross profit in 12 months (%s to %s), discounted at %s a year",
			expectedMoney(all.Value), currency, expectedMoney(all.Low), expectedMoney(all.High), percent(r.Lifetime.Discount))
		if all.NoInterval > 0 {
			p.line("  the range leaves out how %s vary: the spread of their profit is unknown", customers(all.NoInterval))
		}
		if all.AtRisk.Known() {
			p.line("  of the %s%s that customers of positive value bring, at risk: %s%s", expectedMoney(all.Positive), currency, expectedMoney(all.AtRisk), currency)
		}
	}
	p.line("  %s", purchaseLine(r))
	p.line("  %s", churnLine(r))
	l := f.Lists.Rescue
	for at, c := range l.Rows[:min(rescueRows, len(l.Rows))] {
		name := f.Ledger.ID(int(c))
		if text, known := (gather{f: f}).crmName(int(c)); known {
			name += " " + text
		}
		if at == 0 {
			p.line("  call first:")
		}
		p.line("%3d  %-44s %16s", at+1, clip(name, 44), cents(l.Amount[at]))
		p.line("     %s", l.Reasons[at])
	}
}

// expectedMoney prints a figure of money to the cent.
func expectedMoney(v evaluation.Figure) string {
	a, ok := toAmount(float64(v))
	if !ok {
		return reportUnknown
	}
	return cents(a)
}

// purchaseLine says which model speaks of purchases, and why.
func purchaseLine(r *ModelsRecord) string {
	p := r.Purchases
	which := p.Why
	if which == "set" {
		which = p.Model + " as set"
	}
	return fmt.Sprintf("purchases: %s; %s customers, %s after %s evaluations", which, group(int64(p.Customers)), p.Status, group(int64(p.Evaluations)))
}

// churnLine says how the churn probability did on the last days that are known.
func churnLine(r *ModelsRecord) string {
	c := r.Churn
	if c.Fallback != "" || len(c.HeldOut) == 0 {
		return "churn: not judged on a holdout; " + c.Fallback
	}
	days := c.Slices[len(c.Slices)-1].Horizon
	text := fmt.Sprintf("churn: on the last %d days", days)
	for i, j := range c.HeldOut {
		sep := ", "
		if i == 0 {
			sep = " "
		}
		text += fmt.Sprintf("%s%s AUC %.3f", sep, j.Name, float64(j.AUC))
	}
	if c.Verdict != nil {
		text += "; " + c.Verdict.Text
	}
	return text
}
