package account

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Hierarchy says which ultimate parent each account belongs to. It is read-only.
//
// Nodes are the accounts it was made of, in their order, and after them the external parents: ids
// that only parent fields name. An external parent is the root of its own tree.
type Hierarchy struct {
	// IDs are the ids of all nodes.
	IDs []string
	// Root is for each node the node of its ultimate parent, itself for a root.
	Root []int
	// External are the external parents, ascending: the last nodes of IDs.
	External []string
}

// CycleError says that parent ids lead back to where they started.
type CycleError struct {
	// Accounts are the ids in the order child, parent, parent's parent, ... from the least id on; the
	// last one's parent is the first.
	Accounts []string
}

// Error names the accounts in order, at most 20 of them.
func (e *CycleError) Error() string {
	const most = 20
	s := strings.Join(e.Accounts[:min(len(e.Accounts), most)], " -> ")
	if n := len(e.Accounts) - most; n > 0 {
		s += fmt.Sprintf(" -> (%d more)", n)
	}
	return fmt.Sprintf("the parents of %d accounts form a cycle: %s -> %s: correct parent_id of one of them",
		len(e.Accounts), s, e.Accounts[0])
}

// NewHierarchy follows parents to the ultimate parent of each account. ids must ascend without
// repeats, and parents be as long; anything else is a programmer's error and panics. A parent "" or
// equal to the account's own id makes it a root. Every cycle is a *CycleError, all joined, in the
// order of their least ids.
//
// It takes O(n) steps and no recursion, however long the chains.
func NewHierarchy(ids, parents []string) (*Hierarchy, error) {
	if len(ids) != len(parents) {
		panic("account: ids and parents differ in length")
	}
	h := &Hierarchy{}
	up := h.nodes(ids, parents)
	var errs []error
	const open, onPath = -1, -2
	h.Root = make([]int, len(up))
	for i := range h.Root {
		h.Root[i] = open
	}
	var path []int
	for start := range up {
		path = path[:0]
		at := start
		for h.Root[at] == open {
			h.Root[at] = onPath
			path = append(path, at)
			if up[at] < 0 {
				break
			}
			at = up[at]
		}
		root := h.Root[at]
		if root == onPath {
			root = at
			if up[at] >= 0 { // the path came back to itself
				errs = append(errs, h.cycle(path[slices.Index(path, at):]))
			}
		}
		for _, n := range path {
			h.Root[n] = root
		}
	}
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	return h, nil
}

// nodes sets IDs and External and returns the parent node of each node, or -1.
func (h *Hierarchy) nodes(ids, parents []string) []int {
	for i := 1; i < len(ids); i++ {
		if ids[i-1] >= ids[i] {
			panic("account: ids do not ascend")
		}
	}
	for i, p := range parents {
		if p == "" || p == ids[i] {
			continue
		}
		if _, ok := slices.BinarySearch(ids, p); !ok {
			h.External = append(h.External, p)
		}
	}
	sort.Strings(h.External)
	h.External = slices.Compact(h.External)
	h.IDs = append(slices.Clone(ids), h.External...)

	up := make([]int, len(h.IDs))
	for i := range up {
		up[i] = -1
		if i >= len(ids) || parents[i] == "" || parents[i] == ids[i] {
			continue
		}
		p, ok := slices.BinarySearch(ids, parents[i])
		if !ok {
			p, _ = slices.BinarySearch(h.External, parents[i])
			p += len(ids)
		}
		up[i] = p
	}
	return up
}

// cycle turns the cycle so that the least id comes first: whichever account it was found from, the
// error is the same.
func (h *Hierarchy) cycle(path []int) error {
	least := slices.Index(path, slices.Min(path))
	e := &CycleError{}
	for k := range path {
		e.Accounts = append(e.Accounts, h.IDs[path[(least+k)%len(path)]])
	}
	return e
}

// Accounts is the number of nodes that are accounts rather than external parents.
func (h *Hierarchy) Accounts() int { return len(h.IDs) - len(h.External) }

// IsRoot reports whether a node is an ultimate parent.
func (h *Hierarchy) IsRoot(node int) bool { return h.Root[node] == node }

// RollUp sums src, a measure of each account, into the ultimate parents: dst[r] is the sum over the
// accounts whose root is r, r itself included, and 0 for nodes that are no roots. src is not changed:
// children keep their own figures. dst must have one element a node, src one an account; they must
// not overlap. It returns an error that names the parent whose sum does not fit.
func (h *Hierarchy) RollUp(dst, src []money.Amount) error {
	if len(dst) != len(h.IDs) || len(src) != h.Accounts() {
		panic("account: slice lengths do not match the hierarchy")
	}
	// Sums beyond 64 bits on the way may come back into range, so that the order of accounts does not
	// decide whether the sum fits: carry the high half.
	high := make([]int64, len(dst))
	clear(dst)
	for i, v := range src {
		r := h.Root[i]
		s := uint64(dst[r]) + uint64(v)
		if s < uint64(v) {
			high[r]++
		}
		if v < 0 {
			high[r]--
		}
		dst[r] = money.Amount(s)
	}
	for r, s := range dst {
		if (s >= 0 && high[r] != 0) || (s < 0 && high[r] != -1) {
			return fmt.Errorf("the roll-up to account %q does not fit an amount: check its accounts for wrong figures", h.IDs[r])
		}
	}
	return nil
}
