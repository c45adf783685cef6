// Package forecast puts the models of what comes next together. For a ledger seen on some day it says
// what every customer is expected to do after it, and how sure that is.
//
//  1. Fit fits the purchase model (package btyd) and the models of a purchase's profit and value
//     (package spend) to a view.
//  2. Forecast.Ahead foretells any number of days: purchases, none at all, sales, profit.
//  3. Forecast.Lifetime is the discounted profit of the coming years with its interval (package clv).
//  4. Forecast.Churn learns from earlier days of the same ledger who stays away (package churn),
//     Forecast.Fade tells who buys less.
//  5. All does everything a night publishes, and Outlook.Record says what it stands on.
//
// A backtest is a forecast from an earlier day of the same ledger: nothing here reads a row that the
// view does not see.
//
//	f, err := forecast.Fit(l.At(day), forecast.Inputs{}, forecast.Settings{}, workers)
//	ahead := f.Ahead(273)           // Purchases, None, Sales, Profit of [day, day + 273)
//	risk, err := f.Churn(273)       // Probability, AppendReasons; Diagnostics of what it learned
//
// Value at risk is the churn probability x the lifetime value of 12 months.
//
// # Unknown
//
// NaN is unknown: a customer without a purchase, a profit whose cost nobody told, every figure of a
// model that the data do not bear. Outlook.Flags says which per customer, Record.Notes in words.
package forecast

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/span"
	"github.com/vitalfew/vitalfew/scoring/btyd"
	"github.com/vitalfew/vitalfew/scoring/clv"
	"github.com/vitalfew/vitalfew/scoring/history"
	"github.com/vitalfew/vitalfew/scoring/spend"
)

// Inputs are columns of other packages, one value per customer of the ledger.
type Inputs struct {
	// Outside marks customers whose rows another customer holds too (a child account that rolls up into
	// its parent): they get figures, but no model is fitted on them. nil: none.
	Outside []bool
	// ExpectedGap is that of package feature on the same view, in days; nil: computed where it is needed.
	ExpectedGap []float64
}

// Forecast is what the models learned from a view.
type Forecast struct {
	Settings Settings // defaults written out
	History  *history.History
	// Purchases is the model of who buys when; nil where Lack says what the data lack.
	Purchases *btyd.Fitted
	Lack      error
	// Choice says how Auto came to its family; nil where one was set.
	Choice *btyd.Choice
	// Profit is the model of gross profit per purchase day, Value that of its net value; ProfitEach and
	// ValueEach hold them for every customer.
	Profit     *spend.Profit
	Value      *spend.Fitted
	ProfitEach *spend.Estimate
	ValueEach  *spend.Estimate

	view     ledger.View
	in       Inputs
	patterns clv.Patterns
	workers  int
}

// Fit fits the models to a view. What the data lack is no error: it is told by Lack, by the status of
// the models and by NaN. Workers below 2 run in the calling goroutine and never change a result.
func Fit(v ledger.View, in Inputs, s Settings, workers int) (*Forecast, error) {
	s = s.OrDefault()
	if err := s.Validate(); err != nil {
		return nil, err
	}
	in.check(v.Customers())
	h, err := history.Of(v, workers)
	if err != nil {
		return nil, err
	}
	f := &Forecast{Settings: s, History: h, view: v, in: in, workers: workers}
	if err := f.fitPurchases(); err != nil {
		return nil, err
	}
	f.Profit = spend.FitProfit(h, in.Outside)
	f.ProfitEach = f.Profit.Expected(h)
	data := spend.DataOf(h, in.Outside)
	f.Value = spend.Fit(data, spend.Options{Workers: workers})
	f.ValueEach = f.Value.Expected(data)
	f.collapse()
	return f, nil
}

func (in *Inputs) check(n int) {
	if in.Outside != nil && len(in.Outside) != n || in.ExpectedGap != nil && len(in.ExpectedGap) != n {
		panic("forecast: columns of different length")
	}
}

// CostOff reports that no purchase of the view has a known cost: no profit can be foretold.
func (f *Forecast) CostOff() bool { return f.Profit.Groups == 0 && len(f.Profit.Left) == 0 }

// model is the purchase model, or the one that knows nothing.
func (f *Forecast) model() clv.Model {
	if f.Purchases == nil {
		return unknown{}
	}
	return f.Purchases.Model
}

// unknown is a purchase model that the data did not bear.
type unknown struct{}

func (unknown) Expected(dst []float64, _, _, _ []int32, _ ...float64) { fillNaN(dst) }
func (unknown) None(dst []float64, _, _, _ []int32, _ float64)        { fillNaN(dst) }

// expected asks for one horizon.
func (f *Forecast) expected(dst []float64, x, tx, t []int32, days float64) {
	f.model().Expected(dst, x, tx, t, days)
}

func fillNaN(dst []float64) []float64 {
	for i := range dst {
		dst[i] = math.NaN()
	}
	return dst
}

// Ahead is what is expected of every customer in the days from the view's as-of day on.
type Ahead struct {
	Days float64
	// Purchases is the expected number of purchase days, None the probability of none, 0..1.
	Purchases, None []float64
	// Sales is the expected net value of the purchases, Profit their gross profit less later returns,
	// in currency units; not discounted.
	Sales, Profit []float64
}

// Ahead foretells a number of days above zero.
func (f *Forecast) Ahead(days float64) *Ahead {
	if !(days > 0) || math.IsInf(days, 1) {
		panic(fmt.Sprintf("forecast: %v days ahead", days))
	}
	n := f.History.Len()
	a := &Ahead{Days: days, Purchases: f.spread(f.expected, days), None: f.spread(f.model().None, days),
		Sales: make([]float64, n), Profit: make([]float64, n)}
	for c, e := range a.Purchases {
		a.Sales[c], a.Profit[c] = e*f.ValueEach.Mean[c], e*f.ProfitEach.Mean[c]
	}
	return a
}

// Alive is every customer's probability of still being one on the as-of day, 0..1. Under BG/NBD it is 1
// for everybody with one purchase day; it is no churn score.
func (f *Forecast) Alive() []float64 {
	if f.Purchases == nil {
		return fillNaN(make([]float64, f.History.Len()))
	}
	return f.spread(func(dst []float64, x, tx, t []int32, _ float64) {
		for i := range dst {
			dst[i] = f.Purchases.Given(btyd.History{X: int(x[i]), TX: float64(tx[i]), T: float64(t[i])}).Alive
		}
	}, 0)
}

// spread computes a figure per pattern and gives it to the customers; NaN without a purchase.
func (f *Forecast) spread(figure func(dst []float64, x, tx, t []int32, days float64), days float64) []float64 {
	p := &f.patterns
	each, out := make([]float64, p.Len()), make([]float64, len(p.Of))
	span.Each(p.Len(), 1024, f.workers, func(_, lo, hi int) {
		figure(each[lo:hi], p.X[lo:hi], p.TX[lo:hi], p.T[lo:hi], days)
	})
	for c, k := range p.Of {
		out[c] = math.NaN()
		if k >= 0 {
			out[c] = each[k]
		}
	}
	return out
}

func (f *Forecast) collapse() {
	f.patterns = clv.Collapse(f.History.X, f.History.TX, f.History.T)
}
