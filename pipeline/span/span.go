// Package span provides the way in which columns are worked through side by side: in spans of a fixed
// number of rows, so that what each span gives, and the order in which it is joined, do not depend on
// who did it.
package span

import (
	"sync"
	"sync/atomic"
)

// Count is the number of spans of size rows, at least 1, in n rows.
func Count(n, size int) int { return (n + size - 1) / size }

// Each calls f(k, lo, hi) once for each span k, rows [lo, hi) of n, on up to workers goroutines; below
// two everything runs in the calling one. f may write only to what belongs to its span.
func Each(n, size, workers int, f func(k, lo, hi int)) {
	count := Count(n, size)
	var next atomic.Int64
	work := func() {
		for k := int(next.Add(1)) - 1; k < count; k = int(next.Add(1)) - 1 {
			f(k, k*size, min(n, (k+1)*size))
		}
	}
	var wg sync.WaitGroup
	for range min(workers, count) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}
