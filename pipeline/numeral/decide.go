package numeral

import "fmt"

// outliers is how many witnesses of a decision outweigh one cell that contradicts it. Such a cell is
// refused like any bad cell; more of them make the decision itself doubtful.
const outliers = 100

// Decision is the format of a column and what speaks for it.
type Decision struct {
	Format  Format
	Cells   int64  // numbers in the sample
	Strays  int64  // of them those that do not fit the format: Parse refuses them
	Bad     int64  // other cells that are neither empty nor a number
	Witness string // a cell that fits no other decimal mark; empty where no cell told one
	Stray   string // one of the strays
	BadCell string // one of the bad cells
}

// Decide weighs the sample. What the setting says is followed whatever the cells say. The error is
// *Undecided or *Conflict, or a fault of the setting. A sample without numbers is Plain.
func (e *Evidence) Decide(s Setting) (Decision, error) {
	if err := s.Validate(); err != nil {
		return Decision{}, err
	}
	d := Decision{Format: Format{dressed: true}, Cells: e.cells, Bad: e.bad.n, BadCell: e.bad.String()}
	free := e.allowed(s)
	point, comma := e.best(free&pointReadings), e.best(free&commaReadings)
	win, lose := point, comma
	if e.fits(comma) > e.fits(point) || free&pointReadings == 0 {
		win, lose = comma, point
	}
	if s.Decimal == "" {
		if err := e.settled(win, lose); err != nil {
			return d, err
		}
	}
	m := readingAt(win)
	d.Format.decimal, d.Format.thousands, d.Format.indian = m.decimal, m.thousands, m.indian
	if s.Decimal == "" && e.fits(win) == e.fits(lose) && (m.thousands != 0 || e.dressedIn(win)) {
		d.Format.decimal = 0 // whole numbers only
	}
	if s.Thousands != "" && s.Thousands != noneWord {
		d.Format.thousands = s.Thousands[0]
	}
	if t := e.outside(win, 0); t.n > 0 {
		d.Strays, d.Stray = t.n, t.String()
	}
	if s.Decimal == "" {
		t := e.witness(win, lose)
		d.Witness = t.String()
	}
	if err := e.decideDress(&d); err != nil {
		return d, err
	}
	if !e.dressedIn(win) && (s.Thousands == "" || s.Thousands == noneWord) && d.Format == (Format{dressed: true, decimal: '.'}) {
		d.Format = Format{}
	}
	return d, nil
}

// allowed is the mask of the readings that the setting leaves.
func (e *Evidence) allowed(s Setting) (mask uint16) {
	for i := range readings {
		m := readingAt(i)
		if s.Decimal != "" && s.Decimal[0] != m.decimal {
			continue
		}
		if s.Thousands == noneWord && m.thousands != 0 || s.Thousands != "" && s.Thousands != noneWord && m.thousands != 0 && s.Thousands[0] != m.thousands {
			continue
		}
		if s.Thousands == "." && m.decimal == '.' || s.Thousands == "," && m.decimal == ',' {
			continue
		}
		mask |= 1 << i
	}
	return mask
}

// dressedIn reports whether a cell that fits reading i has any dress.
func (e *Evidence) dressedIn(i int) bool {
	for _, c := range e.classes[:e.used] {
		if c.mask>>i&1 == 1 && c.dressed > 0 {
			return true
		}
	}
	return false
}

// best is the reading among those of the mask that fits most cells, the plainest of equals; -1 for none.
func (e *Evidence) best(mask uint16) int {
	best := -1
	for i := range readings {
		if mask>>i&1 == 1 && (best < 0 || e.fits(i) > e.fits(best)) {
			best = i
		}
	}
	return best
}

// fits counts the cells that fit reading i.
func (e *Evidence) fits(i int) (n int64) {
	if i < 0 {
		return 0
	}
	for _, c := range e.classes[:e.used] {
		if c.mask>>i&1 == 1 {
			n += c.n
		}
	}
	return n
}

// outside is the tally of the cells that do not fit reading i; with a reading mask, of those only
// that fit one of its readings.
func (e *Evidence) outside(i int, within uint16) (t tally) {
	for _, c := range e.classes[:e.used] {
		if c.mask>>i&1 == 0 && (within == 0 || c.mask&within != 0) {
			t.merge(&c.tally)
		}
	}
	return t
}

// witness is the tally of the cells that fit win and not lose.
func (e *Evidence) witness(win, lose int) (t tally) {
	if lose < 0 {
		return t // the setting left no other reading
	}
	return e.outside(lose, 1<<win)
}

// settled says whether the reading win may stand against lose, the best one of the other decimal mark.
func (e *Evidence) settled(win, lose int) error {
	against := e.outside(win, 0)
	if lose < 0 {
		return nil // the setting left one decimal mark
	}
	witnesses := e.witness(win, lose)
	// Thousands and decimals of one mark may also be told apart by cells that fit both.
	if same := e.fitting(win); witnesses.n == 0 && against.n > 0 && same.n >= outliers*against.n && !e.ambiguous(win, lose) {
		return nil
	}
	if against.n*outliers > witnesses.n {
		first := witnesses
		if first.n == 0 {
			first = e.fitting(win)
		}
		return &Conflict{Of: "decimal and thousands marks", First: first.String(), Second: against.String(),
			Firsts: first.n, Others: against.n,
			Remedy: `set decimal: "." or decimal: "," to read those that fit it and reject the rest`}
	}
	if witnesses.n == 0 && e.ambiguous(win, lose) {
		return e.undecided(win, lose)
	}
	return nil
}

// fitting is the tally of the cells with marks that fit a reading, or of all that do if none has marks.
func (e *Evidence) fitting(i int) (t tally) {
	for _, c := range e.classes[:e.used] {
		if c.mask>>i&1 == 1 && c.mask != allReadings {
			t.merge(&c.tally)
		}
	}
	if t.n > 0 {
		return t
	}
	for _, c := range e.classes[:e.used] {
		if c.mask == allReadings {
			t.merge(&c.tally)
		}
	}
	return t
}

// ambiguous reports whether a cell fits both readings with different values: there is a mark that is
// the decimal mark of one and the thousands mark of the other.
func (e *Evidence) ambiguous(a, b int) bool { return e.doubtful(a, b) != nil }

func (e *Evidence) doubtful(a, b int) *tally {
	for i := range e.classes[:e.used] {
		c := &e.classes[i]
		if c.mask>>a&1 == 1 && c.mask>>b&1 == 1 && c.mask&1 != c.mask>>(readings/2)&1 {
			return &c.tally
		}
	}
	return nil
}

func (e *Evidence) undecided(a, b int) error {
	u := &Undecided{Cells: e.cells}
	cell := e.doubtful(a, b)
	for _, i := range []int{min(a, b), max(a, b)} {
		m := readingAt(i)
		c := Candidate{Format: Format{dressed: true, decimal: m.decimal, thousands: m.thousands, indian: m.indian},
			Setting: fmt.Sprintf("decimal: \"%c\"", m.decimal), Example: cell.String()}
		d := Decision{Format: c.Format}
		if err := e.decideDress(&d); err != nil {
			return err
		}
		c.Format = d.Format
		c.Reads = c.Format.reads(cell.String())
		u.Candidates = append(u.Candidates, c)
	}
	return u
}
