// Package sniff decides how a stranger's text file is written, from a bounded sample, and sorts its
// records by that decision.
//
//  1. Candidates of delimiter, quote and escape read the sample; the one wins whose records have the
//     same number of fields and whose values look like values.
//  2. The values of each column give evidence of its kind (number, date, code, ...).
//  3. What stands before the first record that has those kinds is header, or preamble before it.
//  4. A Sorter then sorts every record of the file: row, reject with a reason, or ignored with one.
//     What is merely untidy (trailing empty fields) is put right, what the columns' evidence settles
//     beyond doubt is repaired and counted, and what cannot be decided is rejected.
//
// A Decision holds its evidence in words, for people and for the manifest.
package sniff

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
)

// HeadBytes is how much of a file's start is worth giving to Sniff.
const HeadBytes = 256 << 10

// Auto as a count says that Sniff decides.
const Auto = -1

// Options fix what the user knows; the zero value is not useful, start from Free().
type Options struct {
	Syntax   *delimited.Syntax // nil: sniffed; an empty Delimiter in it is sniffed too
	Header   int               // header rows; Auto: sniffed
	Preamble int               // records before the header, blank lines too; Auto: sniffed
	Width    int               // fields of a record; 0: sniffed
	Names    []string          // names of the columns, whatever the header says; nil: from the header
	// Wanted chooses among stacked tables: the first whose header it accepts wins. nil: the widest spread.
	Wanted func(header []string) bool
}

// Free fixes nothing.
func Free() Options { return Options{Header: Auto, Preamble: Auto} }

// Decision is how a file is written.
type Decision struct {
	Syntax     delimited.Syntax
	LineEnds   string     // "LF", "CRLF", "CR", several joined with " and ", or "none"
	Width      int        // fields of a record; 0 for an empty file
	Preamble   int        // records before the header, blank lines too
	Header     [][]string // the header rows as they stand
	Names      []string   // one a column, joined over the header rows; nil where the file has no header
	Columns    Columns
	Records    int      // records of the sample that have Width fields
	Confidence float64  // 0..1 of the syntax; 1 where it was given
	Evidence   []string // why, a line each
}

// Sniff decides on a sample: the start of a file, whole when it is all of it, and any blocks from
// further on, whose first and last lines may be cut.
func Sniff(head []byte, whole bool, blocks [][]byte, o Options) Decision {
	if !whole {
		if n := bytes.LastIndexAny(head, "\r\n"); n > 0 {
			head = head[:n+1]
		}
	}
	d := Decision{LineEnds: lineEnds(head)}
	d.syntax(head, o)
	rows := sample(head, d.Syntax, o.Width)
	d.width(rows, o)
	rows = sample(head, d.Syntax, d.Width)
	if d.Width == 0 {
		d.say("the file holds no record")
		return d
	}
	d.columns(rows, blocks)
	d.layout(rows, o)
	return d
}

func (d *Decision) say(format string, args ...any) {
	d.Evidence = append(d.Evidence, fmt.Sprintf(format, args...))
}

func (d *Decision) syntax(head []byte, o Options) {
	if o.Syntax != nil && o.Syntax.Delimiter != "" {
		d.Syntax, d.Confidence = *o.Syntax, 1
		d.say("%s: as given", d.Syntax)
		return
	}
	var fixed func(delimited.Syntax) bool
	if o.Syntax != nil {
		fixed = func(s delimited.Syntax) bool {
			return s.Quote == o.Syntax.Quote && s.HasEscape == o.Syntax.HasEscape && s.Escape == o.Syntax.Escape
		}
	}
	best, second := dialect(head, fixed)
	d.Syntax = best.syntax
	if o.Syntax != nil {
		given := *o.Syntax
		given.Delimiter = best.syntax.Delimiter
		d.Syntax = given
	}
	if best.score > 0 {
		d.Confidence = best.score / (best.score + second.score)
	}
	d.say("%s: %.0f%% of the sample's records have %d fields; score %.2f", d.Syntax, 100*best.share, best.width, best.score)
	if second.score > 0 {
		d.say("next best %s: %.0f%% have %d fields; score %.2f", second.syntax, 100*second.share, second.width, second.score)
	}
}

// row is a record of the sample.
type row struct {
	fields [][]byte
	blank  bool // or all empty
	fault  delimited.Fault
	raw    []byte
}

// sampleRecords bounds the work on a sample.
const sampleRecords = 5000

func sample(text []byte, s delimited.Syntax, width int) (rows []row) {
	r := delimited.NewMemoryReader(text, s)
	r.Width = width
	for len(rows) < sampleRecords {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) || err != nil {
			return rows
		}
		n := row{blank: rec.Blank || allEmpty(rec.Fields), fault: rec.Fault, raw: rec.Raw}
		for _, f := range rec.Fields {
			n.fields = append(n.fields, append([]byte(nil), f...))
		}
		rows = append(rows, n)
	}
	return rows
}

// width is the number of fields most records have; the wider where two are as frequent, the wanted
// table's where tables are stacked.
func (d *Decision) width(rows []row, o Options) {
	if d.Width = o.Width; d.Width > 0 {
		return
	}
	count, first := map[int]int{}, map[int]int{}
	for i, r := range rows {
		if r.blank {
			continue
		}
		w := len(r.fields)
		if count[w]++; count[w] == 1 {
			first[w] = i
		}
		if o.Wanted != nil && headerLike(r.fields, w) && o.Wanted(texts(r.fields)) {
			d.Width = w
			return
		}
	}
	for w, n := range count {
		m := count[d.Width]
		if n > m || n == m && (first[w] < first[d.Width] || d.Width == 0) {
			d.Width = w
		}
	}
	// Two tables of about one size: the first is the file's, the other is its appendix.
	for w, n := range count {
		if first[w] < first[d.Width] && w > 1 && n > 2 && n*10 >= count[d.Width]*9 {
			d.Width = w
		}
	}
	// A header over one record: two widths, one record each.
	if len(rows) > 1 && count[d.Width] == 1 && d.Width == 1 {
		for w := range count {
			d.Width = max(d.Width, w)
		}
	}
}

// columns gathers evidence from records of the right width, and of shorter ones where they are many and
// look alike.
func (d *Decision) columns(rows []row, blocks [][]byte) {
	for _, b := range blocks {
		if n := bytes.IndexAny(b, "\r\n"); n >= 0 {
			b = b[n+1:]
		}
		if n := bytes.LastIndexAny(b, "\r\n"); n >= 0 {
			b = b[:n+1]
		}
		rows = append(rows, sample(b, d.Syntax, d.Width)...)
	}
	d.Columns = make(Columns, d.Width)
	for i, r := range rows {
		if !r.blank && r.fault == delimited.Sound && len(r.fields) == d.Width {
			if d.Records++; i > 0 || len(rows) == 1 {
				d.Columns.Add(r.fields)
			}
		}
	}
	// Short records that look like the columns as far as they go: many are a habit of the writer, to
	// leave empty ends out; one is an accident.
	var short []row
	typed := d.Columns.Typed() > 0
	for _, r := range rows {
		if w := len(r.fields); !r.blank && r.fault == delimited.Sound && w > 1 && w < d.Width {
			if yes, no := d.Columns[:w].Against(r.fields); no == 0 && (yes > 0 || !typed) {
				short = append(short, r)
			}
		}
	}
	if len(short) >= 3 && len(short)*50 >= d.Records {
		for _, r := range short {
			d.Columns.Add(r.fields)
		}
	}
}

// lineEnds names the line ends of a text.
func lineEnds(text []byte) string {
	crlf := bytes.Count(text, []byte("\r\n"))
	lf, cr := bytes.Count(text, []byte("\n"))-crlf, bytes.Count(text, []byte("\r"))-crlf
	out := ""
	for _, e := range []struct {
		n    int
		name string
	}{{crlf, "CRLF"}, {lf, "LF"}, {cr, "CR"}} {
		if e.n > 0 {
			if out != "" {
				out += " and "
			}
			out += e.name
		}
	}
	if out == "" {
		return "none"
	}
	return out
}

func texts(fields [][]byte) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = string(f)
	}
	return out
}
