package btyd

// Expected sets dst to the expected purchase days in (T, T+d] of customers with x repeat purchase days,
// the last of them tx after the first purchase, seen for t, for each d of days: dst[i*len(days)+j] is
// of customer i and days[j]. The model is one of days. x, tx and t have one length, the histories are
// possible ones (see Collapse), else it panics. Safe for use by several goroutines.
func (m Model) Expected(dst []float64, x, tx, t []int32, days ...float64) {
	m.customers(dst, len(days), x, tx, t, func(dst []float64, u *Future) {
		for j, d := range days {
			dst[j] = u.Expected(d)
		}
	})
}

// None is Expected for the probability of no purchase in (T, T+days], one figure per customer.
func (m Model) None(dst []float64, x, tx, t []int32, days float64) {
	m.customers(dst, 1, x, tx, t, func(dst []float64, u *Future) { dst[0] = u.Silent(days) })
}

func (m Model) customers(dst []float64, width int, x, tx, t []int32, figures func([]float64, *Future)) {
	if len(x)*width != len(dst) || len(tx) != len(x) || len(t) != len(x) {
		panic("btyd: the lengths of dst, x, tx and t do not match")
	}
	for i := range x {
		u := m.Given(History{int(x[i]), float64(tx[i]), float64(t[i])})
		figures(dst[i*width:(i+1)*width], &u)
	}
}
