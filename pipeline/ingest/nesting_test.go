package ingest_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

type orderKeys struct {
	ID       string `parquet:"order_id"`
	Customer string `parquet:"customer_id"`
	Day      int32  `parquet:"ordered_at,date"`
}

type described struct {
	Product  string `parquet:"product_id"`
	Category string `parquet:"category"`
}

type valued struct {
	Product  string  `parquet:"product_id"`
	Quantity int64   `parquet:"quantity"`
	Price    float64 `parquet:"unit_price"`
}

type discount struct {
	Code   string  `parquet:"code"`
	Amount float64 `parquet:"amount"`
}

type orderWithProducts struct {
	orderKeys
	Amount float64     `parquet:"amount"`
	Lines  []described `parquet:"lines,list"`
}

type orderInCategories struct {
	orderKeys
	Amount   float64  `parquet:"amount"`
	Category []string `parquet:"category,list"`
}

type orderWithDiscounts struct {
	orderKeys
	Sales     float64    `parquet:"net_sales"`
	Discounts []discount `parquet:"discounts,list"`
}

type discountedOrder struct {
	orderKeys
	Off   float64  `parquet:"discount_amount"`
	Lines []valued `parquet:"lines,list"`
}

type orderOfBoth struct {
	orderKeys
	Amount float64  `parquet:"amount"`
	Lines  []valued `parquet:"lines,list"`
}

func nestedBytes[T any](t *testing.T, rows ...T) string {
	t.Helper()
	var b bytes.Buffer
	if err := parquet.Write(&b, rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Money counts once: an order's money is read from rows of orders, a line's from rows of lines, and money of
// both levels, or of a level that is not sure, is refused with the setting that decides.
func TestMoneyOfALevelCountsOnce(t *testing.T) {
	k := func(id string) orderKeys { return orderKeys{id, "C" + id, 20_458} }
	both := nestedBytes(t, orderOfBoth{k("1"), 100, []valued{{"P", 2, 10}, {"Q", 1, 70}}})
	for name, c := range map[string]struct {
		data, money, fault string
		maps               []string
	}{
		"products in the list": {data: nestedBytes(t, orderWithProducts{k("1"), 100, []described{{"P", "a"}, {"Q", "b"}, {"R", "c"}}},
			orderWithProducts{k("2"), 50, []described{{"P", "a"}}}), money: "150.00"},
		"categories in a list": {data: nestedBytes(t, orderInCategories{k("1"), 100, []string{"a", "b"}}, orderInCategories{k("2"), 100, []string{"a"}}), money: "200.00"},
		"amounts of discounts": {data: nestedBytes(t, orderWithDiscounts{k("1"), 1000, []discount{{"x", 5}, {"y", 7}}}, orderWithDiscounts{k("2"), 500, nil}), money: "1500.00"},
		"discount of the order": {data: nestedBytes(t, discountedOrder{k("1"), 10, []valued{{"P", 1, 30}, {"Q", 1, 30}, {"R", 1, 40}}}),
			fault: `discount_amount ("discount_amount") of the order would count once for each element of its list "lines"`},
		"both":                 {data: both, fault: "--map amount=amount or --map quantity=lines.quantity --map unit_price=lines.unit_price"},
		"both, by the order":   {data: both, maps: []string{"amount=amount"}, money: "100.00"},
		"both, by the lines":   {data: both, maps: []string{"quantity=lines.quantity", "unit_price=lines.unit_price"}, money: "90.00"},
		"category of the list": {data: nestedBytes(t, orderWithProducts{k("1"), 100, []described{{"P", "a"}}}), maps: []string{"category=lines.category"}, fault: `amount ("amount") of the order would count`},
	} {
		var m layout.Mapping
		for _, text := range c.maps {
			a, err := layout.ParseAssignment(text)
			if err != nil {
				t.Fatal(err)
			}
			m.Assignments = append(m.Assignments, a)
		}
		f := write(t, t.TempDir(), "o.parquet", c.data)
		r, err := ingest.Read(context.Background(), []source.File{f}, ingest.Options{Workers: 1, Mapping: m})
		switch {
		case c.fault != "":
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%s: got %v, want %q", name, err, c.fault)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case r.Books.Used().Money.String() != c.money || len(r.Rejects) > 0:
			t.Errorf("%s: got %s with rejects %v, want %s", name, r.Books.Used().Money, r.Rejects, c.money)
		}
	}
}
