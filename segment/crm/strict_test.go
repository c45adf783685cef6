package crm_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/segment/crm"
	"github.com/vitalfew/vitalfew/segment/crm/crmtest"
)

// rules are what a format refuses.
type rules = crmtest.Rules

// The parser itself refuses what it should.
func TestStrictParserRefuses(t *testing.T) {
	r := rules{Delimiter: ',', LineEnd: "\n", Bytes: 100, Rows: 2, Columns: 2}
	for name, file := range map[string]string{
		"byte order mark": "\xef\xbb\xbfa,b\n1,2\n", "other line end": "a,b\r\n1,2\r\n", "no UTF-8": "a,b\n\xff,2\n",
		"space after quote": "a,b\n\"x,y\" ,2\n", "space before quote": "a,b\n \"x,y\",2\n", "needless quotes": "a,b\n\"x\",2\n",
		"open quote": "a,b\n\"x,2\n", "width": "a,b\n1\n", "no end": "a,b\n1,2", "rows": "a,b\n1,2\n1,2\n1,2\n",
		"columns": "a,b,c\n1,2,3\n", "bytes": "a,b\n" + strings.Repeat("1", 100) + ",2\n", "empty": "", "header only": "a,b\n",
	} {
		if rows, err := crmtest.Strict([]byte(file), r); err == nil {
			t.Errorf("%s: got %q, want an error", name, rows)
		}
	}
	if rows, err := crmtest.Strict([]byte("a,b\n\"x, \"\"y\"\"\",\n"), r); err != nil || rows[1][0] != `x, "y"` || rows[1][1] != "" {
		t.Errorf("got %q, %v", rows, err)
	}
}

// folder is where a batch writes to in tests.
type folder struct {
	files map[string]*memoryFile
	order []string
}

type memoryFile struct {
	bytes.Buffer
	rows   int64
	closed bool
}

func (f *memoryFile) AddRows(n int64) { f.rows += n }
func (f *memoryFile) Close() error    { f.closed = true; return nil }

func (d *folder) create(name string) (crm.File, error) {
	if d.files[name] != nil {
		return nil, fmt.Errorf("%s is created twice", name)
	}
	d.files[name] = &memoryFile{}
	d.order = append(d.order, name)
	return d.files[name], nil
}

func (d *folder) text(name string) string {
	if d.files[name] == nil {
		return ""
	}
	return d.files[name].String()
}

// rowsOf reads all parts of a stem with the strict parser; the header comes first.
func (d *folder) rowsOf(t testing.TB, stem string, r rules) [][]string {
	t.Helper()
	var all [][]string
	for _, name := range d.order {
		if !strings.HasPrefix(name, stem+"-") || strings.HasSuffix(name, ".json") {
			continue
		}
		content := d.files[name].Bytes()
		if strings.HasSuffix(name, ".zip") {
			var err error
			if content, err = crmtest.Unzip(content, strings.TrimSuffix(name, ".zip")+".csv"); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		rows, err := crmtest.Strict(content, r)
		if err != nil {
			t.Fatalf("%s: %v\n%.200q", name, err, content)
		}
		if int64(len(rows)-1) != d.files[name].rows {
			t.Fatalf("%s: got %d rows, counted %d", name, len(rows)-1, d.files[name].rows)
		}
		if all == nil {
			all = rows[:1]
		}
		if !slices.Equal(all[0], rows[0]) {
			t.Fatalf("%s: got header %q, want %q repeated", name, rows[0], all[0])
		}
		all = append(all, rows[1:]...)
	}
	return all
}

// write prepares and writes a batch.
func write(t testing.TB, s crm.Settings, in crm.Input) (*crm.Batch, *folder) {
	t.Helper()
	if in.Run == "" {
		in.Run = "0123456789abcdef"
	}
	b, err := crm.Prepare(s, in)
	if err != nil {
		t.Fatal(err)
	}
	d := &folder{files: map[string]*memoryFile{}}
	if err := b.Write(d.create); err != nil {
		t.Fatal(err)
	}
	for name, f := range d.files {
		if !f.closed {
			t.Errorf("%s is not closed", name)
		}
	}
	return b, d
}

// acked is the state that the files of a batch leave.
func acked(t testing.TB, d *folder) *crm.State {
	t.Helper()
	s, err := crm.DecodeState(d.files[crm.StateFile].Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// person is a row of the test tables; "" and nil are unknown.
type person struct {
	id, name, tier, email string
	score                 *float64
	sales                 int64 // in 1/10,000
	day                   string
	risky                 bool
}

// customers makes a customer table.
func customers(t testing.TB, people ...person) *table.Table {
	t.Helper()
	n := len(people)
	ids, names, tiers, emails := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	scores, scored, sales, days, risky := make([]float64, n), make([]bool, n), make([]money.Amount, n), make([]civil.Day, n), make([]bool, n)
	for i, p := range people {
		ids[i], names[i], tiers[i], emails[i], sales[i], risky[i] = p.id, p.name, p.tier, p.email, money.Amount(p.sales), p.risky
		if p.score != nil {
			scores[i], scored[i] = *p.score, true
		}
		days[i] = civil.Unknown
		if p.day != "" {
			var err error
			if days[i], err = civil.Parse(p.day); err != nil {
				t.Fatal(err)
			}
		}
	}
	known := func(s []string) []bool {
		out := make([]bool, len(s))
		for i := range s {
			out[i] = s[i] != ""
		}
		return out
	}
	tab, err := table.New(table.Strings("customer_id", "", ids, nil), table.Strings("name", "", names, known(names)), table.Strings("tier", "class", tiers, known(tiers)),
		table.Strings("email", "", emails, known(emails)), table.Floats("key_score", "score", scores, scored), table.Amounts("net_sales", "money", sales, nil),
		table.Days("last_day", "day", days, nil), table.Bools("risky", "", risky, nil), table.Ints("orders", "count", make([]int64, n), nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Release)
	return tab
}

func number(v float64) *float64 { return &v }

// account are the settings of an ordinary Salesforce target.
func account() crm.Settings {
	return crm.Settings{Name: "salesforce", Object: "Account", Key: []string{"CustomerNo__c"}, Fields: []crm.Field{
		{Name: "CustomerNo__c", Column: "customer_id"}, {Name: "Tier__c", Column: "tier", Values: []string{"core", "key", "general"}},
		{Name: "Name", Column: "name", Length: 255}, {Name: "Score__c", Column: "key_score"}, {Name: "Sales__c", Column: "net_sales"},
		{Name: "Last__c", Column: "last_day"}, {Name: "Risky__c", Column: "risky"},
	}}
}
