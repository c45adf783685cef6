package layout

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a header to the form in which headers are compared: compatibility forms composed
// (NFKC: full-width letters, no-break and ideographic spaces become plain ones), lower case, and
// without spaces, underscores, hyphens, dots, controls, byte order marks and other invisible format
// characters. Fold(Fold(s)) == Fold(s).
func Fold(s string) string {
	// Dropping a separator may bring a letter and a combining mark together, so fold what was
	// folded until nothing changes. Two rounds do for every real header.
	for range 8 {
		t := strings.Map(foldRune, norm.NFKC.String(s))
		if t == s {
			break
		}
		s = t
	}
	return s
}

func foldRune(r rune) rune {
	switch {
	case r == '_' || r == '.' || r == '。' || unicode.Is(unicode.Pd, r),
		unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	}
	return unicode.ToLower(r)
}
