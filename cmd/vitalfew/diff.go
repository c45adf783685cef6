package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline"
)

func newDiffCommand() *cobra.Command {
	var out, to string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff RUN RUN",
		Short: "Who moved between two runs, and why",
		Long: `Compares two published runs, the earlier one first: whether data, definitions or behaviour changed, where
the change of net sales comes from (adding up exactly), the matrix of tiers, and every mover with the
criterion that decided.

RUN is an id, the beginning of one, CURRENT, previous, or a run directory. Data of the past are compared
up to the last whole calendar quarter before the earlier as-of day; runs of one day are compared whole.` + "\n" + exitHelp,
		Example: "  vitalfew diff previous CURRENT\n  vitalfew diff previous CURRENT --to movers.csv --out /srv/vitalfew\n  vitalfew diff previous CURRENT --json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return &usageError{errors.New("diff takes two runs, the earlier one first, as in `vitalfew diff previous CURRENT`")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if to != "" && !strings.EqualFold(filepath.Ext(to), ".csv") {
				return &usageError{fmt.Errorf("--to %s: movers are written as CSV, give a name that ends in .csv", to)}
			}
			d, err := pipeline.Compare(out, args[0], args[1], runtime.GOMAXPROCS(0))
			if err != nil {
				return err
			}
			if to != "" {
				if err := writeFile(to, d.WriteCSV); err != nil {
					return err
				}
			}
			if asJSON {
				return d.WriteJSON(cmd.OutOrStdout())
			}
			return d.WriteText(cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&out, "out", "vitalfew-out", "output directory")
	cmd.Flags().StringVar(&to, "to", "", "also write the movers to `FILE`, a CSV for people")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
