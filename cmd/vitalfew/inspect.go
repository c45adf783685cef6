package main

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline"
)

func newInspectCommand() *cobra.Command {
	var o runOptions
	var rows int
	cmd := &cobra.Command{
		Use:   "inspect PATH...",
		Short: "Show how files are understood: format, dialect, columns, samples",
		Long: `Reads the start of each file and shows what it is, how it separates, which header became which
canonical column and by which rule, which headers are not used, and the first rows. It decides for
itself whether a file holds orders, accounts or products; the flags settle it otherwise.` + "\n" + exitHelp,
		Example: "  vitalfew inspect exports/\n  vitalfew inspect orders.csv --map customer_id=Kunde",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{errors.New("inspect: name at least one file, directory or glob")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.orders = args // so that the config is legal without --orders
			c, err := o.load()
			if err != nil {
				return err
			}
			return pipeline.Inspect(cmd.Context(), cmd.OutOrStdout(), args, c, rows)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.config, "config", "", "YAML `FILE` with mapping, preset and settings")
	f.StringArrayVar(&o.maps, "map", nil, "`NAME=HEADER`: canonical column = header in the file; repeatable")
	f.StringVar(&o.preset, "preset", "", "known export layout")
	f.StringVar(&o.delimiter, "delimiter", "", "delimiter of text files (default: sniffed)")
	f.IntVar(&rows, "rows", 3, "sample rows to show")
	o.logFormat = "text"
	return cmd
}
