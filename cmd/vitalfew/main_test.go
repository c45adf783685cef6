package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vitalfew/vitalfew/pipeline/publish"
)

// TestMain makes this test binary the command vitalfew for scripts and child processes.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"vitalfew": main})
}

// TestScripts runs testdata/script: one txtar a command, as a user types.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: filepath.Join("testdata", "script"), RequireExplicitExec: true})
}

// said is what a command came to.
type said struct {
	code     int
	out, err string
}

// call runs the command in this process.
func call(args ...string) said { return callUnder(context.Background(), args...) }

func callUnder(ctx context.Context, args ...string) said {
	var out, err bytes.Buffer
	code := run(ctx, args, &out, &err)
	return said{code, out.String(), err.String()}
}

// ok fails unless the command went well and said nothing on stderr.
func (s said) ok(t *testing.T) said {
	t.Helper()
	if s.code != exitOK || s.err != "" {
		t.Fatalf("got exit code %d, stderr %q, want 0 and silence", s.code, s.err)
	}
	return s
}

// put writes a file below dir and returns its path.
func put(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// tiny is the least order export that makes a run.
const tiny = "order_id,customer_id,ordered_at,quantity,unit_price,unit_cost\n" +
	"1,A,2024-01-05,2,10,6\n2,B,2024-02-05,1,100,60\n3,A,2024-03-05,1,10,6\n"

// current is the id of the published run, "" without one.
func current(out string) string {
	id, _, err := publish.Current(out)
	if err != nil {
		return ""
	}
	return id
}

// whole fails unless the run id is published, whole, and nothing half-done stands beside it.
func whole(t *testing.T, out, id string) {
	t.Helper()
	if got := current(out); got != id {
		t.Errorf("got run %q published, want %q", got, id)
	}
	r, err := publish.Verify(out, "")
	if err != nil || !r.OK() {
		t.Errorf("verify: got %v, %v", r.Problems, err)
	}
	entries, err := os.ReadDir(filepath.Join(out, "runs"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			t.Errorf("leftover runs/%s", e.Name())
		}
	}
}
