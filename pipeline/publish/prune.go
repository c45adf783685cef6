package publish

import (
	"sort"
	"strings"
	"time"
)

// prune removes the runs beyond the newest to keep, never the published one. The newest is the one
// whose manifest was written last; ids need not sort by time. Its troubles are warnings, for the
// run is published already.
func (s *Store) prune(current string) (pruned []string, warnings []error) {
	if s.keep < 0 {
		return nil, nil
	}
	runs, err := s.runs()
	if err != nil {
		return nil, []error{err}
	}
	kept := 1 // the published run
	for _, r := range runs {
		if r == current {
			continue
		}
		if kept < s.keep {
			kept++
			continue
		}
		if err := s.discard(r); err != nil {
			warnings = append(warnings, err)
			continue
		}
		pruned = append(pruned, r)
	}
	return pruned, warnings
}

// runs lists the run directories, newest manifest first.
func (d *disk) runs() ([]string, error) {
	names, err := d.names(runsDir)
	if err != nil {
		return nil, err
	}
	when := map[string]time.Time{}
	runs := names[:0]
	for _, n := range names {
		info, err := d.root.Lstat(runsDir + "/" + n + "/" + manifest)
		if err != nil || strings.HasPrefix(n, ".") {
			continue // a directory that is no run is not ours to remove
		}
		when[n] = info.ModTime()
		runs = append(runs, n)
	}
	sort.SliceStable(runs, func(i, j int) bool { return when[runs[i]].After(when[runs[j]]) })
	return runs, nil
}

// Runs lists the run directories of an output directory, newest first.
func Runs(out string) ([]string, error) {
	d, err := openReader(out)
	if err != nil {
		return nil, err
	}
	defer d.root.Close()
	return d.runs()
}
