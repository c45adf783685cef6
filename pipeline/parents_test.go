package pipeline_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
)

// group is a company of two trees and two accounts alone: TOP <- KID1 <- KID2 (a grandchild) with
// KID3, who never bought, and HOLDING <- LONE, where HOLDING has neither a CRM row nor orders.
func group() small {
	return small{
		orders: `order_id,customer_id,ordered_at,quantity,unit_price,unit_cost,category
A1,KID1,2024-01-10,1,100,60,Bolts
A2,KID2,2024-02-10,2,100,60,Nuts
A3,TOP,2024-03-10,1,50,20,Bolts
A4,SOLO,2024-03-11,1,1000,400,Bolts
A5,LONE,2023-06-01,4,10,5,Nuts
A6,KID1,2023-01-02,1,7,3,Glue
A7,MINI,2024-04-30,1,5,4,Nuts
`,
		crm: `customer_id,name,parent_id,credit_limit,receivables,overdue,days_sales_outstanding,credit_blocked
TOP,Top Ltd,,1000,100,0,20,no
KID1,Kid One,TOP,500,100,40,10,no
KID2,Kid Two,KID1,500,200,0,70,no
KID3,Kid Three,TOP,,,,,
SOLO,Solo Inc,SOLO,1000,100,0,5,no
LONE,Lone Star,HOLDING,100,0,0,5,yes
MINI,Mini,,,,,,
`,
	}
}

func TestParentsHoldTheGroup(t *testing.T) {
	out := runNight(t, group().config(t, ""), 2)
	s := customersOf(t, out)
	for _, want := range []struct {
		id, name, parent, role     string
		net, window, profit        string
		orders, ordersWindow, rank int64
	}{
		{"HOLDING", "", "", "parent", "40.00", "40.00", "20.00", 1, 1, 3},
		{"KID1", "Kid One", "TOP", "child", "107.00", "100.00", "44.00", 2, 1, 0},
		{"KID2", "Kid Two", "KID1", "child", "200.00", "200.00", "80.00", 1, 1, 0},
		{"KID3", "Kid Three", "TOP", "child", "0.00", "0.00", "0.00", 0, 0, 0},
		{"LONE", "Lone Star", "HOLDING", "child", "40.00", "40.00", "20.00", 1, 1, 0},
		{"MINI", "Mini", "", "standalone", "5.00", "5.00", "1.00", 1, 1, 4},
		{"SOLO", "Solo Inc", "SOLO", "standalone", "1000.00", "1000.00", "600.00", 1, 1, 1},
		{"TOP", "Top Ltd", "", "parent", "357.00", "350.00", "154.00", 4, 3, 2},
	} {
		i := s.row(want.id)
		got := want
		got.name, got.parent, got.role = s.text(i, "name"), s.text(i, "parent_id"), s.text(i, "account_role")
		got.net, got.window, got.profit = s.amount(i, "net_sales").String(), s.amount(i, "net_sales_window").String(), s.amount(i, "gross_profit").String()
		got.orders, got.ordersWindow, got.rank = s.whole(i, "orders"), s.whole(i, "orders_window"), s.whole(i, "sales_rank")
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if s.len() != 8 {
		t.Errorf("got %d customers, want 8", s.len())
	}
	r := out.Manifest.Reconciliation
	if r.Customers != 8 || r.Children != 4 || r.Used.Money != "1402.00" || r.Total.Money != "1402.00" || out.Manifest.Company.NetSales != "1402.00" {
		t.Errorf("got %+v, want each sale once: 1402 of 8 customers, 4 of them children", *r)
	}
	children(t, s)
}

// children checks what a child has of its ultimate parent: the tier, and no place in any ranking.
func children(t *testing.T, s *sheet) {
	t.Helper()
	for id, root := range map[string]string{"KID1": "TOP", "KID2": "TOP", "KID3": "TOP", "LONE": "HOLDING"} {
		i, p := s.row(id), s.row(root)
		if s.text(i, "tier") != s.text(p, "tier") || s.text(i, "tier") == "" {
			t.Errorf("%s: got tier %q, want %q of its parent", id, s.text(i, "tier"), s.text(p, "tier"))
		}
		if want := "with its parent " + root + ": " + s.text(p, "reason"); s.text(i, "reason") != want {
			t.Errorf("%s: got reason %q, want %q", id, s.text(i, "reason"), want)
		}
		for _, column := range []string{"sales_rank", "sales_share", "sales_class", "profit_rank", "key_score", "volume_percentile", "r_score", "rfm_segment"} {
			if !s.null(i, column) {
				t.Errorf("%s: got %s %s, want none: its parent has it", id, column, s.cell(i, column))
			}
		}
	}
}

// The credit of a group: amounts add up, the slowest payer counts, one blocked account blocks it.
// Each child keeps its own state.
func TestCreditRollsUp(t *testing.T) {
	s := group().customers(t, "")
	for id, want := range map[string]string{
		"KID1":    "WATCH",   // 40 of 100 overdue
		"KID2":    "WATCH",   // 70 days
		"TOP":     "WATCH",   // 40 of 400 overdue pass at 10%; the 70 days of its child do not
		"SOLO":    "GOOD",    // itself
		"LONE":    "BLOCKED", // blocked by itself
		"HOLDING": "BLOCKED", // blocked by its child
		"MINI":    "UNKNOWN", // no data is not good
	} {
		if got := s.text(s.row(id), "credit_state"); got != want {
			t.Errorf("%s: got credit %s, want %s", id, got, want)
		}
	}
}

// A cycle of parents has no ultimate parent: the night ends and names the accounts.
func TestCycleOfParents(t *testing.T) {
	g := group()
	g.crm = strings.Replace(g.crm, "TOP,Top Ltd,,", "TOP,Top Ltd,KID2,", 1)
	c := g.config(t, "")
	_, err := pipeline.Run(context.Background(), "test", 2, c, pipeline.Events{})
	if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), "KID1 -> TOP -> KID2 -> KID1: correct parent_id") {
		t.Errorf("got %v, want the cycle KID1 -> TOP -> KID2 -> KID1", err)
	}
}
