package keyaccount_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
)

type resellerLine struct {
	Reseller int32   `parquet:"ResellerKey"`
	Order    string  `parquet:"SalesOrderNumber"`
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

// resellers reads every reseller's orders with parquet-go's plain reader.
func resellers(t *testing.T) [][]order {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is unset: point it at the reference data to run this test")
	}
	rows, err := parquet.ReadFile[resellerLine](filepath.Join(dir, "adventureworks_dw", "FactResellerSales.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(rows, func(x, y resellerLine) int {
		return cmp.Or(cmp.Compare(x.Reseller, y.Reseller), cmp.Compare(x.Order, y.Order))
	})
	var customers [][]order
	for i, r := range rows {
		if i == 0 || rows[i-1].Reseller != r.Reseller {
			customers = append(customers, nil)
		}
		last := &customers[len(customers)-1]
		if i == 0 || rows[i-1].Order != r.Order {
			*last = append(*last, order{sale: true})
		}
		o := &(*last)[len(*last)-1]
		o.net += decimal(r.Sales)
		o.covered += decimal(r.Sales)
		o.cost += decimal(r.Cost)
		o.lines++
		o.costed++
	}
	return customers
}

// The wanted figures are those of reference/retail_numbers.md, computed apart from this project:
// quadrants with cuts at median sales and the company margin rate.
func TestAdventureWorksQuadrants(t *testing.T) {
	a := accounts(t, resellers(t))
	r := score(t, a, keyaccount.Settings{Volume: keyaccount.VolumeCut{By: keyaccount.VolumeMedian}})
	var customers [keyaccount.Quadrants]int
	var sales, profit [keyaccount.Quadrants]money.Amount
	for c, q := range r.Quadrant {
		customers[q]++
		sales[q] += a.Net[c]
		profit[q] += a.Covered[c] - a.Cost[c]
	}
	for q, want := range map[keyaccount.Quadrant]struct {
		customers     int
		sales, profit string
	}{
		keyaccount.Key:        {116, "28645324.62", "2521823.68"},
		keyaccount.VolumeOnly: {202, "48135327.77", "-2053758.80"},
		keyaccount.Niche:      {153, "1302505.13", "116030.73"},
		keyaccount.Tail:       {164, "2367439.46", "-113613.01"},
		keyaccount.Unknown:    {0, "0.00", "0.00"},
	} {
		if customers[q] != want.customers || cents(sales[q]) != want.sales || cents(profit[q]) != want.profit {
			t.Errorf("%s: got %d, %s, %s, want %d, %s, %s", q, customers[q], cents(sales[q]), cents(profit[q]), want.customers, want.sales, want.profit)
		}
	}
	if r.CompanyCovered.String() != "80450596.9823" || r.CompanyProfit.String() != "470482.6033" {
		t.Errorf("got company %s, %s", r.CompanyCovered, r.CompanyProfit)
	}
	// By default volume is class A: its 110 accounts below zero cannot be key.
	r = score(t, a, keyaccount.Settings{})
	customers = [keyaccount.Quadrants]int{}
	for _, q := range r.Quadrant {
		customers[q]++
	}
	if customers[keyaccount.Key]+customers[keyaccount.VolumeOnly] != 186 || customers[keyaccount.VolumeOnly] < 110 {
		t.Errorf("got quadrants %v, want 186 accounts of high volume, 110 or more of them without margin", customers)
	}
	t.Logf("default quadrants (unknown, key, volume only, niche, tail): %v", customers)
	t.Logf("shrinkage: %+v", r.Shrinkage)
	for c := range 3 {
		t.Logf("%s", r.AppendReason(nil, c))
	}
}

// cents rounds to what the reference prints.
func cents(a money.Amount) string {
	r, _ := money.Rescale(int64(a), 4, 2)
	return money.Amount(r * 100).String()
}
