package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
)

// nesting decides along which list of a Parquet schema, if any, order lines are read. Money must lie where
// the rows come from: what belongs to the order would count once for each element of a list.
type nesting struct {
	columns []parquetfile.Column
	names   []string       // for people, and what --map may call them
	mapping layout.Mapping // its assignments name columns of this file by place
}

// resolveNested decides the columns of a schema, and says for people what becomes of its lists.
func resolveNested(columns []parquetfile.Column, m layout.Mapping) (layout.Resolved, []string, error) {
	n := nesting{columns, parquetHeaders(columns), m}
	n.mapping.Assignments = n.placed(m.Assignments)
	top, err := n.within("", n.names)
	if len(n.lists()) == 0 || otherThanMissing(err) {
		return top, nil, layout.Advised(err, layout.Orders, n.names, m)
	}
	list, why := n.choose(&top)
	switch {
	case why != nil:
		return top, nil, why
	case list != "":
		return n.along(list, &top)
	case err == nil:
		return top, n.aside(&top), nil
	}
	r, every := layout.Resolve(layout.Orders, n.names, n.mapping) // lists do not help: say what they have
	if every == nil {
		return r, nil, n.checkLevels(&r)
	}
	return r, nil, layout.Advised(every, layout.Orders, n.names, m)
}

// otherThanMissing says that a fault of Resolve is more than columns that a list may have.
func otherThanMissing(err error) bool {
	var joined interface{ Unwrap() []error }
	var missing *layout.MissingError
	if errors.As(err, &joined) {
		return slices.ContainsFunc(joined.Unwrap(), func(e error) bool { return !errors.As(e, &missing) })
	}
	return err != nil && !errors.As(err, &missing)
}

// placed gives assignments that name a column of the file its place, #N: a column of a list answers to its
// own name where that is the only one, to its path, and to the path without what writers put between.
func (n *nesting) placed(as []layout.Assignment) []layout.Assignment {
	out := slices.Clone(as)
	for i, a := range as {
		for _, is := range []func(k int) bool{
			func(k int) bool { return n.names[k] == a.Header },
			func(k int) bool { return n.columns[k].Name == a.Header || n.dotted(k) == a.Header },
			func(k int) bool { return layout.Fold(n.names[k]) == layout.Fold(a.Header) },
			func(k int) bool { return layout.Fold(n.dotted(k)) == layout.Fold(a.Header) },
		} {
			var at []int
			for k := range n.columns {
				if is(k) {
					at = append(at, k)
				}
			}
			if len(at) == 1 {
				out[i].Header = fmt.Sprintf("#%d", at[0]+1)
			}
			if at != nil {
				break
			}
		}
	}
	return out
}

func (n *nesting) dotted(k int) string { return dotted(n.columns[k].Path) }

// dotted is a path without what a writer puts between a list and its elements.
func dotted(path []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(path), wrapping), ".")
}

// own is the name of a column of a list within it.
func (n *nesting) own(k int) string {
	name := n.columns[k].Path[len(n.columns[k].Path)-1]
	if wrapping(name) {
		return n.dotted(k)
	}
	return name
}

// lists are the lists and maps of the schema, in its order.
func (n *nesting) lists() (out []string) {
	for _, c := range n.columns {
		if c.List != "" && !slices.Contains(out, c.List) {
			out = append(out, c.List)
		}
	}
	return out
}

// within resolves with the columns of one list, or with those outside all, "". Assignments reach all columns.
func (n *nesting) within(list string, names []string) (layout.Resolved, error) {
	m := n.mapping
	m.Hidden = make([]bool, len(n.columns))
	for k, c := range n.columns {
		m.Hidden[k] = c.List != list || list != "" && c.Refusal != ""
	}
	return layout.Resolve(layout.Orders, names, m)
}

// inside is what a list has, by the own names of its columns; the needs of a file are not its own.
func (n *nesting) inside(list string) layout.Resolved {
	names := slices.Clone(n.names)
	for k, c := range n.columns {
		if c.List == list {
			names[k] = n.own(k)
		}
	}
	r, _ := n.within(list, names)
	return r
}

// choose is the list that lines are read along, "" for none.
func (n *nesting) choose(top *layout.Resolved) (string, error) {
	for _, m := range top.Matches { // only assignments reach into lists
		if list := n.columns[m.Index].List; list != "" && parsed(m.Column) {
			return list, nil
		}
	}
	var lines, amounts []string
	for _, list := range n.lists() {
		in := n.inside(list)
		has := func(c layout.Column) bool { k := in.Index(c); return k >= 0 && n.columns[k].List == list }
		switch {
		case has(layout.Quantity) && has(layout.UnitPrice),
			has(layout.Amount) && (has(layout.ProductID) || has(layout.Category) || has(layout.Quantity) || calledLines(list)):
			lines = append(lines, list)
		case has(layout.Amount):
			amounts = append(amounts, list)
		}
	}
	valued := top.Has(layout.Amount) || top.Has(layout.Quantity) && top.Has(layout.UnitPrice)
	switch {
	case valued && (len(lines) == 0 || n.assigned(top)):
		return "", nil
	case valued, len(lines) > 1:
		return "", n.ambiguous(top, lines)
	case len(lines) == 1:
		return lines[0], nil
	case len(amounts) > 0:
		return "", n.ambiguous(top, amounts)
	}
	return "", nil
}

// assigned says that an assignment decided where the value of a line stands.
func (n *nesting) assigned(r *layout.Resolved) bool {
	return slices.ContainsFunc(r.Matches, func(m layout.Match) bool {
		return m.Rule == layout.RuleMap && (m.Column == layout.Amount || m.Column == layout.Quantity || m.Column == layout.UnitPrice)
	})
}

// calledLines says that a list is called as order lines are.
func calledLines(list string) bool {
	name := layout.Fold(list)
	return slices.ContainsFunc([]string{"line", "item", "position", "明细", "行"}, func(w string) bool { return strings.Contains(name, w) })
}

// parquetHeaders names the columns of a schema: their path, and those inside a list by their own name where
// no other column has it, else by the path without what a writer puts between a list and its elements.
func parquetHeaders(columns []parquetfile.Column) []string {
	count := map[string]int{}
	for _, c := range columns {
		count[c.Path[len(c.Path)-1]]++
	}
	out := make([]string, len(columns))
	for i, c := range columns {
		own := c.Path[len(c.Path)-1]
		switch {
		case c.List == "":
			out[i] = c.Name
		case count[own] == 1 && !wrapping(own):
			out[i] = own
		default:
			out[i] = dotted(c.Path)
		}
	}
	return out
}

// wrapping tells the groups that stand between a list and its elements, as the specification and writers
// of old name them.
func wrapping(name string) bool {
	switch name {
	case "list", "element", "item", "array", "bag", "array_element", "key_value":
		return true
	}
	return false
}
