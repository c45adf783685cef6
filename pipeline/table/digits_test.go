package table

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// TestDigitsAgreeWithNaiveTwin compares all numbers to 100,000, numbers of every size and both sides of
// every power of ten with strconv, and amounts with money.Amount.Append.
func TestDigitsAgreeWithNaiveTwin(t *testing.T) {
	check := func(v int64) {
		t.Helper()
		var to [cellRoom]byte
		if got, want := string(to[:putInt(&to, v)]), strconv.FormatInt(v, 10); got != want {
			t.Fatalf("integer: got %s, want %s", got, want)
		}
		a := money.Amount(v)
		if got, want := string(to[:putAmount(&to, a)]), a.String(); got != want {
			t.Fatalf("amount: got %s, want %s", got, want)
		}
	}
	for v := range int64(100_000) {
		check(v)
		check(-v)
	}
	for _, v := range []int64{math.MaxInt64, -math.MaxInt64, math.MinInt64} {
		check(v)
	}
	for p := int64(1); p <= 1e18/10; p *= 10 {
		for d := int64(-3); d <= 3; d++ {
			check(10*p + d)
			check(-10*p - d)
		}
	}
	rng := rand.New(rand.NewPCG(7, 8))
	for range 200_000 {
		check(rng.Int64() >> rng.IntN(64))
	}
}

// TestDigits8AgreesWithStrconv over the whole range of the halves and a sample of their products.
func TestDigits8AgreesWithStrconv(t *testing.T) {
	var to [8]byte
	check := func(u uint64) {
		put8(to[:], u)
		if want := strconv.FormatUint(u+1e8, 10)[1:]; string(to[:]) != want {
			t.Fatalf("got %s, want %s", to, want)
		}
	}
	rng := rand.New(rand.NewPCG(9, 10))
	for half := range uint64(10_000) {
		check(half)
		check(half*10_000 + 9999)
		check(half*10_000 + rng.Uint64N(10_000))
	}
}

// TestPlacesAgreeWithNaiveTwin at every number of decimals.
func TestPlacesAgreeWithNaiveTwin(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for places := 1; places <= 19; places++ {
		most := min(uint64(math.MaxUint64)/power10(places), 1e8) // of the whole part
		for range 2000 {
			frac := rng.Uint64N(power10(places)) / power10(rng.IntN(places+1))
			whole := rng.Uint64N(most)
			q := whole*power10(places) + frac
			var to [cellRoom]byte
			got := string(to[:putPlaces(to[:], q, places)])
			digits := strconv.FormatUint(frac, 10)
			for len(digits) < places {
				digits = "0" + digits
			}
			if want := strconv.FormatUint(whole, 10) + "." + digits; got != want {
				t.Fatalf("%d / 10^%d: got %s, want %s", q, places, got, want)
			}
		}
	}
}
