package forecast

import (
	"github.com/vitalfew/vitalfew/scoring/churn"
	"github.com/vitalfew/vitalfew/scoring/feature"
	"github.com/vitalfew/vitalfew/scoring/history"
)

// Risk is who stays away.
type Risk struct {
	*churn.Result
	// Horizon is the number of days without a purchase that count as churn.
	Horizon     int
	Diagnostics churn.Diagnostics
}

// Churn foretells who makes no purchase in the horizon days from the view's as-of day on. It learns from
// earlier days of the ledger, on each of which the purchase model is fitted again, to what that day saw.
// The family of that model is the one chosen for the view.
func (f *Forecast) Churn(horizon int) (*Risk, error) {
	o := f.Settings.churn(horizon, f.workers)
	if err := o.Validate(); err != nil {
		return nil, err
	}
	slices, today := churn.Plan(f.view.Days(), f.view.AsOf(), o)
	var train []*churn.Snapshot
	for _, s := range slices {
		snap, err := f.look(s)
		if err != nil {
			return nil, err
		}
		if err := snap.Label(f.view); err != nil {
			return nil, err
		}
		train = append(train, snap)
	}
	m, err := churn.Fit(train, o)
	if err != nil {
		return nil, err
	}
	snap, err := f.observe(f, today, nil)
	if err != nil {
		return nil, err
	}
	r, err := m.Score(snap)
	if err != nil {
		return nil, err
	}
	return &Risk{Result: r, Horizon: horizon, Diagnostics: m.Diagnostics}, nil
}

// look observes an earlier day.
func (f *Forecast) look(s churn.Slice) (*churn.Snapshot, error) {
	v := f.view.At(s.AsOf)
	h, err := history.Of(v, f.workers)
	if err != nil {
		return nil, err
	}
	then := &Forecast{Settings: f.Settings, History: h, view: v, in: Inputs{Outside: f.in.Outside}, workers: f.workers}
	if f.Purchases != nil {
		then.Purchases, then.Lack = then.Settings.fit(f.Purchases.Family, h, f.in.Outside, f.workers)
	}
	then.collapse()
	return f.observe(then, s, f.in.Outside)
}

// observe takes a snapshot of the day that a forecast stands on.
func (f *Forecast) observe(then *Forecast, s churn.Slice, outside []bool) (*churn.Snapshot, error) {
	gap := then.in.ExpectedGap
	if gap == nil {
		x, err := feature.Compute(then.view, feature.Options{Outside: then.in.Outside, Workers: f.workers})
		if err != nil {
			return nil, err
		}
		gap = x.ExpectedGap
	}
	in := churn.Inputs{ExpectedGap: gap, Outside: outside}
	if f.Purchases != nil { // today has a purchase model: where an earlier day has none, its base is unknown
		in.Base = then.spread(then.model().None, float64(s.Horizon))
	}
	return churn.Observe(then.view, s, in, f.workers)
}

// Fade tells who buys less than in the same window a year before.
func (f *Forecast) Fade() (*churn.Fading, error) {
	return churn.Fade(f.view, churn.FadingOptions{
		Window: f.Settings.FadeDays, Drop: f.Settings.FadeDrop, Outside: f.in.Outside, Workers: f.workers,
	})
}
