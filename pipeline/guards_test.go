package pipeline_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/publish"
)

const guardOrders = "order_id,customer_id,ordered_at,amount,cost\n1,P,2024-03-01,100,50\n2,A,2024-03-02,100,50\n3,B,2024-03-03,100,50\n"

func guardNight(t *testing.T, c pipeline.Config) (*pipeline.Outcome, error) {
	t.Helper()
	return pipeline.Run(context.Background(), "test", 2, c, pipeline.Events{})
}

func TestSameContentTwiceIsRefused(t *testing.T) {
	dir := t.TempDir()
	a, b := put(t, dir, "a.csv", guardOrders), put(t, dir, "b.csv", guardOrders)
	out := filepath.Join(dir, "out")
	_, err := guardNight(t, pipeline.Config{Orders: []string{a, b}, Out: out})
	if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), b+" holds the same bytes as "+a) {
		t.Errorf("got %v", err)
	}
	if _, _, err := publish.Current(out); !errors.Is(err, publish.ErrNone) {
		t.Errorf("something was published: %v", err)
	}
}

func TestAsOfBeforeAllDataIsRefused(t *testing.T) {
	dir := t.TempDir()
	c := pipeline.Config{Orders: []string{put(t, dir, "a.csv", guardOrders)}, Out: filepath.Join(dir, "out")}
	if err := c.SetAsOf("2023-03-04"); err != nil {
		t.Fatal(err)
	}
	if _, err := guardNight(t, c); !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), "2023-03-04 lies before all orders, the first is of 2024-03-01") {
		t.Errorf("got %v", err)
	}
}

// A part of what a group owes is not what it owes: unknown for one account is unknown for the parent.
// A block flag of one account blocks all.
func TestGroupCredit(t *testing.T) {
	const head = "customer_id,parent_id,credit_blocked,overdue,receivables,credit_limit\n"
	for _, k := range []struct{ name, rows, want string }{
		{"all good", "P,,no,0,10,100\nA,P,no,0,10,100\nB,P,no,0,10,100\n", "GOOD"},
		{"one account without data", "P,,,,,\nA,P,,,,\nB,P,no,0,0,100\n", "UNKNOWN"},
		{"a limit of one account only", "P,,no,0,0,\nA,P,no,0,100,\nB,P,no,0,50,100\n", "UNKNOWN"},
		{"one blocked", "P,,no,0,10,100\nA,P,yes,0,10,100\nB,P,,,,\n", "BLOCKED"},
	} {
		dir := t.TempDir()
		out, err := guardNight(t, pipeline.Config{Orders: []string{put(t, dir, "o.csv", guardOrders)}, CRM: []string{put(t, dir, "c.csv", head+k.rows)}, Out: filepath.Join(dir, "out")})
		if err != nil {
			t.Fatal(err)
		}
		c, _ := out.Figures.Ledger.Find("P")
		if got := out.Figures.Credit.Verdicts[c].State.String(); got != k.want {
			t.Errorf("%s: got %s, want %s", k.name, got, k.want)
		}
	}
}

// A link planted where rejects are left is replaced: a published run is never written through it.
func TestPlantedLinkIsReplaced(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	good, err := guardNight(t, pipeline.Config{Orders: []string{put(t, dir, "good.csv", guardOrders)}, Out: out})
	if err != nil {
		t.Fatal(err)
	}
	bad := pipeline.Config{Orders: []string{put(t, dir, "bad.csv", guardOrders+"4,C,2024-03-04,much,1\n")}, Out: out}
	first, err := guardNight(t, bad)
	if !errors.Is(err, pipeline.ErrRejects) {
		t.Fatal(err)
	}
	if err := os.Remove(first.RejectsFile); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join("..", "runs", good.ID, "customers.parquet"), first.RejectsFile); err != nil {
		t.Fatal(err)
	}
	if _, err := guardNight(t, bad); !errors.Is(err, pipeline.ErrRejects) {
		t.Fatal(err)
	}
	if r, err := publish.Verify(out, ""); err != nil || !r.OK() {
		t.Errorf("the published run is damaged: %v, %v", r.Problems, err)
	}
	if b, err := os.ReadFile(first.RejectsFile); err != nil || !strings.Contains(string(b), "much") {
		t.Errorf("rejects: %q, %v", b, err)
	}
}

// A night that was published although a gate said no is not taken for unchanged by one that does not
// ask for that.
func TestUnchangedKeepsTheGate(t *testing.T) {
	dir := t.TempDir()
	c := pipeline.Config{Orders: []string{put(t, dir, "bad.csv", guardOrders+"4,C,2024-03-04,much,1\n")}, Out: filepath.Join(dir, "out"), PublishAnyway: true}
	if _, err := guardNight(t, c); err != nil {
		t.Fatal(err)
	}
	if out, err := guardNight(t, c); err != nil || !out.Unchanged {
		t.Errorf("the same night again: %+v, %v", out, err)
	}
	c.PublishAnyway = false
	if _, err := guardNight(t, c); !errors.Is(err, pipeline.ErrRejects) {
		t.Errorf("got %v, want the gate", err)
	}
}

// Cells of the CRM export that cannot be read are said where people look.
func TestUnreadableSideTableIsSaid(t *testing.T) {
	dir := t.TempDir()
	out, err := guardNight(t, pipeline.Config{Orders: []string{put(t, dir, "o.csv", guardOrders)},
		CRM: []string{put(t, dir, "c.csv", "customer_id,credit_blocked,receivables,parent_id\nA,maybe,xx,GHOST\n")}, Out: filepath.Join(dir, "out")})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := out.WriteSummary(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"no cell of them could be read", "2 cells or rows of the CRM and product exports could not be used", "1 accounts name a parent"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, b.String())
		}
	}
}

// A stated zero is never a default in disguise: it is a fault, or, for the rating's weight, meant.
func TestStatedZeros(t *testing.T) {
	_, err := pipeline.ParseConfig("c.yaml", []byte("orders: o.csv\nlists: {rise: 0}\nlife_stage: {partner_breadth: 0}\nkeep_runs: 0\nkey_account: {min_cost_coverage: 0}\n"), pipeline.Config{})
	for _, want := range []string{"lists.rise: 0 is not legal", "life_stage.partner_breadth: 0 is not legal", "keep_runs: 0 is not legal", "key_account.min_cost_coverage: 0 is not legal"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in: %v", want, err)
		}
	}
	c, err := pipeline.ParseConfig("c.yaml", []byte("key_account: {fit_weight: 0}\npareto: {a: 0.7}\n"), pipeline.Config{})
	if err != nil || !c.IgnoreFit || c.Pareto.A.String() != "0.7" || c.Pareto.B.String() != "0.95" {
		t.Errorf("got %+v, %v", c, err)
	}
}
