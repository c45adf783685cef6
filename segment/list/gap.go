package list

import (
	"math"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/margin"
)

// eater is what eats a margin.
type eater uint8

const (
	discounts eater = iota
	returns
	mix
	cost
)

// part is an eater with what it takes, in money.
type part struct {
	eater  eater
	amount money.Amount
}

// parts are what makes up a gap, the largest first, equal ones in the order of the eaters. What is
// zero is left out.
func parts(g *margin.Gap) []part {
	all := []part{{discounts, g.Discount}, {returns, g.Returns}, {mix, g.Mix}, {cost, g.Cost}}
	all = slices.DeleteFunc(all, func(p part) bool { return p.amount == 0 })
	slices.SortStableFunc(all, func(a, b part) int {
		if a.amount > b.amount {
			return -1
		} else if a.amount < b.amount {
			return 1
		}
		return 0
	})
	return all
}

// review is the step where nothing tells what eats the margin.
const review = "review prices, discounts and cost"

// step is what to do about the largest part of the gap to the company; where there is none, about
// that of the gap to the customer's own past.
func (g *Gaps) step() string {
	switch {
	case g.Known && g.Company.Amount > 0:
		return besideCompany(&g.Company)
	case g.Known && g.PastKnown && g.Past.Amount > 0:
		return besidePast(&g.Past)
	}
	return review
}

// besideCompany speaks of a customer who earns less than the company's rate.
func besideCompany(of *margin.Gap) string {
	all := parts(of)
	if len(all) == 0 || all[0].amount <= 0 {
		return review
	}
	switch all[0].eater {
	case discounts:
		return "review discounts and conditions"
	case returns:
		return "find out why goods come back, and charge for it"
	case mix:
		return "offer products that earn more: the customer buys what earns little everywhere"
	}
	if of.MixKnown {
		return "reprice: others pay more for the same categories, or cost less"
	}
	return "reprice, or sell products of better margin"
}

// besidePast speaks of a customer who earns no less than the company's rate, but less than in the window
// before: others are no measure then.
func besidePast(of *margin.Gap) string {
	all := parts(of)
	if len(all) == 0 || all[0].amount <= 0 {
		return review
	}
	switch all[0].eater {
	case discounts:
		return "review the discounts and conditions given since the window before"
	case returns:
		return "find out why more comes back than in the window before"
	case mix:
		return "offer what they bought in the window before: what they buy now earns less"
	}
	if of.MixKnown {
		return "reprice: the same categories earned more in the window before"
	}
	return "reprice, or offer what earned more in the window before"
}

func (b *builder) appendFixMargin(dst []byte, i int, lost money.Amount, g *Gaps, company shares) []byte {
	if b.Covered[i] > 0 {
		sign := " < "
		if b.wide(i) {
			sign = " >= "
		}
		dst = b.appendMargin(dst, i, sign)
	} else {
		dst = append(b.Covered[i].Append(append(dst, "sales with known cost "...)), " after returns"...)
	}
	dst = lost.Append(append(dst, "; profit lost "...))
	if lost <= 0 {
		dst = append(dst, ", so none, but the margin is below the cut"...)
	}
	if !g.Known {
		return dst
	}
	own := b.sharesOf(i)
	dst = appendParts(dst, &g.Company, &own, &company)
	if !g.PastKnown {
		return dst
	}
	dst = append(dst, "; the window before margin "...)
	dst = append(appendPercent(dst, g.PastRate, 1), '%')
	if g.Past.Amount <= 0 {
		return append(dst, ", no better"...)
	}
	dst = g.Past.Amount.Append(append(dst, ", since then lost "...))
	return appendParts(dst, &g.Past, nil, nil)
}

// worthTelling is the part of the largest effect below which another is left to the columns.
const worthTelling = 20 // a twentieth

// appendParts says what a gap is made of, with the shares of sales at list price where given.
func appendParts(dst []byte, g *margin.Gap, own, company *shares) []byte {
	sep, all := ": ", parts(g)
	largest := money.Amount(0)
	for _, p := range all {
		largest = max(largest, p.amount, -p.amount)
	}
	for _, p := range all {
		if max(p.amount, -p.amount) < largest/worthTelling {
			continue
		}
		dst = append(dst, sep...)
		sep = ", "
		switch p.eater {
		case discounts:
			dst = p.amount.Append(append(dst, "discounts "...))
			if own != nil {
				dst = appendBeside(dst, own.discount, company.discount)
			}
		case returns:
			dst = p.amount.Append(append(dst, "returns "...))
			if own != nil {
				dst = appendBeside(dst, own.returns, company.returns)
			}
		case mix:
			dst = p.amount.Append(append(dst, "mix "...))
		case cost:
			dst = p.amount.Append(append(dst, "cost and prices "...))
		}
	}
	if !g.MixKnown {
		return append(append(dst, sep...), "mix unknown"...)
	}
	return dst
}

// appendBeside prints a share of sales at list price beside the company's.
func appendBeside(dst []byte, own, company float64) []byte {
	if math.IsNaN(own) || math.IsNaN(company) {
		return dst
	}
	dst = appendShares(append(dst, " ("...), own, " against ", company)
	return append(dst, " of list price)"...)
}
