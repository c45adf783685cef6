package numeral_test

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/numeral"
)

// The columns of real exports are decided, and every cell of them is read.
func TestRealColumns(t *testing.T) {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("set VITALFEW_DATA to the folder of reference data to run this")
	}
	for _, c := range []struct {
		file   string
		column int
		fields int // rows of other tables have others
		bad    int64
	}{
		{"us_superstore_stacked/superstore.csv", 17, 21, 1}, {"us_superstore_stacked/superstore.csv", 19, 21, 1}, {"us_superstore_stacked/superstore.csv", 20, 21, 1},
		{"aw_pl300_flat/FactResellerSales.csv", 9, 11, 1}, {"aw_pl300_flat/FactResellerSales.csv", 6, 11, 1},
		{"uci_online_retail/by-day/2011-07-21.csv", 5, 8, 1}, {"uci_online_retail/by-day/2011-07-21.csv", 3, 8, 1},
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
		var e numeral.Evidence
		for _, row := range rows {
			if len(row) == c.fields {
				e.Add([]byte(row[c.column]))
			}
		}
		if d, err := e.Decide(numeral.Setting{}); err != nil || !d.Format.Plain() || d.Bad != c.bad || d.Strays != 0 || d.Cells < 100 {
			t.Errorf("%s, column %d: got %+v, %v, want plain numbers under a header", c.file, c.column, d, err)
		}
	}
}
