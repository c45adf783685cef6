package table_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"pgregory.net/rapid"
)

// TestParquetAgreesWithNaiveTwin writes the same rows with the library: footers agree in all but
// offsets, sizes and layout, and both files read the same by the library and by package parquetfile.
func TestParquetAgreesWithNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, _ := drawTable(t)
		defer tab.Release()
		opts := table.ParquetOptions{
			Codec:    rapid.SampledFrom([]table.Codec{table.Zstd, table.Snappy, table.Uncompressed}).Draw(t, "codec"),
			RowGroup: rapid.SampledFrom([]int{0, 333, 1000, 1024, 5000}).Draw(t, "row group"),
			Workers:  rapid.SampledFrom([]int{1, 2, 7}).Draw(t, "workers"),
		}
		rows := drawRows(t, tab.Rows())
		agree(t, parquetBytes(t, tab, rows, opts), naiveBytes(t, tab, rows, opts))
	})
}

// TestParquetPagesAgree has row groups of several pages: more rows than a page has, texts that fill
// pages, nulls in stretches, ascending, descending and constant columns.
func TestParquetPagesAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const n = 16384*2 + 9
	var up, down, wild []int64
	var texts, words []string
	var codes []uint32
	var rates []float64
	var days []civil.Day
	var valid []bool
	for i := range n {
		days = append(days, []civil.Day{civil.Min, civil.Max, 0}[rng.IntN(3)])
		up, down, wild = append(up, int64(i/3)), append(down, -int64(i)), append(wild, rng.Int64()-math.MaxInt64/2)
		texts = append(texts, strings.Repeat("long ", rng.IntN(60)))
		words = append(words, string(rune('a'+rng.IntN(26))))
		codes = append(codes, uint32(rng.IntN(n)/(1+i/1000%3*9999)))
		rates = append(rates, float64(rng.IntN(3)-1)*rng.Float64())
		valid = append(valid, i/5000%2 == 0)
	}
	tab, err := table.New(table.Ints("up", "", up, nil), table.Ints("down", "", down, valid), table.Ints("wild", "", wild, nil),
		table.Strings("texts", "", texts, nil), table.Strings("gaps", "", texts, valid), table.Coded("codes", "", codes, words, valid),
		table.Floats("rates", "", rates, valid), table.Amounts("none", "", make([]money.Amount, n), make([]bool, n)), table.Days("days", "", days, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Release()
	backwards := make([]int32, n)
	for i := range backwards {
		backwards[i] = int32(n - 1 - i)
	}
	for _, rows := range [][]int32{nil, backwards, backwards[:16384], backwards[:16385]} {
		opts := table.ParquetOptions{RowGroup: n - 5}
		b := parquetBytes(t, tab, rows, opts)
		agree(t, b, naiveBytes(t, tab, rows, opts))
		if opts.Workers = 7; !bytes.Equal(parquetBytes(t, tab, rows, opts), b) {
			t.Error("7 workers give other bytes")
		}
	}
	f := openParquet(t, parquetBytes(t, tab, nil, table.ParquetOptions{RowGroup: n}))
	orders := []format.BoundaryOrder{format.Ascending, format.Descending, format.Unordered}
	for i, want := range orders {
		if got := f.ColumnIndexes()[i]; got.BoundaryOrder != want || len(got.NullPages) != 3 {
			t.Errorf("column %d: %v in %d pages, want %v in 3", i, got.BoundaryOrder, len(got.NullPages), want)
		}
	}
	if got := len(f.OffsetIndexes()[3].PageLocations); got < 4 {
		t.Errorf("5 MB of texts are in %d pages", got)
	}
	for i, want := range map[int]format.CompressionCodec{2: format.Uncompressed, 3: format.Snappy, 4: format.Snappy, 6: format.Snappy, 7: format.Uncompressed} {
		if m := f.Metadata().RowGroups[0].Columns[i].MetaData; m.Codec != want {
			t.Errorf("%v has codec %v, want %v", m.PathInSchema, m.Codec, want)
		}
	}
	if m := f.Metadata().RowGroups[0].Columns[7].MetaData; m.TotalCompressedSize > 150 {
		t.Errorf("a column without cells takes %d bytes", m.TotalCompressedSize)
	}
}

func naiveBytes(t interface{ Fatal(...any) }, tab *table.Table, rows []int32, opts table.ParquetOptions) []byte {
	var b bytes.Buffer
	if err := table.NaiveParquet(&b, tab, rows, opts); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type failer interface {
	Fatal(...any)
	Fatalf(string, ...any)
	Helper()
}

func openParquet(t failer, b []byte) *parquet.File {
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func agree(t failer, got, want []byte) {
	t.Helper()
	g, w := openParquet(t, got), openParquet(t, want)
	gm, wm := g.Metadata(), w.Metadata()
	for i := range wm.Schema {
		wm.Schema[i].TypeLength.Reset() // the library's, of types that have no length
	}
	if d := cmp.Diff(wm.Schema, gm.Schema); d != "" {
		t.Fatal("schema", d)
	}
	if d := cmp.Diff(wm.KeyValueMetadata, gm.KeyValueMetadata); d != "" {
		t.Fatal("metadata", d)
	}
	if gm.CreatedBy != wm.CreatedBy || gm.Version != wm.Version || gm.NumRows != wm.NumRows || len(gm.RowGroups) != len(wm.RowGroups) ||
		len(gm.ColumnOrders) != len(wm.ColumnOrders) {
		t.Fatalf("footer: got %v %v %v, want %v %v %v", gm.CreatedBy, gm.Version, gm.NumRows, wm.CreatedBy, wm.Version, wm.NumRows)
	}
	for i := range wm.RowGroups {
		agreeGroup(t, &gm.RowGroups[i], &wm.RowGroups[i])
		if d := cmp.Diff(libraryRows(t, w.RowGroups()[i]), libraryRows(t, g.RowGroups()[i])); d != "" {
			t.Fatal("library rows", d)
		}
	}
	if d := cmp.Diff(ourRows(t, want), ourRows(t, got)); d != "" {
		t.Fatal("parquetfile rows", d)
	}
}

// agreeGroup compares statistics. Ours widen zeros of doubles and leave out long texts.
func agreeGroup(t failer, got, want *format.RowGroup) {
	t.Helper()
	if got.NumRows != want.NumRows || got.Ordinal != want.Ordinal {
		t.Fatalf("group %d of %d rows, want %d of %d", got.Ordinal, got.NumRows, want.Ordinal, want.NumRows)
	}
	var size int64
	for i := range want.Columns {
		g, w := got.Columns[i].MetaData, want.Columns[i].MetaData
		size += g.TotalCompressedSize
		gs, ws := g.Statistics, w.Statistics
		if g.Type == format.Double && len(ws.MinValue) == 8 {
			zeros(ws.MinValue, 0x80)
			zeros(ws.MaxValue, 0)
		}
		if len(ws.MinValue) > 64 || len(ws.MaxValue) > 64 {
			ws.MinValue, ws.MaxValue = nil, nil
		}
		if gs.NullCount != ws.NullCount || !bytes.Equal(gs.MinValue, ws.MinValue) || !bytes.Equal(gs.MaxValue, ws.MaxValue) ||
			g.NumValues != w.NumValues || !slices.Equal(g.PathInSchema, w.PathInSchema) {
			t.Fatalf("column %v: got %+v, want %+v", w.PathInSchema, gs, ws)
		}
	}
	if size != got.TotalCompressedSize {
		t.Fatalf("chunks of %d bytes in a group of %d", size, got.TotalCompressedSize)
	}
}

// zeros sets the sign byte of a zero.
func zeros(b []byte, sign byte) {
	if bytes.Equal(b[:7], make([]byte, 7)) && b[7]&0x7f == 0 {
		b[7] = sign
	}
}

func libraryRows(t failer, g parquet.RowGroup) (out []string) {
	rows := g.Rows()
	defer rows.Close()
	buf := make([]parquet.Row, 100)
	for {
		n, err := rows.ReadRows(buf)
		for _, row := range buf[:n] {
			var s strings.Builder
			for _, v := range row {
				if v.IsNull() {
					s.WriteString("null|")
				} else {
					s.WriteString(v.String() + "|")
				}
			}
			out = append(out, s.String())
		}
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func ourRows(t failer, b []byte) (out []string) {
	f, err := parquetfile.Open(bytes.NewReader(b), int64(len(b)), parquetfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	cols := make([]int, len(f.Columns()))
	for i, c := range f.Columns() {
		if cols[i] = i; c.Refusal != "" {
			t.Fatal(c.Name, c.Refusal)
		}
	}
	r := f.Records(cols)
	defer r.Close()
	for {
		cells, nulls, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		var s strings.Builder
		for i, c := range cells {
			if nulls[i] {
				c = "null"
			}
			s.WriteString(c + "|")
		}
		out = append(out, s.String())
	}
}

// TestParquetRefusesTooManyGroups and writes nothing.
func TestParquetRefusesTooManyGroups(t *testing.T) {
	for _, n := range []int{32767, 32768} {
		tab, err := table.New(table.Bools("b", "", make([]bool, n), nil))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		err = table.WriteParquet(&b, tab, nil, table.ParquetOptions{RowGroup: 1})
		if refused := err != nil; refused != (n > 32767) || refused && (b.Len() > 0 || !strings.Contains(err.Error(), "32768 row groups")) {
			t.Errorf("%d groups: got %v and %d bytes", n, err, b.Len())
		}
		tab.Release()
	}
}
