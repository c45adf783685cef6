package calendar

import (
	"fmt"
	"strings"
)

// Undecided is the refusal to choose between orders of day, month and year that all fit.
type Undecided struct {
	Candidates []Candidate // two or three
	Cells      int64       // days in the sample
	Remark     string      // weak evidence that decides nothing, such as the column being sorted under one reading; may be empty
}

// Candidate is one reading of an undecided column.
type Candidate struct {
	Format  Format
	Setting string // what the user sets to choose it, such as dates: dmy
	Example string // a cell
	Reads   string // the day that this candidate makes of it, YYYY-MM-DD
}

func (u *Undecided) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "nothing in %d dates tells day from month:", u.Cells)
	for i, c := range u.Candidates {
		if i > 0 {
			s.WriteString(",")
		}
		fmt.Fprintf(&s, " %q is %s with %s", c.Example, c.Reads, c.Setting)
	}
	s.WriteString("; set the one that holds")
	if u.Remark != "" {
		s.WriteString(" (" + u.Remark + ")")
	}
	return s.String()
}

// Conflict is the refusal of a column whose cells contradict each other.
type Conflict struct {
	Of             string // what they contradict each other about
	First, Second  string // two of the cells
	Firsts, Others int64  // how many speak for the first, how many against it
	Remedy         string
}

func (c *Conflict) Error() string {
	return fmt.Sprintf("the dates of the column disagree about %s: %q (%d like it) against %q (%d); %s",
		c.Of, c.First, c.Firsts, c.Second, c.Others, c.Remedy)
}
