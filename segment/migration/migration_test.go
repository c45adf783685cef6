package migration_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/migration"
	"pgregory.net/rapid"
)

func TestTabulate(t *testing.T) {
	m, err := migration.Tabulate(migration.Customers{
		Old: []uint8{1, 1, 2, 0, 2}, New: []uint8{1, 2, 1, 2, 0}, States: 3,
		Net: []money.Amount{10, 20, 30, 40, 50}, Profit: []money.Amount{1, 2, 3, 4, 5}, Known: []bool{true, false, true, true, true},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]migration.Cell{{{}, {}, {1, 40, 4}}, {{}, {1, 10, 1}, {1, 20, 0}}, {{1, 50, 5}, {1, 30, 3}, {}}}
	if d := cmp.Diff(want, m.Cells); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if m.Moved() != 2 || m.Old(2) != 2 || m.New(2) != 2 || m.Old(0) != 1 || m.New(0) != 1 {
		t.Errorf("got %d moved, margins %d %d %d %d", m.Moved(), m.Old(2), m.New(2), m.Old(0), m.New(0))
	}
	big := migration.Customers{Old: []uint8{0, 0}, New: []uint8{0, 0}, Net: []money.Amount{math.MaxInt64, 1}, Profit: make([]money.Amount, 2), States: 1}
	if _, err := migration.Tabulate(big); err == nil {
		t.Error("sums that do not fit: got no error")
	}
}

// The margins are the counts of the columns, whatever they are.
func TestMargins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "customers")
		states := rapid.SliceOfN(rapid.Uint8Range(0, 5), n, n)
		c := migration.Customers{Old: states.Draw(t, "old"), New: states.Draw(t, "new"), Net: make([]money.Amount, n), Profit: make([]money.Amount, n), States: 6}
		m, err := migration.Tabulate(c)
		if err != nil {
			t.Fatal(err)
		}
		var old, now [6]int
		for i := range n {
			old[c.Old[i]]++
			now[c.New[i]]++
		}
		for k := range 6 {
			if m.Old(k) != old[k] || m.New(k) != now[k] {
				t.Fatalf("state %d: got margins %d and %d, want %d and %d", k, m.Old(k), m.New(k), old[k], now[k])
			}
		}
	})
}

func TestFlips(t *testing.T) {
	a, b, c := []uint8{1, 1, 1, 0, 1, 2}, []uint8{2, 2, 1, 1, 0, 1}, []uint8{1, 2, 1, 0, 1, 2}
	if got := migration.Flips(a, b, c); got != 2 {
		t.Errorf("got %d flips, want those of customers 0 and 5", got)
	}
}
