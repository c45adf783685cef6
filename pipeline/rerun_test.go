package pipeline_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/publish"
)

// The same night again is verified and not computed; what it stands on decides, not where that lies.
func TestRerunIsUnchanged(t *testing.T) {
	c := demo(t)
	first := runNight(t, c, 2)
	id := current(t, c.Out)
	moved := c
	moved.Orders = []string{filepath.Join(t.TempDir(), "renamed.csv")}
	b, err := os.ReadFile(c.Orders[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(moved.Orders[0], b, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, again := range map[string]pipeline.Config{"as it was": c, "orders moved": moved} {
		out := runNight(t, again, 1)
		if !out.Unchanged || out.ID != first.ID || out.Dir != first.Dir || current(t, c.Out) != id {
			t.Errorf("%s: got unchanged %v, run %s in %s, want %s in %s", name, out.Unchanged, out.ID, out.Dir, first.ID, first.Dir)
		}
		var text strings.Builder
		if err := out.WriteSummary(&text); err != nil || !strings.Contains(text.String(), "Nothing changed since run "+first.ID) {
			t.Errorf("%s: got summary %q, %v", name, text.String(), err)
		}
	}
	verified(t, c.Out)
}

// Whatever the bytes depend on makes another night; what they do not depend on does not.
func TestRunID(t *testing.T) {
	base := demo(t)
	first := runNight(t, base, 2)
	for _, v := range []struct {
		name   string
		yaml   string
		orders string // appended to the orders
		want   bool   // another night
	}{
		{"window", "window: 180", "", true},
		{"as-of", "as_of: 2025-07-01", "", true},
		{"credit cut", "credit: {watch_overdue: 11%}", "", true},
		{"core", "key_account: {margin: median}", "", true},
		{"one more line", "", "SO-9999999,1,C00001,2025-12-31,P00001,Fasteners,1,1.00,0.00,0.50,web,Eva Novak,delivered,EUR\n", true},
		{"workers and tolerance", "workers: 1\nmax_rejects: 5%\nkeep_runs: 9", "", false},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			c := configured(t, v.yaml, base)
			c.Out = filepath.Join(t.TempDir(), "out")
			if v.orders != "" {
				b, err := os.ReadFile(c.Orders[0])
				if err != nil {
					t.Fatal(err)
				}
				c.Orders = []string{put(t, t.TempDir(), "orders.csv", string(b)+v.orders)}
			}
			if got := runNight(t, c, 2).ID; (got != first.ID) != v.want {
				t.Errorf("got run %s after %s", got, first.ID)
			}
		})
	}
}

func TestForceRecomputes(t *testing.T) {
	c := demo(t)
	first := runNight(t, c, 2)
	c.Force = true
	out := runNight(t, c, 2)
	if out.Unchanged || out.Figures == nil || out.ID != first.ID {
		t.Errorf("got unchanged %v, run %s, want run %s computed again", out.Unchanged, out.ID, first.ID)
	}
	if diff := cmp.Diff(digests(t, first), digests(t, out)); diff != "" {
		t.Errorf("forced run: -first +again\n%s", diff)
	}
	verified(t, c.Out)
}

// One flipped byte anywhere in what is published is found, and so are a missing and an extra file.
// The night then runs again and is published whole.
func TestVerifyFindsDamage(t *testing.T) {
	c := demo(t)
	c.Arrow = true
	out := runNight(t, c, 2)
	var paths []string
	for name := range published(t, out.Dir) {
		paths = append(paths, filepath.Join(out.Dir, name))
	}
	slices.Sort(paths)
	paths = append(paths, filepath.Join(c.Out, "CURRENT"))
	for _, path := range paths {
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []int{0, len(good) / 2, len(good) - 1} {
			bad := slices.Clone(good)
			bad[at] ^= 1
			overwrite(t, path, bad)
			damaged(t, c.Out, filepath.Base(path), "a flipped bit at %d of %s", at, path)
		}
		overwrite(t, path, good[:len(good)-1])
		damaged(t, c.Out, filepath.Base(path), "%s one byte short", path)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if filepath.Base(path) != "CURRENT" { // without it nothing is published, which is another error
			damaged(t, c.Out, filepath.Base(path), "%s removed", path)
		} else if _, err := publish.Verify(c.Out, ""); !errors.Is(err, publish.ErrNone) {
			t.Errorf("without CURRENT: got %v, want %v", err, publish.ErrNone)
		}
		overwrite(t, path, good)
	}
	extra := put(t, out.Dir, "segments/extra.csv", "customer_id\n")
	damaged(t, c.Out, "extra.csv", "an extra file")
	if err := os.Remove(extra); err != nil {
		t.Fatal(err)
	}
	verified(t, c.Out)
}

func overwrite(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// damaged fails unless verify finds something that names the file, or the file that vouches for it.
func damaged(t *testing.T, out, file, format string, args ...any) {
	t.Helper()
	r, err := publish.Verify(out, "")
	if err != nil {
		if file == "CURRENT" && errors.Is(err, publish.ErrNone) {
			return // the id in it is that of no run any more
		}
		t.Errorf(format+": got error %v", append(args, err)...)
		return
	}
	vouchers := map[string]string{"manifest.json": "CURRENT", "CURRENT": "manifest", "manifest.sha256": "manifest"}
	for _, p := range r.Problems {
		if strings.Contains(p.String(), file) || (vouchers[file] != "" && strings.Contains(p.String(), vouchers[file])) {
			if p.Fix == "" {
				t.Errorf("%s: no word on what to do", p)
			}
			return
		}
	}
	t.Errorf(format+": got problems %v, want one that names it", append(args, r.Problems)...)
}

// A damaged run is not taken for the night: it is computed again, said so, and stands whole.
func TestDamagedRunIsRecomputed(t *testing.T) {
	for _, name := range []string{"customers.parquet", "segments/core.csv", "manifest.json", "manifest.sha256", "../../CURRENT"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := demo(t)
			first := runNight(t, c, 2)
			want := digests(t, first)
			path := filepath.Join(first.Dir, name)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b[len(b)/2] ^= 4
			overwrite(t, path, b)
			out := runNight(t, c, 2)
			if out.Unchanged || out.ID != first.ID {
				t.Errorf("got unchanged %v, run %s, want %s computed again", out.Unchanged, out.ID, first.ID)
			}
			if diff := cmp.Diff(want, digests(t, out)); diff != "" {
				t.Errorf("recomputed run: -first +again\n%s", diff)
			}
			verified(t, c.Out)
		})
	}
}

// Only one run works in a directory; the other is told at once and touches nothing.
func TestLockedOut(t *testing.T) {
	c := demo(t)
	runNight(t, c, 1)
	before := sums(t, c.Out)
	store, err := publish.Open(c.Out, publish.Options{Info: "another"})
	if err != nil {
		t.Fatal(err)
	}
	c.Force = true
	_, err = pipeline.Run(context.Background(), "test", 1, c, pipeline.Events{})
	if !errors.Is(err, publish.ErrLocked) || !strings.Contains(err.Error(), c.Out) {
		t.Errorf("got %v, want %v with the directory", err, publish.ErrLocked)
	}
	c.DryRun = true // publishes nothing, so it needs no lock
	if out := runNight(t, c, 1); out.Dir != "" || out.Manifest == nil {
		t.Errorf("dry run: got directory %q", out.Dir)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	after := sums(t, c.Out)
	delete(before, ".lock")
	delete(after, ".lock")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("files: -before +after\n%s", diff)
	}
}

// What a killed run left behind is gone after the next, which is published.
func TestLeftoversAreSwept(t *testing.T) {
	c := demo(t)
	runNight(t, c, 2)
	left := []string{
		put(t, c.Out, "runs/.tmp-0123456789abcdef/segments/core.csv", "half a f"),
		put(t, c.Out, "runs/.tmp-~old-fedcba9876543210/manifest.json", "{}"),
		put(t, c.Out, ".CURRENT.tmp", "half"),
	}
	runNight(t, c, 2) // also a night that changes nothing
	for _, path := range left {
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s is still there: %v", path, err)
		}
	}
	verified(t, c.Out)
}

// KeepRuns bounds the runs; the published one is always there.
func TestOldRunsArePruned(t *testing.T) {
	c := demo(t)
	c.KeepRuns = 2
	for _, window := range []int{90, 180, 365, 730} {
		c.Window = window
		runNight(t, c, 2)
	}
	entries, err := os.ReadDir(filepath.Join(c.Out, "runs"))
	if err != nil || len(entries) != 2 {
		t.Errorf("got %d runs (%v), want 2", len(entries), err)
	}
	verified(t, c.Out)
}

// A dry run does everything but write.
func TestDryRunWritesNothing(t *testing.T) {
	c := demo(t)
	c.DryRun = true
	out := runNight(t, c, 2)
	if _, err := os.Stat(c.Out); !os.IsNotExist(err) {
		t.Errorf("got %v, want no output directory", err)
	}
	if out.Dir != "" || out.Figures == nil || len(out.Manifest.Tiers) != 5 {
		t.Errorf("got directory %q and tiers %v, want figures without files", out.Dir, out.Manifest.Tiers)
	}
	c.DryRun = false
	if published := runNight(t, c, 2); published.ID != out.ID {
		t.Errorf("got run %s, but the dry run said %s", published.ID, out.ID)
	}
}
