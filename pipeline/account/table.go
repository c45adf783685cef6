package account

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// place is where an id was first read.
type place struct {
	file string
	line int64
}

// table reads records keyed by an id into fields: what accounts and products have in common.
type table struct {
	rules   *layout.Rules
	key     layout.Column
	order   []layout.Column // the columns of fields, in canonical order
	fields  map[layout.Column]field
	ids     []string
	first   []place
	row     map[string]int // by id
	has     map[layout.Column]bool
	counts  Counts
	rejects []Reject
	seen    func(row int, rec Record, r *layout.Resolved) // after each used record; may be nil
}

func newTable(key layout.Column, s layout.Settings, fields map[layout.Column]field) *table {
	t := &table{rules: s.Rules(), key: key, fields: fields, row: map[string]int{}, has: map[layout.Column]bool{}}
	for _, c := range key.Kind().Columns() {
		if fields[c] != nil {
			t.order = append(t.order, c)
		}
	}
	return t
}

// read takes all records of one export. A reader's error ends it and is returned as it is.
func (t *table) read(recs Records, r *layout.Resolved) error {
	if r.Kind != t.key.Kind() || !r.Has(t.key) {
		panic("account: the layout does not resolve " + t.key.String() + " of " + t.key.Kind().String())
	}
	t.has[t.key] = true
	for _, c := range t.order {
		t.has[c] = t.has[c] || r.Has(c)
	}
	width := len(recs.Header())
	for {
		rec, err := recs.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		t.counts.Read++
		if len(rec.Fields) != width {
			t.reject(rec, 0, "", fmt.Sprintf("the row has %d fields, the header %d: quote delimiters inside values",
				len(rec.Fields), width), true)
			continue
		}
		t.record(rec, r)
	}
}

func (t *table) record(rec Record, r *layout.Resolved) {
	cell, _ := t.cell(rec, r, t.key)
	id, ok := t.rules.ID(cell)
	if t.key == layout.AccountID {
		id, ok = t.rules.CustomerID(cell)
	}
	if !ok {
		t.reject(rec, t.key, cell, "the row has no "+t.key.String()+": give it one or drop the row", true)
		return
	}
	i, again := t.row[id]
	if again {
		t.counts.Folded++
	} else {
		i = len(t.ids)
		id = strings.Clone(id)
		t.row[id] = i
		t.ids = append(t.ids, id)
		t.first = append(t.first, place{rec.File, rec.Line})
		for _, c := range t.order {
			t.fields[c].grow()
		}
	}
	for _, c := range t.order {
		if cell, ok := t.cell(rec, r, c); ok {
			t.put(i, c, cell, rec)
		}
	}
	if t.seen != nil {
		t.seen(i, rec, r)
	}
}

// put gives a cell to a field and reports what it cannot use.
func (t *table) put(i int, c layout.Column, cell string, rec Record) {
	reason, conflict := t.fields[c].put(i, cell)
	switch {
	case conflict:
		t.reject(rec, c, cell, fmt.Sprintf("contradicts an earlier row of the same %s (first at %s:%d): "+
			"the field is unknown until they agree", t.key, t.first[i].file, t.first[i].line), false)
	case reason != "":
		t.reject(rec, c, cell, reason, false)
	}
}

// cell is the trimmed text of a column, and false where the record says nothing in it.
func (t *table) cell(rec Record, r *layout.Resolved, c layout.Column) (string, bool) {
	i := r.Index(c)
	if i < 0 || (i < len(rec.Null) && rec.Null[i]) {
		return "", false
	}
	return t.rules.Text(rec.Fields[i])
}

func (t *table) reject(rec Record, c layout.Column, value, reason string, row bool) {
	name := ""
	if c.Kind() == t.key.Kind() {
		name = c.String()
	}
	if row {
		t.counts.Rejected++
	}
	t.rejects = append(t.rejects, Reject{rec.File, rec.Line, rec.Offset, name, strings.Clone(value), reason, row})
}

// finish sorts ids and fields by id and returns the ids.
func (t *table) finish() []string {
	order := make([]int, len(t.ids))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(a, b int) bool { return t.ids[order[a]] < t.ids[order[b]] })
	ids := make([]string, len(order))
	for to, from := range order {
		ids[to] = t.ids[from]
	}
	for _, c := range t.order {
		t.fields[c].permute(order)
	}
	return ids
}
