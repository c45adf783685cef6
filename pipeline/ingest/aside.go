package ingest

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/sniff"
)

// Table is a table of a file that is not its order lines: it was set aside, and is named.
type Table struct {
	Line    int64    `json:"line"` // of its header
	Header  []string `json:"header"`
	Records int64    `json:"records"` // below the header
}

// odd is a record that is no order line at first sight. Workers note what it looks like by itself; what
// it is shows only beside its neighbours, once the file is read (see neighbours).
type odd struct {
	file               int
	line, offset, size int64
	blank              int64 // bytes of blank lines right before it
	width              int
	kind               sniff.Furniture
	kinds              string   // of its fields, as sniff.KindOf tells them
	header             []string // its texts, where it could head a table
	reject             Reject   // what it is where nothing sets it aside
}

// oddRecord describes the record under s; why is the reason to reject it, unless it is furniture.
func (f *textFile) oddRecord(s *delimited.Scanner, r Reject) odd {
	fields := make([][]byte, s.Fields())
	for i := range fields {
		fields[i] = s.Field(i)
	}
	return f.describe(fields, odd{line: r.Line, offset: r.Offset, size: s.Size(), reject: r})
}

// maxKinds bounds how many fields of an odd record are remembered.
const maxKinds = 32

func (f *textFile) describe(fields [][]byte, o odd) odd {
	o.file, o.width = f.index, len(fields)
	o.kind = sniff.FurnitureOf(fields, f.width, f.resolved.Headers)
	kinds := make([]byte, 0, min(len(fields), maxKinds))
	for _, c := range fields[:min(len(fields), maxKinds)] {
		kinds = append(kinds, byte(sniff.KindOf(c)))
	}
	o.kinds = string(kinds)
	if o.kind == sniff.NoFurniture && sniff.HeaderLike(fields) {
		for _, c := range fields {
			o.header = append(o.header, string(c))
		}
	}
	return o
}

// findVacant marks the rows of a batch that are orders without lines. They are bad from the start, so that
// none of their cells is a reject.
func (w *worker) findVacant(g *parquetfile.GroupReader) {
	w.vacant = nil
	l := w.lines
	for i := range l.n {
		if !g.Empty(i) {
			continue
		}
		if w.vacant == nil {
			w.vacant = make([]bool, l.n)
		}
		w.vacant[i], l.bad[i], l.faulty = true, true, true
	}
}

// aside keeps a rejected line of the batch for a second look where it may be furniture: a total, the
// header again, a note. It has the fields of a line, so only its failure to be one showed it.
func (w *worker) aside(i int) bool {
	if w.vacant != nil && w.vacant[i] {
		w.books[w.file].Aside++
		w.noLines[w.file]++
		return true
	}
	if w.block == nil {
		return false
	}
	l := w.lines
	w.again.Reset(w.block[l.at[i]:], l.offset[i], l.line[i])
	if !w.again.Next() {
		return false
	}
	for k := len(w.rejects) - 1; k >= 0; k-- {
		r := &w.rejects[k]
		if r.Offset != l.offset[i] || r.Line != l.line[i] || r.File != w.path {
			continue
		}
		o := w.current.oddRecord(&w.again, *r)
		if o.kind == sniff.NoFurniture {
			return false
		}
		o.size = w.sizeOf(i)
		w.odds = append(w.odds, o)
		r.File = "" // result drops it; the odd record carries it on
		return true
	}
	return false
}

// neighbours decides on the odd records of one file, in order.
type neighbours struct {
	end     int64 // of the text, in bytes
	odds    []odd
	asides  map[string]int64
	tables  []Table
	books   Books
	rejects []Reject
}

// decide sorts the odd records into furniture, other tables and rejects.
func (n *neighbours) decide() {
	slices.SortFunc(n.odds, func(a, b odd) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.offset, b.offset)) })
	for from := 0; from < len(n.odds); {
		to := from + 1
		for to < len(n.odds) && n.follows(to) {
			to++
		}
		n.run(n.odds[from:to], to == len(n.odds) && n.odds[to-1].offset+n.odds[to-1].size >= n.end)
		from = to
	}
}

// follows says that nothing but blank lines stands between odd record i and the one before.
func (n *neighbours) follows(i int) bool {
	a, b := &n.odds[i-1], &n.odds[i]
	return a.offset+a.size+b.blank == b.offset
}

// run decides on odd records that follow each other; last says that the file ends with them.
func (n *neighbours) run(os []odd, last bool) {
	table := -1 // index into tables of the one under way
	width := 0
	for i := 0; i < len(os); i++ {
		o := &os[i]
		switch {
		case o.kind == sniff.Nothing || o.kind == sniff.Total || o.kind == sniff.Comment || o.kind == sniff.Rule:
			n.set(o, o.kind.String())
		case o.kind == sniff.Again:
			n.set(o, o.kind.String())
			table = -1
		case heads(os, i, table >= 0, width):
			n.tables = append(n.tables, Table{Line: o.line, Header: o.header})
			table, width = len(n.tables)-1, o.width
			n.set(o, "other table")
		case table >= 0 && o.width == width:
			n.tables[table].Records++
			n.set(o, "other table")
		case o.kind == sniff.Note && (last || table >= 0 || i+1 < len(os) && heads(os, i+1, false, 0)):
			n.set(o, o.kind.String())
		default:
			n.books.Read.Lines++
			n.books.Class[Rejected].Lines++
			n.books.Blind++
			n.rejects = append(n.rejects, o.reject)
		}
	}
}

// heads says that record i is the header of a table: it looks like one, and what follows has its width.
// Within a table of that width it must differ from what follows as only a header does.
func heads(os []odd, i int, within bool, width int) bool {
	o := &os[i]
	if o.header == nil || i+1 >= len(os) || os[i+1].width != o.width || os[i+1].kind != sniff.NoFurniture {
		return false
	}
	if !within || o.width != width {
		return true
	}
	const few = 3 // records that agree with each other and not with the header
	for c := range o.kinds {
		k, same := byte(0), 0
		for j := i + 1; j < len(os) && j <= i+few && os[j].width == o.width; j++ {
			if k = os[j].kinds[c]; k == o.kinds[c] || k <= byte(sniff.Text) || k != os[i+1].kinds[c] {
				break
			}
			same++
		}
		if same == few && i > 0 && os[i-1].width == o.width && os[i-1].kinds[c] != k {
			return true
		}
	}
	return false
}

func (n *neighbours) set(o *odd, what string) {
	n.asides[what]++
	n.books.Aside++
	n.books.OtherBytes += o.size
	n.books.RecordBytes -= o.size
}

// tidy says that a record without the header's number of fields is a line all the same: it only lacks
// empty fields at its end, or has some too many.
func (f *textFile) tidy(s *delimited.Scanner) bool {
	n := s.Fields()
	if n < f.width {
		return n >= f.least && n > 1
	}
	for i := f.width; i < n; i++ {
		if len(bytes.TrimSpace(s.Field(i))) > 0 {
			return false
		}
	}
	return true
}

// settleOdds decides on the odd records of every file and joins the outcome to its books.
func (r *reader) settleOdds() (rejects []Reject) {
	byFile := make([][]odd, len(r.files))
	for _, w := range r.workers {
		for _, o := range w.odds {
			byFile[o.file] = append(byFile[o.file], o)
		}
	}
	for i, odds := range byFile {
		f := &r.files[i]
		n := neighbours{end: r.ends[i], odds: odds, asides: map[string]int64{}}
		n.decide()
		for what, k := range r.before[i].asides {
			n.asides[what] += k
		}
		for _, w := range r.workers {
			if w.noLines[i] > 0 {
				n.asides["order without lines"] += w.noLines[i]
			}
		}
		if len(n.asides) > 0 {
			f.Aside = n.asides
		}
		f.Tables = append(r.before[i].tables, n.tables...)
		r.headerBooks[i].Add(&n.books)
		rejects = append(rejects, n.rejects...)
	}
	return rejects
}
