package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/assortment"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/scoring/margin"
	"github.com/vitalfew/vitalfew/segment/list"
)

// again reads the order lines a second time and gives them to what lines makes.
type again func(ctx context.Context, lines func() ingest.Sink) ([]ingest.Sink, error)

// again reads the orders as load did. Where duplicates were set aside, they are again.
func (n *night) again(ctx context.Context, lines func() ingest.Sink) ([]ingest.Sink, error) {
	n.events.stage("reading orders again for the mix of fix-margin")
	o := n.reading
	o.Lines, o.Progress = lines, nil
	if o.Repeats != ingest.SetAside {
		o.Repeats = ingest.Unasked
	}
	r, err := ingest.Read(ctx, n.in.orders, o)
	if err != nil {
		return nil, err
	}
	return r.Sinks, nil
}

// margins takes the margins of VOLUME_ONLY customers apart, for the list fix-margin.
type margins struct {
	f        *Figures
	now      civil.Range
	before   civil.Range // empty: the data do not reach back
	company  margin.Trade
	coverage money.Rate
	place    []int32          // of the customer in sums, -1; nil without sums
	sums     *assortment.Sums // nil: the mix is unknown
	yard     *margin.Yardstick
}

// explainMargins prepares the taking apart; only the mix needs the orders again.
func (f *Figures) explainMargins(ctx context.Context, c Config, in *list.Customers) error {
	wanted := f.volumeOnly()
	if f.Key.MarginOff || len(wanted) == 0 {
		return nil
	}
	m := &margins{f: f, now: f.Features.Window, coverage: c.KeyAccount.MinCoverage}
	if f.before != nil {
		m.before = civil.Range{From: m.now.From - (m.now.To - m.now.From), To: m.now.From}
	}
	var ok bool
	if m.company, ok = m.companyTrade(); !ok {
		return as(ErrInput, errors.New("the returns of the window do not fit: amounts beyond 922 trillion; check the units of the export"))
	}
	if in.MixOff = f.mixOff(c); in.MixOff == "" {
		if err := m.countMix(ctx, wanted); err != nil {
			return as(ErrInput, err)
		}
		if !m.sums.Named() {
			in.MixOff, m.sums = noCategories, nil
		}
	}
	in.Gaps = m.gaps
	return nil
}

const noCategories = "mix unknown: no line of the window with a known cost names a category, so that what a customer buys cannot be compared"

// mixOff says why the mix is not asked for; "" where it is.
func (f *Figures) mixOff(c Config) string {
	switch lines := f.Features.Company.All.Lines; {
	case len(f.Ledger.Categories()) == 0:
		return noCategories
	case c.MixLines < 0 || f.reread == nil:
		return "mix unknown: lists.mix_lines is 0, so the orders are not read again for it"
	case lines > int64(c.MixLines):
		return fmt.Sprintf("mix unknown: it takes reading the orders again, which is done for up to %s lines, and these are %s; set lists.mix_lines higher to have it",
			group(int64(c.MixLines)), group(lines))
	}
	return ""
}

func (f *Figures) volumeOnly() (customers []int32) {
	for i, q := range f.Key.Quadrant {
		if q == keyaccount.VolumeOnly && !f.child(i) {
			customers = append(customers, int32(i))
		}
	}
	return customers
}

// trade is what a customer's margin is made of in a range of days; of its group, for a parent.
func (m *margins) trade(i int, in civil.Range) (t margin.Trade, ok bool) {
	v := m.f.seen.At(m.f.AsOf)
	lo, hi := v.Window(i, in)
	return tradeOf(v.Rows(), lo, hi)
}

// tradeOf sums rows up. A row without a sale is a document of returns only.
func tradeOf(r *ledger.Rows, lo, hi int) (margin.Trade, bool) {
	var t margin.Trade
	var k money.Checked
	sum := func(to *money.Amount, a money.Amount) { *to = money.Amount(k.Add(int64(*to), int64(a))) }
	for i := lo; i < hi; i++ {
		profit := money.Amount(k.Sub(int64(r.Covered[i]), int64(r.Cost[i])))
		sum(&t.Covered, r.Covered[i])
		sum(&t.Profit, profit)
		if r.Sales[i] == 0 {
			sum(&t.Back, r.Covered[i])
			sum(&t.BackProfit, profit)
			continue
		}
		sum(&t.Net, r.Net[i])
		sum(&t.Discount, r.Discount[i])
	}
	return t, k.OK()
}

// companyTrade is the window of all customers; what the ledger's totals do not tell are the documents
// of returns only.
func (m *margins) companyTrade() (margin.Trade, bool) {
	in := m.f.Features.Company.In
	var back margin.Trade
	var net, discount money.Amount
	var k money.Checked
	r := m.f.Ledger.Rows()
	for i, sales := range r.Sales {
		if sales == 0 && m.now.Contains(r.Day[i]) {
			t, ok := tradeOf(r, i, i+1)
			sum, fits := back.Add(t)
			if !ok || !fits {
				return back, false
			}
			back = sum
			net, discount = money.Amount(k.Add(int64(net), int64(r.Net[i]))), money.Amount(k.Add(int64(discount), int64(r.Discount[i])))
		}
	}
	t := margin.Trade{Covered: in.Covered, Profit: in.Profit, Back: back.Back, BackProfit: back.BackProfit,
		Net: money.Amount(k.Sub(int64(in.Net), int64(net))), Discount: money.Amount(k.Sub(int64(in.Discount), int64(discount)))}
	return t, k.OK()
}

// countMix reads the orders again and sums them up by category.
func (m *margins) countMix(ctx context.Context, wanted []int32) error {
	m.place = make([]int32, len(m.f.Root))
	for i := range m.place {
		m.place[i] = -1
	}
	for at, i := range wanted {
		m.place[i] = int32(at)
	}
	l := m.f.Ledger
	q := &assortment.Question{Windows: []civil.Range{m.now}, Place: func(id string) int32 {
		if i, ok := l.Find(id); ok {
			return m.place[m.f.Root[i]]
		}
		return -1
	}}
	if !m.before.Empty() {
		q.Windows = append(q.Windows, m.before)
	}
	sinks, err := m.f.reread(ctx, func() ingest.Sink { return assortment.NewCounter(q) })
	if err != nil {
		return err
	}
	counters := make([]*assortment.Counter, len(sinks))
	for i, s := range sinks {
		counters[i] = s.(*assortment.Counter)
	}
	if m.sums, err = assortment.Join(q, counters); err != nil {
		return err
	}
	m.yard = margin.NewYardstick(m.sums.Company(0))
	return m.balance()
}

// balance holds the second reading against the first.
func (m *margins) balance() error {
	var again margin.Trade
	var k money.Checked
	for _, p := range m.sums.Company(0) {
		again.Covered = money.Amount(k.Add(int64(again.Covered), int64(p.Covered)))
		again.Profit = money.Amount(k.Add(int64(again.Profit), int64(p.Profit)))
	}
	if !k.OK() || again.Covered != m.company.Covered || again.Profit != m.company.Profit {
		return as(ErrBooks, fmt.Errorf("read again, the orders come to sales of %s and profit of %s in the window, not %s and %s", again.Covered, again.Profit, m.company.Covered, m.company.Profit))
	}
	return nil
}

// gaps takes the margin of a customer apart, against the company and against its own window before.
func (m *margins) gaps(i int) list.Gaps {
	var g list.Gaps
	now, ok := m.trade(i, m.now)
	if !ok {
		return g
	}
	excess := m.excess(i, 0)
	if g.Company, g.Known = margin.Explain(now, m.company, excess, m.companyExcess()); !g.Known || m.before.Empty() {
		return g
	}
	past, ok := m.trade(i, m.before)
	if !ok || !m.covered(i) {
		return g
	}
	g.PastRate = past.Rate()
	g.Past, g.PastKnown = margin.Explain(now, past, excess, m.excess(i, 1))
	return g
}

// excess is what the customer's basket of a window would earn above the company's rate.
func (m *margins) excess(i, window int) float64 {
	if m.sums == nil {
		return math.NaN()
	}
	return m.yard.Excess(m.sums.Basket(m.place[i], window))
}

// companyExcess is zero but for categories of which more came back than was sold.
func (m *margins) companyExcess() float64 {
	if m.sums == nil {
		return math.NaN()
	}
	return m.yard.Excess(m.sums.Company(0))
}

// covered reports whether the cost of enough of the sales of the window before is known.
func (m *margins) covered(i int) bool {
	v := m.f.seen.At(m.f.AsOf)
	rows := v.Rows()
	var net, covered money.Amount
	var lines, costed int64
	lo, hi := v.Window(i, m.before)
	for r := lo; r < hi; r++ {
		net, covered = net+rows.Net[r], covered+rows.Covered[r] // the sums fit: those of all days do
		lines, costed = lines+int64(rows.Lines[r]), costed+int64(rows.Costed[r])
	}
	return lines > 0 && keyaccount.Covers(m.coverage, net, covered, lines, costed)
}
