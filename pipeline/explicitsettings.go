package pipeline

import (
	"fmt"
	"strings"
)

// setting is a key of settings that holds one value, with the preset's own: a config says false or 0 only
// where the preset says otherwise.
type setting struct{ key, value, preset string }

// settings writes what cells mean, and the layout that the samples showed.
func (e *explicit) settings() {
	orders, continued := 0, 0
	for _, f := range e.files {
		if f.Orders != nil {
			orders++
			if f.Orders.Continued {
				continued++
			}
		}
	}
	s := e.cfg.Settings
	s.CarryDown = s.CarryDown || orders > 0 && continued == orders
	have, preset := recipeOf(s), e.presetSettings()
	at := e.Len()
	e.line("settings:")
	begun := e.Len()
	for _, l := range []struct {
		key   string
		words []string
	}{{"null_values", have.NullValues}, {"return_id_prefix", have.ReturnIDPrefix}, {"return_status", have.ReturnStatus},
		{"cancelled_status", have.CancelledStatus}, {"non_product_codes", have.NonProductCodes}} {
		if l.words != nil {
			e.line("  %s: [%s]", l.key, quoted(l.words))
		}
	}
	for _, v := range scalars(have, preset) {
		if v.value != v.preset || v.value != blank(v.value) {
			e.line("  %s: %s", v.key, v.value)
		}
	}
	if continued > 0 && continued < orders && !s.CarryDown {
		e.line("  # carry_down: in %d of %d files", continued, orders)
	}
	e.margins(have.CategoryMargins, preset.CategoryMargins)
	if e.Len() == begun {
		e.Truncate(at)
	}
}

// scalars are the settings of one value as YAML.
func scalars(have, preset settingsRecipe) []setting {
	yes := func(b bool) string { return fmt.Sprint(b) }
	number := func(s string) string {
		if s == "" {
			return "0"
		}
		return s
	}
	stated := yes(preset.TaxIncluded)
	if have.TaxStated && !preset.TaxStated {
		stated = "" // whatever it says, it is said
	}
	return []setting{
		{"float_ids", yes(have.FloatIDs), yes(preset.FloatIDs)},
		{"order_per_day", yes(have.OrderPerDay), yes(preset.OrderPerDay)},
		{"no_header", yes(have.NoHeader), yes(preset.NoHeader)},
		{"id_fold_case", yes(have.IDFoldCase), yes(preset.IDFoldCase)},
		{"carry_down", yes(have.CarryDown), yes(preset.CarryDown)},
		{"group_rows", yes(have.GroupRows), yes(preset.GroupRows)},
		{"tax_included", yes(have.TaxIncluded), stated},
		{"order_refund", fmt.Sprintf("%q", have.OrderRefund), fmt.Sprintf("%q", preset.OrderRefund)},
		{"order_discount", fmt.Sprintf("%q", have.OrderDiscount), fmt.Sprintf("%q", preset.OrderDiscount)},
		{"amount_from", fmt.Sprintf("%q", have.AmountFrom), fmt.Sprintf("%q", preset.AmountFrom)},
		{"id_width", fmt.Sprint(have.IDWidth), fmt.Sprint(preset.IDWidth)},
		{"tax_rate", number(have.TaxRate), number(preset.TaxRate)},
	}
}

// blank is what a setting of this value's type says by default.
func blank(value string) string {
	switch {
	case value == "true":
		return "false"
	case strings.HasPrefix(value, `"`):
		return `""`
	case value == "false":
		return value
	}
	return "0"
}

func (e *explicit) margins(have, preset map[string]string) {
	if len(have) == 0 && len(preset) == 0 {
		return
	}
	if len(have) == 0 {
		e.line("  category_margins: {}")
		return
	}
	e.line("  category_margins:")
	for _, name := range sortedKeys(have) {
		e.line("    %q: %s", name, have[name])
	}
}

// presetSettings are the preset's own, which the config's start as.
func (e *explicit) presetSettings() settingsRecipe {
	p, err := loadPreset(e.cfg.Preset)
	if p == nil || err != nil { // it was loaded before
		return settingsRecipe{}
	}
	return recipeOf(p.Settings)
}

func quoted(words []string) string {
	var out []string
	for _, w := range words {
		out = append(out, fmt.Sprintf("%q", w))
	}
	return strings.Join(out, ", ")
}
