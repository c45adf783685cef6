package pipeline

import (
	"io"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// overtimeJobs are the files that compare the night with the previous run. Of a first run they have
// headers only: nobody moved.
func (n *night) overtimeJobs() []job {
	f := n.figures
	movers := f.movers()
	rows := 0
	if f.Past.Matrix != nil {
		rows = tier.Tiers*tier.Tiers - 1
	}
	return []job{{"migration.csv", int64(rows), f.writeMigration}, {"movers.csv", int64(len(movers)), func(w io.Writer) error { return f.writeMovers(w, movers) }}}
}

// state names a tier in tables where none means that the customer is new or gone.
func state(t tier.Tier, none string) string {
	if t == tier.None {
		return none
	}
	return t.String()
}

// writeMigration writes old tier x new tier, a row per cell, empty cells included.
func (f *Figures) writeMigration(w io.Writer) error {
	var old, now, how []string
	var customers []int64
	var net, profit []money.Amount
	for a := tier.None; f.Past.Matrix != nil && int(a) < tier.Tiers; a++ {
		for b := tier.None; int(b) < tier.Tiers; b++ {
			if a == tier.None && b == tier.None {
				continue
			}
			cell := f.Past.Matrix.Cells[a][b]
			old, now = append(old, state(a, "(new)")), append(now, state(b, "(gone)"))
			how = append(how, f.way(a, b))
			customers, net, profit = append(customers, int64(cell.Customers)), append(net, cell.Net), append(profit, cell.Profit)
		}
	}
	known := make([]bool, len(profit))
	for i := range known {
		known[i] = !f.Key.MarginOff
	}
	t, err := table.New(table.Strings("old_tier", "", old, nil), table.Strings("new_tier", "", now, nil), table.Strings("movement", "", how, nil),
		table.Ints("customers", "count", customers, nil), table.Amounts("net_sales_window", f.moneyUnit(), net, nil), table.Amounts("gross_profit_window", f.moneyUnit(), profit, known))
	if err != nil {
		return err
	}
	defer t.Release()
	return table.WriteCSV(w, t, nil, table.CSVOptions{ForPeople: true})
}

// way says which way a cell of the matrix goes.
func (f *Figures) way(a, b tier.Tier) string { return wayOf(a, b, f.Past.Redefined) }

func wayOf(a, b tier.Tier, redefined bool) string {
	switch {
	case a == tier.None:
		return "new"
	case b == tier.None:
		return "gone"
	case a == b:
		return "same"
	case redefined:
		return ChangeRule.String()
	case b < a:
		return "up"
	}
	return "down"
}

func (f *Figures) moneyUnit() string {
	if f.Currency == "" {
		return "money"
	}
	return "money:" + f.Currency
}

// mover is a customer of this run, or of the previous one only.
type mover struct {
	i  int   // in this run; -1: gone
	at int32 // in the memory; -1: new
}

// movers are the customers whose tier is another than in the previous run, new ones included, and
// after them those who are gone.
func (f *Figures) movers() (all []mover) {
	p := &f.Past
	for i := range f.Tiers {
		if c := f.change(i); c != NoChange && c != ChangeSame {
			all = append(all, mover{i, p.place[i]})
		}
	}
	for _, at := range p.gone {
		all = append(all, mover{-1, at})
	}
	return all
}

// writeMovers writes a row per mover, with the criterion that decided.
func (f *Figures) writeMovers(w io.Writer, all []mover) error {
	g := gather{f: f}
	name, owner := g.crm(func(a *account.Accounts) account.Column[string] { return a.Name }), g.crm(func(a *account.Accounts) account.Column[string] { return a.Owner })
	bars := f.bars()
	const words = 9
	var text [words][]string
	var known [words][]bool
	var now, before [2][]money.Amount
	var nowKnown, beforeKnown [2][]bool
	for _, m := range all {
		row := [words]string{3: "(new)", 4: "(gone)", 5: "gone"}
		var net, profit, oldNet, oldProfit money.Amount
		var netKnown, profitKnown, oldKnown, oldProfitKnown bool
		if m.at >= 0 {
			old := f.Past.memory
			row[0], row[3] = old.id.Text(int(m.at)), old.tier[m.at].String()
			oldNet, oldKnown = old.net.Amounts()[m.at], true
			oldProfit, oldProfitKnown = old.profit.Amounts()[m.at], old.profit.Valid(int(m.at))
		}
		d := decision{criterion: "in neither the orders nor the CRM any more"}
		if m.i >= 0 {
			row[0], row[4], row[5] = f.Ledger.ID(m.i), f.Tiers[m.i].String(), f.change(m.i).String()
			row[1], _ = name(m.i)
			row[2], _ = owner(m.i)
			net, netKnown, profit, profitKnown = f.Features.In.Net[m.i], true, f.Features.In.Profit[m.i], f.ProfitKnown[m.i]
			s := f.standing(m.i, bars)
			d = s.decision(f.Past.Tier[m.i], f.change(m.i), f.Past.stoodOf(f.Root[m.i]))
			row[8] = string(f.AppendReason(nil, m.i))
		}
		row[6], row[7] = d.criterion, d.text()
		for k, cell := range row {
			text[k], known[k] = append(text[k], cell), append(known[k], cell != "")
		}
		now[0], now[1], nowKnown[0], nowKnown[1] = append(now[0], net), append(now[1], profit), append(nowKnown[0], netKnown), append(nowKnown[1], profitKnown)
		before[0], before[1], beforeKnown[0], beforeKnown[1] = append(before[0], oldNet), append(before[1], oldProfit), append(beforeKnown[0], oldKnown), append(beforeKnown[1], oldProfitKnown)
	}
	var cols []table.Column
	for k, name := range [words]string{"customer_id", "name", "owner", "old_tier", "new_tier", "tier_change", "criterion", "by_how_much", "reason"} {
		cols = append(cols, table.Strings(name, "", text[k], known[k]))
	}
	unit := f.moneyUnit()
	for k, name := range [2]string{"net_sales_window", "gross_profit_window"} {
		cols = append(cols, table.Amounts(name, unit, now[k], nowKnown[k]), table.Amounts(name+"_before", unit, before[k], beforeKnown[k]))
	}
	t, err := table.New(cols...)
	if err != nil {
		return err
	}
	defer t.Release()
	return table.WriteCSV(w, t, nil, table.CSVOptions{ForPeople: true})
}
