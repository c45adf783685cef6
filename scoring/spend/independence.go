package spend

import (
	"fmt"
	"math"
	"slices"
)

// Independence is the check of the Gamma-Gamma assumption that how often a customer buys says
// nothing about how much.
type Independence struct {
	// N is the number of repeat buyers.
	N int
	// Pearson is the linear correlation of x and m, in -1..1, with its 95% interval (Fisher's z); one
	// purchase of a million moves it. NaN where N < 4 or a column is constant.
	Pearson, PearsonLow, PearsonHigh float64
	// Rank is Spearman's correlation, which a single value does not move, with its 95% interval
	// (Fisher's z with the variance of Bonett and Wright 2000). It decides.
	Rank, RankLow, RankHigh float64
}

// Verdict is what the rank correlation says.
type Verdict uint8

// The verdicts.
const (
	Independent Verdict = iota // |rank| below 0.1, or the interval holds 0
	Weak                       // below 0.3
	Dependent                  // 0.3 and more
	Undecided                  // too few customers, or all alike
)

// Verdict applies the customary bounds of small and medium correlations (Cohen 1988).
func (i Independence) Verdict() Verdict {
	switch r := math.Abs(i.Rank); {
	case math.IsNaN(r):
		return Undecided
	case r < 0.1, i.RankLow <= 0 && i.RankHigh >= 0:
		return Independent
	case r < 0.3:
		return Weak
	}
	return Dependent
}

// String is the verdict in words, with its figures.
func (i Independence) String() string {
	figures := fmt.Sprintf("rank correlation of purchases and value %.3f (95%% %.3f to %.3f, %d customers; linear %.3f)",
		i.Rank, i.RankLow, i.RankHigh, i.N, i.Pearson)
	switch i.Verdict() {
	case Independent:
		return figures + ": independent enough for Gamma-Gamma"
	case Weak:
		return figures + ": weakly related; Gamma-Gamma values of rare buyers lean a little to those of frequent ones"
	case Dependent:
		return figures + ": not independent; do not use Gamma-Gamma values, use the margin version"
	}
	return fmt.Sprintf("%d customers cannot tell whether purchases and value are related", i.N)
}

func independence(x, m []float64) Independence {
	i := Independence{N: len(x)}
	z := 1.959963984540054 / math.Sqrt(float64(len(x)-3))
	i.Pearson = correlation(x, m)
	i.PearsonLow, i.PearsonHigh = around(i.Pearson, z)
	i.Rank = correlation(ranks(x), ranks(m))
	i.RankLow, i.RankHigh = around(i.Rank, z*math.Sqrt(1+i.Rank*i.Rank/2))
	return i
}

// around is the interval tanh(artanh(r) ± z).
func around(r, z float64) (low, high float64) {
	return math.Tanh(math.Atanh(r) - z), math.Tanh(math.Atanh(r) + z)
}

// correlation is Pearson's; NaN below four values or where one column is constant.
func correlation(x, y []float64) float64 {
	n := float64(len(x))
	if n < 4 {
		return math.NaN()
	}
	var sx, sy, xx, xy, yy float64
	for i := range x {
		sx += x[i]
		sy += y[i]
	}
	for i := range x {
		dx, dy := x[i]-sx/n, y[i]-sy/n
		xx += float64(dx * dx)
		xy += float64(dx * dy)
		yy += float64(dy * dy)
	}
	const noise = 1e-24 // squared rounding error of a mean
	if xx <= noise*sx*sx || yy <= noise*sy*sy {
		return math.NaN()
	}
	return max(-1, min(1, xy/math.Sqrt(xx)/math.Sqrt(yy)))
}

// ranks are the mid-ranks of values.
func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return a - b
	})
	r := make([]float64, len(values))
	for lo := 0; lo < len(order); {
		hi := lo + 1
		for hi < len(order) && values[order[hi]] == values[order[lo]] {
			hi++
		}
		for _, i := range order[lo:hi] {
			r[i] = float64(lo+hi-1) / 2
		}
		lo = hi
	}
	return r
}
