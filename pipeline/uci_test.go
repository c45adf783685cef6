package pipeline_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// The wanted figures of this file are those of reference/retail_numbers.md on UCI Online Retail,
// computed apart from this project with exact decimals: 305 daily files of real trade.
func TestRetail(t *testing.T) {
	out := runNight(t, configured(t, "preset: uci\nwindow: all\n", pipeline.Config{
		Orders: []string{data(t, "uci_online_retail", "by-day")}, Out: filepath.Join(t.TempDir(), "out"),
	}), 2)
	s := customersOf(t, out)
	got := map[string]string{
		"customers": fmt.Sprint(s.len()), "sales": s.sum("net_sales", nil).String(),
		"below zero":         fmt.Sprint(s.count(func(i int) bool { return s.amount(i, "net_sales") < 0 })),
		"at zero":            fmt.Sprint(s.count(func(i int) bool { return s.amount(i, "net_sales") == 0 })),
		"one order":          fmt.Sprint(s.count(func(i int) bool { return s.whole(i, "orders") == 1 })),
		"cancellations only": fmt.Sprint(s.count(func(i int) bool { return s.whole(i, "orders") == 0 })),
		"base":               s.sum("net_sales", func(i int) bool { return s.amount(i, "net_sales") > 0 }).String(),
		"profits known":      fmt.Sprint(s.count(func(i int) bool { return !s.null(i, "gross_profit") })),
		"lines":              fmt.Sprint(int64(s.sum("lines", nil))),
	}
	for _, class := range []string{"A", "B", "C", "Z", "L"} {
		in := s.is("sales_class", class)
		got[class] = fmt.Sprint(s.count(in), " ", s.sum("net_sales_window", in))
	}
	// A fifth of 4,372 customers is 874.
	top := s.sum("net_sales_window", func(i int) bool { return s.whole(i, "sales_rank") <= 874 })
	got["top 20%"] = fmt.Sprintf("%.2f%%", 100*top.Float()/s.sum("net_sales_window", nil).Float())
	want := map[string]string{
		"customers": "4372", "sales": "8300065.814", "below zero": "41", "at zero": "14", "one order": "1494", "cancellations only": "33",
		"base": "8313294.954", "profits known": "0", "lines": "406829", // 541,909 less 135,080 without a customer
		"A": "1178 6651083.581", "B": "1456 1246929.522", "C": "1683 415281.851", "L": "41 -13229.14", "Z": "14 0.00", "top 20%": "73.82%",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("customers.parquet: -want +got\n%s", diff)
	}
	retailTies(t, s)
	retailBooks(t, out)
}

// retailTies counts the customers that share their net sales with another: they share the share and
// the class as well. Their ranks are ordinal, by customer id, so that no two customers have the same.
func retailTies(t *testing.T, s *sheet) {
	t.Helper()
	groups := map[money.Amount][]int{}
	for i := range s.rows {
		a := s.amount(i, "net_sales_window")
		groups[a] = append(groups[a], i)
	}
	tied, largest := 0, 0
	for a, rows := range groups {
		if len(rows) > 1 {
			tied += len(rows)
		}
		largest = max(largest, len(rows))
		for _, i := range rows[1:] {
			for _, column := range []string{"sales_share", "sales_class"} {
				if x, y := s.cell(rows[0], column), s.cell(i, column); x.String() != y.String() {
					t.Errorf("net sales %s: got %s %s and %s of equal customers", a, column, x, y)
				}
			}
		}
	}
	if tied != 197 || largest != 14 {
		t.Errorf("got %d customers in ties, the largest of %d, want 197 and 14", tied, largest)
	}
}

func retailBooks(t *testing.T, out *pipeline.Outcome) {
	t.Helper()
	r := out.Manifest.Reconciliation
	got := map[string]any{
		"read": r.Read.Lines, "total": r.Read.Money, "no customer": r.NoCustomer.Lines, "value of no customer": r.NoCustomer.Money,
		"used": r.Used.Money, "company": r.Total.Money, "rejected": r.Rejected.Lines, "files": len(out.Manifest.Inputs), "customers": r.Customers,
		"vital customers": out.Manifest.Company.VitalCustomers, "profit": out.Manifest.Company.GrossProfit,
	}
	want := map[string]any{
		"read": int64(541_909), "total": "9747747.934", // printed 9,747,747.93 in the reference
		"no customer": int64(135_080), "value of no customer": "1447682.12", "used": "8300065.814", "company": "9747747.934",
		"rejected": int64(0), "files": 305, "customers": 4372,
		"vital customers": 1178, // class A's last customer crosses the cut
		"profit":          "",   // no cost anywhere: unknown, not zero
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("manifest: -want +got\n%s", diff)
	}
	if len(out.Manifest.Off) == 0 || out.Manifest.Off[0] != "margin: no sales with a known cost in the window, so volume alone decides key accounts" {
		t.Errorf("got switched off %q, want the margin among them", out.Manifest.Off)
	}
}
