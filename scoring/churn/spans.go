package churn

import "github.com/vitalfew/vitalfew/pipeline/span"

// rows is how many rows a worker takes at a time. Sums are kept by span and added in order, so the
// split over workers cannot show.
const rows = 2048

// spans calls f for [0, n) in pieces of rows.
func spans(n, workers int, f func(lo, hi int)) {
	span.Each(n, rows, workers, func(_, lo, hi int) { f(lo, hi) })
}
