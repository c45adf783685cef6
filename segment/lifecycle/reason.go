package lifecycle

import (
	"math"
	"strconv"
)

// AppendReason appends the stage of customer i and what decided it, each figure with its cut, as in
// "loyal: 12 purchases in 5 quarters, overdue ratio 0.8 <= 2.0; not partner: tenure 400 < 730 days".
func (r *Result) AppendReason(dst []byte, i int) []byte {
	c, s := &r.customers, &r.Settings
	dst = append(append(dst, r.Stage[i].String()...), ": "...)
	switch r.Stage[i] {
	case Prospect:
		return append(dst, "no purchase on record"...)
	case Lapsed:
		return r.appendLapsed(dst, i)
	case First:
		dst = append(dst, "1 purchase"...)
		if !r.aliveKnown(i) && math.IsNaN(c.OverdueRatio[i]) {
			dst = append(dst, ", rhythm unknown"...)
		}
		return dst
	case Repeat:
		return r.appendRepeat(dst, i)
	}
	dst = appendCount(dst, c.Purchases[i], " purchases in ")
	dst = appendCount(dst, c.Quarters[i], " quarters, overdue ratio ")
	dst = append(appendPair(dst, c.OverdueRatio[i], " <= ", s.LoyalOverdue), "; "...)
	if r.Stage[i] == Loyal {
		return r.appendNotPartner(append(dst, "not partner: "...), i)
	}
	dst = append(dst, "KEY quadrant"...)
	if c.MarginOff {
		dst = append(dst, ", margin unknown: no sales with a known cost in the window"...)
	}
	dst = append(dst, "; tenure "...)
	dst = appendCounts(dst, c.TenureDays[i], " >= ", s.PartnerTenureDays, " days; ")
	if c.Breadth == nil {
		return append(dst, "categories unknown: none in the data"...)
	}
	return appendCounts(dst, c.Breadth[i], " >= ", s.PartnerBreadth, " categories")
}

func (r *Result) appendLapsed(dst []byte, i int) []byte {
	c, s := &r.customers, &r.Settings
	switch r.Criterion[i] {
	case ReturnsOnly:
		return append(c.Returned[i].Append(append(dst, "returns of "...)), " on record, no purchase"...)
	case Alive:
		return appendPair(append(dst, "p_alive "...), c.PAlive[i], " < ", s.LapsedAlive)
	}
	return appendPair(append(dst, "overdue ratio "...), c.OverdueRatio[i], " > ", s.LapsedOverdue)
}

// appendRepeat says why customer i is not loyal.
func (r *Result) appendRepeat(dst []byte, i int) []byte {
	c, s := &r.customers, &r.Settings
	if r.Criterion[i] == PurchaseCount {
		return appendCounts(dst, c.Purchases[i], " < ", s.LoyalPurchases, " purchases")
	}
	dst = appendCount(dst, c.Purchases[i], " purchases; not loyal: ")
	switch r.Criterion[i] {
	case QuarterCount:
		return appendCounts(dst, c.Quarters[i], " < ", s.LoyalQuarters, " quarters")
	case RhythmUnknown:
		return append(dst, "overdue ratio unknown"...)
	}
	return appendPair(append(dst, "overdue ratio "...), c.OverdueRatio[i], " > ", s.LoyalOverdue)
}

func (r *Result) appendNotPartner(dst []byte, i int) []byte {
	c, s := &r.customers, &r.Settings
	switch r.Criterion[i] {
	case NotKey:
		dst = append(dst, "outside the KEY quadrant"...)
		if c.MarginOff {
			dst = append(dst, ", margin unknown: no sales with a known cost in the window"...)
		}
		return dst
	case Tenure:
		return appendCounts(append(dst, "tenure "...), c.TenureDays[i], " < ", s.PartnerTenureDays, " days")
	case BreadthUnknown:
		return append(dst, "categories unknown"...)
	}
	return appendCounts(dst, c.Breadth[i], " < ", s.PartnerBreadth, " categories")
}

func appendCount(dst []byte, n int32, noun string) []byte {
	return append(strconv.AppendInt(dst, int64(n), 10), noun...)
}

func appendCounts(dst []byte, value int32, sign string, cut int32, noun string) []byte {
	return appendCount(appendCount(dst, value, sign), cut, noun)
}

// appendPair prints two figures with one decimal, or as many as it takes to see that they differ.
func appendPair(dst []byte, value float64, sign string, cut float64) []byte {
	var a, b [32]byte
	for decimals := 1; ; decimals++ {
		x := strconv.AppendFloat(a[:0], value, 'f', decimals, 64)
		y := strconv.AppendFloat(b[:0], cut, 'f', decimals, 64)
		if decimals == 9 || value == cut || string(x) != string(y) {
			return append(append(append(dst, x...), sign...), y...)
		}
	}
}
