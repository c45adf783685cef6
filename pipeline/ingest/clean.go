package ingest

import (
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// clean settles a batch of nothing but ordinary lines that have all their keys, column by column; its
// twin is the way of settle, line by line, which does what clean leaves alone (false).
func (w *worker) clean() (bool, error) {
	const keys = 1<<layout.OrderID | 1<<layout.CustomerID | 1<<layout.OrderedAt
	const needs = ordinaryNeeds | keys
	l := w.lines
	if w.longWay || w.without != nil || l.mapped&needs != needs || l.mapped&^ordinaryAllows != 0 || l.lacking != 0 || l.faulty || l.returns || w.unitless {
		return false, nil
	}
	total, ok := w.cleanMoney()
	if !ok || !w.bookClean(total) {
		return false, nil
	}
	n := l.n
	b := ledger.Batch{
		Customer: l.customer[:n], Day: l.day[:n], Order: l.order[:n], Flags: l.flags[:n],
		Units: l.quantity[:n], Net: l.net[:n], Cost: l.spent[:n], Discount: l.off[:n],
	}
	switch {
	case l.mapped&(1<<layout.Category) != 0:
		b.Category = l.category[:n]
	case l.mapped&(1<<layout.ProductID) != 0:
		for i, p := range l.product[:n] {
			l.category[i] = w.products[p].category
		}
		b.Category = l.category[:n]
	}
	return true, w.hand(&b)
}

// cleanMoney computes the money of every line, as short does, and their net total.
func (w *worker) cleanMoney() (total money.Amount, ok bool) {
	l := w.lines
	n, rated := l.n, l.mapped&(1<<layout.DiscountRate) != 0
	quantity, price, cost := l.quantity[:n], l.unitPrice[:n], l.unitCost[:n]
	rates, net, spent, off := l.rate[:n], l.net[:n], l.spent[:n], l.off[:n]
	var sum money.Checked
	for i, q := range quantity {
		rate := money.Rate(0)
		if rated {
			rate = rates[i]
		}
		if q < 0 || price[i] < 0 {
			return 0, false
		}
		list, after, fits := money.Line(q, price[i], rate)
		if !fits {
			return 0, false
		}
		if spent[i], fits = money.LineAmount(q, cost[i], 0, 0); !fits {
			return 0, false
		}
		net[i] = after
		off[i] = money.Amount(sum.Sub(int64(list), int64(after)))
		total = money.Amount(sum.Add(int64(total), int64(after)))
	}
	return total, sum.OK()
}

// bookClean books the batch as read and used, and returns false, with the books as they were, where a
// sum does not fit.
func (w *worker) bookClean(total money.Amount) bool {
	books := &w.books[w.file]
	t := Tally{Lines: int64(w.lines.n), Money: total}
	read, used := books.Read, books.Class[Used]
	if !read.add(t) || !used.add(t) {
		return false
	}
	books.Read, books.Class[Used] = read, used
	return true
}
