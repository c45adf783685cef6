package crm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/table"
)

// Input is what a target's files are made of.
type Input struct {
	Table *table.Table
	Rows  []int32 // of the table, ascending; nil: all
	State *State  // what the last load that was marked left; nil: nothing was loaded yet
	Run   string  // the id of this run

	Workers int // render fields at the same time; the bytes do not depend on it
}

// Counts say what a batch holds.
type Counts struct {
	Full    int `json:"full"`            // rows of the full files
	Delta   int `json:"delta"`           // rows of the delta files
	New     int `json:"new"`             // of the delta: not loaded before
	Left    int `json:"left"`            // loaded before, no longer among the rows
	Cleared int `json:"cleared"`         // cells that were loaded before and are unknown now
	Skipped int `json:"skipped"`         // without anything an audience could match
	Base    any `json:"since,omitempty"` // the run that the delta counts from, absent before the first load
}

// Batch is a target ready to be written: every cell is rendered and checked.
type Batch struct {
	s     Settings
	d     dialect
	run   string
	base  string  // the run that is marked as loaded, "" none
	rows  []int32 // of the table
	keys  []string
	cells []loaded // one a field
	prev  *State   // of the same target, or nil

	prevRow  []int32 // in prev, by row; -1: not loaded before
	prevCell []int   // in prev, by field; -1: not mapped then
	delta    []int32 // rows of the batch
	left     []int32 // rows of prev
	counts   Counts
	warnings []error
}

// keyMark joins the parts of a key; it is a control character, which no cell may hold.
const keyMark = "\x1f"

// Prepare renders and checks the rows for a target. Its error names unknown columns with the nearest
// names, or is a *CheckError with the rows that would not load.
func Prepare(s Settings, in Input) (*Batch, error) {
	s = s.OrDefault()
	if faults := s.Validate(); len(faults) > 0 {
		return nil, faults[0]
	}
	d, _ := dialectOf(s)
	cols, err := sources(in.Table, s)
	if err != nil {
		return nil, err
	}
	b := &Batch{s: s, d: d, run: in.Run, rows: slices.Clone(in.Rows)}
	if b.rows == nil {
		b.rows = make([]int32, in.Table.Rows())
		for i := range b.rows {
			b.rows[i] = int32(i)
		}
	}
	b.cells = render(s, cols, b.rows, in.Workers)
	if err := b.findKeys(in.Table); err != nil {
		return nil, err
	}
	if s.Format == GoogleCustomerMatch {
		b.anonymise()
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	b.adopt(in.State)
	b.compare()
	if err := b.checkSizes(); err != nil {
		return nil, err
	}
	return b, nil
}

// Counts are the figures of the batch.
func (b *Batch) Counts() Counts { return b.counts }

// Warnings are what whoever loads the files should know.
func (b *Batch) Warnings() []error { return b.warnings }

// findKeys joins the key fields of each row.
func (b *Batch) findKeys(t *table.Table) error {
	b.keys = make([]string, len(b.rows))
	if b.d.keyless {
		c, ok := t.Column(b.s.Key[0])
		if !ok || c.Kind() != table.String {
			return fmt.Errorf("crm target %s: key: %w", b.s.Name, noColumn(t, b.s.Key[0]))
		}
		for i, r := range b.rows {
			b.keys[i] = c.Text(int(r))
		}
		return nil
	}
	parts := make([]int, len(b.s.Key))
	for p, k := range b.s.Key {
		parts[p] = slices.IndexFunc(b.s.Fields, func(f Field) bool { return f.Name == k })
	}
	for i := range b.keys {
		b.keys[i] = b.cells[parts[0]].text(i)
		for _, p := range parts[1:] {
			b.keys[i] += keyMark + b.cells[p].text(i)
		}
	}
	return nil
}

func (b *Batch) keyText(i int) string { return readable(b.keys[i]) }

// readable is a key for people.
func readable(key string) string { return strings.ReplaceAll(key, keyMark, " + ") }

// compared is a key as the target compares it.
func (b *Batch) compared(key string) string {
	if b.s.CaseSensitiveKey || b.d.keyless {
		return key
	}
	return strings.ToLower(key)
}

// adopt takes the state of the last load if it is of the same records.
func (b *Batch) adopt(prev *State) {
	if prev == nil {
		return
	}
	b.base = prev.Run
	if why := prev.differs(b.s); why != "" {
		b.warnings = append(b.warnings, fmt.Errorf("crm target %s: %s, so the delta holds every row and nothing is cleared", b.s.Name, why))
		return
	}
	b.prev = prev
}

// compare finds the rows that changed since the last load, and the accounts that left.
func (b *Batch) compare() {
	n := len(b.rows)
	b.prevRow, b.prevCell = make([]int32, n), make([]int, len(b.cells))
	for j, f := range b.s.Fields {
		b.prevCell[j] = b.prev.field(f.Name)
	}
	here := b.prev.index(b.compared)
	for i, key := range b.keys {
		b.prevRow[i] = -1
		if r, ok := here[b.compared(key)]; ok {
			b.prevRow[i] = r
			delete(here, b.compared(key))
		}
		changed := b.prevRow[i] < 0 || b.prev.gone(b.prevRow[i])
		for j := range b.cells {
			changed = b.changed(i, j) || changed
			if b.clearsCell(i, j) {
				b.counts.Cleared++
			}
		}
		if changed {
			b.delta = append(b.delta, int32(i))
		}
		if b.prevRow[i] < 0 {
			b.counts.New++
		}
	}
	for _, r := range here {
		if !b.prev.gone(r) {
			b.left = append(b.left, r)
		}
	}
	slices.Sort(b.left)
	b.counts.Full, b.counts.Delta, b.counts.Left = n, len(b.delta), len(b.left)
	if b.prev != nil {
		b.counts.Base = b.prev.Run
	}
	if b.s.Left == LeftClear {
		b.counts.Delta += len(b.left)
	}
}

// before is the loaded value of a cell, and whether there was one.
func (b *Batch) before(i, j int) (string, bool) {
	if b.prevRow[i] < 0 || b.prevCell[j] < 0 {
		return "", false
	}
	return b.prev.cell(b.prevRow[i], b.prevCell[j])
}

func (b *Batch) changed(i, j int) bool {
	was, known := b.before(i, j)
	return known != b.cells[j].known[i] || was != b.cells[j].text(i)
}

// clearsCell reports whether an unknown cell empties the field in the target: it was loaded before,
// or every unknown value clears.
func (b *Batch) clearsCell(i, j int) bool {
	if b.cells[j].known[i] {
		return false
	}
	switch b.s.Clear {
	case ClearAlways:
		return true
	case ClearNever:
		return false
	}
	_, known := b.before(i, j)
	return known
}
