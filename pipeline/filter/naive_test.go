package filter

import (
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/table"
)

// NaiveSelect is the twin of Select: the parsed condition, row by row, with exact numbers.
func (c *Condition) NaiveSelect(t *table.Table) (rows []int32) {
	for i := range t.Rows() {
		if v := naive(c.tree, t, i); v != nil && *v {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

// naive is the truth of a condition on a row; nil is unknown.
func naive(e expr, t *table.Table, i int) *bool {
	said := func(b bool) *bool { return &b }
	not := func(v *bool) *bool {
		if v == nil {
			return nil
		}
		return said(!*v)
	}
	switch e := e.(type) {
	case *negation:
		return not(naive(e.x, t, i))
	case *logic:
		a, b := naive(e.a, t, i), naive(e.b, t, i)
		for _, v := range []*bool{a, b} {
			if v != nil && *v != e.and { // false decides and, true decides or
				return v
			}
		}
		if a == nil || b == nil {
			return nil
		}
		return said(e.and)
	case *null:
		return said((naiveCell(e.col, nil, t, i) == nil) != e.not)
	case *bare:
		v, ok := naiveCell(e.col, nil, t, i).(bool)
		if !ok {
			return nil
		}
		return &v
	case *compare:
		return naiveCompare(e.op, e.a, e.b, t, i)
	case *between:
		v := naive(&logic{true, &compare{">=", e.col, e.low, e.col}, &compare{"<=", e.col, e.top, e.col}}, t, i)
		if e.not {
			return not(v)
		}
		return v
	case *within:
		any := false
		for _, l := range e.list {
			v := naiveCompare("=", e.col, l, t, i)
			if v == nil {
				return nil
			}
			any = any || *v
		}
		return said(any != e.not)
	case *like:
		s, ok := naiveCell(e.col, nil, t, i).(string)
		if !ok {
			return nil
		}
		return said(naiveLike(s, e.pattern.text) != e.not)
	}
	panic("unknown expression")
}

func naiveLike(s, pattern string) bool {
	var re strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			re.WriteString(regexp.QuoteMeta(string(r)))
			escaped = false
		case r == '\\':
			escaped = true
		case r == '%':
			re.WriteString("(?s:.*)")
		case r == '_':
			re.WriteString("(?s:.)")
		default:
			re.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	if escaped {
		re.WriteString(`\\`)
	}
	return regexp.MustCompile(`\A(?:` + re.String() + `)\z`).MatchString(s)
}

func naiveCompare(op string, a, b token, t *table.Table, i int) *bool {
	ca, cb := naiveColumn(a, t), naiveColumn(b, t)
	x, y := naiveCell(a, cb, t, i), naiveCell(b, ca, t, i)
	if ca != nil && cb != nil && ca.Kind() != cb.Kind() && class(ca.Kind()) == -1 { // as doubles
		x, y = naiveDouble(x), naiveDouble(y)
	}
	if x == nil || y == nil {
		return nil
	}
	var c int
	switch v := x.(type) {
	case string:
		c = strings.Compare(v, y.(string))
	case bool:
		c = 1
		if v == y.(bool) {
			c = 0
		}
	case *big.Rat:
		c = v.Cmp(y.(*big.Rat))
	}
	r := map[string]bool{"=": c == 0, "<>": c != 0, "<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0}[op]
	return &r
}

func naiveDouble(v any) any {
	if r, ok := v.(*big.Rat); ok {
		f, _ := r.Float64()
		return new(big.Rat).SetFloat64(f)
	}
	return v
}

func naiveColumn(tok token, t *table.Table) *table.Column {
	if !tok.column() {
		return nil
	}
	i := slices.IndexFunc(t.Columns(), func(c table.Column) bool { return strings.EqualFold(c.Name, tok.text) })
	return &t.Columns()[i]
}

// naiveCell is nil for null, else a string, bool or number; other is the column on the other side.
func naiveCell(tok token, other *table.Column, t *table.Table, i int) any {
	c := naiveColumn(tok, t)
	if c == nil {
		return naiveLiteral(tok, other.Kind())
	}
	if !c.Valid(i) {
		return nil
	}
	switch c.Kind() {
	case table.String:
		return c.Text(i)
	case table.Bool:
		return c.Bool(i)
	case table.Int64:
		return big.NewRat(c.Ints()[i], 1)
	case table.Day:
		return big.NewRat(int64(c.Days()[i]), 1)
	case table.Amount:
		return big.NewRat(int64(c.Amounts()[i]), 10_000)
	case table.Quantity:
		return big.NewRat(int64(c.Quantities()[i]), 10_000)
	}
	return new(big.Rat).SetFloat64(c.Floats()[i])
}

func naiveLiteral(tok token, k table.Kind) any {
	v, ok := read(k, tok)
	if !ok {
		panic("Compile let a literal pass")
	}
	switch k {
	case table.String:
		return v.text
	case table.Bool:
		return v.number.Sign() != 0
	case table.Float64:
		return naiveDouble(v.number)
	}
	return v.number
}
