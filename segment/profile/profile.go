// Package profile says what a segment of customers is like and what sets it apart from the rest.
//
//  1. Customers bring their figures, the groupings they stand in (tier, RFM segment) and the
//     attributes that the CRM knows of them (industry, region, ...), all as columns.
//  2. Build sums each group up, and the rest beside it: size, net sales, gross profit and margin,
//     the median rhythm, the breadth. Sums are integers, so no order of customers shows.
//  3. For each value of each attribute it compares how many of the group have it with how many of the
//     rest, as a lift, and asks whether chance alone would do: see Trait.
//
// The rest of a group are the customers of all other groups of the same grouping. A customer whose
// attribute is unknown counts neither for nor against a value of it.
package profile

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Customers are the columns that Build reads, all of one length unless nil. Amounts are of the
// window, in the reporting currency.
type Customers struct {
	// In marks whom the profiles count; nil is all. Accounts in a parent are not among them: their
	// figures are in their parent's.
	In []bool
	// Net is net sales; Covered the part of it whose cost is known, Profit the gross profit on that.
	// ProfitKnown marks whose profit counts, nil is all.
	Net, Covered, Profit []money.Amount
	ProfitKnown          []bool
	// Gap is the mean number of days between the customer's purchases, NaN below two purchase days.
	Gap []float64
	// Breadth counts the categories bought, 0 where unknown; nil for a run without categories.
	Breadth    []int32
	Groupings  []Grouping
	Attributes []Attribute
}

// Grouping puts each customer into at most one group.
type Grouping struct {
	Name string
	// Groups are the names by code. Code 0 is a customer in no group, whatever its name.
	Groups []string
	Code   []uint8
}

// Attribute is a property of customers with named values.
type Attribute struct {
	Name string
	// Values are the names by code, distinct. Code 0 is unknown, whatever its name.
	Values []string
	Code   []uint32
	// Decides names the groupings whose groups this attribute decides. There its shares are shown,
	// but not tested: that core accounts have good credit is a rule and no discovery.
	Decides []string
}

// Profiles are the groups of every grouping.
type Profiles struct {
	Company  Figures // of all customers that count
	Groups   []Group // by grouping, in the order of their codes; those without customers too
	Tests    int     // how many comparisons were made, over all groupings
	Settings Settings
}

// Group is one group of a grouping.
type Group struct {
	Grouping, Name string
	Own, Rest      Figures
	// Traits are, attribute by attribute, the most frequent values of the group, Settings.Values of
	// each, and every value that sets it apart; the most frequent first, equal ones by name.
	Traits []Trait
}

// Figures sum a set of customers up.
type Figures struct {
	Customers       int64
	Net             money.Amount
	Known           int64        // customers whose profit is known
	Covered, Profit money.Amount // of those
	Paced           int64        // customers with a gap
	Gap             float64      // their median gap in days: the mean of the two in the middle of an even number; NaN without any
	Broad           int64        // customers with a category
	Categories      int64        // of those, summed up
}

// Build profiles every group. It panics on columns of different lengths and codes without a name; it
// errors on settings that are not legal and on sums that do not fit.
func Build(c Customers, s Settings) (*Profiles, error) {
	s = s.OrDefault()
	if err := s.Validate(); err != nil {
		return nil, err
	}
	c.check()
	p := &Profiles{Settings: s}
	b := builder{Customers: c, s: s, order: c.byGap()}
	everyone := Grouping{Groups: []string{"", ""}, Code: make([]uint8, len(c.Net))}
	for i := range everyone.Code {
		everyone.Code[i] = 1
	}
	all, err := b.figures(&everyone)
	if err != nil {
		return nil, err
	}
	p.Company = all[0].Own
	var tests []test
	for g := range c.Groupings {
		groups, err := b.figures(&c.Groupings[g])
		if err != nil {
			return nil, err
		}
		for a := range c.Attributes {
			tests = append(tests, b.compare(&c.Groupings[g], &c.Attributes[a], groups, len(p.Groups))...)
		}
		p.Groups = append(p.Groups, groups...)
	}
	p.Tests = len(tests)
	judge(p.Groups, tests, s)
	p.keep(s.Values)
	return p, nil
}

// builder carries the input to each step.
type builder struct {
	Customers
	s     Settings
	order []int32 // the customers that count and have a gap, shortest first
}

func (c *Customers) in(i int) bool { return c.In == nil || c.In[i] }

func (c *Customers) check() {
	n := len(c.Net)
	want := func(have int, isNil bool) {
		if !isNil && have != n {
			panic("profile: columns differ in length")
		}
	}
	want(len(c.In), c.In == nil)
	want(len(c.Covered), false)
	want(len(c.Profit), false)
	want(len(c.ProfitKnown), c.ProfitKnown == nil)
	want(len(c.Gap), false)
	want(len(c.Breadth), c.Breadth == nil)
	for _, g := range c.Groupings {
		want(len(g.Code), false)
		for _, code := range g.Code {
			if int(code) >= len(g.Groups) {
				panic(fmt.Sprintf("profile: grouping %s has no group %d", g.Name, code))
			}
		}
	}
	for _, a := range c.Attributes {
		want(len(a.Code), false)
		for _, code := range a.Code {
			if int(code) >= len(a.Values) {
				panic(fmt.Sprintf("profile: attribute %s has no value %d", a.Name, code))
			}
		}
	}
}
