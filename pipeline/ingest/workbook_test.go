package ingest_test

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"github.com/xuri/excelize/v2"
)

// sheets writes a workbook: a cover sheet, then the lines below a title, with days as serial numbers.
func sheets(t testing.TB) source.File {
	t.Helper()
	b := excelize.NewFile()
	rows := [][]any{{"Sales 2024"}, {}, {"order_id", "customer_id", "ordered_at", "product_id", "amount"},
		{"1", "A", 45352, "P1", 10}, {"1", "A", 45352, "P2", 5.5}, {"2", "B", 45371, "P1", 7.25}, {"3", "A", 45384, "P3", 1}, {"Total", nil, nil, nil, 23.75}}
	if _, err := b.NewSheet("Lines"); err != nil {
		t.Fatal(err)
	}
	if err := b.SetCellStr("Sheet1", "A1", "printed for the board"); err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err := errors.Join(err, b.SetSheetRow("Lines", cell, &r)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "o.xlsx")
	if err := errors.Join(b.SaveAs(path), b.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := source.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestWorkbook(t *testing.T) {
	_, want := read(t, ingest.Options{}, write(t, t.TempDir(), "plain.csv", asLines))
	r, got := read(t, ingest.Options{}, sheets(t))
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(ledger.Ledger{})); diff != "" || len(r.Rejects) > 0 {
		t.Errorf("rejects %v, -want +got\n%s", r.Rejects, diff)
	}
	if !strings.Contains(strings.Join(r.Files[0].Evidence, "\n"), `sheet "Lines"`) || r.Files[0].Aside["total"] != 1 {
		t.Errorf("evidence %q, aside %v", r.Files[0].Evidence, r.Files[0].Aside)
	}
	_, err := ingest.Read(context.Background(), []source.File{sheets(t)}, ingest.Options{Sheet: "lines"})
	if err == nil || !strings.Contains(err.Error(), "Sheet1, Lines") {
		t.Errorf("got %v, want the sheets named", err)
	}
}

// Accounts come as workbooks and in any charset, below titles and above footers.
func TestRecordsAsTheyCome(t *testing.T) {
	book, err := ingest.OpenRecords(sheets(t), 0, parquetfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close() // only read
	if book.Header()[1] != "customer_id" {
		t.Errorf("header %q", book.Header())
	}
	text := "Accounts\n\nAccount Number,Account Name,Industry\nA1,K\xf6ln AG,Retail\nA2,M\xfcller,Retail\nGrand Totals (2 records),,\nConfidential Information - Do Not Distribute\n"
	r, err := ingest.OpenRecords(write(t, t.TempDir(), "a.csv", text), 0, parquetfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() // only read
	var names []string
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || rec.Fault != "" {
			t.Fatal(rec.Fault, err)
		}
		names = append(names, rec.Fields[1])
	}
	if diff := cmp.Diff([]string{"Köln AG", "Müller"}, names); diff != "" || r.Header()[0] != "Account Number" {
		t.Errorf("header %q, %s", r.Header(), diff)
	}
}
