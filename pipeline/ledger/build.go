package ledger

import (
	"cmp"
	"slices"
	"sync"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/dictionary"
)

// Build finishes builders into one ledger with up to workers goroutines. The result depends only
// on the lines, not on how they were spread over builders, nor on workers. The builders are spent.
//
// It is a counting pass: count rows per customer, place row references by customer, then sort and
// fold each customer's few rows straight into the exactly placed columns.
func Build(workers int, builders ...*Builder) (*Ledger, error) {
	a := &assembly{builders: builders, workers: max(1, workers)}
	a.joinCustomers()
	a.joinCategories()
	a.place()
	if err := a.foldAll(); err != nil {
		return nil, err
	}
	a.close()
	return a.ledger(), nil
}

// ref names a row: the builder in the upper half, its row in the lower.
type ref uint64

type assembly struct {
	builders []*Builder
	workers  int

	ids       []string
	local     [][]uint32 // per builder: its customer code -> customer
	category  []string
	localCat  [][]uint32 // per builder: its category code -> category
	start     []int      // references of customer c at [start[c], start[c+1])
	refs      []ref
	extra     []bought // over all builders, with joined codes, sorted
	rows      Rows
	kept      []int        // rows of customer c after folding, at start[c]
	catOf     [][]catFirst // per span
	catOff    []int
	extraFrom []int // extra of customer c at [extraFrom[c], extraFrom[c+1])
}

type catFirst struct {
	code  uint32
	first civil.Day
}

func (a *assembly) builderRow(r ref) *line { return a.builders[r>>32].row(int(uint32(r))) }

// joinCustomers gives every id its place in the joint ascending order.
func (a *assembly) joinCustomers() {
	ds, present := make([]*dictionary.Dictionary, len(a.builders)), make([][]bool, len(a.builders))
	a.parallel(len(a.builders), func(k int) {
		ds[k], present[k] = &a.builders[k].customers, a.builders[k].present()
	})
	a.ids, a.local = a.join(ds, present)
}

func (a *assembly) joinCategories() {
	ds := make([]*dictionary.Dictionary, len(a.builders))
	for k, b := range a.builders {
		ds[k] = &b.categories
	}
	a.category, a.localCat = a.join(ds, make([][]bool, len(ds)))
	for k, b := range a.builders {
		for _, x := range b.extra {
			a.extra = append(a.extra, bought{a.local[k][x.customer], a.localCat[k][x.category], x.day})
		}
	}
	slices.SortFunc(a.extra, func(x, y bought) int {
		return cmp.Or(cmp.Compare(x.customer, y.customer), cmp.Compare(x.category, y.category), cmp.Compare(x.day, y.day))
	})
	a.extraFrom = make([]int, len(a.ids)+1)
	i := 0
	for c := range a.extraFrom {
		for i < len(a.extra) && int(a.extra[i].customer) < c {
			i++
		}
		a.extraFrom[c] = i
	}
}

// place counts rows per customer and lays the references of each customer together. Every builder
// has its own start within a customer, so builders place in parallel.
func (a *assembly) place() {
	next := make([][]uint32, len(a.builders))
	a.parallel(len(a.builders), func(k int) {
		next[k] = make([]uint32, len(a.ids))
		for _, s := range a.builders[k].segments {
			for i := range s {
				next[k][a.local[k][s[i].customer]]++
			}
		}
	})
	a.start = make([]int, len(a.ids)+1)
	total := 0
	for c := range a.ids {
		a.start[c] = total
		for k := range next {
			n := int(next[k][c])
			next[k][c] = uint32(total - a.start[c])
			total += n
		}
	}
	a.start[len(a.ids)] = total
	a.refs = make([]ref, total)
	a.parallel(len(a.builders), func(k int) {
		row := ref(k) << 32
		for _, s := range a.builders[k].segments {
			for i := range s {
				c := a.local[k][s[i].customer]
				a.refs[a.start[c]+int(next[k][c])] = row
				next[k][c]++
				row++
			}
		}
	})
}

// spans cuts the customers into ranges for parallel work.
func (a *assembly) spans() [][2]int {
	const span = 8192
	var out [][2]int
	for lo := 0; lo < len(a.ids); lo += span {
		out = append(out, [2]int{lo, min(lo+span, len(a.ids))})
	}
	return out
}

func (a *assembly) foldAll() error {
	a.rows = newRows(len(a.refs))
	a.kept = make([]int, len(a.ids))
	spans := a.spans()
	errs := make([]error, len(spans))
	a.catOf = make([][]catFirst, len(spans))
	catCounts := make([][]int, len(spans))
	a.parallel(len(spans), func(s int) {
		f := folder{a: a}
		for c := spans[s][0]; c < spans[s][1] && errs[s] == nil; c++ {
			errs[s] = f.customer(c)
		}
		a.catOf[s], catCounts[s] = f.cats, f.catCounts
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	a.catCount(catCounts)
	a.refs = nil
	return nil
}

// catCount turns the spans' category counts into offsets.
func (a *assembly) catCount(counts [][]int) {
	a.catOff = make([]int, len(a.ids)+1)
	c, total := 0, 0
	for _, span := range counts {
		for _, n := range span {
			a.catOff[c] = total
			total += n
			c++
		}
	}
	a.catOff[len(a.ids)] = total
}

// close moves the folded rows together: no row moves while nothing was folded.
func (a *assembly) close() {
	w := 0
	for c := range a.ids {
		lo, n := a.start[c], a.kept[c]
		if lo != w {
			a.rows.move(w, lo, n)
		}
		a.start[c] = w
		w += n
	}
	a.start[len(a.ids)] = w
	a.rows.truncate(w)
}

func (a *assembly) ledger() *Ledger {
	l := &Ledger{ids: a.ids, off: a.start, rows: a.rows, categories: a.category, catOff: a.catOff}
	for _, span := range a.catOf {
		for _, x := range span {
			l.catCode = append(l.catCode, x.code)
			l.catFirst = append(l.catFirst, x.first)
		}
	}
	return l
}

// parallel runs f(0..n-1) on the assembly's workers. Results go to places of their own, so the
// order of execution cannot show.
func (a *assembly) parallel(n int, f func(i int)) {
	workers := min(a.workers, n)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var wg sync.WaitGroup
	tasks := make(chan int)
	for range workers {
		wg.Go(func() {
			for i := range tasks {
				f(i)
			}
		})
	}
	for i := range n {
		tasks <- i
	}
	close(tasks)
	wg.Wait()
}
