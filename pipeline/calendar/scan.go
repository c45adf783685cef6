package calendar

import "unicode/utf8"

// longest is the most bytes that a date has once folded. Longer cells are something else.
const longest = 64

// fold brings full-width characters and all kinds of blanks to ASCII and cuts the blanks at the
// ends. It returns a part of cell where there is nothing to change, else of buf; nil where the cell
// is no UTF-8 or too long.
func fold(cell []byte, buf *[longest]byte) []byte {
	ascii := true
	for _, c := range cell {
		ascii = ascii && c < utf8.RuneSelf
	}
	if !ascii {
		n := 0
		for i := 0; i < len(cell); {
			r, size := utf8.DecodeRune(cell[i:])
			i += size
			switch {
			case r == utf8.RuneError && size == 1:
				return nil
			case 0xFF01 <= r && r <= 0xFF5E:
				r += '!' - 0xFF01
			case r == 0xA0 || 0x2000 <= r && r <= 0x200A || r == 0x202F || r == 0x205F || r == 0x3000:
				r = ' '
			case r == 0x2010 || r == 0x2011 || r == 0x2212:
				r = '-'
			}
			if n+utf8.RuneLen(r) > len(buf) {
				return nil
			}
			n += utf8.EncodeRune(buf[n:], r)
		}
		cell = buf[:n]
	}
	for len(cell) > 0 && edge(cell[0]) {
		cell = cell[1:]
	}
	for len(cell) > 0 && edge(cell[len(cell)-1]) {
		cell = cell[:len(cell)-1]
	}
	if len(cell) > longest {
		return nil
	}
	return cell
}

func edge(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// numbers are three numbers with one mark between them, in an order yet unknown.
type numbers struct {
	a, b, c int
	mark    byte
	wide    bool  // a has two digits
	years   uint8 // digits of c: 2 or 4
}

// numbersOf reads them from the start of b: 1 or 2 digits, again, then 2 or 4. A blank may follow a point.
func numbersOf(b []byte) (p numbers, rest []byte, ok bool) {
	a, b, wide := number(b, 2)
	if wide == 0 || len(b) == 0 {
		return p, nil, false
	}
	mark := b[0]
	if mark != '/' && mark != '-' && mark != '.' {
		return p, nil, false
	}
	m, b, n := number(next(b), 2)
	if n == 0 || len(b) == 0 || b[0] != mark {
		return p, nil, false
	}
	y, b, n := number(next(b), 4)
	if n != 2 && n != 4 || digit(b, 0) {
		return p, nil, false
	}
	return numbers{a, m, y, mark, wide == 2, uint8(n)}, b, true
}

// next is what follows the mark that b begins with.
func next(b []byte) []byte {
	if b[0] == '.' && len(b) > 1 && b[1] == ' ' {
		return b[2:]
	}
	return b[1:]
}

// words are a day, the name of its month, and a year.
type words struct {
	year, month, day int
	years            uint8 // digits of the year: 2 or 4
}

// wordsOf reads 5-Mar-2026, 5. März 2026, Mar 5, 2026, 2026-Mar-05, Thursday, March 5th, 2026.
func wordsOf(b []byte) (p words, rest []byte, ok bool) {
	var w [12]byte
	n, size := wordOf(b, &w)
	if n > 0 && weekday(w[:n]) {
		b = gap(b[size:])
		n, size = wordOf(b, &w)
	}
	if n > 0 { // Mar 5, 2026
		p.month = monthOf(w[:n])
		p.day, b, n = number(gap(b[size:]), 2)
		if p.month == 0 || n == 0 || digit(b, 0) { // Mar 2026 has no day
			return p, nil, false
		}
		return p.yearFrom(gap(b))
	}
	first, b, digits := number(b, 4)
	if digits == 0 || digits == 3 {
		return p, nil, false
	}
	b = gap(b)
	if n, size = wordOf(b, &w); n == 0 {
		return p, nil, false
	}
	if p.month = monthOf(w[:n]); p.month == 0 {
		return p, nil, false
	}
	b = gap(b[size:])
	if digits == 4 { // 2026-Mar-05
		p.year, p.years = first, 4
		p.day, b, n = number(b, 2)
		return p, b, n > 0 && !digit(b, 0)
	}
	p.day = first
	return p.yearFrom(b)
}

func (p words) yearFrom(b []byte) (words, []byte, bool) {
	year, b, n := number(b, 4)
	p.year, p.years = year, uint8(n)
	return p, b, (n == 2 || n == 4) && !digit(b, 0)
}

// gap skips marks, blanks and joints.
func gap(b []byte) []byte {
	var w [12]byte
	for len(b) > 0 {
		switch b[0] {
		case ' ', '-', '/', '.', ',':
			b = b[1:]
			continue
		}
		n, size := wordOf(b, &w)
		if n == 0 || !joint(w[:n]) {
			break
		}
		b = b[size:]
	}
	return b
}
