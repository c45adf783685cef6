package table

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
)

// ErrForeign says that a Parquet file was not written by WriteParquet, or is damaged.
var ErrForeign = errors.New("not a whole Parquet file of vitalfew")

// Field is a column of a file.
type Field struct {
	Name, Unit string
	Kind       Kind
}

// File is an opened file that WriteParquet wrote, such as customers.parquet. Open reads the footer
// only; Read, ReadRows and Find read nothing but the columns and row groups that they need, and
// Bounds says beforehand which row groups can hold a value. A File is immutable and may be used from
// several goroutines if its io.ReaderAt may.
//
//	f, err := table.Open(r, size)
//	rows, err := f.Find("customer_id", "4711", workers)       one row group: ids ascend
//	who, err := f.ReadRows(nil, rows, workers)                 all columns of these rows
//	t, err := f.Read([]string{"tier", "net_sales"}, nil, workers)   two columns, all rows
//
// Pages carry checksums, which are verified; what is damaged is an error matching ErrForeign, never a
// panic. The footer has none: whoever needs certainty compares digests (publish.Verify).
type File struct {
	file   *parquetfile.File
	fields []Field
	index  map[string]int
	starts []int    // the first row of each row group, and the number of rows
	stated []stated // by row group
}

// Open opens a file of size bytes. It returns an error matching ErrForeign where the file is another's
// or damaged.
func Open(r io.ReaderAt, size int64) (f *File, err error) {
	defer func() { // the footer's decoder is the library's
		if p := recover(); p != nil {
			f, err = nil, fmt.Errorf("open Parquet: %w: %v", ErrForeign, p)
		}
	}()
	file, err := parquetfile.Open(r, size, parquetfile.Limits{})
	if err != nil {
		return nil, fmt.Errorf("open Parquet: %w: %w", ErrForeign, err)
	}
	f = &File{file: file, index: map[string]int{}}
	if err := f.decode(); err != nil {
		return nil, fmt.Errorf("open Parquet: %w: %w", ErrForeign, err)
	}
	return f, nil
}

// footer are the parts of the footer that package parquetfile has no use for.
type footer struct {
	RowGroups thrift.Slice[stated]          `thrift:"4,required"`
	Pairs     thrift.Slice[format.KeyValue] `thrift:"5,optional"`
}

func (f *File) decode() error {
	var meta footer
	r := new(thrift.CompactProtocol).NewReader(bytes.NewReader(f.file.Footer()))
	if err := thrift.NewDecoder(r).Decode(&meta); err != nil {
		return fmt.Errorf("footer: %w", err)
	}
	var units, kinds map[string]string
	for _, p := range meta.Pairs {
		switch p.Key {
		case unitsKey:
			if err := json.Unmarshal([]byte(p.Value), &units); err != nil {
				return fmt.Errorf("%s: %w", unitsKey, err)
			}
		case kindsKey:
			if err := json.Unmarshal([]byte(p.Value), &kinds); err != nil {
				return fmt.Errorf("%s: %w", kindsKey, err)
			}
		}
	}
	if units == nil || kinds == nil {
		return fmt.Errorf("it lacks the metadata %s or %s", kindsKey, unitsKey)
	}
	if f.file.Rows() > math.MaxInt32 {
		return fmt.Errorf("it has %d rows, a row number has 31 bits", f.file.Rows())
	}
	f.stated = meta.RowGroups
	rows := 0
	for g := range f.file.RowGroups() {
		f.starts = append(f.starts, rows)
		rows += int(f.file.GroupRows(g))
	}
	f.starts = append(f.starts, rows)
	return f.describe(units, kinds)
}

// describe holds what the metadata says of the columns against how they are stored.
func (f *File) describe(units, kinds map[string]string) error {
	for i, c := range f.file.Columns() {
		kind, ok := kindNamed(kinds[c.Name])
		if !ok || c.Refusal != "" || c.Kind != kind.delivered() || c.Kind == parquetfile.Decimal && c.Scale != 4 {
			return fmt.Errorf("column %q: kind %q stored as %s", c.Name, kinds[c.Name], c.Type)
		}
		if _, twice := f.index[c.Name]; twice {
			return fmt.Errorf("column %q occurs twice", c.Name)
		}
		f.index[c.Name] = i
		f.fields = append(f.fields, Field{c.Name, units[c.Name], kind})
	}
	if len(f.fields) == 0 {
		return errors.New("it has no columns")
	}
	return nil
}

func kindNamed(name string) (Kind, bool) {
	k := slices.IndexFunc([]Kind{String, Int64, Float64, Day, Amount, Quantity, Bool}, func(k Kind) bool { return k.String() == name })
	return Kind(k), k >= 0
}

// delivered is how package parquetfile delivers a kind.
func (k Kind) delivered() parquetfile.Kind {
	switch k {
	case String:
		return parquetfile.Bytes
	case Float64:
		return parquetfile.Float
	case Day:
		return parquetfile.Day
	case Bool:
		return parquetfile.Bool
	case Amount, Quantity:
		return parquetfile.Decimal
	}
	return parquetfile.Int
}

// Fields are the columns in order; not to be written to.
func (f *File) Fields() []Field { return f.fields }

// Field returns the column of a name.
func (f *File) Field(name string) (Field, bool) {
	i, ok := f.index[name]
	if !ok {
		return Field{}, false
	}
	return f.fields[i], true
}

// Rows is the number of rows.
func (f *File) Rows() int { return f.starts[f.Groups()] }

// Groups is the number of row groups.
func (f *File) Groups() int { return len(f.starts) - 1 }

// Span is the rows [lo, hi) of a row group, 0 <= group < Groups().
func (f *File) Span(group int) (lo, hi int) { return f.starts[group], f.starts[group+1] }
