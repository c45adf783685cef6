package layout

import (
	"errors"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

func TestPresets(t *testing.T) {
	want := []string{"adventureworks", "amazon", "cdnow", "hubspot", "kingdee", "magento", "netsuite", "odoo", "olist", "quickbooks", "salesforce",
		"sap", "shopify", "superstore", "uci", "woocommerce", "yonyou", "zoho"}
	if diff := cmp.Diff(want, Presets()); diff != "" {
		t.Fatal(diff)
	}
	for _, name := range Presets() {
		p, err := LoadPreset(name)
		if err != nil {
			t.Fatalf("LoadPreset(%q): %v", name, err)
		}
		if p.Name != name || p.Description == "" {
			t.Errorf("preset %s: got name %q, description %q", name, p.Name, p.Description)
		}
	}
	uci, _ := LoadPreset("uci")
	r := uci.Settings.Rules()
	if id, ok := r.ID("17850.0"); id != "17850" || !ok {
		t.Errorf("uci: ID(17850.0) = %q, %v, want 17850, true", id, ok)
	}
	if !r.ReturnID("C536379") || r.ReturnID("536365") {
		t.Error("uci: credit notes are those with prefix C")
	}
	if !r.NonProduct("POST") || !r.NonProduct("m") || r.NonProduct("85123A") {
		t.Error("uci: POST and m are no products, 85123A is one")
	}
	aw, _ := LoadPreset("adventureworks")
	if _, ok := aw.Settings.Rules().Text("NULL"); ok {
		t.Error("adventureworks: NULL must mean no value")
	}
}

func TestLoadPresetUnknown(t *testing.T) {
	_, err := LoadPreset("shopfy")
	var e *UnknownPresetError
	if !errors.As(err, &e) || !strings.Contains(err.Error(), "adventureworks, amazon, cdnow, hubspot,") {
		t.Errorf("got %v, want an error that lists the presets", err)
	}
	if _, err := LoadPreset("../aliases"); !errors.As(err, &e) {
		t.Errorf("got %v, want an unknown preset", err)
	}
}

func TestParsePreset(t *testing.T) {
	p, err := ParsePreset([]byte(`
name: mine
orders:
  customer_id: [Kunde, "Kunde Nr"]
  amount: Netto
  channel: []
settings:
  null_values: ["NULL", 0, 007]
  tax_rate: 19%
  order_per_day: true
  category_margins: {Bikes: 0.35, Tyres: -5%}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		NullValues: []string{"NULL", "0", "007"}, TaxRate: 19_000_000, OrderPerDay: true,
		CategoryMargins: map[string]money.Rate{"Bikes": 35_000_000, "Tyres": -5_000_000},
	}
	if diff := cmp.Diff(want, p.Settings); diff != "" {
		t.Error(diff)
	}
	for c, want := range map[Column][]string{CustomerID: {"Kunde", "Kunde Nr"}, Amount: {"Netto"}, Channel: {}} {
		if got, named := p.Candidates(c); !named || !cmp.Equal(got, want) {
			t.Errorf("%s: got %q, %v, want %q", c, got, named, want)
		}
	}
	if _, named := p.Candidates(OrderID); named {
		t.Error("order_id: got candidates, want none")
	}
}

func TestParsePresetFaults(t *testing.T) {
	for _, tc := range []struct {
		name, yaml string
		want       []string
	}{
		{"unknown key", "name: x\nfoo: 1\n", []string{"line 2, column 1", `"foo"`}},
		{"unknown column", "orders:\n  order_idd: a\n", []string{"line 2, column 3", "did you mean orders.order_id?"}},
		{"alternative spelling of a column", "orders:\n  OrderID: a\n", []string{"line 2, column 3"}},
		{"crm column among orders", "orders:\n  industry: a\n", []string{"line 2, column 3"}},
		{"unknown setting", "settings:\n  float_id: true\n", []string{"line 2, column 3", "float_ids"}},
		{"list where a mapping must be", "orders: [a]\n", []string{"line 1", "mapping"}},
		{"mapping where a word must be", "orders:\n  amount: {a: b}\n", []string{"line 2", "orders.amount"}},
		{"blank header", "orders:\n  amount: [\" \"]\n", []string{"line 2", "is no header"}},
		{"not a rate", "settings:\n  tax_rate: much\n", []string{"line 2", `"much"`, "19%"}},
		{"rate out of range", "settings:\n  tax_rate: 19\n", []string{"tax_rate", "0..1"}},
		{"margin out of range", "settings:\n  category_margins: {A: 45}\n", []string{"category_margins", `"A"`}},
		{"not a boolean", "settings:\n  float_ids: yes\n", []string{"line 2", "true or false"}},
		{"blank prefix would make every order a return", "settings:\n  return_id_prefix: [\"\"]\n", []string{"return_id_prefix"}},
		{"status in both lists", "settings:\n  return_status: [VOID]\n", []string{"VOID", "both"}},
		{"key twice", "name: a\nname: b\n", []string{"line 2"}},
		{"alias", "name: &a x\ndescription: *a\n", []string{"line 1", "line 2"}},
		{"two documents", "name: a\n---\nname: b\n", []string{"second document"}},
		{"empty", "", []string{"empty"}},
		{"only a comment", "# nothing\n", []string{"empty"}},
		{"broken", "name: [a\norders:\n", []string{"YAML"}},
		{"too long", "name: " + strings.Repeat("x", maxPreset), []string{"too many"}},
		{"several faults", "foo: 1\nbar: 2\n", []string{"line 1", "line 2"}},
	} {
		p, err := ParsePreset([]byte(tc.yaml))
		if err == nil || p != nil {
			t.Errorf("%s: got %v, want an error", tc.name, p)
			continue
		}
		for _, w := range tc.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: got %q, want it to say %q", tc.name, err, w)
			}
		}
	}
}

// A config file holds settings beside keys of its own; over a preset's settings only what it says changes.
func TestSettingsInConfig(t *testing.T) {
	var config struct {
		Settings Settings `yaml:"settings"`
	}
	config.Settings.FloatIDs = true
	src := "settings:\n  tax_rate: 0.2\n"
	if err := yaml.UnmarshalWithOptions([]byte(src), &config, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if config.Settings.TaxRate != 20_000_000 || !config.Settings.FloatIDs {
		t.Errorf("got %+v, want tax rate 0.2 and float ids kept", config.Settings)
	}
	err := yaml.UnmarshalWithOptions([]byte("settings:\n  tax_rat: 0.2\n"), &config, yaml.Strict())
	if err == nil || !strings.Contains(err.Error(), "line 2, column 3") {
		t.Errorf("got %v, want a fault at line 2, column 3", err)
	}
}

func TestParseRate(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want money.Rate
		ok   bool
	}{
		{"0.19", 19_000_000, true}, {"19%", 19_000_000, true}, {" 19 ％ ", 19_000_000, true}, {"-5%", -5_000_000, true},
		{"1", 100_000_000, true}, {"0", 0, true}, {"", 0, false}, {"%", 0, false}, {"19%%", 0, false}, {"a", 0, false},
	} {
		if got, ok := ParseRate(tc.in); ok != tc.ok || (ok && got != tc.want) {
			t.Errorf("ParseRate(%q) = %v, %v, want %v, %v", tc.in, got, ok, tc.want, tc.ok)
		}
	}
}

func TestRules(t *testing.T) {
	r := Settings{NullValues: []string{"NULL"}}.Rules()
	for _, tc := range []struct {
		cell, want string
		ok         bool
	}{
		{"x", "x", true}, {" x\u00A0", "x", true}, {"\u3000", "", false}, {"", "", false}, {" NULL ", "NULL", false}, {"null", "null", true},
	} {
		if got, ok := r.Text(tc.cell); got != tc.want || ok != tc.ok {
			t.Errorf("Text(%q) = %q, %v, want %q, %v", tc.cell, got, ok, tc.want, tc.ok)
		}
	}
	f := Settings{FloatIDs: true}.Rules()
	for in, want := range map[string]string{
		"17850.0": "17850", "17850.00": "17850", "17850.": "17850.", "17850.5": "17850.5", ".0": ".0", "A1.0": "A1.0",
		"007.0": "007", "17850": "17850", "1.0.0": "1.0.0", "-1.0": "-1.0",
	} {
		if got, _ := f.ID(in); got != want {
			t.Errorf("ID(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"17850.0": "17850", "007.0": "007", "12.0": "12.0", "1.0.0": "1.0.0", "'85004": "85004", "'t Hooft": "'t Hooft", "85'0": "85'0"} {
		if got, _ := r.ID(in); got != want {
			t.Errorf("without settings: ID(%q) = %q, want %q", in, got, want)
		}
		if plain := r.AsIs([]byte(in)); plain && in != want {
			t.Errorf("AsIs(%q), but its id is %q", in, want)
		}
	}
	w := Settings{IDWidth: 6, Aliases: map[string]string{"000017": "A1"}}.Rules()
	for in, want := range map[string]string{"17": "A1", "18": "000018", "1234567": "1234567", "X7": "X7"} {
		if got, _ := w.CustomerID(in); got != want {
			t.Errorf("CustomerID(%q) = %q, want %q", in, got, want)
		}
	}
	for status, want := range map[string][2]bool{ // returned, cancelled
		"Cancelled": {false, true}, "已取消": {false, true}, "VOIDED": {false, true}, "Credit Note": {true, false},
		"credit_note": {true, false}, "红字": {true, false}, "Shipped": {false, false}, "": {false, false},
		"refunded": {false, false},
	} {
		if got := [2]bool{r.ReturnStatus(status), r.CancelledStatus(status)}; got != want {
			t.Errorf("status %q: got returned, cancelled %v, want %v", status, got, want)
		}
	}
	none := Settings{CancelledStatus: []string{}}.Rules()
	if none.CancelledStatus("cancelled") {
		t.Error("an empty list must switch the default off")
	}
}

func FuzzParsePreset(f *testing.F) {
	for _, name := range Presets() {
		b, err := PresetYAML(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add(aliasFile)
	for _, s := range []string{"", "a", "- a", "name: &a [*a]", "orders:\n  amount: !!binary x", "<<: {a: b}", "? a\n: b", "name: |\n  x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParsePreset(b)
		if (p == nil) != (err != nil) {
			t.Fatalf("got preset %v and error %v", p, err)
		}
		if err != nil {
			return
		}
		if errs := p.Settings.Validate(); errs != nil {
			t.Errorf("accepted settings are not valid: %v", errs)
		}
		if _, err := Resolve(Orders, []string{"order_id", "customer_id", "date", "amount"}, Mapping{Preset: p, Settings: p.Settings}); err == nil {
			return // resolving with any accepted preset must not panic; it may well miss columns
		}
	})
}
