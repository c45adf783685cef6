package table

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/parquet-go/parquet-go/format"
)

// Codec is how Parquet pages are compressed.
type Codec uint8

// The codecs. All common readers know them.
const (
	Snappy Codec = iota
	Zstd         // level 1: a tenth smaller than Snappy on customer tables, a third more time to write
	Uncompressed
)

// ParquetOptions say how Parquet is written.
type ParquetOptions struct {
	// Codec compresses the pages of the columns that get smaller by it; others, such as packed counts
	// and rates, stay as they are. The zero value is Snappy.
	Codec Codec
	// RowGroup is the rows per row group, 1 or more; 0 is 65,536. It shows in the bytes. A file has at
	// most 32,767 row groups.
	RowGroup int
	// Workers encode row groups at the same time; the bytes are the same. Each holds one encoded row
	// group in memory. 0 is 1.
	Workers int
}

const (
	defaultRowGroup = 64 << 10

	unitsKey   = "vitalfew.units"
	kindsKey   = "vitalfew.kinds"
	unitPrefix = "vitalfew.unit."
)

// WriteParquet writes the rows (nil: all), every column optional: STRING, INT64, DOUBLE, DATE,
// DECIMAL(18,4) as INT64, BOOLEAN; coded strings with dictionary pages. The file's key-value
// metadata holds the units as one JSON object under "vitalfew.units", the kinds under
// "vitalfew.kinds", and each unit by itself under "vitalfew.unit." and the column's name.
//
// The schema is flat and known, so the pages are encoded here, column by column from the slices of
// the table: half the cost of passing cells to a general writer.
func WriteParquet(w io.Writer, t *Table, rows []int32, opts ParquetOptions) error {
	if err := t.checkRows(rows); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	size := opts.RowGroup
	if size <= 0 {
		size = defaultRowGroup
	}
	n := t.count(rows)
	groups := (n + size - 1) / size
	if groups > math.MaxInt16 {
		return fmt.Errorf("write Parquet: %d row groups of %d rows, a file holds %d: give more rows to a group", groups, size, math.MaxInt16)
	}
	encoders := make([]groupEncoder, min(max(opts.Workers, 1), max(groups, 1)))
	codecs := encoders[0].choose(t, rows, opts.Codec)
	for i := range encoders {
		encoders[i].codecs = codecs
	}
	f := newParquetFile(w, t)
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
			if err := f.add(&round[i]); err != nil {
				return fmt.Errorf("write Parquet: row group %d: %w", g+i, err)
			}
		}
	}
	if err := f.close(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

// parquetFile is a file as far as it is written.
type parquetFile struct {
	w       *bufio.Writer
	at      int64 // bytes written
	meta    format.FileMetaData
	indexes []pageIndex // of all chunks, in the order of meta
}

// magic begins and ends a Parquet file.
const magic = "PAR1"

func newParquetFile(w io.Writer, t *Table) *parquetFile {
	f := &parquetFile{w: bufio.NewWriter(w), meta: format.FileMetaData{
		Version:          2,
		Schema:           t.parquetSchema(),
		KeyValueMetadata: t.parquetMetadata(),
		CreatedBy:        "vitalfew version 1(build table)",
		RowGroups:        []format.RowGroup{},
	}}
	for range t.cols {
		f.meta.ColumnOrders = append(f.meta.ColumnOrders, format.ColumnOrder{Value: &format.TypeDefinedOrder{}})
	}
	return f
}

// write counts; bufio keeps the error for close.
func (f *parquetFile) write(b []byte) {
	n, _ := f.w.Write(b)
	f.at += int64(n)
}

// add writes an encoded row group. Only here its offsets become those of the file.
func (f *parquetFile) add(e *groupEncoder) error {
	if f.at == 0 {
		f.write([]byte(magic))
	}
	g := format.RowGroup{
		Columns: slices.Clone(e.columns), NumRows: int64(e.n), FileOffset: f.at, Ordinal: int16(len(f.meta.RowGroups)),
	}
	for i := range g.Columns {
		m := &g.Columns[i].MetaData
		m.DataPageOffset += f.at
		if m.DictionaryPageOffset >= 0 {
			m.DictionaryPageOffset += f.at
		} else {
			m.DictionaryPageOffset = 0 // none
		}
		g.TotalByteSize += m.TotalUncompressedSize
		g.TotalCompressedSize += m.TotalCompressedSize
		pages := e.indexes[i].offsets.PageLocations
		for p := range pages {
			pages[p].Offset += f.at
		}
	}
	f.indexes = append(f.indexes, e.indexes...)
	f.meta.RowGroups = append(f.meta.RowGroups, g)
	f.meta.NumRows += int64(e.n)
	_, err := f.w.Write(e.out)
	f.at += int64(len(e.out))
	return err
}

// close writes the page index, all bounds before all offsets as the format asks for, and the footer.
func (f *parquetFile) close() error {
	if f.at == 0 {
		f.write([]byte(magic))
	}
	var chunks []*format.ColumnChunk
	for g := range f.meta.RowGroups {
		for c := range f.meta.RowGroups[g].Columns {
			chunks = append(chunks, &f.meta.RowGroups[g].Columns[c])
		}
	}
	var b []byte
	for i, c := range chunks {
		if x := &f.indexes[i].bounds; len(x.NullPages) > 0 {
			b = appendThrift(b[:0], x)
			c.ColumnIndexOffset, c.ColumnIndexLength = f.at, int32(len(b))
			f.write(b)
		}
	}
	for i, c := range chunks {
		b = appendThrift(b[:0], &f.indexes[i].offsets)
		c.OffsetIndexOffset, c.OffsetIndexLength = f.at, int32(len(b))
		f.write(b)
	}
	b = appendThrift(b[:0], &f.meta)
	n := len(b)
	b = append(b, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	f.write(append(b, magic...))
	return f.w.Flush()
}

// parquetMetadata are the key-value pairs, ascending by key.
func (t *Table) parquetMetadata() []format.KeyValue {
	units, names, all := map[string]string{}, map[string]string{}, map[string]string{}
	for i := range t.cols {
		c := &t.cols[i]
		names[c.Name] = c.kind.String()
		if c.Unit != "" {
			units[c.Name] = c.Unit
			all[unitPrefix+c.Name] = c.Unit
		}
	}
	all[unitsKey], all[kindsKey] = object(units), object(names)
	var pairs []format.KeyValue
	for _, k := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, format.KeyValue{Key: k, Value: all[k]})
	}
	return pairs
}

// object is a map as JSON with ascending keys.
func object(m map[string]string) string {
	b, err := json.Marshal(m)
	if err != nil {
		panic("table: a map of strings is JSON")
	}
	return string(b)
}
