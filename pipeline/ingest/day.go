package ingest

import (
	"time"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// parseDay reads a day, or a day with a time, whose year comes first, so that it can mean only one
// thing: 2024-01-05, 2024/1/5, 2024.1.5, 20240105, 2024年1月5日, each with an optional time after a
// blank or T. A time with an offset or Z is an instant: it belongs to the civil day of the business
// time zone zone, or, where zone is nil, to the day as written.
func parseDay(b []byte, zone *time.Location) (civil.Day, bool) {
	d, rest, ok := leadingDay(b)
	if !ok || len(rest) == 0 {
		return d, ok
	}
	if rest[0] != ' ' && rest[0] != 'T' {
		return civil.Unknown, false
	}
	seconds, offset, hasOffset, ok := parseClock(rest[1:])
	if !ok {
		return civil.Unknown, false
	}
	if !hasOffset || zone == nil {
		return d, true
	}
	return dayIn(int64(d)*86400+int64(seconds-offset), zone), true
}

// dayIn is the civil day of an instant in a zone; of UTC where zone is nil.
func dayIn(unix int64, zone *time.Location) civil.Day {
	if zone != nil {
		_, offset := time.Unix(unix, 0).In(zone).Zone()
		unix += int64(offset)
	}
	return civil.Day(floorDiv(unix, 86400))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// leadingDay reads the day that b starts with and returns what follows it.
func leadingDay(b []byte) (d civil.Day, rest []byte, ok bool) {
	year, rest, n := number(b, 4)
	if n != 4 || len(rest) == 0 {
		return civil.Unknown, nil, false
	}
	if rest[0]-'0' <= 9 { // 20240105
		if len(rest) < 4 || (len(rest) > 4 && rest[4]-'0' <= 9) {
			return civil.Unknown, nil, false
		}
		month, _, n1 := number(rest[:2], 2)
		day, _, n2 := number(rest[2:4], 2)
		d, ok = civil.Of(year, month, day)
		return d, rest[4:], ok && n1 == 2 && n2 == 2
	}
	sep, after := separator(rest, "年")
	month, rest, n1 := number(after, 2)
	sep2, after := separator(rest, "月")
	day, rest, n2 := number(after, 2)
	if sep == 0 || sep != sep2 || n1 == 0 || n2 == 0 {
		return civil.Unknown, nil, false
	}
	if sep == 'Y' {
		const mark = "日"
		if len(rest) < len(mark) || string(rest[:len(mark)]) != mark {
			return civil.Unknown, nil, false
		}
		rest = rest[len(mark):]
	}
	d, ok = civil.Of(year, month, day)
	return d, rest, ok
}

// separator reads - / . (which it returns) or the given character (then 'Y'); 0 for none of them.
func separator(b []byte, character string) (sep byte, rest []byte) {
	if len(b) == 0 {
		return 0, b
	}
	switch b[0] {
	case '-', '/', '.':
		return b[0], b[1:]
	}
	if len(b) >= len(character) && string(b[:len(character)]) == character {
		return 'Y', b[len(character):]
	}
	return 0, b
}

// number reads up to most digits.
func number(b []byte, most int) (v int, rest []byte, digits int) {
	for digits < len(b) && digits < most && b[digits]-'0' <= 9 {
		v = v*10 + int(b[digits]-'0')
		digits++
	}
	return v, b[digits:], digits
}

// parseClock reads HH:MM[:SS[.fraction]] with an optional Z or offset (+HH:MM, +HHMM, +HH, a blank
// before it allowed) and returns seconds of the day and seconds of the offset.
func parseClock(b []byte) (seconds, offset int, hasOffset, ok bool) {
	h, b, n := number(b, 2)
	if n == 0 || len(b) == 0 || b[0] != ':' {
		return 0, 0, false, false
	}
	m, b, n := number(b[1:], 2)
	if n != 2 {
		return 0, 0, false, false
	}
	s := 0
	if len(b) > 0 && b[0] == ':' {
		if s, b, n = number(b[1:], 2); n != 2 {
			return 0, 0, false, false
		}
		if len(b) > 0 && (b[0] == '.' || b[0] == ',') {
			if _, b, n = number(b[1:], 12); n == 0 {
				return 0, 0, false, false
			}
		}
	}
	if h > 24 || m > 59 || s > 60 || (h == 24 && m+s > 0) {
		return 0, 0, false, false
	}
	seconds = h*3600 + m*60 + s
	if len(b) == 0 {
		return seconds, 0, false, true
	}
	offset, ok = parseOffset(b)
	return seconds, offset, true, ok
}

func parseOffset(b []byte) (seconds int, ok bool) {
	if b[0] == ' ' {
		b = b[1:]
	}
	if len(b) == 1 && b[0] == 'Z' || string(b) == "UTC" {
		return 0, true
	}
	if len(b) < 3 || (b[0] != '+' && b[0] != '-') {
		return 0, false
	}
	sign := 1
	if b[0] == '-' {
		sign = -1
	}
	h, b, n := number(b[1:], 2)
	if n != 2 || h > 18 {
		return 0, false
	}
	m := 0
	if len(b) > 0 {
		if b[0] == ':' {
			b = b[1:]
		}
		if m, b, n = number(b, 2); n != 2 || m > 59 || len(b) > 0 {
			return 0, false
		}
	}
	return sign * (h*3600 + m*60), true
}
