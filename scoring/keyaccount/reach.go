package keyaccount

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// Reach is how far a customer below the cuts has to come to be above them, the others staying as they
// are. It is not the cut itself: a cut by rank moves when somebody passes it.
type Reach struct {
	// Net is the net sales that make volume high, for anybody below; known only where NetKnown.
	Net      money.Amount
	NetKnown bool
	// Margin is the deciding margin rate (raw or shrunk) that is high; NaN where margin is off, nothing
	// is enough, or the company rate decides, for which see CompanyReach.
	Margin float64
}

// Reach returns what is enough. For class A that is the least net sales of its members: who ties with
// them has the same sales ahead, of a larger base.
func (r *Result) Reach() Reach {
	p := r.CutPoints()
	out := Reach{Net: p.Net, NetKnown: p.VolumeKnown, Margin: p.Margin}
	switch cut := r.Settings.Volume; {
	case cut.By == VolumeClassA && !p.VolumeKnown:
		out.Net, out.NetKnown = 1, true // nobody is above zero: whoever sells anything is class A
	case cut.By == VolumeMedian, cut.By == VolumePercentile:
		v := r.volumeRanks()
		at, beyond, ok := v.reach(cut.By == VolumeMedian, cut.Percentile)
		if out.NetKnown = ok; ok {
			out.Net = r.accounts.Net[at]
			if beyond {
				out.Net++
			}
		}
	}
	switch cut := r.Settings.Margin; {
	case r.MarginOff, cut.By == MarginCompany:
		out.Margin = math.NaN()
	case cut.By == MarginMedian, cut.By == MarginPercentile:
		m := r.marginRanks()
		at, beyond, ok := m.reach(cut.By == MarginMedian, cut.Percentile)
		if out.Margin = math.NaN(); ok {
			out.Margin = r.deciding()[at]
			if beyond {
				out.Margin = math.Nextafter(out.Margin, math.Inf(1))
			}
		}
	}
	return out
}

// reach finds the member whose value is enough for one below to be at the median, or at a percentile;
// beyond says that it has to be more than that. The upper of the two middle members is enough for the
// median: among the others and one who ties with it, the middle is no higher. Who ties with a group from
// below takes one from those that are less and adds one to the equal: 2 less + equal falls by one.
func (r *ranks) reach(median bool, cut money.Rate) (member int32, beyond, ok bool) {
	n := len(r.members)
	if n == 0 {
		return 0, false, false
	}
	if median {
		_, upper := r.middle()
		return upper, false, true
	}
	enough := func(twice int64) bool {
		return scoring.CompareProducts(twice, int64(money.OneRate), int64(cut), int64(2*n)) >= 0
	}
	for k := n - 1; k >= 0; k-- { // least first
		if i := r.sorted[k]; enough(r.twice[i] - 1) {
			return r.members[i], false, true
		}
	}
	return r.members[r.sorted[0]], true, enough(int64(2*n - 1))
}

// CompanyReach is the margin rate that is high against the company rate for a customer of gross profit
// and covered sales in a company of companyProfit and companyCovered: the rate of the others, for
// p/c >= (P - p₀ + p) / (C - c₀ + c) is p/c >= (P - p₀) / (C - c₀) wherever the others have covered
// sales. NaN where they have none: alone, every rate is the company's.
func CompanyReach(profit, covered, companyProfit, companyCovered float64) float64 {
	if companyCovered-covered <= 0 {
		return math.NaN()
	}
	return (companyProfit - profit) / (companyCovered - covered)
}
