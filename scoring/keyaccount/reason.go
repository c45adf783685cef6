package keyaccount

import (
	"math"
	"strconv"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// AppendReason appends why customer c stands in its quadrant: each criterion with its value and its
// cut, then the verdict, as in "sales rank 3, class A; margin 1.2% < 12.0%: volume only".
func (r *Result) AppendReason(dst []byte, c int) []byte {
	if r.Cause[c] == NoSales {
		return append(dst, "no order in the window: quadrant unknown"...)
	}
	dst = append(r.appendVolume(dst, c), "; "...)
	switch r.Cause[c] {
	case CostMissing:
		dst = append(dst, "cost known for "...)
		dst = appendShares(dst, r.coverage(c), "<", r.Settings.MinCoverage.Float())
		return append(dst, " of sales: margin unknown"...)
	case MarginIsOff:
		dst = append(dst, "margin criterion off, no sales have a known cost"...)
	case NothingEarned:
		dst = append(append(dst, "sales with known cost "...), r.accounts.Covered[c].String()...)
		dst = append(dst, " after returns, no margin"...)
	default:
		dst = r.appendMargin(dst, c)
	}
	return append(append(dst, ": "...), r.Quadrant[c].verdict()...)
}

func (q Quadrant) verdict() string {
	switch q {
	case Key:
		return "key account"
	case VolumeOnly:
		return "volume only"
	case Niche:
		return "niche"
	case Tail:
		return "tail"
	}
	return "quadrant unknown"
}

func (r *Result) appendVolume(dst []byte, c int) []byte {
	a, cut := &r.accounts, r.Settings.Volume
	sign := signOf(r.Quadrant[c] == Key || r.Quadrant[c] == VolumeOnly)
	amounts := func(label string, least money.Amount) []byte {
		if r.Quadrant[c] == Unknown { // no side was taken, but the amounts tell
			sign = signOf(a.Net[c] >= least)
		}
		dst = append(append(dst, "sales "...), a.Net[c].String()...)
		dst = append(append(append(append(dst, ' '), sign...), ' '), label...)
		return append(dst, least.String()...)
	}
	switch cut.By {
	case VolumeAmount:
		return amounts("", cut.Amount)
	case VolumeMedian:
		return amounts("median ", r.VolumeMedian)
	case VolumePercentile:
		if r.Quadrant[c] == Unknown {
			sign = signOf(r.VolumePercentile[c] >= 100*cut.Percentile.Float())
		}
		return appendPair(append(dst, "sales percentile "...), r.VolumePercentile[c], sign, 100*cut.Percentile.Float(), "", 1)
	}
	if a.SalesRank[c] == 0 {
		return append(dst, "no sales rank"...)
	}
	dst = strconv.AppendInt(append(dst, "sales rank "...), int64(a.SalesRank[c]), 10)
	return append(append(dst, ", class "...), a.SalesClass[c].String()...)
}

func (r *Result) appendMargin(dst []byte, c int) []byte {
	cut := r.Settings.Margin
	sign := signOf(r.Quadrant[c] == Key || r.Quadrant[c] == Niche)
	switch cut.By {
	case MarginPercentile:
		return appendPair(append(dst, "margin percentile "...), r.MarginPercentile[c], sign, 100*cut.Percentile.Float(), "", 1)
	case MarginCompany:
		return appendShares(append(dst, "margin "...), r.MarginRate[c], sign, r.CompanyRate())
	}
	dst = append(dst, "margin "...)
	if !cut.Raw {
		dst = append(appendFixed(append(dst, "own "...), 100*r.MarginRate[c], 1), "%, shrunk "...)
	}
	least := cut.Rate.Float()
	if cut.By == MarginMedian {
		sign, least = sign+" median", r.MarginMedian
	}
	return appendShares(dst, r.deciding()[c], sign, least)
}

func signOf(atLeast bool) string {
	if atLeast {
		return ">="
	}
	return "<"
}

func appendShares(dst []byte, value float64, sign string, cut float64) []byte {
	return appendPair(dst, 100*value, sign, 100*cut, "%", 1)
}

// appendPair prints value, sign and cut with so many decimals, or as many as it takes to see that
// the two differ: "12.0% < 12.0%" explains nothing.
func appendPair(dst []byte, value float64, sign string, cut float64, unit string, decimals int) []byte {
	for decimals < 9 && value != cut && string(appendFixed(nil, value, decimals)) == string(appendFixed(nil, cut, decimals)) {
		decimals++
	}
	dst = append(appendFixed(dst, value, decimals), unit...)
	dst = append(append(append(dst, ' '), sign...), ' ')
	return append(appendFixed(dst, cut, decimals), unit...)
}

func appendFixed(dst []byte, v float64, decimals int) []byte {
	if v = math.Round(v*math.Pow10(decimals)) / math.Pow10(decimals); v == 0 {
		v = 0 // no "-0.0"
	}
	return strconv.AppendFloat(dst, v, 'f', decimals, 64)
}
