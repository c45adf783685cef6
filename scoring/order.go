package scoring

// Digits of the radix sort: six passes of 11 bits cover 64 bits, and a pass whose digit is the same
// in every key is skipped, so amounts of a real company take three or four.
const (
	digitBits = 11
	digits    = (64 + digitBits - 1) / digitBits
	buckets   = 1 << digitBits
)

type keyed struct {
	key   uint64
	index int32
}

// Descending returns the indices 0..len(keys)-1 ordered by key, largest first, equal keys by
// ascending index. It is a least-significant-digit radix sort: linear, stable, no comparisons.
// len(keys) must fit an int32.
func Descending(keys []int64) []int32 {
	from, to := make([]keyed, len(keys)), make([]keyed, len(keys))
	var count [digits][buckets]uint32
	for i, k := range keys {
		// Flipping all but the sign bit turns descending signed into ascending unsigned order.
		u := ^(uint64(k) ^ 1<<63)
		from[i] = keyed{u, int32(i)}
		for d := range count {
			count[d][u>>(d*digitBits)&(buckets-1)]++
		}
	}
	for d := range count {
		if pass(to, from, &count[d], d*digitBits) {
			from, to = to, from
		}
	}
	order := make([]int32, len(keys))
	for i := range from {
		order[i] = from[i].index
	}
	return order
}

// pass moves from into to by one digit, and reports false where all keys share the digit and
// nothing had to move.
func pass(to, from []keyed, count *[buckets]uint32, shift int) bool {
	if len(from) == 0 || int(count[from[0].key>>shift&(buckets-1)]) == len(from) {
		return false
	}
	next := uint32(0)
	for b, n := range count {
		count[b] = next
		next += n
	}
	for _, x := range from {
		at := &count[x.key>>shift&(buckets-1)]
		to[*at] = x
		*at++
	}
	return true
}
