package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The tool reads a small export in all its ways and prints a line for each, the first of which is 1.
func TestRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.csv")
	text := "order_id,customer_id,ordered_at,quantity,unit_price\n" + strings.Repeat("1,A,2024-01-05,1,2.50\n", 2000)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run([]string{"-rounds", "2", "-workers", "2", path}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`^as given +[0-9.]+ s +1\.000 of the first\nby evidence +[0-9.]+ s +[0-9.]+ of the first\nby evidence, beside another file +[0-9.]+ s +[0-9.]+ of the first\n$`)
	if !want.Match(out.Bytes()) {
		t.Errorf("got\n%s", out.Bytes())
	}
	for _, args := range [][]string{{}, {"gone.csv"}, {"-rounds", "0", path}} {
		if err := run(args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
	if got := median([]float64{4, 1, 3, 2}); got != 2.5 {
		t.Errorf("median %v, want 2.5", got)
	}
}
