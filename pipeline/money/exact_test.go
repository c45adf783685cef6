package money_test

import (
	"math/big"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"pgregory.net/rapid"
)

// The twin divides rationals.
func TestTermsAgreeWithRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := money.Terms{
			Quantity: money.Quantity(magnitudes(t, "q")), Price: money.Price(magnitudes(t, "p")), Rate: money.Rate(rapid.Int64Range(-1e8, 1e8).Draw(t, "rate")),
			Off: money.Price(magnitudes(t, "off")), Given: money.Amount(magnitudes(t, "given")), IsGiven: rapid.Bool().Draw(t, "is given"),
			Tax: money.Rate(rapid.Int64Range(-99_999_999, 1e8).Draw(t, "tax")), Conversion: money.Rate(rapid.Int64Range(0, 1e12).Draw(t, "conversion")),
		}
		v := new(big.Rat).Mul(rat(int64(x.Quantity), 4), rat(int64(x.Price), 8))
		v.Mul(v, new(big.Rat).Sub(big.NewRat(1, 1), rat(int64(x.Rate), 8)))
		v.Sub(v, rat(int64(x.Off), 8))
		if x.IsGiven {
			v = rat(int64(x.Given), 4)
		}
		v.Quo(v, new(big.Rat).Add(big.NewRat(1, 1), rat(int64(x.Tax), 8)))
		if x.Conversion != 0 {
			v.Mul(v, rat(int64(x.Conversion), 8))
		}
		want := halfEven(v.Mul(v, big.NewRat(10_000, 1)))
		got, ok := x.Amount()
		if ok != want.IsInt64() || (ok && int64(got) != want.Int64()) {
			t.Fatalf("%+v: got %d, %v, want %s", x, int64(got), ok, want)
		}
	})
	if _, ok := (money.Terms{Given: 1, IsGiven: true, Tax: -money.OneRate}).Amount(); ok {
		t.Error("a tax of -1 was divided by")
	}
}

// Rounded once: a thousandth of a cent at a rate of 1,000 is five cents, not nothing.
func TestTermsRoundOnce(t *testing.T) {
	a, ok := money.Terms{Quantity: money.OneQuantity, Price: 5_000, Conversion: 1000 * money.OneRate}.Amount()
	if !ok || a.String() != "0.05" {
		t.Errorf("got %s, %v", a, ok)
	}
}
