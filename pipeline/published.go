package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/publish"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

const customersFile = "customers.parquet"

// published is a run on disk, opened for reading: the manifest, right by its digest, and the footer of
// customers.parquet. Cells are read as they are asked for.
type published struct {
	out      string
	run      *publish.Run
	manifest Manifest
	bars     *bars
	file     *os.File
	*table.File
	workers int
}

// openPublished opens a run below out, "" for the one that CURRENT names.
func openPublished(out, id string, workers int) (*published, error) {
	run, err := publish.OpenRun(out, id)
	if err != nil {
		return nil, err
	}
	p := &published{out: out, run: run, workers: max(1, workers)}
	if err := p.open(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *published) open() error {
	err := json.Unmarshal(p.run.Manifest, &p.manifest)
	if err == nil {
		p.bars, err = p.manifest.bars()
	}
	if err != nil {
		return p.run.Damage("manifest.json", err)
	}
	p.file, p.File, err = p.table(customersFile)
	return err
}

// table opens a Parquet file of the run.
func (p *published) table(name string) (*os.File, *table.File, error) {
	f, size, _, err := p.run.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, p.run.Damage(name, errors.New("the manifest does not list it"))
	}
	if err != nil {
		return nil, nil, err
	}
	t, err := table.Open(f, size)
	if err != nil {
		return nil, nil, errors.Join(p.run.Damage(name, err), f.Close())
	}
	return f, t, nil
}

// Close ends the reading.
func (p *published) Close() error {
	err := p.run.Close()
	if p.file != nil {
		err = errors.Join(err, p.file.Close())
	}
	return err
}

// have leaves out the columns that a run of another version does not have.
func (p *published) have(columns []string) (out []string) {
	for _, name := range columns {
		if _, ok := p.Field(name); ok {
			out = append(out, name)
		}
	}
	return out
}

// row reads a customer, all columns.
func (p *published) row(i int32) (row, error) {
	t, err := p.ReadRows(nil, []int32{i}, p.workers)
	return row{t: t}, p.run.Damage(customersFile, err)
}

// place is the row of a customer id, -1 without one.
func (p *published) place(id string) (int32, error) {
	rows, err := p.Find("customer_id", id, p.workers)
	if err != nil || len(rows) == 0 {
		return -1, p.run.Damage(customersFile, err)
	}
	return rows[0], nil
}

// FindRun resolves what a user calls a run: an id, the only id that begins so, "CURRENT", "previous" (the
// one that tiers of CURRENT were weighed against), or a path to a run directory, which also says where
// the output directory is. It returns an error matching publish.ErrNone where there is none, and
// ErrConfig where several ids begin so.
func FindRun(out, word string) (dir, id string, err error) {
	if strings.ContainsAny(word, `/\`) {
		return runDirectory(word)
	}
	switch strings.ToLower(word) {
	case "", "current":
		id, _, err := publish.Current(out)
		return out, id, err
	case "previous":
		id, err := previousRun(out)
		return out, id, err
	}
	all, err := publish.Runs(out)
	if err != nil {
		return "", "", err
	}
	var like []string
	for _, id := range all {
		if id == word {
			return out, id, nil
		}
		if strings.HasPrefix(id, word) {
			like = append(like, id)
		}
	}
	switch {
	case len(like) > 1:
		slices.Sort(like)
		return "", "", as(ErrConfig, fmt.Errorf("%d runs of %s begin with %q: %s; give more of the id", len(like), out, word, some(like, 5)))
	case len(like) == 0:
		return "", "", as(ErrInput, fmt.Errorf("no run of %s is or begins with %q; the newest are %s", out, word, some(all, 5)))
	}
	return out, like[0], nil
}

func runDirectory(path string) (dir, id string, err error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", "", as(ErrInput, err)
	}
	runs := filepath.Dir(full)
	if info, err := os.Stat(filepath.Join(full, "manifest.json")); err != nil || info.IsDir() || filepath.Base(runs) != "runs" {
		return "", "", as(ErrInput, fmt.Errorf("%s is no run: give OUT/runs/ID, or a run of --out by its id", path))
	}
	return filepath.Dir(runs), filepath.Base(full), nil
}

func previousRun(out string) (string, error) {
	current, err := publish.OpenRun(out, "")
	if err != nil {
		return "", err
	}
	defer current.Close() // only read
	var m Manifest
	if err := json.Unmarshal(current.Manifest, &m); err != nil {
		return "", current.Damage("manifest.json", err)
	}
	if m.Previous == nil {
		return "", as(ErrInput, fmt.Errorf("the published run %s is a first run: it has no previous one", current.ID))
	}
	return m.Previous.Run, nil
}

// some joins the first few of the names.
func some(names []string, most int) string {
	switch {
	case len(names) == 0:
		return "none"
	case len(names) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
