package ledger

import (
	"fmt"

	"github.com/cespare/xxhash/v2"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/dictionary"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Flags of an order line.
const (
	// Return marks a return or credit note: its net value is what was given back.
	Return uint8 = 1 << iota
	// Costed marks a line whose cost is known.
	Costed
)

// NoCategory is the category of a line whose export names none.
const NoCategory = ^uint32(0)

// Batch is a columnar batch of order lines; every column has the same length. Category may be nil.
type Batch struct {
	Customer []uint32 // from Builder.Customer
	Day      []civil.Day
	Order    []uint64
	Flags    []uint8
	Units    []money.Quantity
	Net      []money.Amount // after discounts, without tax; negative for returns
	Cost     []money.Amount // read only where Costed
	Discount []money.Amount // what discounts took off, as a positive amount
	Category []uint32       // from Builder.Category, or NoCategory; what is returned was not bought
}

const (
	// partitions split the customers by a hash of their id, the same in every builder. The rows of a
	// partition of a large night fit the processor's caches, which building them needs.
	partitions = 128
	// Segments of a partition start small and double, so that a small ledger stays small.
	firstSegment, lastSegment = 16, 1024

	maskBits = 64
)

// holder is a customer's partition and how many rows it has.
type holder struct {
	rows int32
	part uint8
}

// bought says that a customer bought a category on a day, for categories past the mask.
type bought struct {
	customer, category uint32
	day                civil.Day
}

// Builder takes order lines. It is not safe for concurrent use: give every worker its own and join
// them with Build.
type Builder struct {
	customers  dictionary.Dictionary
	categories dictionary.Dictionary
	known      []holder               // by customer code, as far as it goes
	open       [partitions][]packed   // the segment of each partition that takes rows
	full       [partitions][][]packed // those before it
	odd        []oddity               // by packed.kind - firstOdd
	last       *packed                // the row that was added last
	rows       int
	warmed     int32 // means nothing: it keeps the compiler from dropping warm
	extra      []bought
	mask       uint64 // of the categories < maskBits that some row bought
	accounts   []bool // by code, as far as it goes: a customer without any line too
}

// present marks the customers of the ledger: with a row, or an account.
func (b *Builder) present() []bool {
	out := make([]bool, b.customers.Len())
	copy(out, b.accounts)
	for code, h := range b.known {
		out[code] = out[code] || h.rows > 0
	}
	return out
}

// bought marks the categories that some row bought. Others were named on returns or rejected lines
// only, and are no categories of the ledger.
func (b *Builder) bought() []bool {
	out := make([]bool, b.categories.Len())
	for k := range min(maskBits, len(out)) {
		out[k] = b.mask&(1<<k) != 0
	}
	for _, x := range b.extra {
		out[x.category] = true
	}
	return out
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder { return &Builder{} }

// Customer returns the builder's code of a customer id, adding it when it is new. It is a customer
// of the ledger once a line of it is added.
func (b *Builder) Customer(id []byte) uint32 { return b.customers.Code(id) }

// Account returns the code of a customer that is one without any line: a CRM account that never
// ordered.
func (b *Builder) Account(id []byte) uint32 {
	code := b.customers.Code(id)
	for int(code) >= len(b.accounts) {
		b.accounts = append(b.accounts, false)
	}
	b.accounts[code] = true
	return code
}

// Customers gives dst[i] the code of ids[i], as Customer would one after another, but faster.
func (b *Builder) Customers(dst []uint32, ids [][]byte) { b.customers.Codes(dst, ids) }

// CustomerID is the id of a code that Customer returned.
func (b *Builder) CustomerID(code uint32) []byte { return b.customers.Value(code) }

// Category returns the builder's code of a category name, adding it when it is new.
func (b *Builder) Category(name []byte) uint32 { return b.categories.Code(name) }

// CategoryName is the name of a code that Category returned.
func (b *Builder) CategoryName(code uint32) []byte { return b.categories.Value(code) }

// Rows is the number of rows so far: lines of one customer, day and order that came one after
// another are one row.
func (b *Builder) Rows() int { return b.rows }

// Add takes a batch. The error of a sum that does not fit int64 names customer and day; the
// builder is then of no further use.
func (b *Builder) Add(batch *Batch) error {
	b.warm(batch.Customer)
	row := b.last
	for i, customer := range batch.Customer {
		if row == nil || row.customer != customer || row.day != batch.Day[i] || row.order != batch.Order[i] {
			row = b.push(customer)
			row.day, row.order = batch.Day[i], batch.Order[i]
			row.start(batch.Flags[i])
		}
		if !b.add(row, batch, i) {
			return b.overflow(row)
		}
		if batch.Category != nil && batch.Category[i] != NoCategory && batch.Flags[i]&Return == 0 {
			b.buy(row, batch.Category[i])
		}
	}
	return nil
}

// warm touches the holders of a batch, so that the waits for memory overlap; push would wait for each.
func (b *Builder) warm(customers []uint32) {
	for _, c := range customers {
		if int(c) < len(b.known) {
			b.warmed += b.known[c].rows
		}
	}
}

// push adds an empty row of a customer.
func (b *Builder) push(customer uint32) *packed {
	for int(customer) >= len(b.known) {
		h := xxhash.Sum64(b.customers.Value(uint32(len(b.known))))
		b.known = append(b.known, holder{part: uint8(h % partitions)})
	}
	h := &b.known[customer]
	h.rows++
	open := &b.open[h.part]
	if n := len(*open); n == cap(*open) {
		if n > 0 {
			b.full[h.part] = append(b.full[h.part], *open)
		}
		*open = make([]packed, 0, min(max(firstSegment, 2*n), lastSegment))
	}
	n := len(*open)
	*open = (*open)[:n+1]
	row := &(*open)[n]
	row.customer = customer
	b.last = row
	b.rows++
	return row
}

// segments are the rows of a partition.
func (b *Builder) segments(part int) [][]packed {
	if len(b.open[part]) == 0 {
		return b.full[part]
	}
	return append(b.full[part], b.open[part])
}

func (b *Builder) buy(row *packed, category uint32) {
	if category < maskBits {
		row.cats |= 1 << category
		b.mask |= 1 << category
		return
	}
	b.extra = append(b.extra, bought{row.customer, category, row.day})
}

func (b *Builder) overflow(row *packed) error {
	return overflow(string(b.customers.Value(row.customer)), row.day)
}

func overflow(customer string, day civil.Day) error {
	return fmt.Errorf("the sums of customer %q on %s do not fit: amounts beyond 922 trillion; check the units of the export", customer, day)
}
