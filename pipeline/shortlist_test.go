package pipeline_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/publish"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// publishTables publishes a run of these tables, with the manifest of another run, below out.
func publishTables(t interface{ Fatal(...any) }, out string, m pipeline.Manifest, rowGroup int, tables map[string]*table.Table) {
	store, err := publish.Open(out, publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	stage, err := store.Stage(m.RunID)
	if err != nil {
		t.Fatal(err)
	}
	for name, tab := range tables {
		f, err := stage.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(table.WriteParquet(f, tab, nil, table.ParquetOptions{RowGroup: rowGroup, Workers: 2}), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := stage.Commit(context.Background(), func(files []publish.File) ([]byte, error) {
		m.Files = files
		return json.Marshal(m)
	}); err != nil {
		t.Fatal(err)
	}
}

// madeUp is a run whose customers and list a test knows.
type madeUp struct {
	region  []string // "" is null
	score   []float64
	net     []money.Amount
	members []int64 // rows, best first
	growth  []money.Amount
}

func (r *madeUp) publish(t interface{ Fatal(...any) }, out string, m pipeline.Manifest, rowGroup int) {
	n := len(r.net)
	ids, known := make([]string, n), make([]bool, n)
	for i := range ids {
		ids[i], known[i] = fmt.Sprintf("C%06d", i), r.region[i] != ""
	}
	place, who := make([]int64, len(r.members)), make([]string, len(r.members))
	for i, c := range r.members {
		if place[i] = int64(i + 1); int(c) < n {
			who[i] = ids[c]
		}
	}
	customers, err := table.New(table.Strings("customer_id", "", ids, nil), table.Strings("region", "", r.region, known),
		table.Floats("key_score", "score", r.score, nil), table.Amounts("net_sales", "money:EUR", r.net, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer customers.Release()
	list, err := table.New(table.Ints("place", "rank", place, nil), table.Ints("customer_row", "row", r.members, nil), table.Strings("customer_id", "", who, nil),
		table.Amounts("growth", "money:EUR", r.growth, nil), table.Strings("list_reason", "", who, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer list.Release()
	m.Lists = []pipeline.ListLine{{List: "develop", Rows: len(r.members)}, {List: "rescue", Absent: "no model"}}
	publishTables(t, out, m, rowGroup, map[string]*table.Table{"customers.parquet": customers, "lists/develop.parquet": list})
}

// naive answers the same question row by row: ids of rows in the North or unknown, with net sales of
// at least the floor, by score descending or as they stand.
func (r *madeUp) naive(list string, where bool, floor money.Amount, sort bool, top int) (ids []string) {
	var rows []int64
	if list == "develop" {
		rows = slices.Clone(r.members)
	} else {
		for i := range r.net {
			rows = append(rows, int64(i))
		}
	}
	rows = slices.DeleteFunc(rows, func(i int64) bool {
		return where && !((r.region[i] == "North" || r.region[i] == "") && r.net[i] >= floor)
	})
	if sort { // null last
		slices.SortStableFunc(rows, func(a, b int64) int {
			x, y := r.score[a], r.score[b]
			switch {
			case x != x || y != y:
				return cmp.Compare(b2i(x != x), b2i(y != y))
			}
			return cmp.Compare(y, x)
		})
	}
	if top > 0 {
		rows = rows[:min(top, len(rows))]
	}
	for _, i := range rows {
		ids = append(ids, fmt.Sprintf("C%06d", i))
	}
	return ids
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func texts(t *table.Table, name string) (out []string) {
	c, _ := t.Column(name)
	for i := range c.Len() {
		out = append(out, c.Text(i))
	}
	return out
}

// TestShortlistAgreesWithTheNaiveTwin reads runs of several row groups, of which some cannot match.
func TestShortlistAgreesWithTheNaiveTwin(t *testing.T) {
	m := *runNight(t, namesakes().config(t, ""), 2).Manifest
	dir, k := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "customers")
		r := madeUp{region: make([]string, n), score: make([]float64, n), net: make([]money.Amount, n)}
		for i := range r.net {
			r.region[i] = rapid.SampledFrom([]string{"North", "South", ""}).Draw(t, "region")
			r.score[i] = rapid.SampledFrom([]float64{0, 1, 80, 99.5, nan()}).Draw(t, "score")
			r.net[i] = money.Amount(i/8*100_000 + rapid.IntRange(0, 5).Draw(t, "net")) // row groups have bounds of their own
		}
		r.members = rapid.SliceOfNDistinct(rapid.Int64Range(0, int64(n-1)), 0, n, rapid.ID).Draw(t, "members")
		r.growth = make([]money.Amount, len(r.members))
		k++
		out := filepath.Join(dir, fmt.Sprint(k))
		r.publish(t, out, m, rapid.SampledFrom([]int{1, 3, 8, 100}).Draw(t, "row group"))
		floor := money.Amount(rapid.IntRange(0, 5).Draw(t, "floor") * 100_000)
		for _, list := range []string{"develop", "none"} {
			o := pipeline.ShortlistOptions{Out: out, List: list, Top: rapid.IntRange(0, 5).Draw(t, "top"), Columns: []string{"region", "CUSTOMER_ID"},
				Workers: rapid.SampledFrom([]int{0, 1, 2, 7}).Draw(t, "workers")}
			where, sort := rapid.Bool().Draw(t, "where"), rapid.Bool().Draw(t, "sort")
			if where {
				o.Where = fmt.Sprintf("(Region = 'North' or region is null) and net_sales >= %s", floor)
			}
			if sort {
				o.Sort = "key_score desc"
			}
			s, err := pipeline.ReadShortlist(o)
			if err != nil {
				t.Fatal(err)
			}
			got, want := texts(s.Parts[0].Table, "customer_id"), r.naive(list, where, floor, sort, o.Top)
			if !slices.Equal(got, want) {
				t.Fatalf("%+v: got %v, want %v", o, got, want)
			}
			if all := r.naive(list, where, floor, sort, 0); s.Parts[0].Matches != len(all) {
				t.Fatalf("got %d matches, want %d", s.Parts[0].Matches, len(all))
			}
			s.Release()
		}
	})
}

func nan() float64 { var zero float64; return zero / zero }

func demoShortlist(t *testing.T, o pipeline.ShortlistOptions) *pipeline.Shortlist {
	t.Helper()
	s, err := pipeline.ReadShortlist(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Release)
	return s
}

// Every list comes as its CSV says, row by row, and the rows have the figures of customers.parquet.
func TestShortlistIsThePublishedList(t *testing.T) {
	c := demo(t)
	out := runNight(t, c, 2)
	customers := customersOf(t, out)
	for _, l := range out.Figures.Lists.All() {
		if l.Absent != "" || len(l.Rows) == 0 {
			t.Errorf("list %s is empty in the demo: %s", l.Name, l.Absent)
			continue
		}
		s := demoShortlist(t, pipeline.ShortlistOptions{Out: c.Out, List: l.Name, Workers: 2})
		records := readCSV(t, filepath.Join(out.Dir, "lists", l.Name+".csv"))
		id := slices.Index(records[0], "customer_id")
		var want []string
		for _, r := range records[1:] {
			want = append(want, r[id])
		}
		part := s.Parts[0]
		if got := texts(part.Table, "customer_id"); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", l.Name, got, want)
		}
		if got := texts(part.Table, "list_reason"); !slices.Equal(got, l.Reasons) {
			t.Errorf("%s: got other reasons than the list", l.Name)
		}
		if part.Of != len(l.Rows) || part.Matches != len(l.Rows) {
			t.Errorf("%s: got %d matches of %d", l.Name, part.Matches, part.Of)
		}
	}
	s := demoShortlist(t, pipeline.ShortlistOptions{Out: c.Out, List: "none", Columns: []string{"customer_id", "net_sales"}})
	if n := s.Parts[0].Table.Rows(); n != len(customers.rows) {
		t.Errorf("got %d customers, want %d", n, len(customers.rows))
	}
}

func TestShortlistOutputs(t *testing.T) {
	c := demo(t)
	night := runNight(t, c, 2)
	o := pipeline.ShortlistOptions{Out: c.Out, List: "all", Where: "net_sales_window > 1000", Top: 7}
	s := demoShortlist(t, o)
	write := func(f func(io.Writer) error) []byte {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	rows := 0
	for _, p := range s.Parts {
		rows += p.Table.Rows()
	}
	records, err := csv.NewReader(bytes.NewReader(write(s.WriteCSV))).ReadAll()
	if err != nil || len(records) != rows+1 || records[0][0] != "list" || records[1][0] != "shortlist" || records[rows][0] != "let-go" {
		t.Errorf("got %d records of CSV, %v, want %d", len(records), err, rows+1)
	}
	var doc struct {
		Run, AsOf string
		Lists     []struct {
			List        string
			Of, Matches int
			Rows        []map[string]any
		}
	}
	d := json.NewDecoder(bytes.NewReader(write(s.WriteJSON)))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil || doc.Run != s.Run || len(doc.Lists) != 5 {
		t.Fatalf("got %+v, %v", doc, err)
	}
	for k, l := range doc.Lists {
		part := s.Parts[k]
		if l.List != part.List || len(l.Rows) != part.Table.Rows() || l.Of != part.Of || l.Matches != part.Matches {
			t.Errorf("got list %s with %d rows", l.List, len(l.Rows))
		}
		net, _ := part.Table.Column("net_sales_window")
		for i, r := range l.Rows {
			if got := r["net_sales_window"]; got != json.Number(net.Amounts()[i].String()) {
				t.Errorf("%s row %d: got net sales %v, want %s", l.List, i, got, net.Amounts()[i])
			}
		}
	}
	for _, line := range strings.Split(string(write(func(w io.Writer) error { return s.WriteText(w, 90) })), "\n") {
		if n := len([]rune(line)); n > 90 && !strings.Contains(line, "run "+s.Run) {
			t.Errorf("got a line of %d characters at a width of 90: %s", n, line)
		}
	}
	checkWorkbook(t, write(s.WriteWorkbook), s, night.Manifest)
}

// checkWorkbook reads the workbook back with the library.
func checkWorkbook(t *testing.T, b []byte, s *pipeline.Shortlist, m *pipeline.Manifest) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), " "); got != "about shortlist develop rescue fix-margin let-go" {
		t.Errorf("got sheets %s", got)
	}
	about, err := f.GetRows("about")
	if err != nil {
		t.Fatal(err)
	}
	cover := fmt.Sprint(about)
	for _, want := range []string{"[Run " + s.Run + "]", "Customers as of " + m.AsOf, "Only rows where net_sales_window > 1000", "Cuts of this run",
		"Company margin rate " + m.Cuts.CompanyMarginRate, "Volume is high from net sales of " + m.Cuts.KeyNetSales, "quadrant KEY: high volume", "Reconciliation", "read = used",
		fmt.Sprintf("[customers %d]", m.Reconciliation.Customers), m.Inputs[0].SHA256} {
		if !strings.Contains(cover, want) {
			t.Errorf("the cover does not say %q: %s", want, cover)
		}
	}
	for _, p := range s.Parts {
		rows, err := f.GetRows(p.List, excelize.Options{RawCellValue: true})
		if err != nil || len(rows) != p.Table.Rows()+1 {
			t.Errorf("%s: got %d rows, %v, want %d and a header", p.List, len(rows), err, p.Table.Rows())
			continue
		}
		at := slices.Index(rows[0], "net_sales_window")
		net, _ := p.Table.Column("net_sales_window")
		for i, r := range rows[1:] {
			if v, ok := money.Parse([]byte(r[at]), money.AmountScale); !ok || money.Amount(v) != net.Amounts()[i] {
				t.Errorf("%s row %d: got net sales %s, want %s", p.List, i, r[at], net.Amounts()[i])
			}
		}
		if panes, err := f.GetPanes(p.List); err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: got panes %+v, %v", p.List, panes, err)
		}
	}
}

func TestShortlistBadInput(t *testing.T) {
	m := *runNight(t, namesakes().config(t, ""), 2).Manifest
	out := t.TempDir()
	r := madeUp{region: []string{"North", "South", ""}, score: []float64{1, 2, nan()}, net: make([]money.Amount, 3), members: []int64{2, 0}, growth: make([]money.Amount, 2)}
	r.publish(t, out, m, 2)
	for name, c := range map[string]struct {
		o    pipeline.ShortlistOptions
		is   error
		says string
	}{
		"no directory":    {pipeline.ShortlistOptions{Out: filepath.Join(out, "none")}, publish.ErrNone, "no run is published"},
		"no such run":     {pipeline.ShortlistOptions{Run: "0123456789"}, pipeline.ErrInput, "0123456789"},
		"no such list":    {pipeline.ShortlistOptions{List: "develp"}, pipeline.ErrConfig, "the nearest are develop"},
		"absent list":     {pipeline.ShortlistOptions{List: "rescue"}, pipeline.ErrInput, "the list rescue was not drawn up in run " + m.RunID + ": no model"},
		"malformed where": {pipeline.ShortlistOptions{List: "develop", Where: "region = "}, pipeline.ErrConfig, "--where: position 10: after = a value"},
		"unknown where":   {pipeline.ShortlistOptions{List: "develop", Where: "grwth > 5"}, pipeline.ErrConfig, "the nearest are growth"},
		"another list's":  {pipeline.ShortlistOptions{List: "none", Where: "growth > 5"}, pipeline.ErrConfig, `no column "growth"`},
		"unknown sort":    {pipeline.ShortlistOptions{List: "none", Sort: "customer_id, key_scor desc"}, pipeline.ErrConfig, "the nearest are key_score"},
		"malformed sort":  {pipeline.ShortlistOptions{List: "none", Sort: "key_score down"}, pipeline.ErrConfig, `--sort "key_score down": write`},
		"unknown column":  {pipeline.ShortlistOptions{List: "all", Columns: []string{"growth", "regio"}}, pipeline.ErrConfig, "the nearest are region"},
		"negative top":    {pipeline.ShortlistOptions{List: "none", Top: -1}, pipeline.ErrConfig, "--top -1"},
	} {
		if c.o.Out == "" {
			c.o.Out = out
		}
		if _, err := pipeline.ReadShortlist(c.o); !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %v saying %q", name, err, c.is, c.says)
		}
	}
	s := demoShortlist(t, pipeline.ShortlistOptions{Out: out, List: "all", Where: "region = 'Nort'"})
	if got := strings.Join(s.Notes, "; "); got != `rescue was not drawn up: no model; no customer has region "Nort"; the nearest are North` {
		t.Errorf("got notes %s", got)
	}
}

// A byte of a page that changed, a list that names rows which are not there, a file that is missing:
// all say what to do, and none is printed in part.
func TestShortlistDamage(t *testing.T) {
	m := *runNight(t, namesakes().config(t, ""), 2).Manifest
	r := madeUp{region: []string{"North", "South", ""}, score: []float64{1, 2, nan()}, net: make([]money.Amount, 3), members: []int64{2, 0}, growth: make([]money.Amount, 2)}
	for name, harm := range map[string]func(t *testing.T, dir string, r *madeUp){
		"page":    func(t *testing.T, dir string, _ *madeUp) { change(t, filepath.Join(dir, "customers.parquet"), 40) },
		"list":    func(t *testing.T, dir string, _ *madeUp) { change(t, filepath.Join(dir, "lists/develop.parquet"), 40) },
		"footer":  func(t *testing.T, dir string, _ *madeUp) { change(t, filepath.Join(dir, "customers.parquet"), -5) },
		"missing": func(t *testing.T, dir string, _ *madeUp) { os.Remove(filepath.Join(dir, "customers.parquet")) },
		"cut": func(t *testing.T, dir string, _ *madeUp) {
			os.Truncate(filepath.Join(dir, "lists/develop.parquet"), 100)
		},
	} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			r.publish(t, out, m, 2)
			harm(t, filepath.Join(out, "runs", m.RunID), &r)
			_, err := pipeline.ReadShortlist(pipeline.ShortlistOptions{Out: out, List: "develop"})
			if !errors.Is(err, publish.ErrDamaged) || !strings.Contains(err.Error(), "vitalfew verify") {
				t.Errorf("got %v, want damage and what to do", err)
			}
		})
	}
	out := t.TempDir()
	r.members = []int64{2, 7}
	r.publish(t, out, m, 2)
	_, err := pipeline.ReadShortlist(pipeline.ShortlistOptions{Out: out, List: "develop"})
	if !errors.Is(err, publish.ErrDamaged) || !strings.Contains(err.Error(), "it names row 7 of 3 customers") {
		t.Errorf("got %v", err)
	}
}

func change(t *testing.T, path string, at int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 0x10
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSaveFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.csv")
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	have := func() string { b, _ := os.ReadFile(path); return string(b) }
	if err := pipeline.SaveFile(path, false, text("one")); err != nil || have() != "one" {
		t.Errorf("got %q, %v", have(), err)
	}
	if err := pipeline.SaveFile(path, false, text("two")); !errors.Is(err, pipeline.ErrConfig) || !strings.Contains(err.Error(), "--force") || have() != "one" {
		t.Errorf("got %q, %v, want the file kept", have(), err)
	}
	failed := errors.New("no more")
	if err := pipeline.SaveFile(path, true, func(w io.Writer) error { return errors.Join(text("half")(w), failed) }); !errors.Is(err, failed) || have() != "one" {
		t.Errorf("got %q, %v, want the file kept", have(), err)
	}
	if err := pipeline.SaveFile(path, true, text("three")); err != nil || have() != "three" {
		t.Errorf("got %q, %v", have(), err)
	}
	if err := pipeline.SaveFile(filepath.Join(dir, "none", "x"), true, text("")); !errors.Is(err, publish.ErrIO) {
		t.Errorf("got %v", err)
	}
	meanwhile := filepath.Join(dir, "y.csv")
	err := pipeline.SaveFile(meanwhile, false, func(w io.Writer) error { return os.WriteFile(meanwhile, []byte("theirs"), 0o600) })
	if b, _ := os.ReadFile(meanwhile); !errors.Is(err, pipeline.ErrConfig) || string(b) != "theirs" {
		t.Errorf("got %q, %v, want what came meanwhile kept", b, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("got %v, %v, want nothing left over", entries, err)
	}
}
