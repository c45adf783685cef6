package pipeline_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
)

// stages lists what a night says it does, in order.
func stages(t *testing.T, c pipeline.Config) (names []string) {
	t.Helper()
	c.DryRun = false
	if _, err := pipeline.Run(context.Background(), "test", 2, c, pipeline.Events{Stage: func(s string) { names = append(names, s) }}); err != nil {
		t.Fatal(err)
	}
	return names
}

// A night that is cut short at any of its stages leaves what was published before as it was, and
// nothing else. The next night works.
func TestInterruptedAtEveryStage(t *testing.T) {
	c := demo(t)
	all := stages(t, c)
	for _, must := range []string{"reading orders", "building the ledger", "scoring customers", "writing files", "publishing"} {
		if !slices.Contains(all, must) {
			t.Errorf("got stages %q, want %q among them", all, must)
		}
	}
	before := sums(t, c.Out)
	next := c
	next.Window = 90
	for _, stage := range all {
		cause := errors.New("interrupted by a test")
		ctx, cancel := context.WithCancelCause(context.Background())
		out, err := pipeline.Run(ctx, "test", 2, next, pipeline.Events{Stage: func(s string) {
			if s == stage {
				cancel(cause)
			}
		}})
		cancel(nil)
		if !errors.Is(err, context.Canceled) || out != nil {
			t.Errorf("at %q: got outcome %v, error %v, want %v", stage, out, err, context.Canceled)
		}
		after := sums(t, c.Out)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("at %q: files: -before +after\n%s", stage, diff)
		}
		verified(t, c.Out)
	}
	if out := runNight(t, next, 2); out.Unchanged {
		t.Error("the night after the interrupted ones was not computed")
	}
	verified(t, c.Out)
}

// An interrupted first night leaves no run at all.
func TestInterruptedFirstNight(t *testing.T) {
	c := demo(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := pipeline.Run(ctx, "test", 2, c, pipeline.Events{Stage: func(s string) {
		if s == "publishing" {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	entries, err := os.ReadDir(filepath.Join(c.Out, "runs"))
	if err != nil || len(entries) != 0 {
		t.Errorf("got runs %v, %v, want none", entries, err)
	}
	if _, err := os.Stat(filepath.Join(c.Out, "CURRENT")); !os.IsNotExist(err) {
		t.Errorf("got CURRENT, %v, want none", err)
	}
}

// An input that changes under the run is found, and nothing is published.
func TestInputChangesDuringRun(t *testing.T) {
	for _, stage := range []string{"building the ledger", "writing files"} {
		c := demo(t)
		_, err := pipeline.Run(context.Background(), "test", 2, c, pipeline.Events{Stage: func(s string) {
			if s != stage {
				return
			}
			f, err := os.OpenFile(c.CRM[0], os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := f.WriteString("X1\n"); err != nil {
				t.Error(err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}})
		if !errors.Is(err, pipeline.ErrInput) {
			t.Errorf("changed while %s: got %v, want %v", stage, err, pipeline.ErrInput)
		}
		if _, err := os.Stat(filepath.Join(c.Out, "CURRENT")); !os.IsNotExist(err) {
			t.Errorf("changed while %s: got CURRENT, %v", stage, err)
		}
	}
}
