package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cost is what a process cost.
type cost struct {
	Wall float64 `json:"wall_s"` // seconds from start to end
	CPU  float64 `json:"cpu_s"`  // seconds of processor time, user and system
	Peak int64   `json:"peak_bytes"`
}

// measure runs a command to its end. Peak is the largest resident set of the process, as the kernel
// counted it. Linux starts that count at the resident set of the parent, so this program stays small;
// its own is in the report.
func measure(ctx context.Context, command []string) (cost, error) {
	var printed bytes.Buffer
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = &printed, &printed
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, printed.Bytes())
	}
	ended := cmd.ProcessState
	peak, err := peakOf(ended)
	return cost{Wall: wall.Seconds(), CPU: (ended.UserTime() + ended.SystemTime()).Seconds(), Peak: peak}, err
}

// ours runs the product on a source and returns the customers.parquet it published.
func (b *bench) ours(ctx context.Context, source string) (cost, string, error) {
	out := filepath.Join(b.out, "vitalfew")
	if err := os.RemoveAll(out); err != nil {
		return cost{}, "", err
	}
	command := slices.Concat(b.pin, []string{b.product, "run", "--orders", source, "--out", out, "--as-of", b.asOf, "--models", "off", "--workers", strconv.Itoa(b.cores)})
	c, err := measure(ctx, command)
	if err != nil {
		return cost{}, "", err
	}
	current, err := os.ReadFile(filepath.Join(out, "CURRENT"))
	if err != nil {
		return cost{}, "", fmt.Errorf("the run published nothing: %w", err)
	}
	id, _, _ := strings.Cut(string(current), "\n")
	return c, filepath.Join(out, "runs", id, "customers.parquet"), nil
}

// peer runs DuckDB on a source and returns the file it wrote.
func (b *bench) peer(ctx context.Context, source string) (cost, string, error) {
	out := filepath.Join(b.out, "peer.parquet")
	if err := os.RemoveAll(out); err != nil {
		return cost{}, "", err
	}
	c, err := measure(ctx, slices.Concat(b.pin, []string{b.python, b.workload, "work", source, b.asOf, strconv.Itoa(b.cores), out}))
	return c, out, err
}

// warm reads a file, so that both sides find it in the page cache.
func warm(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(io.Discard, f)
	return err
}

// compareFormat checks both sides against each other on a source, then times them in turn.
func (b *bench) compareFormat(ctx context.Context, source string, runs int, log io.Writer) (*format, error) {
	info, err := os.Stat(source)
	if err != nil {
		return nil, err
	}
	f := &format{Name: strings.TrimPrefix(filepath.Ext(source), "."), Bytes: info.Size()}
	if err := warm(source); err != nil {
		return nil, err
	}
	fmt.Fprintf(log, "%s: comparing results\n", f.Name)
	_, customers, err := b.ours(ctx, source)
	if err != nil {
		return nil, err
	}
	_, theirs, err := b.peer(ctx, source)
	if err != nil {
		return nil, err
	}
	if f.Figures, err = b.figures(ctx, theirs, customers); err != nil {
		return nil, err
	}
	for i := range runs {
		fmt.Fprintf(log, "%s: run %d of %d\n", f.Name, i+1, runs)
		if err := b.round(ctx, f, source, i%2 == 1); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// round times both sides once, each with the source freshly read.
func (b *bench) round(ctx context.Context, f *format, source string, peerFirst bool) error {
	sides := []func() error{
		func() error {
			c, _, err := b.ours(ctx, source)
			f.Ours = append(f.Ours, c)
			return err
		},
		func() error {
			c, _, err := b.peer(ctx, source)
			f.Peer = append(f.Peer, c)
			return err
		},
	}
	if peerFirst {
		sides[0], sides[1] = sides[1], sides[0]
	}
	for _, side := range sides {
		if err := warm(source); err != nil {
			return err
		}
		if err := side(); err != nil {
			return err
		}
	}
	return nil
}
