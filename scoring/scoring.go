// Package scoring holds the few things that every model of a customer shares.
//
//  1. Class is what a Pareto analysis says about a customer; key accounts and tiers read it.
//  2. Descending ranks fixed-point keys in linear time; FloatKey makes a key of a model's output.
//  3. CompareProducts compares two shares exactly, without dividing.
//  4. Credibility shrinks a customer's own figure toward that of all customers as far as the data
//     of that customer are thin.
//
// Whatever stands here is a pure function of its arguments and the same for any number of workers.
package scoring

import (
	"cmp"
	"math"
	"math/bits"
)

// Class is the Pareto class of a customer under one measure. Its zero value says that the measure
// is unknown for the customer.
type Class uint8

// The classes: A, B and C of the customers above zero, Zero at zero and Loss below.
const (
	NoClass Class = iota
	A
	B
	C
	Zero
	Loss

	// Classes is the number of classes, NoClass included.
	Classes = int(Loss) + 1
)

// String is A, B, C, Z or L, and the empty string for NoClass.
func (c Class) String() string {
	switch c {
	case A:
		return "A"
	case B:
		return "B"
	case C:
		return "C"
	case Zero:
		return "Z"
	case Loss:
		return "L"
	}
	return ""
}

// CompareProducts is -1, 0 or +1 as a x b is less than, equal to or greater than c x d, computed in
// 128 bits. So a/d >= c/b is decided exactly for positive b and d.
func CompareProducts(a, b, c, d int64) int {
	xh, xl := product(a, b)
	yh, yl := product(c, d)
	return cmp.Or(cmp.Compare(xh, yh), cmp.Compare(xl, yl))
}

// product is a x b in two's complement.
func product(a, b int64) (hi int64, lo uint64) {
	h, lo := bits.Mul64(uint64(a), uint64(b))
	if a < 0 {
		h -= uint64(b)
	}
	if b < 0 {
		h -= uint64(a)
	}
	return int64(h), lo
}

// FloatKey maps a float64 that is not NaN to an integer of the same order; -0 and 0 are one key.
func FloatKey(f float64) int64 {
	b := int64(math.Float64bits(f + 0)) // -0 + 0 is +0
	if b < 0 {
		return b ^ math.MaxInt64
	}
	return b
}
