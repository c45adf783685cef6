package table

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// Packing eight bools at a time gives the bits that one at a time gives.
func TestPackAgreesWithTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Bool(), 0, 70).Draw(t, "values")
		want := make([]byte, (len(values)+7)/8)
		nulls := 0
		for i, v := range values {
			if v {
				want[i/8] |= 1 << (i % 8)
			} else {
				nulls++
			}
		}
		if got := pack(values); !bytes.Equal(got, want) {
			t.Fatalf("got %x, want %x", got, want)
		}
		c := Ints("x", "", make([]int64, len(values)), values)
		if c.Nulls() != nulls {
			t.Fatalf("got %d nulls, want %d", c.Nulls(), nulls)
		}
	})
}
