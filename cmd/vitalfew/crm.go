package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline"
)

func newCRMCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "crm",
		Short: "Mark CRM files as loaded",
		Long: `A run writes files for every target of crm_targets in the config, each with a README that says how
to load them. Once they are loaded, ack says so.` + "\n" + exitHelp,
		Example: "  vitalfew crm ack 0f3a5c6d7e8f9a0b",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAckCommand())
	return cmd
}

func newAckCommand() *cobra.Command {
	var out string
	var targets []string
	var force bool
	cmd := &cobra.Command{
		Use:   "ack RUN",
		Short: "Mark the CRM files of a run as loaded, so that the next delta counts from them",
		Long: `Keeps what the targets of RUN hold now that its delta or full files are loaded. The next run's delta
has only rows whose loaded values changed since, clears what was loaded and is unknown now, and
names the accounts that left. Without it nothing is lost: the next delta holds the same rows again.` + "\n" + exitHelp,
		Example: "  vitalfew crm ack 0f3a5c6d7e8f9a0b\n  vitalfew crm ack 0f3a5c6d7e8f9a0b --target salesforce --out /srv/vitalfew",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) != 1:
				return &usageError{errors.New("ack takes the run whose files were loaded, such as the one in OUT/CURRENT")}
			case filepath.Base(args[0]) != args[0]:
				return &usageError{fmt.Errorf("%q is a path, not a run: give the output directory as --out, and the run by its id", args[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			acked, err := pipeline.AckCRM(out, args[0], targets, force)
			for _, a := range acked {
				note := ""
				switch {
				case a.Same:
					note = " (it was already)"
				case a.Before != "":
					note = " (before: run " + a.Before + ")"
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s: run %s is marked as loaded, %d accounts%s\n", a.Target, a.Run, a.Accounts, note)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "vitalfew-out", "output directory")
	cmd.Flags().StringArrayVar(&targets, "target", nil, "mark this target only; repeatable (default: all of the run)")
	cmd.Flags().BoolVar(&force, "force", false, "mark although another run is marked than the delta counts from, or the mark is damaged")
	return cmd
}
