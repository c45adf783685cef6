package account

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

func TestReadAccounts(t *testing.T) {
	a, rejects := readAccounts(t, "customer_id,name,parent_id,acquired_on,credit_limit,receivables,dso,credit_blocked,strategic_fit|"+
		"B,Beta,A,2020-02-29 08:30:00,1000.5,-12,31.5,no,4.5|"+
		" A ,Alpha,,2019-01-01,,,,yes,")
	if rejects != nil {
		t.Errorf("got rejects %+v, want none", rejects)
	}
	if diff := cmp.Diff([]string{"A", "B"}, a.ID); diff != "" {
		t.Fatal(diff)
	}
	i, ok := a.Find("B")
	if !ok || a.Len() != 2 {
		t.Fatal("B is not found")
	}
	day, _ := civil.Of(2020, 2, 29)
	check := func(what string, got any, known bool, want any) {
		t.Helper()
		if !known || got != want {
			t.Errorf("%s: got %v, known %v, want %v", what, got, known, want)
		}
	}
	check("name", a.Name.Value[i], a.Name.Known[i], "Beta")
	check("parent", a.ParentID.Value[i], a.ParentID.Known[i], "A")
	check("day", a.AcquiredOn.Value[i], a.AcquiredOn.Known[i], day)
	check("limit", a.CreditLimit.Value[i], a.CreditLimit.Known[i], money.Amount(10_005_000))
	check("receivables", a.Receivables.Value[i], a.Receivables.Known[i], money.Amount(-120_000))
	check("dso", a.DaysSalesOutstanding.Value[i], a.DaysSalesOutstanding.Known[i], money.Quantity(315_000))
	check("fit", a.StrategicFit.Value[i], a.StrategicFit.Known[i], money.Quantity(45_000))
	check("blocked", a.CreditBlocked.Value[i], a.CreditBlocked.Known[i], false)
	if v, known := a.CreditLimit.At(0); known || v != 0 {
		t.Errorf("a blank limit: got %v, known %v, want unknown", v, known)
	}
	if v, known := a.Overdue.At(0); known || v != 0 || a.Has(layout.AccountOverdue) || !a.Has(layout.AccountCreditLimit) {
		t.Error("overdue is in no export: it must be unknown and Has false")
	}
	if diff := cmp.Diff([]int{-1, 1, 0}, a.Align([]string{"0", "B", "A"})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", "A", ""}, a.Parents([]string{"0", "B", "A"})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Counts{Read: 2}, a.Counts); diff != "" {
		t.Error(diff)
	}
}

func TestReadAccountsRejects(t *testing.T) {
	for _, tc := range []struct {
		name, sheet string
		want        []Reject // File, Line and Offset follow from the row
		line        int64
		accounts    int
	}{
		{"missing id drops the row", "customer_id,name| ,x", []Reject{{Column: "customer_id", Reason: "has no customer_id", Row: true}}, 2, 0},
		{"wrong width drops the row", "customer_id,name|A", []Reject{{Reason: "1 fields, the header 2", Row: true}}, 2, 0},
		{"bad day keeps the row", "customer_id,acquired_on|A,2023-02-29", []Reject{{Column: "acquired_on", Value: "2023-02-29", Reason: "YYYY-MM-DD"}}, 2, 1},
		{"ambiguous comma", "customer_id;credit_limit|A;1,234", []Reject{{Column: "credit_limit", Value: "1,234", Reason: "decimal comma"}}, 2, 1},
		{"negative limit", "customer_id,credit_limit|A,-1", []Reject{{Column: "credit_limit", Value: "-1", Reason: "below zero"}}, 2, 1},
		{"rating out of range", "customer_id,strategic_fit|A,5.0001", []Reject{{Column: "strategic_fit", Value: "5.0001", Reason: "0..5"}}, 2, 1},
		{"negative days", "customer_id,dso|A,-1", []Reject{{Column: "days_sales_outstanding", Value: "-1", Reason: "below zero"}}, 2, 1},
		{"no yes or no", "customer_id,credit_blocked|A,maybe", []Reject{{Column: "credit_blocked", Value: "maybe", Reason: "neither yes nor no"}}, 2, 1},
		{"rows that contradict", "customer_id,owner|A,x|A,Zoe Q", []Reject{{Column: "owner", Value: "Zoe Q", Reason: "first at crm.csv:2"}}, 3, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			sh := parseSheet(tc.sheet)
			if strings.Contains(tc.sheet, ";") { // cells with commas
				sh.header = strings.Split(sh.header[0], ";")
				sh.rows[0] = strings.Split(strings.Join(sh.rows[0], ","), ";")
			}
			r, s := resolve(t, layout.CRM, sh.header, "")
			a, got, err := ReadAccounts(sh, r, s)
			if err != nil {
				t.Fatal(err)
			}
			if a.Len() != tc.accounts || len(got) != len(tc.want) {
				t.Fatalf("got %d accounts, rejects %+v, want %d, %+v", a.Len(), got, tc.accounts, tc.want)
			}
			for i, w := range tc.want {
				g := got[i]
				if g.File != "crm.csv" || g.Line != tc.line || g.Offset != 10*(tc.line-1) || g.Column != w.Column ||
					g.Value != w.Value || g.Row != w.Row || !strings.Contains(g.Reason, w.Reason) {
					t.Errorf("got %+v, want line %d and %+v", g, tc.line, w)
				}
				if g.Value != "" && strings.Contains(g.Reason, g.Value) {
					t.Errorf("reason %q repeats the cell", g.Reason)
				}
			}
		})
	}
}

func TestRowsOfOneAccount(t *testing.T) {
	a, rejects := readAccounts(t, "customer_id,name,owner,region|A,n,,r|A,n,o,|A,n,o,r")
	if rejects != nil || a.Len() != 1 || a.Counts != (Counts{Read: 3, Folded: 2}) {
		t.Fatalf("rows that complete each other: got %d accounts, %+v, rejects %+v", a.Len(), a.Counts, rejects)
	}
	if a.Name.Value[0] != "n" || a.Owner.Value[0] != "o" || a.Region.Value[0] != "r" {
		t.Errorf("got %q, %q, %q, want n, o, r", a.Name.Value[0], a.Owner.Value[0], a.Region.Value[0])
	}
	// A contradiction is told once, and a third row does not mend it.
	a, rejects = readAccounts(t, "customer_id,owner|A,x|A,y|A,x|A,y")
	if v, known := a.Owner.At(0); known || v != "" || len(rejects) != 1 {
		t.Errorf("got %q, known %v, %d rejects, want unknown and 1", v, known, len(rejects))
	}
}

func TestCreditBlockedTicks(t *testing.T) {
	for _, tc := range []struct {
		name, sheet string
		want        string // per account: y, n or ?
	}{
		{"x and blank: a ticked box", "customer_id,credit_blocked|A,X|B,|C,x", "yny"},
		{"blank beside other words", "customer_id,credit_blocked|A,x|B,|C,no", "y?n"},
		{"all blank", "customer_id,credit_blocked|A,|B,", "??"},
		{"blank beside yes", "customer_id,credit_blocked|A,yes|B,", "y?"},
		{"ticked and not ticked in two rows", "customer_id,credit_blocked|A,x|A,", "?"},
		{"Chinese", "客户编码,信用冻结|A,是|B,否", "yn"},
		{"bad word is no tick", "customer_id,credit_blocked|A,x|B,|C,maybe", "y??"},
	} {
		a, _ := readAccounts(t, tc.sheet)
		got := ""
		for i := range a.ID {
			switch v, known := a.CreditBlocked.At(i); {
			case !known:
				got += "?"
			case v:
				got += "y"
			default:
				got += "n"
			}
		}
		if got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestReadError(t *testing.T) {
	broken := errors.New("disk")
	sh := parseSheet("customer_id|A")
	sh.end = broken
	r, s := resolve(t, layout.CRM, sh.header, "")
	if _, _, err := ReadAccounts(sh, r, s); !errors.Is(err, broken) {
		t.Errorf("got %v, want the reader's error", err)
	}
	sh = parseSheet("product_id,unit_cost|A,1")
	sh.end = broken
	r, s = resolve(t, layout.Products, sh.header, "")
	if _, _, err := ReadProducts(sh, r, s); !errors.Is(err, broken) {
		t.Errorf("got %v, want the reader's error", err)
	}
}

func TestNullsOfTheFormat(t *testing.T) {
	sh := parseSheet("customer_id,owner|A,x|B,y|C,z")
	sh.null = [][]bool{{false, true}, {true, false}, nil}
	r, s := resolve(t, layout.CRM, sh.header, "")
	a, rejects, err := ReadAccounts(sh, r, s)
	if err != nil || len(rejects) != 1 || !rejects[0].Row || rejects[0].Line != 3 {
		t.Fatalf("got %+v, %v, want the row of line 3 dropped", rejects, err)
	}
	if diff := cmp.Diff(Column[string]{Value: []string{"", "z"}, Known: []bool{false, true}}, a.Owner); diff != "" {
		t.Error(diff)
	}
}

func TestSeveralExports(t *testing.T) {
	b := NewBuilder(layout.Settings{FloatIDs: true})
	for _, s := range []string{"customer_id,owner,parent_id|2.0,x,1.0", "name,Account ID|Beta,2|Alpha,1"} {
		sh := parseSheet(s)
		r, _ := resolve(t, layout.CRM, sh.header, "")
		if err := b.Read(sh, r); err != nil {
			t.Fatal(err)
		}
	}
	a, rejects := b.Build()
	if rejects != nil || !cmp.Equal(a.ID, []string{"1", "2"}) || a.ParentID.Value[1] != "1" || a.Name.Value[1] != "Beta" || a.Owner.Value[1] != "x" {
		t.Errorf("got %+v, rejects %+v", a, rejects)
	}
}

// The order of rows does not show in the accounts, and the rows balance.
func TestPermutation(t *testing.T) {
	header := strings.Split("customer_id,name,parent_id,acquired_on,credit_limit,credit_blocked", ",")
	r, s := resolve(t, layout.CRM, header, "")
	opts := cmp.AllowUnexported(Accounts{})
	rapid.Check(t, func(t *rapid.T) {
		cell := func(words ...string) *rapid.Generator[string] { return rapid.SampledFrom(words) }
		row := rapid.Custom(func(t *rapid.T) []string {
			return []string{
				cell("A", "B", "C", "", "D").Draw(t, "id"), cell("n", "m", "").Draw(t, "name"), cell("A", "B", "").Draw(t, "parent"),
				cell("2020-01-01", "2020-01-01 10:00", "2021-01-01", "", "bad").Draw(t, "day"),
				cell("1", "1.00", "2", "", "x").Draw(t, "limit"), cell("x", "", "x", "no", "?").Draw(t, "blocked"),
			}
		})
		rows := rapid.SliceOfN(row, 0, 12).Draw(t, "rows")
		read := func(rows [][]string) (*Accounts, []Reject) {
			a, rejects, err := ReadAccounts(&sheet{file: "f", header: header, rows: rows}, r, s)
			if err != nil {
				t.Fatal(err)
			}
			return a, rejects
		}
		a, ra := read(rows)
		b, rb := read(rapid.Permutation(rows).Draw(t, "permuted"))
		if diff := cmp.Diff(a, b, opts); diff != "" || len(ra) != len(rb) {
			t.Fatalf("permuted: %s, %d and %d rejects", diff, len(ra), len(rb))
		}
		if c := a.Counts; c.Read != int64(len(rows)) || c.Read != int64(a.Len())+c.Folded+c.Rejected {
			t.Fatalf("rows do not balance: %+v with %d accounts of %d rows", c, a.Len(), len(rows))
		}
		if !sort.StringsAreSorted(a.ID) {
			t.Fatalf("ids do not ascend: %q", a.ID)
		}
		if diff := cmp.Diff(naiveNames(rows), names(a)); diff != "" {
			t.Fatalf("names: %s", diff)
		}
	})
}

// naiveNames is the rule for one field, written as sets: one distinct name is known, others are not.
func naiveNames(rows [][]string) map[string]string {
	sets := map[string]map[string]bool{}
	for _, r := range rows {
		if r[0] == "" {
			continue
		}
		if sets[r[0]] == nil {
			sets[r[0]] = map[string]bool{}
		}
		if r[1] != "" {
			sets[r[0]][r[1]] = true
		}
	}
	out := map[string]string{}
	for id, names := range sets {
		out[id] = "unknown"
		for n := range names {
			if len(names) == 1 {
				out[id] = n
			}
		}
	}
	return out
}

func names(a *Accounts) map[string]string {
	out := map[string]string{}
	for i, id := range a.ID {
		out[id] = "unknown"
		if n, known := a.Name.At(i); known {
			out[id] = n
		}
	}
	return out
}

func TestCells(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want money.Amount
		ok   bool
	}{
		{"0", 0, true}, {"12.5", 125_000, true}, {"-12.5", -125_000, true}, {"1,234.50", 12_345_000, true},
		{"1,234,567", 12_345_670_000, true}, {"$1,234.50", 12_345_000, true}, {"12.5 €", 125_000, true}, {"１２．５", 125_000, true},
		{"￥100", 1_000_000, true}, {"-1,234.5", -12_345_000, true},
		{"1,234", 0, false}, {"12,34.5", 0, false}, {"1.234,56", 0, false}, {",1.5", 0, false}, {"1,2345.0", 0, false}, {"1.5,000", 0, false},
		{"abc", 0, false}, {"1 2", 0, false}, {"NaN", 0, false}, {"99999999999999999999", 0, false}, {"$", 0, false}, {"1,,234.0", 0, false},
	} {
		got, reason := amount(tc.in)
		if (reason == "") != tc.ok || (tc.ok && got != tc.want) {
			t.Errorf("amount(%q) = %v, %q, want %v, ok %v", tc.in, got, reason, tc.want, tc.ok)
		}
	}
	for in, ok := range map[string]bool{
		"2020-01-01": true, "2020-01-01T00:00": true, "2020-01-01 23:59:59.999+02:00": true, "2020-01-01 24:00": false,
		"2020-01-01 1:00": false, "2020-01-0": false, "2020-01-01x10:00": false, "2020-01-01 ": false, "0000-00-00": false,
		"2020-13-01": false, "01/02/2020": false, "20200101": false, "2020-01-01 12:60": false,
	} {
		if _, reason := day(in); (reason == "") != ok {
			t.Errorf("day(%q): got reason %q, want ok %v", in, reason, ok)
		}
	}
	for in, ok := range map[string]bool{"0.35": true, "35%": true, "-10": true, "1": true, "1.01": false, "35": false, "-11": false, "": false} {
		if _, reason := margin(in); (reason == "") != ok {
			t.Errorf("margin(%q): got reason %q, want ok %v", in, reason, ok)
		}
	}
}

// A number written with grouped thousands is the number.
func TestGroupedNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64Range(-1e15, 1e15).Draw(t, "v")
		plain := fmt.Sprintf("%d.5", v)
		var grouped []byte
		whole, sign := strings.TrimPrefix(plain[:len(plain)-2], "-"), ""
		if v < 0 {
			sign = "-"
		}
		for i := range len(whole) {
			if i > 0 && (len(whole)-i)%3 == 0 {
				grouped = append(grouped, ',')
			}
			grouped = append(grouped, whole[i])
		}
		a, ra := number(plain, 1)
		b, rb := number(sign+string(grouped)+".5", 1)
		if a != b || ra != "" || rb != "" {
			t.Errorf("%s: got %d, %q, grouped %d, %q", plain, a, ra, b, rb)
		}
	})
}

func FuzzCells(f *testing.F) {
	for _, s := range []string{"", "1", "1,234.50", "2020-01-01 10:00", "35%", "$ 5", "，", "1e9", "x", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, reason := day(s); (reason == "") != v.Known() {
			t.Errorf("day(%q) = %v, %q", s, v, reason)
		}
		if v, reason := gain(s); reason == "" {
			// What was accepted must read back as itself.
			if again, r := amount(v.String()); r != "" || again != v || v < 0 {
				t.Errorf("gain(%q) = %v, reads back as %v, %q", s, v, again, r)
			}
		}
		if v, reason := margin(s); reason == "" && (v > money.OneRate || v < -10*money.OneRate) {
			t.Errorf("margin(%q) = %v is out of range", s, v)
		}
		_, _ = rating(s)
		_, _ = days(s)
		_, _ = price(s)
		_, _ = word(s)
	})
}

func TestRealResellers(t *testing.T) {
	sh := openCSV(t, 0, "aw_pl300_flat", "Resellers.csv")
	r, s := resolve(t, layout.CRM, sh.header, "adventureworks")
	a, rejects, err := ReadAccounts(sh, r, s)
	if err != nil || rejects != nil {
		t.Fatalf("got %v, %+v", err, rejects)
	}
	// 701 rows, as in DimReseller.
	if a.Len() != 701 || a.Counts.Read != 701 {
		t.Errorf("got %d accounts of %d rows, want 701", a.Len(), a.Counts.Read)
	}
	i, ok := a.Find("1")
	if !ok || a.Name.Value[i] != "A Bike Store" || a.Segment.Value[i] != "Value Added Reseller" || a.Region.Value[i] != "United States" {
		t.Errorf("reseller 1: got %q, %q, %q", a.Name.Value[i], a.Segment.Value[i], a.Region.Value[i])
	}
}

func TestRealSuperstore(t *testing.T) {
	sh := openCSV(t, 9994, "us_superstore_stacked", "superstore.csv")
	r, s := resolve(t, layout.CRM, sh.header, "superstore")
	a, rejects, err := ReadAccounts(sh, r, s)
	if err != nil || rejects != nil {
		t.Fatalf("got %v, %d rejects, first %+v", err, len(rejects), rejects[:min(len(rejects), 1)])
	}
	if a.Len() != 793 || a.Counts.Folded != 9994-793 {
		t.Errorf("got %d accounts, %+v, want 793", a.Len(), a.Counts)
	}
}
