package ingest

import (
	"cmp"
	"slices"
	"sync"
)

// Duplicates is what repeats itself in the order files.
type Duplicates struct {
	// Lines repeat a line before them: all mapped cells are equal, the ids of line and order among them.
	// The first of equal lines is not counted.
	Lines int64 `json:"repeated_lines"`
	// LinesAcross are those of Lines whose first stands in another file.
	LinesAcross int64           `json:"repeated_from_another_file"`
	LineSample  []RepeatExample `json:"line_examples,omitempty"`
	// Orders have lines in several files on one day, of one customer.
	Orders      int64           `json:"orders_in_several_files"`
	OrderSample []RepeatExample `json:"order_examples,omitempty"`
	// SetAside says that the repeated lines are in no figure.
	SetAside bool `json:"set_aside"`
}

// RepeatExample is a line and the one it repeats, or an order's first lines in two files.
type RepeatExample struct {
	File      string `json:"file"`
	Line      int64  `json:"line"`
	First     string `json:"first_file"`
	FirstLine int64  `json:"first_line"`
}

// repeat is a place and the first that says the same.
type repeat struct{ at, first where }

// findDuplicates looks for equal marks of all workers, and lists the lines that repeat others, by place.
func (r *reader) findDuplicates() (d *Duplicates, repeated []where) {
	lines := r.repeats(func(m *marker) []mark { return m.lines }, func(where, where) bool { return true })
	orders := r.repeats(func(m *marker) []mark { return m.orders }, func(a, b where) bool { return a.file() != b.file() })
	d = &Duplicates{Lines: int64(len(lines)), LineSample: r.sample(lines)}
	for _, x := range lines {
		repeated = append(repeated, x.at)
		if x.at.file() != x.first.file() {
			d.LinesAcross++
		}
	}
	orders = onePerFirst(orders)
	d.Orders, d.OrderSample = int64(len(orders)), r.sample(orders)
	return d, repeated
}

// onePerFirst keeps of each order the first repeat, in however many files it stands.
func onePerFirst(xs []repeat) (out []repeat) {
	seen := make(map[where]bool, len(xs))
	for _, x := range xs {
		if !seen[x.first] {
			seen[x.first] = true
			out = append(out, x)
		}
	}
	return out
}

// buckets split the marks by hash, so that sorting them stays in the cache and has work for all.
const buckets = 256

// repeats gives the marks that repeat an earlier one and differ from the first as asked, by
// place.
func (r *reader) repeats(of func(*marker) []mark, differ func(first, at where) bool) []repeat {
	var counts [buckets + 1]int
	for _, w := range r.workers {
		for _, m := range of(w.marks) {
			counts[m.hash>>56+1]++
		}
	}
	for k := range buckets {
		counts[k+1] += counts[k]
	}
	all, next := make([]mark, counts[buckets]), counts
	for _, w := range r.workers {
		for _, m := range of(w.marks) {
			k := m.hash >> 56
			all[next[k]] = m
			next[k]++
		}
	}
	var found [buckets][]repeat
	var wg sync.WaitGroup
	for worker := range r.workers {
		wg.Go(func() {
			for k := worker; k < buckets; k += len(r.workers) {
				found[k] = repeatsOf(all[counts[k]:counts[k+1]], differ)
			}
		})
	}
	wg.Wait()
	out := slices.Concat(found[:]...)
	sortRepeats(out)
	return out
}

func repeatsOf(ms []mark, differ func(first, at where) bool) (out []repeat) {
	slices.SortFunc(ms, func(a, b mark) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.at, b.at)) })
	first := 0
	for i := 1; i < len(ms); i++ {
		if ms[i].hash != ms[first].hash {
			first = i
		} else if differ(ms[first].at, ms[i].at) {
			out = append(out, repeat{ms[i].at, ms[first].at})
		}
	}
	return out
}

func (r *reader) sample(xs []repeat) (out []RepeatExample) {
	for _, x := range xs[:min(len(xs), shownExamples)] {
		out = append(out, RepeatExample{r.files[x.at.file()].Path, x.at.line(), r.files[x.first.file()].Path, x.first.line()})
	}
	return out
}

// leftOut says that line i is one of those to set aside.
func (w *worker) leftOut(i int) bool {
	_, found := slices.BinarySearch(w.without, placeOf(w.file, w.lines.line[i], w.refundLine(i)))
	return found
}
