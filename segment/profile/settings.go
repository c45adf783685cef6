package profile

import (
	"errors"
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Settings are the cuts of the profiles. A zero field is its default.
type Settings struct {
	// MinCustomers is how many customers a finding needs at least, 1 or more: 5. A value more frequent
	// than in the rest needs them in the group, a rarer one would need them if it were as frequent.
	MinCustomers int
	// FalseAlarm is the probability that any finding of the run is chance, above 0 and below 1: 0.05.
	FalseAlarm money.Rate
	// Lift is from which lift on, or below its inverse, a value sets a group apart, above 1 and up to
	// 1000: 1.25.
	Lift money.Rate
	// Values is how many values of each attribute are kept although they set nothing apart, 1 or more: 5.
	Values int
}

// OrDefault writes the defaults out.
func (s Settings) OrDefault() Settings {
	if s.MinCustomers == 0 {
		s.MinCustomers = 5
	}
	if s.FalseAlarm == 0 {
		s.FalseAlarm = money.OneRate / 20
	}
	if s.Lift == 0 {
		s.Lift = money.OneRate * 5 / 4
	}
	if s.Values == 0 {
		s.Values = 5
	}
	return s
}

// Validate returns every fault of settings with their defaults written out.
func (s Settings) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("profiles: "+format, args...)) }
	if s.MinCustomers < 1 {
		fault("min_customers %d: set it to 1 or more, for example 5", s.MinCustomers)
	}
	if s.FalseAlarm <= 0 || s.FalseAlarm >= money.OneRate {
		fault("false_alarm %s: set it above 0 and below 1, for example 0.05", s.FalseAlarm)
	}
	if s.Lift <= money.OneRate || s.Lift > 1000*money.OneRate {
		fault("lift %s: set it above 1 and up to 1000, for example 1.25", s.Lift)
	}
	if s.Values < 1 {
		fault("values %d: set it to 1 or more, for example 5", s.Values)
	}
	return errors.Join(faults...)
}
