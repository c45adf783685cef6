package pipeline

import (
	"fmt"
	"io"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// rejectText is a reject on one line.
func rejectText(r ingest.Reject) string {
	place := fmt.Sprintf("%s, line %d", r.File, r.Line)
	switch {
	case r.Column == "":
		return place + ": " + r.Reason
	case r.Value == "":
		return fmt.Sprintf("%s, %s: %s", place, r.Column, r.Reason)
	}
	return fmt.Sprintf("%s, %s %q: %s", place, r.Column, r.Value, r.Reason)
}

// shownRejects is how many rejects a validation prints.
const shownRejects = 20

// WriteValidation prints how each file was understood, the reconciliation and the first rejects.
func (o *Outcome) WriteValidation(w io.Writer) error {
	p := &printer{w: w}
	p.head("Understood")
	shown := map[string]bool{}
	for _, u := range o.Manifest.Understood {
		var columns []string
		for _, c := range layout.Orders.Columns() {
			if header, ok := u.Columns[c.String()]; ok {
				columns = append(columns, c.String()+"="+header)
			}
		}
		text := u.Dialect + ": " + strings.Join(columns, ", ")
		if u.Charset != "" {
			text = u.Charset + ", " + text
		}
		for _, c := range sortedKeys(u.Formats) {
			text += "; " + c + ": " + u.Formats[c]
		}
		if len(u.Unmapped) > 0 {
			text += "; not used: " + strings.Join(u.Unmapped, ", ")
		}
		if !shown[text] { // hundreds of daily files look alike: each understanding once
			shown[text] = true
			p.line("  %s", u.Path)
			p.line("    %s", text)
		}
	}
	p.books(o.Manifest.Reconciliation, o.Manifest.Currency)
	if n := len(o.Rejects); n > 0 {
		p.head("Rejects: %d, the first of them", n)
		for _, r := range o.Rejects[:min(n, shownRejects)] {
			p.line("  %s", rejectText(r))
		}
	}
	for _, w := range o.Manifest.Warnings {
		p.line("warning: %s", w)
	}
	for _, err := range o.Warnings {
		p.line("warning: %v", err)
	}
	return p.err
}
