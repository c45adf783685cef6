// Package crmtest reads the files of CRM targets as the strictest loader would. It is test support and
// shares nothing with the writer.
package crmtest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Rules are what a format refuses, as shared/reference/formats.md says.
type Rules struct {
	Delimiter byte
	LineEnd   string
	Bytes     int // of a file, header included
	Rows      int // without the header
	Columns   int
}

// Strict reads a data file and refuses what the strictest loader would: a byte order mark, another
// line end than stated, bytes that are no UTF-8, a quote inside an unquoted cell, anything but a
// delimiter around a quoted one (a space among it), quotes where none are needed, rows of other
// widths, files over the limits. It shares nothing with the writer.
func Strict(file []byte, r Rules) ([][]string, error) {
	if bytes.HasPrefix(file, []byte("\xef\xbb\xbf")) {
		return nil, fmt.Errorf("a byte order mark: the first field would not be found")
	}
	if !utf8.Valid(file) {
		return nil, fmt.Errorf("no UTF-8")
	}
	if len(file) > r.Bytes {
		return nil, fmt.Errorf("%d bytes, at most %d", len(file), r.Bytes)
	}
	text := string(file)
	var rows [][]string
	for text != "" {
		var row []string
		for more := true; more; {
			var cell string
			var err error
			if cell, text, err = cellOf(text, r); err != nil {
				return nil, fmt.Errorf("row %d: %w", len(rows)+1, err)
			}
			row = append(row, cell)
			switch {
			case strings.HasPrefix(text, r.LineEnd):
				text, more = text[len(r.LineEnd):], false
			case text != "" && text[0] == r.Delimiter:
				text = text[1:]
			default:
				return nil, fmt.Errorf("row %d: %.10q after a cell, want the delimiter or %q", len(rows)+1, text, r.LineEnd)
			}
		}
		rows = append(rows, row)
		if len(row) != len(rows[0]) {
			return nil, fmt.Errorf("row %d has %d cells, the header %d", len(rows), len(row), len(rows[0]))
		}
	}
	if len(rows) < 2 {
		return nil, fmt.Errorf("no rows")
	}
	if len(rows)-1 > r.Rows || len(rows[0]) > r.Columns {
		return nil, fmt.Errorf("%d rows of %d columns, at most %d of %d", len(rows)-1, len(rows[0]), r.Rows, r.Columns)
	}
	return rows, nil
}

func cellOf(text string, r Rules) (cell, rest string, err error) {
	if text != "" && text[0] == '"' {
		var b strings.Builder
		for text = text[1:]; ; {
			i := strings.IndexByte(text, '"')
			if i < 0 {
				return "", "", fmt.Errorf("a quote is not closed")
			}
			b.WriteString(text[:i])
			text = text[i+1:]
			if !strings.HasPrefix(text, `"`) {
				break
			}
			b.WriteByte('"')
			text = text[1:]
		}
		if cell = b.String(); !strings.ContainsAny(cell, "\"\r\n"+string(rune(r.Delimiter))) {
			return "", "", fmt.Errorf("%q is quoted without need", cell)
		}
		return cell, text, nil
	}
	end := strings.IndexAny(text, string(rune(r.Delimiter))+"\r\n")
	if end < 0 {
		return "", "", fmt.Errorf("the last line does not end")
	}
	if cell = text[:end]; strings.Contains(cell, `"`) {
		return "", "", fmt.Errorf("a quote inside %q", cell)
	}
	return cell, text[end:], nil
}

// Unzip gives the content of a zip of one file, which must have a name.
func Unzip(b []byte, name string) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	if len(z.File) != 1 || z.File[0].Name != name {
		return nil, fmt.Errorf("%d files in the zip, want %s alone", len(z.File), name)
	}
	f, err := z.File[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
