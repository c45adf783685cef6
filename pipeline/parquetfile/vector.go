package parquetfile

import (
	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// Vector holds one column's values of a batch. Its slices are reused: they are valid until the next call
// of Next or Close on the GroupReader, and the caller must not change them.
type Vector struct {
	Kind  Kind
	Scale int  // decimal places of a Decimal
	Unit  Unit // of a Timestamp or TimeOfDay
	UTC   bool // timestamps are instants
	Len   int  // rows

	// Valid says which rows have a value; nil if all have. A row without one holds zero everywhere.
	Valid []bool

	// Codes are indices into Dict, for rows of a dictionary-encoded page; else both are nil. A row
	// without a value has code 0. Ints and Floats are filled in either case.
	Codes []uint32
	Dict  *Dictionary

	Values
	floatBits int // 32 or 64: how many of a Float's digits are meant
}

// Dictionary holds the distinct values of one column chunk. It is immutable and stays valid after the
// GroupReader is closed. A chunk has one at most, so whoever maps values to ids needs to do it again
// only when the pointer changes.
type Dictionary struct {
	n int
	Values
}

// Len returns the number of entries.
func (d *Dictionary) Len() int { return d.n }

// Values is the storage of a vector or dictionary; which field is in use depends on the Kind.
type Values struct {
	// Ints holds Bool, Int, Uint, Decimal, Day, TimeOfDay and Timestamp values.
	Ints []int64
	// Floats holds Float values.
	Floats []float64
	// Over marks values that int64 cannot hold, of Uint, Decimal and Timestamp (INT96); nil if there are
	// none. Append still writes a Uint or Decimal in full.
	Over []bool

	spans []span // into raw: Bytes, and Decimals stored as bytes
	raw   []byte
}

// span is a range of bytes; a page is smaller than 2 GiB.
type span struct{ from, to uint32 }

// Bytes returns the value of entry i of a Bytes vector or dictionary; for a Decimal that was stored as
// bytes, those bytes: big-endian two's complement.
func (s *Values) Bytes(i int) []byte {
	if i >= len(s.spans) {
		return nil
	}
	at := s.spans[i]
	return s.raw[at.from:at.to:at.to]
}

// Bytes returns the value of row i of a Bytes vector, nil if it has none.
func (v *Vector) Bytes(i int) []byte {
	if v.Valid != nil && !v.Valid[i] {
		return nil
	}
	if v.Dict != nil {
		return v.Dict.Bytes(int(v.Codes[i]))
	}
	return v.Values.Bytes(i)
}

// Null reports whether row i has no value.
func (v *Vector) Null(i int) bool { return v.Valid != nil && !v.Valid[i] }

// IsOver reports whether row i holds a number that int64 cannot.
func (v *Vector) IsOver(i int) bool { return v.Over != nil && v.Over[i] }

// Day returns the civil day of row i of a Day or Timestamp vector, the day that a timestamp's own clock
// shows (UTC for instants); false if the row has no value or it lies outside civil.Min..civil.Max.
func (v *Vector) Day(i int) (civil.Day, bool) {
	if v.Null(i) || v.IsOver(i) {
		return civil.Unknown, false
	}
	days := v.Ints[i]
	if v.Kind == Timestamp {
		days, _ = floorDiv(days, int64(v.Unit)*secondsPerDay)
	}
	if days < int64(civil.Min) || days > int64(civil.Max) {
		return civil.Unknown, false
	}
	return civil.Day(days), true
}

// Seconds returns the second of the day, 0..86399, of row i of a Timestamp or TimeOfDay vector; 0 if the
// row has no value.
func (v *Vector) Seconds(i int) int {
	_, within := floorDiv(v.Ints[i], int64(v.Unit)*secondsPerDay)
	return int(within / int64(v.Unit))
}

const secondsPerDay = 86400

// floorDiv returns the quotient rounded down and the remainder 0 <= r < b, for b > 0.
func floorDiv(a, b int64) (q, r int64) {
	q, r = a/b, a%b
	if r < 0 {
		q, r = q-1, r+b
	}
	return q, r
}

// spread moves the k values at the front of s to the rows that are valid, from the back so that none is
// overwritten before it moved, and zeroes the others.
func spread[T any](s []T, valid []bool, k int) []T {
	if cap(s) < len(valid) {
		grown := make([]T, len(valid))
		copy(grown, s[:k])
		s = grown
	}
	s = s[:len(valid)]
	var zero T
	for i := len(valid) - 1; i >= 0; i-- {
		if valid[i] {
			k--
			s[i] = s[k]
		} else {
			s[i] = zero
		}
	}
	return s
}
