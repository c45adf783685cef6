package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

type orderLine struct {
	ID       string  `parquet:"id"`
	Product  string  `parquet:"product_id,dict"`
	Quantity int64   `parquet:"quantity"`
	Price    float64 `parquet:"unit_price"`
}

type nestedOrder struct {
	ID        string      `parquet:"id"`
	Customer  string      `parquet:"customer_id,dict"`
	OrderedAt int32       `parquet:"ordered_at,date"`
	Lines     []orderLine `parquet:"lines,list"`
	Channel   *string     `parquet:"channel,optional"`
}

// nestedOrders are the orders as Parquet with a list of lines, and as a flat CSV.
func nestedOrders(t *testing.T, n int) (nested, flat string) {
	t.Helper()
	var orders []nestedOrder
	flat = "id,customer_id,ordered_at,lines.id,product_id,quantity,unit_price\n"
	for i := range n {
		o := nestedOrder{ID: fmt.Sprint(i), Customer: fmt.Sprintf("C%d", i%7), OrderedAt: int32(19_783 + i%300)}
		for k := range 1 + i%5 {
			l := orderLine{fmt.Sprintf("%d-%d", i, k), fmt.Sprintf("P%d", k), int64(1 + k), float64(i%9) + 0.25}
			o.Lines = append(o.Lines, l)
			flat += fmt.Sprintf("%s,%s,%s,%s,%s,%d,%g\n", o.ID, o.Customer, civil.Day(o.OrderedAt), l.ID, l.Product, l.Quantity, l.Price)
		}
		orders = append(orders, o)
	}
	var b bytes.Buffer
	w := parquet.NewGenericWriter[nestedOrder](&b, parquet.PageBufferSize(500), parquet.MaxRowsPerRowGroup(200))
	if _, err := w.Write(orders); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), flat
}

// Orders that hold their lines in a list give the ledger of the same lines, a row each.
func TestNestedOrders(t *testing.T) {
	nested, flat := nestedOrders(t, 700)
	o := ingest.Options{Workers: 2, Mapping: layout.Mapping{Assignments: []layout.Assignment{{Name: "order_id", Header: "id"}}}}
	wantBooks, want := read(t, o, write(t, t.TempDir(), "o.csv", flat))
	r, got := read(t, o, write(t, t.TempDir(), "o.parquet", nested))
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(ledger.Ledger{})); diff != "" {
		t.Errorf("-flat +nested\n%s", diff)
	}
	if a, b := wantBooks.Books.Read, r.Books.Read; a != b || a.Lines != 2100 || len(r.Rejects) > 0 {
		t.Errorf("read %+v, want %+v; rejects %v", b, a, r.Rejects)
	}
}

// An order with an empty list is set aside as an order without lines. Columns of lists in
// lists, and of two lists, are refused by name.
func TestNestedOrdersThatAreRefused(t *testing.T) {
	var b bytes.Buffer
	if err := parquet.Write(&b, []nestedOrder{{ID: "1", Customer: "A", OrderedAt: 19_783, Lines: []orderLine{{Quantity: 1, Price: 2}, {Quantity: 1, Price: 3}}},
		{ID: "2", Customer: "A", OrderedAt: 19_783}}); err != nil {
		t.Fatal(err)
	}
	o := ingest.Options{Workers: 1, Mapping: layout.Mapping{Assignments: []layout.Assignment{{Name: "order_id", Header: "id"}}}}
	r, _ := read(t, o, write(t, t.TempDir(), "o.parquet", b.String()))
	if len(r.Rejects) != 0 || r.Books.Read.Lines != 2 || r.Books.Aside != 1 || r.Files[0].Aside["order without lines"] != 1 || r.Books.Used().Money.String() != "5.00" {
		t.Errorf("got %+v, aside %v and rejects %v, want the order without lines set aside", r.Books.Read, r.Files[0].Aside, r.Rejects)
	}
	type deep struct {
		ID       string `parquet:"order_id"`
		Customer string `parquet:"customer_id"`
		Day      int32  `parquet:"ordered_at,date"`
		Boxes    []struct {
			Lines []struct {
				Amount float64 `parquet:"amount"`
			} `parquet:"lines,list"`
			Weight float64 `parquet:"quantity"`
		} `parquet:"boxes,list"`
		Prices []struct {
			Price float64 `parquet:"unit_price"`
		} `parquet:"prices,list"`
	}
	b.Reset()
	if err := parquet.Write(&b, []deep{{ID: "1"}}); err != nil {
		t.Fatal(err)
	}
	f := write(t, t.TempDir(), "deep.parquet", b.String())
	for assigned, want := range map[string]string{
		"": `"boxes.list.element.quantity" and "prices.list.element.unit_price" lie in different lists`,
	} {
		m := layout.Mapping{}
		if assigned == "" {
			var err error
			if m.Preset, err = layout.ParsePreset([]byte("name: none\norders: {amount: []}\n")); err != nil {
				t.Fatal(err)
			}
		}
		_, err := ingest.Read(context.Background(), []source.File{f}, ingest.Options{Mapping: m})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), f.Path) {
			t.Errorf("%q: got %v, want %q", assigned, err, want)
		}
	}
}
