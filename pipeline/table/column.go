package table

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"unsafe"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Kind is the type of a column.
type Kind uint8

// The kinds, with what they are in Parquet.
const (
	String   Kind = iota // STRING
	Int64                // INT64
	Float64              // DOUBLE
	Day                  // DATE
	Amount               // DECIMAL(18,4)
	Quantity             // DECIMAL(18,4)
	Bool                 // BOOLEAN
	kinds
)

// String is the name of the kind, as in the metadata of our Parquet files.
func (k Kind) String() string {
	if k >= kinds {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return [kinds]string{"string", "int64", "float64", "day", "amount", "quantity", "bool"}[k]
}

// Column is a named, typed, immutable vector of cells. The constructors keep the slices they are
// given: the caller must not write to them afterwards.
type Column struct {
	// Name is unique in a table; UTF-8 without control characters, 1..128 bytes.
	Name string
	// Unit says what the figures count: "days", "money:EUR", "probability", "count", "rate", or "".
	Unit string

	kind  Kind
	n     int
	nulls int
	valid []byte // bit i says that cell i is known; nil means all are
	err   error  // what the constructor found; New returns it

	ints   []int64 // Int64, Amount, Quantity
	floats []float64
	days   []civil.Day
	bits   []byte // Bool, packed like valid
	// String: cell i is text[offs[i]:offs[i+1]], or, where it is coded, the value of its code.
	offs  []int32
	text  []byte
	codes codes
}

// Strings copies the values into one buffer. More than 2 GiB of text in a column is an error of New.
// In all constructors valid[i] = false makes cell i null; nil means that all are known.
func Strings(name, unit string, values []string, valid []bool) Column {
	c := newColumn(name, unit, String, len(values), valid)
	c.setText(values)
	return c
}

// Coded makes a string column of few distinct values: cell i is values[codes[i]]. A code of a known
// cell beyond the values is an error of New.
func Coded[C uint8 | uint16 | uint32](name, unit string, codes []C, values []string, valid []bool) Column {
	c := newColumn(name, unit, String, len(codes), valid)
	c.setText(values)
	switch s := any(codes).(type) {
	case []uint8:
		c.codes.u8 = notNil(s)
	case []uint16:
		c.codes.u16 = notNil(s)
	case []uint32:
		c.codes.u32 = notNil(s)
	}
	for i, k := range codes {
		if uint64(k) >= uint64(len(values)) && c.Valid(i) && c.err == nil {
			c.err = fmt.Errorf("column %q row %d: code %d of %d values", name, i, k, len(values))
		}
	}
	return c
}

// notNil keeps an empty vector recognisable as the one in use.
func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// Ints makes a column of counts and other whole numbers.
func Ints(name, unit string, values []int64, valid []bool) Column {
	c := newColumn(name, unit, Int64, len(values), valid)
	c.ints = values
	return c
}

// Floats makes a column of rates, probabilities and other real numbers. NaN is null; an infinite
// value is an error of New.
func Floats(name, unit string, values []float64, valid []bool) Column {
	c := newColumn(name, unit, Float64, len(values), valid)
	c.floats = values
	for i, v := range values {
		if v-v == 0 { // finite
			continue
		}
		if math.IsNaN(v) {
			c.setNull(i)
		} else if c.err == nil && c.Valid(i) {
			c.err = fmt.Errorf("column %q row %d: %v is no finite number; unknown is null or NaN", name, i, v)
		}
	}
	return c
}

// Days makes a column of civil days. A day that is not known is null.
func Days(name, unit string, values []civil.Day, valid []bool) Column {
	c := newColumn(name, unit, Day, len(values), valid)
	c.days = values
	for i, d := range values {
		if !d.Known() {
			c.setNull(i)
		}
	}
	return c
}

// Amounts makes a column of money. An amount of 10^14 currency units or more is an error of New: it
// does not fit DECIMAL(18,4).
func Amounts(name, unit string, values []money.Amount, valid []bool) Column {
	return fixed(name, unit, Amount, recast[int64](values), valid)
}

// Quantities makes a column of quantities, of the range of Amounts.
func Quantities(name, unit string, values []money.Quantity, valid []bool) Column {
	return fixed(name, unit, Quantity, recast[int64](values), valid)
}

// decimalLimit is the least magnitude that needs more than the 18 digits of DECIMAL(18,4).
const decimalLimit = 1_000_000_000_000_000_000

func fixed(name, unit string, kind Kind, values []int64, valid []bool) Column {
	c := newColumn(name, unit, kind, len(values), valid)
	c.ints = values
	for i, v := range values {
		if (v >= decimalLimit || v <= -decimalLimit) && c.err == nil && c.Valid(i) {
			c.err = fmt.Errorf("column %q row %d: %s does not fit DECIMAL(18,4)", name, i, money.Amount(v))
		}
	}
	return c
}

// Bools makes a column of yes and no.
func Bools(name, unit string, values []bool, valid []bool) Column {
	c := newColumn(name, unit, Bool, len(values), valid)
	c.bits = pack(values)
	return c
}

func newColumn(name, unit string, kind Kind, n int, valid []bool) Column {
	c := Column{Name: name, Unit: unit, kind: kind, n: n}
	if valid == nil {
		return c
	}
	if len(valid) != n {
		c.err = fmt.Errorf("column %q: %d cells, but validity of %d", name, n, len(valid))
		return c
	}
	packed := pack(valid)
	c.nulls = n
	for _, b := range packed {
		c.nulls -= bits.OnesCount8(b)
	}
	if c.nulls > 0 {
		c.valid = packed
	}
	return c
}

// setNull is for constructors only.
func (c *Column) setNull(i int) {
	if c.err != nil || !c.Valid(i) {
		return
	}
	if c.valid == nil {
		c.valid = make([]byte, (c.n+7)/8)
		for j := range c.valid {
			c.valid[j] = 0xff
		}
	}
	c.valid[i>>3] &^= 1 << (i & 7)
	c.nulls++
}

func (c *Column) setText(values []string) {
	size := 0
	for _, v := range values {
		size += len(v)
	}
	c.offs = make([]int32, len(values)+1)
	if size > math.MaxInt32 {
		c.err = fmt.Errorf("column %q: %d bytes of text, at most 2 GiB fit a column", c.Name, size)
		return
	}
	c.text = make([]byte, 0, size)
	for i, v := range values {
		c.text = append(c.text, v...)
		c.offs[i+1] = int32(len(c.text))
	}
}

// pack makes bit i of value i. A bool is a byte of 0 or 1 in memory; the product gathers the low bits of
// eight bytes in the highest byte, where no carry reaches.
func pack(values []bool) []byte {
	b := make([]byte, (len(values)+7)/8)
	whole := len(values) &^ 7
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values))
	for i := 0; i < whole; i += 8 {
		b[i>>3] = byte(binary.LittleEndian.Uint64(bytes[i:]) * 0x0102040810204080 >> 56)
	}
	for i, v := range values[whole:] {
		if v {
			b[whole>>3] |= 1 << i
		}
	}
	return b
}
