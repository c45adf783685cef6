package workbook_test

import (
	"archive/zip"
	"bytes"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/pipeline/workbook"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func mustTable(t interface{ Fatal(...any) }, cols ...table.Column) *table.Table {
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func written(t interface{ Fatal(...any) }, fill func(b *workbook.Book) error) []byte {
	b, err := workbook.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(b); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func opened(t interface{ Fatal(...any) }, b []byte) *excelize.File {
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func day(t *testing.T, s string) civil.Day {
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSheetReadsBack(t *testing.T) {
	tab := mustTable(t,
		table.Strings("name", "", []string{"=1+1", "A & <B> \"C\"", " 空格\nline\x01", ""}, []bool{true, true, true, false}),
		table.Ints("orders", "count", []int64{1234567, -5, 1_000_000_000_000_000, 0}, []bool{true, true, true, false}),
		table.Floats("margin_rate", "rate", []float64{0.1234, -0.5, 1e-9, math.NaN()}, nil),
		table.Floats("key_score", "score", []float64{80.25, 0, 100, math.NaN()}, nil),
		table.Amounts("net_sales", "money:EUR", []money.Amount{12_345_678, -1, 999_999_999_999_999, 999_999_999_999_999_999}, nil),
		table.Quantities("units", "quantity", []money.Quantity{15_000, 1, 0, -20_000}, nil),
		table.Days("last_day", "day", []civil.Day{day(t, "2024-02-29"), day(t, "1900-03-01"), day(t, "1899-12-31"), civil.Unknown}, nil),
		table.Bools("by_hand", "", []bool{true, false, true, false}, []bool{true, true, true, false}))
	defer tab.Release()
	var rounded int
	f := opened(t, written(t, func(b *workbook.Book) error {
		err := b.Cover("about", []workbook.Part{{"Run", [][2]string{{"id", "=0f3a"}, {"", "a line"}}}, {"Words", nil}})
		if err == nil {
			err = b.Sheet("shortlist", tab)
		}
		rounded = b.Rounded()
		return err
	}))
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), " "); got != "about shortlist" || rounded != 1 {
		t.Errorf("got sheets %s, %d rounded", got, rounded)
	}
	raw, err := f.GetRows("shortlist", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	shown, err := f.GetRows("shortlist")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"name|orders|margin_rate|key_score|net_sales|units|last_day|by_hand",
		"=1+1|1234567|0.1234|80.25|1234.5678|1.5|45351|1",
		"A & <B> \"C\"|-5|-0.5|0|-0.0001|0.0001|61|0",
		" 空格\nline\uFFFD|1000000000000000|0.000000001|100|99999999999.9999|0|1899-12-31|1",
		"||||100000000000000|-2",
	} {
		if got := strings.Join(raw[i], "|"); got != want {
			t.Errorf("row %d: got %q, want %q", i+1, got, want)
		}
	}
	if got, want := strings.Join(shown[1], "|"), "=1+1|1,234,567|12.3%|80.3|1,234.57|1.5|2024-02-29|TRUE"; got != want {
		t.Errorf("got row 2 as shown %q, want %q", got, want)
	}
	if formula, err := f.GetCellFormula("shortlist", "A2"); formula != "" || err != nil {
		t.Errorf("got formula %q, %v, want text", formula, err)
	}
	if kind, err := f.GetCellType("shortlist", "E2"); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber || err != nil {
		t.Errorf("got money of cell type %v, %v, want a number", kind, err)
	}
	panes, err := f.GetPanes("shortlist")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("got panes %+v, %v, want a header that stays", panes, err)
	}
	if width, err := f.GetColWidth("shortlist", "E"); err != nil || width < 12 {
		t.Errorf("got width %v, %v", width, err)
	}
	if cell, err := f.GetCellValue("about", "B2"); cell != "=0f3a" || err != nil {
		t.Errorf("got cover %q, %v", cell, err)
	}
}

// sheetXML is the XML of a sheet, by number.
func sheetXML(t *testing.T, b []byte, n int) string {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open("xl/worksheets/sheet" + strconv.Itoa(n) + ".xml")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	x, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(x)
}

func TestFilterAndEmptySheet(t *testing.T) {
	full := mustTable(t, table.Ints("a", "", []int64{1, 2}, nil), table.Ints("b", "", []int64{1, 2}, nil))
	empty := mustTable(t, table.Ints("a", "", nil, nil))
	defer full.Release()
	defer empty.Release()
	b := written(t, func(b *workbook.Book) error {
		if err := b.Sheet("full", full); err != nil {
			return err
		}
		return b.Sheet("empty", empty)
	})
	for n, want := range []string{`<autoFilter ref="$A$1:$B$3"`, `<autoFilter ref="$A$1:$A$1"`} {
		if x := sheetXML(t, b, n+1); !strings.Contains(x, want) && !strings.Contains(x, strings.ReplaceAll(want, "$", "")) {
			t.Errorf("got sheet %d %s, want %s", n+1, x, want)
		}
	}
	if x := sheetXML(t, b, 1); strings.Index(x, "<autoFilter") < strings.Index(x, "</sheetData>") {
		t.Error("got the filter before the rows, which spreadsheets refuse")
	}
	f := opened(t, b)
	defer f.Close()
	if rows, err := f.GetRows("empty"); len(rows) != 1 || err != nil {
		t.Errorf("got %v, %v, want the header", rows, err)
	}
	again := written(t, func(b *workbook.Book) error {
		if err := b.Sheet("full", full); err != nil {
			return err
		}
		return b.Sheet("empty", empty)
	})
	if !bytes.Equal(b, again) {
		t.Error("got other bytes the second time")
	}
}

func TestFaults(t *testing.T) {
	tab := mustTable(t, table.Ints("a", "", []int64{1}, nil))
	defer tab.Release()
	b, err := workbook.New()
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Write(io.Discard); err == nil {
		t.Error("got a workbook without sheets")
	}
	for _, name := range []string{"", "a/b", strings.Repeat("x", 32)} {
		if err := b.Sheet(name, tab); err == nil {
			t.Errorf("got a sheet %q", name)
		}
	}
	if err := b.Sheet("one", tab); err != nil {
		t.Fatal(err)
	}
	if err := b.Sheet("ONE", tab); err == nil || !strings.Contains(err.Error(), "is taken") {
		t.Errorf("got %v", err)
	}
	many := mustTable(t, table.Ints("a", "", make([]int64, workbook.MaxRows+1), nil))
	defer many.Release()
	if err := b.Sheet("many", many); err == nil || !strings.Contains(err.Error(), "1048576 rows, a sheet holds 1048575") {
		t.Errorf("got %v", err)
	}
}

// Any text and any amount of at most 15 digits comes back.
func TestCellsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("=+-@'\"<>&;_x0041\t\n é中😀a ")), 0, 12, -1), 1, 8).Draw(t, "texts")
		amounts := rapid.SliceOfN(rapid.Int64Range(-999_999_999_999_999, 999_999_999_999_999), len(texts), len(texts)).Draw(t, "amounts")
		cells := make([]money.Amount, len(texts))
		for i, a := range amounts {
			cells[i] = money.Amount(a)
		}
		tab := mustTable(t, table.Strings("t", "", texts, nil), table.Amounts("m", "", cells, nil))
		defer tab.Release()
		f := opened(t, written(t, func(b *workbook.Book) error { return b.Sheet("s", tab) }))
		defer f.Close()
		for i, want := range texts {
			row := strconv.Itoa(i + 2)
			got, err := f.GetCellValue("s", "A"+row, excelize.Options{RawCellValue: true})
			if got != want || err != nil {
				t.Fatalf("got text %q, %v, want %q", got, err, want)
			}
			number, err := f.GetCellValue("s", "B"+row, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			v, err := strconv.ParseFloat(number, 64)
			if got, ok := money.FromFloat(v, money.AmountScale); err != nil || !ok || got != amounts[i] {
				t.Fatalf("got amount %s, %v, want %s", number, err, cells[i])
			}
		}
	})
}

func TestLongText(t *testing.T) {
	tab := mustTable(t, table.Strings("t", "", []string{strings.Repeat("ab", 20_000), strings.Repeat("😀", 20_000)}, nil))
	defer tab.Release()
	f := opened(t, written(t, func(b *workbook.Book) error { return b.Sheet("s", tab) }))
	defer f.Close()
	for _, cell := range []string{"A2", "A3"} {
		if got, err := f.GetCellValue("s", cell); err != nil || !strings.HasSuffix(got, "…") || len([]rune(got)) > 32767 {
			t.Errorf("%s: got %d bytes, %v, want a text cut to what a cell holds", cell, len(got), err)
		}
	}
}
