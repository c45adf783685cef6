package ingest_test

import (
	"context"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// What looking for overlap costs: the same clean lines alone, and beside a file of one line.
func BenchmarkOverlap(b *testing.B) {
	rows := benchRows(benchLines)
	other := write(b, b.TempDir(), "other.csv", csvOf(b, rows[:1]))
	for _, f := range []source.File{write(b, b.TempDir(), "orders.csv", csvOf(b, rows)), write(b, b.TempDir(), "orders.parquet", parquetGroups(b, rows, 100_000))} {
		for name, files := range map[string][]source.File{"alone": {f}, "beside": {f, other}} {
			b.Run("format="+f.Format.String()+"/files="+name+"/lines=500k", func(b *testing.B) {
				for b.Loop() {
					if _, err := ingest.Read(context.Background(), files, ingest.Options{Workers: 1}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.N)*benchLines/b.Elapsed().Seconds(), "row/s")
			})
		}
	}
}
