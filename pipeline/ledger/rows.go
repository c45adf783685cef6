package ledger

import (
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

func newRows(n int) Rows {
	return Rows{
		Day: make([]civil.Day, n), Order: make([]uint64, n),
		Lines: make([]int32, n), Sales: make([]int32, n), Costed: make([]int32, n),
		Units: make([]money.Quantity, n), Net: make([]money.Amount, n), Cost: make([]money.Amount, n),
		Covered: make([]money.Amount, n), Returned: make([]money.Amount, n), Discount: make([]money.Amount, n),
	}
}

func (r *Rows) set(i int, l *line) {
	r.Day[i], r.Order[i] = l.day, l.order
	r.Lines[i], r.Sales[i], r.Costed[i] = l.lines, l.sales, l.costed
	r.Units[i], r.Net[i], r.Cost[i], r.Covered[i] = l.units, l.net, l.cost, l.covered
	r.Returned[i], r.Discount[i] = l.returned, l.discount
}

// setCosted is set of what unpack gives for a row of the kind allCosted.
func (r *Rows) setCosted(i int, p *packed) {
	r.Day[i], r.Order[i] = p.day, p.order
	r.Lines[i], r.Sales[i], r.Costed[i] = p.lines, p.lines, p.lines
	r.Units[i], r.Net[i], r.Cost[i], r.Covered[i] = p.units, p.net, p.cost, p.net
	r.Discount[i] = p.discount // nothing came back: Returned is 0
}

func (r *Rows) line(i int) line {
	return line{
		day: r.Day[i], order: r.Order[i], lines: r.Lines[i], sales: r.Sales[i], costed: r.Costed[i],
		units: r.Units[i], net: r.Net[i], cost: r.Cost[i], covered: r.Covered[i],
		returned: r.Returned[i], discount: r.Discount[i],
	}
}

// columns gives for each column the function that moves n of its values from one place to another.
func (r *Rows) columns() []func(to, from, n int) {
	return []func(to, from, n int){
		mover(r.Day), mover(r.Order), mover(r.Lines), mover(r.Sales), mover(r.Costed), mover(r.Units),
		mover(r.Net), mover(r.Cost), mover(r.Covered), mover(r.Returned), mover(r.Discount),
	}
}

func mover[T any](s []T) func(to, from, n int) {
	return func(to, from, n int) { copy(s[to:], s[from:from+n]) }
}

func (r *Rows) truncate(n int) {
	r.Day, r.Order = r.Day[:n], r.Order[:n]
	r.Lines, r.Sales, r.Costed = r.Lines[:n], r.Sales[:n], r.Costed[:n]
	r.Units, r.Net, r.Cost, r.Covered = r.Units[:n], r.Net[:n], r.Cost[:n], r.Covered[:n]
	r.Returned, r.Discount = r.Returned[:n], r.Discount[:n]
}
