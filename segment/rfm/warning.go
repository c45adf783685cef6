package rfm

import (
	"fmt"
	"strconv"
	"strings"
)

// EmptyScores warns that some scores of a dimension have no customer.
type EmptyScores struct {
	// Dimension is recency, frequency or monetary.
	Dimension string
	// Scores are the empty ones, ascending.
	Scores []uint8
	// Customers were scored and have Distinct different values.
	Customers, Distinct int
	// Given is true where the cut points are own ones.
	Given bool
}

// Error names the scores and says what to do.
func (e EmptyScores) Error() string {
	var list strings.Builder
	for i, s := range e.Scores {
		if i > 0 {
			list.WriteString(", ")
		}
		list.WriteString(strconv.Itoa(int(s)))
	}
	noun := "score"
	if len(e.Scores) > 1 {
		noun = "scores"
	}
	text := fmt.Sprintf("%s: no customer has %s %s (%d customers, %d distinct values)", e.Dimension, noun, &list, e.Customers, e.Distinct)
	if e.Given {
		return text + "; move the own cut points to spread them"
	}
	return text + "; equal values share a score, own cut points can spread them"
}

func (r *Result) warn(customers int) {
	r.Warnings = appendEmpty(r.Warnings, "recency", customers, &r.Recency)
	r.Warnings = appendEmpty(r.Warnings, "frequency", customers, &r.Frequency)
	r.Warnings = appendEmpty(r.Warnings, "monetary", customers, &r.Monetary)
}

func appendEmpty[V ~int32 | ~int64](warnings []error, name string, customers int, d *Dimension[V]) []error {
	e := EmptyScores{Dimension: name, Customers: customers, Distinct: d.Distinct, Given: d.Given}
	for s := 1; s <= Scores; s++ {
		if d.Customers[s] == 0 {
			e.Scores = append(e.Scores, uint8(s))
		}
	}
	if len(e.Scores) == 0 {
		return warnings
	}
	return append(warnings, e)
}
