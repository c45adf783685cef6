package synth

import "math"

// order is what a row of the export repeats for each line.
type order struct {
	number    int64 // running number over orders and credit notes
	customer  int32
	day       int32 // from the start of the data
	second    int32 // of the day
	channel   uint8
	owner     uint8
	credit    bool
	cancelled bool
	lines     []line
}

// line is an order line. Its net amount is quantity*price*(100-discount) in 1/10,000 of the
// currency, exactly.
type line struct {
	product     int32
	discount    uint8 // whole percent
	quantity    int64 // whole pieces, negative on a credit note
	price, cost int64 // of a piece, 1/100 of the currency
}

func (l *line) gross() int64     { return l.quantity * l.price * 100 }
func (l *line) net() int64       { return l.quantity * l.price * int64(100-l.discount) }
func (l *line) costTotal() int64 { return l.quantity * l.cost * 100 }

// Bounds of an order's value and of a customer's mean, 1/100 of the currency.
const (
	maxOrderValue = 1_000_000_000
	minMeanValue  = 1_000
)

// fill draws the content of an event into o, with n lines. It returns the credit note that follows.
func (c *Company) fill(s *stream, o *order, day int32, e *event, n int64) *credit {
	who := &c.customers[e.customer]
	*o = order{number: o.number, customer: e.customer, day: day, second: e.second, channel: who.channel,
		owner: who.owner, cancelled: e.cancelled, lines: o.lines[:0]}
	if e.credit != nil {
		o.credit, o.channel = true, e.credit.channel
		o.lines = append(o.lines, e.credit.line)
		return nil
	}
	s.order(customerKey(c.params.Seed, e.customer), e.k, lineStream)
	if other := s.Uint32(); other>>24 < 40 { // one order in six comes another way
		o.channel = uint8(other & 3)
	}
	value := min(s.gamma(c.params.P)*who.value/c.params.P, maxOrderValue)
	take := 1 - .8*s.Float64()
	for left := n; left > 0; left-- {
		l := c.drawLine(s, who, int(day/365), value, left)
		value -= float64(l.net()) / 100 // 1/100 of the currency
		o.lines = append(o.lines, l)
	}
	if e.returned == 0 {
		return nil
	}
	back := &credit{o.channel, o.lines[0]}
	back.line.quantity = -max(int64(float64(back.line.quantity)*take), 1)
	return back
}

// drawLine draws a line for its part of what is left of the order's value, of which this and
// left-1 more lines take all. A line's value is a whole number of pieces, so the next lines make up
// for the rounding and the order's value misses the drawn one by at most half a piece of its last.
func (c *Company) drawLine(s *stream, who *customer, year int, value float64, left int64) line {
	u := s.Uint64()
	part := value
	if left > 1 {
		part = value / float64(left) * (.5 + unit16(u>>48))
	}
	b := unit16(u >> 32)
	k := (int(who.category) + int(float64(who.breadth)*b*b)) % len(c.goods.category)
	l := line{discount: who.discount}
	if float64(u&0xffff) < promotion*0x10000 {
		l.discount += promotionExtra
	}
	perList := float64(who.level) / 65_536 * float64(100-l.discount) / 100 // net price / list price
	// At least two pieces where the value allows it keeps the rounding small.
	l.product = c.goods.pick(k, year, unit16(u>>16), part/perList/2)
	l.price = max((c.goods.list[year][l.product]*int64(who.level)+32_768)>>16, 1)
	l.cost = c.goods.cost[year][l.product]
	net := float64(l.price) * float64(100-l.discount) / 100
	l.quantity = max(int64(math.Round(part/net)), 1)
	return l
}

// unit16 is the low 16 bits of u as a number in [0, 1).
func unit16(u uint64) float64 { return (float64(u&0xffff) + .5) / 0x10000 }
