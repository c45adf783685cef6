package keyaccount

import (
	"errors"
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Given is a value that an export may leave out; its zero value is "not given".
type Given[T any] struct {
	Value T
	Known bool
}

// Give is a given value.
func Give[T any](v T) Given[T] { return Given[T]{v, true} }

// Credit is what the CRM export says about an account's credit. Amounts are in the reporting
// currency.
type Credit struct {
	// Blocked is the block flag of the credit department.
	Blocked Given[bool]
	// Receivables is what the account owes, Overdue the part past its due date.
	Receivables, Overdue Given[money.Amount]
	// OverdueDays is the age of the oldest overdue item in days past due, 0 or more.
	OverdueDays Given[int]
	// DaysSalesOutstanding is in days; NaN counts as not given.
	DaysSalesOutstanding Given[float64]
	// Limit is the credit limit. ERP systems disagree whether 0 means no credit or no limit, so a
	// limit of 0 or less counts as not given.
	Limit Given[money.Amount]
}

// CreditCuts are the values above which an account is watched or blocked; at the cut it still
// passes. The zero value as a whole stands for DefaultCreditCuts.
type CreditCuts struct {
	WatchOverdue, BlockOverdue         money.Rate // overdue / receivables
	WatchOverdueDays, BlockOverdueDays int        // age of the oldest overdue item, days past due
	WatchDSO, BlockDSO                 float64    // days sales outstanding
	WatchLimitUse, BlockLimitUse       money.Rate // receivables / limit
}

// DefaultCreditCuts are, watch and block: overdue 10% and 50% of receivables; oldest item 30 and 90
// days past due (the presumptions of IFRS 9, 5.5.11 and B5.5.37, for risk that has risen and for
// default); days sales outstanding 60 and 120; limit use 90% and 120%. The ages have that source;
// the other figures are this project's judgement and want setting to the house's own terms.
func DefaultCreditCuts() CreditCuts {
	percent := money.OneRate / 100
	return CreditCuts{
		WatchOverdue: 10 * percent, BlockOverdue: 50 * percent, WatchOverdueDays: 30, BlockOverdueDays: 90,
		WatchDSO: 60, BlockDSO: 120, WatchLimitUse: 90 * percent, BlockLimitUse: 120 * percent,
	}
}

// OrDefault is c with the default in place of the zero value.
func (c CreditCuts) OrDefault() CreditCuts {
	if c == (CreditCuts{}) {
		return DefaultCreditCuts()
	}
	return c
}

// Validate returns every cut that is negative or whose watch cut lies above its block cut.
func (c CreditCuts) Validate() error {
	var faults []error
	pair := func(name string, watch, block float64) {
		if !(watch >= 0 && watch <= block) {
			faults = append(faults, fmt.Errorf("credit cuts for %s are watch %v, block %v: set 0 <= watch <= block", name, watch, block))
		}
	}
	pair("overdue share", c.WatchOverdue.Float(), c.BlockOverdue.Float())
	pair("overdue days", float64(c.WatchOverdueDays), float64(c.BlockOverdueDays))
	pair("days sales outstanding", c.WatchDSO, c.BlockDSO)
	pair("limit use", c.WatchLimitUse.Float(), c.BlockLimitUse.Float())
	return errors.Join(faults...)
}

// CreditState is the outcome of the credit gate. Its zero value is CreditUnknown.
type CreditState uint8

// The states. An account is Good only where every live criterion is known and passes.
const (
	CreditUnknown CreditState = iota
	CreditGood
	CreditWatch
	CreditBlocked
)

// String is the name in output columns.
func (s CreditState) String() string {
	switch s {
	case CreditGood:
		return "GOOD"
	case CreditWatch:
		return "WATCH"
	case CreditBlocked:
		return "BLOCKED"
	}
	return "UNKNOWN"
}

// severity orders states: what is known to be bad outweighs what is missing, and that what is good.
func (s CreditState) severity() int {
	switch s {
	case CreditGood:
		return 0
	case CreditUnknown:
		return 1
	}
	return int(s)
}

// Criterion is one question of the credit gate.
type Criterion uint8

// The criteria, in the order in which they are asked.
const (
	BlockFlag Criterion = iota
	OverdueShare
	OverdueAge
	DSO
	LimitUse

	criteria = int(LimitUse) + 1
)

// String names the criterion in reasons.
func (c Criterion) String() string {
	return [criteria]string{"block flag", "overdue share", "overdue age", "days sales outstanding", "limit use"}[c]
}

// CreditVerdict is the outcome for one account.
type CreditVerdict struct {
	State CreditState
	// Criterion decided: the first in order with the worst outcome. It says nothing where State is
	// CreditGood or no criterion is live.
	Criterion Criterion
	// Value and Cut are the criterion's figures where State is CreditWatch or CreditBlocked: shares
	// or days; both 0 for the block flag.
	Value, Cut float64
}

// CreditGate holds a verdict per account.
type CreditGate struct {
	Cuts CreditCuts
	// Live marks the criteria that the run has data for; the others are off.
	Live     [criteria]bool
	Verdicts []CreditVerdict
}

// GateCredit judges every account. An account without any row in the CRM export is a zero Credit.
func GateCredit(accounts []Credit, cuts CreditCuts) (*CreditGate, error) {
	g := &CreditGate{Cuts: cuts.OrDefault(), Live: live(accounts), Verdicts: make([]CreditVerdict, len(accounts))}
	if err := g.Cuts.Validate(); err != nil {
		return nil, err
	}
	for i := range accounts {
		g.Verdicts[i] = g.judge(&accounts[i])
	}
	return g, nil
}

// live finds the criteria whose columns hold anything at all.
func live(accounts []Credit) (live [criteria]bool) {
	var receivables, overdue, limit bool
	for i := range accounts {
		a := &accounts[i]
		receivables = receivables || a.Receivables.Known
		overdue = overdue || a.Overdue.Known
		limit = limit || (a.Limit.Known && a.Limit.Value > 0)
		live[BlockFlag] = live[BlockFlag] || a.Blocked.Known
		live[OverdueAge] = live[OverdueAge] || a.OverdueDays.Known
		live[DSO] = live[DSO] || a.DaysSalesOutstanding.Known
	}
	live[OverdueShare], live[LimitUse] = receivables && overdue, receivables && limit
	return live
}
