package charset

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// damage counts what was no character.
type damage struct {
	count int64
	first int64 // offset of the first, -1 where there is none
}

func (d *damage) add(offset int64) {
	if d.count == 0 {
		d.first = offset
	}
	d.count++
}

// decoder turns bytes of a charset into UTF-8.
type decoder interface {
	// decode fills dst, which must have room for a character, from src, and tells how much of both
	// it used. It leaves a character that src holds only the start of, unless src is the file's end.
	decode(dst, src []byte, atEnd bool) (nDst, nSrc int)
	// damage is what was replaced so far; offsets count from the first byte decoded.
	damage() damage
}

// newDecoder panics for a charset that is not decoded (Auto, UTF8).
func newDecoder(c Charset) decoder {
	if t := c.table(); t != nil {
		d := &single{bad: damage{first: -1}}
		for i := range d.runes {
			// Bytes that a code page does not define come out as control characters of the same
			// number, or as U+FFFD: both are no text.
			r := t.DecodeByte(byte(i + 0x80))
			if r < 0xa0 {
				r = utf8.RuneError
			}
			d.runes[i] = r
			d.size[i] = uint8(utf8.EncodeRune(d.utf8[i][:], r))
		}
		return d
	}
	e := c.multibyte()
	if e == nil {
		panic("charset: no decoder for " + c.String())
	}
	return newMulti(e)
}

// single decodes a charset of one byte a character.
type single struct {
	utf8  [128][utf8.UTFMax]byte
	size  [128]uint8
	runes [128]rune
	pos   int64
	bad   damage
}

func (d *single) damage() damage { return d.bad }

func (d *single) decode(dst, src []byte, _ bool) (nDst, nSrc int) {
	for nSrc < len(src) && nDst < len(dst) {
		if n := asciiLen(src[nSrc:min(len(src), nSrc+len(dst)-nDst)]); n > 0 {
			copy(dst[nDst:], src[nSrc:nSrc+n])
			nDst, nSrc = nDst+n, nSrc+n
			continue
		}
		c := src[nSrc] - 0x80
		if len(dst)-nDst < int(d.size[c]) {
			break
		}
		if d.runes[c] == utf8.RuneError {
			d.bad.add(d.pos + int64(nSrc))
		}
		nDst += copy(dst[nDst:], d.utf8[c][:d.size[c]])
		nSrc++
	}
	d.pos += int64(nSrc)
	return nDst, nSrc
}

// multi decodes with the library, which replaces what is no character without saying so. Where the
// text that came out holds U+FFFD, the bytes it came from are walked character by character. The
// charsets it is used for have no state between characters.
type multi struct {
	t       transform.Transformer
	genuine []byte // U+FFFD itself in this charset, nil where it has none
	pos     int64
	bad     damage
	char    [utf8.UTFMax]byte // what one decodes into
}

func newMulti(e encoding.Encoding) *multi {
	d := &multi{t: e.NewDecoder().Transformer, bad: damage{first: -1}}
	if b, err := e.NewEncoder().Bytes([]byte("\uFFFD")); err == nil {
		if s, err := e.NewDecoder().Bytes(b); err == nil && string(s) == "\uFFFD" && len(b) > 1 {
			d.genuine = b
		}
	}
	return d
}

func (d *multi) damage() damage { return d.bad }

func (d *multi) decode(dst, src []byte, atEnd bool) (nDst, nSrc int) {
	nDst, nSrc, err := d.t.Transform(dst, src, atEnd)
	if bytes.Contains(dst[:nDst], []byte("\uFFFD")) {
		d.count(src[:nSrc])
	}
	if atEnd && nDst == 0 && nSrc == 0 && len(src) > 0 && !errors.Is(err, transform.ErrShortDst) {
		d.bad.add(d.pos) // the library leaves the rest: it is no character
		nDst, nSrc = copy(dst, "\uFFFD"), len(src)
	}
	d.pos += int64(nSrc)
	return nDst, nSrc
}

// count finds what was replaced in src, which holds whole characters.
func (d *multi) count(src []byte) {
	for i := 0; i < len(src); {
		replaced, n := d.one(src[i:])
		if replaced && !(d.genuine != nil && bytes.Equal(src[i:i+n], d.genuine)) {
			d.bad.add(d.pos + int64(i))
		}
		i += n
	}
}

// one decodes the first character: whether it is U+FFFD, and its length in bytes.
func (d *multi) one(src []byte) (replaced bool, size int) {
	dst := d.char[:]
	for try := 1; try <= 4; try++ {
		end := min(try, len(src))
		// With room for three bytes nothing can follow a U+FFFD that came out.
		n, m, err := d.t.Transform(dst[:3], src[:end], end == len(src))
		if m > 0 {
			return bytes.HasPrefix(dst[:n], []byte("\uFFFD")), m
		}
		if errors.Is(err, transform.ErrShortDst) { // a character beyond U+FFFF
			_, m, _ = d.t.Transform(dst, src[:end], end == len(src))
			return false, max(m, 1)
		}
	}
	return true, 1
}
