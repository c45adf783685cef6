package pipeline

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/scoring/keyaccount"
)

// The answers of CriterionFigure.Passes.
const (
	passes  = "yes"
	fails   = "no"
	unknown = "unknown"
	isOff   = "off"
)

func answer(yes bool) string {
	if yes {
		return passes
	}
	return fails
}

// criteria are the figures that the tier rests on, each with its cut, in the order in which they decide.
func (r row) criteria(m *Manifest, b *bars) []CriterionFigure {
	s := r.standing(b)
	return []CriterionFigure{
		r.purchaseCriterion(m), r.volumeCriterion(m, &s), r.marginCriterion(m, &s), r.quadrantCriterion(&s), r.creditCriterion(&s), r.stageCriterion(&s),
		r.profitCriterion(m, &s), r.rfmCriterion(m),
	}
}

func (r row) purchaseCriterion(m *Manifest) CriterionFigure {
	c := CriterionFigure{Criterion: "purchase in the window", Value: "none on record", Cut: "on or after " + m.WindowFrom, Passes: fails}
	if last := r.day("last_day"); last.Known() {
		n, _ := r.count("orders_window")
		c.Value, c.Passes = fmt.Sprintf("last on %s, %d orders in the window", last, n), answer(last.String() >= m.WindowFrom)
	}
	return c
}

func (r row) volumeCriterion(m *Manifest, s *standing) CriterionFigure {
	c := CriterionFigure{Criterion: "volume", Value: "net sales " + cents(s.net), Passes: answer(s.quadrant == keyaccount.Key || s.quadrant == keyaccount.VolumeOnly)}
	if rank, known := r.count("sales_rank"); known {
		c.Value += fmt.Sprintf(", rank %d, class %s, %s of all, %s with those before", rank, r.text("sales_class"), share(r.float("sales_share")), share(r.float("sales_cum_share")))
	} else {
		c.Value += ", no rank"
	}
	c.Cut = m.Recipe.KeyAccount["volume"]
	if s.bars.cuts.VolumeKnown {
		c.Cut += ": from " + cents(s.bars.cuts.Net)
	}
	if s.quadrant == keyaccount.Unknown {
		c.Passes = answer(s.bars.cuts.VolumeKnown && s.net >= s.bars.cuts.Net)
	}
	return c
}

func (r row) marginCriterion(m *Manifest, s *standing) CriterionFigure {
	c := CriterionFigure{Criterion: "margin", Value: "unknown", Passes: answer(s.quadrant == keyaccount.Key || s.quadrant == keyaccount.Niche)}
	if !math.IsNaN(s.rate) {
		c.Value = fmt.Sprintf("%s, shrunk to the company %s; gross profit %s", points(s.rate), points(r.float("margin_rate_shrunk")), cents(s.profit))
	}
	c.Cut = m.Recipe.KeyAccount["margin"]
	if !math.IsNaN(s.bars.cuts.Margin) {
		c.Cut += ": from " + points(s.bars.cuts.Margin)
	}
	switch {
	case s.bars.marginOff:
		c.Passes, c.Cut = isOff, "no sales with a known cost in the window"
	case s.quadrant == keyaccount.Unknown:
		c.Passes = unknown
	}
	return c
}

func (r row) quadrantCriterion(s *standing) CriterionFigure {
	c := CriterionFigure{Criterion: "quadrant", Value: s.quadrant.String(), Cut: keyaccount.Key.String(), Passes: answer(s.quadrant == keyaccount.Key)}
	if score := r.float("key_score"); !math.IsNaN(score) {
		c.Value += fmt.Sprintf(", key score %.1f", score)
	}
	if fit := r.float("strategic_fit"); !math.IsNaN(fit) {
		c.Value += fmt.Sprintf(", strategic fit %g of 5", fit)
	}
	return c
}

func (r row) creditCriterion(s *standing) CriterionFigure {
	c := CriterionFigure{Criterion: "credit", Value: s.credit.String(), Cut: "GOOD for core, not BLOCKED for key"}
	if s.creditText != "" {
		c.Value = s.creditText
	}
	switch {
	case s.bars.creditOff:
		c.Passes, c.Value = isOff, "no credit data in the run"
	case s.credit == keyaccount.CreditUnknown:
		c.Passes = unknown
	default:
		c.Passes = answer(s.credit == keyaccount.CreditGood)
	}
	return c
}

func (r row) stageCriterion(s *standing) CriterionFigure {
	l := s.bars.life
	return CriterionFigure{Criterion: "life stage", Value: s.stageText(), Passes: answer(s.loyal()),
		Cut: fmt.Sprintf("loyal: %d purchases in %d quarters, overdue up to %g", l.LoyalPurchases, l.LoyalQuarters, l.LoyalOverdue)}
}

// profitCriterion is the share of KEY profit. The cut is asked of KEY accounts.
func (r row) profitCriterion(m *Manifest, s *standing) CriterionFigure {
	c := CriterionFigure{Criterion: "share of KEY profit", Value: "unknown", Passes: unknown, Cut: fmt.Sprintf("first %s of it", shareText(m.Recipe.Segments["core_share"]))}
	if s.bars.core > 0 {
		c.Cut += ": from " + cents(s.bars.core)
	}
	if s.bars.marginOff {
		c.Passes, c.Value = isOff, "no sales with a known cost in the window"
		return c
	}
	profit, known := r.amount("gross_profit_window")
	switch {
	case !known:
		return c
	case s.quadrant != keyaccount.Key:
		c.Value, c.Passes = "none: not a KEY account", fails
	case s.bars.keyProfit > 0:
		c.Value, c.Passes = fmt.Sprintf("%s of %s", share(profit.Float()/s.bars.keyProfit.Float()), cents(s.bars.keyProfit)), answer(s.bars.core > 0 && profit >= s.bars.core)
	default:
		c.Value, c.Passes = "KEY accounts make no profit", fails
	}
	return c
}

func (r row) rfmCriterion(m *Manifest) CriterionFigure {
	c := CriterionFigure{Criterion: "RFM", Value: "no purchase", Passes: unknown}
	rs, scored := r.count("r_score")
	if !scored {
		return c
	}
	fs, _ := r.count("f_score")
	ms, _ := r.count("m_score")
	recency, _ := r.count("recency_days")
	frequency, _ := r.count("frequency")
	monetary, _ := r.amount("monetary")
	c.Value = fmt.Sprintf("%d%d%d %s: %d days, %d purchases, %s", rs, fs, ms, r.text("rfm_segment"), recency, frequency, cents(monetary))
	var money4 []string
	for _, text := range m.Cuts.RFMMonetary {
		money4 = append(money4, roundText(text))
	}
	c.Cut, c.Passes = fmt.Sprintf("days %v, purchases %v, amounts %v", m.Cuts.RFMRecency, m.Cuts.RFMFrequency, money4), ""
	return c
}

// share prints a part of a whole.
func share(v float64) string {
	if math.IsNaN(v) {
		return "unknown"
	}
	return fmt.Sprintf("%.1f%%", 100*v)
}

// shareText prints a rate of a recipe.
func shareText(text string) string {
	var r reader
	if v := r.float(text); r.err == nil && !math.IsNaN(v) {
		return share(v)
	}
	return text
}

// roundText prints an amount of a manifest in cents.
func roundText(text string) string {
	var r reader
	if a := r.amount(text); r.err == nil {
		return cents(a)
	}
	return text
}
