// Package spend predicts what a customer's next purchase brings.
//
//  1. GammaGamma models the net value of a purchase, which is above zero: Fit estimates it on the
//     mean values of repeat purchase days, Fitted.Expected shrinks each customer's own mean.
//  2. Independence says whether the data bear out its main assumption.
//  3. Profit models the gross profit of a purchase, which may be a loss: FitProfit shrinks each
//     customer's own mean by Bühlmann-Straub credibility.
//
// Both give per customer a mean, the standard deviation of that mean and the spread of single
// purchases, from which package clv makes intervals. README.md beside this file is the models' page.
package spend

import (
	"math"
	"strings"

	"github.com/vitalfew/vitalfew/scoring/history"
)

// Flag says what a customer's estimate rests on; flags combine.
type Flag uint8

// The flags.
const (
	// Prior: the customer has no observation of their own; the figure is the population's.
	Prior Flag = 1 << iota
	// Fallback: the model could not be fitted, or has no population mean (q <= 1); see Fitted.
	Fallback
	// NotPositive: the own mean value is zero, negative or not finite, and was left out.
	NotPositive
	// NoCost: there are purchases, but the cost of less than half of them is known.
	NoCost
	// NoSpread: the data cannot tell how much the figure varies; SD or Within is NaN.
	NoSpread
	// Outlier: the customer is unlike all others and was left out of the population's parameters
	// (Fitted.Left, Profit.Left); SD is at least the distance to the population mean.
	Outlier
)

// String names the flags, joined by "+"; empty without any.
func (f Flag) String() string {
	var names []string
	for i, name := range [...]string{"prior", "fallback", "not-positive", "no-cost", "no-spread", "outlier"} {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "+")
}

// Estimate holds one value per customer in every column, in currency units. NaN means unknown.
type Estimate struct {
	// Mean is the expected value of one purchase.
	Mean []float64
	// SD is the standard deviation of Mean: how far the customer's true mean may lie from it.
	SD []float64
	// Within is the standard deviation of single purchases around the customer's true mean.
	Within []float64
	// Shared is the part of SD that all customers have in common, the error of the population mean
	// times the customer's weight on it: it does not average out over a segment. SD contains it.
	Shared []float64
	Flags  []Flag
}

func newEstimate(n int) *Estimate {
	return &Estimate{
		Mean: make([]float64, n), SD: make([]float64, n), Within: make([]float64, n), Shared: make([]float64, n),
		Flags: make([]Flag, n),
	}
}

// set writes one line; NaN spreads raise NoSpread, an unknown mean makes the whole line unknown.
func (e *Estimate) set(c int, mean, sd, within, shared float64, f Flag) {
	if !finite(mean) {
		mean, sd, within, shared = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	if !finite(sd) || !finite(within) {
		sd, within, shared = math.NaN(), math.NaN(), math.NaN()
		f |= NoSpread
	}
	e.Mean[c], e.SD[c], e.Within[c], e.Shared[c], e.Flags[c] = mean, sd, within, shared, f
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Data are the observations of the Gamma-Gamma model, one value per customer in every column.
type Data struct {
	// X counts repeat purchase days, 0 or more; M is their mean net value in currency units, of no
	// meaning where X is 0.
	X []int32
	M []float64
	// Outside marks customers that get an estimate but take no part in the fit; nil: none.
	Outside []bool
}

// DataOf takes the observations from a history.
func DataOf(h *history.History, outside []bool) Data {
	m := make([]float64, h.Len())
	for c := range m {
		m[c] = h.MeanValue(c)
	}
	return Data{X: h.X, M: m, Outside: outside}
}

func (d *Data) usable(c int) bool { return d.X[c] > 0 && d.M[c] > 0 && !math.IsInf(d.M[c], 1) }

func (d *Data) takesPart(c int) bool { return d.usable(c) && (d.Outside == nil || !d.Outside[c]) }
