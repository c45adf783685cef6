package crm_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/segment/crm"
	"pgregory.net/rapid"
)

// targets are one target of each format, all of the same columns, with the rules of its files.
func targets() map[string]struct {
	s crm.Settings
	r rules
} {
	fields := func(names ...string) []crm.Field {
		columns := []string{"customer_id", "name", "tier", "key_score", "net_sales", "last_day", "risky"}
		out := make([]crm.Field, len(names))
		for i := range names {
			out[i] = crm.Field{Name: names[i], Column: columns[i]}
		}
		return out
	}
	api := fields("Number__c", "Name", "Tier__c", "Score__c", "Sales__c", "Last__c", "Risky__c")
	labels := fields("Customer number", "Company name", "Tier", "Key score", "Sales", "Last order", "Risky")
	key := []string{"Number__c"}
	return map[string]struct {
		s crm.Settings
		r rules
	}{
		"salesforce":           {crm.Settings{Name: "salesforce", Object: "Account", Key: key, Fields: api}, rules{Delimiter: ',', LineEnd: "\n", Bytes: 100e6, Rows: 150e6, Columns: 5000}},
		"salesforce semicolon": {crm.Settings{Name: "sf", Format: "salesforce", Object: "Account", Key: key, Fields: api, Delimiter: ";", LineEnd: "CRLF"}, rules{Delimiter: ';', LineEnd: "\r\n", Bytes: 100e6, Rows: 150e6, Columns: 5000}},
		"salesforce caret":     {crm.Settings{Name: "sf", Format: "salesforce", Object: "Account", Key: key, Fields: api, Delimiter: "^"}, rules{Delimiter: '^', LineEnd: "\n", Bytes: 100e6, Rows: 150e6, Columns: 5000}},
		"salesforce tab":       {crm.Settings{Name: "sf", Format: "salesforce", Object: "Account", Key: key, Fields: api, Delimiter: "tab"}, rules{Delimiter: '\t', LineEnd: "\n", Bytes: 100e6, Rows: 150e6, Columns: 5000}},
		"hubspot":              {crm.Settings{Name: "hubspot", Object: "companies", UniqueProperty: true, Key: []string{"Customer number"}, Fields: labels}, rules{Delimiter: ',', LineEnd: "\n", Bytes: 20e6, Rows: 500_000, Columns: 999}},
		"dataverse":            {crm.Settings{Name: "dataverse", Object: "account", Key: key, Fields: api}, rules{Delimiter: ',', LineEnd: "\n", Bytes: 8e6, Rows: 1e9, Columns: 1024}},
		"zoho":                 {crm.Settings{Name: "zoho", Object: "Accounts", Key: key, Fields: api}, rules{Delimiter: ',', LineEnd: "\n", Bytes: 25e6, Rows: 25_000, Columns: 200}},
		"plain":                {crm.Settings{Name: "plain", Key: []string{"Customer number"}, Fields: labels}, rules{Delimiter: ',', LineEnd: "\n", Bytes: 1e9, Rows: 1e9, Columns: 1e9}},
	}
}

// people draws rows with what breaks writers: delimiters, quotes, spaces, formulas, other scripts.
func people(t *rapid.T) []person {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("ab,;|^`\t\"' =+-@é客")), 0, 8, -1)
	n := rapid.IntRange(1, 40).Draw(t, "rows")
	out := make([]person, n)
	for i := range out {
		out[i] = person{
			id: fmt.Sprintf("C,%03d\"", i), name: text.Draw(t, "name"), tier: rapid.SampledFrom([]string{"", "core", "key"}).Draw(t, "tier"),
			sales: rapid.Int64Range(-1e17, 1e17).Draw(t, "sales"), risky: rapid.Bool().Draw(t, "risky"),
			day: rapid.SampledFrom([]string{"", "2024-02-29", "0001-01-01", "9999-12-31"}).Draw(t, "day"),
		}
		if rapid.Bool().Draw(t, "scored") {
			out[i].score = number(rapid.Float64Range(-1e6, 1e6).Draw(t, "score"))
		}
	}
	return out
}

// want is the row that a loader must see, computed by other means than the writer's.
func (p person) want() []string {
	score := ""
	if p.score != nil {
		score = new(big.Float).SetFloat64(*p.score).Text('f', 4) // half to even
		if strings.Trim(score, "-0.") == "" {
			score = "0.0000"
		}
	}
	sales := new(big.Rat).SetFrac64(p.sales, 10_000).FloatString(4)
	for strings.HasSuffix(sales, "0") && len(sales)-strings.IndexByte(sales, '.') > 3 {
		sales = sales[:len(sales)-1]
	}
	return []string{p.id, p.name, p.tier, score, sales, p.day, fmt.Sprint(p.risky)}
}

// Each target's files, read back by a parser as strict as the format, give the values of the table,
// in files below the limits, whatever the sizes and workers.
func TestRoundTrip(t *testing.T) {
	for name, target := range targets() {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				rows := people(rt)
				s, r := target.s, target.r
				if rapid.Bool().Draw(rt, "small files") {
					s.MaxRows, s.MaxBytes = rapid.IntRange(1, 10).Draw(rt, "most rows"), int64(rapid.IntRange(400, 1000).Draw(rt, "most bytes"))
					r.Rows, r.Bytes = s.MaxRows, int(s.MaxBytes)
				}
				tab := customers(t, rows...)
				_, d := write(t, s, crm.Input{Table: tab, Workers: rapid.IntRange(0, 3).Draw(rt, "workers")})
				want := [][]string{nil}
				for _, f := range s.Fields {
					want[0] = append(want[0], f.Name)
				}
				for _, p := range rows {
					want = append(want, p.want())
				}
				if diff := cmp.Diff(want, d.rowsOf(t, "full", r)); diff != "" {
					rt.Fatalf("full: -want +got\n%s", diff)
				}
				if diff := cmp.Diff(want, d.rowsOf(t, "delta", r)); diff != "" {
					rt.Fatalf("first delta: -want +got\n%s", diff)
				}
			})
		})
	}
}

// The bytes do not depend on workers.
func TestWorkersChangeNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tab := customers(t, people(rt)...)
		for name, target := range targets() {
			_, one := write(t, target.s, crm.Input{Table: tab, Workers: 1})
			for _, workers := range []int{2, 7} {
				_, many := write(t, target.s, crm.Input{Table: tab, Workers: workers})
				if !slices.Equal(one.order, many.order) {
					rt.Fatalf("%s: got files %q, want %q", name, many.order, one.order)
				}
				for _, file := range one.order {
					if one.text(file) != many.text(file) {
						rt.Fatalf("%s: %s differs at %d workers", name, file, workers)
					}
				}
			}
		}
	})
}

// A part holds a row more than its limit in neither rows nor bytes, and no part is opened early.
func TestPartsAreFull(t *testing.T) {
	var rows []person
	for i := range 25 {
		rows = append(rows, person{id: fmt.Sprintf("%02d", i), name: "Acme", tier: "core"})
	}
	tab := customers(t, rows...)
	s := account()
	for _, limit := range []int{1, 24, 25, 26} {
		s.MaxRows = limit
		_, d := write(t, s, crm.Input{Table: tab})
		parts := 0
		for _, name := range d.order {
			if strings.HasPrefix(name, "full-") {
				parts++
			}
		}
		if want := (25 + limit - 1) / limit; parts != want {
			t.Errorf("at most %d rows: got %d parts, want %d", limit, parts, want)
		}
	}
	s.MaxRows = 0
	_, whole := write(t, s, crm.Input{Table: tab})
	size := len(whole.text("full-0001.csv"))
	for bytes, want := range map[int]int{size: 1, size - 1: 2} {
		s.MaxBytes = int64(bytes)
		_, d := write(t, s, crm.Input{Table: tab})
		if got := d.files["full-0002.csv"] != nil; got != (want == 2) {
			t.Errorf("at most %d bytes of %d: got a second part %v", bytes, size, got)
		}
	}
	if _, d := write(t, account(), crm.Input{Table: tab, Rows: []int32{}}); d.files["full-0001.csv"] != nil || d.files["delta-0001.csv"] != nil {
		t.Error("got a data file without rows, want none")
	}
}

// What machines load is exact; what people open is guarded.
func TestFormulasAreExactForMachinesAndHarmlessForPeople(t *testing.T) {
	before := []person{{id: "1", name: "old", tier: "core"}, {id: "=2", name: "@x", tier: "core"}}
	after := []person{{id: "1", name: "=HYPERLINK(\"http://x\")", tier: "core"}}
	_, d := write(t, account(), crm.Input{Table: customers(t, before...)})
	_, d = write(t, account(), crm.Input{Table: customers(t, after...), State: acked(t, d)})
	if got := d.rowsOf(t, "delta", rules{Delimiter: ',', LineEnd: "\n", Bytes: 1e6, Rows: 10, Columns: 10})[1][2]; got != after[0].name {
		t.Errorf("data file: got %q, want the exact text", got)
	}
	for file, want := range map[string][]string{
		"changes.csv": {"1", "Name", "old", "'=HYPERLINK(\"http://x\")"},
		"left.csv":    {"'=2", "'=2", "core", "'@x", "", "0.00", "", "false"},
	} {
		rows, err := csv.NewReader(bytes.NewReader(d.files[file].Bytes())).ReadAll()
		if err != nil || len(rows) != 2 || !slices.Equal(rows[1], want) {
			t.Errorf("%s: got %q, %v, want %q", file, rows, err, want)
		}
	}
}
