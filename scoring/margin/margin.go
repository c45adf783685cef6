// Package margin says what makes one margin rate lower than another: discounts, returns, the mix of
// what is bought, and what is left, which is cost and prices.
//
//  1. Trade is what a rate is made of. Yardstick is what each category earns in the whole company, and
//     Yardstick.Excess what a basket would earn by it above the company's rate.
//  2. Explain takes the gap between a reference and a trade apart into effects that add up to it,
//     exactly, in money.
//
// It is a decomposition of a difference of rates into the composition and the rates within, as in
// E. M. Kitagawa, Components of a difference between two rates, Journal of the American Statistical
// Association 50 (1955) 1168-1194, and in shift-share analysis (E. S. Dunn, A statistical and
// analytical technique for regional analysis, Papers of the Regional Science Association 6 (1960)
// 97-112: mix is Dunn's industry mix, the rest his competitive share). In business it goes by the name
// of price-volume-mix analysis.
package margin

import (
	"math"
	"math/bits"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Trade is what a margin rate is made of, in a window. The rate is Profit / Covered.
type Trade struct {
	// Covered is net sales with a known cost, returns taken off, and Profit the gross profit on it.
	Covered, Profit money.Amount
	// Back and BackProfit are the parts of them that stand in documents of returns only, credit notes:
	// usually both below zero.
	Back, BackProfit money.Amount
	// Net and Discount are net sales of the other documents and what discounts took off them; Net +
	// Discount is their value at list price.
	Net, Discount money.Amount
}

// Add returns the sum of two trades, and false where it does not fit.
func (t Trade) Add(o Trade) (Trade, bool) {
	var k money.Checked
	sum := func(a, b money.Amount) money.Amount { return money.Amount(k.Add(int64(a), int64(b))) }
	s := Trade{sum(t.Covered, o.Covered), sum(t.Profit, o.Profit), sum(t.Back, o.Back), sum(t.BackProfit, o.BackProfit), sum(t.Net, o.Net), sum(t.Discount, o.Discount)}
	return s, k.OK()
}

// Rate is the margin rate; NaN unless Covered is above zero.
func (t Trade) Rate() float64 { return rate(t.Profit, t.Covered) }

func rate(part, of money.Amount) float64 {
	if of <= 0 {
		return math.NaN()
	}
	return part.Float() / of.Float()
}

// sold is the rate without the credit notes.
func (t Trade) sold() float64 {
	covered, ok1 := money.Sub(t.Covered, t.Back)
	profit, ok2 := money.Sub(t.Profit, t.BackProfit)
	if !ok1 || !ok2 {
		return math.NaN()
	}
	return rate(profit, covered)
}

// kept is what discounts left of the value at list price, 1 - d.
func (t Trade) kept() float64 {
	listed, ok := money.Add(t.Net, t.Discount)
	if !ok {
		return math.NaN()
	}
	return rate(t.Net, listed)
}

// Gap is what a trade earns less than it would at the rate of its reference, and why, in money; below
// zero is more. Returns + Discount + Mix + Cost = Amount, exactly; an effect that is not known is 0
// and part of Cost.
type Gap struct {
	Amount, Returns, Discount, Mix, Cost  money.Amount
	ReturnsKnown, DiscountKnown, MixKnown bool
}

// Explain takes the gap between the rates of ref (M) and t (m) apart, on t's covered sales C:
//
//	Amount   = C (M - m), rounded half to even once
//	Returns  = C [(m° - m) - (M° - M)]          m°, M°: the rates without credit notes
//	Discount = C (1 - m°) [1 - (1 - d)/(1 - D)] d, D: discounts as a share of the value at list price
//	Mix      = C (E - e)                        e, E: what the baskets earn above the company's rate
//	                                            if each category earns what it earns in the company
//	Cost     = Amount - Returns - Discount - Mix
//
// Returns is what credit notes took off the rate beyond what they do at the reference: nothing where
// goods come back at the margin they were sold at. Discount is what t would earn more at D with its
// list prices and costs unchanged: its rate would be 1 - (1 - m°)(1 - d)/(1 - D). excess and refExcess
// are e and E, of Yardstick.Excess, NaN where the categories are not known. The effects are computed in
// float64 and rounded to 1/10,000; Cost takes up what rounding leaves. It returns false where a rate
// is not defined or the gap does not fit.
func Explain(t, ref Trade, excess, refExcess float64) (Gap, bool) {
	if t.Covered <= 0 || ref.Covered <= 0 {
		return Gap{}, false
	}
	var g Gap
	expected, ok1 := mulDiv(ref.Profit, t.Covered, ref.Covered)
	amount, ok2 := money.Sub(expected, t.Profit)
	if !ok1 || !ok2 {
		return Gap{}, false
	}
	g.Amount = amount
	m, own, refOwn := t.Rate(), t.sold(), ref.sold()
	g.Returns, g.ReturnsKnown = effect(t.Covered, (own-m)-(refOwn-ref.Rate()))
	g.Discount, g.DiscountKnown = effect(t.Covered, float64((1-own)*(1-t.kept()/ref.kept())))
	g.Mix, g.MixKnown = effect(t.Covered, refExcess-excess)
	var k money.Checked
	rest := int64(g.Amount)
	for _, x := range [...]money.Amount{g.Returns, g.Discount, g.Mix} {
		rest = k.Sub(rest, int64(x))
	}
	g.Cost = money.Amount(rest)
	return g, k.OK()
}

// effect is covered x share in money; unknown where the share is.
func effect(covered money.Amount, share float64) (money.Amount, bool) {
	v := math.RoundToEven(float64(float64(covered) * share))
	if !(math.Abs(v) < 1<<62) { // NaN too
		return 0, false
	}
	return money.Amount(v), true
}

// mulDiv is a x b / div for positive b and div, computed in 128 bits and rounded half to even once;
// false where it does not fit.
func mulDiv(a, b, div money.Amount) (money.Amount, bool) {
	u := uint64(a)
	if a < 0 {
		u = -u
	}
	hi, lo := bits.Mul64(u, uint64(b))
	if hi >= uint64(div) {
		return 0, false
	}
	q, r := bits.Div64(hi, lo, uint64(div))
	if rest := uint64(div) - r; r > rest || (r == rest && q&1 == 1) {
		q++
	}
	if q > math.MaxInt64 {
		return 0, false
	}
	if a < 0 {
		return -money.Amount(q), true
	}
	return money.Amount(q), true
}
