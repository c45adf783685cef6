package money_test

import (
	"math"
	"math/big"
	"strconv"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"pgregory.net/rapid"
)

// halfEven is the naive twin: exact rationals, rounded half to even.
func halfEven(r *big.Rat) *big.Int {
	num, den := r.Num(), r.Denom()
	q, m := new(big.Int).DivMod(num, den, new(big.Int)) // floor, m >= 0
	switch new(big.Int).Lsh(m, 1).Cmp(den) {
	case 1:
		q.Add(q, big.NewInt(1))
	case 0:
		if q.Bit(0) == 1 {
			q.Add(q, big.NewInt(1))
		}
	}
	return q
}

func rat(v int64, scale int) *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(v), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil))
}

// magnitudes draws int64 of every size, so that small and overflowing values both occur.
func magnitudes(t *rapid.T, name string) int64 {
	v := rapid.Int64().Draw(t, name)
	v >>= rapid.IntRange(0, 63).Draw(t, name+" shift")
	if rapid.Bool().Draw(t, name+" round") {
		v -= v % 10_000
	}
	return v
}

func TestLineAmountAgreesWithRationals(t *testing.T) {
	limit := new(big.Int).Lsh(big.NewInt(1), 128)
	rapid.Check(t, func(t *rapid.T) {
		q, p, r, d := magnitudes(t, "q"), magnitudes(t, "p"), int64(0), int64(0)
		if rapid.Bool().Draw(t, "rated") {
			r = magnitudes(t, "r")
			if r < math.MinInt64+int64(money.OneRate) {
				r = 0
			}
		}
		if rapid.Bool().Draw(t, "discounted") {
			d = magnitudes(t, "d")
		}
		x := new(big.Rat).Mul(rat(q, 4), rat(p, 8))
		x.Mul(x, new(big.Rat).Sub(big.NewRat(1, 1), rat(r, 8)))
		wide := new(big.Rat).Abs(x)
		x.Sub(x, rat(d, 8))
		want := halfEven(x.Mul(x, big.NewRat(10_000, 1)))
		got, ok := money.LineAmount(money.Quantity(q), money.Price(p), money.Rate(r), money.Price(d))
		if ok {
			if want.Cmp(big.NewInt(int64(got))) != 0 {
				t.Fatalf("got %d, want %s", int64(got), want)
			}
			return
		}
		// A refusal must be due: the result, or a 128-bit step at scale 20, does not fit.
		scaled := wide.Mul(wide, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil)))
		stepFits := new(big.Int).Quo(scaled.Num(), scaled.Denom()).Cmp(limit) < 0
		if stepFits && want.IsInt64() && want.Int64() != math.MinInt64 && d == 0 {
			t.Fatalf("refused %s", want)
		}
	})
}

func TestLineAmountExamples(t *testing.T) {
	for _, c := range []struct {
		name       string
		q, p, r, d int64
		want       string
	}{
		{"three at 2.55", 30_000, 255_000_000, 0, 0, "7.65"},
		{"a return", -10_000, 165_000_000, 0, 0, "-1.65"},
		{"half of 0.0001 rounds to even zero", 5_000, 10_000, 0, 0, "0.00"},
		{"half of 0.0003 rounds to even 0.0002", 5_000, 30_000, 0, 0, "0.0002"},
		{"10% off 2 x 100", 20_000, 10_000_000_000, 10_000_000, 0, "180.00"},
		{"and 5 in money", 20_000, 10_000_000_000, 10_000_000, 500_000_000, "175.00"},
		{"eight decimals of price", 1_000_000, 12_345_678, 0, 0, "12.3457"},
	} {
		a, ok := money.LineAmount(money.Quantity(c.q), money.Price(c.p), money.Rate(c.r), money.Price(c.d))
		if !ok || a.String() != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.name, a, ok, c.want)
		}
	}
	if a, ok := money.LineAmount(math.MaxInt64, math.MaxInt64, 0, 0); ok {
		t.Errorf("overflow gave %s", a)
	}
}

func TestAddSub(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		sum := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		if got, ok := money.Add(money.Amount(a), money.Amount(b)); ok != sum.IsInt64() || (ok && int64(got) != sum.Int64()) {
			t.Fatalf("%d + %d = %d, %v", a, b, int64(got), ok)
		}
		diff := new(big.Int).Sub(big.NewInt(a), big.NewInt(b))
		if got, ok := money.Sub(money.Amount(a), money.Amount(b)); ok != diff.IsInt64() || (ok && int64(got) != diff.Int64()) {
			t.Fatalf("%d - %d = %d, %v", a, b, int64(got), ok)
		}
	})
}

func TestParseAgreesWithRationals(t *testing.T) {
	number := rapid.OneOf(
		rapid.StringMatching(`[+-]?[0-9]{0,22}(\.[0-9]{0,24})?([eE][+-]?[0-9]{1,2})?`),
		rapid.StringMatching(`[+-]?[1-9][0-9]{10,18}\.[05]{0,8}[0-9]?`), // as many digits as fit, and more that round
	)
	rapid.Check(t, func(t *rapid.T) {
		s, scale := number.Draw(t, "s"), rapid.IntRange(0, 8).Draw(t, "scale")
		got, ok := money.Parse([]byte(s), scale)
		x, legal := new(big.Rat).SetString(s)
		if !legal {
			if ok {
				t.Fatalf("Parse(%q) = %d, but it is no number", s, got)
			}
			return
		}
		x.Mul(x, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
		want := halfEven(x)
		fits := want.IsInt64() && want.Int64() != math.MinInt64
		if ok != fits || (ok && got != want.Int64()) {
			t.Fatalf("Parse(%q, %d) = %d, %v, want %s", s, scale, got, ok, want)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "-", ".", "1,5", "1 5", " 1", "1 ", "0x10", "NaN", "Inf", "1e", "1e+", "1.2.3", "--1", "１", "1_000", "1e999"} {
		if v, ok := money.Parse([]byte(s), 4); ok {
			t.Errorf("Parse(%q) = %d, want a refusal", s, v)
		}
	}
}

func TestFromFloat(t *testing.T) {
	for _, c := range []struct {
		f     float64
		scale int
		want  int64
		ok    bool
	}{
		{17850, 4, 178500000, true}, {0.1 + 0.2, 4, 3000, true}, {2024.994, 4, 20249940, true},
		{-1e-9, 4, 0, true}, {1e300, 4, 0, false}, {math.NaN(), 4, 0, false}, {math.Inf(1), 4, 0, false},
		{0.00005, 4, 0, true}, {0.00015, 4, 2, true}, {math.Copysign(0, -1), 4, 0, true},
	} {
		if got, ok := money.FromFloat(c.f, c.scale); got != c.want || ok != c.ok {
			t.Errorf("FromFloat(%v, %d) = %d, %v, want %d, %v", c.f, c.scale, got, ok, c.want, c.ok)
		}
	}
}

// The twin prints the shortest decimal and parses it.
func TestFromFloatAgreesWithItsDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := float64(rapid.Int64Range(-1e13, 1e13).Draw(t, "mantissa")) / math.Pow10(rapid.IntRange(0, 9).Draw(t, "decimals"))
		if rapid.Bool().Draw(t, "any") {
			f = rapid.Float64().Draw(t, "f")
		}
		scale := rapid.IntRange(0, 8).Draw(t, "scale")
		want, wantOK := money.Parse(strconv.AppendFloat(nil, f, 'e', -1, 64), scale)
		if got, ok := money.FromFloat(f, scale); got != want || ok != wantOK {
			t.Fatalf("FromFloat(%v, %d) = %d, %v, want %d, %v", f, scale, got, ok, want, wantOK)
		}
	})
}

func TestStringRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := magnitudes(t, "v")
		if v == math.MinInt64 {
			v++
		}
		if got, ok := money.Parse([]byte(money.Amount(v).String()), money.AmountScale); !ok || got != v {
			t.Fatalf("amount %d printed %s", v, money.Amount(v))
		}
		if got, ok := money.Parse([]byte(money.Quantity(v).String()), money.QuantityScale); !ok || got != v {
			t.Fatalf("quantity %d printed %s", v, money.Quantity(v))
		}
	})
	if s := money.Amount(-5).String(); s != "-0.0005" {
		t.Errorf("got %s", s)
	}
	if s := money.Amount(math.MinInt64).String(); s != "-922337203685477.5808" {
		t.Errorf("got %s", s)
	}
}

func TestRescale(t *testing.T) {
	for _, c := range []struct {
		v        int64
		from, to int
		want     int64
	}{{12345, 2, 4, 1234500}, {15, 5, 4, 2}, {25, 5, 4, 2}, {-35, 5, 4, -4}, {7, 0, 8, 700000000}} {
		if got, ok := money.Rescale(c.v, c.from, c.to); !ok || got != c.want {
			t.Errorf("Rescale(%d, %d, %d) = %d, %v, want %d", c.v, c.from, c.to, got, ok, c.want)
		}
	}
	if _, ok := money.Rescale(math.MaxInt64, 0, 4); ok {
		t.Error("overflow accepted")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1", "-1.5", "1e-05", "12345678901234567890", "0.00005", ".5", "5.", "+3"} {
		f.Add(s, 4)
	}
	f.Fuzz(func(t *testing.T, s string, scale int) {
		if scale < 0 || scale > 8 || len(s) > 60 {
			return
		}
		got, ok := money.Parse([]byte(s), scale)
		if !ok {
			return
		}
		want, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatalf("Parse(%q) = %d, but strconv says %v", s, got, err)
		}
		if have := float64(got) / math.Pow10(scale); math.Abs(have-want) > 1e-9*math.Abs(want)+math.Pow10(-scale) {
			t.Fatalf("Parse(%q, %d) = %v, want about %v", s, scale, have, want)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	s := []byte("1234.56")
	for b.Loop() {
		money.Parse(s, 8)
	}
}

func BenchmarkLineAmount(b *testing.B) {
	for b.Loop() {
		money.LineAmount(30_000, 1_255_000_000, 7_500_000, 0)
	}
}
