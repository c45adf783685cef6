package ledger

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/dictionary"
)

// term is a dictionary entry on its way into the joint order. The key holds the eight bytes after
// the prefix that all entries share, padded with zeros, and size how many there are: together they
// decide most comparisons without touching the text.
type term struct {
	key  uint64
	code uint32
	size uint32
}

// join gives the ascending union of dictionaries and, per dictionary, where each code went. Codes
// that present does not mark are left out, their places mean nothing; nil marks all.
func (a *assembly) join(ds []*dictionary.Dictionary, present [][]bool) (union []string, place [][]uint32) {
	skip := a.sharedPrefix(ds)
	sorted := make([][]term, len(ds))
	place = make([][]uint32, len(ds))
	a.parallel(len(ds), func(k int) {
		sorted[k] = sortTerms(ds[k], present[k], skip)
		place[k] = make([]uint32, ds[k].Len())
	})
	var text strings.Builder
	size, most := 0, 0
	for _, d := range ds {
		size, most = size+d.Bytes(), max(most, d.Len())
	}
	text.Grow(size)
	ends := make([]int, 0, most)
	last, of := term{}, -1
	for {
		best := -1
		for k := range sorted {
			if len(sorted[k]) > 0 && (best < 0 || compareTerms(ds[k], sorted[k][0], ds[best], sorted[best][0]) < 0) {
				best = k
			}
		}
		if best < 0 {
			break
		}
		t := sorted[best][0]
		sorted[best] = sorted[best][1:]
		if of < 0 || compareTerms(ds[best], t, ds[of], last) != 0 {
			text.Write(ds[best].Value(t.code))
			ends = append(ends, text.Len())
		}
		last, of = t, best
		place[best][t.code] = uint32(len(ends) - 1)
	}
	return cut(text.String(), ends), place
}

// cut slices one string, so that the ids of a ledger are one allocation and not one each.
func cut(text string, ends []int) []string {
	out := make([]string, len(ends))
	start := 0
	for i, end := range ends {
		out[i] = text[start:end]
		start = end
	}
	return out
}

// sharedPrefix is how many leading bytes all values of all dictionaries have in common.
func (a *assembly) sharedPrefix(ds []*dictionary.Dictionary) int {
	prefix := make([][]byte, len(ds)) // nil: no value
	a.parallel(len(ds), func(k int) {
		for code := range ds[k].Len() {
			prefix[k] = common(prefix[k], ds[k].Value(uint32(code)))
		}
	})
	var all []byte
	for _, p := range prefix {
		if p != nil {
			all = common(all, p)
		}
	}
	return len(all)
}

// common is the common beginning of p and v; v where p is nil. It is never nil.
func common(p, v []byte) []byte {
	if p == nil {
		return append([]byte{}, v...)
	}
	n := min(len(p), len(v))
	for i := range n {
		if p[i] != v[i] {
			return p[:i]
		}
	}
	return p[:n]
}

func sortTerms(d *dictionary.Dictionary, present []bool, skip int) []term {
	ts := make([]term, 0, d.Len())
	for code := range d.Len() {
		if present != nil && !present[code] {
			continue
		}
		var key [8]byte
		v := d.Value(uint32(code))[skip:]
		copy(key[:], v)
		ts = append(ts, term{binary.BigEndian.Uint64(key[:]), uint32(code), uint32(min(len(v), len(key)+1))})
	}
	ts = byKey(ts)
	for lo := 0; lo < len(ts); { // what the key leaves open
		hi := lo + 1
		for hi < len(ts) && ts[hi].key == ts[lo].key {
			hi++
		}
		if hi > lo+1 {
			slices.SortFunc(ts[lo:hi], func(x, y term) int { return compareTerms(d, x, d, y) })
		}
		lo = hi
	}
	return ts
}

func compareTerms(dx *dictionary.Dictionary, x term, dy *dictionary.Dictionary, y term) int {
	if x.key != y.key {
		return cmp.Compare(x.key, y.key)
	}
	if x.size <= 8 || y.size <= 8 { // the shorter is a prefix of the longer
		return cmp.Compare(x.size, y.size)
	}
	return bytes.Compare(dx.Value(x.code), dy.Value(y.code))
}
