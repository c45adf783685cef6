package ingest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/charset"
	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/sniff"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// Record is one row of a small export as text: CRM accounts, products, rates, samples to look at.
// It is valid until the next call of Next.
type Record struct {
	Line   int64 // physical line of text, from 1; row of Parquet, from 1
	Offset int64 // byte offset; -1 for Parquet
	Fields []string
	Null   []bool // Parquet nulls; nil for text, where a blank cell is what the reader makes of it
	Fault  string // what is wrong with the record, or ""
}

// Records reads a file record by record. It is the plain way, for files that are not the order
// lines; it holds one block at a time.
type Records struct {
	Path    string
	Dialect delimited.Dialect
	// Unreadable names the columns of a Parquet file that cannot be read, each with the reason.
	Unreadable []string
	header     []string
	aside      asideRows
	next       func() (Record, error)
	closeIt    func() error
}

// OpenRecords opens a text or Parquet file and reads its header. delimiter 0 is sniffed.
func OpenRecords(f source.File, delimiter byte, lim parquetfile.Limits) (r *Records, err error) {
	defer recoverTo(&err, f.Path)
	if f.Format == source.Parquet {
		return openParquetRecords(f, lim, outsideLists)
	}
	if f.Format == source.Workbook {
		return openBookRecords(f)
	}
	return openTextRecords(f, delimiter)
}

// OpenExploded opens a Parquet file with all its columns; where it has a list, with a record for each element.
func OpenExploded(f source.File, lim parquetfile.Limits) (r *Records, err error) {
	defer recoverTo(&err, f.Path)
	return openParquetRecords(f, lim, func(int, *parquetfile.Column) string { return "" })
}

// OpenResolved opens a Parquet file with the columns that order lines were read by, along the list that they
// were read along.
func OpenResolved(f source.File, lim parquetfile.Limits, resolved *layout.Resolved) (r *Records, err error) {
	defer recoverTo(&err, f.Path)
	return openParquetRecords(f, lim, func(k int, c *parquetfile.Column) string {
		switch {
		case slices.ContainsFunc(resolved.Matches, func(m layout.Match) bool { return m.Index == k }):
			return ""
		case c.List != "":
			return "inside a list or map"
		}
		return notRead
	})
}

// notRead is why a column is left out that could be read, which is worth no word.
const notRead = "not read"

// outsideLists leaves out what lies in a list.
func outsideLists(_ int, c *parquetfile.Column) string {
	if c.List == "" {
		return ""
	}
	return "inside a list or map; export it as one row per element"
}

// Header is the header, which may hold doubles.
func (r *Records) Header() []string { return r.header }

// Next returns the next record, io.EOF after the last.
func (r *Records) Next() (rec Record, err error) {
	defer recoverTo(&err, r.Path)
	return r.next()
}

// Close closes the file.
func (r *Records) Close() error { return r.closeIt() }

func openTextRecords(f source.File, delimiter byte) (*Records, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	t := &textRecords{path: f.Path}
	if err := t.open(charset.NewReader(in, charset.Options{KeepDamage: true}), delimiter); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", f.Path, err), in.Close())
	}
	r := &Records{Path: f.Path, Dialect: t.dialect, header: t.header, next: t.next, closeIt: in.Close}
	t.aside = &r.aside
	return r, nil
}

type textRecords struct {
	path    string
	dialect delimited.Dialect
	split   *delimited.Splitter
	scan    *delimited.Scanner
	block   *delimited.Block
	header  []string
	fields  []string
	aside   *asideRows
	kept    []string // the first record, where none names columns
}

func (t *textRecords) open(in io.Reader, delimiter byte) error {
	head := make([]byte, sniffBytes)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	head = head[:n]
	if bytes.IndexByte(head, 0) >= 0 {
		return errors.New("NUL bytes: a binary file and neither text, XLSX nor Parquet; check what the file is")
	}
	t.dialect = delimited.Sniff(head)
	if delimiter != 0 {
		t.dialect.Delimiter = delimiter
	}
	t.split = delimited.NewSplitter(io.MultiReader(bytes.NewReader(head), in), t.dialect)
	t.scan = delimited.NewScanner(t.dialect)
	return t.findHeader()
}

// findHeader takes the first record as the header, or the first that names columns where titles stand
// above it.
func (t *textRecords) findHeader() error {
	for n := 0; ; n++ {
		rec, err := t.next()
		if errors.Is(err, io.EOF) && n == 0 {
			return fmt.Errorf("%w; export it again", delimited.ErrNoRecord)
		}
		if errors.Is(err, io.EOF) {
			t.header = t.kept
			return nil
		}
		if err != nil {
			return err
		}
		names := sniff.Names(bytesOf(rec.Fields))
		if n == 0 || names {
			t.header = append([]string(nil), rec.Fields...)
		}
		if n == mostTitles {
			t.header = t.kept
			return nil
		}
		if names || len(rec.Fields) > 1 && !titleLike(rec.Fields) {
			t.header = append([]string(nil), rec.Fields...)
			return nil
		}
		if n == 0 {
			t.kept = t.header
		}
		t.header = nil
	}
}

// mostTitles bounds how far down a header is looked for.
const mostTitles = 60

// titleLike says that a record has one filled field at most.
func titleLike(fields []string) bool {
	n := 0
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			n++
		}
	}
	return n <= 1
}

func bytesOf(fields []string) [][]byte {
	out := make([][]byte, len(fields))
	for i, f := range fields {
		out[i] = []byte(f)
	}
	return out
}

// openBookRecords reads the first sheet of a workbook that has a header.
func openBookRecords(f source.File) (*Records, error) {
	book, _, err := openWorkbook(f, "", func(cells []string) bool { return sniff.Names(bytesOf(cells)) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	r := &Records{Path: f.Path, closeIt: book.Close}
	r.next = func() (Record, error) {
		for {
			row, err := book.Next()
			if err != nil {
				return Record{}, err
			}
			if row.blank {
				continue
			}
			if r.header != nil {
				if k := sniff.FurnitureOf(row.fields, len(r.header), r.header); k != sniff.NoFurniture {
					r.aside.add(k, row.line)
					continue
				}
			}
			rec := Record{Line: row.line, Offset: -1}
			for _, c := range row.fields {
				rec.Fields = append(rec.Fields, string(c))
			}
			if r.header != nil && len(rec.Fields) != len(r.header) {
				rec.Fault = fmt.Sprintf("%d cells, but the header has %d", len(rec.Fields), len(r.header))
			}
			return rec, nil
		}
	}
	for {
		rec, err := r.next()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: no sheet has a header; name the columns in its first row", f.Path), book.Close())
		}
		if sniff.Names(bytesOf(rec.Fields)) {
			r.header = rec.Fields
			book.Width(len(r.header))
			return r, nil
		}
	}
}

func (t *textRecords) next() (Record, error) {
	for {
		if err := t.advance(); err != nil {
			return Record{}, err
		}
		if t.header == nil || t.scan.Fault() == delimited.Unclosed || !t.furniture() {
			return t.record()
		}
	}
}

// advance goes to the next record, in the next block where this one ends.
func (t *textRecords) advance() error {
	for t.block == nil || !t.scan.Next() {
		if t.block != nil {
			t.block.Release()
		}
		b, err := t.split.Next()
		if err != nil {
			t.block = nil
			return err
		}
		t.block = b
		t.scan.Reset(b.Data, b.Offset, b.Line)
	}
	return nil
}

// record is the one that the scanner stands on.
func (t *textRecords) record() (Record, error) {
	rec := Record{Line: t.scan.Line(), Offset: t.scan.Offset()}
	t.fields = t.fields[:0]
	for i := range t.scan.Fields() {
		t.fields = append(t.fields, string(t.scan.Field(i)))
	}
	rec.Fields = t.fields
	fault := t.scan.Fault()
	switch {
	case fault == delimited.Unclosed && t.block.Final && !bytes.HasSuffix(t.block.Data, []byte("\n")):
		return rec, fmt.Errorf("%s, line %d: a quoted field is never closed and the file ends without a line end: it is cut off; export it again", t.path, rec.Line)
	case fault != delimited.Sound && fault != delimited.StrayQuote:
		rec.Fault = fault.String()
	case t.header != nil && len(rec.Fields) != len(t.header):
		rec.Fault = fmt.Sprintf("%d fields, but the header has %d", len(rec.Fields), len(t.header))
	}
	return rec, nil
}

// furniture says that the record is no row: empty, a total, the header again, a note below the table.
func (t *textRecords) furniture() bool {
	if t.scan.Fields() == len(t.header) && len(t.scan.Field(0)) > 0 && len(t.header) < 3 {
		return false
	}
	fields := make([][]byte, t.scan.Fields())
	for i := range fields {
		fields[i] = t.scan.Field(i)
	}
	k := sniff.FurnitureOf(fields, len(t.header), t.header)
	if k != sniff.NoFurniture && t.aside != nil {
		t.aside.add(k, t.scan.Line())
	}
	return k != sniff.NoFurniture
}

// openParquetRecords opens the columns that out gives no reason to leave out.
func openParquetRecords(f source.File, lim parquetfile.Limits, out func(k int, c *parquetfile.Column) string) (*Records, error) {
	in, err := f.OpenAt()
	if err != nil {
		return nil, err
	}
	file, err := parquetfile.Open(in, f.Size, lim)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", f.Path, err), in.Close())
	}
	r := &Records{Path: f.Path, closeIt: in.Close}
	var cols []int
	headers := parquetHeaders(file.Columns())
	for i, c := range file.Columns() {
		switch why := cmp.Or(c.Refusal, out(i, &c)); why {
		case "":
			cols, r.header = append(cols, i), append(r.header, headers[i])
		case notRead:
		default:
			r.Unreadable = append(r.Unreadable, fmt.Sprintf("column %q: %s", c.Name, why))
		}
	}
	if len(cols) == 0 {
		return nil, errors.Join(fmt.Errorf("%s: no column can be read: %s", f.Path, strings.Join(r.Unreadable, "; ")), in.Close())
	}
	rows, row := file.Records(cols), int64(0)
	r.next = func() (Record, error) {
		cells, null, err := rows.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				err = fmt.Errorf("%s: %w", f.Path, err)
			}
			return Record{}, err
		}
		row++
		return Record{Line: row, Offset: -1, Fields: cells, Null: null}, nil
	}
	return r, nil
}
