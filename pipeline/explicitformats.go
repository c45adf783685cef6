package pipeline

import (
	"cmp"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// syntax writes how text is written.
func (e *explicit) syntax() {
	e.decide("charset", e.cfg.Charset, func(f Inspection) string {
		if f.Orders == nil {
			return ""
		}
		return f.Orders.Charset
	})
	e.decide("sheet", e.cfg.Sheet, func(f Inspection) string {
		if f.Orders == nil {
			return ""
		}
		return f.Orders.Sheet
	})
	delimiter := func(f Inspection) string {
		d := f.dialect
		if f.Orders != nil {
			d = f.Orders.Delimiter
		}
		switch {
		case f.file.Format != source.Text:
			return ""
		case d == 0:
			return unfit
		case d == '\t':
			return "tab"
		}
		return string(rune(d))
	}
	e.decide("delimiter", e.cfg.Delimiter, delimiter)
}

// eachDecided calls for the columns of order files whose format is decided on values.
func (f Inspection) eachDecided(days bool, each func(ingest.Column)) {
	if f.Orders == nil {
		return
	}
	for _, c := range f.Orders.Columns {
		if c.Decided && c.Values > 0 && (c.Column == layout.OrderedAt) == days {
			each(c)
		}
	}
}

// numbers writes the marks of numbers, where the columns of all files have the same.
func (e *explicit) numbers() {
	decimal, thousands := map[string]bool{}, map[string]bool{}
	for _, f := range e.files {
		f.eachDecided(false, func(c ingest.Column) {
			if m := c.Number.Decimal(); m != 0 {
				decimal[string(rune(m))] = true
			}
			mark := "none"
			if m := c.Number.Thousands(); m != 0 {
				mark = string(rune(m))
			}
			thousands[mark] = true
		})
	}
	e.mark("decimal", e.cfg.Decimal, decimal)
	e.mark("thousands", e.cfg.Thousands, thousands)
}

func (e *explicit) mark(key, given string, marks map[string]bool) {
	all := sortedKeys(marks)
	switch {
	case given != "":
		e.word(key, given)
	case len(all) == 1:
		e.word(key, all[0])
	case len(all) > 1:
		e.line("# %s: differs between columns: %q", key, all)
	}
}

// days writes the format of order days.
func (e *explicit) days() {
	twoDigits := false
	e.decide("dates", e.cfg.Dates, func(f Inspection) (format string) {
		f.eachDecided(true, func(c ingest.Column) {
			format = c.Format
			if _, err := calendar.FromSetting(format); err != nil {
				format = unfit
			}
			twoDigits = twoDigits || strings.Contains(strings.ReplaceAll(format, "yyyy", ""), "yy")
		})
		return format
	})
	if e.cfg.FirstYear != 0 || twoDigits {
		e.line("first_year: %d", cmp.Or(e.cfg.FirstYear, 1970))
	}
}
