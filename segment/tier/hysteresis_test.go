package tier_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/tier"
	"pgregory.net/rapid"
)

// TestSettle puts one customer beside others that fix the cuts, with what the run before left.
func TestSettle(t *testing.T) {
	general := with(func(o *one) { o.key = false })
	away := with(func(o *one) { o.key, o.last = false, from-1 })
	key := with(func(o *one) { o.loyal = false })
	for _, c := range []struct {
		name     string
		customer one
		was      tier.Tier
		below    int32
		stay     bool
		tier     tier.Tier
		move     tier.Move
		left     int32
	}{
		{"unknown to the run before", best(), tier.None, 0, true, tier.Core, tier.Fresh, 0},
		{"as before", best(), tier.Core, 0, true, tier.Core, tier.Same, 0},
		{"recovers", best(), tier.Core, 1, true, tier.Core, tier.Same, 0},
		{"one step up", key, tier.General, 0, true, tier.Key, tier.Up, 0},
		{"two steps up take two runs", best(), tier.General, 0, true, tier.Key, tier.UpFirst, 0},
		{"a prospect buys", general, tier.Prospect, 0, false, tier.General, tier.Up, 0},
		{"a prospect buys much", best(), tier.Prospect, 0, true, tier.General, tier.UpFirst, 0},
		{"falls short once", general, tier.Key, 0, false, tier.Key, tier.Waiting, 1},
		{"falls short twice", general, tier.Key, 1, false, tier.General, tier.Down, 0},
		{"below the cut, above its part", general, tier.Key, 1, true, tier.Key, tier.InBand, 0},
		{"core falls two steps, waits", general, tier.Core, 0, false, tier.Core, tier.Waiting, 1},
		{"core falls two steps, one a run", general, tier.Core, 1, false, tier.Key, tier.DownFirst, 2},
		{"and the next run the other", general, tier.Key, 2, false, tier.General, tier.Down, 0},
		{"buys no more", away, tier.General, 1, false, tier.Dormant, tier.Down, 0},
		{"key and buys no more", away, tier.Key, 1, false, tier.General, tier.DownFirst, 2},
		{"core with worse credit waits", with(func(o *one) { o.credit = tier.CreditWatch }), tier.Core, 0, true, tier.Core, tier.Waiting, 1},
		{"blocked at once", with(func(o *one) { o.credit = tier.CreditBlocked }), tier.Core, 0, true, tier.General, tier.Blocked, 0},
		{"blocked and away", with(func(o *one) { o.credit, o.last = tier.CreditBlocked, from-1 }), tier.Core, 0, true, tier.Dormant, tier.Blocked, 0},
		{"the first order was no purchase", one{last: -1 << 31, returned: 1}, tier.Prospect, 0, false, tier.Dormant, tier.Corrected, 0},
	} {
		r := assign(t, columns(c.customer), tier.Settings{})
		s, err := r.Settle(tier.Memory{Tier: []tier.Tier{c.was}, RunsBelow: []int32{c.below}, Stay: []bool{c.stay}}, tier.Hysteresis{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Tier[0] != c.tier || s.Move[0] != c.move || s.RunsBelow[0] != c.left {
			t.Errorf("%s: got %s, %s, %d runs below, want %s, %s, %d", c.name, s.Tier[0], s.Move[0], s.RunsBelow[0], c.tier, c.move, c.left)
		}
		reason := string(s.AppendReason(nil, r, 0))
		if !strings.HasPrefix(reason, c.tier.String()) || !strings.Contains(reason, string(r.AppendReason(nil, 0))) {
			t.Errorf("%s: got reason %q, want the tier and what the cuts say", c.name, reason)
		}
	}
}

// The band of core's profit half is nine tenths of the least profit in it.
func TestSettleHalf(t *testing.T) {
	for profit, want := range map[money.Amount]tier.Move{90: tier.InBand, 89: tier.Waiting} {
		// 100 + 100 make the first half of 200 + profit + 89 with the third at its end.
		all := []one{with(func(o *one) { o.profit = profit }), best(), best()}
		r := assign(t, columns(all...), tier.Settings{})
		if r.Tier[0] != tier.Key || r.CoreProfit() != 100 {
			t.Fatalf("profit %d: got %s with a cut of %d, want key and 100", profit, r.Tier[0], r.CoreProfit())
		}
		s, err := r.Settle(tier.Memory{Tier: []tier.Tier{tier.Core, 0, 0}, RunsBelow: make([]int32, 3), Stay: make([]bool, 3)}, tier.Hysteresis{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Move[0] != want {
			t.Errorf("profit %d: got %s, want %s", profit, s.Move[0], want)
		}
	}
}

// Whatever happened before: one step at most unless blocked, and where nothing changes any more the
// settled tiers become those of the cuts, bands aside.
func TestSettleConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := runs().Draw(t, "run")
		r := assign(t, in.columns(), in.settings)
		n := len(in.all)
		m := tier.Memory{Tier: make([]tier.Tier, n), RunsBelow: make([]int32, n), Stay: make([]bool, n)}
		for i := range n {
			m.Tier[i] = tier.Tier(rapid.IntRange(0, 5).Draw(t, "was"))
			m.RunsBelow[i] = int32(rapid.IntRange(0, 9).Draw(t, "below"))
			m.Stay[i] = in.all[i].key
		}
		rung := func(x tier.Tier) int { return int(min(x, tier.Dormant)) }
		for range 6 {
			s, err := r.Settle(m, tier.Hysteresis{Keep: money.OneRate})
			if err != nil {
				t.Fatal(err)
			}
			for i, now := range s.Tier {
				step := rung(now) - rung(m.Tier[i])
				if m.Tier[i] != tier.None && s.Move[i] != tier.Blocked && (step > 1 || step < -1) {
					t.Fatalf("customer %d went from %s to %s", i, m.Tier[i], now)
				}
			}
			m.Tier, m.RunsBelow = s.Tier, s.RunsBelow
		}
		if d := cmp.Diff(r.Tier, m.Tier); n > 0 && d != "" {
			t.Fatalf("after six equal runs: -cuts +settled\n%s", d)
		}
	})
}

func TestHysteresisRefuses(t *testing.T) {
	for _, h := range []tier.Hysteresis{{Keep: -1}, {Keep: money.OneRate + 1}, {Wait: -1}} {
		if h.OrDefault().Validate() == nil {
			t.Errorf("%+v: got no error", h)
		}
	}
}
