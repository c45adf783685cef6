package ingest

import (
	"encoding/binary"
	"maps"
	"math/bits"

	"github.com/cespare/xxhash/v2"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// A search for repeated lines costs time and memory. What nobody should miss costs neither: whole files that
// come twice, whatever their packing, charset, format or order of lines, show in a sum over the hashes of
// their lines, and orders that stand in several files show in a sample of them. The sample is coordinated:
// an order is in it if a hash of it lies below a limit, the same for all files, so that an order is sampled
// in all of its files or in none (Cohen and Kaplan, "Tighter Estimation Using Bottom k Sketches", VLDB 2008,
// §2). While all orders are few they are all in it, and what it says is exact.

// sampledOrders is how many orders of files the sample holds at most. Of 3 million orders it holds 1 in 200,
// and misses 1,000 shared ones with a chance of less than 1%.
const sampledOrders = 1 << 14

// sightings are the sampled orders of a worker and what its lines sum to, by file.
type sightings struct {
	sums    []uint64 // by file; the order of additions does not matter
	sampled map[sampled]sighting
	shift   int // the limit is 2^(64-shift)
}

// sampled is an order in a file, by a hash of order, day and customer.
type sampled struct {
	id   uint64
	file int
}

// sighting is the first line of an order in a file.
type sighting struct {
	rank uint64 // decides who is sampled
	at   where
}

// mix spreads two words over one (the multiplication of Lemire and Yi's wyhash).
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	return hi ^ lo
}

// sight looks at the settled lines of a batch.
func (w *worker) sight() {
	s, l := w.sights, w.lines
	if s == nil || l.mapped&(1<<layout.OrderID) == 0 {
		return
	}
	sum, last, of := s.sums[w.file], ^uint64(0), none
	for i := range l.n {
		if l.bad[i] {
			continue
		}
		rank := mix(l.order[i], uint64(uint32(l.day[i])))
		sum += mix(rank, uint64(l.net[i]))
		if rank>>(64-s.shift) != 0 {
			continue
		}
		customer := none
		if l.with(i, layout.CustomerID) {
			customer = l.customer[i]
		}
		if rank != last || customer != of { // a run of lines of one order is looked at once
			last, of = rank, customer
			w.sample(i, rank, customer)
		}
	}
	s.sums[w.file] = sum
}

// sample takes line i for its order.
func (w *worker) sample(i int, rank uint64, customer uint32) {
	s, l := w.sights, w.lines
	var key [12]byte
	binary.LittleEndian.PutUint64(key[:], l.order[i])
	binary.LittleEndian.PutUint32(key[8:], uint32(l.day[i]))
	var h xxhash.Digest
	h.Reset()
	_, _ = h.Write(key[:]) // a hash takes everything
	if customer != none {
		_, _ = h.Write(w.builder.CustomerID(customer))
	}
	s.add(sampled{h.Sum64(), w.file}, sighting{rank, placeOf(w.file, l.line[i], false)})
}

// add keeps the first line of an order in a file, and lowers the limit until the orders are few enough. The
// limit of all input is that of its orders, however they are spread over workers: none of them has more,
// so that none lowers its own further.
func (s *sightings) add(k sampled, x sighting) {
	if have, ok := s.sampled[k]; ok && have.at <= x.at {
		return
	}
	s.sampled[k] = x
	for len(s.sampled) > sampledOrders {
		s.lower(s.shift + 1)
	}
}

func (s *sightings) lower(shift int) {
	s.shift = shift
	maps.DeleteFunc(s.sampled, func(_ sampled, x sighting) bool { return x.rank>>(64-shift) != 0 })
}

// newSightings for that many files.
func newSightings(files int) *sightings {
	return &sightings{sums: make([]uint64, files), sampled: map[sampled]sighting{}}
}

// joinSightings joins those of all workers.
func (r *reader) joinSightings() *sightings {
	all := newSightings(len(r.files))
	for _, w := range r.workers {
		all.shift = max(all.shift, w.sights.shift)
		for i, sum := range w.sights.sums {
			all.sums[i] += sum
		}
	}
	for _, w := range r.workers {
		for k, x := range w.sights.sampled {
			if x.rank>>(64-all.shift) == 0 {
				all.add(k, x)
			}
		}
	}
	return all
}

// content is what files have in common that hold the same lines.
type content struct {
	lines int64
	money money.Amount
	sum   uint64
}
