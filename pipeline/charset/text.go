package charset

import (
	"encoding/binary"
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
	for i < len(b) && b[i] < utf8.RuneSelf {
		i++
	}
	return i
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
	b = b[i:]
	tail := cutLen(b)
	if utf8.Valid(b[:len(b)-tail]) {
		v.n = copy(v.pend[:], b[len(b)-tail:])
		v.pos += int64(len(b))
		return true
	}
	for i := 0; i < len(b)-tail; {
		if n := asciiLen(b[i:]); n > 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			v.bad.add(v.pos + int64(i))
			if stop {
				return false
			}
		}
		i += size
	}
	v.n = copy(v.pend[:], b[len(b)-tail:])
	v.pos += int64(len(b))
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

// cutLen is the length of the character that b ends within, 0 where it ends with a whole one.
func cutLen(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if utf8.FullRune(b[len(b)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}
