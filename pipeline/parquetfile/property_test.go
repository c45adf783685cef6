package parquetfile_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding"
	"pgregory.net/rapid"
)

// column is a kind of column that can be written: its schema node and a generator of its values.
type column struct {
	name   string
	node   parquet.Node
	values *rapid.Generator[parquet.Value]
	// encodings that the writer may use beside PLAIN and the dictionary
	encodings []encoding.Encoding
}

var (
	delta      = []encoding.Encoding{&parquet.DeltaBinaryPacked, &parquet.ByteStreamSplit}
	deltaBytes = []encoding.Encoding{&parquet.DeltaLengthByteArray, &parquet.DeltaByteArray}
	deltaFixed = []encoding.Encoding{&parquet.DeltaByteArray}
	split      = []encoding.Encoding{&parquet.ByteStreamSplit}
)

// few mixes values of a small set, which make runs and repeat, with any value.
func few[T any](v *rapid.Generator[T], low ...T) *rapid.Generator[T] {
	return rapid.OneOf(rapid.SampledFrom(low), rapid.SampledFrom(low), v)
}

func ints32(lo, hi int32) *rapid.Generator[parquet.Value] {
	return rapid.Map(few(rapid.Int32Range(lo, hi), lo, hi, 0, 1), parquet.Int32Value)
}

func ints64(lo, hi int64) *rapid.Generator[parquet.Value] {
	return rapid.Map(few(rapid.Int64Range(lo, hi), lo, hi, 0, 1), parquet.Int64Value)
}

func fixed(n int) *rapid.Generator[parquet.Value] {
	ones, zero := bytes.Repeat([]byte{0xFF}, n), make([]byte, n)
	return rapid.Map(few(rapid.SliceOfN(rapid.Byte(), n, n), ones, zero), parquet.FixedLenByteArrayValue)
}

func text(most int) *rapid.Generator[parquet.Value] {
	return rapid.Map(few(rapid.SliceOfN(rapid.Byte(), 0, most), []byte("a"), []byte("ab"), []byte{}), parquet.ByteArrayValue)
}

func catalogue() []column {
	const day32, day64 = 86_400_000 - 1, 86_400_000_000 - 1
	min32, max32, min64, max64 := int32(math.MinInt32), int32(math.MaxInt32), int64(math.MinInt64), int64(math.MaxInt64)
	return []column{
		{"bool", parquet.Leaf(parquet.BooleanType), rapid.Map(rapid.Bool(), parquet.BooleanValue), []encoding.Encoding{&parquet.RLE}},
		{"int8", parquet.Int(8), ints32(-128, 127), delta},
		{"int16", parquet.Int(16), ints32(-32768, 32767), delta},
		{"int32", parquet.Int(32), ints32(min32, max32), delta},
		{"int64", parquet.Int(64), ints64(min64, max64), delta},
		{"uint8", parquet.Uint(8), ints32(0, 255), delta},
		{"uint16", parquet.Uint(16), ints32(0, 65535), delta},
		{"uint32", parquet.Uint(32), ints32(min32, max32), delta},
		{"uint64", parquet.Uint(64), ints64(min64, max64), delta},
		{"plain32", parquet.Leaf(parquet.Int32Type), ints32(min32, max32), delta},
		{"plain64", parquet.Leaf(parquet.Int64Type), ints64(min64, max64), delta},
		{"float", parquet.Leaf(parquet.FloatType), rapid.Map(few(rapid.Float32(), 0, 1.5, float32(math.Inf(1))), parquet.FloatValue), split},
		{"double", parquet.Leaf(parquet.DoubleType), rapid.Map(few(rapid.Float64(), 0, -0.25, 1e300, math.NaN()), parquet.DoubleValue), split},
		{"decimal32", parquet.Decimal(2, 9, parquet.Int32Type), ints32(min32, max32), delta},
		{"decimal64", parquet.Decimal(4, 18, parquet.Int64Type), ints64(min64, max64), delta},
		{"decimal5", parquet.Decimal(3, 11, parquet.FixedLenByteArrayType(5)), fixed(5), deltaFixed},
		{"decimal8", parquet.Decimal(0, 18, parquet.FixedLenByteArrayType(8)), fixed(8), deltaFixed},
		{"decimal9", parquet.Decimal(4, 20, parquet.FixedLenByteArrayType(9)), fixed(9), deltaFixed},
		{"decimal16", parquet.Decimal(10, 38, parquet.FixedLenByteArrayType(16)), fixed(16), split},
		{"decimalN", parquet.Decimal(2, 30, parquet.ByteArrayType), text(12), deltaBytes},
		{"string", parquet.String(), text(30), deltaBytes},
		{"binary", parquet.Leaf(parquet.ByteArrayType), text(5), deltaBytes},
		{"enum", parquet.Enum(), text(3), nil},
		{"json", parquet.JSON(), text(3), deltaBytes},
		{"fixed", parquet.Leaf(parquet.FixedLenByteArrayType(3)), fixed(3), deltaFixed},
		{"uuid", parquet.UUID(), fixed(16), nil},
		{"date", parquet.Date(), ints32(-719162, 2932896), delta},
		{"timeMilli", parquet.Time(parquet.Millisecond), ints32(0, day32), delta},
		{"timeMicro", parquet.Time(parquet.Microsecond), ints64(0, day64), delta},
		{"timeNano", parquet.Time(parquet.Nanosecond), ints64(0, day64*1000), delta},
		{"milliUTC", parquet.Timestamp(parquet.Millisecond), ints64(-62135596800000, 253402300799999), delta},
		{"milli", parquet.TimestampAdjusted(parquet.Millisecond, false), ints64(-62135596800000, 253402300799999), delta},
		{"micro", parquet.TimestampAdjusted(parquet.Microsecond, false), ints64(-62135596800000000, 253402300799999999), delta},
		{"nanoUTC", parquet.Timestamp(parquet.Nanosecond), ints64(min64, max64), delta},
		{"int96", parquet.Leaf(parquet.Int96Type), rapid.Custom(func(t *rapid.T) parquet.Value {
			nanos := rapid.Uint64Range(0, 86_400e9-1).Draw(t, "nanos")
			return parquet.Int96Value(deprecated.Int96{uint32(nanos), uint32(nanos >> 32), rapid.Uint32Range(1721426, 5373484).Draw(t, "julian")})
		}), nil},
	}
}

// file draws a whole file: columns, encodings, nulls, pages, row groups, codec, versions.
func file(t *rapid.T, rows int) []byte {
	columns := rapid.SliceOfN(rapid.SampledFrom(catalogue()), 1, 4).Draw(t, "columns")
	group := parquet.Group{}
	optional := make([]bool, len(columns))
	for i, c := range columns {
		node := c.node
		switch how := rapid.IntRange(0, 3).Draw(t, "encoding"); {
		case how <= 1 && c.name != "bool":
			node = parquet.Encoded(node, &parquet.RLEDictionary)
		case how == 2 && len(c.encodings) > 0:
			node = parquet.Encoded(node, rapid.SampledFrom(c.encodings).Draw(t, "delta"))
		}
		if optional[i] = rapid.Bool().Draw(t, "optional"); optional[i] {
			node = parquet.Optional(node)
		}
		group[fmt.Sprintf("c%d_%s", i, c.name)] = node
	}
	var buf bytes.Buffer
	w := parquet.NewGenericWriter[any](&buf, parquet.NewSchema("root", group),
		parquet.Compression(rapid.SampledFrom([]compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Zstd}).Draw(t, "codec")),
		parquet.DataPageVersion(rapid.IntRange(1, 2).Draw(t, "version")),
		parquet.PageBufferSize(rapid.SampledFrom([]int{64, 300, 4096, 1 << 18}).Draw(t, "page")),
		parquet.DictionaryMaxBytes(rapid.SampledFrom([]int64{0, 40, 1000}).Draw(t, "dictionary")),
	)
	for range rows {
		row := make(parquet.Row, len(columns))
		for i, c := range columns {
			switch {
			case !optional[i]:
				row[i] = c.values.Draw(t, "value").Level(0, 0, i)
			case rapid.IntRange(0, 3).Draw(t, "null") == 0:
				row[i] = parquet.NullValue().Level(0, 0, i)
			default:
				row[i] = c.values.Draw(t, "value").Level(0, 1, i)
			}
		}
		if _, err := w.WriteRows([]parquet.Row{row}); err != nil {
			t.Fatal(err)
		}
		if rapid.IntRange(0, 60).Draw(t, "flush") == 0 {
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// The fast path equals the library's row reader, whatever the file and the batch.
func TestVectorsEqualRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SampledFrom([]int{0, 1, 2, 7, 8, 9, 63, 64, 65, 129, 300}).Draw(t, "rows")
		sameAsTwin(t, file(t, rows), rapid.SampledFrom([]int{1, 2, 7, 8, 64, 65, 128}).Draw(t, "batch"))
	})
}
