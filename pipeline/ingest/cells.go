package ingest

import (
	"bytes"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/numeral"
)

// orderKind is what an order id cell means.
type orderKind uint8

const (
	noOrder orderKind = iota
	anOrder
	aCreditNote
)

// fill parses the raw cells of a column into the typed lines; an empty cell is no value.
func (w *worker) fill(c layout.Column, cells [][]byte) {
	l := w.lines
	switch c {
	case layout.CustomerID:
		if !w.plainCustomers(cells) {
			w.coded(c, cells, l.customer, w.customer)
		}
	case layout.ProductID:
		w.coded(c, cells, l.product, w.product)
	case layout.Category:
		w.coded(c, cells, l.category, w.category)
	case layout.Status:
		w.coded(c, cells, l.status, w.status)
	case layout.Currency:
		w.coded(c, cells, l.currency, w.currencyCode)
		for i := range l.n {
			if l.with(i, c) {
				w.noteCurrency(i, l.currency[i])
			}
		}
	case layout.OrderID:
		w.orders(cells)
	case layout.OrderedAt:
		w.days(cells)
	case layout.Quantity:
		numbers(w, c, cells, l.quantity, money.QuantityScale)
	case layout.UnitPrice:
		numbers(w, c, cells, l.unitPrice, money.PriceScale)
	case layout.Amount:
		numbers(w, c, cells, l.amount, money.AmountScale)
	case layout.DiscountRate:
		numbers(w, c, cells, l.rate, money.RateScale)
		w.checkRates(func(i int) []byte { return cells[i] })
	case layout.DiscountAmount:
		numbers(w, c, cells, l.discountAmount, money.PriceScale)
	case layout.UnitCost:
		numbers(w, c, cells, l.unitCost, money.PriceScale)
	case layout.Cost:
		numbers(w, c, cells, l.cost, money.AmountScale)
	case layout.Profit:
		numbers(w, c, cells, l.profit, money.AmountScale)
	case layout.TaxIncluded:
		w.flags(cells)
	}
}

func (w *worker) coded(c layout.Column, cells [][]byte, dst []uint32, code func([]byte) uint32) {
	l := w.lines
	for i, b := range cells[:l.n] {
		if len(b) == 0 {
			l.lack(i, c)
		} else if dst[i] = code(b); dst[i] == none {
			l.lack(i, c)
		}
	}
}

// plainCustomers codes customer cells that are all their own canonical ids, as most columns are; false
// where one is not, with nothing done.
func (w *worker) plainCustomers(cells [][]byte) bool {
	cells = cells[:w.lines.n]
	for _, b := range cells {
		if !w.asIs(b) {
			return false
		}
	}
	w.builder.Customers(w.lines.customer, cells)
	return true
}

func numbers[T ~int64](w *worker, c layout.Column, cells [][]byte, dst []T, scale int) {
	l := w.lines
	format := w.formats.numbers[c]
	for i, b := range cells[:l.n] {
		if len(b) == 0 {
			l.lack(i, c)
			continue
		}
		v, ok := int64(0), false
		if format == nil {
			v, ok = money.Parse(b, scale)
		} else {
			v, ok = format.Parse(b, scale)
		}
		if !ok || w.nullsBite {
			text, present := w.rules.Text(string(b))
			if !present {
				l.lack(i, c)
				continue
			}
			if v, ok = w.number(c, []byte(text), scale); !ok {
				w.reject(i, c, b, w.whyNoNumber(c, b))
				continue
			}
		}
		dst[i] = T(v)
	}
}

// number reads a cell in the column's format. Plain columns also accept the dress that can mean one
// thing only, such as a trailing minus.
func (w *worker) number(c layout.Column, b []byte, scale int) (int64, bool) {
	if f := w.formats.numbers[c]; f != nil {
		return f.Parse(b, scale)
	}
	return numeral.Format{}.Relaxed().Parse(b, scale)
}

func (w *worker) whyNoNumber(c layout.Column, b []byte) string {
	if f := w.formats.numbers[c]; f != nil {
		if why := f.Why(b); why != "" {
			return why
		}
	}
	return "not a plain decimal number, or too large"
}

const emptyDate = "an empty date, as databases and spreadsheets write it"

func (w *worker) days(cells [][]byte) {
	l := w.lines
	for i, b := range cells[:l.n] {
		if len(b) == 0 {
			l.lack(i, layout.OrderedAt)
			continue
		}
		// Exports are sorted by day: the cell is mostly the last one again.
		if len(w.lastDay) > 0 && bytes.Equal(b, w.lastDay) {
			l.day[i] = w.lastDayIs
			continue
		}
		d, ok := w.formats.days.Parse(b, w.zone)
		if !ok || w.nullsBite {
			text, present := w.rules.Text(string(b))
			if !present {
				l.lack(i, layout.OrderedAt)
				continue
			}
			d, ok = w.formats.days.Parse([]byte(text), w.zone)
		}
		if !ok {
			w.reject(i, layout.OrderedAt, b, w.whyNoDay(b))
			continue
		}
		if !d.Known() {
			w.reject(i, layout.OrderedAt, b, emptyDate)
			continue
		}
		w.lastDay, w.lastDayIs = append(w.lastDay[:0], b...), d
		l.day[i] = d
	}
}

func (w *worker) whyNoDay(b []byte) string {
	if w.formats.days.Plain() {
		return "not a day with the year first, such as 2024-01-05"
	}
	return w.formats.days.Why(b)
}

func (w *worker) orders(cells [][]byte) {
	l := w.lines
	for i, b := range cells[:l.n] {
		if len(b) == 0 {
			l.lack(i, layout.OrderID)
			continue
		}
		if len(w.lastOrder) == 0 || !bytes.Equal(b, w.lastOrder) {
			w.lastOrder = append(w.lastOrder[:0], b...)
			w.lastOrderKey, w.lastOrderKind = w.orderKey(b)
		}
		w.takeOrder(i)
	}
}

// orderKey is the hash of an order id. It is xxHash64 of the canonical id, so that it is the same
// in every process and in every format of the export.
func (w *worker) orderKey(b []byte) (uint64, orderKind) {
	if len(w.settings.ReturnIDPrefix) == 0 && w.asIs(b) {
		return xxhash.Sum64(b), anOrder
	}
	id, ok := w.rules.ID(string(b))
	switch {
	case !ok:
		return 0, noOrder
	case w.rules.ReturnID(id):
		return xxhash.Sum64String(id), aCreditNote
	}
	return xxhash.Sum64String(id), anOrder
}

// flags reads tax_included.
func (w *worker) flags(cells [][]byte) {
	l := w.lines
	for i, b := range cells[:l.n] {
		text, ok := w.rules.Text(string(b))
		if !ok {
			l.lack(i, layout.TaxIncluded)
			continue
		}
		v, ok := truth(text)
		if !ok {
			w.reject(i, layout.TaxIncluded, b, "neither yes nor no")
			continue
		}
		l.taxIncluded[i] = v
	}
}

// truth reads yes and no in the words that exports use.
func truth(word string) (yes, ok bool) {
	switch strings.ToLower(word) {
	case "true", "yes", "y", "t", "1", "x", "是", "含税":
		return true, true
	case "false", "no", "n", "f", "0", "否", "不含税", "未税":
		return false, true
	}
	return false, false
}

// checkRates rejects discount rates that can be no share. The cells are asked for only then.
func (w *worker) checkRates(cell func(i int) []byte) {
	l := w.lines
	for i, rate := range l.rate[:l.n] {
		if l.with(i, layout.DiscountRate) && (rate > money.OneRate || rate < -money.OneRate) {
			w.reject(i, layout.DiscountRate, cell(i), "a discount rate beyond 1; is it a percentage or an amount?")
		}
	}
}
