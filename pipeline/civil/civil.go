// Package civil provides the civil day: the only notion of time below cmd.
//
// A Day counts days since 1970-01-01 in the proleptic Gregorian calendar. It has no clock and no
// time zone: whoever reads an export decides which civil day an instant belongs to, and from there
// on days are plain integers that compare, subtract and index. Intervals are half-open: [From, To).
package civil

import (
	"fmt"
	"math"
)

// Day is a civil day: days since 1970-01-01. Legal days are Min..Max.
type Day int32

// Unknown is the day that no export stated. It sorts before every legal day.
const Unknown Day = math.MinInt32

// Min and Max bound the legal days: 0001-01-01 and 9999-12-31, what DATE columns of the formats
// we read and write can all hold.
const (
	Min Day = -719162
	Max Day = 2932896
)

// Of returns the day of a year, month 1..12 and day of month, and whether such a day exists in
// 0001-01-01..9999-12-31.
//
// The conversion is the era arithmetic of Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms", days_from_civil.
func Of(year, month, day int) (Day, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > MonthDays(year, month) {
		return Unknown, false
	}
	y := year
	if month <= 2 {
		y--
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*((month+9)%12)+2)/5 + day - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return Day(era*146097 + doe - 719468), true
}

// MonthDays is the number of days of a month 1..12.
func MonthDays(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// Date returns the year, month and day of month of a legal day (Hinnant, civil_from_days).
func (d Day) Date() (year, month, day int) {
	z := int(d) + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	month = (mp+2)%12 + 1
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

// Known reports whether d is a legal day rather than Unknown.
func (d Day) Known() bool { return d >= Min && d <= Max }

// Quarter numbers the calendar quarter of d: 4 x year + 0..3.
func (d Day) Quarter() int {
	y, m, _ := d.Date()
	return 4*y + (m-1)/3
}

// String is YYYY-MM-DD, or the empty string for a day that is not known.
func (d Day) String() string { return string(d.Append(nil)) }

// Append appends YYYY-MM-DD to dst, or nothing for a day that is not known.
func (d Day) Append(dst []byte) []byte {
	if !d.Known() {
		return dst
	}
	y, m, n := d.Date()
	return append(dst, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-', byte('0'+n/10), byte('0'+n%10))
}

// Parse reads YYYY-MM-DD.
func Parse(s string) (Day, error) {
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		y, ok1 := digits(s[0:4])
		m, ok2 := digits(s[5:7])
		n, ok3 := digits(s[8:10])
		if ok1 && ok2 && ok3 {
			if d, ok := Of(y, m, n); ok {
				return d, nil
			}
		}
	}
	return Unknown, fmt.Errorf("%q is not a day of the form YYYY-MM-DD", s)
}

func digits(s string) (n int, ok bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// Range is the half-open interval of days [From, To).
type Range struct{ From, To Day }

// All is every legal day.
func All() Range { return Range{Min, Max + 1} }

// Contains reports whether d lies in [From, To).
func (r Range) Contains(d Day) bool { return r.From <= d && d < r.To }

// Empty reports whether no day lies in r.
func (r Range) Empty() bool { return r.From >= r.To }
