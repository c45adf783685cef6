package publish

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
)

// placed is a run under its name that CURRENT does not name yet.
type placed struct {
	name  string
	aside string // where the older run of that name went; "" for none
}

// place renames the stage to its name below runs, or says that the published run has these bytes
// already. The package comment tells which name; the published run is never touched.
func (g *Stage) place(sum string) (p placed, same bool, err error) {
	s := g.store
	current, currentSum, err := s.current()
	switch {
	case errors.Is(err, ErrDamaged):
		current = g.id // it may be this run that CURRENT meant: touch none
	case err != nil && !errors.Is(err, ErrNone):
		return p, false, err
	case err == nil && currentSum == sum && revisionOf(current, g.id):
		report, err := s.verify(current)
		if err != nil {
			return p, false, err
		}
		if report.OK() {
			return placed{name: current}, true, nil
		}
	}
	p.name = g.id
	if current == g.id {
		for n := 2; s.exists(p.name); n++ {
			p.name = g.id + "." + strconv.Itoa(n)
		}
	}
	if s.exists(p.name) {
		p.aside = runsDir + "/" + tempPrefix + "~old-" + p.name
		if err := s.rename(runsDir+"/"+p.name, p.aside); err != nil {
			return p, false, err
		}
	}
	if err := s.rename(g.dir, runsDir+"/"+p.name); err != nil {
		return p, false, errors.Join(err, p.restore(s))
	}
	return p, false, nil
}

// withdraw takes back a run that CURRENT does not name.
func (p placed) withdraw(s *Store) error {
	if err := s.discard(p.name); err != nil {
		return err
	}
	return p.restore(s)
}

// restore gives an older run its name back.
func (p placed) restore(s *Store) error {
	if p.aside == "" {
		return nil
	}
	return s.rename(p.aside, runsDir+"/"+p.name)
}

// discard removes a run that CURRENT does not name. It is renamed first, so that no half-removed
// directory ever stands under the name of a run.
func (s *Store) discard(name string) error {
	gone := runsDir + "/" + tempPrefix + "~gone-" + name
	if err := s.rename(runsDir+"/"+name, gone); err != nil {
		return err
	}
	return s.remove(gone)
}

func (s *Store) exists(run string) bool {
	_, err := s.root.Lstat(runsDir + "/" + run)
	return !errors.Is(err, fs.ErrNotExist)
}

// revisionOf reports whether a directory holds the run id: it is named id, or id.N with N >= 2.
func revisionOf(dir, id string) bool {
	if dir == id {
		return true
	}
	tail, ok := strings.CutPrefix(dir, id+".")
	n, err := strconv.Atoi(tail)
	return ok && err == nil && n >= 2 && strconv.Itoa(n) == tail
}
