package pipeline

import (
	"fmt"
	"io"

	"github.com/vitalfew/vitalfew/scoring/backtest"
	"github.com/vitalfew/vitalfew/scoring/evaluation"
)

// WriteText prints the tables of every day and the verdicts in words.
func (b *Backtested) WriteText(w io.Writer) error {
	p := &printer{w: w}
	p.line("Backtest: %d days ahead, data from %s to %s", b.HorizonDays, b.From, b.To)
	for _, warning := range b.Warnings {
		p.line("  warning: %v", warning)
	}
	for _, t := range b.Trials {
		p.trial(t, b.Currency)
	}
	p.head("In words")
	for _, s := range b.Words {
		p.line("  * %s", s)
	}
	if p.err != nil {
		return fmt.Errorf("print the backtest: %w", p.err)
	}
	return nil
}

func (p *printer) trial(t *backtest.Trial, currency string) {
	p.head("As of %s, until %s: %s customers, %s bought again; purchase model %s", t.AsOf, t.To,
		group(int64(t.Customers)), group(int64(t.Bought)), t.Model)
	for _, note := range t.Notes {
		p.line("  note: %s", note)
	}
	p.line("\n  %-24s%9s%17s%9s%10s%15s%9s", "Who buys", "ROC AUC", "95%", "PR AUC", "lift 10%", "sales in 10%", "in 20%")
	for _, j := range t.Buyers.Scores {
		p.line("  %-24s%9s%17s%9s%10s%15s%9s", j.Name, digits(j.AUC, 4), digits(j.AUCLow, 3)+" to "+digits(j.AUCHigh, 3), digits(j.PRAUC, 4),
			digits(j.Lift, 2), digits(j.Capture10, 3), digits(j.Capture20, 3))
	}
	p.line("  %s", t.Buyers.Verdict.Text)
	p.line("\n  %-24s%9s%10s%9s%9s%9s%9s%12s", "Who stays away", "PR AUC", "lift 10%", "Brier", "ECE", "by luck", "EMPC", "to contact")
	for _, j := range t.Churn.Scores {
		p.line("  %-24s%9s%10s%9s%9s%9s%9s%12s", j.Name, digits(j.PRAUC, 4), digits(j.Lift, 2), digits(j.Brier, 4), digits(j.ECE, 4),
			digits(j.ECEByChance, 4), digits(j.EMPC, 2), digits(j.Fraction, 3))
	}
	for _, j := range t.Churn.Scores[:1] {
		if s := backtest.Calibration(j); s != "" {
			p.line("  %s %s", j.Name, s)
		}
		p.deciles("  probability of staying away", j.Bins, 3)
	}
	p.amountsOf("Purchase days", t.Purchases, 3)
	p.amountsOf("Sales of purchases"+after(currency), t.Sales, 2)
	p.amountsOf("Gross profit"+after(currency), t.Profit, 2)
}

func (p *printer) amountsOf(what string, a backtest.Amounts, n int) {
	if len(a.Forecasts) == 0 {
		return // a note says why
	}
	p.line("\n  %-24s%12s%12s%12s%16s%16s%9s%9s%9s", what, "MAE", "RMSE", "bias", "foretold", "came", "Gini", "in 10%", "in 20%")
	for _, f := range a.Forecasts {
		p.line("  %-24s%12s%12s%12s%16s%16s%9s%9s%9s", f.Name, digits(f.MAE, n), digits(f.RMSE, n), digits(f.Bias, n),
			digits(f.Predicted, 1), digits(f.Actual, 1), digits(f.Gini, 3), digits(f.Capture10, 3), digits(f.Capture20, 3))
	}
	p.line("  %s", a.Verdict.Text)
	p.deciles("  mean by decile", a.Forecasts[0].Bins, n)
}

// deciles print what was said and what came, from the lowest tenth of the forecasts to the highest.
func (p *printer) deciles(what string, bins []evaluation.Bin, n int) {
	said, came := "", ""
	for _, b := range bins {
		said += fmt.Sprintf("%11s", digits(b.Forecast, n))
		came += fmt.Sprintf("%11s", digits(b.Actual, n))
	}
	if len(bins) > 0 {
		p.line("  %-30s foretold%s", what, said)
		p.line("  %-30s     came%s", "", came)
	}
}

// digits prints a figure with n decimals, a dash where it is unknown.
func digits(f evaluation.Figure, n int) string {
	if !f.Known() {
		return "-"
	}
	return fmt.Sprintf("%.*f", n, float64(f))
}
