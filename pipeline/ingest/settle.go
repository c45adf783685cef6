package ingest

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// figures are the money of one line in the reporting currency.
type figures struct {
	net, cost, discount money.Amount
	costed              bool
	units               money.Quantity
	isReturn            bool
}

// settle values the parsed lines, puts each in its class and gives the used ones to the builder.
func (w *worker) settle() error {
	if done, err := w.clean(); done || err != nil {
		return err
	}
	l, books := w.lines, &w.books[w.file]
	if l.mapped&statesTwice == statesTwice {
		w.compareAmounts()
	}
	w.batch.reset()
	for i := range l.n {
		var f figures
		known := false
		if fault := w.value(i, &f); fault != "" {
			w.reject(i, fault.column(), nil, string(fault))
		} else {
			known = !l.blind[i]
			w.checkKeys(i)
		}
		class := Used
		switch {
		case l.bad[i]:
			if w.aside(i) {
				continue
			}
			class = Rejected
			if !known {
				books.Blind++
			}
		case w.without != nil && w.leftOut(i):
			class = Duplicate
		case l.with(i, layout.Status) && w.statuses[l.status[i]].cancelled:
			class = Cancelled
		case !l.with(i, layout.CustomerID):
			class = NoCustomer
		}
		l.net[i] = f.net
		t := Tally{Lines: 1, Money: f.net}
		if !known {
			t.Money = 0
		}
		if !books.Read.add(t) || !books.Class[class].add(t) {
			return fmt.Errorf("%s, line %d: the money read so far does not fit; check the units of the export", w.path, l.line[i])
		}
		if class == Used {
			w.batch.add(l, i, &f, w.categoryOf(i))
		}
	}
	return w.hand(&w.batch.Batch)
}

// checkKeys rejects a line that no ledger row can hold.
func (w *worker) checkKeys(i int) {
	l := w.lines
	if !l.with(i, layout.OrderedAt) && !l.bad[i] {
		w.reject(i, layout.OrderedAt, nil, "no order day")
	}
	if !l.with(i, layout.OrderID) && !l.bad[i] {
		if l.mapped&(1<<layout.OrderID) != 0 {
			w.reject(i, layout.OrderID, nil, "no order id")
			return
		}
		l.order[i] = uint64(uint32(l.day[i])) // by settings: one order per customer and day
	}
}

// valueFault is why a line has no money.
type valueFault string

const (
	noAmount     valueFault = "neither amount nor quantity x unit_price"
	overflow     valueFault = "the amount does not fit: beyond 922 trillion"
	costOverflow valueFault = "the cost does not fit: beyond 922 trillion"
	noDay        valueFault = "no order day"
	noRate       valueFault = "no conversion rate for this currency on this day"
	taxed        valueFault = "the amount includes tax, but no tax_rate is set"
)

func (f valueFault) column() layout.Column {
	switch f {
	case costOverflow:
		return layout.Cost
	case noDay:
		return layout.OrderedAt
	case noRate:
		return layout.Currency
	case taxed:
		return layout.TaxIncluded
	}
	return layout.Amount
}

// Columns of ordinary lines: those they all have, and those they may have.
const (
	ordinaryNeeds  = 1<<layout.Quantity | 1<<layout.UnitPrice | 1<<layout.UnitCost
	ordinaryAllows = ordinaryNeeds | 1<<layout.DiscountRate | 1<<layout.OrderID | 1<<layout.CustomerID |
		1<<layout.OrderedAt | 1<<layout.Category | 1<<layout.ProductID
)

// ordinary reports whether a line is what most are: quantity and unit price, perhaps a discount rate
// and a unit cost, and nothing that asks for the general way of value.
func (w *worker) ordinary(i int) bool {
	l := w.lines
	has := l.mapped &^ l.lacks[i]
	return has&ordinaryNeeds == ordinaryNeeds && has&^ordinaryAllows == 0 && !l.returned[i] && l.quantity[i] >= 0 && l.unitPrice[i] >= 0
}

// short computes the money of an ordinary line; its twin is the general way of value.
func (w *worker) short(i int, f *figures) valueFault {
	l := w.lines
	q, p := l.quantity[i], l.unitPrice[i]
	rate := money.Rate(0)
	if l.with(i, layout.DiscountRate) {
		rate = l.rate[i]
	}
	list, ok := money.LineAmount(q, p, 0, 0)
	f.net = list
	if rate != 0 && ok {
		f.net, ok = money.LineAmount(q, p, rate, 0)
	}
	if !ok {
		return overflow
	}
	if f.discount, ok = money.Sub(list, f.net); !ok {
		return overflow
	}
	if f.cost, ok = money.LineAmount(q, l.unitCost[i], 0, 0); !ok {
		return costOverflow
	}
	f.costed, f.units, f.isReturn = true, q, f.net < 0
	if l.with(i, layout.ProductID) && w.products[l.product[i]].excluded {
		f.units = 0
	}
	return ""
}

// value computes the money of line i.
func (w *worker) value(i int, f *figures) valueFault {
	if w.ordinary(i) && !w.longWay {
		return w.short(i, f)
	}
	l := w.lines
	if !l.with(i, layout.Amount) && !(l.with(i, layout.Quantity) && l.with(i, layout.UnitPrice)) {
		return noAmount
	}
	tax, conversion, fault := w.adjust(i)
	if fault != "" {
		return fault
	}
	if fault := w.amounts(i, f, tax, conversion); fault != "" {
		return fault
	}
	w.costElsewhere(i, f)
	f.units = l.quantity[i]
	if !l.with(i, layout.Quantity) {
		f.units = 0
	}
	w.turn(i, f)
	if l.with(i, layout.ProductID) && w.products[l.product[i]].excluded {
		f.units = 0
	}
	return ""
}

// adjust is the tax within the line's amounts and the conversion of its currency; 0 for none.
func (w *worker) adjust(i int) (tax, conversion money.Rate, fault valueFault) {
	l := w.lines
	if l.with(i, layout.TaxIncluded) && l.taxIncluded[i] || w.settings.TaxIncluded && !l.with(i, layout.TaxIncluded) {
		if tax = w.settings.TaxRate; tax == 0 {
			return 0, 0, taxed
		}
	}
	if w.rates == nil || !l.with(i, layout.Currency) {
		return tax, 0, ""
	}
	name := string(w.currencies.Value(l.currency[i]))
	if name == w.currency {
		return tax, 0, ""
	}
	if !l.with(i, layout.OrderedAt) {
		return 0, 0, noDay
	}
	conversion, ok := w.rates.On(name, l.day[i])
	if !ok {
		return 0, 0, noRate
	}
	return tax, conversion, ""
}

// amounts computes net, discount and the cost that the export states, each rounded once.
func (w *worker) amounts(i int, f *figures, tax, conversion money.Rate) valueFault {
	if tax != 0 || conversion != 0 {
		return w.adjusted(i, f, tax, conversion)
	}
	var ok bool
	if f.net, ok = w.netOf(i); !ok {
		return overflow
	}
	if f.discount, ok = w.discountOf(i, f.net); !ok {
		return overflow
	}
	if f.cost, f.costed, ok = w.costOf(i, f.net); !ok {
		return costOverflow
	}
	return ""
}

// adjusted is amounts where tax or conversion take part: exact to the last step. Costs are stated
// without tax.
func (w *worker) adjusted(i int, f *figures, tax, conversion money.Rate) valueFault {
	l := w.lines
	rate, off := w.discountTerms(i)
	priced := l.with(i, layout.Quantity) && l.with(i, layout.UnitPrice)
	given := l.with(i, layout.Amount)
	line := money.Terms{Quantity: l.quantity[i], Price: l.unitPrice[i], Tax: tax, Conversion: conversion}
	net := line
	net.Rate, net.Off, net.Given, net.IsGiven = rate, off, l.amount[i], given
	var ok bool
	if f.net, ok = net.Amount(); !ok {
		return overflow
	}
	if f.discount, ok = w.adjustedDiscount(i, line, f.net, given, priced); !ok {
		return overflow
	}
	cost := money.Terms{Conversion: conversion, IsGiven: true}
	switch {
	case l.with(i, layout.Cost):
		cost.Given, f.costed = l.cost[i], true
	case l.with(i, layout.Profit):
		cost.Given, f.costed = l.profit[i], true
	case l.with(i, layout.UnitCost) && l.with(i, layout.Quantity):
		cost.IsGiven, cost.Quantity, cost.Price, f.costed = false, l.quantity[i], l.unitCost[i], true
	}
	if !f.costed {
		return ""
	}
	if f.cost, ok = cost.Amount(); ok && !l.with(i, layout.Cost) && l.with(i, layout.Profit) {
		f.cost, ok = money.Sub(f.net, f.cost)
	}
	if !ok {
		return costOverflow
	}
	return ""
}

// adjustedDiscount is discountOf with tax taken off and converted like the net amount.
func (w *worker) adjustedDiscount(i int, line money.Terms, net money.Amount, given, priced bool) (money.Amount, bool) {
	rate, off := w.discountTerms(i)
	if rate == 0 && off == 0 {
		return 0, true
	}
	if given && off != 0 {
		one := line
		one.Quantity, one.Price = money.OneQuantity, off
		return one.Amount()
	}
	if !priced {
		return 0, true
	}
	list, ok := line.Amount()
	if given && ok {
		after := line
		after.Rate = rate
		net, ok = after.Amount()
	}
	if !ok {
		return 0, false
	}
	return money.Sub(list, net)
}

// netOf is the net line amount: as given, else quantity x unit_price x (1 - discount_rate) - discount_amount.
func (w *worker) netOf(i int) (money.Amount, bool) {
	l := w.lines
	if l.with(i, layout.Amount) {
		return l.amount[i], true
	}
	if !l.with(i, layout.Quantity) || !l.with(i, layout.UnitPrice) {
		return 0, true
	}
	rate, off := w.discountTerms(i)
	return money.LineAmount(l.quantity[i], l.unitPrice[i], rate, off)
}

func (w *worker) discountTerms(i int) (rate money.Rate, off money.Price) {
	l := w.lines
	if l.with(i, layout.DiscountRate) {
		rate = l.rate[i]
	}
	if l.with(i, layout.DiscountAmount) {
		off = l.discountAmount[i]
	}
	return rate, off
}

// discountOf is what the discounts took off: the list value less the net, or, where the export
// gives the net amount itself, what its discount columns say.
func (w *worker) discountOf(i int, net money.Amount) (money.Amount, bool) {
	l := w.lines
	rate, off := w.discountTerms(i)
	if rate == 0 && off == 0 {
		return 0, true
	}
	given := l.with(i, layout.Amount)
	if given && off != 0 {
		v, ok := money.Rescale(int64(off), money.PriceScale, money.AmountScale)
		return money.Amount(v), ok
	}
	if !l.with(i, layout.Quantity) || !l.with(i, layout.UnitPrice) {
		return 0, true
	}
	list, ok := money.LineAmount(l.quantity[i], l.unitPrice[i], 0, 0)
	if !ok {
		return 0, false
	}
	if given {
		if net, ok = money.LineAmount(l.quantity[i], l.unitPrice[i], rate, 0); !ok {
			return 0, false
		}
	}
	return money.Sub(list, net)
}

// costOf is the cost that the export itself states: of the line, from its profit, or of a unit.
func (w *worker) costOf(i int, net money.Amount) (cost money.Amount, known, ok bool) {
	l := w.lines
	switch {
	case l.with(i, layout.Cost):
		return l.cost[i], true, true
	case l.with(i, layout.Profit):
		cost, ok = money.Sub(net, l.profit[i])
		return cost, true, ok
	case l.with(i, layout.UnitCost) && l.with(i, layout.Quantity):
		cost, ok = money.LineAmount(l.quantity[i], l.unitCost[i], 0, 0)
		return cost, true, ok
	}
	return 0, false, true
}

// costElsewhere takes a cost that the export does not state from the product table, its margin
// rate, or the margin rate set for the category; all are in the reporting currency.
func (w *worker) costElsewhere(i int, f *figures) {
	l := w.lines
	if f.costed {
		return
	}
	if l.with(i, layout.ProductID) && l.with(i, layout.Quantity) {
		if p := w.products[l.product[i]]; p.costed {
			f.cost, f.costed = money.LineAmount(l.quantity[i], p.cost, 0, 0)
			return
		}
	}
	m := w.marginOf(w.categoryOf(i))
	if l.with(i, layout.ProductID) && w.products[l.product[i]].margin.known {
		m = w.products[l.product[i]].margin
	}
	if m.known {
		if profit, fits := f.net.Times(m.rate); fits {
			f.cost, f.costed = money.Sub(f.net, profit)
		}
	}
}

// turn decides whether the line is a return. A return takes sales back, whatever sign the export gave
// the quantity or the amount: what would add to sales is reversed.
func (w *worker) turn(i int, f *figures) {
	l := w.lines
	marked := l.returned[i] || (l.with(i, layout.Status) && w.statuses[l.status[i]].returned)
	f.isReturn = marked || f.net < 0 || f.units < 0
	if f.isReturn && f.net > 0 {
		f.net, f.cost, f.discount = -f.net, -f.cost, -f.discount
		if f.units > 0 {
			f.units = -f.units
		}
	}
}

// categoryOf is the builder's code of the line's category: its own, else its product's.
func (w *worker) categoryOf(i int) uint32 {
	l := w.lines
	if l.with(i, layout.Category) {
		return l.category[i]
	}
	if l.with(i, layout.ProductID) {
		return w.products[l.product[i]].category
	}
	return ledger.NoCategory
}
