package calendar

import (
	"time"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// Ranges in which a column of numbers is taken for days without a setting. Parse reads all that the
// system has.
const (
	leastSerial, mostSerial = 20_000, 60_000                  // 1954-10-03..2064-04-08
	leastEpoch, mostEpoch   = 631_152_000, 4_102_444_800      // seconds: 1990-01-01..2100-01-01
	lastSerial              = 2_958_465                       // 9999-12-31, the last of a spreadsheet
	firstOf1904             = civil.Day(-24107)               // 1904-01-01, day 0 of the other system
	lastEpoch               = (int64(civil.Max) + 1) * 86_400 // seconds, exclusive
)

// countOf reads digits with an optional fraction; whether the fraction rounds up to the next whole
// at the millisecond of a day, which is how a float misses midnight.
func countOf(b []byte) (whole int64, up, ok bool) {
	i := 0
	for ; i < 17 && digit(b, i); i++ {
		whole = whole*10 + int64(b[i]-'0')
	}
	if i == 0 || i == 17 {
		return 0, false, false
	}
	if i == len(b) {
		return whole, false, true
	}
	if b[i] != '.' && b[i] != ',' {
		return 0, false, false
	}
	fraction := b[i+1:]
	up = len(fraction) >= 8
	for i, c := range fraction {
		if c-'0' > 9 {
			return 0, false, false
		}
		up = up && (i >= 8 || c == '9')
	}
	return whole, up, len(fraction) > 0
}

// countDay reads the number of a spreadsheet's day or of units since 1970.
func (f Format) countDay(cell []byte, zone *time.Location) (civil.Day, bool) {
	var folded [longest]byte
	b := fold(cell, &folded)
	if noDay(b) {
		return civil.Unknown, true
	}
	v, up, ok := countOf(b)
	if !ok {
		return civil.Unknown, false
	}
	switch f.kind {
	case serial1900, serial1904:
		if up {
			v++
		}
		return serialDay(v, f.kind)
	case milliseconds:
		v /= 1_000
	case microseconds:
		v /= 1_000_000
	}
	if v == 0 {
		return civil.Unknown, true
	}
	if v >= lastEpoch {
		return civil.Unknown, false
	}
	d := DayIn(v, zone)
	return d, d.Known()
}

// serialDay is the day of a spreadsheet's serial number. In the system of 1900 day 1 is 1900-01-01
// and day 60 a 29 February that the year did not have, so that the days after it are one further on.
func serialDay(v int64, k kind) (civil.Day, bool) {
	switch {
	case v == 0:
		return civil.Unknown, true
	case v > lastSerial || v == 60 && k == serial1900:
		return civil.Unknown, false
	case k == serial1904:
		d := firstOf1904 + civil.Day(v)
		return d, d.Known()
	case v < 60:
		return serialZero + 1 + civil.Day(v), true
	}
	return serialZero + civil.Day(v), true
}
