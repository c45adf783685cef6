package pipeline_test

import (
	"fmt"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// profileLines are the rows of profiles.csv by grouping, group, measure and value.
func profileLines(t *testing.T, o *pipeline.Outcome) map[string]map[string]string {
	t.Helper()
	rows := readCSV(t, filepath.Join(o.Dir, "profiles.csv"))
	out := map[string]map[string]string{}
	for _, r := range rows[1:] {
		line := map[string]string{}
		for k, name := range rows[0] {
			line[name] = r[k]
		}
		key := strings.Join(r[:4], "/")
		if out[key] != nil {
			t.Fatalf("profiles.csv: two rows of %s", key)
		}
		out[key] = line
	}
	return out
}

// profiles.csv is recomputed from customers.parquet, in which every figure stands.
func TestProfilesAgreeWithCustomers(t *testing.T) {
	out := runNight(t, demo(t), 2)
	s, lines := customersOf(t, out), profileLines(t, out)
	ours := func(i int) bool { return s.text(i, "account_role") != "child" }
	if s.count(ours) == s.len() {
		t.Fatal("the demo has no account in a parent, which this test needs")
	}
	apart := 0
	for grouping, groups := range map[string][]string{"tier": tiers(), "rfm_segment": {"Champions", "Loyal", "At Risk", "Hibernating", "Lost"}} {
		for _, name := range groups {
			in := func(i int) bool { return ours(i) && s.text(i, grouping) == name }
			rest := func(i int) bool { return ours(i) && s.text(i, grouping) != name && s.text(i, grouping) != "" }
			figure := func(measure, column, want string) {
				t.Helper()
				if got := lines[grouping+"/"+name+"/"+measure+"/"][column]; got != want {
					t.Errorf("%s %s: got %s %s %q, want %q", grouping, name, measure, column, got, want)
				}
			}
			figure("customers", "customers", fmt.Sprint(s.count(in)))
			figure("customers", "rest_customers", fmt.Sprint(s.count(rest)))
			figure("customers", "of", fmt.Sprint(s.count(ours)))
			figure("net_sales_window", "amount", s.sum("net_sales_window", in).String())
			figure("net_sales_window", "rest_amount", s.sum("net_sales_window", rest).String())
			figure("gross_profit_window", "amount", s.sum("gross_profit_window", func(i int) bool { return in(i) && known(s, i) }).String())
			figure("median_gap_days", "figure", medianGap(s, in))
			for _, attribute := range []string{"industry", "region", "channel", "segment", "credit_state"} {
				apart += attributeRows(t, s, lines, grouping, name, attribute, in, rest)
			}
		}
	}
	if apart == 0 {
		t.Error("got no finding in the demo, want some: its segments differ by size")
	}
}

// known follows the definition: the cost of half of the sales is known, or nothing was sold.
func known(s *sheet, i int) bool {
	return s.text(i, "quadrant") != "UNKNOWN" || s.amount(i, "net_sales_window") == 0 && s.amount(i, "gross_profit_window") == 0
}

// medianGap is the median of (last day - first day) / (purchase days - 1).
func medianGap(s *sheet, in func(int) bool) string {
	var gaps []float64
	for i := range s.rows {
		if in(i) && s.whole(i, "purchase_days") > 1 {
			gaps = append(gaps, float64(s.day(i, "last_day")-s.day(i, "first_day"))/float64(s.whole(i, "purchase_days")-1))
		}
	}
	sort.Float64s(gaps)
	if len(gaps) == 0 {
		return ""
	}
	return strconv.FormatFloat((gaps[(len(gaps)-1)/2]+gaps[len(gaps)/2])/2, 'g', -1, 64)
}

// attributeRows checks the rows of an attribute and returns how many set the group apart.
func attributeRows(t *testing.T, s *sheet, lines map[string]map[string]string, grouping, name, attribute string, in, rest func(int) bool) (apart int) {
	t.Helper()
	told := func(i int) bool {
		v := s.text(i, attribute)
		return v != "" && (attribute != "credit_state" || v != "UNKNOWN")
	}
	prefix := grouping + "/" + name + "/" + attribute + "/"
	for key, line := range lines {
		value, ours := strings.CutPrefix(key, prefix)
		if !ours {
			continue
		}
		has := func(i int) bool { return s.text(i, attribute) == value }
		want := fmt.Sprint(s.count(func(i int) bool { return in(i) && has(i) }), s.count(func(i int) bool { return in(i) && told(i) }),
			s.count(func(i int) bool { return rest(i) && has(i) }), s.count(func(i int) bool { return rest(i) && told(i) }))
		if got := strings.Join([]string{line["customers"], line["of"], line["rest_customers"], line["rest_of"]}, " "); got != want {
			t.Errorf("%s: got counts %s, want %s", key, got, want)
		}
		if line["apart"] == "true" {
			apart++
			if line["sentence"] == "" || attribute == "credit_state" && grouping == "tier" {
				t.Errorf("%s sets the group apart by %q", key, line["sentence"])
			}
		}
	}
	return apart
}

// A stranger's text is guarded in the file, printed on one line everywhere, and told by its counts.
func TestProfilesOfStrangers(t *testing.T) {
	var orders, crm strings.Builder
	orders.WriteString("order_id,customer_id,ordered_at,amount\n")
	crm.WriteString("customer_id,industry\n")
	for i := range 40 {
		sales, industry := 1, "Paper"
		if i < 10 {
			sales, industry = 1000, "=HYPERLINK(1)"
		}
		fmt.Fprintf(&orders, "%d,C%02d,2024-01-05,%d\n", i, i, sales)
		fmt.Fprintf(&crm, "C%02d,%s\n", i, industry)
	}
	out := runNight(t, small{orders: orders.String(), crm: crm.String()}.config(t, ""), 2)
	lines := profileLines(t, out)
	line := lines["tier/general/industry/Paper"]
	if line == nil || line["apart"] == "" {
		t.Fatalf("got rows %v, want one of the industry, tested", lines)
	}
	guarded := false
	for key, line := range lines {
		if strings.HasSuffix(key, "/'=HYPERLINK(1)") {
			guarded = true
			if x := line["sentence"]; x != "" && !strings.Contains(x, "industry =HYPERLINK(1): ") {
				t.Errorf("got sentence %q", x)
			}
		}
	}
	if !guarded {
		t.Errorf("got rows %v, want the formula guarded by an apostrophe", lines)
	}
	var summary strings.Builder
	if err := out.WriteSummary(&summary); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(summary.String(), "industry =HYPERLINK(1): only here (10 of 10)") {
		t.Errorf("the summary does not say who the best customers are:\n%s", summary.String())
	}
}

// Without a CRM export the figures stand, and it is said that nothing can be told apart.
func TestProfilesWithoutCRM(t *testing.T) {
	out := runNight(t, crmless().config(t, "window: all\n"), 2)
	if out.Figures.Profiles.Tests != 0 || out.Figures.Profiles.Company.Net != 150*money.One {
		t.Errorf("got %d tests and net sales %s, want none and 150", out.Figures.Profiles.Tests, out.Figures.Profiles.Company.Net)
	}
	var summary strings.Builder
	if err := out.WriteSummary(&summary); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(summary.String(), "what sets them apart cannot be told") {
		t.Errorf("the summary does not say that attributes are missing:\n%s", summary.String())
	}
}

func crmless() small {
	s := crmCompany("50")
	s.crm = ""
	return s
}
