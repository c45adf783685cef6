package btyd

import (
	"sync"
	"sync/atomic"
)

// block is the number of patterns that one worker takes at a time. Sums run over blocks of this
// size in order, whatever the number of workers, so that they have the same bits.
const block = 1024

// blocks calls f for each block [lo, hi) of n on up to workers goroutines; below one means one.
func blocks(n, workers int, f func(b, lo, hi int)) {
	count := (n + block - 1) / block
	workers = min(workers, count)
	if workers <= 1 {
		for b := range count {
			f(b, b*block, min(n, (b+1)*block))
		}
		return
	}
	var next atomic.Int64
	var done sync.WaitGroup
	for range workers {
		done.Go(func() {
			for {
				b := int(next.Add(1)) - 1
				if b >= count {
					return
				}
				f(b, b*block, min(n, (b+1)*block))
			}
		})
	}
	done.Wait()
}
