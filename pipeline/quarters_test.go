package pipeline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

// family is a company with a parent whose child sells, a credit note, a line without a cost, a customer
// that never bought, and orders older than the quarters that are kept.
func family() small {
	return small{
		orders: "order_id,customer_id,ordered_at,amount,cost\n1,P,2020-01-05,10,4\n2,P,2024-01-05,100,40\n3,K,2024-02-05,50,20\n4,K,2024-02-06,-20,-8\n" +
			"5,P,2024-05-05,7,\n6,S,2024-03-31,11,1\n7,S,2024-04-01,13,2\n8,S,2024-06-30,17,20\n",
		crm: "customer_id,name,parent_id\nP,Parent,\nK,Kid,P\nS,Single,\nN,Nobody,\n",
	}
}

// quartersOf reads quarters.parquet of a run.
func quartersOf(t *testing.T, dir string) *table.Table {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "quarters.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	q, err := table.ReadParquet(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Release)
	return q
}

// cell is an amount of quarters.parquet as text; "" is null.
func cell(t *testing.T, q *table.Table, name string, i int) string {
	t.Helper()
	c, ok := q.Column(name)
	if !ok {
		t.Fatalf("quarters.parquet has no column %q", name)
	}
	if !c.Valid(i) {
		return ""
	}
	return c.Amounts()[i].String()
}

func TestQuarters(t *testing.T) {
	out := runNight(t, family().config(t, ""), 2)
	q := quartersOf(t, out.Dir)
	if n := len(q.Columns()); n != 1+2*12 {
		t.Errorf("got %d columns, want the ids and two for each of 12 quarters", n)
	}
	for k, want := range []struct{ id, net1, profit1, net2, profit2 string }{
		{"K", "30.00", "18.00", "", ""}, {"N", "", "", "", ""}, {"P", "130.00", "78.00", "7.00", ""}, {"S", "11.00", "10.00", "30.00", "8.00"},
	} {
		ids, _ := q.Column("customer_id")
		got := [5]string{ids.Text(k), cell(t, q, "net_sales_2024q1", k), cell(t, q, "gross_profit_2024q1", k), cell(t, q, "net_sales_2024q2", k), cell(t, q, "gross_profit_2024q2", k)}
		if got != [5]string{want.id, want.net1, want.profit1, want.net2, want.profit2} {
			t.Errorf("row %d: got %q, want %v", k, got, want)
		}
	}
	e, err := pipeline.Explain(parent(out.Dir), "", "P", 1)
	if err != nil {
		t.Fatal(err)
	}
	last := e.Quarters[len(e.Quarters)-2:]
	if got := fmt.Sprint(last[0].Quarter, last[0].NetSales, last[0].GrossProfit, last[1].Quarter, last[1].NetSales, last[1].GrossProfit); got != "2024Q1130.0078.002024Q27.00" {
		t.Errorf("explain: got %s", got)
	}
}

// The fast sums are those of a recount over the ledger of the demo company, whose quarters are all kept.
func TestQuartersAgreeWithTheNaiveTwin(t *testing.T) {
	out := runNight(t, demo(t), 2)
	q, f := quartersOf(t, out.Dir), out.Figures
	net, profit, known := map[string]money.Amount{}, map[string]money.Amount{}, map[string]bool{}
	rows := f.Ledger.Rows()
	for c := range f.Root {
		lo, hi := f.Ledger.Range(c)
		for i := lo; i < hi; i++ {
			who := []int{c}
			if f.Root[c] != c {
				who = append(who, f.Root[c])
			}
			for _, w := range who {
				key := fmt.Sprintf("%s %04dq%d", f.Ledger.ID(w), rows.Day[i].Quarter()/4, rows.Day[i].Quarter()%4+1)
				net[key] += rows.Net[i]
				profit[key] += rows.Covered[i] - rows.Cost[i]
				known[key] = known[key] || rows.Costed[i] > 0
			}
		}
	}
	seen := 0
	ids, _ := q.Column("customer_id")
	for _, col := range q.Columns()[1:] {
		var kind string
		quarter := col.Name[len(col.Name)-6:]
		kind = col.Name[:len(col.Name)-7]
		for i := range q.Rows() {
			key := ids.Text(i) + " " + quarter
			sum, some := net[key]
			if kind == "gross_profit" {
				sum, some = profit[key], known[key]
			}
			if want := sum.String(); some != col.Valid(i) || some && want != col.Amounts()[i].String() {
				t.Fatalf("%s of %s: got %q, want %s, known %v", col.Name, ids.Text(i), cell(t, q, col.Name, i), want, some)
			}
			if some && kind == "net_sales" {
				seen++
			}
		}
	}
	if seen != len(net) || seen == 0 {
		t.Errorf("got %d quarters with sales, the recount has %d", seen, len(net))
	}
}
