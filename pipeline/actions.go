package pipeline

import (
	"context"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/list"
)

// listsIn draws the action lists up, until the context ends.
func (f *Figures) listsIn(ctx context.Context) step {
	return func(c Config, _ int) error { return f.lists(ctx, c) }
}

// lists draws the action lists up. Children stand on none: their parents do.
func (f *Figures) lists(ctx context.Context, c Config) error {
	x := f.Features
	n := x.Len()
	in := list.Customers{
		Tier: make([]list.Tier, n), Quadrant: make([]list.Quadrant, n), KeyScore: f.Key.KeyScore,
		Net: x.In.Net, Covered: x.In.Covered, Profit: x.In.Profit, ProfitKnown: f.ProfitKnown, MarginOff: f.Key.MarginOff,
		Returned: x.In.Returned, Discount: x.In.Discount, Fit: f.Fit, Why: f.AppendReason,
		Company: list.Company{Net: x.Company.In.Net, Covered: x.Company.In.Covered, Profit: x.Company.In.Profit,
			Returned: x.Company.In.Returned, Discount: x.Company.In.Discount},
	}
	for i := range n {
		if !f.child(i) {
			in.Tier[i], in.Quadrant[i] = list.Tier(f.Tiers[i]), list.Quadrant(f.Key.Quadrant[i])
		}
	}
	days := f.Ledger.Days()
	in.WindowDays = int(x.Window.To - max(x.Window.From, days.From))
	if !c.AllTime {
		in.WindowDays = c.Window
		in.Previous = f.before
	}
	in.WindowDays = max(1, in.WindowDays)
	f.potential(&in)
	f.risk(&in)
	if err := f.explainMargins(ctx, c, &in); err != nil {
		return err
	}
	var err error
	f.Lists, err = list.Build(in, c.Lists)
	return as(ErrInput, err)
}

// windowBefore computes net sales of the window of the same length before, unless the data reach
// back less than nine tenths of it: growth against a part of a year would be an illusion.
func (f *Figures) windowBefore(c Config, _ int) error {
	if c.AllTime {
		return nil
	}
	days := f.Ledger.Days()
	w := f.Features.Window
	length := w.To - w.From
	before := civil.Range{From: w.From - length, To: w.From}
	if before.From >= civil.Min && days.From <= before.From+length/10 {
		f.before = windowNet(f.seen.At(f.AsOf), before)
	}
	return nil
}

// windowNet is each customer's net sales in a range of days. The sums fit: those of all days do.
func windowNet(v ledger.View, r civil.Range) []money.Amount {
	net := make([]money.Amount, v.Customers())
	rows := v.Rows()
	for c := range net {
		lo, hi := v.Window(c, r)
		for _, a := range rows.Net[lo:hi] {
			net[c] += a
		}
	}
	return net
}

// potential takes the CRM's estimate of what an account could spend in a year.
func (f *Figures) potential(in *list.Customers) {
	if f.Accounts == nil || !f.Accounts.Has(layout.AccountPotential) {
		return
	}
	in.Potential, in.PotentialKnown = make([]money.Amount, len(f.AccountRow)), make([]bool, len(f.AccountRow))
	for i, row := range f.AccountRow {
		if row >= 0 {
			in.Potential[i], in.PotentialKnown[i] = f.Accounts.Potential.At(row)
		}
	}
}
