package table

import (
	"unsafe"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// codes are the codes of a Coded column in the width they were given; all nil for plain text.
type codes struct {
	u8  []uint8
	u16 []uint16
	u32 []uint32
}

func (k *codes) coded() bool { return k.u8 != nil || k.u16 != nil || k.u32 != nil }

func (k *codes) at(i int) int {
	switch {
	case k.u8 != nil:
		return int(k.u8[i])
	case k.u16 != nil:
		return int(k.u16[i])
	}
	return int(k.u32[i])
}

// Kind is the type of the column.
func (c *Column) Kind() Kind { return c.kind }

// Len is the number of cells.
func (c *Column) Len() int { return c.n }

// Nulls is the number of cells that are unknown.
func (c *Column) Nulls() int { return c.nulls }

// Valid reports whether cell i is known.
func (c *Column) Valid(i int) bool { return c.valid == nil || c.valid[i>>3]>>(i&7)&1 != 0 }

// Text is cell i of a String column, "" where it is null. It aliases the column's memory.
func (c *Column) Text(i int) string {
	c.must(String)
	if !c.Valid(i) {
		return ""
	}
	return unsafe.String(unsafe.SliceData(c.bytes(i)), len(c.bytes(i)))
}

// bytes is the text of a known cell.
func (c *Column) bytes(i int) []byte {
	if c.codes.coded() {
		i = c.codes.at(i)
	}
	return c.text[c.offs[i]:c.offs[i+1]:c.offs[i+1]]
}

// Coded reports whether a String column has codes; Values, Value and Code are for such columns.
func (c *Column) Coded() bool { return c.codes.coded() }

// Values is the number of values that codes stand for, in use or not; 0 where the column is not coded.
func (c *Column) Values() int {
	if !c.codes.coded() {
		return 0
	}
	return len(c.offs) - 1
}

// Value is the text of a code, 0 <= k < Values(). It aliases the column's memory.
func (c *Column) Value(k int) string {
	v := c.text[c.offs[k]:c.offs[k+1]]
	return unsafe.String(unsafe.SliceData(v), len(v))
}

// Code is the code of cell i, unspecified where it is null.
func (c *Column) Code(i int) int { return c.codes.at(i) }

// Bool is cell i of a Bool column, false where it is null.
func (c *Column) Bool(i int) bool {
	c.must(Bool)
	return c.Valid(i) && c.bits[i>>3]>>(i&7)&1 != 0
}

// Ints are the cells of an Int64 column. Like those of the next four, they are the column's own
// memory, not to be written to, and unspecified where a cell is null.
func (c *Column) Ints() []int64 { c.must(Int64); return c.ints }

// Floats are the cells of a Float64 column.
func (c *Column) Floats() []float64 { c.must(Float64); return c.floats }

// Days are the cells of a Day column.
func (c *Column) Days() []civil.Day { c.must(Day); return c.days }

// Amounts are the cells of an Amount column.
func (c *Column) Amounts() []money.Amount { c.must(Amount); return recast[money.Amount](c.ints) }

// Quantities are the cells of a Quantity column.
func (c *Column) Quantities() []money.Quantity {
	c.must(Quantity)
	return recast[money.Quantity](c.ints)
}

func (c *Column) must(k Kind) {
	if c.kind != k {
		panic("table: column " + c.Name + " is of kind " + c.kind.String() + ", not " + k.String())
	}
}

// take copies the cells of the rows, in their order.
func (c *Column) take(rows []int32) Column {
	t := *c
	t.n, t.nulls, t.valid = len(rows), 0, nil
	if c.valid != nil {
		t.valid = takeBits(c.valid, rows)
		for i := range rows {
			if !t.Valid(i) {
				t.nulls++
			}
		}
	}
	switch c.kind {
	case Float64:
		t.floats = takeAll(c.floats, rows)
	case Day:
		t.days = takeAll(c.days, rows)
	case Bool:
		t.bits = takeBits(c.bits, rows)
	case String:
		t.takeText(c, rows)
	default:
		t.ints = takeAll(c.ints, rows)
	}
	return t
}

func (t *Column) takeText(c *Column, rows []int32) {
	switch {
	case c.codes.u8 != nil:
		t.codes.u8 = takeAll(c.codes.u8, rows)
	case c.codes.u16 != nil:
		t.codes.u16 = takeAll(c.codes.u16, rows)
	case c.codes.u32 != nil:
		t.codes.u32 = takeAll(c.codes.u32, rows)
	default:
		t.offs, t.text = make([]int32, len(rows)+1), nil
		for i, r := range rows {
			t.text = append(t.text, c.bytes(int(r))...)
			t.offs[i+1] = int32(len(t.text))
		}
	}
}

func takeAll[T any](s []T, rows []int32) []T {
	t := make([]T, len(rows))
	for i, r := range rows {
		t[i] = s[r]
	}
	return t
}

func takeBits(b []byte, rows []int32) []byte {
	t := make([]byte, (len(rows)+7)/8)
	for i, r := range rows {
		t[i>>3] |= b[r>>3] >> (r & 7) & 1 << (i & 7)
	}
	return t
}

// word are the types that differ from each other in name only, size by size.
type word interface {
	~int32 | ~int64 | ~float64 | ~uint16 | ~uint32
}

// recast views a slice as one of another type of the same size.
func recast[T, F word](s []F) []T {
	var t T
	var f F
	if unsafe.Sizeof(t) != unsafe.Sizeof(f) {
		panic("table: recast between sizes")
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}

// raw views a slice as its bytes in memory, which is what an Arrow buffer is.
func raw[F word](s []F) []byte {
	var f F
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(f)))
}
