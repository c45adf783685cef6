package parquetfile

import "fmt"

// exploder reads a row group along a list: an element a row. Every slot of the list's columns, a value or
// the place of one that is not there, is a row; repetition level 0 begins the next row of the other columns
// (Dremel, Melnik et al., VLDB 2010, section 4.1).
type exploder struct {
	lead  int   // place among the wanted columns of one of the list's
	rows  int64 // that the row group counts
	begun int64 // of them so far

	reps, others []uint32
	at           []int    // of each element: its row among those filled now, -1 for the last one before
	wide, last   []Vector // of the columns outside the list: a value an element; that of the last row
}

func newExploder(lead int, rows int64, columns int) *exploder {
	return &exploder{lead: lead, rows: rows, wide: make([]Vector, columns), last: make([]Vector, columns)}
}

// oneList returns the place of a wanted column inside a list, -1 for none; columns of two lists, or of one
// whose columns count different elements, are an error.
func (f *File) oneList(group int, cols []int) (lead int, err error) {
	lead = -1
	counts := f.meta.RowGroups[group].Columns
	for i, k := range cols {
		c := &f.columns[k]
		if !c.Repeated {
			continue
		}
		if lead < 0 {
			lead = i
			continue
		}
		first := &f.columns[cols[lead]]
		if first.List != c.List {
			return 0, fmt.Errorf("parquet: columns %q and %q lie in different lists, %q and %q: a file is read along one list; read them apart",
				first.Name, c.Name, first.List, c.List)
		}
		if a, b := counts[cols[lead]].MetaData.NumValues, counts[k].MetaData.NumValues; a != b {
			return 0, fmt.Errorf("parquet: row group %d: columns %q and %q of one list count %d and %d elements", group, first.Name, c.Name, a, b)
		}
	}
	return lead, nil
}

// Elements returns how many rows the columns at indices cols give in row group i: the elements of their
// list, or the rows where none lies in a list.
func (f *File) Elements(i int, cols []int) int64 {
	for _, k := range cols {
		if f.columns[k].Repeated {
			return f.meta.RowGroups[i].Columns[k].MetaData.NumValues
		}
	}
	return f.meta.RowGroups[i].NumRows
}

// checkElements bounds the elements of lists by the size of the file, as its rows are.
func (f *File) checkElements() error {
	for k := range f.columns {
		if !f.columns[k].Repeated {
			continue
		}
		sum := int64(0)
		for i := range f.meta.RowGroups {
			n := f.meta.RowGroups[i].Columns[k].MetaData.NumValues
			if sum += n; n > 1<<62 || sum-rowsFloor > 0 && (sum-rowsFloor)/f.lim.RowsPerByte > f.size {
				return fmt.Errorf("column %q counts %d elements in %d bytes: more than the limit of %d a byte", f.columns[k].Name, sum, f.size, f.lim.RowsPerByte)
			}
		}
	}
	return nil
}

// nextElements is next along a list.
func (g *GroupReader) nextElements(max int) (n int, err error) {
	e := g.explode
	if g.left == 0 {
		if e.begun != e.rows {
			return 0, g.fail(g.chunks[e.lead], fmt.Errorf("lists of %d rows, but the row group counts %d", e.begun, e.rows))
		}
		return 0, g.finish()
	}
	n = int(min(int64(max), g.left))
	for _, c := range g.chunks {
		if !c.col.Repeated && c.rows == 0 && c.left == 0 {
			continue // its last row goes on
		}
		rows, err := c.available(g.inflater)
		if err != nil {
			return 0, g.fail(c, err)
		}
		n = min(n, rows)
	}
	begun, err := g.levels(n)
	if err != nil {
		return 0, err
	}
	for k, c := range g.chunks {
		if err := g.fillElements(k, c, n, begun); err != nil {
			return 0, g.fail(c, err)
		}
	}
	e.begun += int64(begun)
	g.left -= int64(n)
	return n, nil
}

// levels reads the repetition levels of n elements, which all columns of the list share, and returns how many
// rows begin.
func (g *GroupReader) levels(n int) (begun int, err error) {
	e := g.explode
	e.reps, e.others, e.at = sized(e.reps, n), sized(e.others, n), sized(e.at, n)
	for k, c := range g.chunks {
		if !c.col.Repeated {
			continue
		}
		into := e.others
		if k == e.lead {
			into = e.reps
		}
		if _, err := c.reps.read(into); err != nil {
			return 0, g.fail(c, fmt.Errorf("repetition levels: %w", err))
		}
		for i, level := range into {
			if k > e.lead && level != e.reps[i] {
				return 0, g.fail(c, fmt.Errorf("its lists are not as long as those of %q", g.chunks[e.lead].col.Name))
			}
		}
	}
	if e.begun == 0 && e.reps[0] != 0 {
		return 0, g.fail(g.chunks[e.lead], fmt.Errorf("the first row begins with repetition level %d", e.reps[0]))
	}
	for i, level := range e.reps {
		if level == 0 {
			begun++
		}
		e.at[i] = begun - 1
	}
	if e.begun+int64(begun) > e.rows {
		return 0, g.fail(g.chunks[e.lead], fmt.Errorf("more lists than the %d rows of the row group", e.rows))
	}
	return begun, nil
}

// fillElements fills a column of the list with n elements, another with the rows that begin, widened.
func (g *GroupReader) fillElements(k int, c *chunk, n, begun int) error {
	if c.col.Repeated {
		return c.fill(n)
	}
	if begun > c.rows {
		return fmt.Errorf("column has fewer rows than its row group")
	}
	if begun > 0 {
		if err := c.fill(begun); err != nil {
			return err
		}
	}
	e := g.explode
	widen(&e.wide[k], &c.vec, &e.last[k], e.at)
	if begun > 0 {
		widen(&e.last[k], &c.vec, nil, []int{begun - 1})
	}
	return nil
}

// widen sets dst to the rows at of src, where -1 is the row of last. Bytes are copied, because last outlives
// the page; a row that comes again points to the same ones.
func widen(dst, src, last *Vector, at []int) {
	n := len(at)
	v := Vector{Kind: src.Kind, Scale: src.Scale, Unit: src.Unit, UTC: src.UTC, Len: n, floatBits: src.floatBits}
	v.Valid, v.Ints, v.Floats, v.spans, v.raw = sized(dst.Valid, n), sized(dst.Ints, n), sized(dst.Floats, n), sized(dst.spans, n), dst.raw[:0]
	v.Over = sized(dst.Over, n)
	nulls, over := false, false
	for i, row := range at {
		if i > 0 && row == at[i-1] {
			v.Valid[i], v.Ints[i], v.Floats[i], v.spans[i], v.Over[i] = v.Valid[i-1], v.Ints[i-1], v.Floats[i-1], v.spans[i-1], v.Over[i-1]
			continue
		}
		from := src
		if row < 0 {
			from, row = last, 0
		}
		v.Valid[i], v.Over[i], v.Ints[i], v.Floats[i] = !from.Null(row), from.IsOver(row), 0, 0
		if row < len(from.Ints) {
			v.Ints[i] = from.Ints[row]
		}
		if row < len(from.Floats) {
			v.Floats[i] = from.Floats[row]
		}
		start := uint32(len(v.raw))
		v.raw = append(v.raw, from.Bytes(row)...)
		v.spans[i] = span{start, uint32(len(v.raw))}
		nulls, over = nulls || !v.Valid[i], over || v.Over[i]
	}
	*dst = v
	if !nulls {
		dst.Valid = nil
	}
	if !over {
		dst.Over = nil
	}
}
