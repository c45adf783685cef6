package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline"
)

func newInspectCommand() *cobra.Command {
	var o runOptions
	var rows int
	var config string
	var force bool
	cmd := &cobra.Command{
		Use:   "inspect PATH...",
		Short: "Show how a run would read files, on what evidence, and what it would reject",
		Long: `Reads the start of each file as a run would, and shows on one screen what it decides: charset (of the
whole file) and dialect, the header and what stands around the table, which header became which canonical column by
which rule, how numbers and days are written, on what evidence and how surely, and what would be
rejected and why. Files that are read alike are shown together. It decides for itself whether a file holds orders, accounts or products; the flags
settle it otherwise. --write-config writes the decisions down, for run --config.` + "\n" + exitHelp,
		Example: "  vitalfew inspect exports/\n  vitalfew inspect orders.csv --map customer_id=Kunde\n  vitalfew inspect exports/ --write-config night.yaml",
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
			if _, err := os.Stat(config); config != "" && err == nil && !force {
				return &usageError{fmt.Errorf("--write-config: %s exists; give --force to overwrite it", config)}
			}
			files, err := pipeline.Inspect(cmd.Context(), cmd.OutOrStdout(), args, c, rows)
			if err != nil || config == "" {
				return err
			}
			return writeConfig(config, pipeline.ExplicitConfig(files, c), force)
		},
	}
	f := cmd.Flags()
	o.addInputFlags(f)
	for _, name := range []string{"orders", "crm", "products", "overrides", "workers", "memory", "max-rejects", "log-format"} {
		_ = f.MarkHidden(name) // of a run; every name is a flag
	}
	f.IntVar(&rows, "rows", 3, "sample rows to show")
	f.StringVar(&config, "write-config", "", "write a YAML `FILE` that makes every decision explicit")
	f.BoolVar(&force, "force", false, "overwrite the file of --write-config")
	return cmd
}

// writeConfig writes a new file, or with force one beside the old that then takes its place.
func writeConfig(path string, text []byte, force bool) error {
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if !force {
		f, err := os.OpenFile(path, flags, 0o644)
		if err != nil {
			return fmt.Errorf("--write-config: %w", err)
		}
		_, err = f.Write(text)
		return errors.Join(err, f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".vitalfew-config-*")
	if err != nil {
		return fmt.Errorf("--write-config: %w", err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("--write-config: %w", err), os.Remove(f.Name()))
	}
	return nil
}
