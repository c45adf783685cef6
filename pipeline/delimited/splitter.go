package delimited

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
)

// BlockSize is how much text a block holds at most. It is more than two longest records, so that
// what a quote means can always be decided within one block.
const BlockSize = 4 << 20

// Block is a run of whole records.
type Block struct {
	Data   []byte
	Offset int64 // of Data in the file, in bytes
	Line   int64 // physical line of its first record, from 1
	Final  bool  // the last block of the file
	pool   *sync.Pool
	buf    *[]byte
}

// Release gives the block's memory back; Data must not be read afterwards.
func (b *Block) Release() {
	if b.pool != nil {
		b.pool.Put(b.buf)
		b.Data, b.buf, b.pool = nil, nil, nil
	}
}

// Splitter cuts a stream into blocks.
type Splitter struct {
	r       io.Reader
	walk    *Scanner
	pool    *sync.Pool
	size    int
	rest    []byte // the start of a record that the last block did not hold whole
	offset  int64
	line    int64
	started bool
	done    bool
}

// NewSplitter cuts r. Blocks come from a pool of buffers: Release them.
func NewSplitter(r io.Reader, d Dialect) *Splitter { return newSplitter(r, d, BlockSize) }

func newSplitter(r io.Reader, d Dialect, size int) *Splitter {
	return &Splitter{r: r, walk: NewScanner(d), size: size, line: 1, pool: &sync.Pool{New: func() any {
		b := make([]byte, size)
		return &b
	}}}
}

// Next returns the next block, io.EOF after the last. A file without a byte gives io.EOF at once;
// a record that no block can hold is an error that names its line.
func (s *Splitter) Next() (*Block, error) {
	if s.done {
		return nil, io.EOF
	}
	buf := s.pool.Get().(*[]byte)
	n := copy(*buf, s.rest)
	m, err := io.ReadFull(s.r, (*buf)[n:])
	n += m
	switch {
	case err == nil:
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		s.done = true
	default:
		return nil, err
	}
	data := (*buf)[:n]
	if !s.started {
		s.started = true
		if bytes.HasPrefix(data, bom) {
			data = data[len(bom):]
			s.offset = int64(len(bom))
		}
	}
	if len(data) == 0 && s.done {
		s.pool.Put(buf)
		return nil, io.EOF
	}
	cut := len(data)
	if !s.done {
		if cut = s.cut(data); cut == 0 {
			return nil, fmt.Errorf("line %d: a record of more than %d bytes; is this delimited text, with line ends LF or CRLF?", s.line, s.walk.limit)
		}
	}
	s.rest = append(s.rest[:0], data[cut:]...)
	b := &Block{Data: data[:cut], Offset: s.offset, Line: s.line, Final: s.done, pool: s.pool, buf: buf}
	s.offset += int64(cut)
	s.line += int64(bytes.Count(b.Data, []byte{'\n'}))
	return b, nil
}

// cut finds where the last whole record of data ends.
func (s *Splitter) cut(data []byte) int {
	at := 0
	for {
		q := bytes.IndexByte(data[at:], s.walk.quote)
		if q < 0 {
			if n := bytes.LastIndexByte(data[at:], '\n'); n >= 0 {
				return at + n + 1
			}
			return at
		}
		if n := bytes.LastIndexByte(data[at:at+q], '\n'); n >= 0 {
			at += n + 1
		}
		s.walk.Reset(data, 0, 1)
		s.walk.next = at
		if !s.walk.Next() || s.walk.next == len(data) {
			return at // it may go on in the next block
		}
		if s.walk.fault != Sound && len(data)-s.walk.next < s.walk.limit+2 {
			return at // more text may close the quote
		}
		at = s.walk.next
	}
}
