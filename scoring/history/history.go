// Package history condenses a ledger view into what models of future purchases are fitted on: per
// customer the purchase days, their value and their gross profit.
//
//  1. Of walks the customers in parallel; each customer's rows fill that customer's places and touch
//     nothing else, so the split over workers cannot show.
//  2. The days of a customer are cut into spells: a spell begins on a purchase day and ends before
//     the next. A purchase day is a day with a row that has a sale line and positive net sales, as
//     in package feature.
//  3. What a spell holds beside its sales, credit notes above all, belongs to the purchase that
//     opened it. So Σ profit over spells is the customer's gross profit on record, and profit per
//     purchase x number of purchases is money that stays.
//
// # Time
//
// X, TX and T count days from the first purchase day: X repeat purchase days, TX to the last of
// them, T to the last day that the view sees. T is the number of days on which the customer could
// have come back, so 0 <= X <= TX <= T (Fader, Hardie and Lee 2005, with same-day orders merged).
package history

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// History holds one value per customer of the ledger in every column; all have one length.
type History struct {
	// AsOf is the first day the view does not see.
	AsOf civil.Day

	// X counts the purchase days after the first; TX and T are days, see the package comment. A
	// customer without a purchase has X = TX = 0 and T = -1.
	X, TX, T []int32

	// Value sums the net sales of the purchases (positive rows) on the X repeat purchase days, before
	// later returns: above zero where X is. First is the same of the first purchase day.
	Value, First []money.Amount

	// Spells counts the spells whose profit is known: at least half of their net sales have a known
	// cost (at least half of their lines, where net sales are not above zero). 0..X+1.
	Spells []int32
	// Profit sums the gross profit of those spells, over the lines whose cost is known.
	Profit []money.Amount
	// Squares is Σ (p - p̄)² over those spells, in squared currency units; 0 below two.
	Squares []float64
	// Covered is the net sales of the lines with a known cost and Net that of all lines, over all
	// spells: Covered/Net says how much of the profit is known.
	Covered, Net []money.Amount
}

// Len is the number of customers.
func (h *History) Len() int { return len(h.X) }

// MeanValue is the mean net value of customer c's repeat purchase days in currency units, the m of
// the Gamma-Gamma model; NaN where X is 0.
func (h *History) MeanValue(c int) float64 {
	if h.X[c] == 0 {
		return math.NaN()
	}
	return h.Value[c].Float() / float64(h.X[c])
}

// MeanProfit is the mean gross profit of customer c's known spells in currency units; NaN where no
// spell is known.
func (h *History) MeanProfit(c int) float64 {
	if h.Spells[c] == 0 {
		return math.NaN()
	}
	return h.Profit[c].Float() / float64(h.Spells[c])
}

// Of condenses a view. workers below 2 runs in the calling goroutine and never changes the result.
// The error of a sum that does not fit int64 names the customer.
func Of(v ledger.View, workers int) (*History, error) {
	n := v.Customers()
	h := &History{
		AsOf: v.AsOf(), X: make([]int32, n), TX: make([]int32, n), T: make([]int32, n),
		Value: make([]money.Amount, n), First: make([]money.Amount, n),
		Spells: make([]int32, n), Profit: make([]money.Amount, n), Squares: make([]float64, n),
		Covered: make([]money.Amount, n), Net: make([]money.Amount, n),
	}
	if c := h.fill(v, workers); c >= 0 {
		return nil, fmt.Errorf("the sums of customer %q do not fit: amounts beyond 922 trillion; check the units of the export", v.ID(c))
	}
	return h, nil
}
