package charset

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// window is text from the first byte that is not ASCII on. All before it was ASCII.
type window struct {
	text   []byte
	before byte  // what stands before text in the file, 0 at its start
	offset int64 // of text in the file
	whole  bool  // text ends where the file ends; else it may end within a character
	words  []string
}

// judge decides what a window is in, as the bytes from there on will be read.
func (w window) judge() Decision {
	u := w.unicode()
	if u.bad == 0 {
		return Decision{Charset: UTF8, Confidence: Likely, Offset: w.offset,
			Evidence: fmt.Sprintf("no byte order mark; strict UTF-8: %s beyond ASCII from offset %d on", plural(u.runes, "character"), w.offset)}
	}
	w.text = w.text[:len(w.text)-u.cut]
	c, l := w.chinese(), w.western(u)
	opening := fmt.Sprintf("no byte order mark; not UTF-8 at offset %d (0x%02X)", w.offset+int64(u.first), w.text[u.first])
	// Two-byte sequences turn up in GBK by chance, three bytes that fit hardly ever.
	if u.high*2 >= u.high+u.bad && (len(c.words) == 0 || u.long > 0) || l.mojibake {
		return Decision{Candidates: mixedWith(c, l), Offset: w.offset + int64(u.first), cause: ErrMixed,
			Evidence: fmt.Sprintf("%s; %s and %s that is not", opening, plural(u.runes, "UTF-8 character"), plural(u.bad, "byte"))}
	}
	rivals := w.rivals()
	isChinese, isWestern := c.clear(len(rivals) > 0, l), l.clear(c)
	switch {
	case isChinese && !isWestern:
		return Decision{Charset: GB18030, Confidence: Likely, Offset: w.offset, Evidence: opening + "; " + c.evidence()}
	case isWestern && !isChinese:
		return Decision{Charset: Windows1252, Confidence: Likely, Offset: w.offset, Evidence: opening + "; " + l.evidence(c)}
	}
	return undecided(w.offset, fmt.Sprintf("%s; as gb18030: %s; as windows-1252: %s", opening, c.evidence(), l.evidence(c)),
		w.candidates(c, l, rivals)...)
}

func mixedWith(c chinese, l western) []Charset {
	switch {
	case c.share() >= 80:
		return []Charset{UTF8, GB18030}
	case l.explained*2 >= l.high:
		return []Charset{UTF8, Windows1252}
	}
	return []Charset{UTF8}
}

// candidates are the charsets an undecided window may be in.
func (w window) candidates(c chinese, l western, rivals []Charset) []Charset {
	var out []Charset
	if c.pairs >= 8 || len(l.foreign) > 0 { // enough to take their marks for more than chance
		out = append(append(out, l.foreign...), rivals...)
		rivals = nil
	}
	west := l.explained*2 >= l.high && l.undefined*50 <= l.high
	if c.bad*20 <= c.pairs && c.pairs > 0 && (len(c.words) > 0 || !west || c.pairs >= l.high/3) {
		out = append(out, GB18030)
	}
	if west {
		out = append(out, Windows1252)
	}
	return append(out, rivals...)
}

// utf8Tally is a window read as UTF-8.
type utf8Tally struct {
	runes int // characters beyond ASCII
	long  int // of these, of three or four bytes
	high  int // their bytes
	bad   int // bytes in no character
	first int // the first of these
	cut   int // bytes at the end that may be a character cut off
	two   int // characters U+0080..U+00FF: what one Western letter is
}

func (w window) unicode() utf8Tally {
	var t utf8Tally
	for i := 0; i < len(w.text); {
		if n := asciiLen(w.text[i:]); n > 0 {
			i += n
			continue
		}
		if !w.whole && !utf8.FullRune(w.text[i:]) {
			t.cut = len(w.text) - i
			break
		}
		r, size := utf8.DecodeRune(w.text[i:])
		if r == utf8.RuneError && size == 1 {
			if t.bad == 0 {
				t.first = i
			}
			t.bad++
		} else {
			t.runes++
			t.high += size
			if size > 2 {
				t.long++
			}
			if r < 0x100 {
				t.two++
			}
		}
		i += size
	}
	return t
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func inWords(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return ", words " + strings.Join(words, " ")
}
