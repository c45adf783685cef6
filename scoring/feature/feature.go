// Package feature computes what a ledger says about each customer on an as-of day.
//
//  1. Compute walks the customers in parallel; each customer's rows fill that customer's places in
//     the columns of Features and touch nothing else, so the split over workers cannot show.
//  2. A serial pass in customer order adds the company totals up and estimates how purchase gaps
//     vary within and between customers.
//  3. A last pass derives each customer's expected gap and overdue ratio from that.
//
// # Time
//
// A purchase is an order with a day-row that has a sale line and positive net sales; its day is a
// purchase day. First day, last day, recency, tenure, quarters and gaps look at purchase days only:
// a credit note months later neither makes a customer recent nor breaks the rhythm. A customer
// without any purchase has no first or last day, whatever rows there are.
//
// Orders count distinct order keys with at least one sale line, whatever they netted; a document
// that holds only returns is not an order.
package feature

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Options say what to compute and how. The zero value is legal.
type Options struct {
	// Window is the range of the window figures, clipped to the days the view sees. The zero value
	// is the trailing 365 days.
	Window civil.Range
	// PriorGaps fixes the prior strength of the expected gap, in gaps; it must not be negative or
	// NaN. Zero estimates it from the data.
	PriorGaps float64
	// Outside marks customers whose rows another customer holds too (a child account that rolls up
	// into its parent): they get features, but count neither in Company nor in Rhythm. nil: none.
	Outside []bool
	// Workers is the number of goroutines; below 2 everything runs in the calling one. It never
	// changes a result.
	Workers int
}

// Trailing is the range of the last days days before asOf; all days before it for days <= 0.
func Trailing(asOf civil.Day, days int) civil.Range {
	if days <= 0 || int64(asOf)-int64(days) < int64(civil.Min) {
		return civil.Range{From: civil.Min, To: asOf}
	}
	return civil.Range{From: asOf - civil.Day(days), To: asOf}
}

// Features holds one value per customer of the ledger in every column; all columns have one
// length. NaN, civil.Unknown and -1 days mean unknown.
type Features struct {
	AsOf   civil.Day
	Window civil.Range // as used: clipped to the as-of day

	// All sums every day before the as-of day, In those of the window.
	All, In Sums

	// FirstDay and LastDay are the first and last purchase day; civil.Unknown without a purchase.
	FirstDay, LastDay []civil.Day
	// TenureDays and RecencyDays are the days from the first and last purchase day to the as-of
	// day, 1 or more; -1 without a purchase.
	TenureDays, RecencyDays []int32
	// Purchases counts distinct order keys that are purchases, PurchaseDays distinct purchase days,
	// Quarters distinct calendar quarters with a purchase.
	Purchases, PurchaseDays, Quarters []int32
	// Breadth counts the distinct categories bought; 0 where no export names any.
	Breadth []int32
	// CostCoverage is Covered/Net of all days, as a share 0..1; see Coverage.
	CostCoverage []float64
	// AverageOrderValue is net sales per order, half to even; 0 where All.Orders is 0 (unknown).
	AverageOrderValue []money.Amount

	// MeanGap is the mean number of days between successive purchase days; NaN below two of them.
	MeanGap []float64
	// ExpectedGap is MeanGap shrunk toward the population, in days; NaN without a purchase, or
	// where no customer of the ledger came back. See Rhythm.
	ExpectedGap []float64
	// OverdueRatio is RecencyDays / ExpectedGap: above 1 the customer is later than expected. NaN
	// where ExpectedGap is.
	OverdueRatio []float64
	// Rhythm is the population that ExpectedGap shrinks toward.
	Rhythm Rhythm

	// MarginOrders counts the window's rows with positive covered sales, MarginSquares is
	// Σ c (r - r̄)² over them, in currency units, where c is a row's covered sales, r its margin
	// rate and r̄ their common rate: the within-customer variation that margin shrinkage needs.
	MarginOrders  []int32
	MarginSquares []float64

	// Company adds All and In up over all customers.
	Company Totals
}

// Len is the number of customers.
func (f *Features) Len() int { return len(f.FirstDay) }

// Compute derives the features of every customer. The error of a sum that does not fit int64 names
// the customer.
func Compute(v ledger.View, o Options) (*Features, error) {
	if !(o.PriorGaps >= 0) {
		return nil, fmt.Errorf("the prior strength of the expected gap is %v gaps; set 0 (estimate it) or more", o.PriorGaps)
	}
	f := newFeatures(v, o)
	squares := make([]float64, f.Len())
	if c := f.fill(v, squares, o.Workers); c >= 0 {
		return nil, fmt.Errorf("the sums of customer %q do not fit: amounts beyond 922 trillion; check the units of the export", v.ID(c))
	}
	if err := f.total(o.Outside); err != nil {
		return nil, err
	}
	f.rhythm(squares, o.PriorGaps, o.Outside)
	return f, nil
}

func newFeatures(v ledger.View, o Options) *Features {
	n := v.Customers()
	window := o.Window
	if window == (civil.Range{}) {
		window = Trailing(v.AsOf(), 365)
	}
	window.To = min(window.To, v.AsOf())
	return &Features{
		AsOf: v.AsOf(), Window: window, All: newSums(n), In: newSums(n),
		FirstDay: make([]civil.Day, n), LastDay: make([]civil.Day, n),
		TenureDays: make([]int32, n), RecencyDays: make([]int32, n),
		Purchases: make([]int32, n), PurchaseDays: make([]int32, n), Quarters: make([]int32, n),
		Breadth: make([]int32, n), CostCoverage: make([]float64, n), AverageOrderValue: make([]money.Amount, n),
		MeanGap: make([]float64, n), ExpectedGap: make([]float64, n), OverdueRatio: make([]float64, n),
		MarginOrders: make([]int32, n), MarginSquares: make([]float64, n),
	}
}
