// Package calendar finds out how a column of text writes days, and reads them.
//
//  1. Give a sample of the column's cells to an Evidence (Add; Merge joins those of workers).
//  2. Decide weighs it: one Format for the whole column, or an *Undecided where every cell fits two
//     orders of day, month and year, or a *Conflict where no format fits all cells.
//  3. Format.Parse reads cells as civil days. A cell that does not fit the column's format is
//     refused, never read in another way; Format.Why says what is wrong with it.
//
// The order of day and month, the mark between them, the length of years, and whether the cells are
// text or numbers are properties of a column. What can mean one thing only is read in every format
// of text but Plain: years first, names of months, times of any style, full-width digits.
package calendar

import (
	"fmt"
	"strconv"
	"strings"
)

// kind is what the cells of a column are.
type kind uint8

const (
	plain kind = iota // the year first, four digits, strictly; see plainDay
	text
	serial1900 // days of a spreadsheet
	serial1904
	seconds // since 1970-01-01 UTC
	milliseconds
	microseconds
)

// order is that of the numbers of a day whose year does not come first with four digits.
type order uint8

const (
	noOrder order = iota // such days are refused
	dmy
	mdy
	ymd // with two-digit years
)

// firstYear is where the hundred years of two-digit years begin unless set: 70 is 1970, 69 is 2069.
const firstYear = 1970

// Format is how one column writes days. The zero value is Plain. Formats compare with ==.
type Format struct {
	kind  kind
	order order
	mark  byte  // between the numbers: '/', '-', '.'; 0: any
	years uint8 // digits of years that do not come first: 2 or 4; 0: any
	first int   // the first year that two digits can mean; 0: firstYear
}

// Plain reports whether the format is the strict one with years first, as in 2024-01-05, 2024/1/5,
// 2024.1.5, 20240105, 2024年1月5日, each with an optional time after a blank or T and an optional
// offset: the fast path of ingest.
func (f Format) Plain() bool { return f.kind == plain }

// Instants reports whether the cells are counts since 1970 in UTC, so that every one needs the time zone.
func (f Format) Instants() bool { return f.kind >= seconds }

// Years is the hundred years that two digits mean; ok is false where years have four.
func (f Format) Years() (from, to int, ok bool) {
	from = f.first
	if from == 0 {
		from = firstYear
	}
	return from, from + 99, f.kind == text && f.years == 2
}

// WithFirstYear is the format with two-digit years meaning the hundred years from year on (1000..9900);
// 0 stands for 1970.
func (f Format) WithFirstYear(year int) Format {
	if year == firstYear {
		year = 0
	}
	if f.kind == text {
		f.first = year
	}
	return f
}

// names are the textual forms of formats that are no pattern.
func (k kind) name() string {
	switch k {
	case plain:
		return "iso"
	case serial1900:
		return "excel1900"
	case serial1904:
		return "excel1904"
	case seconds:
		return "epoch-s"
	case milliseconds:
		return "epoch-ms"
	case microseconds:
		return "epoch-us"
	}
	return ""
}

func (o order) name() string {
	switch o {
	case dmy:
		return "dmy"
	case mdy:
		return "mdy"
	case ymd:
		return "ymd"
	}
	return ""
}

const (
	longNames  = "yyyy-mm-dd or d mon yyyy"
	shortNames = "yyyy-mm-dd or d mon yy"
)

// String is the textual form that FromSetting reads: iso; dmy, mdy, ymd (any mark, any years);
// dd/mm/yyyy, mm-dd-yy, yy.mm.dd and the like; "yyyy-mm-dd or d mon yyyy" (a year first in any
// writing, or the name of a month); excel1900, excel1904, epoch-s, epoch-ms, epoch-us. Another
// hundred years for two digits than 1970-2069 follow, as in "dd/mm/yy 1950-2049".
func (f Format) String() string {
	s := f.kind.name()
	if f.kind == text {
		s = f.pattern()
	}
	if f.first != 0 {
		s += fmt.Sprintf(" %d-%d", f.first, f.first+99)
	}
	return s
}

func (f Format) pattern() string {
	year := "yyyy"
	if f.years == 2 {
		year = "yy"
	}
	switch {
	case f.order == noOrder && f.years == 2:
		return shortNames
	case f.order == noOrder:
		return longNames
	case f.mark == 0:
		return f.order.name()
	case f.order == dmy:
		return "dd" + string(f.mark) + "mm" + string(f.mark) + year
	case f.order == mdy:
		return "mm" + string(f.mark) + "dd" + string(f.mark) + year
	}
	return year + string(f.mark) + "mm" + string(f.mark) + "dd"
}

// FromSetting reads what String writes. Upper case, single letters (d/m/yyyy) and yyyy/mm/dd are
// accepted.
func FromSetting(setting string) (Format, error) {
	s := strings.ToLower(strings.TrimSpace(setting))
	first := 0
	if i := strings.LastIndexByte(s, ' '); i >= 0 && len(s)-i == len(" 1950-2049") && s[i+5] == '-' {
		from, err1 := strconv.Atoi(s[i+1 : i+5])
		to, err2 := strconv.Atoi(s[i+6:])
		if err1 != nil || err2 != nil || to != from+99 || from < 1000 {
			return Format{}, fmt.Errorf("date format %q: the years must be a hundred, such as 1970-2069", setting)
		}
		s, first = s[:i], from
	}
	f, ok := named(s)
	if !ok {
		f, ok = patterned(s)
	}
	if !ok || first != 0 && f.kind != text {
		return Format{}, fmt.Errorf("date format %q: use iso, dmy, mdy, ymd, a pattern such as dd/mm/yyyy or mm/dd/yy, excel1900, excel1904, epoch-s, epoch-ms or epoch-us", setting)
	}
	return f.WithFirstYear(first), nil
}

func named(s string) (Format, bool) {
	for k := plain; k <= microseconds; k++ {
		if s == k.name() && s != "" {
			return Format{kind: k}, true
		}
	}
	for o := dmy; o <= ymd; o++ {
		if s == o.name() {
			return Format{kind: text, order: o}, true
		}
	}
	switch s {
	case longNames, "d mon yyyy", "yyyy-mm-dd", "yyyy/mm/dd", "yyyy.mm.dd":
		return Format{kind: text, years: 4}, true
	case shortNames, "d mon yy":
		return Format{kind: text, years: 2}, true
	}
	return Format{}, false
}

// patterned reads dd/mm/yyyy and its kin.
func patterned(s string) (Format, bool) {
	i := strings.IndexAny(s, "/-.")
	if i < 0 {
		return Format{}, false
	}
	f := Format{kind: text, mark: s[i], years: 2}
	if strings.Contains(s, "yyyy") {
		f.years = 4
	}
	s = strings.NewReplacer("yyyy", "y", "yy", "y", "mm", "m", "dd", "d").Replace(s)
	mark := string(f.mark)
	switch s {
	case "d" + mark + "m" + mark + "y":
		f.order = dmy
	case "m" + mark + "d" + mark + "y":
		f.order = mdy
	case "y" + mark + "m" + mark + "d":
		f.order = ymd
	}
	return f, f.order != noOrder && (f.order != ymd || f.years == 2)
}
