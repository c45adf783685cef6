package pipeline

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// How much of a comparison is printed; JSON and CSV have all of it.
const (
	shownMovers   = 15
	shownSettings = 12
)

// WriteText prints the comparison for a person.
func (d *Diff) WriteText(w io.Writer) error {
	p := &printer{w: w}
	for _, r := range []struct {
		label string
		run   *RunLine
	}{{"from", &d.Old}, {"to", &d.New}} {
		p.line("%-5s run %s as of %s, window %s to %s (exclusive), %s customers", r.label, r.run.Run, r.run.AsOf, r.run.WindowFrom, r.run.WindowTo, group(int64(r.run.Customers)))
	}
	if d.Old.AsOf > d.New.AsOf {
		p.line("note: the first run is of the later day")
	}
	p.definitions(d)
	p.data(&d.Data)
	p.bridge(d)
	p.matrix(d)
	p.moved(d)
	return p.err
}

func (p *printer) settings(label string, all []Setting) {
	for k, s := range all {
		if k == shownSettings {
			p.line("    and %d more", len(all)-k)
			break
		}
		p.line("    %s%s: %s -> %s", label, s.Name, orNone(s.Old), orNone(s.New))
	}
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func (p *printer) definitions(d *Diff) {
	x := &d.Definitions
	if x.Same {
		p.head("definitions are the same: a change of tier is a movement")
	} else {
		p.head("definitions differ: tiers mean something else, and a change of tier is no movement")
	}
	p.settings("", x.Settings)
	p.settings("", x.Off)
	if x.Version != nil {
		p.settings("", []Setting{*x.Version})
	}
	var cuts []Setting
	for _, c := range d.Cuts {
		if !strings.Contains(c.Name, "enough") && !strings.HasPrefix(c.Name, "ranked") {
			cuts = append(cuts, c)
		}
	}
	if len(cuts) > 0 {
		p.line("  cuts that came to another value")
		p.settings("", cuts)
	}
}

func (p *printer) data(x *DataChange) {
	switch {
	case x.Before == "":
		p.head("data: %s", x.Note)
	case x.Customers == 0:
		p.head("data: no net sales before %s changed", x.Before)
	default:
		p.head("data: net sales before %s changed for %s customers, by %s in all", x.Before, group(int64(x.Customers)), orNone(x.Net))
		for _, c := range x.First {
			p.line("    %s: %s", c.ID, c.Net)
		}
		if more := x.Customers - len(x.First); more > 0 {
			p.line("    and %d more", more)
		}
	}
	p.line("  inputs: %d files are the same, %d are not", x.Same, len(x.Inputs))
	p.settings("", x.Inputs)
}

func (p *printer) bridge(d *Diff) {
	p.head("%-18s %10s %20s %20s %18s %18s", "net sales (window)", "customers", "before", "after", "change", "profit change")
	for _, l := range d.Bridge {
		profit := "unknown"
		if d.profits {
			profit = cents(l.profit[1] - l.profit[0])
		}
		p.line("%-18s %10s %20s %20s %18s %18s", l.Who, group(int64(l.Customers)), cents(l.net[0]), cents(l.net[1]), cents(l.net[1]-l.net[0]), profit)
	}
	p.line("%-18s %10s %20s %20s %18s", "all", "", cents(d.netOld), cents(d.netNew), cents(d.netNew-d.netOld))
}

func (p *printer) matrix(d *Diff) {
	p.head("%-10s %-10s %-10s %10s %20s", "from", "to", "movement", "customers", "net sales (window)")
	for _, c := range d.Matrix {
		p.line("%-10s %-10s %-10s %10s %20s", c.Old, c.New, c.Movement, group(int64(c.Customers)), cents(c.net))
	}
}

func (p *printer) moved(d *Diff) {
	if len(d.Movers) == 0 {
		p.head("nobody has another tier")
		return
	}
	p.head("%-12s %-42s %8s %8s %10s %18s", "cause", "criterion", "up", "down", "customers", "net sales change")
	for _, c := range d.Causes {
		p.line("%-12s %-42s %8s %8s %10s %18s", c.Cause, c.Criterion, group(int64(c.Up)), group(int64(c.Down)), group(int64(c.Customers)), cents(c.net))
	}
	top := slices.Clone(d.Movers)
	slices.SortStableFunc(top, func(a, b Mover) int { return cmp.Compare(magnitude(b.netDiff), magnitude(a.netDiff)) })
	p.head("movers, largest change of net sales first")
	for _, m := range top[:min(len(top), shownMovers)] {
		p.line("  %-40s %9s -> %-9s %16s  %s", clip(candidate{id: m.ID, name: m.Name}.String(), 40), m.Old, m.New, cents(m.netDiff), m.why())
	}
	if more := len(top) - shownMovers; more > 0 {
		p.line("  and %s more; --to FILE.csv has all", group(int64(more)))
	}
}

func magnitude(a money.Amount) money.Amount { return max(a, -a) }

func (m *Mover) why() string {
	text := m.Cause + ": " + m.Criterion
	if m.ByHowMuch != "" {
		text += " " + m.ByHowMuch
	}
	if m.Past != "" {
		text += "; past net sales changed by " + m.Past
	}
	return text
}
