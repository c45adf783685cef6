package btyd

import (
	"errors"
	"fmt"
	"math"
)

// A holdout decides only where it has something to say: Vuong's statistic needs a sample in which the
// central limit theorem holds, and a fit needs repeat buyers.
const (
	leastRepeaters = 50 // customers with a repeat purchase before the cut
	leastReturning = 50 // customers with a purchase after it
)

// Choose is the setting `auto`: it fits every family (nil: Families()) to the histories up to an earlier
// day, asks each for the probability of what every customer did from then to now, and fits the family
// that gave the highest to the whole history. The columns hold the same customers, seen at the end of the
// two days; customers who came between the two are only part of the whole.
//
// Where the part before the cut is too small to judge by (or then has no columns), the likelihood of the
// whole history decides, and Choice.Why says what was lacking. A family whose fit stalls is out. The
// error says what the whole history lacks, or that the columns do not belong together.
func Choose(then, now Columns, families []Family, o Options) (*Choice, error) {
	if families == nil {
		families = Families()
	}
	whole, err := now.patterns()
	if err != nil {
		return nil, err
	}
	c := &Choice{Margin: math.NaN(), MarginSE: math.NaN()}
	for _, f := range families {
		c.Candidates = append(c.Candidates, Candidate{Family: f, Holdout: math.NaN(), Expected: math.NaN()})
	}
	lack, held := "no earlier day was given", (*trial)(nil)
	if then.T != nil {
		t, err := cut(then, now)
		if err != nil {
			return nil, err
		}
		if lack = c.lacks(t); lack == "" {
			t.thin(o.Limit)
			lack = c.hold(t, o.Workers)
			held = t
		}
	}
	if lack == "" {
		c.Held = true
		return c.take(held, whole, o)
	}
	return c.takeLikeliest(whole, o, lack)
}

// lacks fills the sizes of the holdout and says what it lacks, "" for nothing.
func (c *Choice) lacks(t *trial) string {
	repeaters, returning := 0.0, 0.0
	c.Days = int(t.days)
	for _, v := range t.cells {
		c.Customers += v.weight
		c.Purchases += float64(v.weight * float64(v.later))
		if v.history.X > 0 {
			repeaters += v.weight
		}
		if v.later > 0 {
			returning += v.weight
		}
	}
	switch {
	case c.Customers == 0:
		return "nobody had bought before the cut"
	case repeaters < leastRepeaters:
		return fmt.Sprintf("before the cut %.0f customers had bought again, of the %d that a fit needs", repeaters, leastRepeaters)
	case returning < leastReturning:
		return fmt.Sprintf("after the cut %.0f customers bought, of the %d that a judgement needs", returning, leastReturning)
	}
	return ""
}

// hold fits the candidates to the part before the cut and judges them; "" if one can be taken.
func (c *Choice) hold(t *trial, workers int) string {
	before := t.before()
	c.Judged = before.Customers()
	for i := range c.Candidates {
		d := &c.Candidates[i]
		var err error
		if d.Before, err = Fit(d.Family, before, workers); err != nil {
			d.Fault = err.Error()
			continue
		}
		if d.Before.Status == Stalled {
			d.Fault = "its fit before the cut stalled"
			continue
		}
		v := t.judge(d.Before.Model, workers)
		d.logs, d.Expected, d.Holdout = v.logs, v.expected*c.Customers/c.Judged, t.mean(v.logs)
		if math.IsNaN(d.Holdout) || math.IsInf(d.Holdout, 0) {
			d.Fault = "it holds what customers did in the holdout for impossible"
		}
	}
	if best, _ := c.order(holdout); best < 0 {
		return "no family could be fitted to the part before the cut"
	}
	return ""
}

func holdout(d *Candidate) float64 { return d.Holdout }

// order finds the two candidates without a fault whose figure is highest, the earlier at a tie; -1:
// there is none.
func (c *Choice) order(figure func(*Candidate) float64) (best, second int) {
	best, second = -1, -1
	for i := range c.Candidates {
		d := &c.Candidates[i]
		switch {
		case d.Fault != "":
		case best < 0 || figure(d) > figure(&c.Candidates[best]):
			best, second = i, best
		case second < 0 || figure(d) > figure(&c.Candidates[second]):
			second = i
		}
	}
	return best, second
}

// take fits the best of the holdout to everything; one that stalls gives way to the next, which then
// is compared with the one after it.
func (c *Choice) take(t *trial, whole *Patterns, o Options) (*Choice, error) {
	for {
		best, second := c.order(holdout)
		if best < 0 {
			return c.takeLikeliest(whole, o, "each family stalled on the whole history")
		}
		d := &c.Candidates[best]
		var err error
		if d.Whole == nil {
			d.Whole, err = o.Fit(d.Family, whole)
		}
		if err != nil {
			return nil, err
		}
		if d.Whole.Status != Stalled {
			c.Fitted = d.Whole
			if second >= 0 {
				c.RunnerUp = c.Candidates[second].Family
				c.Margin, c.MarginSE = t.margin(d.logs, c.Candidates[second].logs)
			}
			c.Why = c.why()
			return c, nil
		}
		d.Fault = "its fit to the whole history stalled"
	}
}

// takeLikeliest decides by the likelihood of everything, that of the other families with as many
// parameters, so that no penalty is due.
func (c *Choice) takeLikeliest(whole *Patterns, o Options, lack string) (*Choice, error) {
	c.Held = false
	var faults []error
	for i := range c.Candidates {
		d := &c.Candidates[i]
		var err error
		if d.Whole == nil {
			d.Whole, err = o.Fit(d.Family, whole)
		}
		if d.Fault = ""; err != nil {
			d.Fault = err.Error()
			faults = append(faults, err)
		}
	}
	best, second := c.order(func(d *Candidate) float64 {
		if d.Whole.Status == Stalled {
			return math.Inf(-1) // the last resort: a likelihood that could still rise
		}
		return d.Whole.LL
	})
	if best < 0 {
		return nil, errors.Join(faults...)
	}
	c.Fitted = c.Candidates[best].Whole
	because := ""
	if second >= 0 && c.Candidates[second].Whole.Status != Stalled {
		next := c.Candidates[second].Whole
		c.RunnerUp, c.Margin = next.Family, (c.LL-next.LL)/c.Fitted.Customers
		because = fmt.Sprintf(", %.4f per customer above that of %v", c.Margin, c.RunnerUp)
	}
	c.Why = fmt.Sprintf("%v by the likelihood of the whole history%s; nothing was held out: %s", c.Family, because, lack)
	return c, nil
}
