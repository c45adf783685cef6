package publish

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenRunReadsAnyRun(t *testing.T) {
	out := fastDir(t)
	mustRun(t, out, "a", night1, Options{})
	mustRun(t, out, "b", night2, Options{})
	for id, want := range map[string]content{"a": night1, "b": night2, "": night2} {
		r, err := OpenRun(out, id)
		if err != nil {
			t.Fatalf("%q: %v", id, err)
		}
		if r.Current != (id != "a") || r.ID != "b" && id != "a" || !strings.Contains(string(r.Manifest), `"other": "key"`) {
			t.Errorf("%q: got %s, current %v, manifest %s", id, r.ID, r.Current, r.Manifest)
		}
		f, size, sum, err := r.Open("customers.parquet")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(f) // after Close of the run
		if string(b) != want["customers.parquet"] || err != nil || size != int64(len(b)) || sum != digestOf(b) {
			t.Errorf("%q: got %d bytes of %d, %s, %v", id, len(b), size, sum, err)
		}
		f.Close()
	}
}

func TestOpenRunSaysWhatIsWrong(t *testing.T) {
	out := fastDir(t)
	if _, err := OpenRun(filepath.Join(out, "nowhere"), ""); !errors.Is(err, ErrNone) {
		t.Errorf("no directory: got %v", err)
	}
	if _, err := OpenRun(out, ""); !errors.Is(err, ErrNone) {
		t.Errorf("nothing published: got %v", err)
	}
	mustRun(t, out, "a", night1, Options{})
	mustRun(t, out, "b", night2, Options{})
	for _, c := range []struct {
		name, id string
		harm     func(out string)
		file     string // to open; "" where the run does not open
		is       error
		says     string
	}{
		{"no such run", "c", func(string) {}, "", ErrNone, "there is no run c in " + "OUT; the newest are "},
		{"a path", "../b", func(string) {}, "", ErrNone, `"../b" is no run id`},
		{"CURRENT of a lost run", "", func(out string) { os.RemoveAll(filepath.Join(out, "runs", "b")) }, "", ErrDamaged, "names the run b, which does not exist"},
		{"CURRENT damaged", "", func(out string) { os.WriteFile(filepath.Join(out, "CURRENT"), []byte("b\n"), 0o600) }, "", ErrDamaged, "CURRENT is not"},
		{"manifest damaged", "", func(out string) { flip(t, filepath.Join(out, "runs/b/manifest.json"), 9) }, "", ErrDamaged, "runs/b/manifest.json: its digest"},
		{"manifest of another run damaged", "a", func(out string) { flip(t, filepath.Join(out, "runs/a/manifest.json"), 9) }, "", ErrDamaged, "runs/a/manifest.json: its digest"},
		{"manifest lost", "", func(out string) { os.Remove(filepath.Join(out, "runs/b/manifest.json")) }, "", ErrDamaged, "it is missing; `vitalfew verify`"},
		{"digest lost", "a", func(out string) { os.Remove(filepath.Join(out, "runs/a/manifest.sha256")) }, "", ErrDamaged, "it is missing"},
		{"file lost", "", func(out string) { os.Remove(filepath.Join(out, "runs/b/empty.csv")) }, "empty.csv", ErrDamaged, "runs/b/empty.csv: it is missing"},
		{"file cut", "", func(out string) { os.Truncate(filepath.Join(out, "runs/b/customers.parquet"), 3) }, "customers.parquet", ErrDamaged, "it has 3 bytes, 360000 were written"},
		{"file of no run", "", func(string) {}, "else.csv", fs.ErrNotExist, "run b has no file else.csv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := copyTree(t, out)
			c.harm(out)
			r, err := OpenRun(out, c.id)
			if c.file != "" {
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				_, _, _, err = r.Open(c.file)
			}
			if says := strings.ReplaceAll(c.says, "OUT", out); !errors.Is(err, c.is) || errors.Is(err, ErrIO) || !strings.Contains(err.Error(), says) {
				t.Errorf("got %v, want %v saying %q", err, c.is, says)
			}
		})
	}
	// An older run is readable although CURRENT is lost.
	os.Remove(filepath.Join(out, currentName))
	r, err := OpenRun(out, "a")
	if err != nil || r.Current {
		t.Fatalf("got %v, %v", r, err)
	}
	if err := r.Damage("x", nil); err != nil || r.Has("else.csv") || !r.Has("segments/core.csv") {
		t.Errorf("got %v", err)
	}
	r.Close()
}
