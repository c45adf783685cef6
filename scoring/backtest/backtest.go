// Package backtest foretells past days of a ledger as a run of that day would have, and judges what was
// foretold by what came.
//
//  1. Days picks as-of days whose horizon has ended in the data.
//  2. On each, every model is fitted again to the view of that day (package forecast); nothing reads a
//     row of the day or after it.
//  3. The naive baselines are computed from the same view: recency, frequency, past spend.
//  4. Came reads from the ledger what the known customers did in the horizon.
//  5. Package evaluation puts the two side by side, the model beside each baseline with the interval of the
//     difference, and says the outcome in words.
//
// Customers who first came after the as-of day are in no figure: nobody foretold them.
package backtest

import (
	"context"
	"errors"
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/scoring/evaluation"
	"github.com/vitalfew/vitalfew/scoring/forecast"
)

// Options say what to foretell from which days. The zero value is legal.
type Options struct {
	// Horizon is the number of days to foretell, 1..3660: 90.
	Horizon int
	// AsOf are the days to look ahead from. None: Periods of them, one horizon apart, the horizon of the last
	// ending with the data. Periods 0 is three, or as many as the data hold.
	AsOf    []civil.Day
	Periods int
	// All judges every purchase model, not only the one that Settings choose.
	All      bool
	Settings forecast.Settings
	// Outside marks customers whose rows their parent holds too; they are not judged. nil: none.
	Outside []bool
	// Workers is the number of goroutines. It never changes a result.
	Workers int
}

const (
	defaultHorizon = 90
	defaultPeriods = 3
)

func (o Options) defaults() Options {
	if o.Horizon == 0 {
		o.Horizon = defaultHorizon
	}
	return o
}

// Validate returns every fault.
func (o Options) Validate() error {
	o = o.defaults()
	var faults []error
	if o.Horizon < 1 || o.Horizon > 3660 {
		faults = append(faults, fmt.Errorf("a horizon of %d days: set 1 to 3660", o.Horizon))
	}
	if o.Periods < 0 || o.Periods > 100 {
		faults = append(faults, fmt.Errorf("%d periods: set 1 to 100", o.Periods))
	}
	if len(o.AsOf) > 0 && o.Periods > 0 {
		faults = append(faults, errors.New("as-of days and a number of periods: give one of the two"))
	}
	return errors.Join(append(faults, o.Settings.OrDefault().Validate())...)
}

// Report is what a backtest came to.
type Report struct {
	// HorizonDays were foretold from each as-of day; From and To are the first and the last day of the data.
	HorizonDays int    `json:"horizon_days"`
	From        string `json:"data_from"`
	To          string `json:"data_to"`
	// Trials are the as-of days, oldest first.
	Trials []*Trial `json:"trials"`
	// Words sum them up for a reader.
	Words []string `json:"in_words"`
}

// Trial is one as-of day.
type Trial struct {
	AsOf string `json:"as_of"`
	To   string `json:"to"` // the last day foretold
	// Customers had bought before the as-of day and were judged, Bought of them bought in the horizon.
	Customers int `json:"customers"`
	Bought    int `json:"bought_again"`
	// Model is the purchase model that was chosen. Fallback is why its probability stood in for the churn
	// model; empty where it did not.
	Model    string `json:"purchase_model"`
	Fallback string `json:"churn_fallback,omitempty"`
	// Buyers ranks by who buys, with the sales that the best ranked bring; Churn by who stays away.
	Buyers Ranking `json:"buyers"`
	Churn  Ranking `json:"churn"`
	// Purchases are purchase days, Sales the net value of purchases and Profit the gross profit booked in
	// the horizon, both in currency units.
	Purchases Amounts  `json:"purchases"`
	Sales     Amounts  `json:"sales_of_purchases"`
	Profit    Amounts  `json:"gross_profit"`
	Notes     []string `json:"notes,omitempty"`
}

// Ranking judges scores of one event: first the model that the verdict is about, last the baselines.
type Ranking struct {
	Scores  []evaluation.Judged `json:"scores"`
	Verdict evaluation.Verdict  `json:"verdict"`
}

// Amounts judges forecasts of one amount: first the model that the verdict is about, last the baselines.
type Amounts struct {
	Forecasts []evaluation.Forecast `json:"forecasts"`
	Verdict   evaluation.Verdict    `json:"verdict"`
}

// Run foretells and judges. The error of data that do not suffice is an ErrHistory.
func Run(ctx context.Context, l *ledger.Ledger, o Options) (*Report, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.Outside != nil && len(o.Outside) != l.Customers() {
		panic("backtest: columns of different length")
	}
	o = o.defaults()
	days, err := o.Days(l.Days())
	if err != nil {
		return nil, err
	}
	r := &Report{HorizonDays: o.Horizon, From: l.Days().From.String(), To: (l.Days().To - 1).String()}
	for _, day := range days {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		t, err := o.trial(l, day)
		if err != nil {
			return nil, err
		}
		r.Trials = append(r.Trials, t)
	}
	r.sumUp()
	return r, nil
}
