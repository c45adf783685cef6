package pipeline

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/vitalfew/vitalfew/scoring/forecast"
)

// Models say whether and how lifetime value and churn are foretold. The zero value foretells them by
// the defaults of package forecast.
type Models struct {
	Off bool
	forecast.Settings
}

// Set reads on or off.
func (m *Models) Set(s string) error {
	switch s {
	case "on":
		m.Off = false
	case "off":
		m.Off = true
	default:
		return fmt.Errorf("%q: give on or off", s)
	}
	return nil
}

// modelsFile is the YAML form: on, off, or a mapping.
type modelsFile struct {
	State       string   `yaml:"state"` // on, off
	Purchases   string   `yaml:"purchases"`
	Months      []int    `yaml:"more_months"`
	Discount    *float64 `yaml:"discount_rate"`
	Level       *float64 `yaml:"interval"`
	ChurnDays   *int     `yaml:"churn_days"`
	FadeDays    *int     `yaml:"buying_less_days"`
	FadeDrop    *float64 `yaml:"buying_less_by"`
	Sample      *int     `yaml:"sample"`
	ChurnSample *int     `yaml:"churn_sample"`
}

// UnmarshalYAML reads one word or the mapping.
func (f *modelsFile) UnmarshalYAML(read func(any) error) error {
	var word any
	if err := read(&word); err != nil {
		return err
	}
	switch v := word.(type) {
	case nil:
		return nil
	case bool: // on and off in the eyes of YAML 1.1
		f.State = map[bool]string{true: "on", false: "off"}[v]
		return nil
	case string:
		f.State = v
		return nil
	}
	type plain modelsFile
	return read((*plain)(f))
}

func (f *modelsFile) apply(m *Models, note func(string, error)) {
	if f.State != "" {
		note("models", m.Set(f.State))
	}
	set(&m.Model, forecast.Choice(f.Purchases))
	if f.Months != nil {
		m.Months = f.Months
	}
	if f.Discount != nil { // zero is a rate like any other
		m.Discount, m.NoDiscount = *f.Discount, *f.Discount == 0
	}
	note("models.interval", stated(&m.Level, f.Level))
	note("models.churn_days", stated(&m.ChurnDays, f.ChurnDays))
	note("models.buying_less_days", stated(&m.FadeDays, f.FadeDays))
	note("models.buying_less_by", stated(&m.FadeDrop, f.FadeDrop))
	note("models.sample", stated(&m.Sample, f.Sample))
	note("models.churn_sample", stated(&m.ChurnSample, f.ChurnSample))
}

// orDefault writes the defaults out.
func (m Models) orDefault() Models {
	m.Settings = m.Settings.OrDefault()
	return m
}

// validate names every fault under the key of the block.
func (m Models) validate() error {
	err := m.Settings.Validate()
	if err == nil {
		return nil
	}
	return errors.New("models: " + strings.ReplaceAll(err.Error(), "\n", "\nmodels: "))
}

// recipe writes the settings out; those of models that are off change nothing.
func (m Models) recipe() map[string]string {
	if m.Off {
		return map[string]string{"state": "off"}
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	return map[string]string{
		"state": "on", "purchases": string(m.Model), "more_months": strings.Trim(fmt.Sprint(m.Months), "[]"),
		"discount_rate": number(m.Discount), "interval": number(m.Level), "churn_days": strconv.Itoa(m.ChurnDays),
		"buying_less_days": strconv.Itoa(m.FadeDays), "buying_less_by": number(m.FadeDrop),
		"sample": strconv.Itoa(m.Sample), "churn_sample": strconv.Itoa(m.ChurnSample),
	}
}
