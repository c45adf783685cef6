package ingest_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"pgregory.net/rapid"
)

type failer interface {
	Helper()
	Fatal(...any)
}

func write(t failer, dir, name, text string) source.File {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := source.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func read(t failer, o ingest.Options, files ...source.File) (*ingest.Result, *ledger.Ledger) {
	t.Helper()
	r, err := ingest.Read(context.Background(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Books.Balance(); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Build(1, r.Builders...)
	if err != nil {
		t.Fatal(err)
	}
	return r, l
}

const header = "order_id,customer_id,ordered_at,product_id,quantity,unit_price,discount_rate,unit_cost,status\n"

func TestLineMoney(t *testing.T) {
	for _, c := range []struct {
		name, head, line string
		settings         layout.Settings
		want             string // net cost covered returned discount units
	}{
		{"unit price", "order_id,customer_id,ordered_at,quantity,unit_price", "1,A,2024-03-01,3,2.55", layout.Settings{}, "7.65 0.00 0.00 0.00 0.00 3"},
		{"discount rate and unit cost", "order_id,customer_id,ordered_at,quantity,unit_price,discount_rate,unit_cost", "1,A,2024-03-01,2,100,0.1,60", layout.Settings{}, "180.00 120.00 180.00 0.00 20.00 2"},
		{"discount amount", "order_id,customer_id,ordered_at,quantity,unit_price,discount_amount", "1,A,2024-03-01,2,100,5", layout.Settings{}, "195.00 0.00 0.00 0.00 5.00 2"},
		{"amount wins; its discount is informative", "order_id,customer_id,ordered_at,quantity,unit_price,discount_rate,amount", "1,A,2024-03-01,2,100,0.1,180", layout.Settings{}, "180.00 0.00 0.00 0.00 20.00 2"},
		{"line cost before profit", "order_id,customer_id,ordered_at,amount,cost,profit", "1,A,2024-03-01,10,7,9", layout.Settings{}, "10.00 7.00 10.00 0.00 0.00 0"},
		{"profit", "order_id,customer_id,ordered_at,amount,profit", "1,A,2024-03-01,10,-2.5", layout.Settings{}, "10.00 12.50 10.00 0.00 0.00 0"},
		{"a return by quantity reverses cost", "order_id,customer_id,ordered_at,quantity,unit_price,unit_cost", "1,A,2024-03-01,-2,10,6", layout.Settings{}, "-20.00 -12.00 -20.00 20.00 0.00 -2"},
		{"a return by order id is turned", "order_id,customer_id,ordered_at,quantity,unit_price,unit_cost", "C1,A,2024-03-01,2,10,6", layout.Settings{ReturnIDPrefix: []string{"C"}}, "-20.00 -12.00 -20.00 20.00 0.00 -2"},
		{"one that is negative already is not", "order_id,customer_id,ordered_at,quantity,unit_price", "C1,A,2024-03-01,-2,10", layout.Settings{ReturnIDPrefix: []string{"C"}}, "-20.00 0.00 0.00 20.00 0.00 -2"},
		{"a return by status", "order_id,customer_id,ordered_at,amount,status", "1,A,2024-03-01,20,Returned", layout.Settings{}, "-20.00 0.00 0.00 20.00 0.00 0"},
		{"postage is no unit", "order_id,customer_id,ordered_at,product_id,quantity,unit_price", "1,A,2024-03-01,POST,1,18", layout.Settings{NonProductCodes: []string{"POST"}}, "18.00 0.00 0.00 0.00 0.00 0"},
		{"tax within", "order_id,customer_id,ordered_at,amount,tax_included", "1,A,2024-03-01,119,yes", layout.Settings{TaxRate: money.OneRate / 100 * 19}, "100.00 0.00 0.00 0.00 0.00 0"},
		{"category margin", "order_id,customer_id,ordered_at,amount,category", "1,A,2024-03-01,200,Tea", layout.Settings{CategoryMargins: map[string]money.Rate{"Tea": money.OneRate / 4}}, "200.00 150.00 200.00 0.00 0.00 0"},
		{"null words", "order_id,customer_id,ordered_at,amount,cost", "1,A,2024-03-01,200,NULL", layout.Settings{NullValues: []string{"NULL"}}, "200.00 0.00 0.00 0.00 0.00 0"},
		{"spaces, also wide ones", "order_id,customer_id,ordered_at,amount", "1,A,2024-03-01, \u00a0200\u3000", layout.Settings{}, "200.00 0.00 0.00 0.00 0.00 0"},
	} {
		r, l := read(t, ingest.Options{Mapping: layout.Mapping{Settings: c.settings}}, write(t, t.TempDir(), "o.csv", c.head+"\n"+c.line+"\n"))
		if len(r.Rejects) > 0 || l.Rows().Len() != 1 {
			t.Errorf("%s: %d rows, rejects %v", c.name, l.Rows().Len(), r.Rejects)
			continue
		}
		x := l.Rows()
		got := fmt.Sprintln(x.Net[0], x.Cost[0], x.Covered[0], x.Returned[0], x.Discount[0], x.Units[0])
		if strings.TrimSpace(got) != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestRejectsNameTheCell(t *testing.T) {
	text := header +
		"1,A,2024-03-01,Pé,1,10,0,6,\n" + // line 2: fine, and evidence of UTF-8
		"2,A,2024-13-05,P,1,10,0,6,\n" +
		"3,A,2024-03-01,P,x,10,0,6,\n" +
		"4,A,2024-03-01,P,1,10\n" +
		",A,2024-03-01,P,1,10,0,6,\n" +
		"6,A,,P,1,10,0,6,\n" +
		"7,A,2024-03-01,P,1,,0,6,\n" +
		"8,A,2024-03-01,P,1,10,5,6,\n" +
		"9,A,2024-03-01,P,900000000,90000000000,0,6,\n" +
		"\"a\"b,A,2024-03-01,P,1,10,0,6,\n" +
		"10,\xff,2024-03-01,P,1,10,0,6,\n" +
		"11,,2024-03-01,P,1,10,0,6,\n" + // no customer: set aside
		"12,A,2024-03-01,P,1,10,0,6,cancelled\n" // set aside
	f := write(t, t.TempDir(), "o.csv", text)
	r, _ := read(t, ingest.Options{Workers: 2}, f)
	var got []string
	for _, x := range r.Rejects {
		if want := int64(len(strings.Join(strings.SplitAfter(text, "\n")[:x.Line-1], ""))); x.Offset != want {
			t.Errorf("line %d: offset %d, want %d", x.Line, x.Offset, want)
		}
		got = append(got, fmt.Sprintf("%d %s=%q %s", x.Line, x.Column, x.Value, x.Reason))
	}
	want := []string{
		`3 ordered_at="2024-13-05" not a day with the year first, such as 2024-01-05`,
		`4 quantity="x" not a plain decimal number, or too large`,
		`5 ="" 6 fields, but the header has 9`,
		`6 order_id="" no order id`,
		`7 ordered_at="" no order day`,
		`8 amount="" neither amount nor quantity x unit_price`,
		`9 discount_rate="5" a discount rate beyond 1; is it a percentage or an amount?`,
		`10 amount="" the amount does not fit: beyond 922 trillion`,
		`11 ="" text follows a closing quote`,
		"12 customer_id=\"\uFFFD\" not UTF-8 text",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	b := r.Books
	for class, want := range map[ingest.Class]int64{ingest.Used: 1, ingest.NoCustomer: 1, ingest.Cancelled: 1, ingest.Rejected: 10} {
		if got := b.Class[class].Lines; got != want {
			t.Errorf("%s: %d lines, want %d", class, got, want)
		}
	}
	if sum := b.HeaderBytes + b.RecordBytes + b.OtherBytes; sum != f.Size {
		t.Errorf("%d bytes accounted for, the file has %d", sum, f.Size)
	}
}

func TestFilesThatBreakTheContract(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "a good.csv", header+"1,A,2024-03-01,P,1,10,0,6,\n")
	noHeader := write(t, dir, "b no amount.csv", "order_id,customer_id,ordered_at\n1,A,2024-03-01\n")
	cut := write(t, dir, "c cut.csv", header+"1,A,2024-03-01,P,1,10,0,6,\n2,A,2024-03-01,\"P")
	blank := write(t, dir, "d blank.csv", "\n\n")
	nul := write(t, dir, "e nul.csv", "order_id,customer_id\x00\n")
	fake := write(t, dir, "f fake.parquet", "PAR1 and no more than that")
	_, err := ingest.Read(context.Background(), []source.File{good, noHeader, cut, blank, nul, fake}, ingest.Options{Workers: 2})
	if err == nil {
		t.Fatal("want an error")
	}
	for _, want := range []string{"b no amount.csv, line 1: ", "--map", "c cut.csv, line 3: a quoted field is never closed", "d blank.csv: the file is empty",
		"e nul.csv: NUL bytes", "f fake.parquet: parquet: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "a good.csv") {
		t.Errorf("the good file is blamed:\n%v", err)
	}
}

func TestCurrencies(t *testing.T) {
	f := write(t, t.TempDir(), "o.csv", "order_id,customer_id,ordered_at,amount,currency\n1,A,2024-03-01,100,EUR\n2,A,2024-03-02,100,USD\n3,A,2024-02-01,100,USD\n")
	_, err := ingest.Read(context.Background(), []source.File{f}, ingest.Options{})
	var mixed *ingest.MixedCurrenciesError
	if !errors.As(err, &mixed) || len(mixed.Found) != 2 || !strings.Contains(err.Error(), "USD (2 lines, first in "+f.Path+", line 3)") {
		t.Errorf("got %v", err)
	}
	var rates ingest.Rates
	march, _ := civil.Of(2024, 3, 1)
	if err := rates.Add("USD", march, money.OneRate/10*9); err != nil {
		t.Fatal(err)
	}
	r, l := read(t, ingest.Options{Currency: "EUR", Rates: &rates}, f)
	if got := l.Rows().Net[1].String(); got != "90.00" || r.Currency != "EUR" {
		t.Errorf("converted to %s %s", got, r.Currency)
	}
	if len(r.Rejects) != 1 || r.Rejects[0].Line != 4 || !strings.Contains(r.Rejects[0].Reason, "no conversion rate") {
		t.Errorf("a day before the first rate: %v", r.Rejects)
	}
	if r, _ := read(t, ingest.Options{}, write(t, t.TempDir(), "o.csv", "order_id,customer_id,ordered_at,amount,currency\n1,A,2024-03-01,100,CNY\n")); r.Currency != "CNY" {
		t.Errorf("the only currency is %q", r.Currency)
	}
}

func TestCatalogue(t *testing.T) {
	f := write(t, t.TempDir(), "o.csv", "order_id,customer_id,ordered_at,product_id,quantity,unit_price\n1,A,2024-03-01,P1,2,10\n1,A,2024-03-01,P2,1,5\n")
	_, l := read(t, ingest.Options{Catalogue: ingest.NewCatalogue([]ingest.CatalogueProduct{
		{ID: "P1", Cost: 600_000_000, Costed: true, Category: "Tea"}, {ID: "P2", Category: "Cups"},
	})}, f)
	if x := l.Rows(); x.Cost[0].String() != "12.00" || x.Covered[0].String() != "20.00" || x.Net[0].String() != "25.00" || x.Costed[0] != 1 {
		t.Errorf("cost %s of %s of %s", x.Cost[0], x.Covered[0], x.Net[0])
	}
	if diff := cmp.Diff([]string{"Cups", "Tea"}, l.Categories()); diff != "" {
		t.Error(diff)
	}
}

func TestCancelledContext(t *testing.T) {
	f := write(t, t.TempDir(), "o.csv", header+strings.Repeat("1,A,2024-03-01,P,1,10,0,6,\n", 1000))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ingest.Read(ctx, []source.File{f}, ingest.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// row is an order line as Parquet writers type it.
type row struct {
	OrderID    string   `parquet:"order_id,dict"`
	CustomerID string   `parquet:"customer_id,dict,optional"`
	OrderedAt  int32    `parquet:"ordered_at,date"`
	Quantity   int32    `parquet:"quantity"`
	UnitPrice  float64  `parquet:"unit_price,dict"`
	Rate       *float64 `parquet:"discount_rate,optional"`
	UnitCost   int64    `parquet:"unit_cost,decimal(2:18)"`
	Category   string   `parquet:"category,dict"`
}

func (r row) csv() []string {
	rate := ""
	if r.Rate != nil {
		rate = fmt.Sprint(*r.Rate)
	}
	return []string{r.OrderID, r.CustomerID, civil.Day(r.OrderedAt).String(), fmt.Sprint(r.Quantity), fmt.Sprint(r.UnitPrice), rate,
		fmt.Sprintf("%d.%02d", r.UnitCost/100, r.UnitCost%100), r.Category}
}

func drawRow(t *rapid.T) row {
	r := row{
		OrderID: fmt.Sprint(rapid.IntRange(1, 30).Draw(t, "order")), CustomerID: rapid.SampledFrom([]string{"", "A", "B b", "客户"}).Draw(t, "customer"),
		OrderedAt: rapid.Int32Range(19000, 19010).Draw(t, "day"), Quantity: rapid.Int32Range(-5, 500).Draw(t, "quantity"),
		UnitPrice: float64(rapid.IntRange(0, 100_000).Draw(t, "price")) / 1000, UnitCost: rapid.Int64Range(0, 9999).Draw(t, "cost"),
		Category: rapid.SampledFrom([]string{"Tea", "Cups, large", "x\"y"}).Draw(t, "category"),
	}
	if rapid.Bool().Draw(t, "discounted") {
		rate := float64(rapid.IntRange(0, 90).Draw(t, "rate")) / 100
		r.Rate = &rate
	}
	return r
}

// The same lines give the same ledger and books from CSV and from Parquet, whole or in parts, at
// any number of workers and whatever the order of the files.
func TestFormatsPartsAndWorkersAgree(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(drawRow), 1, 60).Draw(t, "rows")
		want, wantLedger := read(t, ingest.Options{}, write(t, dir, "whole.csv", csvOf(t, rows)))
		cut := rapid.IntRange(0, len(rows)).Draw(t, "cut")
		parts := []source.File{write(t, dir, "b.csv", csvOf(t, rows[:cut])), write(t, dir, "a.parquet", parquetOf(t, rows[cut:]))}
		if rapid.Bool().Draw(t, "swap") {
			parts[0], parts[1] = parts[1], parts[0]
		}
		got, gotLedger := read(t, ingest.Options{Workers: rapid.IntRange(1, 7).Draw(t, "workers")}, parts...)
		if diff := cmp.Diff(wantLedger, gotLedger, cmp.AllowUnexported(ledger.Ledger{})); diff != "" {
			t.Fatalf("ledger: -want +got\n%s", diff)
		}
		if diff := cmp.Diff(want.Books.Class, got.Books.Class); diff != "" {
			t.Fatalf("books: -want +got\n%s", diff)
		}
	})
}

func csvOf(t failer, rows []row) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	out := [][]string{{"Order ID", "customer_id", "ordered_at", "quantity", "unit_price", "discount_rate", "unit_cost", "category"}}
	for _, r := range rows {
		out = append(out, r.csv())
	}
	if err := w.WriteAll(out); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parquetOf(t failer, rows []row) string { return parquetGroups(t, rows, 17) }

func parquetGroups(t failer, rows []row, size int64, options ...parquet.WriterOption) string {
	var b bytes.Buffer
	w := parquet.NewGenericWriter[row](&b, append(options, parquet.MaxRowsPerRowGroup(size))...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Batches end at 1,024 lines and blocks at 4 MiB: neither shows.
func TestBoundaries(t *testing.T) {
	for _, n := range []int{1, 1023, 1024, 1025, 3000, 200_000} {
		var b strings.Builder
		b.WriteString(header)
		for i := range n {
			fmt.Fprintf(&b, "%d,C%d,2024-03-01,\"P\n%d\",1,1,0,0.5,\n", i/3, i%101, i)
		}
		for _, workers := range []int{1, 2} {
			r, l := read(t, ingest.Options{Workers: workers}, write(t, t.TempDir(), "o.csv", b.String()))
			var net money.Amount
			for _, x := range l.Rows().Net {
				net += x
			}
			if r.Books.Read.Lines != int64(n) || net != money.Amount(n)*money.One || len(r.Rejects) != 0 {
				t.Errorf("n=%d workers=%d: %d lines, %s, %d rejects", n, workers, r.Books.Read.Lines, net, len(r.Rejects))
			}
		}
	}
}

func TestZones(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	f := write(t, t.TempDir(), "o.csv", "order_id,customer_id,ordered_at,amount\n1,A,2024-03-01T20:00:00Z,1\n2,A,2024-03-01T20:00:00,1\n")
	_, l := read(t, ingest.Options{Zone: zone}, f)
	if a, b := l.Rows().Day[0].String(), l.Rows().Day[1].String(); a != "2024-03-01" || b != "2024-03-02" {
		t.Errorf("days %s and %s", a, b)
	}
}
