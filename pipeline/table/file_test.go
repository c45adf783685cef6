package table_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"pgregory.net/rapid"
)

func openBytes(t interface{ Fatal(...any) }, b []byte) *table.File {
	f, err := table.Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sameTable(t *rapid.T, got, want *table.Table, what string) {
	if len(got.Columns()) != len(want.Columns()) || got.Rows() != want.Rows() {
		t.Fatalf("%s: got %d columns of %d rows, want %d of %d", what, len(got.Columns()), got.Rows(), len(want.Columns()), want.Rows())
	}
	for j := range want.Columns() {
		g, w := &got.Columns()[j], &want.Columns()[j]
		if g.Name != w.Name || g.Unit != w.Unit || g.Kind() != w.Kind() || g.Nulls() != w.Nulls() {
			t.Fatalf("%s: got column %s %s %v with %d nulls, want %s %s %v with %d", what, g.Name, g.Unit, g.Kind(), g.Nulls(), w.Name, w.Unit, w.Kind(), w.Nulls())
		}
		for i := range w.Len() {
			if !same(cellOf(g, i), cellOf(w, i)) {
				t.Fatalf("%s: %s row %d: got %v, want %v", what, g.Name, i, cellOf(g, i), cellOf(w, i))
			}
		}
	}
}

// TestFileAgreesWithTheNaiveTwin reads what the library's reader reads of the same bytes: some columns
// of some row groups, and some rows.
func TestFileAgreesWithTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, _ := drawTableOf(t, []int{0, 1, 2, 7, 8, 9, 32, 33, 34, 99, 100, 101, 128, 129, 300})
		defer tab.Release()
		b := parquetBytes(t, tab, nil, table.ParquetOptions{RowGroup: rapid.SampledFrom([]int{0, 33, 64, 100}).Draw(t, "row group")})
		f := openBytes(t, b)
		if f.Rows() != tab.Rows() {
			t.Fatalf("got %d rows, want %d", f.Rows(), tab.Rows())
		}
		var names []string
		for _, k := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(f.Fields())-1), 1, len(f.Fields()), rapid.ID).Draw(t, "columns") {
			names = append(names, f.Fields()[k].Name)
		}
		whole, err := table.NaiveReadParquet(bytes.NewReader(b), int64(len(b)), names...)
		if err != nil {
			t.Fatal(err)
		}
		defer whole.Release()
		workers := rapid.SampledFrom([]int{1, 2, 7}).Draw(t, "workers")
		groups, rows := []int{}, []int32{}
		if f.Groups() > 0 {
			groups = rapid.SliceOfN(rapid.IntRange(0, f.Groups()-1), 0, 5).Draw(t, "groups")
			some := rapid.SliceOfN(rapid.Int32Range(0, int32(f.Rows()-1)), 0, 50).Draw(t, "rows")
			rows = append(rows, some...)
		}
		check := func(what string, got *table.Table, err error, rows []int32) {
			if err != nil {
				t.Fatal(err)
			}
			defer got.Release()
			want, err := whole.Take(rows)
			if err != nil {
				t.Fatal(err)
			}
			defer want.Release()
			sameTable(t, got, want, what)
		}
		got, err := f.ReadRows(names, rows, workers)
		check("ReadRows", got, err, rows)
		var of, all []int32
		for _, g := range groups {
			lo, hi := f.Span(g)
			for r := lo; r < hi; r++ {
				of = append(of, int32(r))
			}
		}
		for r := range f.Rows() {
			all = append(all, int32(r))
		}
		got, err = f.Read(names, groups, workers)
		check("Read of row groups", got, err, of)
		got, err = f.Read(names, nil, workers)
		check("Read", got, err, all)
		for _, name := range names {
			checkBounds(t, f, whole, name)
			checkFind(t, f, whole, name)
		}
	})
}

// checkBounds holds what the file states of each row group against its cells.
func checkBounds(t *rapid.T, f *table.File, whole *table.Table, name string) {
	c, _ := whole.Column(name)
	for g := range f.Groups() {
		lo, hi := f.Span(g)
		b := f.Bounds(g, name)
		nulls := 0
		for i := lo; i < hi; i++ {
			cell := cellOf(c, i)
			if cell == nil {
				nulls++
			} else if b.Stated && !within(&b, cell) {
				t.Fatalf("%s row %d: %v lies outside %v", name, i, cell, b)
			}
		}
		if b.Nulls != nulls || b.Rows != hi-lo || b.Empty() != (nulls == hi-lo) || b.Kind != c.Kind() {
			t.Fatalf("%s: got bounds %v, want %d nulls of %d", name, b, nulls, hi-lo)
		}
		if b.Stated == b.Empty() { // the texts of the tests are short, so nothing else keeps bounds from being stated
			t.Fatalf("%s: got bounds %v", name, b)
		}
	}
}

func within(b *table.Bounds, c cell) bool {
	switch v := c.(type) {
	case string:
		return b.Texts[0] <= v && v <= b.Texts[1]
	case float64:
		return b.Floats[0] <= v && v <= b.Floats[1]
	case int64:
		return b.Ints[0] <= v && v <= b.Ints[1]
	case civil.Day:
		return b.Ints[0] <= int64(v) && int64(v) <= b.Ints[1]
	case money.Amount:
		return b.Ints[0] <= int64(v) && int64(v) <= b.Ints[1]
	case money.Quantity:
		return b.Ints[0] <= int64(v) && int64(v) <= b.Ints[1]
	case bool:
		return b.Ints[0] <= 0 && !v || b.Ints[1] >= 1 && v
	}
	return false
}

func checkFind(t *rapid.T, f *table.File, whole *table.Table, name string) {
	c, _ := whole.Column(name)
	if c.Kind() != table.String {
		return
	}
	text := rapid.SampledFrom(words).Draw(t, "text")
	var want []int32
	for i := range c.Len() {
		if c.Valid(i) && c.Text(i) == text {
			want = append(want, int32(i))
		}
	}
	got, err := f.Find(name, text, 2)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("Find %q in %s: got %v, %v, want %v", text, name, got, err, want)
	}
}

// counted counts the bytes that are read.
type counted struct {
	io.ReaderAt
	n int
}

func (c *counted) ReadAt(b []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(b, off)
	c.n += n
	return n, err
}

// Only what is asked for is read: a column, and of a column that ascends, one row group.
func TestFileReadsNoMoreThanItNeeds(t *testing.T) {
	ids, wide := make([]string, 10_000), make([]string, 10_000)
	for i := range ids {
		ids[i], wide[i] = fmt.Sprintf("C%05d", i), strings.Repeat("x", 400)+fmt.Sprint(i)
	}
	tab, err := table.New(table.Strings("id", "", ids, nil), table.Strings("wide", "", wide, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Release()
	b := parquetBytes(t, tab, nil, table.ParquetOptions{RowGroup: 1000, Codec: table.Uncompressed})
	r := &counted{ReaderAt: bytes.NewReader(b)}
	f, err := table.Open(r, int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	r.n = 0
	rows, err := f.Find("id", "C04711", 1)
	if err != nil || len(rows) != 1 || rows[0] != 4711 {
		t.Fatalf("got %v, %v", rows, err)
	}
	if most := 1000 * (4 + 6) * 2; r.n > most {
		t.Errorf("looking up an id read %d bytes, want one row group of ids, below %d", r.n, most)
	}
	r.n = 0
	one, err := f.ReadRows([]string{"wide"}, rows, 1)
	if err != nil || !strings.HasSuffix(one.Columns()[0].Text(0), "x4711") {
		t.Fatalf("got %v, %v", one, err)
	}
	one.Release()
	if most := 1000 * 410 * 2; r.n > most {
		t.Errorf("a row read %d bytes, want its row group, below %d", r.n, most)
	}
	if rows, err := f.Find("id", "nobody", 1); err != nil || len(rows) != 0 {
		t.Errorf("got %v, %v", rows, err)
	}
}

// Row groups of several pages, whose borders differ by column.
func TestFileReadsManyPages(t *testing.T) {
	tab := wide(t, 40_000)
	defer tab.Release()
	f := openBytes(t, parquetBytes(t, tab, nil, table.ParquetOptions{Workers: 2}))
	rows := []int32{0, 16383, 16384, 16385, 39999, 5, 16384}
	got, err := f.ReadRows(nil, rows, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Release()
	all, err := f.Read(nil, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer all.Release()
	for j := range tab.Columns() {
		want := &tab.Columns()[j]
		for i, r := range rows {
			if g, w := cellOf(&got.Columns()[j], i), cellOf(want, int(r)); !same(g, w) {
				t.Fatalf("%s row %d: got %v, want %v", want.Name, r, g, w)
			}
		}
		for i := range want.Len() {
			if g, w := cellOf(&all.Columns()[j], i), cellOf(want, i); !same(g, w) {
				t.Fatalf("%s row %d: got %v, want %v", want.Name, i, g, w)
			}
		}
	}
}

// A flipped byte of any page is an error, never another value: pages have checksums.
func TestFileNoticesDamage(t *testing.T) {
	tab := wide(t, 300)
	defer tab.Release()
	b := parquetBytes(t, tab, nil, table.ParquetOptions{RowGroup: 100})
	whole := openBytes(t, b)
	want, err := whole.Read(nil, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer want.Release()
	noticed := 0
	for at := 4; at < len(b)*3/4; at += 401 {
		damaged := bytes.Clone(b)
		damaged[at] ^= 0x10
		f, err := table.Open(bytes.NewReader(damaged), int64(len(damaged)))
		if err != nil {
			t.Fatalf("byte %d: got %v, want the footer to be whole", at, err)
		}
		got, err := f.Read(nil, nil, 1)
		if err != nil {
			noticed++
			if !errors.Is(err, table.ErrForeign) {
				t.Fatalf("byte %d: got %v", at, err)
			}
			continue
		}
		for j := range want.Columns() { // a byte of the page index
			for i := range want.Rows() {
				if g, w := cellOf(&got.Columns()[j], i), cellOf(&want.Columns()[j], i); !same(g, w) {
					t.Fatalf("byte %d: %s row %d: got %v, want %v or an error", at, want.Columns()[j].Name, i, g, w)
				}
			}
		}
		got.Release()
	}
	if noticed < 30 {
		t.Errorf("only %d damages were noticed", noticed)
	}
	if _, err := whole.Read([]string{"tear"}, nil, 1); !errors.Is(err, table.ErrNoColumn) || !strings.Contains(err.Error(), `"tear"`) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkRead(b *testing.B) {
	const rows = 400_000
	tab := wide(b, rows)
	defer tab.Release()
	file := parquetBytes(b, tab, nil, table.ParquetOptions{Workers: 2})
	for _, bench := range []struct {
		name string
		read func() (*table.Table, error)
	}{
		{"all/workers=1", func() (*table.Table, error) { return openBytes(b, file).Read(nil, nil, 1) }},
		{"all/workers=2", func() (*table.Table, error) { return openBytes(b, file).Read(nil, nil, 2) }},
		{"all/parquet-go", func() (*table.Table, error) {
			return table.NaiveReadParquet(bytes.NewReader(file), int64(len(file)))
		}},
		{"columns=7/workers=2", func() (*table.Table, error) {
			return openBytes(b, file).Read([]string{"string0", "coded1", "coded2", "amount0", "amount1", "count0", "rate0"}, nil, 2)
		}},
		{"row=1/workers=2", func() (*table.Table, error) { return openBytes(b, file).ReadRows(nil, []int32{123456}, 2) }},
	} {
		b.Run("rows=400k/"+bench.name, func(b *testing.B) {
			for b.Loop() {
				t, err := bench.read()
				if err != nil {
					b.Fatal(err)
				}
				t.Release()
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "row/s")
		})
	}
}
