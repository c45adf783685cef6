package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"pgregory.net/rapid"
)

func aliasesOf(t interface {
	Helper()
	Fatal(...any)
}, dir, text string, s layout.Settings) (map[string]string, error) {
	t.Helper()
	path := filepath.Join(dir, "aliases.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := source.Expand([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	return readAliases(files, s)
}

func TestAliasesFollowChains(t *testing.T) {
	text := "customer_id,alias,remark\nB,A,old\nC,B,\nC,C,stays\n17,18.0,\n'19,20,\n"
	got, err := aliasesOf(t, t.TempDir(), text, layout.Settings{IDWidth: 3, FloatIDs: true})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"A": "C", "B": "C", "018": "017", "020": "019"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("aliases are %v, want %v", got, want)
	}
}

func TestAliasFaults(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"columns", "old,new\nA,B\n", `aliases.csv, line 1: no column "alias": an alias file has the columns alias, customer_id`},
		{"blank alias", "alias,customer_id\n,B\n", `aliases.csv, line 2: alias "" is no id`},
		{"blank id", "alias,customer_id\nA,B\nC,\n", `aliases.csv, line 3: alias "C" has no customer_id`},
		{"two targets", "alias,customer_id\nA,B\nA,B\nA,C\n", `line 4: alias "A" stands for "C" here and for "B" in `},
		{"width", "alias,customer_id\nA,B\nC,D,E\n", "line 3: 3 fields, but the header has 2"},
		{"cycle", "alias,customer_id\nX,A\nA,B\nB,C\nC,A\n", "line 3: the aliases form a cycle: A -> B -> C -> A: remove the row"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := aliasesOf(t, t.TempDir(), c.text, layout.Settings{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q", err, c.want)
			}
		})
	}
}

// Following every chain link by link is the twin: where no id returns, the last one is the target.
func TestAliasEndsAgreeWithTheWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "ids")
		rows := map[string]aliasRow{}
		for i := range n {
			if to := rapid.IntRange(-1, n-1).Draw(t, "to"); to >= 0 {
				rows[fmt.Sprint(i)] = aliasRow{to: fmt.Sprint(to), place: "here"}
			}
		}
		got, err := endsOf(rows)
		cyclic := false
		for id := range rows {
			at := id
			for range n + 1 {
				if r, ok := rows[at]; ok && r.to != at {
					at = r.to
				}
			}
			r, more := rows[at]
			if more && r.to != at {
				cyclic = true
			} else if end, ok := got[id]; ok && end != at || !ok && at != id {
				t.Fatalf("%s leads to %q, want %s", id, end, at)
			}
		}
		if cyclic != (err != nil) {
			t.Fatalf("cyclic %v, but the error is %v", cyclic, err)
		}
	})
}
