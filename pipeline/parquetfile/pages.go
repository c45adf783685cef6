package parquetfile

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

const (
	readSize      = 256 << 10 // least bytes asked of the io.ReaderAt at once
	maxPageHeader = 1 << 20   // a header holds at most two statistics values
	headerMemory  = 64 << 10  // for its lists, of which there are none today
)

// pages walks the pages of one column chunk. Headers are checked against the limits before the body is
// read; what it returns is valid until the next call of next.
type pages struct {
	r        io.ReaderAt
	lim      Limits
	codec    format.CompressionCodec
	off, end int64 // what of the chunk is still in the file only
	buf      []byte
	lo, hi   int   // what of buf is read but not consumed
	in, out  int64 // bytes of the chunk's pages so far, compressed and not
	header   pageHeader
	inflated []byte
}

// start begins at the first page of a chunk that checkChunk has passed.
func (p *pages) start(f *File, m *columnMeta) {
	p.r, p.lim, p.codec = f.r, f.lim, m.Codec
	p.off = chunkStart(m)
	p.end = p.off + m.TotalCompressedSize
	if m.NumValues == 0 {
		p.end = p.off
	}
	p.lo, p.hi, p.in, p.out = 0, 0, 0, 0
}

// left returns the bytes of the chunk that are not consumed.
func (p *pages) left() int64 { return int64(p.hi-p.lo) + p.end - p.off }

// fill makes at least n bytes available at buf[lo:hi], or all that are left of the chunk.
func (p *pages) fill(n int) error {
	if p.hi-p.lo >= n || p.off == p.end {
		return nil
	}
	// More than n, so that small pages share a read; little more, so that large ones are not copied.
	want := int(min(int64(max(n, readSize)), p.left()))
	if want > cap(p.buf) {
		grown := make([]byte, want+want/8)
		copy(grown, p.buf[p.lo:p.hi])
		p.buf = grown
	} else {
		p.buf = p.buf[:cap(p.buf)]
		copy(p.buf, p.buf[p.lo:p.hi])
	}
	p.lo, p.hi = 0, p.hi-p.lo
	if err := readAt(p.r, p.buf[p.hi:want], p.off); err != nil {
		return err
	}
	p.off += int64(want - p.hi)
	p.hi = want
	return nil
}

// next reads the next page's header, checked, and returns its body as stored; io.EOF after the last.
func (p *pages) next() ([]byte, error) {
	if p.left() == 0 {
		return nil, io.EOF
	}
	if err := p.readHeader(); err != nil {
		return nil, fmt.Errorf("page header: %w", err)
	}
	h := &p.header
	in, out := int64(h.CompressedPageSize), int64(h.UncompressedPageSize)
	switch {
	case in < 0 || out < 0:
		return nil, fmt.Errorf("page of %d bytes, %d uncompressed", in, out)
	case in > p.left():
		return nil, fmt.Errorf("page of %d bytes where the chunk has %d left", in, p.left())
	case in > p.lim.Page || out > p.lim.Page:
		return nil, fmt.Errorf("page of %d bytes, %d uncompressed, exceeds the limit of %d", in, out, p.lim.Page)
	case p.lim.tooDense(out, in, pageRatioFloor):
		return nil, fmt.Errorf("page expands from %d to %d bytes: more than the limit of %d:1", in, out, p.lim.Ratio)
	}
	p.in, p.out = p.in+in, p.out+out
	if p.lim.tooDense(p.out, p.in, chunkRatioFloor) || p.out > p.lim.Chunk {
		return nil, fmt.Errorf("pages expand from %d to %d bytes: more than the limits of %d:1 and %d",
			p.in, p.out, p.lim.Ratio, p.lim.Chunk)
	}
	if err := p.fill(int(in)); err != nil {
		return nil, err
	}
	body := p.buf[p.lo : p.lo+int(in)]
	p.lo += int(in)
	if h.CRC.Valid && crc32.ChecksumIEEE(body) != uint32(h.CRC.V) {
		return nil, errors.New("page checksum does not match: the file is corrupt")
	}
	return body, nil
}

// readHeader decodes the header at the current place and steps over it.
func (p *pages) readHeader() error {
	for want := 256; ; want *= 2 {
		if err := p.fill(want); err != nil {
			return err
		}
		n, err := structLen(p.buf[p.lo:p.hi], headerMemory)
		if err == nil {
			p.header = pageHeader{}
			err = decodeStruct(p.buf[p.lo:p.lo+n], &p.header)
			p.lo += n
		}
		if err != errShort || p.off == p.end || want >= maxPageHeader {
			return err
		}
	}
}

// inflate decompresses part of a page to exactly size bytes.
func (p *pages) inflate(f *inflater, src []byte, size int) ([]byte, error) {
	if p.codec == format.Uncompressed {
		if len(src) != size {
			return nil, errSize
		}
		return src, nil
	}
	p.inflated = sized(p.inflated, size)
	return p.inflated, f.inflate(p.inflated, src, p.codec)
}

// sized returns s with length n, reallocated if it has not the capacity; contents are not kept.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/8) // some room, because pages differ a little
	}
	return s[:n]
}
