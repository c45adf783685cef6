package pipeline

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// Ascent is what would have to change for the next tier up, the other customers staying as they are:
// every need at once, all figures being of the window. The tier is that of the rules, overrides aside.
type Ascent struct {
	Tier  string `json:"tier"` // "" at the top, and for a child, whose tier is its parent's
	Needs []Need `json:"needs"`
	Note  string `json:"note,omitempty"`
}

// Need is one change. Figures are exact texts: amounts of money, rates as fractions, counts.
type Need struct {
	Criterion string `json:"criterion"`
	Now       string `json:"now"` // "" unknown
	Needed    string `json:"needed"`
	By        string `json:"by,omitempty"` // needed - now, where that is an amount or a count
	// About says that what is enough is an estimate: shrunk rates move with all customers.
	About bool   `json:"about,omitempty"`
	Text  string `json:"text"`
}

// climber is a standing with the figures that only the way up asks for.
type climber struct {
	standing
	rule, cut           tier.Tier
	orders              int64        // in the window
	covered             money.Amount // net sales of the window whose cost is known; 0 where there is no rate
	profitKnown         bool
	purchases, quarters int64
	overdue, alive      float64
	minCoverage         string
}

func (r row) climber(b *bars, minCoverage string) climber {
	c := climber{standing: r.standing(b), rule: tierNamed(r.text("rule_tier")), cut: tierNamed(r.text("cut_tier")),
		overdue: r.float("overdue_ratio"), alive: r.float("p_alive"), minCoverage: minCoverage}
	c.orders, _ = r.count("orders_window")
	c.purchases, _ = r.count("frequency")
	c.quarters, _ = r.count("purchase_quarters")
	_, c.profitKnown = r.amount("gross_profit_window")
	switch {
	case c.rate == 0: // nothing says how much is covered
		c.covered = max(0, c.net)
	case !math.IsNaN(c.rate): // rate = profit / covered
		c.covered = money.Amount(math.Round(float64(c.profit) / c.rate))
	}
	return c
}

// ascent lists the needs.
func (c *climber) ascent() Ascent {
	switch {
	case c.rule == tier.None:
		return Ascent{Note: "the run keeps no tier by the rules: it is of an older version"}
	case c.rule == tier.Core:
		return Ascent{Note: "core is the top"}
	}
	up := min(c.rule-1, tier.General)
	a := Ascent{Tier: up.String(), Needs: []Need{}}
	if c.cut <= up {
		a.Note = fmt.Sprintf("nothing: by the cuts it is %s already; the next run moves it up, one step a run, if its figures hold", c.cut)
		return a
	}
	switch up {
	case tier.General:
		a.Needs = append(a.Needs, Need{Criterion: "purchase", Now: c.last.String(), Needed: c.bars.from.String(),
			Text: "a purchase, that is an order of positive net value: none since " + c.bars.from.String() + ", where the window begins"})
	case tier.Key:
		a.Needs = append(a.Needs, c.keyNeeds()...)
	case tier.Core:
		if c.cut > tier.Key {
			a.Needs = append(a.Needs, c.keyNeeds()...)
		}
		a.Needs = append(a.Needs, c.coreNeeds()...)
	}
	return a
}

// keyNeeds are what the KEY quadrant and its credit gate lack.
func (c *climber) keyNeeds() (needs []Need) {
	volume := c.quadrant != keyaccount.Key && c.quadrant != keyaccount.VolumeOnly
	if c.quadrant == keyaccount.Unknown && c.orders > 0 {
		volume = !c.bars.reach.NetKnown || c.net < c.bars.reach.Net
	}
	if volume {
		needs = append(needs, c.volumeNeed())
	}
	if !c.bars.marginOff && c.quadrant != keyaccount.Key {
		needs = append(needs, c.marginNeeds(volume)...)
	}
	if c.barred() {
		text := "credit must be released to WATCH or GOOD"
		if c.bars.needCredit {
			text = "credit must be known and not BLOCKED"
		}
		needs = append(needs, Need{Criterion: "credit", Now: c.credit.String(), Needed: "WATCH", Text: text + because(c.creditText)})
	}
	return needs
}

func because(text string) string {
	if text == "" {
		return ""
	}
	return ": " + text
}

func (c *climber) volumeNeed() Need {
	reach := c.bars.reach
	if !reach.NetKnown {
		return Need{Criterion: "volume", Now: c.net.String(), Text: "more net sales: no amount passes the percentile cut by itself", About: true}
	}
	enough := max(reach.Net, c.net)
	n := Need{Criterion: "volume", Now: c.net.String(), Needed: enough.String(), By: (enough - c.net).String()}
	n.Text = fmt.Sprintf("net sales +%s to %s", cents(upCents(enough-c.net)), cents(upCents(enough)))
	if c.bars.cuts.VolumeKnown {
		n.Text += fmt.Sprintf(" (volume is high from %s)", cents(c.bars.cuts.Net))
	}
	return n
}

// upCents rounds up to what people pay, so that what is printed is enough.
func upCents(a money.Amount) money.Amount {
	const cent = money.One / 100
	if rest := a % cent; rest > 0 {
		return a + cent - rest
	}
	return a
}

// marginNeeds say which margin is enough, beside more sales where volume has to rise too.
func (c *climber) marginNeeds(volume bool) (needs []Need) {
	covered := c.covered
	switch {
	case c.quadrant == keyaccount.Unknown && c.orders > 0:
		needs = append(needs, Need{Criterion: "cost", Needed: c.minCoverage,
			Text: "the cost of at least " + c.minCoverage + " of its net sales must be known; then the margin decides"})
	case c.quadrant == keyaccount.Niche && !volume:
		return nil
	}
	if volume && c.bars.reach.NetKnown {
		covered += max(0, c.bars.reach.Net-c.net)
	}
	rate, about := c.enoughMargin(covered)
	if math.IsNaN(rate) {
		if covered <= 0 || c.quadrant == keyaccount.VolumeOnly {
			needs = append(needs, Need{Criterion: "margin", Text: "sales with a known cost that bring more than they cost", About: true})
		}
		return needs
	}
	rate = math.Ceil(rate*1e4) / 1e4 // a hundredth of a point, up
	n := Need{Criterion: "margin", Needed: number(rate), About: about}
	now := "unknown"
	if !math.IsNaN(c.rate) {
		n.Now, now = number(c.rate), points(c.rate)
	}
	switch c.quadrant {
	case keyaccount.Niche:
		n.Text = fmt.Sprintf("its margin kept at %s or more (now %s)", points(rate), now)
	case keyaccount.Unknown:
		n.Text = fmt.Sprintf("a margin of %s or more", points(rate))
	default:
		n.Text = fmt.Sprintf("margin rate %s -> %s", now, points(rate))
		if !volume && covered > 0 {
			more := upCents(money.Amount(math.Ceil(rate*float64(covered))) - c.profit)
			n.By = more.String()
			n.Text += fmt.Sprintf(": gross profit +%s on the same sales", cents(more))
		}
	}
	if about {
		n.Text += " (about: a shrunk rate moves with all customers)"
	}
	return append(needs, n)
}

// enoughMargin is the raw margin rate that is high with so many covered sales; NaN where any is.
func (c *climber) enoughMargin(covered money.Amount) (rate float64, about bool) {
	b := c.bars
	if b.byCompany {
		return keyaccount.CompanyReach(c.profit.Float(), c.covered.Float(), b.profit.Float(), b.covered.Float()), false
	}
	if b.raw || math.IsNaN(b.reach.Margin) {
		return b.reach.Margin, false
	}
	// shrunk = m + Z (r - m), Z = w / (w + K): see keyaccount, margins.
	z := covered.Float() / (covered.Float() + b.shrinkage)
	if !(z > 0) {
		return math.NaN(), true
	}
	return b.company + (b.reach.Margin-b.company)/z, true
}

func points(rate float64) string { return fmt.Sprintf("%.2f%%", 100*rate) }

// coreNeeds are what core asks for beyond key.
func (c *climber) coreNeeds() (needs []Need) {
	if !c.creditGood() {
		needs = append(needs, Need{Criterion: "credit", Now: c.credit.String(), Needed: "GOOD", Text: "credit must be GOOD" + because(c.creditText)})
	}
	if !c.loyal() {
		needs = append(needs, c.loyalNeeds()...)
	}
	b := c.bars
	if b.marginOff || c.profitKnown && b.core > 0 && c.profit >= b.core {
		return needs
	}
	enough := max(b.core, 1)
	n := Need{Criterion: "profit", Needed: enough.String()}
	if !c.profitKnown {
		n.Text = fmt.Sprintf("its costs must be known, and its gross profit %s or more", cents(upCents(enough)))
		return append(needs, n)
	}
	n.Now, n.By = c.profit.String(), (enough - c.profit).String()
	n.Text = fmt.Sprintf("gross profit +%s to %s: from there on are the accounts that make the first part of KEY profit", cents(upCents(enough-c.profit)), cents(upCents(enough)))
	return append(needs, n)
}

// loyalNeeds are what keeps the stage of life from loyal.
func (c *climber) loyalNeeds() (needs []Need) {
	l := c.bars.life
	missing := func(criterion string, now, needed int64, one, many string) {
		if now < needed {
			noun := many
			if needed-now == 1 {
				noun = one
			}
			needs = append(needs, Need{Criterion: criterion, Now: fmt.Sprint(now), Needed: fmt.Sprint(needed), By: fmt.Sprint(needed - now),
				Text: fmt.Sprintf("%d more %s: loyal are those with %d, it has %d", needed-now, noun, needed, now)})
		}
	}
	missing("purchases", c.purchases, int64(l.LoyalPurchases), "purchase", "purchases")
	missing("quarters", c.quarters, int64(l.LoyalQuarters), "quarter with a purchase", "quarters with a purchase")
	lapsed := c.stage == lifecycle.Lapsed
	switch {
	case lapsed && c.alive < l.LapsedAlive:
		needs = append(needs, Need{Criterion: "rhythm", Now: number(c.alive), Needed: number(l.LapsedAlive), About: true, Text: fmt.Sprintf("a purchase soon: p_alive is %.2f, below %.2f it has lapsed", c.alive, l.LapsedAlive)})
	case c.overdue > l.LoyalOverdue:
		needs = append(needs, Need{Criterion: "rhythm", Now: number(c.overdue), Needed: number(l.LoyalOverdue),
			Text: fmt.Sprintf("a purchase soon: it is silent for %.1f times its expected gap, loyal is up to %.1f", c.overdue, l.LoyalOverdue)})
	case len(needs) == 0:
		needs = append(needs, Need{Criterion: "rhythm", Needed: number(l.LoyalOverdue), Text: "a rhythm on record: " + c.stageText(), About: true})
	}
	return needs
}
