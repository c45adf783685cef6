package btyd

import "fmt"

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

// why is the sentence of a holdout.
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
