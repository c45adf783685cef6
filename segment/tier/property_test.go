package tier_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/tier"
	"pgregory.net/rapid"
)

// customer draws few distinct profits, so that ties and cuts are met.
func customer() *rapid.Generator[one] {
	amounts := rapid.OneOf(rapid.Int64Range(-3, 9), rapid.Int64Range(-1e12, 1e13))
	return rapid.Custom(func(t *rapid.T) one {
		return one{
			key: rapid.Bool().Draw(t, "key"), loyal: rapid.Bool().Draw(t, "loyal"), noProfit: rapid.IntRange(0, 9).Draw(t, "profit known") == 0,
			credit:   tier.Credit(rapid.IntRange(0, 3).Draw(t, "credit")),
			last:     rapid.SampledFrom([]civil.Day{civil.Unknown, from - 1, from, from + 9}).Draw(t, "last"),
			returned: money.Amount(rapid.Int64Range(0, 1).Draw(t, "returned")),
			net:      money.Amount(amounts.Draw(t, "net")), profit: money.Amount(amounts.Draw(t, "profit")),
		}
	})
}

// run is a random input; off says which data the whole run lacks.
type run struct {
	all                  []one
	marginOff, creditOff bool
	settings             tier.Settings
}

func runs() *rapid.Generator[run] {
	return rapid.Custom(func(t *rapid.T) run {
		return run{
			rapid.SliceOfN(customer(), 0, 30).Draw(t, "customers"), rapid.IntRange(0, 4).Draw(t, "cost") == 0, rapid.IntRange(0, 4).Draw(t, "credit data") == 0,
			tier.Settings{CoreShare: money.Rate(rapid.SampledFrom([]int64{0, 1, 25_000_000, 80_000_000, 100_000_000}).Draw(t, "share")), NeedKnownCredit: rapid.Bool().Draw(t, "strict")},
		}
	})
}

func (r run) columns() tier.Customers {
	c := columns(r.all...)
	c.MarginOff, c.CreditOff = r.marginOff, r.creditOff
	return c
}

// naive states each tier by itself, half by summing exact fractions over all others.
func (r run) naive(i int) (holds []tier.Tier) {
	o := r.all[i]
	share := r.settings.CoreShare
	if share == 0 {
		share = 50_000_000
	}
	base, before := new(big.Rat), new(big.Rat)
	for _, x := range r.all {
		if x.key && !x.noProfit && x.profit > 0 {
			p := new(big.Rat).SetInt64(int64(x.profit))
			base.Add(base, p)
			if x.profit > o.profit {
				before.Add(before, p)
			}
		}
	}
	half := r.marginOff || !o.noProfit && o.profit > 0 && before.Cmp(new(big.Rat).Mul(base, big.NewRat(int64(share), 100_000_000))) < 0
	blocked := !r.creditOff && (o.credit == tier.CreditBlocked || r.settings.NeedKnownCredit && o.credit == tier.CreditUnknown)
	good := r.creditOff || o.credit == tier.CreditGood
	keyOrCore := o.key && !blocked
	core := keyOrCore && good && o.loyal && half
	add := func(t tier.Tier, yes bool) {
		if yes {
			holds = append(holds, t)
		}
	}
	add(tier.Core, core)
	add(tier.Key, keyOrCore && !core)
	add(tier.General, !keyOrCore && o.last >= from)
	add(tier.Dormant, !keyOrCore && (o.last == from-1 || o.last == civil.Unknown && o.returned > 0))
	add(tier.Prospect, !keyOrCore && o.last == civil.Unknown && o.returned == 0)
	return holds
}

func TestNaiveTwinAndPartition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := runs().Draw(t, "run")
		r := assign(t, in.columns(), in.settings)
		var totals [tier.Tiers]tier.Total
		reasons := r.Reasons()
		for i, o := range in.all {
			if want := in.naive(i); len(want) != 1 || r.Tier[i] != want[0] {
				t.Fatalf("customer %d: got %s, want one of one: %v", i, r.Tier[i], want)
			}
			if reasons[i] != string(r.AppendReason(nil, i)) || !strings.HasPrefix(reasons[i], r.Tier[i].String()) {
				t.Fatalf("customer %d is %s: got reason %q", i, r.Tier[i], reasons[i])
			}
			s := &totals[r.Tier[i]]
			s.Customers++
			s.Net += o.net
			if !in.marginOff && !o.noProfit {
				s.Profit += o.profit
			}
		}
		if totals != r.Totals {
			t.Fatalf("got totals %v, want %v", r.Totals, totals)
		}
	})
}

// A customer that earns more, pays better, turns loyal or KEY, or buys later never falls.
func TestMonotone(t *testing.T) {
	better := map[tier.Credit][]tier.Credit{
		tier.CreditBlocked: {tier.CreditBlocked, tier.CreditWatch, tier.CreditGood}, tier.CreditWatch: {tier.CreditWatch, tier.CreditGood},
		tier.CreditUnknown: {tier.CreditUnknown, tier.CreditGood}, tier.CreditGood: {tier.CreditGood},
	}
	rapid.Check(t, func(t *rapid.T) {
		in := runs().Filter(func(r run) bool { return len(r.all) > 0 }).Draw(t, "run")
		i := rapid.IntRange(0, len(in.all)-1).Draw(t, "customer")
		was := assign(t, in.columns(), in.settings).Tier[i]
		o := &in.all[i]
		o.profit += money.Amount(rapid.Int64Range(0, 10).Draw(t, "more profit"))
		o.credit = rapid.SampledFrom(better[o.credit]).Draw(t, "credit")
		o.loyal = o.loyal || rapid.Bool().Draw(t, "loyal")
		o.key = o.key || rapid.Bool().Draw(t, "key")
		o.last = max(o.last, rapid.SampledFrom([]civil.Day{civil.Unknown, from - 1, from}).Draw(t, "later"))
		if is := assign(t, in.columns(), in.settings).Tier[i]; is > was {
			t.Fatalf("customer %d was %s and is %s after getting better", i, was, is)
		}
	})
}

func TestPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := runs().Draw(t, "run")
		index := make([]int, len(in.all))
		for i := range index {
			index[i] = i
		}
		other := in
		other.all = nil
		perm := rapid.Permutation(index).Draw(t, "permutation")
		for _, i := range perm {
			other.all = append(other.all, in.all[i])
		}
		a, b := assign(t, in.columns(), in.settings), assign(t, other.columns(), other.settings)
		for at, i := range perm {
			if a.Tier[i] != b.Tier[at] || a.Criterion[i] != b.Criterion[at] {
				t.Fatalf("customer %d is %s at place %d and %s at %d", i, a.Tier[i], i, b.Tier[at], at)
			}
		}
		if a.Totals != b.Totals {
			t.Fatal("totals depend on the order")
		}
	})
}

// Reasons share memory in chunks of 1024: both sides of the border.
func TestReasonsSizes(t *testing.T) {
	for _, n := range []int{0, 1, 1023, 1024, 1025, 2049} {
		all := make([]one, n)
		for i := range all {
			all[i] = one{last: civil.Unknown, returned: money.Amount(i+1) * money.One}
		}
		r := assign(t, columns(all...), tier.Settings{})
		reasons := r.Reasons()
		if len(reasons) != n {
			t.Fatalf("n=%d: got %d reasons", n, len(reasons))
		}
		for i, got := range reasons {
			if want := string(r.AppendReason(nil, i)); got != want {
				t.Fatalf("n=%d, customer %d: got %q, want %q", n, i, got, want)
			}
		}
	}
}
