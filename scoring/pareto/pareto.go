// Package pareto says which customers make which part of a measure.
//
//  1. Rank orders the customers by a measure (net sales, gross profit, units), best first, and gives
//     each a rank, a share, a cumulative share and a class.
//  2. NewWhale turns a ranking of gross profit into the whale curve: how far profit piles up before
//     the loss-makers take it down again.
//  3. Concentrate measures how unevenly the customers above zero share the measure.
//
// Sums, ranks and classes are integers to the end; a float64 appears only as a printed share.
package pareto

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// Cuts are the cumulative shares at which classes A and B end, as shares of the base. The zero
// value is 80% and 95%.
type Cuts struct{ A, B money.Rate }

// OrDefault is c with the default in place of the zero value.
func (c Cuts) OrDefault() Cuts {
	if c == (Cuts{}) {
		return Cuts{A: money.OneRate / 100 * 80, B: money.OneRate / 100 * 95}
	}
	return c
}

// Validate returns an error unless 0 < A <= B <= 1.
func (c Cuts) Validate() error {
	if c.A <= 0 || c.B < c.A || c.B > money.OneRate {
		return fmt.Errorf("class cuts A %s and B %s: set 0 < A <= B <= 1, for example 0.8 and 0.95", c.A, c.B)
	}
	return nil
}

// Ranking is a measure's Pareto analysis. Columns have one value per customer; customers whose
// value is unknown have rank 0, no class and NaN shares.
type Ranking[V ~int64] struct {
	Cuts Cuts
	// Order lists the known customers by value, largest first, equal values by customer index.
	Order []int32
	// Rank is ordinal: the place in Order counted from 1, so no two customers share a rank. Equal
	// values share the class, not the rank.
	Rank []int32
	// Share is value / Base; negative for losses.
	Share []float64
	// CumShare is the sum of the values up to and with this rank / Base: it rises to 1, stays and
	// falls to Total/Base.
	CumShare []float64
	// Class goes by the share before the customer's tie group: A below Cuts.A, B below Cuts.B, C
	// the rest of the customers above zero.
	Class []scoring.Class
	// Values is the measure itself, shared with the caller.
	Values []V

	// Base is the sum of the values above zero, Total that of all known values. Shares are NaN
	// where Base is 0.
	Base, Total V
	// Classes holds the customers and the sum of each class.
	Classes [scoring.Classes]ClassTotal[V]
	// Tied is the number of customers that share their value with another, LargestTie the size of
	// the largest such group, 1 without any.
	Tied, LargestTie int
}

// ClassTotal is the line of one class in a table of classes.
type ClassTotal[V ~int64] struct {
	Customers int
	Sum       V
}

// Rank ranks customers 0..len(values)-1. known marks the customers whose value is known; nil means
// all. It errors on cuts that are not legal and on sums that do not fit int64.
func Rank[V ~int64](values []V, known []bool, cuts Cuts) (*Ranking[V], error) {
	cuts = cuts.OrDefault()
	if err := cuts.Validate(); err != nil {
		return nil, err
	}
	n := len(values)
	r := &Ranking[V]{
		Cuts: cuts, Values: values, Order: order(values, known), Rank: make([]int32, n), Share: make([]float64, n),
		CumShare: make([]float64, n), Class: make([]scoring.Class, n),
	}
	for c := range r.Share {
		r.Share[c], r.CumShare[c] = math.NaN(), math.NaN()
	}
	if !r.sum() {
		return nil, fmt.Errorf("the sum over customers does not fit: values beyond 922 trillion; check the units of the export")
	}
	r.classify()
	return r, nil
}

// order sorts the known customers, best first.
func order[V ~int64](values []V, known []bool) []int32 {
	keys, customers := make([]int64, 0, len(values)), make([]int32, 0, len(values))
	for c, v := range values {
		if known == nil || known[c] {
			keys, customers = append(keys, int64(v)), append(customers, int32(c))
		}
	}
	sorted := scoring.Descending(keys)
	for i, k := range sorted {
		sorted[i] = customers[k]
	}
	return sorted
}

// sum fills Base and Total. Values descend, so a running sum rises to Base and falls to Total: one
// that fits at both ends fits between.
func (r *Ranking[V]) sum() bool {
	var total money.Amount
	for _, c := range r.Order {
		t, ok := money.Add(total, money.Amount(r.Values[c]))
		if !ok {
			return false
		}
		if total = t; r.Values[c] > 0 {
			r.Base = V(t)
		}
	}
	r.Total = V(total)
	return true
}

// classify walks the tie groups, best first.
func (r *Ranking[V]) classify() {
	var cum V
	for lo := 0; lo < len(r.Order); {
		v := r.Values[r.Order[lo]]
		class := r.class(v, cum)
		hi := lo
		for ; hi < len(r.Order) && r.Values[r.Order[hi]] == v; hi++ {
			c := r.Order[hi]
			cum += v
			r.Rank[c], r.Class[c] = int32(hi+1), class
			if r.Base > 0 {
				r.Share[c], r.CumShare[c] = float64(v)/float64(r.Base), float64(cum)/float64(r.Base)
			}
		}
		r.Classes[class].Customers += hi - lo
		r.Classes[class].Sum += v * V(hi-lo)
		if r.LargestTie = max(r.LargestTie, hi-lo); hi-lo > 1 {
			r.Tied += hi - lo
		}
		lo = hi
	}
}

// class is the class of value v with before ahead of its tie group: before/Base < cut, exactly.
func (r *Ranking[V]) class(v, before V) scoring.Class {
	below := func(cut money.Rate) bool {
		return scoring.CompareProducts(int64(before), int64(money.OneRate), int64(cut), int64(r.Base)) < 0
	}
	switch {
	case v < 0:
		return scoring.Loss
	case v == 0:
		return scoring.Zero
	case below(r.Cuts.A):
		return scoring.A
	case below(r.Cuts.B):
		return scoring.B
	}
	return scoring.C
}
