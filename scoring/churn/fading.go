package churn

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"gonum.org/v1/gonum/mathext"
)

// FadingOptions say which windows to compare. The zero value is legal.
type FadingOptions struct {
	// Window is the length of both windows in days, 1..365; 0 means 90.
	Window int
	// Drop is the fall that counts, in 0..1 exclusive; 0 means 0.2.
	Drop float64
	// NoSeason judges each customer against themselves alone, not beside the company's own change.
	NoSeason bool
	// Outside marks customers whose rows another customer holds too: they are judged, but are no part of
	// the population they are judged by. nil: none.
	Outside []bool
	// Workers never changes a result.
	Workers int
}

// Fading holds one value per ledger customer.
type Fading struct {
	// Rate is the posterior probability that the rate of purchase days fell by more than Drop, Sales
	// that sales per day did; NaN for customers who are too new to compare.
	Rate, Sales []float64
	// Previous marks the customers compared with the window just before, for want of a year before;
	// Bought those with a purchase day in the last window, whoever else could be judged: the others may
	// buy less by having stopped.
	Previous, Bought []bool
	// Diagnostics are the manifest's record.
	Diagnostics FadingDiagnostics
}

// FadingDiagnostics say what the customers were judged by.
type FadingDiagnostics struct {
	Window int     `json:"window_days"`
	Drop   float64 `json:"drop"`
	// Year and Previous are the customers compared with each window and the company's change between.
	Year     Change `json:"year_before"`
	Previous Change `json:"window_before"`
	// Shape and Rate are the gamma prior of purchase days per window; P, Q, V that of their value.
	Shape float64 `json:"rate_shape,omitempty"`
	Rate  float64 `json:"rate_rate,omitempty"`
	P     float64 `json:"value_p,omitempty"`
	Q     float64 `json:"value_q,omitempty"`
	V     float64 `json:"value_v,omitempty"`
	// Why says why nobody could be judged; empty otherwise.
	Why string `json:"why,omitempty"`
}

// Change is the company between two windows: the ratio of purchase days and of their mean value among
// the customers who were there in both.
type Change struct {
	Customers int     `json:"customers"`
	Purchases float64 `json:"purchases"`
	Value     float64 `json:"value"`
}

// pair is a customer's two windows. Exposure is in windows; the day of the first purchase makes a
// customer and is no repeat, so counts and exposure begin the day after.
type pair struct {
	kind    kind
	bought  bool    // in the last window, the first purchase included
	before  float64 // exposure of the earlier window, 0..1; the last one's is 1
	n0, n1  float64
	s0, s1  float64 // their sales
	squares float64 // Σ z² over both
}

type kind uint8

const (
	tooNew kind = iota
	yearBefore
	windowBefore
)

// Fade compares the last window of every customer with the same days a year before.
//
// The number of purchase days is Poisson with a gamma prior per window, the sales of n of them gamma of
// shape p n with a gamma prior on the rate (Gamma-Gamma; Fader and Hardie 2013); both priors come
// from all customers by moments. So posteriors are gamma and inverse gamma, and
//
//	P(λ₁ < c λ₀) = I_x(a₁, a₀),  x = c b₁ / (c b₁ + b₀),
//
// for λ ~ Gamma(a, b). Sales per day, λ times mean value, have no such form; a gamma of the same mean
// and variance of the logarithm stands for each. The company's own change between the windows, season
// included, is taken out of the last one.
func Fade(v ledger.View, o FadingOptions) (*Fading, error) {
	if o.Window == 0 {
		o.Window = 90
	}
	if o.Drop == 0 {
		o.Drop = 0.2
	}
	if o.Window < 1 || o.Window > 365 || !(o.Drop > 0 && o.Drop < 1) {
		return nil, fmt.Errorf("a fall of %v between windows of %d days: set a fall in 0..1 and 1 to 365 days", o.Drop, o.Window)
	}
	n := v.Customers()
	f := &Fading{Rate: make([]float64, n), Sales: make([]float64, n), Previous: make([]bool, n), Bought: make([]bool, n)}
	pairs := make([]pair, n)
	spans(n, o.Workers, func(lo, hi int) {
		var k kernel
		for c := lo; c < hi; c++ {
			pairs[c] = k.pair(v, c, o.Window)
		}
	})
	population := without(pairs, o.Outside)
	f.Diagnostics = FadingDiagnostics{Window: o.Window, Drop: o.Drop, Year: change(population, yearBefore), Previous: change(population, windowBefore)}
	if o.NoSeason {
		f.Diagnostics.Year.Purchases, f.Diagnostics.Year.Value = 1, 1
		f.Diagnostics.Previous.Purchases, f.Diagnostics.Previous.Value = 1, 1
	}
	prior, ok := f.Diagnostics.prior(population)
	table := new([tabled]sold)
	if ok {
		*table = prior.table()
	}
	spans(n, o.Workers, func(lo, hi int) {
		for c := lo; c < hi; c++ {
			f.Rate[c], f.Sales[c], f.Bought[c] = math.NaN(), math.NaN(), pairs[c].bought
			if x := pairs[c]; ok && x.kind != tooNew {
				f.Previous[c] = x.kind == windowBefore
				f.Rate[c], f.Sales[c] = prior.fell(table, x, f.Diagnostics.change(x.kind), 1-o.Drop)
			}
		}
	})
	return f, nil
}

// without drops the pairs of customers outside.
func without(pairs []pair, outside []bool) []pair {
	if outside == nil {
		return pairs
	}
	var kept []pair
	for c, p := range pairs {
		if !outside[c] {
			kept = append(kept, p)
		}
	}
	return kept
}

// leastExposure is the share of the earlier window that a customer must have been there for.
const leastExposure = 1. / 3

func (k *kernel) pair(v ledger.View, c, window int) pair {
	lo, hi := v.Seen(c)
	k.read(v.Rows(), lo, hi)
	if len(k.day) == 0 {
		return pair{}
	}
	last := civil.Range{From: v.AsOf() - civil.Day(window), To: v.AsOf()}
	born, bought := k.day[0]+1, last.Contains(k.day[len(k.day)-1])
	for _, try := range []struct {
		kind  kind
		shift int
	}{{yearBefore, 365}, {windowBefore, window}} {
		r := civil.Range{From: last.From - civil.Day(try.shift), To: last.To - civil.Day(try.shift)}
		there := float64(r.To-max(r.From, born)) / float64(window)
		if there < leastExposure {
			continue
		}
		p := pair{kind: try.kind, bought: bought, before: there}
		for i, d := range k.day[1:] {
			z := k.net[i+1]
			switch {
			case r.Contains(d):
				p.n0, p.s0, p.squares = p.n0+1, p.s0+z, p.squares+float64(z*z)
			case last.Contains(d):
				p.n1, p.s1, p.squares = p.n1+1, p.s1+z, p.squares+float64(z*z)
			}
		}
		return p
	}
	return pair{bought: bought}
}

// change weighs in ten purchase days without a change, so that a handful does not make a season.
func change(pairs []pair, of kind) Change {
	var n0, n1, s0, s1 float64
	out := Change{Purchases: 1, Value: 1}
	for _, p := range pairs {
		if p.kind != of {
			continue
		}
		out.Customers++
		if p.before == 1 {
			n0, n1, s0, s1 = n0+p.n0, n1+p.n1, s0+p.s0, s1+p.s1
		}
	}
	const weight = 10
	out.Purchases = (n1 + weight) / (n0 + weight)
	if n0 > 0 && n1 > 0 {
		m := (s0 + s1) / (n0 + n1)
		out.Value = (s1 + weight*m) / (n1 + weight) / ((s0 + weight*m) / (n0 + weight))
	}
	return out
}

func (d *FadingDiagnostics) change(k kind) Change {
	if k == yearBefore {
		return d.Year
	}
	return d.Previous
}

// fell gives the probabilities that rate and sales of a pair are now below keep times what they were.
func (p prior) fell(table *[tabled]sold, x pair, company Change, keep float64) (rate, sales float64) {
	a0, b0 := p.shape+x.n0, p.rate+x.before
	a1, b1 := p.shape+x.n1, p.rate+company.Purchases
	rate = below(a1, b1, a0, b0, keep)
	a0, b0 = p.sales(table, b0, x.n0, x.s0)
	a1, b1 = p.sales(table, b1, x.n1, x.s1/company.Value)
	return rate, below(a1, b1, a0, b0, keep)
}

// below is P(X < c Y) of X ~ Gamma(a1, b1) and Y ~ Gamma(a0, b0), shapes and rates: b₁X / (b₁X + b₀Y) is
// Beta(a₁, a₀).
func below(a1, b1, a0, b0, c float64) float64 {
	return mathext.RegIncBeta(a1, a0, c*b1/(float64(c*b1)+b0))
}
