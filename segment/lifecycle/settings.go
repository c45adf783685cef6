package lifecycle

import (
	"errors"
	"fmt"
)

// Settings are the thresholds. A zero field is its default.
type Settings struct {
	// LoyalPurchases and LoyalQuarters are the least purchases, and quarters with one, of a loyal
	// customer: 4 and 3.
	LoyalPurchases, LoyalQuarters int32
	// LoyalOverdue is the overdue ratio up to which a customer is on rhythm: 2. One that orders at
	// random, with exponential gaps, is silent for longer than twice the gap with probability
	// e⁻² = 14%; one that orders regularly never.
	LoyalOverdue float64
	// LapsedOverdue is the overdue ratio above which a customer has lapsed where p_alive is unknown:
	// 3. Of those that order at random and are still there e⁻³ = 5% are silent for longer.
	LapsedOverdue float64
	// LapsedAlive is the p_alive below which a customer has lapsed: 0.5, more likely gone than not.
	LapsedAlive float64
	// PartnerTenureDays is the least tenure of a partner in days: 730, two years.
	PartnerTenureDays int32
	// PartnerBreadth is the least number of categories of a partner: 3.
	PartnerBreadth int32
}

// OrDefault writes the defaults out.
func (s Settings) OrDefault() Settings {
	or(&s.LoyalPurchases, 4)
	or(&s.LoyalQuarters, 3)
	or(&s.LoyalOverdue, 2)
	or(&s.LapsedOverdue, 3)
	or(&s.LapsedAlive, 0.5)
	or(&s.PartnerTenureDays, 730)
	or(&s.PartnerBreadth, 3)
	return s
}

func or[V int32 | float64](v *V, def V) {
	if *v == 0 {
		*v = def
	}
}

// Validate returns every fault of settings with their defaults written out.
func (s Settings) Validate() error {
	var faults []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	// A customer with one purchase is first, whatever loyalty asks for.
	fault(s.LoyalPurchases < 2, "loyal customers have %d purchases: set 2 or more", s.LoyalPurchases)
	fault(s.LoyalQuarters < 1, "loyal customers buy in %d quarters: set 1 or more", s.LoyalQuarters)
	fault(!(s.LoyalOverdue > 0), "overdue ratio of loyal customers %v: set it above 0", s.LoyalOverdue)
	fault(!(s.LapsedOverdue >= s.LoyalOverdue), "overdue ratio of lapsed customers %v: set it no lower than that of loyal ones, %v", s.LapsedOverdue, s.LoyalOverdue)
	fault(!(s.LapsedAlive > 0 && s.LapsedAlive <= 1), "p_alive of lapsed customers %v: set it above 0 and up to 1", s.LapsedAlive)
	fault(s.PartnerTenureDays < 1, "tenure of partners %d days: set 1 or more", s.PartnerTenureDays)
	fault(s.PartnerBreadth < 1, "categories of partners %d: set 1 or more", s.PartnerBreadth)
	return errors.Join(faults...)
}
