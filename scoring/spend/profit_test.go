package spend

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/history"
	"pgregory.net/rapid"
)

// book makes a history of customers from the profits of their purchases; nil is a customer without
// any, NaN a purchase whose cost is not known.
func book(customers ...[]float64) *history.History {
	n := len(customers)
	h := &history.History{
		AsOf: 1000, X: make([]int32, n), TX: make([]int32, n), T: make([]int32, n),
		Value: make([]money.Amount, n), First: make([]money.Amount, n), Spells: make([]int32, n),
		Profit: make([]money.Amount, n), Squares: make([]float64, n), Covered: make([]money.Amount, n), Net: make([]money.Amount, n),
	}
	for c, profits := range customers {
		h.T[c] = -1
		if len(profits) > 0 {
			h.X[c], h.T[c] = int32(len(profits)-1), 500
		}
		for _, p := range profits {
			h.Net[c] += 100 * money.One
			if !math.IsNaN(p) {
				h.Spells[c]++
				h.Covered[c] += 100 * money.One
				h.Profit[c] += money.Amount(math.Round(p * float64(money.One)))
			}
		}
		for _, p := range profits {
			if !math.IsNaN(p) {
				h.Squares[c] += (p - h.MeanProfit(c)) * (p - h.MeanProfit(c))
			}
		}
	}
	return h
}

// normal draws customers with means N(m, τ²) and 1..6 purchases N(θ, σ²).
func normal(n int, m, tau, sigma float64, seed uint64) (h *history.History, theta []float64) {
	r := rand.New(rand.NewPCG(seed, 9))
	var customers [][]float64
	for range n {
		theta = append(theta, m+tau*r.NormFloat64())
		var profits []float64
		for range 1 + r.IntN(6) {
			profits = append(profits, theta[len(theta)-1]+sigma*r.NormFloat64())
		}
		customers = append(customers, profits)
	}
	return book(customers...), theta
}

// On normal data the model is right: the estimates beat own mean and population mean, and mean ± 1.96
// SD holds the truth for 95% of 4000 customers, give or take 1.5 points (4 standard errors).
func TestProfitRecovers(t *testing.T) {
	h, theta := normal(4000, -3, 20, 40, 1)
	p := FitProfit(h, nil)
	e := p.Expected(h)
	var own, pooled, shrunk float64
	held := 0
	for c, want := range theta {
		own += math.Pow(h.MeanProfit(c)-want, 2)
		pooled += math.Pow(p.Mean-want, 2)
		shrunk += math.Pow(e.Mean[c]-want, 2)
		if math.Abs(e.Mean[c]-want) <= 1.96*e.SD[c] {
			held++
		}
	}
	if !(shrunk < own && shrunk < pooled) {
		t.Errorf("squared error %v, own means %v, population mean %v: shrinkage must be best", shrunk, own, pooled)
	}
	if share := float64(held) / 4000; math.Abs(share-0.95) > 0.015 {
		t.Errorf("%.3f of the intervals hold the truth, want 0.95", share)
	}
	if math.Abs(p.Mean+3) > 4*p.MeanSE || len(p.Left) > 0 || math.Abs(p.Tau2/400-1) > 0.2 || math.Abs(p.Sigma2/1600-1) > 0.1 {
		t.Errorf("got %+v, want mean -3, variances 400 and 1600", p)
	}
}

func TestAPurchaseOfAMillion(t *testing.T) {
	h, _ := normal(500, 10, 5, 8, 2)
	without := FitProfit(h, nil)
	for _, tc := range []struct {
		name    string
		profits []float64
	}{{"alone", []float64{1e6}}, {"among others", []float64{12, 1e6, 9, 11}}, {"a loss", []float64{-1e6}}} {
		t.Run(tc.name, func(t *testing.T) {
			customers := [][]float64{tc.profits}
			big := book(customers...)
			both := join(h, big)
			p := FitProfit(both, nil)
			if len(p.Left) != 1 || p.Left[0] != 500 {
				t.Fatalf("left out %v, want customer 500", p.Left)
			}
			if !closeTo(p.Mean, without.Mean, 1e-9) || !closeTo(p.K, without.K, 1e-9) {
				t.Errorf("got mean %v, K %v, want those without the million: %v, %v", p.Mean, p.K, without.Mean, without.K)
			}
			e := p.Expected(both)
			if e.Flags[500]&Outlier == 0 || e.SD[500] < math.Abs(e.Mean[500]-p.Mean) || len(p.Warnings()) == 0 {
				t.Errorf("got %v ± %v (%v), want it flagged, wide and said", e.Mean[500], e.SD[500], e.Flags[500])
			}
		})
	}
}

func join(a, b *history.History) *history.History {
	return &history.History{
		AsOf: a.AsOf, X: append(a.X[:a.Len():a.Len()], b.X...), TX: append(a.TX[:a.Len():a.Len()], b.TX...),
		T: append(a.T[:a.Len():a.Len()], b.T...), Value: append(a.Value[:a.Len():a.Len()], b.Value...),
		First: append(a.First[:a.Len():a.Len()], b.First...), Spells: append(a.Spells[:a.Len():a.Len()], b.Spells...),
		Profit: append(a.Profit[:a.Len():a.Len()], b.Profit...), Squares: append(a.Squares[:a.Len():a.Len()], b.Squares...),
		Covered: append(a.Covered[:a.Len():a.Len()], b.Covered...), Net: append(a.Net[:a.Len():a.Len()], b.Net...),
	}
}

func TestProfitOfThinData(t *testing.T) {
	nan := math.NaN()
	for _, tc := range []struct {
		name  string
		h     *history.History
		mean  []float64
		flags []Flag
	}{
		{"nobody", book(), nil, nil},
		{"no costs", book([]float64{nan, nan}, nil), []float64{nan, nan}, []Flag{NoCost, Prior}},
		{"one purchase", book([]float64{7}), []float64{7}, []Flag{Fallback | NoSpread}},
		{"one customer", book([]float64{7, 9}), []float64{8}, []Flag{Fallback}},
		{"two one-time buyers", book([]float64{4}, []float64{-8}), []float64{1, -5}, []Flag{Fallback, Fallback}},
		{"all equal", book([]float64{5, 5}, []float64{5, 5}, []float64{5}), []float64{5, 5, 5}, []Flag{0, 0, 0}},
		{"a third of the costs", book([]float64{7, nan, nan}, []float64{5, 5}, []float64{5, 5}), []float64{nan, 5, 5}, []Flag{NoCost, 0, 0}},
		{"a prospect", book(nil, []float64{5, 5}, []float64{5, 5}), []float64{5, 5, 5}, []Flag{Prior, 0, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := FitProfit(tc.h, nil)
			e := p.Expected(tc.h)
			for c, want := range tc.mean {
				if !(closeTo(e.Mean[c], want, 1e-12) || math.IsNaN(want) && math.IsNaN(e.Mean[c])) || e.Flags[c]&^NoSpread != tc.flags[c]&^NoSpread {
					t.Errorf("customer %d: got %v (%v), want %v (%v)", c, e.Mean[c], e.Flags[c], want, tc.flags[c])
				}
			}
			checkEstimate(t, e, false)
		})
	}
}

// Shrinkage lies between the own mean and the population's, spreads are finite and outside customers
// change nothing.
func TestProfitOfAnyData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		profit := rapid.OneOf(rapid.Float64Range(-100, 100), rapid.Just(math.NaN()), rapid.Just(0.0), rapid.Just(1e6))
		customers := rapid.SliceOfN(rapid.SliceOfN(profit, 0, 5), 1, 30).Draw(t, "profits")
		h := book(customers...)
		p := FitProfit(h, nil)
		e := p.Expected(h)
		checkEstimate(t, e, false)
		for c := range customers {
			lo, hi := min(p.Mean, h.MeanProfit(c)), max(p.Mean, h.MeanProfit(c))
			if e.Flags[c]&(NoCost|Prior) == 0 && !(e.Mean[c] >= lo-1e-6 && e.Mean[c] <= hi+1e-6) {
				t.Fatalf("customer %d: got %v, want within %v..%v", c, e.Mean[c], lo, hi)
			}
		}
		doubled := book(append(customers, customers...)...)
		outside := make([]bool, doubled.Len())
		for c := range customers {
			outside[len(customers)+c] = true
		}
		q := FitProfit(doubled, outside)
		if !same(q.Mean, p.Mean) || !same(q.K, p.K) || !same(q.Tau2, p.Tau2) {
			t.Fatalf("customers outside moved the fit: got %+v, want %+v", q, p)
		}
	})
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
