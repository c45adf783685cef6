package charset

import "unicode"

// rivals are the charsets that are not decided for and whose own marks the window bears: kana,
// Hangul, Cyrillic words, the common half of Big5. One of them makes Chinese by frequency alone
// too little.
func (w window) rivals() []Charset {
	var out []Charset
	for _, c := range []Charset{Big5, ShiftJIS, EUCJP, EUCKR, Windows1251} {
		decoded, damaged := decodeAll(c, w.text)
		var t scripts
		for _, r := range decoded {
			t.add(r)
		}
		if (damaged-1)*50 <= t.beyond && t.mark(c, w.text) {
			out = append(out, c)
		}
	}
	return out
}

// scripts counts the characters beyond ASCII of a reading.
type scripts struct {
	beyond, han, kana, hangul, cyrillic, word int
	last                                      rune
}

func (t *scripts) add(r rune) {
	if r >= 0x80 {
		t.beyond++
	}
	switch {
	case unicode.Is(unicode.Han, r):
		t.han++
	case r >= 0x3040 && r < 0x3100: // not the half-width forms: they are single bytes
		t.kana++
	case unicode.Is(unicode.Hangul, r):
		t.hangul++
	case r >= 0x0410 && r < 0x0450:
		t.cyrillic++
		if r >= 0x0430 && t.last >= 0x0410 && t.last < 0x0450 { // a lower-case letter within a word
			t.word++
		}
	}
	t.last = r
}

// mark says that the reading looks like what c is used for.
func (t scripts) mark(c Charset, text []byte) bool {
	switch c {
	case Big5:
		return t.beyond >= 2 && t.han*2 >= t.beyond && commonBig5(text)*100 >= t.han*85
	case ShiftJIS, EUCJP:
		return t.kana >= 2 && t.kana*5 >= t.beyond
	case EUCKR:
		return t.hangul >= 2 && t.hangul*10 >= t.beyond*8
	}
	return t.cyrillic >= 3 && t.cyrillic*10 >= t.beyond*9 && t.word*2 >= t.cyrillic
}

// commonBig5 counts the pairs of Big5's common half (leads A4..C6).
func commonBig5(b []byte) int {
	n := 0
	for i := 0; i+1 < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		if b[i] >= 0xa4 && b[i] <= 0xc6 {
			n++
		}
		i++
	}
	return n
}
