package pipeline

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"sync/atomic"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/span"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

const (
	// quartersKept is how many calendar quarters quarters.parquet goes back, that of the last day
	// before the as-of day included: three years.
	quartersKept = 12
	quartersFile = "quarters.parquet"
)

// quarter is a calendar quarter as civil.Day.Quarter numbers it: 4 x year + 0..3.
type quarter int

func (q quarter) String() string { return fmt.Sprintf("%04dQ%d", int(q)/4, int(q)%4+1) }

// from is the first day of the quarter.
func (q quarter) from() civil.Day {
	d, ok := civil.Of(int(q)/4, int(q)%4*3+1, 1)
	if !ok {
		return civil.Max + 1
	}
	return d
}

// quarters are the net sales and gross profit of the last quarters, a column for each quarter, row i
// being ledger customer i.
type quarters struct {
	from        quarter
	ends        []civil.Day      // the first day after each
	net, profit [][]money.Amount // by quarter from the first
	some, known [][]bool         // whether the customer has a line, and one with a known cost
}

// quarterly sums the ledger, children rolled up into their parents, by calendar quarter.
func (f *Figures) quarterly(workers int) (*quarters, error) {
	last := quarter((f.AsOf - 1).Quarter())
	q := &quarters{from: max(last-quartersKept+1, quarter(f.seen.Days().From.Quarter()))}
	n := f.seen.Customers()
	for range last - q.from + 1 {
		q.net, q.profit = append(q.net, make([]money.Amount, n)), append(q.profit, make([]money.Amount, n))
		q.some, q.known = append(q.some, make([]bool, n)), append(q.known, make([]bool, n))
	}
	for at := range q.net {
		q.ends = append(q.ends, (q.from + quarter(at) + 1).from())
	}
	v := f.seen.At(f.AsOf)
	var failed atomic.Bool
	span.Each(n, 4096, workers, func(_, lo, hi int) {
		if !q.fill(v, lo, hi) {
			failed.Store(true)
		}
	})
	if failed.Load() {
		return nil, as(ErrInput, fmt.Errorf("the sums of a customer's quarter do not fit: amounts beyond 922 trillion; check the units of the export"))
	}
	return q, nil
}

// fill sums customers [lo, hi), whose rows ascend by day; false where a sum does not fit.
func (q *quarters) fill(v ledger.View, lo, hi int) bool {
	rows := v.Rows()
	var k money.Checked
	for c := lo; c < hi; c++ {
		from, to := v.Window(c, civil.Range{From: q.from.from(), To: v.AsOf()})
		for at := range q.net {
			var net, profit money.Amount
			costed, i := int32(0), from
			for ; i < to && rows.Day[i] < q.ends[at]; i++ {
				net = money.Amount(k.Add(int64(net), int64(rows.Net[i])))
				profit = money.Amount(k.Add(int64(profit), k.Sub(int64(rows.Covered[i]), int64(rows.Cost[i]))))
				costed |= rows.Costed[i]
			}
			if i > from {
				q.net[at][c], q.some[at][c] = net, true
				q.profit[at][c], q.known[at][c] = profit, costed > 0
			}
			from = i
		}
	}
	return k.OK()
}

// writeQuarters writes quarters.parquet: the trend of every customer, in the order of customers.parquet.
func (f *Figures) writeQuarters(w io.Writer, workers int) error {
	q, err := f.quarterly(workers)
	if err != nil {
		return err
	}
	ids, ok := f.table.Column("customer_id")
	if !ok {
		panic("pipeline: the customer table has no ids")
	}
	t, err := q.table(*ids, f.moneyUnit())
	if err != nil {
		return as(ErrInput, err)
	}
	defer t.Release()
	return table.WriteParquet(w, t, nil, table.ParquetOptions{Workers: workers})
}

// table lays the quarters out as net_sales_2024q4, gross_profit_2024q4 and so on beside the customers'
// ids, in the order of customers.parquet.
func (q *quarters) table(ids table.Column, unit string) (*table.Table, error) {
	cols := []table.Column{ids}
	for at := range q.net {
		net, profit := quarterColumns(q.from + quarter(at))
		cols = append(cols, table.Amounts(net, unit, q.net[at], q.some[at]), table.Amounts(profit, unit, q.profit[at], q.known[at]))
	}
	return table.New(cols...)
}

// quarterColumns name the two columns of a quarter.
func quarterColumns(q quarter) (net, profit string) {
	suffix := fmt.Sprintf("%04dq%d", int(q)/4, int(q)%4+1)
	return "net_sales_" + suffix, "gross_profit_" + suffix
}

// QuarterFigures are a customer's net sales and gross profit of a calendar quarter. The last quarter
// reaches to the as-of day only.
type QuarterFigures struct {
	Quarter     string `json:"quarter"`
	NetSales    string `json:"net_sales"`    // "0.00" without a line
	GrossProfit string `json:"gross_profit"` // "" unknown
	net, profit money.Amount
	known       bool
	whole       bool // the as-of day lies after it
}

// quarters reads the trend of the customer in row at; nil where the run has none.
func (p *published) quarters(at int32) ([]QuarterFigures, error) {
	if !p.run.Has(quartersFile) {
		return nil, nil
	}
	f, t, err := p.table(quartersFile)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read
	rows, err := t.ReadRows(nil, []int32{min(at, int32(t.Rows()-1))}, p.workers)
	if err != nil || t.Rows() != p.Rows() {
		return nil, p.run.Damage(quartersFile, errors.Join(err, fmt.Errorf("%d rows, %s has %d", t.Rows(), customersFile, p.Rows())))
	}
	r := row{t: rows}
	out := []QuarterFigures{}
	for q := range keptQuarters(t) {
		net, profit := quarterColumns(q)
		x := QuarterFigures{Quarter: q.String(), whole: p.manifest.AsOf >= (q + 1).from().String()}
		traded := false
		x.net, traded = r.amount(net)
		x.profit, x.known = r.amount(profit)
		x.known = x.known || !traded && !p.bars.marginOff
		x.NetSales = x.net.String()
		if x.known {
			x.GrossProfit = x.profit.String()
		}
		out = append(out, x)
	}
	return out, nil
}

// keptQuarters are the quarters that a file has, in order.
func keptQuarters(t *table.File) iter.Seq[quarter] {
	return func(yield func(quarter) bool) {
		for _, f := range t.Fields() {
			var year, n int
			if _, err := fmt.Sscanf(f.Name, "net_sales_%04dq%d", &year, &n); err == nil && n >= 1 && n <= 4 && !yield(quarter(4*year+n-1)) {
				return
			}
		}
	}
}
