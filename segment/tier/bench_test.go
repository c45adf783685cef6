package tier_test

import (
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// The customers of a large company, reasons included.
func BenchmarkAssign(b *testing.B) {
	const n = 400_000
	all := make([]one, n)
	for i := range all {
		all[i] = best()
		all[i].key, all[i].loyal = i%5 == 0, i%10 == 0
		all[i].profit, all[i].credit = money.Amount(i*7919%1_000_003), tier.Credit(i%4)
		if i%3 == 0 {
			all[i].last = from - 1
		}
	}
	c := columns(all...)
	b.Run("customers=400k", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r := assign(b, c, tier.Settings{})
			r.Reasons()
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "row/s")
	})
}
