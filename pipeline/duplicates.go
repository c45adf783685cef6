package pipeline

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
)

// Duplicates says what becomes of lines that repeat others in all mapped columns. "" is DuplicatesKeep in
// Reconcile; in Run nobody looks for them, because that costs time and memory.
type Duplicates string

// What can become of them. The same order in several files is reported with all of them, and refused
// with the last; its lines are set aside only where they repeat others.
const (
	DuplicatesKeep     Duplicates = "keep"      // they count, and are reported
	DuplicatesSetAside Duplicates = "set_aside" // all but the first of them are in no figure
	DuplicatesRefuse   Duplicates = "refuse"    // nothing is published
)

func (d Duplicates) validate() error {
	switch d {
	case "", DuplicatesKeep, DuplicatesSetAside, DuplicatesRefuse:
		return nil
	}
	return fmt.Errorf("duplicates: %q: write keep, set_aside or refuse", string(d))
}

func (d Duplicates) repeats(look bool) ingest.Repeats {
	switch {
	case d == DuplicatesSetAside:
		return ingest.SetAside
	case d != "" || look:
		return ingest.Counted
	}
	return ingest.Unasked
}

// fault is the refusal of what was found.
func (d Duplicates) fault(found *ingest.Duplicates) error {
	if d != DuplicatesRefuse || found == nil || found.Lines == 0 && found.Orders == 0 {
		return nil
	}
	text := ""
	for _, x := range found.LineSample {
		text += fmt.Sprintf("; %s, line %d repeats %s, line %d", x.File, x.Line, x.First, x.FirstLine)
	}
	for _, x := range found.OrderSample {
		text += fmt.Sprintf("; the order of %s, line %d is in %s, line %d", x.File, x.Line, x.First, x.FirstLine)
	}
	return fmt.Errorf("%d lines repeat others and %d orders are in several files, and duplicates: refuse is set%s; export again without overlap, "+
		"or set duplicates: set_aside or duplicates: keep", found.Lines, found.Orders, text)
}

// overlapNotes are warnings where order files hold the same lines or orders, which nobody asked about. An
// export that is cut anywhere has an order on both sides of each cut, which is no overlap.
func overlapNotes(o *ingest.Overlap, files int) (notes []string) {
	const remedy = "they count twice if they are the same; duplicates: set_aside leaves repeated lines out, duplicates: refuse stops, duplicates: keep counts them"
	if o == nil {
		return nil
	}
	for _, t := range o.Twins[:min(len(o.Twins), shownTwinFiles)] {
		notes = append(notes, fmt.Sprintf("%s holds the same %s lines as %s, by orders, days and amounts: %s", t.File, group(t.Lines), t.First, remedy))
	}
	if more := len(o.Twins) - shownTwinFiles; more > 0 {
		notes = append(notes, fmt.Sprintf("%d more files hold the same lines as another", more))
	}
	if o.Twins == nil && o.Orders >= int64(files) {
		about := ""
		if o.Estimated {
			about = "about "
		}
		text := fmt.Sprintf("%s%s orders have lines in several files", about, group(o.Orders))
		for _, x := range o.Examples {
			text += fmt.Sprintf("; the order of %s, line %d is in %s, line %d", x.File, x.Line, x.First, x.FirstLine)
		}
		notes = append(notes, text+": "+remedy)
	}
	return notes
}

// shownTwinFiles is how many files of the same content are named.
const shownTwinFiles = 5

// duplicates prints what repeats itself.
func (p *printer) duplicates(d *ingest.Duplicates) {
	if d == nil {
		return
	}
	if d.Lines == 0 && d.Orders == 0 {
		p.line("  duplicates: no line repeats another in all mapped columns, no order is in two files")
		return
	}
	if d.Lines > 0 {
		what := "they count; duplicates: set_aside leaves them out"
		if d.SetAside {
			what = "set aside"
		}
		p.line("  duplicates: %s lines repeat another in all mapped columns, %s of them one of another file: %s", group(d.Lines), group(d.LinesAcross), what)
		for _, x := range d.LineSample {
			p.line("    %s, line %d repeats %s, line %d", x.File, x.Line, x.First, x.FirstLine)
		}
	}
	if d.Orders > 0 {
		p.line("  duplicates: %s orders are in several files", group(d.Orders))
		for _, x := range d.OrderSample {
			p.line("    the order of %s, line %d is in %s, line %d", x.File, x.Line, x.First, x.FirstLine)
		}
	}
}

// fileNotes are the warnings of the files, each with its file.
func fileNotes(files []ingest.File) (notes []string) {
	for _, f := range files {
		for _, w := range f.Warnings {
			notes = append(notes, f.Path+": "+w)
		}
	}
	return notes
}
