// Package clv values customers: the discounted profit that their purchases within a horizon are
// expected to bring, with an interval for each customer and for each segment.
//
//  1. Collapse finds the distinct (x, t_x, T) of the customers: what a purchase model says depends on
//     these alone.
//  2. Compute asks the Model for expected purchases per pattern at a few times, which gives the
//     discounted number of purchases by quadrature, and for the probability of none, which gives
//     their distribution. Models at other parameters (Input.Around) say how sure the first is.
//  3. Each customer's value is discounted purchases x expected profit per purchase; the interval
//     comes from the distribution of the sum.
//  4. Totals adds up segments: what customers share, the parameters, does not average out.
//
// The models themselves are arguments: Model is an interface, spend figures are columns. README.md
// beside this file is the model's page.
package clv

import (
	"fmt"
	"math"
	"strings"
)

// Lengths of time in days.
const (
	Year  = 365.25
	Month = Year / 12
)

// Model predicts the repeat purchases of customers with x repeat purchase days, the last of them tx
// days and the as-of day t days after the first purchase. It must be safe for use by several
// goroutines and give each customer the same figure whatever the others are. x, tx and t have one
// length; days are above zero.
type Model interface {
	// Expected sets dst[i*len(days)+j] to the expected number of purchases of customer i in the next
	// days[j] days, 0 or more.
	Expected(dst []float64, x, tx, t []int32, days ...float64)
	// None sets dst[i] to the probability of no purchase in the next days days, 0..1.
	None(dst []float64, x, tx, t []int32, days float64)
}

// Spend is the profit of one purchase of each customer, one value per customer in every column, in
// currency units: the margin version takes gross profit, the revenue version net value x margin rate
// (see Revenue). Mean NaN means unknown. SD (of Mean), Within (of single purchases around the
// customer's true mean) and Shared (the part of SD that all customers have in common) may be NaN:
// then there is no interval.
type Spend struct{ Mean, SD, Within, Shared []float64 }

// Revenue is net value per purchase times a margin rate: rate holds one rate for each customer, NaN
// where it is unknown.
func Revenue(value Spend, rate []float64) Spend {
	n := len(rate)
	s := Spend{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
	for c, r := range rate {
		s.Mean[c], s.SD[c] = value.Mean[c]*r, value.SD[c]*math.Abs(r)
		s.Within[c], s.Shared[c] = value.Within[c]*math.Abs(r), value.Shared[c]*math.Abs(r)
	}
	return s
}

// Input is what Compute values. All columns have one value per customer.
type Input struct {
	// X, TX and T are as in package history; T is -1 for a customer without a purchase.
	X, TX, T []int32
	Spend    Spend
	// Model is the fitted purchase model, Around the same at equally likely other parameters (see
	// Cubature); without any, intervals leave the parameters' uncertainty out.
	Model  Model
	Around []Model
}

// Options say how to value. The zero value is legal.
type Options struct {
	// Months are the horizons in months of 365.25/12 days; nil: 12 and 36.
	Months []float64
	// Annual is the yearly discount rate above -1: one unit of profit in a year is worth 1/(1 + Annual)
	// today, and continuously between. 0: 0.10, unless NoDiscount.
	Annual     float64
	NoDiscount bool
	// Level of the intervals in 0..1; 0: 0.95.
	Level float64
	// Intervals is the number of horizons, from the first of Months, that get an interval; 0: all. They
	// cost more than all the rest.
	Intervals int
	// Workers is the number of goroutines; it never changes a result.
	Workers int
}

func (o Options) withDefaults() (Options, error) {
	if o.Months == nil {
		o.Months = []float64{12, 36}
	}
	if o.Annual == 0 && !o.NoDiscount {
		o.Annual = 0.10
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	var faults []string
	for _, m := range o.Months {
		if !(m > 0 && m <= 1200) {
			faults = append(faults, fmt.Sprintf("a horizon of %v months; set above 0 and at most 1200", m))
		}
	}
	if !(o.Annual > -1 && o.Annual <= 10) || o.NoDiscount && o.Annual != 0 {
		faults = append(faults, fmt.Sprintf("a yearly discount rate of %v (none wanted: %v); set above -1 and at most 10", o.Annual, o.NoDiscount))
	}
	if !(o.Level > 0 && o.Level < 1) {
		faults = append(faults, fmt.Sprintf("an interval level of %v; set between 0 and 1", o.Level))
	}
	if o.Intervals == 0 {
		o.Intervals = len(o.Months)
	}
	if o.Intervals < 0 || o.Intervals > len(o.Months) {
		faults = append(faults, fmt.Sprintf("intervals of %d of %d horizons; set up to all of them", o.Intervals, len(o.Months)))
	}
	if faults != nil {
		return o, fmt.Errorf("lifetime value: %s", strings.Join(faults, "; "))
	}
	return o, nil
}

// delta is the continuous discount rate per day.
func (o *Options) delta() float64 { return math.Log1p(o.Annual) / Year }

// Flag says what is missing in a customer's value; flags combine.
type Flag uint8

// The flags.
const (
	NoPurchase Flag = 1 << iota // no purchase on record: value and interval unknown
	NoSpend                     // the profit of a purchase is unknown: value and interval unknown
	NoModel                     // the model gave no usable figure: value and interval unknown
	NoInterval                  // the spread of the profit of a purchase is unknown: interval unknown
)

// String names the flags, joined by "+"; empty without any.
func (f Flag) String() string {
	var names []string
	for i, name := range [...]string{"no-purchase", "no-spend", "no-model", "no-interval"} {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "+")
}

// Result holds the values.
type Result struct {
	Patterns Patterns
	Horizons []Horizon // in the order of Options.Months
	Flags    []Flag
	Around   int // models the parameters' uncertainty rests on; 0: left out
}

// Horizon is the value of every customer over one horizon; NaN means unknown, see Result.Flags.
type Horizon struct {
	Months, Days float64
	// Purchases is the expected number of purchases, not discounted.
	Purchases []float64
	// Value is the expected discounted profit in currency units. With probability Level the profit
	// that really comes lies in [Low, High]: a prediction interval of what the customer does, not of
	// the average of customers like this one. It is widened to hold Value where that lies outside, as
	// for a customer who most likely never comes back. Low and High are nil without an interval.
	Value, Low, High []float64

	purchases []forecast // per pattern
	around    []float64  // per cell: expected purchases at each of Result.Around models / at the model
	cells     *cells
	spend     Spend
	code      []int32
	level     float64
	bounded   bool // Low and High are wanted
}

// Compute values every customer. It returns an error only for options out of range.
func Compute(in Input, o Options) (*Result, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	p := Collapse(in.X, in.TX, in.T)
	r := &Result{Patterns: p, Flags: make([]Flag, len(in.X)), Around: len(in.Around)}
	c := newCells(&p, mostCells)
	for i, months := range o.Months {
		r.Horizons = append(r.Horizons, Horizon{
			Months: months, Days: months * Month, cells: c, spend: in.Spend, code: p.Of, level: o.Level, bounded: i < o.Intervals,
		})
	}
	forecasts(r.Horizons, &in, &p, &o)
	for i := range r.Horizons {
		r.Horizons[i].value(r.Flags, o.Workers)
	}
	return r, nil
}
