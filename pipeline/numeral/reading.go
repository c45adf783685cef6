package numeral

// marks is one way to read the marks among the digits.
type marks struct {
	decimal, thousands byte
	indian             bool
}

// readings is how many there are; bit i of a mask stands for readingAt(i).
const readings = 14

const (
	allReadings   = 1<<readings - 1
	pointReadings = 1<<(readings/2) - 1 // those with a decimal point
	commaReadings = allReadings &^ pointReadings
)

// readingAt numbers the readings, the plainer first: what explains the cells with less wins a tie.
func readingAt(i int) marks {
	m, other := marks{decimal: '.'}, byte(',')
	if i >= readings/2 {
		m.decimal, other = ',', '.'
		i -= readings / 2
	}
	switch i {
	case 1, 4:
		m.thousands = other
	case 2, 5:
		m.thousands = ' '
	case 3, 6:
		m.thousands = '\''
	}
	m.indian = i >= 4
	return m
}

// maskOf tells which readings a core of digits and marks fits.
func maskOf(core []byte, exponent bool) (mask uint16) {
	for i := range readings {
		if _, ok := readingAt(i).plain(nil, core, exponent); ok {
			mask |= 1 << i
		}
	}
	return mask
}

// plain appends core to dst as [digits][.digits] if it fits m: digits in groups of three (above the
// thousands of two, if indian), the first group not empty and without a leading zero, no groups in
// the fraction nor beside an exponent. Where dst is nil it only checks.
func (m marks) plain(dst, core []byte, exponent bool) ([]byte, bool) {
	write := dst != nil
	digits, groups, size := 0, 0, 0 // size is that of the group so far
	i := 0
	for ; i < len(core); i++ {
		c := core[i]
		if c-'0' <= 9 {
			digits++
			size++
			if write {
				dst = append(dst, c)
			}
			continue
		}
		if c != m.thousands || m.thousands == 0 {
			break
		}
		if !m.groupEnds(size, groups, core[0]) {
			return dst, false
		}
		groups++
		size = 0
	}
	if groups > 0 && (size != 3 || exponent) {
		return dst, false
	}
	if i < len(core) {
		if core[i] != m.decimal || m.decimal == 0 {
			return dst, false
		}
		if write {
			dst = append(dst, '.')
		}
		for i++; i < len(core); i++ {
			if core[i]-'0' > 9 {
				return dst, false
			}
			digits++
			if write {
				dst = append(dst, core[i])
			}
		}
	}
	return dst, digits > 0
}

// groupEnds reports whether a thousands mark may follow a group of size digits that is the
// groups-th of its number, whose first byte is first. The last group is checked by the caller.
func (m marks) groupEnds(size, groups int, first byte) bool {
	switch {
	case groups == 0 && m.indian:
		return first != '0' && (size == 1 || size == 2)
	case groups == 0:
		return first != '0' && 1 <= size && size <= 3
	case m.indian:
		return size == 2
	}
	return size == 3
}
