package money_test

import (
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"pgregory.net/rapid"
)

func TestLineIsTwoLineAmounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) int64 {
			v := rapid.OneOf(rapid.Int64Range(-3, 40), rapid.Int64Range(-1e6, 1e12), rapid.Int64()).Draw(t, name)
			if rapid.Bool().Draw(t, name+" whole") {
				v -= v % 10_000
			}
			return v
		}
		q, p := money.Quantity(draw("quantity")), money.Price(draw("price"))
		rate := money.Rate(rapid.OneOf(rapid.Int64Range(-2e8, 2e8), rapid.SampledFrom([]int64{0, 5e7, 25e6, 1e8, -1e8, 1e8 + 1, -1e8 - 1}), rapid.Int64()).Draw(t, "rate"))
		list, ok := money.LineAmount(q, p, 0, 0)
		net, fits := money.LineAmount(q, p, rate, 0)
		gotList, gotNet, got := money.Line(q, p, rate)
		if got != (ok && fits) || got && (gotList != list || gotNet != net) {
			t.Fatalf("Line(%d, %d, %d) = %d, %d, %v; LineAmount gives %d, %v and %d, %v", q, p, rate, gotList, gotNet, got, list, ok, net, fits)
		}
	})
}
