package pipeline

import (
	"math"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
)

// creditGate judges every customer's credit by the CRM export. An ultimate parent is judged by its
// whole group: amounts owed and limits add up, one blocked account blocks the group, and the
// slowest payer's days sales outstanding count.
func (f *Figures) creditGate(c Config, _ int) error {
	columns := []layout.Column{layout.AccountCreditBlocked, layout.AccountReceivables, layout.AccountOverdue,
		layout.AccountDaysSalesOutstanding, layout.AccountCreditLimit}
	if f.Accounts == nil || !slices.ContainsFunc(columns, f.Accounts.Has) {
		return nil
	}
	credits := make([]keyaccount.Credit, len(f.Root))
	for i, row := range f.AccountRow {
		if row >= 0 {
			credits[i] = creditOf(f.Accounts, row)
		}
	}
	if f.Child != nil {
		group := slices.Clone(credits)
		for i, root := range f.Root {
			if root != i && !joinCredit(&group[root], &credits[i]) {
				return as(ErrInput, errSum("credit figures", f.Ledger.ID(root)))
			}
		}
		credits = group
	}
	g, err := keyaccount.GateCredit(credits, c.Credit)
	if err != nil {
		return as(ErrConfig, err)
	}
	for _, live := range g.Live {
		if live {
			f.Credit = g
		}
	}
	return nil
}

func creditOf(a *account.Accounts, row int) keyaccount.Credit {
	x := keyaccount.Credit{
		Blocked: given(a.CreditBlocked, row), Receivables: given(a.Receivables, row), Overdue: given(a.Overdue, row),
		Limit: given(a.CreditLimit, row),
	}
	if days, known := a.DaysSalesOutstanding.At(row); known {
		x.DaysSalesOutstanding = keyaccount.Give(days.Float())
	}
	return x
}

func given[T comparable](c account.Column[T], row int) keyaccount.Given[T] {
	v, known := c.At(row)
	return keyaccount.Given[T]{Value: v, Known: known}
}

// joinCredit adds an account's credit figures to those of its group.
func joinCredit(group, one *keyaccount.Credit) bool {
	if one.Blocked.Known {
		group.Blocked = keyaccount.Give(group.Blocked.Value || one.Blocked.Value)
	}
	if one.DaysSalesOutstanding.Known {
		worst := one.DaysSalesOutstanding.Value
		if group.DaysSalesOutstanding.Known {
			worst = math.Max(worst, group.DaysSalesOutstanding.Value)
		}
		group.DaysSalesOutstanding = keyaccount.Give(worst)
	}
	ok := true
	for _, p := range []struct {
		group, one *keyaccount.Given[money.Amount]
	}{
		{&group.Receivables, &one.Receivables}, {&group.Overdue, &one.Overdue}, {&group.Limit, &one.Limit},
	} {
		if p.one.Known {
			sum, fits := money.Add(p.group.Value, p.one.Value)
			*p.group, ok = keyaccount.Give(sum), ok && fits
		}
	}
	return ok
}

// strategicFit is the CRM's rating per customer, NaN where it is not given; nil for a run without.
func (f *Figures) strategicFit() []float64 {
	if f.Accounts == nil || !f.Accounts.Has(layout.AccountStrategicFit) {
		return nil
	}
	out := make([]float64, len(f.AccountRow))
	for i, row := range f.AccountRow {
		out[i] = math.NaN()
		if row >= 0 {
			if v, known := f.Accounts.StrategicFit.At(row); known {
				out[i] = v.Float()
			}
		}
	}
	return out
}
