package keyaccount_test

import (
	"math"
	"slices"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"
)

// gonum's empirical distribution is the independent source of the mid-rank percentile: the mean of
// F just below x and F at x.
func TestVolumePercentileAgreesWithGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		a := keyaccount.Accounts{
			Net: make([]money.Amount, n), Covered: make([]money.Amount, n), Cost: make([]money.Amount, n), Lines: make([]int64, n),
			Costed: make([]int64, n), Orders: make([]int32, n), SalesRank: make([]int32, n), SalesClass: make([]scoring.Class, n),
			MarginOrders: make([]int32, n), MarginSquares: make([]float64, n),
		}
		sorted := make([]float64, n)
		for i := range n {
			a.Net[i] = money.Amount(rapid.Int64Range(-5, 20).Draw(t, "net")) * money.One
			a.Lines[i], a.Orders[i] = 1, 1
			sorted[i] = a.Net[i].Float()
		}
		slices.Sort(sorted)
		r, err := keyaccount.Score(a, keyaccount.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range a.Net {
			at := stat.CDF(v.Float(), stat.Empirical, sorted, nil)
			below := 0.0
			if v.Float() > sorted[0] {
				below = stat.CDF(math.Nextafter(v.Float(), math.Inf(-1)), stat.Empirical, sorted, nil)
			}
			if want := 100 * (below + at) / 2; math.Abs(r.VolumePercentile[i]-want) > 1e-9 {
				t.Fatalf("net %s of %v: got %v, want %v", v, sorted, r.VolumePercentile[i], want)
			}
		}
	})
}
