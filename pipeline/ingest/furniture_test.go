package ingest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// asLines is one order line a customer, plain.
const asLines = "order_id,customer_id,ordered_at,product_id,amount\n" +
	"1,A,2024-03-01,P1,10.00\n1,A,2024-03-01,P2,5.50\n2,B,2024-03-20,P1,7.25\n3,A,2024-04-02,P3,1.00\n"

// Whatever a report puts around and between the lines, and however an order is laid out over them, the
// ledger is that of the plain lines; what was set aside is named, and every byte has its place.
func TestReportsAndLayouts(t *testing.T) {
	_, want := read(t, ingest.Options{}, write(t, t.TempDir(), "plain.csv", asLines))
	const head = "order_id,customer_id,ordered_at,product_id,amount\n"
	for _, c := range []struct {
		name, text string
		settings   layout.Settings
		maps       []layout.Assignment
		aside      map[string]int64
		tables     []ingest.Table
	}{
		{name: "title, date range, total, notes", text: "Sales report,,,,\nFrom 2024-03-01 to 2024-04-30,,,,\n\n" + head +
			"1,A,2024-03-01,P1,10.00\n1,A,2024-03-01,P2,5.50\n,,,,\n2,B,2024-03-20,P1,7.25\n3,A,2024-04-02,P3,1.00\nGrand Total,,,,23.75\n\n" +
			"Confidential Information - Do Not Distribute\nCopyright (c) 2000-2026 salesforce.com\n",
			aside: map[string]int64{"preamble": 2, "empty": 1, "total": 2, "note": 1}},
		{name: "narrow title lines and totals", text: "Sales report\nPrinted 5 May 2024\n" + asLines + "Total,,,,23.75\n",
			aside: map[string]int64{"preamble": 2, "total": 1}},
		{name: "header on every page", text: head + "1,A,2024-03-01,P1,10.00\n1,A,2024-03-01,P2,5.50\n" + head + "2,B,2024-03-20,P1,7.25\n3,A,2024-04-02,P3,1.00\n合计,,,,23.75\n",
			aside: map[string]int64{"header again": 1, "total": 1}},
		{name: "tables behind", text: asLines + "Person,Region\nAnna Smith,West\nBob Jones,East\nReturned,Order\nYes,SO-17\nYes,SO-18\nYes,SO-19\n",
			aside:  map[string]int64{"other table": 7},
			tables: []ingest.Table{{Line: 6, Header: []string{"Person", "Region"}, Records: 2}, {Line: 9, Header: []string{"Returned", "Order"}, Records: 3}}},
		{name: "a table before", text: "Person,Region\nAnna Smith,West\nBob Jones,East\n" + asLines,
			aside: map[string]int64{"other table": 3}, tables: []ingest.Table{{Line: 1, Header: []string{"Person", "Region"}, Records: 2}}},
		{name: "empty ends", text: strings.ReplaceAll(asLines, "\n", ",,\n")},
		{name: "header in two rows", text: "order,customer,ordered,product,line\nid,id,at,id,amount\n" + asLines[len(head):], aside: map[string]int64{"preamble": 1}},
		{name: "no header", text: asLines[len(head):], maps: []layout.Assignment{{Name: "order_id", Header: "#1"}, {Name: "customer_id", Header: "#2"},
			{Name: "ordered_at", Header: "#3"}, {Name: "product_id", Header: "#4"}, {Name: "amount", Header: "#5"}}},
		{name: "carriage returns alone", text: strings.ReplaceAll(asLines, "\n", "\r")},
		{name: "two bytes between fields", text: strings.ReplaceAll(asLines, ",", "||")},
		{name: "header carried down, blank", text: head + "1,A,2024-03-01,P1,10.00\n,,,P2,5.50\n2,B,2024-03-20,P1,7.25\n3,A,2024-04-02,P3,0.50\n,,,P3,0.50\n"},
		{name: "header carried down, id repeated", text: head + "1,A,2024-03-01,P1,10.00\n1,,,P2,5.50\n2,B,2024-03-20,P1,7.25\n3,A,2024-04-02,P3,0.50\n3,,,P3,0.50\n"},
		{name: "customers above their lines", text: "Sales by Customer Detail\n\n,Num,Date,Item,Amount\nA,,,,\n,1,2024-03-01,P1,10.00\n,1,2024-03-01,P2,5.50\n,3,2024-04-02,P3,1.00\nTotal for A,,,,16.50\n" +
			"B,,,,\n,2,2024-03-20,P1,7.25\nTotal for B,,,,7.25\nTOTAL,,,,23.75\n", settings: layout.Settings{GroupRows: true},
			maps:  []layout.Assignment{{Name: "customer_id", Header: "#1"}, {Name: "order_id", Header: "Num"}, {Name: "product_id", Header: "Item"}},
			aside: map[string]int64{"preamble": 1, "group": 2, "total": 3}},
	} {
		f := write(t, t.TempDir(), "o.csv", c.text)
		r, got := read(t, ingest.Options{Workers: 2, Mapping: layout.Mapping{Settings: c.settings, Assignments: c.maps}}, f)
		if len(r.Rejects) > 0 {
			t.Errorf("%s: %v", c.name, r.Rejects)
		}
		if !strings.HasPrefix(c.name, "header carried") { // those have five lines
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(ledger.Ledger{})); diff != "" {
				t.Errorf("%s: -want +got\n%s", c.name, diff)
			}
		} else if got.Customers() != 2 || got.Rows().Net[0] != want.Rows().Net[0] || r.Books.Used().Money != 237500 {
			t.Errorf("%s: %d customers, %v", c.name, got.Customers(), r.Books.Used())
		}
		if diff := cmp.Diff(c.aside, r.Files[0].Aside); diff != "" {
			t.Errorf("%s: aside -want +got\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.tables, r.Files[0].Tables); diff != "" {
			t.Errorf("%s: tables -want +got\n%s", c.name, diff)
		}
		whole(t, c.name, r, f)
	}
}

// whole checks that every byte of a text file is accounted for.
func whole(t *testing.T, name string, r *ingest.Result, f source.File) {
	t.Helper()
	b := r.Books
	if sum := b.HeaderBytes + b.RecordBytes + b.OtherBytes; sum != f.Size {
		t.Errorf("%s: %d + %d + %d bytes accounted for, the file has %d", name, b.HeaderBytes, b.RecordBytes, b.OtherBytes, f.Size)
	}
}

// Records that only look odd are rejected, not set aside: a torn line, one that was cut off.
func TestOddRecordsAreRejected(t *testing.T) {
	f := write(t, t.TempDir(), "o.csv", asLines[:90]+"\n"+"4,C,2024-04-03\n5,D,2024-04-04,P1,3.00\n6\n")
	r, _ := read(t, ingest.Options{}, f)
	if len(r.Rejects) != 3 || r.Books.Aside != 0 {
		t.Errorf("rejects %v, %d aside", r.Rejects, r.Books.Aside)
	}
	whole(t, "torn", r, f)
}

// An order-level refund takes back once what was refunded, whatever the number of lines.
func TestOrderRefund(t *testing.T) {
	f := write(t, t.TempDir(), "o.csv", "Name,Email,Created at,Lineitem quantity,Lineitem price,Lineitem sku,Refunded Amount\n"+
		"#1,a@x.example,2024-03-01 10:00:00 +0100,2,10.00,P1,5.00\n#1,,,1,4.00,P2,\n#2,b@x.example,2024-03-02 10:00:00 +0100,1,10.00,P1,0.00\n")
	p, err := layout.LoadPreset("shopify")
	if err != nil {
		t.Fatal(err)
	}
	r, l := read(t, ingest.Options{Mapping: layout.Mapping{Preset: p, Settings: p.Settings}}, f)
	if len(r.Rejects) > 0 || l.Customers() != 2 || r.Books.Used().Money != 29_0000 || r.Books.Used().Lines != 4 {
		t.Errorf("rejects %v, %d customers, used %v", r.Rejects, l.Customers(), r.Books.Used())
	}
	whole(t, "shopify", r, f)
}

// The vendor's file of three tables gives its order lines and their sum, and names the other two.
func TestSuperstore(t *testing.T) {
	r, l := readPreset(t, "superstore", data(t, "us_superstore_stacked/superstore.csv"), 2, ingest.Unasked)
	if r.Books.Read.Lines != 9_994 || r.Books.Used().Lines != 9_994 || len(r.Rejects) != 0 || l.Customers() != 793 {
		t.Errorf("%d lines, %d used, %d rejects, %d customers", r.Books.Read.Lines, r.Books.Used().Lines, len(r.Rejects), l.Customers())
	}
	want := []ingest.Table{{Line: 9996, Header: []string{"Person", "Region"}, Records: 4}, {Line: 10001, Header: []string{"Returned", "Order ID"}, Records: 800}}
	if diff := cmp.Diff(want, r.Files[0].Tables); diff != "" {
		t.Error(diff)
	}
	if got := r.Books.Used().Money.String(); got != "2297200.8603" {
		t.Errorf("sales %s", got)
	}
}
