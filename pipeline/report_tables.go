package pipeline

import (
	"fmt"
	"math"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/scoring/pareto"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
	"github.com/vitalfew/vitalfew/segment/rfm"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// groupSum is customers and their money of the window; Costed is the number whose profit is known.
type groupSum struct {
	Customers, Costed, Key int
	Net, Profit            money.Amount
}

// reportTally sums the customers up by what the page groups them by. Children are left out: their
// figures are in their parents'.
type reportTally struct {
	quadrants [keyaccount.Quadrants]groupSum
	stages    [lifecycle.Stages]groupSum
	credit    [4]groupSum // by keyaccount.CreditState
	idle      int         // of quadrant UNKNOWN, those without an order in the window
	all       groupSum
}

// tally passes over the customers once.
func (f *Figures) tally() (*reportTally, error) {
	t := &reportTally{}
	for i := range f.Root {
		if f.child(i) {
			continue
		}
		one := groupSum{Customers: 1, Net: f.Features.In.Net[i]}
		if f.ProfitKnown[i] {
			one.Costed, one.Profit = 1, f.Features.In.Profit[i]
		}
		if f.Key.Quadrant[i] == keyaccount.Key {
			one.Key = 1
		}
		if f.Key.Cause[i] == keyaccount.NoSales {
			t.idle++
		}
		state := keyaccount.CreditUnknown
		if f.Credit != nil {
			state = f.Credit.Verdicts[i].State
		}
		for _, sum := range [...]*groupSum{&t.quadrants[f.Key.Quadrant[i]], &t.stages[f.Life.Stage[i]], &t.credit[state], &t.all} {
			if !sum.add(&one) {
				return nil, as(ErrInput, errSum("the report's groups", f.Ledger.ID(i)))
			}
		}
	}
	return t, nil
}

func (s *groupSum) add(o *groupSum) bool {
	net, ok1 := money.Add(s.Net, o.Net)
	profit, ok2 := money.Add(s.Profit, o.Profit)
	*s = groupSum{s.Customers + o.Customers, s.Costed + o.Costed, s.Key + o.Key, net, profit}
	return ok1 && ok2
}

func (r reporter) tiers() reportTable {
	t := reportTable{
		Caption: "Customers, net sales and gross profit of the window by tier",
		Columns: numbers("Tier", "Customers", "Of them in a parent", r.inCurrency("Net sales"), "Share of sales", r.inCurrency("Gross profit"), "Share of profit"),
	}
	var sum TierTotal
	for k := tier.Core; int(k) < tier.Tiers; k++ {
		x := r.f.TierTotals[k] // the run has added the tiers up already and found that they fit
		sum = TierTotal{sum.Customers + x.Customers, sum.Children + x.Children, sum.Net + x.Net, sum.Profit + x.Profit}
	}
	line := func(name string, x TierTotal) []string {
		profit, share := r.profit(x.Profit), reportNone
		if !r.f.profitOff() {
			share = part(x.Profit, sum.Profit)
		}
		return []string{name, counted(x.Customers), counted(x.Children), cents(x.Net), part(x.Net, sum.Net), profit, share}
	}
	for k := tier.Core; int(k) < tier.Tiers; k++ {
		t.Rows = append(t.Rows, line(k.String(), r.f.TierTotals[k]))
	}
	t.Foot = line("all", sum)
	t.Note = "Every customer stands in exactly one tier. Money leaves out the accounts in a parent, whose figures are in their parent's."
	if x := r.f.Features.Company.In; !r.f.profitOff() && sum.Profit != x.Profit {
		t.Note += fmt.Sprintf(" Gross profit counts the customers whose cost is known well enough; with the rest it is %s%s.", cents(x.Profit), after(r.currency))
	}
	return t
}

// classes are the Pareto classes, of net sales and, where it is known, of gross profit.
func (r reporter) classes() []reportTable {
	out := []reportTable{r.classesOf("Net sales", r.f.Sales)}
	if !r.f.profitOff() {
		out = append(out, r.classesOf("Gross profit", r.f.Profit))
	}
	return out
}

func (r reporter) classesOf(measure string, ranking *pareto.Ranking[money.Amount]) reportTable {
	t := reportTable{
		Caption: "Classes by " + strings.ToLower(measure) + " of the window",
		Columns: numbers("Class", "Customers", "Share of customers", r.inCurrency(measure), "Share of what is above zero"),
	}
	c := ranking.Cuts
	for _, x := range []struct {
		class scoring.Class
		about string
	}{
		{scoring.A, "A: up to " + cut(c.A)}, {scoring.B, "B: up to " + cut(c.B)}, {scoring.C, "C: the rest above zero"}, {scoring.Zero, "Z: zero"}, {scoring.Loss, "L: below zero"},
	} {
		sum := ranking.Classes[x.class]
		t.Rows = append(t.Rows, []string{x.about, counted(sum.Customers), partOf(sum.Customers, len(ranking.Order)), cents(sum.Sum), part(sum.Sum, ranking.Base)})
	}
	t.Foot = []string{"all", counted(len(ranking.Order)), partOf(len(ranking.Order), len(ranking.Order)), cents(ranking.Total), part(ranking.Total, ranking.Base)}
	return t
}

func (r reporter) segments() reportTable {
	t := reportTable{
		Caption: "RFM segments over all history",
		Columns: numbers("Segment", "Customers", "Share of customers", "Purchases", r.inCurrency("Average order value"), r.inCurrency("Monetary")),
		Note:    "Monetary is net sales of all days; average order value is monetary / purchases.",
	}
	var sum rfm.SegmentTotal
	for s := rfm.Champions; int(s) < rfm.Segments; s++ {
		x := r.f.RFM.Totals[s]
		sum = rfm.SegmentTotal{Customers: sum.Customers + x.Customers, Purchases: sum.Purchases + x.Purchases, Monetary: sum.Monetary + x.Monetary}
	}
	line := func(name string, x rfm.SegmentTotal) []string {
		return []string{name, counted(x.Customers), partOf(x.Customers, sum.Customers), group(x.Purchases), each(x.Monetary, x.Purchases), cents(x.Monetary)}
	}
	for s := rfm.Champions; int(s) < rfm.Segments; s++ {
		t.Rows = append(t.Rows, line(s.String(), r.f.RFM.Totals[s]))
	}
	t.Foot = line("all with a purchase", sum)
	return t
}

// each prints an amount per piece to the cent, rounded half to even once.
func each(a money.Amount, n int64) string {
	const cent = money.One / 100
	if n <= 0 || n > math.MaxInt64/int64(cent)/4 {
		return reportNone
	}
	of := money.Amount(n) * cent
	q, rest := a/of, a%of
	away := max(rest, -rest) * 2
	if away > of || (away == of && q%2 != 0) {
		if a < 0 {
			q--
		} else {
			q++
		}
	}
	return cents(q * cent)
}

// cutPoints are the bounds of the scores, in words, and how many customers have each.
func (r reporter) cutPoints() reportTable {
	x := r.f.RFM
	t := reportTable{
		Caption: "RFM scores: what it takes, and how many customers have it",
		Columns: numbers("Score", "Recency in days", "Customers", "Frequency in purchases", "Customers", r.inCurrency("Monetary"), "Customers"),
		Note:    "The cut points are quantiles of the customers with a purchase; equal values have equal scores, so a score may be empty.",
	}
	if x.Recency.Given {
		t.Note = "The cut points are set."
	}
	if r.scored() == 0 {
		t.Note = "Nobody has a purchase, so there are no cut points."
		return t
	}
	for s := rfm.Scores; s > 0; s-- {
		t.Rows = append(t.Rows, []string{fmt.Sprint(s),
			fewer(x.Recency.Cuts, s), counted(x.Recency.Customers[s]),
			more(x.Frequency.Cuts, s, func(v int32) string { return group(int64(v)) }), counted(x.Frequency.Customers[s]),
			more(x.Monetary.Cuts, s, cents), counted(x.Monetary.Customers[s])})
	}
	return t
}

func (r reporter) scored() (n int) {
	for s := rfm.Champions; int(s) < rfm.Segments; s++ {
		n += r.f.RFM.Totals[s].Customers
	}
	return n
}

// fewer is the range of days of a score, of which fewer are better.
func fewer(cuts [rfm.Scores - 1]int32, s int) string {
	switch {
	case s == 1:
		return fmt.Sprintf("%s and more", group(int64(cuts[0])))
	case s == rfm.Scores:
		return fmt.Sprintf("under %s", group(int64(cuts[s-2])))
	case cuts[s-1] == cuts[s-2]:
		return reportNone
	}
	return fmt.Sprintf("%s to %s", group(int64(cuts[s-1])), group(int64(cuts[s-2])-1))
}

// more is the range of a score of which more is better.
func more[V int32 | money.Amount](cuts [rfm.Scores - 1]V, s int, text func(V) string) string {
	switch {
	case s == 1:
		return "up to " + text(cuts[0])
	case s == rfm.Scores:
		return "above " + text(cuts[s-2])
	case cuts[s-1] == cuts[s-2]:
		return reportNone
	}
	return "above " + text(cuts[s-2]) + ", up to " + text(cuts[s-1])
}

func (r reporter) stages(t *reportTally) reportTable {
	out := reportTable{
		Caption: "Life stages",
		Columns: numbers("Stage", "Customers", "Share of customers", r.inCurrency("Net sales in the window"), r.inCurrency("Gross profit in the window")),
	}
	for s := lifecycle.Prospect; int(s) < lifecycle.Stages; s++ {
		out.Rows = append(out.Rows, r.groupLine(s.String(), t.stages[s], t.all))
	}
	out.Foot = r.groupLine("all", t.all, t.all)
	if r.f.Child != nil {
		out.Note = "Accounts in a parent are counted with their parent."
	}
	return out
}

func (r reporter) groupLine(name string, x, all groupSum) []string {
	return []string{name, counted(x.Customers), partOf(x.Customers, all.Customers), cents(x.Net), r.profit(x.Profit)}
}

func (r reporter) credit(t *reportTally) reportTable {
	out := reportTable{
		Caption: "Credit states",
		Columns: numbers("State", "Customers", "Share of customers", "KEY accounts", r.inCurrency("Net sales in the window")),
	}
	line := func(name string, x groupSum) []string {
		return []string{name, counted(x.Customers), partOf(x.Customers, t.all.Customers), counted(x.Key), cents(x.Net)}
	}
	for _, s := range []keyaccount.CreditState{keyaccount.CreditGood, keyaccount.CreditWatch, keyaccount.CreditBlocked, keyaccount.CreditUnknown} {
		out.Rows = append(out.Rows, line(s.String(), t.credit[s]))
	}
	out.Foot = line("all", t.all)
	switch {
	case r.f.Credit == nil:
		out.Note = "The credit gate is off: the run has no credit data, so nobody is barred by it."
	case r.f.Child != nil:
		out.Note = "An account in a parent is judged with its parent's whole group."
	}
	return out
}
