package profile

import (
	"cmp"
	"math"
	"slices"
)

// Trait is a value of an attribute in a group: how many of the group have it, and of the rest.
//
//	Share = Customers / Of,   RestShare = RestCustomers / RestOf,   Lift = Share / RestShare
//
// Whether chance would do is asked by the two-proportion z-test in its chi-square form with N-1,
//
//	χ² = (N - 1) (a d - b c)² / [(a + b) (c + d) (a + c) (b + d)]
//
// for a = Customers, b = Of - a, c = RestCustomers, d = RestOf - c, N = Of + RestOf, on one degree of
// freedom. It holds where every expected count is 1 or more; other values are not tested. The
// customers of the run count as a sample of those that the rules would put there. All tests of a run
// are one family: P is adjusted by Holm's step-down, which keeps the chance of any false finding
// below Settings.FalseAlarm however the tests depend on each other.
//
// Sources: I. Campbell, Chi-squared and Fisher-Irwin tests of two-by-two tables with small sample
// recommendations, Statistics in Medicine 26 (2007) 3661-3675; S. Holm, A simple sequentially
// rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979) 65-70.
type Trait struct {
	Attribute, Value string
	// Of and RestOf are the customers whose attribute is known.
	Customers, Of, RestCustomers, RestOf int64
	// ChiSquare is 0 or more, P the adjusted probability 0..1; both NaN where the value is not tested.
	ChiSquare, P float64
	// Apart is a finding: more frequent or rarer than in the rest by Settings.Lift, on enough
	// customers, and not by chance.
	Apart bool
}

// Share is the part of the group that has the value, 0..1; NaN where nothing is known.
func (t *Trait) Share() float64 { return float64(t.Customers) / float64(t.Of) }

// RestShare is the part of the rest.
func (t *Trait) RestShare() float64 { return float64(t.RestCustomers) / float64(t.RestOf) }

// Lift is Share / RestShare, 0 or more; +Inf where nobody of the rest has the value, NaN where
// either share is unknown.
func (t *Trait) Lift() float64 { return t.Share() / t.RestShare() }

// test is a trait to be judged.
type test struct {
	group, trait int
	raw          float64 // the probability before adjusting
}

// leastExpected is the least expected count of a cell (Campbell, recommendation 1).
const leastExpected = 1

// compare adds the traits of an attribute to the groups of a grouping. base is the place of the
// first group among all groups.
func (b *builder) compare(g *Grouping, a *Attribute, groups []Group, base int) []test {
	counts := make([][]int64, len(g.Groups)) // by group, by value; all of them at 0
	for k := range counts {
		counts[k] = make([]int64, len(a.Values))
	}
	for i, code := range g.Code {
		if v := a.Code[i]; code > 0 && v > 0 && b.in(i) {
			counts[code][v]++
			counts[0][v]++
		}
	}
	var total int64
	for _, n := range counts[0] {
		total += n
	}
	var tests []test
	for k := range groups {
		own := counts[k+1]
		var of int64
		for _, n := range own {
			of += n
		}
		for v := 1; v < len(own); v++ {
			t := Trait{Attribute: a.Name, Value: a.Values[v], Customers: own[v], Of: of, RestCustomers: counts[0][v] - own[v], RestOf: total - of,
				ChiSquare: math.NaN(), P: math.NaN()}
			if !slices.Contains(a.Decides, g.Name) && t.testable() {
				t.ChiSquare = t.chiSquare()
				tests = append(tests, test{base + k, len(groups[k].Traits), math.Erfc(math.Sqrt(t.ChiSquare / 2))})
			}
			if t.Customers > 0 || !math.IsNaN(t.ChiSquare) {
				groups[k].Traits = append(groups[k].Traits, t)
			}
		}
	}
	return tests
}

// expected is how many of the group would have the value if it were as frequent there as in all.
func (t *Trait) expected() float64 {
	return float64(t.Of) * float64(t.Customers+t.RestCustomers) / float64(t.Of+t.RestOf)
}

func (t *Trait) testable() bool {
	with, own, rest, n := float64(t.Customers+t.RestCustomers), float64(t.Of), float64(t.RestOf), float64(t.Of+t.RestOf)
	return min(own, rest)*min(with, n-with) >= leastExpected*n && n > 0
}

// chiSquare is the statistic. a d - b c fits: counts of customers are below 2³¹.
func (t *Trait) chiSquare() float64 {
	a, b, c, d := t.Customers, t.Of-t.Customers, t.RestCustomers, t.RestOf-t.RestCustomers
	cross := float64(a*d - b*c)
	return float64(cross/float64(t.Of)) * float64(cross/float64(t.RestOf)) * float64(float64(t.Of+t.RestOf-1)/float64(a+c)/float64(b+d))
}

// judge adjusts the probabilities and marks the findings.
//
//	P_(j) = max over i <= j of min(1, (m - i + 1) p_(i))
func judge(groups []Group, tests []test, s Settings) {
	slices.SortStableFunc(tests, func(x, y test) int { return cmp.Compare(x.raw, y.raw) })
	adjusted, lift := 0.0, s.Lift.Float()
	for j, x := range tests {
		adjusted = max(adjusted, min(1, float64(len(tests)-j)*x.raw))
		t := &groups[x.group].Traits[x.trait]
		t.P = adjusted
		enough := float64(s.MinCustomers)
		more := t.Lift() >= lift && float64(t.Customers) >= enough
		less := t.Lift() <= 1/lift && t.expected() >= enough
		t.Apart = (more || less) && adjusted <= s.FalseAlarm.Float()
	}
}

// keep orders the traits of each group and drops what is neither frequent nor a finding.
func (p *Profiles) keep(most int) {
	for k := range p.Groups {
		g := &p.Groups[k]
		kept := g.Traits[:0:0]
		for lo := 0; lo < len(g.Traits); {
			hi := lo + 1
			for hi < len(g.Traits) && g.Traits[hi].Attribute == g.Traits[lo].Attribute {
				hi++
			}
			of := g.Traits[lo:hi]
			slices.SortFunc(of, func(x, y Trait) int {
				return cmp.Or(cmp.Compare(y.Customers, x.Customers), cmp.Compare(x.Value, y.Value))
			})
			for at, t := range of {
				if at < most && t.Customers > 0 || t.Apart {
					kept = append(kept, t)
				}
			}
			lo = hi
		}
		g.Traits = kept
	}
}

// Apart are the findings of a group, the surest first; equally sure ones in the order of Traits.
func (g *Group) Apart() []Trait {
	var out []Trait
	for _, t := range g.Traits {
		if t.Apart {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(x, y Trait) int { return cmp.Compare(y.ChiSquare, x.ChiSquare) })
	return out
}
