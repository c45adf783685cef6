package pipeline

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// WriteSummary prints the night for a person: what is off, what was read, who makes the profit, the
// tiers, the top key accounts, and where the files are.
func (o *Outcome) WriteSummary(w io.Writer) error {
	p := &printer{w: w}
	if o.Unchanged {
		p.line("Nothing changed since run %s (%s): every byte of it was verified.", o.Manifest.RunID, o.Dir)
		return p.err
	}
	m := o.Manifest
	p.head("Customers as of %s, %s", m.AsOf, windowText(m))
	for _, off := range m.Off {
		p.line("  off: %s", off)
	}
	p.books(m.Reconciliation, m.Currency)
	if o.Figures != nil {
		p.vital(o.Figures, m.Currency)
		p.tiers(o.Figures)
		p.quadrants(o.Figures)
		p.top(o.Figures)
		p.lists(o.Figures)
		p.profiles(o.Figures)
		p.outlook(o.Figures, m)
	}
	for _, warning := range m.Warnings {
		p.line("note: %s", warning)
	}
	for _, warning := range m.InputWarnings {
		p.line("warning: %s", warning)
	}
	for _, err := range o.Warnings {
		p.line("warning: %v", err)
	}
	if o.Dir != "" {
		p.head("Published")
		p.line("  %s", o.Dir)
		for _, l := range m.CRM {
			if l.LeftOut == "" {
				p.line("  crm/%s/: %s rows, %s in the delta, %s accounts left; when they are loaded: vitalfew crm ack %s", l.Target,
					group(int64(l.Full)), group(int64(l.Delta)), group(int64(l.Left)), filepath.Base(o.Dir))
			}
		}
		p.line("  customers.parquet (every figure), segments/ (one file a tier), lists/ (whom to see and why), profiles.csv (what segments are like), rejects.csv, manifest.json")
	}
	return p.err
}

// windowText says which days the window figures stand on.
func windowText(m *Manifest) string {
	if m.Recipe.Window == "all" {
		return "window of all days"
	}
	to, err := civil.Parse(m.WindowTo)
	if err != nil {
		return "without a window"
	}
	return fmt.Sprintf("window %s to %s", m.WindowFrom, to-1)
}

// WriteReconciliation prints what became of everything that was read.
func (o *Outcome) WriteReconciliation(w io.Writer) error {
	p := &printer{w: w}
	p.books(o.Manifest.Reconciliation, o.Manifest.Currency)
	return p.err
}

// printer keeps the first write error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) head(format string, args ...any) { p.line("\n"+format, args...) }

func (p *printer) books(r *Reconciliation, currency string) {
	p.head("Read")
	row := func(name string, c Count) {
		p.line("  %-34s %12s lines  %20s%s", name, group(c.Lines), groupMoney(c.amount), after(currency))
	}
	row("order lines", r.Read)
	row("  used", r.Used)
	row("  set aside, no customer", r.NoCustomer)
	row("  set aside, cancelled", r.Cancelled)
	if r.Duplicate.Lines > 0 {
		row("  set aside, duplicates", r.Duplicate)
	}
	row("  rejected", r.Rejected)
	if r.RejectedBlind > 0 {
		p.line("  (%s of the rejected lines have no readable money and are in no money figure)", group(r.RejectedBlind))
	}
	for _, what := range sortedKeys(r.Aside) {
		p.line("  %-34s %12s records", "no order line: "+what, group(r.Aside[what]))
	}
	for _, t := range r.Tables {
		p.line("  set aside, %s", t)
	}
	if r.After.Lines > 0 {
		row("  used, but on or after the as-of day", r.After)
	}
	p.amounts(r.Amounts)
	p.duplicates(r.Duplicates)
	row("company total", r.Total)
	p.line("  lines and money balance exactly; %s customers", group(int64(r.Customers)))
}

func (p *printer) vital(f *Figures, currency string) {
	c := f.Concentration
	p.head("The vital few")
	if c.Customers == 0 {
		p.line("  nobody bought in the window")
		return
	}
	p.line("  %s of the %s customers with net sales make 80%% of net sales (%s customers)", percent(c.VitalShare), group(int64(c.Customers)), group(int64(c.Vital)))
	if f.Key.MarginOff {
		return
	}
	k, _ := f.profitVital()
	if earners := f.Whale.PeakRank; earners > 0 {
		p.line("  %s of the %s that earn anything make 80%% of what those earn (%s customers)",
			percent(float64(k)/float64(earners)), group(int64(earners)), group(int64(k)))
	}
	if f.Whale.HasRatio && len(f.Whale.Losers) > 0 {
		p.line("  profit peaks at %s of its total; then %s customers lose %s%s of it again", percent(f.Whale.PeakShare),
			group(int64(len(f.Whale.Losers))), cents(-f.Whale.RightOfPeak), after(currency))
	} else if !f.Whale.HasRatio {
		p.line("  the company makes no profit in the window: %s%s", cents(f.Whale.Total), after(currency))
	}
	p.line("  company margin %s; Gini of net sales %.2f; the top 10%% hold %s of them", percent(f.Key.CompanyRate()), c.Gini, percent(c.Top10))
}

func (p *printer) tiers(f *Figures) {
	p.head("%-10s %10s %20s %20s", "Tier", "customers", "net sales (window)", "gross profit")
	for k := tier.Core; int(k) < tier.Tiers; k++ {
		t := f.TierTotals[k]
		profit := cents(t.Profit)
		if f.Key.MarginOff {
			profit = "unknown"
		}
		p.line("%-10s %10s %20s %20s", k, group(int64(t.Customers)), cents(t.Net), profit)
	}
}

func (p *printer) quadrants(f *Figures) {
	p.line("quadrants: %s key, %s volume only, %s niche, %s tail, %s unknown", group(int64(f.quadrantCount(keyaccount.Key))),
		group(int64(f.quadrantCount(keyaccount.VolumeOnly))), group(int64(f.quadrantCount(keyaccount.Niche))),
		group(int64(f.quadrantCount(keyaccount.Tail))), group(int64(f.quadrantCount(keyaccount.Unknown))))
	a, b, c := f.classCounts()
	p.line("sales classes: %s A, %s B, %s C", group(int64(a)), group(int64(b)), group(int64(c)))
}

// topRows is how many key accounts the summary shows.
const topRows = 10

func (p *printer) top(f *Figures) {
	l := f.Lists.Shortlist
	if len(l.Rows) == 0 {
		p.head("No customer passes every cut of a key account")
		return
	}
	p.head("Top key accounts")
	for at, c := range l.Rows[:min(topRows, len(l.Rows))] {
		name := f.Ledger.ID(int(c))
		if text, known := (gather{f: f}).crmName(int(c)); known {
			name += " " + text
		}
		p.line("%3d  %-38s %-5s score %5.1f  %16s", at+1, clip(name, 38), f.Tiers[c], f.Key.KeyScore[c], cents(f.Features.In.Net[c]))
		p.line("     %s", f.Lists.Shortlist.Reasons[at])
	}
}

func (p *printer) lists(f *Figures) {
	p.head("Lists")
	for _, l := range f.Lists.All() {
		if l.Absent != "" {
			p.line("  %-11s not drawn up: %s", l.Name, l.Absent)
			continue
		}
		p.line("  %-11s %s customers", l.Name, group(int64(len(l.Rows))))
	}
}

// profiles says what the tiers are like; profiles.csv has the RFM segments too.
func (p *printer) profiles(f *Figures) {
	p.head("Profiles of the tiers (profiles.csv has RFM segments and every value)")
	for k := range f.Profiles.Groups {
		g := &f.Profiles.Groups[k]
		if g.Grouping != "tier" || g.Own.Customers == 0 {
			continue
		}
		for i, sentence := range f.profileSentences(g, profileFindings) {
			if i == 0 {
				p.line("  %s", sentence)
			} else {
				p.line("     %s", sentence)
			}
		}
	}
	if off := f.profilesOff(); off != "" {
		p.line("  %s", off)
	}
}

// after sets a currency behind an amount.
func after(currency string) string {
	if currency == "" {
		return ""
	}
	return " " + currency
}

// percent prints a share with one decimal.
func percent(v float64) string {
	if math.IsNaN(v) {
		return "an unknown part"
	}
	return fmt.Sprintf("%.1f%%", 100*v)
}

// group prints a count with thousands apart.
func group(n int64) string { return groupDigits(fmt.Sprint(n)) }

// groupMoney prints an amount with thousands apart, exactly.
func groupMoney(a money.Amount) string {
	whole, fraction, _ := strings.Cut(a.String(), ".")
	return groupDigits(whole) + "." + fraction
}

// cents prints an amount rounded half to even to two decimals, for tables that people compare by
// eye; the reconciliation prints every digit.
func cents(a money.Amount) string {
	v, ok := money.Rescale(int64(a), money.AmountScale, 2)
	if !ok {
		return groupMoney(a)
	}
	return groupMoney(money.Amount(v * 100))
}

func groupDigits(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// clip cuts a name to n runes.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-3]) + "..."
}
