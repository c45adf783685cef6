package pipeline

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/list"
)

// reportTemplate lays report.html out; it takes a reportPage and decides nothing but looks.
//
//go:embed report.html.tmpl
var reportTemplate string

// reportPage is report.html: one page for the analyst and the head of sales. Every figure in it is
// printed already, from the manifest and the figures, so that the template holds no arithmetic.
type reportPage struct {
	Manifest *Manifest
	Window   string
	Headline []string
	Cards    []reportCard
	Gates    []string // what a gate said although the run is published

	Tiers       reportTable
	Whale       *reportChart // nil: there is no curve to draw
	WhaleText   string
	Quadrants   reportQuadrants
	Classes     []reportTable
	Outlook     *reportOutlook // nil: the models are off
	Lists       []reportList
	RFM         []reportTable
	Profiles    reportProfiles
	Stages      reportTable
	Credit      reportTable
	Books       reportTable
	BooksNotes  []string
	Inputs      reportTable
	InputsLeft  string // how many inputs the page leaves to the manifest
	InputsOpen  bool
	Terms       []reportTerm
	ContentsFor []reportAnchor
}

// reportCard is one figure of the headline.
type reportCard struct{ Name, Value, Note string }

// reportTerm is a word and what it means in this run, with its cut.
type reportTerm struct{ Name, Text string }

// reportAnchor is a line of the contents.
type reportAnchor struct{ ID, Name string }

// reportColumn is a column of a table; Number puts it to the right.
type reportColumn struct {
	Name   string
	Number bool
}

// reportTable is a table of printed cells. The first cell of a row is its head.
type reportTable struct {
	Caption string
	Columns []reportColumn
	Rows    [][]string
	Foot    []string // the line of totals; nil: none
	Note    string
}

// reportList is a list of customers with their reasons.
type reportList struct {
	ID, Title, About string
	Absent           string
	Shown            string
	Caption          string
	Columns          []reportColumn // of Cells
	Span             int            // columns of the table, place and customer among them
	Rows             []reportEntry
}

// reportEntry is a customer on a list.
type reportEntry struct {
	Place, ID, Name string
	Cells           []string
	Reason, Step    string
}

// Rows shown of the lists and inputs; the files hold all.
const (
	reportKeyAccounts = 25
	reportListRows    = 15
	reportInputs      = 500
	reportInputsOpen  = 12
)

// writeReport writes report.html.
func (n *night) writeReport(w io.Writer) error {
	page, err := newReportPage(n.manifest(nil), n.figures)
	if err != nil {
		return err
	}
	return page.write(w)
}

func (p *reportPage) write(w io.Writer) error {
	t, err := template.New("report").Parse(reportTemplate)
	if err != nil { // the template is ours and tested
		panic("pipeline: " + err.Error())
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return fmt.Errorf("lay the report out: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

func newReportPage(m *Manifest, f *Figures) (*reportPage, error) {
	counts, err := f.tally()
	if err != nil {
		return nil, err
	}
	r := reporter{m: m, f: f, currency: m.Currency}
	window := windowText(m)
	p := &reportPage{Manifest: m, Window: upper(window), Headline: r.headline(), Cards: r.cards(), Gates: r.gates(),
		Tiers: r.tiers(), Whale: newReportChart(f, m.Currency), WhaleText: r.whaleText(),
		Quadrants: r.quadrants(counts), Classes: r.classes(), Outlook: r.outlook(), Lists: r.lists(), RFM: []reportTable{r.segments(), r.cutPoints()}, Profiles: r.profiles(),
		Stages: r.stages(counts), Credit: r.credit(counts), Books: r.books(), BooksNotes: r.booksNotes(), Terms: r.terms(),
		InputsOpen: len(m.Inputs) <= reportInputsOpen,
	}
	p.Inputs, p.InputsLeft = r.inputs()
	p.ContentsFor = []reportAnchor{{"tiers", "Tiers"}, {"whale", "Whale curve"}, {"quadrants", "Quadrants"}, {"classes", "Sales classes"},
		{"shortlist", "Key accounts"}, {"develop", "Develop"}, {"rescue", "Rescue"}, {"fix-margin", "Fix margin"}, {"let-go", "Let go"}, {"rfm", "RFM"}, {"profiles", "Profiles"}, {"stages", "Life stages"},
		{"credit", "Credit"}, {"books", "Reconciliation"}, {"inputs", "Inputs"}, {"terms", "Definitions"}}
	if p.Outlook != nil {
		p.ContentsFor = slices.Insert(p.ContentsFor, 4, reportAnchor{"outlook", "What comes next"})
	}
	return p, nil
}

// reporter prints figures for the page.
type reporter struct {
	m        *Manifest
	f        *Figures
	currency string
}

// inCurrency names a column of money.
func (r reporter) inCurrency(name string) string {
	if r.currency == "" {
		return name
	}
	return name + " (" + r.currency + ")"
}

// profitOff reports that no line of the window has a known cost. It is not Key.MarginOff, which is
// also set where costs are known but the sales they cover come to nothing.
func (f *Figures) profitOff() bool { return f.Features.Company.In.Costed == 0 }

// profit prints a gross profit, where the run knows any.
func (r reporter) profit(a money.Amount) string {
	if r.f.profitOff() {
		return reportUnknown
	}
	return cents(a)
}

// What stands in a cell without a figure: it cannot be known, or the question has no sense.
const (
	reportUnknown = "unknown"
	reportNone    = "–"
)

// rate prints a share that may be unknown.
func ratio(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return reportNone
	}
	return percent(v)
}

// part prints a as a share of a total, which only a total above zero has.
func part(a, total money.Amount) string {
	if total <= 0 {
		return reportNone
	}
	return percent(float64(a) / float64(total))
}

// partOf prints a count as a share of another.
func partOf(n, of int) string { return part(money.Amount(n), money.Amount(of)) }

// cut prints a rate that was set, with every digit it has.
func cut(r money.Rate) string { return (r * 100).String() + "%" }

func counted(n int) string { return group(int64(n)) }

// customers counts customers in words.
func customers(n int) string {
	if n == 1 {
		return "1 customer"
	}
	return counted(n) + " customers"
}

func numbers(names ...string) []reportColumn {
	out := make([]reportColumn, len(names))
	for i, name := range names {
		out[i] = reportColumn{name, i > 0}
	}
	return out
}

// lists are the lists of the page, best first.
func (r reporter) lists() []reportList {
	l := r.f.Lists
	all := []struct {
		of           *list.List
		title, about string
		rows         int
	}{
		{&l.Shortlist, "Top key accounts", "They sell much, earn much and are not barred by credit: core and key, best key score first.", reportKeyAccounts},
		{&l.Develop, "Develop", "General or NICHE customers whose sales rise and that have potential, as far as the data tell: the largest growth first.", reportListRows},
		{&l.Rescue, "Rescue", "KEY accounts by value at risk: lifetime value of 12 months x the probability of buying nothing in the days to come. Call from the top.", reportListRows},
		{&l.FixMargin, "Fix the margin", "VOLUME_ONLY customers: they sell much, below the margin cut; the most profit lost against the company's margin first.", reportListRows},
		{&l.LetGo, "Let go", "They lose money, do not rise and show no potential: the largest loss first.", reportListRows},
	}
	if r.f.Key.MarginOff {
		all[0].about = "They sell much and are not barred by credit: core and key, best key score first. No cost is known, so nobody can tell what they earn."
	}
	out := make([]reportList, len(all))
	for i, x := range all {
		out[i] = r.list(x.of, x.rows)
		out[i].ID, out[i].Title, out[i].About = x.of.Name, x.title, x.about
		out[i].Caption = fmt.Sprintf("%s: %s", x.title, out[i].Shown)
	}
	return out
}

func (r reporter) list(l *list.List, most int) reportList {
	shown := min(most, len(l.Rows))
	out := reportList{Absent: l.Absent, Shown: fmt.Sprintf("%s, all in lists/%s.csv", customers(len(l.Rows)), l.Name)}
	if shown < len(l.Rows) {
		out.Shown = fmt.Sprintf("the first %d of %s, all in lists/%s.csv", shown, customers(len(l.Rows)), l.Name)
	}
	out.Columns = numbers("Tier", r.inCurrency("Net sales"), r.inCurrency("Gross profit"), "Margin", "Key score")
	amount := ""
	if l.Amount != nil && amountName(l.Name) != "gross_profit" {
		amount = strings.ReplaceAll(amountName(l.Name), "_", " ")
		out.Columns = append(out.Columns, reportColumn{r.inCurrency(upper(amount)), true})
	}
	out.Columns = append(out.Columns, reportColumn{Name: "Credit"})
	out.Span = 2 + len(out.Columns)
	for at, row := range l.Rows[:shown] {
		c := int(row)
		e := reportEntry{Place: fmt.Sprint(at + 1), ID: name(r.f.Ledger.ID(c)), Reason: printable(l.Reasons[at]), Step: printable(l.Steps[at])}
		if text, known := (gather{f: r.f}).crmName(c); known {
			e.Name = name(text)
		}
		credit, _ := r.f.creditText(c)
		e.Cells = []string{r.f.Tiers[c].String(), cents(r.f.Features.In.Net[c]), r.profitOf(c), ratio(r.f.Key.MarginRate[c]), score(r.f.Key.KeyScore[c])}
		if amount != "" {
			e.Cells = append(e.Cells, cents(l.Amount[at]))
		}
		e.Cells = append(e.Cells, credit)
		out.Rows = append(out.Rows, e)
	}
	return out
}

// name is a stranger's name, on one line and of bearable length.
func name(s string) string { return clip(printable(s), 80) }

func (r reporter) profitOf(c int) string {
	if !r.f.ProfitKnown[c] {
		return reportUnknown
	}
	return cents(r.f.Features.In.Profit[c])
}

func score(v float64) string {
	if math.IsNaN(v) {
		return reportNone
	}
	return fmt.Sprintf("%.1f", v)
}
