// Package dictionary provides the dense codes that text is exchanged for on its way in: every
// distinct byte string gets the next code 0, 1, 2, ..., and from there on lines carry four bytes.
//
// It is our own because the inner loop of ingest looks an id up per line: no allocation, no string
// conversion, and codes that depend only on the order of first appearance.
package dictionary

import (
	"bytes"

	"github.com/cespare/xxhash/v2"
)

// Dictionary maps byte strings to codes. The zero value is ready to use. It is not safe for
// concurrent use: every worker has its own and they are joined once at the end.
type Dictionary struct {
	slots []slot // open addressing, a power of two, at most half full
	arena []byte
	ends  []int // value i is arena[ends[i-1]:ends[i]]
	last  uint32
}

// slot is an entry: the upper hash bits spare most comparisons with the arena.
type slot struct {
	tag  uint32
	code uint32 // code+1; 0 is an empty slot
}

// Len is the number of distinct values.
func (d *Dictionary) Len() int { return len(d.ends) }

// Value is the value of a code. It must not be written to, and stays valid.
func (d *Dictionary) Value(code uint32) []byte {
	start := 0
	if code > 0 {
		start = d.ends[code-1]
	}
	return d.arena[start:d.ends[code]:d.ends[code]]
}

// Code returns the code of v, adding it when it is new. v is copied.
func (d *Dictionary) Code(v []byte) uint32 {
	// Exports list the lines of an order together: the last value comes again most of the time.
	if len(d.ends) > 0 && bytes.Equal(v, d.Value(d.last)) {
		return d.last
	}
	h := xxhash.Sum64(v)
	i, found := d.probe(h, v)
	if !found {
		if 2*(len(d.ends)+1) > len(d.slots) {
			d.grow()
			i, _ = d.probe(h, v)
		}
		d.arena = append(d.arena, v...)
		d.ends = append(d.ends, len(d.arena))
		d.slots[i] = slot{tag: uint32(h >> 32), code: uint32(len(d.ends))}
	}
	d.last = d.slots[i].code - 1
	return d.last
}

// Find returns the code of v, and false where it was never added.
func (d *Dictionary) Find(v []byte) (uint32, bool) {
	i, found := d.probe(xxhash.Sum64(v), v)
	if !found {
		return 0, false
	}
	return d.slots[i].code - 1, true
}

func (d *Dictionary) probe(h uint64, v []byte) (i uint64, found bool) {
	if len(d.slots) == 0 {
		return 0, false
	}
	mask := uint64(len(d.slots) - 1)
	tag := uint32(h >> 32)
	for i = h & mask; ; i = (i + 1) & mask {
		s := d.slots[i]
		if s.code == 0 {
			return i, false
		}
		if s.tag == tag && bytes.Equal(d.Value(s.code-1), v) {
			return i, true
		}
	}
}

func (d *Dictionary) grow() {
	old := d.slots
	d.slots = make([]slot, max(64, 2*len(old)))
	mask := uint64(len(d.slots) - 1)
	for code := range d.ends {
		h := xxhash.Sum64(d.Value(uint32(code)))
		i := h & mask
		for d.slots[i].code != 0 {
			i = (i + 1) & mask
		}
		d.slots[i] = slot{tag: uint32(h >> 32), code: uint32(code + 1)}
	}
}
