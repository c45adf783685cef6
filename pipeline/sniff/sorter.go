package sniff

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
)

// Verdict is what becomes of a record.
type Verdict uint8

// The verdicts.
const (
	Row      Verdict = iota // a row as it stands
	Tidied                  // a row once trailing empty fields were added or dropped
	Repaired                // a row once a fault was put right that only one reading explains
	Rejected                // no reading is certain
	Header
	Ignored // preamble, blank, total, comment, another table
)

// Sorter sorts the records of a file in order.
type Sorter struct {
	d      Decision
	seen   int // records, blank lines too
	header int // header rows still to come
	rows   int
	out    [][]byte
	try    [][]byte

	tables  []Table
	pending int // width of a record that could head another table; 0 for none
	name    []string
	at      delimited.Record // where it stood
	other   int              // width of the other table that is being skipped; 0 for none

	head   []uint64 // of the first rows, to know the same table when it comes again
	copied int      // rows of the repeat so far; -1 when there is none
}

// Table is a stacked table that is not the file's.
type Table struct {
	Line    int64 // of its header
	Offset  int64 // bytes
	Header  []string
	Records int64 // after the header
	Copy    bool  // it repeats the file's own rows
}

// copyRows bounds how many rows are remembered to recognise a table that comes twice.
const copyRows = 1 << 20

// NewSorter starts on a file. Its records must be read with Reader.Width = d.Width.
func (d Decision) NewSorter() *Sorter { return &Sorter{d: d, header: len(d.Header), copied: -1} }

// Tables are the stacked tables that were met so far and set aside.
func (s *Sorter) Tables() []Table { return s.tables }

// Sort says what becomes of the next record, and why where it is not plain. fields are the row's,
// valid until the next call.
func (s *Sorter) Sort(r *delimited.Record) (fields [][]byte, v Verdict, why string) {
	s.seen++
	if s.seen <= s.d.Preamble {
		return nil, Ignored, "preamble"
	}
	if r.Blank || (len(r.Fields) > 1 || s.d.Width == 1) && r.Fault == delimited.Sound && allEmpty(r.Fields) && (s.d.Width > 1 || len(r.Raw) == 0) {
		s.pending = 0
		return nil, Ignored, "blank"
	}
	if s.header > 0 {
		s.header--
		return nil, Header, ""
	}
	if why := s.aside(r); why != "" {
		return nil, Ignored, why
	}
	fields, v, why = s.judge(r)
	if v <= Repaired {
		if s.repeats(fields) {
			return nil, Ignored, "the same table again"
		}
		s.rows++
	}
	return fields, v, why
}

// aside recognises what is no row at all: another table, a repeated header, totals, comments.
func (s *Sorter) aside(r *delimited.Record) string {
	w := len(r.Fields)
	if s.other > 0 {
		t := &s.tables[len(s.tables)-1]
		switch {
		case w == s.pending: // the record before was a header, not the table's last
			t.Records--
			s.start()
			return "another table"
		case w == s.other || w != s.d.Width:
			t.Records++
			if s.pending = 0; w != s.other && headerLike(r.Fields, w) {
				s.pending, s.name, s.at = w, texts(r.Fields), *r
			}
			return "another table"
		}
		s.other = 0
	}
	if s.pending > 0 && w == s.pending {
		s.start()
		return "another table"
	}
	s.pending = 0
	switch {
	case len(s.d.Header) > 0 && sameTexts(r.Fields, s.d.Header[len(s.d.Header)-1]):
		if s.copied = -1; s.rows >= 2 {
			s.copied = 0
			s.tables = append(s.tables, Table{Line: r.Line, Offset: r.Offset, Header: texts(r.Fields), Copy: true})
		}
		return "header again"
	case w != s.d.Width && len(r.Raw) > 0 && r.Raw[0] == '#':
		return "comment"
	case total(r.Fields, s.d.Width):
		return "total or note"
	}
	return ""
}

// start begins another table at the pending header.
func (s *Sorter) start() {
	s.tables = append(s.tables, Table{Line: s.at.Line, Offset: s.at.Offset, Header: s.name, Records: 1})
	s.other, s.pending = len(s.name), 0
}

// repeats says that the row is one of a table that comes a second time, row by row.
func (s *Sorter) repeats(fields [][]byte) bool {
	h := fnv.New64a()
	for _, f := range fields {
		h.Write(f)
		h.Write([]byte{0xff})
	}
	sum := h.Sum64()
	if s.copied >= 0 && s.copied < len(s.head) && s.head[s.copied] == sum {
		s.copied++
		s.tables[len(s.tables)-1].Records++
		return true
	}
	if s.copied == 0 { // only the header came again: several exports in one file
		s.tables = s.tables[:len(s.tables)-1]
	}
	s.copied = -1
	if s.rows == len(s.head) && len(s.head) < copyRows {
		s.head = append(s.head, sum)
	}
	return false
}

// judge decides on a record by its width and what the columns say.
func (s *Sorter) judge(r *delimited.Record) ([][]byte, Verdict, string) {
	f, w := r.Fields, s.d.Width
	if r.Fault != delimited.Sound && r.Fault != delimited.StrayQuote {
		return nil, Rejected, r.Fault.String()
	}
	if len(f) == w {
		if r.Fault == delimited.StrayQuote {
			if _, against := s.d.Columns.Against(f); against > 0 {
				return nil, Rejected, "a stray quote, and a value that its column does not have otherwise"
			}
			if torn(r) {
				return nil, Rejected, "two stray quotes: it may be one field that was torn"
			}
		}
		return f, Row, ""
	}
	if len(f) > w {
		if out, v, ok := s.narrower(f); ok {
			return out, v, fmt.Sprintf("%d fields, expected %d", len(f), w)
		}
		if out, ok := s.joined(r); ok {
			return out, Repaired, fmt.Sprintf("%d fields, expected %d: a delimiter in unquoted text", len(f), w)
		}
	} else if out, ok := s.wider(f); ok {
		if r.Fault == delimited.Sound || !torn(r) {
			return out, Tidied, fmt.Sprintf("%d fields, expected %d", len(f), w)
		}
	}
	if out, d, ok := s.otherDelimiter(r); ok {
		return out, Repaired, fmt.Sprintf("delimited by %q", d)
	}
	if headerLike(f, len(f)) && len(f) != w && s.rows > 0 {
		s.pending, s.name, s.at = len(f), texts(f), *r
	}
	return nil, Rejected, fmt.Sprintf("%d fields, expected %d", len(f), w)
}

// narrower drops trailing empty fields, or the one empty field without which all columns fit.
func (s *Sorter) narrower(f [][]byte) ([][]byte, Verdict, bool) {
	w := s.d.Width
	trailing := allEmpty(f[w:])
	if trailing {
		if _, against := s.d.Columns.Against(f[:w]); against > 0 {
			trailing = false
		}
	}
	found := -1
	if len(f) == w+1 {
		for i := range f[:w] {
			if len(f[i]) > 0 || i+1 < len(f) && len(f[i+1]) == 0 && !allEmpty(f[i:]) {
				continue // of neighbouring empties, the last stands for all
			}
			s.try = append(append(s.try[:0], f[:i]...), f[i+1:]...)
			if equal(s.try, f[:w]) {
				continue
			}
			if yes, against := s.d.Columns.Against(s.try); against == 0 && yes > 0 {
				if found >= 0 {
					return nil, Rejected, false
				}
				found = i
			}
		}
	}
	switch {
	case trailing && found < 0:
		return f[:w], Tidied, true
	case trailing || found < 0:
		return nil, Rejected, false
	}
	s.out = append(append(s.out[:0], f[:found]...), f[found+1:]...)
	return s.out, Repaired, true
}

// joined puts one unquoted text together that its own delimiters divided, where a single place for it
// makes all columns fit. Typed columns on both sides have to hold it in its place.
func (s *Sorter) joined(r *delimited.Record) ([][]byte, bool) {
	f, extra, found := r.Fields, len(r.Fields)-s.d.Width, -1
	if r.Fault != delimited.Sound || extra > 64 {
		return nil, false
	}
	for i := 0; i+extra < len(f); i++ {
		whole := true
		for j := i; j <= i+extra; j++ {
			whole = whole && !r.Quoted[j] && len(bytes.TrimSpace(f[j])) > 0
		}
		if !whole || s.d.Columns[i].Kind() != Text {
			continue
		}
		s.try = s.join(s.try[:0], f, i, extra)
		before, no := s.d.Columns[:i].Against(s.try[:i])
		after, no2 := s.d.Columns[i:].Against(s.try[i:])
		if no+no2 > 0 {
			continue
		}
		if found >= 0 || before == 0 || after == 0 {
			return nil, false
		}
		found = i
	}
	if found < 0 {
		return nil, false
	}
	s.out = s.join(s.out[:0], f, found, extra)
	return s.out, true
}

func (s *Sorter) join(dst, f [][]byte, at, extra int) [][]byte {
	dst = append(dst, f[:at]...)
	dst = append(dst, bytes.Join(f[at:at+extra+1], []byte(s.d.Syntax.Delimiter)))
	return append(dst, f[at+extra+1:]...)
}

// wider adds empty fields where the columns are ones that are often empty, and all others fit.
func (s *Sorter) wider(f [][]byte) ([][]byte, bool) {
	if len(f) < 2 {
		return nil, false
	}
	for _, c := range s.d.Columns[len(f):] {
		if !c.Optional() {
			return nil, false
		}
	}
	if _, against := s.d.Columns[:len(f)].Against(f); against > 0 {
		return nil, false
	}
	s.out = append(s.out[:0], f...)
	for len(s.out) < s.d.Width {
		s.out = append(s.out, nil)
	}
	return s.out, true
}

// otherDelimiter reads a line that one of the other usual delimiters divides just as the columns are.
func (s *Sorter) otherDelimiter(r *delimited.Record) ([][]byte, string, bool) {
	for _, d := range usualDelimiters() {
		if d == s.d.Syntax.Delimiter || !bytes.Contains(r.Raw, []byte(d)) {
			continue
		}
		syntax := s.d.Syntax
		syntax.Delimiter, syntax.Runs = d, false
		got, ok := delimited.Parse(r.Raw, syntax, s.d.Width)
		if !ok {
			continue
		}
		if yes, against := s.d.Columns.Against(got); against == 0 && yes >= 2 {
			return got, d, true
		}
	}
	return nil, "", false
}

func usualDelimiters() []string { return []string{",", ";", "\t", "|", " "} }

// torn says that stray quotes stand in two fields, so that they may belong to one.
func torn(r *delimited.Record) bool {
	n := 0
	for i, f := range r.Fields {
		if !r.Quoted[i] && bytes.IndexByte(f, '"') >= 0 {
			n++
		}
	}
	return n > 1
}

func equal(a, b [][]byte) bool {
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return len(a) == len(b)
}

func sameTexts(f [][]byte, names []string) bool {
	if len(f) != len(names) || len(f) == 0 {
		return false
	}
	for i := range f {
		if string(bytes.TrimSpace(f[i])) != strings.TrimSpace(names[i]) {
			return false
		}
	}
	return true
}

// total says that a record is the sum below a table or a note about rights.
func total(fields [][]byte, width int) bool {
	first := ""
	for _, f := range fields {
		if v := bytes.TrimSpace(f); len(v) > 0 {
			first = strings.ToLower(strings.TrimRight(string(v), ":："))
			break
		}
	}
	if totalPrefix(first) && filled(fields)*2 <= max(width, 3)+1 {
		return true
	}
	switch first {
	case "grand total", "grand totals", "合计", "总计", "总合计", "gesamtsumme", "total général", "total general":
		return true
	case "total", "totals", "小计", "summe", "subtotal":
		return width > 2 && filled(fields)*2 <= width+1
	}
	return filled(fields) == 1 && width > 1 && (strings.HasPrefix(first, "copyright") || strings.HasPrefix(first, "©") || strings.HasPrefix(first, "版权"))
}
