package table

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/compress/snappy"
	"github.com/parquet-go/parquet-go/compress/uncompressed"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding"
)

// Codec is how Parquet pages are compressed.
type Codec uint8

// The codecs. All common readers know them.
const (
	Zstd Codec = iota // level 1
	Snappy
	Uncompressed
)

// ParquetOptions say how Parquet is written.
type ParquetOptions struct {
	// Codec compresses the pages. The zero value is Zstd.
	Codec Codec
	// RowGroup is the rows per row group, 1 or more; 0 is 65,536. It shows in the bytes.
	RowGroup int
	// Workers encode row groups at the same time; the bytes are the same. Each holds one encoded row
	// group in memory. 0 is 1.
	Workers int
}

const (
	defaultRowGroup = 64 << 10
	// batchRows is how many cells of a column pass to the encoder at once: 24 KiB of values, which
	// stay in the fast cache. Pages end at batch borders, so it shows in the bytes.
	batchRows = 1024

	unitsKey   = "vitalfew.units"
	kindsKey   = "vitalfew.kinds"
	unitPrefix = "vitalfew.unit."
)

// WriteParquet writes the rows (nil: all), every column optional: STRING, INT64, DOUBLE, DATE,
// DECIMAL(18,4) as INT64, BOOLEAN; coded strings with dictionary pages. The file's key-value
// metadata holds the units as one JSON object under "vitalfew.units", the kinds under
// "vitalfew.kinds", and each unit by itself under "vitalfew.unit." and the column's name.
func WriteParquet(w io.Writer, t *Table, rows []int32, opts ParquetOptions) error {
	if err := t.checkRows(rows); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	size := opts.RowGroup
	if size <= 0 {
		size = defaultRowGroup
	}
	pw := parquet.NewGenericWriter[any](w, t.parquetOptions(opts.Codec)...)
	n := t.count(rows)
	groups := (n + size - 1) / size
	encoders := make([]groupEncoder, min(max(opts.Workers, 1), max(groups, 1)))
	for i := range encoders {
		encoders[i] = groupEncoder{rg: pw.BeginRowGroup(), values: make([]parquet.Value, batchRows), idx: make([]int32, 0, batchRows)}
	}
	for g := 0; g < groups; g += len(encoders) {
		round := encoders[:min(len(encoders), groups-g)]
		var wg sync.WaitGroup
		for i := range round {
			lo := (g + i) * size
			hi := min(lo+size, n)
			if i == len(round)-1 { // this goroutine works too
				round[i].encode(t, rows, lo, hi)
			} else {
				wg.Go(func() { round[i].encode(t, rows, lo, hi) })
			}
		}
		wg.Wait()
		for i := range round {
			if round[i].err != nil {
				return fmt.Errorf("write Parquet: row group %d: %w", g+i, round[i].err)
			}
			if _, err := round[i].rg.Commit(); err != nil {
				return fmt.Errorf("write Parquet: row group %d: %w", g+i, err)
			}
		}
	}
	if err := pw.Close(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
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

// object is a map as JSON with ascending keys.
func object(m map[string]string) string {
	b, err := json.Marshal(m)
	if err != nil {
		panic("table: a map of strings is JSON")
	}
	return string(b)
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

// groupEncoder encodes one row group at a time, column after column.
type groupEncoder struct {
	rg     *parquet.ConcurrentRowGroupWriter
	values []parquet.Value
	idx    []int32
	err    error
}

func (e *groupEncoder) encode(t *Table, rows []int32, lo, hi int) {
	for i, cw := range e.rg.ColumnWriters() {
		c := &t.cols[i]
		for from := lo; from < hi; from += batchRows {
			part := span(rows, from, min(from+batchRows, hi), e.idx)
			values := e.values[:len(part)]
			c.parquetValues(values, part)
			if _, e.err = cw.WriteRowValues(values); e.err != nil {
				return
			}
		}
		if e.err = cw.Flush(); e.err != nil { // here, where workers share the load, not in Commit
			return
		}
	}
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
