package ingest

import (
	"cmp"
	"slices"
)

// Overlap is what several order files have in common, as far as it shows without a search for repeats.
type Overlap struct {
	// Twins are files that hold the same lines: orders, days and amounts, in whatever order and format.
	Twins []Twin `json:"same_content,omitempty"`
	// Orders have lines in several files on one day, of one customer; Estimated from a sample, where they
	// are many.
	Orders    int64 `json:"orders_in_several_files"`
	Estimated bool  `json:"estimated,omitempty"`
	// Examples are the first of them in the sample.
	Examples []RepeatExample `json:"examples,omitempty"`
}

// Twin is a file and the first that holds the same.
type Twin struct {
	File  string `json:"file"`
	First string `json:"first_file"`
	Lines int64  `json:"lines"`
}

// overlap says what the files have in common; nil where nobody looked.
func (r *reader) overlap() *Overlap {
	if !r.plan.overlap {
		return nil
	}
	all := r.joinSightings()
	o := &Overlap{Twins: r.twins(all)}
	places := map[uint64][]where{}
	for k, x := range all.sampled {
		places[k.id] = append(places[k.id], x.at)
	}
	var shared []repeat
	for _, at := range places {
		if len(at) > 1 {
			slices.Sort(at)
			shared = append(shared, repeat{at[1], at[0]})
		}
	}
	o.Orders, o.Estimated = int64(len(shared))<<all.shift, all.shift > 0
	sortRepeats(shared)
	o.Examples = r.sample(shared)
	return o
}

// twins finds files of the same content. Equal sums of 64-bit hashes are taken for equal lines.
func (r *reader) twins(all *sightings) (out []Twin) {
	first := map[content]int{}
	for i := range r.files {
		b := &r.files[i].Books
		c := content{b.Read.Lines, b.Read.Money, all.sums[i]}
		if c.sum == 0 { // no line with an order
			continue
		}
		if k, ok := first[c]; ok {
			out = append(out, Twin{r.files[i].Path, r.files[k].Path, c.lines})
			continue
		}
		first[c] = i
	}
	return out
}

// sortRepeats orders by place.
func sortRepeats(xs []repeat) {
	slices.SortFunc(xs, func(a, b repeat) int { return cmp.Compare(a.at, b.at) })
}
