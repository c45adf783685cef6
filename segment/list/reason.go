package list

import (
	"math"
	"strconv"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

func (b *builder) appendShortlist(dst []byte, _, i int) []byte {
	dst = append(dst, "key score "...)
	if math.IsNaN(b.KeyScore[i]) {
		dst = append(dst, "unknown"...)
	} else {
		dst = strconv.AppendFloat(dst, b.KeyScore[i], 'f', 1, 64)
	}
	dst = append(dst, "; "...)
	switch {
	case b.Why != nil:
		return b.Why(dst, i)
	case b.Tier[i] == Core:
		return append(dst, "core"...)
	}
	return append(dst, "key"...)
}

// appendRescue says how much is at stake, how likely it is lost, and what speaks for that.
func (b *builder) appendRescue(dst []byte, _, i int) []byte {
	dst = cents(b.ValueAtRisk[i]).Append(append(dst, "value at risk "...))
	dst = appendPercent(append(dst, ": "...), b.Churn[i], 0)
	dst = strconv.AppendInt(append(dst, "% likely to buy nothing in "...), int64(b.ChurnDays), 10)
	dst = append(dst, " days"...)
	if b.RiskWhy != nil {
		if why := b.RiskWhy(nil, i); len(why) > 0 {
			dst = append(append(dst, "; "...), why...)
		}
	}
	if b.BuyingLess[i] >= fading {
		dst = append(appendPercent(append(dst, "; "...), b.BuyingLess[i], 0), "% likely to buy less than before"...)
	}
	return b.Net[i].Append(append(dst, "; net sales "...))
}

// cents rounds what a model expects: more digits would say more than it knows. Amounts of less than a
// cent keep theirs.
func cents(a money.Amount) money.Amount {
	const cent = money.One / 100
	if a < cent {
		return a
	}
	return (a + cent/2) / cent * cent
}

// fading is where buying less is likelier than 4 to 1, which changes the next step.
const fading = 0.8

func (b *builder) appendRescueStep(dst []byte, _, i int) []byte {
	less := b.BuyingLess[i] >= fading
	switch {
	case b.OverdueRatio[i] > b.LateOverdue:
		return append(dst, "call now: the next order is long overdue; ask what happened and who serves them"...)
	case less && b.Bought[i]:
		return append(dst, "visit: they still buy, but less; ask who has the rest and what it would take"...)
	case less && b.SilentDays[i] >= 0:
		return b.appendSilence(dst, i)
	case b.OverdueRatio[i] > 1:
		return append(dst, "call: the next order is due; ask what they need"...)
	case math.IsNaN(b.OverdueRatio[i]):
		return append(dst, "keep in touch: how often they order is not known; ask when the next order will come"...)
	}
	return append(dst, "keep in touch: call before the next order is due"...)
}

// appendSilence is the step where buying less is likely and nothing was bought lately.
func (b *builder) appendSilence(dst []byte, i int) []byte {
	dst = strconv.AppendInt(append(dst, "call: nothing for "...), int64(b.SilentDays[i]), 10)
	dst = append(dst, " days"...)
	if usual := b.UsualGap[i]; !math.IsNaN(usual) {
		dst = strconv.AppendFloat(append(dst, ", usually every "...), usual, 'f', 0, 64)
	}
	return append(dst, "; ask whether they buy elsewhere"...)
}

func (b *builder) appendDevelop(dst []byte, _, i int) []byte {
	return b.appendPotential(append(b.appendRise(dst, i), "; "...), i)
}

func (b *builder) appendDevelopStep(dst []byte, _, i int) []byte {
	switch {
	case b.potentialKnown(i):
		return append(dst, "ask for a larger share of the spend"...)
	case b.Quadrant[i] == Niche:
		return append(dst, "offer more of the range: the margin is there, the volume is not"...)
	}
	return append(dst, "offer more of the range"...)
}

func (b *builder) appendLetGo(dst []byte, _, i int) []byte {
	dst = b.Profit[i].Append(append(dst, "gross profit "...))
	dst = append(b.appendRise(append(dst, " < 0; "...), i), "; "...)
	dst = append(b.appendPotential(dst, i), "; strategic fit "...)
	if b.Fit == nil || math.IsNaN(b.Fit[i]) {
		return append(dst, "not given"...)
	}
	dst = strconv.AppendFloat(dst, b.Fit[i], 'g', -1, 64)
	return strconv.AppendFloat(append(dst, " < "...), b.s.HighFit, 'g', -1, 64)
}

// appendRise says how net sales stand to the window before.
func (b *builder) appendRise(dst []byte, i int) []byte {
	dst = b.Net[i].Append(append(dst, "net sales "...))
	if b.Previous == nil {
		return append(dst, ", rise unknown: no previous window in the data"...)
	}
	dst = b.Previous[i].Append(append(dst, " after "...))
	if b.previous(i) == 0 {
		return dst
	}
	sign := " <= "
	if b.rising(i) {
		sign = " > "
	}
	growth := b.Net[i].Float()/b.previous(i).Float() - 1
	return appendShares(append(dst, ", rise "...), growth, sign, b.s.Rise.Float())
}

// appendPotential says on what the answer about potential rests.
func (b *builder) appendPotential(dst []byte, i int) []byte {
	switch {
	case b.potentialKnown(i):
		dst = b.Potential[i].Append(append(dst, "potential "...))
		sign := " a year <= "
		if b.potential(i) {
			sign = " a year > "
		}
		dst = append(dst, sign...)
		yearly := b.Net[i].Float() * yearDays / float64(b.WindowDays)
		return append(strconv.AppendFloat(dst, yearly, 'f', 2, 64), " bought"...)
	case !b.potentialAsked():
		return append(dst, "potential unknown: neither potential nor cost in the data"...)
	case b.Quadrant[i] == Niche:
		return append(dst, "NICHE: margin high, volume low"...)
	case !b.profitKnown(i) || b.Covered[i] <= 0 || b.Company.Covered <= 0:
		return append(dst, "no potential known"...)
	}
	sign := " < "
	if b.wide(i) {
		sign = " >= "
	}
	return b.appendMargin(dst, i, sign)
}

// appendMargin prints the margin rate beside the company's.
func (b *builder) appendMargin(dst []byte, i int, sign string) []byte {
	dst = append(dst, "margin "...)
	dst = appendShares(dst, b.Profit[i].Float()/b.Covered[i].Float(), sign, b.Company.Profit.Float()/b.Company.Covered.Float())
	return append(dst, " of the company"...)
}

// appendShares prints two shares in percent with one decimal, or as many as it takes to see that
// they differ.
func appendShares(dst []byte, value float64, sign string, other float64) []byte {
	var a, b [32]byte
	for decimals := 1; ; decimals++ {
		x := appendPercent(a[:0], value, decimals)
		y := appendPercent(b[:0], other, decimals)
		if decimals == 9 || value == other || string(x) != string(y) {
			dst = append(append(append(dst, x...), '%'), sign...)
			return append(append(dst, y...), '%')
		}
	}
}

func appendPercent(dst []byte, share float64, decimals int) []byte {
	if math.Abs(100*share) < 0.5*math.Pow10(-decimals) {
		share = 0 // no "-0.0"
	}
	return strconv.AppendFloat(dst, 100*share, 'f', decimals, 64)
}

// chunk is how many texts share one string.
const chunk = 1024

// texts writes a text per row, given its place in the list and its customer.
func texts(rows []int32, write func(dst []byte, at, i int) []byte) []string {
	all := make([]string, len(rows))
	var text []byte
	var ends [chunk]int
	for lo := 0; lo < len(rows); lo += chunk {
		part := all[lo:min(len(all), lo+chunk)]
		text = text[:0]
		for k := range part {
			text = write(text, lo+k, int(rows[lo+k]))
			ends[k] = len(text)
		}
		joined, from := string(text), 0
		for k := range part {
			part[k] = joined[from:ends[k]]
			from = ends[k]
		}
	}
	return all
}
