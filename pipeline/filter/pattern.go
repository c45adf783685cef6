package filter

import (
	"strings"
	"unicode/utf8"
)

// pattern is that of like: pieces between the %, each of characters and _.
type pattern struct {
	pieces []piece // the first is held at the start, the last at the end; one piece at both
	prefix string  // what every match begins with
}

// piece is a sequence of characters; -1 is any one.
type piece []rune

const anyRune = -1

func newPattern(s string) *pattern {
	p := &pattern{pieces: []piece{nil}}
	var prefix strings.Builder
	literal := true
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		whole := s[:n]
		s = s[n:]
		switch {
		case r == '%':
			p.pieces, literal = append(p.pieces, nil), false
			continue
		case r == '_':
			r, literal = anyRune, false
		case r == '\\' && len(s) > 0:
			r, n = utf8.DecodeRuneInString(s)
			whole, s = s[:n], s[n:]
		}
		last := &p.pieces[len(p.pieces)-1]
		*last = append(*last, r)
		if literal {
			prefix.WriteString(whole)
		}
	}
	p.prefix = prefix.String()
	return p
}

// match takes each piece at its first place: if a match exists, one exists with that.
func (p *pattern) match(s string) bool {
	last := len(p.pieces) - 1
	rest, ok := p.pieces[0].cut(s)
	if !ok || last == 0 {
		return ok && rest == ""
	}
	for _, m := range p.pieces[1:last] {
		for {
			after, ok := m.cut(rest)
			if ok {
				rest = after
				break
			}
			if rest == "" {
				return false
			}
			_, n := utf8.DecodeRuneInString(rest)
			rest = rest[n:]
		}
	}
	for skip := utf8.RuneCountInString(rest) - len(p.pieces[last]); skip > 0; skip-- {
		_, n := utf8.DecodeRuneInString(rest)
		rest = rest[n:]
	}
	rest, ok = p.pieces[last].cut(rest)
	return ok && rest == ""
}

// cut takes the piece off the front of a text.
func (m piece) cut(s string) (rest string, ok bool) {
	for _, want := range m {
		if s == "" {
			return "", false
		}
		r, n := utf8.DecodeRuneInString(s)
		if want != anyRune && r != want {
			return "", false
		}
		s = s[n:]
	}
	return s, true
}

// meets goes by the prefix.
func (p *pattern) meets(low, high string) (in, out bool) {
	return high >= p.prefix && low[:min(len(low), len(p.prefix))] <= p.prefix, true
}
