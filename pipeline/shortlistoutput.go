package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/table"
)

// WriteText writes the rows for a person, in width columns of a terminal; 0 is any number.
func (s *Shortlist) WriteText(w io.Writer, width int) error {
	p := &printer{w: w}
	for i, part := range s.Parts {
		if i > 0 {
			p.line("")
		}
		p.line("%s", s.title(part))
		if p.err != nil {
			return p.err
		}
		if part.Table.Rows() == 0 {
			continue
		}
		left, err := table.WriteText(w, part.Table, width)
		if err != nil {
			return err
		}
		if len(left) > 0 {
			p.line("%d more columns do not fit: choose --columns, or --format csv or xlsx", len(left))
		}
	}
	return p.err
}

// title says what the rows are.
func (s *Shortlist) title(part ShortlistPart) string {
	of := "customers"
	if part.List != noList {
		of = part.List
	}
	text := fmt.Sprintf("%s: %s of %s rows", of, group(int64(part.Table.Rows())), group(int64(part.Of)))
	if n := part.Matches; n != part.Table.Rows() && n != part.Of {
		text += fmt.Sprintf(" (%s match)", group(int64(n)))
	}
	text += fmt.Sprintf(", run %s, before %s", s.Run, s.Manifest.AsOf)
	if s.Manifest.Currency != "" {
		text += ", in " + s.Manifest.Currency
	}
	return text
}

// WriteCSV writes the rows as lists/LIST.csv is written: for people, so text that a spreadsheet would
// run gets an apostrophe. Several lists stand in one file, with the name of the list in front.
func (s *Shortlist) WriteCSV(w io.Writer) error {
	opts := table.CSVOptions{ForPeople: true, Workers: s.Options.Workers}
	if s.Options.List != allLists {
		return table.WriteCSV(w, s.Parts[0].Table, nil, opts)
	}
	columns := []string{"list"}
	var parts []*table.Table
	for _, p := range s.Parts {
		name := make([]uint8, p.Table.Rows())
		t, err := table.New(append([]table.Column{table.Coded("list", "class", name, []string{p.List}, nil)}, p.Table.Columns()...)...)
		if err != nil {
			return err
		}
		defer t.Release()
		parts = append(parts, t)
		columns = mergeNames(columns, t)
	}
	t, err := table.Stack(columns, parts...)
	if err != nil {
		return err
	}
	defer t.Release()
	return table.WriteCSV(w, t, nil, opts)
}

// mergeNames adds the names of a table that are missing, each after the one before it there.
func mergeNames(names []string, t *table.Table) []string {
	at := -1
	for i := range t.Columns() {
		name := t.Columns()[i].Name
		if k := slices.Index(names, name); k >= 0 {
			at = k
			continue
		}
		at++
		names = slices.Insert(names, at, name)
	}
	return names
}

// WriteJSON writes one object: run, as_of, currency, where, notes, and in lists each list with its rows.
// Rows are exact: they say what customers.parquet says.
func (s *Shortlist) WriteJSON(w io.Writer) error {
	head := struct {
		Run      string   `json:"run"`
		AsOf     string   `json:"as_of"`
		Currency string   `json:"currency,omitempty"`
		Where    string   `json:"where,omitempty"`
		Sort     string   `json:"sort,omitempty"`
		Notes    []string `json:"notes,omitempty"`
	}{s.Run, s.Manifest.AsOf, s.Manifest.Currency, s.Options.Where, s.Options.Sort, s.Notes}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // a condition is full of < and >
	if err := e.Encode(head); err != nil {
		return err
	}
	p := &printer{w: w}
	p.text("%s", strings.TrimSuffix(b.String(), "}\n"))
	p.text(",\"lists\":[")
	for i, part := range s.Parts {
		if i > 0 {
			p.text(",")
		}
		p.text("\n{\"list\":%q,\"of\":%d,\"matches\":%d,\"rows\":", part.List, part.Of, part.Matches)
		if p.err == nil {
			p.err = table.WriteJSON(w, part.Table)
		}
		p.text("}")
	}
	p.line("]}")
	return p.err
}

// text prints without ending the line.
func (p *printer) text(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// SaveFile writes a file whole or not at all: beside its place, flushed to the disk, then renamed. A
// file that is there already is an error matching ErrConfig unless it may be replaced. Only its owner
// can read it: lists hold personal data.
func SaveFile(path string, replace bool, write func(w io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil && !replace {
		return taken(path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".vitalfew-*")
	if err != nil {
		return diskError("create", path, err)
	}
	defer func() {
		_ = os.Remove(f.Name()) // gone already where all went well
	}()
	counted := &failing{w: f}
	if err := write(counted); err != nil {
		if counted.err != nil {
			err = diskError("write", path, counted.err)
		}
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return diskError("write", path, err)
	}
	if replace {
		return diskError("rename", path, os.Rename(f.Name(), path))
	}
	// A link, unlike a rename, does not replace what somebody put there meanwhile.
	err = os.Link(f.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return taken(path)
	}
	if err != nil { // a file system without links
		err = os.Rename(f.Name(), path)
	}
	return diskError("rename", path, err)
}

func taken(path string) error {
	return as(ErrConfig, fmt.Errorf("%s is there already; choose another name, or replace it with --force", path))
}

// failing keeps the error of the file, to tell it from one of what is written.
type failing struct {
	w   io.Writer
	err error
}

func (f *failing) Write(b []byte) (int, error) {
	n, err := f.w.Write(b)
	if err != nil {
		f.err = err
	}
	return n, err
}
