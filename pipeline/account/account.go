// Package account reads the low-volume side of a run: CRM accounts, products and the hierarchy of
// accounts.
//
//  1. A Builder reads any number of CRM exports, cell by cell, into columns. What a cell does not say
//     is unknown; what it says unreadably is a Reject and unknown.
//  2. Build sorts the accounts by id into a finished Accounts, so the order of files and rows does
//     not show.
//  3. ReadProducts does the same for product costs and categories.
//  4. NewHierarchy follows parent ids to the ultimate parent of each account, and RollUp sums
//     measures into it.
//
// One customer_id in several rows is one account: a field that one row lacks comes from the other, and
// a field in which two rows differ is unknown and reported, whatever the order of the rows. Guessing
// which row is right would be a coin toss about credit.
//
// Whoever reads CSV or Parquet hands over Records; the package does no I/O of its own.
package account

import (
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Records is one export, record by record after its header.
type Records interface {
	// Header returns the headers, as the layout was resolved with.
	Header() []string
	// Next returns the next record, or io.EOF after the last. The slices of a record are valid until
	// the next call; its strings stay valid.
	Next() (Record, error)
}

// Record is one record of an export.
type Record struct {
	File         string
	Line, Offset int64    // 1-based physical line and 0-based byte offset; a Parquet row has its number and 0
	Fields       []string // as many as the header has
	Null         []bool   // marks fields without a value; nil where the format knows only blank cells
}

// Reject is a row or cell that was not used. Reason never repeats cell values: reports and logs must
// not leak personal data, and whoever writes Value decides so.
type Reject struct {
	File         string
	Line, Offset int64
	Column       string // canonical column; "" for a fault of the whole row
	Value        string // the cell as it was
	Reason       string // what is wrong and what to write
	Row          bool   // true: the row was dropped; false: only the cell, its field is unknown
}

// Column is one field of all accounts or products, row by row.
type Column[T comparable] struct {
	Value []T    // where not known: the zero value, civil.Unknown for days
	Known []bool // false: no row said it, or rows contradict each other
}

// At returns the value of row i and whether it is known.
func (c Column[T]) At(i int) (T, bool) { return c.Value[i], c.Known[i] }

// Counts is what became of the rows of a kind: Read = accounts or products + Folded + Rejected.
type Counts struct {
	Read     int64 // rows read
	Folded   int64 // further rows of an id that was there
	Rejected int64 // rows without a usable id or of a wrong width
}

// Accounts is the CRM side, one row per customer_id, ascending in byte order. It is read-only.
type Accounts struct {
	ID     []string
	Counts Counts

	Name, ParentID, Industry, Segment, Owner, Region, Channel, Email Column[string]

	AcquiredOn      Column[civil.Day]
	AcquisitionCost Column[money.Amount] // at least 0
	CreditLimit     Column[money.Amount] // at least 0
	Receivables     Column[money.Amount] // negative: the customer has a credit balance
	Overdue         Column[money.Amount]
	Potential       Column[money.Amount] // a year's spend, at least 0

	DaysSalesOutstanding Column[money.Quantity] // days, at least 0
	StrategicFit         Column[money.Quantity] // rating 0..5
	CreditBlocked        Column[bool]

	has map[layout.Column]bool
}

// Len is the number of accounts.
func (a *Accounts) Len() int { return len(a.ID) }

// Has reports whether any of the exports had the column: where none did, the criterion is absent
// from the whole run rather than unknown for a customer.
func (a *Accounts) Has(c layout.Column) bool { return a.has[c] }

// Find returns the row of an id.
func (a *Accounts) Find(id string) (i int, ok bool) { return slices.BinarySearch(a.ID, id) }

// Align gives for each id the row of its account, or -1.
func (a *Accounts) Align(ids []string) []int {
	out := make([]int, len(ids))
	for k, id := range ids {
		i, ok := a.Find(id)
		if !ok {
			i = -1
		}
		out[k] = i
	}
	return out
}

// Parents gives for each id its parent id, or "" where none is known.
func (a *Accounts) Parents(ids []string) []string {
	out := make([]string, len(ids))
	for k, i := range a.Align(ids) {
		if i >= 0 {
			out[k] = a.ParentID.Value[i]
		}
	}
	return out
}
