package ledger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"pgregory.net/rapid"
)

// The twin builds from the lines before the day only, and from the accounts that are kept.
func TestBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := ledgertest.Lines(80).Draw(t, "lines")
		asOf := civil.Day(rapid.IntRange(17990, 18410).Draw(t, "as-of"))
		keep := func(id string) bool { return id == "C3" || id == "C7" }
		all := build(t, lines)
		b := ledger.NewBuilder()
		for _, id := range []string{"C3", "C7"} {
			if _, ok := all.Find(id); ok {
				b.Account([]byte(id))
			}
		}
		var seen []ledgertest.Line
		for _, x := range lines {
			if x.Day < asOf {
				seen = append(seen, x)
			}
		}
		if err := ledgertest.Add(b, seen, 7); err != nil {
			t.Fatal(err)
		}
		want, err := ledger.Build(1, b)
		if err != nil {
			t.Fatal(err)
		}
		got, err := all.Before(2, asOf, keep)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, whole); diff != "" {
			t.Fatalf("as of %d: -want +got\n%s", asOf, diff)
		}
	})
}
