package calendar

import (
	"time"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// plainDay reads a day of the Plain format. A time with an offset or Z is an instant: it belongs to
// the civil day of zone, or, where zone is nil, to the day as written.
func plainDay(b []byte, zone *time.Location) (civil.Day, bool) {
	d, rest, ok := yearFirst(b)
	if !ok {
		return civil.Unknown, false
	}
	if len(rest) == 0 {
		return d, true
	}
	if rest[0] != ' ' && rest[0] != 'T' {
		return civil.Unknown, false
	}
	c, rest, ok := clockOf(rest[1:])
	if !ok {
		return civil.Unknown, false
	}
	if len(rest) > 0 {
		if rest[0] == ' ' {
			rest = rest[1:]
		}
		c.offset, rest, ok = offsetOf(rest)
		if c.instant = true; !ok || len(rest) > 0 {
			return civil.Unknown, false
		}
	}
	return c.day(d, zone), true
}

// clock is the time of a day.
type clock struct {
	seconds, offset int
	instant         bool // the offset is known
}

// day is the civil day in zone of a day as written with a time.
func (c clock) day(d civil.Day, zone *time.Location) civil.Day {
	if !c.instant || zone == nil {
		return d
	}
	return DayIn(int64(d)*86400+int64(c.seconds-c.offset), zone)
}

// DayIn is the civil day of an instant, in seconds since 1970-01-01 UTC, in a zone; of UTC where zone is
// nil. It can lie outside civil.Min..civil.Max.
func DayIn(unix int64, zone *time.Location) civil.Day {
	if zone != nil {
		_, offset := time.Unix(unix, 0).In(zone).Zone()
		unix += int64(offset)
	}
	q := unix / 86400
	if unix%86400 < 0 {
		q--
	}
	return civil.Day(q)
}

// yearFirst reads the day that b starts with, its year of four digits first.
func yearFirst(b []byte) (d civil.Day, rest []byte, ok bool) {
	year, rest, n := number(b, 4)
	if n != 4 || len(rest) == 0 {
		return civil.Unknown, nil, false
	}
	if digit(rest, 0) {
		if len(rest) < 4 || digit(rest, 4) {
			return civil.Unknown, nil, false
		}
		month, _, n1 := number(rest[:2], 2)
		day, _, n2 := number(rest[2:4], 2)
		d, ok = civil.Of(year, month, day)
		return d, rest[4:], ok && n1 == 2 && n2 == 2
	}
	mark, rest := markOf(rest, "年")
	month, rest, n1 := number(rest, 2)
	second, rest := markOf(rest, "月")
	day, rest, n2 := number(rest, 2)
	if mark == 0 || mark != second || n1 == 0 || n2 == 0 {
		return civil.Unknown, nil, false
	}
	if mark == character {
		if mark, rest = markOf(rest, "日"); mark != character {
			return civil.Unknown, nil, false
		}
	}
	d, ok = civil.Of(year, month, day)
	return d, rest, ok
}

// character is what markOf returns for a Chinese mark.
const character = 'Y'

// markOf reads - / . (which it returns) or the given character; 0 for none of them.
func markOf(b []byte, word string) (mark byte, rest []byte) {
	if len(b) == 0 {
		return 0, b
	}
	switch b[0] {
	case '-', '/', '.':
		return b[0], b[1:]
	}
	if len(b) >= len(word) && string(b[:len(word)]) == word {
		return character, b[len(word):]
	}
	return 0, b
}

// number reads up to most digits.
func number(b []byte, most int) (v int, rest []byte, digits int) {
	for digits < most && digit(b, digits) {
		v = v*10 + int(b[digits]-'0')
		digits++
	}
	return v, b[digits:], digits
}

func digit(b []byte, i int) bool { return i < len(b) && b[i]-'0' <= 9 }

// clockOf reads H:MM[:SS[.fraction]] and returns what follows it.
func clockOf(b []byte) (c clock, rest []byte, ok bool) {
	h, b, n := number(b, 2)
	if n == 0 || len(b) == 0 || b[0] != ':' {
		return c, nil, false
	}
	m, b, n := number(b[1:], 2)
	if n != 2 {
		return c, nil, false
	}
	s := 0
	if len(b) > 0 && b[0] == ':' {
		if s, b, n = number(b[1:], 2); n != 2 {
			return c, nil, false
		}
		if len(b) > 0 && (b[0] == '.' || b[0] == ',') {
			if _, b, n = number(b[1:], 12); n == 0 {
				return c, nil, false
			}
		}
	}
	if h > 24 || m > 59 || s > 60 || (h == 24 && m+s > 0) {
		return c, nil, false
	}
	return clock{seconds: h*3600 + m*60 + s}, b, true
}

// offsetOf reads Z, UTC, +HH:MM, +HHMM or +HH and returns seconds and what follows.
func offsetOf(b []byte) (seconds int, rest []byte, ok bool) {
	if len(b) > 0 && b[0] == 'Z' {
		return 0, b[1:], true
	}
	if len(b) >= 3 && string(b[:3]) == "UTC" {
		return 0, b[3:], true
	}
	if len(b) < 3 || (b[0] != '+' && b[0] != '-') {
		return 0, nil, false
	}
	sign := 1
	if b[0] == '-' {
		sign = -1
	}
	h, b, n := number(b[1:], 2)
	if n != 2 || h > 18 {
		return 0, nil, false
	}
	if len(b) == 0 || b[0] != ':' && !digit(b, 0) {
		return sign * h * 3600, b, true
	}
	if b[0] == ':' {
		b = b[1:]
	}
	m, b, n := number(b, 2)
	if n != 2 || m > 59 {
		return 0, nil, false
	}
	return sign * (h*3600 + m*60), b, true
}
