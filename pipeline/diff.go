package pipeline

import (
	"errors"
	"fmt"
	"io"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/migration"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// Diff is what changed from one published run to another. Amounts are exact texts, of each run's window.
type Diff struct {
	Old RunLine `json:"old"`
	New RunLine `json:"new"`

	Definitions DefinitionChange `json:"definitions"`
	Data        DataChange       `json:"data"`
	Cuts        []Setting        `json:"cuts"` // that came to another value

	Matrix  []MatrixCell `json:"migration"` // cells with a customer
	Bridge  []BridgeLine `json:"bridge"`    // from the old net sales to the new, adding up exactly
	Causes  []CauseLine  `json:"causes"`    // of the movers, most first
	Movers  []Mover      `json:"movers"`    // in the order of their ids, those who are gone last
	NetOld  string       `json:"net_sales_window_before"`
	NetNew  string       `json:"net_sales_window"`
	netOld  money.Amount
	netNew  money.Amount
	unit    string
	profits bool // both runs know gross profit
}

// RunLine names a run.
type RunLine struct {
	Run        string `json:"run"`
	AsOf       string `json:"as_of"`
	WindowFrom string `json:"window_from"`
	WindowTo   string `json:"window_to"`
	Version    string `json:"version"`
	Customers  int    `json:"customers"`
}

// MatrixCell is the customers that went from one tier to another. Money is that of the new run, of the
// old run for those who are gone.
type MatrixCell struct {
	Old       string `json:"old_tier"` // (new) for customers that the old run did not know
	New       string `json:"new_tier"` // (gone) for those that the new run does not know
	Movement  string `json:"movement"`
	Customers int    `json:"customers"`
	NetSales  string `json:"net_sales_window"`
	Profit    string `json:"gross_profit_window"` // "" unknown
	net       money.Amount
}

// BridgeLine is the part of the change of net sales and gross profit that some customers make.
type BridgeLine struct {
	Who       string `json:"who"`
	Customers int    `json:"customers"`
	NetBefore string `json:"net_sales_window_before"`
	NetAfter  string `json:"net_sales_window"`
	Net       string `json:"net_sales_change"`
	Profit    string `json:"gross_profit_change"` // "" unknown
	net       [2]money.Amount
	profit    [2]money.Amount
}

// CauseLine is the movers of one cause.
type CauseLine struct {
	Cause     string `json:"cause"` // definitions, data, by hand, new, gone or behaviour
	Criterion string `json:"criterion"`
	Up        int    `json:"up"`
	Down      int    `json:"down"`
	Customers int    `json:"customers"`
	Net       string `json:"net_sales_change"`
	net       money.Amount
}

// Mover is a customer with another tier, a new one or one that is gone.
type Mover struct {
	ID        string `json:"customer_id"`
	Name      string `json:"name,omitempty"`
	Owner     string `json:"owner,omitempty"`
	Old       string `json:"old_tier"`
	New       string `json:"new_tier"`
	Change    string `json:"tier_change"`
	Cause     string `json:"cause"`
	Criterion string `json:"criterion"`
	ByHowMuch string `json:"by_how_much,omitempty"`
	NetBefore string `json:"net_sales_window_before,omitempty"`
	Net       string `json:"net_sales_window,omitempty"`
	// Past is by how much the net sales of days that both runs know changed: data, not behaviour.
	Past    string `json:"past_net_sales_change,omitempty"`
	Reason  string `json:"reason,omitempty"`
	netDiff money.Amount
}

// Compare compares two published runs, named as FindRun has it. The first is the one before. Errors are
// those of Explain, and ErrBooks where the sums of a run are not those of its manifest.
func Compare(out, before, after string, workers int) (*Diff, error) {
	var pair [2]*published
	for k, word := range []string{before, after} {
		dir, id, err := FindRun(out, word)
		if err != nil {
			return nil, err
		}
		if pair[k], err = openPublished(dir, id, workers); err != nil {
			return nil, err
		}
		defer pair[k].Close() // only read
	}
	c, err := newComparison(pair[0], pair[1])
	if err != nil {
		return nil, err
	}
	return c.diff()
}

func (c *comparison) diff() (*Diff, error) {
	d := &Diff{Old: c.old.line(), New: c.new.line(), unit: c.new.unit("net_sales_window"), profits: !c.old.bars.marginOff && !c.new.bars.marginOff}
	d.Definitions, d.Cuts = c.definitions(), changed(c.old.manifest.Cuts, c.new.manifest.Cuts)
	if err := errors.Join(c.past(d), c.migrate(d), c.movers(d)); err != nil {
		return nil, err
	}
	d.causes()
	return d, nil
}

func (p *published) line() RunLine {
	m := &p.manifest
	return RunLine{p.run.ID, m.AsOf, m.WindowFrom, m.WindowTo, m.Version, p.Rows()}
}

func (p *published) unit(column string) string {
	f, _ := p.Field(column)
	return f.Unit
}

// migrate tabulates who went where, with the money of the new run and with that of the old one; their
// difference, cell by cell, is the bridge.
func (c *comparison) migrate(d *Diff) error {
	shown, err := migration.Tabulate(c.customers(true, true))
	if err != nil {
		return as(ErrInput, err)
	}
	before, err1 := migration.Tabulate(c.customers(true, false))
	after, err2 := migration.Tabulate(c.customers(false, true))
	if err := errors.Join(err1, err2); err != nil {
		return as(ErrInput, err)
	}
	lines := map[string]*BridgeLine{}
	for _, who := range bridgeOrder() {
		d.Bridge = append(d.Bridge, BridgeLine{Who: who})
	}
	for k := range d.Bridge {
		lines[d.Bridge[k].Who] = &d.Bridge[k]
	}
	for a := tier.None; int(a) < tier.Tiers; a++ {
		for b := tier.None; int(b) < tier.Tiers; b++ {
			cell := shown.Cells[a][b]
			if cell.Customers == 0 {
				continue
			}
			x := MatrixCell{Old: state(a, "(new)"), New: state(b, "(gone)"), Movement: c.way(a, b), Customers: cell.Customers, NetSales: cell.Net.String(), net: cell.Net}
			if !c.new.bars.marginOff {
				x.Profit = cell.Profit.String()
			}
			d.Matrix = append(d.Matrix, x)
			l := lines[bridgeName(a, b)]
			l.Customers += cell.Customers
			l.net = [2]money.Amount{l.net[0] + before.Cells[a][b].Net, l.net[1] + after.Cells[a][b].Net}
			l.profit = [2]money.Amount{l.profit[0] + before.Cells[a][b].Profit, l.profit[1] + after.Cells[a][b].Profit}
		}
	}
	return d.close(c)
}

// bridgeOrder are the lines of the bridge.
func bridgeOrder() []string {
	names := []string{"new customers", "gone customers"}
	for t := tier.Core; int(t) < tier.Tiers; t++ {
		names = append(names, "stayed "+t.String())
	}
	return append(names, "moved up", "moved down")
}

func bridgeName(a, b tier.Tier) string {
	switch {
	case a == tier.None:
		return "new customers"
	case b == tier.None:
		return "gone customers"
	case a == b:
		return "stayed " + a.String()
	case b < a:
		return "moved up"
	}
	return "moved down"
}

// close prints the bridge and holds it against the totals that both manifests state. The sums of cells
// fit, for Tabulate sums whole columns and lines are parts of them.
func (d *Diff) close(c *comparison) error {
	var net [2]money.Amount
	kept := d.Bridge[:0]
	for _, l := range d.Bridge {
		net[0], net[1] = net[0]+l.net[0], net[1]+l.net[1]
		if l.Customers == 0 {
			continue
		}
		l.NetBefore, l.NetAfter, l.Net = l.net[0].String(), l.net[1].String(), (l.net[1] - l.net[0]).String()
		if d.profits {
			l.Profit = (l.profit[1] - l.profit[0]).String()
		}
		kept = append(kept, l)
	}
	d.Bridge, d.netOld, d.netNew = kept, net[0], net[1]
	d.NetOld, d.NetNew = net[0].String(), net[1].String()
	for k, p := range []*published{c.old, c.new} {
		if said := p.manifest.Company.NetSalesWindow; said != net[k].String() {
			return as(ErrBooks, fmt.Errorf("run %s: the net sales of its customers are %s, its manifest says %s; `vitalfew verify %s` shows what is damaged", p.run.ID, net[k], said, p.run.ID))
		}
	}
	return nil
}

// causes adds the movers up by what moved them.
func (d *Diff) causes() {
	at := map[[2]string]int{}
	for i := range d.Movers {
		m := &d.Movers[i]
		key := [2]string{m.Cause, m.Criterion}
		k, known := at[key]
		if !known {
			k = len(d.Causes)
			at[key], d.Causes = k, append(d.Causes, CauseLine{Cause: m.Cause, Criterion: m.Criterion})
		}
		l := &d.Causes[k]
		l.Customers++
		l.net += m.netDiff
		if now, was := tierNamed(m.New), tierNamed(m.Old); now != tier.None && was != tier.None && now < was {
			l.Up++
		} else if now != tier.None && was != tier.None {
			l.Down++
		}
	}
	sortCauses(d.Causes)
	for k := range d.Causes {
		d.Causes[k].Net = d.Causes[k].net.String()
	}
}

// WriteJSON writes the comparison as JSON.
func (d *Diff) WriteJSON(w io.Writer) error { return writeJSON(w, d) }
