package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestCustomersRoundTrip(t *testing.T) {
	for _, pareto := range []bool{false, true} {
		c := simulate(500, pareto)
		path := filepath.Join(t.TempDir(), "made", "c.bin")
		if err := c.write(path); err != nil {
			t.Fatal(err)
		}
		got, err := read(path, 500, true)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.x, c.x) || !slices.Equal(got.tx, c.tx) || !slices.Equal(got.t, c.t) || !slices.Equal(got.m, c.m) {
			t.Error("what was read is not what was written")
		}
		if _, err := read(path, 501, true); err == nil {
			t.Error("a file that is too short was read")
		}
		for i := range c.x {
			if c.x[i] > c.tx[i] || c.tx[i] > c.t[i] || (c.x[i] > 0) != (c.m[i] > 0) {
				t.Fatalf("customer %d cannot be: x %d, t_x %d, T %d, m %g", i, c.x[i], c.tx[i], c.t[i], c.m[i])
			}
		}
	}
}

// Results that differ stop the comparison.
func TestAgree(t *testing.T) {
	good := result{Theta: []float64{1, 2}, Patterns: 3, Sum: 10, First: []float64{4, 6}}
	if err := agree(&good, &good); err != nil {
		t.Error(err)
	}
	for _, bad := range []result{
		{Theta: []float64{1, 2.1}, Patterns: 3, Sum: 10, First: []float64{4, 6}},
		{Theta: []float64{1, 2}, Patterns: 4, Sum: 10, First: []float64{4, 6}},
		{Theta: []float64{1, 2}, Patterns: 3, Sum: 10.1, First: []float64{4, 6}},
		{Theta: []float64{1, 2}, Patterns: 3, Sum: 10, First: []float64{4, 6.1}},
		{Theta: []float64{1, 2}, Patterns: 3, Sum: 10, First: []float64{4}},
	} {
		if agree(&good, &bad) == nil {
			t.Errorf("%+v agrees with %+v", bad, good)
		}
	}
}

func TestMedian(t *testing.T) {
	var runs []*ran
	for _, s := range []float64{5, 1, 9, 3, 7} {
		runs = append(runs, &ran{result: result{Seconds: map[string]float64{"a": s / 2, "b": s / 2, "fit, per evaluation": 100 / s}}})
	}
	if got := median(runs).total(); got != 5 {
		t.Errorf("got %g, want 5", got)
	}
}

// Every task of our side gives what the comparison needs.
func TestWork(t *testing.T) {
	dir := t.TempDir()
	do := func(task string) string {
		var out, log bytes.Buffer
		if code := run(t.Context(), []string{"-task", task, "-data", dir, "-customers", "3000"}, &out, &log); code != 0 {
			t.Fatalf("%s: exit %d: %s", task, code, log.String())
		}
		return out.String()
	}
	do(writeBG)
	do(writePareto)
	for task, want := range map[string]string{"bg": `"theta":[0.2`, "pareto": `"theta":[0.`, "clv": `"first":[`, "clv-interval": `"first":[`} {
		if got := do(task); !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", task, got, want)
		}
	}
	if code := run(t.Context(), []string{"-task", "nothing", "-data", dir, "-customers", "3000"}, &bytes.Buffer{}, &bytes.Buffer{}); code != 1 {
		t.Errorf("an unknown task: exit %d, want 1", code)
	}
}
