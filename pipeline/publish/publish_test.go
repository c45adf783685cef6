package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// content is what a run of the tests holds, by file name.
type content map[string]string

var (
	night1 = content{"customers.parquet": strings.Repeat("one ", 5000), "segments/core.csv": "id\n1\n", "crm/plain/full.csv": "id\n"}
	night2 = content{"customers.parquet": strings.Repeat("two ", 90000), "segments/core.csv": "id\n2\n3\n", "empty.csv": ""}
)

func manifestOf(id string) func([]File) ([]byte, error) {
	return func(files []File) ([]byte, error) {
		return json.MarshalIndent(map[string]any{"run_id": id, "files": files, "other": "key"}, "", " ")
	}
}

// fill writes the files in a fixed order, so that operations count alike in every try.
func fill(g *Stage, c content) error {
	for _, name := range []string{"customers.parquet", "segments/core.csv", "crm/plain/full.csv", "empty.csv"} {
		text, ok := c[name]
		if !ok {
			continue
		}
		o, err := g.Create(name)
		if err != nil {
			return err
		}
		for len(text) > 0 { // odd pieces, so that buffer and direct writes mix
			n := min(len(text), 100_003)
			if _, err := o.Write([]byte(text[:n])); err != nil {
				return err
			}
			text = text[n:]
		}
		o.AddRows(int64(strings.Count(c[name], "\n")))
		if err := o.Close(); err != nil {
			return err
		}
	}
	return nil
}

// run does a whole night with a gate.
func run(out, id string, c content, opts Options, g gate) (res Result, err error) {
	s, err := open(out, opts, g)
	if err != nil {
		return res, err
	}
	defer s.Close()
	stage, err := s.Stage(id)
	if err != nil {
		return res, err
	}
	if err := fill(stage, c); err != nil {
		return res, errors.Join(err, stage.Abort())
	}
	return stage.Commit(context.Background(), manifestOf(id))
}

func mustRun(t *testing.T, out, id string, c content, opts Options) Result {
	t.Helper()
	res, err := run(out, id, c, opts, nil)
	if err != nil || len(res.Warnings) > 0 {
		t.Fatalf("run %s: %v %v", id, err, res.Warnings)
	}
	return res
}

// published returns the id that CURRENT names after checking that the run is whole.
func published(t *testing.T, out string) string {
	t.Helper()
	id, _, err := Current(out)
	if err != nil {
		t.Fatalf("current: %v", err)
	}
	r, err := Verify(out, "")
	if err != nil || !r.OK() || r.ID != id || !r.Current {
		t.Fatalf("verify %s: %v, %+v", id, err, r)
	}
	return id
}

// tree reads every file below dir but the lock, by relative name.
func tree(t *testing.T, dir string) content {
	t.Helper()
	c := content{}
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || e.Name() == lockName {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		c[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// temps lists leftovers.
func temps(t *testing.T, out string) (left []string) {
	t.Helper()
	filepath.WalkDir(out, func(p string, e fs.DirEntry, err error) error {
		if err == nil && strings.Contains(e.Name(), "tmp") && p != out {
			left = append(left, p)
		}
		return nil
	})
	return left
}

func copyTree(t *testing.T, from string) string {
	t.Helper()
	to := fastDir(t)
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestPublishLeavesWhatItSays(t *testing.T) {
	out := filepath.Join(t.TempDir(), "new", "out")
	if _, _, err := Current(out); !errors.Is(err, ErrNone) {
		t.Errorf("current of nothing: got %v, want ErrNone", err)
	}
	res := mustRun(t, out, "2024-01-31", night1, Options{Info: "pid 7"})
	if got := published(t, out); got != "2024-01-31" || res.ID != got || res.Unchanged {
		t.Errorf("got %s, %+v", got, res)
	}
	have := tree(t, filepath.Join(out, "runs", res.ID))
	var said entries
	if err := json.Unmarshal([]byte(have[manifest]), &said); err != nil {
		t.Fatal(err)
	}
	for _, f := range said.Files {
		sum, n, err := DigestFile(filepath.Join(out, "runs", res.ID, f.Name))
		if err != nil || sum != f.SHA256 || n != f.Bytes || sum != digestOf([]byte(night1[f.Name])) {
			t.Errorf("%s: got %s, %d, %v, want %+v", f.Name, sum, n, err, f)
		}
	}
	if len(said.Files) != 3 || said.Files[2].Rows != 2 {
		t.Errorf("files: %+v", said.Files)
	}
	if b, _ := os.ReadFile(filepath.Join(out, lockName)); string(b) != "pid 7\n" {
		t.Errorf("lock file: %q", b)
	}
	if want := res.ID + "\n" + res.ManifestSHA256 + "\n"; tree(t, out)[currentName] != want {
		t.Errorf("CURRENT: got %q, want %q", tree(t, out)[currentName], want)
	}
}

func TestSameIDAgain(t *testing.T) {
	for _, c := range []struct {
		name      string
		first     []string // ids published before, all night1; the last is current
		damage    string
		again     content
		want      string
		unchanged bool
	}{
		{"identical is kept", []string{"a"}, "", night1, "a", true},
		{"different takes a fresh name", []string{"a"}, "", night2, "a.2", false},
		{"identical but damaged takes a fresh name", []string{"a"}, "runs/a/segments/core.csv", night1, "a.2", false},
		{"an older night is replaced", []string{"a", "b"}, "", night2, "a", false},
		{"a fresh name leaves another run alone", []string{"a.2", "a"}, "", night2, "a.3", false},
		{"CURRENT damaged: nothing is touched", []string{"a"}, currentName, night2, "a.2", false},
	} {
		out := t.TempDir()
		for _, id := range c.first {
			mustRun(t, out, id, night1, Options{})
		}
		if c.damage != "" {
			flip(t, filepath.Join(out, c.damage), 1)
		}
		res, err := run(out, "a", c.again, Options{}, nil)
		if err != nil || res.ID != c.want || res.Unchanged != c.unchanged || published(t, out) != c.want {
			t.Errorf("%s: got %+v, %v", c.name, res, err)
		}
		got := tree(t, filepath.Join(out, "runs", res.ID))
		delete(got, manifest)
		delete(got, manifestSum)
		if d := cmp.Diff(c.again, got); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
		if left := temps(t, out); left != nil {
			t.Errorf("%s: left %v", c.name, left)
		}
	}
}

func flip(t *testing.T, name string, at int) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[at] ^= 0x20
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSecondRunIsLockedOut(t *testing.T) {
	out := t.TempDir()
	s, err := Open(out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(out, Options{}); !errors.Is(err, ErrLocked) || errors.Is(err, ErrIO) {
		t.Errorf("got %v, want ErrLocked", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mustRun(t, out, "a", night1, Options{})
}

func TestNames(t *testing.T) {
	s, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g, err := s.Stage("a")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", ".", "..", "../x", "a/../x", "/x", "a//b", "a/", "x..y", ".hidden", "x.", "con", "NUL.csv",
		"a/Com1.txt", "ü", "a b", "a\\b", "a\x00", "x:y", strings.Repeat("x", 65), "manifest.json", "manifest.sha256", "1/2/3/4/5/6/7/8/9"} {
		if o, err := g.Create(name); !errors.Is(err, ErrName) {
			t.Errorf("Create(%q): got %v, %v, want ErrName", name, o, err)
		}
	}
	for _, id := range []string{"", "a/b", "..", strings.Repeat("x", 60), ".tmp-a", "aux"} {
		if _, err := s.Stage(id); !errors.Is(err, ErrName) {
			t.Errorf("Stage(%q): got %v, want ErrName", id, err)
		}
	}
	for _, name := range []string{"x", strings.Repeat("x", 64), "com", "console.csv", "1/2/3/4/5/6/7/8", "a/manifest.json", "A-b_c.D"} {
		if o, err := g.Create(name); err != nil || o.Close() != nil {
			t.Errorf("Create(%q): got %v", name, err)
		}
	}
	if _, err := g.Create("x"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a name twice: got %v", err)
	}
	if err := g.Abort(); err != nil {
		t.Error(err)
	}
}

func TestManyGoroutinesFillAStage(t *testing.T) {
	out := t.TempDir()
	s, err := Open(out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g, _ := s.Stage("a")
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			o, err := g.Create(fmt.Sprintf("d%d/e/f%d.csv", i%3, i))
			if err != nil {
				t.Error(err)
				return
			}
			for range 100 {
				fmt.Fprintf(o, "%d\n", i)
			}
			if err := o.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, err := g.Commit(context.Background(), manifestOf("a")); err != nil {
		t.Fatal(err)
	}
	if r, err := Verify(out, ""); err != nil || !r.OK() || r.Files != 32 {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestAbortWhileWriting(t *testing.T) {
	out := t.TempDir()
	mustRun(t, out, "a", night1, Options{})
	s, err := Open(out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g, _ := s.Stage("b")
	o, err := g.Create("x.csv")
	if err != nil {
		t.Fatal(err)
	}
	started, ended := make(chan bool), make(chan error)
	go func() {
		for i := 0; err == nil; i++ {
			if _, err = o.Write(make([]byte, bufferSize)); i == 0 {
				close(started)
			}
		}
		ended <- errors.Join(err, o.Close())
	}()
	<-started
	if err := g.Abort(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, ErrIO) {
		t.Errorf("the writer got %v", err)
	}
	if id := published(t, out); id != "a" || temps(t, out) != nil {
		t.Errorf("published %s, left %v", id, temps(t, out))
	}
}

func TestPruneKeepsTheNewest(t *testing.T) {
	out := t.TempDir()
	os.MkdirAll(filepath.Join(out, "runs", "notes"), 0o700) // no run: not ours to remove
	for i := range 5 {
		res := mustRun(t, out, fmt.Sprintf("n%d", 9-i), night1, Options{Keep: -1})
		at := int64(1_700_000_000 + 1000*i)
		name := filepath.Join(out, "runs", res.ID, manifest)
		if err := os.Chtimes(name, unix(at), unix(at)); err != nil {
			t.Fatal(err)
		}
	}
	res := mustRun(t, out, "z", night2, Options{Keep: 3})
	if d := cmp.Diff([]string{"n7", "n8", "n9"}, res.Pruned); d != "" {
		t.Error(d)
	}
	runs, err := Runs(out)
	if d := cmp.Diff([]string{"z", "n5", "n6"}, runs); d != "" || err != nil {
		t.Error(err, d)
	}
	if res := mustRun(t, out, "y", night2, Options{Keep: 1}); len(res.Pruned) != 3 || published(t, out) != "y" {
		t.Errorf("got %+v", res)
	}
	if _, err := os.Stat(filepath.Join(out, "runs", "notes")); err != nil {
		t.Error(err)
	}
}

func TestCommitRefuses(t *testing.T) {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	boom := errors.New("boom")
	for _, c := range []struct {
		name  string
		ctx   context.Context
		write func([]File) ([]byte, error)
		leave bool // leave a file open
		want  string
	}{
		{"a canceled context", canceled, manifestOf("b"), false, "context canceled"},
		{"a failing manifest", context.Background(), func([]File) ([]byte, error) { return nil, boom }, false, "boom"},
		{"no JSON", context.Background(), func([]File) ([]byte, error) { return []byte("x"), nil }, false, "manifest"},
		{"another run id", context.Background(), manifestOf("c"), false, "run_id"},
		{"other files", context.Background(), func(f []File) ([]byte, error) { return manifestOf("b")(f[1:]) }, false, "files"},
		{"an open file", context.Background(), manifestOf("b"), true, "left.csv"},
	} {
		out := t.TempDir()
		mustRun(t, out, "a", night1, Options{})
		s, err := Open(out, Options{})
		if err != nil {
			t.Fatal(err)
		}
		g, _ := s.Stage("b")
		if err := fill(g, night2); err != nil {
			t.Fatal(err)
		}
		if c.leave {
			g.Create("left.csv")
		}
		if _, err := g.Commit(c.ctx, c.write); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		if id := published(t, out); id != "a" || temps(t, out) != nil {
			t.Errorf("%s: published %s, left %v", c.name, id, temps(t, out))
		}
		s.Close()
	}
}

// TestCancelDuringTheRename cancels between the rename of the run and the move of CURRENT.
func TestCancelDuringTheRename(t *testing.T) {
	for _, old := range []content{nil, night2} { // with and without an older run of the id
		out := t.TempDir()
		if old != nil {
			mustRun(t, out, "b", old, Options{})
		}
		mustRun(t, out, "a", night1, Options{})
		before := tree(t, out)
		ctx, cancel := context.WithCancel(context.Background())
		s, err := open(out, Options{}, gateFunc(func(op, name string) error {
			if op == "rename" && name == "runs/b" {
				cancel()
			}
			return nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		g, _ := s.Stage("b")
		fill(g, night1)
		if _, err := g.Commit(ctx, manifestOf("b")); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		s.Close()
		if d := cmp.Diff(before, tree(t, out)); d != "" || published(t, out) != "a" {
			t.Error(d)
		}
	}
}
