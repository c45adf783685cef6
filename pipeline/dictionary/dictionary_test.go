package dictionary_test

import (
	"fmt"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/dictionary"
	"pgregory.net/rapid"
)

// The naive twin is a Go map that numbers values by first appearance.
func TestAgreesWithMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d dictionary.Dictionary
		want := map[string]uint32{}
		values := rapid.SliceOf(rapid.StringMatching(`[ab]{0,6}|[ab]{6,12}|客户[0-9]?|[0-9]{0,4}|C[0-9]{1,5}|C00[0-9]{3}|[0-9]{9,18}|X[0-9a]{3}`)).Draw(t, "values")
		for _, v := range values {
			if _, ok := d.Find([]byte(v)); ok != has(want, v) {
				t.Fatalf("Find(%q) = %v before it was added", v, ok)
			}
			if !has(want, v) {
				want[v] = uint32(len(want))
			}
			buf := []byte(v)
			if got := d.Code(buf); got != want[v] {
				t.Fatalf("Code(%q) = %d, want %d", v, got, want[v])
			}
			for i := range buf {
				buf[i] = '!' // the dictionary must have copied it
			}
		}
		if d.Len() != len(want) {
			t.Fatalf("got %d values, want %d", d.Len(), len(want))
		}
		for v, code := range want {
			if got := string(d.Value(code)); got != v {
				t.Fatalf("Value(%d) = %q, want %q", code, got, v)
			}
		}
	})
}

func has(m map[string]uint32, v string) bool { _, ok := m[v]; return ok }

func TestGrowsAcrossEveryBoundary(t *testing.T) {
	var d dictionary.Dictionary
	for i := range 10_000 {
		if got := d.Code(fmt.Appendf(nil, "C%06d", i)); int(got) != i {
			t.Fatalf("value %d got code %d", i, got)
		}
	}
	for i := range 10_000 {
		if got, ok := d.Find(fmt.Appendf(nil, "C%06d", i)); !ok || int(got) != i {
			t.Fatalf("value %d is found as %d, %v", i, got, ok)
		}
	}
}

func BenchmarkCode(b *testing.B) {
	var d dictionary.Dictionary
	ids := make([][]byte, 400_000)
	for i := range ids {
		ids[i] = fmt.Appendf(nil, "C%07d", (i*7919)%len(ids))
	}
	i := 0
	for b.Loop() {
		d.Code(ids[i])
		if i++; i == len(ids) {
			i = 0
		}
	}
}
