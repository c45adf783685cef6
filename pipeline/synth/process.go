package synth

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// event is one order before its lines are drawn, or the credit note of an earlier one.
type event struct {
	customer  int32
	k         uint32 // number of the order within its customer
	second    int32  // of the day
	extra     int32  // lines beyond the first that the process drew
	returned  int32  // day of its credit note, 0 for none
	cancelled bool
	credit    *credit // what a credit note takes back; nil for an order
}

// credit is the line of a credit note and where it was bought.
type credit struct {
	channel uint8
	line    line
}

const (
	opening, closing = 8 * 3600, 18 * 3600 // orders come in between, in seconds of the day
	returnFrom       = 3                   // days from an order to its credit note
	returnTo         = 40
	returnSlots      = 64 // more than returnTo plus a weekend
)

// outline draws order k of customer i, on a day, without its lines.
func (c *Company) outline(s *stream, i int32, k uint32, day int32) event {
	p := &c.params
	s.order(customerKey(p.Seed, i), k, outlineStream)
	e := event{customer: i, k: k}
	u := s.Uint64()
	e.second = opening + int32(u>>32*(closing-opening)>>32)
	// The floor of an exponential is geometric; its scale makes the mean LinesPerOrder-1.
	if c.extraScale > 0 {
		e.extra = int32(min(s.ExpFloat64()*c.extraScale, 1e6))
	}
	if p.ReturnRate > 0 || p.CancelRate > 0 {
		cancel, back, delay := s.Float64(), s.Float64(), s.IntN(returnTo-returnFrom+1)
		e.cancelled = k > 0 && cancel < p.CancelRate
		if !e.cancelled && back < p.ReturnRate {
			if d, ok := c.season.move(day + returnFrom + int32(delay)); ok {
				e.returned = d
			}
		}
	}
	return e
}

// following is the trade time of order k+1 of customer i after order k at time t; false where the
// customer has dropped out by then. The gap is drawn at the rate before the change; what of it lies
// beyond the change runs at the rate after it.
func (c *Company) following(s *stream, i int32, k uint32, t float64) (float64, bool) {
	who := &c.customers[i]
	s.order(customerKey(c.params.Seed, i), k+1, gapStream)
	gap, rate := s.erlang(who.shape), who.rate
	if t >= who.change {
		rate *= who.factor
	}
	next := t + gap/rate
	if t < who.change && next > who.change {
		next = who.change + (next-who.change)/who.factor
	}
	return next, next < who.death
}

// extraScale is the scale x of an exponential whose floor has the given mean: 1/(e^(1/x)-1) = mean.
func extraScale(mean float64) float64 {
	if mean <= 0 {
		return 0
	}
	return 1 / math.Log1p(1/mean)
}

// queue holds the next order of each customer, by day. It is the only state of a walk that grows
// with the company: 16 bytes a customer.
type queue struct {
	head []int32 // by day: the first customer, -1 for none
	next []int32 // the customer after it on the same day
	k    []uint32
	t    []float64
}

func newQueue(days, customers int) *queue {
	q := &queue{make([]int32, days), make([]int32, customers), make([]uint32, customers), make([]float64, customers)}
	for d := range q.head {
		q.head[d] = -1
	}
	return q
}

func (q *queue) push(i, day int32, k uint32, t float64) {
	q.k[i], q.t[i] = k, t
	q.next[i], q.head[day] = q.head[day], i
}

// walk calls yield for every order and credit note by day, time of day, customer and number. What
// yield returns, if not nil, comes back as a credit note on the event's returned day. The event is
// yield's until it returns.
func (c *Company) walk(ctx context.Context, yield func(day int32, e *event) (*credit, error)) error {
	s := newStream()
	q := newQueue(c.params.Days, len(c.customers))
	for i := range c.customers {
		t := c.customers[i].first
		if day, ok := c.season.day(t); ok {
			q.push(int32(i), day, 0, t)
		}
	}
	var notes [returnSlots][]event
	var today []event
	for day := range int32(c.params.Days) {
		if err := ctx.Err(); err != nil {
			return err
		}
		slot := &notes[day%returnSlots]
		today = append(today[:0], *slot...)
		*slot = (*slot)[:0]
		today = c.ordersOf(day, q, s, today)
		slices.SortFunc(today, inDayOrder)
		for i := range today {
			e := &today[i]
			back, err := yield(day, e)
			if err != nil {
				return err
			}
			if back != nil {
				at := &notes[e.returned%returnSlots]
				*at = append(*at, event{customer: e.customer, k: e.k, second: e.second, credit: back})
			}
		}
	}
	return nil
}

// ordersOf appends the orders of a day and queues the next of each customer.
func (c *Company) ordersOf(day int32, q *queue, s *stream, dst []event) []event {
	for i := q.head[day]; i >= 0; {
		after := q.next[i]
		k, t := q.k[i], q.t[i]
		for {
			dst = append(dst, c.outline(s, i, k, day))
			var alive bool
			if t, alive = c.following(s, i, k, t); !alive {
				break
			}
			d, ok := c.season.day(t)
			if !ok {
				break
			}
			k++
			if d != day {
				q.push(i, d, k, t)
				break
			}
		}
		i = after
	}
	return dst
}

// inDayOrder orders the events of a day; no two are equal.
func inDayOrder(a, b event) int {
	return cmp.Or(cmp.Compare(a.second, b.second), cmp.Compare(a.customer, b.customer), cmp.Compare(a.k, b.k),
		bit(a.credit != nil)-bit(b.credit != nil))
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
