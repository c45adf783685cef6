package pipeline

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
)

// SetWindow reads a window: a number of days, or all.
func (c *Config) SetWindow(s string) error {
	if s == "all" {
		c.Window, c.AllTime = 0, true
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > math.MaxInt32 {
		return fmt.Errorf("%q: give a number of days, or all", s)
	}
	c.Window, c.AllTime = n, false
	return nil
}

// WindowText is what SetWindow reads.
func (c Config) WindowText() string {
	if c.AllTime {
		return "all"
	}
	return strconv.Itoa(c.Window)
}

// ParseSize reads a size in bytes: 1073741824, 512MiB, 2GiB, 1.5GB.
func ParseSize(s string) (int64, error) {
	units := []struct {
		name string
		size float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}}
	text, unit := strings.TrimSpace(s), 1.0
	for _, u := range units {
		if rest, ok := strings.CutSuffix(text, u.name); ok {
			text, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v > 0) || v*unit > math.MaxInt64/2 {
		return 0, fmt.Errorf("%q is no size: write 2GiB, 512MiB or a number of bytes", s)
	}
	return int64(v * unit), nil
}

// setVolume reads the cut on volume: class-a, median, percentile 0.8, amount 50000.
func setVolume(c *keyaccount.VolumeCut, s string) error {
	by, value, _ := strings.Cut(strings.TrimSpace(s), " ")
	bad := fmt.Errorf("%q: write class-a, median, percentile 0.8 or amount 50000", s)
	switch v := keyaccount.VolumeBy(by); v {
	case "":
		return nil
	case keyaccount.VolumeClassA, keyaccount.VolumeMedian:
		*c = keyaccount.VolumeCut{By: v}
		if value != "" {
			return bad
		}
	case keyaccount.VolumePercentile:
		p, err := parseRate(value)
		*c = keyaccount.VolumeCut{By: v, Percentile: p}
		return err
	case keyaccount.VolumeAmount:
		a, ok := money.Parse([]byte(value), money.AmountScale)
		*c = keyaccount.VolumeCut{By: v, Amount: money.Amount(a)}
		if !ok {
			return bad
		}
	default:
		return bad
	}
	return nil
}

// setMargin reads the cut on margin: company, median, percentile 0.5, rate 0.12.
func setMargin(c *keyaccount.MarginCut, s string) error {
	by, value, _ := strings.Cut(strings.TrimSpace(s), " ")
	bad := fmt.Errorf("%q: write company, median, percentile 0.5 or rate 0.12", s)
	cut := keyaccount.MarginCut{By: keyaccount.MarginBy(by), Raw: c.Raw}
	var err error
	switch cut.By {
	case "":
		return nil
	case keyaccount.MarginCompany, keyaccount.MarginMedian:
		if value != "" {
			err = bad
		}
	case keyaccount.MarginPercentile:
		cut.Percentile, err = parseRate(value)
	case keyaccount.MarginRate:
		cut.Rate, err = parseRate(value)
	default:
		err = bad
	}
	*c = cut
	return err
}

// mapping is what decides the columns of every input.
func (c Config) mapping() (layout.Mapping, error) {
	p, err := loadPreset(c.Preset)
	if err != nil {
		return layout.Mapping{}, err
	}
	return layout.Mapping{Assignments: c.Map, Preset: p, Settings: c.Settings}, nil
}
