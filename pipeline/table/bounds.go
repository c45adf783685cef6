package table

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
)

// longestBound is the longest text that is written as a bound, in bytes.
const longestBound = 64

// bounds are the least and the greatest of some known cells of one column. Days and booleans are ints.
type bounds struct {
	some   bool
	ints   [2]int64
	floats [2]float64
	texts  [2][]byte
}

// compare orders the same end of two bounds of a kind.
func (b *bounds) compare(kind Kind, end int, o *bounds) int {
	switch kind {
	case String:
		return bytes.Compare(b.texts[end], o.texts[end])
	case Float64:
		return cmp.Compare(b.floats[end], o.floats[end])
	}
	return cmp.Compare(b.ints[end], o.ints[end])
}

// add widens b to hold o as well.
func (b *bounds) add(kind Kind, o *bounds) {
	if !b.some {
		*b = *o
		return
	}
	if !o.some {
		return
	}
	if o.compare(kind, 0, b) < 0 {
		b.ints[0], b.floats[0], b.texts[0] = o.ints[0], o.floats[0], o.texts[0]
	}
	if o.compare(kind, 1, b) > 0 {
		b.ints[1], b.floats[1], b.texts[1] = o.ints[1], o.floats[1], o.texts[1]
	}
}

// encode gives the bounds as Parquet stores them; none where there is no cell, or a text is long.
// The format orders doubles as numbers but leaves open whether -0 is less than 0, and asks writers for
// a least of -0 and a greatest of 0 (parquet.thrift, ColumnOrder).
func (b *bounds) encode(kind Kind) (low, high []byte, ok bool) {
	if !b.some {
		return nil, nil, false
	}
	var ends [2][]byte
	for i := range ends {
		switch kind {
		case String:
			if len(b.texts[i]) > longestBound {
				return nil, nil, false
			}
			ends[i] = bytes.Clone(b.texts[i])
		case Float64:
			f := b.floats[i]
			if f == 0 {
				f = math.Copysign(0, float64(2*i-1))
			}
			ends[i] = binary.LittleEndian.AppendUint64(nil, math.Float64bits(f))
		case Day:
			ends[i] = binary.LittleEndian.AppendUint32(nil, uint32(b.ints[i]))
		case Bool:
			ends[i] = []byte{byte(b.ints[i])}
		default:
			ends[i] = binary.LittleEndian.AppendUint64(nil, uint64(b.ints[i]))
		}
	}
	return ends[0], ends[1], true
}

// note enters the bounds of a page in the column index and in those of the chunk.
func (w *chunkWriter) note(b bounds, nulls int) {
	x := &w.index.bounds
	low, high, ok := b.encode(w.c.kind)
	if !ok && b.some {
		w.all.add(w.c.kind, &b)
		return // finish sees that the page is missing
	}
	if !ok {
		low, high = []byte{}, []byte{}
	}
	x.NullPages = append(x.NullPages, !b.some)
	x.MinValues, x.MaxValues = append(x.MinValues, low), append(x.MaxValues, high)
	x.NullCounts = append(x.NullCounts, int64(nulls))
	if b.some && w.last.some {
		low, high := b.compare(w.c.kind, 0, &w.last), b.compare(w.c.kind, 1, &w.last)
		w.rising = w.rising && low >= 0 && high >= 0
		w.fall = w.fall && low <= 0 && high <= 0
	}
	if b.some {
		w.last = b
	}
	w.all.add(w.c.kind, &b)
}

// dictBounds are the bounds of the dictionary values that the codes use.
func (w *chunkWriter) dictBounds(codes []uint32) (b bounds) {
	used := grown(w.used, w.e.values)
	clear(used)
	w.used = used
	for _, k := range codes {
		used[k] = true
	}
	d := w.e.dict
	for _, u := range used {
		n := binary.LittleEndian.Uint32(d)
		if u {
			b.text(d[4 : 4+n])
		}
		d = d[4+n:]
	}
	// The buffer of the dictionary is used again before the file is complete, but not before finish.
	return b
}

// text widens b to hold a text, which it keeps.
func (b *bounds) text(s []byte) {
	switch {
	case !b.some:
		b.some, b.texts = true, [2][]byte{s, s}
	case bytes.Compare(s, b.texts[0]) < 0:
		b.texts[0] = s
	case bytes.Compare(s, b.texts[1]) > 0:
		b.texts[1] = s
	}
}
