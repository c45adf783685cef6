package pipeline

import (
	"fmt"
	"math"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/profile"
)

// profileFindings is how many findings of a group are told; profiles.csv has all.
const profileFindings = 3

// profileSize says how large a group is: "core: 42 of 1,900 customers, 48.3% of net sales, 61.0% of gross
// profit".
func (f *Figures) profileSize(g *profile.Group) string {
	all := &f.Profiles.Company
	text := fmt.Sprintf("%s: %s of %s", g.Name, group(g.Own.Customers), customers(int(all.Customers)))
	if all.Net > 0 {
		text += fmt.Sprintf(", %s of net sales", part(g.Own.Net, all.Net))
	}
	if !f.profitOff() && all.Profit > 0 {
		text += fmt.Sprintf(", %s of gross profit", part(g.Own.Profit, all.Profit))
	}
	return text
}

// profileHabits says how a group trades, beside the others: what is unknown is left out.
func (f *Figures) profileHabits(g *profile.Group) string {
	var parts []string
	against := func(own, rest, what string) {
		if own == "" {
			return
		}
		if rest != "" {
			own += " (the others: " + rest + ")"
		}
		parts = append(parts, fmt.Sprintf(what, own))
	}
	days := func(v float64) string { return known(v, "%.0f days") }
	against(days(g.Own.Gap), days(g.Rest.Gap), "half of those who come back buy at least every %s")
	against(rateOf(g.Own.Margin()), rateOf(g.Rest.Margin()), "margin %s")
	against(known(g.Own.Breadth(), "%.1f"), known(g.Rest.Breadth(), "%.1f"), "categories each %s")
	return strings.Join(parts, "; ")
}

func rateOf(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return percent(v)
}

func known(v float64, format string) string {
	if math.IsNaN(v) {
		return ""
	}
	return fmt.Sprintf(format, v)
}

// profileFinding says what sets a group apart: "industry Machinery: 3.1 times as often as the others
// (19 of 40, against 280 of 1,840)".
func profileFinding(t *profile.Trait) string {
	value := strings.ReplaceAll(t.Attribute, "_", " ") + " " + name(t.Value)
	own, rest := group(t.Customers)+" of "+group(t.Of), group(t.RestCustomers)+" of "+group(t.RestOf)
	switch lift := t.Lift(); {
	case t.Customers == 0:
		return fmt.Sprintf("%s: never (the others: %s)", value, rest)
	case math.IsInf(lift, 1):
		return fmt.Sprintf("%s: only here (%s)", value, own)
	case lift < 1:
		return fmt.Sprintf("%s: only %s times as often as the others (%s, against %s)", value, lifted(lift), own, rest)
	default:
		return fmt.Sprintf("%s: %s times as often as the others (%s, against %s)", value, lifted(lift), own, rest)
	}
}

// lifted prints a lift with two digits that say something.
func lifted(v float64) string {
	if v < 0.995 {
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.1f", v)
}

// profileSentences are a group in words, first its size.
func (f *Figures) profileSentences(g *profile.Group, findings int) []string {
	out := []string{f.profileSize(g)}
	if habits := f.profileHabits(g); habits != "" {
		out = append(out, habits)
	}
	apart := g.Apart()
	for i := range apart[:min(findings, len(apart))] {
		out = append(out, profileFinding(&apart[i]))
	}
	return out
}

// shareOf is a as a share of a total above zero; NaN of any other.
func shareOf(a, total money.Amount) float64 {
	if total <= 0 {
		return math.NaN()
	}
	return float64(a) / float64(total)
}

// profilesOff says that nothing sets groups apart because no attribute is known; "" where one is.
func (f *Figures) profilesOff() string {
	if f.Profiles.Tests > 0 {
		return ""
	}
	return "what sets them apart cannot be told: no channel, industry, region, segment or credit state of enough customers in a CRM export"
}
