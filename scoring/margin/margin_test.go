package margin_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/margin"
	"pgregory.net/rapid"
)

const unit = money.One

// sold is a trade of one document: value at list price, discount, cost.
func sold(list, discount, cost money.Amount) margin.Trade {
	net := (list - discount) * unit
	return margin.Trade{Covered: net, Profit: net - cost*unit, Net: net, Discount: discount * unit}
}

// back adds a credit note of net sales and the cost that came back with it.
func back(t margin.Trade, net, cost money.Amount) margin.Trade {
	t.Covered, t.Profit = t.Covered-net*unit, t.Profit-(net-cost)*unit
	t.Back, t.BackProfit = -net*unit, -(net-cost)*unit
	return t
}

// TestOneCause gives the whole gap to the one thing that differs.
func TestOneCause(t *testing.T) {
	all := margin.Gap{ReturnsKnown: true, DiscountKnown: true, MixKnown: true}
	gap := func(change func(g *margin.Gap)) margin.Gap {
		g := all
		change(&g)
		return g
	}
	for _, c := range []struct {
		name     string
		own, ref margin.Trade
		e, refE  float64
		want     margin.Gap
	}{
		{"nothing", sold(100, 10, 50), sold(200, 20, 100), 0, 0, all},
		// 80 sold at a cost of 60, at the company's 40% it would be 32.
		{"discount", sold(100, 20, 60), sold(100, 0, 60), 0, 0, gap(func(g *margin.Gap) { g.Amount, g.Discount = 12*unit, 12*unit })},
		{"more discount than the company", sold(100, 28, 48), sold(100, 10, 48), 0, 0,
			gap(func(g *margin.Gap) { g.Amount, g.Discount = 96_000, 96_000 })}, // 72 (42/90 - 24/72)
		// 10 of 100 come back and are thrown away: 30 of 90 instead of 40%.
		{"returns at a loss", back(sold(100, 0, 60), 10, 0), sold(100, 0, 60), 0, 0, gap(func(g *margin.Gap) { g.Amount, g.Returns = 6*unit, 6*unit })},
		{"returns at the margin of sales", back(sold(100, 0, 60), 10, 6), sold(100, 0, 60), 0, 0, all},
		{"returns as bad in the company", back(sold(100, 0, 60), 10, 0), back(sold(200, 0, 120), 20, 0), 0, 0, all},
		{"mix", sold(100, 0, 90), sold(100, 0, 70), -0.2, 0, gap(func(g *margin.Gap) { g.Amount, g.Mix = 20*unit, 20*unit })},
		{"mix, against a past that was better", sold(100, 0, 90), sold(100, 0, 70), -0.15, 0.05, gap(func(g *margin.Gap) { g.Amount, g.Mix = 20*unit, 20*unit })},
		{"cost", sold(100, 0, 80), sold(100, 0, 60), 0, 0, gap(func(g *margin.Gap) { g.Amount, g.Cost = 20*unit, 20*unit })},
		{"better", sold(100, 0, 50), sold(100, 0, 60), 0, 0, gap(func(g *margin.Gap) { g.Amount, g.Cost = -10*unit, -10*unit })},
		{"mix unknown", sold(100, 0, 90), sold(100, 0, 70), math.NaN(), 0, gap(func(g *margin.Gap) { g.Amount, g.Cost, g.MixKnown = 20*unit, 20*unit, false })},
		{"discount unknown", margin.Trade{Covered: 10 * unit, Profit: unit}, sold(100, 0, 70), 0, 0,
			gap(func(g *margin.Gap) { g.Amount, g.Cost, g.DiscountKnown = 2*unit, 2*unit, false })},
	} {
		got, ok := margin.Explain(c.own, c.ref, c.e, c.refE)
		if d := cmp.Diff(c.want, got); d != "" || !ok {
			t.Errorf("%s: known %v, -want +got\n%s", c.name, ok, d)
		}
	}
}

// Discount, mix and cost at once, by hand: list 100, discount 20, cost 68 against list 100, discount
// 10, cost 54, and a basket that earns 5 points less everywhere.
func TestSeveralCauses(t *testing.T) {
	got, ok := margin.Explain(sold(100, 20, 68), sold(100, 10, 54), -0.05, 0)
	want := margin.Gap{ReturnsKnown: true, DiscountKnown: true, MixKnown: true,
		Amount:   20 * unit,                                                       // 80 (0.4 - 0.15)
		Discount: money.Amount(math.RoundToEven(80e4 * 0.85 * (0.2 - 0.1) / 0.9)), // 7.5556: 12 of 80 would be 22 of 90, or 24.4%
		Mix:      4 * unit}
	want.Cost = want.Amount - want.Discount - want.Mix
	if d := cmp.Diff(want, got); d != "" || !ok || want.Discount != 75_556 {
		t.Errorf("-want +got\n%s", d)
	}
}

func TestUndefined(t *testing.T) {
	for _, c := range [][2]margin.Trade{{{}, sold(1, 0, 0)}, {sold(1, 0, 0), {}}, {{Covered: -1}, sold(1, 0, 0)}, {{Covered: math.MaxInt64}, {Covered: 1, Profit: 2}}} {
		if g, ok := margin.Explain(c[0], c[1], 0, 0); ok {
			t.Errorf("got gap %+v of %+v against %+v, want none", g, c[0], c[1])
		}
	}
}

func TestYardstick(t *testing.T) {
	// Bolts 60 of 100, nuts 10 of 100, glue came back more than it was sold: 35 of 100 in all.
	y := margin.NewYardstick([]margin.Part{{0, 100 * unit, 60 * unit}, {1, 100 * unit, 10 * unit}, {2, -100 * unit, -35 * unit}})
	for _, c := range []struct {
		name   string
		basket []margin.Part
		want   float64
	}{
		{"bolts", []margin.Part{{0, 5 * unit, 0}}, 0.25}, {"nuts", []margin.Part{{1, 7 * unit, 0}}, -0.25}, {"half and half", []margin.Part{{0, unit, 0}, {1, unit, 0}}, 0},
		{"three quarters", []margin.Part{{0, 3 * unit, 0}, {1, unit, 0}}, 0.125}, {"glue has no rate of its own", []margin.Part{{2, unit, 0}}, 0},
		{"nothing", nil, math.NaN()}, {"returns only", []margin.Part{{0, -unit, 0}}, math.NaN()},
	} {
		if got := y.Excess(c.basket); !(math.Abs(got-c.want) < 1e-12) && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// naive computes an effect in exact fractions.
type naive struct{ t, ref margin.Trade }

func rat(a money.Amount) *big.Rat          { return new(big.Rat).SetInt64(int64(a)) }
func quo(a, b money.Amount) *big.Rat       { return new(big.Rat).Quo(rat(a), rat(b)) }
func sub(a, b *big.Rat) *big.Rat           { return new(big.Rat).Sub(a, b) }
func mul(a, b *big.Rat) *big.Rat           { return new(big.Rat).Mul(a, b) }
func one() *big.Rat                        { return big.NewRat(1, 1) }
func soldRate(t margin.Trade) *big.Rat     { return quo(t.Profit-t.BackProfit, t.Covered-t.Back) }
func discountRate(t margin.Trade) *big.Rat { return quo(t.Discount, t.Net+t.Discount) }

func (n naive) returns() *big.Rat {
	own := sub(soldRate(n.t), quo(n.t.Profit, n.t.Covered))
	return mul(rat(n.t.Covered), sub(own, sub(soldRate(n.ref), quo(n.ref.Profit, n.ref.Covered))))
}

// discount asks what the rate would be at the discount of the reference.
func (n naive) discount() *big.Rat {
	cost := sub(one(), soldRate(n.t)) // of a unit of net sales
	cost.Mul(cost, sub(one(), discountRate(n.t)))
	cost.Quo(cost, sub(one(), discountRate(n.ref)))
	return mul(rat(n.t.Covered), sub(sub(one(), cost), soldRate(n.t)))
}

func trades() *rapid.Generator[margin.Trade] {
	return rapid.Custom(func(t *rapid.T) margin.Trade {
		amount := func(name string, lo, hi int64) money.Amount {
			return money.Amount(rapid.Int64Range(lo, hi).Draw(t, name))
		}
		x := margin.Trade{Net: amount("net", 1, 1e13), Discount: amount("discount", 0, 1e13), Back: -amount("back", 0, 1e6)}
		x.Covered = x.Back + amount("covered", 1, 1e13)
		x.Profit, x.BackProfit = amount("profit", -1e13, 1e13), amount("back profit", -1e6, 1e6)
		return x
	})
}

// The effects are those of exact fractions within rounding, and always add up.
func TestNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		own, ref := trades().Draw(t, "own"), trades().Draw(t, "reference")
		e, refE := rapid.Float64Range(-1, 1).Draw(t, "excess"), rapid.Float64Range(-1, 1).Draw(t, "reference excess")
		g, ok := margin.Explain(own, ref, e, refE)
		if own.Covered <= 0 || ref.Covered <= 0 {
			if ok {
				t.Fatalf("got %+v of sales of nothing", g)
			}
			return
		}
		if !ok {
			t.Skip("beyond int64")
		}
		if g.Returns+g.Discount+g.Mix+g.Cost != g.Amount {
			t.Fatalf("%+v does not add up", g)
		}
		n := naive{own, ref}
		within(t, "amount", g.Amount, sub(mul(rat(own.Covered), quo(ref.Profit, ref.Covered)), rat(own.Profit)), 0.5)
		if g.ReturnsKnown {
			// The difference of rates loses up to ε of the larger of them.
			slack := 1 + 1e-12*float64(own.Covered)*(math.Abs(own.Rate())+math.Abs(ref.Rate())+abs(soldRate(own))+abs(soldRate(ref)))
			within(t, "returns", g.Returns, n.returns(), slack)
		}
		if g.DiscountKnown {
			slack := 1 + 1e-12*(abs(n.discount())+float64(own.Covered)*(1+abs(soldRate(own))))
			within(t, "discount", g.Discount, n.discount(), slack)
		}
	})
}

func abs(r *big.Rat) float64 {
	f, _ := r.Float64()
	return math.Abs(f)
}

func within(t *rapid.T, what string, got money.Amount, want *big.Rat, slack float64) {
	if d := abs(sub(rat(got), want)); d > slack {
		f, _ := want.Float64()
		t.Fatalf("%s: got %d, want %v", what, got, f)
	}
}
