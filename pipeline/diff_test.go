package pipeline_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

func compare(t *testing.T, out, before, after string) *pipeline.Diff {
	t.Helper()
	d, err := pipeline.Compare(out, before, after, 2)
	if err != nil {
		t.Fatal(err)
	}
	bridged(t, d)
	return d
}

// bridged fails unless the lines of the bridge, and the movers with those who stayed, add up to the
// change of net sales.
func bridged(t *testing.T, d *pipeline.Diff) {
	t.Helper()
	var sum money.Amount
	customers, cells := 0, 0
	for _, l := range d.Bridge {
		sum += amountOf(t, l.Net)
		customers += l.Customers
		if amountOf(t, l.NetAfter)-amountOf(t, l.NetBefore) != amountOf(t, l.Net) {
			t.Errorf("got %+v, want the change between both amounts", l)
		}
	}
	for _, c := range d.Matrix {
		cells += c.Customers
	}
	if want := amountOf(t, d.NetNew) - amountOf(t, d.NetOld); sum != want || customers != cells {
		t.Errorf("got a bridge of %s and %d customers, want %s and %d", sum, customers, want, cells)
	}
	movers := 0
	for _, c := range d.Causes {
		movers += c.Customers
	}
	if movers != len(d.Movers) {
		t.Errorf("got %d movers by cause, want %d", movers, len(d.Movers))
	}
}

// Between neighbouring runs diff says what their movers.csv and migration.csv say, to the letter: there is
// one way of judging causes.
func TestDiffAgreesWithTheRun(t *testing.T) {
	c := demo(t)
	c.Overrides = put(t, t.TempDir(), "overrides.csv", "customer,tier,reason,until\nC00001,core,board,2025-11-15\n")
	movers := 0
	for k, day := range []string{"2025-06-01", "2025-09-01", "2025-10-01", "2025-11-01", "2025-12-01"} {
		if err := c.SetAsOf(day); err != nil {
			t.Fatal(err)
		}
		out := runNight(t, c, 2)
		if k == 0 {
			continue
		}
		d := compare(t, c.Out, "previous", "CURRENT")
		var got, want []string
		for _, m := range d.Movers {
			got = append(got, fmt.Sprintln(m.ID, m.Name, m.Owner, m.Old, m.New, m.Change, m.Criterion, m.ByHowMuch))
		}
		for _, r := range readCSV(t, filepath.Join(out.Dir, "movers.csv"))[1:] {
			want = append(want, fmt.Sprintln(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]))
		}
		if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
			t.Errorf("as of %s: got movers\n%s\nwant those of movers.csv\n%s", day, a, b)
		}
		movers += len(got)
		got, want = nil, nil
		for _, m := range d.Matrix {
			got = append(got, fmt.Sprintln(m.Old, m.New, m.Movement, m.Customers, amountOf(t, m.NetSales)))
		}
		for _, r := range readCSV(t, filepath.Join(out.Dir, "migration.csv"))[1:] {
			if r[3] != "0" {
				want = append(want, fmt.Sprintln(r[0], r[1], r[2], r[3], amountOf(t, r[4])))
			}
		}
		if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
			t.Errorf("as of %s: got matrix\n%s\nwant that of migration.csv\n%s", day, a, b)
		}
		if d.Data.Customers != 0 || d.Data.Before == "" || !d.Definitions.Same || len(d.Definitions.Settings) > 0 {
			t.Errorf("as of %s: got data %+v, definitions %+v, want both unchanged", day, d.Data, d.Definitions)
		}
	}
	if movers == 0 {
		t.Error("nobody moved")
	}
}

// A changed past is found by customer and to the cent, behaviour after it is not taken for one.
func TestDiffFindsAChangedPast(t *testing.T) {
	t.Parallel()
	for _, days := range [][2]string{{"2024-10-01", "2025-01-01"}, {"2024-11-15", "2025-01-01"}, {"2025-01-01", "2025-01-01"}} {
		f := newFirm(3)
		asOf := f.asOf
		f.asOf, _ = civil.Parse(days[0])
		before := f.run(t)
		f.asOf = asOf
		g := f.clone()
		g.sales[0].amount += 7 * money.One                                                // a corrected amount
		g.sales = append(g.sales[:5], g.sales[6:]...)                                     // an order that vanished
		late, _ := civil.Of(2023, 12, 24)                                                 //
		g.sales = append(g.sales, sale{"LATE", late, 100 * money.One, money.One})         // a customer that came late
		g.sales = append(g.sales, sale{"C00", asOf - 1, 5 * money.One, 3 * money.One})    // behaviour, unless the day is the same
		g.sales = append(g.sales, sale{"YOUNG", asOf - 3, 50 * money.One, 3 * money.One}) // likewise
		after := g.run(t)
		d, err := pipeline.Compare("", before.Dir, after.Dir, 2)
		if err != nil {
			t.Fatal(err)
		}
		bridged(t, d)
		cut, err := civil.Parse(d.Data.Before)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]money.Amount{}
		for _, s := range g.sales {
			if s.day < cut {
				want[s.customer] += s.amount
			}
		}
		for _, s := range f.sales {
			if s.day < cut {
				want[s.customer] -= s.amount
			}
		}
		changed := 0
		for _, by := range want {
			if by != 0 {
				changed++
			}
		}
		if changed < 2 || d.Data.Customers != changed || len(d.Data.First) != changed {
			t.Errorf("%v: got %d customers with another past before %s, want %d", days, d.Data.Customers, cut, changed)
		}
		for _, p := range d.Data.First {
			if amountOf(t, p.Net) != want[p.ID] {
				t.Errorf("%v, customer %s: got %s, want %s", days, p.ID, p.Net, want[p.ID])
			}
		}
		for _, m := range d.Movers {
			if (m.Past != "") != (want[m.ID] != 0) || m.Cause == "data" && m.Past == "" {
				t.Errorf("%v, mover %s: got cause %s and past %q, want %s", days, m.ID, m.Cause, m.Past, want[m.ID])
			}
			if m.ID == "LATE" && m.Cause != "data" {
				t.Errorf("%v: got cause %s for a customer that came late, want data", days, m.Cause)
			}
		}
		if len(d.Data.Inputs) == 0 {
			t.Errorf("%v: got no changed inputs", days)
		}
	}
}

// Changed settings are named, and what moved by them is no behaviour.
func TestDiffRedefined(t *testing.T) {
	c := demo(t)
	first := runNight(t, c, 2)
	other := configured(t, "key_account: {volume: median}\n", c)
	other.Out = c.Out
	if err := other.SetAsOf("2026-02-01"); err != nil {
		t.Fatal(err)
	}
	runNight(t, other, 2)
	d := compare(t, c.Out, first.ID[:8], "CURRENT")
	if d.Definitions.Same || len(d.Definitions.Settings) != 1 || d.Definitions.Settings[0] != (pipeline.Setting{Name: "key_account.volume", Old: "class-a", New: "median"}) {
		t.Errorf("got %+v, want the setting that differs", d.Definitions)
	}
	if len(d.Movers) == 0 || len(d.Causes) != 1 || d.Causes[0].Cause != "definitions" {
		t.Errorf("got %d movers by %+v, want definitions as their cause", len(d.Movers), d.Causes)
	}
	same := compare(t, c.Out, "CURRENT", "current")
	if len(same.Movers)+len(same.Cuts)+same.Data.Customers != 0 || same.NetOld != same.NetNew {
		t.Errorf("a run against itself: got %+v", same)
	}
}

// Customers that come and go, and a child whose parent moves, are in the text, the JSON and the CSV.
func TestDiffWrites(t *testing.T) {
	s := family()
	before := runNight(t, s.config(t, ""), 2)
	s.orders = strings.Replace(s.orders, "8,S,2024-06-30,17,20\n", "8,Z=1,2024-06-30,17,2\n", 1)
	s.orders = strings.Replace(s.orders, "2,P,2024-01-05,100,40", "2,P,2024-01-05,100,99", 1)
	s.crm = strings.Replace(s.crm, "N,Nobody,\n", "", 1)
	after := runNight(t, s.config(t, ""), 2)
	d, err := pipeline.Compare("", before.Dir, after.Dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	bridged(t, d)
	var text, js, list bytes.Buffer
	if err := errors.Join(d.WriteText(&text), d.WriteJSON(&js), d.WriteCSV(&list)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&list).ReadAll()
	if err != nil || len(rows) != 1+len(d.Movers) {
		t.Fatalf("got %d rows, %v, want %d movers", len(rows), err, len(d.Movers))
	}
	tiers := map[string][2]string{}
	for _, r := range rows[1:] {
		tiers[r[0]] = [2]string{r[3], r[4]}
	}
	if tiers["Z=1"] != [2]string{"(new)", "general"} || tiers["N"] != [2]string{"prospect", "(gone)"} {
		t.Errorf("got movers %v, want one new and one gone", tiers)
	}
	for _, want := range []string{"Z=1", "gone customers", "new customers", "moved down"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("got text without %q:\n%s", want, text.String())
		}
	}
	if p, k := tiers["P"], tiers["K"]; p != k || p[0] == p[1] {
		t.Errorf("got parent %v and child %v, want one movement", p, k)
	}
	for _, m := range d.Movers {
		if (m.ID == "P" || m.ID == "K") && (m.Criterion != "margin" || m.Cause != "behaviour") {
			t.Errorf("customer %s: got %s by %s, want behaviour by the margin of the parent", m.ID, m.Cause, m.Criterion)
		}
	}
}

func TestDiffBadInput(t *testing.T) {
	c := namesakes().config(t, "")
	run := runNight(t, c, 2)
	if _, err := pipeline.Compare(c.Out, "previous", "CURRENT", 1); !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), "first run") {
		t.Errorf("no previous: got %v", err)
	}
	path := filepath.Join(run.Dir, "quarters.parquet")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b[1:], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := pipeline.Explain(c.Out, "", "B", 1); err == nil || !strings.Contains(err.Error(), "quarters.parquet") {
		t.Errorf("a damaged quarters.parquet: got %v", err)
	}
}
