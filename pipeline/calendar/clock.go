package calendar

// laterClock reads what follows a day in text: nothing, or a time of any style with an optional
// offset or zone. It accepts all that Plain does.
func laterClock(b []byte) (c clock, ok bool) {
	if len(b) == 0 {
		return c, true
	}
	if b[0] != ' ' && b[0] != 'T' && b[0] != ',' {
		return c, false
	}
	for len(b) > 0 && (b[0] == ' ' || b[0] == ',') {
		b = b[1:]
	}
	if len(b) > 0 && b[0] == 'T' {
		b = b[1:]
	}
	if len(b) == 0 {
		return c, true
	}
	half, b := halfBefore(b)
	c, b, ok = clockOf(b)
	if !ok {
		return c, false
	}
	b = blanks(b)
	if half == 0 {
		half, b = halfBehind(b)
	}
	if half != 0 {
		if c.seconds >= 13*3600 {
			return c, false
		}
		c.seconds %= 12 * 3600
		if half == 'p' {
			c.seconds += 12 * 3600
		}
	}
	if b = blanks(b); len(b) == 0 {
		return c, true
	}
	if c.offset, b, ok = zoneOf(b); !ok {
		return c, false
	}
	c.instant = true
	b = blanks(b)
	if n := len(b); n > 2 && (b[0] == '[' && b[n-1] == ']' || b[0] == '(' && b[n-1] == ')') {
		return c, true // +01:00[Europe/Berlin], +0100 (CET): the offset has said it
	}
	return c, len(b) == 0
}

func blanks(b []byte) []byte {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return b
}

// halfBefore reads 上午 and 下午, which stand before the time.
func halfBefore(b []byte) (half byte, rest []byte) {
	const morning, afternoon = "上午", "下午"
	if len(b) < len(morning) {
		return 0, b
	}
	switch string(b[:len(morning)]) {
	case morning:
		return 'a', blanks(b[len(morning):])
	case afternoon:
		return 'p', blanks(b[len(afternoon):])
	}
	return 0, b
}

// halfBehind reads AM, PM, a.m., p.m.
func halfBehind(b []byte) (half byte, rest []byte) {
	if len(b) < 2 || b[0]|0x20 != 'a' && b[0]|0x20 != 'p' {
		return 0, b
	}
	rest = b[1:]
	if rest[0] == '.' {
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0]|0x20 != 'm' {
		return 0, b
	}
	if rest = rest[1:]; len(rest) > 0 && rest[0] == '.' {
		rest = rest[1:]
	}
	if len(rest) > 0 && rest[0] != ' ' && rest[0] != '+' && rest[0] != '-' {
		return 0, b
	}
	return b[0] | 0x20, rest
}

// zoneOf reads an offset, or the abbreviation of a zone that means one offset only: CST, IST and BST
// mean several.
func zoneOf(b []byte) (seconds int, rest []byte, ok bool) {
	n := 0
	for n < len(b) && b[n]-'A' < 26 {
		n++
	}
	hours := 0
	switch string(b[:n]) {
	case "":
		return offsetOf(b)
	case "Z", "UTC", "GMT", "UT", "WET":
		rest = b[n:]
		if len(rest) > 0 && (rest[0] == '+' || rest[0] == '-') {
			return offsetOf(rest)
		}
		return 0, rest, true
	case "CET", "MEZ", "WEST":
		hours = 1
	case "CEST", "MESZ", "EET":
		hours = 2
	case "EEST", "MSK":
		hours = 3
	case "JST", "KST":
		hours = 9
	case "EDT":
		hours = -4
	case "EST", "CDT":
		hours = -5
	case "MDT":
		hours = -6
	case "MST", "PDT":
		hours = -7
	case "PST":
		hours = -8
	default:
		return 0, nil, false
	}
	return hours * 3600, b[n:], true
}
