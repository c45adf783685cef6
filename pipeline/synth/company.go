package synth

import "math"

// Company is a company drawn from Params. It does not change: its methods may run at the same time.
type Company struct {
	params     Params
	season     season
	goods      *catalogue
	customers  []customer
	numbers    shuffle // account -> number of its id; accounts from Customers on are prospects
	idWidth    int     // digits of a customer_id
	orderWidth int     // of an order_id
	extraScale float64
	counts     counts
	plan       plan
}

// New draws the company of p. It needs about 80 bytes a customer (WriteOrders another 60 while it
// runs) and, where p.Lines is set, the time to draw every order once without its lines: some 0.1 s
// a million. The error lists every fault of p.
func New(p Params) (*Company, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	c := &Company{
		params: p, season: newSeason(&p), goods: newCatalogue(&p), customers: make([]customer, p.Customers),
		numbers: newShuffle(p.Seed, domainNumbers, p.Customers+p.Prospects), extraScale: extraScale(p.LinesPerOrder - 1),
		idWidth: digits(int64(p.Customers+p.Prospects), 5), orderWidth: digits(p.Lines, 7),
	}
	q := newPopulation(&c.params, &c.season, c.goods)
	s := newStream()
	for i := range c.customers {
		c.customers[i] = q.draw(i, s)
	}
	if p.Lines > 0 {
		c.counts = c.count()
	}
	c.plan = newPlan(p.Lines, c.counts)
	return c, nil
}

// Params is what the company was drawn from.
func (c *Company) Params() Params { return c.params }

// Accounts is the number of rows of the CRM export: customers and prospects.
func (c *Company) Accounts() int { return c.params.Customers + c.params.Prospects }

// story is the story of an account.
func (c *Company) story(account int) Story {
	if account >= len(c.customers) {
		return Prospect
	}
	return c.customers[account].story
}

// appendID appends the customer_id of an account: C00001 and so on.
func (c *Company) appendID(dst []byte, account int) []byte {
	return appendPadded(append(dst, 'C'), int64(c.numbers.at(account))+1, c.idWidth)
}

// digits is the number of decimal digits of n, at least least.
func digits(n int64, least int) int {
	d := 1
	for ; n >= 10; n /= 10 {
		d++
	}
	return max(d, least)
}

// active reports whether a customer has not dropped out by the end of the data.
func (c *Company) active(account int) bool {
	return math.IsInf(c.customers[account].death, 1)
}
