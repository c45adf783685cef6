package pipeline_test

import (
	"archive/zip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/synth"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	dayFirst = "Titel;;;\n\nAuftrag;Kunde;Datum;Betrag\n1;A;05/01/2024;1.020,50\n2;B;25/01/2024;20,00\n3;B;x;1,00\n4;00C;26/01/2024;7\nSumme;;;1.048,50\n"
	chinese  = "订单号,客户编号,下单日期,金额,状态\n1,张三,2024年1月5日,20.00,\n2,李四,2024年1月6日,\"1,020.50\",已取消\n3,李四,2024年1月7日,5,\n"
	// Further lines of an order leave its header blank, and the names of two columns are the same.
	carried  = "order_id,customer_id,ordered_at,quantity,unit_price,note,note\n1,A,2024-01-05,1,20.00,,\n,,,2,3.00,,\n,,,1,4.00,,\n2,B,2024-01-06,1,5.00,,\n,,,1,6.00,,\n"
	noNames  = "1,A,25/02/99,5\n2,B,26/02/01,6\n3,B,27/02/01,8\n"
	preamble = "Sales report\n2024\n\nOrder No,Customer ID,Order Date,Net Amount\n1,A,2024-01-05,20.00\n2,B,2024-01-06,30.00\n3,B,2024-01-06,x\nGrand Total,,,50.00\n"
)

// anExport is files as an export leaves them, with what an explicit config of them has to say.
type anExport struct {
	name, config string
	paths        func(t *testing.T, dir string) []string
	wants        []string
}

// made is an export of one made file.
func made(name, config, file, text string, wants ...string) anExport {
	return anExport{name, config, func(t *testing.T, dir string) []string { return []string{put(t, dir, file, text)} }, wants}
}

// actual is an export of the reference data.
func actual(name, config string, path []string, wants ...string) anExport {
	return anExport{name, config, func(t *testing.T, _ string) []string { return []string{data(t, path...)} }, wants}
}

func inspected() []anExport {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(chinese)
	if err != nil {
		panic(err)
	}
	// The first megabytes are ASCII; what is not stands behind the part that an inspection reads as lines.
	late, err := simplifiedchinese.GB18030.NewEncoder().String("900001,C,2024-01-06,1.00,这是中文客户\n")
	if err != nil {
		panic(err)
	}
	var long strings.Builder
	long.WriteString("order_id,customer_id,ordered_at,amount,category\n")
	for i := range 10_000 {
		fmt.Fprintf(&long, "%d,A%d,2024-01-05,20.00,%s\n", i, i%50, strings.Repeat("plain ", 90))
	}
	return []anExport{
		made("dd/mm", "map: {order_id: Auftrag, customer_id: Kunde, ordered_at: Datum, amount: Betrag}\n", "de.csv", dayFirst,
			"dates: \"dd/mm/yyyy\"\n", "decimal: \",\"\n", "thousands: \".\"\n", "charset: \"utf-8\"\n", "delimiter: \";\"\n", "  orders.customer_id: \"Kunde\" # "),
		made("GBK", "", "gbk.csv", gbk, "charset: \"gb18030\"\n", "delimiter: \",\"\n", "  orders.customer_id: \"客户编号\" # "),
		made("late GBK", "", "late.csv", long.String()+strings.Repeat(late, 20), "charset: \"gb18030\"\n"),
		made("preamble and total", "", "report.csv", preamble, "charset: \"utf-8\"\n", "  orders.amount: \"Net Amount\" # "),
		made("carried", "", "carried.csv", carried, "  carry_down: true\n"),
		made("no header", "map: {order_id: '#1', customer_id: '#2', ordered_at: '#3', amount: '#4'}\ndates: dmy\n", "short.csv", noNames,
			"  orders.order_id: \"#1\"", "dates: \"dmy\"\n"),
		{"files that differ", "", func(t *testing.T, dir string) []string {
			return []string{put(t, dir, "comma.csv", "order_id,customer_id,ordered_at,amount\n1,A,2024-01-05,20.00\n"),
				put(t, dir, "semicolon.csv", "order_id;customer_id;ordered_at;amount\n2;B;05.02.2024;1.020,00\n3;B;25.02.2024;1.020,00\n")}
		}, []string{"# delimiter: ", "# dates: ", "# decimal: "}},
		{"XLSX", "", sheets, []string{"sheet: \"Orders\"\n"}},
		{"orders, accounts, products", "", demoFiles(synth.CSV), []string{"orders:\n", "crm:\n", "products:\n", "delimiter: \",\"\n"}},
		{"Parquet", "", demoFiles(synth.Parquet), []string{"orders:\n", "  orders.customer_id: \"customer_id\" # "}},
		actual("UCI by day", "preset: uci\n", []string{"uci_online_retail", "by-day", "2011-12-*.csv"}, "preset: \"uci\"\n", "delimiter: \",\"\n"),
		actual("superstore", "preset: superstore\n", []string{"us_superstore_stacked"}, "preset: \"superstore\"\n"),
		actual("AdventureWorks", "preset: adventureworks\n", []string{"adventureworks_dw", "FactResellerSales.parquet"}, "preset: \"adventureworks\"\n"),
		actual("AdventureWorks as text", "preset: adventureworks\nsettings: {null_values: ['NULL']}\n", []string{"aw_pl300_flat", "FactResellerSales.csv"}, "null_values: [\"NULL\"]\n"),
	}
}

func demoFiles(f synth.Format) func(t *testing.T, dir string) []string {
	return func(t *testing.T, dir string) []string {
		e, err := synthesize(synth.Demo(), synth.Options{Format: f})
		if err != nil {
			t.Fatal(err)
		}
		put(t, dir, "orders."+f.String(), string(e.orders))
		put(t, dir, "accounts."+f.String(), string(e.crm))
		put(t, dir, "products."+f.String(), string(e.products))
		return []string{dir}
	}
}

// sheets writes a workbook whose orders stand on the second sheet, cells as text.
func sheets(t *testing.T, dir string) []string {
	t.Helper()
	row := func(cells ...string) string {
		s := "<row>"
		for _, c := range cells {
			s += `<c t="inlineStr"><is><t>` + c + `</t></is></c>`
		}
		return s + "</row>"
	}
	sheet := func(rows ...string) string {
		return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + strings.Join(rows, "") + `</sheetData></worksheet>`
	}
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	parts := map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":     `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + office + `"><sheets><sheet name="Notes" sheetId="1" r:id="r1"/><sheet name="Orders" sheetId="2" r:id="r2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="` + office + `/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml": sheet(row("nothing", "here")),
		"xl/worksheets/sheet2.xml": sheet(row("Export of March"), row("order_id", "customer_id", "ordered_at", "amount"),
			row("1", "A", "25.01.2024", "1.020,50"), row("2", "B", "26.01.2024", "20,00"), row("3", "B", "soon", "5,00")),
	}
	path := filepath.Join(dir, "orders.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return []string{path}
}
