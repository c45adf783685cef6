// Package dictionary provides the dense codes that text is exchanged for on its way in: every
// distinct byte string gets the next code 0, 1, 2, ..., and from there on lines carry four bytes.
//
// It is our own because the inner loop of ingest looks an id up per line: no allocation, no string
// conversion, one cache miss for ids of up to eight bytes, and codes that depend only on the order
// of first appearance.
package dictionary

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/cespare/xxhash/v2"
)

// Dictionary maps byte strings to codes. The zero value is ready to use. It is not safe for
// concurrent use: every worker has its own and they are joined once at the end.
type Dictionary struct {
	slots    []slot // open addressing, a power of two, at most half full
	arena    []byte
	ends     []int               // value i is arena[ends[i-1]:ends[i]]
	inHash   int                 // values in slots; the others are in numbered
	numbered [longest + 1]direct // by length

	// The last value, so that its repetition touches no table. lastCode is code+1, 0 before the first.
	lastKey  uint64
	lastSize int
	lastCode uint32
}

// slot is an entry. Key and size together are the whole value where it has at most short bytes;
// else the key is its hash and the arena decides.
type slot struct {
	key  uint64
	size uint32
	code uint32 // code+1; 0 is an empty slot
}

// short is the length up to which a value is its own key.
const short = 8

// Len is the number of distinct values.
func (d *Dictionary) Len() int { return len(d.ends) }

// Bytes is the length of all values together.
func (d *Dictionary) Bytes() int { return len(d.arena) }

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
	key := keyOf(v)
	// Exports list the lines of an order together: the last value comes again most of the time.
	if key == d.lastKey && len(v) == d.lastSize && d.lastCode > 0 && (len(v) <= short || bytes.Equal(v, d.Value(d.lastCode-1))) {
		return d.lastCode - 1
	}
	code := d.find(key, v)
	if code == 0 {
		code = d.add(key, v)
	}
	d.lastKey, d.lastSize, d.lastCode = key, len(v), code
	return code - 1
}

// Find returns the code of v, and false where it was never added.
func (d *Dictionary) Find(v []byte) (uint32, bool) {
	code := d.find(keyOf(v), v)
	return code - 1, code > 0
}

// find returns code+1 of v, or 0.
func (d *Dictionary) find(key uint64, v []byte) uint32 {
	if len(v) <= longest {
		t := &d.numbered[len(v)]
		if n, ok := t.number(v); ok && int(n) < len(t.codes) && t.codes[n] != 0 {
			return t.codes[n]
		}
	}
	if i, found := d.probe(key, v); found {
		return d.slots[i].code
	}
	return 0
}

// add stores a new value and returns its code+1.
func (d *Dictionary) add(key uint64, v []byte) uint32 {
	d.arena = append(d.arena, v...)
	d.ends = append(d.ends, len(d.arena))
	code := uint32(len(d.ends))
	if len(v) <= longest {
		t := &d.numbered[len(v)]
		if !t.set {
			t.learn(v)
		}
		if n, ok := t.number(v); ok && t.put(n, code, len(d.ends)) {
			return code
		}
	}
	if 2*(d.inHash+1) > len(d.slots) {
		d.grow()
	}
	i, _ := d.probe(key, v)
	d.slots[i] = slot{key: key, size: uint32(len(v)), code: code}
	d.inHash++
	return code
}

// keyOf packs a short value into a word that, with its length, tells it apart from all others; the
// key of a long one is its hash.
func keyOf(v []byte) uint64 {
	switch n := len(v); {
	case n > 2*short:
		return xxhash.Sum64(v)
	case n > short: // two words that overlap, mixed as place mixes
		hi, lo := bits.Mul64(binary.LittleEndian.Uint64(v)^0x9e3779b97f4a7c15, binary.LittleEndian.Uint64(v[n-8:])^0xff51afd7ed558ccd)
		return hi ^ lo
	case n >= 4: // the halves overlap where n < 8
		return uint64(binary.LittleEndian.Uint32(v)) | uint64(binary.LittleEndian.Uint32(v[n-4:]))<<32
	case n > 0:
		return uint64(v[0]) | uint64(v[n/2])<<8 | uint64(v[n-1])<<16
	}
	return 0
}

// place spreads a key over the slots: the halves of its product with an odd constant (2^64 over
// the golden ratio, Knuth, The Art of Computer Programming 3, section 6.4), folded.
func (d *Dictionary) place(key uint64, size int) uint64 {
	hi, lo := bits.Mul64(key^uint64(size)<<56, 0x9e3779b97f4a7c15)
	return (hi ^ lo) & uint64(len(d.slots)-1)
}

func (d *Dictionary) probe(key uint64, v []byte) (i uint64, found bool) {
	if len(d.slots) == 0 {
		return 0, false
	}
	mask := uint64(len(d.slots) - 1)
	for i = d.place(key, len(v)); ; i = (i + 1) & mask {
		s := &d.slots[i]
		if s.code == 0 {
			return i, false
		}
		if s.key == key && s.size == uint32(len(v)) && (len(v) <= short || bytes.Equal(d.Value(s.code-1), v)) {
			return i, true
		}
	}
}

func (d *Dictionary) grow() {
	old := d.slots
	d.slots = make([]slot, max(64, 2*len(old)))
	mask := uint64(len(d.slots) - 1)
	for _, s := range old {
		if s.code == 0 {
			continue
		}
		i := d.place(s.key, int(s.size))
		for d.slots[i].code != 0 {
			i = (i + 1) & mask
		}
		d.slots[i] = s
	}
}
