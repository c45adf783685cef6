package pipeline_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/segment/migration"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// A year of monthly runs on real trade: the migration matrix adds up to the tiers of both runs, and
// at least half of the one-run flips of the plain cuts are gone. That of UCI takes longer: see `make long`.
func TestYearOfResellers(t *testing.T) {
	year(t, resellers(t, ""), 2013)
}

// year runs the first days of twelve months.
func year(t *testing.T, c pipeline.Config, first int) {
	t.Helper()
	var plain, settled []map[string]uint8
	var before *pipeline.Outcome
	for month := 1; month <= 12; month++ {
		if err := c.SetAsOf(fmt.Sprintf("%d-%02d-01", first, month)); err != nil {
			t.Fatal(err)
		}
		out := runNight(t, c, 2)
		cuts, tiers := map[string]uint8{}, map[string]uint8{}
		for i, now := range out.Figures.Tiers {
			id := out.Figures.Ledger.ID(i)
			cuts[id], tiers[id] = uint8(out.Figures.Tier.Tier[i]), uint8(now)
		}
		plain, settled = append(plain, cuts), append(settled, tiers)
		margins(t, before, out)
		before = out
	}
	cut, kept := flips(plain), flips(settled)
	t.Logf("one-run flips: %d by the plain cuts, %d with hysteresis", cut, kept)
	if cut == 0 || 2*kept > cut {
		t.Errorf("got %d one-run flips with hysteresis and %d without, want at most half, and some without", kept, cut)
	}
}

// margins holds migration.csv against the tiers that both manifests state.
func margins(t *testing.T, before, out *pipeline.Outcome) {
	t.Helper()
	old, now := map[string]int{}, map[string]int{}
	f, err := os.Open(filepath.Join(out.Dir, "migration.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		n, err := strconv.Atoi(r[3])
		if err != nil {
			t.Fatal(err)
		}
		old[r[0]] += n
		now[r[1]] += n
	}
	if before == nil {
		if len(rows) != 1 || out.Manifest.Previous != nil {
			t.Errorf("first run: got %d rows of migration and previous %v, want none", len(rows)-1, out.Manifest.Previous)
		}
		return
	}
	if p := out.Manifest.Previous; p == nil || p.Run != filepath.Base(before.Dir) {
		t.Fatalf("as of %s: got previous run %v, want %s", out.Manifest.AsOf, p, before.Dir)
	}
	moved := 0
	for _, r := range rows[1:] {
		if n, _ := strconv.Atoi(r[3]); r[2] != "same" {
			moved += n
		}
	}
	movers := readCSV(t, filepath.Join(out.Dir, "movers.csv"))
	if len(movers)-1 != moved {
		t.Errorf("as of %s: got %d movers, want the %d of the matrix", out.Manifest.AsOf, len(movers)-1, moved)
	}
	for _, m := range movers[1:] {
		if m[3] == m[4] || m[6] == "" {
			t.Errorf("as of %s: got mover %q, want two tiers and a criterion", out.Manifest.AsOf, m)
		}
	}
	for k, line := range before.Manifest.Tiers {
		if old[line.Tier] != line.Customers || now[line.Tier] != out.Manifest.Tiers[k].Customers {
			t.Errorf("as of %s, tier %s: got margins %d and %d, want %d and %d", out.Manifest.AsOf, line.Tier,
				old[line.Tier], now[line.Tier], line.Customers, out.Manifest.Tiers[k].Customers)
		}
	}
}

// flips counts the one-run flips of a series of runs.
func flips(runs []map[string]uint8) (n int) {
	for k := 2; k < len(runs); k++ {
		var a, b, c []uint8
		for id, last := range runs[k] {
			a, b, c = append(a, runs[k-2][id]), append(b, runs[k-1][id]), append(c, last)
		}
		n += migration.Flips(a, b, c)
	}
	return n
}

// The same night again is verified; a later correction of the same day counts as no run of its own.
func TestPreviousOfARerun(t *testing.T) {
	c := demo(t)
	for _, day := range []string{"2025-10-01", "2025-11-01"} {
		if err := c.SetAsOf(day); err != nil {
			t.Fatal(err)
		}
		runNight(t, c, 2)
	}
	out := runNight(t, c, 2)
	if !out.Unchanged {
		t.Error("the same night again was computed, want it verified")
	}
	other := configured(t, "lists: {rise: 20%}", c) // no definition of tiers
	other.Out = c.Out
	again := runNight(t, other, 2)
	if again.Manifest.Previous == nil || again.Manifest.Previous.AsOf != "2025-10-01" {
		t.Errorf("got previous %v, want the run of October", again.Manifest.Previous)
	}
	for _, fresh := range []string{"customers.parquet", "manifest.json"} {
		path := filepath.Join(again.Dir, fresh)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b[len(b)/2] ^= 1
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := other.SetAsOf("2025-12-01"); err != nil {
			t.Fatal(err)
		}
		other.DryRun = true
		out := runNight(t, other, 2)
		if out.Manifest.Previous != nil || !strings.Contains(strings.Join(out.Manifest.Warnings, "\n"), "cannot be used, so tiers start afresh") {
			t.Errorf("damaged %s: got previous %v and notes %q, want it said", fresh, out.Manifest.Previous, out.Manifest.Warnings)
		}
		b[len(b)/2] ^= 1
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Changed definitions are no movement.
func TestRedefined(t *testing.T) {
	c := demo(t)
	if err := c.SetAsOf("2025-10-01"); err != nil {
		t.Fatal(err)
	}
	runNight(t, c, 2)
	other := configured(t, "key_account: {volume: median}\ntier: {core_share: 20%}", c)
	other.Out = c.Out
	if err := other.SetAsOf("2025-11-01"); err != nil {
		t.Fatal(err)
	}
	s := customersOf(t, runNight(t, other, 2))
	count := map[string]int{}
	for i := range s.rows {
		count[s.text(i, "tier_change")]++
		if s.text(i, "tier") != s.text(i, "cut_tier") {
			t.Errorf("customer %s: got tier %s, want that of the new cuts, %s", s.text(i, "customer_id"), s.text(i, "tier"), s.text(i, "cut_tier"))
		}
	}
	if count["up"]+count["down"] > 0 || count["redefined"] == 0 {
		t.Errorf("got changes %v, want redefined ones only", count)
	}
}

// Tiers set by hand show as such; what does not act is said with its line.
func TestOverrides(t *testing.T) {
	c := demo(t)
	c.Overrides = put(t, t.TempDir(), "overrides.csv", "customer,tier,reason,until\nC00001,core,\"board, 3 May\",\nC00002,prospect,old,2020-01-01\nnobody,key,test,\n")
	out := runNight(t, c, 2)
	s := customersOf(t, out)
	for i := range s.rows {
		byHand := s.text(i, "customer_id") == "C00001"
		if got := strings.HasPrefix(s.text(i, "reason"), "core by hand: board, 3 May; by the rules "); got != byHand {
			t.Errorf("customer %s: got reason %q", s.text(i, "customer_id"), s.text(i, "reason"))
		}
		if byHand && s.text(i, "tier") != tier.Core.String() {
			t.Errorf("got tier %s, want core", s.text(i, "tier"))
		}
	}
	notes := strings.Join(out.Manifest.Warnings, "\n")
	for _, want := range []string{"1 tiers are set by hand", "line 3: the override of customer \"C00002\" expired on 2020-01-01", "line 4: the override is of customer \"nobody\", whom neither"} {
		if !strings.Contains(notes, want) {
			t.Errorf("got notes %q, want %q", notes, want)
		}
	}
}
