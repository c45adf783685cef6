package ingest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/sniff"
)

// search looks for the header of the order lines: the first record that names the columns they need. What
// stands above it is preamble, or another table.
type search struct {
	path     string
	index    int
	mapping  layout.Mapping
	evidence []string

	end     int64 // byte offset behind the header
	line    int64 // physical line behind it
	header  int64 // its bytes
	records int   // before it
	above   []string
	odds    []odd
	best    error // of the record that came nearest
	matched int
	nearest []string // its fields
	value   *gridRow // the header's row where it is a line
	first   string   // the first record, where it is data
}

// block looks through a block; nil where no record of it will do.
func (h *search) block(s *delimited.Scanner, d delimited.Dialect) *textFile {
	for s.Next() {
		fields := make([]string, s.Fields())
		raw := make([][]byte, s.Fields())
		for i := range fields {
			raw[i] = s.Field(i)
			fields[i] = string(raw[i])
		}
		fault := ""
		if s.Fault() != delimited.Sound && s.Fault() != delimited.StrayQuote {
			fault = s.Fault().String()
		}
		t, used := h.offer(raw, fields, s.Line(), fault)
		if t == nil {
			h.pass(raw, s.Line(), s.Offset(), s.Size())
			continue
		}
		t.dialect = d
		h.end, h.header, h.line = s.Offset()+s.Size(), s.Size(), s.Line()+s.Lines()
		if !used { // the file has no header: this is its first line
			h.end, h.header, h.line = s.Offset(), 0, s.Line()
		}
		return t
	}
	return nil
}

// offer asks whether a record is the header. used is false where the record is a line of a file that has
// none, and its columns are named by place.
func (h *search) offer(raw [][]byte, fields []string, line int64, fault string) (t *textFile, used bool) {
	first := h.records == 0
	names := sniff.Names(raw) && !h.mapping.Settings.NoHeader
	if fault != "" {
		h.note(fmt.Errorf("%s, line %d: the header cannot be read: %s", h.path, line, fault), 0)
		return nil, false
	}
	if first && !names {
		h.first = fmt.Sprintf("%q", strings.Join(fields[:min(len(fields), 4)], " | "))
	}
	if !first && !names && (!h.byPlace() || len(fields) < h.places()) {
		return nil, false
	}
	for i, v := range fields {
		if !utf8.ValidString(v) {
			h.note(fmt.Errorf("%s, line %d: header %d is not UTF-8 text; save the file as UTF-8", h.path, line, i+1), 0)
			return nil, false
		}
	}
	if h.mapping.Settings.NoHeader { // values that happen to be names of columns are none
		for i := range fields {
			fields[i] = fmt.Sprintf("#%d", i+1)
		}
	}
	r, err := layout.Resolve(layout.Orders, fields, h.mapping)
	if err != nil && len(h.above) == len(fields) && names {
		if joined, e := layout.Resolve(layout.Orders, sniff.Join([][]string{h.above, fields}), h.mapping); e == nil {
			r, err = joined, nil
			h.say("the header is lines %d and %d together", line-1, line)
		}
	}
	if err != nil {
		if h.note(fmt.Errorf("%s, line %d: %w", h.path, line, err), len(r.Matches)) {
			h.nearest = r.Headers
		}
		return nil, false
	}
	used = true
	if !names && h.byPlace() {
		used = false
		for i := range r.Headers {
			r.Headers[i] = fmt.Sprintf("#%d", i+1)
		}
		for i := range r.Matches {
			r.Matches[i].Header = r.Headers[r.Matches[i].Index]
		}
		r.Unmapped = nil
		h.say("no header: line %d holds values, and columns are named by place", line)
	} else if h.records > 0 {
		h.say("the header is line %d, after %d other records", line, h.records)
	}
	return h.made(r), used
}

func (h *search) say(format string, args ...any) {
	h.evidence = append(h.evidence[:len(h.evidence):len(h.evidence)], fmt.Sprintf(format, args...))
}

// byPlace says that the columns are named by their place, #1, #2, which a file without header needs.
func (h *search) byPlace() bool {
	if h.mapping.Settings.NoHeader {
		return true
	}
	for _, a := range h.mapping.Assignments {
		if strings.HasPrefix(a.Header, "#") {
			return true
		}
	}
	return false
}

// places is the greatest place that an assignment names.
func (h *search) places() int {
	most := 0
	for _, a := range h.mapping.Assignments {
		if n, err := strconv.Atoi(strings.TrimPrefix(a.Header, "#")); err == nil && strings.HasPrefix(a.Header, "#") {
			most = max(most, n)
		}
	}
	return most
}

func (h *search) made(r layout.Resolved) *textFile {
	t := &textFile{index: h.index, path: h.path, evidence: h.evidence, resolved: named{r}, width: len(r.Headers)}
	for i, name := range r.Headers {
		if strings.TrimSpace(name) != "" {
			t.least = i + 1
		}
	}
	for _, match := range r.Matches {
		t.least = max(t.least, match.Index+1)
		if parsed(match.Column) {
			t.columns, t.fields = append(t.columns, match.Column), append(t.fields, match.Index)
		}
	}
	return t
}

// note keeps the fault of the record that comes nearest to a header.
func (h *search) note(err error, matched int) (best bool) {
	if h.best == nil || matched > h.matched {
		h.best, h.matched, best = err, matched, true
	}
	return best
}

// mostBefore bounds how many records before the header are remembered.
const mostBefore = 1 << 20

// pass puts a record before the header by.
func (h *search) pass(raw [][]byte, line, offset, size int64) {
	h.above = nil
	if sniff.Names(raw) {
		for _, f := range raw {
			h.above = append(h.above, string(f))
		}
	}
	if h.records++; len(h.odds) < mostBefore {
		none := &textFile{index: h.index, width: -1}
		h.odds = append(h.odds, none.describe(raw, odd{line: line, offset: offset, size: size}))
	}
}

// settle books what stands before the header and the header itself.
func (h *search) settle(books *Books, before *neighbours) {
	for i := range h.odds {
		if o := &h.odds[i]; i > 0 {
			o.blank = o.offset - h.odds[i-1].offset - h.odds[i-1].size
		}
	}
	n := neighbours{odds: h.odds, asides: map[string]int64{}}
	n.decide()
	if k := int64(len(n.rejects)); k > 0 {
		n.asides["preamble"] += k
	}
	*before = neighbours{asides: n.asides, tables: n.tables}
	books.Aside += int64(h.records)
	books.HeaderBytes += h.header
	books.OtherBytes += h.end - h.header
}

// fault says why there is no header.
func (h *search) fault() error {
	switch {
	case h.records == 0 && h.best == nil:
		return fmt.Errorf("%s: %w; export it again", h.path, delimited.ErrNoRecord)
	case h.first != "" && h.matched == 0:
		return fmt.Errorf("%s: no header: the first record %s holds values, not names; if the columns are known, name them by place: --map order_id=#1 --map customer_id=#2 and so on: %w", h.path, h.first, h.best)
	}
	return layout.Advised(h.best, layout.Orders, h.nearest, h.mapping)
}

// wanted accepts a header that has what order lines need.
func (r *reader) wanted(header []string) bool {
	_, err := layout.Resolve(layout.Orders, header, r.options.Mapping)
	return err == nil
}
