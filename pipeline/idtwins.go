package pipeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/cespare/xxhash/v2"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
)

// shownTwins is how many pairs of ids a warning shows.
const shownTwins = 3

// zeroTwins is a warning where ids of digits look as if a spreadsheet had taken the leading zeros of some, ""
// for none: 00123 beside 123, or 123 where all others have five digits and some begin with 0. It looks no
// further than the ids that begin with 0 where there are none.
func zeroTwins(l *ledger.Ledger) string {
	width, padded, uneven := 0, 0, false
	for c := range l.Customers() {
		id := l.ID(c)
		if id >= "1" {
			break // ids ascend
		}
		if len(id) > 1 && id[0] == '0' && allDigits(id) {
			uneven = uneven || padded > 0 && len(id) != width
			width = max(width, len(id))
			padded++
		}
	}
	if padded == 0 {
		return ""
	}
	return zeroNote(l, width, padded, uneven)
}

// zeroNote looks for ids that are shorter than those with leading zeros.
func zeroNote(l *ledger.Ledger, width, padded int, uneven bool) string {
	var pairs []string
	twins, short, whole := 0, 0, 0
	for c := range l.Customers() {
		id := l.ID(c)
		if !allDigits(id) {
			continue
		}
		if len(id) >= width {
			whole++
			uneven = uneven || len(id) > width
			continue
		}
		short++
		if _, ok := l.Find(strings.Repeat("0", width-len(id)) + id); ok {
			if twins++; len(pairs) < shownTwins {
				pairs = append(pairs, fmt.Sprintf("%q and %q", strings.Repeat("0", width-len(id))+id, id))
			}
		} else if len(pairs) < shownTwins && twins == 0 {
			pairs = append(pairs, fmt.Sprintf("%q", id))
		}
	}
	const rule = 9 // of ten ids that have the width, one may have lost it
	switch {
	case twins > 0 && uneven:
		return fmt.Sprintf("%d customer ids stand with and without leading zeros, such as %s, and ids of digits have several lengths: if they are one customer, settings id_width: N fills ids up to N digits, or merge them with an alias file (--aliases)",
			twins, strings.Join(pairs, ", "))
	case twins > 0:
		return fmt.Sprintf("%d customer ids stand with and without leading zeros, such as %s: if they are one customer, settings id_width: %d makes them one",
			twins, strings.Join(pairs, ", "), width)
	case short > 0 && !uneven && whole >= rule*short:
		return fmt.Sprintf("%d customer ids of digits are shorter than the %d digits of all %d others, %d of which begin with 0, such as %s: if a spreadsheet took their leading zeros, settings id_width: %d restores them",
			short, width, whole, padded, strings.Join(pairs, ", "), width)
	}
	return ""
}

func allDigits(id string) bool { return id != "" && strings.Trim(id, "0123456789") == "" }

// caseTwins is a warning where ids differ only by case, "" for none. Where no id has a small letter it looks
// no further.
func caseTwins(l *ledger.Ledger) string {
	if !anyLower(l) {
		return ""
	}
	type folded struct {
		sum uint64
		c   int
	}
	var all []folded
	for c := range l.Customers() {
		if id := l.ID(c); !allDigits(id) {
			all = append(all, folded{xxhash.Sum64String(strings.ToLower(id)), c})
		}
	}
	slices.SortFunc(all, func(a, b folded) int { return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.c, b.c)) })
	var pairs [][2]int
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if a.sum == b.sum && strings.EqualFold(l.ID(a.c), l.ID(b.c)) {
			pairs = append(pairs, [2]int{a.c, b.c})
		}
	}
	if pairs == nil {
		return ""
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	var shown []string
	for _, p := range pairs[:min(len(pairs), shownTwins)] {
		shown = append(shown, fmt.Sprintf("%q and %q", l.ID(p[0]), l.ID(p[1])))
	}
	return fmt.Sprintf("%d customer ids differ from another only by case, such as %s: if they are one customer, settings id_fold_case: true makes them one",
		len(pairs), strings.Join(shown, ", "))
}

func anyLower(l *ledger.Ledger) bool {
	for c := range l.Customers() {
		for _, r := range l.ID(c) {
			if 'a' <= r && r <= 'z' || r > unicode.MaxASCII && unicode.IsLower(r) {
				return true
			}
		}
	}
	return false
}
