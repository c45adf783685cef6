package keyaccount

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// margins fills the company rate, the raw and the shrunk rates.
//
// With covered sales w_i and raw rate r_i of customer i, its orders' rates r_ij at covered sales
// w_ij, and company rate m,
//
//	shrunk_i = m + Z_i (r_i - m),   Z_i = w_i / (w_i + σ²/τ²),
//
// σ² the variance of an order's rate within a customer and τ² that between customers' true rates,
// by the method of moments (scoring.Fit; Bühlmann and Straub 1970). Where nobody has two orders to
// compare, the prior weighs as much as one order of average size.
func (r *Result) margins() error {
	a := &r.accounts
	n := len(a.Net)
	r.MarginRate, r.MarginRateShrunk = make([]float64, n), make([]float64, n)
	if err := r.company(); err != nil {
		return err
	}
	g := scoring.Groups{Exposure: make([]float64, n), Mean: r.MarginRate, Squares: a.MarginSquares, N: a.MarginOrders}
	var orders, covered float64
	for c := range n {
		r.MarginRate[c] = math.NaN()
		if a.Costed[c] == 0 || a.Covered[c] <= 0 {
			continue
		}
		r.MarginRate[c] = float64(a.Covered[c]-a.Cost[c]) / float64(a.Covered[c])
		g.Exposure[c] = a.Covered[c].Float()
		covered += g.Exposure[c]
		orders += float64(a.MarginOrders[c])
	}
	r.Shrinkage = scoring.Fit(g, covered/max(1, orders))
	rate := r.CompanyRate()
	for c := range n {
		r.MarginRateShrunk[c] = r.Shrinkage.Shrink(r.MarginRate[c], g.Exposure[c], rate)
	}
	return nil
}

// company sums profit and covered sales over all customers.
func (r *Result) company() error {
	a := &r.accounts
	for c := range a.Net {
		profit, ok1 := money.Sub(a.Covered[c], a.Cost[c])
		sum, ok2 := money.Add(r.CompanyProfit, profit)
		covered, ok3 := money.Add(r.CompanyCovered, a.Covered[c])
		if !ok1 || !ok2 || !ok3 {
			return fmt.Errorf("the company's gross profit does not fit: amounts beyond 922 trillion; check the units of the export")
		}
		r.CompanyProfit, r.CompanyCovered = sum, covered
	}
	r.MarginOff = r.CompanyCovered <= 0
	return nil
}

// covered reports whether the cost is known for enough of the sales: Covered/Net >= MinCoverage, by
// lines where Net is 0, compared exactly.
func (r *Result) covered(c int) bool {
	a := &r.accounts
	return Covers(r.Settings.MinCoverage, a.Net[c], a.Covered[c], a.Lines[c], a.Costed[c])
}

// Covers reports whether the cost is known for at least the share least of net sales, compared in
// integers: covered/net >= least, or the share of lines where net is 0; never without a costed line.
func Covers(least money.Rate, net, covered money.Amount, lines, costed int64) bool {
	one := int64(money.OneRate)
	switch {
	case costed == 0:
		return false
	case net == 0:
		return scoring.CompareProducts(costed, one, int64(least), lines) >= 0
	case net < 0:
		return scoring.CompareProducts(int64(covered), one, int64(least), int64(net)) <= 0
	default:
		return scoring.CompareProducts(int64(covered), one, int64(least), int64(net)) >= 0
	}
}

// coverage is what covered compared, 0..1, for print.
func (r *Result) coverage(c int) float64 {
	a := &r.accounts
	if a.Net[c] == 0 {
		return float64(a.Costed[c]) / float64(max(1, a.Lines[c]))
	}
	return max(0, min(1, float64(a.Covered[c])/float64(a.Net[c])))
}
