// Package ledgertest is test support for whoever reads a ledger: generators of order lines that
// collide on purpose, and a naive oracle that answers from maps and loops over all lines.
package ledgertest

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"pgregory.net/rapid"
)

// Line is one order line as the oracle sees it.
type Line struct {
	Customer, Category string
	Day                civil.Day
	Order              uint64
	Return, Costed     bool
	Units              money.Quantity
	Net, Cost          money.Amount
	Discount           money.Amount
}

// Lines generates up to max lines over a few customers, days and orders, so that rows collide.
func Lines(max int) *rapid.Generator[[]Line] {
	one := rapid.Custom(func(t *rapid.T) Line {
		l := Line{
			Customer: fmt.Sprintf("C%d", rapid.IntRange(0, 9).Draw(t, "customer")),
			Day:      civil.Day(rapid.IntRange(18000, 18400).Draw(t, "day")),
			Order:    rapid.Uint64Range(0, 5).Draw(t, "order"),
			Return:   rapid.IntRange(0, 4).Draw(t, "return") == 0,
			Costed:   rapid.IntRange(0, 3).Draw(t, "costed") > 0,
			Units:    money.Quantity(rapid.Int64Range(0, 1_000_000).Draw(t, "units")),
			Net:      money.Amount(rapid.Int64Range(0, 10_000_000).Draw(t, "net")),
			Cost:     money.Amount(rapid.Int64Range(0, 10_000_000).Draw(t, "cost")),
			Discount: money.Amount(rapid.Int64Range(0, 1000).Draw(t, "discount")),
		}
		if k := rapid.IntRange(-1, 80).Draw(t, "category"); k >= 0 {
			l.Category = fmt.Sprintf("cat%02d", k)
		}
		if l.Return {
			l.Units, l.Net, l.Cost = -l.Units, -l.Net, -l.Cost
		}
		if !l.Costed {
			l.Cost = 0
		}
		return l
	})
	return rapid.SliceOfN(one, 0, max)
}

// Add gives lines to a builder in batches of a size.
func Add(b *ledger.Builder, lines []Line, size int) error {
	for len(lines) > 0 {
		n := min(max(size, 1), len(lines))
		var batch ledger.Batch
		for _, l := range lines[:n] {
			batch.Customer = append(batch.Customer, b.Customer([]byte(l.Customer)))
			batch.Day = append(batch.Day, l.Day)
			batch.Order = append(batch.Order, l.Order)
			batch.Flags = append(batch.Flags, flags(l))
			batch.Units = append(batch.Units, l.Units)
			batch.Net = append(batch.Net, l.Net)
			batch.Cost = append(batch.Cost, l.Cost)
			batch.Discount = append(batch.Discount, l.Discount)
			category := ledger.NoCategory
			if l.Category != "" {
				category = b.Category([]byte(l.Category))
			}
			batch.Category = append(batch.Category, category)
		}
		if err := b.Add(&batch); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

func flags(l Line) (f uint8) {
	if l.Return {
		f |= ledger.Return
	}
	if l.Costed {
		f |= ledger.Costed
	}
	return f
}

// Build is the ledger of lines, through one builder.
func Build(lines []Line) (*ledger.Ledger, error) {
	b := ledger.NewBuilder()
	if err := Add(b, lines, len(lines)); err != nil {
		return nil, err
	}
	return ledger.Build(1, b)
}

// Sums are the totals of some lines.
type Sums struct {
	Rows                 int // distinct days x orders
	Lines, Sales, Costed int
	Units                money.Quantity
	Net, Cost, Covered   money.Amount
	Returned, Discount   money.Amount
	Categories           int
}

// Oracle sums the lines of a customer with days in r, the slow and obvious way.
func Oracle(lines []Line, customer string, r civil.Range) (s Sums) {
	type key struct {
		day   civil.Day
		order uint64
	}
	rows, categories := map[key]bool{}, map[string]bool{}
	for _, l := range lines {
		if l.Customer != customer || l.Day < r.From || l.Day >= r.To {
			continue
		}
		rows[key{l.Day, l.Order}] = true
		s.Lines++
		s.Units += l.Units
		s.Net += l.Net
		s.Discount += l.Discount
		if l.Costed {
			s.Costed++
			s.Cost += l.Cost
			s.Covered += l.Net
		}
		if l.Return {
			s.Returned -= l.Net
			continue
		}
		s.Sales++
		if l.Category != "" {
			categories[l.Category] = true
		}
	}
	s.Rows, s.Categories = len(rows), len(categories)
	return s
}

// Window sums the rows of customer c that a view's window holds. Categories is left zero: a window
// does not know them.
func Window(v ledger.View, c int, r civil.Range) (s Sums) {
	rows := v.Rows()
	lo, hi := v.Window(c, r)
	s.Rows = hi - lo
	for i := lo; i < hi; i++ {
		s.Lines += int(rows.Lines[i])
		s.Sales += int(rows.Sales[i])
		s.Costed += int(rows.Costed[i])
		s.Units += rows.Units[i]
		s.Net += rows.Net[i]
		s.Cost += rows.Cost[i]
		s.Covered += rows.Covered[i]
		s.Returned += rows.Returned[i]
		s.Discount += rows.Discount[i]
	}
	return s
}
