package list_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/margin"
	"github.com/vitalfew/vitalfew/segment/list"
)

// What eats the margin is told largest first, with what is known of the past and of the mix, and the
// next step is about the largest.
func TestFixMarginWords(t *testing.T) {
	gap := func(discount, returns, mix, cost float64) margin.Gap {
		amount := func(v float64) money.Amount { return money.Amount(v * float64(unit)) }
		return margin.Gap{Amount: amount(discount + returns + mix + cost), Discount: amount(discount), Returns: amount(returns), Mix: amount(mix), Cost: amount(cost),
			ReturnsKnown: true, DiscountKnown: true, MixKnown: true}
	}
	unmixed := func(g margin.Gap) margin.Gap { g.MixKnown = false; return g }
	for _, c := range []struct {
		name         string
		gaps         list.Gaps
		reason, step string
	}{
		{"discounts", list.Gaps{Company: gap(20, 0, -6, 1), Known: true},
			": discounts 20.00 (20.0% against 0.0% of list price), cost and prices 1.00, mix -6.00", "review discounts and conditions"},
		{"returns", list.Gaps{Company: gap(2, 8, 5, 0), Known: true},
			": returns 8.00 (0.0% against 0.0% of list price), mix 5.00, discounts 2.00 (20.0% against 0.0% of list price)", "find out why goods come back, and charge for it"},
		{"mix", list.Gaps{Company: gap(0, 0, 15, 0), Known: true},
			": mix 15.00", "offer products that earn more: the customer buys what earns little everywhere"},
		{"cost", list.Gaps{Company: gap(0, 0, 0, 15), Known: true},
			": cost and prices 15.00", "reprice: others pay more for the same categories, or cost less"},
		{"cost, mix unknown", list.Gaps{Company: unmixed(gap(0, 0, 0, 15)), Known: true},
			": cost and prices 15.00, mix unknown", "reprice, or sell products of better margin"},
		{"with a past", list.Gaps{Company: gap(0, 0, 15, 0), Known: true, PastKnown: true, PastRate: 0.173, Past: gap(0, 0, 4, 8.25)},
			": mix 15.00; the window before margin 17.3%, since then lost 12.25: cost and prices 8.25, mix 4.00",
			"offer products that earn more: the customer buys what earns little everywhere"},
		{"better than the company, worse than before", list.Gaps{Company: gap(0, 0, -5, 0), Known: true, PastKnown: true, PastRate: 0.173, Past: gap(3, 0, 0, 0)},
			": mix -5.00; the window before margin 17.3%, since then lost 3.00: discounts 3.00", "review the discounts and conditions given since the window before"},
		{"no better before", list.Gaps{Company: gap(15, 0, 0, 0.5), Known: true, PastKnown: true, PastRate: 0.01, Past: gap(-3, 0, 0, 1)},
			": discounts 15.00 (20.0% against 0.0% of list price); the window before margin 1.0%, no better", "review discounts and conditions"},
		{"nothing to tell apart", list.Gaps{Company: gap(0, 0, 0, 0), Known: true}, "", "review prices, discounts and cost"},
		{"not known", list.Gaps{}, "", "review prices, discounts and cost"},
	} {
		in := columns(general(func(o *one) { o.quadrant, o.discount = list.VolumeOnly, 25*unit }))
		in.Gaps = func(int) list.Gaps { return c.gaps }
		l := build(t, in, list.Settings{})
		want := "margin 5.0% < 20.0% of the company; profit lost 15.00" + c.reason
		if d := cmp.Diff([]string{want, c.step}, []string{l.FixMargin.Reasons[0], l.FixMargin.Steps[0]}); d != "" {
			t.Errorf("%s: -want +got\n%s", c.name, d)
		}
		if l.Eaten.Gaps[0] != c.gaps {
			t.Errorf("%s: got gaps %+v, want %+v", c.name, l.Eaten.Gaps[0], c.gaps)
		}
	}
}

// Above the company's rate others are no measure: the step is about the customer's own past, and the
// reason says why there is one at all.
func TestFixMarginAboveTheCompany(t *testing.T) {
	const none, half = money.Amount(0), 5 * unit
	past := func(discount, returns, mix, cost money.Amount, mixKnown bool) margin.Gap {
		return margin.Gap{Amount: discount + returns + mix + cost, Discount: discount, Returns: returns, Mix: mix, Cost: cost, MixKnown: mixKnown}
	}
	for step, g := range map[string]margin.Gap{
		"review the discounts and conditions given since the window before":         past(half, none, none, 1, true),
		"find out why more comes back than in the window before":                    past(none, half, none, 1, true),
		"offer what they bought in the window before: what they buy now earns less": past(none, none, half, 1, true),
		"reprice: the same categories earned more in the window before":             past(none, none, none, half, true),
		"reprice, or offer what earned more in the window before":                   past(none, none, none, half, false),
		"review prices, discounts and cost":                                         past(none, none, none, -half, true),
	} {
		// 28% against 20% of the company and 35% before, below a cut of 30%.
		in := columns(general(func(o *one) { o.quadrant, o.profit = list.VolumeOnly, 28*unit }))
		in.Gaps = func(int) list.Gaps {
			return list.Gaps{Company: past(none, none, none, -8*unit, true), Known: true, Past: g, PastKnown: true, PastRate: 0.35}
		}
		l := build(t, in, list.Settings{})
		const reason = "margin 28.0% >= 20.0% of the company; profit lost -8.00, so none, but the margin is below the cut"
		if got := l.FixMargin; got.Steps[0] != step || !strings.HasPrefix(got.Reasons[0], reason) {
			t.Errorf("got %q and %q, want %q and %q", got.Reasons[0], got.Steps[0], reason, step)
		}
	}
}

func TestMixOffIsAWarning(t *testing.T) {
	in := columns(general(func(o *one) { o.quadrant = list.VolumeOnly }))
	in.MixOff = "mix unknown: no categories"
	if w := build(t, in, list.Settings{}).FixMargin.Warnings; len(w) != 1 || w[0].Error() != in.MixOff {
		t.Errorf("got warnings %v, want %q", w, in.MixOff)
	}
}
