// Package keyaccount says which customers are key accounts: they sell much and earn much, and, by
// the credit gate, pay.
//
//  1. Score takes the window's sums per customer, derives the margin rate and shrinks it toward the
//     company rate as far as the customer's orders are few or erratic.
//  2. Volume and margin become mid-rank percentiles, and their geometric mean the key score: a zero
//     in one cannot be bought back by the other.
//  3. The two cuts of Settings put every customer in a quadrant; Result.AppendReason says why.
//  4. GateCredit judges the CRM export's credit figures, apart from all that.
//
// Cuts on money and on the raw margin are compared exactly, in integers. Whatever is missing is
// UNKNOWN and does not pass; a criterion that the whole run has no data for is off, and says so.
package keyaccount

import (
	"fmt"
	"math"
	"sync"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// Accounts are the columns that Score reads, all of one length, for one window.
type Accounts struct {
	// Net is net sales; Covered the part of it with known Cost.
	Net, Covered, Cost []money.Amount
	// Lines counts order lines, Costed those with a known cost.
	Lines, Costed []int64
	// Orders counts orders with a sale line; 0 means no sales in the window.
	Orders []int32
	// SalesRank and SalesClass are the Pareto analysis of Net; read when the volume cut goes by
	// class, and by reasons.
	SalesRank  []int32
	SalesClass []scoring.Class
	// MarginOrders counts orders with positive covered sales c and margin rate r; MarginSquares is
	// Σ c (r - r̄)² over them, in currency units.
	MarginOrders  []int32
	MarginSquares []float64
	// Fit is the CRM's strategic fit 0..5, NaN where not given; nil for a run without it.
	Fit []float64
}

// Result has one value per customer in every column. NaN means unknown.
type Result struct {
	// MarginRate is (Covered - Cost) / Covered; NaN where Covered is not positive or no cost is known.
	MarginRate []float64
	// MarginRateShrunk lies between MarginRate and CompanyRate; NaN where MarginRate is.
	MarginRateShrunk []float64
	// VolumePercentile is the mid-rank percentile 0..100 of Net among the customers with an order in
	// the window: 100 (less + equal/2) / n, equal counting the customer itself. NaN for the others.
	VolumePercentile []float64
	// MarginPercentile is that of the shrunk margin rate (of the raw one with MarginCut.Raw) among
	// the customers with an order in the window whose margin is known: a rate exists and cost
	// coverage reaches Settings.MinCoverage. NaN for the others.
	MarginPercentile []float64
	// KeyScore is 100 √(v m) of the two percentiles as fractions; with a strategic fit it is
	// (1 - w) 100 √(v m) + w 100 fit/5, so that the declared weight w bounds what fit can do. It is
	// 100 v where the margin criterion is off, and NaN where a percentile it needs is.
	KeyScore []float64
	Quadrant []Quadrant
	Cause    []Cause

	// CompanyProfit / CompanyCovered is the company rate, over all customers.
	CompanyProfit, CompanyCovered money.Amount
	// Shrinkage is the fitted model; its exposures are covered sales in currency units, so K is the
	// covered sales at which a customer's own rate has weight 1/2.
	Shrinkage scoring.Credibility
	// MarginOff reports that no sales of the run have a known cost: volume alone decides.
	MarginOff bool
	// MissingCost lists the customers with sales whose margin is unknown for want of cost data.
	MissingCost []int32
	// VolumeMedian and MarginMedian are the cuts that the median settings came to; 0 and NaN when
	// another setting decides.
	VolumeMedian money.Amount
	MarginMedian float64
	// Settings are the settings as used, defaults written out.
	Settings Settings

	accounts Accounts
}

// CompanyRate is the company's margin rate; NaN where MarginOff.
func (r *Result) CompanyRate() float64 {
	if r.MarginOff {
		return math.NaN()
	}
	return float64(r.CompanyProfit) / float64(r.CompanyCovered)
}

// Score scores every customer. It errors on settings that are not legal, a fit outside 0..5 and
// sums that do not fit.
func Score(a Accounts, s Settings) (*Result, error) {
	s = s.OrDefault()
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if err := a.check(); err != nil {
		return nil, err
	}
	r := &Result{Settings: s, accounts: a, MarginMedian: math.NaN()}
	var volume, margin ranks
	var err error
	var wg sync.WaitGroup
	wg.Go(func() { // needs nothing of the margins, nor they of it
		volume = r.volumeRanks()
		r.VolumePercentile = volume.percentiles(len(a.Net))
	})
	if err = r.margins(); err == nil {
		margin = r.marginRanks()
		r.MarginPercentile = margin.percentiles(len(a.Net))
	}
	wg.Wait()
	if err != nil {
		return nil, err
	}
	r.keyScore()
	r.quadrants(volume, margin)
	return r, nil
}

func (a *Accounts) check() error {
	n := len(a.Net)
	for _, have := range []int{len(a.Covered), len(a.Cost), len(a.Lines), len(a.Costed), len(a.Orders), len(a.SalesRank),
		len(a.SalesClass), len(a.MarginOrders), len(a.MarginSquares)} {
		if have != n {
			panic("keyaccount: columns differ in length")
		}
	}
	if a.Fit != nil && len(a.Fit) != n {
		panic("keyaccount: columns differ in length")
	}
	for c, fit := range a.Fit {
		if fit < 0 || fit > 5 {
			return fmt.Errorf("strategic fit of customer number %d is %v; it must be 0..5 or empty", c, fit)
		}
	}
	return nil
}

// keyScore blends the percentiles.
func (r *Result) keyScore() {
	r.KeyScore = make([]float64, len(r.accounts.Net))
	weight := r.Settings.FitWeight.Float()
	for c := range r.KeyScore {
		score := r.VolumePercentile[c]
		if !r.MarginOff {
			score = math.Sqrt(score * r.MarginPercentile[c])
		}
		if f := r.accounts.Fit; f != nil && !math.IsNaN(f[c]) {
			score = float64((1-weight)*score) + float64(weight*100*f[c]/5)
		}
		r.KeyScore[c] = score
	}
}
