package account

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

func TestHierarchy(t *testing.T) {
	for _, tc := range []struct {
		name, ids, parents, roots, external string
	}{
		{"none", "", "", "", ""},
		{"single", "A", "-", "A", ""},
		{"own parent", "A B", "A A", "A A", ""},
		{"chain", "A B C D", "B C D -", "D D D D", ""},
		{"two trees", "A B C D", "- A - C", "A A C C", ""},
		{"external parents", "A B C", "Z B Y", "Z B Y", "Y Z"},
		{"external twice", "A B C", "Z Z -", "Z Z C", "Z"},
		{"child before an external grandparent", "A B", "B X", "X X", "X"},
	} {
		ids := strings.Fields(tc.ids)
		parents := strings.Fields(tc.parents)
		for i := range parents {
			parents[i] = strings.Trim(parents[i], "-")
		}
		h, err := NewHierarchy(ids, parents)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		var roots []string
		for i := range ids {
			roots = append(roots, h.IDs[h.Root[i]])
		}
		if got := strings.Join(roots, " "); got != tc.roots || strings.Join(h.External, " ") != tc.external {
			t.Errorf("%s: got roots %s, external %s, want %s, %s", tc.name, got, h.External, tc.roots, tc.external)
		}
	}
}

func TestHierarchyCycles(t *testing.T) {
	_, err := NewHierarchy([]string{"A", "B", "C", "D", "E", "F", "G"}, []string{"B", "D", "B", "C", "F", "E", ""})
	want := "the parents of 3 accounts form a cycle: B -> D -> C -> B: correct parent_id of one of them\n" +
		"the parents of 2 accounts form a cycle: E -> F -> E: correct parent_id of one of them"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	var e *CycleError
	if !errors.As(err, &e) || !cmp.Equal(e.Accounts, []string{"B", "D", "C"}) {
		t.Errorf("got %+v, want the accounts of the first cycle", e)
	}
}

// chain is ids 0..n-1 where each one's parent is the next, and the last one's parent is last.
func chain(n int, last string) (ids, parents []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("%07d", i))
		parents = append(parents, fmt.Sprintf("%07d", i+1))
	}
	parents[n-1] = last
	return ids, parents
}

func TestDeepHierarchy(t *testing.T) {
	const n = 100_000
	for _, descending := range []bool{false, true} {
		ids, parents := chain(n, "")
		want := n - 1
		if descending { // each one's parent is the one before
			for i := range parents {
				parents[i] = ""
				if i > 0 {
					parents[i] = ids[i-1]
				}
			}
			want = 0
		}
		h, err := NewHierarchy(ids, parents)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range h.Root {
			if r != want {
				t.Fatalf("account %d: got root %d, want %d", i, r, want)
			}
		}
		dst, src := make([]money.Amount, n), make([]money.Amount, n)
		for i := range src {
			src[i] = 1
		}
		if err := h.RollUp(dst, src); err != nil || dst[want] != n || !h.IsRoot(want) || h.IsRoot(want^1) {
			t.Errorf("got %d, %v, want %d in the one root", dst[want], err, n)
		}
	}
	ids, parents := chain(n, "0000000")
	_, err := NewHierarchy(ids, parents)
	var e *CycleError
	if !errors.As(err, &e) || len(e.Accounts) != n || len(err.Error()) > 1000 {
		t.Errorf("a cycle of all: got %.200v", err)
	}
}

// naiveRoot walks up step by step; a walk longer than the accounts is a cycle.
func naiveRoot(parent map[string]string, id string) (string, bool) {
	for range len(parent) + 2 {
		p := parent[id]
		if p == "" || p == id {
			return id, true
		}
		id = p
	}
	return "", false
}

func TestHierarchyAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "n")
		var ids, parents []string
		parent := map[string]string{}
		for i := range n {
			ids = append(ids, fmt.Sprintf("a%02d", i))
			p := rapid.SampledFrom([]string{"", "z1", "a00", "a01", "a03", "a05", "a07", "a11", "z0"}).Draw(t, "parent")
			parents = append(parents, p)
			parent[ids[i]] = p
		}
		h, err := NewHierarchy(ids, parents)
		cyclic := map[string]bool{} // members of cycles: their walk comes back to them
		for _, id := range ids {
			at := parent[id]
			for range n + 1 {
				if at == id && parent[id] != id {
					cyclic[id] = true
				}
				if at == parent[at] {
					break
				}
				at = parent[at]
			}
		}
		if (err != nil) != (len(cyclic) > 0) {
			t.Fatalf("got %v, want an error for the cycle of %v", err, cyclic)
		}
		if err != nil {
			named := 0
			for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
				c := e.(*CycleError).Accounts
				named += len(c)
				if c[0] != slices.Min(c) {
					t.Fatalf("cycle %q does not begin with its least id", c)
				}
				for i, id := range c {
					if !cyclic[id] || parent[id] != c[(i+1)%len(c)] {
						t.Fatalf("cycle %q does not follow the parents", c)
					}
				}
			}
			if named != len(cyclic) {
				t.Fatalf("cycles name %d accounts, want %d", named, len(cyclic))
			}
			return
		}
		dst, src := make([]money.Amount, len(h.IDs)), make([]money.Amount, n)
		want := map[string]money.Amount{}
		for i, id := range ids {
			src[i] = money.Amount(rapid.Int64Range(-1000, 1000).Draw(t, "amount"))
			root, _ := naiveRoot(parent, id)
			if h.IDs[h.Root[i]] != root {
				t.Fatalf("%s: got root %s, want %s", id, h.IDs[h.Root[i]], root)
			}
			want[root] += src[i]
		}
		if err := h.RollUp(dst, src); err != nil {
			t.Fatal(err)
		}
		for i, id := range h.IDs {
			if dst[i] != want[id] || (!h.IsRoot(i) && dst[i] != 0) {
				t.Fatalf("%s: got %v, want %v", id, dst[i], want[id])
			}
		}
	})
}

func TestRollUpOverflow(t *testing.T) {
	ids := []string{"A", "B", "C", "D"}
	h, err := NewHierarchy(ids, []string{"", "A", "A", "A"})
	if err != nil {
		t.Fatal(err)
	}
	edge := rapid.SampledFrom([]money.Amount{0, 1, -1, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1})
	rapid.Check(t, func(t *rapid.T) {
		src, dst := make([]money.Amount, 4), make([]money.Amount, 4)
		sum := new(big.Int)
		for i := range src {
			src[i] = edge.Draw(t, "amount")
			sum.Add(sum, big.NewInt(int64(src[i])))
		}
		err := h.RollUp(dst, src)
		if (err == nil) != sum.IsInt64() {
			t.Fatalf("sum %s: got %v", sum, err)
		}
		if err == nil && int64(dst[0]) != sum.Int64() {
			t.Fatalf("got %d, want %s", int64(dst[0]), sum)
		}
		if err != nil && !strings.Contains(err.Error(), `"A"`) {
			t.Fatalf("got %v, want it to name A", err)
		}
	})
}

func TestProgrammerErrors(t *testing.T) {
	for name, f := range map[string]func(){
		"lengths":   func() { _, _ = NewHierarchy([]string{"A"}, nil) },
		"order":     func() { _, _ = NewHierarchy([]string{"B", "A"}, []string{"", ""}) },
		"duplicate": func() { _, _ = NewHierarchy([]string{"A", "A"}, []string{"", ""}) },
		"roll-up":   func() { _ = (&Hierarchy{}).RollUp(make([]money.Amount, 1), nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: got no panic", name)
				}
			}()
			f()
		}()
	}
}
