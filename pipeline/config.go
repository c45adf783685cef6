package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/charset"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/numeral"
	"github.com/vitalfew/vitalfew/scoring/feature"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/scoring/pareto"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
	"github.com/vitalfew/vitalfew/segment/list"
	"github.com/vitalfew/vitalfew/segment/profile"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// Config is everything a night may set. Its zero value, with Orders, is legal: every field says
// what its zero value means.
type Config struct {
	Orders   []string // files, directories, globs; at least one
	CRM      []string // account exports; none: no names, credit, parents
	Products []string // product exports; none: costs only from the orders
	Map      []layout.Assignment
	Preset   string // a built-in preset, or the path of a preset file; "": aliases only

	AsOf    civil.Day // with AsOfSet; else the day after the last order in the data
	AsOfSet bool
	Window  int    // days of the trailing window; 0: 365
	AllTime bool   // the window is all days
	Out     string // "": vitalfew-out

	Currency string // reporting currency, such as EUR; "": the one the data names
	Rates    string // path of a table currency, day, rate; "": none
	Aliases  string // path of a table alias, customer_id of ids to merge; "": none
	// Zone is the business time zone of instants; nil: the day as written. TimeZone is its name.
	Zone      *time.Location
	TimeZone  string
	Delimiter string // of text files, one character or tab; "": sniffed
	Sheet     string // of XLSX order files; "": the first that has the columns needed
	Charset   string // of text files, such as gb18030; "": by evidence
	Decimal   string // decimal mark, . or ,; "": by evidence of each column
	Thousands string // mark between thousands; "": by evidence
	Dates     string // order of day and month, dmy or mdy, or another date format; "": by evidence
	FirstYear int    // the first year that two digits can mean; 0: 1970
	// Settings say what cells mean. With a preset they start as its settings.
	Settings layout.Settings

	Pareto     pareto.Cuts
	KeyAccount keyaccount.Settings
	Credit     keyaccount.CreditCuts
	Life       lifecycle.Settings
	Tier       tier.Settings
	Hysteresis tier.Hysteresis
	Overrides  string // path of a table customer, tier, reason, until; "": none
	Lists      list.Settings
	// MixLines is up to how many order lines the orders are read a second time, for the mix of
	// fix-margin; zero: a million, below zero: never.
	MixLines   int
	Profiles   profile.Settings
	Models     Models
	CRMTargets []CRMTarget // files for CRM tools; none: none
	IgnoreFit  bool        // the CRM's strategic fit has no part in the key score

	Workers    int       // 0: the cores
	Memory     int64     // ceiling in bytes; 0: none
	MaxRejects Tolerance // zero: 0.1%
	// AmountTolerance is how many lines may differ systematically from quantity x unit_price; zero: 1%.
	AmountTolerance Tolerance
	// Duplicates says what becomes of lines that repeat others; "": a run does not look for them.
	Duplicates    Duplicates
	PublishAnyway bool
	Force         bool
	DryRun        bool
	KeepRuns      int  // published runs kept; 0: 30
	Arrow         bool // also write customers.arrow
}

// Tolerance is how many rejects a night may have: Rows, or a Share of the lines read.
type Tolerance struct {
	Set    bool
	ByRows bool
	Rows   int64
	Share  money.Rate
}

// DefaultMaxRejects returns the tolerance of a night that sets none: 0.1% of the lines.
func DefaultMaxRejects() Tolerance { return Tolerance{Set: true, Share: money.OneRate / 1000} }

// DefaultAmountTolerance returns the tolerance of amounts that differ systematically: 1% of the lines
// that state amount, quantity and unit_price. It is above what slips of hands make, and far below what a
// lost decimal mark or a tax does.
func DefaultAmountTolerance() Tolerance { return Tolerance{Set: true, Share: money.OneRate / 100} }

// ParseTolerance reads a number of rows (100) or a share (0.5%, 0.005).
func ParseTolerance(s string) (Tolerance, error) {
	bad := fmt.Errorf("%q is no tolerance: give rows (100) or a share (0.1%% or 0.001)", s)
	text, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
	if !percent && !strings.ContainsAny(text, ".eE") {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return Tolerance{}, bad
		}
		return Tolerance{Set: true, ByRows: true, Rows: n}, nil
	}
	v, ok := money.Parse([]byte(text), money.RateScale)
	if percent {
		v /= 100
	}
	if !ok || v < 0 || v > int64(money.OneRate) {
		return Tolerance{}, bad
	}
	return Tolerance{Set: true, Share: money.Rate(v)}, nil
}

// String is what ParseTolerance reads.
func (t Tolerance) String() string {
	if t.ByRows {
		return strconv.FormatInt(t.Rows, 10)
	}
	return (t.Share * 100).String() + "%"
}

// Exceeded reports whether rejects of lines are more than tolerated.
func (t Tolerance) Exceeded(rejects, lines int64) bool {
	if t.ByRows {
		return rejects > t.Rows
	}
	// Shares have eight decimals; a count of lines times 1e8 stays below 2^63 up to 92 billion lines.
	return rejects*int64(money.OneRate) > lines*int64(t.Share)
}

// OrDefault writes the defaults out.
func (c Config) OrDefault() Config {
	if c.Window == 0 && !c.AllTime {
		c.Window = 365
	}
	if c.Out == "" {
		c.Out = "vitalfew-out"
	}
	if !c.MaxRejects.Set {
		c.MaxRejects = DefaultMaxRejects()
	}
	if !c.AmountTolerance.Set {
		c.AmountTolerance = DefaultAmountTolerance()
	}
	if c.KeepRuns == 0 {
		c.KeepRuns = 30
	}
	c.Pareto = c.Pareto.OrDefault()
	c.KeyAccount = c.KeyAccount.OrDefault()
	c.Credit = c.Credit.OrDefault()
	c.CRMTargets = slices.Clone(c.CRMTargets)
	for i, t := range c.CRMTargets {
		c.CRMTargets[i] = t.orDefault()
	}
	c.Life, c.Tier, c.Lists = c.Life.OrDefault(), c.Tier.OrDefault(), c.Lists.OrDefault()
	if c.MixLines == 0 {
		c.MixLines = 1_000_000
	}
	c.Hysteresis, c.Profiles, c.Models = c.Hysteresis.OrDefault(), c.Profiles.OrDefault(), c.Models.orDefault()
	return c
}

// Validate returns every fault of a config with its defaults written out.
func (c Config) Validate() error {
	var faults []error
	add := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	if len(c.Orders) == 0 {
		add(errors.New("no orders: give --orders PATH (a file, a directory or a glob)"))
	}
	if c.Window < 0 {
		add(fmt.Errorf("window of %d days: give 1 or more days, or all", c.Window))
	}
	if c.Workers < 0 {
		add(fmt.Errorf("%d workers: give 1 or more, or 0 for the cores", c.Workers))
	}
	if c.KeepRuns < 0 {
		add(fmt.Errorf("keep_runs %d: give 1 or more", c.KeepRuns))
	}
	if c.Rates != "" && c.Currency == "" {
		add(errors.New("rates are given, but no currency to convert into: set `currency`"))
	}
	if c.TimeZone != "" && c.Zone == nil {
		add(fmt.Errorf("time_zone %q: no such zone; give a name such as Europe/Berlin", c.TimeZone))
	}
	if _, err := c.delimiter(); err != nil {
		add(err)
	}
	add(c.formats())
	add(c.Duplicates.validate())
	if _, err := c.mapping(); err != nil {
		add(err)
	}
	for _, a := range c.Map {
		add(unknownColumn(a))
	}
	add(c.Pareto.Validate())
	add(c.KeyAccount.Validate())
	add(c.Credit.Validate())
	add(c.Life.Validate())
	add(c.Tier.Validate())
	add(c.Hysteresis.Validate())
	add(c.Lists.Validate())
	add(c.Profiles.Validate())
	add(c.Models.validate())
	faults = append(faults, c.Settings.Validate()...)
	for _, t := range c.CRMTargets {
		add(t.validate())
	}
	return errors.Join(faults...)
}

// unknownColumn is the fault of an assignment that names no canonical column, or nil. It is one of
// the config, known before any file is read.
func unknownColumn(a layout.Assignment) error {
	_, err := layout.Resolve(layout.Orders, nil, layout.Mapping{Assignments: []layout.Assignment{a}})
	var unknown *layout.UnknownColumnError
	if errors.As(err, &unknown) {
		return fmt.Errorf("map: %w", unknown)
	}
	return nil
}

// formats returns the faults of the settings that say how text is written.
func (c Config) formats() error {
	var faults []error
	if c.Charset != "" {
		if _, err := charset.Parse(c.Charset); err != nil {
			faults = append(faults, err)
		}
	}
	faults = append(faults, numeral.Setting{Decimal: c.Decimal, Thousands: c.Thousands}.Validate())
	if c.Dates != "" {
		if _, err := calendar.FromSetting(c.Dates); err != nil {
			faults = append(faults, err)
		}
	}
	if c.FirstYear != 0 && (c.FirstYear < 1000 || c.FirstYear > 9900) {
		faults = append(faults, fmt.Errorf("first_year %d: give a year such as 1970", c.FirstYear))
	}
	return errors.Join(faults...)
}

func (c Config) delimiter() (byte, error) {
	switch c.Delimiter {
	case "":
		return 0, nil
	case "tab", `\t`:
		return '\t', nil
	}
	if len(c.Delimiter) == 1 && !strings.ContainsAny(c.Delimiter, "\"\r\n") && c.Delimiter[0] < 0x80 {
		return c.Delimiter[0], nil
	}
	return 0, fmt.Errorf("delimiter %q: give one ASCII character or tab", c.Delimiter)
}

// windowOn is the trailing window on an as-of day.
func (c Config) windowOn(asOf civil.Day) civil.Range {
	if c.AllTime {
		return feature.Trailing(asOf, 0)
	}
	return feature.Trailing(asOf, c.Window)
}
