package ingest

import (
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"pgregory.net/rapid"
)

// The short way of ordinary lines gives what the general way gives, refusals included.
func TestShortWayAgreesWithTheLong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorker(&plan{rules: layout.Settings{}.Rules(), progress: func(int64) {}}, 1)
		l := w.lines
		l.reset(1)
		draw := func(name string) int64 {
			v := rapid.Int64().Draw(t, name) >> rapid.IntRange(0, 63).Draw(t, name+" shift")
			if rapid.Bool().Draw(t, name+" round") {
				v -= v % 10_000
			}
			return v
		}
		l.quantity[0], l.unitPrice[0], l.unitCost[0] = money.Quantity(draw("quantity")), money.Price(draw("price")), money.Price(draw("cost"))
		l.rate[0] = money.Rate(rapid.Int64Range(-int64(money.OneRate), int64(money.OneRate)).Draw(t, "rate"))
		l.returned[0] = rapid.IntRange(0, 9).Draw(t, "returned") == 0
		for _, c := range []layout.Column{layout.Quantity, layout.UnitPrice, layout.UnitCost, layout.DiscountRate, layout.OrderID, layout.CustomerID, layout.OrderedAt} {
			if rapid.IntRange(0, 5).Draw(t, c.String()) > 0 {
				l.mapped |= 1 << c
			}
		}
		if rapid.Bool().Draw(t, "product") {
			w.products = []product{{present: true, excluded: rapid.Bool().Draw(t, "excluded")}}
			l.mapped |= 1 << layout.ProductID
		}
		var short, long figures
		got := w.value(0, &short)
		w.longWay = true
		if want := w.value(0, &long); got != want || (got == "" && short != long) {
			t.Fatalf("short %+v %q, long %+v %q", short, got, long, want)
		}
	})
}
