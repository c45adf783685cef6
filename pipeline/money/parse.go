package money

import (
	"math"
	"math/bits"
	"strconv"
)

// Parse reads a plain decimal number ([+-]digits[.digits][e[+-]digits], nothing else) at a scale
// of 0..8 implied decimals. Digits beyond the scale round half to even. It returns false where b
// is no such number or does not fit an int64 at that scale.
//
// It does not allocate: it is the inner loop of ingest.
func Parse(b []byte, scale int) (int64, bool) {
	i, neg := 0, false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		neg = b[0] == '-'
		i = 1
	}
	var v uint64
	start := i
	for i < len(b) && b[i]-'0' <= 9 {
		v = v*10 + uint64(b[i]-'0')
		i++
	}
	whole := i - start
	left := scale
	digits := whole
	if i < len(b) && b[i] == '.' {
		i++
		for i < len(b) && b[i]-'0' <= 9 {
			if left == 0 {
				return parseLong(b, scale)
			}
			v = v*10 + uint64(b[i]-'0')
			left--
			digits++
			i++
		}
	}
	// 18 digits cannot overflow, also after the padding below.
	if digits == 0 || digits+left > 18 || i < len(b) {
		return parseLong(b, scale)
	}
	v *= uint64(pow10(left))
	if neg {
		return -int64(v), true
	}
	return int64(v), true
}

// parseLong is Parse for exponents, long digit strings and digits beyond the scale.
func parseLong(b []byte, scale int) (int64, bool) {
	d, ok := scanDecimal(b)
	if !ok {
		return 0, false
	}
	return d.at(scale)
}

// decimal is mant x 10^exp and digits beyond mant that were dropped: the first of them, whether others
// follow that are not zero, and whether any is not zero.
type decimal struct {
	mant         uint64
	exp          int
	neg          bool
	dropped      bool
	first        uint64
	rest, sticky bool
}

func scanDecimal(b []byte) (d decimal, ok bool) {
	i := 0
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		d.neg = b[i] == '-'
		i++
	}
	digits := 0
	point, full := false, false
	for ; i < len(b); i++ {
		if b[i] == '.' && !point {
			point = true
			continue
		}
		if b[i] < '0' || b[i] > '9' {
			break
		}
		digits++
		c := uint64(b[i] - '0')
		if full = full || d.mant > (math.MaxUint64-9)/10; !full {
			d.mant = d.mant*10 + c
			if point {
				d.exp--
			}
			continue
		}
		// The mantissa is full: it decides every result that fits, the other digits only how it rounds.
		if !d.dropped {
			d.dropped, d.first = true, c
		} else if c != 0 {
			d.rest = true
		}
		d.sticky = d.sticky || c != 0
		if !point {
			d.exp++
		}
	}
	if digits == 0 {
		return d, false
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		e, err := strconv.Atoi(string(b[i+1:]))
		if err != nil || e > 400 || e < -400 {
			return d, false
		}
		d.exp += e
		i = len(b)
	}
	return d, i == len(b)
}

// at brings d to scale implied decimals, half to even.
func (d decimal) at(scale int) (int64, bool) {
	shift := d.exp + scale
	v := d.mant
	switch {
	case v == 0 && !d.sticky:
		return 0, true
	case shift > 19 || (shift > 0 && d.sticky) || v > math.MaxInt64 && shift >= 0:
		return 0, false
	case shift == 0:
		if d.first > 5 || d.first == 5 && (d.rest || v&1 == 1) {
			v++
		}
	case shift > 0:
		hi, lo := bits.Mul64(v, upow10(shift))
		if hi != 0 {
			return 0, false
		}
		v = lo
	case shift < -19:
		v = 0 // below a half for every mantissa: 1.8e19 x 10^-20
	default:
		div := upow10(-shift)
		q, r := v/div, v%div
		half := div / 2
		if r > half || (r == half && (d.sticky || q&1 == 1)) {
			q++
		}
		v = q
	}
	if v > math.MaxInt64 {
		return 0, false
	}
	if d.neg {
		return -int64(v), true
	}
	return int64(v), true
}

func upow10(n int) uint64 {
	p := uint64(1)
	for ; n > 0; n-- {
		p *= 10
	}
	return p
}

// FromFloat reads a float64 as the shortest decimal that prints it, the number its writer meant,
// at a scale of 0..8 implied decimals, half to even. NaN, infinities and values that do not fit
// return false.
func FromFloat(f float64, scale int) (int64, bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, false
	}
	if r := math.RoundToEven(f); r == f && math.Abs(f) < 1e9 {
		return int64(r) * pow10(scale), true // whole numbers need no digits
	}
	// Prices mostly have at most four decimals. If f is the float64 nearest to r/10,000 and r has at
	// most 15 digits, r/10,000 is its shortest decimal: decimals of 15 digits tell float64s apart.
	if r := math.RoundToEven(f * 1e4); scale >= 4 && math.Abs(r) < 1e14 && r/1e4 == f {
		return int64(r) * pow10(scale-4), true
	}
	var buf [32]byte
	return Parse(strconv.AppendFloat(buf[:0], f, 'e', -1, 64), scale)
}

// Rescale brings v from one number of implied decimals to another, half to even.
func Rescale(v int64, from, to int) (int64, bool) {
	d := decimal{mant: abs(v), exp: -from, neg: v < 0}
	return d.at(to)
}
