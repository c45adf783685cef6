package money

// Checked sums fixed-point values and remembers, in the sign bit, whether a step did not fit into
// int64, so that a loop asks once at its end. The zero value is ready. A sum after a step that did not
// fit is worth nothing.
type Checked struct{ over int64 }

// Add returns a + b.
func (k *Checked) Add(a, b int64) int64 {
	s := a + b
	k.over |= (a ^ s) & (b ^ s)
	return s
}

// Sub returns a - b.
func (k *Checked) Sub(a, b int64) int64 {
	s := a - b
	k.over |= (a ^ b) & (a ^ s)
	return s
}

// OK reports whether every step fitted.
func (k *Checked) OK() bool { return k.over >= 0 }
