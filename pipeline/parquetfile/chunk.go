package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"github.com/parquet-go/parquet-go/format"
)

// layout is how the values of the current page are read.
type layout uint8

const (
	layoutPlain layout = iota // from chunk.plain
	layoutCodes               // from chunk.codes, through the dictionary
	layoutRuns                // booleans, from chunk.codes
)

// chunk reads one column chunk. All rows of one fill come from one page.
type chunk struct {
	col   *Column
	pages pages
	vec   Vector
	dict  *Dictionary
	left  int64 // rows of the chunk on later pages
	rows  int   // rows of the current page not delivered yet

	layout layout
	plain  []byte
	bit    int    // of plain, for booleans
	defs   hybrid // definition levels, if col.maxDef > 0
	codes  hybrid
	reps   hybrid // repetition levels, if col.Repeated

	levels           []uint32
	valid            []bool
	held             []uint32 // storage of vec.Codes, which is nil at times
	deltas, suffixes []int64
	plainBuf         []byte
}

func (c *chunk) start(f *File, col *Column, m *columnMeta) {
	c.col, c.dict = col, nil
	c.left, c.rows = m.NumValues, 0
	c.pages.start(f, m)
	c.vec.Kind, c.vec.Scale, c.vec.Unit, c.vec.UTC = col.Kind, col.Scale, col.Unit, col.UTC
	if c.vec.floatBits = 32; col.form == formFloat64 {
		c.vec.floatBits = 64
	}
	c.vec.clear()
}

// clear empties a vector but for the storage that its kind uses. raw must go: it may alias a page.
func (v *Vector) clear() {
	v.Len, v.Valid, v.Codes, v.Dict, v.Over, v.raw = 0, nil, nil, nil, nil, nil
	v.Ints, v.Floats, v.spans = v.Ints[:0], v.Floats[:0], v.spans[:0]
	if v.Kind == Bytes || v.Kind == Float {
		v.Ints = nil
	}
	if v.Kind != Float {
		v.Floats = nil
	}
}

// available returns how many rows the current page holds, reading the next page if it is used up.
func (c *chunk) available(f *inflater) (int, error) {
	for c.rows == 0 {
		if c.left == 0 {
			return 0, errors.New("column has fewer rows than its row group")
		}
		body, err := c.pages.next()
		if err == io.EOF {
			return 0, fmt.Errorf("chunk ends %d values before its count", c.left)
		}
		if err != nil {
			return 0, err
		}
		if err := c.open(f, body); err != nil {
			return 0, err
		}
	}
	return c.rows, nil
}

// finish checks that no values follow those that were counted.
func (c *chunk) finish() error {
	if c.rows > 0 || c.left > 0 {
		return errors.New("column has more rows than its row group")
	}
	if c.pages.left() == 0 || c.pages.readHeader() != nil {
		return nil // padding that is no page
	}
	h := &c.pages.header
	if h.DataPageHeader.V.NumValues > 0 || h.DataPageHeaderV2.V.NumValues > 0 {
		return errors.New("chunk holds more values than it counts")
	}
	return nil
}

// open prepares the page whose header was just read.
func (c *chunk) open(f *inflater, body []byte) error {
	switch h := &c.pages.header; {
	case h.Type == format.DictionaryPage && h.DictionaryPageHeader.Valid:
		return c.openDictionary(f, &h.DictionaryPageHeader.V, body)
	case h.Type == format.DataPage && h.DataPageHeader.Valid:
		return c.openV1(f, &h.DataPageHeader.V, body)
	case h.Type == format.DataPageV2 && h.DataPageHeaderV2.Valid:
		return c.openV2(f, &h.DataPageHeaderV2.V, body)
	case h.Type == format.IndexPage:
		return nil
	default:
		return fmt.Errorf("page of type %s (%d) without its header", h.Type, int32(h.Type))
	}
}

func (c *chunk) openDictionary(f *inflater, h *format.DictionaryPageHeader, body []byte) error {
	switch {
	case c.dict != nil:
		return errors.New("chunk has two dictionaries")
	case h.NumValues < 0:
		return fmt.Errorf("dictionary of %d values", h.NumValues)
	//lint:ignore SA1019 writers of old files say PLAIN_DICTIONARY, and we read old files
	case h.Encoding != format.Plain && h.Encoding != format.PlainDictionary:
		return fmt.Errorf("dictionary encoded as %s", h.Encoding)
	}
	data, err := c.pages.inflate(f, body, int(c.pages.header.UncompressedPageSize))
	if err != nil {
		return fmt.Errorf("dictionary: %w", err)
	}
	d := &Dictionary{n: int(h.NumValues)}
	if _, err := d.decode(c.col, data, d.n); err != nil {
		return fmt.Errorf("dictionary: %w", err)
	}
	if c.col.form != formUUID {
		d.raw = append([]byte(nil), d.raw...) // the page's buffer is used again
	}
	c.dict = d
	return nil
}

func (c *chunk) openV1(f *inflater, h *dataPageHeader, body []byte) error {
	if err := c.count(h.NumValues); err != nil {
		return err
	}
	data, err := c.pages.inflate(f, body, int(c.pages.header.UncompressedPageSize))
	if err != nil {
		return err
	}
	if c.col.Repeated {
		if h.RepetitionLevelEncoding != format.RLE {
			return fmt.Errorf("repetition levels encoded as %s", h.RepetitionLevelEncoding)
		}
		levels, rest, err := prefixed(data)
		if err != nil {
			return fmt.Errorf("repetition levels: %w", err)
		}
		c.reps, data = newHybrid(levels, 1), rest
	}
	if c.col.maxDef > 0 {
		if h.DefinitionLevelEncoding != format.RLE {
			return fmt.Errorf("definition levels encoded as %s", h.DefinitionLevelEncoding)
		}
		levels, rest, err := prefixed(data)
		if err != nil {
			return fmt.Errorf("definition levels: %w", err)
		}
		c.setLevels(levels)
		data = rest
	}
	return c.setValues(h.Encoding, data)
}

func (c *chunk) openV2(f *inflater, h *dataPageHeaderV2, body []byte) error {
	if err := c.count(h.NumValues); err != nil {
		return err
	}
	reps, defs := int64(h.RepetitionLevelsByteLength), int64(h.DefinitionLevelsByteLength)
	switch {
	case c.col.Repeated && (h.NumRows < 0 || h.NumRows > h.NumValues):
		return fmt.Errorf("page of %d rows with %d values", h.NumRows, h.NumValues)
	case !c.col.Repeated && h.NumRows != h.NumValues:
		return fmt.Errorf("page of %d rows with %d values in a column that does not repeat", h.NumRows, h.NumValues)
	case reps < 0 || defs < 0 || reps+defs > int64(len(body)) || reps+defs > int64(c.pages.header.UncompressedPageSize):
		return fmt.Errorf("levels of %d and %d bytes in a page of %d", reps, defs, len(body))
	}
	if c.col.Repeated {
		c.reps = newHybrid(body[:reps], 1)
	}
	if c.col.maxDef > 0 {
		c.setLevels(body[reps : reps+defs])
	}
	data := body[reps+defs:]
	if !h.IsCompressed.Valid || h.IsCompressed.V {
		size := int64(c.pages.header.UncompressedPageSize) - reps - defs
		var err error
		if data, err = c.pages.inflate(f, data, int(size)); err != nil {
			return err
		}
	}
	return c.setValues(h.Encoding, data)
}

// count takes a page's number of values off the chunk's.
func (c *chunk) count(n int32) error {
	if n < 0 || int64(n) > c.left {
		return fmt.Errorf("page of %d values where %d are left of the chunk", n, c.left)
	}
	c.rows = int(n)
	c.left -= int64(n)
	return nil
}

func (c *chunk) setLevels(data []byte) {
	c.defs = newHybrid(data, uint(bits.Len(uint(c.col.maxDef))))
}

// prefixed splits data at a length of 4 bytes that stands before it.
func prefixed(data []byte) (head, rest []byte, err error) {
	if len(data) < 4 {
		return nil, nil, errPlain
	}
	n := binary.LittleEndian.Uint32(data)
	if uint64(n) > uint64(len(data)-4) {
		return nil, nil, errPlain
	}
	return data[4 : 4+n], data[4+n:], nil
}

// setValues prepares the values section. Encodings that cannot be read in pieces become PLAIN here.
func (c *chunk) setValues(enc format.Encoding, data []byte) (err error) {
	c.layout, c.bit = layoutPlain, 0
	ints := c.col.physical == format.Int32 || c.col.physical == format.Int64
	text := c.col.physical == format.ByteArray
	fixed := c.col.physical == format.FixedLenByteArray
	most := int(min(int64(c.rows), c.pages.lim.Page/8)) // values of a page that is decoded as a whole
	switch {
	case enc == format.Plain:
	//lint:ignore SA1019 writers of old files say PLAIN_DICTIONARY, and we read old files
	case enc == format.RLEDictionary || enc == format.PlainDictionary:
		return c.setCodes(data)
	case enc == format.RLE && c.col.physical == format.Boolean:
		runs, _, err := prefixed(data)
		c.layout, c.codes = layoutRuns, newHybrid(runs, 1)
		return err
	case enc == format.DeltaBinaryPacked && ints:
		if c.deltas, _, err = deltaInts(c.deltas, data, most); err == nil {
			c.plainBuf = plainFromDelta(c.plainBuf, c.deltas, c.col.width)
			data = c.plainBuf
		}
	case enc == format.DeltaLengthByteArray && text:
		data, err = c.plainFromDeltaLength(data, most)
	case enc == format.DeltaByteArray && (text || fixed):
		data, err = c.plainFromDeltaBytes(data, most, c.col.width)
	case enc == format.ByteStreamSplit && c.col.width > 0 && c.col.physical != format.Int96:
		c.plainBuf, err = plainFromStreams(c.plainBuf, data, c.col.width)
		data = c.plainBuf
	default:
		return fmt.Errorf("values of type %s encoded as %s (%d), which is not read", c.col.physical, enc, int32(enc))
	}
	c.plain = data
	return err
}

func (c *chunk) setCodes(data []byte) error {
	if c.dict == nil {
		return errors.New("page refers to a dictionary that the chunk does not have")
	}
	c.layout, c.codes = layoutCodes, hybrid{}
	if len(data) == 0 {
		return nil // a page of nulls only
	}
	if data[0] > 32 {
		return fmt.Errorf("dictionary codes of %d bits", data[0])
	}
	c.codes = newHybrid(data[1:], uint(data[0]))
	return nil
}
