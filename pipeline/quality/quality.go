// Package quality provides the data-quality profile of order lines, in one pass and in memory that does not
// grow with them.
//
//  1. Each worker feeds a Sketch with batches of typed columns: Presence, Numbers, Days, Hashes, Value.
//  2. Sketches merge. What they hold depends on the lines only, not on their order, the batches or the
//     workers: counts, histograms in fixed buckets, the most extreme values with their places, the least
//     hashes, lines by day.
//  3. Profile says what is in each column: presence, distinct values, range and quantiles, values far out
//     and where they stand, days without lines.
//
// Lines with a reject record are in no profile: what is wrong with them is said there.
package quality

import (
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// Rows is a batch of lines of one file.
type Rows struct {
	File  int     // index in the order of reading
	Line  []int64 // of text, or row of Parquet, from 1; one for each line of the batch
	Lacks []uint32
	Skip  []bool // lines that are rejected
	// Mapped has a bit 1<<column for each column of the file, Lacks for those that a line has no value of.
	Mapped uint32
}

// Has reports whether line i is profiled and has a value in column c.
func (r *Rows) Has(i int, c layout.Column) bool {
	return !r.Skip[i] && (r.Mapped&^r.Lacks[i])&(1<<c) != 0
}

// orderColumns is how many columns order exports have; they come first.
const orderColumns = int(layout.AccountID)

// column is what a sketch holds of a column.
type column struct {
	mapped, present int64 // lines of files that have it, lines with a value
	values          Histogram
	extremes        extremes
	distinct        Distinct
}

// Sketch gathers the lines of one worker. The zero value is empty.
type Sketch struct {
	lines    int64
	columns  [orderColumns]column
	net      column
	calendar Calendar
}

// Begin counts the lines of a batch, before its columns come.
func (s *Sketch) Begin(r *Rows) {
	for i := range r.Line {
		if !r.Skip[i] {
			s.lines++
		}
	}
}

// Presence counts the lines that have a value in column c.
func (s *Sketch) Presence(r *Rows, c layout.Column) {
	x := &s.columns[c]
	for i := range r.Line {
		if !r.Skip[i] {
			x.mapped++
		}
		if r.Has(i, c) {
			x.present++
		}
	}
}

// PresenceOf is Presence of a column that is in no bit of the rows.
func (s *Sketch) PresenceOf(r *Rows, c layout.Column, has func(i int) bool) {
	x := &s.columns[c]
	for i := range r.Line {
		if r.Skip[i] {
			continue
		}
		x.mapped++
		if has(i) {
			x.present++
		}
	}
}

// Numbers adds the values of a column of numbers, in its fixed-point unit.
func Numbers[T ~int64](s *Sketch, r *Rows, c layout.Column, values []T) {
	x := &s.columns[c]
	for i := range r.Line {
		if r.Has(i, c) {
			x.number(int64(values[i]), Place{r.File, r.Line[i]})
		}
	}
}

func (x *column) number(v int64, at Place) {
	x.values.Add(v)
	x.extremes.add(sighting{v, at})
}

// Net adds the net amount of a line in the reporting currency.
func (s *Sketch) Net(r *Rows, i int, amount int64) {
	s.net.mapped++
	s.net.present++
	s.net.number(amount, Place{r.File, r.Line[i]})
}

// Days adds the order days.
func (s *Sketch) Days(r *Rows, days []civil.Day) {
	for i := range r.Line {
		if r.Has(i, layout.OrderedAt) {
			s.calendar.Add(days[i], 1)
		}
	}
}

// Hashes adds the hashes of the values of a column with many of them; runs of one value are usual.
func (s *Sketch) Hashes(r *Rows, c layout.Column, hashes []uint64) {
	x := &s.columns[c]
	x.distinct.bound = Bound
	last, any := uint64(0), false
	for i := range r.Line {
		if r.Has(i, c) && (!any || hashes[i] != last) {
			last, any = hashes[i], true
			x.distinct.Add(last)
		}
	}
}

// Value adds one of the distinct values of a column by its hash; the caller does so once for each of them,
// and they are counted exactly.
func (s *Sketch) Value(c layout.Column, hash uint64) {
	s.columns[c].distinct.Add(hash)
}

// Merge adds what another sketch gathered.
func (s *Sketch) Merge(o *Sketch) {
	s.lines += o.lines
	for c := range s.columns {
		s.columns[c].merge(&o.columns[c])
	}
	s.net.merge(&o.net)
	s.calendar.Merge(&o.calendar)
}

func (x *column) merge(o *column) {
	x.mapped, x.present = x.mapped+o.mapped, x.present+o.present
	x.values.Merge(&o.values)
	x.extremes.merge(&o.extremes)
	x.distinct.bound = max(x.distinct.bound, o.distinct.bound)
	x.distinct.Merge(&o.distinct)
}
