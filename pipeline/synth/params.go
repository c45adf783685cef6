package synth

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// Params is a company. The zero value is not one: start from Demo or Scale and change what matters.
type Params struct {
	// Seed picks one of 2^64 companies of the same kind.
	Seed uint64
	// From is the first day of the data; orders lie in [From, From+Days).
	From civil.Day `json:"-"`
	// Days is the length of the data in days, 30..36525.
	Days int
	// Customers is the number of accounts with at least one order, 1..50,000,000, met exactly.
	Customers int
	// Prospects is the number of further accounts, without orders, 0..50,000,000.
	Prospects int
	// Lines is the exact number of order lines, credit notes and cancelled orders included; 0 takes
	// what the process draws. At least Customers. See Scale for how it is met.
	Lines int64
	// LinesPerOrder is the mean number of lines of an order, 1..1000; the number is 1 + geometric.
	// Where Lines is set, it is only the start that Lines corrects.
	LinesPerOrder float64

	// R and Alpha are shape and rate (in days) of λ ~ Gamma(R, Alpha), orders per day: mean
	// R/Alpha, at most 20. Both above 0.
	R, Alpha float64
	// S and Beta are shape and rate (in days) of μ ~ Gamma(S, Beta), dropouts per day. S = 0: nobody
	// drops out; else both above 0.
	S, Beta float64
	// P, Q and Gamma are the order value: z ~ Gamma(P, ν), ν ~ Gamma(Q, Gamma), money of the
	// currency. P and Gamma above 0, Q above 1; the mean P*Gamma/(Q-1) is 1..1,000,000. A single
	// order is cut at 10,000,000.
	P, Q, Gamma float64

	// Established is the share 0..1 of customers that bought before From: their first order in the
	// data falls in its first 60 days. The others arrive evenly.
	Established float64
	// Season is the relative order rate of January to December, each above 0 and at most 10; all 0
	// is no season. Only its shape counts: it is scaled to mean 1 over the data.
	Season [12]float64
	// Weekdays moves orders from Saturday and Sunday to Monday.
	Weekdays bool
	// MarginMean and MarginSpread are mean and standard deviation of a customer's expected margin
	// rate, -0.5..0.8 and 0..0.5, cut to -0.3..0.7.
	MarginMean, MarginSpread float64
	// Shares are the shares of Customers that live a Story, each at least one customer where above
	// 0; the rest is Regular. The entries of Regular and Prospect stay 0; the sum is at most 1.
	Shares [StoryCount]float64

	// ReturnRate is the probability 0..0.5 that an order is followed, 3 to 40 days later, by a
	// credit note over part of its first line.
	ReturnRate float64
	// CancelRate is the probability 0..0.5 that an order, the first of a customer aside, is
	// cancelled: purchases then run at λ(1 - CancelRate). The status column is its only mark, so it
	// needs Columns Full.
	CancelRate float64

	// Products and Categories are the size of the catalogue, Categories 1..250 and no more than
	// Products, at most 1,000,000.
	Products, Categories int
	// Uplift is what list prices and costs rise by each year of data, -0.2..0.5.
	Uplift float64
	// Groups is the number of parent groups, each a parent account and three more, at least 0 and
	// at most a quarter of the accounts.
	Groups int
	// CreditBlank is the share 0..1 of accounts without credit data.
	CreditBlank float64
	// Salespersons is the size of the sales team, 1..40.
	Salespersons int
	// Currency is the three capital letters of every order.
	Currency string
}

// Demo is a distributor of industrial supplies as a person can look through it: 340 customers and
// 60 prospects, three years, 20,000 order lines, every story.
func Demo() Params {
	p := company()
	p.Customers, p.Prospects, p.Lines = 340, 60, 20_000
	p.LinesPerOrder = 3
	p.R, p.Alpha, p.S, p.Beta = 0.9, 66, 0.7, 700
	p.P, p.Q, p.Gamma = 5, 2.6, 280
	p.Established = 0.55
	p.Season = [12]float64{.9, 1, 1.15, 1.05, 1, 1.05, .85, .7, 1.15, 1.2, 1.1, .85}
	p.Weekdays = true
	p.Shares[Key], p.Shares[ThinMargin], p.Shares[Niche] = .05, .035, .08
	p.Shares[Fading], p.Shares[Rising], p.Shares[Clockwork] = .06, .05, .08
	p.Shares[OneOff], p.Shares[LossMaker], p.Shares[SlowPayer] = .12, .03, .015
	p.ReturnRate, p.CancelRate = .025, .012
	p.Products, p.Categories = 160, 8
	p.Groups, p.CreditBlank, p.Salespersons = 8, .06, 8
	return p
}

// Scale is a company of any size for benchmarks and for recovering parameters: the pure Pareto/NBD
// and Gamma-Gamma population, without stories, season, credit notes, cancellations or prospects.
// Both numbers are met exactly:
//
//   - Alpha is chosen so that a third as many orders as lines are expected, but at least 1.2 a
//     customer and at most one a line (and λ at most 20 a day on average);
//   - the orders are counted once, and the lines beyond one an order are spread in proportion to
//     what each order drew;
//   - only where there are more orders than lines, repeat orders are thinned evenly; Totals.Thinned
//     says how many (with lines = customers every customer has one order).
func Scale(customers int, lines int64) Params {
	p := company()
	p.Customers, p.Lines, p.LinesPerOrder = customers, lines, 3
	p.R, p.S, p.Beta = 0.7, 0.8, 500
	p.P, p.Q, p.Gamma = 4, 2.4, 210
	p.Established = 0.3
	p.Products, p.Categories, p.Salespersons = 5000, 20, 20
	p.Alpha = 1
	orders := min(max(float64(lines)/3, 1.2*float64(customers)), float64(lines))
	repeats := orders/float64(customers) - 1
	p.Alpha = 1e9 // as good as no repeat orders
	if repeats > 0 {
		one := p
		one.Alpha = 1
		p.Alpha = max(one.expectedRepeats()/repeats, p.R/20)
	}
	return p
}

func company() Params {
	from, _ := civil.Of(2023, 1, 1)
	return Params{
		Seed: 1, From: from, Days: 1096, MarginMean: .3, MarginSpread: .09, Uplift: .03, Currency: "EUR",
	}
}

// To is the day after the last day of the data.
func (p *Params) To() civil.Day { return p.From + civil.Day(p.Days) }

// meanRate and meanValue are the expectations of λ (per day) and of an order value.
func (p *Params) meanRate() float64  { return p.R / p.Alpha }
func (p *Params) meanValue() float64 { return p.P * p.Gamma / (p.Q - 1) }

// expectedRepeats is the mean number of orders after the first of a regular customer: E[X(t)] of
// Pareto/NBD (Schmittlein, Morrison and Colombo 1987, equation 17), averaged over the day of the
// first order.
func (p *Params) expectedRepeats() float64 {
	const steps = 500
	late, early := 0., 0.
	for i := range steps {
		u := (float64(i) + .5) / steps
		early += p.repeatsIn(float64(p.Days) - u*p.settleDays())
		late += p.repeatsIn(float64(p.Days) - u*p.arrivalDays() - welcomeDays/2)
	}
	return (p.Established*early + (1-p.Established)*late) / steps
}

func (p *Params) repeatsIn(t float64) float64 {
	switch {
	case t <= 0:
		return 0
	case p.S == 0:
		return p.R / p.Alpha * t
	case p.S == 1:
		return p.R / p.Alpha * p.Beta * math.Log1p(t/p.Beta)
	}
	return p.R * p.Beta / (p.Alpha * (p.S - 1)) * (1 - math.Pow(p.Beta/(p.Beta+t), p.S-1))
}

// welcomeDays is the longest time from acquisition to the first order.
const welcomeDays = 21

// settleDays is the time in which established customers order for the first time in the data.
func (p *Params) settleDays() float64 { return float64(min(60, p.Days-3)) }

// arrivalDays is the time in which new customers are acquired. It ends so early that the first
// order, moved off a weekend, still falls into the data.
func (p *Params) arrivalDays() float64 { return float64(max(p.Days-30, 1)) }
