package btyd

// Expected sets dst to the expected purchase days in (T, T+days] of customers with x repeat purchase
// days, the last of them tx after the first purchase, seen for t; the model is one of days. The slices
// have one length, the histories are possible ones (see Collapse), else it panics. Safe for use by several
// goroutines.
func (m Model) Expected(dst []float64, x, tx, t []int32, days float64) {
	m.customers(dst, x, tx, t, func(u *Future) float64 { return u.Expected(days) })
}

// None is Expected for the probability of no purchase in (T, T+days].
func (m Model) None(dst []float64, x, tx, t []int32, days float64) {
	m.customers(dst, x, tx, t, func(u *Future) float64 { return u.Silent(days) })
}

func (m Model) customers(dst []float64, x, tx, t []int32, figure func(*Future) float64) {
	if len(x) != len(dst) || len(tx) != len(dst) || len(t) != len(dst) {
		panic("btyd: the lengths of dst, x, tx and t do not match")
	}
	for i := range dst {
		u := m.Given(History{int(x[i]), float64(tx[i]), float64(t[i])})
		dst[i] = figure(&u)
	}
}
