package list

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/margin"
)

// Eaten says what becomes of sales at list price, which are net sales + returns + discounts, as far
// as known: the three shares and that of gross profit add up to 1. NaN is unknown.
type Eaten struct {
	Discount, Returns, Cost []float64
	Gaps                    []Gaps
}

// Gaps say why a customer earns less than at the company's margin rate, and than at its own of the
// window before.
type Gaps struct {
	Company margin.Gap
	// Past is the gap to the customer's own rate before, PastRate; both mean nothing unless PastKnown.
	Past      margin.Gap
	PastRate  float64
	PastKnown bool
	// Known is false where the gap cannot be taken apart: net sales with a known cost of zero or less.
	Known bool
}

// shares are the same for one customer, or the company.
type shares struct{ discount, returns, cost float64 }

// fixMargin orders by the profit lost,
//
//	company rate x Covered - Profit = Company.Profit x Covered / Company.Covered - Profit,
//
// the quotient rounded half to even once.
func (b *builder) fixMargin(l *List, e *Eaten) error {
	if b.MarginOff || b.Company.Covered <= 0 {
		l.Absent = "no sales with a known cost in the window: no margin is known"
		return nil
	}
	var customers []int32
	var amounts []money.Amount
	for i, q := range b.Quadrant {
		if q != VolumeOnly || !b.profitKnown(i) {
			continue
		}
		expected, ok1 := mulDiv(b.Company.Profit, b.Covered[i], b.Company.Covered)
		lost, ok2 := money.Sub(expected, b.Profit[i])
		if !ok1 || !ok2 {
			return fmt.Errorf("the profit lost with customer number %d does not fit: amounts beyond 922 trillion; check the units of the export", i)
		}
		customers, amounts = append(customers, int32(i)), append(amounts, lost)
	}
	l.orderByAmount(customers, amounts, 1)
	if b.MixOff != "" {
		l.Warnings = append(l.Warnings, errors.New(b.MixOff))
	}
	n := len(l.Rows)
	*e = Eaten{make([]float64, n), make([]float64, n), make([]float64, n), make([]Gaps, n)}
	for at, i := range l.Rows {
		s := b.sharesOf(int(i))
		e.Discount[at], e.Returns[at], e.Cost[at] = s.discount, s.returns, s.cost
		if b.Gaps != nil {
			e.Gaps[at] = b.Gaps(int(i))
		}
	}
	company := b.companyShares()
	l.Reasons = texts(l.Rows, func(dst []byte, at, i int) []byte {
		return b.appendFixMargin(dst, i, l.Amount[at], &e.Gaps[at], company)
	})
	l.Steps = texts(l.Rows, func(dst []byte, at, _ int) []byte { return append(dst, e.Gaps[at].step()...) })
	return nil
}

func (b *builder) sharesOf(i int) shares {
	var returned, discount money.Amount
	if b.Returned != nil {
		returned = b.Returned[i]
	}
	if b.Discount != nil {
		discount = b.Discount[i]
	}
	return b.shares(b.Net[i], returned, discount, b.Covered[i], b.Profit[i])
}

func (b *builder) companyShares() shares {
	c := &b.Company
	return b.shares(c.Net, c.Returned, c.Discount, c.Covered, c.Profit)
}

// shares divides sales at list price. The known cost stands for all of it.
func (b *builder) shares(net, returned, discount, covered, profit money.Amount) shares {
	s := shares{math.NaN(), math.NaN(), math.NaN()}
	sold, ok1 := money.Add(net, returned)
	listed, ok2 := money.Add(sold, discount)
	if !ok1 || !ok2 || listed <= 0 {
		return s
	}
	if b.Discount != nil {
		s.discount = discount.Float() / listed.Float()
	}
	if b.Returned != nil {
		s.returns = returned.Float() / listed.Float()
	}
	if covered > 0 {
		s.cost = (1 - profit.Float()/covered.Float()) * (net.Float() / listed.Float())
	}
	return s
}

// mulDiv is a x b / div for positive div, computed in 128 bits and rounded half to even once; false
// where it does not fit.
func mulDiv(a, b, div money.Amount) (money.Amount, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi >= uint64(div) {
		return 0, false
	}
	q, r := bits.Div64(hi, lo, uint64(div))
	if rest := uint64(div) - r; r > rest || (r == rest && q&1 == 1) {
		q++
	}
	if q > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -money.Amount(q), true
	}
	return money.Amount(q), true
}

func magnitude(a money.Amount) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}
