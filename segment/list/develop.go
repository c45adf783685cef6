package list

import (
	"errors"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// yearDays turns the sales of a window into yearly sales.
const yearDays = 365

func (b *builder) develop(l *List) {
	if b.Previous == nil && !b.potentialAsked() {
		l.Absent = "neither a previous window nor potential nor cost in the data: nothing tells whom to develop"
		return
	}
	b.warn(l)
	var customers []int32
	var amounts []money.Amount
	for i := range b.Tier {
		if (b.Tier[i] == General || b.Quadrant[i] == Niche) && b.Tier[i] != Core && b.Tier[i] != Key &&
			(b.Previous == nil || b.risingFrom(i)) && (!b.potentialAsked() || b.potential(i)) {
			customers, amounts = append(customers, int32(i)), append(amounts, b.Net[i]-b.previous(i))
		}
	}
	l.orderByAmount(customers, amounts, 1)
	if b.Previous == nil {
		l.Amount = nil // ordered by net sales: growth is unknown
	}
	l.Reasons, l.Steps = texts(l.Rows, b.appendDevelop), texts(l.Rows, b.appendDevelopStep)
}

func (b *builder) letGo(l *List) {
	if b.MarginOff {
		l.Absent = "no sales with a known cost in the window: nobody is known to lose money"
		return
	}
	b.warn(l)
	var customers []int32
	var amounts []money.Amount
	for i := range b.Tier {
		if b.Tier[i] == General && b.profitKnown(i) && b.Profit[i] < 0 &&
			(b.Previous == nil || !b.rising(i)) && !b.potential(i) && !b.fits(i) {
			customers, amounts = append(customers, int32(i)), append(amounts, b.Profit[i])
		}
	}
	l.orderByAmount(customers, amounts, -1)
	l.Reasons = texts(l.Rows, b.appendLetGo)
	l.Steps = texts(l.Rows, func(dst []byte, _, _ int) []byte {
		return append(dst, "raise prices or set a least order; without agreement stop serving"...)
	})
}

// warn names what a question about rise and potential goes without.
func (b *builder) warn(l *List) {
	if b.Previous == nil {
		l.Warnings = append(l.Warnings, errors.New("no previous window in the data: rising sales are not asked for"))
	}
	switch {
	case !b.potentialAsked():
		l.Warnings = append(l.Warnings, errors.New("neither potential nor cost in the data: potential is not asked for; give potential of the CRM export, cost or profit to ask"))
	case b.Potential == nil:
		l.Warnings = append(l.Warnings, errors.New("no potential in the CRM data: margin alone tells potential; give potential of the CRM export to ask"))
	}
}

// previous is the net sales that growth counts from: none where more came back than was sold, or
// where the window before is unknown.
func (b *builder) previous(i int) money.Amount {
	if b.Previous == nil {
		return 0
	}
	return max(0, b.Previous[i])
}

// rising is Net > (1 + Rise) x previous, exactly. Sales after a window without any are rising.
func (b *builder) rising(i int) bool {
	return b.Net[i] > 0 && scoring.CompareProducts(int64(b.Net[i]), int64(money.OneRate), int64(money.OneRate+b.s.Rise), int64(b.previous(i))) > 0
}

// risingFrom asks for sales to rise from too, where the settings do.
func (b *builder) risingFrom(i int) bool {
	return b.rising(i) && (!b.s.NeedPrevious || b.previous(i) > 0)
}

// potentialAsked reports whether the run has any data on potential.
func (b *builder) potentialAsked() bool { return b.Potential != nil || !b.MarginOff }

func (b *builder) potentialKnown(i int) bool { return b.Potential != nil && b.PotentialKnown[i] }

// potential reports whether customer i could buy more: the CRM's potential exceeds current yearly
// sales or, where the CRM states none, the margin is high.
func (b *builder) potential(i int) bool {
	if b.potentialKnown(i) {
		return scoring.CompareProducts(int64(b.Potential[i]), int64(b.WindowDays), int64(b.Net[i]), yearDays) > 0
	}
	return b.Quadrant[i] == Niche || b.wide(i)
}

// wide reports whether the margin rate is at or above the company's, exactly.
func (b *builder) wide(i int) bool {
	return b.profitKnown(i) && b.Covered[i] > 0 && b.Company.Covered > 0 &&
		scoring.CompareProducts(int64(b.Profit[i]), int64(b.Company.Covered), int64(b.Company.Profit), int64(b.Covered[i])) >= 0
}

func (b *builder) profitKnown(i int) bool {
	return !b.MarginOff && (b.ProfitKnown == nil || b.ProfitKnown[i])
}

// fits reports a high strategic fit; one that is not given is none.
func (b *builder) fits(i int) bool { return b.Fit != nil && b.Fit[i] >= b.s.HighFit }
