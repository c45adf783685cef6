package quality

import (
	"maps"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// pageBits is how many days share a page: 2^9, so that a few years are a few pages.
const pageBits = 9

// Calendar counts lines by day, exactly.
type Calendar struct {
	pages map[civil.Day]*[1 << pageBits]int64 // by day >> pageBits
	page  *[1 << pageBits]int64               // the last one asked for
	which civil.Day
	lines int64
}

// Add counts lines of a legal day.
func (c *Calendar) Add(d civil.Day, lines int64) {
	if k := d >> pageBits; c.page == nil || k != c.which {
		if c.pages == nil {
			c.pages = map[civil.Day]*[1 << pageBits]int64{}
		}
		if c.pages[k] == nil {
			c.pages[k] = new([1 << pageBits]int64)
		}
		c.page, c.which = c.pages[k], k
	}
	c.page[d&(1<<pageBits-1)] += lines
	c.lines += lines
}

// Merge adds the counts of another calendar.
func (c *Calendar) Merge(o *Calendar) {
	o.each(func(d civil.Day, n int64) { c.Add(d, n) })
}

// each calls with every day that has lines, ascending.
func (c *Calendar) each(f func(d civil.Day, lines int64)) {
	for _, k := range slices.Sorted(maps.Keys(c.pages)) {
		for i, n := range c.pages[k] {
			if n > 0 {
				f(k<<pageBits+civil.Day(i), n)
			}
		}
	}
}

// Range is the first and the day after the last with lines; empty where there is none.
func (c *Calendar) Range() (r civil.Range) {
	c.each(func(d civil.Day, _ int64) {
		if r.Empty() {
			r.From = d
		}
		r.To = d + 1
	})
	return r
}

// From counts the lines on or after a day.
func (c *Calendar) From(from civil.Day) (lines int64) {
	c.each(func(d civil.Day, n int64) {
		if d >= from {
			lines += n
		}
	})
	return lines
}

// Quantile is the day at rank ⌈q·n⌉ of n lines; Unknown without lines.
func (c *Calendar) Quantile(q float64) (day civil.Day) {
	day = civil.Unknown
	rank := rankOf(q, c.lines)
	c.each(func(d civil.Day, n int64) {
		if rank > 0 {
			day = d
		}
		rank -= n
	})
	return day
}

// Gaps are the runs of days without lines, longest first, of equal ones the earlier; without is how many
// days they are together.
func (c *Calendar) Gaps() (gaps []civil.Range, without int) {
	last := civil.Unknown
	c.each(func(d civil.Day, _ int64) {
		if last.Known() && d > last+1 {
			gaps = append(gaps, civil.Range{From: last + 1, To: d})
			without += int(d - last - 1)
		}
		last = d
	})
	slices.SortStableFunc(gaps, func(a, b civil.Range) int {
		return int((b.To - b.From) - (a.To - a.From))
	})
	return gaps, without
}

// Weekdays counts the days with lines by weekday, Monday first.
func (c *Calendar) Weekdays() (days [7]int) {
	c.each(func(d civil.Day, _ int64) { days[weekday(d)]++ })
	return days
}

// weekday is 0 for Monday: 1970-01-01 was a Thursday.
func weekday(d civil.Day) int { return int((int64(d)%7 + 7 + 3) % 7) }
