package calendar

import (
	"fmt"
	"math/bits"
	"slices"
)

// outliers is how many witnesses of a decision outweigh one cell that contradicts it. Such a cell is
// refused like any bad cell; more of them make the decision itself doubtful.
const outliers = 100

// Two digits that may be years or days of the month: where one place has more than twice the values of the
// other, it holds the days. The other way round, an export would hold orders of many years, all on the same
// few days of the month. Two values more is an accident, so that at least manyValues count; fewer only where
// they lie too far apart, with gaps, for the years of an export.
const manyValues, apart = 13, 8

// A column is in the order of its days under one reading alone: at least manyRises and no fall under it, at
// least someFalls under the other. Days without an order fall under both.
const manyRises, someFalls = 8, 2

// Decision is the format of a column and what speaks for it.
type Decision struct {
	Format  Format
	Cells   int64  // days in the sample
	NoDates int64  // cells that say that there is no day
	Strays  int64  // days that do not fit the format: Parse refuses them; not counted where a setting decided
	Bad     int64  // other cells that are neither empty nor a likely day
	Witness string // a cell that fits no other order; empty where the order needed no witness
	Hint    string // what told the order where no cell proves it; more cells may say otherwise
	Stray   string // one of the strays
	BadCell string // one of the bad cells
}

// The hints.
const (
	byCount = "days have more values than years"
	inOrder = "the column is sorted under this order alone"
)

// Setting is what the user says about a column; the zero value leaves all to the evidence.
type Setting struct {
	Dates     string // what FromSetting reads; empty: by evidence
	FirstYear int    // the first of the hundred years that two digits mean; 0: 1970
}

// Decide weighs the sample; a setting decides whatever the cells say. The error is *Undecided or
// *Conflict, or a fault of the setting. A sample without days is Plain.
func (e *Evidence) Decide(s Setting) (Decision, error) {
	d := Decision{NoDates: e.none.n, Bad: e.bad.n, BadCell: e.bad.String()}
	if s.FirstYear != 0 && (s.FirstYear < 1000 || s.FirstYear > 9900) {
		return d, fmt.Errorf("first year of two-digit years: %d is not between 1000 and 9900", s.FirstYear)
	}
	texts := e.texts()
	family, most := text, texts
	kinds := []kind{text, serial1900, seconds, milliseconds, microseconds}
	all := texts
	for i := range e.counts {
		c := e.counts[i]
		if all.merge(&c); c.n > most.n {
			family, most = kinds[i+1], c
		}
	}
	d.Cells = all.n
	var err error
	switch {
	case s.Dates != "":
		if d.Format, err = FromSetting(s.Dates); err != nil {
			return d, err
		}
		family = d.Format.kind
	case most.n == 0:
	default:
		others := e.otherThan(family)
		if err = d.against(&most, &others, "whether they are text or numbers, and of which system",
			"set dates: to the format whose cells should be read"); err != nil {
			return d, err
		}
		if d.Format = (Format{kind: family}); family == text {
			if err = e.decideText(&d, s.FirstYear); err != nil {
				return d, err
			}
		}
	}
	if family > text {
		d.NoDates += e.zeros.n
	} else if e.zeros.n > 0 {
		t := e.bad
		t.merge(&e.zeros)
		d.Bad, d.BadCell = t.n, t.String()
	}
	if s.FirstYear != 0 {
		d.Format = d.Format.WithFirstYear(s.FirstYear)
	}
	return d, nil
}

// texts is the tally of all days that are no numbers.
func (e *Evidence) texts() tally {
	t := e.plain
	t.merge(&e.loose)
	for i := range e.words {
		t.merge(&e.words[i])
	}
	for slot := range e.numbers {
		n := e.slotTally(slot)
		t.merge(&n)
	}
	return t
}

func (e *Evidence) slotTally(slot int) (t tally) {
	for m := range e.numbers[slot] {
		t.merge(&e.numbers[slot][m])
	}
	return t
}

// otherThan is the tally of the days that are not of the kind.
func (e *Evidence) otherThan(k kind) (t tally) {
	if k != text {
		t = e.texts()
	}
	kinds := [...]kind{serial1900, seconds, milliseconds, microseconds}
	for i := range e.counts {
		if kinds[i] != k {
			t.merge(&e.counts[i])
		}
	}
	return t
}

// against counts others as strays where most outweighs them, else it is the conflict.
func (d *Decision) against(most, others *tally, of, remedy string) error {
	if others.n*outliers > most.n {
		return &Conflict{Of: of, First: most.String(), Second: others.String(), Firsts: most.n, Others: others.n, Remedy: remedy}
	}
	if others.n > 0 {
		d.Strays += others.n
		d.Stray = others.String()
	}
	return nil
}

// decideText decides mark, years and order of days that are text.
func (e *Evidence) decideText(d *Decision, firstYear int) error {
	best, chosen := -1, tally{}
	for slot := range e.numbers {
		if t := e.slotTally(slot); t.n > 0 && (best < 0 || t.n > chosen.n) {
			best, chosen = slot, t
		}
	}
	d.Format.years = 4
	if best >= len(marks) || best < 0 && e.words[1].n > e.words[0].n {
		d.Format.years = 2
	}
	short := 0
	if d.Format.years == 2 {
		short = 1
	}
	var others tally
	for slot := range e.numbers {
		if t := e.slotTally(slot); slot != best {
			others.merge(&t)
		}
	}
	chosen.merge(&e.words[short])
	others.merge(&e.words[1-short])
	if err := d.against(&chosen, &others, "the mark between their numbers or the digits of their years",
		"set dates: dmy, mdy or ymd to read any mark and any years in that order"); err != nil {
		return err
	}
	if best >= 0 {
		d.Format.mark = marks[best%len(marks)]
		return e.decideOrder(d, best, firstYear)
	}
	if e.loose.n+e.words[0].n+e.words[1].n == 0 {
		d.Format = Format{}
	}
	return nil
}

// decideOrder finds the order of the numbers in a slot: that which a cell shows by a value that fits
// no other.
func (e *Evidence) decideOrder(d *Decision, slot, firstYear int) error {
	row := &e.numbers[slot]
	win := dmy
	for o := mdy; o <= ymd; o++ {
		if fitting(row, o, 0) > fitting(row, win, 0) {
			win = o
		}
	}
	d.Format.order = win
	tied := []order{}
	for o := dmy; o <= ymd; o++ {
		if o == win || fitting(row, o, 0) == 0 {
			continue
		}
		witnesses, against := only(row, win, o), only(row, o, win)
		if against.n*outliers > witnesses.n {
			return &Conflict{Of: "the order of day and month", First: witnesses.String(), Second: against.String(),
				Firsts: witnesses.n, Others: against.n, Remedy: "set dates: " + win.name() + " or dates: " + o.name() +
					" to read those that fit it and reject the rest"}
		}
		switch {
		case witnesses.n > 0:
		case e.daysNotYears(win, o):
			d.Hint = byCount
		case e.sortedUnder(win, o):
			d.Hint = inOrder
		default:
			tied = append(tied, o)
		}
		if witnesses.n > 0 && (d.Witness == "" || o != ymd) {
			d.Witness = witnesses.String()
		}
	}
	if n := len(tied); n > 0 {
		if tied = e.withoutYears(tied, &d.Format); len(tied) < n {
			d.Hint = byCount
		}
	}
	if n := len(tied); n > 0 {
		if tied = e.inOrder(tied, &d.Format); len(tied) < n {
			d.Hint = inOrder
		}
	}
	if len(tied) > 0 {
		return e.undecided(d, tied, slot, firstYear)
	}
	var strays tally
	for m := range row {
		if m>>(d.Format.order-1)&1 == 0 {
			strays.merge(&row[m])
		}
	}
	if strays.n > 0 {
		d.Strays += strays.n
		d.Stray = strays.String()
	}
	return nil
}

// withoutYears drops from equal readings those that take days of the month for two-digit years, the
// first among them if need be.
func (e *Evidence) withoutYears(tied []order, f *Format) []order {
	for _, o := range tied {
		if e.daysNotYears(o, f.order) {
			f.order = o
			rest := []order{}
			for _, x := range tied {
				if x != o && !e.daysNotYears(o, x) {
					rest = append(rest, x)
				}
			}
			return rest
		}
	}
	return tied
}

// inOrder drops from equal readings those under which the column is not in order, if it is under another.
func (e *Evidence) inOrder(tied []order, f *Format) []order {
	for _, o := range tied {
		if e.sortedUnder(o, f.order) {
			f.order = o
			return slices.DeleteFunc(slices.Clone(tied), func(x order) bool { return x == o || e.sortedUnder(o, x) })
		}
	}
	return tied
}

// daysNotYears reports whether the two-digit numbers of the column show that one of the orders, and
// not the other, has its years where they are.
func (e *Evidence) daysNotYears(right, wrong order) bool {
	switch {
	case right != ymd && wrong == ymd:
		return e.firsts.daysBeside(e.ends)
	case right == ymd && wrong != ymd:
		return e.ends.daysBeside(e.firsts)
	}
	return false
}

// daysBeside says that the values are days of the month where those beside them are years.
func (s digits) daysBeside(years digits) bool {
	n, low, high := s.count(), s.least(), s.most()
	if n < 2*years.count()+1 {
		return false
	}
	gaps := n < high-low+1
	if n < manyValues {
		return gaps && high-low >= apart
	}
	return gaps || low == 1 // 10 to 24, and each of them: these may be years
}

func (s digits) count() int { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

func (s digits) least() int {
	if s[0] != 0 {
		return bits.TrailingZeros64(s[0])
	}
	return 64 + bits.TrailingZeros64(s[1])
}

func (s digits) most() int {
	if s[1] != 0 {
		return 127 - bits.LeadingZeros64(s[1])
	}
	return 63 - bits.LeadingZeros64(s[0])
}

// sortedUnder says that the column is in the order of its days if the numbers are read the right way and not
// if the wrong way.
func (e *Evidence) sortedUnder(right, wrong order) bool {
	r, w := e.runs[right-1], e.runs[wrong-1]
	up := r.rises >= manyRises && r.falls == 0 && w.falls >= someFalls
	down := r.falls >= manyRises && r.rises == 0 && w.rises >= someFalls
	return up || down
}

// fitting counts the cells of a row that fit an order.
func fitting(row *[8]tally, o, not order) int64 {
	t := only(row, o, not)
	return t.n
}

// only is the tally of the cells of a row that fit an order and not the other (noOrder: whatever else).
func only(row *[8]tally, o, not order) (t tally) {
	for m := range row {
		if m>>(o-1)&1 == 1 && (not == noOrder || m>>(not-1)&1 == 0) {
			t.merge(&row[m])
		}
	}
	return t
}

func (e *Evidence) undecided(d *Decision, tied []order, slot, firstYear int) error {
	u := &Undecided{Cells: d.Cells}
	mask := 1 << (d.Format.order - 1)
	for _, o := range tied {
		mask |= 1 << (o - 1)
	}
	if both := fitsDMY | fitsMDY; mask&both == both {
		u.Remark = e.remark()
	}
	var example tally
	for m := range e.numbers[slot] {
		if m&mask == mask {
			example.merge(&e.numbers[slot][m])
		}
	}
	for o := dmy; o <= ymd; o++ {
		if mask>>(o-1)&1 == 0 {
			continue
		}
		f := d.Format
		f.order = o
		f = f.WithFirstYear(firstYear)
		day, _ := f.Parse([]byte(example.String()), nil)
		u.Candidates = append(u.Candidates, Candidate{Format: f, Setting: "dates: " + o.name(), Example: example.String(), Reads: day.String()})
	}
	return u
}

// remark says under which reading alone the column is sorted.
func (e *Evidence) remark() string {
	sorted := func(r run) bool { return r.rises > 0 && r.falls == 0 || r.falls > 0 && r.rises == 0 }
	switch day, month := sorted(e.runs[0]), sorted(e.runs[1]); {
	case day && !month:
		return "the column is sorted if the day comes first, which is a hint and no proof"
	case month && !day:
		return "the column is sorted if the month comes first, which is a hint and no proof"
	}
	return ""
}
