package ledger

// byKey orders terms by key, equal keys as they came: a radix sort from the least significant byte,
// which skips bytes that are the same in all keys, as most are in numbered ids.
func byKey(ts []term) []term {
	var counts [8][256]int
	for _, t := range ts {
		for b := range counts {
			counts[b][byte(t.key>>(8*b))]++
		}
	}
	from, to := ts, make([]term, len(ts))
	for b := range counts {
		count := &counts[b]
		if len(ts) == 0 || count[byte(ts[0].key>>(8*b))] == len(ts) {
			continue
		}
		at := 0
		for v, n := range count {
			count[v] = at
			at += n
		}
		for _, t := range from {
			v := byte(t.key >> (8 * b))
			to[count[v]] = t
			count[v]++
		}
		from, to = to, from
	}
	return from
}
