package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind uint8

const (
	end    kind = iota
	word        // a keyword or a column
	quoted      // a column in double quotes
	text        // in single quotes
	number
	symbol // an operator, parenthesis or comma
)

// token is a part of the condition. Text is what it says: without quotes, and words as written.
type token struct {
	kind    kind
	text    string
	at, end int
}

// is reports whether the token is a keyword or symbol, given in lower case.
func (t token) is(s string) bool {
	return t.kind == symbol && t.text == s || t.kind == word && strings.EqualFold(t.text, s)
}

// lex cuts a condition into tokens, the last of kind end.
func lex(s string) ([]token, error) {
	var out []token
	for at := 0; ; {
		for at < len(s) && (s[at] == ' ' || s[at] == '\t' || s[at] == '\n' || s[at] == '\r') {
			at++
		}
		if at == len(s) {
			return append(out, token{end, "", at, at}), nil
		}
		t, err := next(s, at)
		if err != nil {
			return nil, err
		}
		out, at = append(out, t), t.end
	}
}

func next(s string, at int) (token, error) {
	c := s[at]
	switch {
	case c == '\'':
		return lexQuoted(s, at, text, "text")
	case c == '"':
		return lexQuoted(s, at, quoted, "column name")
	case digit(c) || (c == '.' || c == '-' || c == '+') && at+1 < len(s) && (digit(s[at+1]) || s[at+1] == '.'):
		return lexNumber(s, at)
	case c == '_' || letter(c):
		n := at + 1
		for n < len(s) && (s[n] == '_' || letter(s[n]) || digit(s[n])) {
			n++
		}
		return token{word, s[at:n], at, n}, nil
	}
	for _, op := range []string{"<=", ">=", "<>", "!=", "==", "<", ">", "=", "(", ")", ","} {
		if strings.HasPrefix(s[at:], op) {
			return token{symbol, op, at, at + len(op)}, nil
		}
	}
	r, n := utf8.DecodeRuneInString(s[at:])
	message := "what is " + string(r) + "?"
	switch {
	case strings.ContainsRune("‘’‚‛`´", r):
		message = "put text between straight quotes, 'like this'"
	case strings.ContainsRune("“”„", r):
		message = "put text between straight single quotes, 'like this'"
	case strings.ContainsRune("+-*/%", r):
		message = "there is no arithmetic; compare a column with a value or with a column"
	case unicode.IsLetter(r):
		message = "put a column name with other than ASCII letters in double quotes, and text in single ones"
	case r == ';':
		message = "a condition has no semicolon"
	}
	return token{}, &Error{s, at, at + n, message}
}

// lexQuoted reads up to the closing quote; a doubled quote is one.
func lexQuoted(s string, at int, k kind, what string) (token, error) {
	quote := s[at : at+1]
	for from := at + 1; ; {
		n := strings.Index(s[from:], quote)
		if n < 0 {
			return token{}, &Error{s, at, len(s), "the " + what + " that begins here has no closing quote"}
		}
		from += n + 1
		if from < len(s) && s[from] == quote[0] {
			from++
			continue
		}
		return token{k, strings.ReplaceAll(s[at+1:from-1], quote+quote, quote), at, from}, nil
	}
}

// lexNumber reads what looks like a number up to its end; number says whether it is one.
func lexNumber(s string, at int) (token, error) {
	n := at
	if s[n] == '-' || s[n] == '+' {
		n++
	}
	for n < len(s) && (digit(s[n]) || s[n] == '.' || s[n] == '_' || letter(s[n]) ||
		(s[n] == '-' || s[n] == '+') && (s[n-1] == 'e' || s[n-1] == 'E')) {
		n++
	}
	t := token{number, s[at:n], at, n}
	if _, ok := parseNumber(t.text); !ok {
		message := t.text + " is no number; write it like 1234.5, without thousands marks"
		if looksLikeDay(s[at:]) {
			message = "put a day in single quotes, such as '2024-06-30'"
		}
		return t, &Error{s, at, n, message}
	}
	if looksLikeDay(s[at:]) {
		return t, &Error{s, at, min(at+10, len(s)), "put a day in single quotes, such as '2024-06-30'"}
	}
	return t, nil
}

func looksLikeDay(s string) bool {
	return len(s) >= 10 && s[4] == '-' && s[7] == '-' && digit(s[0]) && digit(s[3]) && digit(s[5]) && digit(s[8])
}

func digit(c byte) bool  { return '0' <= c && c <= '9' }
func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
