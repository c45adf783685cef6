package table

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// Stack puts the rows of tables one below the other in the named columns. A column takes unit and kind
// from the first table that has it, and is null for the rows of those that have not; each has to be in
// one of them. Tables that give a name different kinds are an error.
func Stack(columns []string, tables ...*Table) (*Table, error) {
	cols := make([]Column, len(columns))
	for k, name := range columns {
		var f Field
		found := false
		for _, t := range tables {
			if c, ok := t.Column(name); ok && !found {
				f, found = Field{name, c.Unit, c.kind}, true
			} else if ok && c.kind != f.Kind {
				return nil, fmt.Errorf("stack tables: column %q is %v in one and %v in another", name, f.Kind, c.kind)
			}
		}
		if !found {
			return nil, fmt.Errorf("stack tables: column %q: %w", name, ErrNoColumn)
		}
		parts := make([]Column, len(tables))
		for i, t := range tables {
			if c, ok := t.Column(name); ok {
				parts[i] = *c
			} else {
				parts[i] = unknownColumn(f, t.Rows())
			}
		}
		cols[k] = join(f, parts)
	}
	return New(cols...)
}

// unknownColumn is a column of nulls.
func unknownColumn(f Field, n int) Column {
	p := part{valid: make([]bool, n)}
	switch f.Kind {
	case String:
		p.ends = make([]int32, n)
	case Float64:
		p.floats = make([]float64, n)
	case Day:
		p.days = make([]civil.Day, n)
	case Bool:
		p.bools = make([]bool, n)
	default:
		p.ints = make([]int64, n)
	}
	return p.column(f)
}
