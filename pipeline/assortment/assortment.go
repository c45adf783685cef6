// Package assortment sums up what customers buy by category, with the gross profit on it: what the
// ledger, which has no money by category, cannot say.
//
//  1. A Question names the customers and the windows that are asked about.
//  2. A Counter per worker takes the same batches of order lines that a ledger builder takes, in a
//     second reading, and sums the lines whose cost is known: of the customers asked about, and of all.
//  3. Join adds the counters up. Sums are integers, so it does not matter who counted what.
package assortment

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/margin"
)

// Question says whom and when to sum up.
type Question struct {
	// Place gives the customers asked about their places 0, 1, ... by id; -1 is any other customer.
	// It is called once for each id and worker, from several goroutines.
	Place func(id string) int32
	// Windows do not overlap.
	Windows []civil.Range
}

// NoCategory is the name of what lines without a category bought.
const NoCategory = ""

// Counter sums lines up. It is not safe for concurrent use: give every worker its own.
type Counter struct {
	q       *Question
	names   *ledger.Builder
	place   []int32 // by the builder's customer code; unasked before the first line
	company map[cell]sum
	own     map[cell]sum
	checked money.Checked
}

// unasked is a customer whose place is not known yet.
const unasked = -2

type cell struct {
	place    int32
	window   int32
	category uint32 // the builder's code, or ledger.NoCategory
}

type sum struct{ covered, profit money.Amount }

// NewCounter returns a counter of a question.
func NewCounter(q *Question) *Counter {
	return &Counter{q: q, company: map[cell]sum{}, own: map[cell]sum{}}
}

// Add sums the lines of a batch up. names is the builder that the codes of the batch are of, the same
// at every call.
func (c *Counter) Add(names *ledger.Builder, lines *ledger.Batch) error {
	c.names = names
	for i, flags := range lines.Flags {
		w := c.window(lines.Day[i])
		if flags&ledger.Costed == 0 || w < 0 {
			continue
		}
		at := cell{-1, w, ledger.NoCategory}
		if lines.Category != nil {
			at.category = lines.Category[i]
		}
		c.add(c.company, at, lines.Net[i], lines.Cost[i])
		if at.place = c.placeOf(lines.Customer[i]); at.place >= 0 {
			c.add(c.own, at, lines.Net[i], lines.Cost[i])
		}
	}
	if !c.checked.OK() {
		return errOverflow
	}
	return nil
}

var errOverflow = errors.New("the sums by category do not fit: amounts beyond 922 trillion; check the units of the export")

func (c *Counter) window(d civil.Day) int32 {
	for k, w := range c.q.Windows {
		if d >= w.From && d < w.To {
			return int32(k)
		}
	}
	return -1
}

func (c *Counter) placeOf(customer uint32) int32 {
	for int(customer) >= len(c.place) {
		c.place = append(c.place, unasked)
	}
	if c.place[customer] == unasked {
		c.place[customer] = c.q.Place(string(c.names.CustomerID(customer)))
	}
	return c.place[customer]
}

func (c *Counter) add(to map[cell]sum, at cell, net, cost money.Amount) {
	s := to[at]
	s.covered = money.Amount(c.checked.Add(int64(s.covered), int64(net)))
	s.profit = money.Amount(c.checked.Add(int64(s.profit), c.checked.Sub(int64(net), int64(cost))))
	to[at] = s
}

// Sums are what was bought, by window.
type Sums struct {
	// Categories ascend; the parts below are of their places. NoCategory is among them where lines had none.
	Categories []string
	company    [][]margin.Part
	own        map[cell][]margin.Part // category is 0
}

// Join adds counters of one question up.
func Join(q *Question, counters []*Counter) (*Sums, error) {
	names := map[string]bool{}
	for _, c := range counters {
		for at := range c.company {
			names[c.category(at)] = true
		}
	}
	s := &Sums{Categories: slices.Sorted(maps.Keys(names)), company: make([][]margin.Part, len(q.Windows)), own: map[cell][]margin.Part{}}
	place := make(map[string]int32, len(s.Categories))
	for k, name := range s.Categories {
		place[name] = int32(k)
	}
	for w := range s.company {
		s.company[w] = make([]margin.Part, len(s.Categories))
		for k := range s.company[w] {
			s.company[w][k].Category = int32(k)
		}
	}
	var k money.Checked
	for _, c := range counters {
		for at, x := range c.company {
			add(&k, &s.company[at.window][place[c.category(at)]], x)
		}
		for at, x := range c.own {
			who := cell{place: at.place, window: at.window}
			s.own[who] = addTo(&k, s.own[who], place[c.category(at)], x)
		}
	}
	for _, parts := range s.own {
		slices.SortFunc(parts, func(a, b margin.Part) int { return cmp.Compare(a.Category, b.Category) })
	}
	if !k.OK() {
		return nil, errOverflow
	}
	return s, nil
}

func (c *Counter) category(at cell) string {
	if at.category == ledger.NoCategory {
		return NoCategory
	}
	return string(c.names.CategoryName(at.category))
}

func add(k *money.Checked, p *margin.Part, x sum) {
	p.Covered = money.Amount(k.Add(int64(p.Covered), int64(x.covered)))
	p.Profit = money.Amount(k.Add(int64(p.Profit), int64(x.profit)))
}

func addTo(k *money.Checked, parts []margin.Part, category int32, x sum) []margin.Part {
	i := slices.IndexFunc(parts, func(p margin.Part) bool { return p.Category == category })
	if i < 0 {
		parts, i = append(parts, margin.Part{Category: category}), len(parts)
	}
	add(k, &parts[i], x)
	return parts
}

// Named reports whether any line had a category.
func (s *Sums) Named() bool {
	return slices.ContainsFunc(s.Categories, func(name string) bool { return name != NoCategory })
}

// Company is a part for each category, of all customers in a window.
func (s *Sums) Company(window int) []margin.Part { return s.company[window] }

// Basket are the parts of a customer in a window, ascending by category; none where it bought nothing.
func (s *Sums) Basket(place int32, window int) []margin.Part {
	return s.own[cell{place: place, window: int32(window)}]
}
