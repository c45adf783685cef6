// Package retention says how long contracts last, from how many of a cohort were renewed so far.
//
//  1. A Cohort counts the customers who began together and those left after each renewal.
//  2. Fit finds the sBG model of all cohorts by maximum likelihood, with standard errors.
//  3. Model gives survival, the renewal rate by age, and what a customer's renewals to come are worth.
//
// It is for contracts, whose end is seen (subscriptions, service plans). Where customers just stay away,
// package btyd infers it.
package retention

import (
	"errors"
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/scoring/special"
)

// Model is the shifted beta-geometric model: at each renewal a customer leaves with probability θ of his
// own, θ ~ Beta(Alpha, Beta). Fader and Hardie, How to project customer retention, Journal of Interactive
// Marketing 21(1), 2007. Both are above zero and finite.
type Model struct{ Alpha, Beta float64 }

// Validate says what is outside the legal range.
func (m Model) Validate() error {
	if !(m.Alpha > 0 && m.Beta > 0) || math.IsInf(m.Alpha, 0) || math.IsInf(m.Beta, 0) {
		return fmt.Errorf("retention: alpha %g, beta %g; want finite numbers above zero", m.Alpha, m.Beta)
	}
	return nil
}

// Survival is P(still a customer after t renewals), t >= 0.
func (m Model) Survival(t int) float64 { return math.Exp(m.logSurvival(float64(t))) }

func (m Model) logSurvival(t float64) float64 {
	return special.LogRising(m.Beta, t) - special.LogRising(m.Alpha+m.Beta, t)
}

// Churn is P(leaving at the t-th renewal), t >= 1.
func (m Model) Churn(t int) float64 { return math.Exp(m.logChurn(float64(t))) }

func (m Model) logChurn(t float64) float64 {
	return m.logSurvival(t-1) + math.Log(m.Alpha/(m.Alpha+m.Beta+t-1))
}

// Retention is the share that renews the t-th time of those who could, t >= 1. It rises with t: those
// who leave easily are gone.
func (m Model) Retention(t int) float64 {
	return (m.Beta + float64(t) - 1) / (m.Alpha + m.Beta + float64(t) - 1)
}

// Lifetime is the mean number of renewals to come of a customer who has renewed done >= 0 times: infinite
// for Alpha <= 1.
func (m Model) Lifetime(done int) float64 {
	if m.Alpha <= 1 {
		return math.Inf(1)
	}
	return (m.Beta + float64(done)) / (m.Alpha - 1)
}

// Residual is the discounted expected residual lifetime (DERL) of a customer who has renewed done >= 0
// times and faces the next renewal now: the sum of renewals to come, the first worth 1, each further one
// 1/(1+d) of the one before it, d > 0 (Fader and Hardie, Customer-base valuation in a contractual setting,
// Marketing Science 29(1), 2010, eq. 6).
func (m Model) Residual(done int, d float64) float64 {
	if !(d > 0) || math.IsInf(d, 1) {
		panic("retention: a discount rate without end of the horizon must be above zero and finite")
	}
	lost := d / (1 + d)
	return special.BetaMean(m.Alpha, m.Beta+float64(done), min(1, lost), func(p float64) float64 {
		return (1 - p) / (lost + p*(1-lost)) // Σ over i >= 0 of (1-p)^(i+1) (1-lost)^i
	})
}

// Cohort are customers who began together: Active[0] of them, of whom Active[t] were left after t
// renewals.
type Cohort struct{ Active []float64 }

// What the data can lack.
var (
	ErrNoRenewal = errors.New("retention: no cohort has faced a renewal; wait for the first")
	ErrNobody    = errors.New("retention: nobody left at any renewal; that gives survival 1 so far, but no model")
	ErrEverybody = errors.New("retention: nobody ever renewed; that gives survival 0, but no model")
	ErrOneAge    = errors.New("retention: every cohort faced one renewal; how customers differ needs a second")
	ErrNoOptimum = errors.New("retention: the likelihood rises without end: customers do not differ visibly; use one renewal rate for all")
)

// CohortError is a number that cannot be.
type CohortError struct {
	Cohort, Age int
	Active      float64
	Fault       string
}

func (e *CohortError) Error() string {
	return fmt.Sprintf("cohort %d, age %d, %g active: %s; correct the counts before fitting", e.Cohort, e.Age, e.Active, e.Fault)
}
