package pipeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// Bounds of the warning: how many names and how many ids of each it shows.
const (
	shownNames = 3
	shownIDs   = 4
)

// sameNames is a warning where CRM accounts of one name have several ids, "" for none: one customer
// counted as several is never a key account. Accounts below one ultimate parent are none of them,
// for their figures are added up already.
func sameNames(a *account.Accounts) string {
	if a == nil {
		return ""
	}
	root := make([]int, a.Len())
	for i := range root {
		root[i] = i
	}
	if h, err := account.NewHierarchy(a.ID, a.Parents(a.ID)); err == nil { // a cycle is reported elsewhere
		root = h.Root
	}
	byName := map[string][]int{}
	for i := range a.ID {
		if name, known := a.Name.At(i); known {
			if folded := nameOf(name); folded != "" {
				byName[folded] = append(byName[folded], i)
			}
		}
	}
	var groups [][]int
	ids := 0
	for _, rows := range byName {
		if slices.ContainsFunc(rows, func(i int) bool { return root[i] != root[rows[0]] }) {
			groups = append(groups, rows)
			ids += len(rows)
		}
	}
	if groups == nil {
		return ""
	}
	slices.SortFunc(groups, func(x, y []int) int { return cmp.Or(cmp.Compare(len(y), len(x)), cmp.Compare(x[0], y[0])) })
	var shown []string
	for _, rows := range groups[:min(len(groups), shownNames)] {
		shown = append(shown, sameName(a, rows))
	}
	return fmt.Sprintf("%d CRM names stand under several customer ids, %d ids in all: %s; if they are one customer, merge them with an alias file (--aliases)",
		len(groups), ids, strings.Join(shown, "; "))
}

func sameName(a *account.Accounts, rows []int) string {
	var ids []string
	for _, i := range rows[:min(len(rows), shownIDs)] {
		ids = append(ids, a.ID[i])
	}
	s := strings.Join(ids, ", ")
	if n := len(rows) - shownIDs; n > 0 {
		s += fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("%q is %s", a.Name.Value[rows[0]], s)
}

// nameOf is a name without case, width, space and punctuation: "ABLE, Ltd." and "Able Ltd" are one.
func nameOf(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, layout.Fold(name))
}
