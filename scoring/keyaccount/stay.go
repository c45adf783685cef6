package keyaccount

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// CutPoints are what the cuts of the KEY quadrant came to, so that a customer can be told how far
// away it is.
type CutPoints struct {
	// Net is the net sales from which volume is high; known only where VolumeKnown: nobody may be high,
	// and a percentile is no amount.
	Net         money.Amount
	VolumeKnown bool
	// Margin is the rate from which the margin is high; NaN where it is no rate or margin is off.
	Margin float64
}

// CutPoints returns the cuts in the customers' own units. That of class A is the least net sales of
// its members.
func (r *Result) CutPoints() CutPoints {
	p := CutPoints{Margin: math.NaN()}
	switch cut := r.Settings.Volume; cut.By {
	case VolumeAmount:
		p.Net, p.VolumeKnown = cut.Amount, true
	case VolumeMedian:
		p.Net, p.VolumeKnown = r.VolumeMedian, true
	case VolumeClassA:
		for c, class := range r.accounts.SalesClass {
			if class == scoring.A && (!p.VolumeKnown || r.accounts.Net[c] < p.Net) {
				p.Net, p.VolumeKnown = r.accounts.Net[c], true
			}
		}
	}
	switch cut := r.Settings.Margin; {
	case r.MarginOff:
	case cut.By == MarginCompany:
		p.Margin = r.CompanyRate()
	case cut.By == MarginRate:
		p.Margin = cut.Rate.Float()
	case cut.By == MarginMedian:
		p.Margin = r.MarginMedian
	}
	return p
}

// Stay marks the customers that are in the KEY quadrant or would be with every cut at the part keep
// (0..1) of itself: who entered at the cut leaves below that. A cut below zero, which a part of
// itself would raise, counts as it is.
func (r *Result) Stay(keep money.Rate) []bool {
	p := r.CutPoints()
	stay := make([]bool, len(r.Quadrant))
	for c, q := range r.Quadrant {
		stay[c] = q == Key || q != Unknown && r.volumeStays(c, p, keep) && r.marginStays(c, p, keep)
	}
	return stay
}

func (r *Result) volumeStays(c int, p CutPoints, keep money.Rate) bool {
	if cut := r.Settings.Volume; cut.By == VolumePercentile {
		return r.VolumePercentile[c] >= 100*cut.Percentile.Float()*keep.Float() // false for NaN
	}
	if p.Net < 0 {
		keep = money.OneRate
	}
	return p.VolumeKnown && scoring.CompareProducts(int64(r.accounts.Net[c]), int64(money.OneRate), int64(p.Net), int64(keep)) >= 0
}

func (r *Result) marginStays(c int, p CutPoints, keep money.Rate) bool {
	switch {
	case r.MarginOff:
		return true
	case r.Cause[c] == NothingEarned:
		return false
	case r.Settings.Margin.By == MarginPercentile:
		return r.MarginPercentile[c] >= 100*r.Settings.Margin.Percentile.Float()*keep.Float()
	}
	rate := r.deciding()[c]
	if r.Settings.Margin.By == MarginCompany {
		rate = r.MarginRate[c] // as at the cut itself: the raw rate decides against the company's
	}
	if p.Margin < 0 {
		keep = money.OneRate
	}
	return rate >= p.Margin*keep.Float()
}
