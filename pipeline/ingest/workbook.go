package ingest

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"github.com/xuri/excelize/v2"
)

// Limits of a workbook: what it may unpack to, and what of a sheet is held in memory; more goes to a
// temporary file. A sheet has at most 1,048,576 rows of 16,384 cells.
const (
	workbookBytes  = 2 << 30
	workbookMemory = 64 << 20
	workbookRatio  = 200
	workbookFree   = 64 << 20
	mostSheets     = 256
)

// workbook is the rows of one sheet. Values are those stored, not those shown: a number has its point, a
// day is a serial number, which the calendar reads.
type workbook struct {
	file  *excelize.File
	rows  *excelize.Rows
	line  int64
	cells [][]byte
	// expected is how many cells a row has at least: a sheet leaves empty ends out.
	expected int
	sheet    string
}

// openBook opens a workbook within the limits.
func openBook(f source.File) (*excelize.File, error) {
	limit := int64(min(workbookBytes, max(workbookFree, workbookRatio*f.Size)))
	book, err := excelize.OpenFile(f.Path, excelize.Options{RawCellValue: true, UnzipSizeLimit: limit, UnzipXMLSizeLimit: min(limit, workbookMemory)})
	if err != nil {
		if what := archive(f.Path); what != "" {
			return nil, errors.New(what)
		}
		return nil, fmt.Errorf("not readable as an XLSX workbook: %w; save the sheet as CSV", err)
	}
	if n := len(book.GetSheetList()); n > mostSheets {
		return nil, errors.Join(fmt.Errorf("%d sheets are too many: at most %d", n, mostSheets), book.Close())
	}
	return book, nil
}

// archive says what a zip archive holds where it is no workbook, "" where it is one or none at all.
func archive(path string) string {
	z, err := zip.OpenReader(path)
	if err != nil {
		return ""
	}
	defer z.Close() // only read
	names := make([]string, 0, 3)
	for _, f := range z.File {
		switch {
		case strings.HasPrefix(f.Name, "xl/"):
			return ""
		case f.Name == "content.xml":
			return "an OpenDocument file; save the sheet as XLSX or CSV"
		case strings.HasPrefix(f.Name, "word/"):
			return "a Word document; save its table as XLSX or CSV"
		case strings.HasPrefix(f.Name, "ppt/"):
			return "a presentation; export the data behind it as XLSX or CSV"
		}
		if len(names) < cap(names) {
			names = append(names, fmt.Sprintf("%q", f.Name))
		}
	}
	return fmt.Sprintf("a zip archive of %d files (%s) and no workbook; unpack it and name the files inside", len(z.File), strings.Join(names, ", "))
}

// sheetOf finds the sheet whose start names the columns wanted: the named one, else the first that does.
// found says that it is not only the first of all.
func sheetOf(book *excelize.File, named string, wanted func([]string) bool) (name string, evidence []string, found bool, err error) {
	sheets := book.GetSheetList()
	if named != "" {
		for _, s := range sheets {
			if s == named {
				return s, []string{fmt.Sprintf("sheet %q: as given", s)}, true, nil
			}
		}
		return "", nil, false, fmt.Errorf("no sheet %q; the workbook has %s", named, strings.Join(sheets, ", "))
	}
	for _, s := range sheets {
		rows, err := start(book, s, true)
		if err != nil {
			continue // a chart
		}
		for _, cells := range rows {
			if len(cells) > 1 && wanted(cells) {
				return s, []string{fmt.Sprintf("sheet %q of %d: the first with the columns that are needed", s, len(sheets))}, true, nil
			}
		}
	}
	if len(sheets) == 0 {
		return "", nil, false, errors.New("the workbook has no sheet")
	}
	return sheets[0], []string{fmt.Sprintf("sheet %q, the first of %d: none has the columns that are needed", sheets[0], len(sheets))}, false, nil
}

// openWorkbook gives the rows of the sheet wanted.
func openWorkbook(f source.File, sheet string, wanted func([]string) bool) (*workbook, []string, error) {
	book, err := openBook(f)
	if err != nil {
		return nil, nil, err
	}
	name, evidence, _, err := sheetOf(book, sheet, wanted)
	if err != nil {
		return nil, nil, errors.Join(err, book.Close())
	}
	rows, err := book.Rows(name)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("sheet %q: %w", name, err), book.Close())
	}
	return &workbook{file: book, rows: rows, sheet: name}, evidence, nil
}

// Next returns the next row.
func (b *workbook) Next() (gridRow, error) {
	if !b.rows.Next() {
		if err := b.rows.Error(); err != nil {
			return gridRow{}, err
		}
		return gridRow{}, io.EOF
	}
	b.line++
	cells, err := b.rows.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return gridRow{}, fmt.Errorf("row %d: %w", b.line, err)
	}
	if len(cells) > delimited.MaxFields {
		return gridRow{}, fmt.Errorf("row %d: %d cells are too many: at most %d", b.line, len(cells), delimited.MaxFields)
	}
	b.cells = b.cells[:0]
	for _, c := range cells {
		b.cells = append(b.cells, []byte(c))
	}
	for len(b.cells) < b.expected {
		b.cells = append(b.cells, nil)
	}
	return gridRow{place: place{line: b.line, offset: b.line}, fields: b.cells, blank: len(cells) == 0}, nil
}

// Width says how many cells a row has.
func (b *workbook) Width(n int) { b.expected = n }

// Close closes the workbook and removes its temporary files.
func (b *workbook) Close() error { return errors.Join(b.rows.Close(), b.file.Close()) }

// produceWorkbook makes tasks of a sheet.
func (r *reader) produceWorkbook(ctx context.Context, index int, f source.File) error {
	book, evidence, err := openWorkbook(f, r.options.Sheet, r.wanted)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	r.files[index].Sheet = book.sheet
	how := manner{evidence: evidence, name: "xlsx", from1904: base1904(book.file)}
	again := func() (grid, error) {
		book, _, err := openWorkbook(f, r.options.Sheet, r.wanted)
		return book, err
	}
	return errors.Join(r.produceGrid(ctx, index, f, book, again, how), book.Close())
}
