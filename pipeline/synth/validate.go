package synth

import (
	"errors"
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// faults collects what is wrong with Params.
type faults []error

func (f *faults) require(ok bool, format string, args ...any) {
	if !ok {
		*f = append(*f, fmt.Errorf(format, args...))
	}
}

// between requires a number in [low, high]; NaN is in none.
func (f *faults) between(name string, v, low, high float64) {
	f.require(v >= low && v <= high, "%s is %v: set it to %v..%v", name, v, low, high)
}

// positive requires a finite number above zero.
func (f *faults) positive(name string, v float64) {
	f.require(v > 0 && !math.IsInf(v, 1), "%s is %v: set it above 0", name, v)
}

// joined is the faults as one error, nil for none.
func joined(f faults) error { return errors.Join(f...) }

// Validate returns every fault of p, joined, or nil.
func (p *Params) Validate() error {
	var f faults
	f.sizes(p)
	f.process(p)
	f.trade(p)
	f.shares(p)
	return joined(f)
}

func (f *faults) sizes(p *Params) {
	f.between("Days", float64(p.Days), 30, 36525)
	f.require(p.From.Known() && int64(p.From)+int64(p.Days) <= int64(civil.Max),
		"From is %d: set it to a day that leaves room for Days before 9999-12-31", p.From)
	f.between("Customers", float64(p.Customers), 1, 50e6)
	f.between("Prospects", float64(p.Prospects), 0, 50e6)
	f.require(p.Lines == 0 || (p.Lines >= int64(p.Customers) && p.Lines <= 1e11),
		"Lines is %d: set it to 0 or to Customers (%d) or more, at most 1e11", p.Lines, p.Customers)
	f.between("LinesPerOrder", p.LinesPerOrder, 1, 1000)
	f.between("Categories", float64(p.Categories), 1, 250)
	f.require(p.Products >= p.Categories && p.Products <= 1_000_000,
		"Products is %d: set it to Categories (%d) or more, at most 1000000", p.Products, p.Categories)
	f.require(p.Groups >= 0 && p.Groups <= (p.Customers+p.Prospects)/groupSize,
		"Groups is %d: set it to 0..%d, a quarter of the accounts", p.Groups, (p.Customers+p.Prospects)/groupSize)
	f.between("Salespersons", float64(p.Salespersons), 1, 40)
}

func (f *faults) process(p *Params) {
	f.positive("R", p.R)
	f.positive("Alpha", p.Alpha)
	f.require(!(p.R/p.Alpha > 20), "R/Alpha is %v orders a day: keep it at 20 or below", p.R/p.Alpha)
	if p.S != 0 {
		f.positive("S", p.S)
		f.positive("Beta", p.Beta)
	}
	f.positive("P", p.P)
	f.require(p.Q > 1 && !math.IsInf(p.Q, 1), "Q is %v: set it above 1, or the mean order value is infinite", p.Q)
	f.positive("Gamma", p.Gamma)
	if p.Q > 1 {
		f.between("the mean order value P*Gamma/(Q-1)", p.meanValue(), 1, 1e6)
	}
	f.between("Established", p.Established, 0, 1)
	if p.Season != [12]float64{} {
		for m, v := range p.Season {
			f.require(v > 0 && v <= 10, "Season of month %d is %v: set all twelve above 0 and at most 10, or all to 0", m+1, v)
		}
	}
}

func (f *faults) trade(p *Params) {
	f.between("MarginMean", p.MarginMean, -.5, .8)
	f.between("MarginSpread", p.MarginSpread, 0, .5)
	f.between("ReturnRate", p.ReturnRate, 0, .5)
	f.between("CancelRate", p.CancelRate, 0, .5)
	f.between("Uplift", p.Uplift, -.2, .5)
	f.between("CreditBlank", p.CreditBlank, 0, 1)
	ok := len(p.Currency) == 3
	for _, c := range []byte(p.Currency) {
		ok = ok && c >= 'A' && c <= 'Z'
	}
	f.require(ok, "Currency is %q: set it to three capital letters", p.Currency)
}

func (f *faults) shares(p *Params) {
	sum, atLeast := 0., 0
	for s, v := range p.Shares {
		story := Story(s)
		if story == Regular || story == Prospect {
			f.require(v == 0, "Shares[%v] is %v: leave it 0, it follows from the others", story, v)
			continue
		}
		f.between(fmt.Sprintf("Shares[%v]", story), v, 0, 1)
		sum += v
		atLeast += storyQuota(v, p.Customers)
	}
	f.require(!(sum > 1), "Shares sum to %v: keep the sum at 1 or below", sum)
	f.require(sum > 1 || atLeast <= p.Customers,
		"Shares need %d customers, at least one a story: set Customers (%d) to that or more", atLeast, p.Customers)
}

// storyQuota is the number of customers of a story with a share: at least one where it is above 0.
func storyQuota(share float64, customers int) int {
	if !(share > 0) {
		return 0
	}
	return max(int(share*float64(customers)+1e-9), 1)
}
