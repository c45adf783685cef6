package crm_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/segment/crm"
)

// Settings that a target cannot load are refused with what to do, before any data is read.
func TestSettingsFaults(t *testing.T) {
	edit := func(change func(*crm.Settings)) crm.Settings {
		s := account()
		change(&s)
		return s
	}
	hub := crm.Settings{Name: "hubspot", Object: "companies", Key: []string{"Company domain name"},
		Fields: []crm.Field{{Name: "Company domain name", Column: "email"}, {Name: "Tier", Column: "tier"}}}
	hubs := func(change func(*crm.Settings)) crm.Settings { s := hub; change(&s); return s }
	for name, tc := range map[string]struct {
		s    crm.Settings
		want string // "" for none
	}{
		"whole":            {account(), ""},
		"folder":           {edit(func(s *crm.Settings) { s.Name, s.Format = "../x", "salesforce" }), "no folder name"},
		"format":           {crm.Settings{Name: "sugar"}, `no format "sugar": give ` + "`format`, one of salesforce"},
		"no mapping":       {edit(func(s *crm.Settings) { s.Fields = nil }), "nothing is mapped"},
		"no key":           {edit(func(s *crm.Settings) { s.Key = nil }), "no key"},
		"key not mapped":   {edit(func(s *crm.Settings) { s.Fields = s.Fields[1:] }), `key field "CustomerNo__c" is not among`},
		"only the key":     {edit(func(s *crm.Settings) { s.Fields = s.Fields[:1] }), "only the key is mapped"},
		"two keys":         {edit(func(s *crm.Settings) { s.Key = append(s.Key, "Name") }), "takes one key field"},
		"no object":        {edit(func(s *crm.Settings) { s.Object = "" }), "give `object`"},
		"mapped twice":     {edit(func(s *crm.Settings) { s.Fields = append(s.Fields, crm.Field{Name: "name", Column: "tier"}) }), "mapped twice"},
		"label":            {edit(func(s *crm.Settings) { s.Fields[2].Name = "Account Name" }), "not the label"},
		"no column":        {edit(func(s *crm.Settings) { s.Fields[2].Column = "" }), "no column"},
		"column, constant": {edit(func(s *crm.Settings) { s.Fields[2].Constant = "x" }), "give one of them"},
		"type":             {edit(func(s *crm.Settings) { s.Fields[2].Type = "string" }), `type "string"`},
		"empty picklist":   {edit(func(s *crm.Settings) { s.Fields[2].Type = "picklist" }), "without values"},
		"decimals":         {edit(func(s *crm.Settings) { nine := 9; s.Fields[3].Decimals = &nine }), "decimals 9"},
		"length":           {edit(func(s *crm.Settings) { s.Fields[2].Length = -1 }), "length -1"},
		"operation":        {edit(func(s *crm.Settings) { s.Operation = "insert" }), `operation "insert"`},
		"update needs Id":  {edit(func(s *crm.Settings) { s.Operation = "update" }), "by Id only"},
		"foreign key":      {edit(func(s *crm.Settings) { s.Key[0], s.Fields[0].Name = "Parent.No__c", "Parent.No__c" }), "field of another object"},
		"over the limit":   {edit(func(s *crm.Settings) { s.MaxBytes = 150e6 }), "at most 100000000 bytes"},
		"delimiter":        {edit(func(s *crm.Settings) { s.Delimiter = "x" }), `delimiter "x"`},
		"line end":         {edit(func(s *crm.Settings) { s.LineEnd = "CR" }), `line_end "CR"`},
		"clear":            {edit(func(s *crm.Settings) { s.Clear = "yes" }), `clear "yes"`},
		"columns":          {edit(func(s *crm.Settings) { s.Fields = append(s.Fields, many(5000)...) }), "at most 5000 columns"},
		"hubspot":          {hub, ""},
		"hubspot key":      {hubs(func(s *crm.Settings) { s.Key = []string{"Tier"} }), "unique_property"},
		"hubspot object":   {hubs(func(s *crm.Settings) { s.Object = "deals" }), "companies or contacts"},
		"hubspot record id": {hubs(func(s *crm.Settings) {
			s.Key = []string{"Record ID"}
			s.Fields = append(many(1), crm.Field{Name: "Record ID", Column: "customer_id"})
		}), "operation: update"},
		"hubspot clears":    {hubs(func(s *crm.Settings) { s.Left = "clear" }), "no mark that clears"},
		"hubspot delimiter": {hubs(func(s *crm.Settings) { s.Delimiter = ";" }), "fixed for hubspot"},
		"hubspot columns":   {hubs(func(s *crm.Settings) { s.Fields = append(s.Fields, many(998)...) }), "at most 999 columns"},
		"hubspot bytes":     {hubs(func(s *crm.Settings) { s.MaxBytes = 20e6 + 1 }), "20000000 bytes"},
		"hubspot paid size": {hubs(func(s *crm.Settings) { s.MaxBytes, s.Plan = 512e6+1, "paid" }), "512000000 bytes"},
		"lookup":            {edit(func(s *crm.Settings) { s.Fields[2].Name = "Parent.CustomerNo__c" }), ""},
		"lookup of lookups": {edit(func(s *crm.Settings) { s.Fields[2].Name = "Parent.Parent.No__c" }), "one dot for a lookup"},
		"hubspot free":      {hubs(func(s *crm.Settings) { s.MaxRows = 500_001 }), "500000 rows"},
		"hubspot paid":      {hubs(func(s *crm.Settings) { s.MaxRows, s.Plan = 1_048_575, "paid" }), ""},
		"hubspot too many":  {hubs(func(s *crm.Settings) { s.MaxRows, s.Plan = 1_048_576, "paid" }), "1048575 rows"},
		"dataverse table":   {edit(func(s *crm.Settings) { s.Format, s.Object = "dataverse", "" }), "the table"},
		"dataverse size":    {edit(func(s *crm.Settings) { s.Format, s.MaxBytes = "dataverse", 8e6+1 }), "8000000 bytes"},
		"dataverse key":     {edit(func(s *crm.Settings) { s.Format, s.Key = "dataverse", []string{"CustomerNo__c", "Unit__c"} }), `"Unit__c" is not among`},
		"zoho rows":         {edit(func(s *crm.Settings) { s.Format, s.MaxRows = "zoho", 25_001 }), "25000 rows"},
		"zoho bytes":        {edit(func(s *crm.Settings) { s.Format, s.MaxBytes = "zoho", 25e6+1 }), "25000000 bytes"},
		"zoho delimiter":    {edit(func(s *crm.Settings) { s.Format, s.Delimiter = "zoho", ";" }), "fixed for zoho"},
		"zoho columns":      {edit(func(s *crm.Settings) { s.Format = "zoho"; s.Fields = append(s.Fields, many(194)...) }), "at most 200 columns"},
	} {
		faults := errors.Join(tc.s.OrDefault().Validate()...)
		switch {
		case tc.want == "" && faults != nil:
			t.Errorf("%s: got %v, want no fault", name, faults)
		case tc.want != "" && (faults == nil || !strings.Contains(faults.Error(), tc.want)):
			t.Errorf("%s: got %v, want %q", name, faults, tc.want)
		}
	}
}

func many(n int) []crm.Field {
	out := make([]crm.Field, n)
	for i := range out {
		out[i] = crm.Field{Name: fmt.Sprintf("F%d__c", i), Column: "tier"}
	}
	return out
}

// Unknown columns are named with their neighbours; several at once.
func TestUnknownColumns(t *testing.T) {
	s := account()
	s.Fields[1].Column, s.Fields[4].Column, s.Fields[5].Column = "teir", "net_sale", "zzzzzzzzzzzz"
	_, err := crm.Prepare(s, crm.Input{Table: customers(t, person{id: "1"})})
	if !errors.Is(err, table.ErrNoColumn) {
		t.Fatalf("got %v, want %v", err, table.ErrNoColumn)
	}
	for _, want := range []string{`"teir"; the nearest are tier`, `"net_sale"; the nearest are net_sales`, `"zzzzzzzzzzzz"; the columns are customer_id, name`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// Every rule of the pre-flight has a row that breaks it; the row is named, and nothing is written.
func TestPreflight(t *testing.T) {
	good := person{id: "1", name: "Acme", tier: "core", day: "2024-01-01"}
	with := func(change func(*person)) person { p := good; p.id = "2"; change(&p); return p }
	for name, tc := range map[string]struct {
		bad    person
		change func(*crm.Settings)
		want   string // after the row
	}{
		"blank key":         {with(func(p *person) { p.id = "" }), nil, `CustomerNo__c = "": the key is blank`},
		"key in spaces":     {with(func(p *person) { p.id = "2 " }), nil, `CustomerNo__c = "2 ": the key has spaces`},
		"key twice":         {with(func(p *person) { p.id = "1" }), nil, `CustomerNo__c = "1": the key is that of row 1`},
		"not in the list":   {with(func(p *person) { p.tier = "dormant" }), nil, `Tier__c = "dormant": not in the picklist core, key, general`},
		"too long":          {with(func(p *person) { p.name = strings.Repeat("é", 256) }), nil, `256 characters, at most 255 fit`},
		"field limit":       {with(func(p *person) { p.name = strings.Repeat("x", 32_001) }), func(s *crm.Settings) { s.Fields[2].Length = 0 }, `32001 characters, at most 32000 fit`},
		"line break":        {with(func(p *person) { p.name = "a\nb" }), nil, `"a\nb": a line break`},
		"carriage return":   {with(func(p *person) { p.name = "a\rb" }), nil, `a line break`},
		"control character": {with(func(p *person) { p.name = "a\x00b" }), nil, `a control character`},
		"clear mark":        {with(func(p *person) { p.name = "#N/A" }), nil, `would empty the field`},
		"no number":         {with(func(p *person) { p.name = "1,234.5" }), func(s *crm.Settings) { s.Fields[2].Type = "number" }, `no plain number`},
		"no date":           {with(func(p *person) { p.name = "01/15/2010" }), func(s *crm.Settings) { s.Fields[2].Type = "date" }, `no date YYYY-MM-DD`},
		"no boolean":        {with(func(p *person) { p.name = "yes" }), func(s *crm.Settings) { s.Fields[2].Type = "boolean" }, `neither true nor false`},
		"translated":        {with(func(p *person) { p.tier = "key" }), func(s *crm.Settings) { s.Fields[1].Translate = map[string]string{"key": "Key account"} }, `Tier__c = "Key account": not in`},
		"row over the file": {with(func(p *person) { p.name = strings.Repeat("x", 200) }), func(s *crm.Settings) { s.MaxBytes = 200 }, `the row takes 231 bytes, and beside the header a file of 200 bytes has room for 138`},
		"record id":         {with(func(p *person) { p.id = "0015000000ABC" }), byID, `15 or 18 letters`},
	} {
		t.Run(name, func(t *testing.T) {
			s := account()
			if name == "no number" || name == "no date" || name == "no boolean" {
				good.name = map[string]string{"no number": "-12.50", "no date": "2024-02-29", "no boolean": "true"}[name]
				defer func() { good.name = "Acme" }()
			}
			first := good
			if tc.change != nil {
				tc.change(&s)
			}
			if name == "record id" {
				first.id = "001500000012ABC"
			}
			if _, err := crm.Prepare(s, crm.Input{Table: customers(t, first)}); err != nil {
				t.Fatalf("the good row: got %v", err)
			}
			_, err := crm.Prepare(s, crm.Input{Table: customers(t, first, tc.bad)})
			var check *crm.CheckError
			if !errors.As(err, &check) || !errors.Is(err, crm.ErrCheck) || check.Count != 1 || check.Faults[0].Row != 2 || check.Faults[0].Key != tc.bad.id {
				t.Fatalf("got %v, want one fault of row 2", err)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func byID(s *crm.Settings) {
	s.Operation, s.Key, s.Fields[0].Name = "update", []string{"Id"}, "Id"
}

// Keys that differ in case are one to Salesforce and HubSpot, unless told otherwise.
func TestKeysFoldCase(t *testing.T) {
	s := account()
	tab := customers(t, person{id: "ab"}, person{id: "AB"})
	if _, err := crm.Prepare(s, crm.Input{Table: tab}); err == nil || !strings.Contains(err.Error(), `row 2, key "AB"`) || !strings.Contains(err.Error(), "case_sensitive_key") {
		t.Errorf("got %v, want the second row named", err)
	}
	s.CaseSensitiveKey = true
	if _, err := crm.Prepare(s, crm.Input{Table: tab}); err != nil {
		t.Errorf("case sensitive: got %v", err)
	}
}

// The records of a target have a limit of their own.
func TestRecordLimit(t *testing.T) {
	text := strings.Repeat("x", 32_000)
	s := account()
	s.Fields[2].Length = 0
	for i := range 12 {
		s.Fields = append(s.Fields, crm.Field{Name: fmt.Sprintf("Note%d__c", i), Column: "name"})
	}
	_, err := crm.Prepare(s, crm.Input{Table: customers(t, person{id: "1", name: text})})
	if err == nil || !strings.Contains(err.Error(), "at most 400000 fit a record") {
		t.Errorf("got %v, want the record refused", err)
	}
}

// HubSpot keys have forms.
func TestHubSpotKeys(t *testing.T) {
	for _, tc := range []struct {
		object, key, value string
		ok                 bool
	}{
		{"contacts", "Email", "a@example.com", true}, {"contacts", "Email", "a@b@example.com", false}, {"contacts", "Email", "example.com", false},
		{"contacts", "Email", "a@example", false}, {"companies", "Company domain name", "example.com", true}, {"companies", "Company domain name", "https://example.com", false},
		{"companies", "Company domain name", "example", false}, {"companies", "Record ID", "12345", true}, {"companies", "Record ID", "12a", false},
	} {
		s := crm.Settings{Name: "hubspot", Object: tc.object, Key: []string{tc.key}, Fields: []crm.Field{{Name: tc.key, Column: "email"}, {Name: "Tier", Column: "tier"}}}
		if tc.key == "Record ID" {
			s.Operation = "update"
		}
		_, err := crm.Prepare(s, crm.Input{Table: customers(t, person{id: "1", email: tc.value, tier: "core"})})
		if (err == nil) != tc.ok {
			t.Errorf("%s %q: got %v, want legal %v", tc.key, tc.value, err, tc.ok)
		}
	}
}

// A fault of each kind is shown a few times, and counted always.
func TestManyFaults(t *testing.T) {
	var rows []person
	for i := range 100 {
		rows = append(rows, person{id: fmt.Sprint(i), tier: "none", name: "a\nb"})
	}
	_, err := crm.Prepare(account(), crm.Input{Table: customers(t, rows...)})
	var check *crm.CheckError
	if !errors.As(err, &check) || check.Count != 200 || len(check.Faults) != 10 || !strings.Contains(err.Error(), "and 190 more") {
		t.Errorf("got %v, want 200 faults counted and 10 shown", err)
	}
}

// What a setting makes of cells: translation, decimals, one line, a value for unknown ones.
func TestRendering(t *testing.T) {
	zero, two, six := 0, 2, 6
	s := crm.Settings{Name: "plain", Key: []string{"id"}, Fields: []crm.Field{
		{Name: "id", Column: "customer_id"}, {Name: "name", Column: "name", OneLine: true}, {Name: "tier", Column: "tier", Translate: map[string]string{"core": "100000000"}, Unknown: "none"},
		{Name: "score0", Column: "key_score", Decimals: &zero}, {Name: "score", Column: "key_score", Unknown: "0"}, {Name: "sales0", Column: "net_sales", Decimals: &zero},
		{Name: "sales2", Column: "net_sales", Decimals: &two}, {Name: "sales6", Column: "net_sales", Decimals: &six}, {Name: "from", Constant: "vital, few"},
	}}
	_, d := write(t, s, crm.Input{Table: customers(t,
		person{id: "1", name: "a\r\nb\nc", tier: "core", score: number(-0.00001), sales: -12_345}, person{id: "2", sales: 5_000})})
	want := "id,name,tier,score0,score,sales0,sales2,sales6,from\n" +
		"1,a b c,100000000,0,0.0000,-1,-1.23,-1.234500,\"vital, few\"\n" +
		"2,,none,,0,0,0.50,0.500000,\"vital, few\"\n"
	if got := d.text("full-0001.csv"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
