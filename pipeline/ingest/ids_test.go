package ingest_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"pgregory.net/rapid"
)

// An id has one canonical spelling, whatever the other ids of its batch look like and whatever the format:
// 'C1, 17850.0 and what begins or ends like them.
func TestIDsAreCanonicalInAnyCompany(t *testing.T) {
	type line struct {
		OrderID    string  `parquet:"order_id,dict"`
		CustomerID string  `parquet:"customer_id,dict"`
		OrderedAt  string  `parquet:"ordered_at"`
		Amount     float64 `parquet:"amount"`
	}
	spelled := rapid.SampledFrom([]string{"17850", "17850.0", "17850.00", "'17850", "'85004.0", "1.0", "V2.10", "10", "C1", "'C1"})
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "lines")
		lines := make([]line, n)
		text := "order_id,customer_id,ordered_at,amount\n"
		mixed := text
		for i := range lines {
			lines[i] = line{spelled.Draw(t, "order"), spelled.Draw(t, "customer"), "2024-03-01", 1}
			l := fmt.Sprintf("%s,%s,2024-03-01,1\n", lines[i].OrderID, lines[i].CustomerID)
			text += l
			mixed += l
		}
		mixed += "9,Ä Ö,2024-03-01,1\n" // an id that takes the general way, and its batch with it
		text += "9,AO,2024-03-01,1\n"
		var b bytes.Buffer
		if err := parquet.Write(&b, append(lines, line{"9", "AO", "2024-03-01", 1})); err != nil {
			t.Fatal(err)
		}
		_, plain := read(t, ingest.Options{}, write(t, dir, "plain.csv", text))
		_, columns := read(t, ingest.Options{}, write(t, dir, "o.parquet", b.String()))
		if diff := cmp.Diff(plain, columns, cmp.AllowUnexported(ledger.Ledger{})); diff != "" {
			t.Fatalf("text and Parquet differ: -text +parquet\n%s", diff)
		}
		_, other := read(t, ingest.Options{}, write(t, dir, "mixed.csv", mixed))
		want, got := idsBut(plain, "AO"), idsBut(other, "Ä Ö")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("ids differ by their company: -plain +mixed\n%s", diff)
		}
	})
}

func idsBut(l *ledger.Ledger, id string) (out []string) {
	for c := range l.Customers() {
		if l.ID(c) != id {
			out = append(out, l.ID(c))
		}
	}
	return out
}

// Empty rows below a table, as spreadsheets write by the million, are skipped and not stacked up.
func TestRecordsSkipMillionsOfEmptyRows(t *testing.T) {
	f := write(t, t.TempDir(), "c.csv", "customer_id,name,city\nC1,Tea House,Ulm\n"+strings.Repeat(",,\n", 6_000_000)+"C2,Cup House,Ulm\n")
	if got := recordsOf(t, f); len(got) != 2 || got[1] != "C2" {
		t.Errorf("got %q", got)
	}
}

// A file that was cut off in its last record says so, also where the rest reads like a note.
func TestRecordsCutOffInALineLikeANote(t *testing.T) {
	f := write(t, t.TempDir(), "c.csv", "customer_id,name,city\nC1,Tea House,Ulm\n\"Cup House, the bl")
	r, err := ingest.OpenRecords(f, 0, parquetfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for err == nil {
		_, err = r.Next()
	}
	if !strings.Contains(err.Error(), "cut off") {
		t.Errorf("got %v", err)
	}
}

func recordsOf(t *testing.T, f source.File) (first []string) {
	t.Helper()
	r, err := ingest.OpenRecords(f, 0, parquetfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		rec, err := r.Next()
		if err != nil {
			return first
		}
		first = append(first, rec.Fields[0])
	}
}
