package forecast

import (
	"math"
	"slices"

	"github.com/vitalfew/vitalfew/scoring/btyd"
	"github.com/vitalfew/vitalfew/scoring/clv"
	"github.com/vitalfew/vitalfew/scoring/history"
)

// fit fits a purchase model to the customers with a purchase, at most Sample of them. The error says what
// the data lack.
func (s Settings) fit(family btyd.Family, h *history.History, outside []bool, workers int) (*btyd.Fitted, error) {
	p, err := s.learn(h, outside)
	if err != nil {
		return nil, err
	}
	return btyd.Fit(family, p, workers)
}

// Auto holds out the last third of the days, a year at most, and asks so many customers.
const (
	mostHeldOut = 365
	autoSample  = 10_000
)

// fitPurchases fits the model that is set, or the one that a holdout chooses.
func (f *Forecast) fitPurchases() error {
	s, h, outside := f.Settings, f.History, f.in.Outside
	family := s.Model.family()
	if s.Model == Auto {
		then, err := f.before()
		if err != nil {
			return err
		}
		f.Choice, f.Lack = btyd.Choose(then, columnsOf(h, outside), nil, btyd.Options{Workers: f.workers, Limit: min(s.Sample, autoSample)})
		if f.Lack != nil {
			return nil
		}
		family = f.Choice.Family
	}
	f.Purchases, f.Lack = s.fit(family, h, outside, f.workers)
	return nil
}

// before are the histories as they were before the days that Auto holds out; none where there are no such
// days.
func (f *Forecast) before() (btyd.Columns, error) {
	days, asOf := f.view.Days(), f.view.AsOf()
	if days.Empty() || days.From >= asOf {
		return btyd.Columns{}, nil
	}
	held := min(mostHeldOut, (asOf-days.From)/3)
	if held == 0 {
		return btyd.Columns{}, nil
	}
	h, err := history.Of(f.view.At(asOf-held), f.workers)
	if err != nil {
		return btyd.Columns{}, err
	}
	return columnsOf(h, f.in.Outside), nil
}

// columnsOf leaves the customers outside without a purchase.
func columnsOf(h *history.History, outside []bool) btyd.Columns {
	c := btyd.Columns{X: h.X, TX: h.TX, T: h.T}
	if outside != nil {
		c.T = slices.Clone(h.T)
		for i, out := range outside {
			if out {
				c.T[i] = -1
			}
		}
	}
	return c
}

// learn collects the histories to fit on: every k-th customer, so that at most Sample remain. Customers
// ascend by id, so that a sample is spread over whatever ids tell of their age.
func (s Settings) learn(h *history.History, outside []bool) (*btyd.Patterns, error) {
	n := 0
	for c := range h.T {
		if takesPart(h, outside, c) {
			n++
		}
	}
	step := (n + s.Sample - 1) / s.Sample
	var x, tx, t []int32
	at := 0
	for c := range h.T {
		if !takesPart(h, outside, c) {
			continue
		}
		if at%step == 0 {
			x, tx, t = append(x, h.X[c]), append(tx, h.TX[c]), append(t, h.T[c])
		}
		at++
	}
	return btyd.Collapse(x, tx, t)
}

func takesPart(h *history.History, outside []bool, c int) bool {
	return h.T[c] >= 0 && (outside == nil || !outside[c])
}

// around are models at equally likely parameters beside the fitted ones; none where the fit does not say
// how sure it is.
func (f *Forecast) around() []clv.Model {
	p := f.Purchases
	if p == nil || p.Status != btyd.Converged {
		return nil
	}
	mean, cov := make([]float64, len(p.Theta)), make([][]float64, len(p.Theta))
	for i, v := range p.Theta {
		mean[i], cov[i] = math.Log(v), p.Cov[i][:]
	}
	var models []clv.Model
	for _, u := range clv.Cubature(mean, cov) {
		m := btyd.Model{Family: p.Family}
		for i, v := range u {
			m.Theta[i] = math.Exp(v)
		}
		if m.Validate() != nil { // beyond what a float holds: too uncertain to be said by a few models
			return nil
		}
		models = append(models, m)
	}
	return models
}

// Lifetime values every customer over 12 months, with an interval, over 36, then over those of Settings.Months. Without a
// purchase model or a cost every value is NaN.
func (f *Forecast) Lifetime() (*clv.Result, error) {
	h, s, e := f.History, f.Settings, f.ProfitEach
	months := []float64{Year, ThreeYears}
	for _, m := range s.Months {
		months = append(months, float64(m))
	}
	return clv.Compute(clv.Input{
		X: h.X, TX: h.TX, T: h.T, Model: f.model(), Around: f.around(),
		Spend: clv.Spend{Mean: e.Mean, SD: e.SD, Within: e.Within, Shared: e.Shared},
	}, clv.Options{Months: months, Annual: s.Discount, NoDiscount: s.NoDiscount, Level: s.Level, Intervals: 1, Workers: f.workers})
}
