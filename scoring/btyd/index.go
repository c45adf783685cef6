package btyd

// key is an integer history: x and t_x in one word, T in the other.
type key [2]uint64

// index numbers distinct keys in the order in which they come: open addressing, at most half full.
type index struct {
	slots []int32 // 1 + number of the key; 0 is free
	keys  []key
}

func newIndex(size int) *index { return &index{slots: make([]int32, size)} }

// hash is the finaliser of splitmix64 over both words.
func (k key) hash() uint64 {
	h := (k[0] ^ k[1]*0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>29) * 0x94d049bb133111eb
	return h ^ h>>32
}

func (x *index) add(k key) int32 {
	mask := uint64(len(x.slots) - 1)
	for i := k.hash() & mask; ; i = (i + 1) & mask {
		n := x.slots[i]
		if n == 0 {
			x.keys = append(x.keys, k)
			n = int32(len(x.keys))
			x.slots[i] = n
			if 2*len(x.keys) > len(x.slots) {
				x.grow()
			}
			return n - 1
		}
		if x.keys[n-1] == k {
			return n - 1
		}
	}
}

func (x *index) grow() {
	x.slots = make([]int32, 4*len(x.slots))
	mask := uint64(len(x.slots) - 1)
	for n, k := range x.keys {
		i := k.hash() & mask
		for x.slots[i] != 0 {
			i = (i + 1) & mask
		}
		x.slots[i] = int32(n + 1)
	}
}

func (x *index) patterns(of []int32, history func(key) History) *Patterns {
	all := make([]History, len(x.keys))
	for i, k := range x.keys {
		all[i] = history(k)
	}
	return ordered(all, of)
}
