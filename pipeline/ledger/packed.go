package ledger

import (
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// packed is one row under construction, laid out together because building moves rows around, in the
// 64 bytes of a cache line. What most rows need no memory for is told by the kind.
type packed struct {
	customer uint32
	day      civil.Day
	order    uint64
	units    money.Quantity
	net      money.Amount
	cost     money.Amount
	discount money.Amount
	cats     uint64 // bit k: the builder's category k < maskBits
	lines    int32
	kind     uint32
}

// Kinds of rows; from firstOdd on, the kind less firstOdd is the place of the row's oddity.
const (
	allCosted  = iota // every line is a sale whose cost is known
	noneCosted        // every line is a sale, no cost is known
	firstOdd
)

// oddity is what a row needs besides packed where its lines differ in kind or some are returns.
type oddity struct {
	sales, costed     int32
	covered, returned money.Amount
}

// start sets the kind of a new row by its first line.
func (p *packed) start(flags uint8) {
	if flags == 0 {
		p.kind = noneCosted
	}
}

// plain reports whether a line with these flags leaves the row's kind as it is.
func (p *packed) plain(flags uint8) bool {
	return p.kind == allCosted && flags == Costed || p.kind == noneCosted && flags == 0
}

// add folds line i of a batch in, and returns false where a sum does not fit.
func (b *Builder) add(p *packed, batch *Batch, i int) bool {
	var k money.Checked
	if flags := batch.Flags[i]; !p.plain(flags) {
		b.addOdd(&k, p, flags, int64(batch.Net[i]))
	}
	p.lines++
	p.units = money.Quantity(k.Add(int64(p.units), int64(batch.Units[i])))
	p.net = money.Amount(k.Add(int64(p.net), int64(batch.Net[i])))
	p.discount = money.Amount(k.Add(int64(p.discount), int64(batch.Discount[i])))
	if batch.Flags[i]&Costed != 0 {
		p.cost = money.Amount(k.Add(int64(p.cost), int64(batch.Cost[i])))
	}
	return k.OK()
}

// addOdd counts a line in the row's oddity, which the lines before it may have had no need of.
func (b *Builder) addOdd(k *money.Checked, p *packed, flags uint8, net int64) {
	if p.kind < firstOdd {
		full := p.unpack(nil)
		b.odd = append(b.odd, oddity{full.sales, full.costed, full.covered, full.returned})
		p.kind = firstOdd + uint32(len(b.odd)-1)
	}
	o := &b.odd[p.kind-firstOdd]
	if flags&Return != 0 {
		o.returned = money.Amount(k.Sub(int64(o.returned), net))
	} else {
		o.sales++
	}
	if flags&Costed != 0 {
		o.costed++
		o.covered = money.Amount(k.Add(int64(o.covered), net))
	}
}

// put adds a finished row of a customer.
func (b *Builder) put(customer uint32, l *line) {
	p := b.push(customer)
	p.day, p.order, p.lines = l.day, l.order, l.lines
	p.units, p.net, p.cost, p.discount = l.units, l.net, l.cost, l.discount
	for p.kind = allCosted; p.kind < firstOdd; p.kind++ {
		if p.unpack(nil) == *l {
			return
		}
	}
	b.odd = append(b.odd, oddity{l.sales, l.costed, l.covered, l.returned})
	p.kind = firstOdd + uint32(len(b.odd)-1)
}

// line is a row with all its columns.
type line struct {
	day      civil.Day
	order    uint64
	lines    int32
	sales    int32
	costed   int32
	units    money.Quantity
	net      money.Amount
	cost     money.Amount
	covered  money.Amount
	returned money.Amount
	discount money.Amount
}

// unpack gives the row with all its columns.
func (p *packed) unpack(odd []oddity) line {
	l := line{day: p.day, order: p.order, lines: p.lines, units: p.units, net: p.net, cost: p.cost, discount: p.discount}
	switch p.kind {
	case allCosted:
		l.sales, l.costed, l.covered = p.lines, p.lines, p.net
	case noneCosted:
		l.sales = p.lines
	default:
		o := &odd[p.kind-firstOdd]
		l.sales, l.costed, l.covered, l.returned = o.sales, o.costed, o.covered, o.returned
	}
	return l
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
	return k.OK()
}
