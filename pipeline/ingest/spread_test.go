package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"pgregory.net/rapid"
)

const shopHeader = "Name,Email,Created at,Lineitem sku,Lineitem quantity,Lineitem price,Currency,Financial Status,Discount Amount"

// shop is rows of the Shopify layout with semicolons.
func shop(more string, rows ...string) string {
	return strings.ReplaceAll(shopHeader, ",", ";") + more + "\n" + strings.Join(rows, "\n") + "\n"
}

func shopify(t failer) ingest.Options {
	t.Helper()
	p, err := layout.LoadPreset("shopify")
	if err != nil {
		t.Fatal(err)
	}
	return ingest.Options{Workers: 2, Mapping: layout.Mapping{Preset: p, Settings: p.Settings}}
}

// The discount of an order is read as the file writes numbers, counts once, and is spread to the last digit.
func TestOrderDiscounts(t *testing.T) {
	own := ";Lineitem discount"
	for _, c := range []struct {
		name, text, want string // what is used
		rejects          int
		evidence         string
	}{
		{"decimal comma, parts like thousands", shop("", "#1;a;2026-01-05;A;1;3000;EUR;paid;5", "#1;;;B;1;5000;;;", // 1.875 and 3.125
			"#2;b;2026-01-06;A;1;100,50;EUR;paid;0", "#3;b;2026-01-06;A;1;100,50;EUR;paid;2,50"), "8193.50", 0, "2 orders; 7.50"},
		{"a point between thousands", shop("", "#1;a;2026-01-05;A;1;3.000,00;EUR;paid;1.500", "#1;;;B;1;5.000,00;;;", "#2;b;2026-01-06;A;1;100,50;EUR;paid;0"), "6600.50", 0, "1 orders; 1500.00"},
		{"both", shop("", "#1;a;2026-01-05;A;1;3.000;EUR;paid;1.500", "#1;;;B;1;5.000;;;", "#2;b;2026-01-06;A;1;100,50;EUR;paid;12,50", "#2;;;B;1;100,50;;;"), "6688.50", 0, ""},
		{"no part is in the file", shop("", "#1;a;2026-01-05;A;1;100,00;EUR;paid;5", "#1;;;B;1;100,00;;;", "#1;;;C;2;100,00;;;",
			"#2;b;2026-01-06;A;1;100,50;EUR;paid;12,50", "#2;;;B;1;100,50;;;", "#3;c;2026-01-07;A;1;1.234,50;EUR;paid;0"), "1818.00", 0, ""},
		{"lines state all of it", shop(own, "#1;a;2026-01-05;A;1;100;EUR;paid;8;2,50", "#1;;;B;1;100;;;;5,50", "#2;b;2026-01-06;A;1;100,50;EUR;paid;0;0,00"), "292.50", 0, "1 orders; 0.00"},
		{"lines state 8 of 20", shop(own, "#1;a;2026-01-05;A;1;100;EUR;paid;20;2,50", "#1;;;B;1;100;;;;5,50", "#2;b;2026-01-06;A;1;100,50;EUR;paid;0;0"), "280.50", 0, "1 orders; 12.00"},
		{"a line states 1 of 20", shop(own, "#1;a;2026-01-05;A;1;100;EUR;paid;20;1", "#1;;;B;1;100;;;;0"), "180.00", 0, "1 orders; 19.00"},
		{"lines state more", shop(own, "#1;a;2026-01-05;A;1;100;EUR;paid;2;5", "#1;;;B;1;100;;;;0"), "195.00", 0, "not used in 1 orders, 2.00"},
		{"another format than the lines'", shop(own, "#1;a;2026-01-05;A;1;100;EUR;paid;1.020,00;0", "#1;;;B;10;100;;;;0"), "80.00", 0, ""},
		{"repeated on all rows", shopHeader + "\n" + strings.Repeat("#1,a,2026-01-05,S,1,\"1,200.00\",EUR,paid,100\n", 5), "5900.00", 0, ""},
		{"two discounts", shop("", "#1;a;2026-01-05;A;1;100;EUR;paid;5", "#1;;;B;1;100;;;6", "#2;b;2026-01-06;A;1;10;EUR;paid;0"), "10.00", 2, "cannot be used"},
		{"below zero", shop("", "#1;a;2026-01-05;A;1;100;EUR;paid;-5", "#1;;;B;1;100;;;", "#2;b;2026-01-06;A;1;10;EUR;paid;0"), "10.00", 2, ""},
		{"more than the lines", shop("", "#1;a;2026-01-05;A;1;100;EUR;paid;101", "#2;b;2026-01-06;A;1;10;EUR;paid;10"), "0.00", 1, ""},
		{"a line that cannot be read", shop("", "#1;a;2026-01-05;A;1;100;EUR;paid;5", "#1;;;B;one;100;;;", "#2;b;2026-01-06;A;1;10;EUR;paid;0"), "10.00", 2, ""},
		{"no number", shop(own, "#1;a;2026-01-05;A;1;100;EUR;paid;five;", "#2;b;2026-01-06;A;1;10;EUR;paid;0;", "#3;b;2026-01-06;A;1;10;EUR;paid;1;"), "19.00", 1, ""},
		{"interleaved", shop("", "#1;a;2026-01-05;A;1;100;EUR;paid;30", "#2;a;2026-01-05;A;1;100;EUR;paid;30", "#1;a;2026-01-05;B;1;100;EUR;paid;30", "#2;a;2026-01-05;B;1;100;EUR;paid;30"), "140.00", 2, ""},
		{"interleaved without discounts", shop("", "#1;a;2026-01-05;A;1;100;EUR;paid;0", "#2;a;2026-01-05;A;1;100;EUR;paid;0", "#1;a;2026-01-05;B;1;100;EUR;paid;", "#2;a;2026-01-05;B;1;100;EUR;paid;0"), "400.00", 0, ""},
		{"a long order", shopHeader + "\n" + strings.Repeat("#1,a,2026-01-05,S,1,10,EUR,paid,100\n", 40_000) + "#2,a,2026-01-05,S,1,10,EUR,paid,1\n", "399909.00", 0, "2 orders; 101.00"},
		{"ends left out", shopHeader + ",,\n#1,a,2026-01-05,S,1,10,EUR,paid,3,,\n#1,,,S,1,20,,,\n", "27.00", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _ := read(t, shopify(t), write(t, t.TempDir(), "o.csv", c.text))
			if got := r.Books.Used().Money.String(); got != c.want || len(r.Rejects) != c.rejects {
				t.Errorf("used %s, want %s; rejects %v", got, c.want, r.Rejects)
			}
			if all := strings.Join(r.Files[0].Evidence, "\n"); !strings.Contains(all, c.evidence) {
				t.Errorf("no word of %q in\n%s", c.evidence, all)
			}
			if warned := len(r.Files[0].Warnings) > 0; warned != strings.Contains(c.evidence, "not used") {
				t.Errorf("warnings %v", r.Files[0].Warnings)
			}
		})
	}
}

// Without carry_down an order ends where its canonical id changes, whatever column its discount stands in.
func TestOrderDiscountsWithoutCarry(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"repeated", "discount_amount,Rebate\n1,C,2026-01-05,A,1,100,,20\n1,C,2026-01-05,B,1,100,,20\n2,C,2026-01-06,B,1,100,,0\n", "280.00"},
		{"on the first row", "discount_amount,Rebate\n1,C,2026-01-05,A,1,100,,20\n1,C,2026-01-05,B,1,100,,\n2,C,2026-01-06,B,1,100,,0\n", "280.00"},
		{"no column for lines", "Note,Rebate\n1,C,2026-01-05,A,1,100,,20\n1,C,2026-01-05,B,1,100,,\n", "180.00"},
		{"one id in two spellings", "Note,Rebate\n17850.0,C,2026-01-05,A,1,100,,20\n17850,C,2026-01-05,B,1,100,,20\n", "180.00"},
		{"after a rate", "discount_rate,Rebate\n1,C,2026-01-05,A,1,100,0.1,20\n1,C,2026-01-05,B,1,100,0,20\n", "180.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := ingest.Options{Mapping: layout.Mapping{Settings: layout.Settings{OrderDiscount: "Rebate"}}}
			r, l := read(t, o, write(t, t.TempDir(), "o.csv", "order_id,customer_id,ordered_at,product_id,quantity,unit_price,"+c.text))
			if got := r.Books.Used().Money.String(); got != c.want || len(r.Rejects) > 0 {
				t.Errorf("used %s, want %s; rejects %v", got, c.want, r.Rejects)
			}
			if off := l.Rows().Discount[0]; off != 20*money.One {
				t.Errorf("the first order has a discount of %s, want 20.00", off)
			}
		})
	}
}

// A header of the settings that no file has, or that cannot take effect, is an error that names it.
func TestWholeOrderSettingsTakeEffect(t *testing.T) {
	const lines = "order_id,customer_id,ordered_at,quantity,unit_price,Rebate\n1,A,2026-01-05,1,10,1\n"
	for _, c := range []struct {
		name, text, want string
		settings         layout.Settings
	}{
		{"misspelt discount", lines, `order_discount: no file of orders has a header "Rebat"`, layout.Settings{OrderDiscount: "Rebat"}},
		{"misspelt refund", lines, `order_refund: no file of orders has a header "Rebat"`, layout.Settings{OrderRefund: "Rebat"}},
		{"an amount", "order_id,customer_id,ordered_at,quantity,unit_price,amount,Rebate\n1,A,2026-01-05,1,10,10,1\n", `order_discount "Rebate" has no effect`, layout.Settings{OrderDiscount: "Rebate"}},
		{"no price", "order_id,customer_id,ordered_at,amount,Rebate\n1,A,2026-01-05,10,1\n", "can only be spread over lines with quantity and unit_price", layout.Settings{OrderDiscount: "Rebate"}},
		{"no order", "customer_id,ordered_at,quantity,unit_price,Rebate\nA,2026-01-05,1,10,1\n", "needs order_id", layout.Settings{OrderDiscount: "Rebate", OrderPerDay: true}},
	} {
		_, err := ingest.Read(context.Background(), []source.File{write(t, t.TempDir(), "o.csv", c.text)}, ingest.Options{Mapping: layout.Mapping{Settings: c.settings}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	parquet := write(t, t.TempDir(), "o.parquet", parquetOf(t, []row{{OrderID: "1", CustomerID: "A", OrderedAt: 19_783, Quantity: 1, UnitPrice: 10, Category: "C"}}))
	for name, want := range map[string]string{"category": "of text and workbooks only", "Rebat": "no file of orders has"} {
		for _, s := range []layout.Settings{{OrderDiscount: name}, {OrderRefund: name}} {
			if _, err := ingest.Read(context.Background(), []source.File{parquet}, ingest.Options{Mapping: layout.Mapping{Settings: s}}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Parquet with %+v: %v, want %q", s, err, want)
			}
		}
	}
	// What the preset names and an export lacks is no fault.
	read(t, shopify(t), write(t, t.TempDir(), "o.csv", "Name,Email,Created at,Lineitem quantity,Lineitem price\n#1,a,2026-01-05,1,10\n"))
}

// What is used is the list value less the discount of each order, in any number of orders and lines.
func TestOrderDiscountsAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text, want := "order_id;customer_id;ordered_at;quantity;unit_price;Note;Rebate\n0;A;2026-01-01;1;0,5;;0,5\n", money.Amount(0)
		repeat := rapid.Bool().Draw(rt, "repeat")
		for o := range rapid.IntRange(1, 5).Draw(rt, "orders") {
			prices := rapid.SliceOfN(rapid.IntRange(1, 9_999_999), 1, 6).Draw(rt, "prices")
			sum := 0
			for _, p := range prices {
				sum += p
			}
			off := rapid.IntRange(0, sum).Draw(rt, "off")
			want += money.Amount(100 * (sum - off))
			for i, p := range prices {
				rebate := ""
				if i == 0 || repeat {
					rebate = fmt.Sprintf("%d,%02d", off/100, off%100)
				}
				text += fmt.Sprintf("%d;A;2026-01-05;1;%d,%02d;;%s\n", o+1, p/100, p%100, rebate)
			}
		}
		o := ingest.Options{Mapping: layout.Mapping{Settings: layout.Settings{OrderDiscount: "Rebate"}}}
		r, l := read(rt, o, write(rt, t.TempDir(), "o.csv", text))
		if got := r.Books.Used().Money; got != want || len(r.Rejects) > 0 {
			rt.Errorf("used %s, want %s; %v of\n%s", got, want, r.Rejects, text)
		}
		for i, back := range l.Rows().Returned {
			if back != 0 {
				rt.Errorf("row %d has returns of %s", i, back)
			}
		}
	})
}

// Rows that are reshaped decide their formats on the whole file where its first block leaves them open.
func TestReshapedFormatsOfAllRows(t *testing.T) {
	text := shopHeader + "\n" + strings.Repeat("#1,a,02/01/2026,"+strings.Repeat("n", 60)+",1,10,EUR,paid,0\n", 20_000) + "#2,a,13/01/2026,S,1,10,EUR,paid,0\n"
	r, l := read(t, shopify(t), write(t, t.TempDir(), "o.csv", text))
	if d := l.Rows().Day[0].String(); r.Books.Used().Lines != 20_001 || d != "2026-01-02" {
		t.Errorf("%d lines, the first on %s", r.Books.Used().Lines, d)
	}
}
