package publish

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestVerifyFindsEveryFlippedByte flips each byte of each file of a run (in CURRENT each bit) and
// expects a problem that names the file (or, for CURRENT and the digests, one of the two that
// disagree).
func TestVerifyFindsEveryFlippedByte(t *testing.T) {
	out := fastDir(t)
	mustRun(t, out, "a", content{"segments/core.csv": "id\n1\n"}, Options{})
	mustRun(t, out, "b", content{"segments/core.csv": "id\n1\n"}, Options{}) // ids one bit pair apart
	for _, id := range []string{"a", "b", ""} {
		if r, err := Verify(out, id); err != nil || !r.OK() || r.Files != 1 || r.Bytes != 5 {
			t.Fatalf("verify %q: %v, %+v", id, err, r)
		}
	}
	for _, c := range []struct{ file, id string }{
		{"runs/b/segments/core.csv", ""}, {"runs/b/manifest.json", ""}, {"runs/b/manifest.sha256", ""}, {"CURRENT", ""},
		{"runs/a/segments/core.csv", "a"}, {"runs/a/manifest.json", "a"}, {"runs/a/manifest.sha256", "a"}, {"CURRENT", "a"}, {"CURRENT", "b"},
	} {
		name := filepath.Join(out, c.file)
		good, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range good {
			for bit := range 8 {
				if bit != i%8 && c.file != currentName {
					continue
				}
				bad := []byte(string(good))
				bad[i] ^= 1 << bit
				os.WriteFile(name, bad, 0o600)
				r, err := Verify(out, c.id)
				if err != nil || r.OK() {
					t.Fatalf("%s of %q, byte %d bit %d: not found: %v, %+v", c.file, c.id, i, bit, err, r)
				}
				if !strings.HasSuffix(c.file, "sha256") && !names(r, c.file) {
					t.Fatalf("%s byte %d bit %d: named %v", c.file, i, bit, r.Problems)
				}
			}
		}
		os.WriteFile(name, good, 0o600)
	}
}

func names(r Report, file string) bool {
	for _, p := range r.Problems {
		if p.File == file && p.Fault != "" && p.Fix != "" {
			return true
		}
	}
	return false
}

func TestVerifyNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name, file string
		do         func(path string) error
	}{
		{"missing file", "runs/a/segments/core.csv", os.Remove},
		{"missing manifest", "runs/a/manifest.json", os.Remove},
		{"missing digest", "runs/a/manifest.sha256", os.Remove},
		{"extra file", "runs/a/extra.csv", func(p string) error { return os.WriteFile(p, nil, 0o600) }},
		{"extra directory", "runs/a/extra", func(p string) error { return os.Mkdir(p, 0o700) }},
		{"shorter", "runs/a/customers.parquet", func(p string) error { return os.Truncate(p, 7) }},
		{"longer", "runs/a/customers.parquet", func(p string) error { return os.Truncate(p, 70_000) }},
		{"a symlink to the same bytes", "runs/a/customers.parquet", func(p string) error {
			if err := os.Rename(p, p+".real"); err != nil {
				return err
			}
			return os.Symlink(filepath.Base(p)+".real", p)
		}},
		{"empty CURRENT", "CURRENT", func(p string) error { return os.WriteFile(p, nil, 0o600) }},
		{"CURRENT names no run", "CURRENT", func(p string) error {
			return os.WriteFile(p, []byte("z\n"+strings.Repeat("0", 64)+"\n"), 0o600)
		}},
	} {
		out := t.TempDir()
		mustRun(t, out, "a", night1, Options{})
		if err := c.do(filepath.Join(out, c.file)); err != nil {
			t.Fatal(err)
		}
		if r, err := Verify(out, ""); err != nil || !names(r, c.file) {
			t.Errorf("%s: got %v, %+v", c.name, err, r)
		}
	}
	out := t.TempDir()
	if _, err := Verify(out, ""); !errors.Is(err, ErrNone) {
		t.Errorf("nothing published: got %v", err)
	}
	mustRun(t, out, "a", night1, Options{})
	for _, id := range []string{"b", "../a", ".", "a/.."} {
		if _, err := Verify(out, id); !errors.Is(err, ErrNone) {
			t.Errorf("verify %q: got %v, want ErrNone", id, err)
		}
	}
}

func FuzzParseCurrent(f *testing.F) {
	sum := strings.Repeat("0a", 32)
	for _, seed := range []string{"", "a\n", "a\n" + sum + "\n", "a\n" + sum, "../a\n" + sum + "\n", "a\r\n" + sum + "\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, sum, ok := parseCurrent(s)
		if ok && (id+"\n"+sum+"\n" != s || len(sum) != 64 || strings.ContainsAny(id, "/\\") || strings.HasPrefix(id, ".")) {
			t.Errorf("accepted %q as %q, %q", s, id, sum)
		}
	})
}
