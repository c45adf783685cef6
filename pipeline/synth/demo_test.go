package synth

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"testing"
)

// demo is the demo's files as a reader has them.
type demo struct {
	c                            *Company
	b                            *Books
	orders, crm, truth, products []map[string]string
	net, profit                  map[string]float64 // by customer
	dates                        map[string][]string
}

func readDemo(t *testing.T) *demo {
	d := &demo{c: mustNew(t, Demo()), net: map[string]float64{}, profit: map[string]float64{}, dates: map[string][]string{}}
	var data []byte
	data, d.b = mustOrders(t, d.c, Options{})
	d.orders = records(t, data)
	var crm, truth, products bytes.Buffer
	for _, err := range []error{
		d.c.WriteCRM(context.Background(), &crm, CSV), d.c.WriteTruth(context.Background(), &truth, CSV, d.b), d.c.WriteProducts(&products, CSV),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	d.crm, d.truth, d.products = records(t, crm.Bytes()), records(t, truth.Bytes()), records(t, products.Bytes())
	for _, r := range d.orders {
		if r["status"] == "cancelled" {
			continue
		}
		net := number(t, r["quantity"]) * number(t, r["unit_price"]) * (1 - number(t, r["discount_rate"]))
		id := r["customer_id"]
		d.net[id] += net
		d.profit[id] += net - number(t, r["quantity"])*number(t, r["unit_cost"])
		if r["status"] == "delivered" && r["line_id"] == "1" {
			d.dates[id] = append(d.dates[id], r["ordered_at"])
		}
	}
	return d
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (d *demo) ids(story Story) (ids []string) {
	for _, r := range d.truth {
		if r["story"] == story.String() {
			ids = append(ids, r["customer_id"])
		}
	}
	return ids
}

func TestDemoTellsItsStories(t *testing.T) {
	d := readDemo(t)
	for s := range StoryCount {
		want := storyQuota(d.c.params.Shares[s], d.c.params.Customers)
		if s == Prospect {
			want = 60
		}
		if got := len(d.ids(s)); got < 3 || (s != Regular && got != want) {
			t.Errorf("%v: got %d accounts, want %d and at least 3", s, got, want)
		}
	}
	if got := len(d.orders); got != 20_000 {
		t.Errorf("got %d lines, want 20000", got)
	}
	for _, id := range d.ids(Prospect) {
		if len(d.dates[id]) > 0 {
			t.Errorf("prospect %s has orders", id)
		}
	}
	for _, id := range d.ids(OneOff) {
		if len(d.dates[id]) != 1 {
			t.Errorf("one-off %s has %d orders", id, len(d.dates[id]))
		}
	}
}

func TestDemoHasAParetoEffect(t *testing.T) {
	d := readDemo(t)
	var profits []float64
	positive := 0.
	for _, v := range d.profit {
		profits = append(profits, v)
		positive += max(v, 0)
	}
	slices.SortFunc(profits, func(a, b float64) int { return cmp.Compare(b, a) })
	top := 0.
	for _, v := range profits[:len(profits)/5] {
		top += v
	}
	if share := top / positive; share < .7 || share > .92 {
		t.Errorf("the best fifth makes %.3f of the profit, want .7 to .92", share)
	}
	losing := 0
	for _, v := range profits {
		if v < 0 {
			losing++
		}
	}
	if losing < 5 || losing > 40 {
		t.Errorf("%d customers lose money, want 5 to 40", losing)
	}
}

func TestDemoHasBigThinMarginAccounts(t *testing.T) {
	d := readDemo(t)
	var sales []float64
	for _, v := range d.net {
		sales = append(sales, v)
	}
	slices.Sort(sales)
	big := sales[len(sales)*9/10]
	n := 0
	for _, id := range d.ids(ThinMargin) {
		if d.net[id] > big && d.profit[id]/d.net[id] < .08 {
			n++
		}
	}
	if n < 5 {
		t.Errorf("%d thin-margin accounts are in the top tenth by sales with a margin below 8%%, want at least 5", n)
	}
	for _, id := range d.ids(Key) {
		if m := d.profit[id] / d.net[id]; m < .25 {
			t.Errorf("key account %s has a margin of %.3f, want .25 or more", id, m)
		}
	}
}

func TestDemoHasFadingAccounts(t *testing.T) {
	d := readDemo(t)
	before, after := 0, 0 // orders in the first and the last year of the data
	for _, id := range d.ids(Fading) {
		first, last := 0, 0
		for _, day := range d.dates[id] {
			switch day[:4] {
			case "2023":
				first++
			case "2025":
				last++
			}
		}
		before, after = before+first, after+last
		if last == 0 {
			t.Errorf("fading account %s has no order in the last year, want it fading, not gone", id)
		}
	}
	if after*2 > before {
		t.Errorf("fading accounts ordered %d times in the first year and %d in the last, want less than half", before, after)
	}
	early, late := 0, 0
	for _, id := range d.ids(Rising) {
		for _, day := range d.dates[id] {
			early += bit(day[:4] == "2023")
			late += bit(day[:4] == "2025")
		}
	}
	if late < 2*early {
		t.Errorf("rising accounts ordered %d times in the first year and %d in the last, want at least twice", early, late)
	}
}

func TestDemoTruthIsTrue(t *testing.T) {
	d := readDemo(t)
	bias := 0.
	for _, r := range d.truth {
		id := r["customer_id"]
		if r["story"] == Prospect.String() {
			continue
		}
		if got, want := number(t, r["net_sales"]), d.net[id]; math.Abs(got-want) > 1e-6*max(1, math.Abs(want)) {
			t.Errorf("%s: truth has net sales %v, the orders %v", id, got, want)
		}
		if got := len(d.dates[id]); strconv.Itoa(got) != r["orders"] {
			t.Errorf("%s: truth has %s orders, the file %d", id, r["orders"], got)
		}
		if days := d.dates[id]; days[0] != r["first_order_on"] || days[len(days)-1] != r["last_order_on"] || days[0] < r["acquired_on"] {
			t.Errorf("%s: orders from %s to %s, acquired on %s, truth has %s to %s", id, days[0], days[len(days)-1],
				r["acquired_on"], r["first_order_on"], r["last_order_on"])
		}
		margin, want := d.profit[id]/d.net[id], number(t, r["margin_rate"])
		bias += (margin - want) / float64(len(d.truth))
		// The margin of a line varies by some 8 points with its category, product and promotion, and
		// lines differ in value.
		if lines := number(t, r["lines"]); math.Abs(margin-want) > .02+.35/math.Sqrt(lines) {
			t.Errorf("%s: margin %.3f over %v lines, truth has %.3f", id, margin, lines, want)
		}
	}
	if math.Abs(bias) > .005 {
		t.Errorf("margins are %.4f above the truth on average, want 0", bias)
	}
	var w bytes.Buffer
	if err := d.c.WriteTruthJSON(&w, d.b); err != nil {
		t.Fatal(err)
	}
	var file truthFile
	if err := json.Unmarshal(w.Bytes(), &file); err != nil {
		t.Fatal(err)
	}
	if file.Totals.NetSales != d.b.Totals.NetSales.String() || file.From != "2023-01-01" || file.To != "2026-01-01" || file.Accounts != 400 {
		t.Errorf("truth.json has %+v", file)
	}
	p := d.c.Params()
	p.From = 0
	if file.Params != p {
		t.Errorf("truth.json has params %+v, want %+v", file.Params, p)
	}
}

func TestDemoCRM(t *testing.T) {
	d := readDemo(t)
	names, mails, ids, parent := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]string{}
	blank, blocked := 0, 0
	for _, r := range d.crm {
		names[r["name"]], mails[r["email"]], ids[r["customer_id"]] = true, true, true
		parent[r["customer_id"]] = r["parent_id"]
		blank += bit(r["credit_limit"] == "" && r["receivables"] == "" && r["overdue"] == "" && r["credit_blocked"] == "")
		blocked += bit(r["credit_blocked"] == "true")
	}
	if len(d.crm) != 400 || len(names) != 400 || len(mails) != 400 || len(ids) != 400 {
		t.Errorf("got %d accounts, %d names, %d addresses, %d ids, want 400 of each", len(d.crm), len(names), len(mails), len(ids))
	}
	if blank < 10 || blank > 40 || blocked < 1 || blocked > 10 {
		t.Errorf("%d accounts without credit data and %d blocked, want 10..40 and 1..10", blank, blocked)
	}
	children, deep := 0, 0
	for _, p := range parent {
		if p == "" {
			continue
		}
		children++
		if !ids[p] {
			t.Errorf("parent %s is no account", p)
		}
		if up := parent[p]; up != "" {
			deep++
			if parent[up] != "" {
				t.Errorf("parent of parent %s has a parent", up)
			}
		}
	}
	if children != 24 || deep != 8 {
		t.Errorf("got %d accounts below another, %d two levels, want 24 and 8", children, deep)
	}
	for id := range d.net {
		if !ids[id] {
			t.Errorf("customer %s is not in the CRM", id)
		}
	}
	byID, productNames := map[string]map[string]string{}, map[string]bool{}
	for _, r := range d.products {
		byID[r["product_id"]] = r
		productNames[r["name"]] = true
	}
	if len(productNames) != 160 {
		t.Errorf("got %d product names, want 160", len(productNames))
	}
	for _, r := range d.orders {
		if p := byID[r["product_id"]]; p == nil || p["category"] != r["category"] {
			t.Fatalf("order line %v has a product that the catalogue has as %v", r, p)
		}
	}
}

func TestNamesStayUniqueInLargeCompanies(t *testing.T) {
	const accounts = 350_000 // beyond words x trades x towns
	n := newNaming(3, accounts)
	seen := make(map[string]bool, accounts)
	for a := range accounts {
		name, industry := n.of(a)
		if seen[name] || industry == "" {
			t.Fatalf("account %d is a second %q (industry %q)", a, name, industry)
		}
		seen[name] = true
	}
}
