package pipeline

import (
	"fmt"

	"github.com/vitalfew/vitalfew/scoring/keyaccount"
)

// terms are the words of the page, each in a paragraph with the cuts of this run. They say what
// shared/design/definitions and the packages say, in short.
func (r reporter) terms() []reportTerm {
	s := r.f
	c, life, credit := s.Sales.Cuts, s.Life.Settings, r.creditCuts()
	terms := []reportTerm{
		{"As-of day and window", fmt.Sprintf("The run sees the days before %s. Window figures cover %s, purchases and life stages all days before the as-of day.", r.m.AsOf, windowDays(r.m))},
		{"Net sales", "Sales less returns and discounts, without tax. A purchase is an order with a sale line and a value above zero; cancelled orders are set aside."},
		{"Gross profit and margin", fmt.Sprintf("Gross profit is net sales less cost, over the lines whose cost is known; margin is gross profit / net sales over the same lines. "+
			"A customer's profit is known where the cost of %s or more of the sales is. Company margin: %s.", cut(s.Key.Settings.MinCoverage), ratio(s.Key.CompanyRate()))},
		{"Sales class", fmt.Sprintf("Customers ranked by net sales of the window. A: those before whom less than %s of the sum above zero is made, B: less than %s, C: the rest above zero; Z sold nothing, L is below zero. "+
			"Customers with equal values share a class.", cut(c.A), cut(c.B))},
		{"Whale curve", "Gross profit piled up over the customers, most profitable first. It climbs while customers earn, peaks, and falls over those that lose money to the company's total."},
		{"Quadrant", fmt.Sprintf("KEY: high volume and high margin; VOLUME_ONLY: volume without margin; NICHE: margin without volume; TAIL: neither; UNKNOWN: margin not known. "+
			"Volume is high: %s. Margin is high: %s.", r.volumeCut(), r.marginCut())},
		{"Key score", r.keyScore()},
		{"Credit state", credit},
		{"Life stage", fmt.Sprintf("Prospect: no purchase yet; first: one purchase; repeat: more; loyal: %d or more purchases in %d or more quarters, and silent for no more than %g times the expected gap; "+
			"partner: loyal, KEY, a customer for %d days or more and buying %d or more categories where categories are known; %s",
			life.LoyalPurchases, life.LoyalQuarters, life.LoyalOverdue, life.PartnerTenureDays, life.PartnerBreadth, r.lapsedTerm())},
		{"Tier", r.tierTerm()},
		{"RFM", "Recency is days since the last purchase, frequency the number of purchases, monetary net sales, over all history. Each is scored 1 to 5, 5 best; the three scores together name the segment."},
		{"Lists", fmt.Sprintf("Rising means net sales more than %s above the window of the same length before, where the data reach back that far. Key accounts: core and key by key score. Develop: general or NICHE customers that rise and have potential. "+
			"Fix margin: VOLUME_ONLY by the profit lost against the company margin; discounts, returns, the mix of categories and what is left, cost and prices, add up to it. Let go: general customers that lose money, do not rise, have no potential and a strategic fit below %g.", cut(s.Lists.Settings.Rise), s.Lists.Settings.HighFit)},
		{"Concentration", "Gini is 0 where all customers with net sales sell the same and 1 where one sells everything; the top shares are those of the best 1% and 10% of these customers."},
	}
	return append(terms, r.modelTerms()...)
}

// lapsedTerm is what it takes to have lapsed.
func (r reporter) lapsedTerm() string {
	life := r.f.Life.Settings
	rhythm := fmt.Sprintf("silent for more than %g times the expected gap", life.LapsedOverdue)
	if r.f.purchaseModel() != "" {
		return fmt.Sprintf("lapsed: by the purchase model less than %s likely to be a customer still (where it cannot tell: %s), or only returns on record.", percent(life.LapsedAlive), rhythm)
	}
	return "lapsed: " + rhythm + ", or only returns on record."
}

func windowDays(m *Manifest) string {
	if m.Recipe.Window == "all" {
		return "all these days"
	}
	return fmt.Sprintf("%s up to the day before %s (%s days)", m.WindowFrom, m.WindowTo, m.Recipe.Window)
}

func (r reporter) keyScore() string {
	switch {
	case r.f.Key.MarginOff:
		return "The volume percentile, 0 to 100, because the margin is off."
	case r.f.Fit != nil:
		return fmt.Sprintf("100 x the geometric mean of the volume and the margin percentile: a zero in one cannot be bought back by the other. Strategic fit from the CRM, where given, weighs %s of it. "+
			"The margin is shrunk toward the company's as far as a customer's orders are few or erratic.", cut(r.f.Key.Settings.FitWeight))
	}
	return "100 x the geometric mean of the volume and the margin percentile: a zero in one cannot be bought back by the other. The margin is shrunk toward the company's as far as a customer's orders are few or erratic."
}

// creditCuts are the cuts of the credit criteria that the run has data for.
func (r reporter) creditCuts() string {
	if r.f.Credit == nil {
		return "Off: the run has no credit data. A credit state is never guessed: what is missing is UNKNOWN."
	}
	c := r.f.Credit.Cuts
	about := map[keyaccount.Criterion]string{
		keyaccount.BlockFlag:    "blocked by the credit department",
		keyaccount.OverdueShare: fmt.Sprintf("overdue share of receivables above %s and %s", cut(c.WatchOverdue), cut(c.BlockOverdue)),
		keyaccount.OverdueAge:   fmt.Sprintf("oldest overdue item above %d and %d days", c.WatchOverdueDays, c.BlockOverdueDays),
		keyaccount.DSO:          fmt.Sprintf("days sales outstanding above %g and %g", c.WatchDSO, c.BlockDSO),
		keyaccount.LimitUse:     fmt.Sprintf("use of the credit limit above %s and %s", cut(c.WatchLimitUse), cut(c.BlockLimitUse)),
	}
	text := "WATCH and BLOCKED, by what the CRM export tells"
	sep := ": "
	for i, live := range r.f.Credit.Live {
		if live {
			text += sep + about[keyaccount.Criterion(i)]
			sep = "; "
		}
	}
	return text + ". GOOD passes all of these, and what is missing is UNKNOWN, never GOOD."
}

func (r reporter) tierTerm() string {
	core, key := "core: KEY quadrant, credit GOOD, loyal or partner", "key: the other KEY accounts whose credit is not BLOCKED"
	if r.f.Credit == nil {
		core, key = "core: KEY quadrant, loyal or partner (credit is off)", "key: the other KEY accounts"
	} else if r.f.Tier.Settings.NeedKnownCredit {
		key += " and is known"
	}
	if r.f.Key.MarginOff {
		core += " (the share of KEY profit is off, because no profit is known)"
	} else {
		core += fmt.Sprintf(", among the accounts that make the first %s of KEY profit", cut(r.f.Tier.Settings.CoreShare))
	}
	return "The first that fits. " + upper(core) + ". " + upper(key) + ". General: the others with a purchase in the window. Dormant: purchases or returns, but no purchase in the window. Prospect: an account without any."
}

// upper begins a sentence.
func upper(ascii string) string { return string(ascii[0]-'a'+'A') + ascii[1:] }
