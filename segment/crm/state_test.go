package crm_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/segment/crm"
	"pgregory.net/rapid"
)

// One account after the other: loaded, unchanged, changed, unknown, left, back again.
func TestDelta(t *testing.T) {
	s := account()
	r := rules{Delimiter: ',', LineEnd: "\n", Bytes: 1e6, Rows: 100, Columns: 10}
	night := func(state *crm.State, run string, people ...person) (*crm.Batch, *folder, [][]string) {
		b, d := write(t, s, crm.Input{Table: customers(t, people...), State: state, Run: run})
		return b, d, d.rowsOf(t, "delta", r)
	}
	a := person{id: "A", name: "Able", tier: "core", score: number(1), day: "2024-01-01"}
	bee := person{id: "B", name: "Baker", tier: "key"}
	b1, d, delta := night(nil, "run1", a, bee)
	if len(delta) != 3 || b1.Counts().New != 2 || b1.Counts().Base != nil {
		t.Fatalf("first load: got %q, %+v, want everything", delta, b1.Counts())
	}
	one := acked(t, d)
	if one.Run != "run1" || one.Base != "" || one.Rows() != 2 {
		t.Errorf("got state %+v of %d rows", one.Label, one.Rows())
	}

	_, d, delta = night(one, "run2", a, bee)
	if delta != nil || d.text("changes.csv") != "key,field,before,after\n" {
		t.Errorf("nothing changed: got %q, %q", delta, d.text("changes.csv"))
	}
	if full := d.rowsOf(t, "full", r); len(full) != 3 {
		t.Errorf("full: got %q, want both", full)
	}

	// Score and day were loaded and are unknown now: cleared. Name of B was never known there.
	gone := a
	gone.score, gone.day, gone.tier = nil, "", "key"
	nameless := person{id: "B", tier: "key"}
	nameless.name = "Baker"
	b3, d, delta := night(one, "run3", gone, nameless)
	if want := []string{"A", "key", "Able", "#N/A", "0.00", "#N/A", "false"}; len(delta) != 2 || !slices.Equal(delta[1], want) || b3.Counts().Cleared != 2 {
		t.Errorf("cleared: got %q, %+v, want %q", delta, b3.Counts(), want)
	}
	if want := "key,field,before,after\nA,Tier__c,core,key\nA,Score__c,1.0000,\nA,Last__c,2024-01-01,\n"; d.text("changes.csv") != want {
		t.Errorf("changes: got %q, want %q", d.text("changes.csv"), want)
	}

	// B left: named, and once only when the load is marked.
	for range 2 {
		b4, d, delta := night(one, "run4", a)
		if delta != nil || b4.Counts().Left != 1 || !strings.Contains(d.text("left.csv"), "\nB,B,key,Baker,") {
			t.Errorf("left: got %q, %q", delta, d.text("left.csv"))
		}
	}
	_, d, _ = night(one, "run4", a)
	four := acked(t, d)
	if b5, _, _ := night(four, "run5", a); b5.Counts().Left != 0 || four.Base != "run1" {
		t.Errorf("left before: got %+v after %+v, want none named again", b5.Counts(), four.Label)
	}
	// Back without a name: in the delta, and the old name cleared.
	_, d, delta = night(four, "run6", a, person{id: "B", tier: "key"})
	if want := []string{"B", "key", "#N/A", "", "0.00", "", "false"}; len(delta) != 2 || !slices.Equal(delta[1], want) {
		t.Errorf("back: got %q, want %q", delta, want)
	}
	if six := acked(t, d); six.Rows() != 2 {
		t.Errorf("back: got %d rows of state, want 2", six.Rows())
	}
}

// left: clear empties the fields of who left, once.
func TestLeftClear(t *testing.T) {
	s := account()
	s.Left = crm.LeftClear
	_, d := write(t, s, crm.Input{Table: customers(t, person{id: "A"}, person{id: "B", tier: "core", name: "Baker"})})
	b, d2 := write(t, s, crm.Input{Table: customers(t, person{id: "A"}), State: acked(t, d)})
	delta := d2.rowsOf(t, "delta", rules{Delimiter: ',', LineEnd: "\n", Bytes: 1e6, Rows: 10, Columns: 10})
	if want := []string{"B", "#N/A", "#N/A", "", "#N/A", "", "#N/A"}; len(delta) != 2 || !slices.Equal(delta[1], want) || b.Counts().Delta != 1 {
		t.Errorf("got %q, %+v, want %q", delta, b.Counts(), want)
	}
	_, d3 := write(t, s, crm.Input{Table: customers(t, person{id: "A"}), State: acked(t, d2)})
	if got := d3.rowsOf(t, "delta", rules{Delimiter: ',', LineEnd: "\n", Bytes: 1e6, Rows: 10, Columns: 10}); got != nil {
		t.Errorf("a night later: got %q, want nothing", got)
	}
}

// A key whose case alone changed is the same record, unless the target tells them apart.
func TestKeyThatChangedItsCase(t *testing.T) {
	for _, sensitive := range []bool{false, true} {
		s := account()
		s.Left, s.CaseSensitiveKey = crm.LeftClear, sensitive
		_, d := write(t, s, crm.Input{Table: customers(t, person{id: "C1", name: "Able", tier: "core"}), Run: "run1"})
		b, _ := write(t, s, crm.Input{Table: customers(t, person{id: "c1", name: "Able", tier: "core"}), State: acked(t, d), Run: "run2"})
		want := 0 // one record, whose fields must not be emptied after they were loaded
		if sensitive {
			want = 1
		}
		if got := b.Counts(); got.Left != want || got.New != want || got.Delta != 1+want {
			t.Errorf("case_sensitive_key %v: got %+v, want %d left and new", sensitive, got, want)
		}
	}
}

// How each setting and format clears.
func TestClearing(t *testing.T) {
	before, after := person{id: "A", name: "Able", tier: "core"}, person{id: "A"}
	for name, want := range map[string]string{"loaded": "A,#N/A,#N/A,", "always": "A,#N/A,#N/A,#N/A", "never": "A,,,"} {
		s := account()
		s.Clear, s.Fields = name, s.Fields[:4]
		_, d := write(t, s, crm.Input{Table: customers(t, before)})
		_, d = write(t, s, crm.Input{Table: customers(t, after), State: acked(t, d)})
		if got := d.text("delta-0001.csv"); !strings.HasSuffix(got, "\n"+want+"\n") {
			t.Errorf("clear: %s: got %q, want %q", name, got, want)
		}
	}
	hub := crm.Settings{Name: "hubspot", Object: "companies", UniqueProperty: true, Key: []string{"No"}, Fields: []crm.Field{{Name: "No", Column: "customer_id"}, {Name: "Tier", Column: "tier"}}}
	_, d := write(t, hub, crm.Input{Table: customers(t, before)})
	_, d = write(t, hub, crm.Input{Table: customers(t, after), State: acked(t, d)})
	if got := d.text("clears.csv"); got != "key,field,before\nA,Tier,core\n" {
		t.Errorf("hubspot: got %q, want the field to clear by hand", got)
	}
}

// A state of other records is not compared with; a field mapped since is new.
func TestMappingChanged(t *testing.T) {
	s := account()
	tab := customers(t, person{id: "A", name: "Able", email: "a@example.com"})
	_, d := write(t, s, crm.Input{Table: tab})
	more := account()
	more.Fields = append(more.Fields, crm.Field{Name: "Mail__c", Column: "email"})
	if b, _ := write(t, more, crm.Input{Table: tab, State: acked(t, d)}); b.Counts().Delta != 1 || b.Counts().New != 0 || len(b.Warnings()) != 0 {
		t.Errorf("a field more: got %+v, %v", b.Counts(), b.Warnings())
	}
	other := account()
	other.Key, other.Fields[2].Name, other.Fields[0].Name = []string{"No__c"}, "Label__c", "No__c"
	if b, _ := write(t, other, crm.Input{Table: tab, State: acked(t, d)}); b.Counts().New != 1 || len(b.Warnings()) != 1 || !strings.Contains(b.Warnings()[0].Error(), "the key of the last load") {
		t.Errorf("another key: got %+v, %v", b.Counts(), b.Warnings())
	}
}

// The delta is what a naive comparison of the two full files finds, and loading it over what was
// loaded gives the new full state, account by account.
func TestDeltaAgreesWithTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		target := targets()[rapid.SampledFrom([]string{"salesforce", "zoho", "plain"}).Draw(rt, "target")]
		s, r := target.s, target.r
		old, now := people(rt), people(rt)
		for i := range now { // many stay as they were
			if i < len(old) && rapid.Bool().Draw(rt, "same") {
				now[i] = old[i]
			}
		}
		_, d1 := write(t, s, crm.Input{Table: customers(t, old...)})
		b, d2 := write(t, s, crm.Input{Table: customers(t, now...), State: acked(t, d1)})
		loadedBefore := map[string][]string{}
		for _, p := range old {
			loadedBefore[p.id] = p.want()
		}
		want := map[string][]string{}
		for _, p := range now {
			if !slices.Equal(loadedBefore[p.id], p.want()) {
				want[p.id] = p.want()
			}
		}
		got := map[string][]string{}
		for i, row := range d2.rowsOf(t, "delta", r) {
			if i == 0 {
				continue
			}
			for j, cell := range row {
				if cell == "#N/A" {
					if was := loadedBefore[row[0]]; was == nil || was[j] == "" {
						rt.Fatalf("row %q clears %d, which was not loaded", row, j)
					}
					row[j] = ""
				} else if was := loadedBefore[row[0]]; cell == "" && was != nil && was[j] != "" && s.Format == "" && s.Name == "salesforce" {
					rt.Fatalf("row %q leaves %d as it was, want it cleared", row, j)
				}
			}
			got[row[0]] = row
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("-want +got\n%s", diff)
		}
		left := max(0, len(old)-len(now)) // the ids count up
		if b.Counts().Left != left || strings.Count(d2.text("left.csv"), "\n") < left+1 {
			rt.Fatalf("got %+v, want %d left", b.Counts(), left)
		}
	})
}

// A state is read back as written; a flipped bit anywhere, a cut and foreign bytes are refused.
func TestStateDamage(t *testing.T) {
	_, d := write(t, account(), crm.Input{Table: customers(t, person{id: "A", name: "Able"}, person{id: "B"})})
	good := d.files[crm.StateFile].Bytes()
	s, err := crm.DecodeState(good)
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := s.Encode(&again); err != nil || !bytes.Equal(again.Bytes(), good) {
		t.Errorf("got other bytes the second time, %v", err)
	}
	for i := range good {
		bad := slices.Clone(good)
		bad[i] ^= 1 << (i % 8)
		if _, err := crm.DecodeState(bad); !errors.Is(err, crm.ErrState) {
			t.Fatalf("byte %d of %d flipped: got %v, want %v", i, len(good), err, crm.ErrState)
		}
	}
	for _, n := range []int{0, 1, 20, 21, 100, len(good) - 1} {
		if _, err := crm.DecodeState(good[:n]); !errors.Is(err, crm.ErrState) {
			t.Errorf("%d of %d bytes: got %v, want %v", n, len(good), err, crm.ErrState)
		}
	}
	if _, err := crm.DecodeState(append(slices.Clone(good), 0)); !errors.Is(err, crm.ErrState) {
		t.Errorf("a byte more: got %v", err)
	}
}

// Tables for people are whole CSV with every cell in its column.
func TestFilesForPeople(t *testing.T) {
	_, d := write(t, account(), crm.Input{Table: customers(t, person{id: "A,1", name: "x \"y\""})})
	for _, name := range []string{"fields.csv", "changes.csv", "left.csv"} {
		rows, err := csv.NewReader(strings.NewReader(d.text(name))).ReadAll()
		if err != nil || len(rows) == 0 {
			t.Errorf("%s: got %q, %v", name, rows, err)
		}
		if n := int64(len(rows) - 1); n != d.files[name].rows {
			t.Errorf("%s: got %d rows, counted %d", name, n, d.files[name].rows)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("customers=%d", n), func(b *testing.B) {
			rows := make([]person, n)
			for i := range rows {
				rows[i] = person{id: fmt.Sprintf("C%07d", i), name: fmt.Sprintf("Customer %d Ltd", i*7919), tier: "core", sales: int64(i) * 12_345, day: "2024-05-01"}
			}
			tab := customers(b, rows...)
			for b.Loop() {
				write(b, account(), crm.Input{Table: tab, Workers: 2})
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
