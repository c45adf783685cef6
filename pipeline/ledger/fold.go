package ledger

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// folder works through one partition after another.
type folder struct {
	a       *assembly
	next    []uint32    // per customer of the ledger: where its next row goes, and how many are left to place
	rows    []*packed   // of the partition, by customer
	of      []int32     // the builder of each row
	first   []civil.Day // per joined category: the customer's first day, or Unknown
	touched []uint32
	out     folded
}

// partition lays the rows of a partition together by customer, in order of first appearance, and
// folds them customer by customer.
func (f *folder) partition(p int) (folded, error) {
	f.out = folded{}
	f.place(p)
	at := 0
	for _, c := range f.out.customers {
		n := f.a.start[c+1] - f.a.start[c]
		if err := f.customer(int(c), at, at+n); err != nil {
			return f.out, err
		}
		at += n
	}
	return f.out, nil
}

func (f *folder) place(p int) {
	a := f.a
	if f.next == nil {
		f.next = make([]uint32, len(a.ids))
	}
	total := uint32(0)
	for k, b := range a.builders {
		for _, s := range b.segments(p) {
			for i := range s {
				if c := a.local[k][s[i].customer]; f.next[c] == 0 {
					f.out.customers = append(f.out.customers, c)
					f.next[c] = total + 1 // 0 is a customer not seen yet
					total += uint32(a.start[c+1] - a.start[c])
				}
			}
		}
	}
	f.rows, f.of = slices.Grow(f.rows[:0], int(total))[:total], slices.Grow(f.of[:0], int(total))[:total]
	for k, b := range a.builders {
		for _, s := range b.segments(p) {
			for i := range s {
				if s[i].kind >= firstOdd {
					s[i].kind += a.oddFrom[k]
				}
				c := a.local[k][s[i].customer]
				at := f.next[c] - 1
				f.rows[at], f.of[at] = &s[i], int32(k)
				f.next[c]++
			}
		}
	}
}

func (f *folder) customer(c, lo, hi int) error {
	a, rows := f.a, f.rows[lo:hi]
	for i, row := range rows {
		if row.cats != 0 {
			f.categories(row, a.localCat[f.of[lo+i]])
		}
	}
	for _, x := range a.extra[a.extraFrom[c]:a.extraFrom[c+1]] {
		f.buy(x.category, x.day)
	}
	a.catCount[c] = f.flushCategories()
	sortLines(rows)
	w := a.start[c]
	for i := 0; i < len(rows); {
		if p := rows[i]; p.kind == allCosted && (i+1 == len(rows) || rows[i+1].order != p.order || rows[i+1].day != p.day) {
			a.rows.setCosted(w, p) // most rows
			w++
			i++
			continue
		}
		row := rows[i].unpack(a.odd)
		for i++; i < len(rows) && rows[i].day == row.day && rows[i].order == row.order; i++ {
			if more := rows[i].unpack(a.odd); !row.fold(&more) {
				return overflow(a.ids[c], row.day)
			}
		}
		a.rows.set(w, &row)
		w++
	}
	a.kept[c] = int32(w - a.start[c])
	return nil
}

func (f *folder) categories(row *packed, joined []uint32) {
	for mask := row.cats; mask != 0; mask &= mask - 1 {
		f.buy(joined[bits.TrailingZeros64(mask)], row.day)
	}
}

func (f *folder) buy(category uint32, day civil.Day) {
	if f.first == nil {
		f.first = make([]civil.Day, len(f.a.category))
		for i := range f.first {
			f.first[i] = civil.Unknown
		}
	}
	switch have := f.first[category]; {
	case have == civil.Unknown:
		f.touched = append(f.touched, category)
		f.first[category] = day
	case day < have:
		f.first[category] = day
	}
}

// flushCategories ends a customer and returns how many categories it bought.
func (f *folder) flushCategories() int32 {
	slices.Sort(f.touched)
	for _, k := range f.touched {
		f.out.cats = append(f.out.cats, catFirst{k, f.first[k]})
		f.first[k] = civil.Unknown
	}
	n := int32(len(f.touched))
	f.touched = f.touched[:0]
	return n
}

// sortLines orders by day, then order key. Most customers have few rows, mostly in order already.
func sortLines(s []*packed) {
	less := func(x, y *packed) bool { return x.day < y.day || (x.day == y.day && x.order < y.order) }
	if len(s) > 32 {
		slices.SortFunc(s, func(x, y *packed) int {
			return cmp.Or(cmp.Compare(x.day, y.day), cmp.Compare(x.order, y.order))
		})
		return
	}
	for i := 1; i < len(s); i++ {
		if !less(s[i], s[i-1]) {
			continue
		}
		x, j := s[i], i
		for ; j > 0 && less(x, s[j-1]); j-- {
			s[j] = s[j-1]
		}
		s[j] = x
	}
}
