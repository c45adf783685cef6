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

// line is one row under construction, laid out together because building moves rows around.
type line struct {
	customer uint32
	day      civil.Day
	order    uint64
	lines    int32
	sales    int32
	costed   int32
	_        int32
	units    money.Quantity
	net      money.Amount
	cost     money.Amount
	covered  money.Amount
	returned money.Amount
	discount money.Amount
	cats     uint64 // bit k: the builder's category k < maskBits
}

const (
	// partitions split the customers by a hash of their id, the same in every builder. The rows of a
	// partition of a large night fit the processor's caches, which building them needs.
	partitions = 128
	// Segments of a partition start small and double, so that a small ledger stays small.
	firstSegment, lastSegment = 16, 1024

	maskBits = 64
)

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
	partition  []uint8 // by customer code, as far as it goes
	count      []int32 // rows by customer code, as far as it goes
	parts      [partitions][][]line
	last       *line // the row that was added last
	rows       int
	extra      []bought
	mask       uint64 // of the categories < maskBits that some row bought
	accounts   []bool // by code, as far as it goes: a customer without any line too
}

// present marks the customers of the ledger: with a row, or an account.
func (b *Builder) present() []bool {
	out := make([]bool, b.customers.Len())
	copy(out, b.accounts)
	for code, n := range b.count {
		out[code] = out[code] || n > 0
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
	for i, customer := range batch.Customer {
		row := b.last
		if row == nil || row.customer != customer || row.day != batch.Day[i] || row.order != batch.Order[i] {
			row = b.push(customer)
			row.day, row.order = batch.Day[i], batch.Order[i]
		}
		if !row.add(batch, i) {
			return b.overflow(row)
		}
		if batch.Category != nil && batch.Category[i] != NoCategory && batch.Flags[i]&Return == 0 {
			b.buy(row, batch.Category[i])
		}
	}
	return nil
}

// push adds an empty row of a customer.
func (b *Builder) push(customer uint32) *line {
	for int(customer) >= len(b.partition) {
		h := xxhash.Sum64(b.customers.Value(uint32(len(b.partition))))
		b.partition, b.count = append(b.partition, uint8(h%partitions)), append(b.count, 0)
	}
	b.count[customer]++
	part := &b.parts[b.partition[customer]]
	n := len(*part)
	if n == 0 || len((*part)[n-1]) == cap((*part)[n-1]) {
		size := firstSegment
		if n > 0 {
			size = min(2*cap((*part)[n-1]), lastSegment)
		}
		*part = append(*part, make([]line, 0, size))
		n++
	}
	s := &(*part)[n-1]
	*s = append(*s, line{customer: customer})
	b.last = &(*s)[len(*s)-1]
	b.rows++
	return b.last
}

func (b *Builder) buy(row *line, category uint32) {
	if category < maskBits {
		row.cats |= 1 << category
		b.mask |= 1 << category
		return
	}
	b.extra = append(b.extra, bought{row.customer, category, row.day})
}

func (b *Builder) overflow(row *line) error {
	return overflow(string(b.customers.Value(row.customer)), row.day)
}

func overflow(customer string, day civil.Day) error {
	return fmt.Errorf("the sums of customer %q on %s do not fit: amounts beyond 922 trillion; check the units of the export", customer, day)
}

// add folds line i of a batch in, and returns false where a sum does not fit.
func (l *line) add(b *Batch, i int) bool {
	net, flags := b.Net[i], b.Flags[i]
	var k money.Checked
	l.lines++
	l.units = money.Quantity(k.Add(int64(l.units), int64(b.Units[i])))
	l.net = money.Amount(k.Add(int64(l.net), int64(net)))
	l.discount = money.Amount(k.Add(int64(l.discount), int64(b.Discount[i])))
	if flags&Return != 0 {
		l.returned = money.Amount(k.Sub(int64(l.returned), int64(net)))
	} else {
		l.sales++
	}
	if flags&Costed != 0 {
		l.costed++
		l.cost = money.Amount(k.Add(int64(l.cost), int64(b.Cost[i])))
		l.covered = money.Amount(k.Add(int64(l.covered), int64(net)))
	}
	return k.OK()
}

// fold adds the sums of another row of the same customer, day and order.
func (l *line) fold(o *line) bool {
	var k money.Checked
	l.units = money.Quantity(k.Add(int64(l.units), int64(o.units)))
	l.lines += o.lines
	l.sales += o.sales
	l.costed += o.costed
	l.net = money.Amount(k.Add(int64(l.net), int64(o.net)))
	l.cost = money.Amount(k.Add(int64(l.cost), int64(o.cost)))
	l.covered = money.Amount(k.Add(int64(l.covered), int64(o.covered)))
	l.returned = money.Amount(k.Add(int64(l.returned), int64(o.returned)))
	l.discount = money.Amount(k.Add(int64(l.discount), int64(o.discount)))
	l.cats |= o.cats
	return k.OK()
}
