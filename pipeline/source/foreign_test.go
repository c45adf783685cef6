package source_test

import (
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/source"
)

// What is no table is refused by name with what it is; what only looks like it is read.
func TestStatNamesForeignFiles(t *testing.T) {
	dir := t.TempDir()
	for _, k := range []struct{ name, content, want string }{
		{"logo.csv", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG image and no table"},
		{"photo.csv", "\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG image"},
		{"scan.csv", "%PDF-1.7\n%\xe2\xe3", "a PDF document"},
		{"tool.csv", "\x7fELF\x02\x01\x01", "a program"},
		{"setup.csv", "MZ\x90\x00\x03\x00", "a Windows program"},
		{"shop.csv", "SQLite format 3\x00\x10", "an SQLite database"},
		{"orders.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as XLSX or CSV"},
		{"orders.7z", "7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive"},
		{"orders.tar", "orders.csv" + strings.Repeat("\x00", 247) + "ustar\x0000" + strings.Repeat("\x00", 300), "a tar archive"},
		{"login.csv", "\n<!DOCTYPE HTML>\n<html>", "a web page (HTML)"},
		{"report.xls", "<table border=1><tr>", "an HTML table"},
		{"rows.csv", "<?xml version=\"1.0\"?>", "an XML document"},
		{"objects.csv", "\uFEFF[\n  {\"id\": 1}\n]", "JSON and no table"},
		{"lines.csv", `{"id" : 1}` + "\n", "JSON and no table"},
		{"lists.csv", `[["a", 1]]`, ""}, // a list of lists of values may be anything
		{"none.csv", "[]\n", "JSON and no table"},
		{"bracket.csv", "[id],[day]\n1,2\n", ""},
		{"brace.csv", "{guid},day\n", ""},
		{"marks.csv", "MZ001,day\n", ""},
	} {
		path := write(t, dir, k.name, k.content)
		_, err := source.Stat(path)
		if k.want == "" && err != nil || k.want != "" && (err == nil || !strings.Contains(err.Error(), k.want) || !strings.Contains(err.Error(), k.name)) {
			t.Errorf("%s: got %v, want %q", k.name, err, k.want)
		}
	}
}
