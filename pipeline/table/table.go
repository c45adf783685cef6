package table

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// ErrNoColumn says that a table or file lacks a column that was asked for.
var ErrNoColumn = errors.New("no such column")

// Table is a set of columns of one length; row i is the same customer in all of them. It is
// immutable, and its methods and the writers may be called from several goroutines.
type Table struct {
	cols  []Column
	index map[string]int
	rec   arrow.Record
}

// New makes a table of the columns, at least one. Every fault of the columns is in the error.
func New(cols ...Column) (*Table, error) {
	if len(cols) == 0 {
		return nil, errors.New("make a table: it needs a column")
	}
	return build(nil, slices.Clone(cols))
}

// With returns a table of the columns of t and then cols. All buffers are shared; both tables stay
// valid and each is released on its own.
func (t *Table) With(cols ...Column) (*Table, error) {
	return build(t.rec.Columns(), slices.Concat(t.cols, cols))
}

// build makes the table of cols, the first of which have Arrow arrays already.
func build(have []arrow.Array, cols []Column) (*Table, error) {
	t := &Table{cols: cols, index: make(map[string]int, len(cols))}
	var faults []error
	for i := range cols {
		c := &cols[i]
		if _, twice := t.index[c.Name]; twice {
			faults = append(faults, fmt.Errorf("column %q occurs twice", c.Name))
		}
		t.index[c.Name] = i
		if c.n != cols[0].n {
			faults = append(faults, fmt.Errorf("column %q has %d rows, %q has %d", c.Name, c.n, cols[0].Name, cols[0].n))
		}
		faults = append(faults, checkName(c.Name), c.err)
	}
	if cols[0].n > math.MaxInt32 {
		faults = append(faults, fmt.Errorf("%d rows, a row number has 31 bits", cols[0].n))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("make a table: %w", err)
	}
	arrays := slices.Clone(have)
	fields := make([]arrow.Field, len(cols))
	for i := range cols {
		fields[i] = cols[i].field(cols[i].memoryType())
		if i >= len(have) {
			arrays = append(arrays, cols[i].array())
		}
	}
	t.rec = array.NewRecord(arrow.NewSchema(fields, nil), arrays, int64(cols[0].n))
	for _, a := range arrays[len(have):] {
		a.Release() // the record holds it now
	}
	return t, nil
}

func checkName(name string) error {
	if name == "" || len(name) > 128 || !utf8.ValidString(name) {
		return fmt.Errorf("column name %q: want 1..128 bytes of UTF-8", name)
	}
	for _, r := range name {
		if unicode.IsControl(r) {
			return fmt.Errorf("column name %q has the control character %q", name, r)
		}
	}
	return nil
}

// Take returns a table of the rows of t, in their order; a row may come twice.
func (t *Table) Take(rows []int32) (*Table, error) {
	if err := t.checkRows(rows); err != nil {
		return nil, fmt.Errorf("take rows: %w", err)
	}
	cols := make([]Column, len(t.cols))
	for i := range cols {
		cols[i] = t.cols[i].take(rows)
	}
	return New(cols...)
}

// Rows is the number of rows.
func (t *Table) Rows() int { return t.cols[0].n }

// Columns are the columns in order; not to be written to.
func (t *Table) Columns() []Column { return t.cols }

// Column returns the column of a name.
func (t *Table) Column(name string) (*Column, bool) {
	i, ok := t.index[name]
	if !ok {
		return nil, false
	}
	return &t.cols[i], true
}

// Record is the table as an Arrow record. It belongs to the table: Retain it to keep it longer.
func (t *Table) Record() arrow.Record { return t.rec }

// Release gives up the table's hold on its Arrow arrays.
func (t *Table) Release() { t.rec.Release() }

// checkRows refuses a selection that reaches outside the table.
func (t *Table) checkRows(rows []int32) error {
	for i, r := range rows {
		if uint(r) >= uint(t.Rows()) {
			return fmt.Errorf("selection entry %d is row %d, the table has %d rows", i, r, t.Rows())
		}
	}
	return nil
}

// count is the number of rows that a selection has; nil means all.
func (t *Table) count(rows []int32) int {
	if rows == nil {
		return t.Rows()
	}
	return len(rows)
}

// stretch returns the table rows of output rows [lo, hi): a part of the selection, or the numbers
// themselves written to buf.
func stretch(rows []int32, lo, hi int, buf []int32) []int32 {
	if rows != nil {
		return rows[lo:hi]
	}
	buf = buf[:0]
	for i := lo; i < hi; i++ {
		buf = append(buf, int32(i))
	}
	return buf
}

// field is the Arrow field of the column, nullable, with its unit and, for fixed point, its decimals.
func (c *Column) field(t arrow.DataType) arrow.Field {
	var keys, values []string
	if c.Unit != "" {
		keys, values = append(keys, "unit"), append(values, c.Unit)
	}
	if c.kind == Amount || c.kind == Quantity {
		keys, values = append(keys, "decimal"), append(values, "18,4")
	}
	return arrow.Field{Name: c.Name, Type: t, Nullable: true, Metadata: arrow.NewMetadata(keys, values)}
}

// memoryType is the Arrow type of the column in a Record.
func (c *Column) memoryType() arrow.DataType {
	switch c.kind {
	case String:
		if c.codes.coded() {
			return &arrow.DictionaryType{IndexType: c.codes.arrowType(), ValueType: arrow.BinaryTypes.String}
		}
		return arrow.BinaryTypes.String
	case Float64:
		return arrow.PrimitiveTypes.Float64
	case Day:
		return arrow.FixedWidthTypes.Date32
	case Bool:
		return arrow.FixedWidthTypes.Boolean
	}
	return arrow.PrimitiveTypes.Int64
}

func (k *codes) arrowType() arrow.DataType {
	switch {
	case k.u8 != nil:
		return arrow.PrimitiveTypes.Uint8
	case k.u16 != nil:
		return arrow.PrimitiveTypes.Uint16
	}
	return arrow.PrimitiveTypes.Uint32
}

// array views the column's memory as an Arrow array.
func (c *Column) array() arrow.Array {
	switch c.kind {
	case String:
		if !c.codes.coded() {
			return makeArray(arrow.BinaryTypes.String, c.n, c.nulls, c.valid, raw(c.offs), c.text)
		}
		codes := makeArray(c.codes.arrowType(), c.n, c.nulls, c.valid, c.codes.raw())
		values := makeArray(arrow.BinaryTypes.String, len(c.offs)-1, 0, nil, raw(c.offs), c.text)
		defer codes.Release()
		defer values.Release()
		return array.NewDictionaryArray(c.memoryType(), codes, values)
	case Float64:
		return makeArray(c.memoryType(), c.n, c.nulls, c.valid, raw(c.floats))
	case Day:
		return makeArray(c.memoryType(), c.n, c.nulls, c.valid, raw(c.days))
	case Bool:
		return makeArray(c.memoryType(), c.n, c.nulls, c.valid, c.bits)
	}
	return makeArray(c.memoryType(), c.n, c.nulls, c.valid, raw(c.ints))
}

func (k *codes) raw() []byte {
	switch {
	case k.u8 != nil:
		return k.u8
	case k.u16 != nil:
		return raw(k.u16)
	}
	return raw(k.u32)
}

// makeArray puts an array over memory of the Go heap; no allocator takes part.
func makeArray(t arrow.DataType, n, nulls int, valid []byte, buffers ...[]byte) arrow.Array {
	bufs := []*memory.Buffer{nil}
	if valid != nil {
		bufs[0] = memory.NewBufferBytes(valid)
	}
	for _, b := range buffers {
		bufs = append(bufs, memory.NewBufferBytes(b))
	}
	data := array.NewData(t, n, bufs, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}
