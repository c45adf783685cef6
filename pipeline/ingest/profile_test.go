package ingest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/quality"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"pgregory.net/rapid"
)

// withStatus adds a status column without a word, which takes the lines the long way.
func withStatus(text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		if i == 0 {
			lines[i] = strings.TrimSuffix(l, "\n") + ",status\n"
		} else if l != "" {
			lines[i] = strings.TrimSuffix(l, "\n") + ",\n"
		}
	}
	return strings.Join(lines, "")
}

// placeless leaves out where values far out stand: a row has other lines in another file.
func placeless(p *quality.Profile) quality.Profile {
	q := *p
	q.Calendar = nil
	q.Columns = slices.Clone(q.Columns)
	without := func(d *quality.Distribution) *quality.Distribution {
		if d == nil || d.Outliers == nil {
			return d
		}
		e, o := *d, *d.Outliers
		o.Examples = nil
		e.Outliers = &o
		return &e
	}
	for i := range q.Columns {
		q.Columns[i].Numbers = without(q.Columns[i].Numbers)
	}
	q.Net = without(q.Net)
	return q
}

// A profile is that of the rows, however they are written, split and worked through.
func TestProfileOfFormatsPartsAndWorkersAgree(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(drawRow), 1, 80).Draw(t, "rows")
		text := csvOf(t, rows)
		profile := func(workers int, repeats ingest.Repeats, files ...source.File) *quality.Profile {
			r, _ := read(t, ingest.Options{Workers: workers, Profile: true, Repeats: repeats}, files...)
			return r.Profile
		}
		want := profile(1, ingest.Unasked, write(t, dir, "whole.csv", text))
		workers := rapid.IntRange(1, 7).Draw(t, "workers")
		cut := rapid.IntRange(0, len(rows)).Draw(t, "cut")
		whole := write(t, dir, "whole.csv", text)
		if diff := cmp.Diff(want, profile(workers, ingest.Counted, whole), cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Calendar" }, cmp.Ignore())); diff != "" {
			t.Fatalf("one worker -, %d +:\n%s", workers, diff)
		}
		got := profile(workers, ingest.Unasked, write(t, dir, "b.csv", csvOf(t, rows[:cut])), write(t, dir, "a.parquet", parquetOf(t, rows[cut:])))
		if diff := cmp.Diff(placeless(want), placeless(got)); diff != "" {
			t.Fatalf("CSV -, parts of CSV and Parquet +:\n%s", diff)
		}
		long := placeless(profile(workers, ingest.Unasked, write(t, dir, "long.csv", withStatus(text))))
		last := long.Columns[len(long.Columns)-1]
		long.Columns = long.Columns[:len(long.Columns)-1]
		if diff := cmp.Diff(placeless(want), long); diff != "" || last.Column != layout.Status || last.Present != 0 || last.Absent != want.Lines {
			t.Fatalf("the short way -, the long way +:\n%s\n%+v", diff, last)
		}
		ofRows(t, want, rows)
	})
}

// ofRows holds counts against the rows themselves.
func ofRows(t *rapid.T, p *quality.Profile, rows []row) {
	orders, customers, categories := map[string]bool{}, map[string]bool{}, map[string]bool{}
	present := map[string]int64{}
	for _, r := range rows {
		orders[strings.TrimSpace(r.OrderID)] = true
		if r.CustomerID != "" {
			customers[r.CustomerID] = true
			present["customer_id"]++
		}
		if r.Category != "" {
			categories[r.Category] = true
			present["category"]++
		}
		if r.Rate != nil {
			present["discount_rate"]++
		}
	}
	distinct := map[string]int{"order_id": len(orders), "customer_id": len(customers), "category": len(categories)}
	for _, c := range p.Columns {
		if n, ok := present[c.Name]; ok && c.Present != n || c.Present+c.Absent != p.Lines {
			t.Errorf("%s: %d present and %d absent of %d lines, want %d", c.Name, c.Present, c.Absent, p.Lines, n)
		}
		if n, ok := distinct[c.Name]; ok && c.Distinct != int64(n) {
			t.Errorf("%s: %d distinct values, want %d", c.Name, c.Distinct, n)
		}
	}
	if p.Lines != int64(len(rows)) || p.Net.Values != p.Lines {
		t.Errorf("%d lines with %d amounts of %d rows", p.Lines, p.Net.Values, len(rows))
	}
}

// Nobody asked, nothing is there; and a profile is of all lines, those that are set aside as repeats too.
func TestProfileIsAsked(t *testing.T) {
	f := write(t, t.TempDir(), "o.csv", "order_id,customer_id,ordered_at,amount,line_id\n1,A,2024-01-05,5,1\n1,A,2024-01-05,5,1\n2,,2024-01-09,x,\n3,A,2024-01-09,-7,\n")
	if r, _ := read(t, ingest.Options{}, f); r.Profile != nil {
		t.Errorf("got a profile that nobody asked for")
	}
	r, _ := read(t, ingest.Options{Profile: true, Repeats: ingest.SetAside}, f)
	p := r.Profile
	if p == nil || p.Lines != 3 || p.Net.Least != "-7.00" || p.Net.Negative != 1 || p.Days.Without != 3 || r.Books.Class[ingest.Duplicate].Lines != 1 {
		t.Fatalf("got %+v", p)
	}
	for _, c := range p.Columns {
		if c.Column == layout.LineID && (c.Present != 2 || c.Absent != 1 || c.Distinct != -1) {
			t.Errorf("line_id: got %+v", c)
		}
	}
}
