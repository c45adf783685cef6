package synth

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// groupSize is the number of accounts of a parent group: the parent, two below it and one below the
// second of those.
const groupSize = 4

func crmFields() []field {
	return []field{
		{"customer_id", text}, {"name", text}, {"parent_id", text}, {"industry", text}, {"segment", text},
		{"owner", text}, {"region", text}, {"channel", text}, {"acquired_on", date}, {"acquisition_cost", amount},
		{"credit_limit", amount}, {"receivables", amount}, {"overdue", amount}, {"days_sales_outstanding", whole},
		{"credit_blocked", flag}, {"strategic_fit", whole}, {"potential", amount}, {"email", text},
	}
}

// WriteCRM writes the CRM export: every account, customers and prospects, by id. Empty cells are
// unknown: credit data of Params.CreditBlank of the accounts, and ratings that nobody gave.
func (c *Company) WriteCRM(ctx context.Context, w io.Writer, f Format) error {
	d := &desk{c: c, names: newNaming(c.params.Seed, c.Accounts()), team: salespersons(), regions: regions(),
		groups: newShuffle(c.params.Seed, domainGroups, c.Accounts()), s: newStream()}
	return c.eachAccount(ctx, w, f, "accounts", crmFields(), d.row)
}

// eachAccount writes a table with a row for every account, by id.
func (c *Company) eachAccount(ctx context.Context, w io.Writer, f Format, what string, fields []field, row func(account int) []any) error {
	t, err := newTable(w, f, fields)
	for n := 0; err == nil && n < c.Accounts(); n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			err = ctx.Err()
			break
		}
		err = t.row(row(c.numbers.of(n))...)
	}
	if err == nil {
		err = t.close()
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", what, err)
	}
	return nil
}

// desk fills in the CRM.
type desk struct {
	c       *Company
	names   *naming
	team    []string
	regions []region
	groups  shuffle
	s       *stream
}

// outlook is what the desk knows of an account: yearly money of the currency.
type outlook struct {
	story     Story
	now       float64 // sales at today's rate; 0 where it dropped out
	potential float64
}

func (d *desk) row(account int) []any {
	c, s := d.c, d.s.seat(d.c.params.Seed, domainAccount, uint64(account))
	o := c.outlook(account, s)
	name, industry, parent, mail := d.identity(account)
	where := d.regions[s.IntN(len(d.regions))]
	form := where.forms[s.IntN(2)]
	owner, channel, acquired := s.IntN(c.params.Salespersons), s.IntN(channelCount), c.params.To()-civil.Day(s.IntN(700)+1)
	if account < len(c.customers) {
		who := &c.customers[account]
		owner, channel, acquired = int(who.owner), int(who.channel), c.params.From+civil.Day(who.acquired)
	}
	cells := []any{string(c.appendID(nil, account)), name + " " + form, parent, industry, c.segment(o),
		d.team[owner], where.name, channels()[channel], acquired, units(10 * math.Round(30+s.uniform(.002, .006)*o.potential))}
	cells = append(cells, d.credit(o)...)
	var fit, potential any
	if u, rating := s.Float64(), s.IntN(3); u < .6 {
		fit = int64(rating)
		if o.story == Key || o.story == Rising || o.story == Prospect {
			fit = int64(rating + 3)
		}
	}
	if u := s.Float64(); u < .8 {
		potential = units(100 * math.Ceil(o.potential/100))
	}
	return append(cells, fit, potential, mail)
}

// outlook draws how an account stands at the end of the data.
func (c *Company) outlook(account int, s *stream) outlook {
	u := s.Float64()
	mean := c.params.meanRate() * 365 * c.params.meanValue()
	if account >= len(c.customers) {
		return outlook{story: Prospect, potential: mean * (.3 + 6*u*u)}
	}
	who := &c.customers[account]
	o := outlook{story: who.story}
	full := who.rate * 365 * who.value / 100
	o.potential = full * (1 + .6*u)
	switch who.story {
	case Rising:
		full *= who.factor
		o.potential = full * (1.5 + 2*u)
	case Fading:
		full *= who.factor
	case Niche:
		o.potential = full * (1.5 + 3*u)
	case OneOff:
		o.potential = who.value / 100 * (1 + u)
	}
	if c.active(account) {
		o.now = full
	}
	return o
}

// segment is the size class by what the account could give, against the mean customer.
func (c *Company) segment(o outlook) string {
	mean := c.params.meanRate() * 365 * c.params.meanValue()
	switch {
	case o.potential > 6*mean:
		return "Enterprise"
	case o.potential > .8*mean:
		return "Mid-market"
	}
	return "Small business"
}

// credit draws limit, receivables, overdue, days sales outstanding and block.
func (d *desk) credit(o outlook) []any {
	s := d.s
	blank, u, v, w := s.Float64(), s.Float64(), s.Float64(), s.Float64()
	days, late, limit, blocked := 24+24*u, .04*v, o.now*90/365*(1.2+w), false
	switch {
	case o.story == SlowPayer:
		days, late, limit, blocked = 95+60*u, .4+.3*v, o.now*60/365, w < .6
	case o.story == Regular && w > .9:
		days, late = 60+25*u, .12+.2*v
	}
	if blank < d.c.params.CreditBlank {
		return []any{nil, nil, nil, nil, nil}
	}
	receivables := money.Amount(math.Round(o.now/365*days*100)) * 100
	overdue := money.Amount(math.Round(o.now/365*days*late*100)) * 100
	var outstanding any // without sales there is none
	if o.now > 0 {
		outstanding = int64(days)
	}
	return []any{units(1000 * math.Ceil(max(limit, 1000)/1000)), receivables, overdue, outstanding, blocked}
}

// identity is who an account is: its name, industry, parent and address. Accounts of a group share
// the parent's name and tell themselves apart by their territory.
func (d *desk) identity(account int) (name, industry string, parent any, mail string) {
	place := d.groups.at(account)
	group, member := place/groupSize, place%groupSize
	if group >= d.c.params.Groups {
		name, industry = d.names.of(account)
		return name, industry, nil, "purchasing@" + domain(name)
	}
	head := d.groups.of(group * groupSize)
	name, industry = d.names.of(head)
	mail = domain(name)
	if member == 0 {
		return name + " Group", industry, nil, "procurement@" + mail
	}
	above := head
	if member == groupSize-1 {
		above = d.groups.of(place - 1)
	}
	territory := d.names.territory[(group*(groupSize-1)+member)%len(d.names.territory)]
	return name + " " + territory, industry, string(d.c.appendID(nil, above)),
		"purchasing." + strings.ToLower(territory) + "@" + mail
}

// units is a whole number of currency units.
func units(v float64) money.Amount { return money.Amount(v) * money.One }
