package crm_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/segment/crm"
)

func decode(t *testing.T, d *folder, name string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(d.text(name)), &v); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, d.text(name))
	}
	return v
}

// The job says of the files what they are: operation, key, line end and delimiter.
func TestSalesforceJob(t *testing.T) {
	tab := customers(t, person{id: "001500000012ABC", tier: "core"})
	s := account()
	s.LineEnd, s.Delimiter = "CRLF", "|"
	_, d := write(t, s, crm.Input{Table: tab})
	want := map[string]any{"object": "Account", "operation": "upsert", "externalIdFieldName": "CustomerNo__c", "contentType": "CSV", "lineEnding": "CRLF", "columnDelimiter": "PIPE"}
	if diff := cmp.Diff(want, decode(t, d, "job.json")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for _, line := range []string{"sf data upsert bulk --sobject Account --external-id CustomerNo__c --column-delimiter PIPE --line-ending CRLF", "vitalfew crm ack 0123456789abcdef --target salesforce"} {
		if !strings.Contains(d.text("README.md"), line) {
			t.Errorf("README: got\n%s\nwant %q", d.text("README.md"), line)
		}
	}
	s = account()
	byID(&s)
	_, d = write(t, s, crm.Input{Table: tab})
	want = map[string]any{"object": "Account", "operation": "update", "contentType": "CSV", "lineEnding": "LF", "columnDelimiter": "COMMA"}
	if diff := cmp.Diff(want, decode(t, d, "job.json")); diff != "" {
		t.Errorf("update: -want +got\n%s", diff)
	}
	if !strings.Contains(d.text("README.md"), "sf data update bulk --sobject Account --line-ending LF") {
		t.Errorf("update: got README\n%s", d.text("README.md"))
	}
}

// The mapping file has a line SOURCE=Target for each column of the data, in both directions.
func TestDataLoaderMapping(t *testing.T) {
	s := account()
	s.Fields = append(s.Fields, crm.Field{Name: "Parent.CustomerNo__c", Column: "customer_id"})
	_, d := write(t, s, crm.Input{Table: customers(t, person{id: "1"})})
	header := d.rowsOf(t, "full", rules{Delimiter: ',', LineEnd: "\n", Bytes: 1e6, Rows: 10, Columns: 20})[0]
	lines := strings.Split(strings.TrimSuffix(d.text("mapping.sdl"), "\n"), "\n")
	if len(lines) != len(header) {
		t.Fatalf("got %d lines, want %d", len(lines), len(header))
	}
	for i, line := range lines {
		want := header[i] + "=" + strings.ReplaceAll(header[i], ".", `\:`)
		if line != want {
			t.Errorf("got %q, want %q", line, want)
		}
	}
}

// Every column of every file has its mapping, the key is the one that finds records, and every
// property that HubSpot does not have is in the list to create.
func TestHubSpotCompanions(t *testing.T) {
	s := crm.Settings{Name: "hubspot", Object: "contacts", Key: []string{"Email"}, MaxRows: 1, Fields: []crm.Field{
		{Name: "Email", Column: "email"}, {Name: "Key tier", Column: "tier", Values: []string{"core", "key"}}, {Name: "Sales", Column: "net_sales"},
		{Name: "Last order", Column: "last_day"}, {Name: "Risky", Column: "risky"}, {Name: "Note", Column: "name"}}}
	tab := customers(t, person{id: "1", email: "a@example.com", tier: "core"}, person{id: "2", email: "b@example.com"})
	_, d := write(t, s, crm.Input{Table: tab})
	wantProperties := "name,label,type,field_type,options,unique\nkey_tier,Key tier,enumeration,select,core;key,false\nsales,Sales,number,number,,false\n" +
		"last_order,Last order,date,date,,false\nrisky,Risky,bool,booleancheckbox,,false\nnote,Note,string,text,,false\n"
	if diff := cmp.Diff(wantProperties, d.text("properties.csv")); diff != "" {
		t.Errorf("properties: -want +got\n%s", diff)
	}
	for _, what := range []string{"full", "delta"} {
		request := decode(t, d, "import-"+what+".json")
		if diff := cmp.Diff(map[string]any{"0-1": "UPSERT"}, request["importOperations"]); diff != "" || request["dateFormat"] != "YEAR_MONTH_DAY" {
			t.Errorf("%s: got %v", what, request)
		}
		files := request["files"].([]any)
		if len(files) != 2 {
			t.Fatalf("%s: got %d files, want 2", what, len(files))
		}
		for i, f := range files {
			file := f.(map[string]any)
			if want := []string{what + "-0001.csv", what + "-0002.csv"}[i]; file["fileName"] != want || d.files[want] == nil {
				t.Errorf("got file %v, want %s", file["fileName"], want)
			}
			columns := file["fileImportPage"].(map[string]any)["columnMappings"].([]any)
			var got []string
			for _, c := range columns {
				m := c.(map[string]any)
				got = append(got, m["columnName"].(string)+">"+m["propertyName"].(string)+":"+m["columnType"].(string))
			}
			want := []string{"Email>email:HUBSPOT_ALTERNATE_ID", "Key tier>key_tier:STANDARD", "Sales>sales:STANDARD", "Last order>last_order:STANDARD", "Risky>risky:STANDARD", "Note>note:STANDARD"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("mapping: -want +got\n%s", diff)
			}
		}
	}
	_, d = write(t, s, crm.Input{Table: tab, State: acked(t, d)})
	if d.files["import-delta.json"] != nil || !strings.Contains(d.text("README.md"), "| delta: none, nothing to load | 0 |") {
		t.Errorf("nothing changed: got %q and README\n%s", d.order, d.text("README.md"))
	}
}

// The bulk write maps each column by its place; lookups say what finds them.
func TestZohoJob(t *testing.T) {
	s := crm.Settings{Name: "zoho", Object: "Accounts", Operation: "update", Key: []string{"Number"}, Fields: []crm.Field{
		{Name: "Number", Column: "customer_id"}, {Name: "Tier", Column: "tier"}, {Name: "Parent_Account.id", Column: "customer_id"}}}
	_, d := write(t, s, crm.Input{Table: customers(t, person{id: "1"})})
	want := map[string]any{"operation": "update", "character_encoding": "UTF-8", "resource": []any{map[string]any{
		"type": "data", "module": map[string]any{"api_name": "Accounts"}, "file_id": "ID-OF-THE-UPLOADED-ZIP", "ignore_empty": false, "find_by": "Number",
		"field_mappings": []any{map[string]any{"api_name": "Number", "index": 0.0}, map[string]any{"api_name": "Tier", "index": 1.0},
			map[string]any{"api_name": "Parent_Account", "index": 2.0, "find_by": "id"}}}}}
	if diff := cmp.Diff(want, decode(t, d, "job.json")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// Every format says how its files are loaded and marked, and lists its fields.
func TestReadmeAndFields(t *testing.T) {
	for name, target := range targets() {
		_, d := write(t, target.s, crm.Input{Table: customers(t, person{id: "1", tier: "core"})})
		for _, want := range []string{"no load was marked yet", "vitalfew crm ack 0123456789abcdef --target " + target.s.Name, "| full: full-0001."} {
			if !strings.Contains(d.text("README.md"), want) {
				t.Errorf("%s: got README\n%s\nwant %q", name, d.text("README.md"), want)
			}
		}
		if got := strings.Count(d.text("fields.csv"), "\n"); got != len(target.s.Fields)+1 {
			t.Errorf("%s: got %d lines of fields.csv, want %d", name, got, len(target.s.Fields)+1)
		}
	}
}
