package pipeline

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/scoring/clv"
	"github.com/vitalfew/vitalfew/scoring/evaluation"
	"github.com/vitalfew/vitalfew/scoring/forecast"
	"github.com/vitalfew/vitalfew/segment/list"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// ModelsRecord is what the manifest says of lifetime value and churn: the models, how they did on the
// last holdout, and what they come to by tier. Children are in their parents' figures.
type ModelsRecord struct {
	*forecast.Record
	Tiers []TierOutlook `json:"tiers"`
	All   TierOutlook   `json:"all"`
}

// TierOutlook is what a tier is expected to bring in 12 months, discounted, in currency units.
type TierOutlook struct {
	Tier string `json:"tier"`
	// Customers have a lifetime value, Unknown have none.
	Customers int `json:"customers"`
	Unknown   int `json:"unknown"`
	// NoInterval of Customers have an unknown spread, so that they widen no range.
	NoInterval int `json:"no_interval"`
	// Value lies in Low..High with the level of the intervals; losses are in it. Positive is what the
	// customers of positive value bring, AtRisk the part of that which churn is expected to take.
	Value    evaluation.Figure `json:"clv_12m"`
	Low      evaluation.Figure `json:"clv_12m_low"`
	High     evaluation.Figure `json:"clv_12m_high"`
	Positive evaluation.Figure `json:"clv_12m_positive"`
	AtRisk   evaluation.Figure `json:"value_at_risk"`
	// Churn is the mean churn probability of the customers that have one.
	Churn evaluation.Figure `json:"mean_churn_probability"`
}

func (f *Figures) modelsRecord() *ModelsRecord {
	if f.Outlook == nil {
		return nil
	}
	r := &ModelsRecord{Record: f.Outlook.Record()}
	tiers := make([]int32, len(f.Tiers))
	all := make([]int32, len(f.Tiers))
	for i, t := range f.Tiers {
		tiers[i] = int32(t)
		if f.child(i) {
			tiers[i], all[i] = -1, -1
		}
	}
	r.Tiers = f.outlookBy(tiers, tier.Tiers)[tier.Core:]
	for i := range r.Tiers {
		r.Tiers[i].Tier = (tier.Core + tier.Tier(i)).String()
	}
	r.All = f.outlookBy(all, 1)[0]
	r.All.Tier = "all"
	return r
}

// outlookBy adds the outlook up by group: of[i] is the group of customer i, below zero none.
func (f *Figures) outlookBy(of []int32, groups int) []TierOutlook {
	o := f.Outlook
	out := make([]TierOutlook, groups)
	for g, t := range o.Lifetime.Horizons[0].Totals(of, groups) {
		out[g] = TierOutlook{Customers: t.Customers, Unknown: t.Unknown, NoInterval: t.NoInterval, Value: unknownIfNone(t, t.Value), Low: unknownIfNone(t, t.Low), High: unknownIfNone(t, t.High)}
	}
	positive, risk, churn, known := make([]float64, groups), make([]float64, groups), make([]float64, groups), make([]float64, groups)
	for i, g := range of {
		if g < 0 {
			continue
		}
		if v := o.Lifetime.Horizons[0].Value[i]; v > 0 {
			positive[g] += v
		}
		if v := o.ValueAtRisk[i]; v > 0 {
			risk[g] += v
		}
		if p := o.Risk.Probability[i]; !math.IsNaN(p) {
			churn[g], known[g] = churn[g]+p, known[g]+1
		}
	}
	for g := range out {
		out[g].Churn = evaluation.Figure(churn[g] / known[g])
		if out[g].Positive = evaluation.Figure(positive[g]); out[g].Customers == 0 {
			out[g].Positive = evaluation.Figure(math.NaN())
		}
		if out[g].AtRisk = evaluation.Figure(risk[g]); out[g].Customers == 0 || known[g] == 0 {
			out[g].AtRisk = evaluation.Figure(math.NaN())
		}
	}
	return out
}

func unknownIfNone(t clv.Total, v float64) evaluation.Figure {
	if t.Customers == 0 {
		return evaluation.Figure(math.NaN())
	}
	return evaluation.Figure(v)
}

// modelsOff names what the run cannot foretell.
func (f *Figures) modelsOff() (off []string) {
	o := f.Outlook
	switch {
	case o == nil:
		return []string{"lifetime value and churn: off by setting, so their columns are empty, the rhythm alone says who lapsed, and the rescue list is not drawn up"}
	case o.Purchases == nil:
		off = append(off, fmt.Sprintf("lifetime value: the data do not bear a model of who comes back (%v), so p_alive, expected purchases, lifetime value and value at risk are empty and the rhythm alone says who lapsed", o.Lack))
	}
	if o.CostOff() {
		off = append(off, "lifetime value in profit: no purchase with a known cost, so profit per purchase, lifetime value and value at risk are empty; expected_sales_12m and churn_probability are not")
	}
	return off
}

// risk gives the lists what the models say of who may be lost.
func (f *Figures) risk(in *list.Customers) {
	o := f.Outlook
	switch {
	case o == nil:
		in.RiskOff = "no value at risk: the models are off by setting"
		return
	case o.CostOff():
		in.RiskOff = "no value at risk: no purchase with a known cost, so no profit can be foretold"
		return
	case o.Purchases == nil:
		in.RiskOff = fmt.Sprintf("no value at risk: %v", o.Lack)
		return
	}
	in.ValueAtRisk, in.RiskKnown = f.atRisk.amount, f.atRisk.known
	in.Churn, in.BuyingLess, in.OverdueRatio, in.ChurnDays = o.Risk.Probability, o.Fading.Rate, f.Features.OverdueRatio, o.Risk.Horizon
	in.Bought, in.SilentDays, in.UsualGap, in.LateOverdue = o.Fading.Bought, f.Features.RecencyDays, f.Features.ExpectedGap, f.Life.Settings.LapsedOverdue
	in.RiskWhy = o.Risk.AppendReasons
}
