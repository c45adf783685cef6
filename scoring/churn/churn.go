// Package churn says how likely each customer is to stay away, and who is fading while still buying.
//
//  1. Plan lays training slices into the past: as-of days whose horizon has ended before today.
//  2. Observe reads the facts of every customer from the view of such a day, and Label what came
//     after it, never beyond the day of the view it is given.
//  3. Fit learns a logistic model on the labelled slices. It starts from the buy-till-you-die
//     probability of each slice and learns how the customer's facts correct it; how strongly, the
//     slices themselves decide in order of time. What they foretold of each other calibrates it, monotonely.
//  4. Score gives today's customers their probability and the three facts that moved it most.
//  5. Fading compares the last window with the same one a year before.
//
// Where the past is too thin to learn from, Score returns the buy-till-you-die probability and says so.
// README.md beside this file tells how to read the figures and when they are wrong.
package churn

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// Options say what to learn. The zero value is legal.
type Options struct {
	// Horizon is the number of days without a purchase that count as churn, 1 or more; 0 means 90.
	Horizon int
	// Slices is the greatest number of training slices, 2 or more; 0 means 4.
	Slices int
	// MaxRows bounds the customers of a training slice; every k-th is taken beyond. 0 means 100,000.
	MaxRows int
	// MinCustomers is the least number of customers in the last slice and MinEvents that of churners,
	// and of stayers, in it and in the slices before; below, Score falls back. 0 means 100 and 30.
	MinCustomers, MinEvents int
	// Workers is the number of goroutines; below 2 everything runs in the calling one. It never
	// changes a result.
	Workers int
}

// leastHorizon is the least one to learn from, in days.
const leastHorizon = 14

func (o Options) defaults() Options {
	for _, x := range []struct {
		at    *int
		value int
	}{{&o.Horizon, 90}, {&o.Slices, 4}, {&o.MaxRows, 100_000}, {&o.MinCustomers, 100}, {&o.MinEvents, 30}} {
		if *x.at == 0 {
			*x.at = x.value
		}
	}
	return o
}

// Validate names the first setting out of its range.
func (o Options) Validate() error {
	o = o.defaults()
	switch {
	case o.Horizon < 1 || o.Horizon > 3660:
		return fmt.Errorf("a churn horizon of %d days: set 1 to 3660", o.Horizon)
	case o.Slices < 2:
		return fmt.Errorf("%d training slices: set 2 or more, one to learn from and a later one to check on", o.Slices)
	case o.MaxRows < 1 || o.MinCustomers < 1 || o.MinEvents < 1:
		return fmt.Errorf("bounds of %d rows, %d customers and %d events: all must be positive", o.MaxRows, o.MinCustomers, o.MinEvents)
	}
	return nil
}

// Slice is a day to look from and the days to look at.
type Slice struct {
	// AsOf is the first day that is not known yet; churn means no purchase in [AsOf, AsOf + Horizon).
	AsOf    civil.Day
	Horizon int
	// Window is the length in days of the windows that facts compare.
	Window int
	// MaxRows bounds the customers taken; 0 takes all.
	MaxRows int
}

// Plan lays out the training slices, oldest first, and today's. Each has at least as much past as its horizon
// is long. In a ledger of three horizons or more they lie one horizon apart, and the last ends today.
//
// A shorter ledger gives two. The last ends today with the horizon asked for, or half the ledger where that is
// less, so that it resembles what is asked of today: as much to foretell for as much known. The first ends at two
// thirds of the ledger and is laid out likewise; at three horizons both are those of the longer
// ledger. What the two say of different horizons is brought together by the buy-till-you-die model.
// No slices where the first would have less than 14 days.
//
// days are those of the ledger (its first is what counts), asOf is today.
func Plan(days civil.Range, asOf civil.Day, o Options) (train []Slice, today Slice) {
	o = o.defaults()
	span := 0
	if !days.Empty() && days.From < asOf {
		span = int(asOf - days.From)
	}
	today = Slice{AsOf: asOf, Horizon: o.Horizon, Window: max(1, min(o.Horizon, span/2))}
	if h := min(o.Horizon, span/3); h < leastHorizon && h < o.Horizon {
		return nil, today
	}
	if span < 3*o.Horizon {
		for _, end := range []int{2 * span / 3, span} {
			h := min(o.Horizon, end/2)
			train = append(train, Slice{AsOf: days.From + civil.Day(end-h), Horizon: h, Window: max(1, min(h, (end-h)/2)), MaxRows: o.MaxRows})
		}
		return train, today
	}
	h := o.Horizon
	for j := min(o.Slices, span/h-1); j >= 1; j-- {
		train = append(train, Slice{AsOf: asOf - civil.Day(j*h), Horizon: h, Window: h, MaxRows: o.MaxRows})
	}
	return train, today
}
