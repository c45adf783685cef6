package ingest_test

import (
	"context"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// What a profile costs, beside reading the same clean lines without.
func BenchmarkProfile(b *testing.B) {
	f := write(b, b.TempDir(), "orders.csv", csvOf(b, benchRows(benchLines)))
	for _, profile := range []bool{false, true} {
		name := map[bool]string{false: "no", true: "yes"}[profile]
		b.Run("profile="+name+"/lines=500k", func(b *testing.B) {
			for b.Loop() {
				if _, err := ingest.Read(context.Background(), []source.File{f}, ingest.Options{Workers: 2, Profile: profile}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*benchLines/b.Elapsed().Seconds(), "row/s")
		})
	}
}
