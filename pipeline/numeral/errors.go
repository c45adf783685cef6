package numeral

import (
	"fmt"
	"strings"
)

// Undecided is the refusal to choose between readings that all fit.
type Undecided struct {
	Candidates []Candidate // two
	Cells      int64       // numbers in the sample
}

// Candidate is one reading of an undecided column.
type Candidate struct {
	Format  Format
	Setting string // what the user sets to choose it, such as decimal: ","
	Example string // a cell that the candidates read differently
	Reads   string // what this candidate makes of it
}

func (u *Undecided) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "nothing in %d numbers tells how they are written:", u.Cells)
	for i, c := range u.Candidates {
		if i > 0 {
			s.WriteString(",")
		}
		fmt.Fprintf(&s, " %q is %s with %s", c.Example, c.Reads, c.Setting)
	}
	s.WriteString("; set the one that holds")
	return s.String()
}

// Conflict is the refusal of a column whose cells contradict each other.
type Conflict struct {
	Of             string // what they contradict each other about: "decimal and thousands marks", "currency", "percent"
	First, Second  string // two of the cells
	Firsts, Others int64  // how many speak for the first, how many against it
	Remedy         string
}

func (c *Conflict) Error() string {
	return fmt.Sprintf("the numbers of the column disagree about their %s: %q (%d like it) against %q (%d); %s",
		c.Of, c.First, c.Firsts, c.Second, c.Others, c.Remedy)
}
