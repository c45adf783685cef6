package delimited

import (
	"errors"
	"fmt"
	"strings"
)

// Syntax is how any text file separates, quotes and escapes. The zero value is comma, double quote
// and doubled quotes. It says more than a Dialect: delimiters of several bytes, an escape, no quotes.
type Syntax struct {
	Delimiter string // "," when empty; up to 8 bytes
	Runs      bool   // a run of delimiters is one, and those at the ends of a record are none: aligned columns
	Quote     byte   // '"' when zero
	NoQuote   bool   // quotes are plain text
	Escape    byte   // before a quote, a delimiter or itself; means something only with HasEscape
	HasEscape bool   // so that NUL can be an escape; without it quotes are doubled
}

// Validate returns every fault of the syntax.
func (s Syntax) Validate() error {
	var faults []error
	if len(s.Delimiter) > 8 {
		faults = append(faults, fmt.Errorf("delimiter %q: at most 8 bytes", s.Delimiter))
	}
	if strings.ContainsAny(s.Delimiter, "\r\n") {
		faults = append(faults, fmt.Errorf("delimiter %q: a line end cannot delimit", s.Delimiter))
	}
	if s.Quote == '\r' || s.Quote == '\n' || s.HasEscape && (s.Escape == '\r' || s.Escape == '\n') {
		faults = append(faults, errors.New("a line end can neither quote nor escape"))
	}
	if !s.NoQuote && strings.IndexByte(s.delimiter(), s.quote()) >= 0 {
		faults = append(faults, fmt.Errorf("delimiter %q holds the quote %q; set another quote or none", s.delimiter(), s.quote()))
	}
	if s.HasEscape && strings.IndexByte(s.delimiter(), s.Escape) >= 0 {
		faults = append(faults, fmt.Errorf("delimiter %q holds the escape %q", s.delimiter(), s.Escape))
	}
	return errors.Join(faults...)
}

func (s Syntax) delimiter() string {
	if s.Delimiter == "" {
		return ","
	}
	return s.Delimiter
}

func (s Syntax) quote() byte {
	if s.Quote == 0 {
		return '"'
	}
	return s.Quote
}

// escapes says that the escape is another byte than the quote, which doubles anyway.
func (s Syntax) escapes() bool { return s.HasEscape && (s.NoQuote || s.Escape != s.quote()) }

// Dialect is the syntax for the fast Scanner, which knows one-byte delimiters and doubled quotes;
// false where it takes more.
func (s Syntax) Dialect() (Dialect, bool) {
	d := s.delimiter()
	return Dialect{Delimiter: d[0], Quote: s.quote()}, len(d) == 1 && !s.Runs && !s.NoQuote && !s.escapes()
}

// String says the syntax for people.
func (s Syntax) String() string {
	name := func(b string) string {
		switch b {
		case "\t":
			return "tab"
		case " ":
			return "blank"
		}
		return fmt.Sprintf("%q", b)
	}
	out := "delimiter " + name(s.delimiter())
	if s.Runs {
		out = "runs of " + name(s.delimiter())
	}
	if s.NoQuote {
		out += ", no quotes"
	} else {
		out += ", quote " + string(rune(s.quote()))
	}
	if s.escapes() {
		out += fmt.Sprintf(", escape %q", s.Escape)
	}
	return out
}
