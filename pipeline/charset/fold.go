package charset

import "unicode/utf8"

// FoldCell gives a number or a date in ASCII where it was typed with full-width characters, a
// typographic minus or apostrophe, or special spaces. It is not for names: it changes them.
//
//   - U+FF01..U+FF5E become ! to ~: full-width digits, letters, signs.
//   - U+2212 and the hyphens and en dash U+2010..U+2013 become -, U+2019 becomes '.
//   - No-break, thin, ideographic and the other space characters become a space.
//   - U+FFE5 and U+FFE1 become the ordinary ¥ and £.
//   - Zero-width and direction marks and byte order marks, which spreadsheets leave, are dropped.
//
// Everything else stays as it is, also bytes that are not UTF-8. The result is b itself where b is
// ASCII; else it is written over dst from its start, and dst grows as append does. It does not
// allocate where dst has room for len(b) bytes. dst must not overlap b.
func FoldCell(dst, b []byte) []byte {
	k := asciiLen(b)
	if k == len(b) {
		return b
	}
	dst = append(dst[:0], b[:k]...)
	for i := k; i < len(b); {
		if c := b[i]; c < utf8.RuneSelf {
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		switch f := foldRune(r); {
		case f < 0:
		case f == r: // also what is not UTF-8
			dst = append(dst, b[i:i+size]...)
		default:
			dst = utf8.AppendRune(dst, f)
		}
		i += size
	}
	return dst
}

// foldRune is -1 for a character to drop.
func foldRune(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xff01 + '!'
	case r == 0x2212, r >= 0x2010 && r <= 0x2013:
		return '-'
	case r == 0x2019:
		return '\''
	case r == 0xa0, r == 0x1680, r >= 0x2000 && r <= 0x200a, r == 0x202f, r == 0x205f, r == 0x3000:
		return ' '
	case r == 0xffe5:
		return '¥'
	case r == 0xffe1:
		return '£'
	case r == 0xad, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2064, r == 0xfeff:
		return -1
	}
	return r
}
