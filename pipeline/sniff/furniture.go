package sniff

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Furniture is what a record is that belongs to the report around a table and not to its rows, as far
// as the record tells by itself.
type Furniture uint8

// The kinds of furniture.
const (
	NoFurniture Furniture = iota
	Nothing               // fields without a value
	Again                 // the header once more
	Total                 // a sum of the rows above, or of all
	Comment               // begins with #, and does not have the table's width
	Rule                  // dashes across the page, as lists for printers have between header and rows
	Note                  // words in one field only: a title, a date range, a copyright
)

// String names the kind in the reconciliation.
func (k Furniture) String() string {
	return [...]string{"row", "empty", "header again", "total", "comment", "rule", "note"}[k]
}

// FurnitureOf looks at a record of a table of that many columns and with that header.
func FurnitureOf(fields [][]byte, width int, header []string) Furniture {
	switch {
	case allEmpty(fields):
		return Nothing
	case sameTexts(fields, header):
		return Again
	case total(fields, width):
		return Total
	case len(fields) != width && len(fields[0]) > 0 && fields[0][0] == '#':
		return Comment
	case rule(fields):
		return Rule
	case width > 2 && filled(fields) == 1 && words(fields):
		return Note
	}
	return NoFurniture
}

// rule says that the fields hold nothing but dashes, equals signs and crosses, three of them somewhere.
func rule(fields [][]byte) bool {
	long := false
	for _, f := range fields {
		f = bytes.TrimSpace(f)
		if len(bytes.Trim(f, "-=_+")) > 0 {
			return false
		}
		long = long || len(f) >= 3
	}
	return long
}

// words says that the one filled field is a phrase, as no cut-off id is.
func words(fields [][]byte) bool {
	for _, f := range fields {
		f = bytes.TrimSpace(f)
		if len(f) == 0 {
			continue
		}
		k := KindOf(f)
		if k == Number || k == Date {
			return false
		}
		if bytes.ContainsAny(f, " \t") || bytes.Contains(f, []byte("\u3000")) {
			return true
		}
		for _, r := range string(f) { // Chinese needs no blank between words
			if unicode.Is(unicode.Han, r) && utf8.RuneCount(f) >= 4 {
				return true
			}
		}
	}
	return false
}

// HeaderLike says that fields could be a header: two or more, all filled, different, short, and text.
func HeaderLike(fields [][]byte) bool { return headerLike(fields, len(fields)) }

// Names says that a record could name columns, some of them blank: more than half its fields are filled,
// at least two, and none is a number, a date or a time.
func Names(fields [][]byte) bool {
	n := filled(fields)
	if n < 2 || 2*n <= len(fields) {
		return false
	}
	for _, f := range fields {
		if k := KindOf(f); k == Number || k == Date || k == Time {
			return false
		}
	}
	return true
}

// Join names the columns over several header rows: an upper name counts for the blanks right of it.
func Join(rows [][]string) []string {
	d := Decision{Width: len(rows[0]), Header: rows}
	return d.names(nil)
}

// totalPrefix says that a text begins like the sum of a group: "Total for Smith", "Sum of region".
func totalPrefix(text string) bool {
	for _, p := range []string{"total for ", "total - ", "subtotal for ", "sub total", "grand total", "summe ", "合计", "总计", "小计", "本页合计"} {
		if strings.HasPrefix(text, p) {
			return true
		}
	}
	return false
}
