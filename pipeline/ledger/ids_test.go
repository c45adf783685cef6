package ledger_test

import (
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"pgregory.net/rapid"
)

// Ids join in ascending order: empty, with NULs, with lengths around the eight bytes of a key, in any
// builder, some of them empty.
func TestIDsJoinInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		builders := make([]*ledger.Builder, rapid.IntRange(1, 4).Draw(t, "builders"))
		have := map[string]bool{}
		for k := range builders {
			builders[k] = ledger.NewBuilder()
			for _, id := range rapid.SliceOf(rapid.StringMatching(`[a\x00]{0,3}|C0{5}[1\x00]{0,5}`)).Draw(t, "ids") {
				builders[k].Account([]byte(id))
				have[id] = true
			}
		}
		l, err := ledger.Build(2, builders...)
		if err != nil {
			t.Fatal(err)
		}
		if l.Customers() != len(have) {
			t.Fatalf("%d customers of %d", l.Customers(), len(have))
		}
		for c := range l.Customers() {
			if !have[l.ID(c)] || c > 0 && l.ID(c-1) >= l.ID(c) {
				t.Fatalf("customer %d is %q", c, l.ID(c))
			}
		}
	})
}
