package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/synth"
)

// fault is one wrong night: the files it reads, the flags beside --orders and --out, and what the
// user is told.
type fault struct {
	name  string
	files map[string]string
	args  []string // words that name a file of files become its path
	code  int
	want  []string // regular expressions, all of which stderr must match
}

// inputFaults are exports that are missing, unreadable or break their contract.
func inputFaults() []fault {
	orders := func(text string) map[string]string { return map[string]string{"orders.csv": text} }
	return []fault{
		{"missing path", nil, []string{"--orders", "gone.csv"}, exitInput, []string{`orders: gone\.csv: no such file or directory; check the path`}},
		{"two missing paths, both said", map[string]string{"orders.csv": tiny}, []string{"--orders", "gone.csv", "--crm", "lost.csv"}, exitInput, []string{`gone\.csv`, `lost\.csv`}},
		{"glob without a match", nil, []string{"--orders", "*.csv"}, exitInput, []string{`\*\.csv: no file matches; check the pattern`}},
		{"directory without exports", map[string]string{"exports/readme.md": "hello"}, []string{"--orders", "exports"}, exitInput, []string{`exports: the directory holds no file ending in \.csv, \.tsv`}},
		{"a URL", nil, []string{"--orders", "s3://bucket/orders.csv"}, exitInput, []string{`s3 URLs are not read yet; copy`}},
		{"empty file", orders(""), nil, exitInput, []string{`orders\.csv: the file is empty; export it again`}},
		{"blank file", orders("\n\n\n"), nil, exitInput, []string{`orders\.csv: .*; export it again`}},
		{"header without a needed column", orders("order_id,Custmr,ordered_at,amount\n1,A,2024-01-05,1\n"), nil, exitInput,
			[]string{`orders\.csv, line 1: orders: no column for customer_id; the file has "order_id", "Custmr"`, `--map`}},
		{"an amount with tax", orders("Belegnr;order_id;customer_id;ordered_at;Bruttobetrag\n9;1;A;2024-01-05;119\n"), nil, exitInput,
			[]string{`orders\.csv, line 1: orders: header "Bruttobetrag" of amount says that tax is included.*set tax_included: true and tax_rate: 0\.19`}},
		{"no amount and no price", orders("order_id,customer_id,ordered_at,quantity\n1,A,2024-01-05,1\n"), nil, exitInput,
			[]string{`orders\.csv, line 1: orders: no column for amount, or quantity and unit_price`}},
		{"one header for two columns", orders(tiny), []string{"--map", "amount=quantity", "--map", "cost=quantity"}, exitInput,
			[]string{`orders\.csv, line 1: .*header "quantity" is given to .*a header can be one column`}},
		{"two headers for one column", orders("order_id,customer_id,client,ordered_at,amount\n1,A,B,2024-01-05,1\n"), []string{"--map", "customer_id=customer_id", "--map", "customer_id=client"}, exitInput,
			[]string{`orders\.csv, line 1: .*customer_id could be .*keep one of --map customer_id=customer_id or --map customer_id=client`}},
		{"a header twice", orders("order_id,customer_id,customer_id,ordered_at,amount\n1,A,B,2024-01-05,1\n"), nil, exitInput,
			[]string{`orders\.csv, line 1: .*customer_id.*(--map 'customer_id=#2'|--map customer_id=)`}},
		{"a header that is not there", orders(tiny), []string{"--map", "customer_id=Kunde"}, exitInput, []string{`orders\.csv, line 1: .*the file has no header "Kunde"`}},
		{"cut in a quoted field", orders(tiny + "4,\"A,2024-05-01,1,1"), nil, exitInput, []string{`orders\.csv, line 5: a quoted field is never closed .*it is cut off; export it again`}},
		{"cut in a quoted field of the CRM", map[string]string{"orders.csv": tiny, "crm.csv": "customer_id,name\nA,\"Ab"}, []string{"--crm", "crm.csv"}, exitInput, []string{`crm\.csv, line 2: a quoted field is never closed`}},
		{"NUL bytes", orders("order_id,customer_id\x00"), nil, exitInput, []string{`orders\.csv: NUL bytes.*check what the file is`}},
		{"a picture", orders("\x89PNG\r\n\x1a\n\x00\x00"), nil, exitInput, []string{`orders\.csv: a PNG image and no table; export the data behind it`}},
		{"a PDF", orders("%PDF-1.7\n"), nil, exitInput, []string{`orders\.csv: a PDF document`}},
		{"a web page", orders("<!DOCTYPE html>\n<html>"), nil, exitInput, []string{`orders\.csv: a web page \(HTML\): a login page or a report saved under another name`}},
		{"JSON", orders("[{\"order_id\": 1}]"), nil, exitInput, []string{`orders\.csv: JSON and no table; export it as CSV`}},
		{"an old workbook as CRM", map[string]string{"orders.csv": tiny, "crm.xls": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, []string{"--crm", "crm.xls"}, exitInput, []string{`crm: crm\.xls: a workbook or document of Office before 2007`}},
		{"a header alone", orders("order_id,customer_id,ordered_at,amount\n"), nil, exitInput, []string{`orders\.csv: a header and no order line below it`}},
		{"the header of a known system", orders("SalesOrderNumber,OrderDate,ProductKey,ResellerKey,OrderQuantity,UnitPrice,SalesAmount\nS1,2024-01-05,1,1,1,1,1\n"), nil, exitInput,
			[]string{`orders\.csv, line 1|orders\.csv`, `the header is that of a known system: add --preset adventureworks; without it`, `no column for customer_id`}},
		{"another known system", orders("name,date_order,partner_id/name,order_line/product_id,order_line/product_uom_qty,order_line/price_unit\nS1,2024-01-05,A,P,1,1\n"), nil, exitInput,
			[]string{`add --preset odoo; without it`}},
		{"no known system", orders("order,date_of_order,buyer,total_amt\n1,2024-01-05,A,1\n"), nil, exitInput, []string{`no column for customer_id`}},
		{"a zip", orders("PK\x03\x04 whatever"), nil, exitInput, []string{`orders\.csv: not readable as an XLSX workbook.*save the sheet as CSV`}},
		{"truncated Parquet", orders("PAR1" + strings.Repeat("x", 200)), nil, exitInput, []string{`orders\.csv: `}},
		{"damaged gzip", orders("\x1f\x8b\x08"), nil, exitInput, []string{`orders\.csv: not a sound gzip file`}},
		{"cycle of parents", map[string]string{"orders.csv": tiny, "crm.csv": "customer_id,parent_id\nA,B\nB,C\nC,A\n"}, []string{"--crm", "crm.csv"}, exitInput,
			[]string{`the parents of 3 accounts form a cycle: A -> B -> C -> A: correct parent_id of one of them`}},
		{"mixed currencies", orders("order_id,customer_id,ordered_at,amount,currency\n1,A,2024-01-05,1,EUR\n2,A,2024-01-05,1,USD\n"), nil, exitInput,
			[]string{`more than one currency.*EUR \(1 lines, first in .*orders\.csv, line 2\), USD \(1 lines, first in .*line 3\); set .currency.*and .rates.`}},
		{"a bad rate", map[string]string{"orders.csv": tiny, "rates.csv": "currency,day,rate\nUSD,2024-01-01,1.1\nUSD,2024-01-02,x\nUSD,tomorrow,1\n"},
			[]string{"--rates", "rates.csv", "--currency", "EUR"}, exitInput, []string{`rates\.csv, line 3: rate "x" is no plain decimal number`, `rates\.csv, line 4: .*tomorrow`}},
		{"rates without a column", map[string]string{"orders.csv": tiny, "rates.csv": "currency,rate\nUSD,1\n"},
			[]string{"--rates", "rates.csv", "--currency", "EUR"}, exitInput, []string{`rates\.csv, line 1: no column "day": a rate table has the columns currency, day, rate`}},
		{"CRM without ids", map[string]string{"orders.csv": tiny, "crm.csv": "title,phone\nA,1\n"}, []string{"--crm", "crm.csv"}, exitInput, []string{`crm\.csv, line 1: crm: no column for customer_id`}},
		{"products without a cost", map[string]string{"orders.csv": tiny, "products.csv": "product_id,colour\nA,red\n"}, []string{"--products", "products.csv"}, exitInput,
			[]string{`products\.csv, line 1: products: no column for unit_cost, or margin_rate, or category`}},
		{"no usable line", orders("order_id,customer_id,ordered_at,amount\n1,,2024-01-05,1\n"), nil, exitInput, []string{`no order line could be used, so there is nothing to publish`}},
	}
}

// usageFaults are flags and configs that are not legal; all faults are told at once.
func usageFaults() []fault {
	with := func(yaml string) map[string]string {
		return map[string]string{"orders.csv": tiny, "night.yaml": yaml}
	}
	config := []string{"--config", "night.yaml"}
	return []fault{
		{"unknown preset", with(""), []string{"--preset", "sapp"}, exitUsage, []string{`--preset: there is no preset "sapp": use one of adventureworks, .*uci`}},
		{"unknown preset in the config", with("preset: sapp\n"), config, exitUsage, []string{`night\.yaml: there is no preset "sapp"`}},
		{"two unknown keys", with("window: 30\nwindows: 3\ncredit:\n  watch_overdue: 10%\n  watch_late: 1\n"), config, exitUsage,
			[]string{`night\.yaml, line 2: unknown key "windows"; the keys here are orders, `, `night\.yaml, line 5: unknown key "credit\.watch_late"; the keys here are watch_overdue, `}},
		{"unknown setting", with("settings:\n  float_id: true\n"), config, exitUsage, []string{`night\.yaml: .*line 2.*unknown key "float_id": use null_values`}},
		{"no YAML", with("window: [1\n"), config, exitUsage, []string{`night\.yaml: `}},
		{"missing config", with(""), []string{"--config", "gone.yaml"}, exitUsage, []string{`--config: open gone\.yaml`}},
		{"unparsable as-of", with(""), []string{"--as-of", "24.11.2026"}, exitUsage, []string{`--as-of: .*24\.11\.2026`}},
		{"no such day", with(""), []string{"--as-of", "2023-02-29"}, exitUsage, []string{`--as-of: .*2023-02-29`}},
		{"several at once", with("window: soon\nmax_rejects: some\npareto: {a: 95%, b: 80%}\ncurrency: EUR\ntime_zone: Mars/Olympus\n"),
			[]string{"--config", "night.yaml", "--as-of", "never", "--memory", "lots", "--delimiter", "ab", "--map", "nonsense", "--log-format", "xml"}, exitUsage,
			[]string{`window: .*"soon": give a number of days, or all`, `max_rejects: "some" is no tolerance`, `--as-of: .*never`, `--memory: "lots" is no size`,
				`delimiter "ab"`, `--map: --map "nonsense" is not of the form`, `--log-format: "xml": give text or json`, `time_zone "Mars/Olympus": no such zone`, `(?i)pareto|cut`}},
		{"rates without a currency", map[string]string{"orders.csv": tiny, "rates.csv": "currency,day,rate\n"}, []string{"--rates", "rates.csv"}, exitUsage, []string{"rates are given, but no currency to convert into"}},
		{"unknown column", with(""), []string{"--map", "custmer_id=A"}, exitUsage, []string{`map: "custmer_id" is no canonical column: did you mean customer_id\?`}},
		{"unknown flag", with(""), []string{"--windows", "3"}, exitUsage, []string{`unknown flag: --windows; see .vitalfew run --help.`}},
		{"argument", with(""), []string{"orders.csv"}, exitUsage, []string{`vitalfew run takes no argument`}},
	}
}

func TestBadInput(t *testing.T) {
	good := t.TempDir()
	t.Chdir(good)
	put(t, good, "good/orders.csv", tiny)
	call("run", "--orders", "good/orders.csv", "--out", "out").ok(t)
	for _, f := range append(inputFaults(), usageFaults()...) {
		t.Run(f.name, func(t *testing.T) { f.check(t, good, t.TempDir()) })
	}
}

// check runs the wrong night over a copy of a good one, which has to stay published.
func (f fault) check(t *testing.T, good, dir string) {
	if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	id := current("out")
	whole(t, "out", id)
	for name, text := range f.files {
		put(t, dir, name, text)
	}
	args := []string{"run", "--out", "out"}
	if f.files["orders.csv"] != "" || f.name == "empty file" {
		args = append(args, "--orders", "orders.csv")
	}
	s := call(append(args, f.args...)...)
	if s.code != f.code {
		t.Errorf("got exit code %d, want %d; stderr %q", s.code, f.code, s.err)
	}
	for _, want := range f.want {
		if !regexp.MustCompile(want).MatchString(s.err) {
			t.Errorf("got stderr %q, want %s", s.err, want)
		}
	}
	if s.out != "" || !strings.HasPrefix(s.err, "vitalfew: ") || strings.Contains(s.err, "internal error") {
		t.Errorf("got stdout %q, stderr %q, want the error on stderr alone", s.out, s.err)
	}
	whole(t, "out", id)
}

// A Parquet file cut anywhere is refused by name, never a crash and never half the rows.
func TestTruncatedParquet(t *testing.T) {
	c, err := synth.New(synth.Scale(50, 1000))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := c.WriteOrders(context.Background(), &b, synth.Options{Format: synth.Parquet, RowGroup: 250}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, n := range []int{4, 8, 12, b.Len() / 3, b.Len() / 2, b.Len() - 9, b.Len() - 8, b.Len() - 1} {
		path := put(t, dir, "orders.parquet", b.String()[:n])
		s := call("run", "--orders", path, "--out", filepath.Join(dir, "out"))
		if s.code != exitInput || !strings.Contains(s.err, path) || current(filepath.Join(dir, "out")) != "" {
			t.Errorf("cut at %d of %d bytes: got exit code %d, stderr %q", n, b.Len(), s.code, s.err)
		}
	}
	path := put(t, dir, "orders.parquet", b.String())
	call("run", "--orders", path, "--out", filepath.Join(dir, "out")).ok(t)
}

// Rejects over the tolerance publish nothing, but are left where the user is told; with
// --publish-anyway they are published, and the manifest says so.
func TestTooManyRejects(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	put(t, dir, "orders.csv", tiny+"4,A,2024-04-05,many,10,6\n5,B,April,1,10,6\n6,B\n")
	s := call("run", "--orders", "orders.csv")
	if s.code != exitRejects || s.out != "" || !strings.Contains(s.err, "3 of 6 order lines were rejected") || !strings.Contains(s.err, "orders.csv, line 5, quantity") {
		t.Errorf("got exit code %d, stdout %q, stderr %q", s.code, s.out, s.err)
	}
	if current("vitalfew-out") != "" {
		t.Error("got a run published, want none")
	}
	_, left, _ := strings.Cut(strings.Split(s.err, "\n")[0], "the rejects are in ")
	b, err := os.ReadFile(left)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"file,line,byte_offset,column,value,reason\n", "orders.csv,5,", ",quantity,many,", "orders.csv,6,", ",ordered_at,April,", "orders.csv,7,"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("got rejects %q, want %q in them", b, want)
		}
	}
	if v := call("validate", "--orders", "orders.csv"); v.code != exitRejects || !strings.Contains(v.out, `orders.csv, line 6, ordered_at "April"`) {
		t.Errorf("validate: got exit code %d, stdout %q", v.code, v.out)
	}
	call("run", "--orders", "orders.csv", "--publish-anyway").ok(t)
	m, err := os.ReadFile(filepath.Join("vitalfew-out", "runs", current("vitalfew-out"), "manifest.json"))
	if err != nil || !strings.Contains(string(m), `"published_anyway": true`) || !strings.Contains(string(m), `"rejects_exceeded": true`) {
		t.Errorf("got manifest %s, %v, want the gate that was overridden", m, err)
	}
	call("run", "--orders", "orders.csv", "--max-rejects", "3", "--force").ok(t)
	if s := call("run", "--orders", "orders.csv", "--max-rejects", "2", "--out", "other"); s.code != exitRejects {
		t.Errorf("3 rejects against a tolerance of 2: got exit code %d", s.code)
	}
}

// A product without cost is no fault: its lines have no cost, and the run says so.
func TestProductWithoutCost(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	put(t, dir, "orders.csv", "order_id,customer_id,ordered_at,product_id,quantity,amount\n1,A,2024-01-05,P,1,10\n2,B,2024-01-05,Q,1,10\n")
	put(t, dir, "products.csv", "product_id,unit_cost,category\nP,4,X\nQ,,X\n")
	s := call("run", "--orders", "orders.csv", "--products", "products.csv").ok(t)
	if !strings.Contains(s.out, "note: 1 customers with sales have a cost for less than") {
		t.Errorf("got summary %q, want a word about the missing cost", s.out)
	}
}
