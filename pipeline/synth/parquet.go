package synth

import (
	"io"

	"github.com/parquet-go/parquet-go"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// orderParquet writes orders as Parquet.
type orderParquet struct {
	*columnar
	c        *Company
	o        Options
	team     [][]byte // sales team
	ways     [][]byte // channels
	products [][]byte // product ids
	category [][]byte // by category
	currency []byte
}

func newOrderParquet(c *Company, w io.Writer, o Options) (*orderParquet, error) {
	names := orderColumns(o.Columns)
	cols, err := newColumnar(w, names, orderNodes(o)[:len(names)], o.RowGroup)
	if err != nil {
		return nil, err
	}
	s := &orderParquet{columnar: cols, c: c, o: o, team: texts(salespersons()), category: texts(c.goods.category), currency: []byte(c.params.Currency)}
	ways := channels()
	s.ways = texts(ways[:])
	for i := range c.params.Products {
		s.products = append(s.products, appendProductID(nil, int32(i)))
	}
	return s, nil
}

func texts(of []string) (b [][]byte) {
	for _, s := range of {
		b = append(b, []byte(s))
	}
	return b
}

func dictionary(n parquet.Node) parquet.Node { return parquet.Encoded(n, &parquet.RLEDictionary) }

// orderNodes are the types of the columns of Full.
func orderNodes(o Options) []parquet.Node {
	double := parquet.Leaf(parquet.DoubleType)
	word := dictionary(parquet.String())
	quantity, price, rate := parquet.Int(64), double, double
	if o.Decimal {
		quantity = parquet.Decimal(4, 18, parquet.Int64Type)
		price = parquet.Decimal(2, 18, parquet.Int64Type)
		rate = parquet.Decimal(2, 9, parquet.Int32Type)
	}
	at := parquet.Date()
	if o.Times {
		at = parquet.TimestampAdjusted(parquet.Microsecond, false)
	}
	return []parquet.Node{word, dictionary(parquet.Int(32)), word, dictionary(at), word, word, dictionary(quantity),
		price, dictionary(rate), dictionary(price), word, word, word, word}
}

func (s *orderParquet) order(o *order) error {
	id := parquet.ByteArrayValue(s.keep(func(b []byte) []byte { return s.c.appendOrderID(b, o) }))
	customer := parquet.ByteArrayValue(s.keep(func(b []byte) []byte { return s.c.appendID(b, int(o.customer)) }))
	at := s.at(o)
	words := [...]parquet.Value{parquet.ByteArrayValue(s.ways[o.channel]), parquet.ByteArrayValue(s.team[o.owner]),
		parquet.ByteArrayValue([]byte(o.status())), parquet.ByteArrayValue(s.currency)}
	for i := range o.lines {
		l := &o.lines[i]
		s.put(0, id)
		s.put(1, parquet.Int32Value(int32(i)+1))
		s.put(2, customer)
		s.put(3, at)
		s.put(4, parquet.ByteArrayValue(s.products[l.product]))
		s.put(5, parquet.ByteArrayValue(s.category[s.c.goods.ofProduct[l.product]]))
		s.numbers(l)
		if s.o.Columns == Full {
			for j, v := range words {
				s.put(10+j, v)
			}
		}
		if err := s.endRow(); err != nil {
			return err
		}
	}
	return nil
}

// at is the value of ordered_at.
func (s *orderParquet) at(o *order) parquet.Value {
	day := s.c.params.From + civil.Day(o.day)
	if s.o.Times {
		return parquet.Int64Value((int64(day)*86_400 + int64(o.second)) * 1_000_000)
	}
	return parquet.Int32Value(int32(day))
}

// numbers puts quantity, unit_price, discount_rate and unit_cost. A double divided by 100 is the
// one nearest to the decimal, as a reader of the CSV has it.
func (s *orderParquet) numbers(l *line) {
	if s.o.Decimal {
		s.put(6, parquet.Int64Value(l.quantity*10_000))
		s.put(7, parquet.Int64Value(l.price))
		s.put(8, parquet.Int32Value(int32(l.discount)))
		s.put(9, parquet.Int64Value(l.cost))
		return
	}
	s.put(6, parquet.Int64Value(l.quantity))
	s.put(7, parquet.DoubleValue(float64(l.price)/100))
	s.put(8, parquet.DoubleValue(float64(l.discount)/100))
	s.put(9, parquet.DoubleValue(float64(l.cost)/100))
}
