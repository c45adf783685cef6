package btyd

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Patterns are the distinct histories of customers, ascending by (X, TX, T), so that neither the order of
// customers nor that of files changes a digit. Read-only once made.
type Patterns struct {
	Histories []History
	Weight    []float64 // customers with that history, > 0; same length
	Of        []int32   // for each customer the index of its pattern; nil if made without customers
}

// Len is the number of patterns.
func (p *Patterns) Len() int { return len(p.Histories) }

// Customers is the number of customers.
func (p *Patterns) Customers() float64 {
	sum := 0.0
	for _, w := range p.Weight {
		sum += w
	}
	return sum
}

// Spread gives each customer the figure of its pattern: dst[i] = perPattern[p.Of[i]].
func (p *Patterns) Spread(dst, perPattern []float64) {
	if len(dst) != len(p.Of) || len(perPattern) != p.Len() {
		panic("btyd: Spread: lengths do not match")
	}
	for i, k := range p.Of {
		dst[i] = perPattern[k]
	}
}

// Collapse makes patterns of integer days: for customer i, x[i] repeat purchase days, the last tx[i]
// days after the first, seen for t[i] days. A *HistoryError names the first history that cannot be.
func Collapse(x, tx, t []int32) (*Patterns, error) {
	if len(x) != len(tx) || len(x) != len(t) {
		return nil, fmt.Errorf("btyd: collapse: %d counts, %d recencies, %d ages", len(x), len(tx), len(t))
	}
	index := newIndex(1024)
	of := make([]int32, len(x))
	for i := range x {
		h := History{int(x[i]), float64(tx[i]), float64(t[i])}
		if fault := dayFault(x[i], tx[i], t[i]); fault != "" {
			return nil, &HistoryError{i, h, fault}
		}
		of[i] = index.add(key{uint64(x[i])<<32 | uint64(tx[i]), uint64(t[i])})
	}
	return index.patterns(of, func(k key) History {
		return History{int(k[0] >> 32), float64(uint32(k[0])), float64(k[1])}
	}), nil
}

func dayFault(x, tx, t int32) string {
	if x > tx && x > 0 && tx > 0 {
		return "there are more repeat purchase days than days"
	}
	if x >= 0 && tx >= 0 && tx <= t && (x == 0) == (tx == 0) {
		return ""
	}
	return History{int(x), float64(tx), float64(t)}.check()
}

// CollapseTimes is Collapse for times in any unit that are no whole days.
func CollapseTimes(x []int, tx, t []float64) (*Patterns, error) {
	if len(x) != len(tx) || len(x) != len(t) {
		return nil, fmt.Errorf("btyd: collapse: %d counts, %d recencies, %d ages", len(x), len(tx), len(t))
	}
	seen := make(map[History]int32)
	var all []History
	of := make([]int32, len(x))
	for i := range x {
		h := History{x[i], tx[i], t[i]}
		if fault := h.check(); fault != "" {
			return nil, &HistoryError{i, h, fault}
		}
		k, ok := seen[h]
		if !ok {
			k = int32(len(all))
			seen[h] = k
			all = append(all, h)
		}
		of[i] = k
	}
	return ordered(all, of), nil
}

// FromCounts makes patterns of a table that is collapsed already: customers[i] >= 0 with history
// h[i]. Histories may repeat. Of is nil.
func FromCounts(h []History, customers []float64) (*Patterns, error) {
	if len(h) != len(customers) {
		return nil, fmt.Errorf("btyd: %d histories, %d counts", len(h), len(customers))
	}
	for i, v := range h {
		if fault := v.check(); fault != "" {
			return nil, &HistoryError{i, v, fault}
		}
		if !(customers[i] >= 0) || math.IsInf(customers[i], 0) {
			return nil, &HistoryError{i, v, fmt.Sprintf("%g customers", customers[i])}
		}
	}
	order := make([]int, len(h))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compare(h[a], h[b]) })
	p := &Patterns{}
	for _, i := range order {
		n := p.Len()
		if customers[i] == 0 {
			continue
		}
		if n > 0 && p.Histories[n-1] == h[i] {
			p.Weight[n-1] += customers[i]
			continue
		}
		p.Histories = append(p.Histories, h[i])
		p.Weight = append(p.Weight, customers[i])
	}
	return p, nil
}

func compare(a, b History) int {
	return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.TX, b.TX), cmp.Compare(a.T, b.T))
}

// ordered sorts the distinct histories, renames of in place and counts.
func ordered(all []History, of []int32) *Patterns {
	type numbered struct {
		h   History
		was int32
	}
	list := make([]numbered, len(all))
	for i, h := range all {
		list[i] = numbered{h, int32(i)}
	}
	slices.SortFunc(list, func(a, b numbered) int { return compare(a.h, b.h) })
	now := make([]int32, len(all))
	p := &Patterns{Histories: all, Weight: make([]float64, len(all)), Of: of}
	for i, n := range list {
		p.Histories[i] = n.h
		now[n.was] = int32(i)
	}
	for i, k := range of {
		of[i] = now[k]
		p.Weight[now[k]]++
	}
	return p
}
