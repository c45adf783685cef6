package table_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"pgregory.net/rapid"
)

// cell is a naive cell: nil for null, else string, int64, float64, civil.Day, money.Amount,
// money.Quantity or bool.
type cell any

// shadow is a table as the tests know it: a slice of cells per column.
type shadow struct {
	names, units []string
	kinds        []table.Kind
	cols         [][]cell
}

// sizes are row counts on both sides of the borders of row groups of 1,000, batches of 1,024 and
// CSV blocks of 4,096.
var sizes = []int{0, 1, 2, 7, 8, 9, 999, 1000, 1001, 1023, 1024, 1025, 2000, 4095, 4096, 4097}

// drawTable makes a table of random columns, and its shadow.
func drawTable(t *rapid.T) (*table.Table, shadow) { return drawTableOf(t, sizes) }

func drawTableOf(t *rapid.T, sizes []int) (*table.Table, shadow) {
	n := rapid.SampledFrom(sizes).Draw(t, "rows")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	var s shadow
	var cols []table.Column
	for i, k := range rapid.SliceOfN(rapid.IntRange(0, 9), 1, 12).Draw(t, "kinds") {
		name := string(rune('a'+i)) + rapid.SampledFrom([]string{"", "_x", ", y", " \"q\"", "é"}).Draw(t, "name")
		unit := rapid.SampledFrom([]string{"", "days", "money:EUR"}).Draw(t, "unit")
		c, cells := drawColumn(rng, k, name, unit, n, rapid.SampledFrom([]float64{0, 0.01, 0.5, 1}).Draw(t, "nulls"))
		cols = append(cols, c)
		s.names, s.units = append(s.names, name), append(s.units, unit)
		s.kinds, s.cols = append(s.kinds, c.Kind()), append(s.cols, cells)
	}
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	return tab, s
}

var words = []string{"", "core", "key", "a,b", "say \"hi\"", "two\nlines", "cr\rhere", "'", "=1+1", " -x", "＝x", "é中", "x\ty", "0"}

func drawColumn(rng *rand.Rand, kind int, name, unit string, n int, nulls float64) (table.Column, []cell) {
	var valid []bool
	cells := make([]cell, n)
	if nulls > 0 {
		valid = make([]bool, n)
		for i := range valid {
			valid[i] = rng.Float64() >= nulls
		}
	}
	known := func(i int) bool { return valid == nil || valid[i] }
	whole := func() int64 { return rng.Int64() >> rng.IntN(64) * (1 - 2*rng.Int64N(2)) }
	switch kind {
	case 0:
		v := fill(cells, known, n, func() string { return words[rng.IntN(len(words))] + words[rng.IntN(len(words))] })
		return table.Strings(name, unit, v, valid), cells
	case 1:
		return drawCoded[uint8](rng, name, unit, cells, valid, known)
	case 2:
		return drawCoded[uint16](rng, name, unit, cells, valid, known)
	case 3:
		return drawCoded[uint32](rng, name, unit, cells, valid, known)
	case 4:
		v := fill(cells, known, n, whole)
		return table.Ints(name, unit, v, valid), cells
	case 5:
		v := fill(cells, known, n, func() float64 {
			return []float64{rng.Float64(), 0, math.Copysign(0, -1), 1e300, -1.5, 1e6, -1e6, 999999, -999999, 1e20,
				float64(rng.IntN(2000) - 1000), 999999.5, 123456789, math.SmallestNonzeroFloat64}[rng.IntN(14)]
		})
		for i := range v { // NaN is null without any validity
			if rng.IntN(50) == 0 {
				v[i], cells[i] = math.NaN(), nil
			}
		}
		return table.Floats(name, unit, v, valid), cells
	case 6:
		v := fill(cells, known, n, func() civil.Day { return civil.Min + civil.Day(rng.Int32N(int32(civil.Max-civil.Min)+1)) })
		for i := range v {
			if rng.IntN(50) == 0 {
				v[i], cells[i] = civil.Unknown, nil
			}
		}
		return table.Days(name, unit, v, valid), cells
	case 7:
		v := fill(cells, known, n, func() money.Amount { return money.Amount(whole() % 1e18) })
		return table.Amounts(name, unit, v, valid), cells
	case 8:
		v := fill(cells, known, n, func() money.Quantity { return money.Quantity(whole() % 1e18) })
		return table.Quantities(name, unit, v, valid), cells
	}
	v := fill(cells, known, n, func() bool { return rng.IntN(2) == 0 })
	return table.Bools(name, unit, v, valid), cells
}

// fill draws values also below nulls, where they must not show.
func fill[T any](cells []cell, known func(int) bool, n int, draw func() T) []T {
	v := make([]T, n)
	for i := range v {
		v[i] = draw()
		if known(i) {
			cells[i] = v[i]
		}
	}
	return v
}

func drawCoded[C uint8 | uint16 | uint32](rng *rand.Rand, name, unit string, cells []cell, valid []bool, known func(int) bool) (table.Column, []cell) {
	codes := make([]C, len(cells))
	for i := range codes {
		codes[i] = C(rng.IntN(len(words)))
		if known(i) {
			cells[i] = words[codes[i]]
		}
	}
	return table.Coded(name, unit, codes, words, valid), cells
}

// drawRows draws a selection: all, none, or rows in any order with repetitions.
func drawRows(t *rapid.T, n int) []int32 {
	switch rapid.IntRange(0, 3).Draw(t, "selection") {
	case 0:
		return nil
	case 1:
		return []int32{}
	}
	if n == 0 {
		return nil
	}
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "selection seed"), 2))
	rows := make([]int32, rng.IntN(2*n+1))
	for i := range rows {
		rows[i] = rng.Int32N(int32(n))
	}
	return rows
}

// pick is the naive twin of a selection.
func (s shadow) pick(rows []int32) [][]cell {
	if rows == nil {
		return s.cols
	}
	out := make([][]cell, len(s.cols))
	for c := range out {
		out[c] = make([]cell, len(rows))
		for i, r := range rows {
			out[c][i] = s.cols[c][r]
		}
	}
	return out
}

// cellOf reads a cell through the accessors of a column.
func cellOf(c *table.Column, i int) cell {
	if !c.Valid(i) {
		return nil
	}
	switch c.Kind() {
	case table.String:
		return c.Text(i)
	case table.Int64:
		return c.Ints()[i]
	case table.Float64:
		return c.Floats()[i]
	case table.Day:
		return c.Days()[i]
	case table.Amount:
		return c.Amounts()[i]
	case table.Quantity:
		return c.Quantities()[i]
	}
	return c.Bool(i)
}

func same(a, b cell) bool {
	if x, ok := a.(float64); ok {
		y, ok := b.(float64)
		return ok && math.Float64bits(x) == math.Float64bits(y)
	}
	return a == b
}

func TestColumnsHoldTheirCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, s := drawTable(t)
		defer tab.Release()
		for j := range tab.Columns() {
			c, ok := tab.Column(s.names[j])
			nulls := 0
			if !ok || c.Len() != tab.Rows() || c.Unit != s.units[j] || c.Kind() != s.kinds[j] {
				t.Fatalf("column %q: %v, %+v", s.names[j], ok, c)
			}
			for i, want := range s.cols[j] {
				if got := cellOf(c, i); !same(got, want) {
					t.Fatalf("%s row %d: got %v, want %v", c.Name, i, got, want)
				}
				if want == nil {
					nulls++
				}
				if got := arrowCell(c.Kind(), tab.Record().Column(j), i); !same(got, want) {
					t.Fatalf("%s row %d: the record has %v, want %v", c.Name, i, got, want)
				}
			}
			if c.Nulls() != nulls || tab.Record().Column(j).NullN() != nulls {
				t.Fatalf("%s: got %d, %d nulls, want %d", c.Name, c.Nulls(), tab.Record().Column(j).NullN(), nulls)
			}
			unit, _ := tab.Record().Schema().Field(j).Metadata.GetValue("unit")
			if unit != s.units[j] {
				t.Fatalf("%s: unit %q, want %q", c.Name, unit, s.units[j])
			}
		}
	})
}

// arrowCell reads a cell of an Arrow array of a table or of an IPC file.
func arrowCell(kind table.Kind, a arrow.Array, i int) cell {
	if a.IsNull(i) {
		return nil
	}
	switch a := a.(type) {
	case *array.String:
		return a.Value(i)
	case *array.Dictionary:
		return a.Dictionary().(*array.String).Value(a.GetValueIndex(i))
	case *array.Int64:
		return fixedCell(kind, a.Value(i))
	case *array.Decimal128:
		return fixedCell(kind, int64(a.Value(i).LowBits()))
	case *array.Float64:
		return a.Value(i)
	case *array.Date32:
		return civil.Day(a.Value(i))
	case *array.Boolean:
		return a.Value(i)
	}
	return "an array of another type: " + a.DataType().Name()
}

func fixedCell(kind table.Kind, v int64) cell {
	switch kind {
	case table.Amount:
		return money.Amount(v)
	case table.Quantity:
		return money.Quantity(v)
	}
	return v
}

func TestNewRefuses(t *testing.T) {
	id := table.Strings("id", "", []string{"a", "b"}, nil)
	for _, c := range []struct {
		name string
		cols []table.Column
		want string
	}{
		{"no column", nil, "needs a column"},
		{"lengths", []table.Column{id, table.Ints("n", "", []int64{1}, nil)}, `"n" has 1 rows, "id" has 2`},
		{"a name twice", []table.Column{id, id}, `"id" occurs twice`},
		{"no name", []table.Column{table.Ints("", "", []int64{1}, nil)}, "column name"},
		{"a line break in a name", []table.Column{table.Ints("a\nb", "", nil, nil)}, "control character"},
		{"bad UTF-8 in a name", []table.Column{table.Ints("a\xff", "", nil, nil)}, "UTF-8"},
		{"validity", []table.Column{table.Ints("n", "", []int64{1}, []bool{true, true})}, "validity of 2"},
		{"a code", []table.Column{table.Coded("c", "", []uint8{0, 1}, []string{"x"}, nil)}, "row 1: code 1 of 1"},
		{"infinite", []table.Column{table.Floats("f", "", []float64{0, math.Inf(-1)}, nil)}, "row 1: -Inf"},
		{"too much money", []table.Column{table.Amounts("m", "", []money.Amount{1e18}, nil)}, "row 0: 100000000000000.00 does not fit"},
		{"too much debt", []table.Column{table.Amounts("m", "", []money.Amount{-1e18}, nil)}, "does not fit"},
	} {
		if _, err := table.New(c.cols...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	// What is below a null is nobody's business.
	tab, err := table.New(
		table.Floats("f", "", []float64{math.Inf(1)}, []bool{false}), table.Coded("c", "", []uint8{9}, nil, []bool{false}),
		table.Amounts("m", "", []money.Amount{math.MinInt64}, []bool{false}))
	if err != nil {
		t.Fatal(err)
	}
	tab.Release()
}

func TestWithSharesAndRefuses(t *testing.T) {
	a, err := table.New(table.Ints("n", "count", []int64{1, 2, 3}, nil))
	if err != nil {
		t.Fatal(err)
	}
	b, err := a.With(table.Bools("yes", "", []bool{true, false, true}, nil))
	if err != nil {
		t.Fatal(err)
	}
	a.Release()
	n, _ := b.Column("n")
	if b.Rows() != 3 || len(b.Columns()) != 2 || cmp.Diff([]int64{1, 2, 3}, n.Ints()) != "" {
		t.Errorf("got %+v", b.Columns())
	}
	first, _ := a.Column("n")
	if &first.Ints()[0] != &n.Ints()[0] {
		t.Error("With copied a column")
	}
	if _, err := b.With(table.Ints("n", "", []int64{1, 2, 3}, nil)); err == nil {
		t.Error("a name twice was accepted")
	}
	if _, err := b.With(table.Ints("m", "", []int64{1}, nil)); err == nil {
		t.Error("another length was accepted")
	}
	if _, ok := b.Column("m"); ok {
		t.Error("found a column that is not there")
	}
	b.Release()
}

func TestSelectionOutsideTheTable(t *testing.T) {
	tab, _ := table.New(table.Ints("n", "", []int64{1, 2}, nil))
	for _, rows := range [][]int32{{0, 2}, {-1}} {
		var w strings.Builder
		err := errors.Join(nil, table.WriteCSV(&w, tab, rows, table.CSVOptions{}))
		if err == nil || table.WriteParquet(&w, tab, rows, table.ParquetOptions{}) == nil ||
			table.WriteArrow(&w, tab, rows, table.ArrowOptions{}) == nil || w.Len() > 0 {
			t.Errorf("rows %v: got %v and %d bytes", rows, err, w.Len())
		}
	}
}
