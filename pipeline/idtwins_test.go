package pipeline_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
)

// nightOf is a night on an order of 10 for each of the ids.
func nightOf(t *testing.T, yaml string, crm string, ids ...string) *pipeline.Outcome {
	t.Helper()
	dir := t.TempDir()
	text := "order_id,customer_id,ordered_at,amount\n"
	for i, id := range ids {
		text += fmt.Sprintf("o%d,%s,2024-03-01,10\n", i, id)
	}
	c := pipeline.Config{Orders: []string{put(t, dir, "o.csv", text)}, Out: filepath.Join(dir, "out")}
	if crm != "" {
		c.CRM = []string{put(t, dir, "crm.csv", crm)}
	}
	return runNight(t, configured(t, yaml, c), 1)
}

func wide(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("%05d", 7000*i+123))
	}
	return ids
}

// Ids that may be one customer are a warning that names two of them and the setting; the setting makes them
// one. What may well be different is none.
func TestIDTwins(t *testing.T) {
	for _, c := range []struct {
		name, crm string
		ids       []string
		want      string // within a warning; "" for none
		setting   string // that merges
		customers int    // then
	}{
		{"zeros lost in some rows", "", append(wide(3), "123"), `1 customer ids stand with and without leading zeros, such as "00123" and "123"`, "id_width: 5", 3},
		{"zeros lost in the orders", "customer_id,name\n00123,A\n00456,B\n", []string{"123", "456"}, `2 customer ids stand with and without leading zeros`, "id_width: 5", 2},
		{"a short one among many", "", append(wide(12), "999"), `1 customer ids of digits are shorter than the 5 digits of all 12 others, 2 of which begin with 0, such as "999"`, "id_width: 5", 13},
		{"several lengths", "", []string{"007", "7", "01234", "123456"}, "", "", 4},
		{"twins of several lengths", "", []string{"00007", "7", "123456"}, `have several lengths`, "id_width: 6", 2},
		{"no zeros", "", []string{"7", "12345", "77"}, "", "", 3},
		{"zeros of codes", "", []string{"0A", "A", "0-1", "1"}, "", "", 4},
		{"case", "", []string{"Ab1", "AB1", "ab1", "C2"}, `2 customer ids differ from another only by case, such as "AB1" and "Ab1", "Ab1" and "ab1"`, "id_fold_case: true", 2},
		{"case of letters beyond ASCII", "", []string{"Öl", "öl"}, `1 customer ids differ from another only by case`, "id_fold_case: true", 1},
		{"case of the CRM", "customer_id,name\nann@example.org,A\n", []string{"Ann@Example.org"}, `"Ann@Example.org" and "ann@example.org"`, "id_fold_case: true", 1},
		{"spaces at the ends", "", []string{"A1 ", " A1", "A1", "A1\u3000"}, "", "", 1},
		{"capitals only", "", []string{"AB", "AC"}, "", "", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := nightOf(t, "", c.crm, c.ids...)
			warned := ""
			for _, w := range out.Manifest.Warnings {
				if strings.Contains(w, "customer ids") {
					warned += w
				}
			}
			if c.want == "" && warned != "" || !strings.Contains(warned, c.want) || !strings.Contains(warned, c.setting) && !strings.Contains(warned, "id_width: N") {
				t.Errorf("got warning %q, want %q and %q", warned, c.want, c.setting)
			}
			if c.setting != "" {
				out = nightOf(t, "settings: {"+c.setting+"}\n", c.crm, c.ids...)
				for _, w := range out.Manifest.Warnings {
					if strings.Contains(w, "customer ids") {
						t.Errorf("with the setting: %s", w)
					}
				}
			}
			if n := out.Figures.Ledger.Customers(); n != c.customers {
				t.Errorf("got %d customers, want %d", n, c.customers)
			}
		})
	}
}

// Rows of a CRM export that read like a total or a note are no accounts: they are counted and named.
func TestRowsThatAreNoAccounts(t *testing.T) {
	out := nightOf(t, "", "customer_id,name,region\nA,Able,North\ncustomer_id,name,region\nB,Baker,South\nGrand Total,,2\nConfidential: do not distribute,,\nPrinted on Monday,,\n", "A")
	want := "crm.csv: rows that are no records are left out: 1 header again (line 3), 1 total (line 5), 2 note (the first: line 6)"
	found := false
	for _, w := range out.Manifest.Warnings {
		found = found || strings.HasSuffix(w, want)
	}
	if n := out.Figures.Ledger.Customers(); !found || n != 2 {
		t.Errorf("got %d customers and warnings %q, want 2 and %q", n, out.Manifest.Warnings, want)
	}
}
