package pipeline

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// textWidth is how many columns the screen of an explanation has.
const textWidth = 110

// WriteText prints the explanation for a person, on one screen.
func (e *Explanation) WriteText(w io.Writer) error {
	p := &printer{w: w}
	name := e.Who.ID
	if e.Who.Name != "" {
		name += "  " + e.Who.Name
	}
	p.line("%s", name)
	p.line("run %s as of %s, window %s to %s (exclusive)%s", e.Run, e.AsOf, e.WindowFrom, e.WindowTo, currencyText(e.Currency))
	p.field("who", e.Who.text())
	p.field("tier", e.Tier.text())
	p.field("because", e.Tier.Reason)
	p.trend(e.Quarters)
	p.criteria(e.Criteria)
	p.models(e.Models)
	p.listStandings(e.Lists)
	p.ascent(&e.Next)
	p.historyLines(e)
	return p.err
}

func currencyText(currency string) string {
	if currency == "" {
		return ""
	}
	return ", amounts in " + currency
}

// field prints a labelled text, wrapped.
func (p *printer) field(label, text string) {
	const indent = 12
	for _, line := range wrapped(text, textWidth-indent) {
		p.line("%-*s%s", indent, label, line)
		label = ""
	}
}

// wrapped cuts a text at spaces into lines of at most width runes; a longer word stands alone.
func wrapped(text string, width int) (lines []string) {
	line, n := "", 0
	for _, word := range strings.Fields(text) {
		size := len([]rune(word))
		if n > 0 && n+1+size > width {
			lines, line, n = append(lines, line), "", 0
		}
		if n > 0 {
			line, n = line+" ", n+1
		}
		line, n = line+word, n+size
	}
	return append(lines, line)
}

func (w *Who) text() string {
	var parts []string
	add := func(format string, text string) {
		if text != "" {
			parts = append(parts, fmt.Sprintf(format, text))
		}
	}
	switch {
	case w.Role == "parent":
		list := strings.Join(w.Children, ", ")
		if more := w.ChildCount - len(w.Children); more > 0 {
			list += fmt.Sprintf(" and %d more", more)
		}
		add("parent of %s, whose figures are in these", list)
	case w.ParentID != "":
		parent := candidate{id: w.ParentID, name: w.ParentName}.String()
		if w.RootID != "" && w.RootID != w.ParentID {
			parent += ", below " + w.RootID
		}
		add("child of %s", parent)
	}
	add("region %s", w.Region)
	add("owner %s", w.Owner)
	add("industry %s", w.Industry)
	add("segment %s", w.Segment)
	add("channel %s", w.Channel)
	if w.FirstDay == "" {
		parts = append(parts, "no purchase on record")
	} else {
		parts = append(parts, fmt.Sprintf("%s purchases from %s to %s", group(w.Purchases), w.FirstDay, w.LastDay))
	}
	return strings.Join(parts, "; ")
}

func (t *TierStanding) text() string {
	text := t.Tier
	if t.ByHand {
		text += ", set by hand; by the rules " + t.Rule
	}
	if t.Cut != "" && t.Cut != t.Rule {
		text += "; by the cuts alone " + t.Cut
	}
	switch t.Change {
	case "":
	case "same", "new":
		text += "; " + t.Change
	default:
		text += fmt.Sprintf("; %s from %s", t.Change, t.Previous)
	}
	return text
}

// shownQuarters is how many of the last quarters are printed with their figures.
const shownQuarters = 6

func (p *printer) trend(all []QuarterFigures) {
	if len(all) == 0 {
		p.field("trend", "the run keeps no quarters")
		return
	}
	net, profit := make([]float64, len(all)), make([]float64, len(all))
	for i, q := range all {
		net[i], profit[i] = q.net.Float(), math.NaN()
		if q.known {
			profit[i] = q.profit.Float()
		}
	}
	last := all[max(0, len(all)-shownQuarters):]
	cells := func(of func(q QuarterFigures) string) (line string) {
		for _, q := range last {
			line += fmt.Sprintf("%15s", of(q))
		}
		return line
	}
	head := all[0].Quarter + "-" + all[len(all)-1].Quarter
	if !all[len(all)-1].whole {
		head += "*"
	}
	p.head("%-14s%-13s%s", "quarters", head, cells(func(q QuarterFigures) string { return q.Quarter }))
	p.line("%-14s%-13s%s", "  net sales", sparkline(net), cells(func(q QuarterFigures) string { return cents(q.net) }))
	p.line("%-14s%-13s%s", "  profit", sparkline(profit), cells(func(q QuarterFigures) string {
		if !q.known {
			return "unknown"
		}
		return cents(q.profit)
	}))
}

// sparkline draws values as blocks between the least, or 0 if that is less, and the greatest; a dot is
// unknown.
func sparkline(values []float64) string {
	blocks := []rune("▁▂▃▄▅▆▇█")
	low, high := 0.0, 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	var b strings.Builder
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			b.WriteRune('·')
		case high == low:
			b.WriteRune(blocks[0])
		default:
			b.WriteRune(blocks[int(math.Round((v-low)/(high-low)*float64(len(blocks)-1)))])
		}
	}
	return b.String()
}

func (p *printer) criteria(all []CriterionFigure) {
	p.head("criteria")
	for _, c := range all {
		mark := map[string]string{passes: "+", fails: "-", unknown: "?", isOff: "o"}[c.Passes]
		if mark == "" {
			mark = " "
		}
		text := c.Value
		if c.Cut != "" {
			text += "  [" + c.Cut + "]"
		}
		for k, line := range wrapped(text, textWidth-28) {
			if k == 0 {
				p.line("  %s %-23s %s", mark, c.Criterion, line)
			} else {
				p.line("%28s%s", "", line)
			}
		}
	}
}

func (p *printer) models(all []ModelFigure) {
	var parts, missing []string
	for _, m := range all {
		if m.Value == nil {
			missing = append(missing, m.Name)
			continue
		}
		text := m.Name + " " + m.figure(*m.Value)
		if m.Low != nil && m.High != nil {
			text += fmt.Sprintf(" (%s to %s)", m.figure(*m.Low), m.figure(*m.High))
		}
		if m.Text != "" {
			text += " (" + m.Text + ")"
		}
		parts = append(parts, text)
	}
	if len(missing) > 0 {
		parts = append(parts, "not computed: "+strings.Join(missing, ", "))
	}
	p.line("")
	p.field("models", strings.Join(parts, "; "))
}

func (m *ModelFigure) figure(v float64) string {
	switch {
	case strings.HasPrefix(m.unit, "money"):
		return groupDigits(fmt.Sprintf("%.0f", v))
	case m.unit == "probability" || m.unit == "rate":
		return share(v)
	}
	return fmt.Sprintf("%.2f", v)
}

func (p *printer) listStandings(all []ListStanding) {
	if len(all) == 0 {
		p.field("lists", "on none")
	}
	for _, l := range all {
		p.field("lists", fmt.Sprintf("%s, place %s of %s: %s; next: %s", l.List, group(int64(l.Place)), group(int64(l.Of)), l.Reason, l.NextStep))
	}
}

func (p *printer) ascent(a *Ascent) {
	label := "next tier"
	if a.Tier != "" && len(a.Needs) > 0 {
		p.field(label, a.Tier+" takes, the other customers staying as they are:")
		for _, n := range a.Needs {
			p.field("", "* "+n.Text)
		}
		label = ""
	}
	if a.Note != "" {
		p.field(label, a.Note)
	}
}

// shownRuns is how many runs of the history are printed.
const shownRuns = 12

func (p *printer) historyLines(e *Explanation) {
	var parts []string
	for _, h := range e.History[:min(len(e.History), shownRuns)] {
		text := h.Tier
		if text == "" {
			text = "no customer"
		}
		if h.ByHand {
			text += " by hand"
		}
		parts = append(parts, h.AsOf+" "+text)
	}
	if more := len(e.History) - shownRuns; more > 0 {
		parts = append(parts, fmt.Sprintf("%d older", more))
	}
	p.field("history", strings.Join(parts, "; ")+" ("+e.HistoryEnd+")")
}
