package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// backtestOptions are the flags of backtest beside those of the inputs.
type backtestOptions struct {
	asOf             []string
	periods, horizon int
	models, out      string
	json             bool
}

func (o *backtestOptions) addFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.asOf, "as-of", nil, "`DAY` YYYY-MM-DD to look ahead from, knowing the days before it; repeatable")
	f.IntVar(&o.periods, "periods", 0, "or a number of days, one horizon apart, the last horizon ending with the data (default 3, or as many as there are)")
	f.IntVar(&o.horizon, "horizon", 90, "`DAYS` to look ahead")
	f.StringVar(&o.models, "models", "", "all: judge every purchase model, not only the chosen one")
	f.BoolVar(&o.json, "json", false, "print JSON, all deciles and comparisons in it, instead of tables")
	f.StringVar(&o.out, "out", "", "write the JSON to this `FILE` too")
}

// parse makes the options of the flags and reports every fault at once.
func (o *backtestOptions) parse(f *pflag.FlagSet) (b pipeline.BacktestOptions, err error) {
	var faults []error
	for _, s := range o.asOf {
		day, err := civil.Parse(s)
		if err != nil {
			faults = append(faults, fmt.Errorf("--as-of %q: write a day as YYYY-MM-DD", s))
		}
		b.AsOf = append(b.AsOf, day)
	}
	if len(o.asOf) > 0 && o.periods != 0 {
		faults = append(faults, errors.New("--as-of and --periods: give one of the two"))
	}
	if f.Changed("periods") && (o.periods < 1 || o.periods > 100) {
		faults = append(faults, fmt.Errorf("--periods %d: give 1 to 100", o.periods))
	}
	if o.horizon < 1 || o.horizon > 3660 {
		faults = append(faults, fmt.Errorf("--horizon %d: give 1 to 3660 days", o.horizon))
	}
	if !slices.Contains([]string{"", "all"}, o.models) {
		faults = append(faults, fmt.Errorf("--models %q: give all, or leave it out for the chosen one", o.models))
	}
	if err := errors.Join(faults...); err != nil {
		return b, &usageError{err}
	}
	b.Periods, b.Horizon, b.All = o.periods, o.horizon, o.models == "all"
	return b, nil
}

func newBacktestCommand() *cobra.Command {
	var o runOptions
	var b backtestOptions
	cmd := &cobra.Command{
		Use:   "backtest",
		Short: "How well lifetime value and churn would have predicted",
		Long: `Reads the inputs as a run does, goes back to past days, fits every model again to what was known on
each, and compares what it foretold with what came: who buys, who stays away, purchases, net sales, gross
profit, each beside naive baselines (recency, frequency, past spend) and with a verdict in words. Nothing
is published. What the figures mean: scoring/evaluation/README.md.` + "\n" + strings.Replace(exitHelp, "0 published, or unchanged", "0 published, or done", 1),
		Example: `  vitalfew backtest --orders orders.csv
  vitalfew backtest --orders orders.csv --as-of 2024-06-01 --horizon 60 --models all --json
  vitalfew backtest --config vitalfew.yaml --periods 2 --out backtest.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			days, usage := b.parse(cmd.Flags())
			c, err := o.load()
			if err := errors.Join(usage, err); err != nil {
				return err
			}
			return runBacktest(cmd, c, days, &b, o.logFormat)
		},
	}
	o.addInputFlags(cmd.Flags())
	b.addFlags(cmd.Flags())
	return cmd
}

func runBacktest(cmd *cobra.Command, c pipeline.Config, days pipeline.BacktestOptions, o *backtestOptions, logFormat string) error {
	ctx, release := withCeiling(cmd.Context(), c.Memory)
	defer release()
	p := newProgress(cmd.ErrOrStderr(), logFormat)
	r, err := pipeline.Backtest(ctx, version, workersOf(c), c, days, p.events())
	p.done()
	if err != nil {
		return causeOf(ctx, err)
	}
	text, err := r.JSON()
	if err != nil {
		return err
	}
	if o.out != "" {
		if err := writeFile(o.out, func(w io.Writer) error { _, err := io.Copy(w, bytes.NewReader(text)); return err }); err != nil {
			return err
		}
	}
	if o.json {
		_, err := cmd.OutOrStdout().Write(text)
		return err
	}
	return r.WriteText(cmd.OutOrStdout())
}
