package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// columns writes the mapping of each kind.
func (e *explicit) columns() {
	e.line("map:")
	for _, k := range layout.Kinds() {
		for _, c := range k.Columns() {
			e.column(k, c)
		}
	}
}

func (e *explicit) column(k layout.Kind, c layout.Column) {
	header, rule, files, all := "", "", 0, 0
	same := true
	for _, f := range e.files {
		if f.Kind != k {
			continue
		}
		all++
		for _, m := range f.Resolved.Matches {
			if m.Column != c {
				continue
			}
			h := e.headerOf(f, m)
			same = same && (files == 0 || h == header)
			header, rule = h, m.Rule.String()
			files++
		}
	}
	switch {
	case files == 0:
	case !same:
		e.line("  # %s.%s: the files name it differently, such as %q", k, c, header)
	case files < all:
		e.line("  # %s.%s: %q, in %d of %d files", k, c, header, files, all)
	default:
		e.line("  %s.%s: %q # %s", k, c, header, rule)
	}
}

// headerOf is what to assign to: the header, or its place where it is blank, not alone, no text, or no header.
func (e *explicit) headerOf(f Inspection, m layout.Match) string {
	alike := 0
	for _, h := range f.Resolved.Headers {
		if layout.Fold(h) == layout.Fold(m.Header) {
			alike++
		}
	}
	byPlace := slices.ContainsFunc(e.cfg.Map, func(a layout.Assignment) bool {
		name := a.Name[strings.LastIndexByte(a.Name, '.')+1:]
		return strings.HasPrefix(a.Header, "#") && a.Header != m.Header && layout.Fold(name) == layout.Fold(m.Column.String())
	})
	if alike != 1 || byPlace || strings.TrimSpace(m.Header) == "" || !utf8.ValidString(m.Header) {
		return fmt.Sprintf("#%d", m.Index+1)
	}
	return m.Header
}
