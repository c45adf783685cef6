package quality

import "math"

// Fences bound the magnitudes that are not far out, by Tukey's rule on the logarithm (Exploratory Data
// Analysis, 1977, §2E: "far out" lies more than three steps of the interquartile range beyond a quartile).
// Money and quantities are skewed as products of many causes are, so on their own scale the rule would
// call a tenth of any trade far out. With the quartiles Q1 and Q3 of the magnitudes that are not zero,
//
//	low = Q1 / s,  high = Q3 · s,  s = max((Q3/Q1)³, 10)
//
// where the 10 keeps a column of nearly equal values from calling all others far out. Low is rounded down
// and High up to the edge of a bucket, so that the counts beyond are exact.
type Fences struct {
	Low, High         uint64 // magnitudes in Low..High are not far out
	Lower, Higher     int64  // how many lie below and above
	lowEdge, highEdge int
}

// leastSpread is s at least, and fewest is how many values quartiles are taken of.
const (
	leastSpread = 10
	fewest      = 20
)

// Fences of the values that are not zero; false where they are too few.
func (h *Histogram) Fences() (f Fences, ok bool) {
	if h.n-h.zero < fewest {
		return f, false
	}
	q1, q3 := h.magnitude(0.25), h.magnitude(0.75)
	ratio := float64(q3) / float64(q1)
	s := max(ratio*ratio*ratio, leastSpread)
	f.lowEdge, f.highEdge = bucketOf(max(1, uint64(float64(q1)/s))), buckets-1
	if high := float64(q3) * s; high < math.MaxInt64 {
		f.highEdge = bucketOf(uint64(high))
	}
	f.Low, f.High = topOf(f.lowEdge-1)+1, topOf(f.highEdge)
	for _, counts := range [][]int64{h.negative.counts, h.positive.counts} {
		for b, n := range counts {
			if b < f.lowEdge {
				f.Lower += n
			}
			if b > f.highEdge {
				f.Higher += n
			}
		}
	}
	return f, true
}

// magnitude is the quantile of the magnitudes that are not zero, as Quantile is.
func (h *Histogram) magnitude(q float64) uint64 {
	rank := rankOf(q, h.n-h.zero)
	for b := range buckets {
		n, least := int64(0), uint64(math.MaxUint64)
		for _, side := range []*half{&h.negative, &h.positive} {
			if side.counts != nil && side.counts[b] > 0 {
				n, least = n+side.counts[b], min(least, side.least[b])
			}
		}
		if rank -= n; n > 0 && rank <= 0 {
			return least
		}
	}
	panic("quality: quantile of no values")
}
