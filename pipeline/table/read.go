package table

import (
	"fmt"
	"io"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/span"
)

// ReadParquet reads the named columns, or all where none is named, of a file that WriteParquet wrote:
// Open and Read in one.
func ReadParquet(r io.ReaderAt, size int64, columns ...string) (*Table, error) {
	f, err := Open(r, size)
	if err != nil {
		return nil, err
	}
	return f.Read(columns, nil, 1)
}

// Read reads columns (none named: all) of row groups (nil: all), in the order given, on up to workers
// goroutines. A column that was written coded comes back coded. It returns an error matching
// ErrNoColumn where the file lacks a column and ErrForeign where it is damaged.
func (f *File) Read(columns []string, groups []int, workers int) (*Table, error) {
	if groups == nil {
		groups = make([]int, f.Groups())
		for g := range groups {
			groups[g] = g
		}
	}
	wanted := make([]pick, len(groups))
	for k, g := range groups {
		wanted[k] = pick{group: g, all: true}
	}
	return f.read(columns, wanted, workers)
}

// ReadRows reads columns (none named: all) of rows, in the order given; a row may come twice. Only the
// row groups that hold them are read, and rows outside the file are a fault of the caller.
func (f *File) ReadRows(columns []string, rows []int32, workers int) (*Table, error) {
	ascending := slices.Clone(rows)
	slices.Sort(ascending)
	ascending = slices.Compact(ascending)
	if n := len(ascending); n > 0 && (ascending[0] < 0 || int(ascending[n-1]) >= f.Rows()) {
		panic(fmt.Sprintf("table: rows %d..%d of %d", ascending[0], ascending[n-1], f.Rows()))
	}
	t, err := f.read(columns, f.picks(ascending), workers)
	if err != nil || slices.Equal(rows, ascending) {
		return t, err
	}
	defer t.Release()
	places := make([]int32, len(rows))
	for k, r := range rows {
		at, _ := slices.BinarySearch(ascending, r)
		places[k] = int32(at)
	}
	return t.Take(places)
}

// picks says which rows to take of which row group.
func (f *File) picks(ascending []int32) (out []pick) {
	for g := 0; len(ascending) > 0; g++ {
		lo, hi := f.Span(g)
		n, _ := slices.BinarySearch(ascending, int32(hi))
		if n == 0 {
			continue
		}
		p := pick{group: g, rows: make([]int32, n)}
		for k, r := range ascending[:n] {
			p.rows[k] = r - int32(lo)
		}
		out, ascending = append(out, p), ascending[n:]
	}
	return out
}

// pick are the rows of a row group that are read: ascending, counted from its start.
type pick struct {
	group int
	all   bool
	rows  []int32
}

func (f *File) read(columns []string, picks []pick, workers int) (*Table, error) {
	places, err := f.places(columns)
	if err != nil {
		return nil, fmt.Errorf("read Parquet: %w", err)
	}
	parts := make([][]Column, len(places))
	for k := range parts {
		parts[k] = make([]Column, len(picks))
	}
	errs := make([]error, len(places)*len(picks))
	span.Each(len(errs), 1, workers, func(task, _, _ int) {
		k, at := task%len(places), task/len(places)
		p := &picks[at]
		parts[k][at], errs[task] = f.readPart(p.group, places[k], p.rows, p.all)
	})
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("read Parquet: %w", err)
		}
	}
	cols := make([]Column, len(places))
	span.Each(len(cols), 1, workers, func(k, _, _ int) { cols[k] = join(f.fields[places[k]], parts[k]) })
	t, err := New(cols...)
	if err != nil {
		return nil, fmt.Errorf("read Parquet: %w: %w", ErrForeign, err)
	}
	return t, nil
}

func (f *File) places(columns []string) ([]int, error) {
	var places []int
	if len(columns) == 0 {
		for i := range f.fields {
			places = append(places, i)
		}
	}
	for _, name := range columns {
		i, ok := f.index[name]
		if !ok {
			return nil, fmt.Errorf("column %q: %w", name, ErrNoColumn)
		}
		places = append(places, i)
	}
	return places, nil
}

// Find returns the rows, ascending, whose cell in a String column is the text. Row groups whose bounds
// leave it out are not read: in a column that ascends, such as customer_id, all but one.
func (f *File) Find(column, text string, workers int) ([]int32, error) {
	field, ok := f.Field(column)
	if !ok {
		return nil, fmt.Errorf("find %q: column %q: %w", text, column, ErrNoColumn)
	}
	if field.Kind != String {
		panic("table: Find in " + column + " of kind " + field.Kind.String())
	}
	var found []int32
	for g := range f.Groups() {
		b := f.Bounds(g, column)
		if b.Empty() || b.Stated && (text < b.Texts[0] || text > b.Texts[1]) {
			continue
		}
		t, err := f.Read([]string{column}, []int{g}, workers)
		if err != nil {
			return nil, err
		}
		c, lo := &t.Columns()[0], f.starts[g]
		for i := range c.Len() {
			if c.Valid(i) && c.Text(i) == text {
				found = append(found, int32(lo+i))
			}
		}
		t.Release()
	}
	return found, nil
}
