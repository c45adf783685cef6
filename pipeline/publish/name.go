package publish

import (
	"fmt"
	"path"
	"strings"
)

const (
	// maxSegment bounds a path segment, maxDepth the segments of a name. A run id is shorter than a
	// segment by the longest revision (".9999").
	maxSegment  = 64
	maxID       = maxSegment - 5
	maxDepth    = 8
	manifest    = "manifest.json"
	manifestSum = "manifest.sha256"
)

// checkName refuses what is not a relative, clean, portable file name of a run.
func checkName(name string) error {
	segments := strings.Split(name, "/")
	if len(segments) > maxDepth {
		return fmt.Errorf("%w: %q is nested deeper than %d", ErrName, name, maxDepth)
	}
	for _, s := range segments {
		if err := checkSegment(s, maxSegment); err != nil {
			return fmt.Errorf("%w in %q", err, name)
		}
	}
	if name == manifest || name == manifestSum {
		return fmt.Errorf("%w: %q is written by Commit", ErrName, name)
	}
	return nil
}

// checkSegment refuses segments that are empty or long, hidden, of other characters than
// [A-Za-z0-9_.-], contain "..", end in a dot, or name a Windows device.
func checkSegment(s string, limit int) error {
	if len(s) == 0 || len(s) > limit {
		return fmt.Errorf("%w: %q has %d characters, want 1..%d", ErrName, s, len(s), limit)
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '_' && c != '.' && c != '-' && !digit(c) && !letter(c) {
			return fmt.Errorf("%w: %q has %q; allowed are letters, digits, '_', '.', '-'", ErrName, s, c)
		}
	}
	if s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return fmt.Errorf("%w: %q starts or ends with a dot or contains two in a row", ErrName, s)
	}
	if device(s) {
		return fmt.Errorf("%w: %q is a device name on Windows", ErrName, s)
	}
	return nil
}

func digit(c byte) bool  { return '0' <= c && c <= '9' }
func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// device reports whether the part before the first dot is reserved on Windows, whatever follows it.
func device(s string) bool {
	s, _, _ = strings.Cut(strings.ToUpper(s), ".")
	switch s {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(s) == 4 && (s[:3] == "COM" || s[:3] == "LPT") && digit(s[3])
}

// parents lists the directories above a name, topmost first, "." excluded.
func parents(name string) []string {
	var up []string
	for d := path.Dir(name); d != "."; d = path.Dir(d) {
		up = append([]string{d}, up...)
	}
	return up
}
