package charset

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFoldCell(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"1,234.50":          "1,234.50",
		"１，２３４．５０":          "1,234.50",
		"－１２％":              "-12%",
		"\u22125":           "-5",
		"（１２．００）":           "(12.00)",
		"1\u00a0234,5":      "1 234,5",
		"1\u202f234\u20095": "1 234 5",
		"\u3000２０２４／０１／０５　１２：３０": " 2024/01/05 12:30",
		"2024年1月5日":                   "2024年1月5日",
		"￥１２":                         "¥12",
		"1’234.50":                    "1'234.50",
		"\u200e12\u200b\ufeff":        "12",
		"ＡＢＣｘｙｚ～":                     "ABCxyz~",
		"12\xff３":                     "12\xff3",
		"abc\ufffd１":                  "abc\ufffd1",
		strings.Repeat("x", 40) + "１": strings.Repeat("x", 40) + "1",
	} {
		if got := string(FoldCell(nil, []byte(in))); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestFoldWidth: every full-width form folds as Unicode's compatibility mapping has it.
func TestFoldWidth(t *testing.T) {
	for r := rune(0xff01); r <= 0xff5e; r++ {
		if got, want := string(FoldCell(nil, []byte(string(r)))), norm.NFKC.String(string(r)); got != want {
			t.Errorf("%U: got %q, want %q", r, got, want)
		}
	}
}

func TestFoldCellProperties(t *testing.T) {
	dst := make([]byte, 0, 64)
	rapid.Check(t, func(rt *rapid.T) {
		in := rapid.SliceOfN(rapid.SampledFrom([]string{"1", ",", "１", "－", "\u00a0", "\u200b", "客", "\xff", "\xe5"}), 0, 20).Draw(rt, "in")
		b := []byte(strings.Join(in, ""))
		keep := string(b)
		once := string(FoldCell(dst, b))
		if string(b) != keep {
			rt.Fatalf("%q became %q: the cell was written to", keep, b)
		}
		if len(once) > len(b) {
			rt.Fatalf("%q grew to %q", keep, once)
		}
		if again := string(FoldCell(nil, []byte(once))); again != once && utf8.ValidString(once) {
			rt.Fatalf("%q: folded twice %q", once, again)
		}
	})
}

func TestFoldCellAllocates(t *testing.T) {
	dst := make([]byte, 0, 64)
	plain, wide := []byte("1,234.50"), []byte("１，２３４．５０")
	if n := testing.AllocsPerRun(100, func() { FoldCell(nil, plain); FoldCell(dst, wide) }); n != 0 {
		t.Errorf("got %v allocations, want none", n)
	}
}
