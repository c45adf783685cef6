package span_test

import (
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/span"
	"pgregory.net/rapid"
)

func TestEachCoversEveryRowOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, size := rapid.IntRange(0, 300).Draw(t, "n"), rapid.IntRange(1, 70).Draw(t, "size")
		by := make([]int, n) // 1 + the span that came
		span.Each(n, size, rapid.IntRange(-1, 9).Draw(t, "workers"), func(k, lo, hi int) {
			for i := lo; i < hi; i++ {
				by[i] += 1 + k
			}
		})
		for i, k := range by {
			if k != 1+i/size {
				t.Fatalf("row %d of %d came to span %d, want %d", i, n, k-1, i/size)
			}
		}
	})
}
