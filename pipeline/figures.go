package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/scoring/feature"
	"github.com/vitalfew/vitalfew/scoring/forecast"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/scoring/pareto"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
	"github.com/vitalfew/vitalfew/segment/list"
	"github.com/vitalfew/vitalfew/segment/profile"
	"github.com/vitalfew/vitalfew/segment/rfm"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// Figures are everything a night computes about the customers of a ledger. Row i of every column
// is ledger customer i.
type Figures struct {
	Ledger   *ledger.Ledger // as built, every account with its own rows only
	AsOf     civil.Day
	Currency string // reporting currency; "" where nothing names one
	table    *table.Table
	Accounts *account.Accounts // nil without CRM export
	// AccountRow is the customer's row in Accounts, -1 without one; nil without CRM export.
	AccountRow []int
	// Root is the customer of the ultimate parent, itself without one. Child marks the others: they
	// have figures of their own, but rank, score and tier are their ultimate parent's.
	Root  []int
	Child []bool // nil: the run has no parent accounts

	seen     *ledger.Ledger // with the rows of children at their parents too
	reread   again          // nil: the orders cannot be read again
	before   []money.Amount // net sales of the window of the same length before; nil: the data do not reach back
	Features *feature.Features
	Sales    *pareto.Ranking[money.Amount]
	Profit   *pareto.Ranking[money.Amount]
	// ProfitKnown marks customers whose gross profit of the window is known.
	ProfitKnown   []bool
	Whale         *pareto.Whale[money.Amount]
	Concentration pareto.Concentration
	Key           *keyaccount.Result
	Credit        *keyaccount.CreditGate // nil: no credit data in the run
	Fit           []float64              // nil: no strategic fit in the run
	RFM           *rfm.Result
	Life          *lifecycle.Result
	Tier          *tier.Result
	Lists         *list.Lists
	Profiles      *profile.Profiles
	Settled       *tier.Settled
	Past          Past
	Overridden    []*override // by hand; nil entries are not
	Tiers         []tier.Tier // after settling and overrides; children inherit
	TierTotals    [tier.Tiers]TierTotal
	Outlook       *forecast.Outlook // nil: the models are off
	atRisk        amountColumn      // Outlook.ValueAtRisk
}

// TierTotal is the line of a tier in the overview. Customers counts rows, children among them;
// money leaves children out, whose figures are in their parents'.
type TierTotal struct {
	Customers, Children int
	Net, Profit         money.Amount // of the window
}

// compute derives every figure from the ledger for the as-of day.
func compute(ctx context.Context, l *ledger.Ledger, asOf civil.Day, accounts *account.Accounts, currency string, c Config, workers int, past Past, events Events, reread again) (*Figures, error) {
	f := &Figures{Ledger: l, AsOf: asOf, Currency: currency, Accounts: accounts, Past: past, reread: reread}
	if err := f.hierarchy(); err != nil {
		return nil, err
	}
	// Steps of one line need only what the lines above have made, so they run side by side.
	for _, steps := range [][]step{
		{f.features},
		{f.rankSales, f.rankProfit, f.scoreRFM, f.creditGate, f.windowBefore},
		{f.keyAccounts},
		{f.foresee(ctx, events)},
		{f.segments},
		{f.settle},
		{f.inherit},
		{f.listsIn(ctx), f.profiles, f.layOut},
	} {
		if err := sideBySide(ctx, steps, c, workers); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// layOut makes the customer table.
func (f *Figures) layOut(_ Config, workers int) error {
	var err error
	if f.table, err = f.Table(f.Currency, workers); err != nil {
		return as(ErrInput, fmt.Errorf("the figures of a customer do not fit the columns of customers.parquet: %w; check the units of the orders", err))
	}
	return nil
}

// step computes a part of the figures. It writes to fields that no step beside it touches.
type step func(c Config, workers int) error

func sideBySide(ctx context.Context, steps []step, c Config, workers int) error {
	errs := make([]error, len(steps))
	room := make(chan struct{}, workers)
	var wg sync.WaitGroup
	for i, s := range steps {
		room <- struct{}{}
		wg.Go(func() {
			if errs[i] = ctx.Err(); errs[i] == nil {
				errs[i] = s(c, workers)
			}
			<-room
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// hierarchy finds the ultimate parents. Every parent id is a ledger customer by now.
func (f *Figures) hierarchy() error {
	n := f.Ledger.Customers()
	f.Root = make([]int, n)
	for c := range f.Root {
		f.Root[c] = c
	}
	if f.Accounts == nil {
		return nil
	}
	ids := make([]string, n)
	for c := range ids {
		ids[c] = f.Ledger.ID(c)
	}
	f.AccountRow = f.Accounts.Align(ids)
	h, err := account.NewHierarchy(ids, f.Accounts.Parents(ids))
	if err != nil {
		return as(ErrInput, err)
	}
	for c := range f.Root {
		f.Root[c] = h.Root[c]
		if f.Root[c] != c {
			if f.Child == nil {
				f.Child = make([]bool, n)
			}
			f.Child[c] = true
		}
	}
	return nil
}

func (f *Figures) features(c Config, workers int) error {
	err := f.rollUp(workers)
	if err != nil {
		return err
	}
	f.Features, err = feature.Compute(f.seen.At(f.AsOf), feature.Options{Window: c.windowOn(f.AsOf), Outside: f.Child, Workers: workers})
	return as(ErrInput, err)
}

// rollUp gives ultimate parents the rows of the accounts below them.
func (f *Figures) rollUp(workers int) (err error) {
	f.seen = f.Ledger
	if f.Child != nil {
		f.seen, err = f.Ledger.RollUp(workers, f.Root)
	}
	return as(ErrInput, err)
}

func (f *Figures) child(i int) bool { return f.Child != nil && f.Child[i] }

// rankSales ranks all but children by net sales. A customer without a line in the window sold
// nothing, which is a known zero.
func (f *Figures) rankSales(c Config, _ int) error {
	var err error
	if f.Sales, err = pareto.Rank(f.Features.In.Net, f.roots(), c.Pareto); err != nil {
		return as(ErrInput, err)
	}
	f.Concentration = pareto.Concentrate(f.Sales)
	return nil
}

// rankProfit ranks all but children whose profit is known: most of their sales have a cost.
func (f *Figures) rankProfit(c Config, _ int) error {
	f.ProfitKnown = profitKnown(&f.Features.In, f.Features.Company.In, c)
	ranked := f.roots()
	for i, known := range f.ProfitKnown {
		ranked[i] = ranked[i] && known
	}
	var err error
	if f.Profit, err = pareto.Rank(f.Features.In.Profit, ranked, c.Pareto); err != nil {
		return as(ErrInput, err)
	}
	f.Whale = pareto.NewWhale(f.Profit)
	return nil
}

// roots marks all but children.
func (f *Figures) roots() []bool {
	out := make([]bool, len(f.Root))
	for i := range out {
		out[i] = !f.child(i)
	}
	return out
}

func (f *Figures) scoreRFM(Config, int) error {
	x := f.Features
	var err error
	f.RFM, err = rfm.Score(rfm.Customers{RecencyDays: x.RecencyDays, Frequency: x.Purchases, Monetary: x.All.Net, Among: f.roots()}, rfm.Settings{})
	return as(ErrInput, err)
}

func profitKnown(s *feature.Sums, company feature.Total, c Config) []bool {
	known := make([]bool, len(s.Net))
	if company.Costed == 0 {
		return known
	}
	for i := range known {
		known[i] = s.Lines[i] == 0 || keyaccount.Covers(c.KeyAccount.MinCoverage, s.Net[i], s.Covered[i], s.Lines[i], s.Costed[i])
	}
	return known
}

func (f *Figures) keyAccounts(c Config, _ int) error {
	in := &f.Features.In
	a := keyaccount.Accounts{
		Net: in.Net, Covered: in.Covered, Cost: in.Cost, Lines: in.Lines, Costed: in.Costed, Orders: in.Orders,
		SalesRank: f.Sales.Rank, SalesClass: f.Sales.Class, MarginOrders: f.Features.MarginOrders, MarginSquares: f.Features.MarginSquares,
	}
	if f.Child != nil { // children are in their parents' figures: here they have none
		a.Net, a.Covered, a.Cost = without(a.Net, f.Child), without(a.Covered, f.Child), without(a.Cost, f.Child)
		a.Lines, a.Costed, a.Orders = without(a.Lines, f.Child), without(a.Costed, f.Child), without(a.Orders, f.Child)
		a.MarginOrders, a.MarginSquares = without(a.MarginOrders, f.Child), without(a.MarginSquares, f.Child)
	}
	if !c.IgnoreFit {
		f.Fit = f.strategicFit()
	}
	a.Fit = f.Fit
	var err error
	f.Key, err = keyaccount.Score(a, c.KeyAccount)
	return as(ErrInput, err)
}

func without[T any](src []T, drop []bool) []T {
	dst := make([]T, len(src))
	for i, v := range src {
		if !drop[i] {
			dst[i] = v
		}
	}
	return dst
}

func (f *Figures) segments(c Config, _ int) error {
	x := f.Features
	key := make([]bool, x.Len())
	for i, q := range f.Key.Quadrant {
		key[i] = q == keyaccount.Key
	}
	life := lifecycle.Customers{
		Purchases: x.Purchases, Quarters: x.Quarters, Returned: x.All.Returned, TenureDays: x.TenureDays,
		OverdueRatio: x.OverdueRatio, Key: key, MarginOff: f.Key.MarginOff,
	}
	if len(f.Ledger.Categories()) > 0 {
		life.Breadth = x.Breadth
	}
	if f.purchaseModel() != "" {
		life.PAlive = f.Outlook.Alive
	}
	var err error
	if f.Life, err = lifecycle.Assign(life, c.Life); err != nil {
		return as(ErrConfig, err)
	}
	return f.assignTiers(c, key)
}

func (f *Figures) assignTiers(c Config, key []bool) error {
	x := f.Features
	loyal := make([]bool, x.Len())
	for i, s := range f.Life.Stage {
		loyal[i] = s == lifecycle.Loyal || s == lifecycle.Partner
	}
	in := tier.Customers{
		Key: key, MarginOff: f.Key.MarginOff, CreditOff: f.Credit == nil, Loyal: loyal, LastDay: x.LastDay, WindowFrom: x.Window.From,
		Returned: x.All.Returned, Net: x.In.Net, Profit: x.In.Profit, ProfitKnown: f.ProfitKnown,
		Why: tier.Texts{Quadrant: f.Key.AppendReason, Stage: f.Life.AppendReason},
	}
	if f.Child != nil {
		in.Net, in.Profit = without(in.Net, f.Child), without(in.Profit, f.Child)
	}
	if f.Credit != nil {
		in.Credit = make([]tier.Credit, x.Len())
		for i, v := range f.Credit.Verdicts {
			in.Credit[i] = tierCredit(v.State)
		}
		in.Why.Credit = f.Credit.AppendReason
	}
	var err error
	f.Tier, err = tier.Assign(in, c.Tier)
	return as(ErrInput, err)
}

func tierCredit(s keyaccount.CreditState) tier.Credit {
	switch s {
	case keyaccount.CreditGood:
		return tier.CreditGood
	case keyaccount.CreditWatch:
		return tier.CreditWatch
	case keyaccount.CreditBlocked:
		return tier.CreditBlocked
	}
	return tier.CreditUnknown
}

// inherit adds the tiers up, children with their ultimate parent's.
func (f *Figures) inherit(Config, int) error {
	for i, root := range f.Root {
		t := &f.TierTotals[f.Tiers[i]]
		t.Customers++
		if root != i {
			t.Children++
			continue
		}
		net, ok1 := money.Add(t.Net, f.Features.In.Net[i])
		profit, ok2 := t.Profit, true
		if f.ProfitKnown[i] {
			profit, ok2 = money.Add(t.Profit, f.Features.In.Profit[i])
		}
		if !ok1 || !ok2 {
			return as(ErrInput, fmt.Errorf("the sums of tier %s do not fit", f.Tiers[i]))
		}
		t.Net, t.Profit = net, profit
	}
	return nil
}

// AppendReason appends why customer i has its tier.
func (f *Figures) AppendReason(dst []byte, i int) []byte {
	root := f.Root[i]
	if root != i {
		dst = append(dst, "with its parent "...)
		dst = append(dst, f.Ledger.ID(root)...)
		dst = append(dst, ": "...)
	}
	if o := f.Overridden[root]; o != nil {
		dst = o.appendReason(dst)
	}
	return f.Settled.AppendReason(dst, f.Tier, root)
}
