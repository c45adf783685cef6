package tier_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/tier"
)

const from = civil.Day(15000) // 2011-01-26

// one is a single customer.
type one struct {
	key, loyal, noProfit  bool
	credit                tier.Credit
	last                  civil.Day
	returned, net, profit money.Amount
}

// best is core wherever its profit is in the first half.
func best() one {
	return one{key: true, loyal: true, credit: tier.CreditGood, last: from, net: 1000, profit: 100}
}

func with(change func(o *one)) one {
	o := best()
	change(&o)
	return o
}

func columns(all ...one) tier.Customers {
	c := tier.Customers{WindowFrom: from, ProfitKnown: []bool{}}
	for _, o := range all {
		c.Key, c.Loyal, c.Credit = append(c.Key, o.key), append(c.Loyal, o.loyal), append(c.Credit, o.credit)
		c.LastDay, c.Returned = append(c.LastDay, o.last), append(c.Returned, o.returned)
		c.Net, c.Profit, c.ProfitKnown = append(c.Net, o.net), append(c.Profit, o.profit), append(c.ProfitKnown, !o.noProfit)
	}
	return c
}

func assign(t interface{ Fatal(...any) }, c tier.Customers, s tier.Settings) *tier.Result {
	r, err := tier.Assign(c, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestTiers reaches every tier by every criterion.
func TestTiers(t *testing.T) {
	reached := map[tier.Criterion]tier.Tier{}
	for _, c := range []struct {
		name, want string
		customer   one
	}{
		{"core", "core: KEY quadrant; credit GOOD; loyal; KEY profit rank 1, 0.0% < 50.0% of KEY profit made before it", best()},
		{"watched", "key, not core: credit WATCH; KEY quadrant", with(func(o *one) { o.credit = tier.CreditWatch })},
		{"credit unknown", "key, not core: credit UNKNOWN; KEY quadrant", with(func(o *one) { o.credit = tier.CreditUnknown })},
		{"fickle", "key, not core: neither loyal nor partner; KEY quadrant", with(func(o *one) { o.loyal = false })},
		{"at half", "key, not core: KEY profit rank 2, 50.0% >= 50.0% of KEY profit made before it; KEY quadrant", with(func(o *one) { o.profit = 60 })},
		{"everything", "key, not core: credit WATCH; neither loyal nor partner; gross profit -0.0001 <= 0; KEY quadrant", with(func(o *one) { o.credit, o.loyal, o.profit = tier.CreditWatch, false, -1 })},
		{"no profit", "key, not core: gross profit 0.00 <= 0; KEY quadrant", with(func(o *one) { o.profit = 0 })},
		{"profit unknown", "key, not core: gross profit unknown; KEY quadrant", with(func(o *one) { o.noProfit = true })},
		{"blocked", "general, not key: credit BLOCKED; KEY quadrant", with(func(o *one) { o.credit = tier.CreditBlocked })},
		{"blocked and away", "dormant: last purchase 2011-01-25, before the window from 2011-01-26", with(func(o *one) { o.credit, o.last = tier.CreditBlocked, from-1 })},
		{"no key", "general: outside the KEY quadrant", with(func(o *one) { o.key = false })},
		{"away", "dormant: last purchase 2011-01-25, before the window from 2011-01-26", with(func(o *one) { o.key, o.last = false, from-1 })},
		{"returns only", "dormant: returns of 3.50 on record, no purchase", one{last: civil.Unknown, returned: 35_000, net: -35_000}},
		{"nothing", "prospect: no purchase on record", one{last: civil.Unknown}},
	} {
		// Others with 60 and 60 + 60 of KEY profit stand beside the customer of each case.
		others := []one{c.customer, with(func(o *one) { o.profit = 60 }), with(func(o *one) { o.profit = 60 })}
		if c.name == "at half" {
			others[1].profit, others[2].profit = 120, 60
		}
		r := assign(t, columns(others...), tier.Settings{})
		if got := string(r.AppendReason(nil, 0)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if want := strings.FieldsFunc(c.want, func(r rune) bool { return r == ':' || r == ',' })[0]; r.Tier[0].String() != want {
			t.Errorf("%s: got %s, want %s", c.name, r.Tier[0], want)
		}
		reached[r.Criterion[0]] = r.Tier[0]
	}
	want := map[tier.Criterion]tier.Tier{
		tier.All: tier.Core, tier.CreditNotGood: tier.Key, tier.NotLoyal: tier.Key, tier.ProfitHalf: tier.Key, tier.NotKey: tier.General,
		tier.CreditBlock: tier.General, tier.NoneInWindow: tier.Dormant, tier.ReturnsOnly: tier.Dormant, tier.Nothing: tier.Prospect,
	}
	if d := cmp.Diff(want, reached); d != "" {
		t.Errorf("criteria reached: -want +got\n%s", d)
	}
}

func TestFirstHalf(t *testing.T) {
	for _, c := range []struct {
		name    string
		share   money.Rate
		profits []money.Amount
		core    []bool
	}{
		{"none", 0, nil, nil},
		{"one", 0, []money.Amount{1}, []bool{true}},
		{"one without profit", 0, []money.Amount{0}, []bool{false}},
		{"all lose", 0, []money.Amount{-1, -2}, []bool{false, false}},
		{"two alike", 0, []money.Amount{7, 7}, []bool{true, true}},
		{"two, one ahead", 0, []money.Amount{7, 8}, []bool{false, true}},
		{"at half", 0, []money.Amount{30, 50, 20}, []bool{false, true, false}},
		{"a hair below half", 0, []money.Amount{30, 49, 20}, []bool{true, true, false}},
		{"ties stay whole", 0, []money.Amount{10, 10, 10, 10}, []bool{true, true, true, true}},
		{"losses do not lower the base", 0, []money.Amount{30, 50, 20, -90}, []bool{false, true, false, false}},
		{"all of it", money.OneRate, []money.Amount{5, 4, 1, 0}, []bool{true, true, true, false}},
		{"a sliver", 1, []money.Amount{5, 5, 4}, []bool{true, true, false}},
		{"large", 0, []money.Amount{math.MaxInt64/2 + 1, math.MaxInt64 / 2}, []bool{true, false}},
	} {
		var all []one
		for _, p := range c.profits {
			all = append(all, with(func(o *one) { o.profit = p }))
		}
		r := assign(t, columns(all...), tier.Settings{CoreShare: c.share})
		for i, core := range c.core {
			if got := r.Tier[i] == tier.Core; got != core {
				t.Errorf("%s: account %d with %d of %v: got core %v, want %v", c.name, i, c.profits[i], c.profits, got, core)
			}
		}
	}
}

func TestAbsentData(t *testing.T) {
	accounts := []one{
		with(func(o *one) { o.credit, o.profit = tier.CreditBlocked, 0 }),
		with(func(o *one) { o.loyal = false }),
		with(func(o *one) { o.key = false }),
	}
	all := columns(accounts...)
	noCredit, noCost := all, all
	noCredit.Credit, noCredit.CreditOff = nil, true
	// Credit blocks the second account here, so that the third sort of reason is margin's alone.
	noCost.MarginOff, noCost.Credit = true, []tier.Credit{tier.CreditGood, tier.CreditBlocked, tier.CreditGood}
	neither := noCredit
	neither.MarginOff = true
	const cost, credit = "margin unknown: no sales with a known cost in the window", "credit unknown: no credit data in the run"
	for _, c := range []struct {
		name     string
		in       tier.Customers
		tiers    string
		names    [3]string // what each reason must name
		warnings int
	}{
		{"all there", all, "general key general", [3]string{"credit BLOCKED", "", ""}, 0},
		{"no credit", noCredit, "key key general", [3]string{credit, credit, ""}, 1},
		{"no cost", noCost, "core general general", [3]string{cost, cost, cost}, 1},
		{"neither", neither, "core key general", [3]string{credit, credit, cost}, 2},
	} {
		r := assign(t, c.in, tier.Settings{})
		if got := fmt.Sprint(r.Tier[0], r.Tier[1], r.Tier[2]); got != c.tiers {
			t.Errorf("%s: got %s, want %s", c.name, got, c.tiers)
		}
		for i, part := range c.names {
			if got := string(r.AppendReason(nil, i)); !strings.Contains(got, part) {
				t.Errorf("%s: got %q, want it to name %q", c.name, got, part)
			}
		}
		if len(r.Warnings) != c.warnings {
			t.Errorf("%s: got warnings %v, want %d", c.name, r.Warnings, c.warnings)
		}
	}
}

func TestTextsAreUsed(t *testing.T) {
	c := columns(best(), with(func(o *one) { o.credit = tier.CreditWatch }), with(func(o *one) { o.key = false }))
	text := func(s string) func([]byte, int) []byte {
		return func(dst []byte, i int) []byte { return fmt.Appendf(dst, "<%s %d>", s, i) }
	}
	c.Why = tier.Texts{Quadrant: text("quadrant"), Credit: text("credit"), Stage: text("stage")}
	want := []string{
		"core: <quadrant 0>; credit GOOD; <stage 0>; KEY profit rank 1, 0.0% < 50.0% of KEY profit made before it",
		"key, not core: <credit 1>; <quadrant 1>",
		"general: <quadrant 2>",
	}
	if d := cmp.Diff(want, assign(t, c, tier.Settings{}).Reasons()); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func TestSettingsAndLists(t *testing.T) {
	unknown := with(func(o *one) { o.credit = tier.CreditUnknown })
	c := columns(unknown, with(func(o *one) { o.noProfit = true }), best())
	r := assign(t, c, tier.Settings{NeedKnownCredit: true})
	if r.Tier[0] != tier.General || r.Criterion[0] != tier.CreditBlock {
		t.Errorf("unknown credit where it must be known: got %s, want general", r.Tier[0])
	}
	if !cmp.Equal(r.MissingCredit, []int32{0}) || !cmp.Equal(r.MissingProfit, []int32{1}) {
		t.Errorf("got missing credit %v and profit %v, want 0 and 1", r.MissingCredit, r.MissingProfit)
	}
	for _, share := range []money.Rate{-1, money.OneRate + 1} {
		if _, err := tier.Assign(c, tier.Settings{CoreShare: share}); err == nil || !strings.Contains(err.Error(), share.String()) {
			t.Errorf("share %s: got %v, want an error that names it", share, err)
		}
	}
	big := with(func(o *one) { o.profit = math.MaxInt64 })
	if _, err := tier.Assign(columns(big, big), tier.Settings{}); err == nil {
		t.Error("KEY profit that does not fit: got no error")
	}
	big = with(func(o *one) { o.key, o.net = false, math.MinInt64 })
	if _, err := tier.Assign(columns(big, big), tier.Settings{}); err == nil || !strings.Contains(err.Error(), "tier general") {
		t.Errorf("sums that do not fit: got %v, want an error that names the tier", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("columns of different length: got no panic")
		}
	}()
	c.Credit = nil
	_, _ = tier.Assign(c, tier.Settings{})
}

func TestNames(t *testing.T) {
	names := map[string]bool{}
	for c := tier.All; c <= tier.Nothing; c++ {
		names[c.String()] = true
	}
	if len(names) != int(tier.Nothing)+1 || names[""] {
		t.Errorf("got criteria %v, want %d different ones", names, tier.Nothing+1)
	}
	// Files and CRM fields hold these.
	if got := fmt.Sprint(tier.None, tier.Core, tier.Key, tier.General, tier.Dormant, tier.Prospect); got != " core key general dormant prospect" {
		t.Errorf("got tiers %q", got)
	}
}
