// Package tier puts every customer in exactly one tier.
//
//  1. Assign ranks the accounts of the KEY quadrant by the window's gross profit and finds those
//     that make the first half of it.
//  2. Each customer gets the first tier that fits:
//     core - KEY quadrant, credit GOOD, loyal or partner, in that first half;
//     key - KEY quadrant, credit not BLOCKED;
//     general - the other customers with a purchase in the window;
//     dormant - purchases, none in the window, or returns without any purchase on record: what came
//     back was sold before the records begin;
//     prospect - neither purchase nor return on record.
//  3. Result.AppendReason says which criterion decided, with its value and cut.
//
// A criterion that the whole run has no data for is off: it bars nobody, every reason that it would
// have decided names it, and so does Result.Warnings. Where only one account's data is missing, the
// criterion is UNKNOWN and does not pass: unknown credit is not GOOD, so not core; it is no block
// either, so the account may be key unless Settings.NeedKnownCredit. Such accounts are listed.
package tier

import (
	"errors"
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// Tier is a customer's tier. Its zero value is none and given to nobody.
type Tier uint8

// The tiers, best first.
const (
	None Tier = iota
	Core
	Key
	General
	Dormant
	Prospect

	// Tiers is the number of tiers, None included.
	Tiers = int(Prospect) + 1
)

// String is the name in output columns and file names; the empty string for None.
func (t Tier) String() string {
	switch t {
	case Core:
		return "core"
	case Key:
		return "key"
	case General:
		return "general"
	case Dormant:
		return "dormant"
	case Prospect:
		return "prospect"
	}
	return ""
}

// Credit is the state of the credit gate. Its zero value is CreditUnknown. Codes and names are
// those of the gate in scoring/keyaccount.
type Credit uint8

// The states.
const (
	CreditUnknown Credit = iota
	CreditGood
	CreditWatch
	CreditBlocked
)

// String is the name in output columns.
func (c Credit) String() string {
	switch c {
	case CreditGood:
		return "GOOD"
	case CreditWatch:
		return "WATCH"
	case CreditBlocked:
		return "BLOCKED"
	}
	return "UNKNOWN"
}

// Customers are the columns that Assign reads, all of one length.
type Customers struct {
	// Key marks the KEY quadrant.
	Key []bool
	// MarginOff says that no sales of the run have a known cost: KEY went by volume alone, and no
	// profit is known to rank by.
	MarginOff bool
	// Credit is read unless CreditOff, which says that the run has no credit data; nil with it.
	Credit    []Credit
	CreditOff bool
	// Loyal marks the life stages loyal and partner.
	Loyal []bool
	// LastDay is the last purchase day over all history; civil.Unknown without a purchase.
	LastDay []civil.Day
	// WindowFrom is the first day of the window, which reaches to the as-of day: a last purchase on
	// or after it lies in the window.
	WindowFrom civil.Day
	// Returned is the value of returns over all history, as a positive amount.
	Returned []money.Amount
	// Net and Profit are net sales and gross profit of the window. ProfitKnown marks the customers
	// whose profit is known; nil is all.
	Net, Profit []money.Amount
	ProfitKnown []bool
	// Why appends the texts of what was decided before; see Texts.
	Why Texts
}

// Texts append to dst why customer i has a quadrant, a credit state and a life stage, each criterion
// with its value and cut, and return the extended slice. They must be pure. A nil one leaves the
// bare outcome in the reasons.
type Texts struct {
	Quadrant, Credit, Stage func(dst []byte, i int) []byte
}

// Settings are the company's own rules. The zero value is the default.
type Settings struct {
	// CoreShare is the share of KEY profit, above 0 and up to 1, that core accounts make: an account
	// is among them if the accounts ahead of its tie group make less. Zero is 50%.
	CoreShare money.Rate
	// NeedKnownCredit keeps accounts of unknown credit out of key.
	NeedKnownCredit bool
}

// OrDefault writes the defaults out.
func (s Settings) OrDefault() Settings {
	if s.CoreShare == 0 {
		s.CoreShare = money.OneRate / 2
	}
	return s
}

// Validate returns every fault of settings with their defaults written out.
func (s Settings) Validate() error {
	if s.CoreShare <= 0 || s.CoreShare > money.OneRate {
		return fmt.Errorf("share of KEY profit made by core accounts is %s: set it above 0 and up to 1, for example 0.5", s.CoreShare)
	}
	return nil
}

// Total is the line of one tier in the overview: window figures, profit where it is known.
type Total struct {
	Customers   int
	Net, Profit money.Amount
}

// Result has one value per customer in every column.
type Result struct {
	Tier []Tier
	// Criterion is what decided the tier: the first that failed for the next better one.
	Criterion []Criterion
	// KeyRank ranks the KEY accounts by gross profit from 1, equal profits by customer index; 0 for
	// the others.
	KeyRank []int32
	// KeyBefore is the share 0..1 of KEY profit made ahead of the account's tie group; NaN for
	// accounts without a rank and where KEY accounts make no profit.
	KeyBefore []float64
	// KeyProfit is the sum of the KEY accounts' profits above zero.
	KeyProfit money.Amount
	Totals    [Tiers]Total
	// MissingCredit and MissingProfit list the KEY accounts whose credit or profit is unknown though
	// the run has such data.
	MissingCredit, MissingProfit []int32
	// Warnings are the criteria that are off in the whole run.
	Warnings []error
	// Settings are the settings as used, defaults written out.
	Settings Settings

	customers Customers
	half      []bool // in the first half of KEY profit
}

// Assign puts every customer in a tier. It errors on settings that are not legal and on sums that
// do not fit.
func Assign(c Customers, s Settings) (*Result, error) {
	s = s.OrDefault()
	if err := s.Validate(); err != nil {
		return nil, err
	}
	c.check()
	n := len(c.Key)
	r := &Result{
		Settings: s, customers: c, Tier: make([]Tier, n), Criterion: make([]Criterion, n),
		KeyRank: make([]int32, n), KeyBefore: make([]float64, n), half: make([]bool, n),
	}
	if err := r.rankKey(); err != nil {
		return nil, err
	}
	for i := range n {
		r.Tier[i], r.Criterion[i] = r.tier(i)
		if c.Key[i] && !c.CreditOff && c.Credit[i] == CreditUnknown {
			r.MissingCredit = append(r.MissingCredit, int32(i))
		}
	}
	if c.MarginOff {
		r.Warnings = append(r.Warnings, errors.New("no sales with a known cost in the window: KEY goes by volume alone and core is not asked for its part of KEY profit; give cost or profit to ask for both"))
	}
	if c.CreditOff {
		r.Warnings = append(r.Warnings, errors.New("no credit data in the run: neither core nor key is asked for it; give receivables, overdue or credit_blocked of the CRM export to ask"))
	}
	return r, r.total()
}

func (c *Customers) check() {
	n := len(c.Key)
	if len(c.Loyal) != n || len(c.LastDay) != n || len(c.Returned) != n || len(c.Net) != n || len(c.Profit) != n ||
		(!c.CreditOff && len(c.Credit) != n) || (c.ProfitKnown != nil && len(c.ProfitKnown) != n) {
		panic("tier: columns differ in length")
	}
}

func (c *Customers) profitKnown(i int) bool {
	return !c.MarginOff && (c.ProfitKnown == nil || c.ProfitKnown[i])
}

// rankKey ranks the KEY accounts and marks the first half of their profit, exactly.
func (r *Result) rankKey() error {
	c := &r.customers
	var keys []int64
	var members []int32
	for i, key := range c.Key {
		r.KeyBefore[i] = math.NaN()
		switch {
		case !key || c.MarginOff:
		case !c.profitKnown(i):
			r.MissingProfit = append(r.MissingProfit, int32(i))
		default:
			keys, members = append(keys, int64(c.Profit[i])), append(members, int32(i))
			sum, ok := money.Add(r.KeyProfit, max(0, c.Profit[i]))
			if !ok {
				return fmt.Errorf("the gross profit of the KEY accounts does not fit: amounts beyond 922 trillion; check the units of the export")
			}
			r.KeyProfit = sum
		}
	}
	var made, before money.Amount // before is made ahead of the tie group
	last := int32(-1)
	for at, k := range scoring.Descending(keys) {
		i := members[k]
		if last < 0 || c.Profit[i] != c.Profit[last] {
			before = made
		}
		made += max(0, c.Profit[i]) // at most KeyProfit
		last, r.KeyRank[i] = i, int32(at+1)
		if r.KeyProfit > 0 {
			r.KeyBefore[i] = float64(before) / float64(r.KeyProfit)
		}
		r.half[i] = c.Profit[i] > 0 &&
			scoring.CompareProducts(int64(before), int64(money.OneRate), int64(r.Settings.CoreShare), int64(r.KeyProfit)) < 0
	}
	return nil
}

func (r *Result) total() error {
	c := &r.customers
	for i, tier := range r.Tier {
		t := &r.Totals[tier]
		net, ok1 := money.Add(t.Net, c.Net[i])
		profit, ok2 := t.Profit, true
		if c.profitKnown(i) {
			profit, ok2 = money.Add(t.Profit, c.Profit[i])
		}
		if !ok1 || !ok2 {
			return fmt.Errorf("the sums of tier %s do not fit: amounts beyond 922 trillion; check the units of the export", tier)
		}
		t.Customers++
		t.Net, t.Profit = net, profit
	}
	return nil
}
