package pipeline

import (
	"io"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/segment/profile"
)

// profileRow is a line of profiles.csv. Counts below zero, NaN and infinities are empty cells.
type profileRow struct {
	grouping, group, measure, value  string
	customers, of, restCount, restOf int64
	share, restShare, lift           float64
	amount, restAmount               money.Amount
	money                            bool
	figure, restFigure, chi, p       float64
	apart, judged                    bool
	sentence                         string
}

// profileTable makes columns of rows.
type profileTable []profileRow

// writeProfiles writes profiles.csv: one row for each group and measure, and for each group and value
// of an attribute. Numbers have every digit; texts pass through package formula, for people open it.
//
//	grouping, group        tier or rfm_segment, and its name
//	measure                customers, net_sales_window, gross_profit_window, margin_rate, median_gap_days,
//	                       categories_per_customer, or the attribute: channel, industry, region, segment,
//	                       credit_state
//	value                  of the attribute
//	customers, of          how many have the value, of how many whose attribute is known; of a measure, how
//	                       many it stands on, of the company's (customers, net sales) or the group's
//	share                  customers / of; of money, the part of the company's
//	rest_...               the same of the customers of the other groups
//	lift                   share / rest_share, of figures figure / rest_figure
//	amount, rest_amount    money, exact
//	figure, rest_figure    rate, days, categories
//	chi_square, p_adjusted see profile.Trait; empty where not tested
//	apart                  true for what sets the group apart
//	sentence               the same in words
func (f *Figures) writeProfiles(w io.Writer, currency string) error {
	unit := "money"
	if currency != "" {
		unit += ":" + currency
	}
	rows := profileTable(f.profileRows())
	t, err := table.New(
		rows.text("grouping", func(r *profileRow) string { return r.grouping }), rows.text("group", func(r *profileRow) string { return r.group }),
		rows.text("measure", func(r *profileRow) string { return r.measure }), rows.text("value", func(r *profileRow) string { return r.value }),
		rows.count("customers", func(r *profileRow) int64 { return r.customers }), rows.count("of", func(r *profileRow) int64 { return r.of }),
		rows.number("share", func(r *profileRow) float64 { return r.share }),
		rows.count("rest_customers", func(r *profileRow) int64 { return r.restCount }), rows.count("rest_of", func(r *profileRow) int64 { return r.restOf }),
		rows.number("rest_share", func(r *profileRow) float64 { return r.restShare }), rows.number("lift", func(r *profileRow) float64 { return r.lift }),
		rows.amount("amount", unit, func(r *profileRow) money.Amount { return r.amount }), rows.amount("rest_amount", unit, func(r *profileRow) money.Amount { return r.restAmount }),
		rows.number("figure", func(r *profileRow) float64 { return r.figure }), rows.number("rest_figure", func(r *profileRow) float64 { return r.restFigure }),
		rows.number("chi_square", func(r *profileRow) float64 { return r.chi }), rows.number("p_adjusted", func(r *profileRow) float64 { return r.p }),
		rows.apart(), rows.text("sentence", func(r *profileRow) string { return r.sentence }),
	)
	if err != nil {
		return err
	}
	defer t.Release()
	return table.WriteCSV(w, t, nil, table.CSVOptions{ForPeople: true})
}

func (f *Figures) profileRows() []profileRow {
	var rows []profileRow
	for k := range f.Profiles.Groups {
		g := &f.Profiles.Groups[k]
		rows = append(rows, f.profileFigures(g)...)
		for i := range g.Traits {
			t := &g.Traits[i]
			r := profileRow{grouping: g.Grouping, group: g.Name, measure: t.Attribute, value: printable(t.Value), customers: t.Customers, of: t.Of,
				restCount: t.RestCustomers, restOf: t.RestOf, share: t.Share(), restShare: t.RestShare(), lift: t.Lift(),
				figure: math.NaN(), restFigure: math.NaN(), chi: t.ChiSquare, p: t.P, apart: t.Apart, judged: !math.IsNaN(t.P)}
			if t.Apart {
				r.sentence = g.Name + ": " + profileFinding(t)
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// profileFigures are the rows of a group's own figures.
func (f *Figures) profileFigures(g *profile.Group) []profileRow {
	own, rest, all := &g.Own, &g.Rest, &f.Profiles.Company
	nan := math.NaN()
	blank := profileRow{grouping: g.Grouping, group: g.Name, share: nan, restShare: nan, lift: nan, figure: nan, restFigure: nan, chi: nan, p: nan}
	count := func(measure string, n, of, restN, restOf int64) profileRow {
		r := blank
		r.measure, r.customers, r.of, r.restCount, r.restOf = measure, n, of, restN, restOf
		return r
	}
	size := count("customers", own.Customers, all.Customers, rest.Customers, all.Customers)
	size.share, size.restShare, size.sentence = float64(own.Customers)/float64(all.Customers), float64(rest.Customers)/float64(all.Customers), f.profileSize(g)
	net := count("net_sales_window", own.Customers, all.Customers, rest.Customers, all.Customers)
	net.money, net.amount, net.restAmount, net.share, net.restShare = true, own.Net, rest.Net, shareOf(own.Net, all.Net), shareOf(rest.Net, all.Net)
	rows := []profileRow{size, net}
	if !f.profitOff() {
		profit := count("gross_profit_window", own.Known, own.Customers, rest.Known, rest.Customers)
		profit.money, profit.amount, profit.restAmount = true, own.Profit, rest.Profit
		profit.share, profit.restShare = shareOf(own.Profit, all.Profit), shareOf(rest.Profit, all.Profit)
		margin := count("margin_rate", own.Known, own.Customers, rest.Known, rest.Customers)
		rows = append(rows, profit, margin.with(own.Margin(), rest.Margin()))
	}
	gap := count("median_gap_days", own.Paced, own.Customers, rest.Paced, rest.Customers)
	rows = append(rows, gap.with(own.Gap, rest.Gap))
	if len(f.Ledger.Categories()) > 0 {
		breadth := count("categories_per_customer", own.Broad, own.Customers, rest.Broad, rest.Customers)
		rows = append(rows, breadth.with(own.Breadth(), rest.Breadth()))
	}
	return rows
}

// with sets the figures of a row, and the lift where both are above zero.
func (r profileRow) with(own, rest float64) profileRow {
	r.figure, r.restFigure = own, rest
	if own > 0 && rest > 0 {
		r.lift = own / rest
	}
	return r
}

func (rows profileTable) text(name string, of func(*profileRow) string) table.Column {
	values, known := make([]string, len(rows)), make([]bool, len(rows))
	for i := range rows {
		values[i] = of(&rows[i])
		known[i] = values[i] != ""
	}
	return table.Strings(name, "", values, known)
}

func (rows profileTable) count(name string, of func(*profileRow) int64) table.Column {
	values := make([]int64, len(rows))
	for i := range rows {
		values[i] = of(&rows[i])
	}
	return table.Ints(name, "count", values, nil)
}

func (rows profileTable) number(name string, of func(*profileRow) float64) table.Column {
	values := make([]float64, len(rows))
	for i := range rows {
		if values[i] = of(&rows[i]); math.IsInf(values[i], 0) {
			values[i] = math.NaN()
		}
	}
	return table.Floats(name, "", values, nil)
}

func (rows profileTable) amount(name, unit string, of func(*profileRow) money.Amount) table.Column {
	values, known := make([]money.Amount, len(rows)), make([]bool, len(rows))
	for i := range rows {
		values[i], known[i] = of(&rows[i]), rows[i].money
	}
	return table.Amounts(name, unit, values, known)
}

func (rows profileTable) apart() table.Column {
	values, known := make([]bool, len(rows)), make([]bool, len(rows))
	for i := range rows {
		values[i], known[i] = rows[i].apart, rows[i].judged
	}
	return table.Bools("apart", "", values, known)
}
