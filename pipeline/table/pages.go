package table

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// The encodings of Parquet that WriteParquet uses (Encodings.md of apache/parquet-format).

// appendLevels appends the definition levels of n cells of which some are known: their length in four
// bytes, then one run of equal levels, or the bits of valid as one bit-packed run.
func appendLevels(dst, valid []byte, n, known int) []byte {
	at := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	switch known {
	case n:
		dst = append(binary.AppendUvarint(dst, uint64(n)<<1), 1)
	case 0:
		dst = append(binary.AppendUvarint(dst, uint64(n)<<1), 0)
	default:
		groups := (n + 7) / 8
		dst = append(binary.AppendUvarint(dst, uint64(groups)<<1|1), valid[:groups]...)
	}
	binary.LittleEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	return dst
}

// appendHybrid appends the RLE/bit-packing hybrid of numbers of width bits, 1 to 32: eight or more
// equal ones from where a group of eight may begin are a run, what is between runs is packed.
func appendHybrid(dst []byte, v []uint32, width uint) []byte {
	from := 0 // of the numbers to pack
	for i := 0; i < len(v); {
		end := i + 8
		if end > len(v) {
			break
		}
		if v[i] != v[i+1] || !equal(v[i:end]) {
			i = end
			continue
		}
		for end < len(v) && v[end] == v[i] {
			end++
		}
		dst = appendPacked(dst, v[from:i], width)
		dst = binary.AppendUvarint(dst, uint64(end-i)<<1)
		for b := uint(0); b < width; b += 8 {
			dst = append(dst, byte(v[i]>>b))
		}
		i, from = end, end
	}
	return appendPacked(dst, v[from:], width)
}

func equal(v []uint32) bool {
	for _, x := range v[1:] {
		if x != v[0] {
			return false
		}
	}
	return true
}

// appendPacked appends a bit-packed run, padded with zeros to a multiple of eight numbers.
func appendPacked(dst []byte, v []uint32, width uint) []byte {
	if len(v) == 0 {
		return dst
	}
	dst = binary.AppendUvarint(dst, uint64((len(v)+7)/8)<<1|1)
	var block [32]uint64
	for ; len(v) >= 32; v = v[32:] {
		for i, x := range v[:32] {
			block[i] = uint64(x)
		}
		dst = appendBits(dst, &block, width)
	}
	if len(v) == 0 {
		return dst
	}
	clear(block[:])
	for i, x := range v {
		block[i] = uint64(x)
	}
	end := len(dst) + (len(v)+7)/8*int(width)
	return appendBits(dst, &block, width)[:end]
}

// appendBits appends 32 numbers of width bits, 0 to 64, lowest bit first: 4 width bytes. It may change
// block.
func appendBits(dst []byte, block *[32]uint64, width uint) []byte {
	n := 32
	for width > 0 && width <= 32 && n > 8 { // neighbours become one number: fewer to place
		n /= 2
		for i := range n {
			block[i] = block[2*i] | block[2*i+1]<<width
		}
		width *= 2
	}
	var word uint64
	var have uint
	for _, x := range block[:n] {
		word |= x << have
		if have += width; have >= 64 {
			dst = binary.LittleEndian.AppendUint64(dst, word)
			have -= 64
			word = x >> (width - have) // Go shifts by 64 give 0
		}
	}
	for ; have > 0; have -= 8 {
		dst = append(dst, byte(word))
		word >>= 8
	}
	return dst
}

// appendDelta appends DELTA_BINARY_PACKED in blocks of 128 and miniblocks of 32. Differences wrap
// around at 64 bits. Those of INT32 would have to at 32, but known days differ by far less.
func appendDelta(dst []byte, v []int64) []byte {
	const block, mini = 128, 32
	dst = append(binary.AppendUvarint(dst, block), block/mini)
	dst = binary.AppendUvarint(dst, uint64(len(v)))
	if len(v) == 0 {
		return append(dst, 0)
	}
	dst = binary.AppendVarint(dst, v[0])
	var deltas [block / mini][mini]uint64
	for i := 1; i < len(v); i += block {
		part := v[i:min(i+block, len(v))]
		last, least := v[i-1], int64(math.MaxInt64)
		for j, x := range part {
			d := x - last
			deltas[j/mini%len(deltas)][j%mini] = uint64(d)
			least = min(least, d)
			last = x
		}
		dst = binary.AppendVarint(dst, least)
		widths := len(dst)
		dst = append(dst, 0, 0, 0, 0)
		for m := 0; m*mini < len(part); m++ {
			d := &deltas[m]
			n := min(mini, len(part)-m*mini)
			var all uint64
			for j := range d[:n] {
				d[j] -= uint64(least)
				all |= d[j]
			}
			clear(d[n:])
			width := bits.Len64(all)
			dst[widths+m] = byte(width)
			dst = appendBits(dst, d, uint(width))
		}
	}
	return dst
}

// appendPlain appends a text with its length.
func appendPlain(dst, s []byte) []byte {
	return append(binary.LittleEndian.AppendUint32(dst, uint32(len(s))), s...)
}

// appendValues appends the cells of the rows, all known, and returns their bounds. It works in ints.
func (c *Column) appendValues(dst []byte, rows []int32, ints []int64) ([]byte, []int64, bounds) {
	b := bounds{some: len(rows) > 0}
	switch c.kind {
	case String:
		dst = c.appendTexts(dst, rows, &b)
	case Float64:
		dst = appendFloats(dst, c.floats, rows, &b)
	case Bool:
		dst = appendBools(dst, c.bits, rows, &b)
	case Day:
		ints = gather(ints, c.days, rows, &b)
		dst = appendDelta(dst, ints)
	default:
		ints = gather(ints, c.ints, rows, &b)
		dst = appendDelta(dst, ints)
	}
	return dst, ints, b
}

func (c *Column) appendTexts(dst []byte, rows []int32, b *bounds) []byte {
	b.some = false
	for _, r := range rows {
		s := c.bytes(int(r))
		dst = appendPlain(dst, s)
		b.text(s)
	}
	return dst
}

func appendFloats(dst []byte, v []float64, rows []int32, b *bounds) []byte {
	at := len(dst)
	dst = slices.Grow(dst, 8*len(rows))[:at+8*len(rows)]
	out := dst[at:]
	low, high := math.Inf(1), math.Inf(-1)
	for i, r := range rows {
		f := v[r]
		binary.LittleEndian.PutUint64(out[8*i:], math.Float64bits(f))
		if f < low {
			low = f
		}
		if f > high {
			high = f
		}
	}
	b.floats = [2]float64{low, high}
	return dst
}

func appendBools(dst, v []byte, rows []int32, b *bounds) []byte {
	packed := takeBits(v, rows)
	ones := 0
	for _, p := range packed {
		ones += bits.OnesCount8(p)
	}
	if ones == len(rows) {
		b.ints[0] = 1
	}
	if ones > 0 {
		b.ints[1] = 1
	}
	return append(dst, packed...)
}

// gather sets dst to the cells of the rows.
func gather[T ~int32 | ~int64](dst []int64, v []T, rows []int32, b *bounds) []int64 {
	dst = grown(dst, len(rows))
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	for i, r := range rows {
		x := int64(v[r])
		dst[i] = x
		low, high = min(low, x), max(high, x)
	}
	b.ints = [2]int64{low, high}
	return dst
}
