package layout

import (
	"strings"
	"testing"
)

// Nesting must end in an error: the library's parser recurses, and a stack overflow cannot be caught.
func TestParsePresetDeep(t *testing.T) {
	for s, n := range map[string]int{"[": maxBrackets, "[ ": maxBrackets + 1, "{a: ": maxBrackets, "{": maxPreset, "- ": 8 << 10, "? ": 8 << 10, "a:\n": 8 << 10} {
		if _, err := ParsePreset([]byte(strings.Repeat(s, n))); err == nil {
			t.Errorf("%q repeated: got no error", s)
		}
	}
	var b strings.Builder
	for i := 0; b.Len() < maxPreset-400 && i < 300; i++ {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	if _, err := ParsePreset([]byte(b.String())); err == nil {
		t.Error("nested mappings: got no error")
	}
}
