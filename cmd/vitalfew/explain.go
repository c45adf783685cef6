package main

import (
	"errors"
	"runtime"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline"
)

func newExplainCommand() *cobra.Command {
	var out, runID string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain CUSTOMER",
		Short: "Every figure, cut and reason behind a customer's tier",
		Long: `One screen about a customer of a published run: who they are, net sales and profit by quarter, every
criterion with its value and cut, what the models say, the lists it stands on, what would have to
change for the next tier up, and its tier in earlier runs.

CUSTOMER is an id or a name; case, width, spaces and punctuation of names do not matter, and a part
of a name will do. A name that several customers have lists them. --run takes an id, the beginning of
one, CURRENT or previous.

Marks: + passes, - does not, ? unknown, o off in this run.` + "\n" + exitHelp,
		Example: "  vitalfew explain C00012\n  vitalfew explain 'Able' --out /srv/vitalfew\n  vitalfew explain C00012 --json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return &usageError{errors.New("explain takes one customer, by id or by name; quote a name with spaces")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := pipeline.Explain(out, runID, args[0], runtime.GOMAXPROCS(0))
			if err != nil {
				return err
			}
			if asJSON {
				return e.WriteJSON(cmd.OutOrStdout())
			}
			return e.WriteText(cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&out, "out", "vitalfew-out", "output directory")
	cmd.Flags().StringVar(&runID, "run", "", "`RUN` to look at (default: the published one)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
