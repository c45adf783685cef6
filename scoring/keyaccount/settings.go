package keyaccount

import (
	"errors"
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// VolumeBy names what makes volume high.
type VolumeBy string

// Volume is high in sales class A (the default), at or above a mid-rank percentile, an amount of net
// sales, or the median net sales of the customers with an order in the window.
const (
	VolumeClassA     VolumeBy = "class-a"
	VolumePercentile VolumeBy = "percentile"
	VolumeAmount     VolumeBy = "amount"
	VolumeMedian     VolumeBy = "median"
)

// MarginBy names what makes the margin high.
type MarginBy string

// Margin is high at or above the company rate (the default), a rate, a mid-rank percentile or the
// median of the customers whose margin is known.
const (
	MarginCompany    MarginBy = "company"
	MarginRate       MarginBy = "rate"
	MarginPercentile MarginBy = "percentile"
	MarginMedian     MarginBy = "median"
)

// VolumeCut is the cut on volume. The zero value is class A.
type VolumeCut struct {
	By         VolumeBy     // "" is VolumeClassA
	Amount     money.Amount // with VolumeAmount
	Percentile money.Rate   // with VolumePercentile, as a fraction 0..1
}

// MarginCut is the cut on margin. The zero value is the company rate.
type MarginCut struct {
	By         MarginBy   // "" is MarginCompany
	Rate       money.Rate // with MarginRate; a negative rate is legal
	Percentile money.Rate // with MarginPercentile, as a fraction 0..1
	// Raw lets the raw margin rate decide and rank instead of the shrunk one, which is the default so
	// that one lucky order does not make a key account. Against the company rate the raw rate always
	// decides, exactly: shrinkage toward that rate never crosses it.
	Raw bool
}

// Settings are the cuts of the quadrants. The zero value is the default.
type Settings struct {
	Volume VolumeCut
	Margin MarginCut
	// MinCoverage is the share of net sales, above 0 and up to 1, whose cost must be known for the
	// margin to be known. Zero is 50%.
	MinCoverage money.Rate
	// FitWeight is the weight 0..1 of a given strategic fit in the key score. Zero is 20%; to ignore
	// fit, give none.
	FitWeight money.Rate
}

// OrDefault writes the defaults out.
func (s Settings) OrDefault() Settings {
	if s.Volume.By == "" {
		s.Volume.By = VolumeClassA
	}
	if s.Margin.By == "" {
		s.Margin.By = MarginCompany
	}
	if s.MinCoverage == 0 {
		s.MinCoverage = money.OneRate / 2
	}
	if s.FitWeight == 0 {
		s.FitWeight = money.OneRate / 5
	}
	return s
}

// Validate returns every fault of settings with their defaults written out.
func (s Settings) Validate() error {
	var faults []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	switch s.Volume.By {
	case VolumeClassA, VolumePercentile, VolumeAmount, VolumeMedian:
	default:
		fault(true, "volume cut %q: use %s, %s, %s or %s", s.Volume.By, VolumeClassA, VolumePercentile, VolumeAmount, VolumeMedian)
	}
	switch s.Margin.By {
	case MarginCompany, MarginRate, MarginPercentile, MarginMedian:
	default:
		fault(true, "margin cut %q: use %s, %s, %s or %s", s.Margin.By, MarginCompany, MarginRate, MarginPercentile, MarginMedian)
	}
	fault(!share(s.Volume.Percentile), "volume percentile %s: set it between 0 and 1", s.Volume.Percentile)
	fault(!share(s.Margin.Percentile), "margin percentile %s: set it between 0 and 1", s.Margin.Percentile)
	fault(!share(s.MinCoverage) || s.MinCoverage == 0, "minimum cost coverage %s: set it above 0 and up to 1", s.MinCoverage)
	fault(!share(s.FitWeight), "weight of strategic fit %s: set it between 0 and 1", s.FitWeight)
	return errors.Join(faults...)
}

func share(r money.Rate) bool { return r >= 0 && r <= money.OneRate }
