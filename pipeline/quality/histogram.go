package quality

import (
	"math"
	"math/bits"
	"slices"
)

// Magnitudes below exact have a bucket each, larger ones share one with those that differ by less than
// 1/128: the top 8 bits of a magnitude choose its bucket. Such histograms keep the relative error of any
// quantile bounded whatever the distribution (Masson, Rim and Lee, "DDSketch", VLDB 2019, §2.2; the layout
// is that of Tene's HdrHistogram, whose buckets need no logarithm).
const (
	mantissa = 7
	exact    = 1 << (mantissa + 1)
	buckets  = (64-mantissa-1)<<mantissa + exact
)

// bucketOf is the bucket of a magnitude; it ascends with it.
func bucketOf(m uint64) int {
	if m < exact {
		return int(m)
	}
	e := bits.Len64(m) - mantissa - 1
	return e<<mantissa + int(m>>e)
}

// topOf is the largest magnitude of a bucket.
func topOf(bucket int) uint64 {
	if bucket < exact {
		return uint64(bucket)
	}
	e := bucket>>mantissa - 1
	return uint64(bucket-e<<mantissa+1)<<e - 1 // wraps to the largest magnitude at the end
}

// half counts the values of one sign by magnitude.
type half struct {
	counts []int64
	least  []uint64 // the least magnitude seen in the bucket
}

func (h *half) add(m uint64, n int64) {
	if h.counts == nil {
		h.counts, h.least = make([]int64, buckets), make([]uint64, buckets)
	}
	b := bucketOf(m)
	if h.counts[b] == 0 || m < h.least[b] {
		h.least[b] = m
	}
	h.counts[b] += n
}

func (h *half) merge(o *half) {
	for b, n := range o.counts {
		if n > 0 {
			h.add(o.least[b], n)
		}
	}
}

// Histogram counts integers in a fixed number of buckets. Counts, least and greatest value are exact; a
// quantile is a value of the data that differs from the true one by less than 1/128 of it. It does not
// depend on the order of the values, nor on how they are spread over histograms that are merged.
type Histogram struct {
	positive, negative half
	n, zero, below     int64 // values, those that are zero, those below zero
	min, max           int64
}

// Add counts a value.
func (h *Histogram) Add(v int64) {
	if h.n == 0 {
		h.min, h.max = v, v
	}
	h.n++
	h.min, h.max = min(h.min, v), max(h.max, v)
	switch {
	case v > 0:
		h.positive.add(uint64(v), 1)
	case v < 0:
		h.below++
		h.negative.add(-uint64(v), 1) // of the least integer too
	default:
		h.zero++
	}
}

// Merge adds the counts of another histogram.
func (h *Histogram) Merge(o *Histogram) {
	if o.n == 0 {
		return
	}
	if h.n == 0 {
		h.min, h.max = o.min, o.max
	}
	h.min, h.max = min(h.min, o.min), max(h.max, o.max)
	h.n, h.zero, h.below = h.n+o.n, h.zero+o.zero, h.below+o.below
	h.positive.merge(&o.positive)
	h.negative.merge(&o.negative)
}

// Count is how many values there are; Zeros and Negatives, how many of them are 0 and below.
func (h *Histogram) Count() int64 { return h.n }

// Zeros counts the values that are 0.
func (h *Histogram) Zeros() int64 { return h.zero }

// Negatives counts the values below 0.
func (h *Histogram) Negatives() int64 { return h.below }

// Range is the least and the greatest value; 0, 0 where there is none.
func (h *Histogram) Range() (least, greatest int64) { return h.min, h.max }

// Quantile is about the value at rank ⌈q·n⌉ of n, the inverse of the empirical distribution; q is in 0..1.
// It panics without values.
func (h *Histogram) Quantile(q float64) int64 {
	if h.n == 0 {
		panic("quality: quantile of no values")
	}
	rank := rankOf(q, h.n)
	if rank == 1 {
		return h.min
	}
	if rank >= h.n {
		return h.max
	}
	for b, n := range slices.Backward(h.negative.counts) {
		if rank -= n; n > 0 && rank <= 0 {
			return int64(-h.negative.least[b])
		}
	}
	if rank -= h.zero; rank <= 0 {
		return 0
	}
	for b, n := range h.positive.counts {
		if rank -= n; n > 0 && rank <= 0 {
			return int64(h.positive.least[b])
		}
	}
	return h.max
}

// rankOf is ⌈q·n⌉, at least 1.
func rankOf(q float64, n int64) int64 { return max(1, int64(math.Ceil(q*float64(n)))) }
