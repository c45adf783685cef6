package ingest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"pgregory.net/rapid"
)

// drawn is a line of a batch that may be clean.
type drawn struct {
	customer, order, product, category uint32
	day                                civil.Day
	quantity, price, cost, rate        int64
	lacks                              uint32
	returned                           bool
}

func drawBatch(t *rapid.T) []drawn {
	ds := make([]drawn, rapid.IntRange(1, 40).Draw(t, "lines"))
	odd := rapid.IntRange(0, 3).Draw(t, "odd batch") == 0
	for i := range ds {
		number := func(name string) int64 {
			v := rapid.Int64Range(0, 5e9).Draw(t, name)
			return v - v%rapid.SampledFrom([]int64{1, 10_000}).Draw(t, name+" round")
		}
		small := func(name string) uint32 { return rapid.Uint32Range(0, 3).Draw(t, name) }
		ds[i] = drawn{customer: small("customer"), order: small("order"), product: small("product"), category: small("category"),
			day: civil.Day(19_000 + small("day")), quantity: number("quantity"), price: number("price"), cost: number("cost"),
			rate: rapid.Int64Range(-1e8, 1e8).Draw(t, "rate")}
		if odd && rapid.IntRange(0, 5).Draw(t, "odd line") == 0 {
			ds[i].lacks = 1 << rapid.SampledFrom([]layout.Column{layout.CustomerID, layout.OrderedAt, layout.UnitCost, layout.DiscountRate, layout.Quantity}).Draw(t, "lacks")
			ds[i].returned = rapid.Bool().Draw(t, "returned")
			ds[i].quantity = rapid.SampledFrom([]int64{-20_000, 1 << 62, 0}).Draw(t, "odd quantity")
		}
	}
	return ds
}

// settled puts batches through a worker. What is built is a ledger, or the text of its refusal: drawn amounts
// may be too large to add up.
func settled(t *rapid.T, batches [][]drawn, mapped uint32, excluded, long bool) (w *worker, built any, clean bool) {
	w = newWorker(&plan{rules: layout.Settings{}.Rules(), progress: func(int64) {}, longWay: long}, 1)
	w.products = make([]product, 4)
	for k := range w.products {
		w.products[k] = product{present: true, category: w.builder.Category([]byte{'p', byte('0' + k)})}
		w.builder.Customer([]byte{'c', byte('0' + k)})
	}
	w.products[3].excluded, w.unitless = excluded, excluded
	for _, ds := range batches {
		l := w.lines
		l.reset(len(ds))
		l.mapped = mapped
		for i, d := range ds {
			l.line[i], l.customer[i], l.order[i], l.day[i] = int64(i+2), d.customer, uint64(d.order), d.day
			l.product[i], l.category[i] = d.product, d.category
			l.quantity[i], l.unitPrice[i], l.unitCost[i], l.rate[i] = money.Quantity(d.quantity), money.Price(d.price), money.Price(d.cost), money.Rate(d.rate)
			l.returned[i], l.returns = d.returned, l.returns || d.returned
			for c := range layout.Column(32) {
				if d.lacks&(1<<c) != 0 {
					l.lack(i, c)
				}
			}
		}
		before := w.books[0].Class[Used].Lines
		probe := *l
		if err := w.settle(); err != nil {
			t.Fatal(err)
		}
		clean = clean || probe.lacking == 0 && w.books[0].Class[Used].Lines-before == int64(len(ds))
	}
	l, err := ledger.Build(1, w.builder)
	if err != nil {
		return w, err.Error(), clean
	}
	return w, l, clean
}

// Whole batches settled column by column give what settling line by line gives: books, rejects, ledger.
func TestCleanBatchesAgreeWithLineByLine(t *testing.T) {
	seen := 0
	rapid.Check(t, func(t *rapid.T) {
		mapped := uint32(ordinaryNeeds | 1<<layout.OrderID | 1<<layout.CustomerID | 1<<layout.OrderedAt)
		for _, c := range []layout.Column{layout.DiscountRate, layout.ProductID, layout.Category} {
			if rapid.Bool().Draw(t, c.String()) {
				mapped |= 1 << c
			}
		}
		batches := make([][]drawn, rapid.IntRange(1, 3).Draw(t, "batches"))
		for k := range batches {
			batches[k] = drawBatch(t)
		}
		excluded := rapid.IntRange(0, 4).Draw(t, "excluded product") == 0
		fast, got, clean := settled(t, batches, mapped, excluded, false)
		slow, want, _ := settled(t, batches, mapped, excluded, true)
		if clean && !excluded {
			seen++
		}
		if fast.books[0] != slow.books[0] {
			t.Fatalf("books %+v, line by line %+v", fast.books[0], slow.books[0])
		}
		if diff := cmp.Diff(slow.rejects, fast.rejects); diff != "" {
			t.Fatalf("rejects: -line by line +column by column\n%s", diff)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(ledger.Ledger{})); diff != "" {
			t.Fatalf("ledger: -line by line +column by column\n%s", diff)
		}
	})
	if seen == 0 {
		t.Error("no batch was clean: the test compared one way with itself")
	}
}
