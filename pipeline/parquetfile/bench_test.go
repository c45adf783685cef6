package parquetfile_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
)

// line is an order line as exports have them.
type line struct {
	Order    int64   `parquet:"order_id"`
	Customer string  `parquet:"customer_id,dict"`
	Product  string  `parquet:"product_id,dict"`
	At       int64   `parquet:"ordered_at,timestamp(microsecond)"`
	Quantity int32   `parquet:"quantity"`
	Price    float64 `parquet:"unit_price"`
	Cost     float64 `parquet:"unit_cost"`
}

func lines(n int) []line {
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	out := make([]line, n)
	for i := range out {
		out[i] = line{
			Order: int64(i / 3), Customer: "C" + strconv.Itoa(100_000+rng.IntN(50_000)),
			Product: "P" + strconv.Itoa(rng.IntN(4_000)), At: 1_700_000_000_000_000 + int64(i)*1_000_003,
			Quantity: int32(1 + rng.IntN(20)), Price: float64(rng.IntN(100_000)) / 100, Cost: float64(rng.IntN(60_000)) / 100,
		}
	}
	return out
}

func BenchmarkGroup(b *testing.B) {
	const rows = 1_000_000
	b.Run("rows=1M", func(b *testing.B) {
		data := write(b, lines(rows), parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(rows/2))
		f, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), parquetfile.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		var sum int64
		for b.Loop() {
			for i := range f.RowGroups() {
				g, err := f.Group(i, []int{0, 1, 2, 3, 4, 5, 6})
				if err != nil {
					b.Fatal(err)
				}
				for {
					n, err := g.Next(1 << 16)
					if err == io.EOF {
						break
					}
					if err != nil {
						b.Fatal(err)
					}
					sum += int64(n) + g.Vec(0).Ints[n-1]
				}
				g.Close()
			}
		}
		b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "row/s")
		b.SetBytes(int64(len(data)))
	})
}

// The library's pages over the same file, values read in typed batches: what Group replaces.
func BenchmarkLibraryPages(b *testing.B) {
	const rows = 1_000_000
	b.Run("rows=1M", func(b *testing.B) {
		data := write(b, lines(rows), parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(rows/2))
		f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			b.Fatal(err)
		}
		values, read := make([]parquet.Value, 1<<12), 0
		for b.Loop() {
			for _, g := range f.RowGroups() {
				for _, c := range g.ColumnChunks() {
					read += readChunk(b, c, values)
				}
			}
		}
		if read != b.N*rows*7 {
			b.Fatalf("%d values read in %d rounds", read, b.N)
		}
		b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "row/s")
		b.SetBytes(int64(len(data)))
	})
}

func readChunk(b *testing.B, c parquet.ColumnChunk, values []parquet.Value) (read int) {
	pages := c.Pages()
	defer pages.Close()
	for {
		p, err := pages.ReadPage()
		if err == io.EOF {
			return read
		}
		if err != nil {
			b.Fatal(err)
		}
		r := p.Values()
		for err == nil {
			var n int
			n, err = r.ReadValues(values)
			read += n
		}
		if err != io.EOF {
			b.Fatal(err)
		}
		parquet.Release(p)
	}
}

// write returns a Parquet file of rows.
func write[T any](t testing.TB, rows []T, options ...parquet.WriterOption) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := parquet.NewGenericWriter[T](&buf, options...)
	for part := range slices.Chunk(rows, 250) { // the writer looks at its dictionary's size between writes
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
