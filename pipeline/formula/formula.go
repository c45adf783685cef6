// Package formula provides the one rule for cells that a spreadsheet would run.
//
// Files meant for people (lists, rejects, a CRM target's changes.csv) pass every text cell through
// Guard. Files meant for machines (segments, convert, the CRM data files) hold the exact text: a
// loader would store the guard as part of the value.
package formula

import (
	"bytes"
	"unicode/utf8"
)

// Risky reports whether a spreadsheet might take the text for a formula: its first character after
// spaces is one of = + - @ (also full-width), TAB, CR or LF. It also reports text that begins with
// an apostrophe, the mark of Guard, which keeps Unguard exact. The characters are those of the OWASP
// page on CSV injection.
func Risky(text []byte) bool {
	if len(text) > 0 && text[0] == '\'' {
		return true
	}
	text = bytes.TrimLeft(text, " \u00a0\u3000")
	r, _ := utf8.DecodeRune(text)
	switch r {
	case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return len(text) > 0
	}
	return false
}

// Guard puts an apostrophe before risky text, which spreadsheets then show as it is.
func Guard(text string) string {
	if Risky([]byte(text)) {
		return "'" + text
	}
	return text
}

// Unguard is the inverse of Guard.
func Unguard(text string) string {
	if len(text) > 1 && text[0] == '\'' && Risky([]byte(text[1:])) {
		return text[1:]
	}
	return text
}
