package table_test

import (
	"bytes"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"pgregory.net/rapid"
)

func TestArrowReadsBack(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	rapid.Check(t, func(t *rapid.T) {
		tab, s := drawTable(t)
		defer tab.Release()
		rows := drawRows(t, tab.Rows())
		want := s.pick(rows)
		opts := table.ArrowOptions{Batch: rapid.SampledFrom([]int{0, 333, 1000}).Draw(t, "batch"), Memory: mem}
		var out, again bytes.Buffer
		if err := table.WriteArrow(&out, tab, rows, opts); err != nil {
			t.Fatal(err)
		}
		if err := table.WriteArrow(&again, tab, rows, opts); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Fatalf("a second write differs: %v", err)
		}
		r, err := ipc.NewFileReader(bytes.NewReader(out.Bytes())) // the library's reader is not under test: its memory is not checked
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for j := range want {
			if unit, _ := r.Schema().Field(j).Metadata.GetValue("unit"); unit != s.units[j] || r.Schema().Field(j).Name != s.names[j] {
				t.Fatalf("field %d: %v", j, r.Schema().Field(j))
			}
		}
		n := 0
		for b := range r.NumRecords() {
			rec, err := r.Record(b)
			if err != nil {
				t.Fatal(err)
			}
			for j := range want {
				for i := range int(rec.NumRows()) {
					if got := arrowCell(s.kinds[j], rec.Column(j), i); !same(got, want[j][n+i]) {
						t.Fatalf("%s row %d: got %v, want %v", s.names[j], n+i, got, want[j][n+i])
					}
				}
			}
			n += int(rec.NumRows())
		}
		if n != len(want[0]) {
			t.Fatalf("got %d rows, want %d", n, len(want[0]))
		}
	})
}
