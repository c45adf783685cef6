package pipeline

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// explicit writes a config, a key a line.
type explicit struct {
	bytes.Buffer
	files []Inspection
	cfg   Config
}

// ExplicitConfig is a YAML config with which a run reads the inspected files as it would without, every
// decision written out. A key holds for all files: where they differ it is left to the evidence of each,
// and a comment says so.
func ExplicitConfig(files []Inspection, c Config) []byte {
	e := &explicit{files: files, cfg: c}
	e.line("# Written by `vitalfew inspect --write-config`: how these files were understood. A key in a comment is")
	e.line("# decided by the evidence of each file, for they or their columns differ in it.")
	for _, k := range layout.Kinds() {
		e.paths(k)
	}
	for _, w := range []struct{ key, value string }{{"aliases", c.Aliases}, {"rates", c.Rates}, {"currency", c.Currency}, {"time_zone", c.TimeZone}, {"preset", c.Preset}} {
		e.word(w.key, w.value)
	}
	e.columns()
	e.syntax()
	e.numbers()
	e.days()
	e.settings()
	return e.Bytes()
}

func (e *explicit) line(format string, args ...any) { fmt.Fprintf(e, format+"\n", args...) }

// word writes a key that has a value. Go's quoting is YAML's.
func (e *explicit) word(key, value string) {
	if value != "" {
		e.line("%s: %q", key, value)
	}
}

// paths writes the files of a kind: as they were named, where all that a name stands for are of it.
func (e *explicit) paths(k layout.Kind) {
	mixed := map[string]bool{}
	for _, f := range e.files {
		mixed[f.pattern] = mixed[f.pattern] || f.Kind != k
	}
	var paths []string
	for _, f := range e.files {
		path := f.pattern
		if mixed[path] {
			path = f.Path
		}
		if f.Kind == k && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	if paths == nil {
		return
	}
	e.line("%s:", k)
	for _, p := range paths {
		e.line("  - %q", p)
	}
}

// columns writes the mapping of each kind.
func (e *explicit) columns() {
	e.line("map:")
	for _, k := range layout.Kinds() {
		for _, c := range k.Columns() {
			e.column(k, c)
		}
	}
}

func (e *explicit) column(k layout.Kind, c layout.Column) {
	header, rule, files, all := "", "", 0, 0
	same := true
	for _, f := range e.files {
		if f.Kind != k {
			continue
		}
		all++
		for _, m := range f.Resolved.Matches {
			if m.Column != c {
				continue
			}
			h := e.headerOf(f, m)
			same = same && (files == 0 || h == header)
			header, rule = h, m.Rule.String()
			files++
		}
	}
	switch {
	case files == 0:
	case !same:
		e.line("  # %s.%s: the files name it differently, such as %q", k, c, header)
	case files < all:
		e.line("  # %s.%s: %q, in %d of %d files", k, c, header, files, all)
	default:
		e.line("  %s.%s: %q # %s", k, c, header, rule)
	}
}

// headerOf is what to assign to: the header, or its place where it is blank, not alone, or no header.
func (e *explicit) headerOf(f Inspection, m layout.Match) string {
	alike := 0
	for _, h := range f.Resolved.Headers {
		if layout.Fold(h) == layout.Fold(m.Header) {
			alike++
		}
	}
	byPlace := slices.ContainsFunc(e.cfg.Map, func(a layout.Assignment) bool {
		name := a.Name[strings.LastIndexByte(a.Name, '.')+1:]
		return strings.HasPrefix(a.Header, "#") && a.Header != m.Header && layout.Fold(name) == layout.Fold(m.Column.String())
	})
	if alike != 1 || byPlace || strings.TrimSpace(m.Header) == "" {
		return fmt.Sprintf("#%d", m.Index+1)
	}
	return m.Header
}

// agreed is the value that all files have, and whether they agree. Files that have no say give "".
func agreed(files []Inspection, of func(Inspection) string) (value string, same bool) {
	same = true
	for _, f := range files {
		v := of(f)
		switch {
		case v == "" || v == value:
		case value == "":
			value = v
		default:
			same = false
		}
	}
	return value, same
}

// decide writes a key on which the files agree, else the comment.
func (e *explicit) decide(key, given string, of func(Inspection) string) {
	if given != "" {
		e.word(key, given)
		return
	}
	value, same := agreed(e.files, of)
	switch {
	case !same || value == unfit:
		e.line("# %s: by the evidence of each file", key)
	default:
		e.word(key, value)
	}
}

// unfit is what a file says of a key that cannot say how it is read: it agrees with no other, nor itself.
const unfit = "\x00"

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
		case !f.text:
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

// settings writes what cells mean, and the layout that the samples showed.
func (e *explicit) settings() {
	s, orders, continued := e.cfg.Settings, 0, 0
	for _, f := range e.files {
		if f.Orders != nil {
			orders++
			if f.Orders.Continued {
				continued++
			}
		}
	}
	r := recipeOf(s)
	at := e.Len()
	e.line("settings:")
	begun := e.Len()
	for _, l := range []struct {
		key   string
		words []string
	}{{"null_values", r.NullValues}, {"return_id_prefix", r.ReturnIDPrefix}, {"return_status", r.ReturnStatus},
		{"cancelled_status", r.CancelledStatus}, {"non_product_codes", r.NonProductCodes}} {
		if l.words != nil {
			e.line("  %s: [%s]", l.key, quoted(l.words))
		}
	}
	for _, b := range []struct {
		key string
		on  bool
	}{{"float_ids", r.FloatIDs}, {"order_per_day", r.OrderPerDay}, {"carry_down", r.CarryDown || orders > 0 && continued == orders},
		{"group_rows", r.GroupRows}, {"tax_included", r.TaxIncluded}} {
		if b.on {
			e.line("  %s: true", b.key)
		}
	}
	if continued > 0 && continued < orders {
		e.line("  # carry_down: in %d of %d files", continued, orders)
	}
	e.word("  order_refund", r.OrderRefund)
	if r.IDWidth != 0 {
		e.line("  id_width: %d", r.IDWidth)
	}
	if r.TaxRate != "" {
		e.line("  tax_rate: %s", r.TaxRate)
	}
	if len(r.CategoryMargins) > 0 {
		e.line("  category_margins:")
		for _, name := range sortedKeys(r.CategoryMargins) {
			e.line("    %q: %s", name, r.CategoryMargins[name])
		}
	}
	if e.Len() == begun {
		e.Truncate(at)
	}
}

func quoted(words []string) string {
	var out []string
	for _, w := range words {
		out = append(out, fmt.Sprintf("%q", w))
	}
	return strings.Join(out, ", ")
}
