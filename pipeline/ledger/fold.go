package ledger

import (
	"cmp"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// folder sorts and folds the rows of one customer after another.
type folder struct {
	a         *assembly
	scratch   []line
	first     []civil.Day // per joined category: the customer's first day, or Unknown
	touched   []uint32
	cats      []catFirst
	catCounts []int
}

func (f *folder) customer(c int) error {
	a := f.a
	refs := a.refs[a.start[c]:a.start[c+1]]
	f.scratch = f.scratch[:0]
	for _, r := range refs {
		row := a.builderRow(r)
		f.scratch = append(f.scratch, *row)
		if row.cats != 0 {
			f.categories(row, a.localCat[r>>32])
		}
	}
	for _, x := range a.extra[a.extraFrom[c]:a.extraFrom[c+1]] {
		f.buy(x.category, x.day)
	}
	f.flushCategories()
	sortLines(f.scratch)
	w := a.start[c]
	for i := 0; i < len(f.scratch); {
		row := f.scratch[i]
		for i++; i < len(f.scratch) && f.scratch[i].day == row.day && f.scratch[i].order == row.order; i++ {
			if !row.fold(&f.scratch[i]) {
				return overflow(a.ids[c], row.day)
			}
		}
		a.rows.set(w, &row)
		w++
	}
	a.kept[c] = w - a.start[c]
	return nil
}

func (f *folder) categories(row *line, joined []uint32) {
	for mask, k := row.cats, 0; mask != 0; mask, k = mask>>1, k+1 {
		if mask&1 != 0 {
			f.buy(joined[k], row.day)
		}
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

func (f *folder) flushCategories() {
	slices.Sort(f.touched)
	for _, k := range f.touched {
		f.cats = append(f.cats, catFirst{k, f.first[k]})
		f.first[k] = civil.Unknown
	}
	f.catCounts = append(f.catCounts, len(f.touched))
	f.touched = f.touched[:0]
}

// sortLines orders by day, then order key. Most customers have few rows, mostly in order already.
func sortLines(s []line) {
	less := func(x, y *line) bool { return x.day < y.day || (x.day == y.day && x.order < y.order) }
	if len(s) > 32 {
		slices.SortFunc(s, func(x, y line) int {
			return cmp.Or(cmp.Compare(x.day, y.day), cmp.Compare(x.order, y.order))
		})
		return
	}
	for i := 1; i < len(s); i++ {
		if !less(&s[i], &s[i-1]) {
			continue
		}
		x, j := s[i], i
		for ; j > 0 && less(&x, &s[j-1]); j-- {
			s[j] = s[j-1]
		}
		s[j] = x
	}
}
