package synth

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math/big"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

func mustNew(t testing.TB, p Params) *Company {
	t.Helper()
	c, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustOrders(t testing.TB, c *Company, o Options) ([]byte, *Books) {
	t.Helper()
	var buf bytes.Buffer
	b, err := c.WriteOrders(context.Background(), &buf, o)
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes(), b
}

// records reads CSV with the standard library: a header and rows as maps.
func records(t testing.TB, data []byte) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]map[string]string, 0, len(all))
	for _, r := range all[1:] {
		m := make(map[string]string, len(r))
		for i, v := range r {
			m[all[0][i]] = v
		}
		rows = append(rows, m)
	}
	return rows
}

func TestSameSeedSameBytes(t *testing.T) {
	everything := func(seed uint64, f Format) map[string][]byte {
		p := Demo()
		p.Seed = seed
		c := mustNew(t, p)
		orders, b := mustOrders(t, c, Options{Format: f})
		files := map[string][]byte{"orders": orders}
		for name, write := range map[string]func(w *bytes.Buffer) error{
			"crm":      func(w *bytes.Buffer) error { return c.WriteCRM(context.Background(), w, f) },
			"products": func(w *bytes.Buffer) error { return c.WriteProducts(w, f) },
			"truth":    func(w *bytes.Buffer) error { return c.WriteTruth(context.Background(), w, f, b) },
			"json":     func(w *bytes.Buffer) error { return c.WriteTruthJSON(w, b) },
		} {
			var w bytes.Buffer
			if err := write(&w); err != nil {
				t.Fatal(err)
			}
			files[name] = w.Bytes()
		}
		return files
	}
	for _, f := range []Format{CSV, Parquet} {
		one, two, other := everything(7, f), everything(7, f), everything(8, f)
		for name := range one {
			if !bytes.Equal(one[name], two[name]) {
				t.Errorf("%v %s: two runs of seed 7 differ", f, name)
			}
			if bytes.Equal(one[name], other[name]) {
				t.Errorf("%v %s: seeds 7 and 8 give the same bytes", f, name)
			}
		}
	}
}

func TestScaleIsExact(t *testing.T) {
	tests := []struct {
		customers int
		lines     int64
	}{
		{1, 1}, {1, 2}, {1, 3}, {1, 1000}, {2, 2}, {2, 3}, {10, 10}, {10, 11}, {500, 600}, {1000, 1001}, {1000, 3000},
		{1000, 24_999}, {7, 20_000},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("customers=%d/lines=%d", tt.customers, tt.lines), func(t *testing.T) {
			data, b := mustOrders(t, mustNew(t, Scale(tt.customers, tt.lines)), Options{Columns: Basic})
			rows, ids := records(t, data), map[string]bool{}
			for _, r := range rows {
				ids[r["customer_id"]] = true
			}
			if int64(len(rows)) != tt.lines || b.Totals.Rows != tt.lines {
				t.Errorf("got %d rows, totals say %d, want %d", len(rows), b.Totals.Rows, tt.lines)
			}
			if len(ids) != tt.customers || b.Totals.Customers != int64(tt.customers) {
				t.Errorf("got %d customers, totals say %d, want %d", len(ids), b.Totals.Customers, tt.customers)
			}
		})
	}
}

func TestScarceLinesThinRepeatOrders(t *testing.T) {
	p := Scale(1000, 30_000)
	all := mustNew(t, p).counts
	p.Lines = 4000
	_, b := mustOrders(t, mustNew(t, p), Options{Columns: Basic})
	if b.Totals.Orders != 4000 || b.Totals.Lines != 4000 || b.Totals.Customers != 1000 || b.Totals.Thinned != all.orders-4000 {
		t.Errorf("got %+v, want 4000 of %d orders with a line each, of 1000 customers", b.Totals, all.orders)
	}
}

func TestPureLineCountWhereLinesIsZero(t *testing.T) {
	p := Demo()
	p.Lines = 0
	data, b := mustOrders(t, mustNew(t, p), Options{})
	if got := int64(len(records(t, data))); got != b.Totals.Rows || got < 15_000 || got > 30_000 {
		t.Errorf("got %d rows, totals say %d, want the same, near 20,000", got, b.Totals.Rows)
	}
	if mean := float64(b.Totals.Lines) / float64(b.Totals.Orders); mean < 2.85 || mean > 3.15 {
		t.Errorf("got %.3f lines an order, want 3 within 5%%", mean)
	}
}

// scaled parses an exact decimal into units of 10^-scale.
func scaled(t testing.TB, s string, scale int64) *big.Int {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	r.Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(scale), nil)))
	if !r.IsInt() {
		t.Fatalf("%q has more than %d decimals", s, scale)
	}
	return r.Num()
}

// tally sums a CSV export anew with big integers.
type tally struct {
	net, cost, gross, units, returned, cancelled big.Int
	orders                                       map[string]string // order id -> status
	lines                                        map[string]int64  // by status
}

func retally(t testing.TB, rows []map[string]string) *tally {
	s := &tally{orders: map[string]string{}, lines: map[string]int64{}}
	for _, r := range rows {
		q, price, cost := scaled(t, r["quantity"], 0), scaled(t, r["unit_price"], 2), scaled(t, r["unit_cost"], 2)
		keep := new(big.Int).Sub(big.NewInt(100), scaled(t, r["discount_rate"], 2))
		net := new(big.Int).Mul(q, new(big.Int).Mul(price, keep)) // 1/10,000
		s.orders[r["order_id"]] = r["status"]
		s.lines[r["status"]]++
		if r["status"] == "cancelled" {
			s.cancelled.Add(&s.cancelled, net)
			continue
		}
		if q.Sign() < 0 {
			s.returned.Sub(&s.returned, net)
		}
		s.net.Add(&s.net, net)
		s.units.Add(&s.units, q)
		hundred := big.NewInt(100)
		s.gross.Add(&s.gross, new(big.Int).Mul(q, new(big.Int).Mul(price, hundred)))
		s.cost.Add(&s.cost, new(big.Int).Mul(q, new(big.Int).Mul(cost, hundred)))
	}
	return s
}

func TestTotalsEqualARecount(t *testing.T) {
	data, b := mustOrders(t, mustNew(t, Demo()), Options{})
	rows := records(t, data)
	s := retally(t, rows)
	count := map[string]int64{}
	for _, status := range s.orders {
		count[status]++
	}
	want := Totals{
		Rows: int64(len(rows)), Customers: 340, Orders: count["delivered"], Lines: s.lines["delivered"],
		CreditNotes: count["returned"], CreditLines: s.lines["returned"],
		CancelledOrders: count["cancelled"], CancelledLines: s.lines["cancelled"],
		Units: money.Quantity(s.units.Int64()) * money.OneQuantity, NetSales: money.Amount(s.net.Int64()),
		Cost: money.Amount(s.cost.Int64()), Returned: money.Amount(s.returned.Int64()),
		Discount:  money.Amount(new(big.Int).Sub(&s.gross, &s.net).Int64()),
		Cancelled: money.Amount(s.cancelled.Int64()), First: b.Totals.First, Last: b.Totals.Last,
	}
	if diff := cmp.Diff(want, b.Totals); diff != "" {
		t.Errorf("totals against a recount of the CSV (-recount +totals):\n%s", diff)
	}
	if got := b.Totals.First.String() + " " + b.Totals.Last.String(); got != rows[0]["ordered_at"]+" "+rows[len(rows)-1]["ordered_at"] {
		t.Errorf("got days %s, want those of the first and last row", got)
	}
	for status, n := range map[string]int64{"returned": 50, "cancelled": 20} {
		if count[status] < n {
			t.Errorf("got %d %s orders, want at least %d", count[status], status, n)
		}
	}
}

func TestRowsAreInOrder(t *testing.T) {
	data, _ := mustOrders(t, mustNew(t, Demo()), Options{Times: true})
	last, number, line := "", "", ""
	for i, r := range records(t, data) {
		if r["ordered_at"] < last {
			t.Fatalf("row %d: %s comes after %s", i+2, r["ordered_at"], last)
		}
		if n := r["order_id"][3:]; n < number || (n == number && len(r["line_id"]) == len(line) && r["line_id"] <= line) {
			t.Fatalf("row %d: order %s line %s comes after %s line %s", i+2, n, r["line_id"], number, line)
		}
		last, number, line = r["ordered_at"], r["order_id"][3:], r["line_id"]
	}
}

func TestParamsFaultsComeAllAtOnce(t *testing.T) {
	p := Demo()
	p.Days, p.Customers, p.R, p.Q, p.Currency, p.Season[3] = 5, 0, -1, 1, "euro", 0
	p.Shares[Key], p.Shares[Regular], p.ReturnRate, p.Products, p.Groups = 2, .1, .9, 0, 99
	_, err := New(p)
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{"Days is 5", "Customers is 0", "R is -1", "Q is 1", `Currency is "euro"`, "Season of month 4 is 0",
		"Shares[key] is 2", "Shares[regular] is 0.1", "Shares sum to", "ReturnRate is 0.9", "Products is 0", "Groups is 99"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %q:\n%v", want, err)
		}
	}
	few := Demo()
	few.Customers, few.Lines, few.Groups = 5, 4, 0
	err = few.Validate()
	for _, want := range []string{"Lines is 4", "Shares need 9 customers"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %q:\n%v", want, err)
		}
	}
	for name, p := range map[string]Params{"demo": Demo(), "scale": Scale(400_000, 10_000_000), "one": Scale(1, 1)} {
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOptionFaults(t *testing.T) {
	c := mustNew(t, Demo())
	_, err := c.WriteOrders(context.Background(), new(bytes.Buffer), Options{Format: 9, Columns: Basic, RowGroup: -1})
	for _, want := range []string{"Format(9)", "RowGroup is -1", "CancelRate 0.012"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %q: %v", want, err)
		}
	}
	if _, err := ParseFormat("xlsx"); err == nil {
		t.Error("ParseFormat took xlsx")
	}
	for _, f := range []Format{CSV, Parquet} {
		if got, err := ParseFormat(f.String()); got != f || err != nil {
			t.Errorf("ParseFormat(%v): got %v, %v", f, got, err)
		}
	}
}

// shortWriter fails after n bytes.
type shortWriter struct{ n int }

var errFull = errors.New("no space left")

func (w *shortWriter) Write(b []byte) (int, error) {
	if w.n -= len(b); w.n < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestWritingStops(t *testing.T) {
	c := mustNew(t, Demo())
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, f := range []Format{CSV, Parquet} {
		if _, err := c.WriteOrders(context.Background(), &shortWriter{1000}, Options{Format: f}); !errors.Is(err, errFull) {
			t.Errorf("%v orders into a full disk: got %v, want the writer's error", f, err)
		}
		if _, err := c.WriteOrders(ended, new(bytes.Buffer), Options{Format: f}); !errors.Is(err, context.Canceled) {
			t.Errorf("%v orders: got %v, want the context's error", f, err)
		}
		if err := c.WriteCRM(context.Background(), &shortWriter{100}, f); !errors.Is(err, errFull) {
			t.Errorf("%v accounts into a full disk: got %v, want the writer's error", f, err)
		}
		if err := c.WriteCRM(ended, new(bytes.Buffer), f); !errors.Is(err, context.Canceled) {
			t.Errorf("%v accounts: got %v, want the context's error", f, err)
		}
	}
}

func TestProgress(t *testing.T) {
	p := Scale(500, 250_000)
	var got []int64
	_, err := mustNew(t, p).WriteOrders(context.Background(), new(bytes.Buffer), Options{Columns: Basic, Progress: func(n int64) { got = append(got, n) }})
	if err != nil || len(got) != 3 || got[2] != 250_000 {
		t.Errorf("got %v, %v, want three calls, the last with 250000", got, err)
	}
}

// discard counts nothing and keeps nothing.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// Ten times the lines of the same customers may cost a larger day, not a longer file.
func TestMemoryDoesNotGrowWithLines(t *testing.T) {
	allocated := func(lines int64) int64 {
		c := mustNew(t, Scale(1000, lines))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := c.WriteOrders(context.Background(), discard{}, Options{Columns: Basic}); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return int64(after.TotalAlloc - before.TotalAlloc)
	}
	small, large := allocated(20_000), allocated(400_000)
	// 400,000 lines are 27 MB of CSV; a day of them has some 120 orders of 40 bytes.
	if large > small+100_000 {
		t.Errorf("20 times the lines allocated %d bytes after %d, want at most 100,000 more", large, small)
	}
}
