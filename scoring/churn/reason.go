package churn

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// leastMove is the push in log-odds below which a fact is no reason: about a point of probability at most.
const leastMove = 0.05

// AppendReasons appends the up to three facts that moved customer c most, the strongest first, in the
// form "risk up: last order 140 days ago, usually every 35; risk down: buys 6 categories". Nothing for a
// customer without a probability or with an average one; the base alone in a fallback.
func (r *Result) AppendReasons(dst []byte, c int) []byte {
	i := r.row[c]
	if i < 0 || math.IsNaN(r.Probability[c]) {
		return dst
	}
	f := &r.today.facts[i]
	if r.top == nil {
		return fmt.Appendf(dst, "purchase model only: %s", r.today.rhythm(f))
	}
	n := len(dst)
	for _, m := range r.top[i] {
		if math.Abs(float64(m.by)) < leastMove {
			break
		}
		if len(dst) > n {
			dst = append(dst, "; "...)
		}
		word := "risk up: "
		if m.by < 0 {
			word = "risk down: "
		}
		dst = append(append(dst, word...), r.today.words(f, m.family)...)
	}
	return dst
}

// words are what a family says of a customer.
func (s *Snapshot) words(f *facts, about family) string {
	switch about {
	case rhythm:
		return s.rhythm(f)
	case pace:
		return fmt.Sprintf("%s in the last %d days, %.0f in the %d before", orders(f.recent), s.Window, f.earlier, s.Window)
	case gaps:
		return fmt.Sprintf("time between orders went from %.0f to %.0f days", f.earlyGap, f.lateGap)
	case history:
		if f.days == 1 {
			return "only one order so far"
		}
		return fmt.Sprintf("%s in %.0f days", orders(f.days), f.tenure)
	case value:
		if f.days < 2 {
			return fmt.Sprintf("an order of %.0f", f.value)
		}
		return fmt.Sprintf("orders of %.0f at first, of %.0f lately", f.earlyValue, f.lateValue)
	case returns:
		return fmt.Sprintf("returns %.0f%% of the goods", 100*f.returned)
	case discounts:
		return fmt.Sprintf("discounts of %.0f%%", 100*f.discount)
	case breadth:
		if f.breadth == 1 {
			return "buys one category"
		}
		return fmt.Sprintf("buys %.0f categories", f.breadth)
	}
	_, month, _ := (s.AsOf - civil.Day(f.tenure)).Date()
	return "first order in " + [...]string{"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"}[month-1]
}

func (s *Snapshot) rhythm(f *facts) string {
	last := fmt.Sprintf("last order %.0f days ago", f.recency)
	if f.recency == 1 {
		last = "last order yesterday"
	}
	switch {
	case f.days > 1:
		return fmt.Sprintf("%s, usually every %.0f", last, f.meanGap)
	case f.expected > 0:
		return fmt.Sprintf("%s, others come back after %.0f", last, f.expected)
	}
	return last
}

func orders(n float32) string {
	if n == 1 {
		return "1 order"
	}
	return fmt.Sprintf("%.0f orders", n)
}
