package forecast

import (
	"context"
	"math"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/scoring/churn"
	"github.com/vitalfew/vitalfew/scoring/clv"
	"github.com/vitalfew/vitalfew/scoring/spend"
)

// Outlook is everything a night publishes, one value per customer in every column.
type Outlook struct {
	*Forecast
	// Alive is P(still a customer), 0..1.
	Alive []float64
	// Lifetime holds the horizons of 12 and 36 months first.
	Lifetime *clv.Result
	Risk     *Risk
	Fading   *churn.Fading
	// ValueAtRisk is the churn probability x the lifetime value of 12 months, in currency units. It is
	// negative for a customer who brings losses.
	ValueAtRisk []float64
	Flags       []Flag
}

// All fits the models and computes every column. It stops between two of them when ctx is done.
func All(ctx context.Context, v ledger.View, in Inputs, s Settings, workers int) (*Outlook, error) {
	f, err := Fit(v, in, s, workers)
	if err != nil {
		return nil, err
	}
	o := &Outlook{Forecast: f, Alive: f.Alive()}
	for _, part := range []func() error{
		func() (err error) { o.Lifetime, err = f.Lifetime(); return },
		func() (err error) { o.Risk, err = f.Churn(f.Settings.ChurnDays); return },
		func() (err error) { o.Fading, err = f.Fade(); return },
	} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := part(); err != nil {
			return nil, err
		}
	}
	o.ValueAtRisk = make([]float64, len(o.Alive))
	for c, value := range o.Lifetime.Horizons[0].Value {
		o.ValueAtRisk[c] = value * o.Risk.Probability[c]
	}
	o.flag()
	return o, nil
}

// Flag says what a customer's figures rest on; flags combine.
type Flag uint8

// The flags.
const (
	// NoPurchase: nothing is foretold of somebody who never bought.
	NoPurchase Flag = 1 << iota
	// Prior: one purchase day; how often such a customer comes back is what the population does.
	Prior
	// NoCost: too little of the customer's cost is known; profit, lifetime value and value at risk are unknown.
	NoCost
	// NoModel: the purchase model could not be fitted, or gives no usable figure here.
	NoModel
	// Outlier: purchases unlike everybody else's; the interval is wide.
	Outlier
	// Fallback: profit per purchase is shrunk by a rule of thumb, not by what the data say.
	Fallback
	// NoInterval: the spread of the profit of a purchase is unknown.
	NoInterval

	flags = 7
)

// String names the flags, joined by "+"; empty without any.
func (f Flag) String() string {
	var names []string
	for i, name := range [flags]string{"no-purchase", "prior", "no-cost", "no-model", "outlier", "fallback", "no-interval"} {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "+")
}

func (o *Outlook) flag() {
	o.Flags = make([]Flag, len(o.Alive))
	off := o.CostOff()
	for c := range o.Flags {
		o.Flags[c] = o.flagsOf(c, off)
	}
}

func (o *Outlook) flagsOf(c int, off bool) (f Flag) {
	if o.History.T[c] < 0 {
		return NoPurchase
	}
	set := func(flag Flag, on bool) {
		if on {
			f |= flag
		}
	}
	profit, value := o.ProfitEach.Flags[c], o.Lifetime.Flags[c]
	set(Prior, o.History.X[c] == 0)
	set(NoCost, math.IsNaN(o.ProfitEach.Mean[c]))
	set(NoModel, o.Purchases == nil || value&clv.NoModel != 0)
	set(Outlier, profit&spend.Outlier != 0)
	set(Fallback, !off && profit&spend.Fallback != 0)
	set(NoInterval, value&clv.NoInterval != 0)
	return f
}
