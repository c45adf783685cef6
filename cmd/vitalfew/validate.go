package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/civil"
)

func newValidateCommand() *cobra.Command {
	var o runOptions
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "validate",
		Short: "Read, reconcile and profile only, publish nothing",
		Long: `Reads the inputs as a run would and prints how each file was understood, what became of every
line and every cent, what the columns hold (what is absent, distinct values, ranges and quantiles,
values far out and where they stand, days without lines, coverage of cost and customer), and the
first rejects. Nothing is written.` + "\n" + exitHelp,
		Example: "  vitalfew validate --orders orders.csv --crm accounts.csv\n  vitalfew validate --orders orders.csv --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := o.load()
			if err != nil {
				return err
			}
			ctx, release := withCeiling(cmd.Context(), c.Memory)
			defer release()
			p := newProgress(cmd.ErrOrStderr(), o.logFormat)
			out, err := pipeline.Reconcile(ctx, version, workersOf(c), c, p.events())
			p.done()
			if out == nil {
				return causeOf(ctx, err)
			}
			out.Quality.MarkFuture(today(c.Zone))
			if asJSON {
				return errors.Join(err, out.WriteValidationJSON(cmd.OutOrStdout()))
			}
			return errors.Join(err, out.WriteValidation(cmd.OutOrStdout()))
		},
	}
	o.addInputFlags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "write one JSON object instead of text")
	return cmd
}

// today is the day in the business time zone; nil is that of the machine.
func today(zone *time.Location) civil.Day {
	now := time.Now()
	if zone != nil {
		now = now.In(zone)
	}
	day, _ := civil.Of(now.Year(), int(now.Month()), now.Day())
	return day
}
