package table

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func checkFloat(t interface{ Fatalf(string, ...any) }, f float64) {
	want := strconv.FormatFloat(f, 'g', -1, 64)
	if want == "-0" {
		want = "0"
	}
	var to [cellRoom]byte
	if got := string(to[:putFloat(&to, f)]); got != want {
		t.Fatalf("%x: got %s, want %s", f, got, want)
	}
}

// TestFloatAgreesWithStrconv compares with the standard library: random bits in and around the range
// of the short way, neighbours of short decimals, of powers of two and ten and of dyadic fractions.
func TestFloatAgreesWithStrconv(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	around := func(f float64) {
		checkFloat(t, f)
		checkFloat(t, -math.Nextafter(f, 0))
		checkFloat(t, math.Nextafter(f, math.Inf(1)))
	}
	for range 300_000 {
		checkFloat(t, math.Ldexp(1+rng.Float64(), rng.IntN(36)-14))
		checkFloat(t, rng.Float64())
		places := rng.IntN(18)
		around(float64(rng.Int64N(1e17)>>rng.IntN(57)) / math.Pow10(places))
		around(math.Ldexp(float64(rng.Int64N(1<<20)), -rng.IntN(40)))
	}
	for x := -340; x < 310; x++ {
		around(math.Pow10(x))
		around(math.Ldexp(1, x))
	}
	for i := range 200_000 {
		checkFloat(t, float64(i)/1000)
	}
}

func TestFloatAgreesOnAnyBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if f := rapid.Float64().Draw(t, "f"); !math.IsInf(f, 0) && !math.IsNaN(f) {
			checkFloat(t, f)
		}
	})
}

func FuzzFloat(f *testing.F) {
	for _, v := range []float64{0, 0.1, 0.3, 1.0 / 3, 5e-324, 999999.9999999999, 0.001, 0.5000000000000001} {
		f.Add(math.Float64bits(v))
	}
	f.Fuzz(func(t *testing.T, b uint64) {
		if v := math.Float64frombits(b); v-v == 0 {
			checkFloat(t, v)
		}
	})
}
