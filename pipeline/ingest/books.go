package ingest

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Class is what became of an order line. Every line read is in exactly one class.
type Class uint8

// The classes of lines.
const (
	Used       Class = iota // in the ledger
	NoCustomer              // set aside: no customer id; in the company total, outside every ranking
	Cancelled               // set aside: a cancelled order, never a purchase
	Rejected                // cannot be used; see the reject record
	Duplicate               // set aside: all of it repeats a line before it, and the settings leave such lines out
	classes
)

// String is the class as the reconciliation prints it.
func (c Class) String() string {
	return [...]string{"used", "no customer", "cancelled", "rejected", "duplicate"}[c]
}

// Classes lists all classes in order.
func Classes() []Class { return []Class{Used, NoCustomer, Cancelled, Rejected, Duplicate} }

// Tally counts lines and their net money.
type Tally struct {
	Lines int64        `json:"lines"`
	Money money.Amount `json:"-"`
}

func (t *Tally) add(o Tally) bool {
	t.Lines += o.Lines
	m, ok := money.Add(t.Money, o.Money)
	t.Money = m
	return ok
}

// Books balance what was read against what became of it. Read is counted when a record is parsed
// and before it is classified, so that the two sides are independent.
type Books struct {
	Read  Tally
	Class [classes]Tally
	// Blind counts rejected lines whose money cannot be read: they are in no money figure.
	Blind int64
	// Aside counts records that are no order lines: report furniture and other tables of the file.
	Aside int64
	// Bytes of text: header, records, and blank lines, marks and what was set aside; their sum is the
	// file's text.
	HeaderBytes, RecordBytes, OtherBytes int64
}

// Used is the tally of the lines in the ledger.
func (b *Books) Used() Tally { return b.Class[Used] }

// Add joins books, and returns false where a sum does not fit.
func (b *Books) Add(o *Books) bool {
	ok := b.Read.add(o.Read)
	for c := range b.Class {
		ok = b.Class[c].add(o.Class[c]) && ok
	}
	b.Blind += o.Blind
	b.Aside += o.Aside
	b.HeaderBytes += o.HeaderBytes
	b.RecordBytes += o.RecordBytes
	b.OtherBytes += o.OtherBytes
	return ok
}

// Balance returns what does not add up, or nil: lines and money read = used + set aside + rejected.
func (b *Books) Balance() error {
	var sum Tally
	for _, t := range b.Class {
		if !sum.add(t) {
			return fmt.Errorf("the money of the classes does not fit")
		}
	}
	if sum != b.Read {
		return fmt.Errorf("read %d lines with %s, but used, set aside and rejected are %d lines with %s",
			b.Read.Lines, b.Read.Money, sum.Lines, sum.Money)
	}
	return nil
}

// Reject is a line, or a cell of it, that cannot be used.
type Reject struct {
	File   string
	Line   int64 // physical line of text, from 1; row of Parquet, from 1
	Offset int64 // byte offset of the record; -1 for Parquet
	Column string
	Value  string // the offending cell, cut to maxValue bytes
	Reason string
}

// maxValue is how much of an offending cell a reject keeps.
const maxValue = 200

func cutValue(b []byte) string {
	if len(b) > maxValue {
		return string(b[:maxValue]) + "..."
	}
	return string(b)
}

// sortRejects orders by file, line and column, so that workers cannot show.
func sortRejects(rs []Reject) {
	slices.SortFunc(rs, func(a, b Reject) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Offset, b.Offset),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Reason, b.Reason))
	})
}
