package layout

import (
	"fmt"
	"strconv"
	"strings"
)

// MissingError says that a header lacks a column the kind of export must have.
type MissingError struct {
	Need    Need
	Headers []string // all of the file
	Column  Column   // the first column that is missing of the alternative closest to complete
	Nearest string   // the nearest unmapped header, "" where none is near
	Further bool     // another one stands before it and lists the headers
}

// Error names what is needed, what the file has and the flag to add.
func (e *MissingError) Error() string {
	header, near := "HEADER", ""
	if e.Nearest != "" {
		header, near = e.Nearest, fmt.Sprintf("; the nearest is %q", e.Nearest)
	}
	if e.Further {
		return fmt.Sprintf("%s: no column for %s%s: add %s", e.Column.Kind(), e.Need, near, flag(e.Column, header))
	}
	return fmt.Sprintf("%s: no column for %s; the file has %s%s: add %s",
		e.Column.Kind(), e.Need, list(e.Headers), near, flag(e.Column, header))
}

// AmbiguousError says that several headers claim one canonical column by the same rule.
type AmbiguousError struct {
	Column  Column
	Rule    Rule
	Headers []string
}

// Error lists the headers and a flag for each.
func (e *AmbiguousError) Error() string {
	flags := make([]string, len(e.Headers))
	for i, h := range e.Headers {
		flags[i] = flag(e.Column, h)
	}
	keep := "add "
	if e.Rule == RuleMap {
		keep = "keep one of "
	}
	return fmt.Sprintf("%s: %s could be %s (%s): %s%s", e.Column.Kind(), e.Column, list(e.Headers), e.Rule, keep,
		strings.Join(flags, " or "))
}

// SharedError says that one header was given to several canonical columns.
type SharedError struct {
	Header  string
	Columns []Column
}

// Error names the columns.
func (e *SharedError) Error() string {
	names := make([]string, len(e.Columns))
	for i, c := range e.Columns {
		names[i] = c.String()
	}
	return fmt.Sprintf("%s: header %q is given to %s: a header can be one column; drop all assignments of it but one",
		e.Columns[0].Kind(), e.Header, strings.Join(names, " and "))
}

// DuplicateHeaderError says that a header that is mapped stands in the file more than once.
type DuplicateHeaderError struct {
	Column    Column
	Header    string
	Positions []int // 0-based
}

// Error names the positions and the flag that picks one.
func (e *DuplicateHeaderError) Error() string {
	at := make([]string, len(e.Positions))
	for i, p := range e.Positions {
		at[i] = strconv.Itoa(p + 1)
	}
	return fmt.Sprintf("%s: header %q of %s stands in columns %s: pick one with %s", e.Column.Kind(), e.Header,
		e.Column, strings.Join(at, ", "), flag(e.Column, "#"+at[0]))
}

// UnknownHeaderError says that a --map names a header that the file does not have.
type UnknownHeaderError struct {
	Column  Column
	Header  string
	Nearest string // "" where none is near
	Headers []string
}

// Error names the nearest header and the flag that uses it.
func (e *UnknownHeaderError) Error() string {
	s := fmt.Sprintf("%s: %s: the file has no header %q, only %s", e.Column.Kind(), flag(e.Column, e.Header), e.Header,
		list(e.Headers))
	if e.Nearest != "" {
		s += ": did you mean " + flag(e.Column, e.Nearest) + "?"
	}
	return s
}

// UnknownColumnError says that a --map or a preset names no canonical column.
type UnknownColumnError struct {
	Name    string
	Nearest string // "" where none is near
	Known   []string
}

// Error names the nearest column, or all of them.
func (e *UnknownColumnError) Error() string {
	if e.Nearest != "" {
		return fmt.Sprintf("%q is no canonical column: did you mean %s?", e.Name, e.Nearest)
	}
	return fmt.Sprintf("%q is no canonical column: use one of %s", e.Name, strings.Join(e.Known, ", "))
}

// AssignmentError says that a --map is not of the form NAME=HEADER.
type AssignmentError struct{ Text string }

// Error shows the form.
func (e *AssignmentError) Error() string {
	return fmt.Sprintf("--map %q is not of the form NAME=HEADER, such as customer_id=CustNo", e.Text)
}

// UnknownPresetError says that no preset has that name.
type UnknownPresetError struct {
	Name  string
	Known []string
}

// Error lists the known presets.
func (e *UnknownPresetError) Error() string {
	return fmt.Sprintf("there is no preset %q: use one of %s, or the path of a YAML file", e.Name,
		strings.Join(e.Known, ", "))
}

// PresetError is a fault at a place of a preset.
type PresetError struct {
	Line, Column int // 1 is the first; 0 where the place is not known
	Problem      string
}

// Error is "line 3, column 5: what is wrong and what to write".
func (e *PresetError) Error() string {
	if e.Line == 0 {
		return e.Problem
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Problem)
}

// unknownColumn looks for the nearest name among all columns, qualified as name is.
func unknownColumn(name string) *UnknownColumnError {
	e := &UnknownColumnError{Name: name}
	prefix, bare := "", name
	from := Kinds()
	if q, rest, ok := strings.Cut(name, "."); ok {
		for _, k := range Kinds() {
			if Fold(q) == k.String() {
				prefix, bare, from = k.String()+".", rest, []Kind{k}
			}
		}
	}
	seen := map[string]bool{}
	var folded []string
	for _, k := range from {
		for _, c := range k.Columns() {
			if !seen[c.String()] {
				seen[c.String()] = true
				e.Known = append(e.Known, prefix+c.String())
				folded = append(folded, Fold(c.String()))
			}
		}
	}
	if i := nearest(folded, []string{Fold(bare)}); i >= 0 {
		e.Nearest = e.Known[i]
	}
	return e
}

// list quotes headers, at most 40 of them: a wide export must not fill the screen.
func list(headers []string) string {
	const most = 40
	q := make([]string, 0, min(len(headers), most))
	for _, h := range headers[:min(len(headers), most)] {
		q = append(q, strconv.Quote(h))
	}
	s := strings.Join(q, ", ")
	switch {
	case len(headers) == 0:
		return "no header"
	case len(headers) > most:
		return fmt.Sprintf("%s and %d more", s, len(headers)-most)
	}
	return s
}
