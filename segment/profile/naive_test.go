package profile_test

import (
	"math"
	"math/big"
	"slices"
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/profile"
	"pgregory.net/rapid"
)

func inputs() *rapid.Generator[profile.Customers] {
	return rapid.Custom(func(t *rapid.T) profile.Customers {
		n := rapid.IntRange(0, 60).Draw(t, "customers")
		c := profile.Customers{
			In: make([]bool, n), Net: make([]money.Amount, n), Covered: make([]money.Amount, n), Profit: make([]money.Amount, n),
			ProfitKnown: make([]bool, n), Gap: make([]float64, n), Breadth: make([]int32, n),
			Groupings: []profile.Grouping{
				{Name: "tier", Groups: []string{"none", "core", "key", "general"}, Code: make([]uint8, n)},
				{Name: "rfm_segment", Groups: []string{"", "Champions", "Lost"}, Code: make([]uint8, n)},
			},
			Attributes: []profile.Attribute{
				{Name: "industry", Values: []string{"", "b", "a", "c", "unused"}, Code: make([]uint32, n)},
				{Name: "credit", Values: []string{"", "GOOD", "WATCH"}, Code: make([]uint32, n), Decides: []string{"tier"}},
			},
		}
		amounts := rapid.OneOf(rapid.Int64Range(-3, 9), rapid.Int64Range(-1e12, 1e13))
		for i := range n {
			amount := func(name string) money.Amount { return money.Amount(amounts.Draw(t, name)) }
			usually := func(name string) bool { return rapid.IntRange(0, 5).Draw(t, name) > 0 }
			c.In[i], c.ProfitKnown[i] = usually("in"), usually("profit known")
			c.Net[i], c.Covered[i], c.Profit[i] = amount("net"), amount("covered"), amount("profit")
			c.Gap[i] = rapid.SampledFrom([]float64{math.NaN(), 1, 2, 2, 3.5, 7, 40}).Draw(t, "gap")
			c.Breadth[i] = int32(rapid.IntRange(0, 3).Draw(t, "breadth"))
			for g := range c.Groupings {
				c.Groupings[g].Code[i] = uint8(rapid.IntRange(0, len(c.Groupings[g].Groups)-1).Draw(t, "group"))
			}
			for a := range c.Attributes {
				c.Attributes[a].Code[i] = uint32(min(3, rapid.IntRange(0, len(c.Attributes[a].Values)-1).Draw(t, "value")))
			}
		}
		if rapid.IntRange(0, 4).Draw(t, "no categories") == 0 {
			c.Breadth = nil
		}
		return c
	})
}

// naiveFigures sums the customers of a question up, one question at a time.
func naiveFigures(c profile.Customers, asked func(i int) bool) profile.Figures {
	f := profile.Figures{Gap: math.NaN()}
	var gaps []float64
	for i := range c.Net {
		if !c.In[i] || !asked(i) {
			continue
		}
		f.Customers++
		f.Net += c.Net[i]
		if c.ProfitKnown[i] {
			f.Known, f.Covered, f.Profit = f.Known+1, f.Covered+c.Covered[i], f.Profit+c.Profit[i]
		}
		if !math.IsNaN(c.Gap[i]) {
			gaps = append(gaps, c.Gap[i])
		}
		if c.Breadth != nil && c.Breadth[i] > 0 {
			f.Broad, f.Categories = f.Broad+1, f.Categories+int64(c.Breadth[i])
		}
	}
	sort.Float64s(gaps)
	if n := len(gaps); n > 0 {
		f.Paced, f.Gap = int64(n), gaps[n/2]
		if n%2 == 0 {
			f.Gap = (gaps[n/2-1] + gaps[n/2]) / 2
		}
	}
	return f
}

// naiveTrait counts one cell by itself; its statistic is Σ (observed - expected)² / expected in exact
// fractions, times (N-1)/N.
func naiveTrait(c profile.Customers, g profile.Grouping, a profile.Attribute, group uint8, value uint32) (t profile.Trait, tested bool) {
	t = profile.Trait{Attribute: a.Name, Value: a.Values[value], ChiSquare: math.NaN(), P: math.NaN()}
	var cells [2][2]int64 // in the group or not, with the value or not
	for i := range c.Net {
		if !c.In[i] || g.Code[i] == 0 || a.Code[i] == 0 {
			continue
		}
		row, column := 1, 1
		if g.Code[i] == group {
			row = 0
		}
		if a.Code[i] == value {
			column = 0
		}
		cells[row][column]++
	}
	t.Customers, t.RestCustomers = cells[0][0], cells[1][0]
	t.Of, t.RestOf = cells[0][0]+cells[0][1], cells[1][0]+cells[1][1]
	n := t.Of + t.RestOf
	if n == 0 || slices.Contains(a.Decides, g.Name) {
		return t, false
	}
	chi := new(big.Rat)
	for row := range cells {
		for column := range cells[row] {
			expected := big.NewRat((cells[row][0]+cells[row][1])*(cells[0][column]+cells[1][column]), n)
			if expected.Cmp(big.NewRat(1, 1)) < 0 {
				return t, false
			}
			d := new(big.Rat).Sub(big.NewRat(cells[row][column], 1), expected)
			chi.Add(chi, d.Quo(d.Mul(d, d), expected))
		}
	}
	t.ChiSquare, _ = chi.Mul(chi, big.NewRat(n-1, n)).Float64()
	return t, true
}

func TestNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := inputs().Draw(t, "customers")
		s := profile.Settings{MinCustomers: rapid.IntRange(1, 4).Draw(t, "least"), FalseAlarm: money.OneRate / 2, Lift: money.OneRate * 11 / 10, Values: 10}
		p := build(t, c, s)
		type judged struct {
			*profile.Trait
			raw float64
		}
		var want []profile.Group
		var family []judged
		for _, g := range c.Groupings {
			for k := 1; k < len(g.Groups); k++ {
				code := uint8(k)
				x := profile.Group{Grouping: g.Name, Name: g.Groups[k],
					Own:  naiveFigures(c, func(i int) bool { return g.Code[i] == code }),
					Rest: naiveFigures(c, func(i int) bool { return g.Code[i] != code && g.Code[i] > 0 })}
				x.Traits = make([]profile.Trait, 0, 20)
				for _, a := range c.Attributes {
					from := len(x.Traits)
					for v := 1; v < len(a.Values); v++ {
						y, tested := naiveTrait(c, g, a, code, uint32(v))
						if y.Customers > 0 || tested {
							x.Traits = append(x.Traits, y)
						}
					}
					of := x.Traits[from:]
					sort.Slice(of, func(i, j int) bool {
						return of[i].Customers > of[j].Customers || of[i].Customers == of[j].Customers && of[i].Value < of[j].Value
					})
				}
				for j := range x.Traits {
					if y := &x.Traits[j]; !math.IsNaN(y.ChiSquare) {
						family = append(family, judged{y, math.Erfc(math.Sqrt(y.ChiSquare / 2))})
					}
				}
				want = append(want, x)
			}
		}
		if p.Tests != len(family) {
			t.Fatalf("got %d tests, want %d", p.Tests, len(family))
		}
		for _, y := range family { // the largest of (m - i + 1) p(i) over all p(i) up to its own
			for _, z := range family {
				if z.raw <= y.raw {
					below := 0
					for _, w := range family {
						if w.raw < z.raw {
							below++
						}
					}
					y.P = max(y.P, 0) // NaN stays
					if v := min(1, float64(len(family)-below)*z.raw); math.IsNaN(y.P) || v > y.P {
						y.P = v
					}
				}
			}
			expected := float64(y.Of*(y.Customers+y.RestCustomers)) / float64(y.Of+y.RestOf)
			y.Apart = y.P <= 0.5 && (y.Lift() >= 1.1 && y.Customers >= int64(s.MinCustomers) || y.Lift() <= 1/1.1 && expected >= float64(s.MinCustomers))
		}
		for k := range want { // what nobody of the group has is kept only as a finding
			want[k].Traits = slices.DeleteFunc(want[k].Traits, func(y profile.Trait) bool { return y.Customers == 0 && !y.Apart })
		}
		if d := cmp.Diff(want, p.Groups, cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.EquateApprox(1e-9, 1e-12)); d != "" {
			t.Fatalf("-want +got\n%s", d)
		}
	})
}

// The order of customers shows nowhere, and the groups of a grouping make up its customers.
func TestPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := inputs().Draw(t, "customers")
		a := build(t, c, profile.Settings{})
		reverse(&c)
		if d := cmp.Diff(a, build(t, c, profile.Settings{}), cmpopts.EquateNaNs()); d != "" {
			t.Fatalf("customers reversed: -first +second\n%s", d)
		}
		for _, g := range a.Groups {
			if x := a.Groups[0]; g.Grouping == x.Grouping && (g.Own.Customers+g.Rest.Customers != x.Own.Customers+x.Rest.Customers || g.Own.Net+g.Rest.Net != x.Own.Net+x.Rest.Net) {
				t.Fatalf("%s and its rest are not what %s and its rest are", g.Name, x.Name)
			}
		}
	})
}

func reverse(c *profile.Customers) {
	slices.Reverse(c.In)
	slices.Reverse(c.Net)
	slices.Reverse(c.Covered)
	slices.Reverse(c.Profit)
	slices.Reverse(c.ProfitKnown)
	slices.Reverse(c.Gap)
	slices.Reverse(c.Breadth)
	for g := range c.Groupings {
		slices.Reverse(c.Groupings[g].Code)
	}
	for a := range c.Attributes {
		slices.Reverse(c.Attributes[a].Code)
	}
}
