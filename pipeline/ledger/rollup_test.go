package ledger_test

import (
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"pgregory.net/rapid"
)

// The twin gives every line a second time to the root of its customer.
func TestRollUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := ledgertest.Lines(80).Draw(t, "lines")
		l := build(t, lines)
		root := make([]int, l.Customers())
		for c := range root {
			root[c] = c
			if r := rapid.IntRange(0, l.Customers()-1).Draw(t, "root"); r < c && root[r] == r {
				root[c] = r
			}
		}
		twin := append([]ledgertest.Line(nil), lines...)
		for _, x := range lines {
			if c, _ := l.Find(x.Customer); root[c] != c {
				x.Order ^= xxhash.Sum64String(x.Customer)
				x.Customer = l.ID(root[c])
				twin = append(twin, x)
			}
		}
		got, err := l.RollUp(2, root)
		if err != nil {
			t.Fatal(err)
		}
		if err := got.Validate(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(build(t, twin), got, whole); diff != "" {
			t.Fatalf("-want +got\n%s", diff)
		}
	})
}
