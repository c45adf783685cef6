package pipeline_test

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// page reads a run's report and fails unless it is sound.
func page(t *testing.T, o *pipeline.Outcome) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(o.Dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	sound(t, string(b))
	return string(b)
}

var (
	styleOf   = regexp.MustCompile(`(?s)<style>.*?</style>`)
	tagOf     = regexp.MustCompile(`^<(/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)\s*(/?)>`)
	attribute = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"]*)")?`)
	markup    = regexp.MustCompile(`<[^>]*>`)
)

const (
	knownTags       = " html head meta title style body header main section nav footer h1 h2 h3 p ul li a b br bdi strong small time div span dl dt dd table caption thead tbody tfoot tr th td figure figcaption svg desc text line polygon polyline circle details summary "
	knownAttributes = " lang charset name content http-equiv id class href role scope colspan open tabindex aria-label aria-labelledby aria-hidden data-label " +
		"viewBox x y dx dy x1 x2 y1 y2 cx cy r points text-anchor "
	voidTags = " meta br "
)

// sound checks that tags are known, balanced and nested, that ids are unique and references met,
// that attributes are known, and that nothing is loaded or run.
func sound(t *testing.T, page string) {
	t.Helper()
	if n := strings.Count(page, "<style>"); n != 1 || !strings.HasPrefix(page, "<!DOCTYPE html>\n") {
		t.Fatalf("got %d style elements, and the start %.30q", n, page)
	}
	for _, outside := range []string{"url(", "@import", "src=", "://"} {
		if strings.Contains(styleOf.FindString(page), outside) {
			t.Errorf("the style loads something: %s", outside)
		}
	}
	rest := styleOf.ReplaceAllString(strings.TrimPrefix(page, "<!DOCTYPE html>\n"), "")
	var open, references []string
	ids := map[string]bool{}
	for {
		at := strings.IndexByte(rest, '<')
		if at < 0 {
			break
		}
		rest = rest[at:]
		m := tagOf.FindStringSubmatch(rest)
		if m == nil || !strings.Contains(knownTags, " "+m[2]+" ") {
			t.Fatalf("no tag of the page: %.80q", rest)
		}
		rest = rest[len(m[0]):]
		switch {
		case m[1] == "/":
			if len(open) == 0 || open[len(open)-1] != m[2] {
				t.Fatalf("</%s> closes %v, before %.80q", m[2], open, rest)
			}
			open = open[:len(open)-1]
		case m[4] == "" && !strings.Contains(voidTags, " "+m[2]+" "):
			open = append(open, m[2])
		}
		for _, a := range attribute.FindAllStringSubmatch(m[3], -1) {
			switch {
			case !strings.Contains(knownAttributes, " "+a[1]+" "):
				t.Errorf("attribute %s of <%s>", a[1], m[2])
			case a[1] == "id":
				if ids[a[2]] {
					t.Errorf("id %s stands twice", a[2])
				}
				ids[a[2]] = true
			case a[1] == "href":
				if !strings.HasPrefix(a[2], "#") {
					t.Errorf("a link leads out: %s", a[2])
				}
				references = append(references, a[2][1:])
			case a[1] == "aria-labelledby":
				references = append(references, strings.Fields(a[2])...)
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("left open: %v", open)
	}
	for _, r := range references {
		if !ids[r] {
			t.Errorf("nothing has the id %s that is referred to", r)
		}
	}
	if strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "NaN") || strings.Contains(page, "Inf") || strings.Contains(page, "%!") {
		t.Error("the page shows a figure or text that is none")
	}
}

// words is the text between tags, as a reader sees it.
func words(s string) string {
	return strings.TrimSpace(html.UnescapeString(markup.ReplaceAllString(s, "")))
}

var (
	tableOf = regexp.MustCompile(`(?s)<table>\s*<caption>(.*?)</caption>(.*?)</table>`)
	rowOf   = regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	cellOf  = regexp.MustCompile(`(?s)<t[hd][^>]*>(.*?)</t[hd]>`)
)

// tableNamed is the table of the page whose caption begins so: its rows of cells, the heads first.
func tableNamed(t *testing.T, page, caption string) [][]string {
	t.Helper()
	for _, m := range tableOf.FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(words(m[1]), caption) {
			continue
		}
		var rows [][]string
		for _, row := range rowOf.FindAllStringSubmatch(m[2], -1) {
			var cells []string
			for _, c := range cellOf.FindAllStringSubmatch(row[1], -1) {
				cells = append(cells, words(c[1]))
			}
			rows = append(rows, cells)
		}
		return rows
	}
	t.Fatalf("no table %q", caption)
	return nil
}

// shown reads what the page prints as money or count.
func shown(t *testing.T, cell string) money.Amount {
	t.Helper()
	v, ok := money.Parse([]byte(strings.ReplaceAll(cell, ",", "")), money.AmountScale)
	if !ok {
		t.Fatalf("%q is no figure", cell)
	}
	return money.Amount(v)
}

// near holds a printed amount against an exact one: to the cent.
func near(t *testing.T, what, cell string, want money.Amount) {
	t.Helper()
	if d := shown(t, cell) - want; d > money.One/200 || d < -money.One/200 {
		t.Errorf("%s: the page shows %s, want %s", what, cell, want)
	}
}

func amountOf(t *testing.T, s string) money.Amount {
	t.Helper()
	v, ok := money.Parse([]byte(s), money.AmountScale)
	if !ok {
		t.Fatalf("%q in the manifest is no amount", s)
	}
	return money.Amount(v)
}

// What the page says about the company, tiers and reconciliation is what the manifest says.
func TestReportAgreesWithManifest(t *testing.T) {
	out := runNight(t, demo(t), 2)
	p, m := page(t, out), out.Manifest
	tiers := tableNamed(t, p, "Customers, net sales and gross profit")
	for i, want := range m.Tiers {
		row := tiers[i+1]
		if diff := cmp.Diff([]string{want.Tier, fmt.Sprint(want.Customers), fmt.Sprint(want.Children)}, row[:3]); diff != "" {
			t.Errorf("tiers: -manifest +page\n%s", diff)
		}
		near(t, want.Tier, row[3], amountOf(t, want.NetSales))
		near(t, want.Tier, row[5], amountOf(t, want.GrossProfit))
	}
	foot := tiers[len(tiers)-1]
	near(t, "all tiers", foot[3], amountOf(t, m.Company.NetSalesWindow))
	near(t, "all tiers", foot[5], amountOf(t, m.Company.GrossProfitWindow))

	books := tableNamed(t, p, "What became of every line")
	r := m.Reconciliation
	var lines, sum money.Amount
	for i, want := range []pipeline.Count{r.Used, r.NoCustomer, r.Cancelled, r.Rejected, r.Read, r.Total, r.Seen, r.After} {
		row := books[i+1]
		if shown(t, row[1]) != money.Amount(want.Lines)*money.One || shown(t, row[2]) != amountOf(t, want.Money) {
			t.Errorf("%s: got %s lines with %s, want %d with %s", row[0], row[1], row[2], want.Lines, want.Money)
		}
		if i < 4 {
			lines, sum = lines+shown(t, row[1]), sum+shown(t, row[2])
		}
	}
	if lines != shown(t, books[5][1]) || sum != shown(t, books[5][2]) {
		t.Errorf("the parts shown are %s lines with %s, the whole %s with %s", lines, sum, books[5][1], books[5][2])
	}

	text := words(p)
	for _, want := range []string{
		"Customers as of " + m.AsOf, m.RunID, fmt.Sprintf("make 80%% of the profit above zero: %d of %d.", m.Company.ProfitVitalCustomers, m.Company.WhalePeakRank),
		fmt.Sprintf("make 80%% of net sales: %d of", m.Company.VitalCustomers), fmt.Sprintf("after %d customers; then", m.Company.WhalePeakRank), fmt.Sprintf("lost again with %d customers", m.Company.WhaleLosers),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, rate := range []string{m.Company.WhalePeakShare, m.Company.VitalShare, m.Company.ProfitVitalShare, m.Company.Top10, m.Company.Top1, m.Cuts.CompanyMarginRate} {
		v, err := strconv.ParseFloat(rate, 64)
		if want := fmt.Sprintf("%.1f%%", 100*v); err != nil || !strings.Contains(text, want) {
			t.Errorf("the page does not show the rate %s of %s (%v)", want, rate, err)
		}
	}
	for _, said := range slices.Concat(m.Off, m.Warnings) {
		if !strings.Contains(text, said) {
			t.Errorf("the page does not say %q", said)
		}
	}
	inputs := tableNamed(t, p, "The files that this run stands on")
	for i, in := range m.Inputs {
		row := inputs[i+1]
		if row[0] != in.Path || row[1] != in.Role || shown(t, row[2]) != money.Amount(in.Bytes)*money.One || row[3] != in.SHA256 {
			t.Errorf("input %d: got %v, want %+v", i, row, in)
		}
	}
}

// The groups of the page are those of customers.parquet, counted and summed up apart.
func TestReportAgreesWithCustomers(t *testing.T) {
	out := runNight(t, demo(t), 2)
	p, s := page(t, out), customersOf(t, out)
	for _, g := range []struct {
		caption, column, net string
		at                   int // column of net on the page
	}{
		{"Quadrants", "quadrant", "net_sales_window", 3}, {"Classes by net sales", "sales_class", "net_sales_window", 3},
		{"Classes by gross profit", "profit_class", "gross_profit_window", 3}, {"RFM segments", "rfm_segment", "net_sales", 5},
		{"Life stages", "life_stage", "net_sales_window", 3}, {"Credit states", "credit_state", "net_sales_window", 4},
	} {
		rows, total := tableNamed(t, p, g.caption)[1:], 0
		for _, row := range rows[:len(rows)-1] {
			name, _, _ := strings.Cut(row[0], ":")
			in := func(i int) bool { return s.text(i, "account_role") != "child" && s.text(i, g.column) == name }
			n := s.count(in)
			total += n
			if row[1] != fmt.Sprint(n) {
				t.Errorf("%s %s: got %s customers, want %d", g.caption, name, row[1], n)
			}
			near(t, g.caption+" "+name, row[g.at], s.sum(g.net, in))
		}
		if foot := rows[len(rows)-1]; foot[1] != fmt.Sprint(total) || total == 0 {
			t.Errorf("%s: got %s in all, want the sum %d", g.caption, foot[1], total)
		}
	}
	for _, row := range tableNamed(t, p, "RFM segments")[1:] {
		if row[1] == "0" {
			continue
		}
		near(t, row[0]+" average", row[4], money.Amount(int64(shown(t, row[5]))*int64(money.One)/int64(shown(t, row[3]))))
	}
}

// The lists of the page are the first rows of the files, in their order.
func TestReportAgreesWithLists(t *testing.T) {
	out := runNight(t, demo(t), 2)
	p := page(t, out)
	for file, want := range map[string]struct {
		caption string
		rows    int
	}{"shortlist": {"Top key accounts", 25}, "develop": {"Develop", 15}, "fix-margin": {"Fix the margin", 15}, "let-go": {"Let go", 15}} {
		records := readCSV(t, filepath.Join(out.Dir, "lists", file+".csv"))
		column := map[string]int{}
		for i, h := range records[0] {
			column[h] = i
		}
		rows := tableNamed(t, p, want.caption)
		heads, rows := rows[0], rows[1:]
		if n := min(want.rows, len(records)-1); len(rows) != 2*n || n == 0 {
			t.Fatalf("%s: got %d lines, want two for each of %d customers", file, len(rows), n)
		}
		for i := 0; i < len(rows); i += 2 {
			r, row := records[1+i/2], rows[i]
			if len(row) != len(heads) || row[0] != r[column["place"]] || row[1] != r[column["name"]]+r[column["customer_id"]] || row[2] != r[column["tier"]] {
				t.Errorf("%s: got %v under %v, want %v", file, row, heads, r)
			}
			near(t, file, row[3], amountOf(t, r[column["net_sales_window"]]))
			near(t, file, row[4], amountOf(t, r[column["gross_profit_window"]]))
			if why := "Why: " + r[column["reason"]] + "Next step: " + r[column["next_step"]]; rows[i+1][0] != why {
				t.Errorf("%s: got %q, want %q", file, rows[i+1][0], why)
			}
		}
	}
}

var (
	polyline = regexp.MustCompile(`<polyline class="curve" points="([^"]*)"`)
	circle   = regexp.MustCompile(`<circle class="peak" cx="([^"]*)" cy="([^"]*)"`)
	totalRow = regexp.MustCompile(`<line class="total" [^>]*y1="([^"]*)"`)
)

// The mark sits on the highest point of the curve, and the curve ends on the line of the total.
func TestReportWhale(t *testing.T) {
	p := page(t, runNight(t, demo(t), 2))
	points := strings.Fields(polyline.FindStringSubmatch(p)[1])
	highest, before := 1e9, -1.0
	for _, point := range points {
		x, y, _ := strings.Cut(point, ",")
		across, err1 := strconv.ParseFloat(x, 64)
		down, err2 := strconv.ParseFloat(y, 64)
		if err1 != nil || err2 != nil || across < before {
			t.Fatalf("point %s after x %v: %v %v", point, before, err1, err2)
		}
		highest, before = min(highest, down), across
	}
	mark := circle.FindStringSubmatch(p)
	if !slices.Contains(points, mark[1]+","+mark[2]) || mark[2] != fmt.Sprintf("%.1f", highest) {
		t.Errorf("got the mark at %s,%s, want it on the curve at height %.1f", mark[1], mark[2], highest)
	}
	if _, end, _ := strings.Cut(points[len(points)-1], ","); totalRow.FindStringSubmatch(p)[1] != end {
		t.Errorf("the curve ends at height %s, the total is at %s", end, totalRow.FindStringSubmatch(p)[1])
	}
}

// The same night gives the same page, whatever the workers.
func TestReportSameBytes(t *testing.T) {
	c := demo(t)
	want := page(t, runNight(t, c, 1))
	for _, workers := range []int{2, 7} {
		c.Out = filepath.Join(t.TempDir(), "out")
		if got := page(t, runNight(t, c, workers)); got != want {
			t.Errorf("%d workers: another page than with one", workers)
		}
	}
}

var (
	inputsOf = regexp.MustCompile(`(?s)<section id="inputs">.*?</section>`)
	footerOf = regexp.MustCompile(`<footer>.*</footer>`)
)

// How the exports are cut, ordered and packed shows in the list of inputs and in the run id, which
// digests them, and nowhere else on the page.
func TestReportOfSameData(t *testing.T) {
	base := demo(t)
	without := func(p string) string { return footerOf.ReplaceAllString(inputsOf.ReplaceAllString(p, ""), "") }
	whole := page(t, runNight(t, base, 1))
	for name, change := range map[string]func(c *pipeline.Config){
		"3 files of shuffled lines": func(c *pipeline.Config) { split(t, c, 3) },
		"gzip":                      func(c *pipeline.Config) { pack(t, c, ".gz", gzipped) },
	} {
		c := base
		c.Out = filepath.Join(t.TempDir(), "out")
		change(&c)
		p := page(t, runNight(t, c, 2))
		if without(p) != without(whole) || inputsOf.FindString(p) == inputsOf.FindString(whole) {
			t.Errorf("%s: the page differs in more than its inputs, or not in them", name)
		}
	}
}

// Names come from strangers: whatever they hold is text.
func TestReportEscapes(t *testing.T) {
	hostile := []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</td></table><h1>x`, `<!-- `, `{{.}}`, "javascript:alert(1)", "\u202eevil", "'--><svg/onload=x>", "]]>", "a\x01b"}
	var orders, crm strings.Builder
	orders.WriteString("order_id,customer_id,ordered_at,product_id,quantity,unit_price,unit_cost\n")
	crm.WriteString("customer_id,name,parent_id\n")
	quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	for i, name := range hostile {
		fmt.Fprintf(&orders, "%d,%s,2024-03-0%d,P,1,100,%d\n", i, quote(name), i%9+1, 10+i*20)
		fmt.Fprintf(&crm, "%s,%s,\n", quote(name), quote("CRM "+name))
	}
	c := small{orders: orders.String(), crm: crm.String()}.config(t, "")
	dir := filepath.Join(t.TempDir(), `<b onclick="x">`)
	c.Orders = []string{put(t, dir, "orders.csv", orders.String())}
	out := runNight(t, c, 2)
	p := page(t, out) // finds foreign tags and attributes
	seen := 0
	for _, name := range hostile {
		want := strings.Map(func(r rune) rune {
			if r < ' ' {
				return ' '
			}
			return r
		}, name)
		if strings.Contains(words(p), "CRM "+want) {
			seen++
		}
	}
	if seen == 0 || !strings.Contains(p, html.EscapeString(`<script>`)) {
		t.Errorf("got %d hostile names on the page, want some, as text", seen)
	}
	if strings.Contains(p, "<script") || strings.Contains(p, "<img") || strings.Contains(p, "<h1>x") {
		t.Error("a name became markup")
	}
}

// Whatever the data lack, there is a page, and it says what is missing.
func TestReportOfOddCompanies(t *testing.T) {
	const head = "order_id,customer_id,ordered_at,product_id,quantity,unit_price,unit_cost\n"
	for _, v := range []struct {
		name  string
		data  small
		yaml  string
		want  []string
		curve bool
	}{
		{"no cost", small{orders: "order_id,customer_id,ordered_at,product_id,quantity,unit_price\n1,A,2024-01-02,P,1,10\n2,B,2024-01-03,P,1,5\n"}, "",
			[]string{"Not drawn: no sales of the window have a known cost", "Margin is high: off", "Gross profit in the window\x00unknown", "The credit gate is off"}, false},
		{"one customer", small{orders: head + "1,A,2024-01-02,P,1,10,4\n"}, "", []string{"The whole gross profit of 6.00 comes from 1 customer"}, true},
		{"no profit", small{orders: head + "1,A,2024-01-02,P,1,10,4\n2,B,2024-01-02,P,1,10,30\n"}, "",
			[]string{"The company makes no profit in the window: 6.00 from 1 customer, less 20.00 lost with 1 customer, leaves -14.00"}, true},
		{"only losses", small{orders: head + "1,A,2024-01-02,P,1,10,14\n"}, "", []string{"makes no profit in the window"}, true},
		{"profit of zero", small{orders: head + "1,A,2024-01-02,P,1,10,10\n"}, "", []string{"Not drawn: no customer earned or lost anything"}, false},
		{"profits that cancel out", small{orders: head + "1,A,2024-01-02,P,1,10,4\n2,B,2024-01-02,P,1,10,16\n"}, "", []string{"leaves 0.00"}, true},
		{"a total of next to nothing", small{orders: head + "1,A,2024-01-02,P,1,1000000,4\n2,B,2024-01-02,P,1,10,1000005.9999\n"}, "", []string{"Profit peaks at"}, true},
		{"nobody in the window", small{orders: head + "1,A,2020-01-02,P,1,10,4\n"}, "as_of: 2024-01-01\n", []string{"Nobody bought in the window."}, false},
		{"returns only", small{orders: head + "1,A,2024-01-02,P,-1,10,4\n"}, "", []string{"Nobody has a purchase", "Gross profit in the window\x00-6.00", "leaves -6.00"}, true},
		{"cost of some", small{orders: head + "1,A,2024-01-02,P,1,10,4\n2,B,2024-01-02,P,1,10,\n"}, "", []string{"1 customer whose cost is known for too little"}, true},
		{"rejects", small{orders: head + "1,A,2024-01-02,P,1,10,4\n2,B,soon,P,1,10,4\n"}, "", []string{"1 of 2 order lines were rejected", "told to publish anyway"}, true},
		{"credit", small{orders: head + "1,A,2024-01-02,P,1,10,4\n2,B,2024-01-02,P,1,10,4\n", crm: "customer_id,credit_blocked,overdue,receivables\nA,yes,0,0\nB,no,60,100\n"},
			"credit: {watch_overdue: 12.345%}\n", []string{"overdue share of receivables above 12.345% and 50%", "blocked by the credit department"}, true},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			c := v.data.config(t, v.yaml)
			c.PublishAnyway = v.name == "rejects"
			p := page(t, runNight(t, c, 2))
			text := words(strings.ReplaceAll(p, `</dt><dd class="value">`, "\x00"))
			for _, want := range v.want {
				if !strings.Contains(text, want) {
					t.Errorf("the page does not say %q", want)
				}
			}
			if got := strings.Contains(p, "<polyline"); got != v.curve {
				t.Errorf("got a whale curve: %v, want %v", got, v.curve)
			}
		})
	}
}

// Real data: the curve of resellers peaks far above its total.
func TestReportOfResellers(t *testing.T) {
	out := runNight(t, resellers(t, "window: all\n"), 2)
	p := page(t, out)
	// 2643543.319 / 470482.6033, reference/retail_numbers.md
	if text := words(p); !strings.Contains(text, "Profit peaks at 561.9% of its total, 2,643,543.32 after 300 customers; then 2,173,060.72 of it is lost again with 335 customers") {
		t.Error("the page does not say where the profit peaks")
	}
	if !strings.Contains(p, "peak: 561.9% at 300 customers") {
		t.Error("the peak is not marked")
	}
}
