package charset

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Why a file was not read. Errors of this package wrap one of them.
var (
	// ErrUndecided says that the bytes fit several charsets, or none.
	ErrUndecided = errors.New("the charset cannot be decided")
	// ErrMixed says that the text is UTF-8 but for some bytes: it is damaged, or was put together
	// from files of different charsets. Options.KeepDamage reads it all the same.
	ErrMixed = errors.New("the text is UTF-8 with bytes in it that are not")
	// ErrUnsupported says that the charset is known and is not read.
	ErrUnsupported = errors.New("the charset is not read")
	// ErrContradiction says that the file begins with the byte order mark of another charset than
	// the one that was set.
	ErrContradiction = errors.New("the charset setting contradicts the file")
)

// Confidence is how sure a Decision is.
type Confidence uint8

// The degrees of certainty.
const (
	// Undecided: nothing may be read on it; Decision.Err says why.
	Undecided Confidence = iota
	// Likely: weighed by evidence, or seen in a part of the file only.
	Likely
	// Certain: a setting, a byte order mark, or strict ASCII or UTF-8 to the file's last byte.
	Certain
)

// String is the degree in a word.
func (c Confidence) String() string {
	if c > Certain {
		return fmt.Sprintf("confidence(%d)", uint8(c))
	}
	return [...]string{"undecided", "likely", "certain"}[c]
}

// Decision is what a file's charset was found to be, and why.
type Decision struct {
	Charset    Charset // Auto where undecided
	Confidence Confidence
	// Evidence is for people: what was seen and counted. It quotes no text of the file but words of
	// this package's or the caller's own list.
	Evidence string
	// Candidates are the charsets it may be, the likeliest first. Setting one of them settles it.
	// Empty where the decision stands.
	Candidates []Charset
	// Offset is where the first byte that is not ASCII stands, or, of ErrMixed, the first that is
	// not UTF-8; in bytes of the file, from 0; -1 where there is none. Of UTF-16 it is 0.
	Offset int64
	// Warning is what speaks against a charset that was set; empty where nothing does.
	Warning string

	cause error // a sentinel above; nil where the decision stands
}

// Err is nil where the decision stands. Else it wraps one of the errors above and says what was
// seen and which setting settles it.
func (d Decision) Err() error {
	if d.cause == nil {
		return nil
	}
	return fmt.Errorf("%w: %s; %s", d.cause, d.Evidence, d.advice())
}

func (d Decision) advice() string {
	names := make([]string, len(d.Candidates))
	for i, c := range d.Candidates {
		names[i] = c.String()
	}
	switch {
	case errors.Is(d.cause, ErrUnsupported):
		return "save the file as UTF-8"
	case errors.Is(d.cause, ErrContradiction):
		return "drop the charset setting for this file, or set charset: " + strings.Join(names, " or ")
	case errors.Is(d.cause, ErrMixed):
		return "export it again as UTF-8, or set charset: utf-8 to have the damaged lines rejected" + alternative(names)
	case len(names) == 0:
		return "save the file as UTF-8, or set charset: to the one it was written in"
	}
	return "it may be " + strings.Join(names, " or ") + ": set charset: to the right one"
}

// alternative names what a mixed file may be other than UTF-8.
func alternative(names []string) string {
	if len(names) < 2 {
		return ""
	}
	return ", or charset: " + strings.Join(names[1:], " or ") + " if it was never UTF-8"
}

func undecided(offset int64, evidence string, candidates ...Charset) Decision {
	return Decision{Evidence: evidence, Candidates: candidates, Offset: offset, cause: ErrUndecided}
}

// Decide is what a Reader would decide for a file that begins with sample. Whole says that sample is
// the whole file; else it may end anywhere, also within a character, and nothing but a byte order
// mark is more than Likely. The words are those that the caller expects in this file's header: where
// a reading of the bytes brings one out that is not plain ASCII, it counts as evidence.
func Decide(sample []byte, whole bool, words ...string) Decision {
	r := NewReader(bytes.NewReader(sample), Options{Words: words})
	r.partial = !whole
	buf := make([]byte, windowSize)
	for r.mode != decoding {
		if _, err := r.Read(buf); err != nil {
			break
		}
	}
	return r.Decision()
}
