package ledger

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestByKeyIsAStableSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOf(rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 300), rapid.SampledFrom([]uint64{1 << 63, 7 << 40}))).Draw(t, "keys")
		ts := make([]term, len(keys))
		for i, k := range keys {
			ts[i] = term{key: k, code: uint32(i)}
		}
		want := slices.Clone(ts)
		slices.SortStableFunc(want, func(x, y term) int { return cmp.Compare(x.key, y.key) })
		if got := byKey(ts); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}
