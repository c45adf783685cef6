package list_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/list"
)

// one is a single customer; amounts are in currency units x 10,000, as everywhere.
type one struct {
	tier                                  list.Tier
	quadrant                              list.Quadrant
	score, fit, churn, less, overdue      float64
	net, previous, covered, profit        money.Amount
	returned, discount, potential, atRisk money.Amount
	noProfit, hasPotential, hasRisk       bool
	bought                                bool
	silent                                int32
	gap                                   float64
}

const unit = money.One

// general is an ordinary customer that stands on no list.
func general(change func(o *one)) one {
	o := one{tier: list.General, quadrant: 4, score: 50, fit: math.NaN(), net: 100 * unit, previous: 100 * unit, covered: 100 * unit, profit: 5 * unit}
	if change != nil {
		change(&o)
	}
	return o
}

func columns(all ...one) list.Customers {
	c := list.Customers{
		WindowDays: 365, Previous: []money.Amount{}, Returned: []money.Amount{}, Discount: []money.Amount{}, Potential: []money.Amount{},
		Fit: []float64{}, ValueAtRisk: []money.Amount{}, ChurnDays: 90, LateOverdue: 3,
		Company: list.Company{Net: 1000 * unit, Covered: 1000 * unit, Profit: 200 * unit},
	}
	for _, o := range all {
		c.Tier, c.Quadrant, c.KeyScore, c.Fit = append(c.Tier, o.tier), append(c.Quadrant, o.quadrant), append(c.KeyScore, o.score), append(c.Fit, o.fit)
		c.Net, c.Previous, c.Covered, c.Profit = append(c.Net, o.net), append(c.Previous, o.previous), append(c.Covered, o.covered), append(c.Profit, o.profit)
		c.ProfitKnown = append(c.ProfitKnown, !o.noProfit)
		c.Returned, c.Discount = append(c.Returned, o.returned), append(c.Discount, o.discount)
		c.Potential, c.PotentialKnown = append(c.Potential, o.potential), append(c.PotentialKnown, o.hasPotential)
		c.ValueAtRisk, c.RiskKnown = append(c.ValueAtRisk, o.atRisk), append(c.RiskKnown, o.hasRisk)
		c.Churn, c.BuyingLess, c.OverdueRatio = append(c.Churn, o.churn), append(c.BuyingLess, o.less), append(c.OverdueRatio, o.overdue)
		c.Bought, c.SilentDays, c.UsualGap = append(c.Bought, o.bought), append(c.SilentDays, o.silent), append(c.UsualGap, o.gap)
	}
	return c
}

func build(t interface{ Fatal(...any) }, c list.Customers, s list.Settings) *list.Lists {
	l, err := list.Build(c, s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestRows puts one customer on trial at a time: on which lists, why, and what next.
func TestRows(t *testing.T) {
	for _, c := range []struct {
		name     string
		customer one
		want     []string // "list | reason | step"
	}{
		{"ordinary", general(nil), nil},
		{"core", general(func(o *one) { o.tier, o.quadrant, o.score = list.Core, list.KeyQuadrant, 93.25 }), []string{
			"shortlist | key score 93.2; core | name a sponsor and agree the plan for the year",
		}},
		{"key of unknown score, at risk", general(func(o *one) {
			o.tier, o.quadrant, o.score, o.atRisk, o.hasRisk = list.Key, list.KeyQuadrant, math.NaN(), 7*unit, true
		}), []string{
			"shortlist | key score unknown; key | work on what keeps the account from core",
			"rescue | value at risk 7.00: 0% likely to buy nothing in 90 days; net sales 100.00 | keep in touch: call before the next order is due",
		}},
		{"at risk, blocked", general(func(o *one) { o.quadrant, o.atRisk, o.hasRisk = list.KeyQuadrant, 1, true }), []string{
			"rescue | value at risk 0.0001: 0% likely to buy nothing in 90 days; net sales 100.00 | keep in touch: call before the next order is due",
		}},
		{"no risk", general(func(o *one) { o.quadrant, o.hasRisk = list.KeyQuadrant, true }), nil},
		{"risk unknown", general(func(o *one) { o.quadrant, o.atRisk = list.KeyQuadrant, unit }), nil},
		{"risk outside KEY", general(func(o *one) { o.atRisk, o.hasRisk = unit, true }), nil},

		{"rising niche", general(func(o *one) { o.quadrant, o.net = list.Niche, 110*unit+1 }), []string{
			"develop | net sales 110.0001 after 100.00, rise 10.0001% > 10.0000%; NICHE: margin high, volume low | offer more of the range: the margin is there, the volume is not",
		}},
		{"niche at the cut", general(func(o *one) { o.quadrant, o.net = list.Niche, 110*unit }), nil},
		{"niche of no tier here", general(func(o *one) { o.tier, o.quadrant, o.net = 4, list.Niche, 200*unit }), []string{
			"develop | net sales 200.00 after 100.00, rise 100.0% > 10.0%; NICHE: margin high, volume low | offer more of the range: the margin is there, the volume is not",
		}},
		{"rising core stays off develop", general(func(o *one) { o.tier, o.quadrant, o.net = list.Core, list.Niche, 200*unit }), []string{
			"shortlist | key score 50.0; core | name a sponsor and agree the plan for the year",
		}},
		{"rising with potential", general(func(o *one) { o.net, o.potential, o.hasPotential = 200*unit, 200*unit+1, true }), []string{
			"develop | net sales 200.00 after 100.00, rise 100.0% > 10.0%; potential 200.0001 a year > 200.00 bought | ask for a larger share of the spend",
		}},
		{"rising niche at its potential", general(func(o *one) {
			o.quadrant, o.net, o.potential, o.hasPotential = list.Niche, 200*unit, 200*unit, true
		}), nil},
		{"rising at the company's margin", general(func(o *one) { o.net, o.covered, o.profit = 200*unit, 200*unit, 40*unit }), []string{
			"develop | net sales 200.00 after 100.00, rise 100.0% > 10.0%; margin 20.0% >= 20.0% of the company | offer more of the range",
		}},
		{"rising a hair below it", general(func(o *one) { o.net, o.covered, o.profit = 200*unit, 200*unit, 40*unit-1 }), nil},
		{"rising, profit unknown", general(func(o *one) { o.net, o.covered, o.profit, o.noProfit = 200*unit, 200*unit, 40*unit, true }), nil},
		{"new niche", general(func(o *one) { o.quadrant, o.previous = list.Niche, 0 }), []string{
			"develop | net sales 100.00 after 0.00; NICHE: margin high, volume low | offer more of the range: the margin is there, the volume is not",
		}},
		{"niche after returns", general(func(o *one) { o.quadrant, o.previous = list.Niche, -5*unit }), []string{
			"develop | net sales 100.00 after -5.00; NICHE: margin high, volume low | offer more of the range: the margin is there, the volume is not",
		}},

		{"volume only", general(func(o *one) { o.quadrant = list.VolumeOnly }), []string{
			"fix-margin | margin 5.0% < 20.0% of the company; profit lost 15.00 | review prices, discounts and cost",
		}},
		{"volume only, better than the company", general(func(o *one) { o.quadrant, o.profit = list.VolumeOnly, 30*unit }), []string{
			"fix-margin | margin 30.0% >= 20.0% of the company; profit lost -10.00, so none, but the margin is below the cut | review prices, discounts and cost",
		}},
		{"volume only, all came back", general(func(o *one) { o.quadrant, o.covered, o.profit = list.VolumeOnly, 0, -3*unit }), []string{
			"fix-margin | sales with known cost 0.00 after returns; profit lost 3.00 | review prices, discounts and cost",
			"let-go | gross profit -3.00 < 0; net sales 100.00 after 100.00, rise 0.0% <= 10.0%; no potential known; strategic fit not given | raise prices or set a least order; without agreement stop serving",
		}},
		{"volume only of unknown margin", general(func(o *one) { o.quadrant, o.noProfit = list.VolumeOnly, true }), nil},

		{"loss", general(func(o *one) { o.profit, o.fit = -1, 3.5 }), []string{
			"let-go | gross profit -0.0001 < 0; net sales 100.00 after 100.00, rise 0.0% <= 10.0%; margin 0.0% < 20.0% of the company; strategic fit 3.5 < 4 | raise prices or set a least order; without agreement stop serving",
		}},
		{"loss at its potential", general(func(o *one) { o.profit, o.potential, o.hasPotential = -unit, 100*unit, true }), []string{
			"let-go | gross profit -1.00 < 0; net sales 100.00 after 100.00, rise 0.0% <= 10.0%; potential 100.00 a year <= 100.00 bought; strategic fit not given | raise prices or set a least order; without agreement stop serving",
		}},
		{"no loss", general(func(o *one) { o.profit = 0 }), nil},
		{"loss of no active customer", general(func(o *one) { o.tier, o.profit = 4, -unit }), nil},
		{"loss, rising", general(func(o *one) { o.profit, o.previous = -unit, 50*unit }), nil},
		{"loss with potential", general(func(o *one) { o.profit, o.potential, o.hasPotential = -unit, 101*unit, true }), nil},
		{"loss that fits", general(func(o *one) { o.profit, o.fit = -unit, 4 }), nil},
		{"loss unknown", general(func(o *one) { o.profit, o.noProfit = -unit, true }), nil},
	} {
		l := build(t, columns(c.customer), list.Settings{})
		var got []string
		for _, x := range l.All() {
			if x.Absent != "" || len(x.Warnings) > 0 {
				t.Errorf("%s: %s is absent (%q) or warns: %v", c.name, x.Name, x.Absent, x.Warnings)
			}
			for k := range x.Rows {
				got = append(got, fmt.Sprintf("%s | %s | %s", x.Name, x.Reasons[k], x.Steps[k]))
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", c.name, d)
		}
	}
}

func TestYearlyPotential(t *testing.T) {
	// 100 in 73 days are 500 a year.
	for potential, want := range map[money.Amount]int{500 * unit: 0, 500*unit + 1: 1} {
		c := columns(general(func(o *one) { o.previous, o.potential, o.hasPotential = unit, potential, true }))
		c.WindowDays = 73
		if l := build(t, c, list.Settings{}); len(l.Develop.Rows) != want {
			t.Errorf("potential %s: got %d rows, want %d", potential, len(l.Develop.Rows), want)
		}
	}
}

func TestNeedPrevious(t *testing.T) {
	niche := func(previous money.Amount) one {
		return general(func(o *one) { o.quadrant, o.previous = list.Niche, previous })
	}
	c := columns(niche(-1), niche(0), niche(1))
	for need, want := range map[bool][]int32{false: {0, 1, 2}, true: {2}} {
		if l := build(t, c, list.Settings{NeedPrevious: need}); !cmp.Equal(l.Develop.Rows, want) {
			t.Errorf("need previous sales %v: got %v, want %v", need, l.Develop.Rows, want)
		}
	}
}

func TestAbsentData(t *testing.T) {
	niche := general(func(o *one) { o.quadrant, o.net = list.Niche, 90*unit })
	loss := general(func(o *one) { o.profit, o.net = -unit, 200*unit })
	names := func(l *list.Lists) (absent, warns []string) {
		for _, x := range l.All() {
			if x.Absent != "" {
				absent = append(absent, x.Name)
			}
			if len(x.Warnings) > 0 {
				warns = append(warns, x.Name)
			}
		}
		return absent, warns
	}
	for _, c := range []struct {
		name          string
		drop          func(c *list.Customers)
		absent, warns []string
		develop       []int32
		letGo         []int32
		part          string // in the first reason of develop
	}{
		{"all there", func(*list.Customers) {}, nil, nil, []int32{}, []int32{}, ""},
		{"no previous window", func(c *list.Customers) { c.Previous = nil }, nil, []string{"develop", "let-go"}, []int32{0}, []int32{1}, "rise unknown: no previous window in the data; NICHE"},
		{"no potential", func(c *list.Customers) { c.Potential, c.PotentialKnown = nil, nil }, nil, []string{"develop", "let-go"}, []int32{}, []int32{}, ""},
		{"no models", func(c *list.Customers) { c.ValueAtRisk, c.RiskKnown = nil, nil }, []string{"rescue"}, nil, []int32{}, []int32{}, ""},
		{"no cost", func(c *list.Customers) { c.MarginOff = true }, []string{"fix-margin", "let-go"}, nil, []int32{}, nil, ""},
		{"no cost, no potential", func(c *list.Customers) { c.MarginOff, c.Potential = true, nil }, []string{"fix-margin", "let-go"}, []string{"develop"},
			[]int32{1}, nil, "potential unknown: neither potential nor cost in the data"},
		{"nothing to go by", func(c *list.Customers) { c.MarginOff, c.Potential, c.Previous = true, nil, nil }, []string{"develop", "fix-margin", "let-go"}, nil, nil, nil, ""},
	} {
		in := columns(niche, loss)
		c.drop(&in)
		l := build(t, in, list.Settings{})
		absent, warns := names(l)
		if !cmp.Equal(absent, c.absent) || !cmp.Equal(warns, c.warns) {
			t.Errorf("%s: got absent %v and warnings of %v, want %v and %v", c.name, absent, warns, c.absent, c.warns)
		}
		if !cmp.Equal(l.Develop.Rows, c.develop) || !cmp.Equal(l.LetGo.Rows, c.letGo) {
			t.Errorf("%s: got develop %v and let-go %v, want %v and %v", c.name, l.Develop.Rows, l.LetGo.Rows, c.develop, c.letGo)
		}
		if c.part != "" && !strings.Contains(l.Develop.Reasons[0], c.part) {
			t.Errorf("%s: got %q, want it to name %q", c.name, l.Develop.Reasons[0], c.part)
		}
	}
}

func TestEaten(t *testing.T) {
	// At list price 200 = 40 returned + 60 discount + 100 net, of which 80 cost and 20 profit.
	o := general(func(o *one) {
		o.quadrant, o.returned, o.discount, o.profit = list.VolumeOnly, 40*unit, 60*unit, 20*unit
	})
	none := general(func(o *one) { o.quadrant, o.net, o.covered = list.VolumeOnly, 0, 0 })
	c := columns(o, none)
	want := list.Eaten{Discount: []float64{0.3, math.NaN()}, Returns: []float64{0.2, math.NaN()}, Cost: []float64{0.4, math.NaN()}, Gaps: make([]list.Gaps, 2)}
	near := cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-12)} // a few roundings
	l := build(t, c, list.Settings{})
	if d := cmp.Diff([]int32{0, 1}, l.FixMargin.Rows); d != "" {
		t.Fatalf("rows: -want +got\n%s", d)
	}
	if d := cmp.Diff(want, l.Eaten, near); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	c.Discount, c.Returned = nil, nil
	want = list.Eaten{Discount: []float64{math.NaN(), math.NaN()}, Returns: []float64{math.NaN(), math.NaN()}, Cost: []float64{0.8, math.NaN()}, Gaps: make([]list.Gaps, 2)}
	if d := cmp.Diff(want, build(t, c, list.Settings{}).Eaten, near); d != "" {
		t.Errorf("without discounts and returns: -want +got\n%s", d)
	}
}

func TestRefuses(t *testing.T) {
	c := columns(general(nil))
	for _, s := range []list.Settings{{Rise: -1}, {Rise: 1000*money.OneRate + 1}, {HighFit: -1}, {HighFit: 5.5}, {HighFit: math.NaN()}} {
		if _, err := list.Build(c, s); err == nil {
			t.Errorf("settings %+v: got no error", s)
		}
	}
	c = columns(general(func(o *one) { o.quadrant, o.covered = list.VolumeOnly, math.MaxInt64 }))
	c.Company = list.Company{Covered: 1, Profit: 2}
	if _, err := list.Build(c, list.Settings{}); err == nil || !strings.Contains(err.Error(), "do not fit") && !strings.Contains(err.Error(), "does not fit") {
		t.Errorf("profit lost out of range: got %v, want an error", err)
	}
	for name, spoil := range map[string]func(c *list.Customers){
		"tiers": func(c *list.Customers) { c.Tier = nil }, "risk flags": func(c *list.Customers) { c.RiskKnown = nil }, "window": func(c *list.Customers) { c.WindowDays = 0 },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: got no panic", name)
				}
			}()
			c := columns(general(nil))
			spoil(&c)
			_, _ = list.Build(c, list.Settings{})
		}()
	}
}

func TestTextsSizes(t *testing.T) {
	for _, n := range []int{0, 1, 1023, 1024, 1025, 2049} {
		all := make([]one, n)
		for i := range all {
			all[i] = general(func(o *one) { o.tier, o.score = list.Key, float64(n-i) })
		}
		c := columns(all...)
		c.Why = func(dst []byte, i int) []byte { return fmt.Appendf(dst, "customer %d", i) }
		l := build(t, c, list.Settings{})
		if len(l.Shortlist.Rows) != n || len(l.Shortlist.Reasons) != n || len(l.Shortlist.Steps) != n {
			t.Fatalf("n=%d: got %d rows, %d reasons, %d steps", n, len(l.Shortlist.Rows), len(l.Shortlist.Reasons), len(l.Shortlist.Steps))
		}
		for i, got := range l.Shortlist.Reasons {
			if want := fmt.Sprintf("key score %d.0; customer %d", n-i, i); got != want {
				t.Fatalf("n=%d, row %d: got %q, want %q", n, i, got, want)
			}
		}
	}
}

// A company rate of one half makes every other customer a tie, which goes to the even amount.
func TestProfitLostRoundsHalfEven(t *testing.T) {
	for covered, want := range map[money.Amount]money.Amount{1: 0, 2: 1, 3: 2, 5: 2, 7: 4, -1: 0, -3: -2, -5: -2} {
		c := columns(general(func(o *one) { o.quadrant, o.covered, o.profit = list.VolumeOnly, covered, 0 }))
		c.Company = list.Company{Covered: 2, Profit: 1}
		if l := build(t, c, list.Settings{}); l.FixMargin.Amount[0] != want {
			t.Errorf("half of %d: got %d, want %d", covered, l.FixMargin.Amount[0], want)
		}
	}
}

// The words of a rescue say how likely the loss is, what speaks for it, and what to do.
func TestRescueWords(t *testing.T) {
	key := func(churn, less, overdue float64) one {
		return general(func(o *one) {
			o.quadrant, o.atRisk, o.hasRisk, o.churn, o.less, o.overdue, o.bought = list.KeyQuadrant, 50*unit, true, churn, less, overdue, true
		})
	}
	stopped := func(gap float64) one {
		o := key(0.3, 0.85, 0.8)
		o.bought, o.silent, o.gap = false, 104, gap
		return o
	}
	const risk = "value at risk 50.00: "
	const stop = risk + "30% likely to buy nothing in 90 days; risk up: last order long ago; 85% likely to buy less than before; net sales 100.00"
	for _, tc := range []struct {
		name         string
		customer     one
		reason, step string
	}{
		{"overdue", key(0.624, 0.9, 3.5), risk + "62% likely to buy nothing in 90 days; risk up: last order long ago; 90% likely to buy less than before; net sales 100.00", "call now: the next order is long overdue; ask what happened and who serves them"},
		{"fading", key(0.3, 0.85, 1.5), risk + "30% likely to buy nothing in 90 days; risk up: last order long ago; 85% likely to buy less than before; net sales 100.00", "visit: they still buy, but less; ask who has the rest and what it would take"},
		{"due", key(0.3, math.NaN(), 1.5), risk + "30% likely to buy nothing in 90 days; risk up: last order long ago; net sales 100.00", "call: the next order is due; ask what they need"},
		{"rhythm unknown", key(0.1, 0.2, math.NaN()), risk + "10% likely to buy nothing in 90 days; risk up: last order long ago; net sales 100.00", "keep in touch: how often they order is not known; ask when the next order will come"},
		{"on rhythm", key(0.1, 0.2, 0.9), risk + "10% likely to buy nothing in 90 days; risk up: last order long ago; net sales 100.00", "keep in touch: call before the next order is due"},
		{"nothing bought in the window", stopped(129.6), stop, "call: nothing for 104 days, usually every 130; ask whether they buy elsewhere"},
		{"nothing bought, gap unknown", stopped(math.NaN()), stop, "call: nothing for 104 days; ask whether they buy elsewhere"},
	} {
		c := columns(tc.customer)
		c.RiskWhy = func(dst []byte, _ int) []byte { return append(dst, "risk up: last order long ago"...) }
		l := build(t, c, list.Settings{})
		if len(l.Rescue.Rows) != 1 || l.Rescue.Reasons[0] != tc.reason || l.Rescue.Steps[0] != tc.step {
			t.Errorf("%s: got %q, %q, want %q and %q", tc.name, l.Rescue.Reasons, l.Rescue.Steps, tc.reason, tc.step)
		}
	}
	for late, want := range map[float64]string{1.5: "call now: the next order is long overdue; ask what happened and who serves them", 2: "call: the next order is due; ask what they need"} {
		c := columns(key(0.1, 0, 1.8)) // late is as late as the setting says
		c.LateOverdue = late
		if got := build(t, c, list.Settings{}).Rescue.Steps[0]; got != want {
			t.Errorf("late above %v: got %q, want %q", late, got, want)
		}
	}
	c := columns(key(0.1, 0, 0))
	c.ValueAtRisk, c.RiskKnown, c.RiskOff = nil, nil, "no cost"
	if got := build(t, c, list.Settings{}).Rescue.Absent; got != "no cost" {
		t.Errorf("got absent %q, want the reason given", got)
	}
}
