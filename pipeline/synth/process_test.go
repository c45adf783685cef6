package synth

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// anyParams draws small companies of all kinds.
func anyParams(t *rapid.T) Params {
	p := Demo()
	if rapid.Bool().Draw(t, "scale") {
		n := rapid.IntRange(1, 60).Draw(t, "scale customers")
		p = Scale(n, int64(n+rapid.IntRange(0, 2000).Draw(t, "scale lines")))
	} else {
		p.Customers, p.Lines = rapid.IntRange(9, 60).Draw(t, "customers"), 0
		if rapid.Bool().Draw(t, "exact") {
			p.Lines = int64(p.Customers + rapid.IntRange(0, 4000).Draw(t, "lines"))
		}
	}
	p.Seed = rapid.Uint64().Draw(t, "seed")
	p.Days = rapid.SampledFrom([]int{30, 31, 200, 365, 366, 1096}).Draw(t, "days")
	p.From += civil.Day(rapid.IntRange(0, 6).Draw(t, "from"))
	p.Weekdays = rapid.Bool().Draw(t, "weekdays")
	p.ReturnRate = rapid.SampledFrom([]float64{0, .1, .5}).Draw(t, "returns")
	p.LinesPerOrder = rapid.SampledFrom([]float64{1, 1.5, 20}).Draw(t, "lines per order")
	return p
}

type step struct {
	day int32
	event
}

// naiveWalk draws every customer on its own, gathers everything and sorts it.
func naiveWalk(c *Company) []step {
	var all []step
	s := newStream()
	for i := range int32(len(c.customers)) {
		t := c.customers[i].first
		for k := uint32(0); ; k++ {
			day, ok := c.season.day(t)
			if !ok {
				break
			}
			e := c.outline(s, i, k, day)
			all = append(all, step{day, e})
			if e.returned > 0 {
				all = append(all, step{e.returned, event{customer: i, k: k, second: e.second, credit: new(credit)}})
			}
			if t, ok = c.following(s, i, k, t); !ok {
				break
			}
		}
	}
	slices.SortStableFunc(all, func(a, b step) int {
		if a.day != b.day {
			return int(a.day - b.day)
		}
		return inDayOrder(a.event, b.event)
	})
	return all
}

func TestWalkEqualsCustomersDrawnAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, err := New(anyParams(t))
		if err != nil {
			t.Fatal(err)
		}
		want := naiveWalk(c)
		i := 0
		err = c.walk(context.Background(), func(day int32, e *event) (*credit, error) {
			if i == len(want) {
				t.Fatalf("more than the %d events wanted", i)
			}
			w := want[i]
			if day != w.day || e.customer != w.customer || e.k != w.k || e.second != w.second || e.extra != w.extra ||
				e.cancelled != w.cancelled || (e.credit != nil) != (w.credit != nil) {
				t.Fatalf("event %d: got day %d %+v, want %+v", i, day, *e, w)
			}
			i++
			if e.returned > 0 {
				return &credit{}, nil
			}
			return nil, nil
		})
		if err != nil || i != len(want) {
			t.Fatalf("got %d events, %v, want %d", i, err, len(want))
		}
	})
}

func TestBooksHoldForAnyCompany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyParams(t)
		c, err := New(p)
		if err != nil {
			t.Fatal(err)
		}
		b, err := c.WriteOrders(context.Background(), discard{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := &b.Totals
		if n.Rows != n.Lines+n.CreditLines+n.CancelledLines || (p.Lines > 0 && n.Rows != p.Lines) {
			t.Errorf("rows %d = lines %d + credit %d + cancelled %d, want %d", n.Rows, n.Lines, n.CreditLines, n.CancelledLines, p.Lines)
		}
		if n.Customers != int64(p.Customers) {
			t.Errorf("got %d customers, want %d", n.Customers, p.Customers)
		}
		var orders, lines int64
		var net, cost money.Amount
		for i, a := range b.by {
			orders, lines, net, cost = orders+int64(a.orders), lines+int64(a.lines), net+a.net, cost+a.cost
			if a.orders < 1 || a.first < c.customers[i].acquired {
				t.Errorf("customer %d: %d orders, the first on day %d, acquired on day %d", i, a.orders, a.first, c.customers[i].acquired)
			}
		}
		if orders != n.Orders || lines != n.Lines || net != n.NetSales || cost != n.Cost {
			t.Errorf("customers sum to %d orders %d lines %v %v, totals are %+v", orders, lines, net, cost, n)
		}
		for _, d := range []civil.Day{n.First, n.Last} {
			if d < p.From || d >= p.To() || (p.Weekdays && weekday(d) >= 5) {
				t.Errorf("an order on %v, want a day in [%v, %v), a weekday: %v", d, p.From, p.To(), p.Weekdays)
			}
		}
	})
}

func TestShuffleIsABijection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "n")
		s := newShuffle(rapid.Uint64().Draw(t, "seed"), domainNames, n)
		seen := make([]bool, n)
		for i := range n {
			j := s.at(i)
			if j < 0 || j >= n || seen[j] || s.of(j) != i {
				t.Fatalf("n %d: %d goes to %d (seen %v) and back to %d", n, i, j, seen, s.of(j))
			}
			seen[j] = true
		}
	})
}

func TestSeasonMapsTimeBothWays(t *testing.T) {
	p := Demo()
	p.Weekdays = false
	s := newSeason(&p)
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(0, float64(p.Days)-1e-6).Draw(t, "day")
		d, ok := s.hold(s.trade(x))
		// A whole day may land a rounding error before itself.
		if want := int32(x); !ok || (d != want && !(d == want-1 && x-float64(want) < 1e-9)) {
			t.Fatalf("day %v has trade time %v, which day %d holds (%v)", x, s.trade(x), d, ok)
		}
	})
	if d, ok := s.day(s.end()); ok {
		t.Errorf("trade time at the end lies on day %d, want none", d)
	}
	if !math.IsInf(s.trade(float64(p.Days)), 1) {
		t.Errorf("a day after the data has trade time %v, want +Inf", s.trade(float64(p.Days)))
	}
	// August trades at .7 of the mean month's rate, October at 1.2.
	aug, _ := civil.Of(2024, 8, 1)
	oct, _ := civil.Of(2024, 10, 1)
	rate := func(d civil.Day) float64 { return s.clock[d-p.From+1] - s.clock[d-p.From] }
	if got := rate(aug) / rate(oct); math.Abs(got-.7/1.2) > 1e-9 {
		t.Errorf("August trades at %.4f of October, want %.4f", got, .7/1.2)
	}
}

func TestPickStaysInItsCategoryAndBudget(t *testing.T) {
	for _, size := range []int{8, 9, 160} {
		p := Demo()
		p.Products = size
		g := newCatalogue(&p)
		rapid.Check(t, func(t *rapid.T) {
			k := rapid.IntRange(0, p.Categories-1).Draw(t, "category")
			budget := rapid.Float64Range(0, 1e6).Draw(t, "budget")
			i := g.pick(k, 1, unit16(uint64(rapid.Uint16().Draw(t, "u"))), budget)
			if i < g.start[k] || i >= g.start[k+1] || g.ofProduct[i] != int32(k) {
				t.Fatalf("category %d is [%d, %d), got product %d", k, g.start[k], g.start[k+1], i)
			}
			if i > g.start[k] && float64(g.list[1][i]) > budget {
				t.Fatalf("product %d costs %d, the budget is %v", i, g.list[1][i], budget)
			}
		})
	}
}

func TestAppendPadded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, width := rapid.Int64Range(0, math.MaxInt64).Draw(t, "v"), rapid.IntRange(1, 19).Draw(t, "width")
		if got, want := string(appendPadded([]byte("x"), v, width)), fmt.Sprintf("x%0*d", width, v); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func TestPortionsSumExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		extra := rapid.SliceOfN(rapid.Int32Range(0, 50), 1, 60).Draw(t, "drawn")
		lines := int64(len(extra)) + rapid.Int64Range(0, 1e12).Draw(t, "extra")
		n := counts{orders: int64(len(extra)), firsts: 1}
		for _, e := range extra {
			n.extra += int64(e)
		}
		q := quota{plan: newPlan(lines, n), total: n.orders}
		sum := int64(0)
		for k, e := range extra {
			got := q.lines(&event{k: uint32(k), extra: e})
			if got < 1 {
				t.Fatalf("order %d got %d lines", k, got)
			}
			sum += got
		}
		if sum != lines {
			t.Fatalf("got %d lines, want %d", sum, lines)
		}
	})
}
