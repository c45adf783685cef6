package pipeline

import (
	"encoding/json"
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

// WriteValidation prints how each file was understood, the reconciliation, the quality of the data and the
// first rejects.
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
	if o.Quality != nil {
		p.quality(o.Quality)
	}
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

// validation is WriteValidation for machines.
type validation struct {
	Understood     []Understood    `json:"understood"`
	Currency       string          `json:"currency,omitempty"`
	Reconciliation *Reconciliation `json:"reconciliation"`
	Quality        *DataQuality    `json:"quality"`
	Rejects        int             `json:"rejects"`
	First          []rejectLine    `json:"first_rejects,omitempty"`
	Warnings       []string        `json:"warnings,omitempty"`
}

type rejectLine struct {
	File   string `json:"file"`
	Line   int64  `json:"line"`
	Column string `json:"column,omitempty"`
	Value  string `json:"value,omitempty"`
	Reason string `json:"reason"`
}

// WriteValidationJSON writes what WriteValidation prints as one JSON object.
func (o *Outcome) WriteValidationJSON(w io.Writer) error {
	m := o.Manifest
	v := validation{Understood: m.Understood, Currency: m.Currency, Reconciliation: m.Reconciliation, Quality: o.Quality, Rejects: len(o.Rejects), Warnings: m.Warnings}
	for _, err := range o.Warnings {
		v.Warnings = append(v.Warnings, err.Error())
	}
	for _, r := range o.Rejects[:min(len(o.Rejects), shownRejects)] {
		v.First = append(v.First, rejectLine{r.File, r.Line, r.Column, r.Value, r.Reason})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
