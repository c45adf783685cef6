package keyaccount

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// judge asks the live criteria and keeps the worst answer, the first of equals.
func (g *CreditGate) judge(a *Credit) CreditVerdict {
	var worst CreditVerdict
	asked := false
	for c := range Criterion(criteria) {
		if !g.Live[c] {
			continue
		}
		v := g.ask(c, a)
		v.Criterion = c
		if !asked || v.State.severity() > worst.State.severity() {
			worst, asked = v, true
		}
	}
	return worst
}

func (g *CreditGate) ask(c Criterion, a *Credit) CreditVerdict {
	switch c {
	case BlockFlag:
		switch {
		case !a.Blocked.Known:
			return CreditVerdict{}
		case a.Blocked.Value:
			return CreditVerdict{State: CreditBlocked}
		}
		return CreditVerdict{State: CreditGood}
	case OverdueShare:
		return g.overdueShare(a)
	case OverdueAge:
		if !a.OverdueDays.Known {
			return unless(nothingOverdue(a))
		}
		return days(float64(a.OverdueDays.Value), float64(g.Cuts.WatchOverdueDays), float64(g.Cuts.BlockOverdueDays))
	case DSO:
		if !a.DaysSalesOutstanding.Known || math.IsNaN(a.DaysSalesOutstanding.Value) {
			return unless(nothingOwed(a))
		}
		return days(a.DaysSalesOutstanding.Value, g.Cuts.WatchDSO, g.Cuts.BlockDSO)
	}
	return g.limitUse(a)
}

// unless is a pass where the missing figure cannot matter, and unknown elsewhere.
func unless(immaterial bool) CreditVerdict {
	if immaterial {
		return CreditVerdict{State: CreditGood}
	}
	return CreditVerdict{}
}

// nothingOwed: an account with no or negative receivables has no debt to be late with.
func nothingOwed(a *Credit) bool {
	return a.Receivables.Known && a.Receivables.Value <= 0 && !(a.Overdue.Known && a.Overdue.Value > 0)
}

func nothingOverdue(a *Credit) bool {
	return nothingOwed(a) || (a.Overdue.Known && a.Overdue.Value <= 0)
}

func (g *CreditGate) overdueShare(a *Credit) CreditVerdict {
	switch {
	case nothingOverdue(a):
		return CreditVerdict{State: CreditGood}
	case !a.Overdue.Known || !a.Receivables.Known:
		return CreditVerdict{}
	}
	of := a.Receivables.Value
	if of <= 0 { // the export contradicts itself; what is overdue is then all that is owed
		of = a.Overdue.Value
	}
	return portion(a.Overdue.Value, of, g.Cuts.WatchOverdue, g.Cuts.BlockOverdue)
}

func (g *CreditGate) limitUse(a *Credit) CreditVerdict {
	switch {
	case nothingOwed(a):
		return CreditVerdict{State: CreditGood}
	case !a.Receivables.Known || !a.Limit.Known || a.Limit.Value <= 0:
		return CreditVerdict{}
	}
	return portion(a.Receivables.Value, a.Limit.Value, g.Cuts.WatchLimitUse, g.Cuts.BlockLimitUse)
}

// portion compares part/of with two cuts, exactly.
func portion(part, of money.Amount, watch, block money.Rate) CreditVerdict {
	above := func(cut money.Rate) bool {
		return scoring.CompareProducts(int64(part), int64(money.OneRate), int64(cut), int64(of)) > 0
	}
	return graded(above(watch), above(block), float64(part)/float64(of), watch.Float(), block.Float())
}

func days(value, watch, block float64) CreditVerdict {
	return graded(value > watch, value > block, value, watch, block)
}

func graded(aboveWatch, aboveBlock bool, value, watch, block float64) CreditVerdict {
	switch {
	case aboveBlock:
		return CreditVerdict{State: CreditBlocked, Value: value, Cut: block}
	case aboveWatch:
		return CreditVerdict{State: CreditWatch, Value: value, Cut: watch}
	}
	return CreditVerdict{State: CreditGood}
}

// AppendReason appends why account i is in its state, as in "credit watch: overdue 23.0% > 10.0% of
// receivables".
func (g *CreditGate) AppendReason(dst []byte, i int) []byte {
	v := g.Verdicts[i]
	switch v.State {
	case CreditGood:
		return g.appendPassed(append(dst, "credit good: "...))
	case CreditUnknown:
		if g.Live == ([criteria]bool{}) {
			return append(dst, "credit criteria off, no credit data in the run: credit unknown"...)
		}
		return append(append(append(dst, "credit unknown: no data for "...), v.Criterion.String()...), " of this account"...)
	case CreditWatch:
		dst = append(dst, "credit watch: "...)
	case CreditBlocked:
		dst = append(dst, "credit blocked: "...)
	}
	switch v.Criterion {
	case BlockFlag:
		return append(dst, "block flag set"...)
	case OverdueShare:
		return append(appendShares(append(dst, "overdue "...), v.Value, ">", v.Cut), " of receivables"...)
	case OverdueAge:
		return append(appendPair(append(dst, "oldest overdue "...), v.Value, ">", v.Cut, "", 0), " days"...)
	case DSO:
		return append(appendPair(append(dst, "days sales outstanding "...), v.Value, ">", v.Cut, "", 0), " days"...)
	}
	return appendShares(append(dst, "limit use "...), v.Value, ">", v.Cut)
}

// appendPassed lists what an account passed.
func (g *CreditGate) appendPassed(dst []byte) []byte {
	first := true
	for c := range Criterion(criteria) {
		if g.Live[c] {
			if !first {
				dst = append(dst, ", "...)
			}
			dst, first = append(dst, c.String()...), false
		}
	}
	return append(dst, " within the cuts"...)
}
