package keyaccount

import (
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// Quadrant is where a customer stands by volume and margin. Its zero value is Unknown.
type Quadrant uint8

// The quadrants: high volume with high (Key) or low margin (VolumeOnly), low volume with high
// (Niche) or low margin (Tail), and Unknown where the margin is unknown.
const (
	Unknown Quadrant = iota
	Key
	VolumeOnly
	Niche
	Tail

	// Quadrants is the number of quadrants, Unknown included.
	Quadrants = int(Tail) + 1
)

// String is the name in output columns.
func (q Quadrant) String() string {
	switch q {
	case Key:
		return "KEY"
	case VolumeOnly:
		return "VOLUME_ONLY"
	case Niche:
		return "NICHE"
	case Tail:
		return "TAIL"
	}
	return "UNKNOWN"
}

// Cause says on what ground a quadrant was given.
type Cause uint8

const (
	// Decided by both cuts.
	Decided Cause = iota
	// NoSales: no order in the window, so there is no margin; quadrant Unknown.
	NoSales
	// CostMissing: the cost of too much of the sales is unknown; quadrant Unknown, and the customer
	// stands in Result.MissingCost.
	CostMissing
	// NothingEarned: covered sales are zero or negative after returns; the margin counts as low.
	NothingEarned
	// MarginIsOff: no sales of the run have a known cost, so volume alone decides: Key or Tail.
	MarginIsOff
)

// quadrants fills Quadrant, Cause, MissingCost and the medians.
func (r *Result) quadrants(volume, margin ranks) {
	n := len(r.accounts.Net)
	r.Quadrant, r.Cause = make([]Quadrant, n), make([]Cause, n)
	volumeHigh, marginHigh := r.volumeHigh(volume), r.marginHigh(margin)
	for c := range n {
		switch {
		case r.accounts.Orders[c] == 0:
			r.Cause[c] = NoSales
			continue
		case r.MarginOff:
			r.Cause[c] = MarginIsOff
			marginHigh[c] = volumeHigh[c]
		case !r.covered(c):
			r.Cause[c] = CostMissing
			r.MissingCost = append(r.MissingCost, int32(c))
			continue
		case r.accounts.Covered[c] <= 0:
			r.Cause[c] = NothingEarned
			marginHigh[c] = false
		}
		r.Quadrant[c] = quadrant(volumeHigh[c], marginHigh[c])
	}
}

func quadrant(volume, margin bool) Quadrant {
	switch {
	case volume && margin:
		return Key
	case volume:
		return VolumeOnly
	case margin:
		return Niche
	}
	return Tail
}

func (r *Result) volumeHigh(v ranks) []bool {
	a, cut := &r.accounts, r.Settings.Volume
	if cut.By == VolumePercentile {
		return v.atLeast(cut.Percentile, len(a.Net))
	}
	if cut.By == VolumeMedian && len(v.members) > 0 {
		lo, hi := v.middle()
		// The smallest amount not below the mean of the two, without overflow.
		x, y := a.Net[lo], a.Net[hi]
		r.VolumeMedian = (x | y) - (x^y)>>1
		cut.Amount = r.VolumeMedian
	}
	high := make([]bool, len(a.Net))
	for c := range high {
		if cut.By == VolumeClassA {
			high[c] = a.SalesClass[c] == scoring.A
		} else {
			high[c] = a.Net[c] >= cut.Amount
		}
	}
	return high
}

func (r *Result) marginHigh(m ranks) []bool {
	a, cut := &r.accounts, r.Settings.Margin
	if cut.By == MarginPercentile {
		return m.atLeast(cut.Percentile, len(a.Net))
	}
	rates, least := r.deciding(), cut.Rate.Float()
	if cut.By == MarginMedian && len(m.members) > 0 {
		lo, hi := m.middle()
		r.MarginMedian = rates[lo]/2 + rates[hi]/2
		least = r.MarginMedian
	}
	high := make([]bool, len(a.Net))
	for c := range high {
		profit, covered := int64(a.Covered[c]-a.Cost[c]), int64(a.Covered[c])
		switch {
		case cut.By == MarginCompany:
			high[c] = scoring.CompareProducts(profit, int64(r.CompanyCovered), int64(r.CompanyProfit), covered) >= 0
		case cut.By == MarginRate && cut.Raw:
			high[c] = scoring.CompareProducts(profit, int64(money.OneRate), int64(cut.Rate), covered) >= 0
		default:
			high[c] = rates[c] >= least
		}
	}
	return high
}
