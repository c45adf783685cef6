package parquetfile

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// GroupReader reads wanted columns of one row group in batches. It belongs to one goroutine at a time;
// several readers of one File may run at once.
//
// Where a wanted column lies inside a list, every element of the list is a row, and the other columns repeat
// their value for it. A row whose list is empty or null is one row without values in the list's columns; see Empty.
type GroupReader struct {
	file     *File
	what     string // "row group 3", for errors
	left     int64  // rows not delivered; elements where a list is read
	explode  *exploder
	chunks   []*chunk
	inflater *inflater
	err      error // of the last Next, which all later ones repeat
}

// Group starts reading the columns at indices cols, in that order, of row group i. A column with a
// Refusal or an index out of range is an error, and so are columns of different lists. Close gives the buffers back.
func (f *File) Group(i int, cols []int) (g *GroupReader, err error) {
	defer recoverTo(&err, fmt.Sprintf("row group %d", i))
	if i < 0 || i >= f.RowGroups() {
		return nil, fmt.Errorf("parquet: row group %d of %d", i, f.RowGroups())
	}
	for _, k := range cols {
		if k < 0 || k >= len(f.columns) {
			return nil, fmt.Errorf("parquet: column %d of %d", k, len(f.columns))
		}
		if c := &f.columns[k]; c.Refusal != "" {
			return nil, fmt.Errorf("parquet: column %q cannot be read: %s", c.Name, c.Refusal)
		}
	}
	lead, err := f.oneList(i, cols)
	if err != nil {
		return nil, err
	}
	meta := &f.meta.RowGroups[i]
	g = &GroupReader{file: f, what: fmt.Sprintf("row group %d", i), left: meta.NumRows}
	if g.inflater, _ = f.inflaters.Get().(*inflater); g.inflater == nil {
		g.inflater = new(inflater)
	}
	for _, k := range cols {
		c, _ := f.chunks.Get().(*chunk)
		if c == nil {
			c = new(chunk)
		}
		c.start(f, &f.columns[k], &meta.Columns[k].MetaData)
		g.chunks = append(g.chunks, c)
	}
	if lead >= 0 {
		g.left = meta.Columns[cols[lead]].MetaData.NumValues
		g.explode = newExploder(lead, meta.NumRows, len(cols))
	}
	return g, nil
}

// Next fills the vectors with the next n rows, 1 <= n <= max, and returns n: fewer than max where a page
// of any column ends. After the last row it returns 0 and io.EOF; any other error means that the file is
// corrupt or cannot be read, and that what was delivered so far is not the row group. max must be
// positive.
func (g *GroupReader) Next(max int) (n int, err error) {
	if max <= 0 {
		panic("parquetfile: Next of no rows")
	}
	if g.err == nil {
		n, g.err = g.next(max)
	}
	if g.err != nil {
		return 0, g.err
	}
	return n, nil
}

func (g *GroupReader) next(max int) (n int, err error) {
	defer recoverTo(&err, g.what)
	if g.explode != nil {
		return g.nextElements(max)
	}
	if g.left == 0 {
		return 0, g.finish()
	}
	n = int(min(int64(max), g.left))
	for _, c := range g.chunks {
		rows, err := c.available(g.inflater)
		if err != nil {
			return 0, g.fail(c, err)
		}
		n = min(n, rows)
	}
	for _, c := range g.chunks {
		if err := c.fill(n); err != nil {
			return 0, g.fail(c, err)
		}
	}
	g.left -= int64(n)
	return n, nil
}

// finish is io.EOF where every column ends with its last row.
func (g *GroupReader) finish() error {
	for _, c := range g.chunks {
		if err := c.finish(); err != nil {
			return g.fail(c, err)
		}
	}
	return io.EOF
}

func (g *GroupReader) fail(c *chunk, err error) error {
	return fmt.Errorf("parquet: %s, column %q: %w", g.what, c.col.Name, err)
}

// Vec returns the vector of the k-th wanted column.
func (g *GroupReader) Vec(k int) *Vector {
	if g.explode != nil && !g.chunks[k].col.Repeated {
		return &g.explode.wide[k]
	}
	return &g.chunks[k].vec
}

// Empty reports whether row i of the batch stands for an empty or null list, and not for an element of it.
func (g *GroupReader) Empty(i int) bool {
	if g.explode == nil {
		return false
	}
	c := g.chunks[g.explode.lead]
	return c.vec.Valid != nil && !c.vec.Valid[i] && c.levels[i] < uint32(c.col.listDef)
}

var errClosed = errors.New("parquet: the row group is closed")

// Close ends the reading; vectors are not valid after it. It may be called twice.
func (g *GroupReader) Close() {
	for _, c := range g.chunks {
		c.pages.r, c.dict = nil, nil
		c.vec.clear()
		g.file.chunks.Put(c)
	}
	if g.inflater != nil {
		g.file.inflaters.Put(g.inflater)
	}
	g.chunks, g.inflater, g.explode, g.err = nil, nil, nil, errClosed
}

// Index returns the index of the column of this name, -1 if there is none or more than one.
func (f *File) Index(name string) int {
	at := slices.IndexFunc(f.columns, func(c Column) bool { return c.Name == name })
	if at >= 0 && slices.ContainsFunc(f.columns[at+1:], func(c Column) bool { return c.Name == name }) {
		return -1
	}
	return at
}
