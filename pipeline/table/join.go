package table

import (
	"math"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// join puts columns of one field one below the other.
func join(f Field, parts []Column) Column {
	if len(parts) == 1 {
		return parts[0]
	}
	c := Column{Name: f.Name, Unit: f.Unit, kind: f.Kind}
	for i := range parts {
		c.n += parts[i].n
		c.nulls += parts[i].nulls
		if c.err == nil {
			c.err = parts[i].err
		}
	}
	if c.nulls > 0 {
		c.valid = joinBits(c.n, parts, func(p *Column) []byte { return p.valid })
	}
	switch f.Kind {
	case String:
		c.joinTexts(parts)
	case Float64:
		c.floats = joinAll(c.n, parts, func(p *Column) []float64 { return p.floats })
	case Day:
		c.days = joinAll(c.n, parts, func(p *Column) []civil.Day { return p.days })
	case Bool:
		c.bits = joinBits(c.n, parts, func(p *Column) []byte { return p.bits })
	default:
		c.ints = joinAll(c.n, parts, func(p *Column) []int64 { return p.ints })
	}
	return c
}

func joinAll[T any](n int, parts []Column, of func(*Column) []T) []T {
	out := make([]T, 0, n)
	for i := range parts {
		out = append(out, of(&parts[i])...)
	}
	return out
}

// joinBits joins packed bits; nil are ones. Parts that begin at a byte are copied.
func joinBits(n int, parts []Column, of func(*Column) []byte) []byte {
	out := make([]byte, (n+7)/8)
	at := 0
	for i := range parts {
		bits := of(&parts[i])
		if at&7 == 0 && bits != nil {
			copy(out[at>>3:], bits)
		} else {
			for k := range parts[i].n {
				if bits == nil || bits[k>>3]>>(k&7)&1 != 0 {
					out[(at+k)>>3] |= 1 << ((at + k) & 7)
				}
			}
		}
		at += parts[i].n
	}
	return out
}

// joinTexts keeps codes where each part has them, or has no known cell: a value has one code then.
func (c *Column) joinTexts(parts []Column) {
	coded := func(p Column) bool { return p.codes.coded() || p.nulls == p.n }
	if c.nulls < c.n && !slices.ContainsFunc(parts, func(p Column) bool { return !coded(p) }) {
		c.joinCodes(parts)
		return
	}
	size := 0
	for i := range parts {
		for k := range parts[i].n {
			size += len(parts[i].Text(k))
		}
	}
	c.offs = make([]int32, 1, c.n+1)
	if size > math.MaxInt32 {
		c.err = errText
		c.offs = make([]int32, c.n+1)
		return
	}
	c.text = make([]byte, 0, size)
	for i := range parts {
		for k := range parts[i].n {
			c.text = append(c.text, parts[i].Text(k)...)
			c.offs = append(c.offs, int32(len(c.text)))
		}
	}
}

func (c *Column) joinCodes(parts []Column) {
	var values []string
	place := map[string]uint32{}
	c.codes.u32 = make([]uint32, 0, c.n)
	for i := range parts {
		p := &parts[i]
		to := make([]uint32, p.Values())
		for k := range to {
			v := p.Value(k)
			at, ok := place[v]
			if !ok {
				at = uint32(len(values))
				values, place[v] = append(values, v), at
			}
			to[k] = at
		}
		for k := range p.n {
			code := uint32(0)
			if p.Valid(k) {
				code = to[p.codes.at(k)]
			}
			c.codes.u32 = append(c.codes.u32, code)
		}
	}
	c.setText(values)
}
