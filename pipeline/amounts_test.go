package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// lostDecimals are the amounts of an export that lost its decimal mark on 3 of 6 lines.
const lostDecimals = `order_id,customer_id,ordered_at,quantity,unit_price,amount
1,A,2024-05-01,2,10.25,2050
2,A,2024-05-02,1,99.90,9990
3,B,2024-05-02,3,1.15,345
4,B,2024-05-03,1,5,5
5,C,2024-05-03,2,5,10
6,C,2024-05-04,3,5,15
`

// A systematic difference stops the night with its evidence; the settings named in the error decide it.
func TestLostDecimalsAreRefused(t *testing.T) {
	s := small{orders: lostDecimals}
	refused := func(yaml string) error {
		_, err := pipeline.Run(context.Background(), "test", 2, s.config(t, yaml), pipeline.Events{})
		return err
	}
	for _, yaml := range []string{"", "amount_tolerance: 2\n", "amount_tolerance: 49.9%\n"} {
		err := refused(yaml)
		if !errors.Is(err, pipeline.ErrInput) {
			t.Fatalf("%q: got %v, want a refusal", yaml, err)
		}
		for _, want := range []string{"orders.csv: the amount is 100 times quantity x unit_price", "3 of the 6 lines", "line 2: amount 2050.00, computed 20.50",
			"line 4: amount 345.00, computed 3.45", "amount_from: price", "amount_from: amount"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q is missing in %v", want, err)
			}
		}
	}
	for yaml, want := range map[string]string{"settings: {amount_from: price}\n": "120.40", "settings: {amount_from: amount}\n": "12040.00", "amount_tolerance: 50%\n": "12040.00",
		"amount_tolerance: 3\n": "12040.00", "publish_anyway: true\n": "12040.00"} {
		got := figures(s.customers(t, yaml), "net_sales")["A"]
		if got != want {
			t.Errorf("%q: A bought for %s, want %s", yaml, got, want)
		}
	}
}

// The finding stands in the reconciliation, the manifest and the summary, whatever the tolerance.
func TestMismatchesAreReported(t *testing.T) {
	out := runNight(t, small{orders: lostDecimals}.config(t, "amount_tolerance: 50%\n"), 2)
	m := out.Manifest
	if a := m.Reconciliation.Amounts; a == nil || a.Compared != 6 || len(a.Findings) != 1 || a.Findings[0].Lines != 3 {
		t.Errorf("reconciliation: got %+v", a)
	}
	if diff := cmp.Diff(m.Reconciliation.Amounts.Findings, m.Understood[0].Amounts.Findings); diff != "" {
		t.Errorf("understood: %s", diff)
	}
	if m.Gates.AmountTolerance != "50%" || m.Gates.AmountsExceeded {
		t.Errorf("gates: got %+v", m.Gates)
	}
	var b bytes.Buffer
	if err := out.WriteSummary(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"amounts: the amount is 100 times quantity x unit_price, as where decimals are lost: 3 of 6 lines", "orders.csv, line 2: amount 2050.00, computed 20.50"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}

// A night that was published with a tolerance is not the answer to one that tolerates less.
func TestUnchangedAsksTheToleranceAgain(t *testing.T) {
	c := small{orders: lostDecimals}.config(t, "amount_tolerance: 50%\n")
	runNight(t, c, 1)
	if out := runNight(t, c, 1); !out.Unchanged {
		t.Error("the same night was computed again")
	}
	c.AmountTolerance = pipeline.DefaultAmountTolerance()
	if _, err := pipeline.Run(context.Background(), "test", 1, c, pipeline.Events{}); !errors.Is(err, pipeline.ErrInput) {
		t.Errorf("got %v, want a refusal", err)
	}
}

// One broken file among many whole ones is found by itself.
func TestTheToleranceIsOfEachFile(t *testing.T) {
	var whole strings.Builder
	whole.WriteString("order_id,customer_id,ordered_at,quantity,unit_price,amount\n")
	for range 1000 {
		whole.WriteString("9,Z,2024-05-01,2,10.25,20.50\n")
	}
	s := small{orders: lostDecimals}
	c := s.config(t, "")
	c.Orders = append(c.Orders, put(t, t.TempDir(), "whole.csv", whole.String()))
	_, err := pipeline.Run(context.Background(), "test", 2, c, pipeline.Events{})
	if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), "orders.csv: the amount is 100 times") || strings.Contains(err.Error(), "whole.csv") {
		t.Errorf("got %v, want orders.csv refused", err)
	}
}

// tax_included takes tax out of amounts, prices and discounts of a whole export, not out of costs; a line
// that says no keeps its amount.
func TestTaxIncludedOfAWholeExport(t *testing.T) {
	const yaml = "settings: {tax_rate: 19%, tax_included: true}\n"
	amounts := small{orders: `order_id,customer_id,ordered_at,amount,cost
1,GROSS,2024-05-01,119,50
2,CENT,2024-05-01,0.01,0
3,BACK,2024-05-02,-11.90,-5
`}
	want := map[string]string{"GROSS": "100.00 50.00", "CENT": "0.0084 0.0084", "BACK": "-10.00 -5.00"}
	if diff := cmp.Diff(want, figures(amounts.customers(t, yaml), "net_sales", "gross_profit")); diff != "" {
		t.Errorf("amounts: -want +got\n%s", diff)
	}
	prices := small{orders: `order_id,customer_id,ordered_at,quantity,unit_price,discount_rate,unit_cost,tax_included
1,SAID,2024-05-01,2,119,0.1,60,yes
2,UNSAID,2024-05-01,2,119,0.1,60,
3,NET,2024-05-01,2,119,0.1,60,no
`}
	want = map[string]string{"SAID": "180.00 60.00 20.00", "UNSAID": "180.00 60.00 20.00", "NET": "214.20 94.20 23.80"}
	if diff := cmp.Diff(want, figures(prices.customers(t, yaml), "net_sales", "gross_profit", "discount")); diff != "" {
		t.Errorf("prices: -want +got\n%s", diff)
	}
	for _, tax := range []money.Rate{0, -1} {
		c := amounts.config(t, "")
		c.Settings.TaxIncluded, c.Settings.TaxRate = true, tax
		if _, err := pipeline.Run(context.Background(), "test", 1, c, pipeline.Events{}); !errors.Is(err, pipeline.ErrConfig) || !strings.Contains(err.Error(), "tax_rate") {
			t.Errorf("tax_rate %s: got %v, want a fault of the config", tax, err)
		}
	}
}

// A refund counts on its own day, in its own period, though it names an order of another: the sale stays
// in the days it was made, and the order stays a purchase.
func TestRefundsInAnotherPeriod(t *testing.T) {
	s := small{orders: `order_id,customer_id,ordered_at,quantity,unit_price,unit_cost,status
1,LATER,2023-01-10,2,50,30,shipped
1,LATER,2024-03-05,-1,50,30,shipped
2,LATER,2024-03-06,1,10,6,shipped
3,WORD,2023-01-10,2,50,30,shipped
3,WORD,2024-03-05,1,50,30,refund
4,SAME,2024-03-05,2,50,30,shipped
4,SAME,2024-03-05,-2,50,30,shipped
`}
	sheet := s.customers(t, "window: 100\n")
	got := figures(sheet, "net_sales", "gross_profit", "returned", "net_sales_window", "gross_profit_window")
	want := map[string]string{
		"LATER": "60.00 24.00 50.00 -40.00 -16.00", // 100 - 50 + 10; in the window only the refund and order 2
		"WORD":  "50.00 20.00 50.00 -50.00 -20.00",
		"SAME":  "0.00 0.00 100.00 0.00 0.00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for id, want := range map[string]string{"LATER": "2 2023-01-10 2024-03-06", "WORD": "1 2023-01-10 2023-01-10"} {
		i := sheet.row(id)
		if got := fmt.Sprint(sheet.cell(i, "orders"), civil.Day(sheet.cell(i, "first_day").Int32()), civil.Day(sheet.cell(i, "last_day").Int32())); got != want {
			t.Errorf("%s: orders, first and last day: got %s, want %s", id, got, want)
		}
	}
}

// A refund of a whole order counts once, on the day of the row that states it: of the order's own first
// row, or of a row of its own in a later period.
func TestOrderRefundsInAnotherPeriod(t *testing.T) {
	s := small{orders: `order_id,customer_id,ordered_at,quantity,unit_price,refunded
1,A,2023-01-10,2,50,30
1,A,2023-01-10,1,20,
2,B,2023-01-10,1,80,0
2,B,2024-03-05,0,0,80
3,C,2024-03-06,1,5,
`}
	got := figures(s.customers(t, "window: 100\nsettings: {order_refund: refunded}\n"), "net_sales", "returned", "net_sales_window")
	want := map[string]string{"A": "90.00 30.00 0.00", "B": "0.00 80.00 -80.00", "C": "5.00 0.00 5.00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// An amount whose header says that it includes tax counts without it once the rate is set, and as it stands
// where the config says so.
func TestGrossHeaders(t *testing.T) {
	dir := t.TempDir()
	in := put(t, dir, "o.csv", "order_id,customer_id,ordered_at,价税合计\n1,A,2024-03-01,113.00\n2,A,2024-03-02,56.50\n")
	for yaml, want := range map[string]string{"settings: {tax_included: true, tax_rate: 13%}\n": "150.00", "settings: {tax_included: false}\n": "169.50"} {
		out := runNight(t, configured(t, yaml, pipeline.Config{Orders: []string{in}, Out: filepath.Join(dir, "out")}), 1)
		if got := fmt.Sprint(out.Manifest.Reconciliation.Used.Money); got != want {
			t.Errorf("%s: got %s, want %s", yaml, got, want)
		}
	}
}
