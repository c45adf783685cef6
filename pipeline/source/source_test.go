package source_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

func write(t *testing.T, dir, name, text string) string {
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

func pack(t *testing.T, name string, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	for _, p := range parts {
		var w io.WriteCloser = gzip.NewWriter(&b)
		if name == "zstd" {
			z, err := zstd.NewWriter(&b)
			if err != nil {
				t.Fatal(err)
			}
			w = z
		}
		if _, err := io.WriteString(w, p); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestExpand(t *testing.T) {
	dir := t.TempDir()
	a, b := write(t, dir, "b/a.csv", "x\n"), write(t, dir, "b/b.TSV.gz", pack(t, "gzip", "x\n"))
	c := write(t, dir, "c.parquet", "PAR1....PAR1")
	write(t, dir, "b/notes.md", "x")
	write(t, dir, "b/.hidden.csv", "x")
	write(t, dir, ".git/x.csv", "x")
	for _, k := range []struct {
		name     string
		patterns []string
		want     []string
	}{
		{"a file", []string{a}, []string{a}},
		{"a directory", []string{dir}, []string{a, b, c}},
		{"a glob", []string{filepath.Join(dir, "b", "*.csv")}, []string{filepath.Join(dir, "b", ".hidden.csv"), a}},
		{"the same twice, in any order", []string{c, dir, a}, []string{a, b, c}},
	} {
		files, err := source.Expand(k.patterns)
		var got []string
		for _, f := range files {
			got = append(got, f.Path)
		}
		if err != nil || !cmp.Equal(got, k.want) {
			t.Errorf("%s: got %v, %v, want %v", k.name, got, err, k.want)
		}
	}
}

// A file that is named twice, also by a link, is one file; a directory of published runs is no export.
func TestExpandTakesAFileOnce(t *testing.T) {
	dir := t.TempDir()
	a := write(t, dir, "a.csv", "x\n")
	for _, link := range []func(string, string) error{os.Symlink, os.Link} {
		name := filepath.Join(dir, "latest.csv")
		if err := link(a, name); err != nil {
			t.Fatal(err)
		}
		if files, err := source.Expand([]string{dir, name}); err != nil || len(files) != 1 {
			t.Errorf("got %v, %v, want one file", files, err)
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, "out/.lock", "")
	write(t, dir, "out/runs/1/segments/core.csv", "x\n")
	if files, err := source.Expand([]string{dir}); err != nil || len(files) != 1 {
		t.Errorf("got %v, %v, want the export only", files, err)
	}
}

func TestExpandNamesEveryFault(t *testing.T) {
	dir := t.TempDir()
	empty, zip := write(t, dir, "empty.csv", ""), write(t, dir, "book.bz2", "BZh...")
	bare := filepath.Join(dir, "bare")
	if err := os.Mkdir(bare, 0o700); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "missing.csv")
	_, err := source.Expand([]string{empty, zip, bare, missing, "s3://bucket/orders", filepath.Join(dir, "*.json")})
	if err == nil {
		t.Fatal("want an error")
	}
	for _, want := range []string{empty + ": the file is empty", zip + ": bzip2 is not read", bare + ": the directory holds no file",
		missing + ": no such file", "s3 URLs are not read yet", "*.json: no file matches"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
}

func TestOpenUnpacks(t *testing.T) {
	dir := t.TempDir()
	for _, k := range []struct {
		name, content string
		packed        source.Compression
	}{
		{"plain.csv", "one\ntwo\n", source.Plain},
		{"two members.gz", pack(t, "gzip", "one\n", "two\n"), source.Gzip},
		{"two frames.zst", pack(t, "zstd", "one\n", "two\n"), source.Zstd},
	} {
		f, err := source.Stat(write(t, dir, k.name, k.content))
		if err != nil {
			t.Fatal(err)
		}
		if f.Compression != k.packed || f.Format != source.Text {
			t.Errorf("%s: got %v %v", k.name, f.Compression, f.Format)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != "one\ntwo\n" {
			t.Errorf("%s: got %q, %v", k.name, got, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		sum := sha256.Sum256([]byte(k.content))
		if digest, err := f.Digest(context.Background()); err != nil || digest != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: digest %s, %v", k.name, digest, err)
		}
	}
}

func TestOpenRefusesBombsAndCuts(t *testing.T) {
	dir := t.TempDir()
	zeros := strings.Repeat("\x00", 200<<20)
	for _, k := range []struct {
		name, content string
		bomb          bool
	}{
		{"bomb.gz", pack(t, "gzip", zeros), true}, {"bomb.zst", pack(t, "zstd", zeros), true},
		{"cut.gz", pack(t, "gzip", strings.Repeat("abc,def\n", 5000))[:60], false},
		{"cut.zst", pack(t, "zstd", strings.Repeat("abc,def\n", 5000))[:20], false},
	} {
		f, err := source.Stat(write(t, dir, k.name, k.content))
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, r)
		if err == nil || errors.Is(err, source.ErrBomb) != k.bomb || !strings.Contains(err.Error(), k.name) {
			t.Errorf("%s: %d bytes, %v", k.name, n, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestChanged(t *testing.T) {
	path := write(t, t.TempDir(), "a.csv", "one\n")
	f, err := source.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Changed(); err != nil {
		t.Error(err)
	}
	write(t, filepath.Dir(path), "a.csv", "one and more\n")
	if err := f.Changed(); err == nil || !strings.Contains(err.Error(), "changed during the run") {
		t.Errorf("grown: %v", err)
	}
	if _, err := f.Digest(context.Background()); err == nil {
		t.Error("digest of a grown file")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := f.Changed(); err == nil || !strings.Contains(err.Error(), "vanished") {
		t.Errorf("removed: %v", err)
	}
}
