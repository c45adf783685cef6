package keyaccount

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// ranks are exact mid-ranks of a population: twice[i] / (2 n) is the percentile of its member i.
type ranks struct {
	members []int32
	sorted  []int32 // indices into members, largest first
	twice   []int64 // 2 less + equal
}

// midRanks ranks members by their keys, equal keys alike.
func midRanks(members []int32, keys []int64) ranks {
	n := len(members)
	r := ranks{members, scoring.Descending(keys), make([]int64, n)}
	for lo := 0; lo < n; {
		hi := lo
		for hi < n && keys[r.sorted[hi]] == keys[r.sorted[lo]] {
			hi++
		}
		for _, i := range r.sorted[lo:hi] {
			r.twice[i] = int64(2*(n-hi) + hi - lo)
		}
		lo = hi
	}
	return r
}

// percentiles is 0..100 per customer, NaN outside the population.
func (r *ranks) percentiles(customers int) []float64 {
	p := make([]float64, customers)
	for c := range p {
		p[c] = math.NaN()
	}
	for i, c := range r.members {
		p[c] = 100 * float64(r.twice[i]) / float64(2*len(r.members))
	}
	return p
}

// atLeast marks the members whose percentile is cut or more, exactly.
func (r *ranks) atLeast(cut money.Rate, customers int) []bool {
	high := make([]bool, customers)
	for i, c := range r.members {
		high[c] = scoring.CompareProducts(r.twice[i], int64(money.OneRate), int64(cut), int64(2*len(r.members))) >= 0
	}
	return high
}

// middle returns the members around the median, the same one twice for odd populations, the lower
// first; the population must not be empty.
func (r *ranks) middle() (lower, upper int32) {
	n := len(r.sorted)
	return r.members[r.sorted[n/2]], r.members[r.sorted[(n-1)/2]]
}

func (r *Result) volumeRanks() ranks {
	var members []int32
	var keys []int64
	for c, orders := range r.accounts.Orders {
		if orders > 0 {
			members, keys = append(members, int32(c)), append(keys, int64(r.accounts.Net[c]))
		}
	}
	return midRanks(members, keys)
}

// deciding is the margin rates that rank and decide.
func (r *Result) deciding() []float64 {
	if r.Settings.Margin.Raw {
		return r.MarginRate
	}
	return r.MarginRateShrunk
}

func (r *Result) marginRanks() ranks {
	var members []int32
	var keys []int64
	for c, rate := range r.deciding() {
		if r.accounts.Orders[c] > 0 && r.covered(c) && !math.IsNaN(rate) {
			members, keys = append(members, int32(c)), append(keys, scoring.FloatKey(rate))
		}
	}
	return midRanks(members, keys)
}
