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

// Choice is the model that Choose took, with what spoke for it.
type Choice struct {
	*Fitted                // the family taken, fitted to the whole history
	Candidates []Candidate // in the order in which the families were given

	// Held says that the holdout decided. If not, the likelihood of the whole history did.
	Held      bool
	Days      int     // length of the holdout; 0: no cut
	Customers float64 // with a purchase before the cut, who were judged
	Purchases float64 // purchase days of theirs in the holdout

	// Margin is by how much the mean of ln P(purchase days of a customer in the holdout | its history)
	// exceeds that of RunnerUp, in nats per customer, and MarginSE its standard error over customers
	// (Vuong, Econometrica 57(2), 1989). Where nothing was held out it is that of the likelihood of the
	// histories, without a standard error. NaN: no other family to compare with.
	RunnerUp         Family
	Margin, MarginSE float64

	// Why says all this in a sentence.
	Why string
}

// Candidate is what a family made of the part before the cut and of the holdout.
type Candidate struct {
	Family   Family
	Before   *Fitted // to the part before the cut; nil where there is none
	Holdout  float64 // mean ln P(purchase days in the holdout | history before), per customer; NaN: not judged
	Expected float64 // purchase days in the holdout of all customers, beside Choice.Purchases; NaN: not judged
	Whole    *Fitted // to the whole history; nil where it was not needed
	Fault    string  // why the family could not be taken; "" if it could
}

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
	lack := "no earlier day was given"
	if then.T != nil {
		t, err := cut(then, now)
		if err != nil {
			return nil, err
		}
		if lack = c.lacks(t); lack == "" {
			t.thin(o.Limit)
			lack = c.hold(t, o.Workers)
		}
	}
	if lack == "" {
		c.Held = true
		return c.take(whole, o)
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
	customers := before.Customers()
	verdicts := make([]verdict, len(c.Candidates))
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
		verdicts[i] = t.judge(d.Before.Model, workers)
		d.Expected = verdicts[i].expected * c.Customers / customers
		d.Holdout = t.mean(verdicts[i].logs)
		if math.IsNaN(d.Holdout) || math.IsInf(d.Holdout, 0) {
			d.Fault = "it holds what customers did in the holdout for impossible"
		}
	}
	best, second := c.order(func(d *Candidate) float64 { return d.Holdout })
	if best < 0 {
		return "no family could be fitted to the part before the cut"
	}
	if second >= 0 {
		c.RunnerUp = c.Candidates[second].Family
		c.Margin, c.MarginSE = t.margin(verdicts[best].logs, verdicts[second].logs)
	}
	return ""
}

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

// take fits the best of the holdout to everything; one that stalls gives way to the next.
func (c *Choice) take(whole *Patterns, o Options) (*Choice, error) {
	for {
		best, second := c.order(func(d *Candidate) float64 { return d.Holdout })
		if best < 0 {
			return c.takeLikeliest(whole, o, "each family stalled on the whole history")
		}
		d := &c.Candidates[best]
		var err error
		if d.Whole, err = o.Fit(d.Family, whole); err != nil {
			return nil, err
		}
		if d.Whole.Status != Stalled {
			c.Fitted = d.Whole
			if second < 0 || c.Candidates[second].Family != c.RunnerUp {
				c.RunnerUp, c.Margin, c.MarginSE = 0, math.NaN(), math.NaN()
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
	c.RunnerUp, c.Margin, c.MarginSE = 0, math.NaN(), math.NaN()
	because := ""
	if second >= 0 && c.Candidates[second].Whole.Status != Stalled {
		next := c.Candidates[second].Whole
		c.RunnerUp, c.Margin = next.Family, (c.LL-next.LL)/c.Fitted.Customers
		because = fmt.Sprintf(", %.4f per customer above that of %v", c.Margin, c.RunnerUp)
	}
	c.Why = fmt.Sprintf("%v by the likelihood of the whole history%s; nothing was held out: %s", c.Family, because, lack)
	return c, nil
}

func (c *Choice) why() string {
	s := fmt.Sprintf("%v by holdout: fitted without the last %d days", c.Family, c.Days)
	if c.RunnerUp == 0 {
		return s + ", it alone could be judged by what customers did in them"
	}
	s += fmt.Sprintf(", its log-likelihood of what %.0f customers did in them is %.4f ± %.4f per customer above that of %v",
		c.Customers, c.Margin, c.MarginSE, c.RunnerUp)
	if !(c.Margin > 2*c.MarginSE) {
		s += "; the two are hardly told apart"
	}
	return s
}

// mean is Σ weight logs / Σ weight.
func (t *trial) mean(logs []float64) float64 {
	sum, n := 0.0, 0.0
	for i, c := range t.cells {
		sum += float64(c.weight * logs[i])
		n += c.weight
	}
	return sum / n
}

// margin is the mean difference of two verdicts per customer, with its standard error.
func (t *trial) margin(a, b []float64) (mean, se float64) {
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	mean = t.mean(d)
	sum, n := 0.0, 0.0
	for i, c := range t.cells {
		sum += float64(c.weight * (d[i] - mean) * (d[i] - mean))
		n += c.weight
	}
	return mean, math.Sqrt(sum/(n-1)) / math.Sqrt(n)
}
