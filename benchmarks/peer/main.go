// Command peer compares a whole vitalfew run with the same work in DuckDB, on one machine in one go.
//
//  1. It builds the product, makes the Python environment of the peer and generates the order lines,
//     as CSV and as Parquet, unless they are there already.
//  2. For each format both sides run once untimed. What they found has to be equal, customer by
//     customer, or nothing is timed.
//  3. Then they run in turn, in alternating order, each a process of its own on the same cores, with
//     the input in the page cache. Wall time, processor time and peak memory are the kernel's.
//  4. It prints the medians and their ratio as Markdown, and every single run as JSON.
//
// What is the same on both sides and what is not is in benchmarks/README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the flags.
type options struct {
	lines     int64  // order lines, 1 or more
	customers int    // 1..lines
	seed      uint64 // of the generator
	runs      int    // timed runs of each side and format, 1 or more
	cores     int    // cores of each side, 1 or more
	dir       string // the benchmarks directory
	product   string // binary to measure; "": built from ./cmd/vitalfew
	python    string // interpreter with DuckDB; "": the pinned environment
}

func (o options) validate() error {
	var faults []error
	if o.lines < 1 {
		faults = append(faults, fmt.Errorf("-lines %d: give 1 or more", o.lines))
	}
	if o.customers < 1 || int64(o.customers) > o.lines {
		faults = append(faults, fmt.Errorf("-customers %d: give 1 to -lines", o.customers))
	}
	if o.runs < 1 {
		faults = append(faults, fmt.Errorf("-runs %d: give 1 or more", o.runs))
	}
	if o.cores < 1 || o.cores > runtime.NumCPU() {
		faults = append(faults, fmt.Errorf("-cores %d: give 1 to %d, what this machine has", o.cores, runtime.NumCPU()))
	}
	return errors.Join(faults...)
}

// run is the command: 0 compared, 1 failed or the results differ, 2 usage.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("peer", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Int64Var(&o.lines, "lines", 10_000_000, "order lines")
	flags.IntVar(&o.customers, "customers", 400_000, "customers")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the generator")
	flags.IntVar(&o.runs, "runs", 3, "timed runs of each side and format")
	flags.IntVar(&o.cores, "cores", 2, "cores of each side")
	flags.StringVar(&o.dir, "dir", "benchmarks", "the benchmarks directory")
	flags.StringVar(&o.product, "product", "", "binary to measure instead of building ./cmd/vitalfew")
	flags.StringVar(&o.python, "python", "", "Python with the pinned DuckDB instead of benchmarks/peers/.venv")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if err := o.validate(); err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	r, err := compareAll(ctx, o, stderr)
	if err == nil {
		err = r.write(stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

// compareAll does the comparison; what it is doing goes to log.
func compareAll(ctx context.Context, o options, log io.Writer) (*result, error) {
	b, err := prepare(ctx, o, log)
	if err != nil {
		return nil, err
	}
	r := &result{Lines: o.lines, Customers: o.customers, Seed: o.seed, Cores: o.cores, DuckDB: b.version, Machine: machine(), Pinned: len(b.pin) > 0}
	for _, source := range b.sources {
		f, err := b.compareFormat(ctx, source, o.runs, log)
		if err != nil {
			return nil, err
		}
		r.Formats = append(r.Formats, *f)
	}
	return r, nil
}
