package calendar

import (
	"fmt"
	"time"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// Parse reads the day of a cell. A cell with a time and an offset, or a count since 1970, is an
// instant: it belongs to the civil day of zone, or, where zone is nil, to the day as written (of UTC).
// Without an offset the day is as written. It returns
//
//	a known day, true     a day
//	civil.Unknown, true   the cell says that there is none: 0000-00-00, 00000000, 0001-01-01,
//	                      1899-12-30 (a spreadsheet's day zero), 1/0/1900, a count of 0
//	civil.Unknown, false  the cell does not fit the format
//
// It does not allocate.
func (f Format) Parse(cell []byte, zone *time.Location) (civil.Day, bool) {
	switch f.kind {
	case plain:
		if d, ok := plainDay(cell, zone); ok {
			return dayOrNone(d)
		}
	case text:
		return f.textDay(cell, zone)
	default:
		return f.countDay(cell, zone)
	}
	var folded [longest]byte
	return civil.Unknown, noDay(fold(cell, &folded))
}

const serialZero civil.Day = -25569 // 1899-12-30, day zero of spreadsheets

// Empty reports whether d, as written, is what databases and spreadsheets print for an empty date:
// 0001-01-01 or 1899-12-30.
func Empty(d civil.Day) bool { return d == serialZero || d == civil.Min }

func dayOrNone(d civil.Day) (civil.Day, bool) {
	if Empty(d) {
		return civil.Unknown, true
	}
	return d, d.Known()
}

// zeros reports whether a folded cell is a date of zeros, with or without a time.
func zeros(b []byte) bool {
	marks, digits, i := 0, 0, 0
	mark := byte(0)
	for ; i < len(b) && b[i] != ' ' && b[i] != 'T'; i++ {
		switch b[i] {
		case '0':
			digits++
		case '-', '/', '.':
			if mark != 0 && mark != b[i] {
				return false
			}
			mark = b[i]
			marks++
		default:
			return false
		}
	}
	if !(marks == 0 && (digits == 8 || digits == 14)) && !(marks == 2 && 3 <= digits && digits <= 8) {
		return false
	}
	for _, c := range b[i:] {
		switch c {
		case '0', ':', '.', ' ', 'T', 'Z':
		default:
			return false
		}
	}
	return true
}

func (f Format) textDay(cell []byte, zone *time.Location) (civil.Day, bool) {
	var folded [longest]byte
	b := fold(cell, &folded)
	d, rest, ok := f.written(b)
	if !ok {
		return civil.Unknown, noDay(b)
	}
	c, ok := laterClock(rest)
	if !ok {
		return civil.Unknown, false
	}
	if Empty(d) {
		return civil.Unknown, true
	}
	d = c.day(d, zone)
	return d, d.Known()
}

// noDay reports whether a folded cell says that there is no day.
func noDay(b []byte) bool {
	if zeros(b) {
		return true
	}
	if p, rest, ok := numbersOf(b); ok { // 1/0/1900 is how spreadsheets print zero
		_, timed := laterClock(rest)
		return timed && p.years == 4 && (p.c == 1900 && p.a+p.b == 1 || p.c == 1 && p.a == 1 && p.b == 1)
	}
	d, rest, ok := Format{kind: text}.written(b)
	if ok = ok && Empty(d); ok {
		_, ok = laterClock(rest)
	}
	return ok
}

// written reads the day that a folded cell begins with.
func (f Format) written(b []byte) (d civil.Day, rest []byte, ok bool) {
	if f.order != noOrder {
		if p, after, is := numbersOf(b); is {
			d, ok = f.resolve(p)
			return d, after, ok
		}
	}
	if d, rest, ok = yearFirst(b); ok {
		return d, rest, true
	}
	if d, ok = stamp(b); ok {
		return d, nil, true
	}
	p, rest, ok := wordsOf(b)
	if !ok || f.years != 0 && f.years != p.years {
		return civil.Unknown, nil, false
	}
	if p.years == 2 {
		p.year = f.yearOf(p.year)
	}
	d, ok = civil.Of(p.year, p.month, p.day)
	return d, rest, ok
}

// stamp reads yyyymmddhhmmss.
func stamp(b []byte) (civil.Day, bool) {
	if len(b) != 14 {
		return civil.Unknown, false
	}
	for i := range b {
		if !digit(b, i) {
			return civil.Unknown, false
		}
	}
	d, _, ok := yearFirst(b[:8])
	h, rest, _ := number(b[8:], 2)
	m, rest, _ := number(rest, 2)
	s, _, _ := number(rest, 2)
	return d, ok && h < 24 && m < 60 && s < 60
}

// resolve gives the three numbers their meaning.
func (f Format) resolve(p numbers) (civil.Day, bool) {
	if f.mark != 0 && f.mark != p.mark || f.years != 0 && f.years != p.years {
		return civil.Unknown, false
	}
	year := p.c
	if p.years == 2 {
		year = f.yearOf(p.c)
	}
	switch f.order {
	case dmy:
		return civil.Of(year, p.b, p.a)
	case mdy:
		return civil.Of(year, p.a, p.b)
	case ymd:
		if p.years == 2 && p.wide {
			return civil.Of(f.yearOf(p.a), p.b, p.c)
		}
	}
	return civil.Unknown, false
}

// yearOf is the year that two digits mean.
func (f Format) yearOf(digits int) int {
	first := f.first
	if first == 0 {
		first = firstYear
	}
	year := first - first%100 + digits
	if year < first {
		year += 100
	}
	return year
}

// Why says what is wrong with a cell that Parse refuses, for the reject list.
func (f Format) Why(cell []byte) string {
	var folded [longest]byte
	b := fold(cell, &folded)
	if _, _, ok := clockOf(b); ok || chopped(b) {
		return "a time without its day: a spreadsheet saved it as shown; give the column a date format there and export again"
	}
	if _, _, ok := countOf(b); ok && f.kind <= text {
		return "a number, in a column of dates written as " + f.String()
	}
	if p, rest, ok := numbersOf(b); ok && f.kind <= text {
		if _, fits := f.resolve(p); fits {
			return "a day followed by no time: " + fmt.Sprintf("%q", rest)
		}
		return "does not fit the dates of its column, which are written as " + f.String()
	}
	if f.kind > text {
		return "does not fit the numbers of its column, which are read as " + f.String()
	}
	return "no day written as " + f.String()
}

// chopped reports whether b is what spreadsheets leave of a date and time in the format mm:ss.0.
func chopped(b []byte) bool {
	_, b, n := number(b, 2)
	return n > 0 && len(b) >= 3 && b[0] == ':' && digit(b, 1) && digit(b, 2) && (len(b) == 3 || b[3] == '.')
}
