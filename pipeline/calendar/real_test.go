package calendar_test

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
)

// The columns of real exports are decided, and every cell of them is read.
func TestRealColumns(t *testing.T) {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("set VITALFEW_DATA to the folder of reference data to run this")
	}
	for _, c := range []struct {
		file, format, first string
		column, fields      int // rows of other tables have other numbers of fields
	}{
		{"us_superstore_stacked/superstore.csv", "mm/dd/yyyy", "2017-11-08", 2, 21},
		{"us_superstore_stacked/superstore.csv", "mm/dd/yyyy", "2017-11-11", 3, 21},
		{"aw_pl300_flat/FactResellerSales.csv", "iso", "2017-07-01", 1, 11},
		{"uci_online_retail/by-day/2011-07-21.csv", "iso", "2011-07-21", 4, 8},
	} {
		f, err := os.Open(filepath.Join(dir, filepath.FromSlash(c.file)))
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(f)
		r.FieldsPerRecord, r.LazyQuotes = -1, true
		rows, err := r.ReadAll()
		if err := errors.Join(err, f.Close()); err != nil || len(rows) < 100 {
			t.Fatalf("%s: %d rows, %v", c.file, len(rows), err)
		}
		var e calendar.Evidence
		for _, row := range rows {
			if len(row) == c.fields {
				e.Add([]byte(row[c.column]))
			}
		}
		d, err := e.Decide(calendar.Setting{})
		if err != nil || d.Format.String() != c.format || d.Bad != 1 || d.Strays != 0 || d.Cells < 100 {
			t.Errorf("%s, column %d: got %+v %s, %v, want %s under a header", c.file, c.column, d, d.Format, err, c.format)
		}
		if got := show(d.Format, rows[1][c.column], nil); got != c.first {
			t.Errorf("%s, column %d: got %s, want %s", c.file, c.column, got, c.first)
		}
	}
}
