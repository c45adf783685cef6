package rfm_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/segment/rfm"
)

func eachCell(f func(r, f, m uint8)) {
	for r := uint8(1); r <= rfm.Scores; r++ {
		for q := uint8(1); q <= rfm.Scores; q++ {
			for m := uint8(1); m <= rfm.Scores; m++ {
				f(r, q, m)
			}
		}
	}
}

// A function of the cell is disjoint by nature; that every cell has a name and every name a cell
// is what a typing error in the map would break.
func TestSegmentMapIsTotalAndOnto(t *testing.T) {
	var cells [rfm.Segments]int
	eachCell(func(r, f, m uint8) {
		s := rfm.SegmentOf(r, f, m)
		if s == rfm.None || int(s) >= rfm.Segments || s.String() == "" {
			t.Errorf("cell %d%d%d: got segment %d %q, want a named one", r, f, m, s, s)
			return
		}
		cells[s]++
	})
	names := map[string]bool{}
	for s := rfm.Champions; int(s) < rfm.Segments; s++ {
		if cells[s] == 0 {
			t.Errorf("%s has no cell", s)
		}
		names[s.String()] = true
	}
	if len(names) != rfm.Segments-1 {
		t.Errorf("got %d different names, want %d", len(names), rfm.Segments-1)
	}
	for cell, want := range map[[3]uint8]rfm.Segment{
		{5, 5, 5}: rfm.Champions, {1, 1, 1}: rfm.Lost, {1, 5, 5}: rfm.CannotLoseThem, {5, 1, 1}: rfm.NewCustomers, {3, 3, 1}: rfm.AboutToSleep,
	} {
		if got := rfm.SegmentOf(cell[0], cell[1], cell[2]); got != want {
			t.Errorf("cell %v: got %s, want %s", cell, got, want)
		}
	}
}

func TestSegmentMapIsTheReference(t *testing.T) {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is unset: point it at the reference data to run this test")
	}
	file, err := os.Open(filepath.Join(dir, "..", "reference", "rfm_125_cells.csv"))
	if os.IsNotExist(err) {
		t.Skip("no ../reference/rfm_125_cells.csv beside VITALFEW_DATA")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, r := range records[1:] {
		for _, cell := range strings.Fields(r[1]) {
			if want[cell] != "" {
				t.Errorf("the reference has cell %s twice", cell)
			}
			want[cell] = r[0]
		}
	}
	eachCell(func(r, f, m uint8) {
		cell := fmt.Sprint(r, f, m)
		cell = strings.ReplaceAll(cell, " ", "")
		if got := rfm.SegmentOf(r, f, m).String(); got != want[cell] {
			t.Errorf("cell %s: got %q, want %q", cell, got, want[cell])
		}
	})
}

func TestSegmentOfPanics(t *testing.T) {
	for _, cell := range [][3]uint8{{0, 1, 1}, {1, 0, 1}, {1, 1, 0}, {6, 1, 1}, {1, 6, 1}, {1, 1, 6}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("cell %v: got no panic", cell)
				}
			}()
			rfm.SegmentOf(cell[0], cell[1], cell[2])
		}()
	}
}
