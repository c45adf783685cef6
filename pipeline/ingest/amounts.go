package ingest

import (
	"cmp"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Amounts is how `amount` stands against quantity x unit_price x (1 - discount_rate) - discount_amount
// on the lines that state all of them.
type Amounts struct {
	Compared int64      `json:"lines_compared"`
	Findings []Mismatch `json:"differ,omitempty"` // in a fixed order; none where all agree within rounding
}

// Mismatch is the lines that differ in one way.
type Mismatch struct {
	// Factor is what the amount is times the computed value; "" where it is no constant.
	Factor string `json:"factor,omitempty"`
	// Tax is the rate, above 0, that would explain a factor other than a power of ten.
	Tax   money.Rate `json:"-"`
	What  string     `json:"what"`
	Lines int64      `json:"lines"`
	// Systematic says that one cause explains the lines: they are no single slips.
	Systematic bool            `json:"systematic"`
	Examples   []AmountExample `json:"examples"` // the first by file and line
}

// AmountExample is one line of a mismatch.
type AmountExample struct {
	File     string `json:"file"`
	Line     int64  `json:"line"` // of text, or row of Parquet, from 1
	Amount   string `json:"amount"`
	Computed string `json:"computed"`
}

// Of its examples a class shows shownExamples; it keeps more, because which of them share a constant
// factor is known at the end.
const (
	shownExamples = 3
	keptExamples  = 8
)

// agreement counts the comparisons of a file. Counts add and examples are the first by place, so what is
// joined does not depend on who counted.
type agreement struct {
	compared     int64
	lines        [comparisons]int64
	examples     [comparisons][]example
	above, below *rates
}

type example struct {
	file int
	line int64
	sides
	amount, value money.Amount // with their signs
}

// rates counts for each step how many lines a tax of that rate would explain.
type rates struct {
	lines  int64                // with a range that is narrow enough
	turns  [mostSteps + 2]int32 // how the count changes at each step
	firsts []example
}

// compareAmounts takes part in the comparison of every line of the batch that states its value twice.
func (w *worker) compareAmounts() {
	if w.agreements[w.file] == nil {
		w.agreements[w.file] = &agreement{}
	}
	t := w.agreements[w.file]
	l := w.lines
	for i := range l.n {
		s, ok := w.compared(i)
		if !ok {
			continue
		}
		t.compared++
		if c := s.compare(w.settings.TaxRate); c != agrees {
			rate, off := w.discountTerms(i)
			value, _ := money.LineAmount(l.quantity[i], l.unitPrice[i], rate, off)
			t.note(c, example{w.file, l.line[i], s, l.amount[i], value})
		}
		if w.settings.AmountFrom == layout.FromPrice {
			l.lack(i, layout.Amount)
		}
	}
}

func (t *agreement) note(c comparison, e example) {
	t.lines[c]++
	t.examples[c] = keep(t.examples[c], e)
	if c != aside {
		return
	}
	from, to, above, ok := e.steps()
	if !ok {
		return
	}
	side := &t.below
	if above {
		side = &t.above
	}
	if *side == nil {
		*side = &rates{}
	}
	r := *side
	r.lines++
	r.turns[from]++
	r.turns[to+1]--
	r.firsts = keep(r.firsts, e)
}

// keep adds an example that comes after those there are, or in any order when they are joined.
func keep(es []example, more ...example) []example {
	es = append(es, more...)
	slices.SortFunc(es, func(a, b example) int { return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line)) })
	return es[:min(len(es), keptExamples)]
}

func (t *agreement) add(o *agreement) {
	t.compared += o.compared
	for c := range t.lines {
		t.lines[c] += o.lines[c]
		t.examples[c] = keep(t.examples[c], o.examples[c]...)
	}
	t.above, t.below = t.above.add(o.above), t.below.add(o.below)
}

func (r *rates) add(o *rates) *rates {
	if o == nil {
		return r
	}
	if r == nil {
		r = &rates{}
	}
	r.lines += o.lines
	for i, n := range o.turns {
		r.turns[i] += n
	}
	r.firsts = keep(r.firsts, o.firsts...)
	return r
}

// best is the rate that explains most lines, in steps, whole percents before others, and how many.
func (r *rates) best() (step int, lines int64) {
	rank := func(step int) int { // whole percent, half, any
		switch {
		case step%40 == 0:
			return 2
		case step%20 == 0:
			return 1
		}
		return 0
	}
	n := int64(0)
	for s := 1; s <= mostSteps; s++ {
		n += int64(r.turns[s])
		if n > lines || n == lines && rank(s) > rank(step) {
			step, lines = s, n
		}
	}
	return step, lines
}
