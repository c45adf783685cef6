package publish

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type gateFunc func(op, name string) error

func (f gateFunc) pass(op, name string) error { return f(op, name) }

func unix(at int64) time.Time { return time.Unix(at, 0) }

// crash is what kill -9 looks like from inside: no cleanup runs, because nothing here recovers.
type crash struct{ at string }

// counted calls hit at the k-th operation, 1 the first.
func counted(k int, hit func(op, name string) error) gate {
	n := 0
	return gateFunc(func(op, name string) error {
		if n++; n == k {
			return hit(op, name)
		}
		return nil
	})
}

// situations are the states that a second night meets.
var situations = []struct {
	name   string
	id     string   // of the second night
	before []string // ids of night1; the last is current
	keep   int
}{
	{"a new id", "b", []string{"a"}, 0},
	{"an older id again", "b", []string{"b", "a"}, 0},
	{"the current id, differing", "a", []string{"a"}, 0},
	{"with pruning", "d", []string{"c", "b", "a"}, 1},
	{"the first run", "a", nil, 0},
}

// fastDir is a new directory, in memory where the system has such, for fsync costs milliseconds.
func fastDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "publish")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// prepare returns a directory with the earlier nights and what is published there.
func prepare(t *testing.T, ids []string) (out, current string) {
	t.Helper()
	out = fastDir(t)
	for _, id := range ids {
		current = mustRun(t, out, id, night1, Options{}).ID
	}
	return out, current
}

// operations counts what a faultless second night does.
func operations(t *testing.T, ids []string, id string, keep int) (ops int, want content) {
	t.Helper()
	out, _ := prepare(t, ids)
	res, err := run(out, id, night2, Options{Keep: keep}, gateFunc(func(op, name string) error { ops++; return nil }))
	if err != nil {
		t.Fatal(err)
	}
	return ops, tree(t, filepath.Join(out, "runs", res.ID))
}

// TestEveryFaultLeavesAWholeRun fails each operation in turn, once and from there on.
func TestEveryFaultLeavesAWholeRun(t *testing.T) {
	for _, c := range situations {
		ops, want := operations(t, c.before, c.id, c.keep)
		if ops < 20 {
			t.Fatalf("only %d operations are seen", ops)
		}
		template, old := prepare(t, c.before)
		for k := 1; k <= 2*ops; k++ {
			out := copyTree(t, template)
			at, n := "", 0
			res, err := run(out, c.id, night2, Options{Keep: c.keep}, gateFunc(func(op, name string) error {
				if n++; n == k || (k > ops && n >= k-ops) {
					if at == "" {
						at = fmt.Sprint(op, " ", name)
					}
					return syscall.ENOSPC
				}
				return nil
			}))
			msg := fmt.Sprintf("%s, fault %d of %d at %s", c.name, k, ops, at)
			if err == nil && len(res.Warnings) == 0 {
				t.Fatalf("%s: nobody noticed", msg)
			}
			if err != nil && (!errors.Is(err, ErrIO) || !errors.Is(err, syscall.ENOSPC)) {
				t.Fatalf("%s: untyped error %v", msg, err)
			}
			durable := at != "fsync ." // after that fault CURRENT has moved already
			checkAfterFault(t, msg, out, old, err != nil && durable)
			if left := temps(t, out); k <= ops && !strings.HasPrefix(at, "remove") && left != nil && err != nil && durable {
				t.Fatalf("%s: left %v", msg, left)
			}
			recovered(t, msg, out, c.id, want)
		}
	}
}

// checkAfterFault checks that the old run, or only where it may be the new one, is whole.
func checkAfterFault(t *testing.T, msg, out, old string, mustBeOld bool) {
	t.Helper()
	id, _, err := Current(out)
	if old == "" && errors.Is(err, ErrNone) {
		return
	}
	if err != nil || (mustBeOld && id != old) {
		t.Fatalf("%s: published %q, %v, want %q", msg, id, err, old)
	}
	if r, err := Verify(out, ""); err != nil || !r.OK() {
		t.Fatalf("%s: %v, %+v", msg, err, r)
	}
}

// recovered runs the night again: it publishes the very bytes of a night without trouble.
func recovered(t *testing.T, msg, out, id string, want content) {
	t.Helper()
	res := mustRun(t, out, id, night2, Options{})
	if d := cmp.Diff(want, tree(t, filepath.Join(out, "runs", res.ID))); d != "" {
		t.Fatalf("%s: the rerun differs: %s", msg, d)
	}
	if left := temps(t, out); left != nil || published(t, out) != res.ID {
		t.Fatalf("%s: left %v after the next run", msg, left)
	}
}

// TestKillAtEveryOperation stops without any cleanup before each operation in turn.
func TestKillAtEveryOperation(t *testing.T) {
	for _, c := range situations {
		ops, want := operations(t, c.before, c.id, c.keep)
		template, old := prepare(t, c.before)
		for k := 1; k <= ops; k++ {
			dying := copyTree(t, template)
			msg := killed(t, dying, c.id, c.keep, k)
			out := copyTree(t, dying) // the lock of the dead process goes with it
			checkAfterFault(t, c.name+", "+msg, out, old, false)
			recovered(t, c.name+", "+msg, out, c.id, want)
		}
	}
}

func killed(t *testing.T, out, id string, keep, k int) (msg string) {
	t.Helper()
	defer func() {
		c, ok := recover().(crash)
		if !ok {
			t.Fatalf("operation %d was not reached", k)
		}
		msg = fmt.Sprintf("killed before operation %d, %s", k, c.at)
	}()
	run(out, id, night2, Options{Keep: keep}, counted(k, func(op, name string) error { panic(crash{op + " " + name}) }))
	return ""
}

// TestNothingIsRenamedBeforeItIsDurable is the power-loss model: whatever is written and not yet
// fsynced may be lost, so at each rename into place everything below must have been fsynced after
// its last change, and CURRENT moves only after the directory entry of the run is durable.
func TestNothingIsRenamedBeforeItIsDurable(t *testing.T) {
	for _, c := range situations {
		out, _ := prepare(t, c.before)
		dirty := map[string]string{} // path -> its last change that is not durable
		var renames int
		_, err := run(out, c.id, night2, Options{Keep: c.keep}, gateFunc(func(op, name string) error {
			switch op {
			case "create", "mkdir":
				dirty[name] = op
				dirty[path.Dir(name)] = "entry " + name
			case "write":
				dirty[name] = op
			case "fsync":
				delete(dirty, name)
			case "rename":
				if strings.Contains(name, "tmp") {
					break // aside or away: nothing depends on it
				}
				renames++
				for p, why := range dirty {
					if name != currentName && !strings.HasPrefix(p, "runs/") || name == currentName && p == "." {
						continue // its own directory entry becomes durable by the fsync that follows
					}
					t.Errorf("%s: rename to %s while %s has undurable %s", c.name, name, p, why)
				}
				dirty[path.Dir(name)] = "rename " + name
			}
			return nil
		}))
		if err != nil || renames != 2 {
			t.Errorf("%s: %d renames, %v", c.name, renames, err)
		}
		if why := dirty["."]; why != "" {
			t.Errorf("%s: Commit returned with undurable %s", c.name, why)
		}
	}
}

func TestPlantedSymlinksAreReplaced(t *testing.T) {
	victim := filepath.Join(t.TempDir(), "victim")
	os.MkdirAll(victim, 0o700)
	precious := filepath.Join(victim, "precious")
	os.WriteFile(precious, []byte("x"), 0o600)
	for _, c := range []struct{ name, link, to string }{
		{"lock", lockName, precious}, {"runs", "runs", victim}, {"CURRENT", currentName, precious},
		{"temp CURRENT", currentTemp, precious}, {"stage", "runs/.tmp-a", victim}, {"run", "runs/a", victim},
		{"inside", lockName, "other"},
	} {
		out := t.TempDir()
		if strings.HasPrefix(c.link, "runs/") {
			os.Mkdir(filepath.Join(out, "runs"), 0o700)
		}
		os.WriteFile(filepath.Join(out, "other"), []byte("x"), 0o600)
		if err := os.Symlink(c.to, filepath.Join(out, c.link)); err != nil {
			t.Fatal(err)
		}
		res, err := run(out, "a", night1, Options{}, nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		published(t, out)
		if d := cmp.Diff(content{"precious": "x"}, tree(t, victim)); d != "" {
			t.Errorf("%s: followed: %s", c.name, d)
		}
		if b, _ := os.ReadFile(filepath.Join(out, "other")); string(b) != "x" {
			t.Errorf("%s: followed inside", c.name)
		}
		if info, err := os.Lstat(filepath.Join(out, "runs", res.ID)); err != nil || !info.IsDir() {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
