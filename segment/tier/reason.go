package tier

import "strconv"

// The absent data that reasons name.
const (
	marginUnknown = "margin unknown: no sales with a known cost in the window"
	creditUnasked = "credit unknown: no credit data in the run"
)

// AppendReason appends the tier of customer i and why: what kept the customer from the next better
// tier first, each criterion with its value and its cut, as in "key, not core: credit WATCH; sales
// rank 3, class A; margin 31.2% >= 24.0%: key account". It may run on several goroutines at once.
func (r *Result) AppendReason(dst []byte, i int) []byte {
	c := &r.customers
	dst = append(dst, r.Tier[i].String()...)
	switch r.Criterion[i] {
	case All:
		dst = r.appendCredit(append(r.appendQuadrant(append(dst, ": "...), i), "; "...), i)
		dst = r.appendStage(append(dst, "; "...), i)
		if !c.MarginOff {
			dst = r.appendHalf(append(dst, "; "...), i)
		}
	case NotKey:
		dst = r.appendQuadrant(append(dst, ": "...), i)
	case CreditBlock:
		dst = r.appendCredit(append(dst, ", not key: "...), i)
		dst = r.appendQuadrant(append(dst, "; "...), i)
	case NoneInWindow:
		dst = c.LastDay[i].Append(append(dst, ": last purchase "...))
		dst = c.WindowFrom.Append(append(dst, ", before the window from "...))
	case ReturnsOnly:
		dst = append(c.Returned[i].Append(append(dst, ": returns of "...)), " on record, no purchase"...)
	case Nothing:
		dst = append(dst, ": no purchase on record"...)
	default:
		dst = r.appendQuadrant(r.appendNotCore(append(dst, ", not core: "...), i), i)
	}
	return dst
}

// appendNotCore appends every criterion of core that key account i fails or was not asked.
func (r *Result) appendNotCore(dst []byte, i int) []byte {
	c := &r.customers
	if !r.creditGood(i) {
		dst = append(r.appendCredit(dst, i), "; "...)
	}
	if !c.Loyal[i] {
		dst = append(r.appendStage(dst, i), "; "...)
	}
	if !r.inHalf(i) {
		dst = append(r.appendHalf(dst, i), "; "...)
	}
	if c.CreditOff {
		dst = append(append(dst, creditUnasked...), "; "...)
	}
	return dst
}

// appendQuadrant ends the part of the reason that margin has a say in.
func (r *Result) appendQuadrant(dst []byte, i int) []byte {
	c := &r.customers
	switch {
	case c.Why.Quadrant != nil:
		dst = c.Why.Quadrant(dst, i)
	case c.Key[i]:
		dst = append(dst, "KEY quadrant"...)
	default:
		dst = append(dst, "outside the KEY quadrant"...)
	}
	if c.MarginOff {
		dst = append(append(dst, "; "...), marginUnknown...)
	}
	return dst
}

// appendCredit spares the account of GOOD credit the list of all that is well.
func (r *Result) appendCredit(dst []byte, i int) []byte {
	c := &r.customers
	switch {
	case c.CreditOff:
		return append(dst, creditUnasked...)
	case c.Credit[i] != CreditGood && c.Why.Credit != nil:
		return c.Why.Credit(dst, i)
	}
	return append(append(dst, "credit "...), c.Credit[i].String()...)
}

func (r *Result) appendStage(dst []byte, i int) []byte {
	c := &r.customers
	switch {
	case c.Why.Stage != nil:
		return c.Why.Stage(dst, i)
	case c.Loyal[i]:
		return append(dst, "loyal"...)
	}
	return append(dst, "neither loyal nor partner"...)
}

func (r *Result) appendHalf(dst []byte, i int) []byte {
	c := &r.customers
	switch {
	case !c.profitKnown(i):
		return append(dst, "gross profit unknown"...)
	case c.Profit[i] <= 0:
		return append(c.Profit[i].Append(append(dst, "gross profit "...)), " <= 0"...)
	}
	sign := " >= "
	if r.half[i] {
		sign = " < "
	}
	dst = strconv.AppendInt(append(dst, "KEY profit rank "...), int64(r.KeyRank[i]), 10)
	dst = appendShares(append(dst, ", "...), r.KeyBefore[i], sign, r.Settings.CoreShare.Float())
	return append(dst, " of KEY profit made before it"...)
}

// appendShares prints two shares in percent with one decimal, or as many as it takes to see that
// they differ.
func appendShares(dst []byte, value float64, sign string, cut float64) []byte {
	var a, b [32]byte
	for decimals := 1; ; decimals++ {
		x := strconv.AppendFloat(a[:0], 100*value, 'f', decimals, 64)
		y := strconv.AppendFloat(b[:0], 100*cut, 'f', decimals, 64)
		if decimals == 9 || value == cut || string(x) != string(y) {
			dst = append(append(append(dst, x...), '%'), sign...)
			return append(append(dst, y...), '%')
		}
	}
}

// chunk is how many reasons share one string.
const chunk = 1024

// Reasons are the reasons of all customers. They share memory by the thousand, so 400,000 of them
// cost hundreds of allocations.
func (r *Result) Reasons() []string {
	reasons := make([]string, len(r.Tier))
	var text []byte
	var ends [chunk]int
	for lo := 0; lo < len(reasons); lo += chunk {
		part := reasons[lo:min(len(reasons), lo+chunk)]
		text = text[:0]
		for k := range part {
			text = r.AppendReason(text, lo+k)
			ends[k] = len(text)
		}
		all, from := string(text), 0
		for k := range part {
			part[k] = all[from:ends[k]]
			from = ends[k]
		}
	}
	return reasons
}
