package pipeline

import (
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// inspection prints one file, or files that are read alike, on one screen.
func (p *printer) inspection(g []Inspection) {
	in, bytes := sum(g)
	switch len(g) {
	case 1:
		p.head("%s", in.Path)
	default:
		p.head("%s and %d more files read alike, to %s", in.Path, len(g)-1, g[len(g)-1].Path)
	}
	p.line("  %s bytes, %s, packed with %s%s", group(bytes), in.file.Format, in.file.Compression, in.manner())
	extent := "all"
	if in.Partial {
		extent = "the first"
	}
	p.line("  read as %s; %s %s lines were looked at", in.Kind, extent, group(in.Lines))
	if len(g) > 1 {
		p.line("  the evidence is that of the first:")
	}
	if in.Orders != nil {
		for _, e := range in.Orders.Evidence {
			p.line("  because: %s", e)
		}
	}
	p.asides(g)
	p.columns(&in)
	p.classes(g)
	p.wouldReject(&in)
	p.doubts(g)
}

// asides prints what is no order line.
func (p *printer) asides(g []Inspection) {
	records, tables := asideOfAll(g)
	for _, what := range sortedKeys(records) {
		p.line("  no order line: %s, %s records", what, group(records[what]))
	}
	for _, t := range tables[:min(len(tables), inspectedExample)] {
		p.line("  another table, set aside: %s", t)
	}
	if more := len(tables) - inspectedExample; more > 0 {
		p.line("  and %d other tables", more)
	}
}

// columns prints which header is which column, and how it writes.
func (p *printer) columns(in *Inspection) {
	how := map[layout.Column]ingest.Column{}
	if in.Orders != nil {
		for _, c := range in.Orders.Columns {
			how[c.Column] = c
		}
	}
	for _, m := range in.Resolved.Matches {
		var cells []string
		for _, c := range in.Samples[m.Column] {
			cells = append(cells, clip(c, 24))
		}
		p.line("    %-16s = %-24q %-16s %s", m.Column, m.Header, "("+m.Rule.String()+")", strings.Join(cells, " | "))
		if c := how[m.Column]; c.Decided {
			p.line("      like %s; %s", c.Format, c.How)
		} else if in.Orders != nil && in.Orders.Formats[m.Column.String()] != "" {
			p.line("      %s", in.Orders.Formats[m.Column.String()])
		}
	}
	if len(in.Resolved.Unmapped) > 0 {
		p.line("  not used: %s", strings.Join(in.Resolved.Unmapped, " | "))
	}
}

// classes counts the order lines that would not simply be used.
func (p *printer) classes(g []Inspection) {
	var books ingest.Books
	for _, f := range g {
		if f.Orders != nil && !books.Add(&f.Orders.Books) {
			return // money beyond all bounds: a run says so
		}
	}
	for _, c := range []struct {
		class ingest.Class
		what  string
	}{{ingest.NoCustomer, "have no customer: they count for the company only"}, {ingest.Cancelled, "are cancelled and set aside"}} {
		if n := books.Class[c.class].Lines; n > 0 {
			p.line("  %s lines %s", group(n), c.what)
		}
	}
}

// wouldReject prints the rejects by reason, and the first.
func (p *printer) wouldReject(in *Inspection) {
	if in.Rejected == 0 {
		p.line("  nothing of it would be rejected")
		return
	}
	reasons := sortedKeys(in.Reasons)
	slices.SortStableFunc(reasons, func(a, b string) int { return int(in.Reasons[b] - in.Reasons[a]) })
	p.line("  %s lines or cells of it would be rejected:", group(in.Rejected))
	for _, reason := range reasons[:min(len(reasons), inspectedExample)] {
		p.line("    %s times %s", group(in.Reasons[reason]), reason)
	}
	if n := len(reasons) - inspectedExample; n > 0 {
		p.line("    and %d other reasons", n)
	}
	for _, r := range in.Rejects[:min(len(in.Rejects), inspectedExample)] {
		r.Value = clip(r.Value, 40)
		p.line("    %s", rejectText(r))
	}
}

// doubts prints what a person should look at: lines that repeat, and what the first files give cause for.
func (p *printer) doubts(g []Inspection) {
	var repeated int64
	var examples []ingest.RepeatExample
	var doubtful []Inspection
	for _, f := range g {
		if f.Duplicates != nil {
			repeated += f.Duplicates.Lines
			examples = append(examples, f.Duplicates.LineSample...)
		}
		if a := f.amounts(); a != nil && len(a.Findings) > 0 || len(f.Warnings) > 0 {
			doubtful = append(doubtful, f)
		}
	}
	if repeated > 0 {
		p.line("  %s lines repeat another of their file in all mapped columns; the setting duplicates says what a run does", group(repeated))
		for _, x := range examples[:min(len(examples), inspectedExample)] {
			p.line("    %s, line %d repeats line %d", x.File, x.Line, x.FirstLine)
		}
	}
	for _, f := range doubtful[:min(len(doubtful), inspectedExample)] {
		p.doubt(f, len(g) > 1)
	}
	if more := len(doubtful) - inspectedExample; more > 0 {
		p.line("  and the like of %d more files", more)
	}
}

func (p *printer) doubt(f Inspection, named bool) {
	if named {
		p.line("  of %s:", f.Path)
	}
	if a := f.amounts(); a != nil && len(a.Findings) > 0 {
		p.amounts(a)
	}
	for _, w := range f.Warnings {
		p.line("  warning: %s", w)
	}
}

func (in *Inspection) amounts() *ingest.Amounts {
	if in.Orders == nil {
		return nil
	}
	return in.Orders.Amounts
}

// misunderstood prints what can be said of a file that no kind of export fits.
func (p *printer) misunderstood(f source.File, o ingest.Options) {
	p.head("%s", f.Path)
	p.line("  %s bytes, %s, packed with %s: not usable as it is", group(f.Size), f.Format, f.Compression)
	recs, err := ingest.OpenRecords(f, o.Delimiter, parquetfile.Limits{})
	if err != nil {
		return // the fault of the file says it
	}
	defer recs.Close() // only read
	p.line("  headers: %s", strings.Join(recs.Header(), " | "))
	for _, u := range recs.Unreadable {
		p.line("  not readable: %s", u)
	}
}
