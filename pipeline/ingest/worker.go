package ingest

import (
	"time"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/dictionary"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// none is the code of a text that means no value.
const none = ^uint32(0)

// worker turns blocks and row groups into ledger rows. Everything it writes is its own; workers are
// joined when all input is read.
type worker struct {
	*plan
	builder    *ledger.Builder
	sink       Sink // nil: the builder takes the lines
	lines      *lines
	batch      batch
	books      []Books      // per file
	agreements []*agreement // per file, nil where nothing was compared
	marks      *marker      // nil where nobody asks for duplicates
	profiler   *profiler    // nil where nobody asks for a profile
	sights     *sightings   // nil where files cannot overlap, or all lines are compared
	rejects    []Reject
	odds       []odd

	// The block of text under way; nil in Parquet.
	block   []byte
	current *textFile
	places  []place // of its records, where the block is not the file's own text
	stands  []place // of the lines of the batch, likewise
	again   delimited.Scanner

	vacant  []bool  // of the batch: rows of Parquet that stand for an empty list of lines; nil for none
	noLines []int64 // per file: how many

	// The file under way.
	file    int
	path    string
	formats *formats

	// Text seen so far. customerOf, categoryAs and the rest are indexed by the code of the raw cell,
	// so that what a cell means is worked out once per distinct cell.
	rawCustomer, rawCategory, rawProduct, rawStatus, rawCurrency dictionary.Dictionary
	customerOf, categoryAs                                       []uint32
	products                                                     []product
	noProduct                                                    []bool // by code, apart from the products because each line asks
	unitless                                                     bool   // some product is excluded
	statuses                                                     []status
	currencyOf                                                   []uint32
	currencies                                                   dictionary.Dictionary
	seen                                                         []currencyUse // per currency
	margins                                                      []margin      // per category code

	lastOrder     []byte
	lastOrderKey  uint64
	lastOrderKind orderKind
	lastDay       []byte
	lastDayIs     civil.Day
	cells         [][][]byte // per mapped column of a text file: raw cells of the batch
	printBuf      []byte     // cells of a Parquet column that had to be printed
	printed       [][]byte
}

type product struct {
	excluded bool // no product: postage, charges
	costed   bool
	present  bool
	cost     money.Price
	category uint32
	margin   margin
}

type status struct{ cancelled, returned, present bool }

type margin struct {
	rate  money.Rate
	known bool
	asked bool
}

// currencyUse is how often and where first a currency was seen.
type currencyUse struct {
	lines int64
	file  int
	line  int64
}

// plan is what all workers share and none changes.
type plan struct {
	rules     *layout.Rules
	settings  layout.Settings
	currency  string // reporting currency; "" where the export's only one is taken
	rates     *Rates
	catalogue *Catalogue
	zone      *time.Location
	progress  func(lines int64)
	lines     func() Sink // nil: the ledger builders take them
	plainIDs  bool        // ids are taken as they stand: no null words, no floats
	repeats   Repeats
	profile   bool
	overlap   bool    // look for what files have in common
	without   []where // lines to set aside, ascending; nil for none
	longWay   bool    // no short way for ordinary lines: tax is in all amounts, or a test
	nullsBite bool    // a null value reads as a number or day, so that it must be looked for first
}

// Catalogue is the product table: unit cost and category by product id. It is read-only.
type Catalogue struct {
	Products []CatalogueProduct
	index    map[string]int
}

// CatalogueProduct is one product.
type CatalogueProduct struct {
	ID       string
	Cost     money.Price
	Costed   bool
	Category string // "" where not known
	// Margin is the margin rate that stands in for a cost, where MarginKnown.
	Margin      money.Rate
	MarginKnown bool
}

// NewCatalogue indexes products; of two with the same id the first counts.
func NewCatalogue(products []CatalogueProduct) *Catalogue {
	c := &Catalogue{Products: products, index: make(map[string]int, len(products))}
	for i, p := range products {
		if _, ok := c.index[p.ID]; !ok {
			c.index[p.ID] = i
		}
	}
	return c
}

// Find returns the product with an id.
func (c *Catalogue) Find(id string) (CatalogueProduct, bool) {
	if c == nil {
		return CatalogueProduct{}, false
	}
	i, ok := c.index[id]
	if !ok {
		return CatalogueProduct{}, false
	}
	return c.Products[i], true
}

func newWorker(p *plan, files int) *worker {
	w := &worker{plan: p, builder: ledger.NewBuilder(), lines: newLines(), batch: newBatch(), books: make([]Books, files), agreements: make([]*agreement, files), noLines: make([]int64, files)}
	if p.lines != nil {
		w.sink = p.lines()
	}
	if p.repeats != Unasked {
		w.marks = &marker{last: orderMark{file: -1}}
	}
	if p.overlap {
		w.sights = newSightings(files)
	}
	if p.profile {
		w.profiler = &profiler{}
	}
	return w
}

// hand gives used lines to whoever takes them.
func (w *worker) hand(b *ledger.Batch) error {
	if w.sink != nil {
		return w.sink.Add(w.builder, b)
	}
	return w.builder.Add(b)
}

// carries says that columns are looked at which no figure needs.
func (p *plan) carries() bool { return p.repeats != Unasked || p.profile }

// start turns to a file.
func (w *worker) start(file int, path string, r *layout.Resolved, f *formats) {
	w.file, w.path, w.formats = file, path, f
	w.block, w.current, w.places, w.vacant = nil, nil, nil, nil
	w.lastDay = w.lastDay[:0] // another file may write days another way
	w.lines.mapped = 0
	for _, c := range layout.Orders.Columns() {
		if r.Has(c) && parsed(c) {
			w.lines.mapped |= 1 << c
		}
	}
}

// reject records that line i cannot be used because of a column's value.
func (w *worker) reject(i int, c layout.Column, value []byte, reason string) {
	l := w.lines
	l.lack(i, c)
	if l.bad[i] {
		return
	}
	l.bad[i], l.faulty = true, true
	l.blind[i] = isNumber(c) || c == layout.TaxIncluded // its money is not what the other cells say
	w.rejects = append(w.rejects, Reject{
		File: w.path, Line: l.line[i], Offset: l.offset[i], Column: c.String(), Value: cutValue(value), Reason: reason,
	})
}

// customer is the builder's code of a raw customer cell, or none. A cell that is its own canonical
// id, as most are, goes straight to the builder's dictionary; others are remembered by their
// spelling.
func (w *worker) customer(raw []byte) uint32 {
	if w.asIs(raw) {
		return w.builder.Customer(raw)
	}
	code := w.rawCustomer.Code(raw)
	for int(code) >= len(w.customerOf) {
		w.customerOf = append(w.customerOf, none)
		if id, ok := w.rules.CustomerID(string(raw)); ok {
			w.customerOf[code] = w.builder.Customer([]byte(id))
		}
	}
	return w.customerOf[code]
}

// asIs reports whether an id cell is its own canonical id beyond doubt.
func (w *worker) asIs(cell []byte) bool { return w.plainIDs && plain(cell) && w.rules.AsIs(cell) }

// plain reports whether a cell holds something, all of it visible ASCII, which no rule trims.
func plain(cell []byte) bool {
	for _, c := range cell {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return len(cell) > 0
}

// category is the builder's code of a raw category cell, or none.
func (w *worker) category(raw []byte) uint32 {
	code := w.rawCategory.Code(raw)
	for int(code) >= len(w.categoryAs) {
		w.categoryAs = append(w.categoryAs, none)
		if name, ok := w.rules.Text(string(raw)); ok {
			w.categoryAs[code] = w.builder.Category([]byte(name))
		}
	}
	return w.categoryAs[code]
}

// product is the code of a raw product cell, or none.
func (w *worker) product(raw []byte) uint32 {
	code := w.rawProduct.Code(raw)
	for int(code) >= len(w.noProduct) {
		p := product{category: ledger.NoCategory}
		if id, ok := w.rules.ID(string(raw)); ok {
			p.present, p.excluded = true, w.rules.NonProduct(id)
			w.unitless = w.unitless || p.excluded
			if known, ok := w.catalogue.Find(id); ok {
				p.cost, p.costed = known.Cost, known.Costed
				p.margin = margin{rate: known.Margin, known: known.MarginKnown}
				if known.Category != "" {
					p.category = w.builder.Category([]byte(known.Category))
				}
			}
		}
		w.products, w.noProduct = append(w.products, p), append(w.noProduct, !p.present)
	}
	if w.noProduct[code] {
		return none
	}
	return code
}

// status is the code of a raw status cell, or none.
func (w *worker) status(raw []byte) uint32 {
	code := w.rawStatus.Code(raw)
	for int(code) >= len(w.statuses) {
		s := status{}
		if word, ok := w.rules.Text(string(raw)); ok {
			s = status{cancelled: w.rules.CancelledStatus(word), returned: w.rules.ReturnStatus(word), present: true}
		}
		w.statuses = append(w.statuses, s)
	}
	if !w.statuses[code].present {
		return none
	}
	return code
}

// currencyCode is the code of a raw currency cell, or none.
func (w *worker) currencyCode(raw []byte) uint32 {
	code := w.rawCurrency.Code(raw)
	for int(code) >= len(w.currencyOf) {
		w.currencyOf = append(w.currencyOf, none)
		if name, ok := w.rules.Text(string(raw)); ok {
			w.currencyOf[code] = w.currencies.Code([]byte(name))
		}
	}
	return w.currencyOf[code]
}

// noteCurrency counts a line's currency.
func (w *worker) noteCurrency(i int, code uint32) {
	for int(code) >= len(w.seen) {
		w.seen = append(w.seen, currencyUse{file: w.file, line: w.lines.line[i]})
	}
	u := &w.seen[code]
	u.lines++
	if w.file < u.file || (w.file == u.file && w.lines.line[i] < u.line) {
		u.file, u.line = w.file, w.lines.line[i]
	}
}

// marginOf is the margin rate that the settings give a category.
func (w *worker) marginOf(category uint32) margin {
	if category == ledger.NoCategory || len(w.settings.CategoryMargins) == 0 {
		return margin{}
	}
	for int(category) >= len(w.margins) {
		w.margins = append(w.margins, margin{})
	}
	m := &w.margins[category]
	if !m.asked {
		m.asked = true
		m.rate, m.known = w.settings.CategoryMargins[string(w.builder.CategoryName(category))]
	}
	return *m
}

// batch is a ledger batch with room for batchRows lines.
type batch struct{ ledger.Batch }

func newBatch() batch {
	const n = batchRows
	return batch{ledger.Batch{
		Customer: make([]uint32, 0, n), Day: make([]civil.Day, 0, n), Order: make([]uint64, 0, n), Flags: make([]uint8, 0, n),
		Units: make([]money.Quantity, 0, n), Net: make([]money.Amount, 0, n), Cost: make([]money.Amount, 0, n),
		Discount: make([]money.Amount, 0, n), Category: make([]uint32, 0, n),
	}}
}

func (b *batch) reset() {
	b.Customer, b.Day, b.Order, b.Flags = b.Customer[:0], b.Day[:0], b.Order[:0], b.Flags[:0]
	b.Units, b.Net, b.Cost, b.Discount, b.Category = b.Units[:0], b.Net[:0], b.Cost[:0], b.Discount[:0], b.Category[:0]
}

func (b *batch) add(l *lines, i int, f *figures, category uint32) {
	flags := uint8(0)
	if f.isReturn {
		flags |= ledger.Return
	}
	if f.costed {
		flags |= ledger.Costed
	}
	b.Customer = append(b.Customer, l.customer[i])
	b.Day = append(b.Day, l.day[i])
	b.Order = append(b.Order, l.order[i])
	b.Flags = append(b.Flags, flags)
	b.Units = append(b.Units, f.units)
	b.Net = append(b.Net, f.net)
	b.Cost = append(b.Cost, f.cost)
	b.Discount = append(b.Discount, f.discount)
	b.Category = append(b.Category, category)
}
