package pipeline_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// The wanted figures of this file are those of reference/retail_numbers.md on AdventureWorks
// resellers, computed apart from this project with exact decimals.

func resellers(t *testing.T, yaml string) pipeline.Config {
	t.Helper()
	return configured(t, "preset: adventureworks\n"+yaml, pipeline.Config{
		Orders: []string{data(t, "adventureworks_dw", "FactResellerSales.parquet")}, Out: filepath.Join(t.TempDir(), "out"),
	})
}

func TestResellersAllTime(t *testing.T) {
	out := runNight(t, resellers(t, "window: all\nkey_account: {volume: median}\n"), 2)
	s := customersOf(t, out)
	got := map[string]string{
		"customers": fmt.Sprint(s.len()), "orders": fmt.Sprint(int64(s.sum("orders", nil))), "lines": fmt.Sprint(int64(s.sum("lines", nil))),
		"sales": s.sum("net_sales", nil).String(), "sales in window": s.sum("net_sales_window", nil).String(),
		"cost":           (s.sum("net_sales", nil) - s.sum("gross_profit", nil)).String(),
		"profit":         s.sum("gross_profit", nil).String(),
		"below zero":     fmt.Sprint(s.count(func(i int) bool { return s.amount(i, "gross_profit") < 0 })),
		"peak of profit": s.sum("gross_profit", func(i int) bool { return s.amount(i, "gross_profit") > 0 }).String(),
		"profit class L": fmt.Sprint(s.count(s.is("profit_class", "L"))),
	}
	for _, class := range []string{"A", "B", "C"} {
		in := s.is("sales_class", class)
		got[class] = fmt.Sprint(s.count(in), " ", cents(s.sum("net_sales_window", in)))
	}
	for _, quadrant := range []string{"KEY", "VOLUME_ONLY", "NICHE", "TAIL", "UNKNOWN"} {
		in := s.is("quadrant", quadrant)
		got[quadrant] = fmt.Sprint(s.count(in), " ", cents(s.sum("net_sales_window", in)), " ", cents(s.sum("gross_profit_window", in)))
	}
	losing := func(i int) bool { return s.text(i, "sales_class") == "A" && s.amount(i, "gross_profit_window") < 0 }
	got["A that lose money"] = fmt.Sprintf("%d %.2f M", s.count(losing), s.sum("net_sales_window", losing).Float()/1e6)
	want := map[string]string{
		"customers": "635", "orders": "3796", "lines": "60855",
		"sales": "80450596.9823", "sales in window": "80450596.9823", "cost": "79980114.379", "profit": "470482.6033",
		"below zero": "335", "peak of profit": "2643543.319", "profit class L": "335",
		"A": "186 64361881.38", "B": "125 12085745.27", "C": "324 4002970.34", "A that lose money": "110 38.88 M",
		"KEY": "116 28645324.62 2521823.68", "VOLUME_ONLY": "202 48135327.77 -2053758.80",
		"NICHE": "153 1302505.13 116030.73", "TAIL": "164 2367439.46 -113613.01", "UNKNOWN": "0 0.00 0.00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("customers.parquet: -want +got\n%s", diff)
	}
	resellerShares(t, s)
	resellerManifest(t, out.Manifest)
}

// resellerShares checks what the best fifth of the customers holds.
func resellerShares(t *testing.T, s *sheet) {
	t.Helper()
	bySales := func(i int) bool { return s.whole(i, "sales_rank") <= 127 }
	byProfit := func(i int) bool { return s.whole(i, "profit_rank") <= 127 }
	if n, m := s.count(bySales), s.count(byProfit); n != 127 || m != 127 {
		t.Fatalf("got %d and %d customers in the top 127 by sales and profit", n, m)
	}
	sales, profit := s.sum("net_sales_window", nil), s.sum("gross_profit_window", nil)
	for _, x := range []struct {
		name     string
		part, of money.Amount
		want     string
	}{
		{"top 127 by sales, of sales", s.sum("net_sales_window", bySales), sales, "66.71%"},
		{"top 127 by sales, of profit", s.sum("gross_profit_window", bySales), profit, "148.48%"},
		{"top 127 by profit, of profit", s.sum("gross_profit_window", byProfit), profit, "545.23%"},
	} {
		if got := fmt.Sprintf("%.2f%%", 100*x.part.Float()/x.of.Float()); got != x.want {
			t.Errorf("%s: got %s, want %s", x.name, got, x.want)
		}
	}
}

func resellerManifest(t *testing.T, m *pipeline.Manifest) {
	t.Helper()
	r, c := m.Reconciliation, m.Company
	got := map[string]any{
		"as of": m.AsOf, "window to": m.WindowTo, "read": r.Read.Lines, "used": r.Used.Lines, "rejected": r.Rejected.Lines, "total": r.Total.Money,
		"net": c.NetSales, "profit": c.GrossProfit, "whale peak": clip(c.WhalePeakShare, 7), "peak rank": c.WhalePeakRank, "losers": c.WhaleLosers, "top 20%": clip(c.Top20, 6),
	}
	want := map[string]any{
		"as of": "2013-11-30", "window to": "2013-11-30", "read": int64(60855), "used": int64(60855), "rejected": int64(0), "total": "80450596.9823",
		"net": "80450596.9823", "profit": "470482.6033", "whale peak": "5.61879", "peak rank": 300, "losers": 335, "top 20%": "0.6671",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("manifest: -want +got\n%s", diff)
	}
}

// clip cuts a printed number; the figures it is used on do not round at the cut.
func clip(s string, n int) string { return s[:min(len(s), n)] }

// Each year is seen on the first day of the next, through a window of its days. The discount column
// is of all days before, so a year's is the difference between two nights.
func TestResellersByYear(t *testing.T) {
	before := customersOf(t, runNight(t, resellers(t, "as_of: 2011-01-01\n"), 2)).sum("discount", nil)
	for _, y := range []struct{ asOf, window, sales, profit, discount string }{
		{"2012-01-01", "365", "18192802.71", "29420.14", "158491.24"},
		{"2013-01-01", "366", "28193631.53", "915899.04", "103864.56"}, // 2012 is a leap year
		{"2014-01-01", "365", "33574834.16", "-491870.01", "265152.13"},
	} {
		out := runNight(t, resellers(t, "as_of: "+y.asOf+"\nwindow: "+y.window+"\n"), 2)
		s := customersOf(t, out)
		sales, profit := cents(s.sum("net_sales_window", nil)), cents(s.sum("gross_profit_window", nil))
		discount := s.sum("discount", nil)
		if sales != y.sales || profit != y.profit || cents(discount-before) != y.discount {
			t.Errorf("as of %s: got sales %s, profit %s, discount %s, want %s, %s, %s", y.asOf, sales, profit, cents(discount-before), y.sales, y.profit, y.discount)
		}
		if from := y.asOf[:3] + string(y.asOf[3]-1) + "-01-01"; out.Manifest.WindowFrom != from || out.Manifest.WindowTo != y.asOf {
			t.Errorf("as of %s: got window %s to %s, want it from %s", y.asOf, out.Manifest.WindowFrom, out.Manifest.WindowTo, from)
		}
		after := out.Manifest.Reconciliation.After
		if (after.Lines == 0) != (y.asOf == "2014-01-01") {
			t.Errorf("as of %s: got %d lines after it", y.asOf, after.Lines)
		}
		before = discount
	}
}
