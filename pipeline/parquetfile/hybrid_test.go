package parquetfile

import (
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"pgregory.net/rapid"
)

// TestHybrid reads what the library wrote, in pieces of any size.
func TestHybrid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(0, 32).Draw(t, "width")
		mask := uint32(1<<width - 1)
		var want []uint32
		for range rapid.IntRange(0, 12).Draw(t, "runs") {
			v := rapid.Uint32().Draw(t, "value") & mask
			for i := range rapid.SampledFrom([]int{1, 2, 7, 8, 9, 16, 63, 64, 65}).Draw(t, "length") {
				want = append(want, (v+uint32(i)*rapid.SampledFrom([]uint32{0, 0, 7}).Draw(t, "step"))&mask)
			}
		}
		signed := make([]int32, len(want))
		for i, v := range want {
			signed[i] = int32(v)
		}
		data, err := (&rle.Encoding{BitWidth: width}).EncodeInt32(nil, signed)
		if err != nil {
			t.Fatal(err)
		}
		h := newHybrid(data, uint(width))
		var got []uint32
		for len(got) < len(want) {
			piece := make([]uint32, min(rapid.SampledFrom([]int{1, 3, 8, 64, 1000}).Draw(t, "piece"), len(want)-len(got)))
			if equal, err := h.skipEqual(len(piece), want[len(got)]); err != nil {
				t.Fatal(err)
			} else if equal {
				fill(piece, want[len(got)])
			} else if largest, err := h.read(piece); err != nil || largest != slices.Max(piece) {
				t.Fatalf("read: largest %d, want %d, error %v", largest, slices.Max(piece), err)
			}
			got = append(got, piece...)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("width %d: got %v, want %v", width, got, want)
		}
	})
}

func TestHybridCorrupt(t *testing.T) {
	for name, c := range map[string]struct {
		data  []byte
		width uint
	}{
		"empty":                  {nil, 3},
		"run without its value":  {[]byte{0x10}, 3},
		"value too wide":         {[]byte{0x10, 0x08}, 3},
		"packed run cut off":     {[]byte{0x03, 0xFF}, 3},
		"header never ends":      {[]byte{0xFF, 0xFF, 0xFF}, 3},
		"header beyond 64 bits":  {[]byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}, 3},
		"only empty runs":        {[]byte{0x00, 0x00, 0x01, 0x01}, 3},
		"fewer values than read": {[]byte{0x08, 0x01}, 3},
	} {
		h := newHybrid(c.data, c.width)
		if _, err := h.read(make([]uint32, 8)); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	// A run of a billion values costs nothing until it is read.
	h := newHybrid([]byte{0x80, 0x80, 0x80, 0x80, 0x08, 0x05}, 3)
	got := make([]uint32, 3)
	if _, err := h.read(got); err != nil || !slices.Equal(got, []uint32{5, 5, 5}) || h.run != 1<<30-3 {
		t.Errorf("long run: got %v, %d left, error %v", got, h.run, err)
	}
}

// TestDeltaInts reads what the library wrote, and refuses every prefix of it.
func TestDeltaInts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{0, 1, 2, 31, 32, 33, 127, 128, 129, 130, 257}).Draw(t, "n")
		bound := rapid.SampledFrom([]int64{0, 1, 1 << 20, 1 << 62}).Draw(t, "bound")
		want := rapid.SliceOfN(rapid.Int64Range(-bound, bound), n, n).Draw(t, "values")
		data, err := new(delta.BinaryPackedEncoding).EncodeInt64(nil, want)
		if err != nil {
			t.Fatal(err)
		}
		got, rest, err := deltaInts(nil, append(data, 1, 2, 3), n)
		if err != nil || !slices.Equal(got, want) || !slices.Equal(rest, []byte{1, 2, 3}) {
			t.Fatalf("got %v, rest %v, error %v, want %v", got, rest, err, want)
		}
		if _, _, err := deltaInts(nil, data, max(n-1, 0)); err == nil && n > 0 {
			t.Fatal("more values than the page has: got no error")
		}
		cut := rapid.IntRange(0, len(data)-1).Draw(t, "cut")
		if short, _, err := deltaInts(nil, data[:cut], n); err == nil && !slices.Equal(short, want) {
			t.Fatalf("cut off at %d of %d: got %v", cut, len(data), short)
		}
	})
}

// A page of few bytes whose prefixes repeat a long value must be refused by the sum of its lengths.
func TestDeltaBytesBomb(t *testing.T) {
	prefixes, suffixes := make([]int32, 4096), make([]int32, 4096)
	for i := range prefixes {
		prefixes[i] = 60_000
	}
	prefixes[0], suffixes[0] = 0, 60_000
	page, _ := new(delta.BinaryPackedEncoding).EncodeInt32(nil, prefixes)
	tail, _ := new(delta.BinaryPackedEncoding).EncodeInt32(nil, suffixes)
	page = append(append(page, tail...), make([]byte, 60_000)...)
	c := new(chunk)
	c.pages.lim = Limits{}.withDefaults() // 4,096 x 60,000 bytes are more than the page limit
	if _, err := c.plainFromDeltaBytes(page, 1<<20, 0); err == nil || cap(c.plainBuf) > 0 {
		t.Errorf("got error %v, buffer of %d bytes, want an error before the buffer is made", err, cap(c.plainBuf))
	}
}
