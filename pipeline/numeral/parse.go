package numeral

import (
	"strconv"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Parse reads a cell at a scale of 0..8 implied decimals, rounding half to even, and returns false
// where the cell does not fit the format or its value does not fit an int64 at that scale (see
// money.Parse, which it equals for Plain). Percent divides by 100, a unit multiplies. It does not
// allocate.
func (f Format) Parse(cell []byte, scale int) (int64, bool) {
	if !f.dressed {
		return money.Parse(cell, scale)
	}
	if f.decimal == '.' && !f.percent && simple(cell) {
		return money.Parse(cell, scale)
	}
	var folded [longest]byte
	b, ok := fold(cell, &folded)
	if !ok {
		return 0, false
	}
	s := shape{expected: f.currency}
	if !scan(b, &s) || f.refusal(&s, b) != "" {
		return 0, false
	}
	var buf [longest + 16]byte
	out := buf[:0]
	if s.negative {
		out = append(out, '-')
	}
	if out, ok = f.marks().plain(out, b[s.from:s.to], s.hasExp); !ok {
		return 0, false
	}
	e := s.exponent + s.unit
	if s.percent {
		e -= 2
	}
	if e != 0 {
		out = append(out, 'e')
		out = strconv.AppendInt(out, int64(e), 10)
	}
	return money.Parse(out, scale)
}

// simple reports whether a cell is [-]digits[.digits], which money.Parse reads without detours.
func simple(cell []byte) bool {
	if len(cell) > 0 && cell[0] == '-' {
		cell = cell[1:]
	}
	points := 0
	for _, c := range cell {
		if c == '.' {
			points++
		} else if c-'0' > 9 {
			return false
		}
	}
	return points <= 1 && len(cell) > points && len(cell) <= longest
}

func (f Format) marks() marks { return marks{f.decimal, f.thousands, f.indian} }

// refusal says what in the dress of the folded cell b is not that of the column; empty for nothing.
func (f Format) refusal(s *shape, b []byte) string {
	switch {
	case s.currency != "" && s.currency != f.currency:
		return "another currency than the column's"
	case s.unit != 0 && !f.units:
		return "a unit, in a column without units"
	case s.percent && !f.percent:
		return "a percentage, in a column of plain numbers"
	case f.percent && !s.percent && !zero(b[s.from:s.to]):
		return "no percent sign, in a column of percentages"
	}
	return ""
}

func zero(core []byte) bool {
	for _, c := range core {
		if '1' <= c && c <= '9' {
			return false
		}
	}
	return true
}

// Why says what is wrong with a cell that Parse refuses, for the reject list.
func (f Format) Why(cell []byte) string {
	var folded [longest]byte
	var s shape
	b, ok := fold(cell, &folded)
	s.dressed = len(b) != len(cell)
	if !ok || !scan(b, &s) {
		return "no number"
	}
	if _, ok = f.Relaxed().marks().plain(nil, b[s.from:s.to], s.hasExp); !ok {
		if maskOf(b[s.from:s.to], s.hasExp) == 0 {
			return "no number: its marks fit neither decimals nor thousands"
		}
		return "does not fit the numbers of its column, which are written as " + f.example()
	}
	if why := f.refusal(&s, b); why != "" {
		return why
	}
	if !f.dressed && s.dressed {
		return "not a plain decimal number"
	}
	return "too large"
}

func (f Format) example() string {
	if f.dressed {
		return f.String()
	}
	return "1234567.89"
}
