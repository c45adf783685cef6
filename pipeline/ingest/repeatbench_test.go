package ingest_test

import (
	"context"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// What looking for duplicates costs, beside reading the same clean lines without.
func BenchmarkRepeats(b *testing.B) {
	f := write(b, b.TempDir(), "orders.csv", csvOf(b, benchRows(benchLines)))
	for repeats, name := range []string{ingest.Unasked: "unasked", ingest.Counted: "counted"} {
		b.Run("duplicates="+name+"/lines=500k", func(b *testing.B) {
			for b.Loop() {
				if _, err := ingest.Read(context.Background(), []source.File{f}, ingest.Options{Workers: 2, Repeats: ingest.Repeats(repeats)}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*benchLines/b.Elapsed().Seconds(), "row/s")
		})
	}
}
