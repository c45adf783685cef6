package pipeline

import (
	"fmt"
	"io"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/workbook"
)

// WriteWorkbook writes the rows as XLSX: a cover that says what they are and stand on, and a sheet per
// list.
func (s *Shortlist) WriteWorkbook(w io.Writer) error {
	for _, p := range s.Parts {
		if p.Table.Rows() > workbook.MaxRows {
			return as(ErrConfig, fmt.Errorf("%s has %s rows and a sheet holds %s: keep fewer by --where or --top, or write csv", p.List, group(int64(p.Table.Rows())), group(workbook.MaxRows)))
		}
	}
	b, err := workbook.New()
	if err != nil {
		return err
	}
	if err := b.Cover("about", s.cover()); err != nil {
		return err
	}
	for _, p := range s.Parts {
		name := p.List
		if name == noList {
			name = "customers"
		}
		if err := b.Sheet(name, p.Table); err != nil {
			return err
		}
	}
	return b.Write(w)
}

// cover says what a reader of the sheets has to know who was not there when they were made.
func (s *Shortlist) cover() []workbook.Part {
	m := s.Manifest
	return append([]workbook.Part{
		{Heading: "What this is", Lines: s.about()},
		{Heading: "Sheets", Lines: s.sheets()},
		{Heading: "Cuts of this run", Lines: cutLines(&m.Cuts)},
		{Heading: "Words", Lines: wordLines(m)},
	}, s.standing()...)
}

func (s *Shortlist) about() [][2]string {
	m := s.Manifest
	lines := [][2]string{
		{"Run", s.Run}, {"Customers as of", m.AsOf + ": the run sees the days before"}, {"Window of window figures", windowDays(m)},
		{"Currency", orUnnamed(m.Currency)}, {"Version", "vitalfew " + m.Version},
	}
	if s.Options.Where != "" {
		lines = append(lines, [2]string{"Only rows where", s.Options.Where})
	}
	if s.Options.Sort != "" {
		lines = append(lines, [2]string{"Sorted by", s.Options.Sort})
	}
	if s.Options.Top > 0 {
		lines = append(lines, [2]string{"Rows of each list", fmt.Sprintf("the first %d", s.Options.Top)})
	}
	return append(lines, [2]string{"Numbers", "Money is exact to 15 digits, what a spreadsheet keeps; customers.parquet has all of them. An empty cell is unknown, never zero."})
}

func orUnnamed(currency string) string {
	if currency == "" {
		return "not named in the data"
	}
	return currency
}

func (s *Shortlist) sheets() (lines [][2]string) {
	about := map[string]string{
		"shortlist":  "the core and key accounts, best key score first",
		"develop":    "general and NICHE customers whose sales rise and that have potential, largest growth first",
		"rescue":     "the KEY quadrant by value at risk (churn probability x lifetime value), most first: the order in which to call",
		"fix-margin": "VOLUME_ONLY by the profit lost against the company's margin rate, most first, with what eats the margin",
		"let-go":     "general customers that lose money, do not rise, have no potential and no strategic fit, largest loss first",
		noList:       "all customers",
	}
	for _, p := range s.Parts {
		lines = append(lines, [2]string{p.List, fmt.Sprintf("%s of %s rows: %s", group(int64(p.Table.Rows())), group(int64(p.Of)), about[p.List])})
	}
	for _, n := range s.Notes {
		lines = append(lines, [2]string{"", n})
	}
	return lines
}

// cutLines are the cut points that the night came to.
func cutLines(c *Cuts) (lines [][2]string) {
	add := func(name, value string) {
		if value == "" {
			value = "unknown"
		}
		lines = append(lines, [2]string{name, value})
	}
	add("Sales class A", "customers before whom less than this share of net sales is made: "+c.SalesClassA+"; class B: "+c.SalesClassB)
	add("Volume is high from net sales of", c.KeyNetSales)
	add("Margin is high from a rate of", c.KeyMargin)
	add("Company margin rate", c.CompanyMarginRate)
	add("Core from a gross profit of", c.CoreProfit)
	add("Gross profit of all KEY accounts", c.KeyProfit)
	add("RFM recency, days", fmt.Sprint(c.RFMRecency))
	add("RFM frequency, purchases", fmt.Sprint(c.RFMFrequency))
	add("RFM monetary, net sales", fmt.Sprint(c.RFMMonetary))
	return lines
}

// wordLines are the words that stand in the columns, as definitions.md has them, in short.
func wordLines(m *Manifest) [][2]string {
	lines := [][2]string{
		{"net sales", "sales less returns and discounts, without tax"},
		{"gross profit, margin rate", "net sales less cost, and its share of net sales, over the lines whose cost is known"},
		{"quadrant", "KEY: high volume and high margin; VOLUME_ONLY: volume without margin; NICHE: margin without volume; TAIL: neither; UNKNOWN: margin not known"},
		{"key score", "0 to 100: the geometric mean of the volume and the margin percentile, so that a zero in one cannot be bought back by the other"},
		{"credit state", "GOOD, WATCH or BLOCKED by what the CRM says; what is missing is UNKNOWN, never GOOD"},
		{"tier", "core: KEY, credit GOOD, loyal or partner, among those that make the first half of KEY profit; key: the other KEY accounts that are not blocked; " +
			"general: the others with a purchase in the window; dormant: purchases, none in the window; prospect: none ever"},
		{"overdue ratio", "days since the last purchase / the customer's own expected gap"},
	}
	for _, off := range m.Off {
		lines = append(lines, [2]string{"off in this run", off})
	}
	return lines
}

// standing is what the figures stand on: the reconciliation and the warnings.
func (s *Shortlist) standing() []workbook.Part {
	m := s.Manifest
	var parts []workbook.Part
	if r := m.Reconciliation; r != nil {
		var lines [][2]string
		for _, c := range []struct {
			name string
			Count
		}{
			{"order lines read", r.Read}, {"used", r.Used}, {"set aside, no customer", r.NoCustomer}, {"set aside, cancelled", r.Cancelled},
			{"set aside, duplicates", r.Duplicate}, {"rejected", r.Rejected}, {"used, on or after the as-of day", r.After}, {"company total", r.Total},
		} {
			lines = append(lines, [2]string{c.name, fmt.Sprintf("%s lines, %s", group(c.Lines), groupDigits(c.Money))})
		}
		lines = append(lines, [2]string{"customers", group(int64(r.Customers))}, [2]string{"", "read = used + no customer + cancelled + duplicates + rejected, in lines and money, to the last digit"})
		parts = append(parts, workbook.Part{Heading: "Reconciliation", Lines: lines})
	}
	var warnings [][2]string
	for _, w := range m.Warnings {
		warnings = append(warnings, [2]string{"", w})
	}
	if len(warnings) > 0 {
		parts = append(parts, workbook.Part{Heading: "Notes of the run", Lines: warnings})
	}
	var inputs [][2]string
	for _, in := range m.Inputs {
		inputs = append(inputs, [2]string{in.Role, fmt.Sprintf("%s (sha256 %s)", in.Path, in.SHA256)})
	}
	return append(slices.Clip(parts), workbook.Part{Heading: "Made from", Lines: inputs})
}
