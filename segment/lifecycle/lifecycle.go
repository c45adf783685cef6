// Package lifecycle puts every customer in exactly one stage of life.
//
// Assign asks in this order and stops at the first yes:
//
//  1. prospect: no purchase on record and no return either.
//  2. lapsed: p_alive is below its cut where it is known, else the overdue ratio is above its cut. A
//     customer with returns or credit notes but no purchase is lapsed too: they bought before the
//     records begin, or gave all of it back, and nothing since.
//  3. first: one purchase.
//  4. repeat: two or more purchases that are not yet loyal.
//  5. loyal: enough purchases over enough quarters, and on rhythm.
//  6. partner: loyal, in the KEY quadrant, of long tenure, and buying in enough categories.
//
// So lapsed outweighs whatever the history earned: it asks for action, history does not. A loyal
// customer that falls behind is repeat first and lapsed later, as the cut of the rhythm lies below
// that of lapsing.
//
// A figure that is unknown for one customer does not pass: without a rhythm nobody is loyal, and
// nobody has lapsed. Categories that no export names are not asked for at all, and Result.Warnings
// says so.
package lifecycle

import (
	"errors"
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Stage is a stage of life. Its zero value is none and given to nobody.
type Stage uint8

// The stages.
const (
	None Stage = iota
	Prospect
	First
	Repeat
	Loyal
	Partner
	Lapsed

	// Stages is the number of stages, None included.
	Stages = int(Lapsed) + 1
)

// String is the name in output columns; the empty string for None.
func (s Stage) String() string {
	switch s {
	case Prospect:
		return "prospect"
	case First:
		return "first"
	case Repeat:
		return "repeat"
	case Loyal:
		return "loyal"
	case Partner:
		return "partner"
	case Lapsed:
		return "lapsed"
	}
	return ""
}

// Customers are the columns that Assign reads, all of one length, over all history.
type Customers struct {
	// Purchases counts purchases, Quarters the distinct calendar quarters with one.
	Purchases, Quarters []int32
	// Returned is the value of returns and credit notes, as a positive amount.
	Returned []money.Amount
	// TenureDays are the days since the first purchase; -1 without one.
	TenureDays []int32
	// OverdueRatio is days since the last purchase / expected gap, 0 or more; NaN is unknown.
	OverdueRatio []float64
	// PAlive is the model's probability 0..1 that the customer still buys; NaN is unknown, nil a run
	// without the model. A value of 1 is no evidence and leaves the question to the rhythm: BG/NBD
	// gives it to every customer without a repeat purchase, however long ago the one was.
	PAlive []float64
	// Key marks the customers in the KEY quadrant, MarginOff says that it went by volume alone.
	Key       []bool
	MarginOff bool
	// Breadth counts the distinct categories bought, 0 where none of the customer's products has
	// one; nil for a run whose exports name no category at all.
	Breadth []int32
}

// Result has one value per customer in every column.
type Result struct {
	Stage []Stage
	// Criterion is what decided the stage, or kept the customer from the next one.
	Criterion []Criterion
	// Customers counts the customers of each stage.
	Customers [Stages]int
	// MissingRhythm lists the customers with a purchase whose rhythm is unknown where it was needed:
	// p_alive does not tell whether they lapsed, or nothing but the rhythm keeps them from loyal.
	// MissingCategories lists those whom nothing but unknown categories keeps from partner.
	MissingRhythm, MissingCategories []int32
	// Warnings are the criteria that are off in the whole run.
	Warnings []error
	// Settings are the settings as used, defaults written out.
	Settings Settings

	customers Customers
}

// Criterion is a question about a customer.
type Criterion uint8

// The criteria. All is that of partners, who passed every one.
const (
	All            Criterion = iota
	PurchaseCount            // too few purchases for the next stage, or none
	ReturnsOnly              // lapsed: returns on record, no purchase
	Alive                    // lapsed: p_alive below its cut
	Overdue                  // lapsed: overdue ratio above its cut
	QuarterCount             // repeat: too few quarters for loyal
	OffRhythm                // repeat: overdue ratio above the cut for loyal
	RhythmUnknown            // repeat: overdue ratio unknown
	NotKey                   // loyal: outside the KEY quadrant
	Tenure                   // loyal: tenure too short for partner
	BreadthCount             // loyal: too few categories for partner
	BreadthUnknown           // loyal: categories unknown
)

// Assign puts every customer in a stage. It errors on settings that are not legal.
func Assign(c Customers, s Settings) (*Result, error) {
	s = s.OrDefault()
	if err := s.Validate(); err != nil {
		return nil, err
	}
	c.check()
	n := len(c.Purchases)
	r := &Result{Settings: s, customers: c, Stage: make([]Stage, n), Criterion: make([]Criterion, n)}
	for i := range n {
		r.Stage[i], r.Criterion[i] = r.stage(i)
		r.Customers[r.Stage[i]]++
		switch {
		case r.Criterion[i] == BreadthUnknown:
			r.MissingCategories = append(r.MissingCategories, int32(i))
		case r.Criterion[i] == RhythmUnknown, c.Purchases[i] > 0 && !r.aliveKnown(i) && math.IsNaN(c.OverdueRatio[i]):
			r.MissingRhythm = append(r.MissingRhythm, int32(i))
		}
	}
	if c.Breadth == nil {
		r.Warnings = append(r.Warnings, fmt.Errorf("no categories in the data: partners are not asked for %d categories; map category to ask for them", s.PartnerBreadth))
	}
	if c.MarginOff {
		r.Warnings = append(r.Warnings, errors.New("no sales with a known cost in the window: partners are in the KEY quadrant by volume alone; give cost or profit to ask for margin"))
	}
	return r, nil
}

func (c *Customers) check() {
	n := len(c.Purchases)
	if len(c.Quarters) != n || len(c.Returned) != n || len(c.TenureDays) != n || len(c.OverdueRatio) != n || len(c.Key) != n ||
		(c.PAlive != nil && len(c.PAlive) != n) || (c.Breadth != nil && len(c.Breadth) != n) {
		panic("lifecycle: columns differ in length")
	}
}

// aliveKnown reports whether p_alive says anything about customer i.
func (r *Result) aliveKnown(i int) bool {
	return r.customers.PAlive != nil && r.customers.PAlive[i] < 1 // false for NaN
}

func (r *Result) stage(i int) (Stage, Criterion) {
	c, s := &r.customers, &r.Settings
	purchases, overdue := c.Purchases[i], c.OverdueRatio[i]
	switch {
	case purchases <= 0 && c.Returned[i] > 0:
		return Lapsed, ReturnsOnly
	case purchases <= 0:
		return Prospect, PurchaseCount
	case r.aliveKnown(i):
		if c.PAlive[i] < s.LapsedAlive {
			return Lapsed, Alive
		}
	case overdue > s.LapsedOverdue:
		return Lapsed, Overdue
	}
	switch {
	case purchases == 1:
		return First, PurchaseCount
	case purchases < s.LoyalPurchases:
		return Repeat, PurchaseCount
	case c.Quarters[i] < s.LoyalQuarters:
		return Repeat, QuarterCount
	case math.IsNaN(overdue):
		return Repeat, RhythmUnknown
	case overdue > s.LoyalOverdue:
		return Repeat, OffRhythm
	case !c.Key[i]:
		return Loyal, NotKey
	case c.TenureDays[i] < s.PartnerTenureDays:
		return Loyal, Tenure
	case c.Breadth == nil || c.Breadth[i] >= s.PartnerBreadth:
		return Partner, All
	case c.Breadth[i] <= 0:
		return Loyal, BreadthUnknown
	}
	return Loyal, BreadthCount
}
