package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const plainOrders = "order_id,customer_id,ordered_at,quantity,unit_price,unit_cost,category\n" +
	"1,Köln,2024-03-01,2,1234.50,900,Tee\n" +
	"2,B,2024-03-13,1000,0.75,0.5,Tee\n" +
	"3,B,2024-04-05,-1,10,6,Tee\n"

// The same lines written as other systems write them give the same ledger.
func TestLocalFormats(t *testing.T) {
	_, want := read(t, ingest.Options{}, write(t, t.TempDir(), "o.csv", plainOrders))
	latin := func(s string) string { out, _ := charmap.Windows1252.NewEncoder().String(s); return out }
	for _, c := range []struct{ name, text, charset, note string }{
		{"German", "order_id;customer_id;ordered_at;quantity;unit_price;unit_cost;category\n1;Köln;01.03.2024;2;1.234,50;900,00;Tee\n2;B;13.03.2024;1.000;0,75;0,5;Tee\n3;B;05.04.2024;1-;10,00;6,00;Tee\n", "utf-8", "days like dd.mm.yyyy"},
		{"American", "order_id,customer_id,ordered_at,quantity,unit_price,unit_cost,category\n1,Köln,3/1/2024,2,\"$1,234.50\",$900.00,Tee\n2,B,3/13/2024,\"1,000\",$0.75,$0.50,Tee\n3,B,4/5/2024,(1),$10.00,$6.00,Tee\n", "utf-8", "days like m"},
		{"German in Windows-1252", latin("order_id;customer_id;ordered_at;quantity;unit_price;unit_cost;category\n1;Köln;01.03.2024;2;1.234,50;900,00;Tee\n2;B;13.03.2024;1.000;0,75;0,5;Tee\n3;B;05.04.2024;1-;10,00;6,00;Tee\n"), "windows-1252", ""},
		{"byte order mark and UTF-16", "\xff\xfe" + utf16(plainOrders), "utf-16le", ""},
	} {
		r, got := read(t, ingest.Options{Workers: 2}, write(t, t.TempDir(), "o.csv", c.text))
		if len(r.Rejects) > 0 {
			t.Errorf("%s: %v", c.name, r.Rejects)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(ledger.Ledger{})); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
		if !strings.EqualFold(r.Files[0].Charset, c.charset) {
			t.Errorf("%s: charset %q, want %q", c.name, r.Files[0].Charset, c.charset)
		}
		if c.note != "" && !strings.HasPrefix(r.Files[0].Formats["ordered_at"], c.note) {
			t.Errorf("%s: formats %v", c.name, r.Files[0].Formats)
		}
	}
}

func utf16(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func TestChineseInGB18030(t *testing.T) {
	text := "单据编号,客户编码,单据日期,数量,单价,金额\n1,東西公司,2024年3月1日,２,１２．５０,２５．００\n2,客户甲,2024年3月2日,1,10.00,10.00\n"
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	r, l := read(t, ingest.Options{}, write(t, t.TempDir(), "o.csv", gbk))
	if len(r.Rejects) > 0 || r.Books.Class[ingest.Used].Money.String() != "35.00" {
		t.Errorf("%v, rejects %v", r.Books.Class[ingest.Used], r.Rejects)
	}
	if _, ok := l.Find("東西公司"); !ok {
		t.Errorf("customers %s, %s", l.ID(0), l.ID(1))
	}
}

// What nothing in the file decides is an error with the readings and the setting that settles it; the
// setting settles it.
func TestUndecidedFormats(t *testing.T) {
	f := write(t, t.TempDir(), "o.csv", "order_id,customer_id,ordered_at,amount\n1,A,03/04/2024,1.000\n2,A,05/06/2024,2.000\n")
	_, err := ingest.Read(context.Background(), []source.File{f}, ingest.Options{})
	if err == nil {
		t.Fatal("want an error")
	}
	for _, want := range []string{f.Path, `"ordered_at"`, "dates: dmy", "dates: mdy", `"amount"`, `decimal: "."`, `decimal: ","`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
	r, l := read(t, ingest.Options{Dates: "mdy", Decimal: ","}, f)
	if r.Books.Used().Money.String() != "3000.00" || l.Rows().Day[0].String() != "2024-03-04" {
		t.Errorf("got %s on %s", r.Books.Used().Money, l.Rows().Day[0])
	}
}

// Evidence may come late: the first block looks like either order of day and month.
func TestLateEvidence(t *testing.T) {
	text := "order_id,customer_id,ordered_at,amount\n" + strings.Repeat("1,A,03/04/2024,1\n", 400_000) + "2,A,25/04/2024,1\n"
	r, l := read(t, ingest.Options{Workers: 2}, write(t, t.TempDir(), "o.csv", text))
	if len(r.Rejects) > 0 || l.Rows().Day[0].String() != "2024-04-03" {
		t.Errorf("%d rejects, first day %s", len(r.Rejects), l.Rows().Day[0])
	}
}

func TestSuperstoreDates(t *testing.T) {
	r, _ := readAny(t, "superstore", data(t, "us_superstore_stacked/superstore.csv"))
	if used := r.Books.Used(); used.Lines != 9994 || used.Money.String() != "2297200.8603" {
		t.Errorf("%d lines with %s, want 9,994 with 2,297,200.86", used.Lines, used.Money)
	}
}

// Days that databases and spreadsheets print for an empty date are no days of orders, as text with the year
// first too.
func TestEmptyDates(t *testing.T) {
	text := header
	for i, day := range []string{"2024-03-01", "0000-00-00", "00000000", "1899-12-30", "0001-01-01 00:00:00"} {
		text += fmt.Sprintf("%d,A,%s,P,1,10,0,6,\n", i+1, day)
	}
	r, _ := read(t, ingest.Options{Workers: 1}, write(t, t.TempDir(), "o.csv", text))
	if used := r.Books.Class[ingest.Used].Lines; used != 1 || len(r.Rejects) != 4 {
		t.Fatalf("got %d lines used and %d rejects, want 1 and 4", used, len(r.Rejects))
	}
	for _, x := range r.Rejects {
		if x.Column != "ordered_at" || x.Reason != "an empty date, as databases and spreadsheets write it" {
			t.Errorf("got reject %+v", x)
		}
	}
}

func TestEmptyDatesOfParquet(t *testing.T) {
	rows := []row{{OrderedAt: 19_783}, {OrderedAt: -25_569}, {OrderedAt: -719_162}} // 2024-03-01, 1899-12-30, 0001-01-01
	for i := range rows {
		rows[i].OrderID, rows[i].CustomerID, rows[i].Quantity, rows[i].UnitPrice, rows[i].Category = fmt.Sprint(i), "A", 1, 10, "C"
	}
	r, _ := read(t, ingest.Options{Workers: 1}, write(t, t.TempDir(), "o.parquet", parquetOf(t, rows)))
	var got []string
	for _, x := range r.Rejects {
		got = append(got, x.Value+": "+x.Reason)
	}
	const reason = ": an empty date, as databases and spreadsheets write it"
	if diff := cmp.Diff([]string{"1899-12-30" + reason, "0001-01-01" + reason}, got); diff != "" || r.Books.Class[ingest.Used].Lines != 1 {
		t.Errorf("%d used; rejects -want +got\n%s", r.Books.Class[ingest.Used].Lines, diff)
	}
}
