package table

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

const maxFooter = 16 << 20

// NaiveReadParquet is the twin of ReadParquet: the library's own reader, cell by cell.
func NaiveReadParquet(r io.ReaderAt, size int64, columns ...string) (t *Table, err error) {
	defer func() {
		if p := recover(); p != nil {
			t, err = nil, fmt.Errorf("read Parquet: %w: %v", ErrForeign, p)
		}
	}()
	if err := checkEnds(r, size); err != nil {
		return nil, fmt.Errorf("read Parquet: %w", err)
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("read Parquet: %w: %w", ErrForeign, err)
	}
	d := decoder{file: f}
	if err := d.open(size); err != nil {
		return nil, fmt.Errorf("read Parquet: %w", err)
	}
	if len(columns) == 0 {
		for _, field := range f.Schema().Fields() {
			columns = append(columns, field.Name())
		}
	}
	cols := make([]Column, len(columns))
	for i, name := range columns {
		if cols[i], err = d.column(name); err != nil {
			return nil, fmt.Errorf("read Parquet: column %q: %w", name, err)
		}
	}
	return New(cols...)
}

// checkEnds checks the magic at both ends and the length of the footer.
func checkEnds(r io.ReaderAt, size int64) error {
	var head [4]byte
	var tail [8]byte
	if size < 12 {
		return fmt.Errorf("%w: it has %d bytes", ErrForeign, size)
	}
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return err
	}
	if _, err := r.ReadAt(tail[:], size-8); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	footer := int64(binary.LittleEndian.Uint32(tail[:4]))
	if !bytes.Equal(head[:], []byte("PAR1")) || !bytes.Equal(tail[4:], []byte("PAR1")) || footer > min(size-12, maxFooter) {
		return fmt.Errorf("%w: magic or footer length is wrong", ErrForeign)
	}
	return nil
}

// decoder reads columns of one file.
type decoder struct {
	file         *parquet.File
	units, kinds map[string]string
	values       [1024]parquet.Value
}

// open checks what the footer says and reads our metadata.
func (d *decoder) open(size int64) error {
	kinds, ok := d.file.Lookup(kindsKey)
	units, ok2 := d.file.Lookup(unitsKey)
	if !ok || !ok2 || json.Unmarshal([]byte(kinds), &d.kinds) != nil || json.Unmarshal([]byte(units), &d.units) != nil {
		return fmt.Errorf("%w: it lacks the metadata %s or %s", ErrForeign, kindsKey, unitsKey)
	}
	var rows int64
	meta := d.file.Metadata()
	for _, g := range meta.RowGroups {
		rows += g.NumRows
		for _, c := range g.Columns {
			m := &c.MetaData
			if g.NumRows < 0 || m.NumValues != g.NumRows || m.TotalCompressedSize < 0 || m.DataPageOffset < 4 ||
				m.DictionaryPageOffset < 0 || m.DataPageOffset > size-m.TotalCompressedSize {
				return fmt.Errorf("%w: its footer contradicts itself", ErrForeign)
			}
		}
	}
	if rows != meta.NumRows || rows > math.MaxInt32 {
		return fmt.Errorf("%w: its row groups have %d rows, its footer says %d", ErrForeign, rows, meta.NumRows)
	}
	return nil
}

// cells gathers a column while it is read.
type cells struct {
	valid  []bool
	ints   []int64
	floats []float64
	days   []civil.Day
	bools  []bool
	ends   []int32
	text   []byte
}

func (d *decoder) column(name string) (Column, error) {
	leaf, ok := d.file.Schema().Lookup(name)
	if !ok {
		return Column{}, ErrNoColumn
	}
	kind := Kind(slices.IndexFunc([]Kind{String, Int64, Float64, Day, Amount, Quantity, Bool}, func(k Kind) bool {
		return k.String() == d.kinds[name]
	}))
	if kind >= kinds || !leaf.Node.Leaf() || leaf.Node.Type().Kind() != physical(kind) {
		return Column{}, fmt.Errorf("%w: kind %q stored as %v", ErrForeign, d.kinds[name], leaf.Node.Type())
	}
	var c cells
	for _, g := range d.file.RowGroups() {
		before := len(c.valid)
		if err := d.readChunk(&c, kind, g.ColumnChunks()[leaf.ColumnIndex]); err != nil {
			return Column{}, err
		}
		if int64(len(c.valid)-before) != g.NumRows() {
			return Column{}, fmt.Errorf("%w: %d cells in a row group of %d rows", ErrForeign, len(c.valid)-before, g.NumRows())
		}
	}
	return c.column(name, d.units[name], kind), nil
}

// physical is how a kind is stored.
func physical(k Kind) parquet.Kind {
	switch k {
	case String:
		return parquet.ByteArray
	case Float64:
		return parquet.Double
	case Day:
		return parquet.Int32
	case Bool:
		return parquet.Boolean
	}
	return parquet.Int64
}

func (d *decoder) readChunk(c *cells, kind Kind, chunk parquet.ColumnChunk) (err error) {
	pages := chunk.Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrForeign, err)
		}
		err = d.readPage(c, kind, page)
		parquet.Release(page)
		if err != nil {
			return err
		}
	}
}

func (d *decoder) readPage(c *cells, kind Kind, page parquet.Page) error {
	values := page.Values()
	for {
		n, err := values.ReadValues(d.values[:])
		for _, v := range d.values[:n] {
			if err := c.add(kind, v); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrForeign, err)
		}
		if n == 0 {
			return fmt.Errorf("%w: a page ends early", ErrForeign)
		}
	}
}

func (c *cells) add(kind Kind, v parquet.Value) error {
	known := !v.IsNull()
	c.valid = append(c.valid, known)
	switch kind {
	case String:
		if known {
			c.text = append(c.text, v.ByteArray()...)
		}
		if len(c.text) > math.MaxInt32 {
			return errors.New("more than 2 GiB of text")
		}
		c.ends = append(c.ends, int32(len(c.text)))
	case Float64:
		c.floats = append(c.floats, v.Double())
	case Day:
		day := civil.Unknown
		if known {
			day = civil.Day(v.Int32())
		}
		c.days = append(c.days, day)
	case Bool:
		c.bools = append(c.bools, known && v.Boolean())
	default:
		c.ints = append(c.ints, v.Int64())
	}
	return nil
}

func (c *cells) column(name, unit string, kind Kind) Column {
	switch kind {
	case String:
		col := newColumn(name, unit, String, len(c.valid), c.valid)
		col.offs, col.text = append([]int32{0}, c.ends...), c.text
		return col
	case Float64:
		return Floats(name, unit, c.floats, c.valid)
	case Day:
		return Days(name, unit, c.days, c.valid)
	case Amount:
		return Amounts(name, unit, recast[money.Amount](c.ints), c.valid)
	case Quantity:
		return Quantities(name, unit, recast[money.Quantity](c.ints), c.valid)
	case Bool:
		return Bools(name, unit, c.bools, c.valid)
	}
	return Ints(name, unit, c.ints, c.valid)
}
