package pipeline_test

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"pgregory.net/rapid"
)

// saleLine is one order line of an invented company, as its cells; "" is a blank cell.
type saleLine struct {
	order, customer, product, status string
	day                              civil.Day
	quantity, price, off, unitCost   string
}

// drawLines draws a company small enough that customers, orders and days meet.
func drawLines(t *rapid.T) []saleLine {
	pick := func(name string, words ...string) string { return rapid.SampledFrom(words).Draw(t, name) }
	first, _ := civil.Of(2023, 6, 1)
	lines := make([]saleLine, rapid.IntRange(1, 25).Draw(t, "lines"))
	for i := range lines {
		lines[i] = saleLine{
			order: pick("order", "1", "2", "3", "4", "R5"), customer: pick("customer", "Ann", "Bob", "Cay", "Ann", ""),
			product: pick("product", "P1", "P2", "P3", ""), status: pick("status", "", "delivered", "returned", "cancelled"),
			day:      first + civil.Day(rapid.SampledFrom([]int{0, 1, 2, 89, 90, 91, 364, 365, 366, 400}).Draw(t, "day")),
			quantity: pick("quantity", "1", "3", "-2", "0.5", "1.3333"), price: pick("price", "10", "0.005", "3.3333", "0", "19.99"),
			off: pick("off", "", "0", "0.1", "0.333"), unitCost: pick("unit cost", "", "", "2", "1.2345", "30"),
		}
	}
	return lines
}

// exported writes the lines as a CSV export.
func exported(lines []saleLine) string {
	var b strings.Builder
	b.WriteString("order_id,customer_id,ordered_at,product_id,quantity,unit_price,discount_rate,unit_cost,status\n")
	for _, l := range lines {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s,%s,%s\n", l.order, l.customer, l.day, l.product, l.quantity, l.price, l.off, l.unitCost, l.status)
	}
	return b.String()
}

// catalogue is the product table of the company: P1 has a cost, P2 a margin rate, P3 nothing.
const catalogue = "product_id,unit_cost,margin_rate\nP1,4.5,\nP2,,0.25\nP3,,\n"

// decimalOf is a decimal cell exactly; a blank is 0.
func decimalOf(s string) *big.Rat {
	if s == "" {
		return new(big.Rat)
	}
	v, ok := new(big.Rat).SetString(s)
	if !ok {
		panic("no number: " + s)
	}
	return v
}

// rounded is v in ten-thousandths, half to even.
func rounded(v *big.Rat) int64 {
	x := new(big.Rat).Mul(v, big.NewRat(10_000, 1))
	whole := new(big.Int).Div(x.Num(), x.Denom()) // Euclidean: rounds down
	rest := new(big.Rat).Sub(x, new(big.Rat).SetInt(whole))
	switch half := rest.Cmp(big.NewRat(1, 2)); {
	case half > 0, half == 0 && whole.Bit(0) == 1:
		whole.Add(whole, big.NewInt(1))
	}
	return whole.Int64()
}

// tally is what a naive recount says of a customer's days in a range; money in ten-thousandths.
type tally struct {
	lines, costed                          int64
	net, covered, cost, returned, discount int64
	units                                  int64
	orders, purchases                      map[string]bool
	sold                                   map[string]int64 // order and day -> net of the row
	saleRows                               map[string]bool  // rows with a sale line
	firstPurchase, lastPurchase            civil.Day
	purchaseDays                           map[civil.Day]bool
}

func newTally() *tally {
	return &tally{orders: map[string]bool{}, purchases: map[string]bool{}, sold: map[string]int64{}, saleRows: map[string]bool{},
		purchaseDays: map[civil.Day]bool{}, firstPurchase: civil.Unknown, lastPurchase: civil.Unknown}
}

// recount goes through the lines one by one and books them by customer, for days in [from, to).
func recount(lines []saleLine, from, to civil.Day) map[string]*tally {
	out := map[string]*tally{}
	for _, l := range lines {
		if l.customer == "" || l.status == "cancelled" {
			continue
		}
		t := out[l.customer]
		if t == nil {
			t = newTally()
			out[l.customer] = t
		}
		if l.day >= from && l.day < to {
			t.book(l)
		}
	}
	for _, t := range out {
		t.close(lines)
	}
	return out
}

// book values a line by definitions.md: quantity x price x (1 - discount), the cost by the line,
// else by the product, and everything reversed where only the status says that it came back.
func (t *tally) book(l saleLine) {
	q, p, off := decimalOf(l.quantity), decimalOf(l.price), decimalOf(l.off)
	list := new(big.Rat).Mul(q, p)
	net := rounded(new(big.Rat).Mul(list, new(big.Rat).Sub(big.NewRat(1, 1), off)))
	discount := int64(0)
	if off.Sign() != 0 {
		discount = rounded(list) - net
	}
	cost, costed := int64(0), true
	switch {
	case l.unitCost != "":
		cost = rounded(new(big.Rat).Mul(q, decimalOf(l.unitCost)))
	case l.product == "P1":
		cost = rounded(new(big.Rat).Mul(q, decimalOf("4.5")))
	case l.product == "P2":
		cost = net - rounded(new(big.Rat).Mul(big.NewRat(net, 10_000), decimalOf("0.25")))
	default:
		costed = false
	}
	units := rounded(q)
	back := l.status == "returned" || strings.HasPrefix(l.order, "R")
	if back && net > 0 && units >= 0 {
		net, cost, discount, units = -net, -cost, -discount, -units
	}
	back = back || net < 0 || units < 0
	t.lines++
	t.net += net
	t.discount += discount
	t.units += units
	if costed {
		t.costed++
		t.covered += net
		t.cost += cost
	}
	row := fmt.Sprint(l.order, "|", int32(l.day))
	t.sold[row] += net
	if back {
		t.returned -= net
		return
	}
	t.orders[l.order] = true
	t.saleRows[row] = true
}

// close finds the purchases: orders with a day on which they have a sale line and sold more than nothing.
func (t *tally) close(lines []saleLine) {
	for _, l := range lines {
		row := fmt.Sprint(l.order, "|", int32(l.day))
		if !t.saleRows[row] || t.sold[row] <= 0 {
			continue
		}
		t.purchases[l.order] = true
		t.purchaseDays[l.day] = true
		if t.firstPurchase == civil.Unknown || l.day < t.firstPurchase {
			t.firstPurchase = l.day
		}
		if t.lastPurchase == civil.Unknown || l.day > t.lastPurchase {
			t.lastPurchase = l.day
		}
	}
}
