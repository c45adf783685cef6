package sniff

import (
	"bytes"
	"unicode/utf8"
)

// Kind is what a value looks like, without reading it as one: enough to see that a column has
// slipped, too little to parse by.
type Kind uint8

// The kinds.
const (
	Empty  Kind = iota
	Text        // anything else
	Number      // digits with signs, marks and a currency or percent sign
	Date        // three parts, or a month's name between parts
	Time        // hours:minutes
	Link        // a web or mail address
	Code        // one word of letters and digits
	kinds
)

// String is the kind's name.
func (k Kind) String() string {
	return [...]string{"empty", "text", "number", "date", "time", "link", "code"}[k]
}

// KindOf tells a value's kind.
func KindOf(v []byte) Kind {
	v = bytes.TrimSpace(v)
	switch {
	case len(v) == 0:
		return Empty
	case len(v) > 200:
		if isLink(v) {
			return Link
		}
		return Text
	case isNumber(v):
		return Number
	case isLink(v):
		return Link
	}
	return wordKind(v)
}

func isLink(v []byte) bool {
	if bytes.ContainsAny(v, " \t,;\"") {
		return false
	}
	for _, p := range []string{"http://", "https://", "ftp://", "www."} {
		if bytes.HasPrefix(v, []byte(p)) {
			return true
		}
	}
	at := bytes.IndexByte(v, '@')
	return at > 0 && bytes.IndexByte(v[at:], '.') > 1
}

// isNumber accepts 1, -1.5e3, 1,234.50, (12), $3.20, 3,20 €, 45%, NaN.
func isNumber(v []byte) bool {
	if s := string(v); s == "NaN" || s == "nan" || s == "inf" || s == "-inf" {
		return true
	}
	for _, sign := range []string{"$", "£", "€", "¥", "%", "US$"} {
		v = bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimPrefix(v, []byte(sign)), []byte(sign)))
	}
	v = bytes.TrimLeft(v, "-+(")
	v = bytes.TrimRight(v, ")-")
	for _, sign := range []string{"$", "£", "€", "¥"} {
		v = bytes.TrimPrefix(v, []byte(sign))
	}
	digits, exponent := 0, false
	for i, c := range v {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case c == '.' || c == ',':
		case (c == 'e' || c == 'E') && digits > 0 && !exponent && i+1 < len(v):
			exponent = true
		case (c == '-' || c == '+') && exponent && (v[i-1] == 'e' || v[i-1] == 'E'):
		default:
			return false
		}
	}
	return digits > 0
}

// wordKind tells dates, times and codes by the shape: runs of digits and letters and what is between.
func wordKind(v []byte) Kind {
	digits, letters, runs := 0, 0, 0
	seps := [128]int{}
	last := byte(0)
	for _, c := range v {
		class := c
		switch {
		case '0' <= c && c <= '9':
			digits++
			class = '9'
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			letters++
			class = 'a'
		case c >= utf8.RuneSelf:
			letters += 4
			class = 'a'
		default:
			seps[c]++
		}
		if class != last && class == '9' {
			runs++
		}
		last = class
	}
	parts := seps['/'] == 2 || seps['-'] == 2 || seps['.'] == 2
	switch {
	case digits == 0:
		return Text
	case digits >= 4 && runs >= 3 && parts && letters <= 3 && len(v) <= 40:
		return Date
	case digits >= 3 && runs >= 2 && letters == 3 && parts && len(v) <= 24: // 09-Mar-11
		return Date
	case runs >= 2 && runs <= 4 && (seps[':'] == 1 || seps[':'] == 2) && letters <= 2 && seps['/']+seps['-']+seps[','] == 0:
		return Time
	case seps[' '] == 0 && seps[','] == 0 && letters > 0 && letters < 20 && len(v) <= 40:
		return Code
	}
	return Text
}

// shape folds runs of digits and letters: "BH-9827" is "a-9". Columns of codes are told apart by it.
func shape(dst, v []byte) []byte {
	for _, c := range bytes.TrimSpace(v) {
		switch {
		case '0' <= c && c <= '9':
			c = '9'
		case 'a' <= c|0x20 && c|0x20 <= 'z' || c >= utf8.RuneSelf:
			c = 'a'
		}
		if n := len(dst); n == 0 || dst[n-1] != c || c != '9' && c != 'a' {
			dst = append(dst, c)
		}
		if len(dst) == 24 {
			return dst
		}
	}
	return dst
}
