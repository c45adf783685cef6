package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline/publish"
)

func newVerifyCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "verify [RUN]",
		Short: "Check a published run against its manifest, byte for byte",
		Long: `Reads every byte of the published run, or of RUN, and compares it with what was written: lengths,
SHA-256, missing and extra files, the manifest itself and CURRENT.` + "\n" + exitHelp,
		Example: "  vitalfew verify\n  vitalfew verify --out /srv/vitalfew 0f3a5c6d7e8f9a0b",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return &usageError{errors.New("verify takes one run at most")}
			}
			if len(args) == 1 && filepath.Base(args[0]) != args[0] {
				return &usageError{fmt.Errorf("%q is a path, not a run: give the output directory as --out, and the run by its id", args[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			id := ""
			if len(args) == 1 {
				id = args[0]
			}
			r, err := publish.Verify(out, id)
			if err != nil {
				return err
			}
			if !r.OK() {
				for _, p := range r.Problems {
					fmt.Fprintln(cmd.OutOrStdout(), p)
				}
				return fmt.Errorf("%w: run %s has %d problems", publish.ErrDamaged, r.ID, len(r.Problems))
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "run %s is as published: %d files, %d bytes\n", r.ID, r.Files, r.Bytes)
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "vitalfew-out", "output directory")
	return cmd
}
