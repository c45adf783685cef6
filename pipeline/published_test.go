package pipeline_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/publish"
)

// promised are the columns of customers.parquet in interface.md, in its order. They are a promise
// to scripts: add columns behind them, never between.
const promised = `customer_id name parent_id
first_day last_day tenure_days orders purchase_days lines units
net_sales gross_profit returned discount cost_coverage
net_sales_window gross_profit_window orders_window
margin_rate margin_rate_shrunk average_order_value
sales_rank sales_share sales_cum_share sales_class
profit_rank profit_share profit_cum_share profit_class
volume_percentile margin_percentile key_score quadrant credit_state strategic_fit
recency_days frequency monetary r_score f_score m_score rfm_segment
p_alive expected_purchases_12m expected_profit_per_purchase clv_12m clv_36m clv_12m_low clv_12m_high
overdue_ratio buying_less churn_probability churn_reasons value_at_risk
life_stage tier previous_tier tier_change reason`

func tiers() []string { return []string{"core", "key", "general", "dormant", "prospect"} }

func TestColumns(t *testing.T) {
	s := customersOf(t, runNight(t, demo(t), 2))
	want := strings.Fields(promised)
	if diff := cmp.Diff(want, s.names[:min(len(want), len(s.names))]); diff != "" {
		t.Errorf("columns: -promised +got\n%s", diff)
	}
	text, ok := s.lookup("vitalfew.units")
	units := map[string]string{}
	if err := json.Unmarshal([]byte(text), &units); !ok || err != nil {
		t.Fatalf("got units %q, %v", text, err)
	}
	for column, want := range map[string]string{
		"net_sales": "money:EUR", "gross_profit_window": "money:EUR", "clv_12m": "money:EUR", "tenure_days": "days", "recency_days": "days",
		"orders": "count", "units": "quantity", "margin_rate": "rate", "p_alive": "probability", "sales_rank": "rank", "key_score": "score",
		"overdue_ratio": "ratio", "tier": "class", "customer_id": "",
	} {
		if units[column] != want {
			t.Errorf("unit of %s: got %q, want %q", column, units[column], want)
		}
	}
	for column, unit := range units {
		if got, ok := s.lookup("vitalfew.unit." + column); !ok || got != unit {
			t.Errorf("unit of %s by itself: got %q, want %q", column, got, unit)
		}
	}
	for column, want := range map[string]string{
		"customer_id": "STRING", "net_sales": "DECIMAL(18,4)", "units": "DECIMAL(18,4)", "first_day": "DATE", "margin_rate": "DOUBLE", "orders": "INT(64,true)", "reason": "STRING",
	} {
		if got := s.kinds[column]; got != want {
			t.Errorf("type of %s: got %s, want %s", column, got, want)
		}
	}
}

// Every customer stands in exactly one tier and in that tier's two files, with the cells of
// customers.parquet; the files' sums are those of the whole and of the manifest.
func TestTiersPartitionCustomers(t *testing.T) {
	out := runNight(t, demo(t), 2)
	all := customersOf(t, out)
	seen := map[string]string{}
	var sales money.Amount
	for k, name := range tiers() {
		part := readSheet(t, filepath.Join(out.Dir, "segments", name+".parquet"))
		if part.len() == 0 {
			t.Errorf("tier %s of the demo is empty; it is there to be seen", name)
		}
		children := 0
		var net, profit money.Amount
		for i := range part.rows {
			id := part.text(i, "customer_id")
			if before, twice := seen[id]; twice {
				t.Errorf("customer %s stands in %s and %s", id, before, name)
			}
			seen[id] = name
			if diff := cmp.Diff(fmt.Sprint(all.rows[all.row(id)]), fmt.Sprint(part.rows[i])); diff != "" || part.text(i, "tier") != name {
				t.Errorf("%s in %s: tier %q, -customers.parquet +segment\n%s", id, name, part.text(i, "tier"), diff)
			}
			if part.text(i, "account_role") == "child" {
				children++
				continue
			}
			net += part.amount(i, "net_sales_window")
			profit += part.amount(i, "gross_profit_window")
		}
		sales += net
		want := pipeline.TierLine{Tier: name, Customers: part.len(), Children: children, NetSales: net.String(), GrossProfit: profit.String()}
		if diff := cmp.Diff(want, out.Manifest.Tiers[k]); diff != "" {
			t.Errorf("manifest: -segment file +got\n%s", diff)
		}
		sameCells(t, part, readCSV(t, filepath.Join(out.Dir, "segments", name+".csv")))
	}
	if len(seen) != all.len() || sales.String() != out.Manifest.Company.NetSalesWindow {
		t.Errorf("got %d of %d customers in tiers, with %s of %s", len(seen), all.len(), sales, out.Manifest.Company.NetSalesWindow)
	}
	parents := all.sum("net_sales", func(i int) bool { return all.text(i, "account_role") != "child" })
	if r := out.Manifest.Reconciliation; parents.String() != r.Used.Money || r.Customers != all.len() || r.Seen != r.Used {
		t.Errorf("got %s of customers without children, want %s that was used", parents, r.Used.Money)
	}
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return records
}

// sameCells compares a CSV with a Parquet file of the same rows: columns, ids and some money.
func sameCells(t *testing.T, s *sheet, records [][]string) {
	t.Helper()
	if diff := cmp.Diff(s.names, records[0]); diff != "" || len(records)-1 != s.len() {
		t.Fatalf("got %d CSV rows, want %d; header: -Parquet +CSV\n%s", len(records)-1, s.len(), diff)
	}
	for i, r := range records[1:] {
		for _, column := range []string{"customer_id", "tier", "reason", "rfm_segment"} {
			if got, want := r[s.place[column]], s.text(i, column); got != want {
				t.Errorf("row %d, %s: got %q in CSV, want %q", i, column, got, want)
			}
		}
		for _, column := range []string{"net_sales", "gross_profit_window", "returned"} {
			want := ""
			if !s.null(i, column) {
				want = s.amount(i, column).String()
			}
			if got := r[s.place[column]]; got != want {
				t.Errorf("row %d, %s: got %q in CSV, want %q", i, column, got, want)
			}
		}
	}
}

// The manifest lists every file there is, with its bytes, rows and digest; and nobody else may read.
func TestManifestListsFiles(t *testing.T) {
	c := demo(t)
	c.Arrow = true
	out := runNight(t, c, 2)
	m, err := pipeline.ReadManifest(c.Out, current(t, c.Out))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(out.Manifest.Files, m.Files); diff != "" || m.RunID != out.ID {
		t.Errorf("manifest of run %s: -outcome +file\n%s", m.RunID, diff)
	}
	there := published(t, out.Dir)
	var listed []string
	for _, f := range m.Files {
		listed = append(listed, f.Name)
		b := there[f.Name]
		sum, n, err := publish.Digest(bytes.NewReader(b))
		if err != nil || sum != f.SHA256 || n != f.Bytes {
			t.Errorf("%s: got %d bytes with %s, want %d with %s (%v)", f.Name, n, sum, f.Bytes, f.SHA256, err)
		}
		if rows := rowsOf(t, filepath.Join(out.Dir, f.Name)); rows >= 0 && rows != f.Rows {
			t.Errorf("%s: got %d rows, want the %d of the manifest", f.Name, rows, f.Rows)
		}
	}
	listed = append(listed, "manifest.json", "manifest.sha256")
	slices.Sort(listed)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(there)), listed); diff != "" {
		t.Errorf("files: -there +listed\n%s", diff)
	}
	for _, name := range []string{"customers.parquet", "customers.arrow", "lists/shortlist.csv", "rejects.csv", "segments/core.csv"} {
		if there[name] == nil {
			t.Errorf("no %s in the run", name)
		}
	}
	modes(t, c.Out)
}

// rowsOf counts the data rows of a file, -1 where it has none.
func rowsOf(t *testing.T, path string) int64 {
	t.Helper()
	switch filepath.Ext(path) {
	case ".parquet":
		return int64(readSheet(t, path).len())
	case ".csv":
		return int64(len(readCSV(t, path)) - 1)
	}
	return -1
}

func modes(t *testing.T, out string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(out, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := os.FileMode(0o600)
		if d.IsDir() {
			want = os.ModeDir | 0o700
		} else {
			files++
		}
		if info.Mode() != want {
			t.Errorf("%s: got mode %v, want %v", path, info.Mode(), want)
		}
		return nil
	})
	if err != nil || files < 15 {
		t.Errorf("got %d files, %v", files, err)
	}
}

// The lists hold customers of the run, each once, numbered from 1, and the manifest counts them.
func TestLists(t *testing.T) {
	out := runNight(t, demo(t), 2)
	s := customersOf(t, out)
	for _, l := range out.Manifest.Lists {
		path := filepath.Join(out.Dir, "lists", l.List+".csv")
		if l.Absent != "" {
			t.Errorf("list %s is absent: %s", l.List, l.Absent)
			continue
		}
		records := readCSV(t, path)
		if len(records)-1 != l.Rows || l.Rows == 0 {
			t.Errorf("list %s: got %d rows, want %d, above 0 in the demo", l.List, len(records)-1, l.Rows)
		}
		at := map[string]int{}
		for i, h := range records[0] {
			at[h] = i
		}
		seen := map[string]bool{}
		for i, r := range records[1:] {
			id := r[at["customer_id"]]
			row := s.row(id)
			switch {
			case seen[id] || r[at["place"]] != fmt.Sprint(i+1):
				t.Errorf("list %s: %s at place %s stands there twice or out of order", l.List, id, r[at["place"]])
			case s.text(row, "account_role") == "child":
				t.Errorf("list %s holds the child %s", l.List, id)
			case r[at["tier"]] != s.text(row, "tier") || r[at["net_sales_window"]] != s.amount(row, "net_sales_window").String():
				t.Errorf("list %s: %s has tier %s and %s", l.List, id, r[at["tier"]], r[at["net_sales_window"]])
			case r[at["reason"]] == "" || r[at["next_step"]] == "":
				t.Errorf("list %s: %s without reason or next step", l.List, id)
			}
			seen[id] = true
		}
	}
}
