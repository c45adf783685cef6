package ingest

import (
	"bytes"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// batchRows is how many lines are parsed column by column at a time: their columns fit the cache.
const batchRows = 1024

// lines are order lines in typed canonical columns, whatever the export looked like. Text is
// exchanged for codes of the worker's dictionaries on the way in.
type lines struct {
	n int
	// mapped holds a bit for each layout.Column that the file has and this package reads; lacks, those
	// of a line whose value is absent or unreadable. Most lines lack nothing, so that taking a value over
	// writes no bit. lacking joins lacks over the batch, as a bound: it may hold bits that no line has.
	mapped, lacking uint32
	lacks           []uint32
	// bad marks lines that already have a reject record; faulty, that there are any.
	bad    []bool
	faulty bool
	// blind marks those of them whose money cannot be known, because a number was unreadable.
	blind []bool

	line, offset []int64
	sized        bool    // size is of the batch's lines
	size         []int64 // bytes in the file, where the block is made
	at           []int32 // where the record starts in its block of text

	customer []uint32 // code of the builder
	order    []uint64 // hash of the order key
	// returned marks orders whose key says that they are credit notes; returns, that there are any.
	returned []bool
	returns  bool
	day      []civil.Day
	product  []uint32 // codes of the worker
	category []uint32 // code of the builder
	currency []uint32
	status   []uint32

	quantity       []money.Quantity
	unitPrice      []money.Price
	rate           []money.Rate
	discountAmount []money.Price
	amount         []money.Amount
	unitCost       []money.Price
	cost, profit   []money.Amount
	taxIncluded    []bool

	// The money of the batch where all its lines are ordinary; see worker.clean.
	net, spent, off []money.Amount
	flags           []uint8
}

func newLines() *lines {
	const n = batchRows
	return &lines{
		lacks: make([]uint32, n), bad: make([]bool, n), blind: make([]bool, n), line: make([]int64, n), offset: make([]int64, n), size: make([]int64, n), at: make([]int32, n),
		customer: make([]uint32, n), order: make([]uint64, n), returned: make([]bool, n), day: make([]civil.Day, n),
		product: make([]uint32, n), category: make([]uint32, n), currency: make([]uint32, n), status: make([]uint32, n),
		quantity: make([]money.Quantity, n), unitPrice: make([]money.Price, n), rate: make([]money.Rate, n),
		discountAmount: make([]money.Price, n), amount: make([]money.Amount, n), unitCost: make([]money.Price, n),
		cost: make([]money.Amount, n), profit: make([]money.Amount, n), taxIncluded: make([]bool, n),
		net: make([]money.Amount, n), spent: make([]money.Amount, n), off: make([]money.Amount, n), flags: bytes.Repeat([]byte{ledger.Costed}, n),
	}
}

// reset makes room for n lines without any value.
func (l *lines) reset(n int) {
	l.n = n
	if l.lacking != 0 {
		clear(l.lacks)
		l.lacking = 0
	}
	if l.faulty {
		clear(l.bad)
		clear(l.blind)
		l.faulty = false
	}
	if l.returns {
		clear(l.returned)
		l.returns = false
	}
}

// with reports whether line i has a value in column c.
func (l *lines) with(i int, c layout.Column) bool { return l.mapped&^l.lacks[i]&(1<<c) != 0 }

// lack says that line i has no value in the mapped column c.
func (l *lines) lack(i int, c layout.Column) {
	l.lacks[i] |= 1 << c
	l.lacking |= 1 << c
}
