package keyaccount_test

import (
	"math"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"pgregory.net/rapid"
)

func amount(units int64) keyaccount.Given[money.Amount] {
	return keyaccount.Give(money.Amount(units) * money.One)
}

// solid is an account that passes every criterion.
func solid() keyaccount.Credit {
	return keyaccount.Credit{
		Blocked: keyaccount.Give(false), Receivables: amount(1000), Overdue: amount(0), OverdueDays: keyaccount.Give(0),
		DaysSalesOutstanding: keyaccount.Give(30.0), Limit: amount(2000),
	}
}

func TestCreditStates(t *testing.T) {
	with := func(change func(c *keyaccount.Credit)) keyaccount.Credit {
		c := solid()
		change(&c)
		return c
	}
	type credit = keyaccount.Credit
	for _, c := range []struct {
		name, want string
		credit     credit
	}{
		{"solid", "credit good: block flag, overdue share, overdue age, days sales outstanding, limit use within the cuts", solid()},
		{"flag", "credit blocked: block flag set", with(func(c *credit) { c.Blocked.Value = true })},
		{"flag missing", "credit unknown: no data for block flag of this account", with(func(c *credit) { c.Blocked.Known = false })},
		{"overdue at the watch cut", "credit good", with(func(c *credit) { c.Overdue = amount(100) })},
		{"overdue above it", "credit watch: overdue 10.1% > 10.0% of receivables", with(func(c *credit) { c.Overdue = amount(101) })},
		{"overdue a hair above it", "credit watch: overdue 10.00001% > 10.00000% of receivables", with(func(c *credit) { c.Overdue.Value = 1_000_001 })},
		{"overdue at the block cut", "credit watch: overdue 50.0% > 10.0%", with(func(c *credit) { c.Overdue = amount(500) })},
		{"overdue above it too", "credit blocked: overdue 50.1% > 50.0%", with(func(c *credit) { c.Overdue = amount(501) })},
		{"overdue without receivables", "credit blocked: overdue 100.0% > 50.0%", with(func(c *credit) { c.Overdue, c.Receivables = amount(5), amount(0) })},
		{"overdue missing", "credit unknown: no data for overdue share", with(func(c *credit) { c.Overdue.Known = false })},
		{"age at the cut", "credit good", with(func(c *credit) { c.OverdueDays.Value = 30 })},
		{"age above watch", "credit watch: oldest overdue 31 > 30 days", with(func(c *credit) { c.OverdueDays.Value = 31 })},
		{"age above block", "credit blocked: oldest overdue 91 > 90 days", with(func(c *credit) { c.OverdueDays.Value = 91 })},
		{"age missing, something overdue", "credit unknown: no data for overdue age", with(func(c *credit) { c.Overdue, c.OverdueDays.Known = amount(50), false })},
		{"age missing, nothing overdue", "credit good", with(func(c *credit) { c.OverdueDays.Known = false })},
		{"DSO above watch", "credit watch: days sales outstanding 75 > 60 days", with(func(c *credit) { c.DaysSalesOutstanding.Value = 75 })},
		{"DSO above block", "credit blocked: days sales outstanding 121 > 120 days", with(func(c *credit) { c.DaysSalesOutstanding.Value = 121 })},
		{"DSO missing", "credit unknown: no data for days sales outstanding", with(func(c *credit) { c.DaysSalesOutstanding.Known = false })},
		{"DSO not a number", "credit unknown: no data for days sales outstanding", with(func(c *credit) { c.DaysSalesOutstanding.Value = math.NaN() })},
		{"limit use above watch", "credit watch: limit use 100.0% > 90.0%", with(func(c *credit) { c.Limit = amount(1000) })},
		{"limit use above block", "credit blocked: limit use 125.0% > 120.0%", with(func(c *credit) { c.Limit = amount(800) })},
		{"limit zero is no statement", "credit unknown: no data for limit use", with(func(c *credit) { c.Limit = amount(0) })},
		{"receivables missing, nothing overdue", "credit unknown: no data for limit use", with(func(c *credit) { c.Receivables.Known = false })},
		{"nothing owed", "credit good", with(func(c *credit) {
			*c = credit{Blocked: keyaccount.Give(false), Receivables: amount(-5)}
		})},
		{"bad outweighs missing", "credit watch: limit use", with(func(c *credit) { c.Blocked.Known, c.Limit = false, amount(1000) })},
		{"no CRM row", "credit unknown: no data for block flag", credit{}},
	} {
		g, err := keyaccount.GateCredit([]credit{solid(), c.credit}, keyaccount.CreditCuts{})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(g.AppendReason(nil, 1)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		state := strings.ToUpper(strings.Fields(strings.ReplaceAll(c.want, ":", " "))[1])
		if got := g.Verdicts[1].State.String(); got != state {
			t.Errorf("%s: got %s, want %s", c.name, got, state)
		}
	}
}

func TestCreditOff(t *testing.T) {
	g, err := keyaccount.GateCredit(make([]keyaccount.Credit, 2), keyaccount.CreditCuts{})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(g.AppendReason(nil, 0)); g.Verdicts[0].State != keyaccount.CreditUnknown || !strings.Contains(got, "no credit data in the run") {
		t.Errorf("got %s, %q", g.Verdicts[0].State, got)
	}
	// Only a flag in the whole run: the other criteria are off and do not stand in the way.
	g, err = keyaccount.GateCredit([]keyaccount.Credit{{Blocked: keyaccount.Give(false)}, {}}, keyaccount.CreditCuts{})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := g.Verdicts[0].State, g.Verdicts[1].State; a != keyaccount.CreditGood || b != keyaccount.CreditUnknown {
		t.Errorf("got %s and %s, want GOOD and UNKNOWN", a, b)
	}
}

func credits() *rapid.Generator[keyaccount.Credit] {
	return rapid.Custom(func(t *rapid.T) keyaccount.Credit {
		some := func(name string) keyaccount.Given[money.Amount] {
			g := amount(rapid.Int64Range(-2, 12).Draw(t, name))
			g.Known = rapid.IntRange(0, 3).Draw(t, name+" known") > 0
			return g
		}
		known := func(name string) bool { return rapid.IntRange(0, 3).Draw(t, name) > 0 }
		return keyaccount.Credit{
			Blocked:     keyaccount.Given[bool]{Value: rapid.IntRange(0, 5).Draw(t, "blocked") == 0, Known: known("flag")},
			Receivables: some("receivables"), Overdue: some("overdue"), Limit: some("limit"),
			OverdueDays:          keyaccount.Given[int]{Value: rapid.IntRange(0, 120).Draw(t, "age"), Known: known("age known")},
			DaysSalesOutstanding: keyaccount.Given[float64]{Value: rapid.Float64Range(0, 150).Draw(t, "dso"), Known: known("dso known")},
		}
	})
}

// Taking data away never makes an account better than GOOD with all of it, and never makes it GOOD
// unless nothing is owed or overdue.
func TestCreditMissingIsNeverGood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := credits().Draw(t, "credit")
		g, err := keyaccount.GateCredit([]keyaccount.Credit{solid(), c}, keyaccount.CreditCuts{})
		if err != nil {
			t.Fatal(err)
		}
		owes := !c.Receivables.Known || c.Receivables.Value > 0 || (c.Overdue.Known && c.Overdue.Value > 0)
		complete := c.Blocked.Known && c.Receivables.Known && c.Overdue.Known && c.DaysSalesOutstanding.Known &&
			c.Limit.Known && c.Limit.Value > 0 && (c.OverdueDays.Known || c.Overdue.Value <= 0)
		state := g.Verdicts[1].State
		if state == keyaccount.CreditGood && (!c.Blocked.Known || (owes && !complete)) {
			t.Fatalf("GOOD with data missing: %+v", c)
		}
		if state == keyaccount.CreditUnknown && complete {
			t.Fatalf("UNKNOWN with all data: %+v", c)
		}
		if c.Blocked.Known && c.Blocked.Value && state != keyaccount.CreditBlocked {
			t.Fatalf("flagged account is %s", state)
		}
		if len(g.AppendReason(nil, 1)) == 0 {
			t.Fatal("no reason")
		}
	})
}

// More overdue, an older item, a larger debt against the limit: never a better state.
func TestCreditIsMonotone(t *testing.T) {
	worse := map[keyaccount.CreditState]int{keyaccount.CreditGood: 0, keyaccount.CreditWatch: 1, keyaccount.CreditBlocked: 2}
	rapid.Check(t, func(t *rapid.T) {
		a := solid()
		a.Overdue = amount(rapid.Int64Range(0, 1000).Draw(t, "overdue"))
		a.OverdueDays.Value = rapid.IntRange(0, 120).Draw(t, "age")
		a.Limit = amount(rapid.Int64Range(1, 3000).Draw(t, "limit"))
		b := a
		b.Overdue.Value += money.Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "more overdue"))
		b.OverdueDays.Value += rapid.IntRange(0, 100).Draw(t, "older")
		b.DaysSalesOutstanding.Value += rapid.Float64Range(0, 100).Draw(t, "slower")
		b.Limit.Value -= money.Amount(rapid.Int64Range(0, int64(b.Limit.Value)-1).Draw(t, "tighter"))
		g, err := keyaccount.GateCredit([]keyaccount.Credit{a, b}, keyaccount.CreditCuts{})
		if err != nil {
			t.Fatal(err)
		}
		if x, y := g.Verdicts[0].State, g.Verdicts[1].State; worse[y] < worse[x] {
			t.Fatalf("%+v is %s, but the worse %+v is %s", a, x, b, y)
		}
	})
}

func TestCreditCutsRefuse(t *testing.T) {
	for _, c := range []keyaccount.CreditCuts{
		{WatchOverdue: 2, BlockOverdue: 1}, {WatchDSO: -1}, {WatchDSO: math.NaN()}, {WatchOverdueDays: 1}, {WatchLimitUse: 1},
	} {
		if _, err := keyaccount.GateCredit(nil, c); err == nil {
			t.Errorf("cuts %+v: got no error", c)
		}
	}
}
