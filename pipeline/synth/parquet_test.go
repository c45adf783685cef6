package synth

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// parquetRecords reads a Parquet file row by row and prints the cells as the CSV has them.
func parquetRecords(t testing.TB, data []byte) (rows []map[string]string, groups int) {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r := parquet.NewReader(f)
	defer r.Close()
	columns := f.Schema().Columns()
	leaves := make([]parquet.LeafColumn, len(columns))
	for i, path := range columns {
		leaves[i], _ = f.Schema().Lookup(path...)
	}
	buf := make([]parquet.Row, 100)
	for {
		n, err := r.ReadRows(buf)
		for _, row := range buf[:n] {
			m := map[string]string{}
			for i, v := range row {
				m[columns[i][0]] = printed(v, leaves[i].Node)
			}
			rows = append(rows, m)
		}
		if err == io.EOF {
			return rows, len(f.RowGroups())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func printed(v parquet.Value, n parquet.Node) string {
	if v.IsNull() {
		return ""
	}
	if logical := n.Type().LogicalType(); logical != nil {
		switch x := logical.Value.(type) {
		case *format.DateType:
			return civil.Day(v.Int32()).String()
		case *format.TimestampType:
			return time.UnixMicro(v.Int64()).UTC().Format(time.DateTime)
		case *format.DecimalType:
			return fmt.Sprintf("%.9f", float64(whole64(v))/math.Pow10(int(x.Scale)))
		}
	}
	switch v.Kind() {
	case parquet.Double:
		return fmt.Sprintf("%.9f", v.Double())
	case parquet.ByteArray:
		return string(v.ByteArray())
	case parquet.Boolean:
		return fmt.Sprint(v.Boolean())
	}
	return fmt.Sprint(whole64(v))
}

func whole64(v parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

// same compares rows cell by cell; numbers may be printed with more zeros.
func same(t *testing.T, what string, text, pq []map[string]string) {
	t.Helper()
	if len(text) != len(pq) {
		t.Fatalf("%s: %d rows in CSV, %d in Parquet", what, len(text), len(pq))
	}
	for i := range text {
		if len(text[i]) != len(pq[i]) {
			t.Fatalf("%s row %d: %d columns in CSV, %d in Parquet", what, i, len(text[i]), len(pq[i]))
		}
		for name, a := range text[i] {
			if b := pq[i][name]; a != b && (a == "" || b == "" || scaled(t, a, 20).Cmp(scaled(t, b, 20)) != 0) {
				t.Fatalf("%s row %d, %s: %q in CSV, %q in Parquet", what, i, name, a, b)
			}
		}
	}
}

func TestOrdersInCSVAndParquetAreTheSame(t *testing.T) {
	long := Demo() // orders longer than a batch of the column writer
	long.Customers, long.Prospects, long.Groups, long.Lines, long.LinesPerOrder, long.Days = 5, 0, 0, 0, 1000, 200
	long.Shares = [StoryCount]float64{}
	for _, tt := range []struct {
		name   string
		params Params
		o      Options
		groups int
	}{
		{"demo", Demo(), Options{}, 1},
		{"demo times", Demo(), Options{Times: true, RowGroup: 19_999}, 2},
		{"demo decimal", Demo(), Options{Decimal: true, RowGroup: 20_000}, 1},
		{"basic", Scale(100, 5000), Options{Columns: Basic, RowGroup: 2048}, 3},
		{"basic all", Scale(100, 4096), Options{Columns: Basic, Decimal: true, Times: true, RowGroup: 2047}, 3},
		{"one line", Scale(1, 1), Options{Columns: Basic}, 1},
		{"long orders", long, Options{}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := mustNew(t, tt.params)
			text, b := mustOrders(t, c, tt.o)
			o := tt.o
			o.Format = Parquet
			pq, b2 := mustOrders(t, c, o)
			rows, groups := parquetRecords(t, pq)
			same(t, tt.name, records(t, text), rows)
			if b.Totals != b2.Totals {
				t.Errorf("totals differ: %+v and %+v", b.Totals, b2.Totals)
			}
			if groups != tt.groups {
				t.Errorf("got %d row groups, want %d", groups, tt.groups)
			}
		})
	}
}

func TestParquetColumnsKeepTheirOrder(t *testing.T) {
	for _, set := range []Columns{Full, Basic} {
		p := Scale(3, 10)
		data, _ := mustOrders(t, mustNew(t, p), Options{Format: Parquet, Columns: set})
		f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, path := range f.Schema().Columns() {
			got = append(got, path[0])
		}
		if !slices.Equal(got, orderColumns(set)) {
			t.Errorf("got columns %v, want %v", got, orderColumns(set))
		}
	}
}

func TestSmallFilesInCSVAndParquetAreTheSame(t *testing.T) {
	c := mustNew(t, Demo())
	_, b := mustOrders(t, c, Options{})
	for name, write := range map[string]func(w io.Writer, f Format) error{
		"crm":      func(w io.Writer, f Format) error { return c.WriteCRM(context.Background(), w, f) },
		"products": c.WriteProducts,
		"truth":    func(w io.Writer, f Format) error { return c.WriteTruth(context.Background(), w, f, b) },
	} {
		var text, pq bytes.Buffer
		if err := write(&text, CSV); err != nil {
			t.Fatal(err)
		}
		if err := write(&pq, Parquet); err != nil {
			t.Fatal(err)
		}
		rows, _ := parquetRecords(t, pq.Bytes())
		want := records(t, text.Bytes())
		for i := range want { // doubles are compared at nine decimals
			for _, k := range []string{"purchase_rate", "mean_order_value", "margin_rate", "rate_factor"} {
				if v := want[i][k]; v != "" {
					var x float64
					fmt.Sscan(v, &x)
					want[i][k] = fmt.Sprintf("%.9f", x)
				}
			}
		}
		same(t, name, want, rows)
	}
}
