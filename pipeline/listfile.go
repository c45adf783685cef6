package pipeline

import (
	"io"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/scoring/margin"
	"github.com/vitalfew/vitalfew/segment/list"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// writeList writes a list as CSV for people.
func (f *Figures) writeList(w io.Writer, l *list.List, currency string) error {
	t, err := f.listTable(l, currency)
	if err != nil {
		return err
	}
	defer t.Release()
	return table.WriteCSV(w, t, nil, table.CSVOptions{ForPeople: true})
}

// The columns of lists/LIST.parquet that lead to customers.parquet, and the list's own reason there.
const (
	rowColumn        = "customer_row"
	listReasonColumn = "list_reason"
)

// writeMembers writes a list as Parquet for programs: the place, the row in customers.parquet, the id,
// and those columns of the CSV that customers.parquet does not have, the reason as list_reason.
func (f *Figures) writeMembers(w io.Writer, l *list.List, currency string) error {
	t, err := f.listTable(l, currency)
	if err != nil {
		return err
	}
	defer t.Release()
	cols := []table.Column{t.Columns()[0], table.Ints(rowColumn, "row", widen(l.Rows), nil), t.Columns()[1]}
	for _, c := range t.Columns()[2:] {
		if _, there := f.table.Column(c.Name); !there || c.Name == "reason" {
			if c.Name == "reason" {
				c.Name = listReasonColumn
			}
			cols = append(cols, c)
		}
	}
	members, err := table.New(cols...)
	if err != nil {
		return err
	}
	defer members.Release()
	return table.WriteParquet(w, members, nil, table.ParquetOptions{})
}

// listTable is a list, best first: who, the figures that matter, why they stand there and what to do
// next.
func (f *Figures) listTable(l *list.List, currency string) (*table.Table, error) {
	unit := "money"
	if currency != "" {
		unit += ":" + currency
	}
	g := gather{f: f, rows: l.Rows}
	place := make([]int64, len(l.Rows))
	for i := range place {
		place[i] = int64(i + 1)
	}
	x := f.Features
	cols := []table.Column{
		table.Ints("place", "rank", place, nil),
		g.text("customer_id", func(c int) (string, bool) { return f.Ledger.ID(c), true }),
		g.text("name", g.crm(func(a *account.Accounts) account.Column[string] { return a.Name })),
		g.text("owner", g.crm(func(a *account.Accounts) account.Column[string] { return a.Owner })),
		g.text("region", g.crm(func(a *account.Accounts) account.Column[string] { return a.Region })),
		g.text("tier", func(c int) (string, bool) { return f.Tiers[c].String(), f.Tiers[c] != tier.None }),
		g.text("quadrant", func(c int) (string, bool) { return f.Key.Quadrant[c].String(), true }),
		table.Floats("key_score", "score", rounded(pick(l.Rows, f.Key.KeyScore), 1), nil),
		table.Amounts("net_sales_window", unit, pick(l.Rows, x.In.Net), nil),
		table.Amounts("gross_profit_window", unit, pick(l.Rows, x.In.Profit), pick(l.Rows, f.ProfitKnown)),
		table.Floats("margin_rate", "rate", rounded(pick(l.Rows, f.Key.MarginRate), 4), nil),
		g.text("credit_state", f.creditText),
		table.Days("last_day", "day", pick[civil.Day](l.Rows, x.LastDay), nil),
		table.Floats("overdue_ratio", "ratio", rounded(pick(l.Rows, x.OverdueRatio), 2), nil),
	}
	if l.Amount != nil {
		cols = append(cols, table.Amounts(amountName(l.Name), unit, append([]money.Amount(nil), l.Amount...), nil))
	}
	if l == &f.Lists.Rescue && f.Outlook != nil {
		value := amounts(f.Outlook.Lifetime.Horizons[0].Value)
		cols = append(cols, table.Floats("churn_probability", "probability", rounded(pick(l.Rows, f.Outlook.Risk.Probability), 4), nil),
			table.Amounts("clv_12m", unit, pick(l.Rows, value.amount), pick(l.Rows, value.known)))
	}
	if l == &f.Lists.FixMargin {
		e := f.Lists.Eaten
		cols = append(cols, table.Floats("discount_share", "rate", rounded(e.Discount, 4), nil), table.Floats("returns_share", "rate", rounded(e.Returns, 4), nil),
			table.Floats("cost_share", "rate", rounded(e.Cost, 4), nil))
		cols = append(cols, gapColumns(e.Gaps, unit)...)
	}
	cols = append(cols, table.Strings("reason", "", l.Reasons, nil), table.Strings("next_step", "", l.Steps, nil))
	return table.New(cols...)
}

// gapColumns take profit_lost apart: lost_by_discount + lost_by_returns + lost_by_mix + lost_by_cost is
// profit_lost, and the same of past_lost, to the last digit; an effect that is not known is empty and
// part of the cost. past_... is against the customer's own window before.
func gapColumns(gaps []list.Gaps, unit string) []table.Column {
	amount := func(name string, of func(g *list.Gaps) (money.Amount, bool)) table.Column {
		values, known := make([]money.Amount, len(gaps)), make([]bool, len(gaps))
		for i := range gaps {
			if values[i], known[i] = of(&gaps[i]); !known[i] {
				values[i] = 0
			}
		}
		return table.Amounts(name, unit, values, known)
	}
	parts := func(prefix string, of func(g *list.Gaps) (margin.Gap, bool)) []table.Column {
		part := func(name string, part func(m *margin.Gap) (money.Amount, bool)) table.Column {
			return amount(prefix+name, func(g *list.Gaps) (money.Amount, bool) {
				m, ok := of(g)
				a, known := part(&m)
				return a, ok && known
			})
		}
		return []table.Column{
			part("by_discount", func(m *margin.Gap) (money.Amount, bool) { return m.Discount, m.DiscountKnown }),
			part("by_returns", func(m *margin.Gap) (money.Amount, bool) { return m.Returns, m.ReturnsKnown }),
			part("by_mix", func(m *margin.Gap) (money.Amount, bool) { return m.Mix, m.MixKnown }),
			part("by_cost", func(m *margin.Gap) (money.Amount, bool) { return m.Cost, true }),
		}
	}
	cols := parts("lost_", func(g *list.Gaps) (margin.Gap, bool) { return g.Company, g.Known })
	rates, known := make([]float64, len(gaps)), make([]bool, len(gaps))
	for i := range gaps {
		rates[i], known[i] = gaps[i].PastRate, gaps[i].PastKnown
	}
	cols = append(cols, table.Floats("past_margin_rate", "rate", rounded(rates, 4), known),
		amount("past_lost", func(g *list.Gaps) (money.Amount, bool) { return g.Past.Amount, g.PastKnown }))
	return append(cols, parts("past_lost_", func(g *list.Gaps) (margin.Gap, bool) { return g.Past, g.PastKnown })...)
}

// amountName says what the money that orders a list is.
func amountName(name string) string {
	switch name {
	case "develop":
		return "growth"
	case "rescue":
		return "value_at_risk"
	case "fix-margin":
		return "profit_lost"
	}
	return "gross_profit"
}

func (f *Figures) creditText(c int) (string, bool) {
	if f.Credit == nil {
		return keyaccount.CreditUnknown.String(), true
	}
	return f.Credit.Verdicts[c].State.String(), true
}

// gather takes the cells of some customers out of the columns of all.
type gather struct {
	f    *Figures
	rows []int32
}

func (g gather) text(name string, of func(c int) (string, bool)) table.Column {
	values, known := make([]string, len(g.rows)), make([]bool, len(g.rows))
	for i, c := range g.rows {
		values[i], known[i] = of(int(c))
	}
	return table.Strings(name, "", values, known)
}

func (g gather) crm(of func(*account.Accounts) account.Column[string]) func(c int) (string, bool) {
	return func(c int) (string, bool) {
		if g.f.Accounts == nil || g.f.AccountRow[c] < 0 {
			return "", false
		}
		return of(g.f.Accounts).At(g.f.AccountRow[c])
	}
}

// rounded keeps the digits that a person reads; customers.parquet has them all.
func rounded(values []float64, decimals int) []float64 {
	scale := math.Pow10(decimals)
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = math.Round(v*scale) / scale
	}
	return out
}

func pick[T any](rows []int32, column []T) []T {
	out := make([]T, len(rows))
	for i, c := range rows {
		out[i] = column[c]
	}
	return out
}

// crmName is the customer's name in the CRM export.
func (g gather) crmName(c int) (string, bool) {
	return g.crm(func(a *account.Accounts) account.Column[string] { return a.Name })(c)
}
