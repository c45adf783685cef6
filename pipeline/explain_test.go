package pipeline_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/publish"
)

// namesakes is a company whose names meet.
func namesakes() small {
	return small{
		orders: "order_id,customer_id,ordered_at,amount,cost\n1,A-1,2024-01-05,100,40\n2,A-2,2024-02-05,50,20\n3,B,2024-02-05,50,20\n",
		crm:    "customer_id,name\nA-1,\"Able, Ltd.\"\nA-2,ABLE North\nB,Baker\nC,ＣＡＮＴＯＲ 有限公司\nD,Able North\n",
	}
}

func TestExplainFinds(t *testing.T) {
	out := parent(runNight(t, namesakes().config(t, ""), 2).Dir)
	for word, want := range map[string]string{
		"A-1": "A-1", "a1": "A-1", "Baker": "B", "bak": "B", "able ltd": "A-1", "cantor": "C", "有限": "C", "ABLE North": "A-2", "Able North": "D",
	} {
		e, err := pipeline.Explain(out, "", word, 2)
		if err != nil || e.Who.ID != want {
			t.Errorf("%q: got %v, %v, want customer %s", word, e, err, want)
		}
	}
	for word, want := range map[string]string{
		"able":       `"able" is 3 customers: A-1 (Able, Ltd.), A-2 (ABLE North), D (Able North); name one by its id`,
		"able north": `"able north" is 2 customers: A-2 (ABLE North), D (Able North)`,
		"Bakker":     "the nearest are B (Baker)",
		"A-3":        "the nearest are A-1 (Able, Ltd.), A-2 (ABLE North)",
		"zebra":      `has no customer "zebra", by id or by name, and none like it`,
		"--":         "and none like it",
	} {
		_, err := pipeline.Explain(out, "", word, 2)
		if !errors.Is(err, pipeline.ErrConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", word, err, want)
		}
	}
}

// Whoever it is, the screen fits, says no NaN, and the JSON holds the same figures as the columns.
func TestExplainScreen(t *testing.T) {
	c := demo(t)
	for _, day := range []string{"2025-10-01", "2025-11-01"} {
		if err := c.SetAsOf(day); err != nil {
			t.Fatal(err)
		}
		runNight(t, c, 2)
	}
	s := customersOf(t, runNight(t, c, 2))
	for i := 0; i < len(s.rows); i += 4 {
		id := s.text(i, "customer_id")
		e, err := pipeline.Explain(c.Out, "", id, 1)
		if err != nil {
			t.Fatal(err)
		}
		var text, js bytes.Buffer
		if err := errors.Join(e.WriteText(&text), e.WriteJSON(&js)); err != nil {
			t.Fatal(err)
		}
		var back pipeline.Explanation
		if err := json.Unmarshal(js.Bytes(), &back); err != nil || back.Who.ID != id || back.Tier.Tier != s.text(i, "tier") || back.Tier.Reason != s.text(i, "reason") {
			t.Fatalf("customer %s: got %v, %+v", id, err, back.Tier)
		}
		lines := strings.Split(text.String(), "\n")
		if len(lines) > 55 || strings.Contains(text.String(), "NaN") {
			t.Errorf("customer %s: got %d lines\n%s", id, len(lines), text.String())
		}
		for _, line := range lines {
			if n := utf8.RuneCountInString(line); n > 120 {
				t.Errorf("customer %s: got a line of %d columns: %s", id, n, line)
			}
		}
		if len(e.History) != 2 || e.History[1].AsOf != "2025-10-01" || e.History[0].Tier != s.text(i, "tier") || e.HistoryEnd != "the first run" {
			t.Errorf("customer %s: got history %+v, %s", id, e.History, e.HistoryEnd)
		}
	}
}

// The lists that explain names are those that the files hold.
func TestExplainLists(t *testing.T) {
	c := demo(t)
	out := runNight(t, c, 2)
	on := 0
	for _, l := range out.Figures.Lists.All() {
		for k, i := range l.Rows {
			e, err := pipeline.Explain(c.Out, "", out.Figures.Ledger.ID(int(i)), 1)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, s := range e.Lists {
				found = found || s.List == l.Name && s.Place == k+1 && s.Of == len(l.Rows) && s.Reason == l.Reasons[k] && s.NextStep == l.Steps[k]
			}
			if !found {
				t.Errorf("customer %s: got lists %+v, want place %d of %s", e.Who.ID, e.Lists, k+1, l.Name)
			}
			on++
		}
	}
	if on == 0 {
		t.Error("nobody stands on a list")
	}
}

// Some CRMs write an account's own id where it has no parent.
func TestExplainOwnParent(t *testing.T) {
	s := family()
	s.crm = "customer_id,name,parent_id\nP,Parent,P\nK,Kid,P\nS,Single,S\n"
	out := parent(runNight(t, s.config(t, ""), 2).Dir)
	for id, children := range map[string]int{"P": 1, "S": 0} {
		e, err := pipeline.Explain(out, "", id, 1)
		if err != nil || e.Who.ParentID != "" || e.Who.RootID != "" || e.Who.ChildCount != children || len(e.Who.Children) != children {
			t.Errorf("%s: got %+v, %v, want no parent and %d children", id, e.Who, err, children)
		}
	}
}

func TestExplainFamily(t *testing.T) {
	out := parent(runNight(t, family().config(t, ""), 2).Dir)
	p, err := pipeline.Explain(out, "", "P", 1)
	if err != nil || len(p.Who.Children) != 1 || p.Who.Children[0] != "K (Kid)" || p.Who.ChildCount != 1 || p.Who.Role != "parent" {
		t.Errorf("parent: got %+v, %v", p.Who, err)
	}
	k, err := pipeline.Explain(out, "", "Kid", 1)
	if err != nil || k.Who.ParentName != "Parent" || k.Who.RootID != "P" || k.Next.Tier != "" || !strings.Contains(k.Next.Note, "vitalfew explain P") {
		t.Errorf("child: got %+v, %+v, %v", k.Who, k.Next, err)
	}
}

// What cannot be explained is said, with the kind that makes the exit code.
func TestExplainBadInput(t *testing.T) {
	dir := t.TempDir()
	refused := func(what string, kind error, out, run, want string) {
		t.Helper()
		if _, err := pipeline.Explain(out, run, "A-1", 1); !errors.Is(err, kind) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", what, err, want)
		}
	}
	refused("no directory", publish.ErrNone, filepath.Join(dir, "none"), "", "run `vitalfew run` first")
	refused("nothing published", publish.ErrNone, dir, "", "run `vitalfew run` first")
	c := namesakes().config(t, "")
	run := runNight(t, c, 2)
	refused("unknown run", pipeline.ErrInput, c.Out, "zzz", `no run of `)
	refused("no run directory", pipeline.ErrInput, c.Out, dir, "is no run: give OUT/runs/ID")
	refused("no previous", pipeline.ErrInput, c.Out, "previous", "is a first run")
	for _, id := range []string{run.ID, run.ID[:6], "CURRENT", "current", run.Dir} {
		if _, err := pipeline.Explain(c.Out, id, "A-1", 1); err != nil {
			t.Errorf("run %q: got %v", id, err)
		}
	}
	other := c
	for k := range 17 { // of 17 ids two begin alike
		other.Window = k + 10
		runNight(t, other, 2)
	}
	refused("ambiguous", pipeline.ErrConfig, c.Out, ambiguous(t, c.Out), "give more of the id")
	path := filepath.Join(run.Dir, "customers.parquet")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for what, broken := range map[string][]byte{"cut": b[:len(b)-1], "flipped in the footer": flipped(b, len(b)-20), "flipped in the first page": flipped(b, 40)} {
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		refused(what, publish.ErrDamaged, c.Out, run.ID, "customers.parquet")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	refused("missing", publish.ErrDamaged, c.Out, run.ID, "customers.parquet")
}

func flipped(b []byte, at int) []byte {
	out := bytes.Clone(b)
	out[at] ^= 0xff
	return out
}

// ambiguous is the beginning of several run ids.
func ambiguous(t *testing.T, out string) string {
	t.Helper()
	runs, err := publish.Runs(out)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[byte]bool{}
	for _, id := range runs {
		if seen[id[0]] {
			return id[:1]
		}
		seen[id[0]] = true
	}
	t.Fatal("no two run ids begin alike")
	return ""
}
