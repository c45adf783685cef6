package table

import (
	"math"
	"math/bits"
	"strconv"
)

// putFloat writes the shortest 'g' form of a finite number, as strconv does, but -0 as 0. Whole
// numbers below a million and most others in [0.001, 1000000) take short ways of their own.
func putFloat(to *[cellRoom]byte, f float64) int {
	if -1e6 < f && f < 1e6 && f == float64(int64(f)) {
		return putInt(to, int64(f))
	}
	q, places, ok := shortest(math.Abs(f))
	if !ok {
		return len(strconv.AppendFloat(to[:0], f, 'g', -1, 64))
	}
	n := 0
	if f < 0 {
		to[0], n = '-', 1
	}
	return n + putPlaces(to[n:], q, places)
}

// shortest finds the decimal q / 10^places of fewest digits that reads back as f, the nearest to f
// of those. It says false outside [0.001, 1000000), where f is a power of two, and for ties.
//
// f is m / 2^e. In units of 10^-p, p such that f has 17 digits, f is m x 10^p / 2^e, and what rounds
// to f is the open interval of (m +- 1/2) x 10^p / 2^e. 128 bits hold all of this exactly, since
// m < 2^53 and p <= 19. The ends are never whole, for 2^e does not divide 10^p/2 times an odd number
// (p - 1 < 33 <= e). The interval is symmetric, because m is no power of two, so the multiple of
// 10^j nearest to f lies in it where any does.
func shortest(f float64) (q uint64, places int, ok bool) {
	if !(f >= 1e-3 && f < 1e6) {
		return 0, 0, false
	}
	b := math.Float64bits(f)
	m, e := b&(1<<52-1), uint(1075-b>>52) // 33 <= e <= 62
	if m == 0 {
		return 0, 0, false
	}
	m |= 1 << 52
	p := places17(f)
	scale := power10(p)
	hi, lo := bits.Mul64(m, scale)
	upLo, carry := bits.Add64(lo, scale/2, 0)
	downLo, borrow := bits.Sub64(lo, scale/2, 0)
	most := (hi+carry)<<(64-e) | upLo>>e
	least := (hi-borrow)<<(64-e) | downLo>>e + 1
	unit, j := uint64(1), 0
	for {
		most, least = most/10, (least+9)/10 // in units of the next power
		if most < least {
			break
		}
		unit, j = unit*10, j+1
	}
	whole := hi<<(64-e) | lo>>e
	rest, fraction := whole%unit*2, lo&(1<<e-1)
	if unit == 1 { // the half is below the whole part
		rest, fraction = fraction>>(e-1), fraction&(1<<(e-1)-1)
	}
	if rest == unit && fraction == 0 {
		return 0, 0, false
	}
	q = whole / unit
	if rest >= unit {
		q++
	}
	return q, p - j, p > j
}

// places17 is how many decimals give f 17 digits, for f in [0.001, 1000000).
func places17(f float64) int {
	switch {
	case f < 1e-2:
		return 19
	case f < 1e-1:
		return 18
	case f < 1:
		return 17
	case f < 1e1:
		return 16
	case f < 1e2:
		return 15
	case f < 1e3:
		return 14
	case f < 1e4:
		return 13
	case f < 1e5:
		return 12
	}
	return 11
}

// power10 is 10^n for n in 0..19.
func power10(n int) uint64 {
	return [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}[n]
}
