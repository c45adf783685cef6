package filter

import (
	"cmp"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/table"
)

// Possible reports whether a row group of these bounds can hold a row that Select would keep. bounds is
// asked for columns of the condition only; table.File.Bounds is made for it. A column without stated
// bounds can hold anything.
func (c *Condition) Possible(bounds func(column string) table.Bounds) bool {
	return c.root.outcomes(bounds).yes
}

// Select appends to dst the rows of a table for which the condition is true, ascending. The table has
// the columns of the condition, of the kinds that Compile was given.
func (c *Condition) Select(dst []int32, t *table.Table) []int32 {
	truths := make([]truth, t.Rows())
	c.root.eval(truths, t)
	for i, v := range truths {
		if v == yes {
			dst = append(dst, int32(i))
		}
	}
	return dst
}

// column is the column of a name, which Compile has found in the fields.
func column(t *table.Table, name string) *table.Column {
	c, ok := t.Column(name)
	if !ok {
		panic("filter: the table has no column " + name)
	}
	return c
}

func (n *logicNode) eval(dst []truth, t *table.Table) {
	n.a.eval(dst, t)
	other := make([]truth, len(dst))
	n.b.eval(other, t)
	if n.and {
		for i, v := range other {
			dst[i] = min(dst[i], v)
		}
		return
	}
	for i, v := range other {
		dst[i] = max(dst[i], v)
	}
}

func (n *notNode) eval(dst []truth, t *table.Table) {
	n.x.eval(dst, t)
	for i, v := range dst {
		dst[i] = yes - v
	}
}

func (n *nullNode) eval(dst []truth, t *table.Table) {
	c := column(t, n.column)
	for i := range dst {
		dst[i] = no
		if c.Valid(i) == n.not {
			dst[i] = yes
		}
	}
}

func (n *wholeNode) eval(dst []truth, t *table.Table) {
	c := column(t, n.column)
	switch n.kind {
	case table.Int64:
		inSpans(dst, c.Ints(), n.spans)
	case table.Amount:
		inSpans(dst, c.Amounts(), n.spans)
	case table.Quantity:
		inSpans(dst, c.Quantities(), n.spans)
	case table.Day:
		inSpans(dst, c.Days(), n.spans)
	case table.Bool:
		hit := [2]truth{verdict(among(n.spans, 0)), verdict(among(n.spans, 1))}
		for i := range dst {
			dst[i] = hit[0]
			if c.Bool(i) {
				dst[i] = hit[1]
			}
		}
	}
	settle(dst, c, n.not)
}

func (n *doubleNode) eval(dst []truth, t *table.Table) {
	c := column(t, n.column)
	if len(n.spans) == 1 {
		s := n.spans[0]
		for i, v := range c.Floats() {
			dst[i] = verdict(s.low <= v && v <= s.high)
		}
	} else {
		for i, v := range c.Floats() {
			dst[i] = verdict(among(n.spans, v))
		}
	}
	settle(dst, c, n.not)
}

// inSpans sets dst by whether the cells are in the spans, null or not.
func inSpans[T ~int32 | ~int64](dst []truth, cells []T, spans []span[int64]) {
	if len(spans) == 1 {
		s := spans[0]
		for i, v := range cells {
			dst[i] = verdict(s.low <= int64(v) && int64(v) <= s.high)
		}
		return
	}
	for i, v := range cells {
		dst[i] = verdict(among(spans, int64(v)))
	}
}

func verdict(b bool) truth {
	if b {
		return yes
	}
	return no
}

// settle negates, and makes null cells unknown.
func settle(dst []truth, c *table.Column, not bool) {
	if not {
		for i, v := range dst {
			dst[i] = yes - v
		}
	}
	if c.Nulls() == 0 {
		return
	}
	for i := range dst {
		if !c.Valid(i) {
			dst[i] = unknown
		}
	}
}

// eval asks once a value where the column is coded.
func (n *textNode) eval(dst []truth, t *table.Table) {
	c := column(t, n.column)
	if c.Coded() {
		of := make([]truth, c.Values())
		for k := range of {
			of[k] = verdict(n.test.match(c.Value(k)))
		}
		for i := range dst {
			if c.Valid(i) {
				dst[i] = of[c.Code(i)]
			}
		}
	} else {
		for i := range dst {
			if c.Valid(i) {
				dst[i] = verdict(n.test.match(c.Text(i)))
			}
		}
	}
	settle(dst, c, n.not)
}

func (n *pairNode) eval(dst []truth, t *table.Table) {
	a, b := column(t, n.a), column(t, n.b)
	order := comparison(a, b)
	for i := range dst {
		dst[i] = unknown
		if a.Valid(i) && b.Valid(i) {
			dst[i] = verdict(holds(n.op, order(i)))
		}
	}
}

// comparison compares known cells of two columns, row by row: exactly where they are of one kind,
// numbers of different kinds as doubles.
func comparison(a, b *table.Column) func(i int) int {
	switch {
	case a.Kind() == table.String:
		return func(i int) int { return strings.Compare(a.Text(i), b.Text(i)) }
	case a.Kind() == table.Bool:
		return func(i int) int { return cmp.Compare(verdict(a.Bool(i)), verdict(b.Bool(i))) }
	case a.Kind() == table.Day:
		return func(i int) int { return cmp.Compare(a.Days()[i], b.Days()[i]) }
	case a.Kind() != b.Kind() || a.Kind() == table.Float64:
		return func(i int) int { return cmp.Compare(asDouble(a, i), asDouble(b, i)) }
	}
	x, y := integers(a), integers(b)
	return func(i int) int { return cmp.Compare(x(i), y(i)) }
}

func integers(c *table.Column) func(i int) int64 {
	switch c.Kind() {
	case table.Amount:
		return func(i int) int64 { return int64(c.Amounts()[i]) }
	case table.Quantity:
		return func(i int) int64 { return int64(c.Quantities()[i]) }
	}
	return func(i int) int64 { return c.Ints()[i] }
}

func asDouble(c *table.Column, i int) float64 {
	switch c.Kind() {
	case table.Amount:
		return c.Amounts()[i].Float()
	case table.Quantity:
		return c.Quantities()[i].Float()
	case table.Int64:
		return float64(c.Ints()[i])
	}
	return c.Floats()[i]
}
