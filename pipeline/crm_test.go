package pipeline_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
)

const crmYAML = `window: all
crm_targets:
  salesforce:
    object: Account
    key: No__c
    fields:
      No__c: customer_id
      Tier__c: {column: tier, values: [core, key, general, dormant, prospect]}
      Sales__c: net_sales
      Mail__c: email
  audience:
    format: google-customer-match
    personal_data: true
    fields: {Email: email}
`

func crmCompany(sales string) small {
	return small{orders: "order_id,customer_id,ordered_at,amount\n1,A,2024-01-05,100\n2,B,2024-02-05," + sales + "\n",
		crm: "customer_id,name,email\nA,Able,able@example.com\nB,Baker,\nC,Charlie,c@example.com\n"}
}

func fileOf(t *testing.T, o *pipeline.Outcome, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(o.Dir, "crm", name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(b)
}

// Night after night: the delta counts from the run that was marked, and the marks are inputs.
func TestCRMNights(t *testing.T) {
	c := crmCompany("50").config(t, crmYAML)
	first := runNight(t, c, 2)
	want := "No__c,Tier__c,Sales__c,Mail__c\nA,core,100.00,able@example.com\nB,general,50.00,\nC,prospect,0.00,c@example.com\n"
	got := fileOf(t, first, "salesforce/full-0001.csv")
	if strings.Count(got, "\n") != 4 || !strings.HasPrefix(got, "No__c,Tier__c,Sales__c,Mail__c\nA,") || got != fileOf(t, first, "salesforce/delta-0001.csv") {
		t.Errorf("first night: got %q, want like %q, all of it in the delta", got, want)
	}
	verified(t, c.Out)
	listed := 0
	for _, f := range first.Manifest.Files {
		if strings.HasPrefix(f.Name, "crm/") {
			listed++
		}
		if f.Name == "crm/salesforce/full-0001.csv" && f.Rows != 3 {
			t.Errorf("manifest: got %+v, want 3 rows", f)
		}
	}
	if listed < 10 || len(first.Manifest.CRM) != 2 || first.Manifest.CRM[0].Target != "audience" || first.Manifest.CRM[1].Delta != 3 {
		t.Errorf("manifest: got %d files, %+v", listed, first.Manifest.CRM)
	}
	if again := runNight(t, c, 1); !again.Unchanged {
		t.Error("the same night: got it computed again")
	}
	acked, err := pipeline.AckCRM(c.Out, first.ID, nil, false)
	if err != nil || len(acked) != 2 || acked[1].Accounts != 3 || acked[1].Before != "" {
		t.Fatalf("got %+v, %v", acked, err)
	}

	// The mark is an input: the same exports are another night now, with nothing to load.
	second := runNight(t, c, 2)
	if second.Unchanged || second.ID == first.ID || fileOf(t, second, "salesforce/delta-0001.csv") != "" || fileOf(t, second, "salesforce/full-0001.csv") != got {
		t.Errorf("after the mark: got run %s after %s, delta %q", second.ID, first.ID, fileOf(t, second, "salesforce/delta-0001.csv"))
	}
	moved := c
	moved.Orders = []string{put(t, t.TempDir(), "orders.csv", crmCompany("70").orders)}
	third := runNight(t, moved, 2)
	if delta := fileOf(t, third, "salesforce/delta-0001.csv"); strings.Count(delta, "\n") != 2 || !strings.Contains(delta, "\nB,") || !strings.Contains(delta, ",70.00,") {
		t.Errorf("changed: got delta %q, want B", delta)
	}
	if changes := fileOf(t, third, "salesforce/changes.csv"); !strings.Contains(changes, "B,Sales__c,50.00,70.00\n") {
		t.Errorf("changes: got %q", changes)
	}

	// Marks in another order than the deltas count from are refused, all or none.
	if _, err := pipeline.AckCRM(c.Out, third.ID, []string{"salesforce"}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := pipeline.AckCRM(c.Out, second.ID, nil, false); err == nil || !strings.Contains(err.Error(), "run "+third.ID+" is marked as loaded") {
		t.Errorf("an older run: got %v", err)
	}
	if acked, err := pipeline.AckCRM(c.Out, third.ID, nil, false); err != nil || len(acked) != 2 || !acked[1].Same || acked[0].Same {
		t.Errorf("again: got %+v, %v", acked, err)
	}
	for _, bad := range []struct {
		run    string
		target []string
		want   string
	}{{"0000000000000000", nil, "no run"}, {third.ID, []string{"hubspot"}, "only for audience, salesforce"}} {
		if _, err := pipeline.AckCRM(c.Out, bad.run, bad.target, false); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%+v: got %v", bad, err)
		}
	}
}

// A damaged mark ends the night with what to do; ack does not build on it.
func TestDamagedMark(t *testing.T) {
	c := crmCompany("50").config(t, crmYAML)
	first := runNight(t, c, 2)
	if _, err := pipeline.AckCRM(c.Out, first.ID, nil, false); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(c.Out, "state", "crm", "salesforce.state")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	overwrite(t, path, b)
	_, err = pipeline.Run(context.Background(), "test", 2, c, pipeline.Events{})
	if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), "state/crm/salesforce.state") || !strings.Contains(err.Error(), "restore it from a backup, or remove it") {
		t.Errorf("got %v", err)
	}
	if current(t, c.Out) != first.ID {
		t.Error("another run is published")
	}
	if _, err := pipeline.AckCRM(c.Out, first.ID, nil, false); !errors.Is(err, pipeline.ErrInput) {
		t.Errorf("ack: got %v", err)
	}
	if _, err := pipeline.AckCRM(c.Out, first.ID, nil, true); err != nil {
		t.Errorf("ack --force: got %v", err)
	}
	runNight(t, c, 2)
}

// What would not load keeps the night from being published, with the rows named, and nothing is
// written; published anyway, the target is left out and said.
func TestCRMPreflightEndsTheNight(t *testing.T) {
	bad := strings.Replace(crmYAML, "dormant, prospect]", "dormant]", 1)
	c := crmCompany("50").config(t, bad)
	_, err := pipeline.Run(context.Background(), "test", 2, c, pipeline.Events{})
	if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), `row 3, key "C", Tier__c = "prospect": not in the picklist`) {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(filepath.Join(c.Out, "runs")); len(left) > 0 {
		t.Errorf("got %v in runs, want nothing written", left)
	}
	dry := c
	dry.DryRun = true
	if _, err := pipeline.Run(context.Background(), "test", 2, dry, pipeline.Events{}); !errors.Is(err, pipeline.ErrInput) {
		t.Errorf("dry run: got %v", err)
	}
	c.PublishAnyway = true
	out := runNight(t, c, 2)
	if m := out.Manifest.CRM[1]; !strings.Contains(m.LeftOut, "prospect") || fileOf(t, out, "salesforce/full-0001.csv") != "" || fileOf(t, out, "audience/full-0001.csv") == "" {
		t.Errorf("anyway: got %+v", m)
	}
	if _, err := pipeline.AckCRM(c.Out, out.ID, []string{"salesforce"}, false); !errors.Is(err, pipeline.ErrConfig) {
		t.Errorf("ack of what was left out: got %v", err)
	}
}

// Unknown columns are a fault of the config, named with their neighbours; nothing is written.
func TestCRMUnknownColumn(t *testing.T) {
	c := crmCompany("50").config(t, strings.Replace(crmYAML, "net_sales", "net_sale", 1))
	_, err := pipeline.Run(context.Background(), "test", 2, c, pipeline.Events{})
	if !errors.Is(err, pipeline.ErrConfig) || !strings.Contains(err.Error(), `"net_sale"; the nearest are net_sales`) {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(filepath.Join(c.Out, "runs")); len(left) > 0 {
		t.Errorf("got %v in runs, want nothing written", left)
	}
}

// A target takes the customers of its tiers; who leaves them has left.
func TestCRMTiers(t *testing.T) {
	all := runNight(t, crmCompany("50").config(t, crmYAML), 2)
	some := runNight(t, crmCompany("50").config(t, strings.Replace(crmYAML, "    key: No__c", "    key: No__c\n    tiers: [prospect]", 1)), 2)
	if got := fileOf(t, some, "salesforce/full-0001.csv"); !strings.HasSuffix(fileOf(t, all, "salesforce/full-0001.csv"), strings.TrimPrefix(got, "No__c,Tier__c,Sales__c,Mail__c\n")) || strings.Count(got, "\n") != 2 {
		t.Errorf("got %q, want the prospect only", got)
	}
}

// The files of targets are the same at any number of workers, and e-mail stands in no other file.
func TestCRMBytesAndPrivacy(t *testing.T) {
	var first map[string]string
	for _, workers := range []int{1, 2, 7} {
		c := crmCompany("50").config(t, crmYAML)
		out := runNight(t, c, workers)
		got := digests(t, out)
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Errorf("%d workers: -1 +got\n%s", workers, diff)
		}
		for name, b := range published(t, out.Dir) {
			if strings.Contains(string(b), "able@example.com") && !strings.HasPrefix(name, "crm/salesforce/") {
				t.Errorf("%s holds an e-mail address", name)
			}
		}
	}
}

// The faults of targets are found with the others of the config, before anything is read.
func TestCRMConfigFaults(t *testing.T) {
	for text, want := range map[string]string{
		"crm_targets: {salesforce: {object: Account, key: No__c}}":                             "nothing is mapped",
		"crm_targets: {sugar: {fields: {a: tier}}}":                                            `no format "sugar"`,
		"crm_targets: {plain: {key: a, fields: {a: customer_id, b: tier}, tiers: [gold]}}":     `no tier "gold"`,
		"crm_targets:\n  plain:\n    keys: a\n":                                                `line 3: unknown key "crm_targets.plain.keys"`,
		"crm_targets: {plain: {key: a, fields: {a: customer_id, b: {colum: tier}}}}":           "colum",
		"crm_targets: {plain: {key: a, fields: {a: customer_id, b: tier}, max_bytes: many}}":   "crm_targets.plain.max_bytes",
		"crm_targets: {ads: {format: google-customer-match, fields: {Email: email}}}":          "personal_data: true",
		"crm_targets: {plain: {key: a, fields: {a: customer_id, b: {column: tier, type: x}}}}": `type "x"`,
	} {
		c, err := pipeline.ParseConfig("c.yaml", []byte("orders: o.csv\n"+text), pipeline.Config{})
		if err == nil {
			err = c.OrDefault().Validate()
		}
		if err == nil || !strings.Contains(err.Error(), want) && !strings.Contains(err.Error(), strings.Replace(want, "line 3", "line 4", 1)) {
			t.Errorf("%s\ngot %v, want %q", text, err, want)
		}
	}
	// Fields keep the order of the file.
	c, err := pipeline.ParseConfig("c.yaml", []byte("crm_targets: {plain: {key: z, fields: {z: customer_id, m: tier, a: name, b: {constant: 5}}}}"), pipeline.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range c.CRMTargets[0].Fields {
		names = append(names, f.Name+"="+f.Column+f.Constant)
	}
	if diff := cmp.Diff([]string{"z=customer_id", "m=tier", "a=name", "b=5"}, names); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
