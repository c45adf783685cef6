package charset

import (
	"bytes"
	"fmt"
	"unicode/utf16"
)

// marks are the byte order marks. UTF-32 stands before UTF-16, whose mark is its beginning; no text
// begins with a NUL, so nothing is lost by that.
func marks() []mark {
	return []mark{
		{"\xff\xfe\x00\x00", Auto, "UTF-32LE"},
		{"\x00\x00\xfe\xff", Auto, "UTF-32BE"},
		{"\xef\xbb\xbf", UTF8, "UTF-8"},
		{"\xff\xfe", UTF16LE, "UTF-16LE"},
		{"\xfe\xff", UTF16BE, "UTF-16BE"},
		{"\x84\x31\x95\x33", GB18030, "GB18030"},
	}
}

type mark struct {
	bytes   string
	charset Charset // Auto: not read
	name    string
}

func markOf(b []byte) (mark, bool) {
	for _, m := range marks() {
		if bytes.HasPrefix(b, []byte(m.bytes)) {
			return m, true
		}
	}
	return mark{}, false
}

func refused(name, evidence string) Decision {
	return Decision{Evidence: evidence + ": this is " + name, Offset: 0, cause: ErrUnsupported}
}

// wide finds UTF-16 and UTF-32 without a byte order mark, by where their NUL bytes stand: text in
// them that holds any delimiter, digit or line end has NULs, and nearly always in the same place.
func wide(b []byte) (Decision, bool) {
	if bytes.IndexByte(b, 0) < 0 {
		return Decision{}, false
	}
	b = b[:len(b)&^3]
	var le, be tally16
	quadLE, quadBE := 0, 0
	for i := 0; i < len(b); i += 4 {
		quad := b[i : i+4]
		if plain(quad[0]) && quad[1]|quad[2]|quad[3] == 0 {
			quadLE++
		}
		if plain(quad[3]) && quad[0]|quad[1]|quad[2] == 0 {
			quadBE++
		}
		for j := 0; j < 4; j += 2 {
			le.add(uint16(quad[j]) | uint16(quad[j+1])<<8)
			be.add(uint16(quad[j+1]) | uint16(quad[j])<<8)
		}
	}
	switch quads := len(b) / 4; {
	case quadLE > quads/2:
		return refused("UTF-32LE", fmt.Sprintf("no byte order mark; %d of the first %d groups of four bytes hold three NULs", quadLE, quads)), true
	case quadBE > quads/2:
		return refused("UTF-32BE", fmt.Sprintf("no byte order mark; %d of the first %d groups of four bytes hold three NULs", quadBE, quads)), true
	case le.clear(be):
		return le.decision(UTF16LE), true
	case be.clear(le):
		return be.decision(UTF16BE), true
	}
	return Decision{}, false
}

// tally16 counts 16-bit units in one byte order.
type tally16 struct {
	units int
	plain int // ASCII text: one of the two bytes is NUL
	known int // plain, or of a block that business text is written in
}

func (t *tally16) add(u uint16) {
	t.units++
	switch {
	case u < 0x80 && plain(byte(u)):
		t.plain++
		t.known++
	case u >= 0xa0 && u < 0x0700, // Latin to Arabic
		u >= 0x2000 && u < 0x2700,                                                       // punctuation, currency, signs
		u >= 0x3000 && u < 0x3400 || u >= 0x4e00 && u < 0xa000,                          // CJK
		u >= 0xac00 && u < 0xd7a4 || u >= 0xf900 && u < 0xfb00,                          // Hangul, CJK compatibility
		u >= 0xff00 && u < 0xfff0, utf16.IsSurrogate(rune(u)), u == 0xfeff, u == 0xfffd: // full-width, pairs, marks
		t.known++
	}
}

// clear says that this byte order gives text and the other does not. A tenth of plain units is less
// than any table has in delimiters; both bounds are far from what either order gives by accident.
func (t tally16) clear(other tally16) bool {
	return t.units >= 4 && t.plain*10 >= t.units && t.known*100 >= t.units*97 && t.plain >= 8*other.plain
}

func (t tally16) decision(c Charset) Decision {
	return Decision{Charset: c, Confidence: Likely, Offset: 0,
		Evidence: fmt.Sprintf("no byte order mark; NULs stand where %s has them: %d of the first %d units are ASCII, %d usual text",
			c, t.plain, t.units, t.known)}
}

// plain is a byte that ASCII text holds.
func plain(b byte) bool { return b >= ' ' && b < 0x7f || b == '\n' || b == '\r' || b == '\t' }
