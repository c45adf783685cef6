package ingest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// along resolves with the columns of a list beside those of the order.
func (n *nesting) along(list string, top *layout.Resolved) (layout.Resolved, []string, error) {
	in := n.inside(list)
	names, m := slices.Clone(n.names), n.mapping
	m.Hidden = make([]bool, len(n.columns))
	for k, c := range n.columns {
		m.Hidden[k] = c.List != ""
	}
	evidence := []string{fmt.Sprintf("a line is an element of the list %q; what stands beside it is repeated for each", n.listName(list))}
	for _, match := range in.Matches {
		k, t := match.Index, top.Index(match.Column)
		switch {
		case n.columns[k].List != list:
			continue // assigned elsewhere
		case t >= 0 && t != k && ofLine(match.Column):
			return in, nil, fmt.Errorf("orders: %s could be %q of the order or %q of its list %q: add --map %s=%s or --map %s=%s",
				match.Column, n.names[t], n.dotted(k), n.listName(list), match.Column, n.names[t], match.Column, n.dotted(k))
		case t < 0 || t == k:
			m.Hidden[k], names[k] = false, n.own(k)
		}
	}
	if k := top.Index(layout.Amount); k >= 0 && n.columns[k].List == "" && n.assigned(&in) && !n.ruled(top, layout.Amount) {
		m.Hidden[k] = true // quantity and unit_price of the lines were asked for by name
		evidence = append(evidence, fmt.Sprintf("%q is the amount of the order and not of a line: it is not read", n.names[k]))
	}
	r, err := layout.Resolve(layout.Orders, names, m)
	if err != nil {
		return r, nil, layout.Advised(err, layout.Orders, n.names, n.mapping)
	}
	n.rename(&r)
	return r, evidence, n.checkLevels(&r)
}

// ruled says that an assignment decided a column.
func (n *nesting) ruled(r *layout.Resolved, c layout.Column) bool {
	return slices.ContainsFunc(r.Matches, func(m layout.Match) bool { return m.Column == c && m.Rule == layout.RuleMap })
}

// rename gives the headers the names by which --map finds them.
func (n *nesting) rename(r *layout.Resolved) {
	r.Headers, r.Unmapped = n.names, nil
	used := make([]bool, len(n.names))
	for i := range r.Matches {
		m := &r.Matches[i]
		m.Header, used[m.Index] = n.names[m.Index], true
	}
	for k, name := range n.names {
		if !used[k] {
			r.Unmapped = append(r.Unmapped, name)
		}
	}
}

// ofLine tells the columns that say something of a line by itself; adds tells those of them that add up.
func ofLine(c layout.Column) bool {
	return c == layout.ProductID || c == layout.Category || adds(c)
}

func adds(c layout.Column) bool {
	switch c {
	case layout.Quantity, layout.UnitPrice, layout.Amount, layout.DiscountAmount, layout.UnitCost, layout.Cost, layout.Profit:
		return true
	}
	return false
}

// checkLevels refuses columns of two lists, and money beside the list that the rows come from: it would
// count once for each element.
func (n *nesting) checkLevels(r *layout.Resolved) error {
	list, first := "", -1
	var within, beside []string
	for _, m := range r.Matches {
		c := &n.columns[m.Index]
		switch {
		case parsed(m.Column) && c.Refusal != "":
			return nil // the caller refuses it by name
		case c.List == "" || !parsed(m.Column):
		case first < 0:
			list, first = c.List, m.Index
		case c.List != list:
			return fmt.Errorf("orders: columns %q and %q lie in different lists, %q and %q: a file is read along one list; choose with --map COLUMN=HEADER",
				n.columns[first].Name, c.Name, n.columns[first].List, c.List)
		}
	}
	if first < 0 {
		return nil
	}
	setting := ""
	for _, m := range r.Matches {
		said := fmt.Sprintf("%s (%q)", m.Column, n.names[m.Index])
		switch {
		case n.columns[m.Index].List == list && parsed(m.Column):
			within = append(within, said)
		case n.columns[m.Index].List == "" && adds(m.Column):
			beside = append(beside, said)
			setting = m.Column.String()
		}
	}
	if beside == nil {
		return nil
	}
	return fmt.Errorf("orders: %s of the order would count once for each element of its list %q, where %s: "+
		"map them to columns of the same level, --map %s=HEADER, or leave them out with a preset (%s: [])",
		strings.Join(beside, ", "), n.listName(list), strings.Join(within, ", ")+stands(len(within)), setting, setting)
}

func stands(n int) string {
	if n == 1 {
		return " stands"
	}
	return " stand"
}

// ambiguous refuses to choose between levels: the value of a line could be in each of them.
func (n *nesting) ambiguous(top *layout.Resolved, lists []string) error {
	var could, flags []string
	add := func(r *layout.Resolved, list, where string, name func(k int) string) {
		var of []string
		for _, m := range r.Matches {
			if n.columns[m.Index].List != list || m.Column != layout.Amount && m.Column != layout.Quantity && m.Column != layout.UnitPrice {
				continue
			}
			of = append(of, fmt.Sprintf("--map %s=%s", m.Column, name(m.Index)))
		}
		if of != nil {
			could, flags = append(could, where), append(flags, strings.Join(of, " "))
		}
	}
	add(top, "", "beside the lists", func(k int) string { return n.names[k] })
	for _, list := range lists {
		in := n.inside(list)
		add(&in, list, fmt.Sprintf("in the list %q", n.listName(list)), n.dotted)
	}
	return fmt.Errorf("orders: what a line is worth could stand %s, and money is read from one level only: add %s",
		strings.Join(could, " or "), strings.Join(flags, " or "))
}

// aside says which lists are left out where a row is an order.
func (n *nesting) aside(top *layout.Resolved) (out []string) {
	for _, list := range n.lists() {
		var left []string
		in := n.inside(list)
		for _, m := range in.Matches {
			if n.columns[m.Index].List == list && !top.Has(m.Column) {
				left = append(left, fmt.Sprintf("%s (%q)", m.Column, n.names[m.Index]))
			}
		}
		s := fmt.Sprintf("a row is an order, whose money stands beside the list %q: the list is not read", n.listName(list))
		if left != nil {
			s += ", and with it " + strings.Join(left, ", ")
		}
		out = append(out, s)
	}
	return out
}

// listName is the path of a list for people.
func (n *nesting) listName(list string) string {
	for _, c := range n.columns {
		if c.List == list {
			return dotted(c.Path[:1+strings.Count(list, ".")])
		}
	}
	return list
}
