package synth

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// WriteProducts writes the product export, by id: product_id, name, category, unit_cost and
// list_price of the last year of the data.
func (c *Company) WriteProducts(w io.Writer, f Format) error {
	t, err := newTable(w, f, []field{
		{"product_id", text}, {"name", text}, {"category", text}, {"unit_cost", amount}, {"list_price", amount}})
	last := len(c.goods.list) - 1
	for i := int32(0); err == nil && int(i) < c.params.Products; i++ {
		err = t.row(string(appendProductID(nil, i)), c.goods.productName(i), c.goods.category[c.goods.ofProduct[i]],
			money.Amount(c.goods.cost[last][i]*100), money.Amount(c.goods.list[last][i]*100))
	}
	if err == nil {
		err = t.close()
	}
	if err != nil {
		return fmt.Errorf("write products: %w", err)
	}
	return nil
}

func truthFields() []field {
	return []field{
		{"customer_id", text}, {"story", text}, {"purchase_rate", real}, {"rhythm_shape", whole},
		{"acquired_on", date}, {"dropout_on", date}, {"change_on", date}, {"rate_factor", real},
		{"mean_order_value", real}, {"margin_rate", real}, {"orders", whole}, {"credit_notes", whole}, {"lines", whole},
		{"net_sales", amount}, {"cost", amount}, {"first_order_on", date}, {"last_order_on", date},
	}
}

// WriteTruth writes what is true of every account, by id. What was put in:
//
//   - story, and purchase_rate, the orders a day (before the change, over the season's mean);
//   - rhythm_shape, the Erlang shape of the gaps between orders: 1 is Poisson;
//   - dropout_on, the day from which the account orders no more; empty for later than the data;
//   - change_on and rate_factor: from that day the rate is purchase_rate * rate_factor;
//   - mean_order_value, expected net value in the currency, and margin_rate, expected gross profit /
//     net sales, both before credit notes.
//
// And what came of it in the file that b is of, exactly: orders and lines (credit notes and cancelled
// orders not counted), credit_notes, net_sales and cost (credit notes deducted), first_order_on and
// last_order_on. A weekend moves an order up to two days past dropout_on. Prospects have their story
// and zeros. It panics on books of another number of customers.
func (c *Company) WriteTruth(ctx context.Context, w io.Writer, f Format, b *Books) error {
	if len(b.by) != len(c.customers) {
		panic("synth: the books are of another company")
	}
	return c.eachAccount(ctx, w, f, "truth", truthFields(), func(account int) []any {
		id, story := string(c.appendID(nil, account)), c.story(account).String()
		if account >= len(c.customers) {
			return []any{id, story, nil, nil, nil, nil, nil, nil, nil, nil, int64(0), int64(0), int64(0),
				money.Amount(0), money.Amount(0), nil, nil}
		}
		who, got := &c.customers[account], &b.by[account]
		var change, factor any
		if who.factor != 1 {
			change, factor = c.dayOf(who.change), who.factor
		}
		return []any{id, story, who.rate, int64(who.shape), c.params.From + civil.Day(who.acquired), c.dayOf(who.death),
			change, factor, who.value / 100, who.margin, int64(got.orders), int64(got.credits), got.lines,
			got.net, got.cost, c.params.From + civil.Day(got.first), c.params.From + civil.Day(got.last)}
	})
}

// dayOf is the day of a trade time, nil after the data.
func (c *Company) dayOf(t float64) any {
	d, ok := c.season.hold(t)
	if !ok {
		return nil
	}
	return c.params.From + civil.Day(d)
}

// truthFile is truth.json. Sums are strings: they have more digits than a JSON reader's float64.
type truthFile struct {
	From     string         `json:"from"`
	To       string         `json:"to"` // the day after the last
	Params   Params         `json:"params"`
	Accounts int            `json:"accounts"`
	Stories  map[string]int `json:"stories"`
	Totals   truthTotals    `json:"totals"`
}

type truthTotals struct {
	Rows            int64  `json:"rows"`
	Customers       int64  `json:"customers"`
	Orders          int64  `json:"orders"`
	Lines           int64  `json:"lines"`
	CreditNotes     int64  `json:"credit_notes"`
	CreditLines     int64  `json:"credit_lines"`
	CancelledOrders int64  `json:"cancelled_orders"`
	CancelledLines  int64  `json:"cancelled_lines"`
	Thinned         int64  `json:"thinned_orders"`
	Units           string `json:"units"`
	NetSales        string `json:"net_sales"`
	Cost            string `json:"cost"`
	GrossProfit     string `json:"gross_profit"`
	Returned        string `json:"returned"`
	Discount        string `json:"discount"`
	Cancelled       string `json:"cancelled"`
	First           string `json:"first_day"`
	Last            string `json:"last_day"`
}

// WriteTruthJSON writes the parameters, the number of accounts of each story and the exact totals
// of the file that b is of.
func (c *Company) WriteTruthJSON(w io.Writer, b *Books) error {
	t := &b.Totals
	file := truthFile{From: c.params.From.String(), To: c.params.To().String(), Params: c.params, Accounts: c.Accounts(),
		Stories: map[string]int{}, Totals: truthTotals{
			Rows: t.Rows, Customers: t.Customers, Orders: t.Orders, Lines: t.Lines, CreditNotes: t.CreditNotes,
			CreditLines: t.CreditLines, CancelledOrders: t.CancelledOrders, CancelledLines: t.CancelledLines, Thinned: t.Thinned,
			Units: t.Units.String(), NetSales: t.NetSales.String(), Cost: t.Cost.String(), GrossProfit: t.GrossProfit().String(),
			Returned: t.Returned.String(), Discount: t.Discount.String(), Cancelled: t.Cancelled.String(),
			First: t.First.String(), Last: t.Last.String()}}
	for a := range c.Accounts() {
		file.Stories[c.story(a).String()]++
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(file); err != nil {
		return fmt.Errorf("write truth.json: %w", err)
	}
	return nil
}
