// Package list draws up the action lists: whom to see, and about what.
//
//  1. shortlist: the core and key accounts, best key score first.
//  2. develop: general and NICHE customers whose sales rise and that have potential, largest growth
//     in money first.
//  3. rescue: the KEY quadrant by value at risk, most first.
//  4. fix-margin: VOLUME_ONLY by the profit lost against the company's margin rate, most first, with
//     what eats the margin, against the company and against the customer's own window before
//     (package scoring/margin). Where the cut of the margin is above the company's rate, those who
//     lose nothing against it come last.
//  5. let-go: general customers that lose money, do not rise, have no potential and no strategic
//     fit, largest loss first.
//
// Customers in one tier or quadrant are candidates for the same list, so a list is a subset of the
// customers without duplicates; who stands on shortlist stands on neither develop nor let-go.
// Equal customers stand in the order of their index.
//
// A criterion that the whole run has no data for is off and named in List.Warnings and in the
// reasons; a list of which nothing would be left, or whose very measure is missing, is not drawn up
// and List.Absent says why.
package list

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// Tier is what the lists tell apart of tiers. Codes are those of segment/tier; any other code is a
// customer of some other tier.
type Tier uint8

// The tiers that lists are made of.
const (
	Core    Tier = 1
	Key     Tier = 2
	General Tier = 3
)

// Quadrant is what the lists tell apart of quadrants. Codes are those of scoring/keyaccount; any
// other code is a customer of another or an unknown quadrant.
type Quadrant uint8

// The quadrants that lists are made of.
const (
	KeyQuadrant Quadrant = 1
	VolumeOnly  Quadrant = 2
	Niche       Quadrant = 3
)

// Customers are the columns that Build reads, all of one length unless nil. Amounts are of the
// window, in the reporting currency.
type Customers struct {
	Tier     []Tier
	Quadrant []Quadrant
	// KeyScore is 0..100, NaN where unknown.
	KeyScore []float64
	// Net is net sales; Previous that of the window of the same length before, nil where the data do
	// not reach back that far.
	Net, Previous []money.Amount
	// WindowDays is the length of the window in days, 1 or more; of all history, the days it spans.
	WindowDays int
	// Covered is the part of Net whose cost is known, Profit the gross profit on it; ProfitKnown
	// marks the customers that have any, nil is all. MarginOff says that no sales of the run have a
	// known cost.
	Covered, Profit []money.Amount
	ProfitKnown     []bool
	MarginOff       bool
	// Returned and Discount are positive amounts; nil where no export tells.
	Returned, Discount []money.Amount
	// Potential is the yearly spend that the account could give, PotentialKnown marks where the CRM
	// states it; both nil for a run without it.
	Potential      []money.Amount
	PotentialKnown []bool
	// Fit is the CRM's strategic fit 0..5, NaN where not given; nil for a run without it.
	Fit []float64
	// ValueAtRisk is churn probability x lifetime value, RiskKnown marks where it is known; both nil
	// for a run without the models.
	ValueAtRisk []money.Amount
	RiskKnown   []bool
	// Churn is the probability of no purchase in the ChurnDays days to come, BuyingLess that of buying
	// less than before, OverdueRatio how late the next purchase is; NaN where unknown, nil as above.
	Churn, BuyingLess, OverdueRatio []float64
	ChurnDays                       int
	// Bought marks a purchase in the window that BuyingLess looks at, SilentDays are those since the last
	// purchase (-1 unknown), UsualGap the days between two (NaN unknown); nil as above.
	Bought     []bool
	SilentDays []int32
	UsualGap   []float64
	// LateOverdue is the OverdueRatio above which an order is late beyond what chance explains, above 0:
	// lifecycle's cut for lapsing. It is not read without the models.
	LateOverdue float64
	// RiskWhy appends what moved the churn probability of customer i, in words; nil leaves it out.
	RiskWhy func(dst []byte, i int) []byte
	// RiskOff says why there is no value at risk; "" that the run has no models.
	RiskOff string
	// Gaps takes the margin of a VOLUME_ONLY customer apart; nil leaves it out.
	Gaps func(i int) Gaps
	// MixOff says why the mix of no customer is known, in the warnings of fix-margin; "" where it is.
	MixOff string
	// Company sums the columns above over all customers.
	Company Company
	// Why appends the reason of customer i's tier to dst, in shortlist; nil leaves it out.
	Why func(dst []byte, i int) []byte
}

// Company is the window of all customers together.
type Company struct {
	Net, Covered, Profit, Returned, Discount money.Amount
}

// List is one list. Rows, Amount, Reasons and Steps have one length.
type List struct {
	// Name is the name of the list and of its file.
	Name string
	// Rows are customer indices in the order of the list.
	Rows []int32
	// Amount is the money that orders the list: growth, value at risk, profit lost, gross profit.
	// Nil for shortlist, and for develop where the previous window is unknown.
	Amount []money.Amount
	// Reasons say why the customer is on the list, Steps what to do next.
	Reasons, Steps []string
	// Absent says why the list was not drawn up; empty for a list that was, though it may have no
	// rows.
	Absent string
	// Warnings are the criteria that are off.
	Warnings []error
}

// Lists are all lists of a run.
type Lists struct {
	Shortlist, Develop, Rescue, FixMargin, LetGo List
	// Eaten has a value per row of FixMargin.
	Eaten Eaten
	// Settings are the settings as used, defaults written out.
	Settings Settings
}

// All is the lists in the order of the package comment.
func (l *Lists) All() []*List {
	return []*List{&l.Shortlist, &l.Develop, &l.Rescue, &l.FixMargin, &l.LetGo}
}

// Build draws up the lists. It errors on settings that are not legal and on a profit lost that does
// not fit.
func Build(c Customers, s Settings) (*Lists, error) {
	s = s.OrDefault()
	if err := s.Validate(); err != nil {
		return nil, err
	}
	c.check()
	b := builder{Customers: c, s: s}
	l := &Lists{
		Settings: s, Shortlist: List{Name: "shortlist"}, Develop: List{Name: "develop"}, Rescue: List{Name: "rescue"},
		FixMargin: List{Name: "fix-margin"}, LetGo: List{Name: "let-go"},
	}
	b.shortlist(&l.Shortlist)
	b.develop(&l.Develop)
	b.rescue(&l.Rescue)
	if err := b.fixMargin(&l.FixMargin, &l.Eaten); err != nil {
		return nil, err
	}
	b.letGo(&l.LetGo)
	return l, nil
}

func (c *Customers) check() {
	n := len(c.Net)
	for _, have := range []int{len(c.Tier), len(c.Quadrant), len(c.KeyScore), len(c.Covered), len(c.Profit)} {
		if have != n {
			panic("list: columns differ in length")
		}
	}
	optional := func(have int, isNil bool) {
		if !isNil && have != n {
			panic("list: columns differ in length")
		}
	}
	optional(len(c.Previous), c.Previous == nil)
	optional(len(c.ProfitKnown), c.ProfitKnown == nil)
	optional(len(c.Returned), c.Returned == nil)
	optional(len(c.Discount), c.Discount == nil)
	optional(len(c.PotentialKnown), c.Potential == nil)
	optional(len(c.Potential), c.Potential == nil)
	optional(len(c.Fit), c.Fit == nil)
	optional(len(c.ValueAtRisk), c.ValueAtRisk == nil)
	optional(len(c.RiskKnown), c.ValueAtRisk == nil)
	optional(len(c.Churn), c.ValueAtRisk == nil)
	optional(len(c.BuyingLess), c.ValueAtRisk == nil)
	optional(len(c.OverdueRatio), c.ValueAtRisk == nil)
	optional(len(c.Bought), c.ValueAtRisk == nil)
	optional(len(c.SilentDays), c.ValueAtRisk == nil)
	optional(len(c.UsualGap), c.ValueAtRisk == nil)
	if c.ValueAtRisk != nil && !(c.LateOverdue > 0) {
		panic("list: LateOverdue not above 0")
	}
	if c.WindowDays < 1 {
		panic("list: WindowDays below 1")
	}
}

// builder carries the input to each list.
type builder struct {
	Customers
	s Settings
}

// order sorts customers by key, largest first, into the list.
func (l *List) order(customers []int32, keys []int64) {
	l.Rows = make([]int32, len(customers))
	for at, k := range scoring.Descending(keys) {
		l.Rows[at] = customers[k]
	}
}

// orderByAmount does so by amount, and keeps it.
func (l *List) orderByAmount(customers []int32, amounts []money.Amount, sign int64) {
	keys := make([]int64, len(customers))
	for k, a := range amounts {
		keys[k] = int64(a)
		if sign < 0 {
			keys[k] = ^keys[k] // reverses the order and, unlike negation, always fits
		}
	}
	l.Rows, l.Amount = make([]int32, len(customers)), make([]money.Amount, len(customers))
	for at, k := range scoring.Descending(keys) {
		l.Rows[at], l.Amount[at] = customers[k], amounts[k]
	}
}

func (b *builder) shortlist(l *List) {
	var customers []int32
	var keys []int64
	for i, t := range b.Tier {
		if t != Core && t != Key {
			continue
		}
		key := int64(math.MinInt64) // unknown scores last
		if !math.IsNaN(b.KeyScore[i]) {
			key = scoring.FloatKey(b.KeyScore[i])
		}
		customers, keys = append(customers, int32(i)), append(keys, key)
	}
	l.order(customers, keys)
	l.Reasons = texts(l.Rows, b.appendShortlist)
	l.Steps = texts(l.Rows, func(dst []byte, _, i int) []byte {
		if b.Tier[i] == Core {
			return append(dst, "name a sponsor and agree the plan for the year"...)
		}
		return append(dst, "work on what keeps the account from core"...)
	})
}

func (b *builder) rescue(l *List) {
	if b.ValueAtRisk == nil {
		if l.Absent = b.RiskOff; l.Absent == "" {
			l.Absent = "no value at risk in the run: it takes the lifetime value and churn models"
		}
		return
	}
	var customers []int32
	var amounts []money.Amount
	for i, q := range b.Quadrant {
		if q == KeyQuadrant && b.RiskKnown[i] && b.ValueAtRisk[i] > 0 {
			customers, amounts = append(customers, int32(i)), append(amounts, b.ValueAtRisk[i])
		}
	}
	l.orderByAmount(customers, amounts, 1)
	l.Reasons = texts(l.Rows, b.appendRescue)
	l.Steps = texts(l.Rows, b.appendRescueStep)
}
