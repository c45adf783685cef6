// Package numeral finds out how a column of text writes numbers, and reads them exactly.
//
//  1. Give a sample of the column's cells to an Evidence (Add; Merge joins those of workers).
//  2. Decide weighs it: one Format for the whole column, or an *Undecided where every cell fits two
//     readings with different values, or a *Conflict where no reading fits all cells.
//  3. Format.Parse reads cells as fixed-point integers. A cell that does not fit the column's format
//     is refused, never read in another way; Format.Why says what is wrong with it.
//
// Only the decimal and thousands marks, percent, units and the currency are properties of a column.
// What can mean one thing only is read in every format but Plain: U+2212 and trailing minus,
// parentheses, blanks around the digits, full-width characters, exponents.
package numeral

import (
	"fmt"
	"strings"
)

// Format is how one column writes numbers. The zero value is Plain. Formats compare with ==.
type Format struct {
	dressed   bool // false for Plain only
	decimal   byte // '.' or ','; 0: no cell showed one, and none is accepted
	thousands byte // ',', '.', ' ' (any blank), '\'' (any apostrophe); 0: none
	indian    bool // groups of two above the thousands: 1,23,456
	percent   bool
	units     bool
	currency  string // canonical, see currency.go
}

// Plain reports whether the format is that of plain decimals, [+-]digits[.digits][e[+-]digits]: then
// Parse is money.Parse.
func (f Format) Plain() bool { return !f.dressed }

// Decimal is the decimal mark, '.' or ',', or 0 where the column showed none and accepts none.
func (f Format) Decimal() byte {
	if !f.dressed {
		return '.'
	}
	return f.decimal
}

// Thousands is the mark between groups of digits: ',', '.', ' ' for any blank (no-break, thin,
// ideographic), '\” for any apostrophe, 0 for none.
func (f Format) Thousands() byte { return f.thousands }

// Indian reports whether groups above the thousands have two digits, as in 12,34,567.
func (f Format) Indian() bool { return f.indian }

// Percent reports whether every number but a bare zero carries a percent sign; 12% reads as 0.12.
func (f Format) Percent() bool { return f.percent }

// Units reports whether numbers may carry a power of ten, such as 45k, 1.2M, 3.5万元.
func (f Format) Units() bool { return f.units }

// Currency is the one currency sign or code that numbers may carry, empty for none.
func (f Format) Currency() string { return f.currency }

// Relaxed is the format that reads all that f reads and the dress that can mean one thing only
// (trailing minus, parentheses, U+2212, full-width digits). Only Plain gains by it.
func (f Format) Relaxed() Format {
	if !f.dressed {
		return Format{dressed: true, decimal: '.'}
	}
	return f
}

// plainWord is the textual form of Plain.
const plainWord = "plain"

// String is a number written in the format, from which FromSetting makes the format again: plain,
// 1.234.567,89, $1,234,567.89, 12,34,567.89, 1 234 567,89%, 1,234,567.89k (with units).
func (f Format) String() string {
	if !f.dressed {
		return plainWord
	}
	groups := []string{"1", "234", "567"}
	if f.indian {
		groups = []string{"12", "34", "567"}
	}
	mark := ""
	if f.thousands != 0 {
		mark = string(f.thousands)
	}
	s := strings.Join(groups, mark)
	if f.decimal != 0 {
		s += string(f.decimal) + "89"
	}
	if f.units {
		s += "k"
	}
	if f.percent {
		s += "%"
	}
	if f.currency == "" {
		return s
	}
	if last := f.currency[len(f.currency)-1]; last < 0x80 && last != '$' {
		return f.currency + " " + s
	}
	return f.currency + s
}

// FromSetting reads what String writes, or any number that shows its format without doubt:
// "1.234,56" sets a decimal comma and points between thousands, "1234,56" a decimal comma only.
func FromSetting(text string) (Format, error) {
	if strings.EqualFold(strings.TrimSpace(text), plainWord) {
		return Format{}, nil
	}
	var e Evidence
	e.Add([]byte(text))
	d, err := e.Decide(Setting{})
	if err != nil || e.bad.n > 0 || e.cells == 0 {
		return Format{}, fmt.Errorf("number format %q: write plain, or one number with thousands and decimals as the column has them, such as 1.234,56 or $1,234.56", text)
	}
	f := d.Format
	if !f.dressed {
		f = Format{dressed: true}
		if strings.ContainsRune(text, '.') {
			f.decimal = '.'
		}
	}
	return f, nil
}

// Setting is what the user says about a column; the zero value leaves all to the evidence.
type Setting struct {
	Decimal   string // ".", "," or empty: by evidence
	Thousands string // ".", ",", " ", "'", "none" or empty: by evidence
}

// Validate returns every fault of s.
func (s Setting) Validate() error {
	var faults []string
	if s.Decimal != "" && s.Decimal != "." && s.Decimal != "," {
		faults = append(faults, fmt.Sprintf("decimal: %q is neither \".\" nor \",\"", s.Decimal))
	}
	switch s.Thousands {
	case "", ".", ",", " ", "'", noneWord:
	default:
		faults = append(faults, fmt.Sprintf("thousands: %q is none of \".\" \",\" \" \" \"'\" none", s.Thousands))
	}
	if s.Decimal != "" && s.Decimal == s.Thousands {
		faults = append(faults, fmt.Sprintf("decimal and thousands are both %q", s.Decimal))
	}
	if len(faults) > 0 {
		return fmt.Errorf("number settings: %s", strings.Join(faults, "; "))
	}
	return nil
}

const noneWord = "none"
