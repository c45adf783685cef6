package forecast

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/scoring/btyd"
	"github.com/vitalfew/vitalfew/scoring/churn"
)

// Choice names the purchase model to use.
type Choice string

// The choices. Auto takes the family that told best, from an earlier day, what customers did since.
const (
	Auto      Choice = "auto"
	BGNBD     Choice = "bg-nbd"
	MBGNBD    Choice = "mbg-nbd"
	ParetoNBD Choice = "pareto-nbd"
	MBGCNBD2  Choice = "mbg-cnbd-2" // customers who buy by the clock; see btyd.MBGCNBD
	MBGCNBD3  Choice = "mbg-cnbd-3"
	MBGCNBD4  Choice = "mbg-cnbd-4"
)

// Choices lists the models to compare with each other.
func Choices() []Choice { return []Choice{BGNBD, MBGNBD, ParetoNBD} }

// legal lists all that may be set.
func legal() []Choice { return append([]Choice{Auto, MBGCNBD2, MBGCNBD3, MBGCNBD4}, Choices()...) }

// Months that are always foretold.
const (
	Year       = 12
	ThreeYears = 36
)

// Settings say what to foretell and how. A zero field is its default.
type Settings struct {
	// Model is the purchase model: mbg-nbd. Auto is not the default, since a family that changes from
	// one night to the next changes what p_alive means.
	Model Choice
	// Months are horizons of lifetime value beside 12 and 36, in months of 365.25/12 days, 1..120; none.
	Months []int
	// Discount is the yearly rate at which money to come is discounted, continuously, above -1 and at
	// most 10: 0.10, unless NoDiscount.
	Discount   float64
	NoDiscount bool
	// Level is that of the intervals, in 0..1: 0.95.
	Level float64
	// ChurnDays is how many days without a purchase count as churn, 1..3660: 90.
	ChurnDays int
	// FadeDays is the length of the windows that tell who buys less, 1..365: 90. FadeDrop is the fall
	// that counts, in 0..1: 0.2.
	FadeDays int
	FadeDrop float64
	// Sample is the most customers that a purchase model is fitted on, and ChurnSample that of a
	// slice of the past that the churn model learns from; every k-th customer is taken beyond: 50,000
	// and 30,000.
	Sample, ChurnSample int
}

// OrDefault writes the defaults out.
func (s Settings) OrDefault() Settings {
	if s.Model == "" {
		s.Model = MBGNBD
	}
	if s.Discount == 0 && !s.NoDiscount {
		s.Discount = 0.10
	}
	or(&s.Level, 0.95)
	or(&s.ChurnDays, 90)
	or(&s.FadeDays, 90)
	or(&s.FadeDrop, 0.2)
	or(&s.Sample, 50_000)
	or(&s.ChurnSample, 30_000)
	return s
}

func or[V int | float64](v *V, def V) {
	if *v == 0 {
		*v = def
	}
}

// leastSample is the least bound on customers to fit on: below, standard errors mean little.
const leastSample = 1000

// Validate returns every fault of settings with their defaults written out.
func (s Settings) Validate() error {
	var faults []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	fault(!slices.Contains(legal(), s.Model), "purchase model %q: set one of %s", s.Model, choiceList())
	for i, m := range s.Months {
		fault(m < 1 || m > 120, "a horizon of %d months: set 1 to 120", m)
		fault(m == Year || m == ThreeYears, "a horizon of %d months: it is foretold anyway; leave it out", m)
		fault(slices.Contains(s.Months[:i], m), "a horizon of %d months, twice: leave one out", m)
	}
	fault(!(s.Discount > -1 && s.Discount <= 10), "a yearly discount rate of %v: set it above -1 and up to 10", s.Discount)
	fault(s.NoDiscount && s.Discount != 0, "no discount, and one of %v: set one of the two", s.Discount)
	fault(!(s.Level > 0 && s.Level < 1), "an interval level of %v: set it between 0 and 1", s.Level)
	fault(s.FadeDays < 1 || s.FadeDays > 365, "windows of %d days for buying less: set 1 to 365", s.FadeDays)
	fault(!(s.FadeDrop > 0 && s.FadeDrop < 1), "a fall of %v for buying less: set it between 0 and 1", s.FadeDrop)
	fault(s.Sample < leastSample, "at most %d customers to fit on: set %d or more", s.Sample, leastSample)
	fault(s.ChurnSample < leastSample, "at most %d customers of a past day to learn churn from: set %d or more", s.ChurnSample, leastSample)
	if err := (churn.Options{Horizon: s.ChurnDays}).Validate(); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

func choiceList() string {
	var names []string
	for _, c := range legal() {
		names = append(names, string(c))
	}
	return strings.Join(names, ", ")
}

// family is the one that a choice names; none for Auto.
func (c Choice) family() btyd.Family {
	switch c {
	case BGNBD:
		return btyd.BGNBD
	case MBGNBD:
		return btyd.MBGNBD
	case ParetoNBD:
		return btyd.ParetoNBD
	case MBGCNBD2:
		return btyd.MBGCNBD(2)
	case MBGCNBD3:
		return btyd.MBGCNBD(3)
	case MBGCNBD4:
		return btyd.MBGCNBD(4)
	}
	return 0
}

func (s Settings) churn(horizon, workers int) churn.Options {
	return churn.Options{Horizon: horizon, MaxRows: s.ChurnSample, Workers: workers}
}
