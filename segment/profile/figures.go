package profile

import (
	"fmt"
	"math"
	"sort"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// Margin is gross profit / net sales over the lines whose cost is known; NaN unless those are above
// zero.
func (f *Figures) Margin() float64 {
	if f.Covered <= 0 {
		return math.NaN()
	}
	return f.Profit.Float() / f.Covered.Float()
}

// Breadth is the mean number of categories of the customers that bought any; NaN without any.
func (f *Figures) Breadth() float64 {
	return float64(f.Categories) / float64(f.Broad) // 0/0 is NaN
}

// figures sums the groups of a grouping up, and the rest of each.
func (b *builder) figures(g *Grouping) ([]Group, error) {
	sums := make([]sum, len(g.Groups))
	for i, code := range g.Code {
		if code > 0 && b.in(i) {
			b.add(&sums[code], i)
		}
	}
	var all sum
	for k := 1; k < len(sums); k++ {
		all.addSum(&sums[k])
	}
	groups := make([]Group, len(sums)-1)
	for k := range groups {
		rest := all
		rest.subSum(&sums[k+1])
		if !all.checked.OK() || !rest.checked.OK() || !sums[k+1].checked.OK() {
			return nil, fmt.Errorf("the sums of %s %q or of the rest do not fit: amounts beyond 922 trillion; check the units of the export", g.Name, g.Groups[k+1])
		}
		groups[k] = Group{Grouping: g.Name, Name: g.Groups[k+1], Own: sums[k+1].Figures, Rest: rest.Figures}
	}
	b.medians(g, groups)
	return groups, nil
}

// sum is Figures under way.
type sum struct {
	Figures
	checked money.Checked
}

func (b *builder) add(s *sum, i int) {
	s.Customers++
	s.Net = s.plus(s.Net, b.Net[i])
	if b.ProfitKnown == nil || b.ProfitKnown[i] {
		s.Known++
		s.Covered, s.Profit = s.plus(s.Covered, b.Covered[i]), s.plus(s.Profit, b.Profit[i])
	}
	if b.Breadth != nil && b.Breadth[i] > 0 {
		s.Broad++
		s.Categories += int64(b.Breadth[i])
	}
}

func (s *sum) plus(a, x money.Amount) money.Amount {
	return money.Amount(s.checked.Add(int64(a), int64(x)))
}

func (s *sum) minus(a, x money.Amount) money.Amount {
	return money.Amount(s.checked.Sub(int64(a), int64(x)))
}

func (s *sum) addSum(o *sum) {
	s.Customers, s.Known, s.Broad, s.Categories = s.Customers+o.Customers, s.Known+o.Known, s.Broad+o.Broad, s.Categories+o.Categories
	s.Net, s.Covered, s.Profit = s.plus(s.Net, o.Net), s.plus(s.Covered, o.Covered), s.plus(s.Profit, o.Profit)
}

func (s *sum) subSum(o *sum) {
	s.Customers, s.Known, s.Broad, s.Categories = s.Customers-o.Customers, s.Known-o.Known, s.Broad-o.Broad, s.Categories-o.Categories
	s.Net, s.Covered, s.Profit = s.minus(s.Net, o.Net), s.minus(s.Covered, o.Covered), s.minus(s.Profit, o.Profit)
}

// byGap orders the customers that count and have a gap, shortest first.
func (c *Customers) byGap() []int32 {
	who, keys := make([]int32, 0, len(c.Gap)), make([]int64, 0, len(c.Gap))
	for i, g := range c.Gap {
		if c.in(i) && !math.IsNaN(g) {
			who, keys = append(who, int32(i)), append(keys, ^scoring.FloatKey(g)) // reversed: shortest first
		}
	}
	order := scoring.Descending(keys)
	for at, k := range order {
		order[at] = who[k]
	}
	return order
}

// medians finds the median gap of each group and of its rest. The gaps are in order already, so a
// group is the ascending list of its places in it, and the rest is what lies between them.
func (b *builder) medians(g *Grouping, groups []Group) {
	gaps := make([]float64, 0, len(b.order))
	places := make([][]int32, len(groups))
	for k := range places {
		places[k] = make([]int32, 0, min(groups[k].Own.Customers, int64(len(b.order))))
	}
	for _, i := range b.order {
		if code := g.Code[i]; code > 0 {
			places[code-1] = append(places[code-1], int32(len(gaps)))
			gaps = append(gaps, b.Gap[i])
		}
	}
	for k, own := range places {
		groups[k].Own.Paced, groups[k].Rest.Paced = int64(len(own)), int64(len(gaps)-len(own))
		groups[k].Own.Gap = middle(len(own), func(j int) float64 { return gaps[own[j]] })
		groups[k].Rest.Gap = middle(len(gaps)-len(own), func(j int) float64 {
			// The j-th of the rest has j of the rest and c of the group before it.
			c := sort.Search(len(own), func(c int) bool { return int(own[c])-c > j })
			return gaps[j+c]
		})
	}
}

// middle is the median of n ascending values.
func middle(n int, at func(int) float64) float64 {
	if n == 0 {
		return math.NaN()
	}
	return float64((at((n-1)/2) + at(n/2)) / 2)
}
