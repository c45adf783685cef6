// Command checks measures what it costs to read an order export without being told how it is written.
//
// Each round reads the file three times, in an order that turns with the rounds: with charset, delimiter,
// header and formats given; by evidence; and by evidence beside another file, so that what files have in
// common is looked for too. Only ingest is timed, from the path to the ledger builders. It prints the
// medians and the medians of the ratios within a round, which drift of the machine touches least.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/vitalfew/vitalfew/pipeline/charset"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out, diagnostics io.Writer) error {
	flags := flag.NewFlagSet("checks", flag.ContinueOnError)
	flags.SetOutput(diagnostics)
	rounds := flags.Int("rounds", 5, "rounds, 1 or more")
	workers := flags.Int("workers", runtime.NumCPU(), "goroutines that parse, 1 or more")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || *rounds < 1 || *workers < 1 {
		return errors.New("checks: give one file as `vitalfew generate` writes it, -rounds and -workers of 1 or more")
	}
	dir, err := os.MkdirTemp("", "vitalfew-checks-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // ours
	modes, err := modesOf(flags.Arg(0), dir, *workers)
	if err != nil {
		return err
	}
	times, err := measure(modes, *rounds)
	if err != nil {
		return err
	}
	for k, m := range modes {
		var ratios []float64
		for r := range times[k] {
			ratios = append(ratios, times[k][r]/times[0][r])
		}
		fmt.Fprintf(out, "%-34s %7.3f s   %.3f of the first\n", m.name, median(times[k]), median(ratios))
	}
	return nil
}

// mode is a way to read the file.
type mode struct {
	name    string
	files   []source.File
	options ingest.Options
}

func modesOf(path, dir string, workers int) ([]mode, error) {
	other := filepath.Join(dir, "other.csv")
	const line = "order_id,customer_id,ordered_at,quantity,unit_price\nother,other,2024-01-01,1,1.00\n"
	if err := os.WriteFile(other, []byte(line), 0o600); err != nil {
		return nil, err
	}
	files := make([]source.File, 2)
	for i, p := range []string{path, other} {
		var err error
		if files[i], err = source.Stat(p); err != nil {
			return nil, err
		}
	}
	given := ingest.Options{Workers: workers, Charset: charset.UTF8, Delimiter: ',', Decimal: ".", Thousands: "none", Dates: "iso"}
	given.Mapping.NoAliases = true
	for _, c := range layout.Orders.Columns() { // every column of the generator has its canonical name
		if slices.Contains([]layout.Column{layout.OrderID, layout.CustomerID, layout.OrderedAt, layout.Quantity, layout.UnitPrice}, c) {
			given.Mapping.Assignments = append(given.Mapping.Assignments, layout.Assignment{Name: "orders." + c.String(), Header: c.String()})
		}
	}
	evidence := ingest.Options{Workers: workers}
	return []mode{{"as given", files[:1], given}, {"by evidence", files[:1], evidence}, {"by evidence, beside another file", files, evidence}}, nil
}

// measure times every mode in every round, after a round that counts for nothing. times[k] are of modes[k].
func measure(modes []mode, rounds int) (times [][]float64, err error) {
	times = make([][]float64, len(modes))
	for r := range rounds + 1 {
		for i := range modes {
			k := (i + r) % len(modes)
			runtime.GC()
			start := time.Now()
			if _, err := ingest.Read(context.Background(), modes[k].files, modes[k].options); err != nil {
				return nil, err
			}
			if r > 0 {
				times[k] = append(times[k], time.Since(start).Seconds())
			}
		}
	}
	return times, nil
}

func median(vs []float64) float64 {
	vs = slices.Sorted(slices.Values(vs))
	return (vs[(len(vs)-1)/2] + vs[len(vs)/2]) / 2
}
