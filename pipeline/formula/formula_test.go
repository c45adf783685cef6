package formula_test

import (
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/formula"
	"pgregory.net/rapid"
)

func TestGuard(t *testing.T) {
	for text, want := range map[string]string{
		"":           "",
		"Acme":       "Acme",
		"=1+1":       "'=1+1",
		"+49 30":     "'+49 30",
		"-2":         "'-2",
		"@SUM(A1)":   "'@SUM(A1)",
		"\tx":        "'\tx",
		"\rx":        "'\rx",
		"\nx":        "'\nx",
		"  =1":       "'  =1",
		"\u3000＝1":   "'\u3000＝1",
		"'=1":        "''=1",
		"a=1":        "a=1",
		"3-4":        "3-4",
		" ":          " ",
		"\u00a0@cmd": "'\u00a0@cmd",
	} {
		if got := formula.Guard(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Whatever the text, what Guard returns is not run, and Unguard gives the text back.
func TestUnguardIsTheInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("=+-@\t\r\n' \u00a0\u3000＝＋a1é")), 0, 6, -1).Draw(t, "text")
		got := formula.Guard(text)
		if got != text && got[0] != '\'' {
			t.Errorf("%q: got %q, want an apostrophe first", text, got)
		}
		if back := formula.Unguard(got); back != text {
			t.Errorf("%q: got %q back from %q", text, back, got)
		}
	})
}
