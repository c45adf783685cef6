package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/publish"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/scoring/pareto"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// job writes one file of the run.
type job struct {
	name string
	rows int64
	to   func(w io.Writer) error
}

// publish writes the files into a stage and commits it.
func (n *night) publish(ctx context.Context, store *publish.Store, out *Outcome) error {
	n.events.stage("writing files")
	stage, err := store.Stage(n.id)
	if err != nil {
		return err
	}
	if err := errors.Join(n.writeAll(ctx, stage, n.jobs(n.figures.table)), n.writeCRM(ctx, stage)); err != nil {
		return errors.Join(err, stage.Abort())
	}
	if err := n.in.unchanged(); err != nil {
		return as(ErrInput, errors.Join(err, stage.Abort()))
	}
	n.events.stage("publishing")
	result, err := stage.Commit(ctx, func(files []publish.File) ([]byte, error) {
		out.Manifest = n.manifest(files)
		b, err := json.MarshalIndent(out.Manifest, "", "  ")
		return append(b, '\n'), err
	})
	if err != nil {
		return err
	}
	out.Dir = filepath.Join(n.cfg.Out, "runs", result.ID)
	out.Warnings = append(out.Warnings, result.Warnings...)
	return nil
}

// jobs lists the files of a run.
func (n *night) jobs(t *table.Table) []job {
	jobs := []job{{"customers.parquet", int64(t.Rows()), func(w io.Writer) error {
		return table.WriteParquet(w, t, nil, table.ParquetOptions{Workers: n.workers})
	}}}
	if n.cfg.Arrow {
		jobs = append(jobs, job{"customers.arrow", int64(t.Rows()), func(w io.Writer) error {
			return table.WriteArrow(w, t, nil, table.ArrowOptions{})
		}})
	}
	for k := tier.Core; int(k) < tier.Tiers; k++ {
		rows := n.figures.tierRows(k)
		jobs = append(jobs, job{"segments/" + k.String() + ".parquet", int64(len(rows)), func(w io.Writer) error {
			return table.WriteParquet(w, t, rows, table.ParquetOptions{Workers: n.workers})
		}}, job{"segments/" + k.String() + ".csv", int64(len(rows)), func(w io.Writer) error {
			return table.WriteCSV(w, t, rows, table.CSVOptions{Workers: n.workers})
		}})
	}
	for _, l := range n.figures.Lists.All() {
		if l.Absent == "" {
			jobs = append(jobs, job{"lists/" + l.Name + ".csv", int64(len(l.Rows)), func(w io.Writer) error {
				return n.figures.writeList(w, l, n.read.Currency)
			}}, job{"lists/" + l.Name + ".parquet", int64(len(l.Rows)), func(w io.Writer) error {
				return n.figures.writeMembers(w, l, n.read.Currency)
			}})
		}
	}
	jobs = append(jobs, job{quartersFile, int64(t.Rows()), func(w io.Writer) error { return n.figures.writeQuarters(w, n.workers) }})
	jobs = append(jobs, n.overtimeJobs()...)
	jobs = append(jobs, job{"profiles.csv", int64(len(n.figures.profileRows())), func(w io.Writer) error {
		return n.figures.writeProfiles(w, n.read.Currency)
	}}, job{"report.html", 0, n.writeReport})
	return append(jobs, job{"rejects.csv", int64(len(n.rejects)), func(w io.Writer) error { return writeRejects(w, n.rejects) }})
}

// tierRows are the customers of a tier, ascending by id as in customers.parquet: files of two nights
// then differ only where customers do. The lists are what is ranked.
func (f *Figures) tierRows(k tier.Tier) []int32 {
	rows := make([]int32, 0, f.TierTotals[k].Customers)
	for c, t := range f.Tiers {
		if t == k {
			rows = append(rows, int32(c))
		}
	}
	return rows
}

// waiting is how many files more than workers are under way, because each ends in a wait for the disk.
const waiting = 2

// writeAll writes the files, a few at a time.
func (n *night) writeAll(ctx context.Context, stage *publish.Stage, jobs []job) error {
	tasks := make(chan job)
	errs := make([]error, 0, len(jobs))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range n.workers + waiting {
		wg.Go(func() {
			for j := range tasks {
				if err := writeOne(ctx, stage, j); err != nil {
					mu.Lock()
					errs = append(errs, fmt.Errorf("%s: %w", j.name, err))
					mu.Unlock()
				}
			}
		})
	}
	for _, j := range jobs {
		tasks <- j
	}
	close(tasks)
	wg.Wait()
	return errors.Join(errs...)
}

func writeOne(ctx context.Context, stage *publish.Stage, j job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := stage.Create(j.name)
	if err != nil {
		return err
	}
	f.AddRows(j.rows)
	return errors.Join(j.to(untilDone{ctx, f}), f.Close())
}

// untilDone stops a file in the middle when the run is interrupted.
type untilDone struct {
	ctx context.Context
	w   io.Writer
}

func (u untilDone) Write(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.w.Write(b)
}

// writeRejects writes rejects.csv, which people open: a cell that a spreadsheet would run is made
// harmless.
func writeRejects(w io.Writer, rejects []ingest.Reject) error {
	n := len(rejects)
	file, column, value, reason := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	line, offset, placed := make([]int64, n), make([]int64, n), make([]bool, n)
	for i, r := range rejects {
		file[i], column[i], value[i], reason[i] = r.File, r.Column, printable(r.Value), r.Reason
		line[i], offset[i], placed[i] = r.Line, r.Offset, r.Offset >= 0
	}
	t, err := table.New(table.Strings("file", "", file, nil), table.Ints("line", "", line, nil), table.Ints("byte_offset", "bytes", offset, placed),
		table.Strings("column", "", column, nil), table.Strings("value", "", value, nil), table.Strings("reason", "", reason, nil))
	if err != nil {
		return err
	}
	defer t.Release()
	return table.WriteCSV(w, t, nil, table.CSVOptions{ForPeople: true})
}

// printable keeps an offending cell on one line and within UTF-8.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// leaveRejects writes the rejects where the user finds them although nothing is published, and
// returns the path with the error of the gate.
func (n *night) leaveRejects(gate error) (string, error) {
	name := filepath.Join("failed", "rejects-"+n.id+".csv")
	path := filepath.Join(n.cfg.Out, name)
	root, err := os.OpenRoot(n.cfg.Out)
	if err != nil {
		return "", errors.Join(gate, err)
	}
	defer root.Close() // the file is closed below
	if err := root.MkdirAll("failed", 0o700); err != nil {
		return "", errors.Join(gate, err)
	}
	// Written beside its place and renamed over it, so that a link planted there is replaced.
	temp := name + ".tmp"
	if err := root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", errors.Join(gate, err)
	}
	f, err := root.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return "", errors.Join(gate, err)
	}
	if err := errors.Join(writeRejects(f, n.rejects), f.Sync(), f.Close()); err != nil {
		return "", errors.Join(gate, err, root.Remove(temp))
	}
	if err := root.Rename(temp, name); err != nil {
		return "", errors.Join(gate, err)
	}
	return path, gate
}

// profitVital is the fewest customers that make 80% of the profit above zero.
func (f *Figures) profitVital() (customers int, share string) {
	k, of := pareto.Fewest(f.Profit, 80*money.OneRate/100)
	return k, number(of)
}
