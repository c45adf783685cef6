package ingest

import (
	"github.com/cespare/xxhash/v2"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/quality"
)

// profiler gathers what a worker's lines hold. Values that have codes are counted once per code.
type profiler struct {
	sketch quality.Sketch
	seen   [5][]bool // by code, of the coded columns
	rows   quality.Rows
}

// profileText profiles the settled lines of a batch of text.
func (w *worker) profileText(f *textFile) {
	if w.profiler == nil {
		return
	}
	w.profileLines()
	nulls := len(w.settings.NullValues) > 0
	for k, c := range f.carried {
		cells := w.cells[len(f.columns)+k]
		w.profiler.sketch.PresenceOf(&w.profiler.rows, c, func(i int) bool {
			if !nulls || len(cells[i]) == 0 {
				return len(cells[i]) > 0
			}
			_, present := w.rules.Text(string(cells[i]))
			return present
		})
	}
}

// profileVectors profiles the settled rows of a batch of Parquet.
func (w *worker) profileVectors(p *parquetFile, g *parquetfile.GroupReader) {
	if w.profiler == nil {
		return
	}
	w.profileLines()
	for k, c := range p.carried {
		v := g.Vec(len(p.columns) + k)
		w.profiler.sketch.PresenceOf(&w.profiler.rows, c, func(i int) bool { return !v.Null(i) })
	}
}

// profileLines profiles the parsed columns.
func (w *worker) profileLines() {
	l, p := w.lines, w.profiler
	s, r := &p.sketch, &p.rows
	*r = quality.Rows{File: w.file, Line: l.line[:l.n], Lacks: l.lacks, Skip: l.bad, Mapped: l.mapped}
	s.Begin(r)
	for _, c := range layout.Orders.Columns() {
		if l.mapped&(1<<c) != 0 {
			s.Presence(r, c)
			w.profileColumn(c)
		}
	}
	for i := range l.n {
		if !l.bad[i] {
			s.Net(r, i, int64(l.net[i]))
		}
	}
}

func (w *worker) profileColumn(c layout.Column) {
	l := w.lines
	s, r := &w.profiler.sketch, &w.profiler.rows
	switch c {
	case layout.OrderID:
		s.Hashes(r, c, l.order)
	case layout.OrderedAt:
		s.Days(r, l.day)
	case layout.CustomerID:
		w.profileCodes(0, c, l.customer, w.builder.CustomerID)
	case layout.Category:
		w.profileCodes(1, c, l.category, w.builder.CategoryName)
	case layout.Currency:
		w.profileCodes(2, c, l.currency, w.currencies.Value)
	case layout.ProductID:
		w.profileCodes(3, c, l.product, func(code uint32) []byte {
			id, _ := w.rules.ID(string(w.rawProduct.Value(code)))
			return []byte(id)
		})
	case layout.Status:
		w.profileCodes(4, c, l.status, func(code uint32) []byte {
			word, _ := w.rules.Text(string(w.rawStatus.Value(code)))
			return []byte(word)
		})
	case layout.Quantity:
		quality.Numbers(s, r, c, l.quantity)
	case layout.UnitPrice:
		quality.Numbers(s, r, c, l.unitPrice)
	case layout.Amount:
		quality.Numbers(s, r, c, l.amount)
	case layout.DiscountRate:
		quality.Numbers(s, r, c, l.rate)
	case layout.DiscountAmount:
		quality.Numbers(s, r, c, l.discountAmount)
	case layout.UnitCost:
		quality.Numbers(s, r, c, l.unitCost)
	case layout.Cost:
		quality.Numbers(s, r, c, l.cost)
	case layout.Profit:
		quality.Numbers(s, r, c, l.profit)
	}
}

// profileCodes counts the values behind codes that come for the first time.
func (w *worker) profileCodes(k int, c layout.Column, codes []uint32, value func(uint32) []byte) {
	p := w.profiler
	for i, code := range codes[:w.lines.n] {
		if !p.rows.Has(i, c) {
			continue
		}
		for int(code) >= len(p.seen[k]) {
			p.seen[k] = append(p.seen[k], false)
		}
		if !p.seen[k][code] {
			p.seen[k][code] = true
			p.sketch.Value(c, xxhash.Sum64(value(code)))
		}
	}
}

// profile joins what the workers gathered; nil where nobody asked.
func (r *reader) profile() *quality.Profile {
	if !r.options.Profile {
		return nil
	}
	var all quality.Sketch
	for _, w := range r.workers {
		all.Merge(&w.profiler.sketch)
	}
	paths := make([]string, len(r.files))
	for i, f := range r.files {
		paths[i] = f.Path
	}
	return all.Profile(paths)
}
