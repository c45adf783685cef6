package money

import "math"

// mostList bounds a list value, in amount units, whose product with up to twice OneRate fits int64.
const mostList = math.MaxInt64 / (2 * uint64(OneRate))

// Line is what a line lists for and what a discount rate leaves of it: LineAmount(q, p, 0, 0) and
// LineAmount(q, p, rate, 0), each rounded half to even once; false where either does not fit.
func Line(q Quantity, p Price, rate Rate) (list, net Amount, ok bool) {
	// Whole pieces at a price of at most four decimals list for an exact amount.
	pieces, price := uint64(q)/10_000, uint64(p)/10_000
	exact := pieces*10_000 == uint64(q) && price*10_000 == uint64(p) && pieces < 1<<31 && price < 1<<31
	keep := uint64(OneRate - rate)
	if v := pieces * price; exact && v <= mostList && keep <= 2*uint64(OneRate) {
		const half = uint64(OneRate) / 2
		n := v * keep / uint64(OneRate)
		if r := v*keep - n*uint64(OneRate); r > half || r == half && n&1 == 1 {
			n++
		}
		return Amount(v), Amount(n), true
	}
	if list, ok = LineAmount(q, p, 0, 0); !ok {
		return 0, 0, false
	}
	net, ok = LineAmount(q, p, rate, 0)
	return list, net, ok
}
