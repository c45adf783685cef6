package filter

import (
	"cmp"
	"math/big"
	"slices"
	"sort"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/table"
)

// truth of a condition on a row, such that and is the least, or the greatest of two.
type truth = uint8

const (
	no truth = iota
	unknown
	yes
)

// node is a compiled condition.
type node interface {
	// eval sets dst, of a truth per row of the table.
	eval(dst []truth, t *table.Table)
	// outcomes says, from bounds, what eval can come to in a row group; too much is legal, too little
	// is not.
	outcomes(bounds func(column string) table.Bounds) outcomes
}

type outcomes struct{ yes, no, unknown bool }

type value struct {
	text   string
	number *big.Rat
}

func whole(v int64) value { return value{number: new(big.Rat).SetInt64(v)} }

// span are the values from low to high, both among them; none where low > high.
type span[T cmp.Ordered] struct{ low, high T }

// sorted orders spans of single values and drops repetitions.
func sorted[T cmp.Ordered](s []span[T]) []span[T] {
	slices.SortFunc(s, func(a, b span[T]) int { return cmp.Compare(a.low, b.low) })
	return slices.Compact(s)
}

// among reports whether v is in one of the spans, which ascend.
func among[T cmp.Ordered](s []span[T], v T) bool {
	k := sort.Search(len(s), func(k int) bool { return s[k].high >= v })
	return k < len(s) && s[k].low <= v
}

// meets says whether values of [low, high] can be in the spans, and whether they can be outside.
func meets[T cmp.Ordered](s []span[T], low, high T) (in, out bool) {
	out = true
	for _, p := range s {
		in = in || p.low <= p.high && p.low <= high && low <= p.high
		out = out && !(p.low <= low && high <= p.high)
	}
	return in, out
}

// leaf are the outcomes of a predicate on one column. meets is asked only for stated bounds.
func leaf(b table.Bounds, not bool, meets func() (in, out bool)) outcomes {
	o := outcomes{unknown: b.Nulls != 0}
	if b.Empty() {
		return o
	}
	o.yes, o.no = true, true
	if b.Stated {
		o.yes, o.no = meets()
	}
	if not {
		o.yes, o.no = o.no, o.yes
	}
	return o
}

type logicNode struct {
	and  bool
	a, b node
}

func (n *logicNode) outcomes(bounds func(string) table.Bounds) outcomes {
	a, b := n.a.outcomes(bounds), n.b.outcomes(bounds)
	if n.and {
		return outcomes{a.yes && b.yes, a.no || b.no, a.unknown || b.unknown}
	}
	return outcomes{a.yes || b.yes, a.no && b.no, a.unknown || b.unknown}
}

type notNode struct{ x node }

func (n *notNode) outcomes(bounds func(string) table.Bounds) outcomes {
	o := n.x.outcomes(bounds)
	return outcomes{o.no, o.yes, o.unknown}
}

type nullNode struct {
	column string
	not    bool
}

func (n *nullNode) outcomes(bounds func(string) table.Bounds) outcomes {
	b := bounds(n.column)
	o := outcomes{yes: b.Nulls != 0, no: !b.Empty()}
	if n.not {
		o.yes, o.no = o.no, o.yes
	}
	return o
}

// wholeNode is a predicate on a column of counts, days, money, quantities, or yes and no.
type wholeNode struct {
	column string
	kind   table.Kind
	spans  []span[int64]
	not    bool
}

func (n *wholeNode) outcomes(bounds func(string) table.Bounds) outcomes {
	b := bounds(n.column)
	return leaf(b, n.not, func() (in, out bool) { return meets(n.spans, b.Ints[0], b.Ints[1]) })
}

type doubleNode struct {
	column string
	spans  []span[float64]
	not    bool
}

func (n *doubleNode) outcomes(bounds func(string) table.Bounds) outcomes {
	b := bounds(n.column)
	return leaf(b, n.not, func() (in, out bool) { return meets(n.spans, b.Floats[0], b.Floats[1]) })
}

// textNode is a predicate on a column of text.
type textNode struct {
	column string
	test   textTest
	not    bool
}

type textTest interface {
	match(s string) bool
	// meets says whether texts from low to high can match, and whether they can fail to.
	meets(low, high string) (in, out bool)
}

func (n *textNode) outcomes(bounds func(string) table.Bounds) outcomes {
	b := bounds(n.column)
	return leaf(b, n.not, func() (in, out bool) { return n.test.meets(b.Texts[0], b.Texts[1]) })
}

// textOrder compares with a text by = < <= > >=.
type textOrder struct{ op, with string }

func (t *textOrder) match(s string) bool { return holds(t.op, strings.Compare(s, t.with)) }

func (t *textOrder) meets(low, high string) (in, out bool) {
	l, h := t.match(low), t.match(high)
	if t.op == "=" {
		return low <= t.with && t.with <= high, !l || !h
	}
	return l || h, !l || !h // true from one end on
}

// textSet are the texts of a list, ascending.
type textSet []string

func (t textSet) match(s string) bool {
	_, ok := slices.BinarySearch(t, s)
	return ok
}

func (t textSet) meets(low, high string) (in, out bool) {
	at, _ := slices.BinarySearch(t, low)
	return at < len(t) && t[at] <= high, low != high || !t.match(low)
}

// holds reports whether a comparison that came to c satisfies the operator.
func holds(op string, c int) bool {
	switch op {
	case "=":
		return c == 0
	case "<>":
		return c != 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}

// pairNode compares two columns.
type pairNode struct{ op, a, b string }

func (n *pairNode) outcomes(bounds func(string) table.Bounds) outcomes {
	a, b := bounds(n.a), bounds(n.b)
	known := !a.Empty() && !b.Empty()
	return outcomes{known, known, a.Nulls != 0 || b.Nulls != 0}
}
