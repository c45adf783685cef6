package list_test

import (
	"math"
	"math/big"
	"slices"
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/list"
	"pgregory.net/rapid"
)

func customer() *rapid.Generator[one] {
	amounts := rapid.OneOf(rapid.Int64Range(-3, 9), rapid.Int64Range(-1e10, 1e13))
	return rapid.Custom(func(t *rapid.T) one {
		amount := func(name string) money.Amount { return money.Amount(amounts.Draw(t, name)) }
		usually := func(name string) bool { return rapid.IntRange(0, 3).Draw(t, name) > 0 }
		return one{
			tier: list.Tier(rapid.IntRange(1, 5).Draw(t, "tier")), quadrant: list.Quadrant(rapid.IntRange(0, 4).Draw(t, "quadrant")),
			score: rapid.SampledFrom([]float64{0, 12.5, 50, 50, 99, math.NaN()}).Draw(t, "score"), fit: rapid.SampledFrom([]float64{0, 3.9, 4, 5, math.NaN()}).Draw(t, "fit"),
			net: amount("net"), previous: amount("previous"), covered: amount("covered"), profit: amount("profit"),
			returned: max(0, amount("returned")), discount: max(0, amount("discount")), potential: max(0, amount("potential")), atRisk: amount("at risk"),
			noProfit: !usually("profit known"), hasPotential: usually("potential known"), hasRisk: usually("risk known"),
		}
	})
}

func inputs() *rapid.Generator[list.Customers] {
	return rapid.Custom(func(t *rapid.T) list.Customers {
		c := columns(rapid.SliceOfN(customer(), 0, 30).Draw(t, "customers")...)
		c.WindowDays = rapid.SampledFrom([]int{1, 90, 365, 3650}).Draw(t, "days")
		c.Company.Profit = money.Amount(rapid.Int64Range(-1e7, 1e7).Draw(t, "company profit"))
		c.Company.Covered = money.Amount(rapid.Int64Range(1e6, 1e8).Draw(t, "company covered"))
		absent := func(name string) bool { return rapid.IntRange(0, 4).Draw(t, name) == 0 }
		c.MarginOff = absent("cost")
		if absent("previous window") {
			c.Previous = nil
		}
		if absent("potential data") {
			c.Potential, c.PotentialKnown = nil, nil
		}
		if absent("fit data") {
			c.Fit = nil
		}
		if absent("models") {
			c.ValueAtRisk, c.RiskKnown = nil, nil
		}
		return c
	})
}

// row is a candidate of a naive list: customers sort by value, largest first.
type row struct {
	customer int32
	value    *big.Rat
}

// naiveLists states each list by itself in exact fractions.
func naiveLists(c list.Customers, s list.Settings) map[string][]row {
	rat := func(a money.Amount) *big.Rat { return new(big.Rat).SetInt64(int64(a)) }
	lists := map[string][]row{}
	for i := range c.Net {
		add := func(name string, value *big.Rat) { lists[name] = append(lists[name], row{int32(i), value}) }
		net, rising, previous := rat(c.Net[i]), true, new(big.Rat)
		if c.Previous != nil {
			previous = rat(max(0, c.Previous[i]))
			rising = c.Net[i] > 0 && net.Cmp(new(big.Rat).Mul(previous, big.NewRat(11, 10))) > 0
		}
		profitKnown := !c.MarginOff && c.ProfitKnown[i]
		potential := c.Quadrant[i] == list.Niche
		rate := big.NewRat(int64(c.Company.Profit), int64(c.Company.Covered))
		if profitKnown && c.Covered[i] > 0 && new(big.Rat).Quo(rat(c.Profit[i]), rat(c.Covered[i])).Cmp(rate) >= 0 {
			potential = true
		}
		if c.Potential != nil && c.PotentialKnown[i] {
			potential = rat(c.Potential[i]).Cmp(new(big.Rat).Mul(net, big.NewRat(365, int64(c.WindowDays)))) > 0
		}
		if c.Tier[i] <= list.Key {
			score := big.NewRat(-1, 1)
			if !math.IsNaN(c.KeyScore[i]) {
				score.SetFloat64(c.KeyScore[i])
			}
			add("shortlist", score)
		}
		unasked := c.Potential == nil && c.MarginOff
		if (c.Tier[i] == list.General || c.Tier[i] > list.General && c.Quadrant[i] == list.Niche) && rising && !(s.NeedPrevious && c.Previous != nil && c.Previous[i] <= 0) && (potential || unasked) && !(unasked && c.Previous == nil) {
			add("develop", new(big.Rat).Sub(net, previous))
		}
		if c.ValueAtRisk != nil && c.RiskKnown[i] && c.ValueAtRisk[i] > 0 && c.Quadrant[i] == list.KeyQuadrant {
			add("rescue", rat(c.ValueAtRisk[i]))
		}
		if c.Quadrant[i] == list.VolumeOnly && profitKnown {
			expected := roundHalfEven(new(big.Rat).Mul(rate, rat(c.Covered[i])))
			add("fix-margin", new(big.Rat).Sub(new(big.Rat).SetInt(expected), rat(c.Profit[i])))
		}
		fits := c.Fit != nil && c.Fit[i] >= 4
		if c.Tier[i] == list.General && profitKnown && c.Profit[i] < 0 && (c.Previous == nil || !rising) && !potential && !fits {
			add("let-go", rat(-c.Profit[i]))
		}
	}
	for _, rows := range lists {
		sort.SliceStable(rows, func(a, b int) bool { return rows[a].value.Cmp(rows[b].value) > 0 })
	}
	return lists
}

// roundHalfEven is the nearest integer: floor of 2r+1 halves, minus one where a tie met an odd one.
func roundHalfEven(r *big.Rat) *big.Int {
	up := new(big.Rat).Add(r, big.NewRat(1, 2))
	n := new(big.Int).Div(up.Num(), up.Denom()) // Euclidean: floor for a positive divisor
	if up.IsInt() && n.Bit(0) == 1 {
		n.Sub(n, big.NewInt(1))
	}
	return n
}

func TestNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := inputs().Draw(t, "customers")
		s := list.Settings{NeedPrevious: rapid.Bool().Draw(t, "need previous")}
		l := build(t, c, s)
		want := naiveLists(c, s)
		for _, x := range l.All() {
			if len(x.Rows) != len(want[x.Name]) || len(x.Reasons) != len(x.Rows) || len(x.Steps) != len(x.Rows) {
				t.Fatalf("%s: got rows %v with %d reasons and %d steps, want %d rows", x.Name, x.Rows, len(x.Reasons), len(x.Steps), len(want[x.Name]))
			}
			for k, w := range want[x.Name] {
				if x.Rows[k] != w.customer {
					t.Fatalf("%s: got rows %v, want customer %d in place %d", x.Name, x.Rows, w.customer, k)
				}
				if value := new(big.Rat).Abs(w.value); x.Amount != nil && value.Cmp(new(big.Rat).SetInt64(int64(max(x.Amount[k], -x.Amount[k])))) != 0 {
					t.Fatalf("%s: customer %d: got amount %d, want %s", x.Name, w.customer, x.Amount[k], w.value)
				}
				if x.Reasons[k] == "" || x.Steps[k] == "" {
					t.Fatalf("%s: customer %d has no reason or no step", x.Name, w.customer)
				}
			}
			if x.Absent != "" && len(x.Rows) > 0 {
				t.Fatalf("%s is absent with %d rows", x.Name, len(x.Rows))
			}
		}
	})
}

// Every list is a subset of the customers without duplicates, sorted by its amount, equal amounts
// by index, and shortlist shares nobody with develop and let-go.
func TestListsAreLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := inputs().Draw(t, "customers")
		l := build(t, c, list.Settings{})
		for _, x := range l.All() {
			seen := map[int32]bool{}
			for k, i := range x.Rows {
				if i < 0 || int(i) >= len(c.Net) || seen[i] {
					t.Fatalf("%s: customer %d is no customer or twice in %v", x.Name, i, x.Rows)
				}
				seen[i] = true
				if x.Amount == nil || k == 0 {
					continue
				}
				a, b := x.Amount[k-1], x.Amount[k]
				if x.Name == "let-go" {
					a, b = b, a
				}
				if a < b || a == b && x.Rows[k-1] > i {
					t.Fatalf("%s: amounts %v of rows %v are out of order", x.Name, x.Amount, x.Rows)
				}
			}
		}
		for _, i := range l.Shortlist.Rows {
			if slices.Contains(l.Develop.Rows, i) || slices.Contains(l.LetGo.Rows, i) {
				t.Fatalf("customer %d is on shortlist and on develop or let-go", i)
			}
		}
	})
}

// Lists of the reversed customers are the same up to ties, and the same input gives the same lists.
func TestPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(customer(), 0, 30).Draw(t, "customers")
		back := slices.Clone(all)
		slices.Reverse(back)
		a, b := build(t, columns(all...), list.Settings{}), build(t, columns(back...), list.Settings{})
		again := build(t, columns(all...), list.Settings{})
		if d := cmp.Diff(a, again, cmpopts.EquateNaNs()); d != "" {
			t.Fatalf("the same input: -first +second\n%s", d)
		}
		for k, x := range a.All() {
			y := b.All()[k]
			if !slices.Equal(x.Amount, y.Amount) {
				t.Fatalf("%s: got amounts %v and %v of the same customers", x.Name, x.Amount, y.Amount)
			}
			mine, theirs := slices.Clone(x.Rows), make([]int32, len(y.Rows))
			for at, i := range y.Rows {
				theirs[at] = int32(len(all)-1) - i
			}
			slices.Sort(mine)
			slices.Sort(theirs)
			if !slices.Equal(mine, theirs) {
				t.Fatalf("%s: got customers %v and %v", x.Name, mine, theirs)
			}
		}
	})
}
