package numeral

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// decideDress settles percent, currency and units of a format whose marks are decided.
func (e *Evidence) decideDress(d *Decision) error {
	f := &d.Format
	switch {
	case e.percents.n == 0:
	case e.bare.n*outliers <= e.percents.n:
		f.percent = true
		d.stray(&e.bare)
	case e.percents.n*outliers <= e.bare.n:
		d.stray(&e.percents)
	default:
		with := *f
		with.percent = true
		return &Conflict{Of: "percent signs", First: e.percents.String(), Second: e.bare.String(),
			Firsts: e.percents.n, Others: e.bare.n,
			Remedy: fmt.Sprintf("set the number format %q to read only those with the sign, or %q only those without", with, *f)}
	}
	if err := e.decideCurrency(d); err != nil {
		return err
	}
	switch {
	case f.percent:
		if n := e.units.n + e.metres.n; n > 0 {
			t := e.units
			t.merge(&e.metres)
			d.stray(&t)
		}
	case e.units.n > 0 || e.metres.n > 0 && f.currency != "":
		f.units = true
	case e.metres.n == 0:
	case e.metres.n*outliers <= e.cells:
		d.stray(&e.metres)
	default:
		return e.metresOrMillions(*f)
	}
	return nil
}

func (e *Evidence) decideCurrency(d *Decision) error {
	var top, other *currency
	for i := range e.currencies {
		switch c := &e.currencies[i]; {
		case c.n == 0:
		case top == nil || c.n > top.n:
			top, other = c, top
		case other == nil || c.n > other.n:
			other = c
		}
	}
	if top == nil {
		return nil
	}
	d.Format.currency = top.name
	others := e.currencyCells - top.n
	if others*outliers > top.n {
		return &Conflict{Of: "currency", First: top.String(), Second: other.String(), Firsts: top.n, Others: others,
			Remedy: "amounts of several currencies do not add up: export each currency by itself, or plain amounts with a currency column"}
	}
	if other != nil {
		t := other.tally
		t.n = others
		d.stray(&t)
	}
	return nil
}

// metresOrMillions refuses a column whose only unit is a small m.
func (e *Evidence) metresOrMillions(f Format) error {
	u := &Undecided{Cells: e.cells}
	for _, units := range []bool{false, true} {
		f.units = units
		u.Candidates = append(u.Candidates, Candidate{Format: f, Setting: fmt.Sprintf("number format %q", f),
			Example: e.metres.String(), Reads: f.reads(e.metres.String())})
	}
	return u
}

// stray counts cells that the format refuses.
func (d *Decision) stray(t *tally) {
	if t.n > 0 {
		d.Strays += t.n
		d.Stray = t.String()
	}
}

// reads prints what the format makes of a cell.
func (f Format) reads(cell string) string {
	v, ok := f.Parse([]byte(cell), money.RateScale)
	if !ok {
		return "refused"
	}
	return money.Rate(v).String()
}
