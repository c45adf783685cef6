package churn

import (
	"sync"
	"sync/atomic"
)

// span is how many rows a worker takes at a time. Sums are kept by span and added in order, so the
// split over workers cannot show.
const span = 2048

// spans calls f for [0, n) in pieces of span rows.
func spans(n, workers int, f func(lo, hi int)) {
	pieces := (n + span - 1) / span
	var next atomic.Int64
	work := func() {
		for s := int(next.Add(1)) - 1; s < pieces; s = int(next.Add(1)) - 1 {
			f(s*span, min(n, (s+1)*span))
		}
	}
	var wg sync.WaitGroup
	for range min(workers, pieces) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}
