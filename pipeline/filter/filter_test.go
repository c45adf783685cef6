package filter_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/filter"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"pgregory.net/rapid"
)

func mustTable(t interface{ Fatal(...any) }, cols ...table.Column) *table.Table {
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// four customers, of which the last is unknown in all respects.
func four(t interface{ Fatal(...any) }) *table.Table {
	known := []bool{true, true, true, false}
	return mustTable(t,
		table.Strings("name", "", []string{"Able & Sons", "Bäcker", "100%_\\x", ""}, known),
		table.Coded("region", "class", []uint8{0, 1, 0, 0}, []string{"North", "South"}, known),
		table.Ints("orders", "count", []int64{3, 10, 0, 0}, known),
		table.Floats("key_score", "score", []float64{80.5, 80, math.NaN(), math.NaN()}, nil),
		table.Amounts("net_sales", "money:EUR", []money.Amount{999_999_99, 1_000_000, 0, 0}, known),
		table.Quantities("units", "quantity", []money.Quantity{15_000, 10_000, 1, 0}, known),
		table.Days("last_day", "day", []civil.Day{19_723, 19_724, 0, civil.Unknown}, nil), // 2024-01-01, 2024-01-02, 1970-01-01
		table.Bools("tier_by_hand", "", []bool{true, false, true, false}, known))
}

func fields(t *table.Table) []table.Field {
	var out []table.Field
	for i := range t.Columns() {
		c := &t.Columns()[i]
		out = append(out, table.Field{Name: c.Name, Unit: c.Unit, Kind: c.Kind()})
	}
	return out
}

func TestSelect(t *testing.T) {
	tab := four(t)
	defer tab.Release()
	for condition, want := range map[string][]int32{
		"region = 'North'":                                   {0, 2},
		"REGION='North' AND Key_Score>80":                    {0},
		"region <> 'North'":                                  {1},
		"not region = 'North'":                               {1},
		"region = 'North' or region is null":                 {0, 2, 3},
		"region is not null":                                 {0, 1, 2},
		"region in ('South', 'West')":                        {1},
		"region not in ('South')":                            {0, 2},
		"key_score >= 80 and key_score <= 80":                {1},
		"key_score <> 80":                                    {0},
		"80 < key_score":                                     {0},
		"net_sales = 9999.9999":                              {0},
		"net_sales = 9999.99990001 or net_sales = 9999.9990": nil,
		"net_sales > 9999.9999 or net_sales < 0.00001 and net_sales <> 0": nil, "net_sales > 9999.99985": {0},
		"net_sales >= 100 and net_sales < 100.00000001":         {1},
		"net_sales between 0 and 100":                           {1, 2},
		"net_sales not between 0 and 100":                       {0},
		"orders > 2.5 and orders < 3.5":                         {0},
		"orders in (3, 10.0, 1e1)":                              {0, 1},
		"units > 1 and units < 1e20":                            {0},
		"last_day = '2024-01-02'":                               {1},
		"last_day between '1970-01-01' and '2024-01-01'":        {0, 2},
		"tier_by_hand":                                          {0, 2},
		"not tier_by_hand":                                      {1},
		"tier_by_hand = false or tier_by_hand is null":          {1, 3},
		"name like 'A%'":                                        {0},
		"name like 'B_cker'":                                    {1},
		"name like '%Sons' or name like '100\\%\\_\\\\%'":       {0, 2},
		"name not like '%e%'":                                   {2},
		"name like '%'":                                         {0, 1, 2},
		"\"name\" = 'B' or name > 'B'":                          {1},
		"not (region = 'North' and key_score > 80)":             {1},
		"region = 'West' or (orders = 0 and key_score is null)": {2},
		"orders > units":                                        {0, 1},
		"last_day <= last_day":                                  {0, 1, 2},
		"key_score > orders\n and orders != 3":                  {1},
	} {
		c, err := filter.Compile(condition, fields(tab))
		if err != nil {
			t.Errorf("%s: %v", condition, err)
			continue
		}
		if got := c.Select(nil, tab); !slices.Equal(got, want) {
			t.Errorf("%s: got rows %v, want %v", condition, got, want)
		}
		if got := c.NaiveSelect(tab); !slices.Equal(got, want) {
			t.Errorf("%s: the naive twin got rows %v, want %v", condition, got, want)
		}
	}
}

func TestColumnsAndMentions(t *testing.T) {
	tab := four(t)
	defer tab.Release()
	c, err := filter.Compile("REGION = 'North' and (orders > 1 or region in ('a', 'b')) and name like 'x'", fields(tab))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.Columns(), " "); got != "region orders name" {
		t.Errorf("got columns %s", got)
	}
	if got := fmt.Sprint(c.Mentions()); got != "[{region North} {region a} {region b}]" {
		t.Errorf("got mentions %s", got)
	}
}

// Each fault says what to do and marks its place.
func TestErrors(t *testing.T) {
	tab := four(t)
	defer tab.Release()
	for _, c := range []struct{ condition, mark, says string }{
		{"", "", "position 1: the condition is empty"},
		{"regoin = 'North'", "regoin", `position 1: there is no column "regoin"; the nearest are region`},
		{"orders > 1 and scoree > 80", "scoree", `position 16: there is no column "scoree"`},
		{"region = North", "North", "text goes in single quotes: 'North'"},
		{"region = \"North\"", "\"North\"", `there is no column "North"`},
		{"region = 5", "5", "region is text: put the value in single quotes, '5'"},
		{"key_score > '80'", "'80'", "key_score is a number: write the number without quotes"},
		{"key_score > 'high'", "'high'", "compare it with a number"},
		{"net_sales > '1.000,00'", "'1.000,00'", "net_sales is an amount of money: compare it with a number"},
		{"net_sales > 1,000", ",", "join conditions by and, or"},
		{"net_sales > 1.000.000", "1.000.000", "1.000.000 is no number; write it like 1234.5, without thousands marks"},
		{"net_sales > 10k", "10k", "is no number"},
		{"net_sales > 1e999", "1e999", "is no number"},
		{"last_day > 2024-01-01", "2024-01-01", "put a day in single quotes"},
		{"last_day > '2024-13-01'", "'2024-13-01'", "last_day is a day, which '2024-13-01' is not: write it as 'YYYY-MM-DD'"},
		{"last_day > 5", "5", "last_day is a day: write it as 'YYYY-MM-DD'"},
		{"tier_by_hand = 1", "1", "compare it with true or false"},
		{"tier_by_hand > true", ">", "compare it by = or <>"},
		{"region", "region", "region is text: compare it, such as region = 'text'"},
		{"region = null", "null", "nothing equals null; write region is null"},
		{"region in ('a', null)", "null", "nothing equals null"},
		{"region = 'North", "'North", "the text that begins here has no closing quote"},
		{"region = ‘North’", "‘", "put text between straight quotes"},
		{"region = 'a' region = 'b'", "region", "join conditions by and, or"},
		{"region = 'a' && orders > 1", "&", "what is &?"},
		{"(region = 'a'", "(", "nothing closes this parenthesis"},
		{"region = 'a')", ")", "nothing opens this parenthesis"},
		{"region = ", "", "after = a value has to stand"},
		{"region like North", "North", "after like stands a pattern in single quotes"},
		{"orders like '1%'", "orders", "orders is a whole number: like is for text"},
		{"orders between 1 or 2", "or", "between two values stands and"},
		{"orders in 1", "1", "after in stands a list"},
		{"orders in (1, 2", "(", "nothing closes this list"},
		{"orders in (1 2)", "2", "a comma or ) has to stand here"},
		{"orders is 5", "5", "after is stands null or not null"},
		{"orders not 5", "not", "not stands before a condition"},
		{"orders * 2 > 5", "*", "there is no arithmetic"},
		{"1 = 2", "1 = 2", "one side of = has to be a column"},
		{"orders > region", "region", "orders is a whole number and region is text: they cannot be compared"},
		{"orders > 1;", ";", "no semicolon"},
		{"orders >\n 1 and\n\tregon = 'a'", "regon", "the nearest are region"},
		{strings.Repeat("(", 300) + "orders > 1", "(", "nests too deep"},
		{strings.Repeat("orders > 1 and ", 5000), "", "longer than 64 KiB"},
		{"orders > 1 and \xff", "", "not UTF-8"},
		{strings.Repeat("orders > 1 and ", 20) + "scoree > 80", "scoree", "no column"},
	} {
		_, err := filter.Compile(c.condition, fields(tab))
		var fault *filter.Error
		if !errors.As(err, &fault) {
			t.Errorf("%q: got %v, want a fault", c.condition, err)
			continue
		}
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: got %q, want %q", c.condition, err, c.says)
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != 3 {
			t.Errorf("%q: got %d lines, want the fault, the condition and the mark", c.condition, len(lines))
			continue
		}
		at := strings.Index(lines[2], "^")
		shown, marks := []rune(lines[1]), strings.Count(lines[2], "^")
		if got := string(shown[min(at, len(shown)):min(at+marks, len(shown))]); c.mark != "" && got != c.mark {
			t.Errorf("%q: got mark below %q, want %q\n%v", c.condition, got, c.mark, err)
		}
	}
}

// drawColumns makes a table of all kinds with few distinct values, so that conditions hit.
func drawColumns(t *rapid.T) *table.Table {
	n := rapid.IntRange(0, 60).Draw(t, "rows")
	small := rapid.SliceOfN(rapid.IntRange(0, 5), n, n)
	valid := func(name string) []bool {
		if rapid.Bool().Draw(t, name+" has nulls") {
			return rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, name+" known")
		}
		return nil
	}
	whole, fixed := []int64{0, 1, -1, 100, math.MaxInt64, math.MinInt64}, []int64{0, 1, 12_500, -12_500, 999_999_999_999_999_999, 10_000}
	take := func(name string, from []int64) []int64 {
		out := make([]int64, n)
		for i, k := range small.Draw(t, name) {
			out[i] = from[k]
		}
		return out
	}
	texts, codes, rates, days, flags := make([]string, n), make([]uint8, n), make([]float64, n), make([]civil.Day, n), make([]bool, n)
	for i, k := range small.Draw(t, "text") {
		texts[i] = []string{"", "a", "ab", "b%", "ä_", "zzz"}[k]
	}
	for i, k := range small.Draw(t, "code") {
		codes[i] = uint8(k)
	}
	for i, k := range small.Draw(t, "rate") {
		rates[i] = []float64{0, math.Copysign(0, -1), 0.1, 1.25, -1e300, math.NaN()}[k]
	}
	for i, k := range small.Draw(t, "day") {
		days[i] = []civil.Day{0, 1, 19_723, -1, 19_724, civil.Unknown}[k]
		flags[i] = k%2 == 0
	}
	amounts := func(v []int64) (out []money.Amount) {
		for _, a := range v {
			out = append(out, money.Amount(a))
		}
		return out
	}
	quantities := func(v []int64) (out []money.Quantity) {
		for _, a := range v {
			out = append(out, money.Quantity(a))
		}
		return out
	}
	return mustTable(t,
		table.Strings("text", "", texts, valid("text")), table.Coded("code", "", codes, []string{"a", "ab", "b%", "zzz", "", "ä_"}, valid("code")),
		table.Ints("count", "", take("count", whole), valid("count")), table.Floats("rate", "", rates, valid("rate")),
		table.Amounts("money", "", amounts(take("money", fixed)), valid("money")), table.Quantities("units", "", quantities(take("units", fixed)), valid("units")),
		table.Days("day", "", days, valid("day")), table.Bools("flag", "", flags, valid("flag")))
}

// drawCondition makes the text of a condition over the columns of drawColumns.
func drawCondition(t *rapid.T, depth int) string {
	pick := func(s ...string) string { return rapid.SampledFrom(s).Draw(t, "word") }
	if depth > 0 && rapid.Bool().Draw(t, "join") {
		return pick("", "not ") + "(" + drawCondition(t, depth-1) + ") " + pick("and", "or") + " " + drawCondition(t, depth-1)
	}
	text := func() string { return pick("''", "'a'", "'ab'", "'b%'", "'ä_'", "'q'", "'zzz'") }
	num := func() string {
		return pick("0", "1", "-1", "100", "1.25", "1.25001", "-1.25", "0.0001", "0.00005", "0.1", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e30", "-1e300", "1e-30", "99999999999999.9999", "99999999999999.99991")
	}
	day := func() string { return pick("'1970-01-01'", "'2024-01-01'", "'1969-12-31'", "'2030-01-01'") }
	op := func() string { return " " + pick("=", "<>", "!=", "<", "<=", ">", ">=") + " " }
	column, literal := pick("text", "code"), text
	switch rapid.IntRange(0, 4).Draw(t, "class") {
	case 0, 1:
		column, literal = pick("count", "rate", "money", "units"), num
	case 2:
		column, literal = "day", day
	case 3:
		return pick("flag", "not flag", "flag = true", "flag <> true", "false = flag", "flag is null", "flag in (true, false)", "flag not in (true)", "flag = flag")
	default:
		if rapid.Bool().Draw(t, "like") {
			return column + pick(" like ", " not like ") + pick("'a%'", "'%'", "'_'", "'%b%'", "'a_'", "'b\\%'", "'%_'", "'%a%b'", "'_%_'", "'\\'", "'ä\\_'", "'zz%z'")
		}
	}
	switch rapid.IntRange(0, 5).Draw(t, "form") {
	case 0:
		return column + " is " + pick("", "not ") + "null"
	case 1:
		return column + pick("", " not") + " in (" + literal() + ", " + literal() + ", " + literal() + ")"
	case 2:
		return column + pick("", " not") + " between " + literal() + " and " + literal()
	case 3:
		return literal() + op() + column
	case 4:
		other := map[string]string{"text": "code", "code": "text", "day": "day"}[column]
		if other == "" {
			other = pick("count", "rate", "money", "units")
		}
		return column + op() + other
	}
	return column + op() + literal()
}

// TestSelectAgreesWithTheNaiveTwin also holds Possible, on the bounds that our files state, against
// what the row groups hold.
func TestSelectAgreesWithTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := drawColumns(t)
		defer tab.Release()
		var b bytes.Buffer
		if err := table.WriteParquet(&b, tab, nil, table.ParquetOptions{RowGroup: rapid.IntRange(1, 8).Draw(t, "row group")}); err != nil {
			t.Fatal(err)
		}
		f, err := table.Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			text := drawCondition(t, 3)
			c, err := filter.Compile(text, f.Fields())
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			got, want := c.Select(nil, tab), c.NaiveSelect(tab)
			if !slices.Equal(got, want) {
				t.Fatalf("%s: got rows %v, want %v", text, got, want)
			}
			for g := range f.Groups() {
				lo, hi := f.Span(g)
				some := slices.ContainsFunc(want, func(r int32) bool { return int(r) >= lo && int(r) < hi })
				if some && !c.Possible(func(column string) table.Bounds { return f.Bounds(g, column) }) {
					t.Fatalf("%s: row group [%d, %d) is said to be impossible, but holds some of %v", text, lo, hi, want)
				}
			}
		}
	})
}

// Row groups that cannot match are told by their bounds.
func TestPossible(t *testing.T) {
	tab := mustTable(t, table.Strings("id", "", []string{"b", "c", "d"}, nil), table.Ints("n", "", []int64{10, 20, 30}, nil),
		table.Floats("f", "", []float64{1, 2, math.NaN()}, nil), table.Strings("none", "", []string{"", "", ""}, make([]bool, 3)))
	defer tab.Release()
	var b bytes.Buffer
	if err := table.WriteParquet(&b, tab, nil, table.ParquetOptions{}); err != nil {
		t.Fatal(err)
	}
	f, err := table.Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for condition, want := range map[string]bool{
		"n > 30": false, "n >= 30": true, "n < 10": false, "n = 15": true, "n in (1, 2, 31)": false, "n not between 10 and 30": false,
		"not n between 10 and 30": false, "n between 31 and 40 or n < 10": false, "n > 30 and f > 0": false, "n <> 20": true,
		"f > 2": false, "f > 1.5": true, "f is null": true, "n is null": false, "n is not null": true,
		"id = 'a'": false, "id = 'c'": true, "id > 'd'": false, "id in ('a', 'e')": false, "id in ('a', 'bb')": true,
		"id like 'e%'": false, "id like 'c%'": true, "id like 'a%'": false, "id < 'b'": false,
		"none = 'x'": false, "not none = 'x'": false, "none is null": true, "none is not null": false, "none like '%'": false,
	} {
		c, err := filter.Compile(condition, f.Fields())
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Possible(func(column string) table.Bounds { return f.Bounds(0, column) }); got != want {
			t.Errorf("%s: got %v, want %v", condition, got, want)
		}
	}
}

// FuzzCompile: any text is a condition or a fault with its place; a condition gives the same rows as
// its twin.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{"region = 'North' and key_score > 80", "not (orders in (1, 2) or name like '%x_')", "last_day between '2024-01-01' and '2024-12-31'",
		"tier_by_hand", "\"name\" is not null", "net_sales >= -1.5e3", "1 < orders", "units <> net_sales", "((", "'", "-", "orders > 1e400", "name = ''''"} {
		f.Add(s)
	}
	tab := four(f)
	f.Fuzz(func(t *testing.T, condition string) {
		c, err := filter.Compile(condition, fields(tab))
		if err != nil {
			var fault *filter.Error
			if !errors.As(err, &fault) || fault.At < 0 || fault.At > len(condition) || fault.Error() == "" {
				t.Fatalf("got %v", err)
			}
			return
		}
		if got, want := c.Select(nil, tab), c.NaiveSelect(tab); !slices.Equal(got, want) {
			t.Fatalf("got rows %v, want %v", got, want)
		}
	})
}

func BenchmarkSelect(b *testing.B) {
	const n = 1 << 16
	codes, scores, amounts := make([]uint8, n), make([]float64, n), make([]money.Amount, n)
	for i := range codes {
		codes[i], scores[i], amounts[i] = uint8(i%4), float64(i%101), money.Amount(i*7919%1_000_000)
	}
	tab := mustTable(b, table.Coded("region", "", codes, []string{"North", "South", "East", "West"}, nil), table.Floats("key_score", "", scores, nil),
		table.Amounts("net_sales", "", amounts, nil))
	defer tab.Release()
	for name, condition := range map[string]string{"one": "key_score > 80", "three": "region = 'North' and key_score > 80 and net_sales >= 12.5"} {
		c, err := filter.Compile(condition, fields(tab))
		if err != nil {
			b.Fatal(err)
		}
		for twin, run := range map[string]func() int{"kernels": func() int { return len(c.Select(nil, tab)) }, "naive": func() int { return len(c.NaiveSelect(tab)) }} {
			b.Run(fmt.Sprintf("predicates=%s/%s", name, twin), func(b *testing.B) {
				for b.Loop() {
					run()
				}
				b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "row/s")
			})
		}
	}
}
