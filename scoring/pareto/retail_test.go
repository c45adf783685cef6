package pareto_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
	"github.com/vitalfew/vitalfew/scoring/pareto"
)

// The wanted figures of this file are those of reference/retail_numbers.md, computed apart from
// this project with exact decimals.

func data(t *testing.T, path ...string) string {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is unset: point it at the reference data to run this test")
	}
	return filepath.Join(append([]string{dir}, path...)...)
}

// sorted lists the sums of a map by key.
func sorted[K int32 | string](m map[K]money.Amount) []money.Amount {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	values := make([]money.Amount, len(keys))
	for i, k := range keys {
		values[i] = m[k]
	}
	return values
}

// uciNetSales sums the net value of every customer with the standard CSV reader.
func uciNetSales(t *testing.T) []money.Amount {
	files, err := filepath.Glob(data(t, "uci_online_retail", "by-day", "*.csv"))
	if err != nil || len(files) != 305 {
		t.Fatalf("got %d daily files (%v), want 305", len(files), err)
	}
	net := map[string]money.Amount{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records[1:] {
			if r[6] == "" {
				continue
			}
			q, ok1 := money.Parse([]byte(r[3]), money.QuantityScale)
			p, ok2 := money.Parse([]byte(r[5]), money.PriceScale)
			a, ok3 := money.LineAmount(money.Quantity(q), money.Price(p), 0, 0)
			if !ok1 || !ok2 || !ok3 {
				t.Fatalf("%s: unreadable line %q", name, r)
			}
			net[r[6]] += a
		}
	}
	return sorted(net)
}

func classTable(r *pareto.Ranking[money.Amount]) map[string]string {
	table := map[string]string{}
	for c := scoring.A; int(c) < scoring.Classes; c++ {
		table[c.String()] = fmt.Sprintf("%d %s", r.Classes[c].Customers, r.Classes[c].Sum)
	}
	return table
}

func TestRetailClasses(t *testing.T) {
	r := rank(t, uciNetSales(t), nil, pareto.Cuts{})
	want := map[string]string{"A": "1178 6651083.581", "B": "1456 1246929.522", "C": "1683 415281.851", "Z": "14 0.00", "L": "41 -13229.14"}
	if diff := cmp.Diff(want, classTable(r)); diff != "" {
		t.Errorf("classes: -want +got\n%s", diff)
	}
	if r.Base.String() != "8313294.954" || r.Total.String() != "8300065.814" {
		t.Errorf("got base %s, total %s, want 8313294.954, 8300065.814", r.Base, r.Total)
	}
	if r.Tied != 197 || r.LargestTie != 14 {
		t.Errorf("got %d tied, largest group %d, want 197, 14", r.Tied, r.LargestTie)
	}
	if got := pareto.TopShare(r, len(r.Order)/5); int(got*10_000+0.5) != 7382 {
		t.Errorf("top 20%%: got %.5f of net sales, want 0.7382", got)
	}
	c := pareto.Concentrate(r)
	if c.Vital != r.Classes[scoring.A].Customers {
		t.Errorf("80%% needs %d customers, want class A's 1178: its last one crosses the cut", c.Vital)
	}
	t.Logf("%+v", c)
}

type resellerLine struct {
	Reseller int32   `parquet:"ResellerKey"`
	Sales    [9]byte `parquet:"SalesAmount,optional,decimal(4:19)"`
	Cost     [9]byte `parquet:"TotalProductCost,optional,decimal(4:19)"`
}

// decimal reads a big-endian two's complement DECIMAL of 9 bytes that fits 8.
func decimal(b [9]byte) money.Amount {
	v := int64(int8(b[0]))
	for _, x := range b[1:] {
		v = v<<8 | int64(x)
	}
	return money.Amount(v)
}

func resellers(t *testing.T) (sales, profit []money.Amount) {
	rows, err := parquet.ReadFile[resellerLine](data(t, "adventureworks_dw", "FactResellerSales.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	s, p := map[int32]money.Amount{}, map[int32]money.Amount{}
	for _, r := range rows {
		s[r.Reseller] += decimal(r.Sales)
		p[r.Reseller] += decimal(r.Sales) - decimal(r.Cost)
	}
	return sorted(s), sorted(p)
}

// cents rounds to what the reference prints.
func cents(a money.Amount) string {
	r, _ := money.Rescale(int64(a), 4, 2)
	return money.Amount(r * 100).String()
}

func TestAdventureWorks(t *testing.T) {
	sales, profit := resellers(t)
	r, p := rank(t, sales, nil, pareto.Cuts{}), rank(t, profit, nil, pareto.Cuts{})
	if len(sales) != 635 || r.Total.String() != "80450596.9823" || p.Total.String() != "470482.6033" {
		t.Fatalf("got %d customers, sales %s, profit %s", len(sales), r.Total, p.Total)
	}
	for class, want := range map[scoring.Class]string{scoring.A: "64361881.38", scoring.B: "12085745.27", scoring.C: "4002970.34"} {
		if got := cents(r.Classes[class].Sum); got != want {
			t.Errorf("class %s: got %s, want %s", class, got, want)
		}
	}
	if a, b, c := r.Classes[scoring.A].Customers, r.Classes[scoring.B].Customers, r.Classes[scoring.C].Customers; a != 186 || b != 125 || c != 324 {
		t.Errorf("got A %d, B %d, C %d, want 186, 125, 324", a, b, c)
	}
	losing, carried := 0, money.Amount(0)
	for c := range sales {
		if r.Class[c] == scoring.A && profit[c] < 0 {
			losing++
			carried += sales[c]
		}
	}
	if got := carried.Float() / 1e6; losing != 110 || got < 38.875 || got >= 38.885 {
		t.Errorf("got %d A accounts that lose money with %.4f M, want 110 with 38.88 M", losing, got)
	}
	w := pareto.NewWhale(p)
	if w.Peak.String() != "2643543.319" || len(w.Losers) != 335 || w.PeakRank != 300 || !near(w.PeakShare, 5.61879, 1e-5) {
		t.Errorf("got peak %s at rank %d, share %.5f, %d losers; want 2643543.319, 300, 5.61879, 335", w.Peak, w.PeakRank, w.PeakShare, len(w.Losers))
	}
	bySales := money.Amount(0)
	for _, c := range r.Order[:127] {
		bySales += profit[c]
	}
	for _, x := range []struct {
		name      string
		got, want float64
	}{
		{"top 127 by sales, of sales", pareto.TopShare(r, 127), 0.6671},
		{"top 127 by sales, of profit", bySales.Float() / p.Total.Float(), 1.4848},
		{"top 127 by profit, of profit", pareto.TopShare(p, 127), 5.4523},
		{"top 20% of the positive", pareto.Concentrate(r).Top20, 0.6671},
	} {
		if !near(x.got, x.want, 1e-4) {
			t.Errorf("%s: got %.5f, want %.4f", x.name, x.got, x.want)
		}
	}
}

// near allows for half a unit of the last printed digit.
func near(got, want, unit float64) bool { return math.Abs(got-want) <= unit/2+1e-12 }

// The test sums spend over the 78 weeks of the 1/10 sample: five columns, the last is the amount.
func TestCDNOWShares(t *testing.T) {
	b, err := os.ReadFile(data(t, "cdnow", "CDNOW_sample.txt"))
	if err != nil {
		t.Fatal(err)
	}
	spend := map[string]money.Amount{}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		a, ok := money.Parse([]byte(f[4]), money.AmountScale)
		if !ok {
			t.Fatalf("unreadable line %q", line)
		}
		spend[f[1]] += money.Amount(a)
	}
	r := rank(t, sorted(spend), nil, pareto.Cuts{})
	c := pareto.Concentrate(r)
	t.Logf("%d customers, %d at zero: %+v", len(r.Order), r.Classes[scoring.Zero].Customers, c)
	// The reference rounds 10% of 2,357 customers up to 236.
	k, _ := pareto.Fewest(r, money.OneRate/100*80)
	n := len(r.Order)
	if n != 2357 || !near(pareto.TopShare(r, n/5), 0.674, 1e-3) || !near(pareto.TopShare(r, 236), 0.508, 1e-3) || !near(float64(k)/float64(n), 0.330, 1e-3) {
		t.Errorf("got %d customers, top 20%% %.4f, top 10%% %.4f, 80%% from %.4f; want 2357, 0.674, 0.508, 0.330",
			n, pareto.TopShare(r, n/5), pareto.TopShare(r, 236), float64(k)/float64(n))
	}
}
