package filter

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is a fault of a condition, with its place.
type Error struct {
	Text    string // the condition
	At, End int    // bytes [At, End) of it are at fault; both its length where it ends too early
	Message string
}

// Error is what is wrong, and below it the line of the condition with the place marked.
func (e *Error) Error() string {
	lo := strings.LastIndexByte(e.Text[:e.At], '\n') + 1
	hi := len(e.Text)
	if n := strings.IndexByte(e.Text[e.At:], '\n'); n >= 0 {
		hi = e.At + n
	}
	from := utf8.RuneCountInString(e.Text[lo:e.At])
	marks := max(1, utf8.RuneCountInString(e.Text[e.At:min(max(e.End, e.At), hi)]))
	line, indent := clip(e.Text[lo:hi], from)
	return fmt.Sprintf("position %d: %s\n  %s\n  %s%s", utf8.RuneCountInString(e.Text[:e.At])+1, e.Message, line,
		strings.Repeat(" ", indent), strings.Repeat("^", min(marks, utf8.RuneCountInString(line)-indent+1)))
}

// clip keeps what stands around a character of a long line, without tabs, and returns where it is then.
func clip(line string, at int) (string, int) {
	const before, width = 50, 100
	runes := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return ' '
		}
		return r
	}, line))
	if at <= width-20 {
		return string(runes[:min(width, len(runes))]), at
	}
	from := at - before
	return "..." + string(runes[from:min(from+width, len(runes))]), before + 3
}
