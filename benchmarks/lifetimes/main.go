// Command lifetimes compares the purchase models with lifetimes 0.11.3: fits of BG/NBD and Pareto/NBD and
// lifetime values of a million customers, with time and peak memory, results compared before times.
//
//  1. It simulates customers of known parameters, in days, and writes the columns as raw integers.
//  2. For each task it starts itself (the flag -task) and peers/lifetimes_models.py in turn. A process
//     reads the columns, works, and prints its result with the seconds that the work took; its peak
//     memory is the kernel's count.
//  3. The first round's results have to agree; else nothing is reported.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

type options struct {
	dir       string // benchmarks/data
	python    string
	script    string
	customers int
	runs      int
	workers   int
	tasks     string
	task      string // in the process that works
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("lifetimes", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.dir, "data", "benchmarks/data", "where the simulated customers are kept")
	flags.StringVar(&o.python, "python", "benchmarks/peers/.venv-lifetimes/bin/python", "Python with peers/requirements-lifetimes.txt")
	flags.StringVar(&o.script, "script", "benchmarks/peers/lifetimes_models.py", "the other side")
	flags.IntVar(&o.customers, "customers", 1_000_000, "customers to simulate")
	flags.IntVar(&o.runs, "runs", 3, "runs of each side and task; the median is reported")
	flags.IntVar(&o.workers, "workers", 2, "goroutines of our side; lifetimes has one thread")
	flags.StringVar(&o.tasks, "tasks", "bg,pareto,clv", "which tasks, comma separated")
	flags.StringVar(&o.task, "task", "", "work on this task and print the result: for this program's own processes")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	var err error
	if o.task != "" {
		err = work(&o, stdout)
	} else {
		err = compare(ctx, &o, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "lifetimes:", err)
		return 1
	}
	return 0
}
