package dictionary_test

import (
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/dictionary"
	"pgregory.net/rapid"
)

func TestCodesAreThoseOfCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var one, many dictionary.Dictionary
		for range rapid.IntRange(1, 4).Draw(t, "batches") {
			texts := rapid.SliceOf(rapid.StringMatching(`[ab]{0,6}|[ab]{6,20}|[0-9]{0,4}|C[0-9]{1,5}|C00[0-9]{3}|[0-9]{9,18}|X[0-9a]{3}`)).Draw(t, "values")
			values := make([][]byte, len(texts))
			for i, s := range texts {
				values[i] = []byte(s)
			}
			got := make([]uint32, len(values))
			many.Codes(got, values)
			for i, v := range values {
				if want := one.Code(v); got[i] != want {
					t.Fatalf("%q has code %d in a batch, %d alone", v, got[i], want)
				}
			}
		}
		if one.Len() != many.Len() {
			t.Fatalf("%d values, alone %d", many.Len(), one.Len())
		}
	})
}
