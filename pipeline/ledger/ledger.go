// Package ledger provides the one store that every figure is derived from: who bought what when.
//
// The way through it is short:
//
//  1. A Builder per worker interns customer ids and takes columnar batches of order lines, folding
//     lines of one customer, day and order as they pass.
//  2. Build turns any number of builders into one immutable Ledger: customers ascending by id, rows
//     in CSR layout, every column a fixed-point integer. Build of one builder or of many, and Merge
//     of ledgers built apart, give the same ledger to the last bit.
//  3. A View is the ledger seen on an as-of day; its windows are half-open row ranges.
//
// Sums are integers, so nothing here depends on the order of lines, files or workers.
package ledger

import (
	"sort"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Rows are the columns of a ledger, all of one length: one row per customer x day x order.
// Readers must not write to them.
type Rows struct {
	// Day is the civil day of the order lines.
	Day []civil.Day
	// Order is a 64-bit hash of the order key, compared only within a customer.
	Order []uint64
	// Lines counts the lines folded into the row; Sales those that are no return or credit note;
	// Costed those whose cost is known.
	Lines, Sales, Costed []int32
	// Units sums quantities of product lines, returns negative.
	Units []money.Quantity
	// Net is net sales: sales - returns - discounts, tax excluded.
	Net []money.Amount
	// Cost sums the known costs; Covered is the net sales of just those lines, so gross profit
	// over the known part is Covered - Cost, exactly.
	Cost, Covered []money.Amount
	// Returned is the value of returns and credit notes, as a positive amount.
	Returned []money.Amount
	// Discount is what the lines' discounts took off, as a positive amount.
	Discount []money.Amount
}

// Len is the number of rows.
func (r *Rows) Len() int { return len(r.Day) }

// Ledger is finished and read-only: customers ascending by id, the rows of customer c at
// [off[c], off[c+1]) ordered by day, then order key. It also keeps which categories each customer
// bought and since when, in the same CSR layout.
type Ledger struct {
	ids  []string
	off  []int
	rows Rows

	categories []string // ascending
	catOff     []int
	catCode    []uint32    // index into categories, ascending within a customer
	catFirst   []civil.Day // the first day the customer bought it
}

// Customers is the number of customers, those without any row included.
func (l *Ledger) Customers() int { return len(l.ids) }

// ID is the id of customer c in 0..Customers()-1. Ids ascend in byte order.
func (l *Ledger) ID(c int) string { return l.ids[c] }

// Find returns the customer with an id.
func (l *Ledger) Find(id string) (c int, ok bool) {
	c = sort.SearchStrings(l.ids, id)
	return c, c < len(l.ids) && l.ids[c] == id
}

// Rows returns the columns of all rows.
func (l *Ledger) Rows() *Rows { return &l.rows }

// Range is the half-open row range of customer c over all days.
func (l *Ledger) Range(c int) (lo, hi int) { return l.off[c], l.off[c+1] }

// Categories are the category names, ascending; none where no export named any.
func (l *Ledger) Categories() []string { return l.categories }

// Days is the half-open range that holds every row's day; empty for a ledger without rows.
func (l *Ledger) Days() civil.Range {
	if l.rows.Len() == 0 {
		return civil.Range{}
	}
	r := civil.Range{From: civil.Max, To: civil.Min}
	for c := range l.ids {
		if lo, hi := l.Range(c); lo < hi {
			r.From = min(r.From, l.rows.Day[lo])
			r.To = max(r.To, l.rows.Day[hi-1]+1)
		}
	}
	return r
}

// At is the ledger seen on an as-of day: only days before it.
func (l *Ledger) At(asOf civil.Day) View { return View{l, asOf} }

// View is a ledger on an as-of day. A backtest is another as-of day of the same ledger.
type View struct {
	*Ledger
	asOf civil.Day
}

// AsOf is the as-of day: the first day the view does not see.
func (v View) AsOf() civil.Day { return v.asOf }

// Seen is the half-open row range of customer c before the as-of day.
func (v View) Seen(c int) (lo, hi int) {
	return v.Window(c, civil.Range{From: civil.Min, To: v.asOf})
}

// Window is the half-open row range of customer c with days in r that the view sees.
func (v View) Window(c int, r civil.Range) (lo, hi int) {
	lo, hi = v.Range(c)
	days := v.rows.Day[lo:hi]
	hi = lo + searchDay(days, min(r.To, v.asOf))
	lo += searchDay(days, r.From)
	return lo, max(lo, hi)
}

// searchDay is the index of the first day >= d: most customers have few rows.
func searchDay(days []civil.Day, d civil.Day) int {
	if len(days) > 16 {
		return sort.Search(len(days), func(i int) bool { return days[i] >= d })
	}
	for i, x := range days {
		if x >= d {
			return i
		}
	}
	return len(days)
}

// Breadth counts the distinct categories customer c bought before the as-of day.
func (v View) Breadth(c int) int {
	n := 0
	for i := v.catOff[c]; i < v.catOff[c+1]; i++ {
		if v.catFirst[i] < v.asOf {
			n++
		}
	}
	return n
}
