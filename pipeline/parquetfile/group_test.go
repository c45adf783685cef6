package parquetfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
)

// Rows around every boundary: of batches, of the 8 values of a packed group, of pages and of row groups.
func TestSizes(t *testing.T) {
	type row struct {
		ID   string  `parquet:"id,dict"`
		Name string  `parquet:"name"`
		N    int64   `parquet:"n"`
		Opt  *string `parquet:"opt,optional,dict"`
	}
	for _, n := range []int{0, 1, 2, 7, 8, 9, 99, 100, 101, 199, 200, 201, 500} {
		for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Zstd} {
			t.Run(fmt.Sprintf("rows=%d/%s", n, codec), func(t *testing.T) {
				rows := make([]row, n)
				for i := range rows {
					rows[i] = row{ID: fmt.Sprint(i % 13), Name: strings.Repeat("x", i%7), N: int64(i)}
					if i%3 == 0 {
						rows[i].Opt = &rows[i].ID
					}
				}
				data := write(t, rows, parquet.Compression(codec), parquet.MaxRowsPerRowGroup(100), parquet.PageBufferSize(128))
				sameAsTwin(t, data, 1, 8, 99, 100, 101)
			})
		}
	}
}

// A chunk that outgrows its dictionary goes on in plain pages: batches are one or the other, never mixed.
func TestDictionaryFallback(t *testing.T) {
	type row struct {
		ID string `parquet:"id,dict"`
		N  int64  `parquet:"n,dict"`
	}
	rows := make([]row, 5000)
	for i := range rows {
		rows[i] = row{fmt.Sprintf("customer-%05d", i*7919%3001), int64(i)}
	}
	data := write(t, rows, parquet.DictionaryMaxBytes(4000), parquet.PageBufferSize(2000))
	f, cols := open(t, data)
	g, err := f.Group(0, cols)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	var coded, plain, at int
	dicts := map[*parquetfile.Dictionary]bool{}
	for {
		n, err := g.Next(1 << 16)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		v := g.Vec(0)
		if v.Dict != nil {
			dicts[v.Dict], coded = true, coded+n
		} else {
			plain += n
		}
		if (v.Codes == nil) != (v.Dict == nil) || v.Len != n {
			t.Fatalf("row %d: codes without dictionary or %d values for %d rows", at, v.Len, n)
		}
		for i := range n {
			if got, want := string(v.Bytes(i)), rows[at+i].ID; got != want {
				t.Fatalf("row %d: got %q, want %q", at+i, got, want)
			}
		}
		at += n
	}
	if coded == 0 || plain == 0 || at != len(rows) || len(dicts) != 1 {
		t.Errorf("%d coded, %d plain rows of %d, %d dictionaries: want some of both and one", coded, plain, len(rows), len(dicts))
	}
	sameAsTwin(t, data, 1, 333)
}

func TestConcurrentGroups(t *testing.T) {
	data := write(t, lines(20_000), parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(1500), parquet.PageBufferSize(3000))
	f, cols := open(t, data)
	want, err := vectorCells(f, cols, 1<<16)
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 2, 7} {
		parts := make([][][]string, f.RowGroups())
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for i := w; i < f.RowGroups(); i += workers {
					g, err := f.Group(i, cols)
					if err != nil {
						t.Error(err)
						return
					}
					for {
						n, err := g.Next(700)
						if err != nil {
							if err != io.EOF {
								t.Error(err)
							}
							break
						}
						for r := range n {
							row := make([]string, len(cols))
							for k := range cols {
								row[k] = vectorCell(g.Vec(k), r)
							}
							parts[i] = append(parts[i], row)
						}
					}
					g.Close()
				}
			})
		}
		wg.Wait()
		if got := slices.Concat(parts...); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%d workers read other rows than one", workers)
		}
	}
}

// Columns are delivered in the order asked for, any subset of them, none included.
func TestGroupColumns(t *testing.T) {
	data := write(t, lines(100))
	f, _ := open(t, data)
	if f.Index("quantity") != 4 || f.Index("nothing") != -1 {
		t.Errorf("Index: got %d and %d, want 4 and -1", f.Index("quantity"), f.Index("nothing"))
	}
	for _, cols := range [][]int{{}, {4}, {4, 0}, {0, 0}} {
		rows, err := vectorCells(f, cols, 30)
		if err != nil || len(rows) != 100 {
			t.Fatalf("%v: %d rows, error %v", cols, len(rows), err)
		}
		want, err := twinCells(data, f.Columns(), cols, all)
		if err != nil || !slices.EqualFunc(rows, want, slices.Equal) {
			t.Errorf("%v: got %v, want %v, error %v", cols, rows[0], want[0], err)
		}
	}
}

func TestGroupMisuse(t *testing.T) {
	type row struct {
		ID   int64
		Tags []struct{ Of []string }
	}
	f, _ := open(t, write(t, []row{{1, nil}}))
	for name, c := range map[string]struct {
		group int
		cols  []int
		want  string
	}{
		"no such group":  {1, []int{0}, "row group 1 of 1"},
		"negative group": {-1, nil, "row group -1"},
		"no such column": {0, []int{2}, "column 2 of 2"},
		"refused column": {0, []int{1}, "in a list or map inside another"},
	} {
		if _, err := f.Group(c.group, c.cols); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %q", name, err, c.want)
		}
	}
	g, err := f.Group(0, []int{0})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := g.Next(1); n != 1 || err != nil {
		t.Fatalf("got %d, %v", n, err)
	}
	for range 2 {
		if n, err := g.Next(1); n != 0 || err != io.EOF {
			t.Errorf("after the end: got %d, %v, want 0, EOF", n, err)
		}
	}
	g.Close()
	g.Close()
	if _, err := g.Next(1); err == nil || err == io.EOF {
		t.Errorf("after Close: got error %v", err)
	}
	r := f.Records([]int{0})
	r.Close()
	if _, _, err := r.Next(); err == nil || err == io.EOF {
		t.Errorf("Records after Close: got error %v", err)
	}
}

// A reader that fails is reported, with its own error in the chain.
func TestReadError(t *testing.T) {
	data := write(t, lines(1000), parquet.PageBufferSize(500))
	broken := errors.New("disk on fire")
	for _, limit := range []int64{0, 4, 100, int64(len(data)) / 2} {
		_, err := readAll(failing{bytes.NewReader(data), limit, broken}, int64(len(data)))
		if !errors.Is(err, broken) {
			t.Errorf("reads from %d on fail: got error %v", limit, err)
		}
	}
}

// failing fails reads that end in [limit, limit+1000) or cover it.
type failing struct {
	r     io.ReaderAt
	limit int64
	err   error
}

func (f failing) ReadAt(b []byte, off int64) (int, error) {
	if off <= f.limit && f.limit < off+int64(len(b)) {
		return 0, f.err
	}
	return f.r.ReadAt(b, off)
}

// readAll opens a file and reads every readable column of it; rows are what it delivered.
func readAll(r io.ReaderAt, size int64) (rows int64, err error) {
	f, err := parquetfile.Open(r, size, parquetfile.Limits{})
	if err != nil {
		return 0, err
	}
	cols := readableOf(f)
	for i := range f.RowGroups() {
		g, err := f.Group(i, cols)
		if err != nil {
			return rows, err
		}
		for {
			n, err := g.Next(1024)
			if err == io.EOF {
				break
			}
			if err != nil {
				g.Close()
				return rows, err
			}
			for k := range cols {
				_ = vectorCell(g.Vec(k), n-1)
			}
			rows += int64(n)
		}
		g.Close()
	}
	if rows != f.Rows() {
		return rows, fmt.Errorf("silent count: %d rows of %d", rows, f.Rows())
	}
	return rows, nil
}
