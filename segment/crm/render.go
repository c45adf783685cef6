package crm

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

// loaded are the cells of a field as the target gets them; unknown cells are not known, whatever
// is written for them.
type loaded struct {
	values []string
	known  []bool
	kind   string // the type of the field, Text where nothing says more
}

// text is the value of row i, "" where unknown.
func (l *loaded) text(i int) string {
	if !l.known[i] {
		return ""
	}
	return l.values[i]
}

// sources finds the column of every field; unknown ones are named together, each with its neighbours.
func sources(t *table.Table, s Settings) ([]*table.Column, error) {
	cols := make([]*table.Column, len(s.Fields))
	var faults []error
	for i, f := range s.Fields {
		if f.Column == "" {
			continue
		}
		c, ok := t.Column(f.Column)
		if !ok {
			faults = append(faults, fmt.Errorf("crm target %s: field %q: %w", s.Name, f.Name, noColumn(t, f.Column)))
			continue
		}
		cols[i] = c
	}
	return cols, errors.Join(faults...)
}

func noColumn(t *table.Table, name string) error {
	names := make([]string, 0, len(t.Columns()))
	for _, c := range t.Columns() {
		names = append(names, c.Name)
	}
	if near := layout.Nearest(names, name, 3); len(near) > 0 {
		return fmt.Errorf("%w: %q; the nearest are %s", table.ErrNoColumn, name, strings.Join(near, ", "))
	}
	return fmt.Errorf("%w: %q; the columns are %s", table.ErrNoColumn, name, strings.Join(names, ", "))
}

// render makes the cells of all fields, a few fields at a time.
func render(s Settings, cols []*table.Column, rows []int32, workers int) []loaded {
	out := make([]loaded, len(cols))
	room := make(chan struct{}, max(1, workers))
	var wg sync.WaitGroup
	for i, f := range s.Fields {
		room <- struct{}{}
		wg.Go(func() {
			out[i] = f.render(cols[i], rows)
			<-room
		})
	}
	wg.Wait()
	return out
}

func (f Field) render(c *table.Column, rows []int32) loaded {
	l := loaded{values: make([]string, len(rows)), known: make([]bool, len(rows)), kind: f.Type}
	if c == nil {
		for i := range rows {
			l.values[i], l.known[i] = f.Constant, true
		}
	} else if c.Kind() == table.String {
		for i, r := range rows {
			l.values[i] = c.Text(int(r))
			l.known[i] = l.values[i] != ""
		}
	} else {
		l.numbers(f, c, rows)
	}
	if l.kind == "" {
		l.kind = kindOf(c)
	}
	f.finish(&l)
	return l
}

// numbers renders what is no text, all cells into one buffer.
func (l *loaded) numbers(f Field, c *table.Column, rows []int32) {
	var b []byte
	ends := make([]int, len(rows))
	for i, r := range rows {
		if l.known[i] = c.Valid(int(r)); l.known[i] {
			b = f.appendCell(b, c, int(r))
		}
		ends[i] = len(b)
	}
	text, from := string(b), 0
	for i, to := range ends {
		l.values[i], from = text[from:to], to
	}
}

// finish translates values, takes line breaks out and fills in for unknown ones, as the field says.
func (f Field) finish(l *loaded) {
	for i, v := range l.values {
		if !l.known[i] {
			l.values[i], l.known[i] = f.Unknown, f.Unknown != ""
			continue
		}
		if f.OneLine && strings.ContainsAny(v, "\r\n") {
			v = strings.Join(strings.FieldsFunc(v, func(r rune) bool { return r == '\r' || r == '\n' }), " ")
		}
		if to, ok := f.Translate[v]; ok {
			v = to
		}
		l.values[i], l.known[i] = v, v != ""
	}
}

func kindOf(c *table.Column) string {
	if c == nil {
		return Text
	}
	switch c.Kind() {
	case table.String:
		return Text
	case table.Day:
		return Date
	case table.Bool:
		return Boolean
	}
	return Number
}

// appendCell appends a known cell: a point as decimal mark and no other, no exponent, days
// YYYY-MM-DD, true and false.
func (f Field) appendCell(b []byte, c *table.Column, r int) []byte {
	switch c.Kind() {
	case table.Day:
		return c.Days()[r].Append(b)
	case table.Bool:
		return strconv.AppendBool(b, c.Bool(r))
	case table.Float64:
		decimals := 4
		if f.Decimals != nil {
			decimals = *f.Decimals
		}
		return appendFloat(b, c.Floats()[r], decimals)
	case table.Amount:
		if f.Decimals != nil {
			return appendFixed(b, int64(c.Amounts()[r]), *f.Decimals)
		}
		return c.Amounts()[r].Append(b)
	case table.Quantity:
		if f.Decimals != nil {
			return appendFixed(b, int64(c.Quantities()[r]), *f.Decimals)
		}
		return c.Quantities()[r].Append(b)
	}
	return strconv.AppendInt(b, c.Ints()[r], 10)
}

// appendFloat writes the nearest decimal; what rounds to zero has no sign.
func appendFloat(b []byte, v float64, decimals int) []byte {
	if math.Abs(v) < math.Pow10(-decimals) {
		if r := strconv.FormatFloat(v, 'f', decimals, 64); strings.Trim(r, "-0.") == "" {
			v = 0
		}
	}
	return strconv.AppendFloat(b, v, 'f', decimals, 64)
}

// appendFixed writes a number of four implied decimals with 0..8, half to even.
func appendFixed(b []byte, v int64, decimals int) []byte {
	v, ok := money.Rescale(v, money.AmountScale, min(decimals, money.AmountScale))
	if !ok { // fewer digits always fit
		panic("crm: rescale to fewer decimals")
	}
	if v < 0 {
		b = append(b, '-')
	}
	u := uint64(v)
	if v < 0 {
		u = -u
	}
	scale := uint64(1)
	for range min(decimals, money.AmountScale) {
		scale *= 10
	}
	b = strconv.AppendUint(b, u/scale, 10)
	if decimals == 0 {
		return b
	}
	b = append(b, '.')
	fraction := strconv.FormatUint(scale+u%scale, 10)[1:]
	return append(append(b, fraction...), "0000"[:max(0, decimals-money.AmountScale)]...)
}
