package ingest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"pgregory.net/rapid"
)

const repeatHeader = "line_id,order_id,customer_id,ordered_at,quantity,unit_price,remark\n"

// cells draws a line of few values, so that many repeat; the remark is in no mapped column.
func drawCells(t *rapid.T) []string {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, what) }
	return []string{pick("line", "1", "2", ""), pick("order", "7", "8"), pick("customer", "A", "B", ""), pick("day", "2024-03-01", "2024-03-02", "someday"),
		pick("quantity", "1", "2"), pick("price", "5", "\"6\""), pick("remark", "x", "y")}
}

// Repeated lines and orders are those that the naive twin finds by comparing all cells of all lines, and
// where they are set aside the ledger is that of the lines without them.
func TestRepeatsAgreeWithTheNaiveTwin(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		var files, without []source.File
		var want ingest.Duplicates
		seen, holders := map[string]string{}, map[string][]string{}
		var repeated, orders []string // "file line of file line"
		for k := range rapid.IntRange(1, 4).Draw(t, "files") {
			text, rest := repeatHeader, repeatHeader
			name := fmt.Sprintf("f%d.csv", k)
			for i, cells := range rapid.SliceOfN(rapid.Custom(drawCells), 0, 12).Draw(t, "lines") {
				line := strings.Join(cells, ",") + "\n"
				text += line
				here := fmt.Sprintf("%s %d", name, i+2)
				if cells[3] == "someday" { // a reject is no duplicate
					rest += line
					continue
				}
				key := strings.Join(cells[:6], "|")
				if first, ok := seen[key]; ok {
					want.Lines++
					if !strings.HasPrefix(first, name) {
						want.LinesAcross++
					}
					repeated = append(repeated, here+" of "+first)
				} else {
					seen[key] = here
					rest += line
				}
				order := strings.Join(cells[1:4], "|")
				if hs := holders[order]; len(hs) == 1 && !strings.HasPrefix(hs[0], name) {
					want.Orders++
					orders = append(orders, here+" of "+hs[0])
				} else if len(hs) > 0 {
					continue
				}
				holders[order] = append(holders[order], here)
			}
			files, without = append(files, write(t, dir, name, text)), append(without, write(t, dir, "w"+name, rest))
		}
		workers := rapid.IntRange(1, 5).Draw(t, "workers")
		r, whole := read(t, ingest.Options{Workers: workers, Repeats: ingest.Counted}, files...)
		if diff := cmp.Diff(want, ingest.Duplicates{Lines: r.Duplicates.Lines, LinesAcross: r.Duplicates.LinesAcross, Orders: r.Duplicates.Orders}); diff != "" {
			t.Fatalf("-want +got\n%s", diff)
		}
		checkSample(t, repeated, r.Duplicates.LineSample)
		checkSample(t, orders, r.Duplicates.OrderSample)
		_, unasked := read(t, ingest.Options{Workers: 1}, files...)
		if diff := cmp.Diff(unasked, whole, cmp.AllowUnexported(ledger.Ledger{})); diff != "" {
			t.Fatalf("counting changed the ledger: %s", diff)
		}
		aside, less := read(t, ingest.Options{Workers: workers, Repeats: ingest.SetAside}, files...)
		_, wantLess := read(t, ingest.Options{Workers: 1}, without...)
		if diff := cmp.Diff(wantLess, less, cmp.AllowUnexported(ledger.Ledger{})); diff != "" {
			t.Fatalf("set aside: -want +got\n%s", diff)
		}
		if got := aside.Books.Class[ingest.Duplicate].Lines; got != want.Lines || aside.Books.Read != r.Books.Read || aside.Duplicates.SetAside != (want.Lines > 0) {
			t.Fatalf("%d lines set aside, want %d; read %v and %v", got, want.Lines, aside.Books.Read, r.Books.Read)
		}
	})
}

func checkSample(t *rapid.T, want []string, got []ingest.RepeatExample) {
	var have []string
	for _, x := range got {
		base := func(p string) string { return p[strings.LastIndexAny(p, `/\`)+1:] }
		have = append(have, fmt.Sprintf("%s %d of %s %d", base(x.File), x.Line, base(x.First), x.FirstLine))
	}
	if want = want[:min(len(want), 3)]; !slices.Equal(want, have) {
		t.Fatalf("examples: got %v, want %v", have, want)
	}
}

// Rows of Parquet are compared by all mapped values, batch by batch and row group by row group.
func TestRepeatsOfParquet(t *testing.T) {
	rows := make([]row, 3000)
	for i := range rows {
		rows[i] = row{OrderID: fmt.Sprint(i % 2000), CustomerID: "A", OrderedAt: 19_783, Quantity: 1, UnitPrice: 10, Category: "C"}
	}
	r, l := read(t, ingest.Options{Workers: 2, Repeats: ingest.SetAside}, write(t, t.TempDir(), "o.parquet", parquetOf(t, rows)))
	if d := r.Duplicates; d.Lines != 1000 || d.LineSample[0] != (ingest.RepeatExample{File: r.Files[0].Path, Line: 2001, First: r.Files[0].Path, FirstLine: 1}) {
		t.Errorf("got %+v", d)
	}
	if l.Rows().Len() != 2000 || r.Books.Used().Lines != 2000 {
		t.Errorf("%d rows of %d lines", l.Rows().Len(), r.Books.Used().Lines)
	}
}

// The refund of a whole order counts once, though the order comes back and states it again: no copy has to
// be found.
func TestRepeatsAndOrderRefunds(t *testing.T) {
	text := "order_id,customer_id,ordered_at,quantity,unit_price,product_id,refunded\n" +
		"1,A,2024-03-01,1,10,P,3\n2,A,2024-03-01,1,10,P,\n1,A,2024-03-01,1,10,Q,3\n" // order 1 comes back: its refund repeats, its line does not
	for _, repeats := range []ingest.Repeats{ingest.Unasked, ingest.Counted, ingest.SetAside} {
		for _, carry := range []bool{false, true} {
			o := ingest.Options{Repeats: repeats, Mapping: layout.Mapping{Settings: layout.Settings{OrderRefund: "refunded", CarryDown: carry}}}
			r, _ := read(t, o, write(t, t.TempDir(), "o.csv", text))
			if got := r.Books.Used().Money.String(); got != "27.00" || r.Duplicates != nil && r.Duplicates.Lines != 0 {
				t.Errorf("%v, carried %v: used %s, %+v", repeats, carry, got, r.Duplicates)
			}
		}
	}
}
