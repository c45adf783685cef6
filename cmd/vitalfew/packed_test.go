package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// packed is tiny's orders many times over, packed.
func packed(t *testing.T, ending string) []byte {
	t.Helper()
	header, lines, _ := strings.Cut(tiny, "\n")
	text := []byte(header + "\n" + strings.Repeat(lines, 2000))
	if ending == ".zst" {
		z, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		return z.EncodeAll(text, nil)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A packed export that was cut anywhere is refused by name: never fewer lines in silence. Orders and
// accounts come by different ways, so both are tried.
func TestTruncatedPacked(t *testing.T) {
	dir := t.TempDir()
	orders := put(t, dir, "orders.csv", tiny)
	for _, ending := range []string{".gz", ".zst"} {
		b := packed(t, ending)
		for _, n := range []int{5, 12, len(b) / 4, len(b) / 2, len(b) - 9, len(b) - 4, len(b) - 1} {
			path := put(t, dir, "cut.csv"+ending, string(b[:n]))
			for _, args := range [][]string{{"--orders", path}, {"--orders", orders, "--crm", path}} {
				out := filepath.Join(dir, "out")
				s := call(append([]string{"run", "--out", out}, args...)...)
				if s.code != exitInput || !strings.Contains(s.err, path) || current(out) != "" {
					t.Fatalf("%v cut at %d of %d bytes: got exit code %d, stderr %q, want %d and nothing published", args, n, len(b), s.code, s.err, exitInput)
				}
			}
		}
		path := put(t, dir, "whole.csv"+ending, string(b))
		if f, err := source.Stat(path); err != nil || f.Compression == source.Plain {
			t.Errorf("%s: got %+v, %v", path, f, err)
		}
		call("run", "--orders", path, "--out", filepath.Join(dir, "whole"+ending)).ok(t)
	}
}
