package table

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"pgregory.net/rapid"
)

// lengths are on both sides of groups of 8, miniblocks of 32 and blocks of 128.
var lengths = []int{0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 34, 127, 128, 129, 130, 257, 1000}

// TestDeltaReadsBack decodes with the library at every bit width.
func TestDeltaReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom(lengths).Draw(t, "n")
		width := rapid.UintRange(0, 64).Draw(t, "width")
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) int64 {
			return int64(rapid.Uint64().Draw(t, "v")) >> (64 - width)
		}), n, n).Draw(t, "values")
		var e delta.BinaryPackedEncoding
		got, err := e.DecodeInt64(nil, appendDelta([]byte("x"), values)[1:])
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, values) {
			t.Fatalf("got %v, want %v", got, values)
		}
	})
}

// TestHybridReadsBack decodes with the library: runs of any length between packed numbers.
func TestHybridReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.UintRange(1, 31).Draw(t, "width")
		var values []int32
		for range rapid.IntRange(0, 6).Draw(t, "stretches") {
			n := rapid.SampledFrom(lengths[:13]).Draw(t, "n")
			one := rapid.Bool().Draw(t, "equal")
			v := rapid.Uint32Max(1<<width-1).Draw(t, "v")
			for range n {
				if !one {
					v = rapid.Uint32Max(1<<width-1).Draw(t, "v")
				}
				values = append(values, int32(v))
			}
		}
		b := appendHybrid(nil, recast[uint32](values), width)
		e := rle.Encoding{BitWidth: int(width)}
		got, err := e.DecodeInt32(nil, b)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) < len(values) || len(got) > len(values)+7 || !slices.Equal(got[:len(values)], values) {
			t.Fatalf("got %v, want %v", got, values)
		}
	})
}

// TestBitsAgreeWithNaiveTwin at every width.
func TestBitsAgreeWithNaiveTwin(t *testing.T) {
	for width := uint(0); width <= 64; width++ {
		var block, given [32]uint64
		for i := range block {
			block[i] = uint64(i+1) * 0x9e3779b97f4a7c15 >> (64 - width)
		}
		given = block
		want := make([]byte, 4*width)
		for bit := range uint(32 * width) {
			want[bit/8] |= byte(block[bit/width]>>(bit%width)&1) << (bit % 8)
		}
		if got := appendBits(nil, &given, width); !bytes.Equal(got, want) {
			t.Errorf("width %d: got %x, want %x", width, got, want)
		}
	}
}

func TestBoundsOfDoubles(t *testing.T) {
	zero, negative := make([]byte, 8), []byte{7: 0x80}
	for _, f := range []float64{0, math.Copysign(0, -1)} {
		b := bounds{some: true, floats: [2]float64{f, f}}
		if low, high, ok := b.encode(Float64); !ok || !bytes.Equal(low, negative) || !bytes.Equal(high, zero) {
			t.Errorf("%v: got %x, %x, %v", f, low, high, ok)
		}
	}
}
