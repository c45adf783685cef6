package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestMain lets the test binary be the child that TestMeasure measures.
func TestMain(m *testing.M) {
	switch os.Getenv("PEER_TEST_CHILD") {
	case "big":
		b := make([]byte, childSize)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		runtime.KeepAlive(b)
		os.Exit(0)
	case "bad":
		os.Stderr.WriteString("no such column")
		os.Exit(3)
	}
	os.Exit(m.Run())
}

const childSize = 192 << 20 // well above what a test binary needs by itself

func TestMeasure(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("peak memory is measured on Linux only")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PEER_TEST_CHILD", "big")
	c, err := measure(t.Context(), []string{self})
	if err != nil {
		t.Fatal(err)
	}
	// The race detector and the runtime add to it, but not as much again.
	if c.Peak < childSize || c.Peak > 3*childSize {
		t.Errorf("got a peak of %d bytes, want about %d", c.Peak, childSize)
	}
	if c.Wall <= 0 || c.CPU <= 0 {
		t.Errorf("got %v s of wall and %v s of processor time, want more than none", c.Wall, c.CPU)
	}
	t.Setenv("PEER_TEST_CHILD", "bad")
	if _, err := measure(t.Context(), []string{self}); err == nil || !strings.Contains(err.Error(), "no such column") {
		t.Errorf("got %v, want an error with what the child printed", err)
	}
}

func TestMedian(t *testing.T) {
	for _, tc := range []struct {
		name string
		runs []cost
		want cost
	}{
		{"one", []cost{{1, 2, 3}}, cost{1, 2, 3}},
		{"two: the mean", []cost{{1, 10, 100}, {2, 20, 200}}, cost{1.5, 15, 150}},
		{"three: each figure by itself", []cost{{3, 1, 2}, {1, 2, 3}, {2, 3, 1}}, cost{2, 2, 2}},
		{"four", []cost{{4, 1, 8}, {1, 1, 2}, {2, 1, 4}, {3, 9, 6}}, cost{2.5, 1, 5}},
	} {
		if got := median(tc.runs); got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestGroup(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 400_000: "400,000", 10_000_000: "10,000,000"} {
		if got := group(n); got != want {
			t.Errorf("group(%d): got %s, want %s", n, got, want)
		}
	}
}

const equal = `[{"figure":"customers","peer":"2","ours":"2","differing":0},{"figure":"orders","peer":"5","ours":"5","differing":0},
	{"figure":"net_sales","peer":"1.0000","ours":"1.0000","differing":0},{"figure":"gross_profit","peer":"0.5","ours":"0.5","differing":0},
	{"figure":"class_A","peer":"1","ours":"1","differing":0}]`

func TestCheckFigures(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"equal", equal, ""},
		{"another total", strings.Replace(equal, `"ours":"1.0000"`, `"ours":"1.0001"`, 1), "net_sales is 1.0000 in DuckDB and 1.0001 in vitalfew"},
		{"the same total of other customers", strings.Replace(equal, `"ours":"5","differing":0`, `"ours":"5","differing":2`, 1), "orders is 5 in DuckDB and 5 in vitalfew, other for 2 customers"},
		{"a figure missing", strings.Replace(equal, "class_A", "class_X", 1), "the comparison has no class_A"},
		{"nothing", "[]", "the comparison has no customers"},
		{"no JSON", "Traceback", "read the comparison"},
	} {
		_, err := checkFigures([]byte(tc.text))
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
		}
	}
}

// The stand-ins answer as the product and Python would, and write down that they were called.
const (
	productScript = `#!/bin/sh
set -eu
command=$1; shift
while [ $# -gt 0 ]; do case $1 in --out) out=$2;; --format) format=$2;; esac; shift 2; done
if [ $command = generate ]; then mkdir -p "$out"; echo order_id > "$out/orders.$format"; exit; fi
echo ours >> CALLS
mkdir -p "$out/runs/7"; printf '7\nsum\n' > "$out/CURRENT"; echo > "$out/runs/7/customers.parquet"
`
	pythonScript = `#!/bin/sh
set -eu
case $2 in
version) echo 9.8.7;;
as-of) echo 2026-01-01;;
work) echo peer >> CALLS; echo > "$6";;
compare) [ -f "$3" ] && [ "${4%/runs/7/customers.parquet}" != "$4" ]; cat FIGURES;;
esac
`
)

// stage lays out a benchmarks directory with stand-ins and returns it with the flags that use them.
func stage(t *testing.T, figures string) (dir string, args []string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("peak memory is measured on Linux only")
	}
	dir = t.TempDir()
	place := func(name, text string) string {
		name = filepath.Join(dir, name)
		text = strings.NewReplacer("CALLS", filepath.Join(dir, "calls"), "FIGURES", filepath.Join(dir, "figures")).Replace(text)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		return name
	}
	place("figures", figures)
	place("peers/requirements.txt", "duckdb==9.8.7\n")
	product, python := place("product", productScript), place("python", pythonScript)
	return dir, []string{"-lines", "3000", "-customers", "2", "-cores", "1", "-dir", dir, "-product", product, "-python", python}
}

func TestRun(t *testing.T) {
	dir, args := stage(t, equal)
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), append(args, "-runs", "3"), &stdout, &stderr); code != 0 {
		t.Fatalf("got code %d: %s", code, stderr.String())
	}
	calls, err := os.ReadFile(filepath.Join(dir, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	// Both once untimed, then in alternating order; and so for each of the two formats.
	one := "ours\npeer\n" + "ours\npeer\n" + "peer\nours\n" + "ours\npeer\n"
	if got, want := string(calls), one+one; got != want {
		t.Errorf("got calls %q, want %q", got, want)
	}
	for _, want := range []string{"3,000 order lines, 2 customers", "DuckDB 9.8.7", "| csv, 0 MiB | vitalfew run |", "| parquet, 0 MiB | DuckDB SQL |", "| net_sales | 1.0000 | 1.0000 |", `"vitalfew_runs":[{"wall_s":`} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("got no %q in\n%s", want, stdout.String())
		}
	}
	stderr.Reset()
	if code := run(t.Context(), append(args, "-runs", "1"), &stdout, &stderr); code != 0 || strings.Contains(stderr.String(), "generating") {
		t.Errorf("second run: got code %d and %q, want the data to be used again", code, stderr.String())
	}
}

func TestRunRefuses(t *testing.T) {
	dir, args := stage(t, strings.Replace(equal, `"peer":"5"`, `"peer":"6"`, 1))
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), args, &stdout, &stderr); code != 1 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "orders is 6 in DuckDB") {
		t.Errorf("other results: got code %d, %q, %q, want 1, no times, and the figure named", code, stdout.String(), stderr.String())
	}
	if err := os.WriteFile(filepath.Join(dir, "peers", "requirements.txt"), []byte("duckdb==9.8.8\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	stderr.Reset()
	if code := run(t.Context(), args, &stdout, &stderr); code != 1 || !strings.Contains(stderr.String(), "duckdb==9.8.8") {
		t.Errorf("another DuckDB: got code %d, %q, want 1 and the pinned version", code, stderr.String())
	}
	stderr.Reset()
	if code := run(context.Background(), []string{"-lines", "0", "-runs", "0", "-cores", "0"}, &stdout, &stderr); code != 2 || strings.Count(stderr.String(), "\n") != 4 {
		t.Errorf("bad flags: got code %d, %q, want 2 and all four faults", code, stderr.String())
	}
}
