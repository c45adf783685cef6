package dictionary

// unnumbered marks a value of a batch that has no place in a direct table.
const unnumbered = ^uint32(0)

// Codes gives dst[i] the code of values[i], as Code would one after another. Where values are numbered,
// the numbers come first and the tables after them, so that the waits for memory overlap.
func (d *Dictionary) Codes(dst []uint32, values [][]byte) {
	dst = dst[:len(values)]
	for i, v := range values {
		dst[i] = unnumbered
		if len(v) <= longest {
			if n, ok := d.numbered[len(v)].number(v); ok {
				dst[i] = n
			}
		}
	}
	for i, v := range values {
		if n := dst[i]; n != unnumbered {
			if codes := d.numbered[len(v)].codes; int(n) < len(codes) && codes[n] != 0 {
				dst[i] = codes[n] - 1
				continue
			}
		}
		dst[i] = d.Code(v)
	}
}
