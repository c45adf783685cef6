package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// bench is everything a comparison needs, ready to run.
type bench struct {
	product  string   // the binary
	python   string   // the interpreter
	workload string   // duckdb_workload.py
	version  string   // of DuckDB
	sources  []string // orders.csv, orders.parquet
	asOf     string   // the day after the last order
	cores    int
	pin      []string // command prefix that pins a child to the first cores; none: the machine has no more
	out      string   // scratch directory of the runs
}

// formats are those of the order lines, and the extensions of their files.
func formats() []string { return []string{"csv", "parquet"} }

func prepare(ctx context.Context, o options, log io.Writer) (*bench, error) {
	b := &bench{product: o.product, python: o.python, cores: o.cores, workload: filepath.Join(o.dir, "peers", "duckdb_workload.py")}
	if b.product == "" {
		b.product = filepath.Join(o.dir, "bin", "vitalfew")
		fmt.Fprintln(log, "building", b.product)
		if _, err := output(ctx, "go", "build", "-pgo="+filepath.Join(o.dir, "profile.pgo"), "-o", b.product, "./cmd/vitalfew"); err != nil {
			return nil, err
		}
	}
	var err error
	// A bare name would be looked up in PATH, and a venv's python is a symlink that must stay one.
	if b.product, err = filepath.Abs(b.product); err != nil {
		return nil, err
	}
	if b.pin, err = pin(o.cores); err != nil {
		return nil, err
	}
	if err := b.findPython(ctx, filepath.Join(o.dir, "peers"), log); err != nil {
		return nil, err
	}
	if err := b.generate(ctx, o, log); err != nil {
		return nil, err
	}
	if b.asOf, err = output(ctx, b.python, b.workload, "as-of", b.sources[len(b.sources)-1]); err != nil {
		return nil, err
	}
	b.out = filepath.Join(o.dir, "out")
	return b, os.MkdirAll(b.out, 0o755)
}

// findPython makes the environment where it is missing, and refuses a DuckDB other than the pinned.
func (b *bench) findPython(ctx context.Context, dir string, log io.Writer) error {
	requirements := filepath.Join(dir, "requirements.txt")
	if b.python == "" {
		venv := filepath.Join(dir, ".venv")
		b.python = filepath.Join(venv, "bin", "python")
		if _, err := os.Stat(b.python); err != nil {
			fmt.Fprintln(log, "making", venv)
			if _, err := output(ctx, "python3", "-m", "venv", venv); err != nil {
				return err
			}
		}
		if _, err := output(ctx, b.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements); err != nil {
			return err
		}
	}
	pinned, err := os.ReadFile(requirements)
	if err != nil {
		return err
	}
	if b.version, err = output(ctx, b.python, b.workload, "version"); err != nil {
		return err
	}
	if want := strings.TrimSpace(string(pinned)); want != "duckdb=="+b.version {
		return fmt.Errorf("%s has DuckDB %s, but %s pins %s: leave -python out, or install that one", b.python, b.version, requirements, want)
	}
	return nil
}

// generate writes the order lines, once for each set of parameters: their directory is named after
// them and appears complete or not at all.
func (b *bench) generate(ctx context.Context, o options, log io.Writer) error {
	dir := filepath.Join(o.dir, "data", fmt.Sprintf("lines-%d-customers-%d-seed-%d", o.lines, o.customers, o.seed))
	for _, f := range formats() {
		b.sources = append(b.sources, filepath.Join(dir, "orders."+f))
	}
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	part := dir + ".part"
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	for _, f := range formats() {
		fmt.Fprintln(log, "generating", filepath.Join(dir, "orders."+f))
		_, err := output(ctx, b.product, "generate", "--lines", strconv.FormatInt(o.lines, 10), "--customers", strconv.Itoa(o.customers),
			"--seed", strconv.FormatUint(o.seed, 10), "--format", f, "--columns", "scale", "--out", part)
		if err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Join(part, "orders."+f)); err != nil {
			return fmt.Errorf("generate left no orders.%s: %w", f, err)
		}
	}
	return os.Rename(part, dir)
}

// pin returns the prefix that keeps a child on the first cores of the machine, so that neither side
// uses others for its garbage collector or its I/O.
func pin(cores int) ([]string, error) {
	if cores == runtime.NumCPU() {
		return nil, nil
	}
	path, err := exec.LookPath("taskset")
	if err != nil {
		return nil, fmt.Errorf("this machine has more than %d cores and no taskset to pin both sides to as many: install util-linux, or give -cores %d", cores, runtime.NumCPU())
	}
	return []string{path, "-c", fmt.Sprintf("0-%d", cores-1)}, nil
}

// output runs a command of the preparation and returns what it printed, trimmed.
func output(ctx context.Context, name string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", strings.Join(cmd.Args, " "), err, stdout.Bytes(), stderr.Bytes())
	}
	return strings.TrimSpace(stdout.String()), nil
}
