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
// slowest payer's days sales outstanding count. A figure that one account of the group lacks is
// unknown for the group: a part of what is owed is not what is owed. What is known to be bad stands.
func (f *Figures) creditGate(c Config, _ int) error {
	if !f.creditColumns() {
		return nil
	}
	credits := make([]keyaccount.Credit, len(f.Root))
	for i, row := range f.AccountRow {
		if row >= 0 {
			credits[i] = creditOf(f.Accounts, row)
		}
	}
	if f.Child != nil {
		var err error
		if credits, err = f.groupCredit(credits, c.Credit); err != nil {
			return err
		}
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

// creditColumns reports whether a CRM export has any column of credit.
func (f *Figures) creditColumns() bool {
	columns := []layout.Column{layout.AccountCreditBlocked, layout.AccountReceivables, layout.AccountOverdue,
		layout.AccountDaysSalesOutstanding, layout.AccountCreditLimit}
	return f.Accounts != nil && slices.ContainsFunc(columns, f.Accounts.Has)
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

// groupCredit gives ultimate parents the credit of their group. An account takes part where the CRM
// names it or it trades; a parent that is only named by its children does not.
func (f *Figures) groupCredit(own []keyaccount.Credit, cuts keyaccount.CreditCuts) ([]keyaccount.Credit, error) {
	group, started := slices.Clone(own), make([]bool, len(own))
	for i, root := range f.Root {
		if lo, hi := f.Ledger.Range(i); f.AccountRow[i] < 0 && lo == hi {
			continue
		}
		if !started[root] {
			group[root], started[root] = own[i], true
		} else if !joinCredit(&group[root], &own[i], cuts) {
			return nil, as(ErrInput, errSum("credit figures", f.Ledger.ID(root)))
		}
	}
	return group, nil
}

// joinCredit adds an account's credit figures to those of its group.
func joinCredit(group, one *keyaccount.Credit, cuts keyaccount.CreditCuts) bool {
	blocked := (group.Blocked.Known && group.Blocked.Value) || (one.Blocked.Known && one.Blocked.Value)
	group.Blocked = keyaccount.Given[bool]{Value: blocked, Known: blocked || (group.Blocked.Known && one.Blocked.Known)}
	worst := max(group.DaysSalesOutstanding.Value, one.DaysSalesOutstanding.Value) // not known is 0
	bothKnown := group.DaysSalesOutstanding.Known && one.DaysSalesOutstanding.Known
	group.DaysSalesOutstanding = keyaccount.Given[float64]{Value: worst, Known: bothKnown || worst > cuts.WatchDSO}
	ok := true
	for _, p := range []struct {
		group, one *keyaccount.Given[money.Amount]
	}{
		{&group.Receivables, &one.Receivables}, {&group.Overdue, &one.Overdue}, {&group.Limit, &one.Limit},
	} {
		if !p.group.Known || !p.one.Known {
			*p.group = keyaccount.Given[money.Amount]{}
			continue
		}
		sum, fits := money.Add(p.group.Value, p.one.Value)
		*p.group, ok = keyaccount.Give(sum), ok && fits
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
