package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// data is a path below the real data sets.
func data(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("VITALFEW_DATA")
	if root == "" {
		t.Skip("VITALFEW_DATA is not set: no real data sets here")
	}
	return filepath.Join(root, name)
}

// readAny reads with a preset, whatever is rejected.
func readAny(t *testing.T, preset, path string) (*ingest.Result, *ledger.Ledger) {
	t.Helper()
	p, err := layout.LoadPreset(preset)
	if err != nil {
		t.Fatal(err)
	}
	files, err := source.Expand([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	return read(t, ingest.Options{Mapping: layout.Mapping{Preset: p, Settings: p.Settings}}, files...)
}

func readPreset(t *testing.T, preset, path string, workers int, repeats ingest.Repeats) (*ingest.Result, *ledger.Ledger) {
	t.Helper()
	p, err := layout.LoadPreset(preset)
	if err != nil {
		t.Fatal(err)
	}
	files, err := source.Expand([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	r, err := ingest.Read(context.Background(), files, ingest.Options{
		Mapping: layout.Mapping{Preset: p, Settings: p.Settings}, Workers: workers, Repeats: repeats,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Books.Balance(); err != nil {
		t.Error(err)
	}
	for _, f := range r.Files {
		b := f.Books
		if info, err := os.Stat(f.Path); err != nil || (f.Format == source.Text && b.HeaderBytes+b.RecordBytes+b.OtherBytes != info.Size()) {
			t.Errorf("%s: %d bytes accounted for, %v", f.Path, b.HeaderBytes+b.RecordBytes+b.OtherBytes, err)
		}
	}
	l, err := ledger.Build(workers, r.Builders...)
	if err != nil {
		t.Fatal(err)
	}
	return r, l
}

// The figures are those of ../shared/reference/retail_numbers.md.
func TestUCI(t *testing.T) {
	path := data(t, "uci_online_retail/by-day")
	for _, workers := range []int{1, 2} {
		repeats := ingest.Unasked
		if workers == 2 {
			repeats = ingest.Counted
		}
		r, l := readPreset(t, "uci", path, workers, repeats)
		check := func(what, got, want any) {
			if got != want {
				t.Errorf("workers=%d: %s: got %v, want %v", workers, what, got, want)
			}
		}
		check("files", len(r.Files), 305)
		check("lines", r.Books.Read.Lines, int64(541_909))
		check("total", r.Books.Read.Money.String(), "9747747.934")
		check("lines without customer", r.Books.Class[ingest.NoCustomer].Lines, int64(135_080))
		check("their value", r.Books.Class[ingest.NoCustomer].Money.String(), "1447682.12")
		check("value with a customer", r.Books.Class[ingest.Used].Money.String(), "8300065.814")
		check("rejects", len(r.Rejects), 0)
		check("customers", l.Customers(), 4372)
		check("first id", l.ID(0), "12346")
		oneOrder, creditOnly := 0, 0
		for c := range l.Customers() {
			orders := map[uint64]bool{}
			lo, hi := l.Range(c)
			for i := lo; i < hi; i++ {
				if l.Rows().Sales[i] > 0 {
					orders[l.Rows().Order[i]] = true
				}
			}
			switch len(orders) {
			case 0:
				creditOnly++
			case 1:
				oneOrder++
			}
		}
		check("customers with one order", oneOrder, 1494)
		check("customers with cancellations only", creditOnly, 33)
		if repeats == ingest.Unasked {
			continue
		}
		check("exact duplicate lines", r.Duplicates.Lines, int64(5270))
		check("those of other days", r.Duplicates.LinesAcross, int64(0))
		check("orders of two days", r.Duplicates.Orders, int64(0))
	}
}

func TestAdventureWorks(t *testing.T) {
	r, l := readPreset(t, "adventureworks", data(t, "adventureworks_dw/FactResellerSales.parquet"), 2, ingest.Unasked)
	var cost, net, covered int64
	orders, lines := map[uint64]bool{}, 0
	rows := l.Rows()
	for i := range rows.Day {
		net, cost, covered = net+int64(rows.Net[i]), cost+int64(rows.Cost[i]), covered+int64(rows.Covered[i])
		orders[rows.Order[i]] = true
		lines += int(rows.Lines[i])
	}
	if net != 804505969823 || cost != 799801143790 || covered != net {
		t.Errorf("net %d, cost %d, covered %d", net, cost, covered)
	}
	if l.Customers() != 635 || len(orders) != 3796 || lines != 60_855 || len(r.Rejects) != 0 {
		t.Errorf("%d customers, %d orders, %d lines, %d rejects", l.Customers(), len(orders), lines, len(r.Rejects))
	}
	if d := l.Days(); d.From.String() != "2010-12-29" || (d.To-1).String() != "2013-11-29" {
		t.Errorf("days %v to %v", d.From, d.To-1)
	}
}
