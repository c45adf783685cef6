package pipeline

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// explicit writes a config, a key a line.
type explicit struct {
	bytes.Buffer
	files []Inspection
	cfg   Config
}

// ExplicitConfig is a YAML config with which a run reads the inspected files as it would without, every
// decision written out. A key holds for all files: where they differ it is left to the evidence of each,
// and a comment says so.
func ExplicitConfig(files []Inspection, c Config) []byte {
	e := &explicit{files: files, cfg: c}
	e.line("# Written by `vitalfew inspect --write-config`: how these files were understood. A key in a comment is")
	e.line("# decided by the evidence of each file, for they or their columns differ in it. Settings that do not say")
	e.line("# how files are read, such as those of tiers and lists, are not here.")
	for _, k := range layout.Kinds() {
		e.paths(k)
	}
	for _, w := range []struct{ key, value string }{{"aliases", c.Aliases}, {"rates", c.Rates}, {"currency", c.Currency},
		{"time_zone", c.TimeZone}, {"preset", c.Preset}, {"duplicates", string(c.Duplicates)}} {
		e.word(w.key, w.value)
	}
	e.tolerances()
	e.columns()
	e.syntax()
	e.numbers()
	e.days()
	e.settings()
	return e.Bytes()
}

func (e *explicit) line(format string, args ...any) { fmt.Fprintf(e, format+"\n", args...) }

// word writes a key that has a value. Go's quoting is YAML's.
func (e *explicit) word(key, value string) {
	if value != "" {
		e.line("%s: %q", key, value)
	}
}

// tolerances writes those that a config sets.
func (e *explicit) tolerances() {
	for _, t := range []struct {
		key   string
		value Tolerance
	}{{"max_rejects", e.cfg.MaxRejects}, {"amount_tolerance", e.cfg.AmountTolerance}} {
		if t.value.Set {
			e.word(t.key, t.value.String())
		}
	}
}

// paths writes the files of a kind: as they were named, where all that a name stands for are of it.
func (e *explicit) paths(k layout.Kind) {
	mixed := map[string]bool{}
	for _, f := range e.files {
		mixed[f.pattern] = mixed[f.pattern] || f.Kind != k
	}
	var paths []string
	for _, f := range e.files {
		path := f.pattern
		if mixed[path] {
			path = f.Path
		}
		if f.Kind == k && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	if paths == nil {
		return
	}
	e.line("%s:", k)
	for _, p := range paths {
		e.line("  - %q", p)
	}
}

// agreed is the value that all files have, and whether they agree. Files that have no say give "".
func agreed(files []Inspection, of func(Inspection) string) (value string, same bool) {
	same = true
	for _, f := range files {
		v := of(f)
		switch {
		case v == "" || v == value:
		case value == "":
			value = v
		default:
			same = false
		}
	}
	return value, same
}

// decide writes a key on which the files agree, else the comment.
func (e *explicit) decide(key, given string, of func(Inspection) string) {
	if given != "" {
		e.word(key, given)
		return
	}
	value, same := agreed(e.files, of)
	switch {
	case !same || value == unfit:
		e.line("# %s: by the evidence of each file", key)
	default:
		e.word(key, value)
	}
}

// unfit is what a file says of a key that cannot say how it is read: it agrees with no other, nor itself.
const unfit = "\x00"
