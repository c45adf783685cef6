package synth

import (
	"context"
	"fmt"
	"io"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// Format is a file format. The zero value is CSV.
type Format uint8

// Formats.
const (
	CSV     Format = iota // RFC 4180 with a header, UTF-8, lines end in LF
	Parquet               // snappy pages, dictionaries for what repeats
)

// String is csv or parquet, which is also the file name's extension.
func (f Format) String() string {
	switch f {
	case CSV:
		return "csv"
	case Parquet:
		return "parquet"
	}
	return fmt.Sprintf("Format(%d)", uint8(f))
}

// ParseFormat reads csv or parquet.
func ParseFormat(s string) (Format, error) {
	for _, f := range []Format{CSV, Parquet} {
		if s == f.String() {
			return f, nil
		}
	}
	return 0, fmt.Errorf("%q is not a format: use csv or parquet", s)
}

// Columns are the columns of an order export. The zero value is Full.
type Columns uint8

// Column sets.
const (
	// Full is order_id, line_id, customer_id, ordered_at, product_id, category, quantity,
	// unit_price, discount_rate, unit_cost, channel, salesperson, status, currency.
	Full Columns = iota
	// Basic is the first ten of Full. Cancelled orders cannot be told apart there, so a company
	// with a CancelRate refuses it.
	Basic
)

// Options are how WriteOrders writes. The zero value is CSV with all columns and days.
type Options struct {
	Format  Format
	Columns Columns
	// Times writes the time of day: "2025-03-01 09:30:00" in CSV, TIMESTAMP (microseconds, local)
	// in Parquet. Else ordered_at is YYYY-MM-DD and DATE.
	Times bool
	// Decimal writes Parquet money as DECIMAL(18,2), discount_rate as DECIMAL(9,2) and quantity as
	// DECIMAL(18,4); else they are DOUBLE and INT64. CSV is decimal anyway.
	Decimal bool
	// RowGroup is the number of rows of a Parquet row group, which is held in memory compressed;
	// 0 is 500,000.
	RowGroup int
	// Progress, where not nil, is called with the rows written so far, about every 100,000.
	Progress func(rows int64)
}

func (o *Options) validate(p *Params) error {
	var f faults
	f.require(o.Format <= Parquet, "Format is %v: use CSV or Parquet", o.Format)
	f.require(o.Columns <= Basic, "Columns is %d: use Full or Basic", o.Columns)
	f.require(o.RowGroup >= 0, "RowGroup is %d: use 0 for the default, or the rows of a row group", o.RowGroup)
	f.require(o.Columns == Full || p.CancelRate == 0,
		"Columns Basic has no status for the cancelled orders of CancelRate %v: use Full, or set it to 0", p.CancelRate)
	return joined(f)
}

// sink takes the orders in the order of the file.
type sink interface {
	order(o *order) error
	close() error
}

const progressEvery = 100_000

// WriteOrders writes the order export, by day, time of day and customer; order ids run on in that
// order. It returns the exact sums of what it wrote. It stops with ctx's error soon after ctx ends;
// what w holds then is no whole file.
func (c *Company) WriteOrders(ctx context.Context, w io.Writer, o Options) (*Books, error) {
	if err := o.validate(&c.params); err != nil {
		return nil, err
	}
	out, err := c.newSink(w, o)
	if err != nil {
		return nil, err
	}
	b := &Books{by: make([]account, len(c.customers))}
	b.Totals.First, b.Totals.Last = civil.Unknown, civil.Unknown
	s, ord, told := newStream(), order{}, int64(0)
	b.Totals.Thinned, err = c.sized(ctx, func(day int32, e *event, lines int64) (*credit, error) {
		ord.number++
		back := c.fill(s, &ord, day, e, lines)
		if err := b.enter(&ord, c.params.From); err != nil {
			return nil, err
		}
		if err := out.order(&ord); err != nil {
			return nil, err
		}
		if b.Totals.Rows-told >= progressEvery {
			told = b.Totals.Rows
			if o.Progress != nil {
				o.Progress(told)
			}
			return back, ctx.Err()
		}
		return back, nil
	})
	if err != nil {
		return nil, fmt.Errorf("write orders: %w", err)
	}
	if err := out.close(); err != nil {
		return nil, fmt.Errorf("write orders: %w", err)
	}
	if o.Progress != nil {
		o.Progress(b.Totals.Rows)
	}
	return b, nil
}

func (c *Company) newSink(w io.Writer, o Options) (sink, error) {
	if o.Format == Parquet {
		return newOrderParquet(c, w, o)
	}
	return newOrderCSV(c, w, o), nil
}

// status is the status column of an order.
func (o *order) status() string {
	switch {
	case o.credit:
		return "returned"
	case o.cancelled:
		return "cancelled"
	}
	return "delivered"
}

// appendOrderID appends SO-000001, or CN-000001 for a credit note.
func (c *Company) appendOrderID(dst []byte, o *order) []byte {
	if o.credit {
		dst = append(dst, "CN-"...)
	} else {
		dst = append(dst, "SO-"...)
	}
	return appendPadded(dst, o.number, c.orderWidth)
}
