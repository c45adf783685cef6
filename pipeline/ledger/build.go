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
// It is a partitioned counting pass: count rows per customer over all, which says where each
// customer's rows go; then, a partition at a time, lay its rows together by customer, sort and fold
// each customer's few rows, and write them to their place in the columns.
func Build(workers int, builders ...*Builder) (*Ledger, error) {
	a := &assembly{builders: builders, workers: max(1, workers)}
	a.joinCustomers()
	a.joinCategories()
	a.count()
	a.joinOddities()
	if err := a.foldAll(); err != nil {
		return nil, err
	}
	a.close()
	return a.ledger(), nil
}

type assembly struct {
	builders []*Builder
	workers  int

	ids       []string
	local     [][]uint32 // per builder: its customer code -> customer
	category  []string
	localCat  [][]uint32 // per builder: its category code -> category
	start     []int      // the rows of customer c go to [start[c], start[c+1]) before folding
	extra     []bought   // over all builders, with joined codes, sorted
	odd       []oddity   // of all builders
	oddFrom   []uint32   // per builder: where its oddities begin
	rows      Rows
	kept      []int32 // rows of customer c after folding, at start[c]
	folded    [partitions]folded
	catCount  []int32 // categories of customer c
	extraFrom []int   // extra of customer c at [extraFrom[c], extraFrom[c+1])
}

type catFirst struct {
	code  uint32
	first civil.Day
}

// folded are a partition's customers and, one after another, their categories.
type folded struct {
	customers []uint32
	cats      []catFirst
}

// joinCustomers gives every id its place in the joint ascending order.
func (a *assembly) joinCustomers() {
	ds, present := make([]*dictionary.Dictionary, len(a.builders)), make([][]bool, len(a.builders))
	a.parallel(len(a.builders), func(k int) {
		ds[k], present[k] = &a.builders[k].customers, a.builders[k].present()
	})
	a.ids, a.local = a.join(ds, present)
}

func (a *assembly) joinCategories() {
	ds, present := make([]*dictionary.Dictionary, len(a.builders)), make([][]bool, len(a.builders))
	a.parallel(len(a.builders), func(k int) {
		ds[k], present[k] = &a.builders[k].categories, a.builders[k].bought()
	})
	a.category, a.localCat = a.join(ds, present)
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

// count finds where the rows of each customer go.
func (a *assembly) count() {
	counts := make([]int32, len(a.ids))
	for k, b := range a.builders {
		for code, h := range b.known {
			if h.rows > 0 {
				counts[a.local[k][code]] += h.rows
			}
		}
	}
	a.start = make([]int, len(a.ids)+1)
	total := 0
	for c, n := range counts {
		a.start[c] = total
		total += int(n)
	}
	a.start[len(a.ids)] = total
}

func (a *assembly) joinOddities() {
	for _, b := range a.builders {
		a.oddFrom = append(a.oddFrom, uint32(len(a.odd)))
		a.odd = append(a.odd, b.odd...)
	}
}

func (a *assembly) foldAll() error {
	a.rows = newRows(a.start[len(a.ids)])
	a.kept, a.catCount = make([]int32, len(a.ids)), make([]int32, len(a.ids))
	errs := make([]error, partitions)
	folders := sync.Pool{New: func() any { return &folder{a: a} }}
	a.parallel(partitions, func(p int) {
		f := folders.Get().(*folder)
		a.folded[p], errs[p] = f.partition(p)
		folders.Put(f)
		for _, b := range a.builders {
			b.full[p], b.open[p] = nil, nil // spent: the memory may go
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// close moves the folded rows together: no row moves while nothing was folded.
func (a *assembly) close() {
	moves := a.rows.columns()
	a.parallel(len(moves), func(k int) {
		w := 0
		for c := range a.ids {
			n := int(a.kept[c])
			if lo := a.start[c]; lo != w {
				moves[k](w, lo, n)
			}
			w += n
		}
	})
	w := 0
	for c := range a.ids {
		a.start[c] = w
		w += int(a.kept[c])
	}
	a.start[len(a.ids)] = w
	a.rows.truncate(w)
}

func (a *assembly) ledger() *Ledger {
	l := &Ledger{ids: a.ids, off: a.start, rows: a.rows, categories: a.category, catOff: make([]int, len(a.ids)+1)}
	total := 0
	for c, n := range a.catCount {
		l.catOff[c] = total
		total += int(n)
	}
	l.catOff[len(a.ids)] = total
	if total == 0 {
		return l
	}
	l.catCode, l.catFirst = make([]uint32, total), make([]civil.Day, total)
	a.parallel(partitions, func(p int) {
		cats := a.folded[p].cats
		for _, c := range a.folded[p].customers {
			at := l.catOff[c]
			for _, x := range cats[:a.catCount[c]] {
				l.catCode[at], l.catFirst[at] = x.code, x.first
				at++
			}
			cats = cats[a.catCount[c]:]
		}
	})
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
