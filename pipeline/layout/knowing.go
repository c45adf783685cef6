package layout

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Knowing lists the built-in presets that find all a file of the kind needs in a header by its names.
func Knowing(k Kind, headers []string) []string {
	var out []string
	for _, name := range Presets() {
		p, err := LoadPreset(name)
		if err != nil {
			panic("layout: embedded presets: " + err.Error())
		}
		r := newResolver(k, headers)
		r.preset(p)
		r.names()
		if all := r.result(); len(r.errs) == 0 && !slices.ContainsFunc(k.Needs(p.Settings), func(n Need) bool { return !r.met(n) }) && all.byName(p) {
			out = append(out, name)
		}
	}
	return out
}

// byName says that the preset names all columns that it found; one that stands at a place is in any file.
func (r *Resolved) byName(p *Preset) bool {
	for _, m := range r.Matches {
		for _, h := range p.candidates[m.Column] {
			if strings.HasPrefix(h, "#") && Fold(h) != Fold(m.Header) {
				return false
			}
		}
	}
	return true
}

// Advised is a fault of Resolve with the presets that would read the header, where none was given.
func Advised(err error, k Kind, headers []string, m Mapping) error {
	var missing *MissingError
	if m.Preset != nil || !errors.As(err, &missing) {
		return err
	}
	known := Knowing(k, headers)
	if len(known) == 0 {
		return err
	}
	return fmt.Errorf("%s: the header is that of a known system: add --preset %s; without it: %w", k, strings.Join(known, " or --preset "), err)
}
