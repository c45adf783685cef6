package money_test

import (
	"math/big"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"pgregory.net/rapid"
)

// math/big is the twin: every step fits if and only if the sums so far do.
func TestCheckedAgreesWithBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var k money.Checked
		sum, want, fits := int64(0), new(big.Int), true
		for _, v := range rapid.SliceOf(rapid.Int64()).Draw(t, "values") {
			if rapid.Bool().Draw(t, "sub") {
				sum = k.Sub(sum, v)
				want.Sub(want, big.NewInt(v))
			} else {
				sum = k.Add(sum, v)
				want.Add(want, big.NewInt(v))
			}
			if fits = want.IsInt64(); !fits {
				break
			}
		}
		if k.OK() != fits || fits && want.Int64() != sum {
			t.Fatalf("got %d, %v, want %s, %v", sum, k.OK(), want, fits)
		}
	})
}
