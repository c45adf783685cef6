package profile_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/profile"
)

const unit = money.One

// company has groups "few" and "many" and an attribute with the given counts of x and y in each.
func company(fewX, fewY, manyX, manyY int) profile.Customers {
	c := profile.Customers{
		Groupings:  []profile.Grouping{{Name: "tier", Groups: []string{"", "few", "many", "nobody"}}},
		Attributes: []profile.Attribute{{Name: "industry", Values: []string{"", "x", "y"}}},
	}
	add := func(n int, group uint8, value uint32) {
		for range n {
			c.Groupings[0].Code, c.Attributes[0].Code = append(c.Groupings[0].Code, group), append(c.Attributes[0].Code, value)
			c.Net, c.Covered, c.Profit = append(c.Net, 10*unit), append(c.Covered, 10*unit), append(c.Profit, 2*unit)
			c.Gap = append(c.Gap, math.NaN())
		}
	}
	add(fewX, 1, 1)
	add(fewY, 1, 2)
	add(manyX, 2, 1)
	add(manyY, 2, 2)
	return c
}

func build(t interface{ Fatal(...any) }, c profile.Customers, s profile.Settings) *profile.Profiles {
	p, err := profile.Build(c, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestTrait holds a trait against the formulas by hand.
func TestTrait(t *testing.T) {
	p := build(t, company(19, 23, 280, 1578), profile.Settings{})
	few := p.Groups[0]
	if few.Name != "few" || p.Tests != 4 {
		t.Fatalf("got first group %q and %d tests, want few and 4: two values in two groups, none in the empty one", few.Name, p.Tests)
	}
	x := few.Traits[1] // y is more frequent
	want := profile.Trait{Attribute: "industry", Value: "x", Customers: 19, Of: 42, RestCustomers: 280, RestOf: 1858, Apart: true}
	// 19 x 1578 - 23 x 280 = 23542
	want.ChiSquare = 1899 * 23542. * 23542 / (42. * 1858 * 299 * 1601)
	want.P = 4 * math.Erfc(math.Sqrt(want.ChiSquare/2))
	if d := cmp.Diff(want, x, cmpopts.EquateApprox(1e-12, 0)); d != "" {
		t.Fatalf("-want +got\n%s", d)
	}
	if got, want := x.Lift(), (19./42)/(280./1858); math.Abs(got-want) > 1e-15 {
		t.Errorf("got lift %v, want %v", got, want)
	}
	if got := few.Apart(); len(got) != 2 || got[1].Value != "y" && got[0].Value != "y" {
		t.Errorf("got findings %+v, want x and y", got)
	}
}

// TestApart puts one table at a time on trial, each failing or passing by one condition.
func TestApart(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts [4]int // few x, few y, many x, many y
		set    profile.Settings
		want   string // the findings of few
	}{
		{"more frequent", [4]int{50, 50, 100, 900}, profile.Settings{}, "x 5.00; y 0.56"},
		{"the same", [4]int{10, 90, 100, 900}, profile.Settings{}, ""},
		{"by chance", [4]int{12, 88, 100, 900}, profile.Settings{}, ""},
		{"lift too small", [4]int{12_000, 88_000, 100_000, 900_000}, profile.Settings{}, ""},
		{"a smaller lift will do", [4]int{12_000, 88_000, 100_000, 900_000}, profile.Settings{Lift: money.OneRate * 11 / 10}, "x 1.20"},
		{"too few customers", [4]int{4, 20, 20, 480}, profile.Settings{}, ""},
		{"fewer will do", [4]int{4, 20, 20, 480}, profile.Settings{MinCustomers: 4}, "x 4.17"},
		{"missing", [4]int{0, 100, 100, 900}, profile.Settings{}, "x 0.00"},
		{"missing, of too few", [4]int{0, 40, 100, 900}, profile.Settings{}, ""},
		{"nowhere else", [4]int{50, 50, 0, 900}, profile.Settings{}, "x +Inf; y 0.50"},
		{"less than one expected", [4]int{1, 0, 9, 99}, profile.Settings{MinCustomers: 1}, ""},
		{"one group only", [4]int{50, 50, 0, 0}, profile.Settings{}, ""},
	} {
		p := build(t, company(c.counts[0], c.counts[1], c.counts[2], c.counts[3]), c.set)
		var got []string
		for _, x := range p.Groups[0].Apart() {
			got = append(got, fmt.Sprintf("%s %.2f", x.Value, x.Lift()))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// What decides the group is shown and not tested.
func TestDeciding(t *testing.T) {
	c := company(50, 50, 100, 900)
	c.Attributes[0].Decides = []string{"tier"}
	p := build(t, c, profile.Settings{})
	if p.Tests != 0 || len(p.Groups[0].Traits) != 2 || len(p.Groups[0].Apart()) != 0 {
		t.Errorf("got %d tests, traits %+v; want none and both values", p.Tests, p.Groups[0].Traits)
	}
}

// A family of m tests lets chance through as often as one test does: with customers dealt out at
// random, 200 companies of 60 values have next to no finding. Without the adjustment every one of
// them would have several.
func TestChanceFindsNothing(t *testing.T) {
	x := uint64(1)
	next := func(n uint64) uint64 {
		x = x*6364136223846793005 + 1442695040888963407
		return x >> 33 % n
	}
	found, raw := 0, 0
	for range 200 {
		c := profile.Customers{Groupings: []profile.Grouping{{Name: "tier", Groups: []string{"", "a", "b", "c"}}}, Attributes: []profile.Attribute{{Name: "region", Values: []string{""}}}}
		for v := range 20 {
			c.Attributes[0].Values = append(c.Attributes[0].Values, fmt.Sprint("r", v))
		}
		for range 1000 {
			c.Groupings[0].Code, c.Attributes[0].Code = append(c.Groupings[0].Code, uint8(1+next(3))), append(c.Attributes[0].Code, uint32(1+next(20)))
		}
		c.Net, c.Covered, c.Profit = make([]money.Amount, 1000), make([]money.Amount, 1000), make([]money.Amount, 1000)
		c.Gap = make([]float64, 1000)
		p := build(t, c, profile.Settings{MinCustomers: 1, Lift: money.OneRate + 1, Values: 100})
		any := false
		for _, g := range p.Groups {
			for _, y := range g.Traits {
				any = any || y.Apart
				if y.ChiSquare > 3.841458820694124 { // the 95% quantile on one degree of freedom
					raw++
				}
			}
		}
		if any {
			found++
		}
	}
	// 5% of 200 are 10; binomial(200, 0.05) is above 20 with probability 0.002.
	if found > 20 {
		t.Errorf("got findings in %d of 200 random companies, want about 10 or fewer", found)
	}
	if raw < 200 { // 12,000 tests at 5%
		t.Errorf("got %d tests beyond the unadjusted 5%%, want hundreds: else the test shows nothing", raw)
	}
}

func TestFigures(t *testing.T) {
	nan := math.NaN()
	c := profile.Customers{
		In:  []bool{true, true, true, true, true, false},
		Net: []money.Amount{10 * unit, 20 * unit, -5 * unit, 7 * unit, 100 * unit, 1000 * unit}, Covered: []money.Amount{10 * unit, 20 * unit, 0, 7 * unit, 100 * unit, 1000 * unit},
		Profit: []money.Amount{4 * unit, 2 * unit, 0, unit, 50 * unit, 0}, ProfitKnown: []bool{true, true, true, false, true, true},
		Gap: []float64{10, 30, nan, 20, 7, 1}, Breadth: []int32{1, 4, 0, 2, 3, 9},
		Groupings: []profile.Grouping{{Name: "rfm_segment", Groups: []string{"", "A", "B"}, Code: []uint8{1, 1, 1, 2, 0, 2}}},
	}
	p := build(t, c, profile.Settings{})
	a := profile.Figures{Customers: 3, Net: 25 * unit, Known: 3, Covered: 30 * unit, Profit: 6 * unit, Paced: 2, Gap: 20, Broad: 2, Categories: 5}
	b := profile.Figures{Customers: 1, Net: 7 * unit, Paced: 1, Gap: 20, Broad: 1, Categories: 2}
	want := []profile.Group{{Grouping: "rfm_segment", Name: "A", Own: a, Rest: b}, {Grouping: "rfm_segment", Name: "B", Own: b, Rest: a}}
	if d := cmp.Diff(want, p.Groups, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("groups: -want +got\n%s", d)
	}
	if d := cmp.Diff(profile.Figures{Customers: 5, Net: 132 * unit, Known: 4, Covered: 130 * unit, Profit: 56 * unit, Paced: 4, Gap: 15, Broad: 4, Categories: 10}, p.Company); d != "" {
		t.Errorf("company: -want +got\n%s", d)
	}
	if got := a.Margin(); got != 0.2 {
		t.Errorf("got margin %v, want 6 / 30", got)
	}
	if got := a.Breadth(); got != 2.5 {
		t.Errorf("got breadth %v, want 5 / 2", got)
	}
	if !math.IsNaN(b.Margin()) {
		t.Errorf("got margin %v of a group without known profit, want unknown", b.Margin())
	}
}

func TestFaults(t *testing.T) {
	_, err := profile.Build(company(1, 1, 1, 1), profile.Settings{MinCustomers: -1, FalseAlarm: money.OneRate, Lift: money.OneRate, Values: -1})
	for _, want := range []string{"min_customers -1", "false_alarm 1", "lift 1", "values -1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one naming %s", err, want)
		}
	}
	c := company(1, 1, 1, 1)
	c.Net[0], c.Net[1] = math.MaxInt64, math.MaxInt64
	if _, err := profile.Build(c, profile.Settings{}); err == nil || !strings.Contains(err.Error(), "do not fit") {
		t.Errorf("got error %v for sums beyond int64", err)
	}
	// Each group fits and so does everything; the rest of "few" alone does not.
	c = company(1, 0, 1, 1)
	c.Net[0], c.Net[1], c.Net[2] = -unit, math.MaxInt64, 1
	if _, err := profile.Build(c, profile.Settings{}); err == nil {
		t.Error("got no error for a rest beyond int64")
	}
}

func BenchmarkBuild(b *testing.B) {
	const n = 400_000
	c := profile.Customers{
		Net: make([]money.Amount, n), Covered: make([]money.Amount, n), Profit: make([]money.Amount, n), Gap: make([]float64, n), Breadth: make([]int32, n),
		Groupings: []profile.Grouping{{Name: "tier", Groups: make([]string, 6), Code: make([]uint8, n)}, {Name: "rfm_segment", Groups: make([]string, 12), Code: make([]uint8, n)}},
	}
	for range 5 {
		c.Attributes = append(c.Attributes, profile.Attribute{Name: fmt.Sprint(len(c.Attributes)), Values: make([]string, 100), Code: make([]uint32, n)})
	}
	for i := range n {
		c.Net[i], c.Covered[i], c.Gap[i], c.Breadth[i] = money.Amount(i), money.Amount(i), float64(i*7919%n)/13, int32(i%9)
		c.Groupings[0].Code[i], c.Groupings[1].Code[i] = uint8(i%6), uint8(i%12)
		for a := range c.Attributes {
			c.Attributes[a].Code[i] = uint32(i * 31 % (100 - a))
		}
	}
	for b.Loop() {
		build(b, c, profile.Settings{})
	}
	b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "customers/s")
}
