package synth

import (
	"context"
	"math/bits"
)

// plan is how many lines each order gets, so that the whole file has Params.Lines.
type plan struct {
	exact   bool
	returns bool  // credit notes are written
	thin    int64 // repeat orders to keep; -1 keeps all
	repeats int64 // repeat orders drawn
	extra   int64 // lines beyond one an order to hand out
	drawn   int64 // the same as the process drew them
}

// counts is what a dry walk finds.
type counts struct{ orders, firsts, extra, returns int64 }

// count goes through the orders of every customer without drawing their lines.
func (c *Company) count() (n counts) {
	s := newStream()
	for i := range int32(len(c.customers)) {
		t, k := c.customers[i].first, uint32(0)
		for {
			day, ok := c.season.day(t)
			if !ok {
				break
			}
			e := c.outline(s, i, k, day)
			n.orders++
			n.extra += int64(e.extra)
			n.returns += int64(bit(e.returned > 0))
			if k == 0 {
				n.firsts++
			}
			if t, ok = c.following(s, i, k, t); !ok {
				break
			}
			k++
		}
	}
	return n
}

func newPlan(lines int64, n counts) plan {
	p := plan{exact: lines > 0, returns: true, thin: -1, repeats: n.orders - n.firsts, drawn: n.extra}
	if !p.exact {
		return p
	}
	if n.orders+n.returns > lines {
		p.returns, n.returns = false, 0
	}
	p.extra = lines - n.orders - n.returns
	if p.extra < 0 {
		p.thin, p.extra = lines-n.firsts, 0
	}
	return p
}

// quota applies a plan to the orders as they come.
type quota struct {
	plan
	orders, drawn, repeats int64 // seen so far
	total                  int64 // orders expected
}

// lines is the number of lines of the next order, 0 where it is thinned out. Each order gets its
// share of the extra lines in proportion to what it drew, by the difference of rounded running
// totals, so that the sum is exact.
func (q *quota) lines(e *event) int64 {
	if !q.exact {
		return 1 + int64(e.extra)
	}
	if q.thin >= 0 {
		if e.k == 0 {
			return 1
		}
		before := portion(q.thin, q.repeats, q.plan.repeats)
		q.repeats++
		return portion(q.thin, q.repeats, q.plan.repeats) - before
	}
	var before, after int64
	if q.plan.drawn > 0 {
		before = portion(q.extra, q.drawn, q.plan.drawn)
		q.drawn += int64(e.extra)
		after = portion(q.extra, q.drawn, q.plan.drawn)
	} else {
		before = portion(q.extra, q.orders, q.total)
		q.orders++
		after = portion(q.extra, q.orders, q.total)
	}
	return 1 + after - before
}

// portion is the floor of total*part/whole for 0 <= part <= whole, in 128 bits.
func portion(total, part, whole int64) int64 {
	hi, lo := bits.Mul64(uint64(total), uint64(part))
	q, _ := bits.Div64(hi, lo, uint64(whole))
	return int64(q)
}

// sized walks the orders with their number of lines; thinned orders are left out and counted.
func (c *Company) sized(ctx context.Context, yield func(day int32, e *event, lines int64) (*credit, error)) (thinned int64, err error) {
	q := quota{plan: c.plan, total: c.counts.orders}
	err = c.walk(ctx, func(day int32, e *event) (*credit, error) {
		if e.credit != nil {
			return yield(day, e, 1)
		}
		if !q.returns {
			e.returned = 0
		}
		n := q.lines(e)
		if n == 0 {
			thinned++
			return nil, nil
		}
		return yield(day, e, n)
	})
	return thinned, err
}
