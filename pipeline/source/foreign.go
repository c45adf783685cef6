package source

import (
	"bytes"
	"strings"
)

// headBytes is how much of a file's start tells what it is. A tar archive says so at byte 257.
const headBytes = 512

// foreign says what a file is that is no table, with what to do instead; "" for all others. The magic
// numbers are those of the formats' own specifications.
func foreign(head []byte) string {
	for _, k := range []struct{ magic, what string }{
		{"PARE", "an encrypted Parquet file; export it without encryption"},
		{"BZh", "bzip2 is not read; use gzip or zstd"},
		{"\xfd7zXZ", "xz is not read; use gzip or zstd"},
		{"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it and name the file inside"},
		{"Rar!\x1a\x07", "a RAR archive; unpack it and name the file inside"},
		{"\x89PNG\r\n\x1a\n", "a PNG image and no table; export the data behind it as CSV, XLSX or Parquet"},
		{"\xff\xd8\xff", "a JPEG image and no table; export the data behind it as CSV, XLSX or Parquet"},
		{"GIF8", "a GIF image and no table; export the data behind it as CSV, XLSX or Parquet"},
		{"%PDF-", "a PDF document, whose tables cannot be read reliably; export the data as CSV, XLSX or Parquet"},
		{"\x7fELF", "a program; check the path"},
		{"SQLite format 3\x00", "an SQLite database; export the table as CSV or Parquet"},
		{"Obj\x01", "an Avro file; export it as Parquet or CSV"},
		{"ARROW1\x00\x00", "an Arrow file; export it as Parquet or CSV"},
		{"FEA1", "a Feather file; export it as Parquet or CSV"},
		{"ORC\x08", "an ORC file; export it as Parquet or CSV"},
		{"{\\rtf", "an RTF document; save the table as CSV or XLSX"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook or document of Office before 2007, such as .xls; save it as XLSX or CSV"},
	} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return k.what
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("MZ")) && bytes.IndexByte(head, 0) >= 0:
		return "a Windows program; check the path"
	case len(head) > 262 && string(head[257:262]) == "ustar":
		return "a tar archive; unpack it and name the files inside"
	}
	return markup(head)
}

// markup tells documents of text that are no delimited table.
func markup(head []byte) string {
	text := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head), "\uFEFF"), " \t\r\n"))
	for _, k := range []struct{ start, what string }{
		{"<!doctype html", "a web page (HTML): a login page or a report saved under another name; export the data itself as CSV or XLSX"},
		{"<html", "a web page (HTML): a login page or a report saved under another name; export the data itself as CSV or XLSX"},
		{"<table", "an HTML table, as some systems call .xls; open it in a spreadsheet and save it as XLSX or CSV"},
		{"<?xml", "an XML document; export the data as CSV, XLSX or Parquet"},
	} {
		if strings.HasPrefix(text, k.start) {
			return k.what
		}
	}
	if jsonLike(text) {
		return "JSON and no table; export it as CSV, or flatten it, one row a line of an order"
	}
	return ""
}

// jsonLike says that text begins like a JSON object with a member, or a list of objects or lists. A lone
// bracket is none: headers have some.
func jsonLike(text string) bool {
	skip := func() { text = strings.TrimLeft(text, " \t\r\n") }
	for range 2 {
		if !strings.HasPrefix(text, "[") {
			break
		}
		text = text[1:]
		skip()
		if text == "" || strings.TrimSpace(text) == "]" {
			return true
		}
	}
	if !strings.HasPrefix(text, "{") {
		return false
	}
	text = text[1:]
	skip()
	if text == "" || text[0] == '}' {
		return true
	}
	if text[0] != '"' {
		return false
	}
	_, after, ended := strings.Cut(text[1:], `"`)
	text = after
	skip()
	return !ended || strings.HasPrefix(text, ":")
}
