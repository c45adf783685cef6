package keyaccount_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/scoring/pareto"
	"pgregory.net/rapid"
)

var approx = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-9, 1e-9)}

// order is one order of a customer, in currency units.
type order struct {
	net, covered, cost money.Amount
	lines, costed      int64
	sale               bool
}

// sold is an order whose cost is known.
func sold(net, cost int64) order {
	return order{money.Amount(net) * money.One, money.Amount(net) * money.One, money.Amount(cost) * money.One, 1, 1, true}
}

// uncosted is an order without a known cost.
func uncosted(net int64) order {
	return order{net: money.Amount(net) * money.One, lines: 1, sale: true}
}

// returned is a credit note.
func returned(net, cost int64) order {
	o := sold(-net, -cost)
	o.sale = false
	return o
}

// accounts sums each customer's orders up and ranks their sales.
func accounts(t interface{ Fatal(...any) }, customers [][]order) keyaccount.Accounts {
	n := len(customers)
	a := keyaccount.Accounts{
		Net: make([]money.Amount, n), Covered: make([]money.Amount, n), Cost: make([]money.Amount, n), Lines: make([]int64, n),
		Costed: make([]int64, n), Orders: make([]int32, n), MarginOrders: make([]int32, n), MarginSquares: make([]float64, n),
	}
	for c, orders := range customers {
		var w, p float64
		for _, o := range orders {
			a.Net[c] += o.net
			a.Covered[c] += o.covered
			a.Cost[c] += o.cost
			a.Lines[c] += o.lines
			a.Costed[c] += o.costed
			if o.sale {
				a.Orders[c]++
			}
			if o.covered > 0 {
				a.MarginOrders[c]++
				w += o.covered.Float()
				p += (o.covered - o.cost).Float()
			}
		}
		for _, o := range orders {
			if o.covered > 0 {
				d := (o.covered-o.cost).Float()/o.covered.Float() - p/w
				a.MarginSquares[c] += o.covered.Float() * d * d
			}
		}
	}
	r, err := pareto.Rank(a.Net, nil, pareto.Cuts{})
	if err != nil {
		t.Fatal(err)
	}
	a.SalesRank, a.SalesClass = r.Rank, r.Class
	return a
}

func score(t interface{ Fatal(...any) }, a keyaccount.Accounts, s keyaccount.Settings) *keyaccount.Result {
	r, err := keyaccount.Score(a, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestQuadrantsAndReasons(t *testing.T) {
	company := [][]order{
		{sold(800, 700), sold(800, 680)}, // 0: 13.75%
		{sold(900, 890), sold(700, 700)}, // 1: 0.625%
		{sold(40, 20), sold(60, 30)},     // 2: 50%
		{sold(50, 50)},                   // 3: 0%
		{uncosted(70), sold(30, 10)},     // 4: cost of 30%
		{sold(20, 10), returned(20, 10)}, // 5: nothing left
		{returned(5, 2)},                 // 6: no order
		{},                               // 7: nothing at all
		{uncosted(1000)},                 // 8: volume, no cost
	}
	type settings = keyaccount.Settings
	type volume = keyaccount.VolumeCut
	type margin = keyaccount.MarginCut
	for _, c := range []struct {
		name     string
		s        settings
		customer int
		quadrant keyaccount.Quadrant
		reason   string
	}{
		// Company rate: (220 + 10 + 50 + 0 + 20 + 0 - 3) / (1600+1600+100+50+30+0-5) = 297/3375 = 8.8%.
		{"key", settings{}, 0, keyaccount.Key, "sales rank 1, class A; margin 13.8% >= 8.8%: key account"},
		{"volume only", settings{}, 1, keyaccount.VolumeOnly, "sales rank 2, class A; margin 0.6% < 8.8%: volume only"},
		{"niche", settings{}, 2, keyaccount.Niche, "sales rank 4, class B; margin 50.0% >= 8.8%: niche"},
		{"tail", settings{}, 3, keyaccount.Tail, "sales rank 6, class C; margin 0.0% < 8.8%: tail"},
		{"cost missing", settings{}, 4, keyaccount.Unknown, "sales rank 5, class B; cost known for 30.0% < 50.0% of sales: margin unknown"},
		{"cost enough by setting", settings{MinCoverage: money.OneRate / 100 * 30}, 4, keyaccount.Niche, "sales rank 5, class B; margin 66.7% >= 8.8%: niche"},
		{"nothing earned", settings{}, 5, keyaccount.Tail, "sales rank 7, class Z; sales with known cost 0.00 after returns, no margin: tail"},
		{"only a return", settings{}, 6, keyaccount.Unknown, "no order in the window: quadrant unknown"},
		{"nothing", settings{}, 7, keyaccount.Unknown, "no order in the window: quadrant unknown"},
		{"no cost at all", settings{}, 8, keyaccount.Unknown, "sales rank 3, class A; cost known for 0.0% < 50.0% of sales: margin unknown"},
		{"by amount", settings{Volume: volume{By: keyaccount.VolumeAmount, Amount: 100 * money.One}}, 2, keyaccount.Key,
			"sales 100.00 >= 100.00; margin 50.0% >= 8.8%: key account"},
		{"just below the amount", settings{Volume: volume{By: keyaccount.VolumeAmount, Amount: 100*money.One + 1}}, 2, keyaccount.Niche,
			"sales 100.00 < 100.0001; margin 50.0% >= 8.8%: niche"},
		{"amount, cost missing", settings{Volume: volume{By: keyaccount.VolumeAmount, Amount: money.One}}, 8, keyaccount.Unknown,
			"sales 1000.00 >= 1.00; cost known for 0.0% < 50.0% of sales: margin unknown"},
		// Orders: 1600, 1600, 1000, 100, 100, 50, 0; the fourth is the median.
		{"by median", settings{Volume: volume{By: keyaccount.VolumeMedian}}, 2, keyaccount.Key, "sales 100.00 >= median 100.00; margin 50.0% >= 8.8%: key account"},
		{"below the median", settings{Volume: volume{By: keyaccount.VolumeMedian}}, 3, keyaccount.Tail, "sales 50.00 < median 100.00; margin 0.0% < 8.8%: tail"},
		// Two of seven are below and two equal: (2 + 1)/7 = 42.9%.
		{"by percentile", settings{Volume: volume{By: keyaccount.VolumePercentile, Percentile: money.OneRate / 100 * 42}}, 2, keyaccount.Key,
			"sales percentile 42.9 >= 42.0; margin 50.0% >= 8.8%: key account"},
		{"percentile not reached", settings{Volume: volume{By: keyaccount.VolumePercentile, Percentile: money.OneRate / 100 * 43}}, 2, keyaccount.Niche,
			"sales percentile 42.9 < 43.0; margin 50.0% >= 8.8%: niche"},
		{"raw rate", settings{Margin: margin{By: keyaccount.MarginRate, Rate: money.OneRate / 2, Raw: true}}, 2, keyaccount.Niche,
			"sales rank 4, class B; margin 50.0% >= 50.0%: niche"},
		{"raw rate a hair above", settings{Margin: margin{By: keyaccount.MarginRate, Rate: money.OneRate/2 + 100, Raw: true}}, 2, keyaccount.Tail,
			"sales rank 4, class B; margin 50.0000% < 50.0001%: tail"},
		// Known margins: 13.75%, 0.625%, 50%, 0%: the third from below has (2 + 1/2)/4.
		{"raw margin percentile", settings{Margin: margin{By: keyaccount.MarginPercentile, Percentile: money.OneRate / 1000 * 625, Raw: true}}, 0, keyaccount.Key,
			"sales rank 1, class A; margin percentile 62.5 >= 62.5: key account"},
		{"raw margin median", settings{Margin: margin{By: keyaccount.MarginMedian, Raw: true}}, 1, keyaccount.VolumeOnly,
			"sales rank 2, class A; margin 0.6% < median 7.2%: volume only"},
	} {
		r := score(t, accounts(t, company), c.s)
		if got := r.Quadrant[c.customer]; got != c.quadrant {
			t.Errorf("%s: got %s, want %s", c.name, got, c.quadrant)
		}
		if got := string(r.AppendReason(nil, c.customer)); got != c.reason {
			t.Errorf("%s: got  %q\nwant %q", c.name, got, c.reason)
		}
	}
	if got := score(t, accounts(t, company), settings{}).MissingCost; !cmp.Equal(got, []int32{4, 8}) {
		t.Errorf("got missing cost %v, want customers 4 and 8", got)
	}
}

// One lucky order does not make a key account where a rate decides: the shrunk rate does.
func TestALuckyOrderIsShrunk(t *testing.T) {
	var company [][]order
	for c := range 40 {
		company = append(company, []order{sold(1000, 900+int64(c)), sold(1000, 880+int64(c)), sold(1000, 850)})
	}
	lucky := len(company)
	company = append(company, []order{sold(10, 1)}) // 90%
	a := accounts(t, company)
	cut := keyaccount.MarginCut{By: keyaccount.MarginRate, Rate: money.OneRate / 5}
	r := score(t, a, keyaccount.Settings{Margin: cut})
	if r.MarginRate[lucky] != 0.9 || r.MarginRateShrunk[lucky] > 0.2 || r.Quadrant[lucky] != keyaccount.Tail {
		t.Errorf("got margin %v, shrunk %v, %s; want 0.9 shrunk below 0.2, TAIL", r.MarginRate[lucky], r.MarginRateShrunk[lucky], r.Quadrant[lucky])
	}
	if got := string(r.AppendReason(nil, lucky)); !strings.Contains(got, "margin own 90.0%, shrunk ") {
		t.Errorf("got reason %q, want both rates in it", got)
	}
	cut.Raw = true
	if q := score(t, a, keyaccount.Settings{Margin: cut}).Quadrant[lucky]; q != keyaccount.Niche {
		t.Errorf("with the raw margin: got %s, want NICHE", q)
	}
}

func TestMarginOff(t *testing.T) {
	r := score(t, accounts(t, [][]order{{uncosted(90)}, {uncosted(10)}, {}}), keyaccount.Settings{})
	want := []keyaccount.Quadrant{keyaccount.Key, keyaccount.Tail, keyaccount.Unknown}
	if !r.MarginOff || !cmp.Equal(r.Quadrant, want) || len(r.MissingCost) != 0 || !math.IsNaN(r.CompanyRate()) {
		t.Errorf("got off %v, %v, missing %v, want off, %v, none", r.MarginOff, r.Quadrant, r.MissingCost, want)
	}
	if got := string(r.AppendReason(nil, 0)); got != "sales rank 1, class A; margin criterion off, no sales have a known cost: key account" {
		t.Errorf("got reason %q", got)
	}
	if diff := cmp.Diff([]float64{75, 25, math.NaN()}, r.KeyScore, approx); diff != "" {
		t.Errorf("key score: -want +got\n%s", diff)
	}
}

func TestKeyScoreAndFit(t *testing.T) {
	// Volume percentiles 75 and 25; margins 10% and 50% of the same order sizes: 25 and 75.
	company := [][]order{{sold(200, 180)}, {sold(100, 50)}}
	a := accounts(t, company)
	plain := 100 * math.Sqrt(.75*.25)
	for _, c := range []struct {
		name string
		fit  []float64
		w    money.Rate
		want []float64
	}{
		{"none given", nil, 0, []float64{plain, plain}},
		{"default weight", []float64{5, math.NaN()}, 0, []float64{.8*plain + 20, plain}},
		{"zero fit", []float64{0, 2.5}, 0, []float64{.8 * plain, .8*plain + 10}},
		{"own weight", []float64{5, 1}, money.OneRate / 2, []float64{.5*plain + 50, .5*plain + 10}},
	} {
		a.Fit = c.fit
		if diff := cmp.Diff(c.want, score(t, a, keyaccount.Settings{FitWeight: c.w}).KeyScore, approx); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

func TestScoreRefuses(t *testing.T) {
	one := money.OneRate
	a := accounts(t, [][]order{{sold(2, 1)}})
	for name, s := range map[string]keyaccount.Settings{
		"volume cut":        {Volume: keyaccount.VolumeCut{By: "size"}},
		"margin cut":        {Margin: keyaccount.MarginCut{By: "size"}},
		"volume percentile": {Volume: keyaccount.VolumeCut{Percentile: one + 1}},
		"margin percentile": {Margin: keyaccount.MarginCut{Percentile: -1}},
		"cost coverage":     {MinCoverage: one + 1},
		"strategic fit":     {FitWeight: -1},
	} {
		if _, err := keyaccount.Score(a, s); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got error %v", name, err)
		}
	}
	a.Fit = []float64{5.5}
	if _, err := keyaccount.Score(a, keyaccount.Settings{}); err == nil || !strings.Contains(err.Error(), "5.5") {
		t.Errorf("fit 5.5: got error %v", err)
	}
	a.Fit, a.Cost[0] = nil, math.MinInt64
	if _, err := keyaccount.Score(a, keyaccount.Settings{}); err == nil {
		t.Error("overflow: got no error")
	}
}

func companies() *rapid.Generator[[][]order] {
	one := rapid.Custom(func(t *rapid.T) order {
		net := rapid.Int64Range(0, 8).Draw(t, "net") * 25
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return uncosted(net)
		case 1:
			return returned(net, rapid.Int64Range(0, net).Draw(t, "cost"))
		}
		return sold(net, rapid.Int64Range(0, net+20).Draw(t, "cost"))
	})
	return rapid.SliceOfN(rapid.SliceOfN(one, 0, 5), 0, 25)
}

func TestScoreEqualsTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := accounts(t, companies().Draw(t, "company"))
		r := score(t, a, keyaccount.Settings{})
		n := naive(a)
		if diff := cmp.Diff(n.quadrant, r.Quadrant); diff != "" {
			t.Fatalf("quadrants: -want +got\n%s", diff)
		}
		if diff := cmp.Diff(n.volume, r.VolumePercentile, approx); diff != "" {
			t.Fatalf("volume percentile: -want +got\n%s", diff)
		}
		for c := range a.Net {
			checkCustomer(t, r, c)
		}
		if diff := cmp.Diff(naiveMidRanks(r.MarginRateShrunk, func(c int) bool { return n.known[c] }), r.MarginPercentile, approx); diff != "" {
			t.Fatalf("margin percentile: -want +got\n%s", diff)
		}
	})
}

// checkCustomer checks what holds for every customer whatever the data.
func checkCustomer(t *rapid.T, r *keyaccount.Result, c int) {
	rate, shrunk, company := r.MarginRate[c], r.MarginRateShrunk[c], r.CompanyRate()
	if math.IsNaN(rate) != math.IsNaN(shrunk) && !r.MarginOff {
		t.Fatalf("customer %d: margin %v, shrunk %v", c, rate, shrunk)
	}
	if shrunk < min(rate, company)-1e-12 || shrunk > max(rate, company)+1e-12 {
		t.Fatalf("customer %d: shrunk %v is not between %v and %v", c, shrunk, rate, company)
	}
	want := 100 * math.Sqrt(r.VolumePercentile[c]/100*r.MarginPercentile[c]/100)
	if r.MarginOff {
		want = r.VolumePercentile[c]
	}
	if !cmp.Equal(want, r.KeyScore[c], approx) {
		t.Fatalf("customer %d: key score %v, want %v", c, r.KeyScore[c], want)
	}
	if s := string(r.AppendReason([]byte("x"), c)); len(s) < 10 || s[0] != 'x' || strings.Contains(s, "NaN") {
		t.Fatalf("customer %d: reason %q", c, s)
	}
}

type naiveResult struct {
	quadrant []keyaccount.Quadrant
	volume   []float64
	known    []bool
}

// naive decides with exact rationals, in the words of the definition.
func naive(a keyaccount.Accounts) naiveResult {
	n := len(a.Net)
	r := naiveResult{quadrant: make([]keyaccount.Quadrant, n), known: make([]bool, n)}
	profit, covered := new(big.Rat), new(big.Rat)
	for c := range n {
		profit.Add(profit, big.NewRat(int64(a.Covered[c]-a.Cost[c]), 1))
		covered.Add(covered, big.NewRat(int64(a.Covered[c]), 1))
	}
	net := make([]float64, n)
	for c := range n {
		net[c] = float64(a.Net[c])
		if a.Orders[c] == 0 {
			continue
		}
		high := a.SalesClass[c] == scoring.A
		if covered.Sign() <= 0 {
			r.quadrant[c] = pick(high, high)
			r.known[c] = false
			continue
		}
		coverage := big.NewRat(a.Costed[c], max(1, a.Lines[c]))
		if a.Net[c] != 0 {
			coverage = big.NewRat(int64(a.Covered[c]), int64(a.Net[c]))
		}
		if a.Costed[c] == 0 || coverage.Cmp(big.NewRat(1, 2)) < 0 {
			continue
		}
		good := false
		if r.known[c] = a.Covered[c] > 0; r.known[c] {
			rate := big.NewRat(int64(a.Covered[c]-a.Cost[c]), int64(a.Covered[c]))
			good = rate.Cmp(new(big.Rat).Quo(profit, covered)) >= 0
		}
		r.quadrant[c] = pick(high, good)
	}
	r.volume = naiveMidRanks(net, func(c int) bool { return a.Orders[c] > 0 })
	return r
}

func pick(volume, margin bool) keyaccount.Quadrant {
	if volume {
		return map[bool]keyaccount.Quadrant{true: keyaccount.Key, false: keyaccount.VolumeOnly}[margin]
	}
	return map[bool]keyaccount.Quadrant{true: keyaccount.Niche, false: keyaccount.Tail}[margin]
}

func naiveMidRanks(x []float64, member func(c int) bool) []float64 {
	p := make([]float64, len(x))
	for c := range x {
		less, equal, n := 0., 0., 0.
		for o := range x {
			if member(o) {
				n++
				if x[o] < x[c] {
					less++
				} else if x[o] == x[c] {
					equal++
				}
			}
		}
		if p[c] = 100 * (less + equal/2) / n; !member(c) {
			p[c] = math.NaN()
		}
	}
	return p
}

func TestQuadrantNames(t *testing.T) {
	for q, want := range []string{"UNKNOWN", "KEY", "VOLUME_ONLY", "NICHE", "TAIL"} {
		if got := keyaccount.Quadrant(q).String(); got != want {
			t.Errorf("quadrant %d: got %q, want %q", q, got, want)
		}
	}
}

func TestPriorOfOneAverageOrder(t *testing.T) {
	// Nobody has two orders to compare: 100 and 300 at 50% and 10%, company 20%, prior 200.
	r := score(t, accounts(t, [][]order{{sold(100, 50)}, {sold(300, 270)}}), keyaccount.Settings{})
	if diff := cmp.Diff([]float64{.2 + .3/3, .2 - .1*.6}, r.MarginRateShrunk, approx); diff != "" || r.Shrinkage.K != 200 || r.Shrinkage.Estimated {
		t.Errorf("shrinkage %+v: -want +got\n%s", r.Shrinkage, diff)
	}
}

func TestMedianOfAnEvenPopulation(t *testing.T) {
	// The median of 100.00 and 100.0001 lies between them: only the larger is high.
	a := accounts(t, [][]order{{sold(100, 50)}, {sold(100, 50)}})
	a.Net[1]++
	r := score(t, a, keyaccount.Settings{Volume: keyaccount.VolumeCut{By: keyaccount.VolumeMedian}, Margin: keyaccount.MarginCut{By: keyaccount.MarginRate}})
	if want := []keyaccount.Quadrant{keyaccount.Niche, keyaccount.Key}; !cmp.Equal(r.Quadrant, want) || r.VolumeMedian != a.Net[1] {
		t.Errorf("got %v with median %s, want %v", r.Quadrant, r.VolumeMedian, want)
	}
}
