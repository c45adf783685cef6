package ingest

import (
	"fmt"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/sniff"
)

// asideRows counts the rows of a small export that are none of its records, and remembers where the first of
// each kind stands. Their text may be personal and is not kept.
type asideRows struct {
	counts, lines [sniff.Note + 1]int64
}

func (a *asideRows) add(k sniff.Furniture, line int64) {
	if a.counts[k]++; a.counts[k] == 1 {
		a.lines[k] = line
	}
}

// Aside says for people which rows were left out so far because they are no records: totals, notes, the header
// again; "" where none was. Rows without any value are not worth a word.
func (r *Records) Aside() string {
	var parts []string
	for k := sniff.Again; k <= sniff.Note; k++ {
		switch n := r.aside.counts[k]; {
		case n == 1:
			parts = append(parts, fmt.Sprintf("1 %s (line %d)", k, r.aside.lines[k]))
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %s (the first: line %d)", n, k, r.aside.lines[k]))
		}
	}
	if parts == nil {
		return ""
	}
	return fmt.Sprintf("%s: rows that are no records are left out: %s", r.Path, strings.Join(parts, ", "))
}
