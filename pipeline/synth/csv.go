package synth

import (
	"io"
	"strconv"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// orderCSV writes orders as CSV. Nothing it writes needs quotes: ids, words and numbers.
type orderCSV struct {
	c      *Company
	w      io.Writer
	o      Options
	buf    []byte
	id     []byte   // order_id of the current order
	row    []byte   // ",customer_id,ordered_at," of the current order
	tail   []byte   // what follows unit_cost in the current order
	names  []string // sales team
	middle [][]byte // "P00001,category," by product
}

const csvFlush = 1 << 18

func newOrderCSV(c *Company, w io.Writer, o Options) *orderCSV {
	s := &orderCSV{c: c, w: w, o: o, buf: make([]byte, 0, csvFlush+1<<14), names: salespersons()}
	s.middle = make([][]byte, c.params.Products)
	for i := range s.middle {
		m := append(appendProductID(nil, int32(i)), ',')
		m = append(m, c.goods.category[c.goods.ofProduct[i]]...)
		s.middle[i] = append(m, ',')
	}
	for i, name := range orderColumns(o.Columns) {
		if i > 0 {
			s.buf = append(s.buf, ',')
		}
		s.buf = append(s.buf, name...)
	}
	s.buf = append(s.buf, '\n')
	return s
}

// orderColumns are the names of a column set, in the order of the file.
func orderColumns(set Columns) []string {
	all := []string{"order_id", "line_id", "customer_id", "ordered_at", "product_id", "category", "quantity",
		"unit_price", "discount_rate", "unit_cost", "channel", "salesperson", "status", "currency"}
	if set == Basic {
		return all[:10]
	}
	return all
}

func (s *orderCSV) order(o *order) error {
	s.frame(o)
	for i := range o.lines {
		l := &o.lines[i]
		b := append(s.buf, s.id...)
		b = append(b, ',')
		b = strconv.AppendInt(b, int64(i)+1, 10)
		b = append(b, s.row...)
		b = append(b, s.middle[l.product]...)
		b = strconv.AppendInt(b, l.quantity, 10)
		b = append(b, ',')
		b = appendCents(b, l.price)
		b = append(b, ',')
		b = append(b, '0', '.', '0'+l.discount/10, '0'+l.discount%10, ',')
		b = appendCents(b, l.cost)
		s.buf = append(b, s.tail...)
		if len(s.buf) >= csvFlush {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// frame makes what all lines of an order share.
func (s *orderCSV) frame(o *order) {
	s.id = s.c.appendOrderID(s.id[:0], o)
	s.row = s.c.appendID(append(s.row[:0], ','), int(o.customer))
	s.row = append(s.row, ',')
	s.row = (s.c.params.From + civil.Day(o.day)).Append(s.row)
	if s.o.Times {
		s.row = append(s.row, ' ')
		s.row = appendPadded(s.row, int64(o.second/3600), 2)
		s.row = appendPadded(append(s.row, ':'), int64(o.second/60%60), 2)
		s.row = appendPadded(append(s.row, ':'), int64(o.second%60), 2)
	}
	s.row = append(s.row, ',')
	s.tail = s.tail[:0]
	if s.o.Columns == Full {
		for _, word := range []string{channels()[o.channel], s.names[o.owner], o.status(), s.c.params.Currency} {
			s.tail = append(append(s.tail, ','), word...)
		}
	}
	s.tail = append(s.tail, '\n')
}

func (s *orderCSV) flush() error {
	_, err := s.w.Write(s.buf)
	s.buf = s.buf[:0]
	return err
}

func (s *orderCSV) close() error { return s.flush() }

// appendCents appends an amount of 1/100 at or above zero with two decimals.
func appendCents(dst []byte, v int64) []byte {
	dst = strconv.AppendInt(dst, v/100, 10)
	return append(dst, '.', byte('0'+v%100/10), byte('0'+v%10))
}
