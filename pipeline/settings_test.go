package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
)

// figures are the money cells of each customer, "-" where unknown.
func figures(s *sheet, columns ...string) map[string]string {
	out := map[string]string{}
	for i := range s.rows {
		var cells []string
		for _, column := range columns {
			if s.null(i, column) {
				cells = append(cells, "-")
				continue
			}
			cells = append(cells, s.amount(i, column).String())
		}
		out[s.text(i, "customer_id")] = strings.Join(cells, " ")
	}
	return out
}

// Rates hold from their day until the next; the reporting currency needs none; costs and discounts
// convert with the sales; a line before the first rate is rejected.
func TestCurrencyRates(t *testing.T) {
	s := small{
		orders: `order_id,customer_id,ordered_at,quantity,unit_price,discount_rate,unit_cost,currency
1,EUROPE,2024-05-01,2,10,0,6,EUR
2,AMERICA,2024-05-01,2,10,0,6,USD
3,AMERICA,2024-05-31,1,10,0.1,6,USD
4,AMERICA,2024-06-01,1,10,0,6,USD
5,JAPAN,2024-06-02,1,1001,0,500,JPY
6,PLAIN,2024-06-02,1,3,0,1,
7,AMERICA,2024-04-30,1,10,0,6,USD
`,
		rates: "currency,day,rate\nUSD,2024-06-01,0.5\nJPY,2020-01-01,0.00625\nUSD,2024-05-01,0.9\n",
	}
	out := runNight(t, s.config(t, "currency: EUR\nmax_rejects: 1\n"), 2)
	sheet := customersOf(t, out)
	want := map[string]string{
		"EUROPE":  "20.00 8.00 0.00",
		"AMERICA": "31.10 11.90 0.90",   // 18 + 8.1 + 5, less a cost of 10.8 + 5.4 + 3
		"JAPAN":   "6.2562 3.1312 0.00", // 6.25625 and 3.125 half to even
		"PLAIN":   "3.00 2.00 0.00",
	}
	if diff := cmp.Diff(want, figures(sheet, "net_sales", "gross_profit", "discount")); diff != "" {
		t.Errorf("net sales, profit, discount: -want +got\n%s", diff)
	}
	if unit, _ := sheet.lookup("vitalfew.unit.net_sales"); unit != "money:EUR" || out.Manifest.Currency != "EUR" {
		t.Errorf("got unit %q, currency %q, want EUR", unit, out.Manifest.Currency)
	}
	if len(out.Rejects) != 1 || out.Rejects[0].Line != 8 || out.Rejects[0].Column != "currency" || out.Manifest.Reconciliation.RejectedBlind != 1 {
		t.Errorf("got rejects %+v, want line 8 for its currency", out.Rejects)
	}
}

// Mixed currencies without rates are an error that names them and where they stand first.
func TestMixedCurrencies(t *testing.T) {
	s := small{orders: "order_id,customer_id,ordered_at,amount,currency\n1,A,2024-05-01,5,EUR\n2,A,2024-05-01,5,USD\n3,A,2024-05-02,5,USD\n"}
	for yaml, want := range map[string]string{
		"":                "EUR (1 lines, first in ",
		"currency: EUR\n": "give `rates`: a table of currency, day, rate into EUR",
		"currency: CHF\n": "USD (2 lines, first in ",
	} {
		_, err := pipeline.Run(context.Background(), "test", 2, s.config(t, yaml), pipeline.Events{})
		if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "orders.csv, line 3") {
			t.Errorf("%q: got %v, want %q and the first line of USD", yaml, err, want)
		}
	}
}

// Tax comes out of what includes it; without a tax rate such a line is rejected, not guessed.
func TestTaxIncluded(t *testing.T) {
	s := small{orders: `order_id,customer_id,ordered_at,amount,cost,tax_included
1,GROSS,2024-05-01,119,50,yes
2,NET,2024-05-01,119,50,no
3,BLANK,2024-05-01,119,50,
4,CENT,2024-05-01,0.01,0,true
5,BACK,2024-05-02,-11.90,-5,1
`}
	want := map[string]string{"GROSS": "100.00 50.00", "NET": "119.00 69.00", "BLANK": "119.00 69.00", "CENT": "0.0084 0.0084", "BACK": "-10.00 -5.00"}
	if diff := cmp.Diff(want, figures(s.customers(t, "settings: {tax_rate: 19%}\n"), "net_sales", "gross_profit")); diff != "" {
		t.Errorf("net sales, profit: -want +got\n%s", diff)
	}
	c := s.config(t, "")
	_, err := pipeline.Run(context.Background(), "test", 2, c, pipeline.Events{})
	if !errors.Is(err, pipeline.ErrRejects) || !strings.Contains(err.Error(), "3 of 5 order lines were rejected") ||
		!strings.Contains(err.Error(), "orders.csv, line 2, tax_included: the amount includes tax, but no tax_rate is set") {
		t.Errorf("without tax_rate: got %v", err)
	}
}

// A cost comes from the first that has one: the line, its unit cost, the product table, the
// product's margin rate, the margin rate set for the category; else it is unknown and said so.
func TestWhereCostsComeFrom(t *testing.T) {
	s := small{
		orders: `order_id,customer_id,ordered_at,product_id,category,quantity,amount,cost,unit_cost
1,LINE,2024-05-01,P1,Tools,2,100,33,30
2,UNIT,2024-05-01,P1,Tools,2,100,,30
3,TABLE,2024-05-01,P1,Tools,2,100,,
4,RATE,2024-05-01,P2,Tools,2,100,,
5,CATEGORY,2024-05-01,P3,Tools,2,100,,
6,THEIRS,2024-05-01,P4,,2,100,,
7,NONE,2024-05-01,P5,Toys,2,100,,
8,HALF,2024-05-01,P5,Toys,1,30,,
9,HALF,2024-05-02,P1,Toys,1,70,20,
`,
		products: "product_id,unit_cost,category,margin_rate\nP1,25,Other,0.9\nP2,,Other,0.4\nP3,,Other,\nP4,,Tools,\nP5,,,\n",
	}
	out := runNight(t, s.config(t, "settings: {category_margins: {Tools: 25%}}\n"), 2)
	sheet := customersOf(t, out)
	want := map[string]string{
		"LINE": "67.00", "UNIT": "40.00", "TABLE": "50.00", "RATE": "40.00", "CATEGORY": "25.00", "THEIRS": "25.00", "NONE": "-", "HALF": "50.00",
	}
	if diff := cmp.Diff(want, figures(sheet, "gross_profit")); diff != "" {
		t.Errorf("profit: -want +got\n%s", diff)
	}
	for id, want := range map[string]string{"LINE": "1.00 KEY", "NONE": "0.00 UNKNOWN", "HALF": "0.70"} {
		i := sheet.row(id)
		got := fmt.Sprintf("%.2f %s", sheet.float(i, "cost_coverage"), sheet.text(i, "quadrant"))
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got coverage and quadrant %s, want %s", id, got, want)
		}
	}
	said := false
	for _, w := range out.Manifest.Warnings {
		said = said || strings.HasPrefix(w, "1 customers with sales have a cost for less than 0.5 of them")
	}
	if !said || out.Manifest.Company.MissingCost != 1 {
		t.Errorf("got warnings %q and %d without cost, want one said", out.Manifest.Warnings, out.Manifest.Company.MissingCost)
	}
}

// What the run has no data for is off, and named at the top.
func TestCriteriaThatAreOff(t *testing.T) {
	s := small{orders: "order_id,customer_id,ordered_at,amount\n1,A,2024-05-01,5\n2,B,2024-05-02,50\n"}
	out := runNight(t, s.config(t, ""), 2)
	for _, what := range []string{"margin: ", "credit: ", "categories: ", "strategic fit: "} {
		found := false
		for _, off := range out.Manifest.Off {
			found = found || strings.HasPrefix(off, what)
		}
		if !found {
			t.Errorf("got switched off %q, want %q among them", out.Manifest.Off, what)
		}
	}
	sheet := customersOf(t, out)
	if got := sheet.text(sheet.row("B"), "reason"); !strings.Contains(got, "no sales with a known cost in the window") && !strings.Contains(got, "margin") {
		t.Errorf("got reason %q, want it to name the margin that is off", got)
	}
	for _, column := range []string{"gross_profit", "margin_rate", "profit_rank", "margin_percentile", "clv_12m", "p_alive"} {
		if !sheet.null(0, column) {
			t.Errorf("%s: got %s, want null: it is unknown", column, sheet.cell(0, column))
		}
	}
}
