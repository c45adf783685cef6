package pipeline

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
)

// bars are what the customers of a run are held against, of a run under way or as its manifest says.
type bars struct {
	cuts  keyaccount.CutPoints
	reach keyaccount.Reach
	// core is the gross profit from which a KEY account is in the first half of KEY profit, keyProfit;
	// 0 unknown.
	core, keyProfit    money.Amount
	from, to           civil.Day    // the window
	profit, covered    money.Amount // the company's, of the window
	marginOff          bool
	creditOff          bool
	needCredit         bool // unknown credit keeps out of key
	byCompany, raw     bool // the company rate is the cut on margin; the raw rate decides
	shrinkage, company float64
	life               lifecycle.Settings
}

func (f *Figures) bars() *bars {
	s := f.Key.Settings
	return &bars{
		cuts: f.Key.CutPoints(), reach: f.Key.Reach(), core: f.Tier.CoreProfit(), keyProfit: f.Tier.KeyProfit,
		from: f.Features.Window.From, to: f.Features.Window.To, profit: f.Key.CompanyProfit, covered: f.Key.CompanyCovered,
		marginOff: f.Key.MarginOff, creditOff: f.Credit == nil, needCredit: f.Tier.Settings.NeedKnownCredit,
		byCompany: s.Margin.By == keyaccount.MarginCompany, raw: s.Margin.Raw, shrinkage: f.Key.Shrinkage.K, company: f.Key.CompanyRate(),
		life: f.Life.Settings,
	}
}

// write puts the bars into the manifest's cuts; what is unknown stays "".
func (b *bars) write(c *Cuts) {
	if b.cuts.VolumeKnown {
		c.KeyNetSales = b.cuts.Net.String()
	}
	if b.reach.NetKnown {
		c.KeyNetSalesReach = b.reach.Net.String()
	}
	c.KeyMargin, c.KeyMarginReach = number(b.cuts.Margin), number(b.reach.Margin)
	if b.core > 0 {
		c.CoreProfit = b.core.String()
	}
	if !b.marginOff {
		c.KeyProfit, c.CoveredWindow, c.ProfitWindow = b.keyProfit.String(), b.covered.String(), b.profit.String()
	}
}

// bars reads them back from the manifest of a published run.
func (m *Manifest) bars() (*bars, error) {
	var r reader
	c, s := &m.Cuts, m.Recipe.Segments
	b := &bars{
		core: r.amount(c.CoreProfit), keyProfit: r.amount(c.KeyProfit), from: r.day(m.WindowFrom), to: r.day(m.WindowTo),
		profit: r.amount(c.ProfitWindow), covered: r.amount(c.CoveredWindow), marginOff: m.off("margin"), creditOff: m.off("credit"),
		needCredit: s["need_known_credit"] == "true", byCompany: m.Recipe.KeyAccount["margin"] == string(keyaccount.MarginCompany),
		raw: m.Recipe.KeyAccount["raw_margin"] == "true", shrinkage: r.float(c.MarginShrinkage), company: r.float(c.CompanyMarginRate),
		life: lifecycle.Settings{
			LoyalPurchases: r.count(s["loyal_purchases"]), LoyalQuarters: r.count(s["loyal_quarters"]), LoyalOverdue: r.float(s["loyal_overdue"]),
			LapsedOverdue: r.float(s["lapsed_overdue"]), LapsedAlive: r.float(s["lapsed_alive"]),
			PartnerTenureDays: r.count(s["partner_tenure_days"]), PartnerBreadth: r.count(s["partner_breadth"]),
		},
	}
	b.cuts = keyaccount.CutPoints{Net: r.amount(c.KeyNetSales), VolumeKnown: c.KeyNetSales != "", Margin: r.float(c.KeyMargin)}
	b.reach = keyaccount.Reach{Net: r.amount(c.KeyNetSalesReach), NetKnown: c.KeyNetSalesReach != "", Margin: r.float(c.KeyMarginReach)}
	if r.err != nil {
		return nil, fmt.Errorf("manifest of run %s: %w", m.RunID, r.err)
	}
	return b, nil
}

// off reports whether the run has no data for a criterion.
func (m *Manifest) off(criterion string) bool {
	for _, off := range m.Off {
		if strings.HasPrefix(off, criterion+":") {
			return true
		}
	}
	return false
}

// reader parses the texts of a manifest and keeps the first fault. "" is unknown: 0, NaN or
// civil.Unknown.
type reader struct{ err error }

func (r *reader) note(text string, err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("%q: %w", text, err)
	}
}

func (r *reader) amount(text string) money.Amount {
	if text == "" {
		return 0
	}
	v, ok := money.Parse([]byte(text), money.AmountScale)
	if !ok {
		r.note(text, errors.New("no amount of money"))
	}
	return money.Amount(v)
}

func (r *reader) float(text string) float64 {
	if text == "" {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(text, 64)
	r.note(text, err)
	return v
}

func (r *reader) count(text string) int32 {
	if text == "" {
		return 0
	}
	v, err := strconv.ParseInt(text, 10, 32)
	r.note(text, err)
	return int32(v)
}

func (r *reader) day(text string) civil.Day {
	if text == "" {
		return civil.Unknown
	}
	d, err := civil.Parse(text)
	r.note(text, err)
	return d
}
