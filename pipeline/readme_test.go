package pipeline_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// The README shows every config key with its default: the file must read, and change nothing but the
// paths and the two lists of words that it shortens.
func TestReadmeConfigIsTheDefault(t *testing.T) {
	b, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(b), "```yaml\n")
	text, _, ok2 := strings.Cut(text, "```\n")
	if !ok || !ok2 {
		t.Fatal("the README has no yaml block")
	}
	c, err := pipeline.ParseConfig("README.md", []byte(text), pipeline.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.OrDefault().Validate(); err != nil {
		t.Error(err)
	}
	want := pipeline.Config{Orders: []string{"exports/orders.csv"}, CRM: []string{"exports/accounts.csv"}, Products: []string{"exports/products.csv"}}.OrDefault()
	// The README states tax_included, which is a statement too where it is the default.
	ignored := cmpopts.IgnoreFields(layout.Settings{}, "ReturnStatus", "CancelledStatus", "TaxStated")
	if diff := cmp.Diff(want, c.OrDefault(), ignored, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-default +README\n%s", diff)
	}
}

// The example of CRM targets is a legal config.
func TestReadmeTargetsAreLegal(t *testing.T) {
	b, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(b), "```yaml\ncrm_targets:")
	text, _, ok2 := strings.Cut(text, "```\n")
	if !ok || !ok2 {
		t.Fatal("the README has no example of crm_targets")
	}
	c, err := pipeline.ParseConfig("README.md", []byte("orders: orders.csv\ncrm_targets:"+text), pipeline.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.OrDefault().Validate(); err != nil || len(c.CRMTargets) != 1 || len(c.CRMTargets[0].Fields) != 4 {
		t.Errorf("got %+v, %v, want one target of four fields", c.CRMTargets, err)
	}
}
