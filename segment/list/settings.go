package list

import (
	"errors"
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Settings are the cuts of the lists. A zero field is its default.
type Settings struct {
	// Rise is by how much net sales must exceed those of the previous window for the customer to
	// count as rising, above 0 and up to 1000: 0.1, which is 10%.
	Rise money.Rate
	// NeedPrevious keeps customers without net sales in the previous window off develop, most of
	// whom are new. Without it they count as rising, from nothing.
	NeedPrevious bool
	// HighFit is the strategic fit, above 0 and up to 5, from which a customer is not let go: 4.
	HighFit float64
}

// OrDefault writes the defaults out.
func (s Settings) OrDefault() Settings {
	if s.Rise == 0 {
		s.Rise = money.OneRate / 10
	}
	if s.HighFit == 0 {
		s.HighFit = 4
	}
	return s
}

// Validate returns every fault of settings with their defaults written out.
func (s Settings) Validate() error {
	var faults []error
	if s.Rise <= 0 || s.Rise > 1000*money.OneRate {
		faults = append(faults, fmt.Errorf("rise of sales %s: set it above 0 and up to 1000, for example 0.1", s.Rise))
	}
	if !(s.HighFit > 0 && s.HighFit <= 5) {
		faults = append(faults, fmt.Errorf("high strategic fit %v: set it above 0 and up to 5", s.HighFit))
	}
	return errors.Join(faults...)
}
