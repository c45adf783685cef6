package layout

import (
	_ "embed"
	"errors"
	"sync"
)

//go:embed aliases.yaml
var aliasFile []byte

// aliases are the common header names by kind, folded; within a kind a name means one column.
type aliases [kinds]map[string]Column

// commonAliases reads the embedded table once; the result is read-only.
var commonAliases = sync.OnceValue(func() aliases {
	t, err := parseAliases(aliasFile)
	if err != nil {
		panic("layout: embedded aliases: " + err.Error())
	}
	return t
})

// parseAliases reads a file of the form of a preset's kinds. A name that stands for two columns of
// a kind, or repeats, is an error: it would settle nothing.
func parseAliases(b []byte) (aliases, error) {
	var t aliases
	var named [columns][]string
	d := &decoder{}
	if body := d.parse(b); body != nil {
		for _, e := range d.mapping("the table", body) {
			ok := false
			for _, k := range Kinds() {
				if k.String() == e.key {
					d.candidates(&named, k, e.value)
					ok = true
				}
			}
			if !ok {
				d.fail(e.node, "unknown kind %q: use orders, crm or products", e.key)
			}
		}
	}
	for _, k := range Kinds() {
		t[k] = map[string]Column{}
		for _, c := range k.Columns() {
			t[k][Fold(c.String())] = c
		}
		for _, c := range k.Columns() {
			for _, name := range named[c] {
				if other, taken := t[k][Fold(name)]; taken {
					d.errs = append(d.errs, &PresetError{Problem: k.String() + ": " + name + " stands for " +
						other.String() + " and for " + c.String() + ": keep one"})
					continue
				}
				t[k][Fold(name)] = c
			}
		}
	}
	return t, errors.Join(d.errs...)
}
