package table

import (
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/compress/snappy"
	"github.com/parquet-go/parquet-go/compress/uncompressed"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding"
)

// NaiveParquet is the twin of WriteParquet: the library's own writer, which knows nothing of ours.
func NaiveParquet(w io.Writer, t *Table, rows []int32, opts ParquetOptions) error {
	const batch = 1024 // cells that go to the library at once
	size := opts.RowGroup
	if size <= 0 {
		size = defaultRowGroup
	}
	pw := parquet.NewGenericWriter[any](w, t.parquetOptions(opts.Codec)...)
	for lo, n := 0, t.count(rows); lo < n; lo += size {
		rg := pw.BeginRowGroup()
		hi := min(lo+size, n)
		for i, cw := range rg.ColumnWriters() {
			for from := lo; from < hi; from += batch {
				part := stretch(rows, from, min(from+batch, hi), nil)
				values := make([]parquet.Value, len(part))
				t.cols[i].parquetValues(values, part)
				if _, err := cw.WriteRowValues(values); err != nil {
					return err
				}
			}
			if err := cw.Flush(); err != nil {
				return err
			}
		}
		if _, err := rg.Commit(); err != nil {
			return err
		}
	}
	return pw.Close()
}

// parquetOptions are functional options throughout: the library's config structs lose zero values.
func (t *Table) parquetOptions(codec Codec) []parquet.WriterOption {
	units, names := map[string]string{}, map[string]string{}
	opts := []parquet.WriterOption{
		parquet.NewSchema("customers", schemaNode{t.parquetFields()}),
		parquet.CreatedBy("vitalfew", "1", "table"),
		parquet.Compression(codec.compressor()),
		parquet.DataPageStatistics(false), // those of the column chunk and the page index are enough
	}
	for i := range t.cols {
		c := &t.cols[i]
		names[c.Name] = c.kind.String()
		if c.Unit != "" {
			units[c.Name] = c.Unit
			opts = append(opts, parquet.KeyValueMetadata(unitPrefix+c.Name, c.Unit))
		}
	}
	return append(opts, parquet.KeyValueMetadata(unitsKey, object(units)), parquet.KeyValueMetadata(kindsKey, object(names)))
}

func (c Codec) compressor() compress.Codec {
	switch c {
	case Snappy:
		return &snappy.Codec{}
	case Uncompressed:
		return &uncompressed.Codec{}
	}
	return &zstd.Codec{Level: zstd.SpeedFastest, Concurrency: 1}
}

// schemaNode is a group that keeps the columns in their order; parquet.Group sorts them by name.
type schemaNode struct{ fields []parquet.Field }

// The methods make it a required group without anything else.
func (s schemaNode) Fields() []parquet.Field { return s.fields }
func (s schemaNode) GoType() reflect.Type    { return reflect.TypeFor[struct{}]() }

func (s schemaNode) ID() int                     { return 0 }
func (s schemaNode) String() string              { return "customers" }
func (s schemaNode) Type() parquet.Type          { return parquet.Group{}.Type() }
func (s schemaNode) Optional() bool              { return false }
func (s schemaNode) Repeated() bool              { return false }
func (s schemaNode) Required() bool              { return true }
func (s schemaNode) Leaf() bool                  { return false }
func (s schemaNode) Encoding() encoding.Encoding { return nil }
func (s schemaNode) Compression() compress.Codec { return nil }

type schemaField struct {
	parquet.Node
	name string
}

func (f schemaField) Name() string { return f.name }

// Value is for rows of Go structs, which we never write.
func (f schemaField) Value(reflect.Value) reflect.Value { panic("table: rows are written by column") }

func (t *Table) parquetFields() []parquet.Field {
	fields := make([]parquet.Field, len(t.cols))
	for i := range t.cols {
		fields[i] = schemaField{parquet.Optional(t.cols[i].parquetNode()), t.cols[i].Name}
	}
	return fields
}

func (c *Column) parquetNode() parquet.Node {
	switch c.kind {
	case String:
		if c.codes.coded() {
			return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
		}
		return parquet.Encoded(parquet.String(), &parquet.Plain)
	case Float64:
		return parquet.Leaf(parquet.DoubleType)
	case Day:
		return parquet.Encoded(parquet.Date(), &parquet.DeltaBinaryPacked)
	case Amount, Quantity:
		return parquet.Encoded(parquet.Decimal(4, 18, parquet.Int64Type), &parquet.DeltaBinaryPacked)
	case Bool:
		return parquet.Leaf(parquet.BooleanType)
	}
	return parquet.Encoded(parquet.Leaf(parquet.Int64Type), &parquet.DeltaBinaryPacked)
}

// parquetValues sets dst to the cells of the rows. A value needs its definition level (1 is known)
// and no column index: it goes to the writer of its column. SetDefinitionLevel is inlined, which
// Value.Level is not; that halves the cost of a cell.
func (c *Column) parquetValues(dst []parquet.Value, rows []int32) {
	dst = dst[:len(rows)]
	switch c.kind {
	case String:
		for i, r := range rows {
			if c.Valid(int(r)) {
				dst[i] = parquet.ByteArrayValue(c.bytes(int(r)))
				dst[i].SetDefinitionLevel(1)
			}
		}
	case Float64:
		for i, r := range rows {
			dst[i] = parquet.DoubleValue(c.floats[r])
			dst[i].SetDefinitionLevel(1)
		}
	case Day:
		for i, r := range rows {
			dst[i] = parquet.Int32Value(int32(c.days[r]))
			dst[i].SetDefinitionLevel(1)
		}
	case Bool:
		for i, r := range rows {
			dst[i] = parquet.BooleanValue(c.bits[r>>3]>>(r&7)&1 != 0)
			dst[i].SetDefinitionLevel(1)
		}
	default:
		for i, r := range rows {
			dst[i] = parquet.Int64Value(c.ints[r])
			dst[i].SetDefinitionLevel(1)
		}
	}
	if c.valid == nil {
		return
	}
	for i, r := range rows {
		if !c.Valid(int(r)) {
			dst[i] = parquet.Value{} // null
		}
	}
}
