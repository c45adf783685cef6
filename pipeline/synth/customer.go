package synth

import (
	"math"
)

// customer is the truth about one account with orders. Times are trade times in days from the
// start of the data unless they say otherwise.
type customer struct {
	rate     float64 // orders per day of trade time, before change
	value    float64 // mean order value, net, 1/100 of the currency
	margin   float64 // expected margin rate
	first    float64
	death    float64 // +Inf where it falls after the data
	change   float64 // when rate turns into rate*factor; +Inf for never
	factor   float64
	level    uint32 // unit price = list price * level / 65,536
	acquired int32  // calendar days from the start
	shape    uint8
	discount uint8 // whole percent
	story    Story
	category uint8 // the first of its categories
	breadth  uint8 // how many it buys from
	owner    uint8
	channel  uint8
}

// promotion is the share of lines with promotionExtra percent off beyond the customer's discount.
const (
	promotion      = .2
	promotionExtra = 5
)

// population draws customers.
type population struct {
	p       *Params
	season  *season
	goods   *catalogue
	stories shuffle
	until   [StoryCount]int // customers whose shuffled place is below it have this story or one before
}

func newPopulation(p *Params, s *season, goods *catalogue) *population {
	q := &population{p: p, season: s, goods: goods, stories: newShuffle(p.Seed, domainStories, p.Customers)}
	n := 0
	for i, share := range p.Shares {
		n += storyQuota(share, p.Customers)
		q.until[i] = n
	}
	return q
}

func (q *population) story(i int) Story {
	place := q.stories.at(i)
	for s, until := range q.until {
		if place < until {
			return Story(s)
		}
	}
	return Regular
}

// draw makes customer i. The draws come in a fixed order whatever the story, so that a changed
// story changes only its own customers.
func (q *population) draw(i int, s *stream) customer {
	p := q.p
	s.seat(p.Seed, domainCustomer, uint64(i))
	story := q.story(i)
	sc := story.script()
	c := customer{story: story, shape: sc.shape, factor: sc.factor, change: math.Inf(1)}

	c.rate = s.gamma(p.R) / p.Alpha
	if own := s.in(sc.rate); sc.rate != (span{}) {
		c.rate = own * p.meanRate()
	}
	// 1e-12: a customer whose λ underflows to 0 would wait forever, which is fine, but not 0/0.
	c.rate = max(c.rate, 1e-12)
	c.value = 100 * p.P * p.Gamma / s.gamma(p.Q)
	if own := s.in(sc.value); sc.value != (span{}) {
		c.value = own * 100 * p.meanValue()
	}
	c.value = min(max(c.value, minMeanValue), maxOrderValue)
	start := q.arrive(&c, s)
	q.live(&c, s, sc, start)
	q.trade(&c, s, sc)
	return c
}

// arrive draws when the customer was acquired and first ordered, in calendar days.
func (q *population) arrive(c *customer, s *stream) (start float64) {
	old, since, u := s.Float64(), s.uniform(30, 2500), s.Float64()
	welcome := s.uniform(0, welcomeDays)
	// What changes or lasts needs a past to differ from.
	lasting := c.story != Regular && c.story != OneOff && c.story != Clockwork
	if old < q.p.Established || lasting {
		c.acquired, start = -int32(since), u*q.p.settleDays()
	} else {
		c.acquired = int32(u * q.p.arrivalDays())
		start = float64(c.acquired) + welcome
		if last := float64(q.p.Days) - 3; start > last {
			start = max(last, float64(c.acquired))
		}
	}
	c.first = q.season.trade(start)
	return start
}

// live draws dropout and change, in calendar days.
func (q *population) live(c *customer, s *stream, sc script, start float64) {
	lifetime := s.ExpFloat64()
	if mu := s.gamma(max(q.p.S, 1e-3)) / max(q.p.Beta, 1e-300); q.p.S > 0 && mu > 0 {
		lifetime /= mu
	} else {
		lifetime = math.Inf(1)
	}
	if sc.lifetime >= 0 {
		lifetime = sc.lifetime
	}
	c.death = q.season.trade(start + lifetime)
	// Between 40% and 15% of the data before its end: early enough to be seen, late enough that
	// the year before is the old self (in three years of data).
	when := float64(q.p.Days) * (1 - s.uniform(.15, .40))
	if sc.factor != 1 {
		c.change = q.season.trade(when)
	}
}

// trade draws what is bought at which price, and finds the price level at which the expected
// margin rate is the drawn one: cost / net sales = share of cost in the list price of what is
// bought, x E[1/(1-discount)], / level.
func (q *population) trade(c *customer, s *stream, sc script) {
	margin := min(max(q.p.MarginMean+q.p.MarginSpread*s.NormFloat64(), -.3), .7)
	if own := s.in(sc.margin); sc.margin != (span{}) {
		margin = own
	}
	discount := 0.
	if u := s.Float64(); u > .4 {
		discount = 2 + 14*(u-.4)
	}
	if own := s.in(sc.discount); sc.discount != (span{}) {
		discount = own
	}
	c.discount = uint8(discount)
	c.category = uint8(s.IntN(q.p.Categories))
	c.breadth = uint8(min(1+s.IntN(5), q.p.Categories))
	cost := 0.
	for j := range int(c.breadth) {
		b := float64(c.breadth)
		weight := math.Sqrt(float64(j+1)/b) - math.Sqrt(float64(j)/b)
		cost += weight * q.goods.costShare[(int(c.category)+j)%q.p.Categories]
	}
	d := float64(c.discount) / 100
	cost *= (1-promotion)/(1-d) + promotion/(1-d-promotionExtra/100.)
	c.level = uint32(math.Round(65_536 * cost / (1 - margin)))
	c.margin = margin
	c.owner = uint8(s.IntN(q.p.Salespersons))
	c.channel = uint8(s.IntN(channelCount))
}

const channelCount = 4

func channels() [channelCount]string {
	return [4]string{"field sales", "inside sales", "web shop", "distributor"}
}
