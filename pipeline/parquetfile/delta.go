package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The delta encodings of the format (Encodings.md of apache/parquet-format, DELTA_BINARY_PACKED,
// DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY) share prefixes and widths across a page, so a page is
// decoded as a whole: into the PLAIN layout, with its size known before the buffer is made.

var errDelta = errors.New("delta-encoded page is corrupt or cut off")

// deltaInts decodes a DELTA_BINARY_PACKED sequence of at most limit values into dst and returns the
// bytes that follow it.
func deltaInts(dst []int64, src []byte, limit int) (values []int64, rest []byte, err error) {
	var head [3]uint64 // block size, miniblocks in a block, number of values
	for i := range head {
		v, n := binary.Uvarint(src)
		if n <= 0 {
			return nil, nil, errDelta
		}
		head[i], src = v, src[n:]
	}
	block, minis, total := head[0], head[1], head[2]
	first, n := binary.Varint(src)
	if n <= 0 || block == 0 || block > 1<<20 || minis == 0 || block%minis != 0 || (block/minis)%8 != 0 {
		return nil, nil, errDelta
	}
	if total > uint64(limit) {
		return nil, nil, fmt.Errorf("delta-encoded page of %d values where at most %d belong", total, limit)
	}
	src = src[n:]
	dst = sized(dst, int(total))
	if total == 0 {
		return dst, src, nil
	}
	dst[0] = first
	for i := 1; i < len(dst); {
		if i, src, err = deltaBlock(dst, i, src, int(minis), int(block/minis)); err != nil {
			return nil, nil, err
		}
	}
	return dst, src, nil
}

// deltaBlock decodes one block of minis miniblocks of size values each into dst from index i on.
func deltaBlock(dst []int64, i int, src []byte, minis, size int) (int, []byte, error) {
	least, n := binary.Varint(src)
	if n <= 0 || len(src)-n < minis {
		return 0, nil, errDelta
	}
	widths := src[n : n+minis]
	src = src[n+minis:]
	for _, width := range widths {
		if i == len(dst) {
			break // the widths of miniblocks that hold no value may be anything
		}
		if width > 64 {
			return 0, nil, errDelta
		}
		// The last miniblock may be cut off after its last value.
		count := min(size, len(dst)-i)
		bytes := size * int(width) / 8
		if need := (count*int(width) + 7) / 8; len(src) < need {
			return 0, nil, errDelta
		}
		bytes = min(bytes, len(src))
		unpackDeltas(dst[i-1:i+count], src[:bytes], uint(width), least)
		i, src = i+count, src[bytes:]
	}
	return i, src, nil
}

// unpackDeltas sets dst[1:] to running sums from dst[0]. Sums wrap around, as writers' differences do.
func unpackDeltas(dst []int64, src []byte, width uint, least int64) {
	mask := ^uint64(0) >> (64 - width) // 0 for width 0: Go shifts by 64 give 0
	last := dst[0]
	for i := range dst[1:] {
		bit := uint(i) * width
		last += least + int64(bitsAt(src, bit, width)&mask)
		dst[i+1] = last
	}
}

// bitsAt returns at least width bits from bit offset bit.
func bitsAt(src []byte, bit, width uint) uint64 {
	at, shift := int(bit>>3), bit&7
	if at+9 <= len(src) {
		return binary.LittleEndian.Uint64(src[at:])>>shift | uint64(src[at+8])<<(64-shift)
	}
	var tail [9]byte
	if width > 0 {
		copy(tail[:], src[at:])
	}
	return binary.LittleEndian.Uint64(tail[:])>>shift | uint64(tail[8])<<(64-shift)
}

// plainFromDelta writes integers in the PLAIN layout of 4 or 8 bytes.
func plainFromDelta(dst []byte, values []int64, width int) []byte {
	dst = sized(dst, len(values)*width)
	for i, v := range values {
		if width == 4 {
			binary.LittleEndian.PutUint32(dst[i*4:], uint32(v))
		} else {
			binary.LittleEndian.PutUint64(dst[i*8:], uint64(v))
		}
	}
	return dst
}

// lengths checks that no value is negative and returns the sum, which must not pass limit.
func lengths(values []int64, limit int64) (int64, error) {
	var sum int64
	for _, v := range values {
		if v < 0 || v > limit-sum {
			return 0, errDelta
		}
		sum += v
	}
	return sum, nil
}

// plainFromDeltaLength writes DELTA_LENGTH_BYTE_ARRAY in the PLAIN layout.
func (c *chunk) plainFromDeltaLength(src []byte, limit int) ([]byte, error) {
	sizes, rest, err := deltaInts(c.deltas, src, limit)
	if err != nil {
		return nil, err
	}
	c.deltas = sizes
	sum, err := lengths(sizes, int64(len(rest)))
	if err != nil {
		return nil, err
	}
	out := sized(c.plainBuf, int(sum)+4*len(sizes))[:0]
	for _, n := range sizes {
		out = binary.LittleEndian.AppendUint32(out, uint32(n))
		out = append(out, rest[:n]...)
		rest = rest[n:]
	}
	c.plainBuf = out
	return out, nil
}

// plainFromDeltaBytes writes DELTA_BYTE_ARRAY in the PLAIN layout: without lengths if width is not 0.
// A prefix is as long as the value before it allows, so a small page can be huge: the limit is checked
// on the sum of all lengths first.
func (c *chunk) plainFromDeltaBytes(src []byte, limit, width int) ([]byte, error) {
	prefixes, rest, err := deltaInts(c.deltas, src, limit)
	if err != nil {
		return nil, err
	}
	c.deltas = prefixes
	suffixes, rest, err := deltaInts(c.suffixes, rest, limit)
	if err != nil {
		return nil, err
	}
	c.suffixes = suffixes
	most := c.pages.lim.Page
	shared, err1 := lengths(prefixes, most)
	own, err2 := lengths(suffixes, int64(len(rest)))
	if err1 != nil || err2 != nil || len(prefixes) != len(suffixes) || shared+own > most {
		return nil, errDelta
	}
	out := sized(c.plainBuf, int(shared+own)+4*len(prefixes))[:0]
	last := 0 // where the value before begins in out
	for i, n := range suffixes {
		p, end := int(prefixes[i]), len(out)
		if p > end-last || (width > 0 && p+int(n) != width) {
			return nil, errDelta
		}
		if width == 0 {
			out = binary.LittleEndian.AppendUint32(out, uint32(p+int(n)))
		}
		begin := len(out)
		out = append(out, out[last:last+p]...)
		out = append(out, rest[:n]...)
		last, rest = begin, rest[n:]
	}
	c.plainBuf = out
	return out, nil
}

// plainFromStreams undoes BYTE_STREAM_SPLIT: stream k holds byte k of every value.
func plainFromStreams(dst, src []byte, width int) ([]byte, error) {
	n := len(src) / width
	if n*width != len(src) {
		return nil, errors.New("byte streams of unequal length")
	}
	dst = sized(dst, len(src))
	for k := range width {
		stream := src[k*n : (k+1)*n]
		for i, b := range stream {
			dst[i*width+k] = b
		}
	}
	return dst, nil
}
