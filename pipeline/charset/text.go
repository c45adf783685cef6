package charset

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// highBits is the top bit of each of eight bytes: none is set in ASCII.
const highBits = 0x8080808080808080

// asciiLen is how many bytes b begins with that are ASCII.
func asciiLen(b []byte) int {
	i := 0
	for ; len(b)-i >= 32; i += 32 {
		w := b[i : i+32 : i+32]
		if (binary.LittleEndian.Uint64(w)|binary.LittleEndian.Uint64(w[8:])|
			binary.LittleEndian.Uint64(w[16:])|binary.LittleEndian.Uint64(w[24:]))&highBits != 0 {
			break
		}
	}
	for ; len(b)-i >= 8; i += 8 {
		if w := binary.LittleEndian.Uint64(b[i:]) & highBits; w != 0 {
			return i + bits.TrailingZeros64(w)/8
		}
	}
	for i < len(b) && b[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// validLen is how many bytes b begins with that are whole characters of UTF-8. It is faster
// than utf8.Valid where the text is not ASCII: it looks at the bytes of a character in one word.
func validLen(b []byte) int {
	i := 0
	for {
		i += asciiLen(b[i:])
		for len(b)-i >= 4 && b[i] >= utf8.RuneSelf {
			w := binary.LittleEndian.Uint32(b[i:])
			lead, high := w&0x0f, w&0x2000 // high: the second byte is A0 or more
			switch {
			// E0 wants a high second byte (else it is too long a form), ED a low one (else a surrogate).
			case w&0x00c0c0f0 == 0x008080e0 && (lead != 0 || high != 0) && (lead != 0x0d || high == 0):
				i += 3
			case w&0xc0e0 == 0x80c0 && w&0x1e != 0: // C0 and C1 are too long forms
				i += 2
			default:
				r, size := utf8.DecodeRune(b[i:])
				if r == utf8.RuneError && size == 1 {
					return i
				}
				i += size
			}
		}
		if i == len(b) {
			return i
		}
		if b[i] < utf8.RuneSelf {
			continue
		}
		if r, size := utf8.DecodeRune(b[i:]); r != utf8.RuneError || size != 1 {
			i += size
			continue
		}
		return i
	}
}

// validator checks a stream of UTF-8, whatever pieces it comes in.
type validator struct {
	pos  int64 // of the next byte in the file
	pend [utf8.UTFMax]byte
	n    int // bytes in pend: the start of a character
	bad  damage
}

// write checks the next bytes. With stop it ends after the first byte that is no part of a character
// and tells false.
func (v *validator) write(b []byte, stop bool) bool {
	i := v.resume(b, stop)
	if stop && v.bad.count > 0 {
		return false
	}
	if v.n > 0 { // b ended within the same character
		return true
	}
	for b = b[i:]; len(b) > 0; {
		n := validLen(b)
		v.pos += int64(n)
		if b = b[n:]; len(b) == 0 {
			break
		}
		if !utf8.FullRune(b) {
			v.n = copy(v.pend[:], b)
			v.pos += int64(v.n)
			break
		}
		v.bad.add(v.pos)
		if stop {
			return false
		}
		v.pos++
		b = b[1:]
	}
	return true
}

// resume ends the character that the last bytes began, and tells how many bytes of b it took.
func (v *validator) resume(b []byte, stop bool) int {
	start := v.pos - int64(v.n)
	taken := 0
	for v.n > 0 {
		for v.n < utf8.UTFMax && taken < len(b) && !utf8.FullRune(v.pend[:v.n]) {
			v.pend[v.n] = b[taken]
			v.n++
			taken++
		}
		if !utf8.FullRune(v.pend[:v.n]) {
			break
		}
		r, size := utf8.DecodeRune(v.pend[:v.n])
		if r == utf8.RuneError && size == 1 {
			v.bad.add(start)
			if stop {
				return taken
			}
		}
		start += int64(size)
		v.n = copy(v.pend[:], v.pend[size:v.n])
	}
	v.pos += int64(taken)
	return taken
}

// end tells whether the stream ended with a whole character.
func (v *validator) end() bool {
	for i := range v.n {
		v.bad.add(v.pos - int64(v.n) + int64(i))
	}
	whole := v.n == 0
	v.n = 0
	return whole
}
