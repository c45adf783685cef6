package synth

import "math"

// Story is what a customer is meant to show. The zero value is Regular.
type Story uint8

// Stories. Rates and order values are multiples of the company's mean customer's.
const (
	Regular    Story = iota // as the population draws: Pareto/NBD with Gamma-Gamma values
	Key                     // buys much, earns much, stays
	ThinMargin              // buys as much as a key account and leaves next to nothing
	Niche                   // small and very profitable
	Fading                  // was large; orders far less since change_on
	Rising                  // small; orders far more since change_on
	Clockwork               // orders on a fixed rhythm
	OneOff                  // one order
	LossMaker               // sold below cost
	SlowPayer               // a key account in sales and margin that does not pay
	Prospect                // an account without orders
	StoryCount              // number of stories
)

// String is the story as the truth file has it.
func (s Story) String() string {
	switch s {
	case Regular:
		return "regular"
	case Key:
		return "key"
	case ThinMargin:
		return "thin-margin"
	case Niche:
		return "niche"
	case Fading:
		return "fading"
	case Rising:
		return "rising"
	case Clockwork:
		return "clockwork"
	case OneOff:
		return "one-off"
	case LossMaker:
		return "loss-maker"
	case SlowPayer:
		return "slow-payer"
	case Prospect:
		return "prospect"
	}
	panic("synth: unknown story")
}

// span is a closed interval to draw uniformly from.
type span struct{ low, high float64 }

// script is what a story replaces. A zero span leaves the population's draw.
type script struct {
	rate     span    // x the company's mean rate
	value    span    // x the company's mean order value
	margin   span    // margin rate
	discount span    // whole percent
	shape    uint8   // Erlang shape of the gaps; 1 is Poisson
	factor   float64 // rate after the change; 1 where nothing changes
	lifetime float64 // days; -1 is as the population draws
}

func (s Story) script() script {
	sc := script{shape: 1, factor: 1, lifetime: math.Inf(1)}
	switch s {
	case Key:
		sc.rate, sc.value, sc.margin, sc.discount, sc.shape = span{3, 6}, span{2, 5}, span{.30, .42}, span{3, 10}, 3
	case SlowPayer:
		sc.rate, sc.value, sc.margin, sc.discount, sc.shape = span{3, 5}, span{2, 4}, span{.28, .38}, span{3, 10}, 2
	case ThinMargin:
		sc.rate, sc.value, sc.margin, sc.discount, sc.shape = span{3, 6}, span{3, 5}, span{.01, .06}, span{15, 25}, 2
	case Niche:
		sc.rate, sc.value, sc.margin, sc.discount = span{.8, 2}, span{.15, .4}, span{.45, .58}, span{0, 0.9}
	case Fading:
		sc.rate, sc.value, sc.margin, sc.shape, sc.factor = span{4, 7}, span{1.2, 2.5}, span{.25, .36}, 3, .2
	case Rising:
		sc.rate, sc.value, sc.margin, sc.factor = span{.5, 1}, span{.5, 1.2}, span{.30, .42}, 5
	case Clockwork:
		sc.rate, sc.value, sc.shape, sc.lifetime = span{1.7, 5}, span{.3, .9}, 25, -1
	case OneOff:
		sc.value, sc.lifetime = span{.2, 1}, 0
	case LossMaker:
		sc.rate, sc.value, sc.margin, sc.discount = span{1, 3}, span{.5, 1.5}, span{-.15, -.04}, span{18, 30}
	default:
		sc.lifetime = -1
	}
	return sc
}
