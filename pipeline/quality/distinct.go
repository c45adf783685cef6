package quality

import (
	"math"
	"slices"
)

// Distinct counts different values by their 64-bit hashes. Unbounded it keeps all of them and is exact,
// two in 2^64 aside. Bounded it keeps the least ones: below the bound it is exact as well, beyond it the
// k-th least hash tells how dense they lie, n ≈ (k−1)/u with u in 0..1 (Beyer et al., "On Synopses for
// Distinct-Value Estimation Under Multiset Operations", SIGMOD 2007, eq. 5), with a relative standard
// error of about 1/√(k−2). It depends on the set of hashes only.
type Distinct struct {
	bound  int // 0: none
	hashes []uint64
	sorted int    // hashes[:sorted] ascend and differ
	limit  uint64 // no hash from here on is among the least; 0: not known
}

// Bound is the k of bounded counts: an error of 0.8% for 128 KiB.
const Bound = 1 << 14

// Add counts the value of a hash.
func (d *Distinct) Add(hash uint64) {
	if d.limit != 0 && hash >= d.limit {
		return
	}
	d.hashes = append(d.hashes, hash)
	if d.bound > 0 && len(d.hashes) >= 2*d.bound {
		d.compact()
	}
}

// Merge adds what another one counted.
func (d *Distinct) Merge(o *Distinct) {
	for _, h := range o.hashes {
		d.Add(h)
	}
}

func (d *Distinct) compact() {
	if d.sorted == len(d.hashes) {
		return
	}
	slices.Sort(d.hashes)
	d.hashes = slices.Compact(d.hashes)
	if d.bound > 0 && len(d.hashes) >= d.bound {
		d.hashes = d.hashes[:d.bound]
		d.limit = d.hashes[d.bound-1] // that one is in, and a repeat of it is none
	}
	d.sorted = len(d.hashes)
}

// Count is how many values differ, and whether that is estimated.
func (d *Distinct) Count() (n int64, estimated bool) {
	d.compact()
	if d.bound == 0 || len(d.hashes) < d.bound {
		return int64(len(d.hashes)), false
	}
	u := (float64(d.hashes[d.bound-1]) + 1) / math.Exp2(64)
	return int64(math.Round(float64(d.bound-1) / u)), true
}
