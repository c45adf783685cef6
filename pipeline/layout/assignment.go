package layout

import (
	"strconv"
	"strings"
)

// Assignment is one --map flag or one entry of a config's map.
//
// Name is a canonical column, alone (customer_id) or qualified by the kind of export
// (crm.customer_id). Alone it holds for every kind that has such a column; the first of them in
// the order of Kinds must have the header, the others use it where they have it.
//
// Header is a header of the file, or #N for its Nth column (1 is the first) where no header reads
// so; the latter settles blank and duplicate headers.
type Assignment struct {
	Name   string
	Header string
}

// ParseAssignment reads NAME=HEADER. The header may hold further equals signs.
func ParseAssignment(s string) (Assignment, error) {
	name, header, ok := strings.Cut(s, "=")
	name = strings.TrimSpace(name)
	if !ok || name == "" || strings.TrimSpace(header) == "" {
		return Assignment{}, &AssignmentError{Text: s}
	}
	return Assignment{Name: name, Header: header}, nil
}

// target finds the column of kind k that the assignment names. applies is false where it names a
// column of another kind; must says that the file has to have the header.
func (a Assignment) target(k Kind) (c Column, applies, must bool, err error) {
	name := a.Name
	if q, rest, ok := strings.Cut(name, "."); ok {
		for _, other := range Kinds() {
			if Fold(q) != other.String() {
				continue
			}
			c, ok := other.Column(rest)
			if !ok {
				return 0, false, false, unknownColumn(a.Name)
			}
			return c, other == k, true, nil
		}
	}
	first := owner(name)
	if first == kinds {
		return 0, false, false, unknownColumn(a.Name)
	}
	c, applies = k.Column(name)
	return c, applies, first == k, nil
}

// find is the positions of the headers that an assignment or a preset means: those written exactly
// so, else those that fold alike, else the Nth for #N.
func find(headers, folded []string, want string) []int {
	var exact, alike []int
	f := Fold(want)
	for i, h := range headers {
		if h == want {
			exact = append(exact, i)
		}
		if f != "" && folded[i] == f {
			alike = append(alike, i)
		}
	}
	if exact != nil {
		return exact
	}
	if alike != nil {
		return alike
	}
	if rest, ok := strings.CutPrefix(want, "#"); ok {
		if n, err := strconv.Atoi(rest); err == nil && n >= 1 && n <= len(headers) {
			return []int{n - 1}
		}
	}
	return nil
}

// flag is the --map flag that gives header to column, quoted for a POSIX shell where needed.
func flag(c Column, header string) string {
	s := c.Flag() + "=" + header
	for _, r := range s {
		plain := r == '_' || r == '.' || r == '=' || r == '-' || r == '/' || r > 127 ||
			(r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z')
		if !plain {
			return "--map '" + strings.ReplaceAll(s, "'", `'\''`) + "'"
		}
	}
	return "--map " + s
}
