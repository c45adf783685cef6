package table_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

type (
	amount   = money.Amount
	quantity = money.Quantity
)

// wide is a table of 70 columns mixed like customers.parquet: 3 texts, 12 coded, 16 amounts, 17
// counts, 17 rates, 3 days, 2 booleans; every third column has nulls.
func wide(tb testing.TB, n int) *table.Table {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	tiers := []string{"core", "key", "general", "dormant", "prospect"}
	var cols []table.Column
	add := func(kind string, count int, make func(name string, valid []bool) table.Column) {
		for i := range count {
			var valid []bool
			if len(cols)%3 == 2 {
				valid = fill(make0(n), func(int) bool { return true }, n, func() bool { return rng.IntN(10) > 0 })
			}
			cols = append(cols, make(fmt.Sprint(kind, i), valid))
		}
	}
	cells := make0(n)
	known := func(int) bool { return false }
	add("string", 3, func(name string, valid []bool) table.Column {
		return table.Strings(name, "", fill(cells, known, n, func() string { return fmt.Sprintf("C%07d", rng.IntN(1e7)) }), valid)
	})
	add("coded", 12, func(name string, valid []bool) table.Column {
		return table.Coded(name, "", fill(cells, known, n, func() uint8 { return uint8(rng.IntN(5)) }), tiers, valid)
	})
	add("amount", 16, func(name string, valid []bool) table.Column {
		return table.Amounts(name, "money:EUR", fill(cells, known, n, func() amount { return amount(rng.Int64N(1e9) / 100 * 100) }), valid)
	})
	add("count", 17, func(name string, valid []bool) table.Column {
		return table.Ints(name, "count", fill(cells, known, n, func() int64 { return rng.Int64N(500) }), valid)
	})
	add("rate", 17, func(name string, valid []bool) table.Column {
		return table.Floats(name, "rate", fill(cells, known, n, rng.Float64), valid)
	})
	add("day", 3, func(name string, valid []bool) table.Column {
		return table.Days(name, "", fill(cells, known, n, func() civil.Day { return civil.Day(18000 + rng.IntN(2000)) }), valid)
	})
	add("bool", 2, func(name string, valid []bool) table.Column {
		return table.Bools(name, "", fill(cells, known, n, func() bool { return rng.IntN(2) == 0 }), valid)
	})
	tab, err := table.New(cols...)
	if err != nil {
		tb.Fatal(err)
	}
	return tab
}

func make0(n int) []cell { return make([]cell, n) }

func BenchmarkWrite(b *testing.B) {
	const rows = 400_000
	tab := wide(b, rows)
	defer tab.Release()
	for _, f := range []struct {
		name  string
		write func(w io.Writer, workers int) error
	}{
		{"csv", func(w io.Writer, workers int) error {
			return table.WriteCSV(w, tab, nil, table.CSVOptions{Workers: workers})
		}},
		{"parquet-zstd", func(w io.Writer, workers int) error {
			return table.WriteParquet(w, tab, nil, table.ParquetOptions{Workers: workers, Codec: table.Zstd})
		}},
		{"parquet-snappy", func(w io.Writer, workers int) error {
			return table.WriteParquet(w, tab, nil, table.ParquetOptions{Workers: workers, Codec: table.Snappy})
		}},
		{"parquet-go-snappy", func(w io.Writer, _ int) error { // the library's writer, which has no workers
			return table.NaiveParquet(w, tab, nil, table.ParquetOptions{Codec: table.Snappy})
		}},
		{"arrow", func(w io.Writer, workers int) error { return table.WriteArrow(w, tab, nil, table.ArrowOptions{}) }},
	} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("format=%s/rows=400k/workers=%d", f.name, workers), func(b *testing.B) {
				var n counting
				for b.Loop() {
					n = 0
					if err := f.write(&n, workers); err != nil {
						b.Fatal(err)
					}
				}
				b.SetBytes(int64(n))
				b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "row/s")
			})
		}
	}
}

type counting int64

func (c *counting) Write(b []byte) (int, error) {
	*c += counting(len(b))
	return len(b), nil
}
