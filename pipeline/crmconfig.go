package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/vitalfew/vitalfew/segment/crm"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// CRMTarget is a CRM or ad platform that the run writes files for.
type CRMTarget struct {
	crm.Settings
	Tiers []string `json:"tiers,omitempty"` // whose customers; none: all
}

func (t CRMTarget) orDefault() CRMTarget {
	t.Settings = t.Settings.OrDefault()
	return t
}

func (t CRMTarget) validate() error {
	faults := t.Settings.Validate()
	for _, name := range t.Tiers {
		known := func(k tier.Tier) bool { return k != tier.None && k.String() == name }
		if !slices.ContainsFunc(allTiers(), known) {
			faults = append(faults, fmt.Errorf("crm target %s: no tier %q: give some of core, key, general, dormant, prospect", t.Name, name))
		}
	}
	return errors.Join(faults...)
}

// crmTargetFile is the YAML form of a target.
type crmTargetFile struct {
	Format           string    `yaml:"format"`
	Object           string    `yaml:"object"`
	Operation        string    `yaml:"operation"`
	Key              words     `yaml:"key"`
	Fields           crmFields `yaml:"fields"`
	Tiers            words     `yaml:"tiers"`
	Clear            string    `yaml:"clear"`
	Left             string    `yaml:"left"`
	MaxBytes         string    `yaml:"max_bytes"`
	MaxRows          int       `yaml:"max_rows"`
	Plan             string    `yaml:"plan"`
	UniqueProperty   bool      `yaml:"unique_property"`
	CaseSensitiveKey bool      `yaml:"case_sensitive_key"`
	Delimiter        string    `yaml:"delimiter"`
	LineEnd          string    `yaml:"line_end"`
	PersonalData     bool      `yaml:"personal_data"`
	CountryCode      string    `yaml:"country_code"`
	KeepGmailDots    bool      `yaml:"keep_gmail_dots"`
}

// crmFields are the fields of a target in the order of the file.
type crmFields []crm.Field

// crmFieldFile is a field that is more than the name of a column.
type crmFieldFile struct {
	Column    string            `yaml:"column"`
	Constant  string            `yaml:"constant"`
	Type      string            `yaml:"type"`
	Values    []string          `yaml:"values"`
	Translate map[string]string `yaml:"translate"`
	Unknown   string            `yaml:"unknown"`
	Length    int               `yaml:"length"`
	Decimals  *int              `yaml:"decimals"`
	OneLine   bool              `yaml:"one_line"`
}

// UnmarshalYAML reads a column name, or a mapping.
func (f *crmFieldFile) UnmarshalYAML(b []byte) error {
	var column string
	if err := yaml.Unmarshal(b, &column); err == nil {
		*f = crmFieldFile{Column: column}
		return nil
	}
	type plain crmFieldFile
	return yaml.UnmarshalWithOptions(b, (*plain)(f), yaml.Strict())
}

// UnmarshalYAML reads FIELD: COLUMN or FIELD: {column: ..., ...}, keeping the order.
func (f *crmFields) UnmarshalYAML(b []byte) error {
	var order yaml.MapSlice
	if err := yaml.Unmarshal(b, &order); err != nil {
		return errors.New("give fields of the target and their columns, such as Tier__c: tier")
	}
	var fields map[string]crmFieldFile
	if err := yaml.Unmarshal(b, &fields); err != nil {
		return err
	}
	for _, item := range order {
		name := fmt.Sprint(item.Key)
		v := fields[name]
		*f = append(*f, crm.Field{Name: name, Column: v.Column, Constant: v.Constant, Type: v.Type, Values: v.Values,
			Translate: v.Translate, Unknown: v.Unknown, Length: v.Length, Decimals: v.Decimals, OneLine: v.OneLine})
	}
	return nil
}

func (f crmTargetFile) target(name string) (CRMTarget, error) {
	t := CRMTarget{Tiers: f.Tiers, Settings: crm.Settings{
		Name: name, Format: f.Format, Object: f.Object, Operation: f.Operation, Key: f.Key, Fields: f.Fields, Clear: f.Clear, Left: f.Left,
		MaxRows: f.MaxRows, Plan: f.Plan, UniqueProperty: f.UniqueProperty, CaseSensitiveKey: f.CaseSensitiveKey, Delimiter: f.Delimiter,
		LineEnd: f.LineEnd, PersonalData: f.PersonalData, CountryCode: strings.TrimPrefix(f.CountryCode, "+"), KeepGmailDots: f.KeepGmailDots}}
	var err error
	if f.MaxBytes != "" {
		t.MaxBytes, err = ParseSize(f.MaxBytes)
	}
	return t, err
}

// applyCRM puts the targets of a file over c, by name.
func (f *configFile) applyCRM(c *Config, note func(string, error)) {
	if len(f.CRMTargets) == 0 {
		return
	}
	c.CRMTargets = nil
	for _, name := range sortedKeys(f.CRMTargets) {
		t, err := f.CRMTargets[name].target(name)
		note("crm_targets."+name+".max_bytes", err)
		c.CRMTargets = append(c.CRMTargets, t)
	}
}
