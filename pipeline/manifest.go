package pipeline

import (
	"fmt"
	"math"
	"strconv"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/publish"
	"github.com/vitalfew/vitalfew/scoring"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// Manifest is manifest.json: what the run stands on and what it holds. It has no clock and no
// durations, so the same night gives the same bytes.
type Manifest struct {
	RunID          string          `json:"run_id"`
	Version        string          `json:"version"`
	AsOf           string          `json:"as_of"`
	WindowFrom     string          `json:"window_from"`
	WindowTo       string          `json:"window_to"` // the first day after the window
	Currency       string          `json:"currency,omitempty"`
	Inputs         []Input         `json:"inputs"`
	Understood     []Understood    `json:"understood"`
	Recipe         Recipe          `json:"recipe"`
	Previous       *Previous       `json:"previous"`    // the run that tiers are weighed against; null: none
	Definitions    string          `json:"definitions"` // digest: two runs are comparable where it is equal
	Reconciliation *Reconciliation `json:"reconciliation"`
	Off            []string        `json:"switched_off"`
	Warnings       []string        `json:"warnings"`
	InputWarnings  []string        `json:"input_warnings,omitempty"` // of how the exports are cut, which no figure shows
	Gates          Gates           `json:"gates"`
	Cuts           Cuts            `json:"cuts"`
	Company        CompanyFigures  `json:"company"`
	Tiers          []TierLine      `json:"tiers"`
	Lists          []ListLine      `json:"lists"`
	Models         *ModelsRecord   `json:"models"` // null: off
	CRM            []CRMLine       `json:"crm,omitempty"`
	Files          []publish.File  `json:"files"`
}

// Understood is how a file was read.
type Understood struct {
	Path     string            `json:"path"`
	Dialect  string            `json:"dialect"`
	Columns  map[string]string `json:"columns"` // canonical column -> header
	Charset  string            `json:"charset,omitempty"`
	Formats  map[string]string `json:"formats,omitempty"` // how columns write, where that is not plain
	Unmapped []string          `json:"unmapped,omitempty"`
	Evidence []string          `json:"evidence,omitempty"`  // of the dialect, the header and the layout
	Amounts  *ingest.Amounts   `json:"amounts,omitempty"`   // against quantity x unit_price, where they differ
	Aside    map[string]int64  `json:"set_aside,omitempty"` // records that are no order lines, by what they are
	Tables   []ingest.Table    `json:"other_tables,omitempty"`
}

// Gates are the tolerances of the night and whether they were overridden.
type Gates struct {
	MaxRejects        string `json:"max_rejects"`
	RejectsExceeded   bool   `json:"rejects_exceeded"`
	PublishedAnyway   bool   `json:"published_anyway"`
	AmountTolerance   string `json:"amount_tolerance"`
	AmountsExceeded   bool   `json:"amounts_exceeded"`
	SideTableFindings int    `json:"crm_and_product_rejects"`
}

// Cuts are the cut points that the night's data came to.
type Cuts struct {
	SalesClassA       string    `json:"sales_class_a_below_share"`
	SalesClassB       string    `json:"sales_class_b_below_share"`
	CompanyMarginRate string    `json:"company_margin_rate"` // "" unknown
	MarginShrinkage   string    `json:"margin_shrinkage_k"`  // covered sales at which a customer's own rate weighs half
	RhythmGapDays     string    `json:"population_gap_days"`
	RFMRecency        [4]int32  `json:"rfm_recency_days"`
	RFMFrequency      [4]int32  `json:"rfm_frequency"`
	RFMMonetary       [4]string `json:"rfm_monetary"`
	KeyProfit         string    `json:"key_profit"`
	KeyNetSales       string    `json:"key_net_sales_from"`          // net sales from which volume is high; "" unknown
	KeyNetSalesReach  string    `json:"key_net_sales_enough"`        // that make volume high for whoever is below; "" unknown
	KeyMargin         string    `json:"key_margin_rate_from"`        // margin rate from which it is high; "" unknown
	KeyMarginReach    string    `json:"key_margin_rate_enough"`      // likewise; "" also where the rate of the other customers decides
	CoreProfit        string    `json:"core_gross_profit_from"`      // profit from which a KEY account is in the first half; "" unknown
	ProfitWindow      string    `json:"ranked_gross_profit_window"`  // of the customers that are held against the company rate
	CoveredWindow     string    `json:"ranked_covered_sales_window"` // their net sales whose cost is known
}

// CompanyFigures are the company's own line.
type CompanyFigures struct {
	NetSales             string `json:"net_sales"`
	GrossProfit          string `json:"gross_profit"` // "" unknown, as all figures here
	NetSalesWindow       string `json:"net_sales_window"`
	GrossProfitWindow    string `json:"gross_profit_window"`
	WhalePeakShare       string `json:"whale_peak_share"`
	WhalePeakRank        int    `json:"whale_peak_rank"`
	WhaleLosers          int    `json:"whale_losers"`
	Gini                 string `json:"gini_net_sales"`
	HHI                  string `json:"hhi_net_sales"`
	Top1                 string `json:"top_1_percent_share"`
	Top5                 string `json:"top_5_percent_share"`
	Top10                string `json:"top_10_percent_share"`
	Top20                string `json:"top_20_percent_share"`
	VitalCustomers       int    `json:"customers_for_80_percent_of_net_sales"`
	VitalShare           string `json:"their_share_of_customers"`
	ProfitVitalCustomers int    `json:"customers_for_80_percent_of_profit"`
	ProfitVitalShare     string `json:"their_share_of_earning_customers"`
	MissingCost          int    `json:"customers_without_cost"`
	MissingCredit        int    `json:"key_accounts_without_credit_data"`
}

// TierLine is a tier in numbers; money leaves children out, whose figures are in their parents'.
type TierLine struct {
	Tier        string `json:"tier"`
	Customers   int    `json:"customers"`
	Children    int    `json:"children"`
	NetSales    string `json:"net_sales_window"`
	GrossProfit string `json:"gross_profit_window"`
}

// ListLine is a list in numbers, or why it is not there.
type ListLine struct {
	List   string `json:"list"`
	Rows   int    `json:"rows"`
	Absent string `json:"absent,omitempty"`
}

// manifest describes the night; files are those of the stage.
func (n *night) manifest(files []publish.File) *Manifest {
	recipe, err := n.cfg.recipe()
	if err != nil { // Validate and runID read the same preset
		panic("pipeline: " + err.Error())
	}
	m := &Manifest{
		RunID: n.id, Version: n.version, Inputs: n.in.all, Recipe: recipe, Reconciliation: n.books, Currency: n.read.Currency, CRM: n.loads,
		Off: []string{}, Warnings: []string{}, InputWarnings: append(overlapNotes(n.read.Overlap, len(n.read.Files)), fileNotes(n.read.Files)...), Files: files,
		Gates: Gates{MaxRejects: n.cfg.MaxRejects.String(), PublishedAnyway: n.cfg.PublishAnyway,
			RejectsExceeded: n.cfg.MaxRejects.Exceeded(n.books.Rejected.Lines, n.books.Read.Lines),
			AmountTolerance: n.cfg.AmountTolerance.String(), AmountsExceeded: n.amountFaults() != nil,
			SideTableFindings: len(n.rejects) - len(n.read.Rejects)},
	}
	for _, f := range n.read.Files {
		u := Understood{Path: f.Path, Dialect: f.Dialect, Columns: map[string]string{}, Unmapped: f.Resolved.Unmapped, Charset: f.Charset, Formats: f.Formats,
			Evidence: f.Evidence, Aside: f.Aside, Tables: f.Tables}
		if f.Amounts != nil && len(f.Amounts.Findings) > 0 {
			u.Amounts = f.Amounts
		}
		for _, match := range f.Resolved.Matches {
			u.Columns[match.Column.String()] = match.Header
		}
		m.Understood = append(m.Understood, u)
	}
	if n.figures != nil {
		n.describe(m)
	} else {
		m.Warnings = n.sideNotes()
	}
	return m
}

func (n *night) describe(m *Manifest) {
	f := n.figures
	x := f.Features
	m.AsOf, m.WindowFrom, m.WindowTo = f.AsOf.String(), x.Window.From.String(), x.Window.To.String()
	m.Off, m.Warnings = f.Off(), append(append(n.sideNotes(), f.pastNotes()...), f.Warnings()...)
	m.Definitions, m.Previous = f.definitions(n.cfg), f.Past.link()
	r := f.RFM
	m.Cuts = Cuts{
		SalesClassA: f.Sales.Cuts.A.String(), SalesClassB: f.Sales.Cuts.B.String(), CompanyMarginRate: number(f.Key.CompanyRate()),
		MarginShrinkage: number(f.Key.Shrinkage.K), RhythmGapDays: number(x.Rhythm.Gap), RFMRecency: r.Recency.Cuts, RFMFrequency: r.Frequency.Cuts,
	}
	for k, a := range r.Monetary.Cuts {
		m.Cuts.RFMMonetary[k] = a.String()
	}
	c := f.Concentration
	m.Company = CompanyFigures{
		NetSales: x.Company.All.Net.String(), NetSalesWindow: x.Company.In.Net.String(),
		WhalePeakShare: number(f.Whale.PeakShare), WhalePeakRank: f.Whale.PeakRank, WhaleLosers: len(f.Whale.Losers),
		Gini: number(c.Gini), HHI: number(c.HHI), Top1: number(c.Top1), Top5: number(c.Top5), Top10: number(c.Top10), Top20: number(c.Top20),
		VitalCustomers: c.Vital, VitalShare: number(c.VitalShare), MissingCost: len(f.Key.MissingCost), MissingCredit: len(f.Tier.MissingCredit),
	}
	f.bars().write(&m.Cuts)
	m.Company.ProfitVitalCustomers, m.Company.ProfitVitalShare = f.profitVital()
	if x.Company.All.Costed > 0 {
		m.Company.GrossProfit, m.Company.GrossProfitWindow = x.Company.All.Profit.String(), x.Company.In.Profit.String()
	}
	for k := tier.Core; int(k) < tier.Tiers; k++ {
		t := f.TierTotals[k]
		line := TierLine{k.String(), t.Customers, t.Children, t.Net.String(), t.Profit.String()}
		if f.Key.MarginOff {
			line.GrossProfit = "" // unknown
		}
		m.Tiers = append(m.Tiers, line)
	}
	for _, l := range f.Lists.All() {
		m.Lists = append(m.Lists, ListLine{l.Name, len(l.Rows), l.Absent})
	}
	m.Models = f.modelsRecord()
}

// number prints a figure for the manifest; unknown is "".
func number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// Off names the criteria that the run has no data for.
func (f *Figures) Off() []string {
	off := []string{}
	if f.Key.MarginOff {
		off = append(off, "margin: no sales with a known cost in the window, so volume alone decides key accounts")
	}
	if f.Credit == nil {
		if f.creditColumns() {
			off = append(off, "credit: the CRM export has credit columns, but no cell of them could be read, so nobody is barred by credit")
		} else {
			off = append(off, "credit: no credit columns in a CRM export, so nobody is barred by credit")
		}
	}
	if len(f.Ledger.Categories()) == 0 {
		off = append(off, "categories: none in the data, so partners are not asked for breadth")
	}
	if f.Fit == nil {
		off = append(off, "strategic fit: not in the data, so it is no part of the key score")
	}
	return append(off, f.modelsOff()...)
}

// Warnings are what a reader of the figures should know.
func (f *Figures) Warnings() []string {
	out := []string{}
	for _, w := range f.RFM.Warnings {
		out = append(out, w.Error())
	}
	if n := len(f.Key.MissingCost); n > 0 {
		out = append(out, fmt.Sprintf("%d customers with sales have a cost for less than %s of them: their quadrant is UNKNOWN", n, f.Key.Settings.MinCoverage))
	}
	if n := len(f.Tier.MissingCredit); n > 0 {
		out = append(out, fmt.Sprintf("%d KEY accounts have no credit data: they cannot be core", n))
	}
	for _, l := range f.Lists.All() {
		for _, w := range l.Warnings {
			out = append(out, l.Name+": "+w.Error())
		}
	}
	if f.Outlook != nil {
		out = append(out, f.Outlook.Notes()...)
	}
	return out
}

// sideNotes are what a reader should know of the CRM and product exports.
func (n *night) sideNotes() []string {
	out := []string{}
	if side := n.rejects[:len(n.rejects)-len(n.read.Rejects)]; len(side) > 0 {
		r := side[0]
		out = append(out, fmt.Sprintf("%d cells or rows of the CRM and product exports could not be used (rejects.csv); the first: %s, line %d, %s: %s",
			len(side), r.File, r.Line, r.Column, r.Reason))
	}
	if n.accounts != nil {
		phantoms := 0
		for i := range n.accounts.ID {
			if parent, known := n.accounts.ParentID.At(i); known && n.phantom(parent) {
				phantoms++
			}
		}
		if phantoms > 0 {
			out = append(out, fmt.Sprintf("%d accounts name a parent that is neither in the CRM export nor in the orders; it stands for its group without a name", phantoms))
		}
	}
	out = append(out, n.asides...)
	if note := n.aliasNote(); note != "" {
		out = append(out, note)
	}
	for _, note := range []string{sameNames(n.accounts), zeroTwins(n.ledger), caseTwins(n.ledger)} {
		if note != "" {
			out = append(out, note)
		}
	}
	if n.products != nil {
		if without := n.products.WithoutCost(); len(without) > 0 {
			out = append(out, fmt.Sprintf("%d of %d products have no unit cost, the first is %s", len(without), n.products.Len(), without[0]))
		}
	}
	return out
}

// phantom reports whether an id is known by nothing but a parent field.
func (n *night) phantom(id string) bool {
	if _, ok := n.accounts.Find(id); ok {
		return false
	}
	c, ok := n.ledger.Find(id)
	if !ok {
		return true
	}
	lo, hi := n.ledger.Range(c)
	return lo == hi
}

// classCounts is for summaries.
func (f *Figures) classCounts() (a, b, c int) {
	return f.Sales.Classes[scoring.A].Customers, f.Sales.Classes[scoring.B].Customers, f.Sales.Classes[scoring.C].Customers
}

// quadrantCount counts the customers of a quadrant.
func (f *Figures) quadrantCount(q keyaccount.Quadrant) (n int) {
	for i, have := range f.Key.Quadrant {
		if have == q && !f.child(i) {
			n++
		}
	}
	return n
}
