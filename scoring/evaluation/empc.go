package evaluation

import (
	"fmt"

	"gonum.org/v1/gonum/mathext"
)

// Retention are the parameters of the campaign that EMPC prices. Its zero value is that of the paper.
type Retention struct {
	// Alpha and Beta, both > 0, shape the Beta distribution of the share of would-be churners who
	// accept the offer; 0 means 6 and 14 (mean 0.3).
	Alpha, Beta float64
	// CLV is the value of a customer, > 0, in currency units; 0 means 200.
	CLV float64
	// Offer and Contact are what an accepted offer and a contact cost; 0 means 10 and 1.
	Offer, Contact float64
}

func (r Retention) defaults() Retention {
	for _, x := range []struct {
		at    *float64
		value float64
	}{{&r.Alpha, 6}, {&r.Beta, 14}, {&r.CLV, 200}, {&r.Offer, 10}, {&r.Contact, 1}} {
		if *x.at == 0 {
			*x.at = x.value
		}
	}
	return r
}

// Validate names the first parameter that makes no campaign.
func (r Retention) Validate() error {
	r = r.defaults()
	switch {
	case !(r.Alpha > 0 && r.Beta > 0):
		return fmt.Errorf("acceptance is Beta(%v, %v): both must be positive", r.Alpha, r.Beta)
	case !(r.CLV > 0) || !(r.Contact >= 0):
		return fmt.Errorf("a customer worth %v and a contact of %v: the value must be positive, the cost not negative", r.CLV, r.Contact)
	case !(r.Offer >= 0 && r.Offer < r.CLV):
		return fmt.Errorf("an offer of %v to a customer worth %v: it must cost less than the customer is worth", r.Offer, r.CLV)
	}
	return nil
}

// Campaign is what EMPC found: the expected profit per customer of the base, in currency units, and
// the expected share of customers to contact.
type Campaign struct{ Profit, Fraction Figure }

// EMPC is the expected maximum profit measure for churn (Verbraken, Verbeke and Baesens 2013,
// doi:10.1109/TKDE.2012.50): the score is that of churning, churned says who did. For every share γ
// of accepting churners, γ ~ Beta(α, β), the best cut is a corner of the convex hull of the ROC curve;
// the profit at the best corner is integrated over γ. Both are NaN where all had the same outcome or
// the parameters are not valid.
func EMPC(score []float64, churned []bool, r Retention) Campaign {
	r = r.defaults()
	events, n := total(churned), len(churned)
	if events == 0 || events == n || r.Validate() != nil {
		return Campaign{unknown(), unknown()}
	}
	pi0 := float64(events) / float64(n)
	pi1 := 1 - pi0
	delta, phi := r.Offer/r.CLV, r.Contact/r.CLV
	hull := groupBy(score, churned, nil).hull(events, n-events)
	share := r.Alpha / (r.Alpha + r.Beta) // E γ; γ times the density is Beta(α+1, β) times this
	var profit, fraction, from float64
	for i, c := range hull {
		to := 1.0
		if i+1 < len(hull) {
			d0, d1 := hull[i+1].tpr-c.tpr, hull[i+1].fpr-c.fpr
			to = min(1, (float64(pi1*(delta+phi)*d1)+float64(pi0*phi*d0))/(pi0*(1-delta)*d0))
		}
		if !(to > from) {
			continue
		}
		weight := betaBetween(from, to, r.Alpha, r.Beta)
		gain := share * betaBetween(from, to, r.Alpha+1, r.Beta)
		profit += r.CLV * (float64((1-delta)*pi0*c.tpr*gain) - float64((float64(phi*pi0*c.tpr)+float64((delta+phi)*pi1*c.fpr))*weight))
		fraction += float64((float64(pi0*c.tpr) + float64(pi1*c.fpr)) * weight)
		from = to
	}
	return Campaign{Figure(profit), Figure(fraction)}
}

func betaBetween(from, to, a, b float64) float64 {
	return mathext.RegIncBeta(a, b, to) - mathext.RegIncBeta(a, b, from)
}

// corner is a point of the ROC curve.
type corner struct{ fpr, tpr float64 }

// hull is the upper convex hull of the ROC curve from (0, 0) to (1, 1). Its corners are compared in
// integers, so that three on a line are seen as such.
func (g groups) hull(events, others int) []corner {
	type count struct{ without, with int64 }
	points := []count{{}}
	var at count
	for _, x := range g {
		at.with += int64(x.events)
		at.without += int64(x.n - x.events)
		for len(points) > 1 {
			a, b := points[len(points)-2], points[len(points)-1]
			if (b.with-a.with)*(at.without-b.without) > (at.with-b.with)*(b.without-a.without) {
				break // the slope falls at b, as a hull's must
			}
			points = points[:len(points)-1]
		}
		points = append(points, at)
	}
	corners := make([]corner, len(points))
	for i, p := range points {
		corners[i] = corner{float64(p.without) / float64(others), float64(p.with) / float64(events)}
	}
	return corners
}
