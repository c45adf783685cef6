package pipeline

import (
	"math"
	"sync"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/scoring"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/scoring/pareto"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
	"github.com/vitalfew/vitalfew/segment/rfm"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// Table lays the figures out as the columns of customers.parquet, in the order that interface.md
// promises, and after them what was added since. Columns of models that are off are null.
func (f *Figures) Table(currency string, workers int) (*table.Table, error) {
	unit := "money"
	if currency != "" {
		unit += ":" + currency
	}
	sections := []func(*columns){(*columns).identity, (*columns).history, (*columns).window, (*columns).ranks, (*columns).account,
		(*columns).rfm, (*columns).models, (*columns).segments, (*columns).extras}
	parts := make([]columns, len(sections))
	room := make(chan struct{}, max(1, workers))
	var wg sync.WaitGroup
	for i, section := range sections {
		parts[i] = columns{f: f, n: f.Features.Len(), money: unit, workers: workers}
		room <- struct{}{}
		wg.Go(func() {
			section(&parts[i])
			<-room
		})
	}
	wg.Wait()
	var cols []table.Column
	for _, p := range parts {
		cols = append(cols, p.cols...)
	}
	return table.New(cols...)
}

type columns struct {
	f       *Figures
	n       int
	money   string
	workers int
	cols    []table.Column
}

func (t *columns) add(c ...table.Column) { t.cols = append(t.cols, c...) }

func (t *columns) identity() {
	ids := make([]string, t.n)
	for i := range ids {
		ids[i] = t.f.Ledger.ID(i)
	}
	t.add(table.Strings("customer_id", "", ids, nil), t.crm("name", func(a *account.Accounts) account.Column[string] { return a.Name }),
		t.crm("parent_id", func(a *account.Accounts) account.Column[string] { return a.ParentID }))
}

// crm is a text column of the CRM export.
func (t *columns) crm(name string, of func(*account.Accounts) account.Column[string]) table.Column {
	values, known := make([]string, t.n), make([]bool, t.n)
	if t.f.Accounts != nil {
		col := of(t.f.Accounts)
		for i, row := range t.f.AccountRow {
			if row >= 0 {
				values[i], known[i] = col.At(row)
			}
		}
	}
	return table.Strings(name, "", values, known)
}

func (t *columns) history() {
	x := t.f.Features
	bought := make([]bool, t.n)
	for i := range bought {
		bought[i] = x.PurchaseDays[i] > 0
	}
	traded := make([]bool, t.n)
	for i := range traded {
		traded[i] = x.All.Lines[i] > 0
	}
	t.add(table.Days("first_day", "day", x.FirstDay, nil), table.Days("last_day", "day", x.LastDay, nil),
		table.Ints("tenure_days", "days", widen(x.TenureDays), bought),
		table.Ints("orders", "count", widen(x.All.Orders), nil), table.Ints("purchase_days", "count", widen(x.PurchaseDays), nil),
		table.Ints("lines", "count", x.All.Lines, nil), table.Quantities("units", "quantity", x.All.Units, nil),
		table.Amounts("net_sales", t.money, x.All.Net, nil), table.Amounts("gross_profit", t.money, x.All.Profit, profitKnownOr(&x.All.ProfitKnown, traded, x.Company.All.Costed > 0)),
		table.Amounts("returned", t.money, x.All.Returned, nil), table.Amounts("discount", t.money, x.All.Discount, nil),
		table.Floats("cost_coverage", "rate", x.CostCoverage, traded))
}

// profitKnownOr marks customers whose gross profit is stated: on the part of their sales whose cost
// is known, and the zero of those who did not trade, unless no cost is known at all.
func profitKnownOr(known *[]bool, traded []bool, any bool) []bool {
	out := make([]bool, len(traded))
	for i := range out {
		out[i] = any && ((*known)[i] || !traded[i])
	}
	return out
}

func (t *columns) window() {
	x := t.f.Features
	traded := make([]bool, t.n)
	for i := range traded {
		traded[i] = x.In.Lines[i] > 0
	}
	ordered := make([]bool, t.n)
	for i := range ordered {
		ordered[i] = x.All.Orders[i] > 0
	}
	t.add(table.Amounts("net_sales_window", t.money, x.In.Net, nil),
		table.Amounts("gross_profit_window", t.money, x.In.Profit, profitKnownOr(&x.In.ProfitKnown, traded, x.Company.In.Costed > 0)),
		table.Ints("orders_window", "count", widen(x.In.Orders), nil),
		table.Floats("margin_rate", "rate", t.f.Key.MarginRate, nil), table.Floats("margin_rate_shrunk", "rate", t.f.Key.MarginRateShrunk, nil),
		table.Amounts("average_order_value", t.money, x.AverageOrderValue, ordered))
}

func (t *columns) ranks() {
	t.ranking("sales", t.f.Sales)
	t.ranking("profit", t.f.Profit)
}

func (t *columns) ranking(prefix string, r *pareto.Ranking[money.Amount]) {
	ranked, classes := make([]bool, t.n), make([]uint8, t.n)
	for i, k := range r.Rank {
		ranked[i], classes[i] = k > 0, uint8(r.Class[i])
	}
	names := make([]string, scoring.Classes)
	for k := range names {
		names[k] = scoring.Class(k).String()
	}
	t.add(table.Ints(prefix+"_rank", "rank", widen(r.Rank), ranked), table.Floats(prefix+"_share", "rate", r.Share, nil),
		table.Floats(prefix+"_cum_share", "rate", r.CumShare, nil), table.Coded(prefix+"_class", "class", classes, names, ranked))
}

func (t *columns) account() {
	k := t.f.Key
	t.add(table.Floats("volume_percentile", "percentile", k.VolumePercentile, nil), table.Floats("margin_percentile", "percentile", k.MarginPercentile, nil),
		table.Floats("key_score", "score", k.KeyScore, nil))
	quadrants := []keyaccount.Quadrant{keyaccount.Unknown, keyaccount.Key, keyaccount.VolumeOnly, keyaccount.Niche, keyaccount.Tail}
	t.add(coded("quadrant", "class", k.Quadrant, quadrants, nil))
	states := make([]keyaccount.CreditState, t.n)
	if t.f.Credit != nil {
		for i, v := range t.f.Credit.Verdicts {
			states[i] = v.State
		}
	}
	t.add(coded("credit_state", "class", states, []keyaccount.CreditState{keyaccount.CreditUnknown, keyaccount.CreditGood, keyaccount.CreditWatch, keyaccount.CreditBlocked}, nil))
	fit := t.f.Fit
	if fit == nil {
		fit = unknownFloats(t.n)
	}
	t.add(table.Floats("strategic_fit", "rating", fit, nil))
}

// coded makes a column of an enum. all lists every value it can have.
func coded[E interface {
	~uint8
	String() string
}](name, unit string, values []E, all []E, known []bool) table.Column {
	names := make([]string, 0, len(all))
	place := [256]uint8{}
	for k, v := range all {
		names, place[v] = append(names, v.String()), uint8(k)
	}
	codes := make([]uint8, len(values))
	for i, v := range values {
		codes[i] = place[v]
	}
	return table.Coded(name, unit, codes, names, known)
}

func (t *columns) rfm() {
	x, r := t.f.Features, t.f.RFM
	bought, scored := make([]bool, t.n), make([]bool, t.n)
	for i := range bought {
		bought[i], scored[i] = x.Purchases[i] > 0, r.R[i] > 0
	}
	segments := make([]rfm.Segment, rfm.Segments)
	for k := range segments {
		segments[k] = rfm.Segment(k)
	}
	t.add(table.Ints("recency_days", "days", widen(x.RecencyDays), bought), table.Ints("frequency", "count", widen(x.Purchases), nil),
		table.Amounts("monetary", t.money, x.All.Net, nil),
		table.Ints("r_score", "score", widen(r.R), scored), table.Ints("f_score", "score", widen(r.F), scored), table.Ints("m_score", "score", widen(r.M), scored),
		coded("rfm_segment", "class", r.Segment, segments, scored))
}

func (t *columns) segments() {
	t.add(coded("life_stage", "class", t.f.Life.Stage, []lifecycle.Stage{lifecycle.None, lifecycle.Prospect, lifecycle.First, lifecycle.Repeat, lifecycle.Loyal, lifecycle.Partner, lifecycle.Lapsed}, nil),
		coded("tier", "class", t.f.Tiers, allTiers(), nil),
		t.previousTier(), t.tierChange(),
		table.Strings("reason", "", t.f.reasons(t.workers), nil))
}

func allTiers() []tier.Tier {
	return []tier.Tier{tier.None, tier.Core, tier.Key, tier.General, tier.Dormant, tier.Prospect}
}

// extras are the columns beyond the promised ones: what analysts filter by.
func (t *columns) extras() {
	roles := make([]uint8, t.n)
	for i, root := range t.f.Root {
		if root != i {
			roles[i], roles[root] = 2, 1
		}
	}
	t.add(table.Coded("account_role", "class", roles, []string{"standalone", "parent", "child"}, nil))
	t.add(t.crm("industry", func(a *account.Accounts) account.Column[string] { return a.Industry }),
		t.crm("segment", func(a *account.Accounts) account.Column[string] { return a.Segment }),
		t.crm("owner", func(a *account.Accounts) account.Column[string] { return a.Owner }),
		t.crm("region", func(a *account.Accounts) account.Column[string] { return a.Region }),
		t.crm("channel", func(a *account.Accounts) account.Column[string] { return a.Channel }))
	t.add(table.Floats("expected_gap_days", "days", t.f.Features.ExpectedGap, nil))
	t.remembered()
	t.moreModels()
	t.add(table.Ints("purchase_quarters", "count", widen(t.f.Features.Quarters), nil))
	breadth, known := widen(t.f.Features.Breadth), make([]bool, t.n)
	for i := range known {
		known[i] = len(t.f.Ledger.Categories()) > 0
	}
	t.add(table.Ints("categories", "count", breadth, known))
	t.creditReasons()
}

// creditReasons say what is wrong with a credit, or missing; null where it is good and in a run without
// credit data.
func (t *columns) creditReasons() {
	texts, known := make([]string, t.n), make([]bool, t.n)
	if g := t.f.Credit; g != nil {
		var b []byte
		last := "" // most of those without data say the same
		for i, v := range g.Verdicts {
			if known[i] = v.State != keyaccount.CreditGood; known[i] {
				if b = g.AppendReason(b[:0], i); string(b) != last {
					last = string(b)
				}
				texts[i] = last
			}
		}
	}
	t.add(table.Strings("credit_reason", "", texts, known))
}

func unknownFloats(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

func widen[T ~int32 | ~uint8](in []T) []int64 {
	out := make([]int64, len(in))
	for i, v := range in {
		out[i] = int64(v)
	}
	return out
}
