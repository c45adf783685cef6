package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/filter"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

// ShortlistOptions say which rows of a published run are wanted, and in which form.
type ShortlistOptions struct {
	// Out is the output directory, Run the run, "" for the published one.
	Out, Run string
	// List is a list of the run, "all" for each of them, or "none" for all customers. "" is shortlist.
	List string
	// Where is a condition in the words of package filter, over the columns of customers.parquet and of
	// the list; "" keeps all.
	Where string
	// Sort is "column [desc], ...", ascending unless it says desc, unknown last; "" keeps the order of
	// the list, or that of ids. Equal rows keep it too.
	Sort string
	// Top is how many rows of each list are kept, after sorting; 0 is all.
	Top int
	// Columns are those to show; none are the columns of the list's CSV.
	Columns []string
	// Brief chooses fewer columns where Columns names none, for a terminal.
	Brief bool
	// Workers read at the same time; the result is the same. 0 is 1.
	Workers int
}

// The words for what is no single list.
const (
	allLists = "all"
	noList   = "none"
)

// Shortlist are rows of a published run.
type Shortlist struct {
	Run      string // directory name of the run
	Manifest *Manifest
	Options  ShortlistOptions
	Parts    []ShortlistPart
	// Notes say what a reader should know: lists that the run did not draw up, texts of the condition
	// that no customer has.
	Notes []string
}

// ShortlistPart are the rows of one list.
type ShortlistPart struct {
	List    string
	Of      int // rows before the condition
	Matches int // rows for which the condition is true
	Table   *table.Table
}

// Release gives up the tables.
func (s *Shortlist) Release() {
	for _, p := range s.Parts {
		p.Table.Release()
	}
}

// ReadShortlist reads rows of a published run: only the columns and row groups that it takes. Errors
// match ErrConfig where the options are at fault, ErrInput where the run has not what is asked for, and
// otherwise those of package publish.
func ReadShortlist(o ShortlistOptions) (*Shortlist, error) {
	if o.Top < 0 {
		return nil, as(ErrConfig, fmt.Errorf("--top %d: give a number above 0", o.Top))
	}
	out, id, err := FindRun(o.Out, o.Run)
	if err != nil {
		return nil, err
	}
	p, err := openPublished(out, id, o.Workers)
	if err != nil {
		return nil, err
	}
	s := &Shortlist{Run: p.run.ID, Manifest: &p.manifest, Options: o}
	err = s.read(p)
	if err = errors.Join(err, p.Close()); err != nil {
		s.Release()
		return nil, err
	}
	return s, nil
}

func (s *Shortlist) read(p *published) error {
	names, err := s.lists()
	if err != nil {
		return err
	}
	queries := make([]*query, 0, len(names))
	for _, name := range names {
		q, err := newQuery(p, s.Options, name)
		if err != nil {
			return err
		}
		defer q.release()
		queries = append(queries, q)
	}
	if err := s.columns(queries); err != nil {
		return err
	}
	for _, q := range queries {
		part, err := q.run()
		if err != nil {
			return err
		}
		s.Parts = append(s.Parts, part)
	}
	s.Notes = append(s.Notes, s.unmatched(p, queries)...)
	return nil
}

// lists are the names of the lists asked for. One that the run did not draw up is an error where it is
// asked for by name, and else a note.
func (s *Shortlist) lists() (names []string, err error) {
	word := s.Options.List
	if word == "" {
		word = "shortlist"
	}
	if word == noList {
		return []string{noList}, nil
	}
	known := []string{allLists, noList}
	for _, l := range s.Manifest.Lists {
		known = append(known, l.List)
		switch {
		case word != l.List && word != allLists:
		case l.Absent == "":
			names = append(names, l.List)
		case word == allLists:
			s.Notes = append(s.Notes, fmt.Sprintf("%s was not drawn up: %s", l.List, l.Absent))
		default:
			return nil, as(ErrInput, fmt.Errorf("the list %s was not drawn up in run %s: %s", l.List, s.Run, l.Absent))
		}
	}
	if len(names) > 0 || word == allLists {
		return names, nil
	}
	return nil, as(ErrConfig, fmt.Errorf("--list %s: there is no such list%s; the run has %s", word, nearest(known, word), strings.Join(known[2:], ", ")))
}

// nearest is an addition to an error about a name.
func nearest(names []string, wanted string) string {
	if near := layout.Nearest(names, wanted, 3); len(near) > 0 {
		return "; the nearest are " + strings.Join(near, ", ")
	}
	return ""
}

// columns settles which columns each query shows. A column has to be in one of them.
func (s *Shortlist) columns(queries []*query) error {
	for _, q := range queries {
		if len(s.Options.Columns) == 0 {
			q.shown = q.usual(s.Options.Brief)
		}
	}
	var faults []error
	for _, name := range s.Options.Columns {
		found := false
		for _, q := range queries {
			if f, ok := q.field(name); ok && !slices.Contains(q.shown, f.Name) {
				q.shown, found = append(q.shown, f.Name), true
			} else if ok {
				found = true
			}
		}
		if !found && len(queries) > 0 {
			faults = append(faults, fmt.Errorf("--columns: there is no column %q%s", name, nearest(queries[0].names(), name)))
		}
	}
	for _, q := range queries {
		if len(q.shown) == 0 && faults == nil {
			faults = append(faults, fmt.Errorf("--columns: the list %s has none of them", q.list))
		}
	}
	return as(ErrConfig, errors.Join(faults...))
}

// unmatched names the texts of the condition that no customer has, where no row matched: a spelling
// mistake in a value looks like that.
func (s *Shortlist) unmatched(p *published, queries []*query) (notes []string) {
	if len(queries) == 0 || queries[0].condition == nil || slices.ContainsFunc(s.Parts, func(p ShortlistPart) bool { return p.Matches > 0 }) {
		return nil
	}
	for _, m := range queries[0].condition.Mentions() {
		if f, ok := p.Field(m.Column); !ok || f.Kind != table.String {
			continue
		}
		t, err := p.Read([]string{m.Column}, nil, p.workers)
		if err != nil {
			return notes // the rows were read; a note is not worth an error
		}
		if values := distinct(&t.Columns()[0]); !slices.Contains(values, m.Text) {
			near := nearest(values, m.Text)
			if near == "" && len(values) > 0 {
				slices.Sort(values)
				near = "; there are " + some(values, 8)
			}
			notes = append(notes, fmt.Sprintf("no customer has %s %q%s", m.Column, m.Text, near))
		}
		t.Release()
	}
	return notes
}

// distinct are the known texts of a column, each once, in the order in which they come first.
func distinct(c *table.Column) (values []string) {
	seen := map[string]bool{}
	for i := range c.Len() {
		if v := c.Text(i); c.Valid(i) && !seen[v] {
			seen[v] = true
			values = append(values, v)
		}
	}
	return values
}

// condition compiles --where for the columns of a list.
func condition(where string, fields []table.Field) (*filter.Condition, error) {
	if strings.TrimSpace(where) == "" {
		return nil, nil
	}
	c, err := filter.Compile(where, fields)
	if err != nil {
		return nil, as(ErrConfig, fmt.Errorf("--where: %w", err))
	}
	return c, nil
}
