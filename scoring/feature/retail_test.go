package feature_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/feature"
)

// retail adds the UCI lines that name a customer to a builder, read with the standard library.
func retail(t *testing.T) *ledger.Ledger {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is unset: point it at the reference data to run this test")
	}
	files, err := filepath.Glob(filepath.Join(dir, "uci_online_retail", "by-day", "*.csv"))
	if err != nil || len(files) != 305 {
		t.Fatalf("got %d daily files (%v), want 305", len(files), err)
	}
	b := ledger.NewBuilder()
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
		var batch ledger.Batch
		for _, r := range records[1:] {
			if r[6] != "" {
				addRetail(t, b, &batch, r)
			}
		}
		if err := b.Add(&batch); err != nil {
			t.Fatal(err)
		}
	}
	l, err := ledger.Build(2, b)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func addRetail(t *testing.T, b *ledger.Builder, batch *ledger.Batch, r []string) {
	q, ok1 := money.Parse([]byte(r[3]), money.QuantityScale)
	p, ok2 := money.Parse([]byte(r[5]), money.PriceScale)
	net, ok3 := money.LineAmount(money.Quantity(q), money.Price(p), 0, 0)
	day, err := civil.Parse(r[4][:10])
	if !ok1 || !ok2 || !ok3 || err != nil {
		t.Fatalf("unreadable line %q", r)
	}
	var flags uint8
	if strings.HasPrefix(r[0], "C") {
		flags = ledger.Return
	}
	batch.Customer = append(batch.Customer, b.Customer([]byte(r[6])))
	batch.Day = append(batch.Day, day)
	batch.Order = append(batch.Order, xxhash.Sum64String(r[0]))
	batch.Flags = append(batch.Flags, flags)
	batch.Units = append(batch.Units, money.Quantity(q))
	batch.Net = append(batch.Net, net)
	batch.Cost = append(batch.Cost, 0)
	batch.Discount = append(batch.Discount, 0)
}

// The wanted figures are those of reference/retail_numbers.md, computed apart from this project.
func TestRetailFigures(t *testing.T) {
	l := retail(t)
	days := l.Days()
	f, err := feature.Compute(l.At(days.To), feature.Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	one, cancelled, known := 0, 0, 0
	for c := range f.Len() {
		switch f.All.Orders[c] {
		case 0:
			cancelled++
		case 1:
			one++
		}
		if f.All.ProfitKnown[c] {
			known++
		}
	}
	if f.Len() != 4372 || one != 1494 || cancelled != 33 || known != 0 {
		t.Errorf("got %d customers, %d with one order, %d with cancellations only, %d with profit; want 4372, 1494, 33, 0", f.Len(), one, cancelled, known)
	}
	if got := f.Company.All.Net.String(); got != "8300065.814" {
		t.Errorf("got net sales %s, want 8300065.814", got)
	}
	if r := f.Rhythm; !r.Estimated || r.Gap < 10 || r.Gap > 200 || r.Prior <= 0 || r.Repeaters < 2500 {
		t.Errorf("got rhythm %+v, want an estimate in the range of a wholesaler", r)
	}
	t.Logf("rhythm %+v", f.Rhythm)
}
