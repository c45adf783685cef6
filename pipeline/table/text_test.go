package table_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"pgregory.net/rapid"
)

func newTable(t *testing.T, cols ...table.Column) *table.Table {
	t.Helper()
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Release)
	return tab
}

func customers(t *testing.T) *table.Table {
	return newTable(t,
		table.Strings("customer_id", "", []string{"4711", "4712", "c"}, nil),
		table.Strings("name", "", []string{"Able & Sons of the North", "空格有限公司", ""}, []bool{true, true, false}),
		table.Amounts("net_sales_window", "money:EUR", []amount{12_345_678_900, -50, 150}, nil),
		table.Floats("margin_rate", "rate", []float64{0.1234, -0.5, math.NaN()}, nil),
		table.Ints("orders", "count", []int64{1234, 0, -1234567}, []bool{true, true, true}),
		table.Quantities("units", "quantity", []quantity{20_000, 15_000, 12_340_000_000}, nil),
		table.Days("last_day", "day", []civil.Day{19_723, civil.Unknown, 0}, nil),
		table.Bools("by_hand", "", []bool{true, false, false}, nil))
}

func TestWriteText(t *testing.T) {
	for _, c := range []struct {
		width int
		left  string
		want  string
	}{
		{0, "", `
customer_                              net_sales_  margin_                                       by_
id         name                            window     rate      orders      units    last_day   hand
4711       Able & Sons of the North  1,234,567.89    12.3%       1,234          2  2024-01-01   true
4712       空格有限公司                      0.00   -50.0%           0       1.50           -  false
c          -                                 0.02        -  -1,234,567  1,234,000  1970-01-01  false
`},
		{60, "units last_day by_hand", `
customer_                net_sales_  margin_
id         name              window     rate      orders
4711       Able & So…  1,234,567.89    12.3%       1,234
4712       空格有限…           0.00   -50.0%           0
c          -                   0.02        -  -1,234,567
`},
		{1, "name net_sales_window margin_rate orders units last_day by_hand", `
customer_
id
4711
4712
c
`},
	} {
		var b strings.Builder
		left, err := table.WriteText(&b, customers(t), c.width)
		if err != nil || strings.Join(left, " ") != c.left {
			t.Errorf("width %d: got %v left out, %v", c.width, left, err)
		}
		if got := "\n" + b.String(); got != c.want {
			t.Errorf("width %d: got %s\nwant %s", c.width, got, c.want)
		}
	}
}

// The JSON of a table reads back cell by cell with all digits.
func TestJSONReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, s := drawTableOf(t, []int{0, 1, 2, 9})
		defer tab.Release()
		var b bytes.Buffer
		if err := table.WriteJSON(&b, tab); err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(b.Bytes()))
		d.UseNumber()
		var rows []map[string]any
		if err := d.Decode(&rows); err != nil || d.More() {
			t.Fatalf("%v in %s", err, b.Bytes())
		}
		if len(rows) != tab.Rows() {
			t.Fatalf("got %d rows, want %d", len(rows), tab.Rows())
		}
		for i, row := range rows {
			for j, name := range s.names {
				got, want := row[name], jsonCell(s.cols[j][i])
				if f, ok := want.(float64); ok {
					if back, err := got.(json.Number).Float64(); err != nil || back != f {
						t.Fatalf("%s row %d: got %v, %v, want %v", name, i, got, err, f)
					}
				} else if got != want {
					t.Fatalf("%s row %d: got %v, want %v", name, i, got, want)
				}
			}
		}
	})
}

// jsonCell is how a cell comes out of encoding/json with numbers as they are written, doubles aside.
func jsonCell(c cell) any {
	switch v := c.(type) {
	case string:
		return strings.ToValidUTF8(v, string(utf8.RuneError))
	case civil.Day:
		return v.String()
	case int64:
		return json.Number(strconv.FormatInt(v, 10))
	case amount:
		return json.Number(v.String())
	case quantity:
		return json.Number(v.String())
	}
	return c
}

func TestStack(t *testing.T) {
	a := newTable(t, table.Ints("n", "count", []int64{1, 2}, nil), table.Coded("c", "class", []uint8{0, 1}, []string{"x", "y"}, nil))
	b := newTable(t, table.Ints("n", "", []int64{3}, nil), table.Strings("s", "", []string{"z"}, nil))
	got, err := table.Stack([]string{"s", "n", "c"}, a, b)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Release()
	var out strings.Builder
	if err := table.WriteCSV(&out, got, nil, table.CSVOptions{}); err != nil || out.String() != "s,n,c\n,1,x\n,2,y\nz,3,\n" {
		t.Errorf("got %q, %v", out.String(), err)
	}
	if n, _ := got.Column("n"); n.Unit != "count" {
		t.Errorf("got unit %q", n.Unit)
	}
	if _, err := table.Stack([]string{"q"}, a, b); !errors.Is(err, table.ErrNoColumn) {
		t.Errorf("got %v", err)
	}
	wrong := newTable(t, table.Strings("n", "", []string{"z"}, nil))
	if _, err := table.Stack([]string{"n"}, a, wrong); err == nil || !strings.Contains(err.Error(), "int64 in one and string in another") {
		t.Errorf("got %v", err)
	}
}
