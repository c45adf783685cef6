package sniff

import (
	"bytes"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
)

// maxHeader bounds the rows of a header, maxPreamble how far down it is looked for.
const (
	maxHeader   = 5
	maxPreamble = 60
)

// layout finds the header: what stands before the first record that looks like the others.
func (d *Decision) layout(rows []row, o Options) {
	rows = rows[:min(len(rows), maxPreamble)]
	data := d.firstData(rows)
	for i := range rows[:data] {
		d.otherHeader(&rows[i])
	}
	from, to := d.headerRows(rows[:data])
	if o.Preamble != Auto {
		from = min(o.Preamble, len(rows))
		to = max(to, from)
	}
	if o.Header == 0 && o.Preamble == Auto {
		if d.typed() {
			from = data
		}
	}
	if o.Header > 0 {
		if o.Preamble == Auto && to-from != o.Header {
			from = max(0, data-o.Header)
			if data == 0 {
				for from < len(rows) && rows[from].blank {
					from++
				}
			}
		}
		to = min(from+o.Header, len(rows))
	}
	if o.Header == 0 {
		to = from
	}
	d.Preamble = from
	for _, r := range rows[from:to] {
		d.Header = append(d.Header, texts(r.fields))
	}
	d.Names = d.names(o.Names)
	switch {
	case len(d.Header) == 0:
		d.say("no header: the first record looks like the others in %d typed columns", d.Columns.Typed())
		if len(o.Names) == 0 {
			d.Names = nil
		}
	default:
		d.say("%d header rows after %d records of preamble; %d of %d columns are typed and the header is not", len(d.Header), from, d.Columns.Typed(), d.Width)
	}
}

// firstData is the index of the first record that looks like the columns. Where no column is typed,
// it is the one after the first that could be a header.
func (d *Decision) firstData(rows []row) int {
	kinds := d.softKinds()
	if !d.typed() {
		for i, r := range rows {
			if !r.blank && len(r.fields) == d.Width && filled(r.fields) >= min(2, d.Width) {
				return i + 1
			}
		}
		return 0
	}
	for i, r := range rows {
		if r.blank || len(r.fields) < 2 && d.Width > 1 {
			continue
		}
		yes, no := agree(kinds, r.fields, 0)
		if w := len(r.fields); w != d.Width { // a delimiter too few or too many: look from the end too
			if y, n := agree(kinds, r.fields, d.Width-w); y > yes {
				yes, no = y, n
			}
		}
		if yes > no && yes > 0 {
			return i
		}
	}
	for i := range rows { // nothing looks like data: a header alone
		if !rows[i].blank && len(rows[i].fields) == d.Width {
			return i + 1
		}
	}
	return len(rows)
}

// otherHeader reads a header that is written with another delimiter than the data.
func (d *Decision) otherHeader(r *row) {
	for _, text := range usualDelimiters() {
		if len(r.fields) == d.Width || text == d.Syntax.Delimiter || !bytes.Contains(r.raw, []byte(text)) {
			continue
		}
		s := d.Syntax
		s.Delimiter, s.Runs = text, false
		if f, ok := delimited.Parse(r.raw, s, d.Width); ok && headerLike(f, d.Width) {
			r.fields = f
		}
	}
}

// agree counts the fields that have the kind of their column, moved by some columns, and those that
// have not.
func agree(kinds []Kind, fields [][]byte, by int) (yes, no int) {
	for i, f := range fields {
		j := i + by
		if j < 0 || j >= len(kinds) || kinds[j] <= Text {
			continue
		}
		switch k := KindOf(bytes.Trim(f, `"`)); k {
		case Empty:
		case kinds[j]:
			yes++
		default:
			no++
		}
	}
	return yes, no
}

// softKinds are the kinds most values of a column have, few as they may be: enough to tell a header.
func (d *Decision) softKinds() []Kind {
	out := make([]Kind, len(d.Columns))
	for i, c := range d.Columns {
		filled := c.Records - c.Kinds[Empty]
		for k := Number; k < kinds; k++ {
			if k != Code && filled > 0 && c.Kinds[k]*3 > filled*2 {
				out[i] = k
			}
		}
	}
	return out
}

// typed says that some column has a kind at all.
func (d *Decision) typed() bool {
	for _, k := range d.softKinds() {
		if k > Text {
			return true
		}
	}
	return false
}

// headerRows finds the header among the records before the data: the last run of records that have
// more than one filled field and no more than the data's.
func (d *Decision) headerRows(rows []row) (from, to int) {
	to = len(rows)
	for to > 0 && (rows[to-1].blank || !d.nameRow(rows[to-1])) {
		to--
	}
	from = to
	for from > 0 && to-from < maxHeader && !rows[from-1].blank && d.nameRow(rows[from-1]) &&
		len(rows[from-1].fields) == d.Width {
		from--
	}
	if from == to && to > 0 {
		from--
	}
	return from, to
}

// nameRow says that a record could name columns.
func (d *Decision) nameRow(r row) bool {
	n := filled(r.fields)
	return n > 1 && 2*len(r.fields) > d.Width || n == 1 && d.Width == 1
}

// names joins the header rows of each column with a blank. Where an upper row names only the first
// column of a group ("Travel", "", ""), the name counts for the group.
func (d *Decision) names(given []string) []string {
	if len(given) > 0 {
		out := make([]string, d.Width)
		copy(out, given)
		return out
	}
	out := make([]string, d.Width)
	for i, r := range d.Header {
		r = d.fitted(r)
		group := ""
		for j := range out {
			v := ""
			if j < len(r) {
				v = r[j]
			}
			if strings.TrimSpace(v) != "" {
				group = v
			} else if named(d.Header[i+1:], j) {
				v = group
			}
			switch {
			case out[j] == "":
				out[j] = v
			case v != "":
				out[j] += " " + v
			}
		}
	}
	return out
}

// named says that one of the rows has a name for a column.
func named(rows [][]string, column int) bool {
	for _, r := range rows {
		if column < len(r) && strings.TrimSpace(r[column]) != "" {
			return true
		}
	}
	return false
}

// fitted drops the one empty name of a header that has one name too many.
func (d *Decision) fitted(r []string) []string {
	if len(r) != d.Width+1 {
		return r
	}
	empty := -1
	for i, n := range r {
		if n == "" && empty >= 0 {
			return r
		}
		if n == "" {
			empty = i
		}
	}
	if empty < 0 {
		return r
	}
	return append(append([]string(nil), r[:empty]...), r[empty+1:]...)
}

func filled(fields [][]byte) (n int) {
	for _, f := range fields {
		if len(bytes.TrimSpace(f)) > 0 {
			n++
		}
	}
	return n
}

// headerLike says that fields could be the header of a table of that width: all filled, different,
// short, and text.
func headerLike(fields [][]byte, width int) bool {
	if len(fields) != width || width < 2 {
		return false
	}
	seen := map[string]bool{}
	for _, f := range fields {
		k := KindOf(f)
		if k != Text && k != Code || len(f) > 80 || seen[string(f)] {
			return false
		}
		seen[string(f)] = true
	}
	return true
}
