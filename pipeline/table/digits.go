package table

import (
	"encoding/binary"
	"math/bits"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// cellRoom is the room that the functions here ask for, more than any number needs: they write eight
// digits at a time and say how many bytes count. The widths of numbers in a column vary, so deciding
// them by branches costs more than the digits do.
const cellRoom = 48

// digits8 are the eight decimal digits of u < 10^8 as numbers, one a byte, the first in the lowest.
// It halves the number in parallel: two of four digits, four of two, eight of one. Division by 100
// is by 10486 / 2^20 and by 10 is by 103 / 2^10, exact up to 9,999 and 99.
func digits8(u uint64) uint64 {
	four := u/10_000 | u%10_000<<32
	hundreds := four * 10_486 >> 20 & 0x7f_0000_007f
	two := hundreds | (four-100*hundreds)<<16
	tens := two * 103 >> 10 & 0x000f_000f_000f_000f
	return tens | (two-10*tens)<<8
}

const ascii = 0x3030_3030_3030_3030

// putUint writes u < 10^8 without leading zeros.
func putUint(to []byte, u uint64) int {
	d := digits8(u)
	skip := bits.TrailingZeros64(d|1<<56) &^ 7
	binary.LittleEndian.PutUint64(to, (d|ascii)>>skip)
	return 8 - skip/8
}

// put8 writes u < 10^8 with leading zeros.
func put8(to []byte, u uint64) { binary.LittleEndian.PutUint64(to, digits8(u)|ascii) }

// putBig writes any number.
func putBig(to []byte, u uint64) int {
	if u < 1e8 {
		return putUint(to, u)
	}
	n := putBig(to, u/1e8)
	put8(to[n:], u%1e8)
	return n + 8
}

func putInt(to *[cellRoom]byte, v int64) int {
	if v < 0 {
		to[0] = '-'
		return 1 + putBig(to[1:], -uint64(v))
	}
	return putBig(to[:], uint64(v))
}

// putAmount is money.Amount.Append: two decimals, then two more unless zero.
func putAmount(to *[cellRoom]byte, a money.Amount) int {
	n, u := 0, uint64(a)
	if a < 0 {
		to[0], n, u = '-', 1, -u
	}
	whole := u / 10_000
	n += putBig(to[n:], whole)
	d := digits8(u-whole*10_000) >> 32
	to[n] = '.'
	binary.LittleEndian.PutUint32(to[n+1:], uint32(d)|ascii&0xffff_ffff)
	used := bits.Len64(d | 1<<8) // bits up to the last digit that is not zero, the second at least
	return n + 1 + (used+7)/8
}

// putPlaces writes q / 10^places, 1 <= places <= 19, with all its decimals; the whole part is below
// 10^8.
func putPlaces(to []byte, q uint64, places int) int {
	unit := power10(places)
	whole := q / unit
	frac := q - whole*unit
	n := putUint(to, whole)
	to[n] = '.'
	n++
	end := n + places
	if places <= 8 {
		put8(to[n:], frac*power10(8-places)) // what follows the last place is written over
		return end
	}
	if places <= 16 {
		frac *= power10(16 - places)
	} else {
		top := frac / 1e16
		frac -= top * 1e16
		for i := places - 17; i >= 0; i-- {
			to[n+i] = byte('0' + top%10)
			top /= 10
		}
		n += places - 16
	}
	put8(to[n:], frac/1e8)
	put8(to[n+8:], frac%1e8)
	return end
}
