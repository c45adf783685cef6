package synth

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Totals are exact sums over what WriteOrders wrote. Cancelled orders count in Rows and Cancelled*
// alone; credit notes reduce Units, NetSales, Cost and Discount.
type Totals struct {
	Rows            int64          // data rows of the file = Lines + CreditLines + CancelledLines
	Customers       int64          // with at least one order that is not cancelled
	Orders          int64          // neither cancelled nor credit notes
	Lines           int64          // of Orders
	CreditNotes     int64          //
	CreditLines     int64          //
	CancelledOrders int64          //
	CancelledLines  int64          //
	Thinned         int64          // orders drawn and left out to meet Params.Lines; 0 unless it is scarce
	Units           money.Quantity // pieces
	NetSales        money.Amount   // sales - returns - discounts
	Cost            money.Amount   //
	Returned        money.Amount   // value of the credit notes, above 0
	Discount        money.Amount   // list value of the lines - their net amount
	Cancelled       money.Amount   // net amount of cancelled lines, not in NetSales
	First, Last     civil.Day      // days of the first and the last row; Unknown without rows
}

// GrossProfit is NetSales - Cost.
func (t *Totals) GrossProfit() money.Amount { return t.NetSales - t.Cost }

// Books are what WriteOrders wrote, in all and by customer.
type Books struct {
	Totals Totals
	by     []account
}

// account is the books of a customer; cancelled orders are not in them.
type account struct {
	lines           int64
	orders, credits int32
	first, last     int32 // days of its first and last order from the start of the data
	net, cost       money.Amount
}

// enter adds an order and its lines.
func (b *Books) enter(o *order, from civil.Day) error {
	t := &b.Totals
	rows := int64(len(o.lines))
	t.Rows += rows
	if t.First == civil.Unknown {
		t.First = from + civil.Day(o.day)
	}
	t.Last = from + civil.Day(o.day)
	var net, cost, gross, units int64
	for i := range o.lines {
		l := &o.lines[i]
		net, cost, gross, units = net+l.net(), cost+l.costTotal(), gross+l.gross(), units+l.quantity
	}
	// The value of an order is bounded, its sum over 1e11 lines is not.
	var ok1, ok2, ok3 bool
	if o.cancelled {
		t.CancelledOrders++
		t.CancelledLines += rows
		t.Cancelled, ok1 = money.Add(t.Cancelled, money.Amount(net))
		ok2, ok3 = true, true
	} else {
		t.NetSales, ok1 = money.Add(t.NetSales, money.Amount(net))
		t.Cost, ok2 = money.Add(t.Cost, money.Amount(cost))
		t.Discount, ok3 = money.Add(t.Discount, money.Amount(gross-net))
		t.Units += money.Quantity(units) * money.OneQuantity
		b.customer(o, money.Amount(net), money.Amount(cost))
	}
	if !ok1 || !ok2 || !ok3 {
		return fmt.Errorf("the sum of all orders leaves 64 bits at order %d: lower Lines or the mean order value", o.number)
	}
	return nil
}

// customer enters an order that is not cancelled with its customer.
func (b *Books) customer(o *order, net, cost money.Amount) {
	t, a, rows := &b.Totals, &b.by[o.customer], int64(len(o.lines))
	a.net += net
	a.cost += cost
	if o.credit {
		t.CreditNotes++
		t.CreditLines += rows
		t.Returned -= net
		a.credits++
		return
	}
	t.Orders++
	t.Lines += rows
	if a.orders == 0 {
		t.Customers++
		a.first = o.day
	}
	a.orders++
	a.lines += rows
	a.last = o.day
}
