package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
)

// configFile is the YAML form of Config. Every key is optional; flags override it.
type configFile struct {
	Orders          words                    `yaml:"orders"`
	CRM             words                    `yaml:"crm"`
	Products        words                    `yaml:"products"`
	Map             map[string]string        `yaml:"map"`
	Preset          string                   `yaml:"preset"`
	AsOf            string                   `yaml:"as_of"`
	Window          string                   `yaml:"window"`
	Out             string                   `yaml:"out"`
	Currency        string                   `yaml:"currency"`
	Rates           string                   `yaml:"rates"`
	Aliases         string                   `yaml:"aliases"`
	Overrides       string                   `yaml:"overrides"`
	TimeZone        string                   `yaml:"time_zone"`
	Delimiter       string                   `yaml:"delimiter"`
	Charset         string                   `yaml:"charset"`
	Sheet           string                   `yaml:"sheet"`
	Decimal         string                   `yaml:"decimal"`
	Thousands       string                   `yaml:"thousands"`
	Dates           string                   `yaml:"dates"`
	FirstYear       int                      `yaml:"first_year"`
	Settings        *layout.Settings         `yaml:"settings"`
	Pareto          paretoFile               `yaml:"pareto"`
	KeyAccount      keyAccountFile           `yaml:"key_account"`
	Credit          creditFile               `yaml:"credit"`
	Life            lifeFile                 `yaml:"life_stage"`
	Tier            tierFile                 `yaml:"tier"`
	Lists           listsFile                `yaml:"lists"`
	Profiles        profilesFile             `yaml:"profiles"`
	Models          modelsFile               `yaml:"models"`
	CRMTargets      map[string]crmTargetFile `yaml:"crm_targets"`
	Workers         int                      `yaml:"workers"`
	Memory          string                   `yaml:"memory"`
	MaxRejects      string                   `yaml:"max_rejects"`
	AmountTolerance string                   `yaml:"amount_tolerance"`
	Duplicates      string                   `yaml:"duplicates"`
	PublishAnyway   bool                     `yaml:"publish_anyway"`
	KeepRuns        *int                     `yaml:"keep_runs"`
	Arrow           bool                     `yaml:"arrow"`
}

type paretoFile struct {
	A *rate `yaml:"a"`
	B *rate `yaml:"b"`
}

type keyAccountFile struct {
	Volume          string `yaml:"volume"` // class-a, median, percentile 0.8, amount 50000
	Margin          string `yaml:"margin"` // company, median, percentile 0.5, rate 0.12
	RawMargin       bool   `yaml:"raw_margin"`
	MinCostCoverage *rate  `yaml:"min_cost_coverage"`
	FitWeight       *rate  `yaml:"fit_weight"`
}

type creditFile struct {
	WatchOverdue     *rate    `yaml:"watch_overdue"`
	BlockOverdue     *rate    `yaml:"block_overdue"`
	WatchOverdueDays *int     `yaml:"watch_overdue_days"`
	BlockOverdueDays *int     `yaml:"block_overdue_days"`
	WatchDSO         *float64 `yaml:"watch_days_sales_outstanding"`
	BlockDSO         *float64 `yaml:"block_days_sales_outstanding"`
	WatchLimitUse    *rate    `yaml:"watch_limit_use"`
	BlockLimitUse    *rate    `yaml:"block_limit_use"`
}

type lifeFile struct {
	LoyalPurchases    *int32   `yaml:"loyal_purchases"`
	LoyalQuarters     *int32   `yaml:"loyal_quarters"`
	LoyalOverdue      *float64 `yaml:"loyal_overdue"`
	LapsedOverdue     *float64 `yaml:"lapsed_overdue"`
	LapsedAlive       *float64 `yaml:"lapsed_alive"`
	PartnerTenureDays *int32   `yaml:"partner_tenure_days"`
	PartnerBreadth    *int32   `yaml:"partner_breadth"`
}

type tierFile struct {
	CoreShare       *rate  `yaml:"core_share"`
	NeedKnownCredit bool   `yaml:"need_known_credit"`
	Keep            *rate  `yaml:"keep"`
	Wait            *int32 `yaml:"wait"`
}

type listsFile struct {
	Rise         *rate    `yaml:"rise"`
	NeedPrevious bool     `yaml:"need_previous"`
	HighFit      *float64 `yaml:"high_fit"`
	MixLines     *int     `yaml:"mix_lines"`
}

type profilesFile struct {
	MinCustomers *int  `yaml:"min_customers"`
	FalseAlarm   *rate `yaml:"false_alarm"`
	Lift         *rate `yaml:"lift"`
	Values       *int  `yaml:"values"`
}

// words is a list, or one word for a list of one.
type words []string

// UnmarshalYAML reads a word or a list of words.
func (w *words) UnmarshalYAML(b []byte) error {
	var one string
	if err := yaml.Unmarshal(b, &one); err == nil {
		*w = words{one}
		return nil
	}
	var many []string
	if err := yaml.Unmarshal(b, &many); err != nil {
		return errors.New("give a path or a list of paths")
	}
	*w = many
	return nil
}

// rate is a share, 0.8 or 80%.
type rate money.Rate

// UnmarshalYAML reads the digits as they are written, so that no float rounds them.
func (r *rate) UnmarshalYAML(b []byte) error {
	v, err := parseRate(strings.Trim(string(bytes.TrimSpace(b)), `"'`))
	*r = rate(v)
	return err
}

func parseRate(s string) (money.Rate, error) {
	text, percent := strings.CutSuffix(s, "%")
	v, ok := money.Parse([]byte(text), money.RateScale)
	if !ok {
		return 0, fmt.Errorf("%q is no share: write 0.8 or 80%%", s)
	}
	if percent {
		v /= 100
	}
	return money.Rate(v), nil
}

// ParseConfig reads a config file over base. Its error lists every fault with its line.
func ParseConfig(name string, text []byte, base Config) (c Config, err error) {
	defer func() {
		if p := recover(); p != nil { // the YAML library panics on some malformed input
			err = fmt.Errorf("%s: not readable as YAML: %v", name, p)
		}
	}()
	c = base
	if len(bytes.TrimSpace(text)) == 0 {
		return c, nil
	}
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return c, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	var faults []error
	for _, doc := range tree.Docs {
		faults = append(faults, unknownKeys(name, "", doc.Body, reflect.TypeOf(configFile{}))...)
	}
	var f configFile
	// A preset's settings are the base that the file's settings override key by key.
	if preset := presetNamed(text); c.Preset == "" && preset != "" {
		if err := c.UsePreset(preset); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
		}
	}
	f.Settings = &c.Settings
	if err := yaml.Unmarshal(text, &f); err != nil {
		faults = append(faults, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false))))
	}
	if f.Settings != nil { // the library decodes over a copy of what the pointer held
		c.Settings = *f.Settings
	}
	for _, err := range f.apply(&c) {
		faults = append(faults, fmt.Errorf("%s: %w", name, err))
	}
	return c, errors.Join(faults...)
}

func presetNamed(text []byte) string {
	var f struct {
		Preset string `yaml:"preset"`
	}
	if err := yaml.Unmarshal(text, &f); err != nil {
		return "" // the full decode reports it
	}
	return f.Preset
}

// UsePreset names the preset and takes its settings over.
func (c *Config) UsePreset(name string) error {
	p, err := loadPreset(name)
	if err != nil {
		return err
	}
	c.Preset, c.Settings = name, p.Settings
	return nil
}

// unknownKeys lists the keys of a mapping that the type does not have, below it too.
func unknownKeys(file, path string, n ast.Node, t reflect.Type) (faults []error) {
	for _, v := range entries(n) {
		key := v.Key.GetToken().Value
		field, ok := fieldOf(t, key)
		if !ok {
			faults = append(faults, fmt.Errorf("%s, line %d: unknown key %q; the keys here are %s",
				file, v.Key.GetToken().Position.Line, path+key, strings.Join(keysOf(t), ", ")))
			continue
		}
		if field.Type.Kind() == reflect.Struct {
			faults = append(faults, unknownKeys(file, path+key+".", v.Value, field.Type)...)
		}
		if field.Type.Kind() == reflect.Map && field.Type.Elem().Kind() == reflect.Struct {
			for _, entry := range entries(v.Value) {
				faults = append(faults, unknownKeys(file, path+key+"."+entry.Key.GetToken().Value+".", entry.Value, field.Type.Elem())...)
			}
		}
	}
	return faults
}

// entries are the keys and values of a mapping.
func entries(n ast.Node) []*ast.MappingValueNode {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}
	}
	return nil
}

func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("yaml") == key {
			return t.Field(i), true
		}
	}
	return reflect.StructField{}, false
}

func keysOf(t reflect.Type) (keys []string) {
	for i := range t.NumField() {
		keys = append(keys, t.Field(i).Tag.Get("yaml"))
	}
	return keys
}

// apply puts what the file sets over c and returns every value that is not legal.
func (f *configFile) apply(c *Config) (faults []error) {
	note := func(key string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", key, err))
		}
	}
	c.Orders, c.CRM, c.Products = orElse(f.Orders, c.Orders), orElse(f.CRM, c.CRM), orElse(f.Products, c.Products)
	for _, name := range sortedKeys(f.Map) {
		c.Map = append(c.Map, layout.Assignment{Name: name, Header: f.Map[name]})
	}
	set(&c.Out, f.Out)
	set(&c.Currency, f.Currency)
	set(&c.Rates, f.Rates)
	set(&c.Aliases, f.Aliases)
	set(&c.Overrides, f.Overrides)
	set(&c.TimeZone, f.TimeZone)
	set(&c.Delimiter, f.Delimiter)
	set(&c.Charset, f.Charset)
	set(&c.Sheet, f.Sheet)
	set(&c.Decimal, f.Decimal)
	set(&c.Thousands, f.Thousands)
	set(&c.Dates, f.Dates)
	set(&c.Duplicates, Duplicates(f.Duplicates))
	set(&c.FirstYear, f.FirstYear)
	set(&c.Workers, f.Workers)
	note("keep_runs", stated(&c.KeepRuns, f.KeepRuns))
	c.PublishAnyway = c.PublishAnyway || f.PublishAnyway
	c.Arrow = c.Arrow || f.Arrow
	if f.AsOf != "" {
		note("as_of", c.SetAsOf(f.AsOf))
	}
	if f.Window != "" {
		note("window", c.SetWindow(f.Window))
	}
	if f.MaxRejects != "" {
		var err error
		c.MaxRejects, err = ParseTolerance(f.MaxRejects)
		note("max_rejects", err)
	}
	if f.AmountTolerance != "" {
		var err error
		c.AmountTolerance, err = ParseTolerance(f.AmountTolerance)
		note("amount_tolerance", err)
	}
	if f.Memory != "" {
		var err error
		c.Memory, err = ParseSize(f.Memory)
		note("memory", err)
	}
	if f.Pareto != (paretoFile{}) {
		c.Pareto = c.Pareto.OrDefault()
	}
	note("pareto.a", statedRate(&c.Pareto.A, f.Pareto.A))
	note("pareto.b", statedRate(&c.Pareto.B, f.Pareto.B))
	note("key_account.volume", setVolume(&c.KeyAccount.Volume, f.KeyAccount.Volume))
	note("key_account.margin", setMargin(&c.KeyAccount.Margin, f.KeyAccount.Margin))
	c.KeyAccount.Margin.Raw = c.KeyAccount.Margin.Raw || f.KeyAccount.RawMargin
	note("key_account.min_cost_coverage", statedRate(&c.KeyAccount.MinCoverage, f.KeyAccount.MinCostCoverage))
	if w := f.KeyAccount.FitWeight; w != nil && *w == 0 {
		c.IgnoreFit = true // the way to say that the rating has no part in the score
	} else {
		note("key_account.fit_weight", statedRate(&c.KeyAccount.FitWeight, w))
	}
	f.Credit.apply(&c.Credit)
	f.applySegments(c, note)
	f.applyCRM(c, note)
	f.Models.apply(&c.Models, note)
	return faults
}

func (f *configFile) applySegments(c *Config, note func(string, error)) {
	note("life_stage.loyal_purchases", stated(&c.Life.LoyalPurchases, f.Life.LoyalPurchases))
	note("life_stage.loyal_quarters", stated(&c.Life.LoyalQuarters, f.Life.LoyalQuarters))
	note("life_stage.loyal_overdue", stated(&c.Life.LoyalOverdue, f.Life.LoyalOverdue))
	note("life_stage.lapsed_overdue", stated(&c.Life.LapsedOverdue, f.Life.LapsedOverdue))
	note("life_stage.lapsed_alive", stated(&c.Life.LapsedAlive, f.Life.LapsedAlive))
	note("life_stage.partner_tenure_days", stated(&c.Life.PartnerTenureDays, f.Life.PartnerTenureDays))
	note("life_stage.partner_breadth", stated(&c.Life.PartnerBreadth, f.Life.PartnerBreadth))
	note("tier.core_share", statedRate(&c.Tier.CoreShare, f.Tier.CoreShare))
	note("tier.keep", statedRate(&c.Hysteresis.Keep, f.Tier.Keep))
	note("tier.wait", stated(&c.Hysteresis.Wait, f.Tier.Wait))
	c.Tier.NeedKnownCredit = c.Tier.NeedKnownCredit || f.Tier.NeedKnownCredit
	note("lists.rise", statedRate(&c.Lists.Rise, f.Lists.Rise))
	c.Lists.NeedPrevious = c.Lists.NeedPrevious || f.Lists.NeedPrevious
	note("lists.high_fit", stated(&c.Lists.HighFit, f.Lists.HighFit))
	if n := f.Lists.MixLines; n != nil && *n == 0 {
		c.MixLines = -1 // the way to say never
	} else if n != nil && *n < 0 {
		note("lists.mix_lines", fmt.Errorf("%d lines: give 0 for never, or more", *n))
	} else if n != nil {
		c.MixLines = *n
	}
	note("profiles.min_customers", stated(&c.Profiles.MinCustomers, f.Profiles.MinCustomers))
	note("profiles.false_alarm", statedRate(&c.Profiles.FalseAlarm, f.Profiles.FalseAlarm))
	note("profiles.lift", statedRate(&c.Profiles.Lift, f.Profiles.Lift))
	note("profiles.values", stated(&c.Profiles.Values, f.Profiles.Values))
}

// stated puts a stated value over dst. Zero stands for the default in the settings of the packages,
// so a stated zero is a fault and not a default in disguise.
func stated[T int | int32 | float64](dst, v *T) error {
	if v == nil {
		return nil
	}
	if *v == 0 {
		return errors.New("0 is not legal: give a value above 0, or leave the key out for the default")
	}
	*dst = *v
	return nil
}

func statedRate(dst *money.Rate, v *rate) error {
	if v == nil {
		return nil
	}
	if *v == 0 {
		return errors.New("0 is not legal: give a share above 0, or leave the key out for the default")
	}
	*dst = money.Rate(*v)
	return nil
}

func (f creditFile) apply(c *keyaccount.CreditCuts) {
	if f == (creditFile{}) {
		return
	}
	*c = c.OrDefault()
	for _, p := range []struct {
		from *rate
		to   *money.Rate
	}{{f.WatchOverdue, &c.WatchOverdue}, {f.BlockOverdue, &c.BlockOverdue}, {f.WatchLimitUse, &c.WatchLimitUse}, {f.BlockLimitUse, &c.BlockLimitUse}} {
		if p.from != nil {
			*p.to = money.Rate(*p.from)
		}
	}
	setTo(&c.WatchOverdueDays, f.WatchOverdueDays)
	setTo(&c.BlockOverdueDays, f.BlockOverdueDays)
	setTo(&c.WatchDSO, f.WatchDSO)
	setTo(&c.BlockDSO, f.BlockDSO)
}

// set puts v over *dst unless it is zero.
func set[T comparable](dst *T, v T) {
	var zero T
	if v != zero {
		*dst = v
	}
}

func setTo[T any](dst, v *T) {
	if v != nil {
		*dst = *v
	}
}

func orElse(w words, have []string) []string {
	if w != nil {
		return w
	}
	return have
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// SetAsOf reads an as-of day, YYYY-MM-DD.
func (c *Config) SetAsOf(s string) error {
	d, err := civil.Parse(strings.TrimSpace(s))
	if err != nil {
		return err
	}
	c.AsOf, c.AsOfSet = d, true
	return nil
}
