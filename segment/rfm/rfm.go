// Package rfm scores customers by recency, frequency and monetary value and names their segment.
//
//  1. Score finds four cut points per dimension, quantiles of the customers with a purchase unless
//     Settings gives its own.
//  2. Every customer gets 1..5 in each dimension: one, and one more for each cut they are strictly
//     better than. Equal values get equal scores, 5 is best.
//  3. SegmentOf reads the named segment off a total map of the 125 cells.
//
// The dimensions are binned independently of each other: no nested mode, in which the frequency
// bins would depend on the recency score and a 4 would mean something else in each of them.
//
// # Quantiles
//
// The cuts are the sample quantiles of definition 1 in Hyndman and Fan, Sample Quantiles in
// Statistical Packages, The American Statistician 50 (1996), at 1/5..4/5: the inverse of the
// empirical distribution, counted from the worst value, so every cut is a value that some customer
// has and no interpolation rounds. It follows that
//
//	score = 1 + ⌊5 · (customers strictly worse) / (customers)⌋
//
// so a score of s says: at least (s-1)/5 of the customers are strictly worse. Ties go to the lower
// score as a whole, which leaves scores empty where values are few; Result.Warnings says which.
package rfm

import (
	"errors"
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// Scores is the number of scores per dimension; a score is 1..Scores, and 0 means none.
const Scores = 5

// Customers are the columns that Score reads, all of one length.
type Customers struct {
	// RecencyDays are the days from the last purchase to the as-of day, fewer is better; read for
	// customers with a purchase only.
	RecencyDays []int32
	// Frequency counts purchases. A customer with 0 or less is not scored.
	Frequency []int32
	// Monetary is net sales; it may be negative.
	Monetary []money.Amount
	// Among restricts scores and cut points to the customers it marks; nil is all.
	Among []bool
}

// Settings are own cut points, each from the worst to the best, to be passed by being strictly
// better: recency {365, 180, 90, 30} gives 5 to those of 29 days or fewer, frequency {1, 2, 4, 8}
// gives 1 to those with one purchase. A nil dimension is cut at its quantiles.
type Settings struct {
	Recency   *[Scores - 1]int32 // days, not ascending
	Frequency *[Scores - 1]int32 // purchases, not descending
	Monetary  *[Scores - 1]money.Amount
}

// Validate returns every dimension whose cut points are out of order.
func (s Settings) Validate() error {
	var faults []error
	check := func(name, order string, cuts any, keys [Scores - 1]int64) {
		for k := 1; k < len(keys); k++ {
			if keys[k] < keys[k-1] {
				faults = append(faults, fmt.Errorf("%s cut points %v: list them from the worst to the best, %s", name, cuts, order))
				return
			}
		}
	}
	if c := s.Recency; c != nil {
		check("recency", "most days first", *c, keysOf(*c, -1))
	}
	if c := s.Frequency; c != nil {
		check("frequency", "fewest purchases first", *c, keysOf(*c, 1))
	}
	if c := s.Monetary; c != nil {
		check("monetary", "smallest amount first", *c, keysOf(*c, 1))
	}
	return errors.Join(faults...)
}

// Dimension says how one dimension was cut.
type Dimension[V ~int32 | ~int64] struct {
	// Cuts are the cut points from the worst to the best, in the unit of the column: a customer has
	// score 1 plus one for each cut they are strictly better than. Without any customer and own
	// cut points they are 0.
	Cuts [Scores - 1]V
	// Given is true for own cut points, false for quantiles.
	Given bool
	// Customers counts by score; Customers[0] is those without one.
	Customers [Scores + 1]int
	// Distinct is the number of distinct values among the scored customers.
	Distinct int
}

// SegmentTotal is the line of a segment in an overview. Monetary / Purchases is what a purchase of
// the segment brings.
type SegmentTotal struct {
	Customers int
	Purchases int64
	Monetary  money.Amount
}

// Result has one value per customer in every column.
type Result struct {
	// R, F and M are 1..5, 5 best; 0 (unknown) without a purchase.
	R, F, M []uint8
	// Segment is None where the scores are 0.
	Segment []Segment

	Recency, Frequency Dimension[int32]
	Monetary           Dimension[money.Amount]
	// Totals is the overview by segment; Totals[None] counts the customers without one and sums
	// what is left.
	Totals [Segments]SegmentTotal
	// Warnings are of type EmptyScores: the dimensions in which some score has no customer.
	Warnings []error
}

// Score scores every customer. It errors on cut points that are out of order and on totals that do
// not fit.
func Score(c Customers, s Settings) (*Result, error) {
	n := len(c.Frequency)
	if len(c.RecencyDays) != n || len(c.Monetary) != n || (c.Among != nil && len(c.Among) != n) {
		panic("rfm: columns differ in length")
	}
	if err := s.Validate(); err != nil {
		return nil, err
	}
	members := make([]int32, 0, n)
	for i, f := range c.Frequency {
		if f > 0 && (c.Among == nil || c.Among[i]) {
			members = append(members, int32(i))
		}
	}
	r := &Result{R: make([]uint8, n), F: make([]uint8, n), M: make([]uint8, n), Segment: make([]Segment, n)}
	r.Recency = score(r.R, members, c.RecencyDays, -1, s.Recency)
	r.Frequency = score(r.F, members, c.Frequency, 1, s.Frequency)
	r.Monetary = score(r.M, members, c.Monetary, 1, s.Monetary)
	for _, i := range members {
		r.Segment[i] = SegmentOf(r.R[i], r.F[i], r.M[i])
	}
	r.warn(len(members))
	return r, r.total(&c)
}

func (r *Result) total(c *Customers) error {
	for i, segment := range r.Segment {
		t := &r.Totals[segment]
		sum, ok := money.Add(t.Monetary, c.Monetary[i])
		if !ok {
			return fmt.Errorf("the net sales of segment %q do not fit: amounts beyond 922 trillion; check the units of the export", segment)
		}
		t.Customers++
		t.Purchases += int64(c.Frequency[i])
		t.Monetary = sum
	}
	return nil
}

// score fills dst for the members. A larger sign x value is better.
func score[V ~int32 | ~int64](dst []uint8, members []int32, values []V, sign int64, given *[Scores - 1]V) Dimension[V] {
	keys := make([]int64, len(members))
	for i, c := range members {
		keys[i] = sign * int64(values[c])
	}
	d := Dimension[V]{Given: given != nil}
	sorted := scoring.Descending(keys)
	for i := range sorted {
		if i == 0 || keys[sorted[i]] != keys[sorted[i-1]] {
			d.Distinct++
		}
	}
	if given != nil {
		d.Cuts = *given
	} else if n := len(sorted); n > 0 {
		for k := range d.Cuts {
			// The ⌈(k+1)n/5⌉-th value from the worst.
			d.Cuts[k] = values[members[sorted[n-((k+1)*n+Scores-1)/Scores]]]
		}
	}
	cuts := keysOf(d.Cuts, sign)
	d.Customers[0] = len(dst) - len(members)
	for i, c := range members {
		s := uint8(1)
		for _, cut := range cuts {
			if keys[i] > cut {
				s++
			}
		}
		dst[c] = s
		d.Customers[s]++
	}
	return d
}

func keysOf[V ~int32 | ~int64](cuts [Scores - 1]V, sign int64) (keys [Scores - 1]int64) {
	for k, c := range cuts {
		keys[k] = sign * int64(c)
	}
	return keys
}
