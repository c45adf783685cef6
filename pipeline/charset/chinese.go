package charset

import (
	"bytes"
	"fmt"
)

// chinese is a window read as GB18030.
type chinese struct {
	pairs  int // two-byte characters
	common int // of these, Hanzi of GB2312 level 1 (lead B0..D7): the 3,755 common ones, in order of sound
	late   int // of these, with a lead beyond C8, where EUC-KR has no Hangul
	last   int // of these, with a lead beyond CF, where EUC-JP has its rare Kanji
	second int // Hanzi of level 2 (D8..F7)
	signs  int // punctuation, full-width forms (A1..A9)
	kana   int // rows A4 and A5, where EUC-JP has them too
	rare   int // what GBK added: a low second byte, or a lead outside GB2312
	four   int // four-byte characters
	bad    int // sequences that are no character
	words  []string
}

func (w window) chinese() chinese {
	var t chinese
	for b := w.text; len(b) > 0; {
		if n := asciiLen(b); n > 0 {
			b = b[n:]
			continue
		}
		n := gbLen(b)
		if n == 0 { // an impossible byte, or a character cut off at the window's end
			n = 1
			if w.whole || len(b) >= 4 {
				t.bad++
			}
		}
		switch {
		case n == 2:
			t.add(b[0], b[1])
		case n == 4:
			t.four++
		}
		b = b[n:]
	}
	text, damaged := decodeAll(GB18030, w.text)
	t.bad = max(t.bad, damaged-1) // pairs without a character, but for a cut one
	t.words = found(text, w.words, chineseWords())
	return t
}

// gbLen is the length of the GB18030 sequence that b begins with, 0 where there is none. The byte
// 0x80 is the euro sign of code page 936; it is too common in Windows-1252 to count as Chinese.
func gbLen(b []byte) int {
	lead := func(c byte) bool { return c >= 0x81 && c <= 0xfe }
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	switch {
	case len(b) < 2 || !lead(b[0]):
		return 0
	case b[1] >= 0x40 && b[1] != 0x7f && b[1] != 0xff:
		return 2
	case len(b) >= 4 && digit(b[1]) && lead(b[2]) && digit(b[3]):
		return 4
	}
	return 0
}

func (t *chinese) add(lead, trail byte) {
	t.pairs++
	switch {
	case trail < 0xa1 || lead < 0xa1 || lead > 0xf7 || lead > 0xa9 && lead < 0xb0:
		t.rare++
	case lead == 0xa4 || lead == 0xa5:
		t.kana++
	case lead < 0xb0:
		t.signs++
	case lead <= 0xd7:
		t.common++
		if lead > 0xc8 {
			t.late++
		}
		if lead > 0xcf {
			t.last++
		}
	default:
		t.second++
	}
}

// share is how many of the Hanzi are common ones, in percent.
func (t chinese) share() int {
	hanzi := t.common + t.second + t.rare
	if hanzi == 0 {
		return 0
	}
	return t.common * 100 / hanzi
}

// clear says that the window is Chinese: it decodes, and either holds known words, or enough Hanzi
// that are nearly all common ones and spread over the whole alphabet of sounds.
//
// The bounds: running Chinese text has over 95% common Hanzi, names over 85%, Big5 read as GBK
// about 40%, Cyrillic less. 45% of Chinese text lies beyond C8, no Korean does; 25% beyond CF, 4% of
// Japanese.
func (t chinese) clear(rival bool, l western) bool {
	if t.bad*50 > t.pairs || l.explained*2 > l.high {
		return false
	}
	if len(t.words) > 0 {
		return true
	}
	return !rival && t.pairs >= 8 && t.common >= 6 && t.share() >= 80 && t.kana*20 <= t.pairs && t.late*100 >= t.common*15 &&
		t.last*100 >= t.common*10
}

func (t chinese) evidence() string {
	return fmt.Sprintf("%s, %d%% of the Hanzi among the common ones of GB2312, %d invalid%s",
		plural(t.pairs+t.four, "two-byte character"), t.share(), t.bad, inWords(t.words))
}

// decodeAll decodes b, for evidence. Damage at the end may be a character cut off.
func decodeAll(c Charset, b []byte) (string, int) {
	d := newDecoder(c)
	var out bytes.Buffer
	dst := make([]byte, 4*len(b)+16)
	for {
		n, m := d.decode(dst, b, true)
		out.Write(dst[:n])
		if b = b[m:]; len(b) == 0 {
			return out.String(), int(d.damage().count)
		}
	}
}
