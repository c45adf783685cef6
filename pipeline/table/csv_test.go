package table_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"pgregory.net/rapid"
)

// naiveText is the twin of the CSV cell, before quoting.
func naiveText(c cell) string {
	switch v := c.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case civil.Day:
		y, m, d := v.Date()
		return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
	case money.Amount:
		s := new(big.Rat).SetFrac64(int64(v), 10_000).FloatString(4)
		for range 2 {
			s = strings.TrimSuffix(s, "0")
		}
		if dot := strings.IndexByte(s, '.'); len(s)-dot < 3 {
			s += strings.Repeat("0", 3-(len(s)-dot))
		}
		return s
	case money.Quantity:
		return strings.TrimSuffix(strings.TrimRight(new(big.Rat).SetFrac64(int64(v), 10_000).FloatString(4), "0"), ".")
	}
	return fmt.Sprint(c)
}

// naiveCSV is the twin of the writer.
func naiveCSV(names []string, cols [][]cell, people bool) string {
	var b strings.Builder
	quote := func(s string, text bool) string {
		if text && people && (strings.HasPrefix(s, "'") || strings.IndexAny(strings.TrimLeft(s, " "), "=+-@\t\r\n＝＋－＠") == 0) {
			s = "'" + s
		}
		if text && s == "" || strings.ContainsAny(s, ",\"\r\n") {
			return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		return s
	}
	for j, name := range names {
		b.WriteString(strings.Repeat(",", min(j, 1)) + quote(name, true))
	}
	b.WriteByte('\n')
	for i := range cols[0] {
		for j := range cols {
			b.WriteString(strings.Repeat(",", min(j, 1)))
			_, text := cols[j][i].(string)
			switch {
			case cols[j][i] != nil:
				s := naiveText(cols[j][i])
				if s == "-0" {
					s = "0"
				}
				b.WriteString(quote(s, text))
			case len(cols) == 1:
				b.WriteString(`""`)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestCSVAgreesWithNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, s := drawTable(t)
		defer tab.Release()
		rows := drawRows(t, tab.Rows())
		people := rapid.Bool().Draw(t, "people")
		want := naiveCSV(s.names, s.pick(rows), people)
		for _, workers := range []int{0, 1, 2, 7} {
			var got bytes.Buffer
			if err := table.WriteCSV(&got, tab, rows, table.CSVOptions{Workers: workers, ForPeople: people}); err != nil {
				t.Fatal(err)
			}
			if got.String() != want {
				t.Fatalf("%d workers: %s", workers, cmp.Diff(want, got.String()))
			}
		}
	})
}

// TestCSVReadsBack reads the output with the standard library: every record, every cell.
func TestCSVReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, s := drawTable(t)
		defer tab.Release()
		var out bytes.Buffer
		if err := table.WriteCSV(&out, tab, nil, table.CSVOptions{ForPeople: true}); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(records) != tab.Rows()+1 {
			t.Fatalf("got %d records of %d, %v", len(records), tab.Rows()+1, err)
		}
		for i, record := range records[1:] {
			for j, got := range record {
				want := ""
				if c := s.cols[j][i]; c != nil {
					want = naiveText(c)
					if s.kinds[j] == table.String {
						got = strings.TrimPrefix(got, "'") // the inverse of ForPeople
					}
				}
				if got != want && !(want == "-0" && got == "0") {
					t.Fatalf("row %d column %d: got %q, want %q", i, j, got, want)
				}
			}
		}
	})
}

func TestCSVForPeopleHoldsNoFormula(t *testing.T) {
	cells := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "　=1", "＝1", "'", "'=1", "plain", "a=b"}
	tab, err := table.New(table.Strings("=name", "", cells, nil), table.Amounts("m", "", make([]money.Amount, len(cells)), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Release()
	var out bytes.Buffer
	if err := table.WriteCSV(&out, tab, nil, table.CSVOptions{ForPeople: true}); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&out).ReadAll()
	if err != nil || records[0][0] != "'=name" {
		t.Fatal(err, records)
	}
	for i, r := range records[1:] {
		escaped := strings.HasPrefix(r[0], "'")
		if want := i < 12; escaped != want || strings.TrimPrefix(r[0], "'") != cells[i] {
			t.Errorf("%q became %q", cells[i], r[0])
		}
	}
}

func TestCSVAllocatesPerBlockOnly(t *testing.T) {
	tab := wide(t, 3*4096)
	defer tab.Release()
	got := testing.AllocsPerRun(2, func() {
		if err := table.WriteCSV(discard{}, tab, nil, table.CSVOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	if got > 600 { // distinct values, growth of the block; there are 860,000 cells
		t.Errorf("got %v allocations", got)
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
