package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/sniff"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"github.com/xuri/excelize/v2"
)

// Sheet is one sheet of a workbook as text: comma, quotes doubled, LF, every row as wide as the widest of
// its start. Columns that the sheet shows as days hold days, YYYY-MM-DD; other values are those stored.
type Sheet struct {
	Evidence []string // why this sheet
	book     *workbook
	days     map[int]calendar.Format // columns of days
	row      []byte
	at       int
}

// OpenSheet opens the named sheet; "" takes the first that names what order lines need, else the fullest.
func OpenSheet(f source.File, named string) (s *Sheet, err error) {
	defer recoverTo(&err, f.Path)
	book, err := openBook(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	s, err = openSheet(book, named)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", f.Path, err), book.Close())
	}
	return s, nil
}

func openSheet(book *excelize.File, named string) (*Sheet, error) {
	orders := func(cells []string) bool {
		_, err := layout.Resolve(layout.Orders, cells, layout.Mapping{})
		return err == nil
	}
	name, evidence, found, err := sheetOf(book, named, orders)
	if err == nil && !found {
		name, evidence, err = fullest(book)
	}
	if err != nil {
		return nil, err
	}
	s := &Sheet{Evidence: evidence}
	width, err := s.look(book, name)
	if err != nil {
		return nil, fmt.Errorf("sheet %q: %w", name, err)
	}
	rows, err := book.Rows(name)
	if err != nil {
		return nil, fmt.Errorf("sheet %q: %w", name, err)
	}
	s.book = &workbook{file: book, rows: rows, expected: width}
	return s, nil
}

// sheetStart is how many rows of a sheet are looked at.
const sheetStart = 100

// start gives the rows that a sheet begins with, as they are stored, or as they are shown.
func start(book *excelize.File, sheet string, stored bool) (out [][]string, err error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, err
	}
	for len(out) < sheetStart && rows.Next() {
		cells, err := rows.Columns(excelize.Options{RawCellValue: stored})
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		out = append(out, cells)
	}
	return out, errors.Join(rows.Error(), rows.Close())
}

// fullest is the sheet that begins with the most rows of two cells and more; of equals the first.
func fullest(book *excelize.File) (string, []string, error) {
	best, most := "", 0
	sheets := book.GetSheetList()
	for _, name := range sheets {
		rows, err := start(book, name, true)
		if err != nil {
			continue // a chart
		}
		n := 0
		for _, r := range rows {
			if len(strings.Join(r, "")) > 0 && len(r) > 1 {
				n++
			}
		}
		if n > most {
			best, most = name, n
		}
	}
	if best == "" {
		return "", nil, fmt.Errorf("none of the %d sheets holds a table", len(sheets))
	}
	return best, []string{fmt.Sprintf("sheet %q of %s: the first with the most rows; --sheet takes another", best, strings.Join(sheets, ", "))}, nil
}

// look finds the width of a sheet and its columns of days: stored as numbers, shown as days.
func (s *Sheet) look(book *excelize.File, name string) (width int, err error) {
	stored, err := start(book, name, true)
	if err != nil {
		return 0, err
	}
	shown, err := start(book, name, false)
	if err != nil {
		return 0, err
	}
	serial := "excel1900"
	if base1904(book) {
		serial = "excel1904"
		s.Evidence = append(s.Evidence, "the workbook counts days from 1904")
	}
	format, err := calendar.FromSetting(serial)
	if err != nil {
		return 0, err
	}
	days, others := map[int]int{}, map[int]int{}
	for i, r := range stored {
		width = max(width, len(r))
		for j, v := range r {
			if sniff.KindOf([]byte(v)) != sniff.Number || i >= len(shown) || j >= len(shown[i]) {
				continue
			}
			if _, ok := format.Parse([]byte(v), nil); ok && sniff.KindOf([]byte(shown[i][j])) == sniff.Date {
				days[j]++
			} else {
				others[j]++
			}
		}
	}
	s.days = map[int]calendar.Format{}
	for j, n := range days {
		if n > others[j] {
			s.days[j] = format
		}
	}
	return width, nil
}

// base1904 says that a workbook counts days from 1904, as those of old Macs do.
func base1904(book *excelize.File) bool {
	p, err := book.GetWorkbookProps()
	return err == nil && p.Date1904 != nil && *p.Date1904
}

// Read gives the text.
func (s *Sheet) Read(p []byte) (int, error) {
	for s.at == len(s.row) {
		row, err := s.book.Next()
		if err != nil {
			return 0, err
		}
		s.row, s.at = s.line(s.row[:0], row.fields), 0
	}
	n := copy(p, s.row[s.at:])
	s.at += n
	return n, nil
}

// line appends a row as text.
func (s *Sheet) line(dst []byte, cells [][]byte) []byte {
	for i, c := range cells {
		if i > 0 {
			dst = append(dst, ',')
		}
		if f, ok := s.days[i]; ok && sniff.KindOf(c) == sniff.Number {
			if d, ok := f.Parse(c, nil); ok && d.Known() {
				dst = append(dst, d.String()...)
				continue
			}
		}
		if !bytes.ContainsAny(c, ",\"\r\n") {
			dst = append(dst, c...)
			continue
		}
		dst = append(dst, '"')
		dst = append(dst, bytes.ReplaceAll(c, []byte{'"'}, []byte(`""`))...)
		dst = append(dst, '"')
	}
	return append(dst, '\n')
}

// Close closes the workbook.
func (s *Sheet) Close() error { return s.book.Close() }

var _ io.ReadCloser = (*Sheet)(nil)
