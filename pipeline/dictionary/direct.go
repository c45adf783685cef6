package dictionary

// direct finds values that are a prefix and a number, all of one length, such as C281429, by their
// number: one cache miss in a small table, where the hash table of 400,000 ids costs several. Ids
// like that are what most systems hand out.
//
// A value is in the direct table or in the hash table, wherever there was room for it when it came;
// whoever finds nothing in the one looks in the other.
type direct struct {
	prefix string
	set    bool     // the first value of the length was seen
	digits int      // 0: values of this length are not numbered
	codes  []uint32 // by number; code+1, 0 for none
}

const (
	// longest is the length of a value up to which there is a direct table.
	longest = 16
	// mostDigits keeps a number within 32 bits.
	mostDigits = 9
	// spread bounds the table to so many places a value, so that numbers far apart take no memory.
	spread = 8
)

// learn takes the prefix over from the first value of a length.
func (t *direct) learn(v []byte) {
	t.set = true
	at := len(v)
	for at > 0 && len(v)-at < mostDigits && v[at-1]-'0' <= 9 {
		at--
	}
	t.prefix, t.digits = string(v[:at]), len(v)-at
}

// number is the number of v, and false where v does not have the prefix and digits of the table.
func (t *direct) number(v []byte) (n uint32, ok bool) {
	if t.digits == 0 || string(v[:len(t.prefix)]) != t.prefix {
		return 0, false
	}
	for _, c := range v[len(t.prefix):] {
		d := uint32(c - '0')
		if d > 9 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, true
}

// put stores a code, and returns false where the number is too far out for so many values.
func (t *direct) put(n uint32, code uint32, values int) bool {
	if int(n) >= len(t.codes) {
		if int(n) >= spread*(values+1) {
			return false
		}
		grown := make([]uint32, max(2*len(t.codes), int(n)+1))
		copy(grown, t.codes)
		t.codes = grown
	}
	t.codes[n] = code
	return true
}
