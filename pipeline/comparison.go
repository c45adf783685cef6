package pipeline

import (
	"cmp"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/segment/migration"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// comparison holds the columns of two runs side by side.
type comparison struct {
	old, new  *published
	before    memory // of the old run
	now       memory // of the new run
	byHand    *table.Column
	place     []int32        // of each customer of the new run in the old one, -1 without
	gone      []int32        // customers of the old run that the new one does not know
	redefined bool           // other definitions: a change of tier is no movement
	restated  []money.Amount // by customer of the new run, of days that both runs know; nil: unknown
	lost      []money.Amount // likewise by gone
}

func newComparison(old, new *published) (*comparison, error) {
	c := &comparison{old: old, new: new, redefined: old.manifest.Definitions != new.manifest.Definitions}
	for k, p := range []*published{old, new} {
		m := []*memory{&c.before, &c.now}[k]
		t, err := p.Read(memoryColumns(), nil, p.workers)
		if err == nil {
			err = m.take(t)
		}
		if err != nil {
			return nil, p.run.Damage(customersFile, err)
		}
	}
	t, err := new.Read([]string{"tier_by_hand"}, nil, new.workers)
	if err != nil {
		return nil, new.run.Damage(customersFile, err)
	}
	c.byHand = &t.Columns()[0]
	c.place, c.gone = c.before.align(c.now.id.Len(), c.now.id.Text)
	return c, nil
}

// oldTier is the tier of customer i of the new run in the old one, None without one.
func (c *comparison) oldTier(i int) tier.Tier {
	if at := c.place[i]; at >= 0 {
		return c.before.tier[at]
	}
	return tier.None
}

// change is what became of the tier of customer i of the new run.
func (c *comparison) change(i int) Change {
	at := c.place[i]
	byHand := at >= 0 && (c.byHand.Bool(i) || c.before.tier[at] != c.before.rule[at])
	return changeOf(c.now.tier[i], c.oldTier(i), byHand, c.redefined)
}

// way says which way a cell of the matrix goes.
func (c *comparison) way(a, b tier.Tier) string { return wayOf(a, b, c.redefined) }

// customers are the columns to tabulate: all customers of either run, those who are gone last, with the
// money of the new run, of the old one, or, with both, of the new one and of the old where there is none.
func (c *comparison) customers(old, new bool) migration.Customers {
	n, all := len(c.place), len(c.place)+len(c.gone)
	out := migration.Customers{Old: make([]uint8, all), New: make([]uint8, all), Net: make([]money.Amount, all), Profit: make([]money.Amount, all),
		Known: make([]bool, all), States: tier.Tiers}
	fill := func(k int, m *memory, at int) {
		if !m.child[at] {
			out.Net[k], out.Profit[k], out.Known[k] = m.net.Amounts()[at], m.profit.Amounts()[at], m.profit.Valid(at)
		}
	}
	for i, at := range c.place {
		out.Old[i], out.New[i] = uint8(c.oldTier(i)), uint8(c.now.tier[i])
		if new {
			fill(i, &c.now, i)
		} else if at >= 0 {
			fill(i, &c.before, int(at))
		}
	}
	for k, at := range c.gone {
		out.Old[n+k] = uint8(c.before.tier[at])
		if old {
			fill(n+k, &c.before, int(at))
		}
	}
	return out
}

// netOf is the net sales of a customer's window, 0 for a child, whose parent has them.
func (m *memory) netOf(at int) money.Amount {
	if m.child[at] {
		return 0
	}
	return m.net.Amounts()[at]
}

// root is the row of the ultimate parent of customer i of the new run, as parents say; i itself where it
// is no child.
func (c *comparison) root(i int, parents *table.Column) int {
	for steps := 0; c.now.child[i] && steps < maxFamily; steps++ {
		up, found := c.find(parents.Text(i))
		if !found {
			break
		}
		i = up
	}
	return i
}

// find is the row of a customer id in the new run.
func (c *comparison) find(id string) (int, bool) {
	lo, hi := 0, c.now.id.Len()
	for lo < hi {
		mid := (lo + hi) / 2
		if c.now.id.Text(mid) < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < c.now.id.Len() && c.now.id.Text(lo) == id
}

func sortCauses(all []CauseLine) {
	slices.SortFunc(all, func(a, b CauseLine) int {
		return cmp.Or(cmp.Compare(b.Customers, a.Customers), cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.Criterion, b.Criterion))
	})
}
