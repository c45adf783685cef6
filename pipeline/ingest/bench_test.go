package ingest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// benchLines is large enough that blocks, dictionaries and folding are as in a real night.
const benchLines = 500_000

func benchRows(n int) []row {
	r := rand.New(rand.NewPCG(1, 2))
	rows := make([]row, n)
	rate := 0.05
	for i := range rows {
		order := i / 3
		rows[i] = row{OrderID: fmt.Sprintf("SO-%08d", order), CustomerID: fmt.Sprintf("C%06d", (order*7919)%20_000), OrderedAt: int32(19_000 + order/200),
			Quantity: int32(1 + r.IntN(30)), UnitPrice: float64(r.IntN(100_000)) / 100, Rate: &rate, UnitCost: r.Int64N(9999), Category: fmt.Sprintf("Category %d", r.IntN(20))}
	}
	return rows
}

// What a line costs from bytes to ledger, whole.
func BenchmarkRead(b *testing.B) {
	rows := benchRows(benchLines)
	for _, format := range []string{"csv", "parquet"} {
		text := ""
		if format == "csv" {
			text = csvOf(b, rows)
		} else {
			text = parquetGroups(b, rows, 100_000, parquet.Compression(&parquet.Snappy))
		}
		f := write(b, b.TempDir(), "orders."+format, text)
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("format=%s/lines=500k/workers=%d", format, workers), func(b *testing.B) {
				b.SetBytes(f.Size)
				for b.Loop() {
					r, err := ingest.Read(context.Background(), []source.File{f}, ingest.Options{Workers: workers})
					if err != nil {
						b.Fatal(err)
					}
					if _, err := ledger.Build(workers, r.Builders...); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.N)*benchLines/b.Elapsed().Seconds(), "row/s")
			})
		}
	}
}
