package pipeline

import (
	"fmt"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/quality"
)

// quality prints what the lines hold, on a screen or two.
func (p *printer) quality(q *DataQuality) {
	p.head("Data quality: %s lines, rejects left out", group(q.Lines))
	p.line("  %-16s %9s %12s %12s %12s", "column", "present", "absent", "rejected", "distinct")
	for _, c := range q.Columns {
		distinct := ""
		if c.Distinct >= 0 {
			distinct = group(c.Distinct)
		}
		if c.Estimated {
			distinct = "~" + distinct
		}
		p.line("  %-16s %9s %12s %12s %12s", c.Name, strings.TrimSuffix(Share{Lines: c.Present, Of: q.Lines}.text(), " of lines"), group(q.Lines-c.Present), group(q.Unreadable[c.Name]), distinct)
	}
	p.distributions(q)
	p.farOut(q)
	p.days(q)
	p.line("  cost known: %s; customer known: %s", q.Cost.text(), q.Customer.text())
	shares := fmt.Sprintf("  returns: %s; cancelled: %s; rejected: %s", q.Returns.text(), q.Cancelled.text(), q.Rejected.text())
	if q.Repeated != nil {
		shares += "; repeating another line: " + q.Repeated.text()
	}
	p.line("%s", shares)
}

// distributions prints the columns of numbers.
func (p *printer) distributions(q *DataQuality) {
	p.line("  %-16s %14s %12s %12s %12s %12s %12s %14s %8s %9s", "", "least", "1%", "25%", "median", "75%", "99%", "greatest", "zero", "negative")
	row := func(name string, d *quality.Distribution) {
		if d != nil {
			x := d.Quantiles
			p.line("  %-16s %14s %12s %12s %12s %12s %12s %14s %8s %9s", name, d.Least, x[0], x[2], x[3], x[4], x[6], d.Greatest, group(d.Zero), group(d.Negative))
		}
	}
	for _, c := range q.Columns {
		row(c.Name, c.Numbers)
	}
	row("net amount", q.Net)
}

// farOut prints the values beyond the fences.
func (p *printer) farOut(q *DataQuality) {
	row := func(name string, d *quality.Distribution) {
		if d == nil || d.Outliers == nil || d.Outliers.Large+d.Outliers.Small == 0 {
			return
		}
		o := d.Outliers
		var examples []string
		for _, e := range o.Examples {
			examples = append(examples, fmt.Sprintf("%s (%s, line %d)", e.Value, e.File, e.Line))
		}
		p.line("  far out in %s: %s beyond %s, %s nearer to zero than %s: %s", name, group(o.Large), o.Above, group(o.Small), o.Below, strings.Join(examples, ", "))
	}
	for _, c := range q.Columns {
		row(c.Name, c.Numbers)
	}
	row("net amount", q.Net)
}

// days prints how the order days lie.
func (p *printer) days(q *DataQuality) {
	d := q.Days
	if d == nil {
		p.line("  no line has a day")
		return
	}
	p.line("  days %s to %s, half of the lines before %s; %s days with lines, %s without", d.First, d.Last, d.Quartiles[1], group(int64(d.With)), group(int64(d.Without)))
	var never []string
	for k, name := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"} {
		if d.Weekdays[k] == 0 && d.With+d.Without >= 28 {
			never = append(never, name)
		}
	}
	if never != nil {
		p.line("    no line on any %s", strings.Join(never, ", "))
	}
	var gaps []string
	for _, g := range d.Gaps {
		gaps = append(gaps, fmt.Sprintf("%s to %s (%d)", g.First, g.Last, g.Days))
	}
	if gaps != nil {
		p.line("    longest without lines: %s", strings.Join(gaps, ", "))
	}
	if q.Future > 0 {
		p.line("  warning: %s lines are of days after today, %s: check the date format or the clock of the shop", group(q.Future), q.Today)
	}
}
