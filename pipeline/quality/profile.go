package quality

import (
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Profile is what is in the columns of order lines.
type Profile struct {
	Lines   int64         `json:"lines"` // that were read and not rejected
	Columns []Column      `json:"columns"`
	Net     *Distribution `json:"net_amount,omitempty"` // of a line, in the reporting currency; nil: no line
	Days    *Days         `json:"days,omitempty"`       // nil: no line has one
	// Calendar is the lines by day, for who asks more of them.
	Calendar *Calendar `json:"-"`
}

// Column is what is in a mapped column.
type Column struct {
	Column  layout.Column `json:"-"`
	Name    string        `json:"name"`
	Present int64         `json:"present"`
	Absent  int64         `json:"absent"` // of the lines of files that have the column
	// Unmapped lines stand in files that do not have it.
	Unmapped int64 `json:"in_files_without_it"`
	// Distinct is how many values differ; -1 where they are not counted. Estimated: within some 0.8%.
	Distinct  int64         `json:"distinct"`
	Estimated bool          `json:"distinct_estimated,omitempty"`
	Numbers   *Distribution `json:"numbers,omitempty"`
}

// Distribution is how the values of a column lie. All values are exact decimals; the quantiles are values of the
// data within 1/128 of the true ones.
type Distribution struct {
	Values    int64     `json:"values"`
	Least     string    `json:"least"`
	Greatest  string    `json:"greatest"`
	Quantiles [7]string `json:"quantiles"` // of Quantiles
	Zero      int64     `json:"zero"`
	Negative  int64     `json:"negative"`
	Outliers  *Outliers `json:"far_out,omitempty"` // nil: too few values to judge
}

// Quantiles are those of a Distribution.
func Quantiles() [7]float64 { return [7]float64{0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99} }

// Outliers are the values other than zero whose magnitude lies beyond Fences.
type Outliers struct {
	Below    string    `json:"below"` // the least magnitude that is not far out
	Above    string    `json:"above"` // the greatest
	Small    int64     `json:"small"` // how many lie below
	Large    int64     `json:"large"` // how many lie above
	Examples []Example `json:"examples,omitempty"`
}

// Example is a value far out: first the largest, then the smallest.
type Example struct {
	File  string `json:"file"`
	Line  int64  `json:"line"` // of text, or row of Parquet, from 1
	Value string `json:"value"`
}

// Days is how order days lie.
type Days struct {
	First     civil.Day    `json:"-"`
	Last      civil.Day    `json:"-"`
	Quartiles [3]civil.Day `json:"-"`
	Range     [2]string    `json:"first_and_last"`
	With      int          `json:"days_with_lines"`
	Without   int          `json:"days_without_lines"` // between the first and the last
	Gaps      []Gap        `json:"longest_gaps,omitempty"`
	Weekdays  [7]int       `json:"days_with_lines_by_weekday"` // Monday first
}

// Gap is a run of days without lines between days with lines.
type Gap struct {
	First string `json:"first"`
	Last  string `json:"last"`
	Days  int    `json:"days"`
}

// shownGaps is how many gaps a profile keeps.
const shownGaps = 5

// Profile says what was gathered from files of these paths. The sketch must not be used afterwards.
func (s *Sketch) Profile(paths []string) *Profile {
	p := &Profile{Lines: s.lines, Calendar: &s.calendar}
	for c := range layout.AccountID {
		x := &s.columns[c]
		if x.mapped == 0 {
			continue
		}
		out := Column{Column: c, Name: c.String(), Present: x.present, Absent: x.mapped - x.present, Unmapped: s.lines - x.mapped, Distinct: -1,
			Numbers: x.distribution(paths, writer(c))}
		if counted(c) {
			out.Distinct, out.Estimated = x.distinct.Count()
		}
		p.Columns = append(p.Columns, out)
	}
	p.Net = s.net.distribution(paths, func(v int64) string { return money.Amount(v).String() })
	p.Days = s.calendar.days()
	return p
}

func (c *Calendar) days() *Days {
	r := c.Range()
	if r.Empty() {
		return nil
	}
	gaps, without := c.Gaps()
	d := &Days{First: r.From, Last: r.To - 1, Range: [2]string{r.From.String(), (r.To - 1).String()},
		Without: without, With: int(r.To-r.From) - without, Weekdays: c.Weekdays()}
	for _, g := range gaps[:min(len(gaps), shownGaps)] {
		d.Gaps = append(d.Gaps, Gap{g.From.String(), (g.To - 1).String(), int(g.To - g.From)})
	}
	for k, q := range []float64{0.25, 0.5, 0.75} {
		d.Quartiles[k] = c.Quantile(q)
	}
	return d
}

// counted tells the columns whose distinct values are counted: those of ids and words.
func counted(c layout.Column) bool {
	switch c {
	case layout.OrderID, layout.CustomerID, layout.ProductID, layout.Category, layout.Currency, layout.Status:
		return true
	}
	return false
}

// writer writes the values of a column.
func writer(c layout.Column) func(int64) string {
	switch c {
	case layout.Quantity:
		return func(v int64) string { return money.Quantity(v).String() }
	case layout.UnitPrice, layout.DiscountAmount, layout.UnitCost:
		return func(v int64) string { return money.Price(v).String() }
	case layout.DiscountRate:
		return func(v int64) string { return money.Rate(v).String() }
	}
	return func(v int64) string { return money.Amount(v).String() }
}

func (x *column) distribution(paths []string, write func(int64) string) *Distribution {
	h := &x.values
	if h.Count() == 0 {
		return nil
	}
	least, greatest := h.Range()
	n := &Distribution{Values: h.Count(), Least: write(least), Greatest: write(greatest), Zero: h.Zeros(), Negative: h.Negatives()}
	for k, q := range Quantiles() {
		n.Quantiles[k] = write(h.Quantile(q))
	}
	f, ok := h.Fences()
	if !ok {
		return n
	}
	n.Outliers = &Outliers{Below: write(int64(f.Low)), Above: write(int64(min(f.High, 1<<63-1))), Small: f.Lower, Large: f.Higher}
	for _, s := range x.extremes.large {
		if s.magnitude() > f.High {
			n.Outliers.Examples = append(n.Outliers.Examples, Example{paths[s.at.File], s.at.Line, write(s.value)})
		}
	}
	for _, s := range x.extremes.small {
		if s.magnitude() < f.Low {
			n.Outliers.Examples = append(n.Outliers.Examples, Example{paths[s.at.File], s.at.Line, write(s.value)})
		}
	}
	return n
}
