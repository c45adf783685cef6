package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
)

// Result is a published run.
type Result struct {
	// ID is the name of the directory below runs: the stage's id, or id.2, id.3, ... where a
	// different run of the same id was published before.
	ID             string
	ManifestSHA256 string
	// Unchanged says that the published run has these very bytes already, so nothing moved.
	Unchanged bool
	// Pruned are the older runs removed.
	Pruned []string
	// Warnings are troubles after the run was published: old runs that could not be removed.
	Warnings []error
}

// entries is the part of manifest.json that this package reads; other keys are the caller's.
type entries struct {
	RunID string `json:"run_id"`
	Files []File `json:"files"`
}

// Commit publishes the stage. The function gets the files by name and returns manifest.json, an
// object with at least "run_id" (the stage's id) and "files" (exactly these). On an error before
// CURRENT moved everything of the stage is removed and the old run stays published. The context is
// checked until the move of CURRENT begins; from there Commit finishes.
//
// An *IOError of the last fsync is special: the run is published and whole, but a power loss may
// bring back the old one, as whole.
func (g *Stage) Commit(ctx context.Context, write func(files []File) ([]byte, error)) (Result, error) {
	files := g.Files()
	g.mu.Lock()
	err := g.ready()
	g.mu.Unlock()
	var sum string
	if err == nil {
		sum, err = g.seal(files, write)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return Result{}, errors.Join(err, g.Abort())
	}
	return g.publish(ctx, sum)
}

// seal writes the manifest and its digest and makes the stage durable.
func (g *Stage) seal(files []File, write func(files []File) ([]byte, error)) (sum string, err error) {
	b, err := write(slices.Clone(files))
	if err != nil {
		return "", fmt.Errorf("make the manifest: %w", err)
	}
	var said entries
	if err := json.Unmarshal(b, &said); err != nil {
		return "", fmt.Errorf("make the manifest: %w", err)
	}
	if said.RunID != g.id || !slices.Equal(said.Files, files) {
		return "", fmt.Errorf(`make the manifest: "run_id" must be %q and "files" the %d files given, unchanged`, g.id, len(files))
	}
	sum = digestOf(b)
	if err := g.store.writeFile(g.dir+"/"+manifestSum, []byte(sumLine(sum))); err != nil {
		return "", err
	}
	if err := g.store.writeFile(g.dir+"/"+manifest, b); err != nil {
		return "", err
	}
	dirs := make([]string, 0, len(g.dirs)+1)
	for d := range g.dirs {
		dirs = append(dirs, g.dir+"/"+d)
	}
	dirs = append(dirs, g.dir)
	sort.Sort(sort.Reverse(sort.StringSlice(dirs))) // a child sorts after its parent
	for _, d := range dirs {
		if err := g.store.syncDir(d); err != nil {
			return "", err
		}
	}
	return sum, nil
}

// sumLine is manifest.sha256, as sha256sum -c reads it.
func sumLine(sum string) string { return sum + "  " + manifest + "\n" }

// publish puts the sealed stage under its name and moves CURRENT to it.
func (g *Stage) publish(ctx context.Context, sum string) (Result, error) {
	s := g.store
	p, same, err := g.place(sum)
	if err != nil {
		return Result{}, errors.Join(err, g.Abort())
	}
	res := Result{ID: p.name, ManifestSHA256: sum, Unchanged: same}
	if same {
		if err := g.Abort(); err != nil {
			res.Warnings = append(res.Warnings, err)
		}
		return res, nil
	}
	g.mu.Lock()
	g.ended = true // the directory is no stage any more
	g.mu.Unlock()
	err = s.syncDir(runsDir)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return Result{}, errors.Join(err, p.withdraw(s))
	}
	if moved, err := s.point(p.name, sum); err != nil {
		if !moved {
			err = errors.Join(err, p.withdraw(s))
		}
		return Result{}, err
	}
	if p.aside != "" {
		if err := s.remove(p.aside); err != nil {
			res.Warnings = append(res.Warnings, err)
		}
	}
	var warnings []error
	res.Pruned, warnings = s.prune(p.name)
	res.Warnings = append(res.Warnings, warnings...)
	return res, nil
}
