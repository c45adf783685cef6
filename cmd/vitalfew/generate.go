package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/synth"
)

type generateOptions struct {
	out, format, columns string
	customers            int
	lines                int64
	seed                 uint64
	times, decimal       bool
}

func newGenerateCommand() *cobra.Command {
	var o generateOptions
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Write synthetic exports of any size with known truth",
		Long: `Writes orders, crm and products of an invented company and, beside them, truth (one row a
customer: what they are and what they really spent) and truth.json (every parameter and exact
totals). Without --lines it is the company of the demo; with --lines it is a population for
benchmarks and for recovering parameters, of exactly so many lines and customers.`,
		Example: `  vitalfew generate --out data
  vitalfew generate --lines 10000000 --customers 400000 --format parquet --out data`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "directory to write into; created where missing (required)")
	f.StringVar(&o.format, "format", "csv", "csv or parquet")
	f.StringVar(&o.columns, "columns", "full", "full, or scale: the ten columns that money needs")
	f.IntVar(&o.customers, "customers", 0, "customers with orders (default: 340, or a 25th of --lines)")
	f.Int64Var(&o.lines, "lines", 0, "order lines, met exactly (default: the demo's 20,000)")
	f.Uint64Var(&o.seed, "seed", 1, "picks the company; the same seed gives the same bytes")
	f.BoolVar(&o.times, "times", false, "order times, not only days")
	f.BoolVar(&o.decimal, "decimal", false, "Parquet money as DECIMAL instead of DOUBLE")
	return cmd
}

// params are the company and how its orders are written.
func (o *generateOptions) params() (synth.Params, synth.Options, error) {
	var faults []error
	p := synth.Demo()
	if o.lines < 0 || o.customers < 0 {
		faults = append(faults, fmt.Errorf("--lines %d, --customers %d: give numbers above 0", o.lines, o.customers))
	}
	if o.lines > 0 {
		customers := o.customers
		if customers == 0 {
			customers = int(max(1, o.lines/25))
		}
		p = synth.Scale(customers, o.lines)
	} else if o.customers > 0 {
		faults = append(faults, errors.New("--customers needs --lines"))
	}
	p.Seed = o.seed
	format, err := synth.ParseFormat(o.format)
	if err != nil {
		faults = append(faults, fmt.Errorf("--format: %w", err))
	}
	w := synth.Options{Format: format, Times: o.times, Decimal: o.decimal}
	switch o.columns {
	case "full":
	case "scale":
		w.Columns = synth.Basic
		p.CancelRate = 0 // there is no status column that could tell
	default:
		faults = append(faults, fmt.Errorf("--columns %q: give full or scale", o.columns))
	}
	if o.out == "" {
		faults = append(faults, errors.New("give --out DIR"))
	}
	if err := p.Validate(); err != nil {
		faults = append(faults, err)
	}
	return p, w, errors.Join(faults...)
}

func (o *generateOptions) run(cmd *cobra.Command) error {
	p, w, err := o.params()
	if err != nil {
		return &usageError{err}
	}
	progress := newProgress(cmd.ErrOrStderr(), "text")
	progress.setStage("generating orders")
	last := int64(0)
	w.Progress = func(rows int64) { progress.addLines(rows - last); last = rows }
	totals, err := generate(cmd.Context(), o.out, p, w)
	progress.done()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d order lines of %d customers in %s: orders, crm, products, truth (%s) and truth.json\n",
		totals.Lines+totals.CreditLines+totals.CancelledLines, totals.Customers, o.out, w.Format)
	return err
}

// generate writes the files of a company into dir.
func generate(ctx context.Context, dir string, p synth.Params, w synth.Options) (synth.Totals, error) {
	c, err := synth.New(p)
	if err != nil {
		return synth.Totals{}, &usageError{err}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return synth.Totals{}, &ioError{err}
	}
	ext := "." + w.Format.String()
	var books *synth.Books
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"orders" + ext, func(out io.Writer) (err error) { books, err = c.WriteOrders(ctx, out, w); return err }},
		{"crm" + ext, func(out io.Writer) error { return c.WriteCRM(ctx, out, w.Format) }},
		{"products" + ext, func(out io.Writer) error { return c.WriteProducts(out, w.Format) }},
		{"truth" + ext, func(out io.Writer) error { return c.WriteTruth(ctx, out, w.Format, books) }},
		{"truth.json", func(out io.Writer) error { return c.WriteTruthJSON(out, books) }},
	} {
		if err := writeFile(filepath.Join(dir, f.name), f.write); err != nil {
			return synth.Totals{}, err
		}
	}
	return books.Totals, nil
}

// ioError is trouble with the disk outside the run directory.
type ioError struct{ err error }

func (e *ioError) Error() string { return e.err.Error() }
func (e *ioError) Unwrap() error { return e.err }

// writeFile writes a whole file or none: beside its place first, then renamed.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return &ioError{err}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	b := bufio.NewWriterSize(f, 1<<20)
	if err := write(b); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(b.Flush(), f.Sync(), f.Close()); err != nil {
		return &ioError{err}
	}
	return os.Rename(f.Name(), path)
}

func newDemoCommand() *cobra.Command {
	var dir string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Generate a small company and run on it: the first minute",
		Long: `Invents a B2B distributor (340 customers, three years, cost, credit, parent accounts, some big
accounts with thin margins, some that fade), writes its exports as an ERP would, runs the nightly job
on them and prints what came out. Everything it writes is below --out.`,
		Example: "  vitalfew demo\n  vitalfew demo --seed 7 --out my-demo",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p := synth.Demo()
			p.Seed = seed
			exports := filepath.Join(dir, "exports")
			if _, err := generate(cmd.Context(), exports, p, synth.Options{}); err != nil {
				return err
			}
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "An invented company's exports are in %s; now the nightly job runs on them:\n  vitalfew run --orders %s --crm %s --products %s --out %s\n",
				exports, filepath.Join(exports, "orders.csv"), filepath.Join(exports, "crm.csv"), filepath.Join(exports, "products.csv"), dir); err != nil {
				return err
			}
			return runNight(cmd, pipeline.Config{
				Orders: []string{filepath.Join(exports, "orders.csv")}, CRM: []string{filepath.Join(exports, "crm.csv")},
				Products: []string{filepath.Join(exports, "products.csv")}, Out: dir,
			}, "text")
		},
	}
	cmd.Flags().StringVar(&dir, "out", "vitalfew-demo", "directory for the exports and the run")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "picks the company")
	return cmd
}
