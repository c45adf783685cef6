// Command vitalfew reads order and CRM exports and publishes tiered segment files: who the key
// accounts are, and why.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones of --config also on machines without a database of their own
)

func main() {
	os.Exit(run(watch(context.Background()), os.Args[1:], os.Stdout, os.Stderr))
}

// interrupted is the cause of a context that a signal ended.
type interrupted struct{ signal syscall.Signal }

func (i interrupted) Error() string { return "interrupted by " + i.signal.String() }

// watch cancels on SIGINT and SIGTERM and keeps which it was, for the exit code.
func watch(ctx context.Context) context.Context {
	out, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if s, ok := (<-signals).(syscall.Signal); ok {
			cancel(interrupted{s})
			signal.Stop(signals) // a second signal ends the process at once; what is published stays whole
		}
	}()
	return out
}
