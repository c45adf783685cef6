package pipeline

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/segment/profile"
)

// reportProfiles are the segments in figures and in words.
type reportProfiles struct {
	Tables []reportTable
	Apart  []reportApart
	Note   string
}

// reportApart is what sets a segment apart.
type reportApart struct {
	Name  string
	Lines []string
}

func (r reporter) profiles() reportProfiles {
	out := reportProfiles{Tables: []reportTable{r.profilesOf("tier", "Tier"), r.profilesOf("rfm_segment", "RFM segment")}}
	for k := range r.f.Profiles.Groups {
		g := &r.f.Profiles.Groups[k]
		apart := g.Apart()
		if len(apart) == 0 {
			continue
		}
		x := reportApart{Name: r.f.profileSize(g)}
		for i := range apart[:min(len(apart), profileFindings)] {
			x.Lines = append(x.Lines, profileFinding(&apart[i]))
		}
		out.Apart = append(out.Apart, x)
	}
	s := r.f.Profiles.Settings
	out.Note = fmt.Sprintf("Each segment is compared with the customers of all other tiers or segments. A finding has a lift of %s or more, or of its inverse or less, stands on %d customers or more, "+
		"and of all %s comparisons of this run any is chance with a probability below %s. profiles.csv has them all.", s.Lift, s.MinCustomers, group(int64(r.f.Profiles.Tests)), cut(s.FalseAlarm))
	if off := r.f.profilesOff(); off != "" {
		out.Note = upper(off) + "."
	}
	return out
}

func (r reporter) profilesOf(grouping, head string) reportTable {
	t := reportTable{
		Caption: "What the customers of each " + head + " are like",
		Columns: numbers(head, "Customers", "Share of net sales", "Share of gross profit", "Margin", "Median days between purchases", "Categories each"),
	}
	for k := range r.f.Profiles.Groups {
		if g := &r.f.Profiles.Groups[k]; g.Grouping == grouping && g.Own.Customers > 0 {
			t.Rows = append(t.Rows, r.profileLine(g.Name, &g.Own))
		}
	}
	t.Foot = r.profileLine("all", &r.f.Profiles.Company)
	return t
}

func (r reporter) profileLine(name string, x *profile.Figures) []string {
	all := &r.f.Profiles.Company
	profit := reportUnknown
	if !r.f.profitOff() {
		profit = part(x.Profit, all.Profit)
	}
	return []string{name, group(x.Customers), part(x.Net, all.Net), profit, ratio(x.Margin()), decimals(x.Gap, 1), decimals(x.Breadth(), 1)}
}

func decimals(v float64, n int) string {
	if math.IsNaN(v) {
		return reportNone
	}
	return fmt.Sprintf("%.*f", n, v)
}
