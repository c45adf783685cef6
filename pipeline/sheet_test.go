package pipeline_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// sheet is a published Parquet file as parquet-go's plain row reader gives it: no code of ours
// stands between the file and the cells.
type sheet struct {
	t      *testing.T
	names  []string
	kinds  map[string]string
	place  map[string]int
	rows   []parquet.Row
	byID   map[string]int
	lookup func(key string) (string, bool)
}

func customersOf(t *testing.T, o *pipeline.Outcome) *sheet {
	t.Helper()
	return readSheet(t, filepath.Join(o.Dir, "customers.parquet"))
}

func readSheet(t *testing.T, path string) *sheet {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	p, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	s := &sheet{t: t, kinds: map[string]string{}, place: map[string]int{}, byID: map[string]int{}, lookup: p.Lookup}
	for i, field := range p.Schema().Fields() {
		s.names = append(s.names, field.Name())
		s.place[field.Name()] = i
		s.kinds[field.Name()] = fmt.Sprint(field.Type())
	}
	for _, group := range p.RowGroups() {
		s.read(group)
	}
	for i := range s.rows {
		s.byID[s.text(i, "customer_id")] = i
	}
	if len(s.byID) != len(s.rows) {
		t.Fatalf("%s: got %d rows with %d customer ids, want one each", path, len(s.rows), len(s.byID))
	}
	return s
}

func (s *sheet) read(group parquet.RowGroup) {
	s.t.Helper()
	rows := group.Rows()
	defer rows.Close()
	buf := make([]parquet.Row, 64)
	for {
		n, err := rows.ReadRows(buf)
		for _, r := range buf[:n] {
			s.rows = append(s.rows, r.Clone())
		}
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *sheet) len() int { return len(s.rows) }

// row is the row of a customer.
func (s *sheet) row(id string) int {
	s.t.Helper()
	i, ok := s.byID[id]
	if !ok {
		s.t.Fatalf("no row of customer %q", id)
	}
	return i
}

func (s *sheet) cell(i int, column string) parquet.Value {
	s.t.Helper()
	k, ok := s.place[column]
	if !ok {
		s.t.Fatalf("no column %q", column)
	}
	v := s.rows[i][k]
	if v.Column() != k {
		s.t.Fatalf("cell %d of row %d is of column %d", k, i, v.Column())
	}
	return v
}

func (s *sheet) null(i int, column string) bool { s.t.Helper(); return s.cell(i, column).IsNull() }

// text is a cell of text; null is "".
func (s *sheet) text(i int, column string) string {
	s.t.Helper()
	v := s.cell(i, column)
	if v.IsNull() {
		return ""
	}
	return string(v.ByteArray())
}

// amount is a DECIMAL(18,4) cell; null is 0.
func (s *sheet) amount(i int, column string) money.Amount {
	s.t.Helper()
	return money.Amount(s.whole(i, column))
}

// whole is a cell of whole numbers; null is 0.
func (s *sheet) whole(i int, column string) int64 {
	s.t.Helper()
	v := s.cell(i, column)
	if v.IsNull() {
		return 0
	}
	return v.Int64()
}

func (s *sheet) float(i int, column string) float64 {
	s.t.Helper()
	return s.cell(i, column).Double()
}

// day is a DATE cell; null is civil.Unknown.
func (s *sheet) day(i int, column string) civil.Day {
	s.t.Helper()
	v := s.cell(i, column)
	if v.IsNull() {
		return civil.Unknown
	}
	return civil.Day(v.Int32())
}

// sum adds a column of money up over the rows that match; nil is all.
func (s *sheet) sum(column string, match func(i int) bool) (total money.Amount) {
	s.t.Helper()
	for i := range s.rows {
		if match == nil || match(i) {
			total += s.amount(i, column)
		}
	}
	return total
}

func (s *sheet) count(match func(i int) bool) (n int) {
	for i := range s.rows {
		if match(i) {
			n++
		}
	}
	return n
}

// is matches rows whose text column holds a word.
func (s *sheet) is(column, word string) func(int) bool {
	return func(i int) bool { return s.text(i, column) == word }
}

// cents rounds to two decimals, half to even, which is what the reference figures print.
func cents(a money.Amount) string {
	v, _ := money.Rescale(int64(a), money.AmountScale, 2)
	return money.Amount(v * 100).String()
}
