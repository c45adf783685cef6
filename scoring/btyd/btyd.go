// Package btyd has the buy-till-you-die models: from how often, how recently and for how long each
// customer was seen buying, they say who is still a customer and what comes next.
//
//  1. Collapse turns customers' (x, t_x, T) into the distinct Patterns with their numbers.
//  2. Fit finds a Model by maximum likelihood, with standard errors, or says what the data lack.
//     Choose lets the holdout decide which family it is.
//  3. Model.Given is the Future of one history; Outlook computes it for all patterns in parallel.
//  4. Patterns.Spread brings a figure per pattern back to the customers.
//
// A new customer, or one with too little history, is the zero History: its Future is the prior.
//
// Churn is Future.Silent, no purchase in a horizon, and never 1 - Future.Alive: under BG/NBD every
// one-time buyer is alive for certain.
package btyd

import (
	"errors"
	"fmt"
	"math"
)

// History is one customer's record: X repeat purchase days (days with a purchase, the first not
// counted), the last of them TX after the first, seen for T after the first. Time is in any unit,
// the same throughout; with integer days X <= TX <= T.
type History struct {
	X     int
	TX, T float64
}

// check says what is wrong with a history, "" for nothing.
func (h History) check() string {
	switch {
	case h.X < 0:
		return "the number of repeat purchase days is below zero"
	case !(h.TX >= 0) || math.IsInf(h.TX, 0):
		return "the recency is no number from zero up"
	case !(h.T >= 0) || math.IsInf(h.T, 0):
		return "the age is no number from zero up"
	case h.TX > h.T:
		return "the last purchase is after the end of observation"
	case h.X == 0 && h.TX > 0:
		return "there is a last repeat purchase but no repeat purchase"
	case h.X > 0 && h.TX == 0:
		return "there are repeat purchases at the moment of the first"
	}
	return ""
}

// HistoryError is a history that cannot be, with the index of its customer.
type HistoryError struct {
	Customer int
	History  History
	Fault    string
}

func (e *HistoryError) Error() string {
	return fmt.Sprintf("customer %d, x %d, t_x %g, T %g: %s; correct the days before fitting",
		e.Customer, e.History.X, e.History.TX, e.History.T, e.Fault)
}

// What the data can lack.
var (
	ErrNoCustomers = errors.New("btyd: no customers; a model needs at least two")
	ErrOneCustomer = errors.New("btyd: one customer; how customers differ needs at least two")
	ErrNoRepeat    = errors.New("btyd: no customer bought twice; a purchase rate needs repeat purchases: take a longer period")
	ErrNoTime      = errors.New("btyd: every customer was seen for no time; take a later end of observation")
	ErrNotWhole    = errors.New("btyd: BG/BB counts opportunities; give whole numbers with as many purchases as opportunities at most")
	ErrNoOptimum   = errors.New("btyd: no start led to a finite likelihood")
)

// Family names a model.
type Family uint8

const (
	// BGNBD, beta-geometric/NBD: purchases at a gamma rate, the end after any repeat purchase with a
	// beta probability. Fader, Hardie and Lee, Marketing Science 24(2), 2005. r, alpha, a, b.
	BGNBD Family = iota + 1
	// MBGNBD is BGNBD where the end can come after the first purchase too. Batislam, Denizel and
	// Filiztekin, International Journal of Research in Marketing 24(3), 2007. r, alpha, a, b.
	MBGNBD
	// ParetoNBD: the end at a gamma rate, at any time. Schmittlein, Morrison and Colombo, Management
	// Science 33(1), 1987. r, alpha, s, beta.
	ParetoNBD
	// BGBB, beta-geometric/beta-Bernoulli: at each of T opportunities (a mailing, a yearly fair) a customer
	// buys with a beta probability, and before each leaves for good with another. All times count
	// opportunities, so X <= TX <= T are whole numbers. Fader, Hardie and Shang, Marketing Science 29(6),
	// 2010. alpha, beta (of buying), gamma, delta (of leaving).
	BGBB

	erlang Family = 16 // + k, see MBGCNBD
)

// MaxK is the most regular of the MBGCNBD.
const MaxK = 8

// MBGCNBD is MBGNBD for customers who buy by the clock: the time between purchases is the sum of k
// exponential phases, 1 <= k <= MaxK, so that its standard deviation is 1/√k of its mean; k = 1 is
// MBGNBD. Platzer and Reutterer, Ticking away the moments, Marketing Science 35(5), 2016. r, alpha (of
// the rate of phases: a purchase takes k of them), a, b. Another k panics.
func MBGCNBD(k int) Family {
	if k < 1 || k > MaxK {
		panic(fmt.Sprintf("btyd: MBG/CNBD-%d; k goes from 1 to %d", k, MaxK))
	}
	return erlang + Family(k)
}

// K is the number of phases between two purchases: 1 except under MBGCNBD.
func (f Family) K() int {
	if f > erlang {
		return int(f - erlang)
	}
	return 1
}

func (f Family) legal() bool {
	return f >= BGNBD && f <= BGBB || f > erlang && f <= erlang+MaxK
}

// Families are those of continuous time, which Choose tries by itself, at a tie the earlier.
func Families() []Family {
	return []Family{BGNBD, MBGNBD, ParetoNBD, MBGCNBD(2), MBGCNBD(3), MBGCNBD(4)}
}

func (f Family) String() string {
	switch f {
	case BGNBD:
		return "BG/NBD"
	case MBGNBD:
		return "MBG/NBD"
	case ParetoNBD:
		return "Pareto/NBD"
	case BGBB:
		return "BG/BB"
	}
	if f.legal() {
		return fmt.Sprintf("MBG/CNBD-%d", f.K())
	}
	return fmt.Sprintf("Family(%d)", uint8(f))
}

// Parameters are the names of Model.Theta.
func (f Family) Parameters() [4]string {
	switch f {
	case ParetoNBD:
		return [4]string{"r", "alpha", "s", "beta"}
	case BGBB:
		return [4]string{"alpha", "beta", "gamma", "delta"}
	}
	return [4]string{"r", "alpha", "a", "b"}
}

// times are the parameters that are measured in time.
func (f Family) times() [4]bool {
	return [4]bool{1: f != BGBB, 3: f == ParetoNBD}
}

// Model is a family with its parameters, for the unit of time of the data it was fitted to.
type Model struct {
	Family Family
	Theta  [4]float64 // > 0 and finite, named by Family.Parameters
}

func (m Model) String() string { return m.Family.String() }

// Validate lists what is outside the legal range.
func (m Model) Validate() error {
	var faults []error
	if !m.Family.legal() {
		faults = append(faults, fmt.Errorf("btyd: unknown %v", m.Family))
	}
	for i, v := range m.Theta {
		if !(v > 0) || math.IsInf(v, 0) {
			faults = append(faults, fmt.Errorf("btyd: %v with %s %g; want a finite number above zero", m.Family, m.Family.Parameters()[i], v))
		}
	}
	return errors.Join(faults...)
}
