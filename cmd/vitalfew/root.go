package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/publish"
)

// version is part of every run id: the same exports under another version are another run.
const version = "0.1.0"

// Exit codes, a promise to whoever schedules the job.
const (
	exitOK       = 0
	exitInternal = 1
	exitUsage    = 2
	exitInput    = 3
	exitRejects  = 4
	exitBooks    = 5
	exitLocked   = 6
	exitIO       = 7
	exitMemory   = 8
	exitINT      = 130
	exitTERM     = 143
)

const exitHelp = `
Exit codes: 0 published, or unchanged; 1 internal error; 2 usage or config; 3 an input is missing,
unreadable or breaks its contract; 4 rejects over the tolerance; 5 the books do not balance;
6 another run holds the lock; 7 disk or I/O; 8 the memory ceiling cannot be kept; 130 and 143
interrupted. Whatever it is but 0, the previous run stays published.`

// usageError is a fault of the command line.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// run is the whole program but for the process: it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "vitalfew: internal error: %v\nplease report it with the command line\n", p)
			code = exitInternal
		}
	}()
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(stderr, "vitalfew: %v\n", err)
	return exitCode(ctx, err)
}

func exitCode(ctx context.Context, err error) int {
	var usage *usageError
	var signal interrupted
	var disk *ioError
	switch {
	case errors.As(context.Cause(ctx), &signal) && errors.Is(err, context.Canceled):
		if signal.signal == syscall.SIGTERM {
			return exitTERM
		}
		return exitINT
	case errors.As(err, &usage), errors.Is(err, pipeline.ErrConfig):
		return exitUsage
	case errors.Is(err, publish.ErrLocked):
		return exitLocked
	case errors.Is(err, pipeline.ErrRejects):
		return exitRejects
	case errors.Is(err, pipeline.ErrBooks):
		return exitBooks
	case errors.Is(err, pipeline.ErrMemory):
		return exitMemory
	case errors.Is(err, publish.ErrIO), errors.As(err, &disk):
		return exitIO
	case errors.Is(err, pipeline.ErrInput), errors.Is(err, publish.ErrNone), errors.Is(err, publish.ErrDamaged):
		return exitInput
	}
	return exitInternal
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "vitalfew",
		Short: "Find the customers that carry the company, every night",
		Long: `vitalfew reads order and CRM exports as they come and publishes tiered segment files: who
the key accounts are, who only looks like one, who fades, each with the reason.

The first minute:   vitalfew demo
The nightly job:    vitalfew run --orders exports/ --crm accounts.csv
` + exitHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(newRunCommand(), newDemoCommand(), newGenerateCommand(), newValidateCommand(), newBacktestCommand(), newInspectCommand(), newConvertCommand(), newShortlistCommand(), newExplainCommand(), newDiffCommand(), newVerifyCommand(), newCRMCommand(), newVersionCommand())
	return root
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &usageError{fmt.Errorf("%s takes no argument %q; see `%s --help`", cmd.CommandPath(), args[0], cmd.CommandPath())}
	}
	return nil
}

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version, which is part of every run id",
		Example: "  vitalfew version",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "vitalfew %s\n", version)
			return err
		},
	}
}
