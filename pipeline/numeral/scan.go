package numeral

import "unicode/utf8"

// longest is the most bytes that a number has, dress included, once folded. Longer cells are text.
const longest = 64

// shape is a cell taken apart, before anybody says what its marks mean.
type shape struct {
	from, to int // the core, digits and the marks . , ' and blank, in the folded cell
	exponent int
	hasExp   bool
	negative bool
	percent  bool
	unit     int    // power of ten
	metre    bool   // the unit is a lone small m, which may be metres
	currency string // canonical
	expected string // the currency to look for first
	dressed  bool   // more than [+-]digits[.digits][e[+-]digits]
}

// fold brings the variants of digits, signs and blanks to ASCII and cuts the blanks at the ends. It
// returns a part of cell where there is nothing to change, else of buf; nil for no UTF-8 or too long.
func fold(cell []byte, buf *[longest]byte) ([]byte, bool) {
	ascii := true
	for _, c := range cell {
		if c >= 0x80 {
			ascii = false
			break
		}
	}
	if !ascii {
		n := 0
		for i := 0; i < len(cell); {
			r, size := utf8.DecodeRune(cell[i:])
			to := foldRune(r)
			if n+utf8.RuneLen(to) > len(buf) || r == utf8.RuneError && size == 1 {
				return nil, false
			}
			n += utf8.EncodeRune(buf[n:], to)
			i += size
		}
		cell = buf[:n]
	}
	for len(cell) > 0 && blank(cell[0]) {
		cell = cell[1:]
	}
	for len(cell) > 0 && blank(cell[len(cell)-1]) {
		cell = cell[:len(cell)-1]
	}
	return cell, len(cell) > 0 && len(cell) <= longest
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func foldRune(r rune) rune {
	switch {
	case 0xFF01 <= r && r <= 0xFF5E: // full-width ASCII
		return r - 0xFF01 + '!'
	case r == 0xA0 || 0x2000 <= r && r <= 0x200A || r == 0x202F || r == 0x205F || r == 0x3000:
		return ' '
	}
	switch r {
	case 0x2019, 0x2018, 0x02BC, 0xB4:
		return '\''
	case 0x2212, 0x2010, 0x2011, 0x2013, 0xFE63:
		return '-'
	case 0xFFE5:
		return '¥'
	case 0xFFE1:
		return '£'
	case 0xFFE6:
		return '₩'
	}
	return r
}

// scan takes a folded cell apart. It returns false where the cell is no number under any format.
func scan(b []byte, s *shape) bool {
	var open, closed, plus, minus bool
	i := 0
	for ; i < len(b) && !startsCore(b[i:]); s.dressed = s.dressed || i > 1 || !(plus || minus) {
		switch c := b[i]; {
		case c == ' ' && i > 0:
			i++
		case c == '-' && !minus && !plus && !open:
			minus, i = true, i+1
		case c == '+' && !minus && !plus && !open:
			plus, i = true, i+1
		case c == '(' && !open && !minus && !plus:
			open, i = true, i+1
		default:
			n, ok := s.word(b[i:], false)
			if !ok {
				return false
			}
			i += n
		}
	}
	if i = s.digits(b, i); i < 0 {
		return false
	}
	for ; i < len(b); s.dressed = true {
		switch c := b[i]; {
		case c == ' ':
			i++
		case c == '-' && b[s.to-1]-'0' > 9:
			return false // 12,- is a price without cents, not a negative one
		case c == '-' && !minus && !plus && !open:
			minus, i = true, i+1
		case c == ')' && open && !closed:
			closed, i = true, i+1
		case c == '%' && !s.percent && s.unit == 0:
			s.percent, i = true, i+1
		default:
			n, ok := s.word(b[i:], true)
			if !ok {
				return false
			}
			i += n
		}
	}
	s.negative = minus || open
	return open == closed
}

// startsCore reports whether b begins with a digit, or with a decimal mark and a digit.
func startsCore(b []byte) bool {
	return b[0]-'0' <= 9 || (b[0] == '.' || b[0] == ',') && len(b) > 1 && b[1]-'0' <= 9
}

// digits sets the core and exponent from b[i:] and returns where they end, or -1.
func (s *shape) digits(b []byte, i int) int {
	start, points, others := i, 0, 0
core:
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c-'0' <= 9:
		case c == '.':
			points++
		case c == ',', c == '\'' && i > start, c == ' ' && i+1 < len(b) && b[i+1]-'0' <= 9:
			others++
		default:
			break core
		}
	}
	if i == start {
		return -1
	}
	s.dressed = s.dressed || points > 1 || others > 0
	s.from, s.to = start, i
	if i+1 >= len(b) || b[i] != 'e' && b[i] != 'E' {
		return i
	}
	j, sign := i+1, 1
	if b[j] == '-' || b[j] == '+' {
		if b[j] == '-' {
			sign = -1
		}
		j++
	}
	if j == len(b) || b[j]-'0' > 9 {
		return i // an E that begins a word, such as EUR
	}
	for ; j < len(b) && b[j]-'0' <= 9; j++ {
		s.exponent = min(s.exponent*10+int(b[j]-'0'), 1000) // no number that fits is near
	}
	s.exponent *= sign
	s.hasExp = true
	return j
}

// word takes the unit (only behind the digits) or currency that b begins with and returns its length.
func (s *shape) word(b []byte, behind bool) (int, bool) {
	n := 0
	for n < len(b) && !endsWord(b[n]) {
		n++
	}
	if n == 0 {
		return 0, false
	}
	dot := 0
	if n < len(b) && b[n] == '.' { // Rs. 500, 5 Mio. EUR
		dot = 1
	}
	if s.currency == "" {
		if s.currency = s.currencyIn(b[:n]); s.currency != "" {
			return n + dot, true
		}
	}
	if !behind || s.unit != 0 || s.percent || s.hasExp {
		return 0, false
	}
	if s.unit = unitIn(b[:n]); s.unit != 0 {
		s.metre = n == 1 && b[0] == 'm'
		return n + dot, true
	}
	// A unit and a sign in one word: 万元, k€, M$.
	for k := 1; k < n; k++ {
		if !utf8.RuneStart(b[k]) {
			continue
		}
		unit := unitIn(b[:k])
		if unit == 0 || s.currency != "" {
			continue
		}
		if c := s.currencyIn(b[k:n]); c != "" {
			s.unit, s.currency = unit, c
			return n + dot, true
		}
	}
	return 0, false
}

func (s *shape) currencyIn(word []byte) string {
	if s.expected != "" && string(word) == s.expected {
		return s.expected
	}
	return currencyIn(word)
}

func endsWord(c byte) bool {
	switch c {
	case ' ', '-', '+', '(', ')', '.', ',', '\'', '%':
		return true
	}
	return c-'0' <= 9
}
