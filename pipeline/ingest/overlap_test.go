package ingest_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// While orders are few, what is found on the way is what the search for repeats finds, at any number of
// workers.
func TestOverlapAgreesWithTheSearch(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		var files []source.File
		for k := range rapid.IntRange(2, 4).Draw(t, "files") {
			rows := rapid.SliceOfN(rapid.Custom(drawRow), 0, 25).Draw(t, "rows")
			if rapid.Bool().Draw(t, "parquet") {
				files = append(files, write(t, dir, fmt.Sprint(k, ".parquet"), parquetOf(t, rows)))
			} else {
				files = append(files, write(t, dir, fmt.Sprint(k, ".csv"), csvOf(t, rows)))
			}
		}
		found, _ := read(t, ingest.Options{Workers: rapid.IntRange(1, 5).Draw(t, "workers")}, files...)
		searched, _ := read(t, ingest.Options{Repeats: ingest.Counted}, files...)
		got, want := found.Overlap, searched.Duplicates
		if got.Orders != want.Orders || got.Estimated || searched.Overlap != nil {
			t.Fatalf("found %+v, the search %+v", got, want)
		}
		if diff := cmp.Diff(want.OrderSample, got.Examples); diff != "" {
			t.Fatalf("the search -, found +:\n%s", diff)
		}
	})
}

// Files of the same lines are twins, whatever their format, charset and order; another amount, and they
// are none.
func TestTwins(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(drawRow), 1, 40).Draw(t, "rows")
		shuffled := rapid.Permutation(rows).Draw(t, "shuffled")
		wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(csvOf(t, shuffled))
		if err != nil {
			t.Fatal(err)
		}
		files := []source.File{write(t, dir, "a.csv", csvOf(t, rows)), write(t, dir, "b.parquet", parquetOf(t, shuffled)), write(t, dir, "c.txt", wide)}
		r, _ := read(t, ingest.Options{Workers: rapid.IntRange(1, 3).Draw(t, "workers")}, files...)
		n := int64(len(rows))
		want := []ingest.Twin{{File: files[1].Path, First: files[0].Path, Lines: n}, {File: files[2].Path, First: files[0].Path, Lines: n}}
		if diff := cmp.Diff(want, r.Overlap.Twins); diff != "" {
			t.Fatalf("-want +got\n%s", diff)
		}
		i := rapid.IntRange(0, len(shuffled)-1).Draw(t, "changed")
		shuffled[i].OrderedAt++
		r, _ = read(t, ingest.Options{}, files[0], write(t, dir, "d.csv", csvOf(t, shuffled)))
		if r.Overlap.Twins != nil {
			t.Fatalf("got %+v, want none: a day differs", r.Overlap.Twins)
		}
		shuffled[i].OrderedAt--
		shuffled[i].UnitPrice, shuffled[i].Rate, shuffled[i].Quantity = shuffled[i].UnitPrice+1000, nil, 700
		r, _ = read(t, ingest.Options{}, files[0], write(t, dir, "d.csv", csvOf(t, shuffled)))
		if r.Overlap.Twins != nil {
			t.Fatalf("got %+v, want none: an amount differs", r.Overlap.Twins)
		}
	})
}

// Of many orders the sample tells how many are shared, within five standard errors, and the same at any
// number of workers.
func TestOverlapOfManyOrders(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, from, to int) source.File {
		var b strings.Builder
		b.WriteString("order_id,customer_id,ordered_at,amount\n")
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "%d,C%d,2024-03-%02d,1\n%d,C%d,2024-03-%02d,2\n", i, i%97, 1+i%28, i, i%97, 1+i%28)
		}
		return write(t, dir, name, b.String())
	}
	files := []source.File{file("a.csv", 0, 60_000), file("b.csv", 50_000, 90_000), file("c.csv", 90_000, 100_000)}
	var first *ingest.Overlap
	for _, workers := range []int{1, 2, 7} {
		r, _ := read(t, ingest.Options{Workers: workers}, files...)
		got := r.Overlap
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Errorf("one worker -, %d +:\n%s", workers, diff)
		}
	}
	// 110,000 orders of files: 1 in 8 of them is sampled, so that the count of 10,000 has a standard error
	// of √(7·10,000).
	if d := math.Abs(float64(first.Orders - 10_000)); d > 5*math.Sqrt(7*10_000) || !first.Estimated || first.Orders%8 != 0 {
		t.Errorf("about %d orders are shared (estimated: %v), want 10,000", first.Orders, first.Estimated)
	}
	for _, e := range first.Examples {
		if e.File != files[1].Path || e.First != files[0].Path || e.Line != e.FirstLine-100_000 {
			t.Errorf("got %+v", e)
		}
	}
	if first.Twins != nil || len(first.Examples) != 3 {
		t.Errorf("got %+v", first)
	}
}

// One file overlaps with nothing, and nothing is looked at.
func TestOverlapOfOneFile(t *testing.T) {
	r, _ := read(t, ingest.Options{}, write(t, t.TempDir(), "o.csv", header+"1,C,2024-03-01,P,1,1,0,0.5,\n"))
	if r.Overlap != nil {
		t.Errorf("got %+v", r.Overlap)
	}
}
