package feature_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"github.com/vitalfew/vitalfew/scoring/feature"
	"pgregory.net/rapid"
)

// Customers outside count like customers that are not there: company and rhythm equal those of the
// lines without them.
func TestOutsideCountsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := ledgertest.Lines(120).Draw(t, "lines")
		out := map[string]bool{}
		for _, name := range rapid.SliceOf(rapid.SampledFrom([]string{"C0", "C3", "C5", "C9"})).Draw(t, "outside") {
			out[name] = true
		}
		var inside []ledgertest.Line
		for _, l := range lines {
			if !out[l.Customer] {
				inside = append(inside, l)
			}
		}
		all, err := ledgertest.Build(lines)
		if err != nil {
			t.Fatal(err)
		}
		rest, err := ledgertest.Build(inside)
		if err != nil {
			t.Fatal(err)
		}
		outside := make([]bool, all.Customers())
		for c := range outside {
			outside[c] = out[all.ID(c)]
		}
		got, err := feature.Compute(all.At(18300), feature.Options{Outside: outside})
		if err != nil {
			t.Fatal(err)
		}
		want, err := feature.Compute(rest.At(18300), feature.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Company, got.Company); diff != "" {
			t.Fatalf("company: -want +got\n%s", diff)
		}
		if diff := cmp.Diff(want.Rhythm, got.Rhythm, cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("rhythm: -want +got\n%s", diff)
		}
	})
}
