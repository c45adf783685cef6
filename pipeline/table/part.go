package table

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
)

// part gathers the cells of one column of one row group.
type part struct {
	valid  []bool
	ints   []int64
	floats []float64
	days   []civil.Day
	bools  []bool
	ends   []int32
	text   []byte
	codes  []uint32
	dict   *parquetfile.Dictionary // of codes; nil: the texts are plain
}

// batch is how many cells are decoded at once; a page has no more.
const batch = pageRows

// readPart reads column i of a row group: all cells, or those of the rows, which ascend and count from
// the start of the group.
func (f *File) readPart(group, i int, rows []int32, all bool) (Column, error) {
	g, err := f.file.Group(group, []int{i})
	if err != nil {
		return Column{}, fmt.Errorf("%w: %w", ErrForeign, err)
	}
	defer g.Close()
	kind := f.fields[i].Kind
	var p part
	lo, hi := f.Span(group)
	if !all {
		lo, hi = 0, len(rows)
	}
	p.room(kind, hi-lo)
	var wanted [batch]int32
	for at := 0; all || len(rows) > 0; {
		n, err := g.Next(batch)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Column{}, fmt.Errorf("%w: %w", ErrForeign, err)
		}
		some := wanted[:0]
		if all {
			for k := range n {
				some = append(some, int32(k))
			}
		} else {
			for len(rows) > 0 && int(rows[0]) < at+n {
				some, rows = append(some, rows[0]-int32(at)), rows[1:]
			}
		}
		if err := p.add(kind, g.Vec(0), some); err != nil {
			return Column{}, fmt.Errorf("%w: %w", ErrForeign, err)
		}
		at += n
	}
	return p.column(f.fields[i]), nil
}

// room makes room for n cells of which most are known.
func (p *part) room(kind Kind, n int) {
	p.valid = make([]bool, 0, n)
	switch kind {
	case String:
	case Float64:
		p.floats = make([]float64, 0, n)
	case Day:
		p.days = make([]civil.Day, 0, n)
	case Bool:
		p.bools = make([]bool, 0, n)
	default:
		p.ints = make([]int64, 0, n)
	}
}

// add appends the cells of some rows of a vector; as many as it has are all.
func (p *part) add(kind Kind, v *parquetfile.Vector, rows []int32) error {
	before := len(p.valid)
	for _, r := range rows {
		p.valid = append(p.valid, v.Valid == nil || v.Valid[r])
	}
	switch kind {
	case String:
		return p.addTexts(v, rows, p.valid[before:])
	case Float64:
		p.floats = appendCells(p.floats, v.Floats[:v.Len], rows)
	case Day:
		for _, r := range rows {
			day, _ := v.Day(int(r))
			p.days = append(p.days, day)
		}
	case Bool:
		for _, r := range rows {
			p.bools = append(p.bools, v.Ints[r] != 0)
		}
	default:
		p.ints = appendCells(p.ints, v.Ints[:v.Len], rows)
	}
	return nil
}

func appendCells[T any](dst, cells []T, rows []int32) []T {
	if len(rows) == len(cells) {
		return append(dst, cells...)
	}
	for _, r := range rows {
		dst = append(dst, cells[r])
	}
	return dst
}

// addTexts keeps codes as long as every page has them, as WriteParquet does for a coded column.
func (p *part) addTexts(v *parquetfile.Vector, rows []int32, valid []bool) error {
	if v.Dict != nil && p.ends == nil {
		p.dict = v.Dict
		p.codes = appendCells(p.codes, v.Codes[:v.Len], rows)
		return nil
	}
	if err := p.plain(p.valid[:len(p.valid)-len(rows)]); err != nil {
		return err
	}
	for k, r := range rows {
		if valid[k] {
			p.text = append(p.text, v.Bytes(int(r))...)
		}
		if len(p.text) > math.MaxInt32 {
			return errText
		}
		p.ends = append(p.ends, int32(len(p.text)))
	}
	return nil
}

var errText = errors.New("more than 2 GiB of text in a column")

// plain turns codes into texts.
func (p *part) plain(valid []bool) error {
	if p.ends != nil {
		return nil
	}
	p.ends = make([]int32, 0, cap(p.valid))
	for k, code := range p.codes {
		if valid[k] {
			p.text = append(p.text, p.dict.Bytes(int(code))...)
		}
		if len(p.text) > math.MaxInt32 {
			return errText
		}
		p.ends = append(p.ends, int32(len(p.text)))
	}
	p.codes, p.dict = nil, nil
	return nil
}

func (p *part) column(f Field) Column {
	switch f.Kind {
	case String:
		if p.dict != nil {
			values := make([]string, p.dict.Len())
			for k := range values {
				values[k] = string(p.dict.Bytes(k))
			}
			return Coded(f.Name, f.Unit, p.codes, values, p.valid)
		}
		c := newColumn(f.Name, f.Unit, String, len(p.valid), p.valid)
		c.offs, c.text = append([]int32{0}, p.ends...), p.text
		return c
	case Float64:
		return Floats(f.Name, f.Unit, p.floats, p.valid)
	case Day:
		return Days(f.Name, f.Unit, p.days, p.valid)
	case Amount:
		return Amounts(f.Name, f.Unit, recast[money.Amount](p.ints), p.valid)
	case Quantity:
		return Quantities(f.Name, f.Unit, recast[money.Quantity](p.ints), p.valid)
	case Bool:
		return Bools(f.Name, f.Unit, p.bools, p.valid)
	}
	return Ints(f.Name, f.Unit, p.ints, p.valid)
}
