package main

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestScore(t *testing.T) {
	third := 1.0 / 3
	clean := [][]string{{"A", "b"}, {"1", "x"}, {"2", "y"}}
	for _, c := range []struct {
		name          string
		clean, loaded [][]string
		want          Measures
	}{
		{"identity", clean, clean, Measures{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
		{"normalised", clean, [][]string{{"a", "B"}, {"true", "X"}, {"+2", "Y"}}, Measures{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
		{"empty is expected", nil, clean, Measures{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
		{"nothing loaded", clean, nil, Measures{1}},
		{"a row is missing", clean, clean[:2], Measures{1, 1, 1, 1, 0.5, 1, 2 * third, 4. / 6, 1, 0.8}},
		{"cells of a record are joined", clean, [][]string{{"a", "b"}, {"1x"}, {"2", "y"}}, Measures{1, 1, 1, 1, 1, 1, 1, 4. / 6, 4. / 5, 2 * (4. / 6) * 0.8 / (4./6 + 0.8)}},
		{"no record is expected", clean[:1], clean, Measures{1, 1, 1, 1, 1, 1, 1, 1, third, 0.5}},
		{"multisets", [][]string{{"h"}, {"1"}, {"1"}}, [][]string{{"h"}, {"1"}}, Measures{1, 1, 1, 1, 0.5, 1, 2 * third, 2 * third, 1, 0.8}},
	} {
		got := score(c.clean, c.loaded)
		if diff := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
	if s := score(clean, clean).Sum(); math.Abs(s-10) > 1e-12 {
		t.Errorf("identity: got %v, want 10", s)
	}
}

func TestNormal(t *testing.T) {
	for in, want := range map[string]string{"": "", "True": "1", "false": "0", "007": "7", "1.50": "1.5", "1e2": "100",
		"0:10": "00:10:00", "28/01/2018": "2018-01-28 00:00:00", "01/02/2018": "2018-01-02 00:00:00", "$1,234.50": "$1234.5", "Ab C": "ab c"} {
		if got := normal(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestWrongRows(t *testing.T) {
	clean := [][]string{{"h", "i"}, {"1", "x"}, {"2", "y"}}
	bad, rows := wrong(clean, [][]string{{"h", "i"}, {"1", "x"}, {"1", "x"}, {"2y", ""}})
	if bad != 2 || rows != 3 {
		t.Errorf("got %d of %d, want 2 of 3: one twice, one torn", bad, rows)
	}
}

func TestTotals(t *testing.T) {
	ten := Measures{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
	got := sum([]result{{name: "a", measures: ten, rows: 3, wrong: 1}, {name: "b", rows: 1}}, map[string]float64{"a": 3, "b": 1})
	want := totals{simple: 5, weighted: 7.5, perMillion: 250_000, wrong: 1, rows: 4}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
