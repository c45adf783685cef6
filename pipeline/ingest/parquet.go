package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// parquetFile is what the schema of a Parquet file decided.
type parquetFile struct {
	index    int
	path     string
	file     *parquetfile.File
	close    func() error
	resolved named
	formats  formats
	columns  []layout.Column
	fields   []int           // of columns, then of carried
	carried  []layout.Column // mapped, but needed by no figure
	evidence []string        // of the lists
}

// groupTask is one task of a worker: a row group.
type groupTask struct {
	file  *parquetFile
	group int
	first int64 // row number of its first row, from 1
}

// openParquet checks a file and resolves its columns.
func openParquet(index int, f source.File, lim parquetfile.Limits, m layout.Mapping, marks bool) (*parquetFile, error) {
	in, err := f.OpenAt()
	if err != nil {
		return nil, err
	}
	p, err := resolveParquet(index, f, in, lim, m, marks)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", f.Path, err), in.Close())
	}
	return p, nil
}

func resolveParquet(index int, f source.File, in *os.File, lim parquetfile.Limits, m layout.Mapping, marks bool) (*parquetFile, error) {
	file, err := parquetfile.Open(in, f.Size, lim)
	if err != nil {
		return nil, err
	}
	r, evidence, err := resolveNested(file.Columns(), m)
	if err != nil {
		return nil, err
	}
	p := &parquetFile{index: index, path: f.Path, file: file, close: in.Close, resolved: named{r}, evidence: evidence}
	for _, match := range r.Matches {
		if !parsed(match.Column) {
			continue
		}
		if c := file.Columns()[match.Index]; c.Refusal != "" {
			return nil, fmt.Errorf("column %q, mapped to %s, cannot be read: %s", c.Name, match.Column, c.Refusal)
		}
		p.columns, p.fields = append(p.columns, match.Column), append(p.fields, match.Index)
	}
	list := ""
	for _, k := range p.fields {
		list = cmp.Or(list, file.Columns()[k].List)
	}
	columns, fields := carried(&r)
	for k, c := range columns {
		if in := file.Columns()[fields[k]]; marks && in.Refusal == "" && (in.List == "" || in.List == list) {
			p.carried, p.fields = append(p.carried, c), append(p.fields, fields[k])
		}
	}
	return p, nil
}

// produceParquet makes a task of every row group.
func (r *reader) produceParquet(ctx context.Context, index int, f source.File) error {
	p, err := openParquet(index, f, r.options.Parquet, r.options.Mapping, r.plan.carries())
	if err != nil {
		return err
	}
	if p.formats, err = r.parquetFormats(p); err != nil {
		return fmt.Errorf("%s: %w", f.Path, errors.Join(err, p.close()))
	}
	r.openedParquet(index, p)
	first := int64(1)
	for g := range p.file.RowGroups() {
		if err := r.send(ctx, groupTask{file: p, group: g, first: first}); err != nil {
			return err
		}
		first += p.file.Elements(g, p.fields)
		if r.options.Sampling != nil && first > parquetSample && g < p.file.RowGroups()-1 {
			r.files[index].Partial = true
			break
		}
	}
	return nil
}

// group works through a row group.
func (w *worker) group(ctx context.Context, task groupTask) error {
	p := task.file
	w.start(p.index, p.path, &p.resolved.Resolved, &p.formats)
	g, err := p.file.Group(task.group, p.fields)
	if err != nil {
		return fmt.Errorf("%s: %w", p.path, err)
	}
	defer g.Close()
	memos := make([]memo, len(p.columns))
	w.lines.sized = false
	l, row := w.lines, task.first
	for ctx.Err() == nil {
		n, err := g.Next(batchRows)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.path, err)
		}
		l.reset(n)
		for i := range n {
			l.line[i], l.offset[i] = row, -1
			row++
		}
		w.findVacant(g)
		for k, c := range p.columns {
			w.vector(c, g.Vec(k), &memos[k])
		}
		if err := w.settle(); err != nil {
			return err
		}
		w.sight()
		w.markVectors(p, g)
		w.profileVectors(p, g)
		w.progress(int64(n))
	}
	return ctx.Err()
}

// vector takes the values of a column over into the typed lines.
func (w *worker) vector(c layout.Column, v *parquetfile.Vector, m *memo) {
	l := w.lines
	switch {
	case v.Dict != nil && coding(c):
		w.memoized(c, v, m)
	case c == layout.OrderedAt && (v.Kind == parquetfile.Day || v.Kind == parquetfile.Timestamp):
		w.vectorDays(v)
	case v.Kind == parquetfile.Bytes && c == layout.OrderID:
		w.vectorOrders(v)
	case v.Kind == parquetfile.Bytes:
		w.checkText(c, v)
		w.fill(c, w.print(v))
	case c == layout.Quantity:
		vectorNumbers(w, c, v, m, l.quantity, money.QuantityScale)
	case c == layout.UnitPrice:
		vectorNumbers(w, c, v, m, l.unitPrice, money.PriceScale)
	case c == layout.Amount:
		vectorNumbers(w, c, v, m, l.amount, money.AmountScale)
	case c == layout.DiscountRate:
		vectorNumbers(w, c, v, m, l.rate, money.RateScale)
		w.checkRates(func(i int) []byte { return v.Append(nil, i) })
	case c == layout.DiscountAmount:
		vectorNumbers(w, c, v, m, l.discountAmount, money.PriceScale)
	case c == layout.UnitCost:
		vectorNumbers(w, c, v, m, l.unitCost, money.PriceScale)
	case c == layout.Cost:
		vectorNumbers(w, c, v, m, l.cost, money.AmountScale)
	case c == layout.Profit:
		vectorNumbers(w, c, v, m, l.profit, money.AmountScale)
	default:
		w.fill(c, w.print(v))
	}
}

// coding tells the columns whose text is exchanged for a code.
func coding(c layout.Column) bool {
	switch c {
	case layout.CustomerID, layout.ProductID, layout.Category, layout.Status, layout.Currency:
		return true
	}
	return false
}

// memo remembers what the entries of a chunk's dictionary mean, so that each distinct value is
// looked up once per row group and not once per row.
type memo struct {
	dict    *parquetfile.Dictionary
	codes   []uint32
	numbers []int64 // of a column of numbers; codes then say none where there is no number
}

// turn forgets what it knew where a chunk with another dictionary begins, and says so.
func (m *memo) turn(dict *parquetfile.Dictionary) bool {
	if dict == nil || m.dict == dict {
		return false
	}
	m.dict, m.codes, m.numbers = dict, make([]uint32, dict.Len()), make([]int64, dict.Len())
	for k := range m.codes {
		m.codes[k] = unasked
	}
	return true
}

// unasked is a dictionary entry that no row has used yet; it differs from none.
const unasked = none - 1

func (w *worker) memoized(c layout.Column, v *parquetfile.Vector, m *memo) {
	l := w.lines
	dst, code := w.coder(c)
	if m.turn(v.Dict) && c == layout.CustomerID {
		w.learnCustomers(v, m)
	}
	if c != layout.Currency && w.known(dst, code, v, m) { // lines are counted by currency
		return
	}
	for i := range l.n {
		if v.Null(i) {
			l.lack(i, c)
			continue
		}
		entry := &m.codes[v.Codes[i]]
		if *entry == unasked {
			w.printBuf = v.Append(w.printBuf[:0], i)
			b := w.printBuf
			if !utf8.Valid(b) {
				w.reject(i, c, b, "not UTF-8 text")
				continue
			}
			*entry = code(b)
		}
		if dst[i] = *entry; dst[i] == none {
			l.lack(i, c)
		} else if c == layout.Currency {
			w.noteCurrency(i, dst[i])
		}
	}
}

// coder is where a coded column goes, and how.
func (w *worker) coder(c layout.Column) (dst []uint32, code func([]byte) uint32) {
	l := w.lines
	switch c {
	case layout.CustomerID:
		return l.customer, w.customer
	case layout.ProductID:
		return l.product, w.product
	case layout.Category:
		return l.category, w.category
	case layout.Status:
		return l.status, w.status
	case layout.Currency:
		return l.currency, w.currencyCode
	}
	panic("ingest: no coded column: " + c.String())
}

// checkText rejects rows whose text is not UTF-8.
func (w *worker) checkText(c layout.Column, v *parquetfile.Vector) {
	for i := range w.lines.n {
		if b := v.Bytes(i); !utf8.Valid(b) {
			w.reject(i, c, b, "not UTF-8 text")
		}
	}
}

func (w *worker) vectorDays(v *parquetfile.Vector) {
	l := w.lines
	shift := v.Kind == parquetfile.Timestamp && v.UTC && w.zone != nil
	for i := range l.n {
		d, ok := v.Day(i)
		if ok && calendar.Empty(d) {
			w.reject(i, layout.OrderedAt, []byte(d.String()), emptyDate)
			continue
		}
		if ok && shift {
			d = calendar.DayIn(int64(d)*86400+int64(v.Seconds(i)), w.zone)
			ok = d.Known()
		}
		if ok {
			l.day[i] = d
		} else {
			l.lack(i, layout.OrderedAt)
		}
	}
}

func vectorNumbers[T ~int64](w *worker, c layout.Column, v *parquetfile.Vector, m *memo, dst []T, scale int) {
	l := w.lines
	if m.turn(v.Dict) {
		m.learnNumbers(v, scale)
	}
	for i := range l.n {
		if v.Null(i) {
			l.lack(i, c)
			continue
		}
		n, ok := int64(0), false
		if v.Dict == nil {
			n, ok = fixed(v.Kind, v.Scale, &v.Values, i, scale)
		} else {
			n, ok = m.numbers[v.Codes[i]], m.codes[v.Codes[i]] != none
		}
		if !ok {
			w.reject(i, c, v.Append(nil, i), "not a number of the "+v.Kind.String()+" column that fits")
			continue
		}
		dst[i] = T(n)
	}
}

// learnNumbers converts each distinct number of a row group once.
func (m *memo) learnNumbers(v *parquetfile.Vector, scale int) {
	for k := range m.codes {
		var ok bool
		if m.numbers[k], ok = fixed(v.Kind, v.Scale, &v.Dict.Values, k, scale); !ok {
			m.codes[k] = none
		}
	}
}

// fixed is value i at a scale, and false where it is no number or does not fit.
func fixed(kind parquetfile.Kind, places int, v *parquetfile.Values, i, scale int) (int64, bool) {
	switch {
	case v.Over != nil && v.Over[i]:
	case kind == parquetfile.Float:
		return money.FromFloat(v.Floats[i], scale)
	case kind == parquetfile.Int || kind == parquetfile.Uint:
		return money.Rescale(v.Ints[i], 0, scale)
	case kind == parquetfile.Decimal:
		return money.Rescale(v.Ints[i], places, scale)
	}
	return 0, false
}

// print gives the values of a vector as text cells, for what is not read by its type.
func (w *worker) print(v *parquetfile.Vector) [][]byte {
	w.printBuf, w.printed = w.printBuf[:0], w.printed[:0]
	for i := range v.Len {
		if v.Kind == parquetfile.Bytes {
			w.printed = append(w.printed, v.Bytes(i))
			continue
		}
		start := len(w.printBuf)
		w.printBuf = v.Append(w.printBuf, i) // may move; cells printed before keep the old memory
		w.printed = append(w.printed, w.printBuf[start:len(w.printBuf):len(w.printBuf)])
	}
	return w.printed
}
