package layout

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

//go:embed presets/*.yaml
var presetFiles embed.FS

// Preset is a known export layout: header candidates and what the cells mean.
//
// In YAML the keys are name, description, orders, crm, products and settings. Under a kind each
// canonical column has one header or a list of them, tried in order; the first that the file has is
// taken. A column whose headers the file lacks falls to its canonical name and the aliases; an empty
// list keeps the column unmapped whatever the file has.
type Preset struct {
	Name        string
	Description string
	Settings    Settings

	candidates [columns][]string // nil: not named; empty: keep unmapped
}

// Candidates are the headers tried for a column, in order. named is false where the preset does not
// name the column.
func (p *Preset) Candidates(c Column) (headers []string, named bool) {
	return slices.Clone(p.candidates[c]), p.candidates[c] != nil
}

// Presets lists the names of the built-in presets, ascending.
func Presets() []string {
	files, err := presetFiles.ReadDir("presets")
	if err != nil {
		panic("layout: embedded presets: " + err.Error())
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), ".yaml")
	}
	slices.Sort(names)
	return names
}

// LoadPreset returns a built-in preset, or an *UnknownPresetError that lists them.
func LoadPreset(name string) (*Preset, error) {
	b, err := PresetYAML(name)
	if err != nil {
		return nil, err
	}
	return ParsePreset(b)
}

// PresetYAML is the text of a built-in preset, for a user to copy and change.
func PresetYAML(name string) ([]byte, error) {
	if !slices.Contains(Presets(), name) {
		return nil, &UnknownPresetError{Name: name, Known: Presets()}
	}
	return presetFiles.ReadFile("presets/" + name + ".yaml")
}

// ParsePreset reads a preset strictly: unknown keys, doubled keys, wrong types and values out of
// range are *PresetError faults with line and column, all joined.
func ParsePreset(b []byte) (*Preset, error) {
	d := &decoder{}
	p := &Preset{}
	if body := d.parse(b); body != nil {
		for _, e := range d.mapping("the preset", body) {
			d.section(p, e)
		}
	}
	if err := errors.Join(d.errs...); err != nil {
		return nil, err
	}
	if err := errors.Join(p.Settings.Validate()...); err != nil {
		return nil, err
	}
	return p, nil
}

func (d *decoder) section(p *Preset, e entry) {
	switch e.key {
	case "name":
		p.Name = d.text(e.key, e.value)
	case "description":
		p.Description = d.text(e.key, e.value)
	case "settings":
		d.settings(&p.Settings, e.value)
	case Orders.String(), CRM.String(), Products.String():
		for _, k := range Kinds() {
			if k.String() == e.key {
				d.candidates(&p.candidates, k, e.value)
			}
		}
	default:
		d.fail(e.node, "unknown key %q: use name, description, orders, crm, products or settings", e.key)
	}
}

// candidates reads the columns of one kind.
func (d *decoder) candidates(dst *[columns][]string, k Kind, n ast.Node) {
	for _, e := range d.mapping(k.String(), n) {
		c, ok := k.Column(e.key)
		if !ok || c.String() != e.key {
			d.fail(e.node, "%s: %v", k, unknownColumn(k.String()+"."+e.key))
			continue
		}
		words := d.words(k.String()+"."+e.key, e.value)
		for _, w := range words {
			if Fold(w) == "" {
				d.fail(e.value, "%s.%s: %q is no header: remove it", k, e.key, w)
			}
		}
		dst[c] = words
	}
}

// settings assigns the keys that are present and leaves the others as they are.
func (d *decoder) settings(s *Settings, n ast.Node) {
	for _, e := range d.mapping("settings", n) {
		switch e.key {
		case "null_values":
			s.NullValues = d.words(e.key, e.value)
		case "return_id_prefix":
			s.ReturnIDPrefix = d.words(e.key, e.value)
		case "return_status":
			s.ReturnStatus = d.words(e.key, e.value)
		case "cancelled_status":
			s.CancelledStatus = d.words(e.key, e.value)
		case "non_product_codes":
			s.NonProductCodes = d.words(e.key, e.value)
		case "float_ids":
			s.FloatIDs = d.boolean(e.key, e.value)
		case "order_per_day":
			s.OrderPerDay = d.boolean(e.key, e.value)
		case "no_header":
			s.NoHeader = d.boolean(e.key, e.value)
		case "carry_down":
			s.CarryDown = d.boolean(e.key, e.value)
		case "group_rows":
			s.GroupRows = d.boolean(e.key, e.value)
		case "order_refund":
			s.OrderRefund = d.text(e.key, e.value)
		case "order_discount":
			s.OrderDiscount = d.text(e.key, e.value)
		case "amount_from":
			s.AmountFrom = AmountFrom(d.text(e.key, e.value))
		case "tax_included":
			s.TaxIncluded, s.TaxStated = d.boolean(e.key, e.value), true
		case "id_width":
			s.IDWidth = d.number(e.key, e.value)
		case "id_fold_case":
			s.IDFoldCase = d.boolean(e.key, e.value)
		case "tax_rate":
			s.TaxRate = d.rate(e.key, e.value)
		case "category_margins":
			s.CategoryMargins = map[string]money.Rate{}
			for _, m := range d.mapping(e.key, e.value) {
				s.CategoryMargins[m.key] = d.rate(fmt.Sprintf("%s: %q", e.key, m.key), m.value)
			}
		default:
			d.fail(e.node, "settings: unknown key %q: use null_values, return_id_prefix, return_status, cancelled_status, "+
				"non_product_codes, float_ids, order_per_day, no_header, carry_down, group_rows, order_refund, order_discount, amount_from, tax_included, id_width, id_fold_case, tax_rate or category_margins", e.key)
		}
	}
}

// UnmarshalYAML reads the settings of a config file with the same strictness and the same places as
// a preset. Only keys that are present are assigned: decoded over a preset's settings they override
// them one by one.
func (s *Settings) UnmarshalYAML(n ast.Node) error {
	d := &decoder{}
	d.settings(s, n)
	return errors.Join(d.errs...)
}
