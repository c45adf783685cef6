package pipeline_test

import (
	"archive/zip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/xuri/excelize/v2"
)

// workbook writes an XLSX file: notes, then order lines with days that the sheet shows as days, then a
// list that is longer than both.
func workbook(t *testing.T, dir string, from1904 bool) string {
	t.Helper()
	b := excelize.NewFile()
	sheet := func(name string, rows ...[]any) {
		if _, err := b.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			cell, err := excelize.CoordinatesToCellName(1, i+1)
			if err := errors.Join(err, b.SetSheetRow(name, cell, &r)); err != nil {
				t.Fatal(err)
			}
		}
	}
	sheet("Notes", []any{"printed for the board"})
	sheet("Lines", []any{"Sales, 2024"}, []any{}, []any{"order_id", "customer_id", "ordered_at", "amount", "remark"},
		[]any{"001", "A", 45352, 10.25, "say \"so\""}, []any{"002", "B", 45371, 7.5}, []any{"Total", nil, nil, 17.75})
	long := [][]any{{"code", "text"}}
	for range 30 {
		long = append(long, []any{"c", "a, b"})
	}
	sheet("Codes", long...)
	style, err := b.NewStyle(&excelize.Style{NumFmt: 14})
	if err := errors.Join(err, b.SetCellStyle("Lines", "C4", "C5", style), b.DeleteSheet("Sheet1"),
		b.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904})); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "book.xlsx")
	if err := errors.Join(b.SaveAs(path), b.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConvertWorkbook(t *testing.T) {
	dir := t.TempDir()
	const lines = "order_id,customer_id,ordered_at,amount,remark\n001,A,2024-03-01,10.25,\"say \"\"so\"\"\"\n002,B,2024-03-20,7.5,\n"
	for _, c := range []struct {
		name, sheet, want string
		from1904          bool
		ignored           int64
	}{
		{"by evidence", "", lines, false, 4},
		{"from 1904", "", strings.NewReplacer("2024-03-01", "2028-03-02", "2024-03-20", "2028-03-21").Replace(lines), true, 4},
		{"as given", "Codes", "code,text\n" + strings.Repeat("c,\"a, b\"\n", 30), false, 1},
	} {
		to := filepath.Join(dir, c.name+".csv")
		got, err := pipeline.Convert(context.Background(), workbook(t, dir, c.from1904), pipeline.ConvertOptions{To: to, Sheet: c.sheet})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		text, err := os.ReadFile(to)
		if string(text) != c.want || err != nil || got.Ignored != c.ignored || got.Rejected != 0 {
			t.Errorf("%s: got %q and %d ignored, %v, want %q and %d", c.name, text, got.Ignored, err, c.want, c.ignored)
		}
	}
	to := filepath.Join(dir, "out.parquet")
	if _, err := pipeline.Convert(context.Background(), workbook(t, dir, false), pipeline.ConvertOptions{To: to}); err != nil {
		t.Fatal(err)
	}
	back := filepath.Join(dir, "back.csv")
	if _, err := pipeline.Convert(context.Background(), to, pipeline.ConvertOptions{To: back}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(back); string(text) != lines || err != nil {
		t.Errorf("through Parquet: got %q, %v, want %q", text, err, lines)
	}
}

// What holds no table is refused with its true cause, and nothing is written.
func TestConvertHasNoTable(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "other.zip")
	f, err := os.Create(other)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	_, err = z.Create("orders.csv")
	if err := errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{put(t, dir, "page.csv", "<html>"), "a web page (HTML)"},
		{other, `a zip archive of 1 files ("orders.csv") and no workbook`},
		{put(t, dir, "broken.xlsx", "PK\x03\x04 whatever"), "not readable as an XLSX workbook"},
	} {
		to := filepath.Join(dir, "out.csv")
		_, err := pipeline.Convert(context.Background(), c.path, pipeline.ConvertOptions{To: to})
		if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.path) {
			t.Errorf("%s: got %v, want %q", c.path, err, c.want)
		}
		if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: something was written: %v", c.path, err)
		}
	}
	_, err = pipeline.Convert(context.Background(), workbook(t, dir, false), pipeline.ConvertOptions{To: filepath.Join(dir, "out.csv"), Sheet: "lines"})
	if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), "Notes, Lines, Codes") {
		t.Errorf("got %v, want the sheets named", err)
	}
}

// A file without a record converts to an empty one, every byte of it accounted for.
func TestConvertEmpty(t *testing.T) {
	dir := t.TempDir()
	for text, why := range map[string]string{"": "the file is empty", "\n\n \n": "blank lines only"} {
		path, to := put(t, dir, "in.csv", text), filepath.Join(dir, "out.csv")
		c, err := pipeline.Convert(context.Background(), path, pipeline.ConvertOptions{To: to})
		if err != nil || c.Rows != 0 || c.IgnoredBytes != int64(len(text)) || c.Bytes != int64(len(text)) {
			t.Fatalf("%q: got %+v, %v, want every byte ignored", text, c, err)
		}
		var said strings.Builder
		if err := c.WriteText(&said); err != nil || !strings.Contains(said.String(), "no table: "+why) {
			t.Errorf("%q: got %q, %v, want it to say %s", text, said.String(), err, why)
		}
		if b, err := os.ReadFile(to); len(b) > 0 || err != nil {
			t.Errorf("%q: wrote %q, %v, want an empty file", text, b, err)
		}
		parquet := filepath.Join(dir, "out.parquet")
		_, err = pipeline.Convert(context.Background(), path, pipeline.ConvertOptions{To: parquet})
		if !errors.Is(err, pipeline.ErrNoTable) || !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), why) {
			t.Errorf("%q to Parquet: got %v, want no table, because %s", text, err, why)
		}
		if _, err := os.Stat(parquet); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%q to Parquet: something was written: %v", text, err)
		}
	}
}
