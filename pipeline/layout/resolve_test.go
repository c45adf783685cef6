package layout

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// got is the mapping of a header in a form that reads well in a diff: column -> header (rule).
func got(r Resolved) map[string]string {
	m := map[string]string{}
	for _, x := range r.Matches {
		m[x.Column.String()] = x.Header + " (" + x.Rule.String() + ")"
	}
	return m
}

func split(s string) []string { return strings.Split(s, ",") }

func TestResolve(t *testing.T) {
	minimal := "order_id,customer_id,ordered_at,amount"
	for _, tc := range []struct {
		name     string
		kind     Kind
		headers  string
		mapping  Mapping
		want     map[string]string
		unmapped []string
	}{
		{name: "canonical", headers: minimal, want: map[string]string{
			"order_id": "order_id (canonical name)", "customer_id": "customer_id (canonical name)",
			"ordered_at": "ordered_at (canonical name)", "amount": "amount (canonical name)"}},
		{name: "a folded canonical name wins over an alias", headers: "Order ID,Invoice,Customer ID,Date,Amount", want: map[string]string{
			"order_id": "Order ID (canonical name)", "customer_id": "Customer ID (canonical name)",
			"ordered_at": "Date (common name)", "amount": "Amount (canonical name)"}, unmapped: []string{"Invoice"}},
		{name: "an exactly written canonical name wins over a folded one", headers: "Amount," + minimal, want: map[string]string{
			"order_id": "order_id (canonical name)", "customer_id": "customer_id (canonical name)",
			"ordered_at": "ordered_at (canonical name)", "amount": "amount (canonical name)"}, unmapped: []string{"Amount"}},
		{name: "an assignment wins over the canonical name", headers: minimal + ",Net",
			mapping: Mapping{Assignments: []Assignment{{"amount", "Net"}}}, want: map[string]string{
				"order_id": "order_id (canonical name)", "customer_id": "customer_id (canonical name)",
				"ordered_at": "ordered_at (canonical name)", "amount": "Net (--map)"}, unmapped: []string{"amount"}},
		{name: "an assignment takes the header from every other column", headers: "Sales,customer_id,ordered_at,amount",
			mapping: Mapping{Assignments: []Assignment{{"Order-ID", " sales"}}}, want: map[string]string{
				"order_id": "Sales (--map)", "customer_id": "customer_id (canonical name)",
				"ordered_at": "ordered_at (canonical name)", "amount": "amount (canonical name)"}},
		{name: "a position settles duplicate and blank headers", headers: "x,x,,amount",
			mapping: Mapping{Assignments: []Assignment{{"order_id", "#1"}, {"customer_id", "#2"}, {"ordered_at", "#3"}}},
			want: map[string]string{"order_id": "x (--map)", "customer_id": "x (--map)", "ordered_at": " (--map)",
				"amount": "amount (canonical name)"}},
		{name: "an alias does not take what an assignment took", headers: minimal + ",Price",
			mapping: Mapping{Assignments: []Assignment{{"cost", "Price"}}}, want: map[string]string{
				"order_id": "order_id (canonical name)", "customer_id": "customer_id (canonical name)",
				"ordered_at": "ordered_at (canonical name)", "amount": "amount (canonical name)", "cost": "Price (--map)"}},
		{name: "without aliases", headers: minimal + ",Price", mapping: Mapping{NoAliases: true}, want: map[string]string{
			"order_id": "order_id (canonical name)", "customer_id": "customer_id (canonical name)",
			"ordered_at": "ordered_at (canonical name)", "amount": "amount (canonical name)"}, unmapped: []string{"Price"}},
		{name: "quantity and unit price stand for the amount", headers: "order_id,customer_id,ordered_at,Qty,Unit Price",
			want: map[string]string{
				"order_id": "order_id (canonical name)", "customer_id": "customer_id (canonical name)",
				"ordered_at": "ordered_at (canonical name)", "quantity": "Qty (common name)", "unit_price": "Unit Price (canonical name)"}},
		{name: "a setting replaces the order id", headers: "customer_id,ordered_at,amount",
			mapping: Mapping{Settings: Settings{OrderPerDay: true}}, want: map[string]string{
				"customer_id": "customer_id (canonical name)", "ordered_at": "ordered_at (canonical name)", "amount": "amount (canonical name)"}},
		{name: "Chinese ERP", headers: "单据编号,单据日期,客户编码,销售人员,销售金额,商品编码,数量", want: map[string]string{
			"order_id": "单据编号 (common name)", "ordered_at": "单据日期 (common name)", "customer_id": "客户编码 (common name)",
			"salesperson": "销售人员 (common name)", "amount": "销售金额 (common name)", "product_id": "商品编码 (common name)",
			"quantity": "数量 (common name)"}},
		{name: "an unqualified assignment is optional where another kind owns the name", kind: CRM, headers: "Account ID",
			mapping: Mapping{Assignments: []Assignment{{"customer_id", "Kunde"}, {"quantity", "Menge"}}},
			want:    map[string]string{"customer_id": "Account ID (common name)"}},
		{name: "a qualified assignment", kind: CRM, headers: "Account ID,Kunde",
			mapping: Mapping{Assignments: []Assignment{{"crm.customer_id", "Kunde"}, {"orders.customer_id", "X"}}},
			want:    map[string]string{"customer_id": "Kunde (--map)"}, unmapped: []string{"Account ID"}},
		{name: "products", kind: Products, headers: "SKU,Cost,Product Name", want: map[string]string{
			"product_id": "SKU (common name)", "unit_cost": "Cost (common name)", "name": "Product Name (common name)"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := Resolve(tc.kind, split(tc.headers), tc.mapping)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got(r)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.unmapped, r.Unmapped); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestResolveFaults(t *testing.T) {
	for _, tc := range []struct {
		name    string
		kind    Kind
		headers string
		maps    []Assignment
		want    []string
	}{
		{"nothing fits: every need at once", Orders, "Custmer ID,Foo,Dat,amnt", nil, []string{
			"no column for order_id;", `the nearest is "Custmer ID": add --map 'customer_id=Custmer ID'`,
			"--map ordered_at=Dat", "no column for amount, or quantity and unit_price;", "--map amount=amnt",
			`the file has "Custmer ID", "Foo", "Dat", "amnt"`}},
		{"the alternative closest to complete is asked for", Orders, "order_id,customer_id,date,quantity,Unit Prise", nil,
			[]string{"--map 'unit_price=Unit Prise'"}},
		{"two aliases", Orders, "order_id,Customer No,Client Code,date,amount", nil, []string{
			`customer_id could be "Customer No", "Client Code"`, "--map 'customer_id=Customer No' or --map 'customer_id=Client Code'"}},
		{"two aliases of a qualified column", CRM, "Customer No,Client Code", nil, []string{"--map 'crm.customer_id=Customer No'"}},
		{"a mapped header twice", Orders, "order_id,order_id,customer_id,date,amount", nil, []string{
			`header "order_id" of order_id stands in columns 1, 2`, "--map 'order_id=#1'"}},
		{"an unknown column", Orders, "order_id,customer_id,date,amount", []Assignment{{"custmer_id", "x"}}, []string{
			`"custmer_id" is no canonical column: did you mean customer_id?`}},
		{"an unknown column of a kind", Orders, "order_id,customer_id,date,amount", []Assignment{{"crm.nam", "x"}}, []string{
			`"crm.nam"`, "did you mean crm.name?"}},
		{"an unknown header", Orders, "order_id,Kunde,date,amount", []Assignment{{"customer_id", "Kunden"}}, []string{
			`the file has no header "Kunden"`, "did you mean --map customer_id=Kunde?"}},
		{"one column from two headers", Orders, "order_id,customer_id,date,A,B", []Assignment{{"amount", "A"}, {"amount", "B"}},
			[]string{`amount could be "A", "B" (--map): keep one of`}},
		{"one header for two columns", Orders, "order_id,customer_id,date,A", []Assignment{{"amount", "A"}, {"profit", "A"}},
			[]string{`header "A" is given to amount and profit`}},
		{"crm without id", CRM, "Name,City", nil, []string{"crm: no column for customer_id", "--map crm.customer_id=HEADER"}},
		{"product without anything to know", Products, "SKU,Colour", nil, []string{
			"no column for unit_cost, or margin_rate, or category", "--map products.unit_cost=HEADER"}},
		{"a wide file is not listed whole", Orders, "a" + strings.Repeat(",a", 99), nil, []string{`"a" and 60 more`}},
		{"no header at all", Orders, "", nil, []string{"no column for customer_id"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Resolve(tc.kind, split(tc.headers), Mapping{Assignments: tc.maps})
			if err == nil {
				t.Fatal("got no error")
			}
			for _, w := range tc.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("got %q, want it to say %q", err, w)
				}
			}
		})
	}
	if _, err := Resolve(Orders, make([]string, maxHeaders+1), Mapping{}); !errors.Is(err, ErrTooWide) {
		t.Errorf("got %v, want ErrTooWide", err)
	}
}

// Every suggested flag must be one that ParseAssignment reads and that names the column again.
func TestFlagReadsBack(t *testing.T) {
	for _, k := range Kinds() {
		for _, c := range k.Columns() {
			a, err := ParseAssignment(c.Flag() + "=a=b c")
			if err != nil || a.Header != "a=b c" {
				t.Fatalf("%s: got %v, %v", c, a, err)
			}
			back, applies, must, err := a.target(k)
			if err != nil || back != c || !applies || !must {
				t.Errorf("%s %s: got %v, %v, %v, %v", k, c, back, applies, must, err)
			}
		}
	}
	for _, s := range []string{"", "=", "a=", "=a", "a"} {
		if _, err := ParseAssignment(s); err == nil || !strings.Contains(err.Error(), "NAME=HEADER") {
			t.Errorf("ParseAssignment(%q): got %v, want an error that shows the form", s, err)
		}
	}
}

func TestPresetCandidates(t *testing.T) {
	p, err := ParsePreset([]byte("orders:\n  amount: [Netto, Betrag]\n  channel: []\n"))
	if err != nil {
		t.Fatal(err)
	}
	resolve := func(headers string, m Mapping) map[string]string {
		m.Preset = p
		r, err := Resolve(Orders, split("order_id,customer_id,date,"+headers), m)
		if err != nil {
			t.Fatal(err)
		}
		return got(r)
	}
	if g := resolve("amount,Betrag,Netto", Mapping{})["amount"]; g != "Netto (preset)" {
		t.Errorf("first candidate: got %s", g)
	}
	if g := resolve("amount,betrag", Mapping{})["amount"]; g != "betrag (preset)" {
		t.Errorf("second candidate: got %s", g)
	}
	if g := resolve("Sales", Mapping{})["amount"]; g != "Sales (common name)" {
		t.Errorf("no candidate: got %s", g)
	}
	if g, ok := resolve("Sales,channel,sales channel", Mapping{})["channel"]; ok {
		t.Errorf("an empty list: got %s, want it unmapped", g)
	}
	if g := resolve("Netto,Betrag", Mapping{Assignments: []Assignment{{"profit", "Netto"}}})["amount"]; g != "Betrag (preset)" {
		t.Errorf("a header an assignment took: got %s", g)
	}
}

// For any header and any assignments Resolve ends, gives the same answer again, and its answer holds
// together; moving columns about moves the indices and nothing else.
func TestResolveProperties(t *testing.T) {
	words := []string{"order_id", "Order ID", "invoice", "customer_id", "Kunde", "客户编码", "date", "Order Date", "amount",
		"Sales", "qty", "Quantity", "price", "unit_price", "SKU", "cost", "Profit", "", " ", "x", "status", "Category", "name", "email"}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(Kinds()).Draw(t, "kind")
		headers := rapid.SliceOfN(rapid.SampledFrom(words), 0, 14).Draw(t, "headers")
		var as []Assignment
		for range rapid.IntRange(0, 3).Draw(t, "assignments") {
			as = append(as, Assignment{rapid.SampledFrom([]string{"customer_id", "crm.name", "amount", "cost", "nosuch"}).Draw(t, "name"),
				rapid.SampledFrom(words).Draw(t, "header")})
		}
		m := Mapping{Assignments: as, Settings: Settings{OrderPerDay: rapid.Bool().Draw(t, "per day")}}
		a, errA := Resolve(k, headers, m)
		b, errB := Resolve(k, headers, m)
		if diff := cmp.Diff(got(a), got(b)); diff != "" || text(errA) != text(errB) {
			t.Fatalf("twice the same: %s %v %v", diff, errA, errB)
		}
		used := map[int]bool{}
		for _, x := range a.Matches {
			if x.Index < 0 || x.Index >= len(headers) || headers[x.Index] != x.Header || a.Index(x.Column) != x.Index || x.Rule == RuleNone {
				t.Fatalf("match %+v does not fit header %q", x, headers)
			}
			if used[x.Index] && errA == nil {
				t.Fatalf("header %d is used twice without a fault", x.Index)
			}
			used[x.Index] = true
		}
		if len(a.Unmapped)+len(used) != len(headers) {
			t.Fatalf("got %d mapped + %d unmapped, want %d headers", len(used), len(a.Unmapped), len(headers))
		}
		if errA == nil {
			for _, need := range k.Needs(m.Settings) {
				if !satisfied(a, need) {
					t.Fatalf("no error, but %s is missing in %q", need, headers)
				}
			}
		}
		p, errP := Resolve(k, rapid.Permutation(headers).Draw(t, "permuted"), m)
		if (errA == nil) != (errP == nil) {
			t.Fatalf("permuted: got error %v, want %v", errP, errA)
		}
		if diff := cmp.Diff(got(a), got(p)); errA == nil && diff != "" {
			t.Fatalf("permuted: %s", diff)
		}
	})
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func satisfied(r Resolved, need Need) bool {
	for _, all := range need.Any {
		ok := true
		for _, c := range all {
			ok = ok && r.Has(c)
		}
		if ok {
			return true
		}
	}
	return false
}

func TestColumns(t *testing.T) {
	n := 0
	for _, k := range Kinds() {
		seen := map[string]bool{}
		for _, c := range k.Columns() {
			n++
			if back, ok := k.Column(c.String()); !ok || back != c || c.Kind() != k || seen[c.String()] {
				t.Errorf("%s %s: got %v, %v, kind %v, seen %v", k, c, back, ok, c.Kind(), seen[c.String()])
			}
			seen[c.String()] = true
		}
	}
	if n != int(columns) {
		t.Errorf("got %d columns, want %d", n, columns)
	}
	defer func() {
		if recover() == nil {
			t.Error("Index of another kind's column must panic")
		}
	}()
	r := Resolved{Kind: Orders}
	r.Index(AccountID)
}

func TestAliasTable(t *testing.T) {
	if _, err := parseAliases([]byte("orders:\n  amount: [x]\n  cost: [X]\n")); err == nil {
		t.Error("a name of two columns: got no error")
	}
	for k, n := range map[Kind]int{Orders: 200, CRM: 90, Products: 60} {
		if got := len(commonAliases()[k]); got < n {
			t.Errorf("%s: got %d names, want at least %d", k, got, n)
		}
	}
	// Names that the package comment lists as ambiguous must stay out.
	for _, name := range []string{"Discount", "Margin", "折扣率", "价税合计", "含税金额", "Item", "Product", "Item Price", "Extended Amount"} {
		if c, ok := commonAliases()[Orders][Fold(name)]; ok {
			t.Errorf("%s: got %s, want it in no table", name, c)
		}
	}
	for _, name := range []string{"Parent Account", "Created Date"} {
		if c, ok := commonAliases()[CRM][Fold(name)]; ok {
			t.Errorf("%s: got %s, want it in no table", name, c)
		}
	}
}

// The distance has a naive twin: the recursive definition.
func TestDistance(t *testing.T) {
	var naive func(a, b []rune) int
	naive = func(a, b []rune) int {
		switch {
		case len(a) == 0:
			return len(b)
		case len(b) == 0:
			return len(a)
		case a[0] == b[0]:
			return naive(a[1:], b[1:])
		}
		return 1 + min(naive(a[1:], b), naive(a, b[1:]), naive(a[1:], b[1:]))
	}
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SliceOfN(rapid.SampledFrom([]rune("ab客")), 0, 6)
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		if got, want := distance(a, b), naive(a, b); got != want {
			t.Errorf("distance(%q, %q) = %d, want %d", string(a), string(b), got, want)
		}
	})
}
