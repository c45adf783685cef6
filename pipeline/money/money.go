// Package money provides the fixed-point numbers of the engine and their checked arithmetic.
//
// Every amount is an int64 in 1/10,000 of the currency unit, every quantity an int64 with four
// implied decimals, every unit price and rate an int64 with eight. Sums of integers are exact and
// do not depend on their order, so a ledger built by any number of workers has the same totals to
// the last digit; float64 sums of the UCI retail set miscount the customers that lose money.
//
// No operation here wraps: each returns false where the result does not fit.
package money

import (
	"math"
	"math/bits"
	"strconv"
)

// Implied decimals of the types below, and one whole unit of each.
const (
	AmountScale   = 4
	QuantityScale = 4
	PriceScale    = 8
	RateScale     = 8

	One         Amount   = 10_000
	OneQuantity Quantity = 10_000
	OneRate     Rate     = 100_000_000
)

// Amount is money in 1/10,000 of the currency unit.
type Amount int64

// Quantity counts pieces, kilograms, metres or hours, with four implied decimals.
type Quantity int64

// Price is money per unit (or a discount in money) with eight implied decimals.
type Price int64

// Rate is a share with eight implied decimals: 0.1 is 10,000,000.
type Rate int64

// Add returns a + b, and false where the sum does not fit.
func Add(a, b Amount) (Amount, bool) {
	s := a + b
	return s, (s > a) == (b > 0)
}

// Sub returns a - b, and false where the difference does not fit.
func Sub(a, b Amount) (Amount, bool) {
	s := a - b
	return s, (s < a) == (b > 0)
}

// LineAmount is quantity x price x (1 - rate) - discount, computed in 128 bits and rounded half
// to even once. It returns false where a step does not fit 128 bits or the result does not fit.
func LineAmount(q Quantity, p Price, rate Rate, discount Price) (Amount, bool) {
	// Most lines fit 64 bits: whole pieces at a price of at most four decimals.
	if rate == 0 && discount == 0 && p%10_000 == 0 && q%10_000 == 0 {
		return mul(int64(q)/10_000, int64(p)/10_000).amount()
	}
	prod, ok := mul(int64(q), int64(p)), true // scale 12
	scale := uint64(100_000_000)              // 10^(12-4)
	if rate != 0 {
		if prod, ok = prod.times(int64(OneRate - rate)); !ok { // scale 20
			return 0, false
		}
		scale = 10_000_000_000_000_000
	}
	if discount != 0 {
		// discount has scale 8: bring it to the scale of the product.
		if prod, ok = prod.minus(mul(int64(discount), int64(scale/10_000))); !ok {
			return 0, false
		}
	}
	return prod.round(scale)
}

// Times is a x r rounded half to even, for conversion rates and shares of an amount.
func (a Amount) Times(r Rate) (Amount, bool) {
	return mul(int64(a), int64(r)).round(uint64(OneRate))
}

// Float is the amount in currency units. It is for models and for printing ratios, never for sums.
func (a Amount) Float() float64 { return float64(a) / float64(One) }

// String prints the exact value with at least two and at most four decimals.
func (a Amount) String() string { return string(a.Append(nil)) }

// Append appends what String returns.
func (a Amount) Append(dst []byte) []byte { return appendFixed(dst, int64(a), AmountScale, 2) }

// Float is the quantity in units.
func (q Quantity) Float() float64 { return float64(q) / float64(OneQuantity) }

// String prints the exact value without trailing zeros.
func (q Quantity) String() string { return string(q.Append(nil)) }

// Append appends what String returns.
func (q Quantity) Append(dst []byte) []byte { return appendFixed(dst, int64(q), QuantityScale, 0) }

// Float is the rate as a share of one.
func (r Rate) Float() float64 { return float64(r) / float64(OneRate) }

// String prints the exact value without trailing zeros.
func (r Rate) String() string { return string(appendFixed(nil, int64(r), RateScale, 0)) }

// String prints the exact value with at least two decimals.
func (p Price) String() string { return string(appendFixed(nil, int64(p), PriceScale, 2)) }

// appendFixed prints v with scale implied decimals, dropping trailing zeros down to least.
func appendFixed(dst []byte, v int64, scale, least int) []byte {
	u := uint64(v)
	if v < 0 {
		dst = append(dst, '-')
		u = -u
	}
	pow := uint64(pow10(scale))
	dst = strconv.AppendUint(dst, u/pow, 10)
	frac := u % pow
	n := scale
	for n > least && frac%10 == 0 {
		frac /= 10
		n--
	}
	if n == 0 {
		return dst
	}
	dst = append(dst, '.')
	for p := uint64(pow10(n - 1)); p > 0; p /= 10 {
		dst = append(dst, byte('0'+frac/p%10))
	}
	return dst
}

func pow10(n int) int64 {
	switch n { // what parsing asks for, without the loop
	case 0:
		return 1
	case 2:
		return 1e2
	case 4:
		return 1e4
	case 6:
		return 1e6
	case 8:
		return 1e8
	}
	p := int64(1)
	for ; n > 0; n-- {
		p *= 10
	}
	return p
}

// wide is a sign and a 128-bit magnitude.
type wide struct {
	hi, lo uint64
	neg    bool
}

func mul(a, b int64) wide {
	hi, lo := bits.Mul64(abs(a), abs(b))
	return wide{hi, lo, (a < 0) != (b < 0)}
}

func (w wide) times(f int64) (wide, bool) {
	h1, l1 := bits.Mul64(w.lo, abs(f))
	h2, l2 := bits.Mul64(w.hi, abs(f))
	hi, carry := bits.Add64(h1, l2, 0)
	return wide{hi, l1, w.neg != (f < 0)}, h2 == 0 && carry == 0
}

func (w wide) minus(o wide) (wide, bool) {
	if w.neg != o.neg { // magnitudes add
		lo, c := bits.Add64(w.lo, o.lo, 0)
		hi, c := bits.Add64(w.hi, o.hi, c)
		return wide{hi, lo, w.neg}, c == 0
	}
	lo, b := bits.Sub64(w.lo, o.lo, 0)
	hi, b := bits.Sub64(w.hi, o.hi, b)
	if b == 0 {
		return wide{hi, lo, w.neg}, true
	}
	lo, b = bits.Sub64(0, lo, 0)
	hi, _ = bits.Sub64(0, hi, b)
	return wide{hi, lo, !w.neg}, true
}

// round divides by a positive divisor, half to even.
func (w wide) round(div uint64) (Amount, bool) {
	if w.hi >= div {
		return 0, false // the quotient needs more than 64 bits
	}
	q, r := bits.Div64(w.hi, w.lo, div)
	half := div / 2
	if r > half || (r == half && div%2 == 0 && q&1 == 1) {
		q++
		if q == 0 {
			return 0, false
		}
	}
	return wide{0, q, w.neg}.amount()
}

func (w wide) amount() (Amount, bool) {
	if w.hi != 0 || w.lo > math.MaxInt64 {
		return 0, false
	}
	if w.neg {
		return -Amount(w.lo), true
	}
	return Amount(w.lo), true
}

func abs(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}
