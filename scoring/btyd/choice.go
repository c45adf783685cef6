package btyd

import (
	"fmt"
	"strings"
)

// Choice is the model that Choose took, with what spoke for it.
type Choice struct {
	*Fitted                // the family taken, fitted to the whole history
	Candidates []Candidate // in the order in which the families were given

	// Held says that the holdout decided. If not, the likelihood of the whole history did.
	Held      bool
	Days      int     // length of the holdout; 0: no cut
	Customers float64 // with a purchase before the cut
	Judged    float64 // of them, who were judged: Options.Limit at most; 0: nothing was
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
	Before   *Fitted   // to the part before the cut; nil where there is none
	Holdout  float64   // mean ln P(purchase days in the holdout | history before), per customer; NaN: not judged
	Expected float64   // purchase days in the holdout of all customers, beside Choice.Purchases; NaN: not judged
	Whole    *Fitted   // to the whole history; nil where it was not needed
	Fault    string    // why the family could not be taken; "" if it could
	logs     []float64 // verdict.logs of the holdout; nil: not judged
}

// why is the sentence of a holdout.
func (c *Choice) why() string {
	s := fmt.Sprintf("%v by holdout: fitted without the last %d days", c.Family, c.Days)
	who := fmt.Sprintf("%.0f customers", c.Judged)
	if c.Judged < c.Customers {
		who = fmt.Sprintf("%.0f of %.0f customers", c.Judged, c.Customers)
	}
	if c.RunnerUp != 0 {
		s += fmt.Sprintf(", its log-likelihood of what %s did in them is %.4f ± %.4f per customer above that of %v", who, c.Margin, c.MarginSE, c.RunnerUp)
	}
	better := c.stalled()
	switch {
	case c.RunnerUp == 0 && better == "":
		return s + fmt.Sprintf(", it alone could be judged by what %s did in them", who)
	case c.RunnerUp == 0:
		return s + fmt.Sprintf(", of the families judged by what %s did in them it alone could be fitted to the whole history", who)
	}
	if !(c.Margin > 2*c.MarginSE) {
		s += "; the two are hardly told apart"
	}
	if better != "" {
		s += fmt.Sprintf("; %s did better there but could not be fitted to the whole history", better)
	}
	return s
}

// stalled names the families that the holdout puts first and that the whole history put out.
func (c *Choice) stalled() string {
	var names []string
	for _, d := range c.Candidates {
		if d.logs != nil && d.Whole != nil && d.Whole.Status == Stalled {
			names = append(names, d.Family.String())
		}
	}
	return strings.Join(names, " and ")
}
