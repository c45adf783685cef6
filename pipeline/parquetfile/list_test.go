package parquetfile_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"pgregory.net/rapid"
)

type nestedLine struct {
	SKU   *string `parquet:"sku,optional"`
	Qty   int64   `parquet:"qty"`
	Price float64 `parquet:"price"`
	Kind  string  `parquet:"kind,dict"`
}

// listed and repeated are the same order with its lines in a LIST and in a repeated group without one.
type listed struct {
	ID     string       `parquet:"id"`
	Day    int32        `parquet:"day,date"`
	Place  string       `parquet:"place,dict"`
	Remark *string      `parquet:"remark,optional"`
	Lines  []nestedLine `parquet:"lines,list"`
	Paid   bool         `parquet:"paid"`
	Fee    int64        `parquet:"fee,decimal(2:18)"`
}

type repeated struct {
	ID     string       `parquet:"id"`
	Day    int32        `parquet:"day,date"`
	Place  string       `parquet:"place,dict"`
	Remark *string      `parquet:"remark,optional"`
	Lines  []nestedLine `parquet:"lines"`
	Paid   bool         `parquet:"paid"`
	Fee    int64        `parquet:"fee,decimal(2:18)"`
}

func anOrder(t *rapid.T) listed {
	text := rapid.SampledFrom([]string{"", "a", "bb", "a longer text that fills a page", "ü"})
	maybe := func(name string) *string {
		if rapid.Bool().Draw(t, name+" is there") {
			s := text.Draw(t, name)
			return &s
		}
		return nil
	}
	o := listed{ID: strconv.Itoa(rapid.IntRange(0, 1000).Draw(t, "id")), Day: int32(rapid.IntRange(0, 20_000).Draw(t, "day")),
		Place: text.Draw(t, "place"), Remark: maybe("remark"), Paid: rapid.Bool().Draw(t, "paid"), Fee: int64(rapid.IntRange(-500, 500).Draw(t, "fee"))}
	for range rapid.SampledFrom([]int{0, 1, 1, 2, 3, 40}).Draw(t, "lines") {
		o.Lines = append(o.Lines, nestedLine{maybe("sku"), int64(rapid.IntRange(-3, 9).Draw(t, "qty")), float64(rapid.IntRange(0, 400).Draw(t, "price")) / 4, text.Draw(t, "kind")})
	}
	return o
}

// exploded is the naive twin: an order's own cells beside those of each of its lines, by column name.
func exploded(orders []listed, names []string) (rows [][]string) {
	or := func(s *string) string {
		if s == nil {
			return null
		}
		return *s
	}
	for _, o := range orders {
		day := &parquetfile.Vector{Kind: parquetfile.Day, Len: 1}
		day.Ints = []int64{int64(o.Day)}
		cells := map[string]string{"id": o.ID, "day": string(day.Append(nil, 0)), "place": o.Place, "remark": or(o.Remark), "paid": strconv.FormatBool(o.Paid)}
		cells["fee"] = fmt.Sprintf("%d.%02d", o.Fee/100, max(o.Fee%100, -o.Fee%100))
		if o.Fee < 0 && o.Fee > -100 {
			cells["fee"] = "-" + cells["fee"]
		}
		add := func(sku, qty, price, kind string) {
			cells["sku"], cells["qty"], cells["price"], cells["kind"] = sku, qty, price, kind
			row := make([]string, len(names))
			for k, n := range names {
				row[k] = cells[n[strings.LastIndexByte(n, '.')+1:]]
			}
			rows = append(rows, row)
		}
		for _, l := range o.Lines {
			add(or(l.SKU), strconv.FormatInt(l.Qty, 10), strconv.FormatFloat(l.Price, 'f', -1, 64), l.Kind)
		}
		if len(o.Lines) == 0 {
			add(null, null, null, null)
		}
	}
	return rows
}

// Reading along a list gives a row for each element, whatever columns are wanted, however pages, row groups
// and batches cut it, and in both ways that lists are written.
func TestListsEqualTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		orders := rapid.SliceOfN(rapid.Custom(anOrder), 0, 40).Draw(t, "orders")
		options := []parquet.WriterOption{
			parquet.PageBufferSize(rapid.SampledFrom([]int{16, 100, 1 << 20}).Draw(t, "page")), parquet.DataPageVersion(rapid.IntRange(1, 2).Draw(t, "version")),
			parquet.MaxRowsPerRowGroup(int64(rapid.SampledFrom([]int{3, 1000}).Draw(t, "group"))), parquet.Compression(&parquet.Snappy),
		}
		data := nestedFile(t, orders, rapid.Bool().Draw(t, "annotated"), options)
		f, all := openAll(t, data)
		cols := rapid.Permutation(all).Draw(t, "columns")[:rapid.IntRange(1, len(all)).Draw(t, "number")]
		inList := false
		names := make([]string, len(cols))
		for i, k := range cols {
			names[i] = f.Columns()[k].Name
			inList = inList || f.Columns()[k].List != ""
		}
		if !inList {
			return
		}
		got, err := vectorCells(f, cols, rapid.SampledFrom([]int{1, 2, 7, 1024}).Draw(t, "batch"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(exploded(orders, names), got); diff != "" {
			t.Fatalf("columns %v: -naive +vectors\n%s", names, diff)
		}
		if records, err := recordCells(f, cols); err != nil || !cmp.Equal(records, got) {
			t.Fatalf("records differ from vectors: %v", err)
		}
		n := int64(0)
		for i := range f.RowGroups() {
			n += f.Elements(i, cols)
		}
		if n != int64(len(got)) {
			t.Fatalf("%d elements are counted, %d read", n, len(got))
		}
	})
}

func nestedFile(t fataler, orders []listed, annotated bool, options []parquet.WriterOption) []byte {
	var b bytes.Buffer
	var err error
	if annotated {
		w := parquet.NewGenericWriter[listed](&b, options...)
		if _, err = w.Write(orders); err == nil {
			err = w.Close()
		}
	} else {
		w := parquet.NewGenericWriter[repeated](&b, options...)
		for _, o := range orders {
			if _, err = w.Write([]repeated{repeated(o)}); err != nil {
				break
			}
		}
		if err == nil {
			err = w.Close()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// openAll opens data and returns all columns that can be read, those of lists too.
func openAll(t fataler, data []byte) (*parquetfile.File, []int) {
	t.Helper()
	f, _ := open(t, data)
	var cols []int
	for i, c := range f.Columns() {
		if c.Refusal == "" {
			cols = append(cols, i)
		}
	}
	return f, cols
}

// A file is read along one list, and not along lists of lists.
func TestListsThatAreRefused(t *testing.T) {
	type twoLists struct {
		ID   string   `parquet:"id"`
		Tags []string `parquet:"tags,list"`
		Nums []int64  `parquet:"nums,list"`
	}
	type deep struct {
		ID    string `parquet:"id"`
		Boxes []struct {
			Items []int64 `parquet:"items,list"`
		} `parquet:"boxes,list"`
	}
	var b bytes.Buffer
	if err := parquet.Write(&b, []twoLists{{"1", []string{"a", "b"}, []int64{1}}}); err != nil {
		t.Fatal(err)
	}
	f, all := openAll(t, b.Bytes())
	if _, err := f.Group(0, all); err == nil || !strings.Contains(err.Error(), `lie in different lists, "tags.list" and "nums.list"`) {
		t.Errorf("got %v, want both lists named", err)
	}
	if got, err := vectorCells(f, all[:2], 10); err != nil || !cmp.Equal(got, [][]string{{"1", "a"}, {"1", "b"}}) {
		t.Errorf("along one of them: got %v, %v", got, err)
	}
	b.Reset()
	if err := parquet.Write(&b, []deep{{ID: "1"}}); err != nil {
		t.Fatal(err)
	}
	f, all = openAll(t, b.Bytes())
	if c := f.Columns()[1]; len(all) != 1 || !strings.Contains(c.Refusal, "in a list or map inside another") {
		t.Errorf("got %+v, want it refused", c)
	}
}

// What lies about its lists is refused, and no mutant of a file with lists does harm.
func TestMutantsOfLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		orders := rapid.SliceOfN(rapid.Custom(anOrder), 1, 6).Draw(t, "orders")
		data := nestedFile(t, orders, true, []parquet.WriterOption{parquet.DataPageVersion(rapid.IntRange(1, 2).Draw(t, "version"))})
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			data[rapid.IntRange(4, len(data)-9).Draw(t, "at")] = byte(rapid.IntRange(0, 255).Draw(t, "to"))
		}
		checkLists(t, data)
	})
}

// checkLists reads a file along each of its lists; an error is as good as an answer, a panic is not.
func checkLists(t fataler, data []byte) {
	f, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), parquetfile.Limits{})
	if err != nil {
		return
	}
	lists := map[string][]int{}
	for i, c := range f.Columns() {
		if c.Refusal == "" && c.List != "" {
			lists[c.List] = append(lists[c.List], i)
		}
	}
	for _, cols := range lists {
		for i, c := range f.Columns() {
			if c.Refusal == "" && c.List == "" {
				cols = append(cols, i)
			}
		}
		want := int64(0)
		for i := range f.RowGroups() {
			want += f.Elements(i, cols)
		}
		if want > 1<<12 {
			continue // a long run of nothing, which costs time only: cells here are strings
		}
		rows, err := vectorCells(f, cols, 1000)
		switch {
		case err != nil && strings.Contains(err.Error(), "decoder panic"):
			t.Fatalf("a panic was recovered, which a check should have prevented: %v", err)
		case err == nil && int64(len(rows)) != want:
			t.Fatalf("silent count: %d rows of %d elements", len(rows), want)
		}
	}
}
