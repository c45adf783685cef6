package table

import (
	"encoding/binary"
	"math"

	"github.com/parquet-go/parquet-go/encoding/thrift"
)

// stated is what the footer says of the cells of a row group.
type stated struct {
	Columns thrift.Slice[struct {
		MetaData struct {
			Statistics struct {
				NullCount thrift.Null[int64] `thrift:"3,optional"`
				MaxValue  []byte             `thrift:"5,optional"`
				MinValue  []byte             `thrift:"6,optional"`
			} `thrift:"12,optional"`
		} `thrift:"3,optional"`
	}] `thrift:"1,required"`
}

// Bounds are what is known of the cells of a column in a row group without reading them.
type Bounds struct {
	Kind  Kind
	Rows  int // of the row group
	Nulls int // of them, -1 where the file does not say
	// Stated says that Least and Greatest hold: no known cell lies outside them. Texts longer than 64
	// bytes have none, nor have columns without a known cell.
	Stated bool
	// Ints are the least and the greatest of all kinds but String and Float64: days since 1970-01-01,
	// amounts and quantities in 1/10,000, 0 and 1 for booleans.
	Ints   [2]int64
	Floats [2]float64
	Texts  [2]string // in the order of their bytes
}

// Empty reports whether no cell is known.
func (b *Bounds) Empty() bool { return b.Nulls == b.Rows }

// Bounds returns the bounds of a column in a row group; of one that the file has not, none are stated.
func (f *File) Bounds(group int, name string) Bounds {
	lo, hi := f.Span(group)
	b := Bounds{Rows: hi - lo, Nulls: -1}
	i, ok := f.index[name]
	if !ok {
		return b
	}
	b.Kind = f.fields[i].Kind
	s := &f.stated[group].Columns[i].MetaData.Statistics
	if n := s.NullCount; n.Valid && n.V >= 0 && n.V <= int64(b.Rows) {
		b.Nulls = int(n.V)
	}
	if s.MinValue == nil || s.MaxValue == nil {
		return b
	}
	b.Stated = b.set(0, s.MinValue) && b.set(1, s.MaxValue)
	return b
}

// set decodes one end as bounds.encode wrote it; false where it cannot have.
func (b *Bounds) set(end int, v []byte) bool {
	switch {
	case b.Kind == String:
		b.Texts[end] = string(v)
	case b.Kind == Float64 && len(v) == 8:
		b.Floats[end] = math.Float64frombits(binary.LittleEndian.Uint64(v))
		return !math.IsNaN(b.Floats[end])
	case b.Kind == Day && len(v) == 4:
		b.Ints[end] = int64(int32(binary.LittleEndian.Uint32(v)))
	case b.Kind == Bool && len(v) == 1:
		b.Ints[end] = int64(v[0])
	case b.Kind != Float64 && b.Kind != Day && b.Kind != Bool && len(v) == 8:
		b.Ints[end] = int64(binary.LittleEndian.Uint64(v))
	default:
		return false
	}
	return true
}
