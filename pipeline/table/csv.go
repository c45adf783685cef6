package table

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// CSVOptions say how CSV is written.
type CSVOptions struct {
	// Workers encode blocks of rows at the same time; the bytes are the same. 0 is 1.
	Workers int
	// ForPeople protects whoever opens the file in a spreadsheet: a text cell or header whose first
	// character after spaces is one of = + - @ (also full-width), TAB, CR, LF or an apostrophe gets an
	// apostrophe in front. Dropping one leading apostrophe of a cell is the exact inverse.
	ForPeople bool
}

// csvBlock is how many rows are encoded at once. It does not show in the bytes.
const csvBlock = 4096

// WriteCSV writes the rows (nil: all) as RFC 4180 with LF: UTF-8, a header, comma, a quoted cell
// only where it holds a comma, quote, CR or LF, or is empty but known. Null is the empty cell.
// Amounts are exact with at least two decimals, floats the shortest form that reads back the same,
// days YYYY-MM-DD, booleans true and false. In a table of one column null is "" as well, because
// readers skip empty lines and would lose the row.
func WriteCSV(w io.Writer, t *Table, rows []int32, opts CSVOptions) error {
	if err := t.checkRows(rows); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	e := newCSVEncoder(t, opts.ForPeople)
	if _, err := w.Write(e.header); err != nil {
		return err
	}
	workers := max(opts.Workers, 1)
	bufs := make([]csvBuffer, workers)
	n := t.count(rows)
	for lo := 0; lo < n; lo += workers * csvBlock {
		var wg sync.WaitGroup
		for i := range bufs {
			from := min(lo+i*csvBlock, n)
			to := min(from+csvBlock, n)
			if i == workers-1 { // this goroutine works too
				bufs[i].encode(e, rows, from, to)
			} else {
				wg.Go(func() { bufs[i].encode(e, rows, from, to) })
			}
		}
		wg.Wait()
		for i := range bufs {
			if _, err := w.Write(bufs[i].out); err != nil {
				return err
			}
		}
	}
	return nil
}

type csvBuffer struct {
	out []byte
	idx []int32
}

func (b *csvBuffer) encode(e *csvEncoder, rows []int32, lo, hi int) {
	b.out = b.out[:0]
	if lo == hi {
		return
	}
	if b.idx == nil {
		b.idx = make([]int32, 0, csvBlock)
	}
	b.out = e.appendRows(b.out, span(rows, lo, hi, b.idx))
}

// csvEncoder is a table prepared for CSV. It is read-only, so workers share it.
type csvEncoder struct {
	cols   []csvColumn
	header []byte
	null   string
	people bool
}

// csvColumn is a column with its distinct texts quoted beforehand, if it is coded.
type csvColumn struct {
	*Column
	quoted [][]byte
}

func newCSVEncoder(t *Table, people bool) *csvEncoder {
	e := &csvEncoder{people: people}
	if len(t.cols) == 1 {
		e.null = `""`
	}
	for i := range t.cols {
		c := csvColumn{Column: &t.cols[i]}
		if i > 0 {
			e.header = append(e.header, ',')
		}
		e.header = e.appendText(e.header, []byte(c.Name))
		if c.codes.coded() {
			for v := range len(c.offs) - 1 {
				c.quoted = append(c.quoted, e.appendText(nil, c.text[c.offs[v]:c.offs[v+1]]))
			}
		}
		e.cols = append(e.cols, c)
	}
	e.header = append(e.header, '\n')
	return e
}

func (e *csvEncoder) appendRows(dst []byte, rows []int32) []byte {
	for _, r := range rows {
		row := int(r)
		for i := range e.cols {
			c := &e.cols[i]
			if i > 0 {
				dst = append(dst, ',')
			}
			if !c.Valid(row) {
				dst = append(dst, e.null...)
				continue
			}
			switch c.kind {
			case String:
				if c.quoted != nil {
					dst = append(dst, c.quoted[c.codes.at(row)]...)
				} else {
					dst = e.appendText(dst, c.bytes(row))
				}
			case Int64:
				dst = strconv.AppendInt(dst, c.ints[row], 10)
			case Float64:
				dst = appendFloat(dst, c.floats[row])
			case Day:
				dst = c.days[row].Append(dst)
			case Amount:
				dst = appendAmount(dst, money.Amount(c.ints[row]))
			case Quantity:
				dst = money.Quantity(c.ints[row]).Append(dst)
			case Bool:
				dst = strconv.AppendBool(dst, c.bits[row>>3]>>(row&7)&1 != 0)
			}
		}
		dst = append(dst, '\n')
	}
	return dst
}

// appendAmount is money.Amount.Append without its loops: two decimals, then two more unless zero.
func appendAmount(dst []byte, a money.Amount) []byte {
	u := uint64(a)
	if a < 0 {
		dst = append(dst, '-')
		u = -u
	}
	whole, frac := u/10_000, u%10_000
	cents, rest := frac/100, frac%100
	dst = append(strconv.AppendUint(dst, whole, 10), '.', byte('0'+cents/10), byte('0'+cents%10))
	if rest == 0 {
		return dst
	}
	dst = append(dst, byte('0'+rest/10))
	if rest%10 != 0 {
		dst = append(dst, byte('0'+rest%10))
	}
	return dst
}

// appendText appends a known text cell, quoted where it must be.
func (e *csvEncoder) appendText(dst, s []byte) []byte {
	if len(s) == 0 {
		return append(dst, '"', '"')
	}
	quote := false
	for _, b := range s {
		if b <= ',' && (b == ',' || b == '"' || b == '\n' || b == '\r') {
			quote = true
			break
		}
	}
	if quote {
		dst = append(dst, '"')
	}
	if e.people && runnable(s) {
		dst = append(dst, '\'')
	}
	if !quote {
		return append(dst, s...)
	}
	for {
		i := bytes.IndexByte(s, '"')
		if i < 0 {
			break
		}
		dst = append(append(dst, s[:i+1]...), '"')
		s = s[i+1:]
	}
	return append(append(dst, s...), '"')
}

// runnable reports whether a spreadsheet might take the text for a formula, or whether it begins
// with the apostrophe that marks such (which keeps the inverse exact). The characters are those of
// the OWASP page on CSV injection.
func runnable(s []byte) bool {
	if s[0] == '\'' {
		return true
	}
	s = bytes.TrimLeft(s, " \u00a0\u3000")
	r, _ := utf8.DecodeRune(s)
	switch r {
	case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return len(s) > 0
	}
	return false
}
