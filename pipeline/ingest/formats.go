package ingest

import (
	"errors"
	"fmt"
	"io"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/numeral"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// sampleRecords is how many records a file's number and date formats are decided on, where they
// decide: a column that does not is read to its end for evidence.
const sampleRecords = 20_000

// formats are how the columns of a file write numbers and days. A column of numbers that is plain,
// as most are, has no entry and takes the fast path.
type formats struct {
	numbers [32]*numeral.Format // by layout.Column
	days    calendar.Format
	// orderDiscount is of the header of a setting, which is no column.
	orderDiscount *numeral.Format
	hinted        bool // no cell proves how days are written: more of them may
	// Notes say for people what was decided where it is not plain.
	notes   map[string]string
	decided []Column
	samples map[layout.Column][]string
}

// isNumber tells the columns of numbers.
func isNumber(c layout.Column) bool {
	switch c {
	case layout.Quantity, layout.UnitPrice, layout.Amount, layout.DiscountRate, layout.DiscountAmount,
		layout.UnitCost, layout.Cost, layout.Profit:
		return true
	}
	return false
}

// evidence gathers cells of the columns whose format is open.
type evidence struct {
	rules   *layout.Rules
	columns []layout.Column
	numbers []numeral.Evidence
	days    []calendar.Evidence
	whole   *numeral.Evidence // of the discount of whole orders, nil where it is a column or none
	header  string            // its name
	decided []Column
	cells   int // to keep of each column
	samples map[layout.Column][]string
}

func newEvidence(rules *layout.Rules, columns []layout.Column) *evidence {
	return &evidence{rules: rules, columns: columns, numbers: make([]numeral.Evidence, len(columns)), days: make([]calendar.Evidence, len(columns))}
}

// evidenceOf gathers for a file, and its first cells where a sampling asks for them.
func (r *reader) evidenceOf(columns []layout.Column) *evidence {
	e := newEvidence(r.plan.rules, columns)
	if s := r.options.Sampling; s != nil {
		e.cells = s.Cells
	}
	return e
}

// add takes the cell of the k-th column.
func (e *evidence) add(k int, cell []byte) {
	if len(cell) == 0 {
		return
	}
	// A word for "no value" is no evidence, and most cells are their own text.
	if !plain(cell) || cell[0] > '9' {
		if text, ok := e.rules.Text(string(cell)); !ok {
			return
		} else if len(text) != len(cell) {
			cell = []byte(text)
		}
	}
	switch c := e.columns[k]; {
	case isNumber(c):
		e.numbers[k].Add(cell)
	case c == layout.OrderedAt:
		e.days[k].Add(cell)
	}
}

// decide weighs the evidence. A column of numbers that stays open by itself follows the decimal mark
// of the others, where those that show one agree: a file is written in one locale. The error joins
// the columns that are open even so, each with its header.
func (e *evidence) decide(o *Options, header func(layout.Column) string) (formats, error) {
	f := formats{notes: map[string]string{}}
	var faults []error
	fault := func(c layout.Column, err error) {
		faults = append(faults, fmt.Errorf("column %q (%s): %w", header(c), c, err))
	}
	setting := numeral.Setting{Decimal: o.Decimal, Thousands: o.Thousands}
	shared := e.sharedDecimal(setting)
	e.decided = nil
	set := ""
	if setting != (numeral.Setting{}) {
		set = "as set"
	}
	for k, c := range e.columns {
		switch {
		case isNumber(c):
			d, err := e.numbers[k].Decide(setting)
			how := set
			var undecided *numeral.Undecided
			if errors.As(err, &undecided) && shared != "" {
				d, err = e.numbers[k].Decide(numeral.Setting{Decimal: shared, Thousands: o.Thousands})
				how = fmt.Sprintf("likely: open by itself, the other columns have the decimal mark %q", shared)
			}
			if err != nil {
				fault(c, err)
				continue
			}
			e.noteNumber(c, d, how)
			if !d.Format.Plain() {
				f.numbers[c] = &d.Format
				f.notes[c.String()] = "numbers like " + d.Format.String()
			}
		case c == layout.OrderedAt:
			d, err := e.days[k].Decide(calendar.Setting{Dates: o.Dates, FirstYear: o.FirstYear})
			if err != nil {
				fault(c, err)
				continue
			}
			how := ""
			if o.Dates != "" {
				how = "as set"
			}
			e.noteDays(c, d, how)
			if !d.Format.Plain() {
				f.days = d.Format
				f.notes[c.String()] = "days like " + d.Format.String()
				if f.hinted = d.Hint != ""; f.hinted {
					f.notes[c.String()] += ": " + d.Hint
				}
				if from, to, two := d.Format.Years(); two {
					f.notes[c.String()] += fmt.Sprintf(", years of two digits are %d to %d (first_year)", from, to)
				}
			}
		}
	}
	if e.whole != nil {
		d, err := decideNumbers(e.whole, setting, shared)
		if err != nil {
			faults = append(faults, fmt.Errorf("order_discount %q: %w", e.header, err))
		} else if !d.Format.Plain() {
			f.orderDiscount = &d.Format
			f.notes["order_discount"] = "numbers like " + d.Format.String()
		}
	} else {
		f.orderDiscount = f.numbers[layout.DiscountAmount]
	}
	f.decided, f.samples = e.decided, e.samples
	return f, errors.Join(faults...)
}

// decideNumbers decides on a column, by the decimal mark of the others where it is open by itself.
func decideNumbers(e *numeral.Evidence, s numeral.Setting, shared string) (numeral.Decision, error) {
	d, err := e.Decide(s)
	var undecided *numeral.Undecided
	if errors.As(err, &undecided) && shared != "" {
		return e.Decide(numeral.Setting{Decimal: shared, Thousands: s.Thousands})
	}
	return d, err
}

// from1904 takes serial numbers of days from 1904 on, which their workbook says and no number shows.
func (f *formats) from1904() {
	from1900, err := calendar.FromSetting("excel1900")
	if err != nil || f.days != from1900 {
		return
	}
	if f.days, err = calendar.FromSetting("excel1904"); err == nil {
		f.notes[layout.OrderedAt.String()] = "days like " + f.days.String() + ", as the workbook says"
	}
}

// sharedDecimal is the decimal mark of the columns that show one beyond doubt, "" where none does
// or they differ.
func (e *evidence) sharedDecimal(s numeral.Setting) string {
	mark := ""
	var all []*numeral.Evidence
	for k, c := range e.columns {
		if isNumber(c) {
			all = append(all, &e.numbers[k])
		}
	}
	if e.whole != nil {
		all = append(all, e.whole)
	}
	for _, n := range all {
		d, err := n.Decide(s)
		if err != nil || d.Witness == "" || d.Format.Decimal() == 0 {
			continue
		}
		if own := string(d.Format.Decimal()); mark == "" {
			mark = own
		} else if mark != own {
			return ""
		}
	}
	return mark
}

// gather takes records of a block of text until most are taken.
func (e *evidence) gather(t *textFile, s *delimited.Scanner, most int) {
	for n := 0; n < most && s.Next(); n++ {
		if s.Fields() != t.width {
			continue
		}
		for k, field := range t.fields {
			e.add(k, s.Field(field))
		}
		if e.cells > 0 {
			e.sample(t, s)
		}
	}
}

// textFormats decides the formats of a text file on the start of its first block, or, where that
// leaves a column open, on all of it.
func (r *reader) textFormats(t *textFile, f source.File, rest []byte) (formats, error) {
	e := r.evidenceOf(t.columns)
	s := delimited.NewScanner(t.dialect)
	s.Reset(rest, 0, 1)
	e.gather(t, s, sampleRecords)
	out, err := e.decide(&r.options, t.resolved.header)
	if err == nil && !out.hinted {
		return out, nil
	}
	in, err := r.openFile(f)
	if err != nil {
		return formats{}, err
	}
	defer in.Close() // only read
	e = r.evidenceOf(t.columns)
	sp := delimited.NewSplitter(in, t.dialect)
	for first := true; ; first = false {
		b, err := sp.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return formats{}, fmt.Errorf("%s: %w", f.Path, err)
		}
		s.Reset(b.Data, 0, 1)
		if first {
			s.Next() // the header
		}
		e.gather(t, s, len(b.Data))
		b.Release()
	}
	out, err = e.decide(&r.options, t.resolved.header)
	if err != nil {
		return formats{}, fmt.Errorf("%s: %w", f.Path, err)
	}
	return out, nil
}

// parquetFormats decides the formats of the text columns of a Parquet file on its first row group.
func (r *reader) parquetFormats(p *parquetFile) (formats, error) {
	var columns []layout.Column
	var fields []int
	for k, c := range p.columns {
		kind := p.file.Columns()[p.fields[k]].Kind
		if kind == parquetfile.Bytes && (isNumber(c) || c == layout.OrderedAt) || kind == parquetfile.Int && c == layout.OrderedAt {
			columns, fields = append(columns, c), append(fields, p.fields[k])
		}
	}
	if columns == nil || p.file.RowGroups() == 0 {
		return formats{}, nil
	}
	e := newEvidence(r.plan.rules, columns)
	for group := range p.file.RowGroups() {
		if err := e.gatherGroup(p.file, group, fields); err != nil {
			return formats{}, err
		}
		out, err := e.decide(&r.options, p.resolved.header)
		if err == nil && !out.hinted || group == p.file.RowGroups()-1 {
			return out, err
		}
	}
	return formats{}, nil
}

func (e *evidence) gatherGroup(file *parquetfile.File, group int, fields []int) error {
	g, err := file.Group(group, fields)
	if err != nil {
		return err
	}
	defer g.Close()
	var text []byte
	for rows := 0; rows < sampleRecords; {
		n, err := g.Next(batchRows)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for k := range fields {
			v := g.Vec(k)
			for i := range n {
				text = v.Append(text[:0], i)
				e.add(k, text)
			}
		}
		rows += n
	}
	return nil
}
