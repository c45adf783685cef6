package table_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"pgregory.net/rapid"
)

func parquetBytes(t interface{ Fatal(...any) }, tab *table.Table, rows []int32, opts table.ParquetOptions) []byte {
	var b bytes.Buffer
	if err := table.WriteParquet(&b, tab, rows, opts); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// valueCell is a parquet value as a cell.
func valueCell(kind table.Kind, v parquet.Value) cell {
	if v.IsNull() {
		return nil
	}
	switch kind {
	case table.String:
		return v.Clone().String()
	case table.Float64:
		return v.Double()
	case table.Day:
		return civil.Day(v.Int32())
	case table.Bool:
		return v.Boolean()
	}
	return fixedCell(kind, v.Int64())
}

// TestParquetReadsBack reads with the library's own row reader, the page index checked by it, and
// with ReadParquet.
func TestParquetReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, s := drawTable(t)
		defer tab.Release()
		rows := drawRows(t, tab.Rows())
		want := s.pick(rows)
		opts := table.ParquetOptions{
			Codec:    rapid.SampledFrom([]table.Codec{table.Zstd, table.Snappy, table.Uncompressed}).Draw(t, "codec"),
			RowGroup: rapid.SampledFrom([]int{0, 333, 1000, 1024, 5000}).Draw(t, "row group"),
		}
		b := parquetBytes(t, tab, rows, opts)
		for _, opts.Workers = range []int{1, 2, 7} {
			if !bytes.Equal(parquetBytes(t, tab, rows, opts), b) {
				t.Fatalf("%d workers give other bytes", opts.Workers)
			}
		}
		f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		checkRowGroups(t, f, len(want[0]), opts.RowGroup)
		i := 0
		for _, g := range f.RowGroups() {
			i = checkGroup(t, g, s, want, i)
		}
		if i != len(want[0]) {
			t.Fatalf("got %d rows, want %d", i, len(want[0]))
		}
		back, err := table.ReadParquet(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		defer back.Release()
		for j := range want {
			c := &back.Columns()[j]
			if c.Name != s.names[j] || c.Unit != s.units[j] || c.Kind() != s.kinds[j] || c.Len() != len(want[j]) {
				t.Fatalf("column %d came back as %s %s %v of %d", j, c.Name, c.Unit, c.Kind(), c.Len())
			}
			for i := range want[j] {
				if got := cellOf(c, i); !same(got, want[j][i]) {
					t.Fatalf("%s row %d came back as %v, want %v", c.Name, i, got, want[j][i])
				}
			}
		}
	})
}

func checkRowGroups(t *rapid.T, f *parquet.File, rows, size int) {
	if size == 0 {
		size = 65536
	}
	if got, want := len(f.RowGroups()), (rows+size-1)/size; got != want {
		t.Fatalf("got %d row groups, want %d", got, want)
	}
}

// checkGroup compares the rows of a group, and the bounds of its page index, with the cells from i.
func checkGroup(t *rapid.T, g parquet.RowGroup, s shadow, want [][]cell, i int) int {
	rows := g.Rows()
	defer rows.Close()
	buf := make([]parquet.Row, 100)
	for {
		n, err := rows.ReadRows(buf)
		for _, row := range buf[:n] {
			for j, v := range row {
				if got := valueCell(s.kinds[j], v); !same(got, want[j][i]) {
					t.Fatalf("%s row %d: got %v, want %v", s.names[j], i, got, want[j][i])
				}
			}
			i++
		}
		if errors.Is(err, io.EOF) {
			return i
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestPageIndexBoundsHold checks min and max of each page against its values: row groups that share
// buffers in the writer would show here.
func TestPageIndexBoundsHold(t *testing.T) {
	tab := wide(t, 5000)
	defer tab.Release()
	b := parquetBytes(t, tab, nil, table.ParquetOptions{RowGroup: 700, Workers: 2})
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, g := range f.RowGroups() {
		for _, c := range g.ColumnChunks() {
			index, err := c.ColumnIndex()
			if err != nil {
				t.Fatal(err)
			}
			pages := c.Pages()
			for p := 0; ; p++ {
				page, err := pages.ReadPage()
				if err != nil {
					break
				}
				low, high, ok := page.Bounds()
				if !ok {
					continue
				}
				cut := c.Type().Kind() == parquet.ByteArray // bounds of texts are shortened to 16 bytes
				if !cut && (c.Type().Compare(index.MinValue(p), low) != 0 || c.Type().Compare(index.MaxValue(p), high) != 0) {
					t.Fatalf("column %d page %d: index says %v..%v, page has %v..%v", c.Column(), p, index.MinValue(p), index.MaxValue(p), low, high)
				}
				checked++
			}
			pages.Close()
		}
	}
	if checked < 8*60 {
		t.Errorf("only %d pages were checked", checked)
	}
}

func TestParquetSchemaAndMetadata(t *testing.T) {
	tab, err := table.New(
		table.Strings("id", "", []string{"x"}, nil), table.Coded("tier", "", []uint8{0}, []string{"core"}, nil),
		table.Ints("orders", "count", []int64{1}, nil), table.Floats("p_alive", "probability", []float64{1}, nil),
		table.Days("first_day", "", []civil.Day{0}, nil), table.Amounts("net", "money:EUR", []amount{1}, nil),
		table.Quantities("units", "pieces", []quantity{1}, nil), table.Bools("b", "", []bool{true}, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Release()
	b := parquetBytes(t, tab, nil, table.ParquetOptions{})
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	want := `message customers {
	optional binary id (STRING);
	optional binary tier (STRING);
	optional int64 orders (INT(64,true));
	optional double p_alive;
	optional int32 first_day (DATE);
	optional int64 net (DECIMAL(18,4));
	optional int64 units (DECIMAL(18,4));
	optional boolean b;
}`
	if d := cmp.Diff(want, f.Schema().String()); d != "" {
		t.Error(d)
	}
	units, _ := f.Lookup("vitalfew.units")
	one, _ := f.Lookup("vitalfew.unit.net")
	if units != `{"net":"money:EUR","orders":"count","p_alive":"probability","units":"pieces"}` || one != "money:EUR" || !json.Valid([]byte(units)) {
		t.Errorf("units: %s, %s", units, one)
	}
	if got := f.Metadata().CreatedBy; got != "vitalfew version 1(build table)" {
		t.Errorf("created by %s", got)
	}
	for j, dictionary := range []bool{false, true} {
		if got := f.Metadata().RowGroups[0].Columns[j].MetaData.DictionaryPageOffset > 0; got != dictionary {
			t.Errorf("column %d: dictionary %v, want %v", j, got, dictionary)
		}
	}
}

func TestReadParquetChosenColumns(t *testing.T) {
	tab := wide(t, 1500)
	defer tab.Release()
	b := parquetBytes(t, tab, nil, table.ParquetOptions{RowGroup: 1000})
	got, err := table.ReadParquet(bytes.NewReader(b), int64(len(b)), "coded3", "string0")
	if err != nil {
		t.Fatal(err)
	}
	defer got.Release()
	for _, c := range got.Columns() {
		want, _ := tab.Column(c.Name)
		for i := range c.Len() {
			if c.Text(i) != want.Text(i) {
				t.Fatalf("%s row %d: got %q, want %q", c.Name, i, c.Text(i), want.Text(i))
			}
		}
	}
	if len(got.Columns()) != 2 || got.Columns()[0].Name != "coded3" {
		t.Errorf("got %d columns", len(got.Columns()))
	}
	if _, err := table.ReadParquet(bytes.NewReader(b), int64(len(b)), "tear"); !errors.Is(err, table.ErrNoColumn) || !strings.Contains(err.Error(), `"tear"`) {
		t.Errorf("got %v", err)
	}
}

func TestReadParquetRefusesForeign(t *testing.T) {
	type row struct{ A int64 }
	var foreign bytes.Buffer
	w := parquet.NewGenericWriter[row](&foreign)
	w.Write([]row{{1}})
	w.Close()
	for name, b := range map[string][]byte{"empty": nil, "text": []byte(strings.Repeat("x", 100)), "another's": foreign.Bytes()} {
		if _, err := table.ReadParquet(bytes.NewReader(b), int64(len(b))); !errors.Is(err, table.ErrForeign) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// FuzzReadParquet damages a file of ours: an error or a table, never a panic.
func FuzzReadParquet(f *testing.F) {
	tab, err := table.New(table.Strings("id", "", []string{"a", "b", "c"}, nil), table.Coded("t", "", []uint8{0, 1, 0}, []string{"x", "y"}, []bool{true, true, false}),
		table.Floats("f", "rate", []float64{1, 2, 3}, nil))
	if err != nil {
		f.Fatal(err)
	}
	whole := parquetBytes(f, tab, nil, table.ParquetOptions{Codec: table.Snappy})
	for at := 0; at < len(whole); at += 13 {
		f.Add(at, byte(0xff), at%3 == 0)
	}
	f.Fuzz(func(t *testing.T, at int, with byte, cut bool) {
		b := bytes.Clone(whole)
		at = int(uint(at) % uint(len(b)))
		b[at] ^= with
		if cut {
			b = b[:at]
		}
		got, err := table.ReadParquet(bytes.NewReader(b), int64(len(b)))
		if err == nil {
			if got.Rows() != 3 {
				t.Errorf("%d rows", got.Rows())
			}
			got.Release()
		}
	})
}
