package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// ran is one process.
type ran struct {
	result
	peak int64 // bytes
}

// total is the time of the work.
func (r *ran) total() float64 {
	sum := 0.0
	for name, s := range r.Seconds {
		if !strings.Contains(name, "per evaluation") {
			sum += s
		}
	}
	return sum
}

func start(ctx context.Context, command ...string) (*ran, error) {
	var printed, complaints bytes.Buffer
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = &printed, &complaints
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, complaints.Bytes())
	}
	peak, err := peakOf(cmd.ProcessState)
	if err != nil {
		return nil, err
	}
	r := &ran{peak: peak}
	if printed.Len() == 0 {
		return r, nil
	}
	if err := json.Unmarshal(printed.Bytes(), &r.result); err != nil {
		return nil, fmt.Errorf("%s: what it printed: %w", strings.Join(command, " "), err)
	}
	return r, nil
}

func (o *options) ours(ctx context.Context, task string) (*ran, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(ctx, self, "-task", task, "-data", o.dir, "-customers", strconv.Itoa(o.customers), "-workers", strconv.Itoa(o.workers))
}

func (o *options) theirs(ctx context.Context, task string) (*ran, error) {
	p, s := truth(false), spendTruth()
	return start(ctx, o.python, o.script, task, o.file(task), strconv.Itoa(o.customers),
		strings.Trim(strings.ReplaceAll(fmt.Sprint(p), " ", ","), "[]"), strings.Trim(strings.ReplaceAll(fmt.Sprint(s), " ", ","), "[]"))
}

// compare runs all tasks and prints the table.
func compare(ctx context.Context, o *options, out, log io.Writer) error {
	for _, name := range []string{"bg", "pareto"} {
		if _, err := os.Stat(o.file(name)); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		fmt.Fprintf(log, "simulating %d customers: %s\n", o.customers, o.file(name))
		if _, err := o.ours(ctx, "write-"+name); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%d customers, medians of %d; seconds exclude the start of the process and reading the file\n\n", o.customers, o.runs)
	fmt.Fprintf(out, "| task | patterns | lifetimes s | ours s | ratio | lifetimes MiB | ours MiB | ratio |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, task := range strings.Split(o.tasks, ",") {
		if err := o.table(ctx, task, out, log); err != nil {
			return err
		}
	}
	return nil
}

func (o *options) table(ctx context.Context, task string, out, log io.Writer) error {
	var ours, theirs []*ran
	for i := range o.runs {
		fmt.Fprintf(log, "%s: run %d of %d\n", task, i+1, o.runs)
		a, err := o.ours(ctx, task)
		if err != nil {
			return err
		}
		b, err := o.theirs(ctx, task)
		if err != nil {
			return err
		}
		if err := agree(&a.result, &b.result); err != nil {
			return fmt.Errorf("%s: the results differ: %w", task, err)
		}
		ours, theirs = append(ours, a), append(theirs, b)
	}
	a, b := median(ours), median(theirs)
	fmt.Fprintf(out, "| %s | %d | %.3f | %.3f | %.1f | %.0f | %.0f | %.1f |\n", task, a.Patterns,
		b.total(), a.total(), b.total()/a.total(), mib(b.peak), mib(a.peak), float64(b.peak)/float64(a.peak))
	for _, side := range []struct {
		name string
		r    *ran
	}{{"ours", a}, {"lifetimes", b}} {
		fmt.Fprintf(log, "%s, %s: %v, theta %.6v, sum %.6g\n", task, side.name, side.r.Seconds, side.r.Theta, side.r.Sum)
	}
	return nil
}

// agree holds the results against each other: parameters to a thousandth of their own size (two per cent
// where lifetimes' simplex stops early, on a ridge), values to 1e-6.
func agree(a, b *result) error {
	if a.Patterns != b.Patterns || len(a.Theta) != len(b.Theta) || len(a.First) != len(b.First) {
		return fmt.Errorf("%d patterns and %d", a.Patterns, b.Patterns)
	}
	for i, v := range a.Theta {
		if math.Abs(v/b.Theta[i]-1) > .02 {
			return fmt.Errorf("parameters %v and %v", a.Theta, b.Theta)
		}
	}
	for i, v := range append([]float64{a.Sum}, a.First...) {
		w := append([]float64{b.Sum}, b.First...)[i]
		if math.Abs(v-w) > 1e-6*math.Abs(w) {
			return fmt.Errorf("value %d is %.10g and %.10g", i, v, w)
		}
	}
	return nil
}

// median is the run in the middle by time.
func median(runs []*ran) *ran {
	slices.SortFunc(runs, func(a, b *ran) int {
		switch {
		case a.total() < b.total():
			return -1
		case a.total() > b.total():
			return 1
		}
		return 0
	})
	return runs[len(runs)/2]
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }
