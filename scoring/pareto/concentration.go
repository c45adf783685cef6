package pareto

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// Concentration says how unevenly the n customers above zero share a measure. All figures are NaN
// for n = 0.
type Concentration struct {
	// Customers is n.
	Customers int
	// Gini is 0 for equal customers and 1 when one has everything: Σ (2i - n - 1) x_i / (n Σ x)
	// over ascending x_1..x_n, times n/(n-1), which makes it unbiased for small n (Deltas, The
	// small-sample bias of the Gini coefficient, Review of Economics and Statistics 85(1), 2003).
	// NaN for n = 1.
	Gini float64
	// HHI is the Herfindahl-Hirschman index Σ (x/Σx)², in 1/n..1. Times 10,000 it is the index of
	// competition authorities.
	HHI float64
	// Top1, Top5, Top10 and Top20 are the shares of the best 1%, 5%, 10% and 20% of the n
	// customers: of floor(p n) of them, but at least of one.
	Top1, Top5, Top10, Top20 float64
	// Vital customers, the fewest that make 80% or more of the sum, are the share VitalShare of n:
	// the true x in "x% of customers make 80%".
	Vital      int
	VitalShare float64
}

// Concentrate measures the concentration of the values above zero.
func Concentrate[V ~int64](r *Ranking[V]) Concentration {
	n := r.positive()
	c := Concentration{Customers: n, Gini: math.NaN(), HHI: math.NaN(), Top1: math.NaN(), Top5: math.NaN(),
		Top10: math.NaN(), Top20: math.NaN(), VitalShare: math.NaN()}
	if n == 0 {
		return c
	}
	c.Gini, c.HHI = r.gini(n), r.hhi(n)
	percent := money.OneRate / 100
	c.Top1, c.Top5, c.Top10, c.Top20 = r.top(n, percent), r.top(n, 5*percent), r.top(n, 10*percent), r.top(n, 20*percent)
	c.Vital, c.VitalShare = Fewest(r, 80*percent)
	return c
}

// Fewest is the smallest number k of best customers who together make share or more of the base,
// compared exactly, and k as a share of the customers above zero. share is in 0..1; without
// customers above zero k is 0 and the share NaN.
func Fewest[V ~int64](r *Ranking[V], share money.Rate) (k int, ofCustomers float64) {
	n := r.positive()
	if n == 0 {
		return 0, math.NaN()
	}
	var sum V
	for k < n && scoring.CompareProducts(int64(sum), int64(money.OneRate), int64(share), int64(r.Base)) < 0 {
		sum += r.Values[r.Order[k]]
		k++
	}
	return k, float64(k) / float64(n)
}

// TopShare is the sum of the best k ranked customers / Total, for tables like "top 20% of all
// customers"; NaN unless Total is above zero.
func TopShare[V ~int64](r *Ranking[V], k int) float64 {
	if r.Total <= 0 {
		return math.NaN()
	}
	return float64(r.best(k)) / float64(r.Total)
}

func (r *Ranking[V]) positive() int {
	return r.Classes[scoring.A].Customers + r.Classes[scoring.B].Customers + r.Classes[scoring.C].Customers
}

func (r *Ranking[V]) best(k int) (sum V) {
	for _, c := range r.Order[:min(k, len(r.Order))] {
		sum += r.Values[c]
	}
	return sum
}

func (r *Ranking[V]) top(n int, share money.Rate) float64 {
	k := max(1, int(int64(n)*int64(share)/int64(money.OneRate)))
	return float64(r.best(k)) / float64(r.Base)
}

// gini needs Σ i x_i exactly: over descending ranks k = n+1-i it is (n+1) Σx - Σ k x, so the
// numerator Σ (2i - n - 1) x_i is (n+1) Σx - 2 Σ k x.
func (r *Ranking[V]) gini(n int) float64 {
	if n < 2 {
		return math.NaN()
	}
	var hi, lo uint64
	for k, c := range r.Order[:n] {
		addProduct(&hi, &lo, uint64(k+1), uint64(r.Values[c]))
	}
	sum := big.NewInt(int64(r.Base))
	num := new(big.Int).Mul(sum, big.NewInt(int64(n)+1))
	num.Sub(num, wide(hi, lo).Lsh(wide(hi, lo), 1))
	return ratio(num, sum.Mul(sum, big.NewInt(int64(n)-1)))
}

// hhi sums squares in 128 bits: Σ x² <= (Σ x)² < 2^126.
func (r *Ranking[V]) hhi(n int) float64 {
	var hi, lo uint64
	for _, c := range r.Order[:n] {
		addProduct(&hi, &lo, uint64(r.Values[c]), uint64(r.Values[c]))
	}
	sum := big.NewInt(int64(r.Base))
	return ratio(wide(hi, lo), sum.Mul(sum, sum))
}

func addProduct(hi, lo *uint64, a, b uint64) {
	h, l := bits.Mul64(a, b)
	var carry uint64
	*lo, carry = bits.Add64(*lo, l, 0)
	*hi, _ = bits.Add64(*hi, h, carry)
}

func wide(hi, lo uint64) *big.Int {
	x := new(big.Int).SetUint64(hi)
	return x.Or(x.Lsh(x, 64), new(big.Int).SetUint64(lo))
}

func ratio(num, den *big.Int) float64 {
	f, _ := new(big.Rat).SetFrac(num, den).Float64()
	return f
}
