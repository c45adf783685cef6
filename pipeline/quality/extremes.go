package quality

import (
	"cmp"
	"slices"
)

// Place is a line of an input.
type Place struct {
	File int   // index in the order of reading
	Line int64 // of text, or row of Parquet, from 1
}

// sighting is a value at its place.
type sighting struct {
	value int64
	at    Place
}

func (s sighting) magnitude() uint64 {
	if s.value < 0 {
		return -uint64(s.value)
	}
	return uint64(s.value)
}

// kept is how many of the most extreme values are kept with their places.
const kept = 3

// extremes keep the largest and the smallest magnitudes other than zero; of equal ones the first in the
// order of reading, so that they depend on the data only.
type extremes struct {
	large, small []sighting // most extreme first
}

func (e *extremes) add(s sighting) {
	if s.value != 0 {
		e.addLarge(s)
		e.addSmall(s)
	}
}

func (e *extremes) addLarge(s sighting) {
	if n := len(e.large); n < kept || larger(s, e.large[n-1]) < 0 {
		e.large = keep(e.large, s, larger)
	}
}

func (e *extremes) addSmall(s sighting) {
	if n := len(e.small); n < kept || smaller(s, e.small[n-1]) < 0 {
		e.small = keep(e.small, s, smaller)
	}
}

func larger(a, b sighting) int {
	return cmp.Or(cmp.Compare(b.magnitude(), a.magnitude()), a.before(b))
}

func smaller(a, b sighting) int {
	return cmp.Or(cmp.Compare(a.magnitude(), b.magnitude()), a.before(b))
}

// before is the order of reading.
func (s sighting) before(o sighting) int {
	return cmp.Or(cmp.Compare(s.at.File, o.at.File), cmp.Compare(s.at.Line, o.at.Line), cmp.Compare(s.value, o.value))
}

func keep(list []sighting, s sighting, by func(a, b sighting) int) []sighting {
	i, _ := slices.BinarySearchFunc(list, s, by)
	list = slices.Insert(list, i, s)
	return list[:min(len(list), kept)]
}

func (e *extremes) merge(o *extremes) {
	for _, s := range o.large {
		e.addLarge(s)
	}
	for _, s := range o.small {
		e.addSmall(s)
	}
}
