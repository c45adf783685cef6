package ingest_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"pgregory.net/rapid"
)

const statedTwice = "order_id,customer_id,ordered_at,quantity,unit_price,discount_rate,amount\n"

// stated is a line whose value is stated twice, in hundredths; the rate is in percent.
type stated struct{ quantity, price, rate, amount int64 }

func (s stated) String() string {
	f := func(v int64) string {
		return new(big.Rat).SetFrac64(v, 100).FloatString(2)
	}
	return fmt.Sprintf("%d,A,2024-03-01,%d,%s,%s,%s\n", s.quantity, s.quantity, f(s.price), f(s.rate), f(s.amount))
}

func drawStated(t *rapid.T) stated {
	s := stated{quantity: rapid.Int64Range(1, 40).Draw(t, "quantity"), price: rapid.Int64Range(0, 20_000).Draw(t, "price")}
	if rapid.IntRange(0, 3).Draw(t, "discounted") == 0 {
		s.rate = rapid.Int64Range(0, 60).Draw(t, "rate")
	}
	v := s.quantity * s.price * (100 - s.rate) / 100
	k := rapid.SampledFrom([]int64{100, 100, 100, 1000, 10_000, 100_000, 10, 1, 119, 107, 84, 50}).Draw(t, "hundredths of factor")
	s.amount = v*k/100 + rapid.Int64Range(-2, 2).Draw(t, "off")
	if rapid.IntRange(0, 9).Draw(t, "undiscounted") == 0 {
		s.amount = s.quantity * s.price
	}
	if rapid.IntRange(0, 9).Draw(t, "return") == 0 {
		s.quantity, s.amount = -s.quantity, -s.amount
	}
	return s
}

// naive classifies in rationals: "=", a factor, "list", or "?".
func naive(s stated, tax *big.Rat) (class string, stated, computed, slack *big.Rat) {
	r := func(n, d int64) *big.Rat { return big.NewRat(n, d) }
	mul := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
	add := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }
	abs := func(a *big.Rat) *big.Rat { return new(big.Rat).Abs(a) }
	near := func(a, b, d *big.Rat) bool { return new(big.Rat).Abs(new(big.Rat).Sub(a, b)).Cmp(d) <= 0 }
	list := abs(r(s.quantity*s.price, 100))
	computed, stated = mul(list, r(100-s.rate, 100)), abs(r(s.amount, 100))
	rounding := mul(abs(r(s.quantity, 1)), r(5, 1000))
	slack = add(rounding, r(1, 100))
	if s.rate != 0 {
		slack = add(slack, mul(list, r(1, 20_000)))
	}
	slack = new(big.Rat).SetFrac(new(big.Int).Quo(mul(slack, r(10_000, 1)).Num(), mul(slack, r(10_000, 1)).Denom()), big.NewInt(10_000)) // whole 1/10,000
	gross := add(r(1, 1), tax)
	switch {
	case near(stated, computed, slack):
		return "=", stated, computed, slack
	case tax.Sign() > 0 && (near(stated, mul(computed, gross), mul(r(2, 1), slack)) || near(mul(stated, gross), computed, mul(r(2, 1), slack))):
		return "=", stated, computed, slack
	case near(stated, list, slack):
		return "list", stated, computed, slack
	}
	if computed.Cmp(mul(r(4, 1), slack)) >= 0 {
		for _, f := range []string{"10", "100", "1000", "0.1", "0.01", "0.001"} {
			k, _ := new(big.Rat).SetString(f)
			if near(stated, mul(computed, k), add(mul(new(big.Rat).Sub(slack, r(1, 100)), k), r(1, 100))) {
				return f, stated, computed, slack
			}
		}
	}
	return "?", stated, computed, slack
}

// naiveRate counts, for every rate one after another, the lines it explains, and takes the best as it is
// defined: most lines, then whole percents, then halves, then the lowest.
func naiveRate(lines [][3]*big.Rat, above bool) (of, most int64, best int64) {
	var narrow [][3]*big.Rat // small, gap, slack
	for _, l := range lines {
		small, large, slack := l[1], l[0], l[2]
		if (large.Cmp(small) > 0) != above {
			continue
		}
		if !above {
			small, large = large, small
		}
		gap := new(big.Rat).Sub(large, small)
		least := new(big.Rat).Quo(new(big.Rat).Sub(gap, slack), orOne(small))
		if small.Cmp(new(big.Rat).Mul(big.NewRat(50, 1), slack)) < 0 || !explainedBySome(small, gap, slack) || least.Cmp(big.NewRat(1, 1)) > 0 {
			continue
		}
		narrow = append(narrow, [3]*big.Rat{small, gap, slack})
	}
	rank := func(s int64) int {
		return map[bool]int{true: 1}[s%20 == 0] + map[bool]int{true: 1}[s%40 == 0]
	}
	for s := int64(1); s <= 1200; s++ {
		n := int64(0)
		for _, l := range narrow {
			if explains(s, l[0], l[1], l[2]) {
				n++
			}
		}
		if n > most || n == most && rank(s) > rank(best) {
			most, best = n, s
		}
	}
	return int64(len(narrow)), most, best
}

func orOne(r *big.Rat) *big.Rat {
	if r.Sign() == 0 {
		return big.NewRat(1, 1)
	}
	return r
}

func explains(step int64, small, gap, slack *big.Rat) bool {
	d := new(big.Rat).Sub(gap, new(big.Rat).Mul(small, big.NewRat(step, 4000)))
	return d.Abs(d).Cmp(slack) <= 0
}

func explainedBySome(small, gap, slack *big.Rat) bool {
	for s := int64(1); s <= 1200; s++ {
		if explains(s, small, gap, slack) {
			return true
		}
	}
	return false
}

// The counts are those of the naive twin, in exact rationals and with every rate tried one after another,
// and the same however the lines are spread over files and workers.
func TestAmountsAgreeWithTheNaiveTwin(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(drawStated), 1, 40).Draw(t, "lines")
		tax := money.Rate(rapid.SampledFrom([]int64{0, 0, 19, 7}).Draw(t, "tax")) * money.OneRate / 100
		want := map[string]int64{}
		var rest [][3]*big.Rat
		for _, s := range lines {
			class, stated, computed, slack := naive(s, big.NewRat(int64(tax), int64(money.OneRate)))
			want[class]++
			if class == "?" {
				rest = append(rest, [3]*big.Rat{stated, computed, slack})
			}
		}
		for above, sign := range map[bool]string{true: "", false: "1/"} {
			of, most, best := naiveRate(rest, above)
			if 2*most >= of && most > 0 && (most >= 3 || most == int64(len(lines))) {
				want[sign+(money.OneRate+money.OneRate/4000*money.Rate(best)).String()] += most
				want["?"] -= most
			}
		}
		delete(want, "=")
		if want["?"] == 0 {
			delete(want, "?")
		}
		var files []source.File
		for k, name := range []string{"a.csv", "b.csv", "c.csv"} {
			text := statedTwice
			for _, s := range lines[len(lines)*k/3 : len(lines)*(k+1)/3] {
				text += s.String()
			}
			files = append(files, write(t, dir, name, text))
		}
		o := ingest.Options{Mapping: layout.Mapping{Settings: layout.Settings{TaxRate: tax}}, Workers: 1, Decimal: ".", Thousands: "none"}
		r, _ := read(t, o, files...)
		got := map[string]int64{}
		for _, m := range r.Amounts.Findings {
			key := m.Factor
			if key == "" {
				key = map[bool]string{true: "list", false: "?"}[strings.Contains(m.What, "no discount")]
			}
			got[key] += m.Lines
			if m.Lines > 0 && len(m.Examples) == 0 {
				t.Fatalf("%s: no example", m.What)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || r.Amounts.Compared != int64(len(lines)) {
			t.Fatalf("%d compared; -want +got\n%s", r.Amounts.Compared, diff)
		}
		o.Workers = rapid.IntRange(2, 7).Draw(t, "workers")
		again, _ := read(t, o, files...)
		if diff := cmp.Diff(r.Amounts, again.Amounts); diff != "" {
			t.Fatalf("other workers: %s", diff)
		}
	})
}

func TestAmountFindings(t *testing.T) {
	line := func(quantity int, price, amount string) string {
		return fmt.Sprintf("1,A,2024-03-01,%d,%s,,%s\n", quantity, price, amount)
	}
	for _, c := range []struct {
		name, text string
		settings   layout.Settings
		what       string // of the first finding, with its first example; "" for none
		lines      int64
	}{
		{"rounded amounts agree", line(3, "0.33", "1.00") + line(7, "1.43", "10"), layout.Settings{}, "", 0},
		{"so do signs of returns", line(-3, "2.50", "7.50") + line(3, "2.50", "-7.50"), layout.Settings{}, "", 0},
		{"decimals of the amount are lost", line(3, "2.55", "765") + line(1, "9.99", "999") + line(2, "1.25", "250"), layout.Settings{}, "amount is 100 times|3: amount 765.00, computed 7.65", 3},
		{"decimals of the price are lost", line(3, "255", "7.65") + line(1, "999", "9.99"), layout.Settings{}, "amount is 0.01 times", 2},
		{"tax in amounts", line(3, "10", "35.70") + line(1, "90", "107.10") + line(2, "45.5", "108.29"), layout.Settings{}, "1.19 times quantity x unit_price, as with tax of 19", 3},
		{"an eighth of a percent", line(1, "100", "108.88") + line(1, "1000", "1088.75") + line(2, "500", "1088.75"), layout.Settings{}, "tax of 8.875", 3},
		{"tax in prices", line(3, "11.90", "30") + line(1, "119", "100") + line(2, "59.5", "100"), layout.Settings{}, "/ 1.19, as with tax of 19", 3},
		{"tax that is set agrees", line(3, "10", "35.70") + line(3, "11.90", "30"), layout.Settings{TaxRate: money.OneRate / 100 * 19}, "", 0},
		{"one slip is no system", line(3, "10", "30") + line(1, "90", "900"), layout.Settings{}, "amount is 10 times", 1},
		{"no common factor", line(3, "10", "17") + line(1, "90", "400"), layout.Settings{}, "no common factor", 2},
	} {
		r, _ := read(t, ingest.Options{Mapping: layout.Mapping{Settings: c.settings}, Decimal: ".", Thousands: "none"}, write(t, t.TempDir(), "o.csv", statedTwice+c.text))
		got := r.Amounts
		if c.what == "" {
			if len(got.Findings) != 0 {
				t.Errorf("%s: got %+v", c.name, got.Findings)
			}
			continue
		}
		if len(got.Findings) != 1 || got.Findings[0].Lines != c.lines {
			t.Errorf("%s: got %+v", c.name, got.Findings)
			continue
		}
		m := got.Findings[0]
		what, example, _ := strings.Cut(c.what, "|")
		if e := m.Examples[0]; !strings.Contains(m.What, what) || example != "" && fmt.Sprintf("3: amount %s, computed %s", e.Amount, e.Computed) != example {
			t.Errorf("%s: got %s, %+v", c.name, m.What, e)
		}
		if want := m.Factor != "" && m.Lines == got.Compared; m.Systematic != want {
			t.Errorf("%s: systematic is %v", c.name, m.Systematic)
		}
	}
}

// amount_from decides which of the two values counts.
func TestAmountFrom(t *testing.T) {
	text := statedTwice + "1,A,2024-03-01,3,2.55,,765\n2,A,2024-03-02,,,,4\n"
	for from, want := range map[layout.AmountFrom]string{"": "769.00", layout.FromAmount: "769.00", layout.FromPrice: "11.65"} {
		r, _ := read(t, ingest.Options{Mapping: layout.Mapping{Settings: layout.Settings{AmountFrom: from}}}, write(t, t.TempDir(), "o.csv", text))
		if got := r.Books.Used().Money.String(); got != want || r.Amounts.Findings[0].Factor != "100" {
			t.Errorf("amount_from %q: got %s, %+v, want %s", from, got, r.Amounts, want)
		}
	}
}

// In real data with both values all lines agree within rounding.
func TestAmountsOfAdventureWorks(t *testing.T) {
	r, _ := readAny(t, "adventureworks", data(t, "adventureworks_dw/FactResellerSales.parquet"))
	if diff := cmp.Diff(&ingest.Amounts{Compared: 60_855}, r.Amounts); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// Files without all three columns are not looked at.
func TestAmountsAreNotAskedFor(t *testing.T) {
	r, _ := read(t, ingest.Options{}, write(t, t.TempDir(), "o.csv", header+"1,A,2024-03-01,P,1,10,0,6,\n"))
	if r.Amounts != nil || r.Files[0].Amounts != nil {
		t.Errorf("got %+v", r.Amounts)
	}
}
