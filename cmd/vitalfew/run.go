package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// runOptions are the flags of run and validate, over what --config says.
type runOptions struct {
	config                               string
	orders, crm, products, maps          []string
	preset, asOf, window, out            string
	currency, rates, timeZone, delimiter string
	overrides, models                    string
	charset, decimal, thousands, dates   string
	sheet, aliases                       string
	memory, maxRejects, logFormat        string
	workers, keepRuns                    int
	publishAnyway, force, dryRun, arrow  bool
}

func (o *runOptions) addInputFlags(f *pflag.FlagSet) {
	f.StringVar(&o.config, "config", "", "YAML `FILE` with any of these settings; flags override it")
	f.StringArrayVar(&o.orders, "orders", nil, "order export: file, directory or glob; CSV, TSV, Parquet, plain, gzip or zstd; repeatable")
	f.StringArrayVar(&o.crm, "crm", nil, "CRM account export; repeatable")
	f.StringArrayVar(&o.products, "products", nil, "product export with unit cost and category; repeatable")
	f.StringArrayVar(&o.maps, "map", nil, "`NAME=HEADER`: canonical column = header in the file; repeatable")
	f.StringVar(&o.preset, "preset", "", "known export layout ("+strings.Join(layout.Presets(), ", ")+"), or the path of a preset file")
	f.StringVar(&o.currency, "currency", "", "reporting currency, such as EUR (default: the one that the data name)")
	f.StringVar(&o.rates, "rates", "", "table currency,day,rate that converts into --currency")
	f.StringVar(&o.aliases, "aliases", "", "table alias,customer_id `FILE` of customer ids that are the same customer")
	f.StringVar(&o.overrides, "overrides", "", "table customer,tier,reason,until of tiers set by hand")
	f.StringVar(&o.timeZone, "time-zone", "", "business time zone of instants, such as Europe/Berlin (default: days as written)")
	f.StringVar(&o.delimiter, "delimiter", "", "delimiter of text files: one character, or tab (default: sniffed)")
	f.StringVar(&o.sheet, "sheet", "", "`NAME` of the sheet of XLSX orders (default: the first with the columns needed)")
	f.StringVar(&o.charset, "charset", "", "of text files, such as utf-8, gb18030, windows-1252, utf-16le (default: by evidence)")
	f.StringVar(&o.decimal, "decimal", "", "decimal mark of numbers, . or , (default: by evidence of each column)")
	f.StringVar(&o.thousands, "thousands", "", "mark between thousands (default: by evidence)")
	f.StringVar(&o.dates, "dates", "", "order of day and month, dmy or mdy, or another date format (default: by evidence)")
	f.IntVar(&o.workers, "workers", 0, "goroutines (default: the cores)")
	f.StringVar(&o.memory, "memory", "", "memory ceiling of the process, such as 2GiB")
	f.StringVar(&o.maxRejects, "max-rejects", "", "rows (100) or share (0.1%) of rejects beyond which nothing is published (default 0.1%)")
	f.StringVar(&o.logFormat, "log-format", "text", "text or json; progress goes to stderr, only when it is a terminal")
}

func (o *runOptions) addOutputFlags(f *pflag.FlagSet) {
	f.StringVar(&o.asOf, "as-of", "", "day YYYY-MM-DD: a run sees days before it (default: the day after the last order in the data)")
	f.StringVar(&o.window, "window", "", "trailing window of tiers: days, or all (default 365)")
	f.StringVar(&o.out, "out", "", "output directory (default vitalfew-out)")
	f.StringVar(&o.models, "models", "", "lifetime value and churn: `on or off` (default on)")
	f.IntVar(&o.keepRuns, "keep-runs", 0, "published runs kept (default 30)")
	f.BoolVar(&o.publishAnyway, "publish-anyway", false, "publish although a gate says no; recorded in the manifest")
	f.BoolVar(&o.force, "force", false, "recompute although the same night is already published")
	f.BoolVar(&o.dryRun, "dry-run", false, "everything but the publish")
	f.BoolVar(&o.arrow, "arrow", false, "also write customers.arrow (Arrow IPC)")
}

// load makes the config of the flags and the config file, and reports every fault at once.
func (o *runOptions) load() (pipeline.Config, error) {
	var c pipeline.Config
	var faults []error
	note := func(flag string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("--%s: %w", flag, err))
		}
	}
	if o.preset != "" {
		note("preset", c.UsePreset(o.preset))
	}
	if o.config != "" {
		text, err := os.ReadFile(o.config)
		if err != nil {
			return c, &usageError{fmt.Errorf("--config: %w", err)}
		}
		if c, err = pipeline.ParseConfig(o.config, text, c); err != nil {
			faults = append(faults, err)
		}
	}
	o.override(&c, note)
	if c.TimeZone != "" {
		c.Zone, _ = time.LoadLocation(c.TimeZone) // nil: Validate says so
	}
	switch o.logFormat {
	case "text", "json":
	default:
		note("log-format", fmt.Errorf("%q: give text or json", o.logFormat))
	}
	if err := c.OrDefault().Validate(); err != nil {
		faults = append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return c, &usageError{err}
	}
	return c, nil
}

func (o *runOptions) override(c *pipeline.Config, note func(string, error)) {
	over(&c.Orders, o.orders)
	over(&c.CRM, o.crm)
	over(&c.Products, o.products)
	o.overrideMap(c, note)
	for _, p := range []struct {
		to   *string
		from string
	}{{&c.Out, o.out}, {&c.Currency, o.currency}, {&c.Rates, o.rates}, {&c.Overrides, o.overrides}, {&c.Aliases, o.aliases}, {&c.TimeZone, o.timeZone}, {&c.Delimiter, o.delimiter},
		{&c.Charset, o.charset}, {&c.Sheet, o.sheet}, {&c.Decimal, o.decimal}, {&c.Thousands, o.thousands}, {&c.Dates, o.dates}} {
		if p.from != "" {
			*p.to = p.from
		}
	}
	if o.asOf != "" {
		note("as-of", c.SetAsOf(o.asOf))
	}
	if o.window != "" {
		note("window", c.SetWindow(o.window))
	}
	if o.models != "" {
		note("models", c.Models.Set(o.models))
	}
	var err error
	if o.maxRejects != "" {
		c.MaxRejects, err = pipeline.ParseTolerance(o.maxRejects)
		note("max-rejects", err)
	}
	if o.memory != "" {
		c.Memory, err = pipeline.ParseSize(o.memory)
		note("memory", err)
	}
	if o.workers != 0 {
		c.Workers = o.workers
	}
	if o.keepRuns != 0 {
		c.KeepRuns = o.keepRuns
	}
	c.PublishAnyway = c.PublishAnyway || o.publishAnyway
	c.Force, c.DryRun, c.Arrow = o.force, o.dryRun, c.Arrow || o.arrow
}

// overrideMap puts the flags' columns over those of the config file. Two flags for one column are
// left to contradict each other.
func (o *runOptions) overrideMap(c *pipeline.Config, note func(string, error)) {
	var flags []layout.Assignment
	for _, s := range o.maps {
		a, err := layout.ParseAssignment(s)
		note("map", err)
		if err == nil {
			flags = append(flags, a)
		}
	}
	kept := slices.DeleteFunc(slices.Clone(c.Map), func(have layout.Assignment) bool {
		return slices.ContainsFunc(flags, func(a layout.Assignment) bool { return layout.Fold(a.Name) == layout.Fold(have.Name) })
	})
	c.Map = append(kept, flags...)
}

func over(dst *[]string, v []string) {
	if v != nil {
		*dst = v
	}
}

// workersOf is the number of goroutines of a config.
func workersOf(c pipeline.Config) int {
	if c.Workers > 0 {
		return c.Workers
	}
	return runtime.GOMAXPROCS(0)
}

func newRunCommand() *cobra.Command {
	var o runOptions
	var profile string
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Read exports, compute, publish: the nightly job",
		Long: `Reads the order exports (and the CRM and product exports, if given), computes every customer's
figures on the as-of day, and publishes one run directory below --out, whole or not at all. The same
inputs, settings and version are the same night: it is verified instead of computed again.
` + exitHelp,
		Example: `  vitalfew run --orders orders.csv --crm accounts.csv --products products.csv
  vitalfew run --config vitalfew.yaml --as-of 2026-11-24 --out /srv/vitalfew`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := o.load()
			if err != nil {
				return err
			}
			return profiled(profile, func() error { return runNight(cmd, c, o.logFormat) })
		},
	}
	o.addInputFlags(cmd.Flags())
	o.addOutputFlags(cmd.Flags())
	cmd.Flags().StringVar(&profile, "cpu-profile", "", "write a CPU profile of the run to this `FILE`, for go tool pprof")
	return cmd
}

// runNight runs a config and prints what it came to.
func runNight(cmd *cobra.Command, c pipeline.Config, logFormat string) error {
	ctx, release := withCeiling(cmd.Context(), c.Memory)
	defer release()
	p := newProgress(cmd.ErrOrStderr(), logFormat)
	out, err := pipeline.Run(ctx, version, workersOf(c), c, p.events())
	p.done()
	if out != nil && out.RejectsFile != "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "the rejects are in %s\n", out.RejectsFile)
	}
	if err != nil {
		return causeOf(ctx, err)
	}
	return out.WriteSummary(cmd.OutOrStdout())
}

// withCeiling keeps the process under a memory ceiling as far as the garbage collector can, and
// ends the run where it cannot.
func withCeiling(ctx context.Context, ceiling int64) (context.Context, func()) {
	if ceiling <= 0 {
		return ctx, func() {}
	}
	before := debug.SetMemoryLimit(ceiling * 9 / 10)
	ctx, cancel := context.WithCancelCause(ctx)
	stop := make(chan struct{})
	look := func() (over bool) {
		used := memoryInUse()
		if used > ceiling {
			cancel(fmt.Errorf("%w: %d MiB are in use, %d MiB are allowed; raise --memory", pipeline.ErrMemory, used>>20, ceiling>>20))
		}
		return used > ceiling
	}
	look() // a small night may end before the first tick
	go func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if look() {
					return
				}
			}
		}
	}()
	return ctx, func() {
		close(stop)
		cancel(nil)
		debug.SetMemoryLimit(before)
	}
}

// memoryInUse is what the process holds that the garbage collector could not give back.
func memoryInUse() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased)
}

// causeOf gives a cancelled run the reason it was cancelled for.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, context.Canceled) && !errors.Is(cause, context.Canceled) {
		return &ended{cause, err}
	}
	return err
}

// ended is a run that was cancelled: it says why, not where each of its goroutines noticed.
type ended struct{ cause, err error }

func (e *ended) Error() string   { return e.cause.Error() }
func (e *ended) Unwrap() []error { return []error{e.cause, e.err} }
