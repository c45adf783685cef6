package charset

import "fmt"

// western is a window read as Windows-1252.
type western struct {
	high      int // bytes beyond ASCII
	explained int // of these, letters at ASCII letters and signs where signs stand
	strong    int // weight of what only Western text has
	odd       int // capitals within a lower-case word, and the like
	undefined int // 81 8D 8F 90 9D
	mojibake  bool
	words     []string
	foreign   []Charset // other single-byte charsets that the letters speak for
}

// western weighs the window byte by byte. Western letters stand alone, or two together, among ASCII
// letters of the same case; Chinese bytes come in long runs of pairs.
func (w window) western(u utf8Tally) western {
	var t western
	var seen letters
	for i := 0; i < len(w.text); {
		if n := asciiLen(w.text[i:]); n > 0 {
			i += n
			continue
		}
		end := i
		for end < len(w.text) && w.text[end] >= 0x80 {
			end++
		}
		prev, next := w.before, byte(0)
		if i > 0 {
			prev = w.text[i-1]
		}
		if end < len(w.text) {
			next = w.text[end]
		} else if !w.whole {
			break // what follows is not known
		}
		t.run(w.text[i:end], prev, next)
		seen.add(w.text[i:end], prev, next)
		i = end
	}
	text, _ := decodeAll(Windows1252, w.text)
	t.words = found(text, w.words, westernWords())
	t.strong += 2 * len(t.words)
	t.foreign = seen.foreign()
	if t.undefined > 0 {
		t.foreign = append(t.foreign, dos()...)
	}
	// Western letters in UTF-8 are a capital and a sign in Windows-1252, which no text holds twice.
	t.mojibake = u.two >= 2 && u.two*20 >= t.high && t.explained*2 >= t.high
	return t
}

// run weighs bytes beyond ASCII that stand together, between prev and next.
func (t *western) run(b []byte, prev, next byte) {
	t.high += len(b)
	for _, c := range b {
		if undefined1252(c) {
			t.undefined++
		}
	}
	switch {
	case len(b) > 3:
		return
	case len(b) > 1:
		t.cluster(b, prev, next)
		return
	}
	c, lowerBoth := b[0], lower(prev) && lower(next)
	switch {
	case lowerBoth && upper1252(c):
		t.odd++
	case lower1252(c) && (lower(prev) || lower(next)):
		t.explained++
		t.strong++
		if letter(prev) && lower(next) { // half a Hanzi within a word of ASCII letters? never seen
			t.strong++
		}
	case upper1252(c) && (letter(next) || upper(prev)), lower1252(c) && (upper(prev) || upper(next)):
		t.explained++
		t.strong++
	default:
		t.sign(c, prev, next)
	}
}

// cluster weighs two or three bytes together: letters of one case among ASCII letters of that case
// ("Grüße", "ação"), or signs and letters mixed ("«é").
func (t *western) cluster(b []byte, prev, next byte) {
	lowers, uppers := 0, 0
	for _, c := range b {
		if lower1252(c) {
			lowers++
		}
		if upper1252(c) || c == 0xdf {
			uppers++
		}
	}
	if lowers == len(b) && (lower(prev) || lower(next)) || uppers == len(b) && (upper(prev) || upper(next)) {
		t.explained += len(b)
		t.strong++
		return
	}
	for i, c := range b {
		p, n := prev, next
		if i > 0 {
			p = b[i-1]
		}
		if i < len(b)-1 {
			n = b[i+1]
		}
		t.sign(c, p, n)
	}
}

// sign weighs a byte that is no letter there.
func (t *western) sign(c, prev, next byte) {
	digits := digit(prev) || digit(next)
	switch c {
	case 0x91, 0x92, 0xb4: // apostrophes
		if letter(prev) {
			t.explained++
			t.strong++
		}
	case 0x80, 0xa3, 0xa5, 0xa2: // currency
		if digits || next == ' ' || edge(prev) && edge(next) {
			t.explained++
			if digits {
				t.strong++
			}
		}
	case 0x85, 0x93, 0x94, 0x95, 0x96, 0x97, 0xab, 0xbb, 0xb7: // dashes, quotes, bullets
		if edge(prev) || edge(next) || digits {
			t.explained++
		}
	case 0xa0: // no-break space
		if prev < 0x80 && next < 0x80 {
			t.explained++
		}
	case 0x99, 0xa7, 0xa9, 0xaa, 0xae, 0xb0, 0xb1, 0xb2, 0xb3, 0xb5, 0xb9, 0xba, 0xbc, 0xbd, 0xbe, 0xd7, 0xa1, 0xbf: // signs
		if !lower(prev) || !lower(next) {
			t.explained++
		}
	}
}

// clear says that the window is Western: nearly all of it is explained, hardly anything is
// impossible, no other code page is as likely, and it is more than one letter that could as well be
// the half of a rare Hanzi, or signs that GB18030 has no reading for.
func (t western) clear(c chinese) bool {
	return t.high > 0 && t.explained*10 >= t.high*9 && t.undefined*100 <= t.high && t.odd*20 <= t.high &&
		len(t.foreign) == 0 && len(c.words) == 0 && (t.strong >= 2 || t.strong > 0 && c.bad > 0 || c.bad >= 2 && c.pairs == 0)
}

func (t western) evidence(c chinese) string {
	s := fmt.Sprintf("%d of %s beyond ASCII stand as Western letters and signs do, %d undefined%s",
		t.explained, plural(t.high, "byte"), t.undefined, inWords(t.words))
	if c.bad > 0 {
		s += fmt.Sprintf(", %d impossible in gb18030", c.bad)
	}
	return s
}

func undefined1252(c byte) bool {
	return c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d
}

func lower1252(c byte) bool {
	return c >= 0xdf && c != 0xf7 || c == 0x9a || c == 0x9c || c == 0x9e
}

func upper1252(c byte) bool {
	return c >= 0xc0 && c < 0xdf && c != 0xd7 || c == 0x8a || c == 0x8c || c == 0x8e || c == 0x9f
}

func lower(c byte) bool  { return c >= 'a' && c <= 'z' }
func upper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func letter(c byte) bool { return lower(c) || upper(c) }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// edge is where a word ends: anything ASCII but a letter or digit, also the file's end.
func edge(c byte) bool { return c < 0x80 && !letter(c) && !digit(c) }
