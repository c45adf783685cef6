package table

import (
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"
	"unsafe"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// What a data page holds. All of it shows in the bytes.
const (
	pageRows = 16 << 10 // at most; rows of a page are a multiple of textStep except on the last page
	pageText = 1 << 20  // a page of plain strings ends at the first step with this many bytes
	textStep = 64
)

// groupEncoder encodes one row group at a time, column after column. Its buffers serve all columns.
type groupEncoder struct {
	codecs []format.CompressionCodec // by column, shared by all
	packer

	n       int                  // rows of the group
	out     []byte               // its column chunks; offsets in columns and indexes count from its start
	columns []format.ColumnChunk // DictionaryPageOffset is -1 where there is none
	indexes []pageIndex
	err     error

	rows   []int32  // rows of the table that the group holds
	known  []int32  // those with a known cell in the present column
	bits   []byte   // bit i says that cell i of the present column is known; unused if all or none are
	ints   []int64  // values of a page
	codes  []uint32 // of a coded column: place in the dictionary page for each of known
	place  []uint32 // of a coded column: 1 + place by code, 0 if not in use
	page   []byte
	dict   []byte // the dictionary page, of values texts
	values int
}

// pageIndex are the bounds and places of the pages of a chunk.
type pageIndex struct {
	bounds  format.ColumnIndex
	offsets format.OffsetIndex
}

func (e *groupEncoder) encode(t *Table, rows []int32, lo, hi int) {
	e.n, e.out = hi-lo, e.out[:0]
	e.rows = stretch(rows, lo, hi, e.rows)
	e.columns, e.indexes = e.columns[:0], make([]pageIndex, len(t.cols))
	for i := range t.cols {
		if e.err = e.chunk(&t.cols[i], e.codecs[i], &e.indexes[i]); e.err != nil {
			e.err = fmt.Errorf("column %q: %w", t.cols[i].Name, e.err)
			return
		}
	}
}

// chunk encodes the cells of a column.
func (e *groupEncoder) chunk(c *Column, codec format.CompressionCodec, index *pageIndex) error {
	known := e.levels(c)
	start := len(e.out)
	m := format.ColumnMetaData{
		Type: c.kind.stored(), PathInSchema: []string{c.Name}, Codec: codec, NumValues: int64(e.n), DictionaryPageOffset: -1,
		Encoding: []format.Encoding{format.RLE, c.kind.encoding()}, Statistics: format.Statistics{NullCount: int64(e.n - len(known))},
	}
	width := -1 // bits of a place in the dictionary page
	if c.codes.coded() && len(known) > 0 {
		width = e.dictionary(c, known)
		m.Encoding = append(m.Encoding, format.RLEDictionary)
	}
	w := chunkWriter{e: e, c: c, m: &m, index: index, width: width, rising: true, fall: true}
	if width >= 0 {
		if err := w.dictionary(); err != nil {
			return err
		}
	}
	m.DataPageOffset = int64(len(e.out))
	for lo, from := 0, 0; lo < e.n; {
		hi := min(lo+pageRows, e.n)
		if c.kind == String && width < 0 {
			hi = e.cut(c, known, lo, hi, from)
		}
		to := from + e.count(known, lo, hi)
		if err := w.page(known, lo, hi, from, to); err != nil {
			return err
		}
		lo, from = hi, to
	}
	w.finish(start)
	e.columns = append(e.columns, format.ColumnChunk{MetaData: m})
	return nil
}

// levels finds the rows with a known cell, and sets bits where some cells are known and some not.
func (e *groupEncoder) levels(c *Column) []int32 {
	switch c.nulls {
	case 0:
		return e.rows
	case c.n:
		return nil
	}
	e.bits = grown(e.bits, (e.n+7)/8)
	e.known = grown(e.known, e.n)
	n := 0
	for i := range e.bits {
		var b byte
		for j, r := range e.rows[8*i : min(8*i+8, e.n)] {
			v := c.valid[r>>3] >> (r & 7) & 1
			e.known[n] = r // stays if v is 1: no branch to guess
			n += int(v)
			b |= v << j
		}
		e.bits[i] = b
	}
	return e.known[:n]
}

// count is the number of known cells in rows [lo, hi); lo is a multiple of 8.
func (e *groupEncoder) count(known []int32, lo, hi int) int {
	if len(known) == e.n || len(known) == 0 {
		return min(hi-lo, len(known))
	}
	n := 0
	for _, b := range e.bits[lo/8 : (hi+7)/8] {
		n += bits.OnesCount8(b)
	}
	return n
}

// cut is where a page of plain strings ends that begins at row lo, which is known[from:].
func (e *groupEncoder) cut(c *Column, known []int32, lo, hi, from int) int {
	size := 0
	for end := lo + textStep; end < hi; end += textStep {
		to := from + e.count(known, end-textStep, end)
		for _, r := range known[from:to] {
			size += 4 + int(c.offs[r+1]-c.offs[r])
		}
		if size >= pageText {
			return end
		}
		from = to
	}
	return hi
}

// dictionary sets codes to places in a dictionary page of the values in use, in the order of their
// first use, and dict to the page. It returns how many bits a place needs.
func (e *groupEncoder) dictionary(c *Column, known []int32) int {
	e.place = grown(e.place, len(c.offs)-1)
	clear(e.place)
	e.codes, e.dict = grown(e.codes, len(known)), e.dict[:0]
	values := uint32(0)
	same := map[string]uint32{} // two codes may mean the same value
	for i, r := range known {
		k := c.codes.at(int(r))
		if e.place[k] == 0 {
			text := c.text[c.offs[k]:c.offs[k+1]]
			at, twice := same[unsafe.String(unsafe.SliceData(text), len(text))]
			if !twice {
				values++
				at = values
				same[unsafe.String(unsafe.SliceData(text), len(text))] = at
				e.dict = appendPlain(e.dict, text)
			}
			e.place[k] = at
		}
		e.codes[i] = e.place[k] - 1
	}
	e.values = int(values)
	return max(1, bits.Len32(values-1))
}

// chunkWriter writes the pages of one chunk to out of its encoder.
type chunkWriter struct {
	e      *groupEncoder
	c      *Column
	m      *format.ColumnMetaData
	index  *pageIndex
	width  int    // of places in the dictionary, -1 without one
	used   []bool // by the page, of the values of the dictionary
	all    bounds
	last   bounds
	rising bool // so far, pages have bounds that do not fall; falling likewise
	fall   bool
}

var errPage = errors.New("a page of 2 GiB: its cells are too long for Parquet")

// body makes the body of the page of rows [lo, hi), whose known cells are known[from:to].
func (w *chunkWriter) body(known []int32, lo, hi, from, to int) (format.Encoding, bounds, error) {
	e, c := w.e, w.c
	e.page = appendLevels(e.page[:0], e.bits[min(lo/8, len(e.bits)):], hi-lo, to-from)
	var b bounds
	encoding := c.kind.encoding()
	if w.width >= 0 {
		encoding = format.RLEDictionary
		e.page = appendHybrid(append(e.page, byte(w.width)), e.codes[from:to], uint(w.width))
		b = w.dictBounds(e.codes[from:to])
	} else {
		e.page, e.ints, b = c.appendValues(e.page, known[from:to], e.ints)
	}
	if len(e.page) > math.MaxInt32 {
		return encoding, b, errPage
	}
	return encoding, b, nil
}

// page writes a page.
func (w *chunkWriter) page(known []int32, lo, hi, from, to int) error {
	encoding, b, err := w.body(known, lo, hi, from, to)
	if err != nil {
		return err
	}
	at := len(w.e.out)
	header := format.PageHeader{Type: format.DataPage, DataPageHeader: thrift.New(format.DataPageHeader{
		NumValues: int32(hi - lo), Encoding: encoding, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
	})}
	w.put(&header, w.e.page)
	w.note(b, hi-lo-(to-from))
	w.index.offsets.PageLocations = append(w.index.offsets.PageLocations, format.PageLocation{
		Offset: int64(at), CompressedPageSize: int32(len(w.e.out) - at), FirstRowIndex: int64(lo),
	})
	w.count(format.DataPage, encoding)
	return nil
}

// dictionary writes the dictionary page.
func (w *chunkWriter) dictionary() error {
	if len(w.e.dict) > math.MaxInt32 {
		return errPage
	}
	w.m.DictionaryPageOffset = int64(len(w.e.out))
	header := format.PageHeader{Type: format.DictionaryPage, DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{
		NumValues: int32(w.e.values), Encoding: format.Plain,
	})}
	w.put(&header, w.e.dict)
	w.count(format.DictionaryPage, format.Plain)
	return nil
}

// put writes a page with its header.
func (w *chunkWriter) put(h *format.PageHeader, body []byte) {
	e := w.e
	packed := e.compress(w.m.Codec, body)
	h.UncompressedPageSize, h.CompressedPageSize = int32(len(body)), int32(len(packed))
	h.CRC = int32(crc32.ChecksumIEEE(packed))
	at := len(e.out)
	e.out = appendThrift(e.out, h)
	w.m.TotalUncompressedSize += int64(len(e.out) - at + len(body))
	e.out = append(e.out, packed...)
}

// count adds a page to the encoding statistics, by which readers know that all pages use the dictionary.
func (w *chunkWriter) count(t format.PageType, e format.Encoding) {
	s := w.m.EncodingStats
	if len(s) == 0 || s[len(s)-1].PageType != t {
		s = append(s, format.PageEncodingStats{PageType: t, Encoding: e})
	}
	s[len(s)-1].Count++
	w.m.EncodingStats = s
}

// finish completes the chunk that began at start of out.
func (w *chunkWriter) finish(start int) {
	w.m.TotalCompressedSize = int64(len(w.e.out) - start)
	if low, high, ok := w.all.encode(w.c.kind); ok {
		w.m.Statistics.MinValue, w.m.Statistics.MaxValue = low, high
	}
	x := &w.index.bounds
	switch {
	case len(x.NullPages) < len(w.index.offsets.PageLocations):
		*x = format.ColumnIndex{} // some page has none to give
	case w.rising:
		x.BoundaryOrder = format.Ascending
	case w.fall:
		x.BoundaryOrder = format.Descending
	}
}

// grown is a slice of n elements that uses the memory of s where it is enough.
func grown[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
