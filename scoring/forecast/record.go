package forecast

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/scoring/btyd"
	"github.com/vitalfew/vitalfew/scoring/churn"
	"github.com/vitalfew/vitalfew/scoring/clv"
	"github.com/vitalfew/vitalfew/scoring/evaluation"
)

// Record is what the manifest says of the models. Figures without a value are null.
type Record struct {
	Purchases PurchaseRecord          `json:"purchases"`
	Profit    ProfitRecord            `json:"profit_per_purchase"`
	Value     ValueRecord             `json:"value_per_purchase"`
	Lifetime  LifetimeRecord          `json:"lifetime_value"`
	Churn     ChurnRecord             `json:"churn"`
	Fading    churn.FadingDiagnostics `json:"buying_less"`
	// Flags counts the customers of each combination of flags.
	Flags map[string]int `json:"flags"`
	// Notes say in words what limits the figures.
	Notes []string `json:"notes,omitempty"`
}

// Parameter is an estimate with its standard error.
type Parameter struct {
	Name  string            `json:"name"`
	Value evaluation.Figure `json:"value"`
	Error evaluation.Figure `json:"standard_error"`
}

// PurchaseRecord is the fit of the purchase model, time in days.
type PurchaseRecord struct {
	Model         string            `json:"model"`
	Why           string            `json:"why"`
	Lack          string            `json:"lack,omitempty"` // what the data lack for one
	Status        string            `json:"status,omitempty"`
	Parameters    []Parameter       `json:"parameters,omitempty"`
	LogLikelihood evaluation.Figure `json:"log_likelihood"`
	Customers     float64           `json:"customers"`
	Patterns      int               `json:"patterns"`
	Starts        int               `json:"starts"`
	Evaluations   int               `json:"evaluations"`
	// Candidates are the models that auto compared.
	Candidates []CandidateRecord `json:"candidates,omitempty"`
}

// CandidateRecord is a purchase model in the holdout of auto.
type CandidateRecord struct {
	Model string `json:"model"`
	// Holdout is the mean log-likelihood of what a customer did, Expected the purchases foretold of all.
	Holdout  evaluation.Figure `json:"holdout_log_likelihood"`
	Expected evaluation.Figure `json:"expected_purchases"`
	Fault    string            `json:"fault,omitempty"`
}

// ProfitRecord is the model of gross profit per purchase, in currency units.
type ProfitRecord struct {
	Mean       evaluation.Figure `json:"mean"`
	MeanError  evaluation.Figure `json:"mean_standard_error"`
	Between    evaluation.Figure `json:"between_customers_sd"`
	Within     evaluation.Figure `json:"within_customers_sd"`
	Prior      evaluation.Figure `json:"prior_purchases"` // own purchases that weigh as much as the population
	Customers  int               `json:"customers"`
	Unknown    int               `json:"customers_without_cost"`
	Outliers   int               `json:"outliers"`
	Rule       bool              `json:"rule_of_thumb"` // the data do not tell the variances apart
	CostAbsent bool              `json:"cost_absent"`
}

// ValueRecord is the Gamma-Gamma model of net value per purchase, v in currency units.
type ValueRecord struct {
	Status        string            `json:"status"`
	Parameters    []Parameter       `json:"parameters"`
	LogLikelihood evaluation.Figure `json:"log_likelihood"`
	Customers     int               `json:"repeat_buyers"`
	Evaluations   int               `json:"evaluations"`
	Outliers      int               `json:"outliers"`
	Independence  string            `json:"independence"`
}

// LifetimeRecord is how money to come was valued.
type LifetimeRecord struct {
	Months       []float64 `json:"months"`
	MonthDays    float64   `json:"days_of_a_month"`
	Discount     float64   `json:"yearly_discount_rate"`
	Level        float64   `json:"interval_level"`
	Around       int       `json:"models_around"` // the parameters' uncertainty rests on; 0: left out
	CustomersOff int       `json:"customers_without_value"`
}

// ChurnRecord is what the churn model learned, with its last holdout.
type ChurnRecord struct {
	Horizon int `json:"horizon_days"`
	churn.Diagnostics
}

// Record describes the outlook.
func (o *Outlook) Record() *Record {
	r := &Record{Purchases: o.purchaseRecord(), Profit: o.profitRecord(), Value: o.valueRecord(),
		Churn: ChurnRecord{o.Risk.Horizon, o.Risk.Diagnostics}, Fading: o.Fading.Diagnostics, Flags: map[string]int{}, Notes: o.Notes()}
	r.Lifetime = LifetimeRecord{MonthDays: clv.Month, Discount: o.Settings.Discount, Level: o.Settings.Level, Around: o.Lifetime.Around}
	for _, h := range o.Lifetime.Horizons {
		r.Lifetime.Months = append(r.Lifetime.Months, h.Months)
	}
	for c, f := range o.Flags {
		r.Flags[f.String()]++
		if math.IsNaN(o.Lifetime.Horizons[0].Value[c]) {
			r.Lifetime.CustomersOff++
		}
	}
	return r
}

func (o *Outlook) purchaseRecord() PurchaseRecord {
	r := PurchaseRecord{Model: string(o.Settings.Model), Why: "set"}
	if c := o.Choice; c != nil {
		r.Why = c.Why
		for _, d := range c.Candidates {
			r.Candidates = append(r.Candidates, CandidateRecord{d.Family.String(), evaluation.Figure(d.Holdout), evaluation.Figure(d.Expected), d.Fault})
		}
	}
	p := o.Purchases
	if p == nil {
		r.Lack = o.Lack.Error()
		return r
	}
	r.Model, r.Status, r.LogLikelihood = p.Family.String(), p.Status.String(), evaluation.Figure(p.LL)
	r.Customers, r.Patterns, r.Starts, r.Evaluations = p.Customers, p.Patterns, p.Starts, p.Evaluations
	for i, name := range p.Family.Parameters() {
		r.Parameters = append(r.Parameters, Parameter{name, evaluation.Figure(p.Theta[i]), evaluation.Figure(p.SE[i])})
	}
	return r
}

func (o *Outlook) profitRecord() ProfitRecord {
	p := o.Profit
	return ProfitRecord{
		Mean: evaluation.Figure(p.Mean), MeanError: evaluation.Figure(p.MeanSE), Between: root(p.Tau2), Within: root(p.Sigma2),
		Prior: evaluation.Figure(p.K), Customers: p.Groups, Unknown: p.Unknown, Outliers: len(p.Left), Rule: !p.Estimated, CostAbsent: o.CostOff(),
	}
}

func (o *Outlook) valueRecord() ValueRecord {
	v := o.Value
	r := ValueRecord{Status: v.Status.String(), LogLikelihood: evaluation.Figure(v.LL), Customers: v.N, Evaluations: v.Evaluations,
		Outliers: len(v.Left), Independence: v.Check.String()}
	for i, name := range [3]string{"p", "q", "v"} {
		r.Parameters = append(r.Parameters, Parameter{name, evaluation.Figure([3]float64{v.P, v.Q, v.V}[i]), evaluation.Figure(v.SE[i])})
	}
	return r
}

// Notes say in words what limits the figures; none where there is nothing to say.
func (o *Outlook) Notes() (notes []string) {
	note := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	if p := o.Purchases; p == nil {
		note("lifetime value: %v", o.Lack)
	} else if p.Status != btyd.Converged {
		note("purchase model %v ended %v: its figures hold, but nothing says how sure its parameters are, and the intervals of lifetime value leave that out", p.Family, p.Status)
	} else if o.Lifetime.Around == 0 {
		note("purchase model %v: its parameters are too uncertain for the intervals of lifetime value, which leave them out", p.Family)
	}
	if !o.CostOff() {
		for _, w := range o.Profit.Warnings() {
			note("profit per purchase: %s", w)
		}
	}
	for _, w := range o.Value.Warnings() {
		note("value per purchase: %s", w)
	}
	if why := o.Risk.Fallback; why != "" && o.Purchases != nil {
		note("churn probability: that of the purchase model %v, for want of a past to learn from: %s", o.Purchases.Family, why)
	} else if why != "" {
		note("churn probability: unknown: %s", why)
	}
	if why := o.Fading.Diagnostics.Why; why != "" {
		note("buying less: unknown: %s", why)
	}
	return notes
}

func root(v float64) evaluation.Figure { return evaluation.Figure(math.Sqrt(v)) }
