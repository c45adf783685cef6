package calendar

import (
	"bytes"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// Evidence is what a sample of a column's cells tells about its days. The zero value is ready. What
// it decides does not depend on how workers shared the cells, merged in their order. The order of the cells
// counts only where nothing else tells day from month: a column may be sorted under one reading alone.
type Evidence struct {
	plain, loose tally       // years first: as Plain reads them; otherwise
	words        [2]tally    // names of months, years of 4 and of 2 digits
	numbers      [6][8]tally // by mark and digits of years, by the orders that fit
	counts       [4]tally    // serials, seconds, milliseconds, microseconds
	zeros        tally       // a lone 0
	none         tally       // cells that say there is no day
	bad          tally
	firsts, ends digits // of numbers with two-digit years
	runs         [3]run // of the numbers that fit dmy, mdy and ymd, read so
}

// Bits of the orders that three numbers fit.
const (
	fitsDMY = 1 << iota
	fitsMDY
	fitsYMD
)

// tally is a count and one of the counted cells: the shortest, and of those the least, so that it
// is the same whoever counted first.
type tally struct {
	n       int64
	size    int16 // of the example; it may be cut
	example [40]byte
}

func (t *tally) add(cell []byte) {
	t.n++
	size := min(len(cell), 1<<15-1)
	if shown := min(size, len(t.example)); t.size == 0 || size < int(t.size) ||
		size == int(t.size) && bytes.Compare(cell[:shown], t.example[:shown]) < 0 {
		t.size = int16(size)
		copy(t.example[:], cell)
	}
}

func (t *tally) merge(o *tally) {
	if o.n > 0 {
		t.n += o.n
		if shown := min(int(o.size), len(o.example)); t.size == 0 || o.size < t.size ||
			o.size == t.size && bytes.Compare(o.example[:shown], t.example[:shown]) < 0 {
			t.size, t.example = o.size, o.example
		}
	}
}

func (t *tally) String() string {
	if int(t.size) > len(t.example) {
		return string(bytes.ToValidUTF8(t.example[:], nil)) + "…"
	}
	return string(t.example[:t.size])
}

// digits is a set of 0..99.
type digits [2]uint64

func (s *digits) add(v int) { s[v/64] |= 1 << (v % 64) }

// run watches whether days are sorted.
type run struct {
	first, last  civil.Day
	some         bool
	rises, falls int64
}

func (r *run) add(d civil.Day) {
	r.merge(&run{first: d, last: d, some: true})
}

func (r *run) merge(o *run) {
	if !o.some {
		return
	}
	if r.some && o.first > r.last {
		r.rises++
	}
	if r.some && o.first < r.last {
		r.falls++
	}
	if !r.some {
		r.first, r.some = o.first, true
	}
	r.last = o.last
	r.rises += o.rises
	r.falls += o.falls
}

// Add weighs one cell. Empty and blank cells, and those the caller knows to mean "no value", are no
// evidence; do not pass the latter. It does not allocate and does not keep cell.
func (e *Evidence) Add(cell []byte) {
	if d, ok := plainDay(cell, nil); ok {
		if _, known := dayOrNone(d); known && !Empty(d) {
			e.plain.add(cell)
		} else {
			e.none.add(cell)
		}
		return
	}
	var folded [longest]byte
	b := fold(cell, &folded)
	switch {
	case b == nil && len(cell) > 0:
		e.bad.add(cell)
	case len(b) == 0:
	case noDay(b):
		e.none.add(cell)
	case e.addCount(b, cell), e.addNumbers(b, cell):
	default:
		e.addWords(b, cell)
	}
}

func (e *Evidence) addCount(b, cell []byte) bool {
	v, _, ok := countOf(b)
	if !ok {
		return false
	}
	if _, is := stamp(b); is {
		return false
	}
	switch whole := !bytes.ContainsAny(b, ".,"); {
	case v == 0:
		e.zeros.add(cell)
	case leastSerial <= v && v <= mostSerial:
		e.counts[0].add(cell)
	case leastEpoch <= v && v < mostEpoch:
		e.counts[1].add(cell)
	case whole && leastEpoch*1_000 <= v && v < mostEpoch*1_000:
		e.counts[2].add(cell)
	case whole && leastEpoch*1_000_000 <= v && v < mostEpoch*1_000_000:
		e.counts[3].add(cell)
	default:
		return false
	}
	return true
}

func (e *Evidence) addNumbers(b, cell []byte) bool {
	p, rest, ok := numbersOf(b)
	if !ok {
		return false
	}
	if _, ok = laterClock(rest); !ok {
		return false
	}
	f := Format{kind: text, order: dmy}
	mask := 0
	dayFirst, ok1 := f.resolve(p)
	if ok1 {
		mask |= fitsDMY
	}
	f.order = mdy
	monthFirst, ok2 := f.resolve(p)
	if ok2 {
		mask |= fitsMDY
	}
	f.order = ymd
	yearFirst, ok3 := f.resolve(p)
	if ok3 {
		mask |= fitsYMD
	}
	if mask == 0 {
		return false
	}
	if dayFirst == civil.Min || monthFirst == civil.Min {
		e.none.add(cell)
		return true
	}
	e.numbers[slot(p.mark, p.years)][mask].add(cell)
	if p.years == 2 {
		e.firsts.add(p.a)
		e.ends.add(p.c)
	}
	for i, d := range [...]civil.Day{dayFirst, monthFirst, yearFirst} {
		if [...]bool{ok1, ok2, ok3}[i] {
			e.runs[i].add(d)
		}
	}
	return true
}

const marks = "/-."

// slot is the row of numbers for a mark and a length of years; four digits first.
func slot(mark byte, years uint8) int {
	i := 0
	for marks[i] != mark {
		i++
	}
	if years == 2 {
		i += len(marks)
	}
	return i
}

func (e *Evidence) addWords(b, cell []byte) {
	d, rest, ok := yearFirst(b)
	p := words{}
	if !ok {
		if d, ok = stamp(b); !ok {
			if p, rest, ok = wordsOf(b); ok {
				year := p.year
				if p.years == 2 {
					year = Format{}.yearOf(year)
				}
				d, ok = civil.Of(year, p.month, p.day)
			}
		}
	}
	if ok {
		_, ok = laterClock(rest)
	}
	switch {
	case !ok:
		e.bad.add(cell)
	case Empty(d):
		e.none.add(cell)
	case p.years == 2:
		e.words[1].add(cell)
	case p.years == 4:
		e.words[0].add(cell)
	default:
		e.loose.add(cell)
	}
}

// Merge adds what another worker's Evidence of the same column holds. Only the remark whether the
// column is sorted depends on the order: merge in that of the column.
func (e *Evidence) Merge(o *Evidence) {
	for i := range e.numbers {
		for m := range e.numbers[i] {
			e.numbers[i][m].merge(&o.numbers[i][m])
		}
	}
	for i := range e.counts {
		e.counts[i].merge(&o.counts[i])
	}
	for i := range e.words {
		e.words[i].merge(&o.words[i])
	}
	e.plain.merge(&o.plain)
	e.loose.merge(&o.loose)
	e.zeros.merge(&o.zeros)
	e.none.merge(&o.none)
	e.bad.merge(&o.bad)
	for i := range e.firsts {
		e.firsts[i] |= o.firsts[i]
		e.ends[i] |= o.ends[i]
	}
	for i := range e.runs {
		e.runs[i].merge(&o.runs[i])
	}
}
