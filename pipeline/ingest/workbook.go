package ingest

import (
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
		return nil, fmt.Errorf("not readable as an XLSX workbook: %w; save the sheet as CSV", err)
	}
	if n := len(book.GetSheetList()); n > mostSheets {
		return nil, errors.Join(fmt.Errorf("%d sheets are too many: at most %d", n, mostSheets), book.Close())
	}
	return book, nil
}

// sheetOf finds the sheet whose start names the columns wanted: the named one, else the first that does.
func sheetOf(book *excelize.File, named string, wanted func([]string) bool) (string, []string, error) {
	sheets := book.GetSheetList()
	if named != "" {
		for _, s := range sheets {
			if s == named {
				return s, []string{fmt.Sprintf("sheet %q: as given", s)}, nil
			}
		}
		return "", nil, fmt.Errorf("no sheet %q; the workbook has %s", named, strings.Join(sheets, ", "))
	}
	const start = 100 // rows
	for _, s := range sheets {
		rows, err := book.Rows(s)
		if err != nil {
			continue // a chart
		}
		found := false
		for i := 0; i < start && rows.Next() && !found; i++ {
			cells, err := rows.Columns(excelize.Options{RawCellValue: true})
			found = err == nil && len(cells) > 1 && wanted(cells)
		}
		if err := rows.Close(); err != nil {
			return "", nil, err
		}
		if found {
			return s, []string{fmt.Sprintf("sheet %q of %d: the first with the columns that are needed", s, len(sheets))}, nil
		}
	}
	if len(sheets) == 0 {
		return "", nil, errors.New("the workbook has no sheet")
	}
	return sheets[0], []string{fmt.Sprintf("sheet %q, the first of %d: none has the columns that are needed", sheets[0], len(sheets))}, nil
}

// openWorkbook gives the rows of the sheet wanted.
func openWorkbook(f source.File, sheet string, wanted func([]string) bool) (*workbook, []string, error) {
	book, err := openBook(f)
	if err != nil {
		return nil, nil, err
	}
	name, evidence, err := sheetOf(book, sheet, wanted)
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
	how := manner{evidence: evidence, name: "xlsx"}
	return errors.Join(r.produceGrid(ctx, index, f, book, how), book.Close())
}
