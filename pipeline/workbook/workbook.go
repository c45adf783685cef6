// Package workbook writes tables as an XLSX workbook that a person can hand on.
//
//  1. Start a Book and add the cover: paragraphs of a heading and lines of two cells.
//  2. Add a sheet per table: a bold header that stays in sight, a filter on every column, widths that fit
//     the first rows, and a number format by the kind and unit of each column.
//  3. Write it. The bytes depend on what was added only.
//
// Cells keep their types. Text is text, so nothing in it is run as a formula, whatever it begins with.
// Spreadsheets hold numbers as doubles and show 15 digits: amounts beyond 99,999,999,999.9999 lose the
// digits after (Rounded counts them), all others are exact. Days before 1900-03-01, which spreadsheets
// count wrongly, and counts beyond 15 digits are text.
package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/xuri/excelize/v2"
)

// MaxRows is how many rows of a table a sheet holds, its header aside.
const MaxRows = 1<<20 - 1

// maxCell is the longest text of a cell, in UTF-16 units; longer text is cut and ends in an ellipsis.
const maxCell = 32767

// Book is a workbook in the making. It is for one goroutine.
type Book struct {
	file    *excelize.File
	styles  map[string]int // by number format
	head    int
	sheets  int
	rounded int
}

// New starts an empty workbook.
func New() (*Book, error) {
	b := &Book{file: excelize.NewFile(), styles: map[string]int{}}
	var err error
	b.head, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
		Fill:   excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7EBF0"}},
		Border: []excelize.Border{{Type: "bottom", Color: "8A94A0", Style: 1}}})
	return b, err
}

// Part is a paragraph of a cover.
type Part struct {
	Heading string
	// Lines are a name and what stands beside it, either possibly empty.
	Lines [][2]string
}

// sheet makes the next sheet of a name of at most 31 characters without []:*?/\ and other than those
// before.
func (b *Book) sheet(name string) (*excelize.StreamWriter, error) {
	if name == "" || utf8.RuneCountInString(name) > 31 || strings.ContainsAny(name, `[]:*?/\'`) {
		return nil, fmt.Errorf("sheet %q: a name has 1 to 31 characters without []:*?/\\'", name)
	}
	b.sheets++
	if b.sheets == 1 {
		if err := b.file.SetSheetName("Sheet1", name); err != nil {
			return nil, err
		}
	} else if n, err := b.file.GetSheetIndex(name); err != nil || n >= 0 {
		return nil, errors.Join(fmt.Errorf("sheet %q: the name is taken", name), err)
	} else if _, err := b.file.NewSheet(name); err != nil {
		return nil, err
	}
	return b.file.NewStreamWriter(name)
}

// Cover adds a sheet of text.
func (b *Book) Cover(name string, parts []Part) error {
	w, err := b.sheet(name)
	if err != nil {
		return err
	}
	wrap, err := b.style("@")
	if err != nil {
		return err
	}
	if err := errors.Join(w.SetColWidth(1, 1, 34), w.SetColWidth(2, 2, 110)); err != nil {
		return err
	}
	row := 0
	put := func(style int, cells ...string) error {
		row++
		values := make([]any, len(cells))
		for i, c := range cells {
			if c != "" {
				values[i] = excelize.Cell{StyleID: style, Value: legible(c)}
			}
		}
		return w.SetRow(fmt.Sprintf("A%d", row), values)
	}
	for i, p := range parts {
		if i > 0 {
			row++
		}
		if err := put(b.head, p.Heading, " "); err != nil {
			return err
		}
		for _, l := range p.Lines {
			if err := put(wrap, l[0], l[1]); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}

// Sheet adds a table.
func (b *Book) Sheet(name string, t *table.Table) error {
	if t.Rows() > MaxRows {
		return fmt.Errorf("sheet %s: %d rows, a sheet holds %d below its header", name, t.Rows(), MaxRows)
	}
	w, err := b.sheet(name)
	if err != nil {
		return err
	}
	cols := make([]column, len(t.Columns()))
	header := make([]any, len(cols))
	for i := range cols {
		if cols[i], err = b.column(&t.Columns()[i]); err != nil {
			return err
		}
		if err := w.SetColWidth(i+1, i+1, cols[i].width()); err != nil {
			return err
		}
		header[i] = excelize.Cell{StyleID: b.head, Value: legible(cols[i].Name)}
	}
	last, err := excelize.CoordinatesToCellName(len(cols), t.Rows()+1)
	if err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: "A2", ActiveCell: "A2", Pane: "bottomLeft"}}}); err != nil {
		return err
	}
	if err := errors.Join(b.file.AutoFilter(name, "A1:"+last, nil), w.SetRow("A1", header)); err != nil {
		return err
	}
	values := make([]any, len(cols))
	for r := range t.Rows() {
		for i := range cols {
			values[i] = cols[i].cell(b, r)
		}
		if err := w.SetRow(fmt.Sprintf("A%d", r+2), values); err != nil {
			return err
		}
	}
	return w.Flush()
}

// Rounded is how many cells so far have more digits than a spreadsheet keeps.
func (b *Book) Rounded() int { return b.rounded }

// Write writes the workbook, of one sheet at least, and ends it.
func (b *Book) Write(w io.Writer) error {
	if b.sheets == 0 {
		return errors.New("a workbook needs a sheet")
	}
	b.file.SetActiveSheet(0)
	var file bytes.Buffer
	if _, err := b.file.WriteTo(&file); err != nil {
		return errors.Join(err, b.file.Close())
	}
	return errors.Join(inOrder(w, file.Bytes()), b.file.Close())
}

// inOrder puts the parts of the package in the order of their names, which the library leaves to chance.
func inOrder(w io.Writer, file []byte) error {
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return err
	}
	slices.SortFunc(r.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, f := range r.File {
		if err := out.Copy(f); err != nil {
			return err
		}
	}
	return out.Close()
}

// Close ends a workbook that is not written.
func (b *Book) Close() error { return b.file.Close() }

func (b *Book) style(format string) (int, error) {
	if id, ok := b.styles[format]; ok {
		return id, nil
	}
	s := &excelize.Style{CustomNumFmt: &format}
	if format == "@" {
		s.Alignment = &excelize.Alignment{Vertical: "top", WrapText: true}
	}
	id, err := b.file.NewStyle(s)
	if err == nil {
		b.styles[format] = id
	}
	return id, err
}

// legible replaces what XML cannot hold, and cuts what a cell cannot.
func legible(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
	if len(s) <= maxCell { // UTF-16 is never longer than UTF-8
		return s
	}
	units := 0
	for i, r := range s {
		units++
		if r > 0xFFFF {
			units++
		}
		if units > maxCell-2 { // room for the ellipsis and for a pair
			return s[:i] + "…"
		}
	}
	return s
}
