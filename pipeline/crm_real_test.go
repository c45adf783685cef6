package pipeline_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/segment/crm/crmtest"
)

// realTarget is a target of the tests on real trade: its files are read back by rules that are
// stricter than the format's, so that the data are split.
type realTarget struct {
	name, yaml string
	rules      crmtest.Rules
	columns    []string // of customers.parquet, in the order of the fields, the key first
	clears     string   // what stands where a loaded value became unknown
}

// everyTarget maps the same columns in the words of each tool.
func everyTarget() []realTarget {
	columns := []string{"customer_id", "name", "tier", "rfm_segment", "net_sales_window", "margin_rate", "last_day", "reason"}
	api := "{No__c: customer_id, Name: name, Tier__c: {column: tier, values: [core, key, general, dormant, prospect]}, Segment__c: rfm_segment, Sales__c: net_sales_window, Margin__c: margin_rate, Last__c: last_day, Reason__c: reason}"
	labels := "{Customer number: customer_id, Company name: name, Tier: tier, Segment: rfm_segment, Sales: net_sales_window, Margin: margin_rate, Last order: last_day, Why: reason}"
	rules := func(delimiter byte, end string, bytes, rows int) crmtest.Rules {
		return crmtest.Rules{Delimiter: delimiter, LineEnd: end, Bytes: bytes, Rows: rows, Columns: len(columns)}
	}
	return []realTarget{
		{"salesforce", "{object: Account, key: No__c, fields: " + api + "}", rules(',', "\n", 100e6, 150e6), columns, "#N/A"},
		{"sf-crlf", "{format: salesforce, object: Account, key: No__c, delimiter: \";\", line_end: CRLF, max_rows: 400, fields: " + api + "}", rules(';', "\r\n", 100e6, 400), columns, "#N/A"},
		{"hubspot", "{object: companies, key: Customer number, unique_property: true, fields: " + labels + "}", rules(',', "\n", 20e6, 500_000), columns, ""},
		{"dataverse", "{object: account, key: No__c, max_bytes: 60000, fields: " + api + "}", rules(',', "\n", 60_000, 1e9), columns, ""},
		{"zoho", "{object: Accounts, key: No__c, max_rows: 500, fields: " + api + "}", rules(',', "\n", 25e6, 500), columns, ""},
		{"plain", "{key: Customer number, fields: " + labels + "}", rules(',', "\n", 1e9, 1e9), columns, ""},
	}
}

// realRows are the rows of a stem, all parts together, and how many parts there were.
func realRows(t *testing.T, o *pipeline.Outcome, x realTarget, stem string) (rows [][]string, parts int) {
	t.Helper()
	for parts = 1; ; parts++ {
		name := fmt.Sprintf("%s-%04d", stem, parts)
		base := filepath.Join(o.Dir, "crm", x.name, name)
		content, err := os.ReadFile(base + ".csv")
		if err != nil {
			if content, err = os.ReadFile(base + ".zip"); err != nil {
				return rows, parts - 1
			}
			if content, err = crmtest.Unzip(content, name+".csv"); err != nil {
				t.Fatalf("%s: %v", base, err)
			}
		}
		part, err := crmtest.Strict(content, x.rules)
		if err != nil {
			t.Fatalf("%s: %v", base, err)
		}
		if rows == nil {
			rows = part[:1]
		}
		if !slices.Equal(rows[0], part[0]) {
			t.Fatalf("%s: got header %q, want %q repeated", base, part[0], rows[0])
		}
		rows = append(rows, part[1:]...)
	}
}

// loadedCells are the cells that a target must get, from customers.parquet by other means than ours:
// amounts exact, rates with four decimals, days as ISO has them.
func loadedCells(s *sheet, columns []string) map[string][]string {
	out := map[string][]string{}
	for i := range s.rows {
		var row []string
		for _, c := range columns {
			switch {
			case s.null(i, c):
				row = append(row, "")
			case s.kinds[c] == "DOUBLE":
				v := new(big.Float).SetFloat64(s.float(i, c)).Text('f', 4)
				if strings.Trim(v, "-0.") == "" {
					v = "0.0000"
				}
				row = append(row, v)
			case s.kinds[c] == "DECIMAL(18,4)":
				v := new(big.Rat).SetFrac64(int64(s.amount(i, c)), 10_000).FloatString(4)
				for strings.HasSuffix(v, "0") && len(v)-strings.IndexByte(v, '.') > 3 {
					v = v[:len(v)-1]
				}
				row = append(row, v)
			case s.kinds[c] == "DATE":
				row = append(row, s.day(i, c).String())
			default:
				row = append(row, s.text(i, c))
			}
		}
		out[row[0]] = row
	}
	return out
}

// byKey holds the rows of a file against those wanted.
func byKey(t *testing.T, what string, got [][]string, want map[string][]string) {
	t.Helper()
	have := map[string][]string{}
	for _, r := range got[min(1, len(got)):] {
		if have[r[0]] != nil {
			t.Errorf("%s: key %q stands twice", what, r[0])
		}
		have[r[0]] = r
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("%s: -want +got\n%.3000s", what, diff)
	}
}

// realNights runs two months of a company through every target: each file read back strictly gives
// what customers.parquet has; after the first is marked as loaded, the delta of the second is what
// changed, and nothing else.
func realNights(t *testing.T, c pipeline.Config, days [2]string, splits bool) {
	t.Helper()
	yaml := "models: {state: off}\ncrm_targets:\n" // no model has a part in what is loaded here
	for _, x := range everyTarget() {
		yaml += "  " + x.name + ": " + x.yaml + "\n"
	}
	c = configured(t, yaml, c)
	var outs [2]*pipeline.Outcome
	for k, day := range days {
		if err := c.SetAsOf(day); err != nil {
			t.Fatal(err)
		}
		outs[k] = runNight(t, c, 2)
		if k == 0 {
			if _, err := pipeline.AckCRM(c.Out, outs[0].ID, nil, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	first, second := customersOf(t, outs[0]), customersOf(t, outs[1])
	for _, x := range everyTarget() {
		before, after := loadedCells(first, x.columns), loadedCells(second, x.columns)
		full, parts := realRows(t, outs[0], x, "full")
		byKey(t, x.name+", first night", full, before)
		if limited := x.rules.Rows < 1000 || x.rules.Bytes < 1e6; splits && limited && parts < 2 {
			t.Errorf("%s: got %d parts, want the data split", x.name, parts)
		}
		full, _ = realRows(t, outs[1], x, "full")
		want := map[string][]string{}
		for id, row := range after {
			if was := before[id]; was == nil || !slices.Equal(was, row) {
				want[id] = row
			}
		}
		for _, rows := range []map[string][]string{after, want} {
			for id, row := range rows {
				cleared := slices.Clone(row)
				for j := range cleared {
					if was := before[id]; was != nil && cleared[j] == "" && was[j] != "" {
						cleared[j] = x.clears
					}
				}
				rows[id] = cleared
			}
		}
		byKey(t, x.name+", second night", full, after)
		delta, _ := realRows(t, outs[1], x, "delta")
		byKey(t, x.name+", delta", delta, want)
		if len(want) == 0 || len(want) >= len(after) && len(before) > 0 {
			t.Errorf("%s: the delta has %d of %d rows, want some and not all: else the test shows nothing", x.name, len(want), len(after))
		}
	}
}

// AdventureWorks resellers with their names, quarter by quarter: not all trade in one.
func TestCRMOnResellers(t *testing.T) {
	c := resellers(t, "")
	c.CRM = []string{data(t, "adventureworks_dw", "DimReseller.parquet")}
	realNights(t, c, [2]string{"2013-09-01", "2013-10-01"}, true)
}

// AdventureWorks shoppers by their e-mail: contacts by the plain address, an audience by its hash only.
func TestContactsOfShoppers(t *testing.T) {
	c := configured(t, `preset: adventureworks
models: {state: off}
crm_targets:
  hubspot: {object: contacts, key: Email, fields: {Email: email, Tier: tier}}
  ads: {format: google-customer-match, personal_data: true, fields: {Email: email}}
`, pipeline.Config{Orders: []string{data(t, "adventureworks_dw", "FactInternetSales.parquet")}, CRM: []string{data(t, "adventureworks_dw", "DimCustomer.parquet")},
		Out: filepath.Join(t.TempDir(), "out")})
	out := runNight(t, c, 2)
	s := customersOf(t, out)
	contacts, _ := realRows(t, out, realTarget{name: "hubspot", rules: crmtest.Rules{Delimiter: ',', LineEnd: "\n", Bytes: 20e6, Rows: 500_000, Columns: 2}}, "full")
	hashes, _ := realRows(t, out, realTarget{name: "ads", rules: crmtest.Rules{Delimiter: ',', LineEnd: "\n", Bytes: 500e6, Rows: 10e6, Columns: 1}}, "full")
	if s.len() != 18_484 || len(contacts)-1 != s.len() || len(hashes) != len(contacts) {
		t.Fatalf("got %d customers, %d contacts and %d hashes, want 18,484 of each", s.len(), len(contacts)-1, len(hashes)-1)
	}
	tiersOf := map[string]int{}
	for i, r := range contacts[1:] {
		sum := sha256.Sum256([]byte(strings.ToLower(r[0])))
		if want := hex.EncodeToString(sum[:]); hashes[i+1][0] != want || !strings.Contains(r[0], "@") {
			t.Fatalf("contact %q: got hash %s, want %s", r[0], hashes[i+1][0], want)
		}
		tiersOf[r[1]]++
	}
	for _, name := range tiers() {
		if want := s.count(s.is("tier", name)); tiersOf[name] != want {
			t.Errorf("tier %s: got %d contacts, want %d", name, tiersOf[name], want)
		}
	}
}
