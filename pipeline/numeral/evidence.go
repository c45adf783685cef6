package numeral

import "bytes"

// Evidence is what a sample of a column's cells tells about its numbers. The zero value is ready.
// What it holds does not depend on the order of the cells, nor on how workers shared them.
type Evidence struct {
	cells          int64 // numbers
	classes        [40]class
	used           int
	percents, bare tally // cells with a percent sign; cells without one that are not zero
	units, metres  tally // cells with a unit; cells with a lone m
	currencies     [16]currency
	currencyCells  int64
	bad            tally // not empty and no number under any reading
}

// class counts the cells that fit the same readings, and of them those with any dress.
type class struct {
	mask    uint16
	dressed int64
	tally
}

// currency counts the cells that carry one currency.
type currency struct {
	name string
	tally
}

// tally is a count and one of the counted cells: the shortest, and of those the least, so that it
// is the same whoever counted first.
type tally struct {
	n       int64
	size    int16 // of the example; it may be cut
	example [32]byte
}

func (t *tally) add(cell []byte) {
	t.n++
	t.offer(cell)
}

func (t *tally) offer(cell []byte) {
	size := min(len(cell), 1<<15-1)
	if t.size != 0 && (size > int(t.size) || size == int(t.size) && bytes.Compare(cell[:min(size, len(t.example))], t.example[:min(size, len(t.example))]) >= 0) {
		return
	}
	t.size = int16(size)
	copy(t.example[:], cell)
}

func (t *tally) merge(o *tally) {
	if o.n > 0 {
		t.n += o.n
		if t.size == 0 || o.size < t.size || o.size == t.size && bytes.Compare(o.example[:], t.example[:]) < 0 {
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

// Add weighs one cell. Empty and blank cells, and those the caller knows to mean "no value", are no
// evidence; do not pass the latter. It does not allocate and does not keep cell.
func (e *Evidence) Add(cell []byte) {
	if e.addPlain(cell) {
		return
	}
	var folded [longest]byte
	b, ok := fold(cell, &folded)
	if len(b) == 0 && b != nil {
		return
	}
	var s shape
	if !ok || !scan(b, &s) {
		e.bad.add(cell)
		return
	}
	core := b[s.from:s.to]
	mask := maskOf(core, s.hasExp)
	if mask == 0 {
		e.bad.add(cell)
		return
	}
	e.cells++
	c := e.class(mask)
	c.add(cell)
	if s.dressed || len(b) != len(cell) {
		c.dressed++
	}
	e.dress(&s, core, cell)
}

func (e *Evidence) dress(s *shape, core, cell []byte) {
	switch {
	case s.percent:
		e.percents.add(cell)
	case !zero(core):
		e.bare.add(cell)
	}
	switch {
	case s.metre:
		e.metres.add(cell)
	case s.unit != 0:
		e.units.add(cell)
	}
	if s.currency != "" {
		e.currencyCells++
		if t := e.currency(s.currency); t != nil {
			t.add(cell)
		}
	}
}

// addPlain is Add for [-]digits[.digits] where the point can only be a decimal point.
func (e *Evidence) addPlain(cell []byte) bool {
	i := 0
	if len(cell) > 0 && cell[0] == '-' {
		i = 1
	}
	start, point := i, -1
	var any byte
	for ; i < len(cell); i++ {
		c := cell[i] - '0'
		if c <= 9 {
			any |= c
			continue
		}
		if cell[i] != '.' || point >= 0 {
			return false
		}
		point = i
	}
	digits := i - start
	if digits == 0 || digits > longest-1 {
		return false
	}
	mask := uint16(allReadings)
	if point >= 0 {
		whole := point - start
		if digits == 1 || len(cell)-point-1 == 3 && 0 < whole && whole <= 3 && cell[start] != '0' {
			return false // 1.234: a point of either kind
		}
		mask = pointReadings
	}
	e.cells++
	e.class(mask).add(cell)
	if any != 0 {
		e.bare.add(cell)
	}
	return true
}

func (e *Evidence) class(mask uint16) *class {
	for i := range e.classes[:e.used] {
		if e.classes[i].mask == mask {
			return &e.classes[i]
		}
	}
	if e.used == len(e.classes) {
		panic("numeral: more classes of cells than readings allow") // 35 are possible
	}
	e.used++
	e.classes[e.used-1].mask = mask
	return &e.classes[e.used-1]
}

// currency is the tally of a currency. A column of more currencies than the table holds keeps the
// first by name, whatever their order in the column; for the others it returns nil.
func (e *Evidence) currency(name string) *tally {
	last := len(e.currencies) - 1
	for i := range e.currencies {
		c := &e.currencies[i]
		if c.name == name {
			return &c.tally
		}
		if c.name == "" || name < c.name {
			copy(e.currencies[i+1:], e.currencies[i:last])
			*c = currency{name: name}
			return &c.tally
		}
	}
	return nil
}

// Merge adds what another worker's Evidence of the same column holds.
func (e *Evidence) Merge(o *Evidence) {
	e.cells += o.cells
	for i := range o.classes[:o.used] {
		c := e.class(o.classes[i].mask)
		c.dressed += o.classes[i].dressed
		c.merge(&o.classes[i].tally)
	}
	e.percents.merge(&o.percents)
	e.bare.merge(&o.bare)
	e.units.merge(&o.units)
	e.metres.merge(&o.metres)
	for i := range o.currencies {
		if name := o.currencies[i].name; name != "" {
			if t := e.currency(name); t != nil {
				t.merge(&o.currencies[i].tally)
			}
		}
	}
	e.currencyCells += o.currencyCells
	e.bad.merge(&o.bad)
}
