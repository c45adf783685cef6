package ingest_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// FuzzText: any bytes are order lines or a refusal; what is read is accounted for to the byte and the line.
func FuzzText(f *testing.F) {
	for _, x := range append(shops(), systems()...) {
		f.Add([]byte(x.text), true)
	}
	for _, s := range []string{asLines, header + "1,A,2024-03-01,P,1,10,0,6,\n\"", "a;b;c;d\r1;3,5;01.02.2024;x\r", "\xff\xfea\x00,\x00", "\x1f\x8b\x08\x00", "PK\x03\x04"} {
		f.Add([]byte(s), false)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte, named bool) {
		o := ingest.Options{Workers: 1}
		if !named {
			o = ingest.Options{Workers: 1, Mapping: byPlace(), Decimal: ".", Thousands: ",", Dates: "mdy"}
		}
		readHostile(t, dir, text, o)
	})
}

// FuzzWorkbook: a workbook of any parts is order lines or a refusal, and an end. The archive is made here,
// since one that is changed at random is refused by its checksums only.
func FuzzWorkbook(f *testing.F) {
	book, err := os.ReadFile(sheets(f).Path)
	if err != nil {
		f.Fatal(err)
	}
	parts, err := unpacked(book)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(parts["xl/worksheets/sheet2.xml"], parts["xl/sharedStrings.xml"], parts["xl/styles.xml"], parts["xl/workbook.xml"])
	f.Add([]byte(`<worksheet><sheetData><row r="9"><c r="B2" t="s"><v>7</v></c><c t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`),
		[]byte(`<sst><si/></sst>`), []byte(nil), parts["xl/workbook.xml"])
	f.Add([]byte(`<worksheet><sheetData><row r="1048577"><c r="XFE1"><v>1</v></c><c r="A-1" t="b"/></row></sheetData></worksheet>`), []byte(nil), []byte(nil), parts["xl/workbook.xml"])
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, sheet, shared, styles, workbook []byte) {
		made := map[string][]byte{"xl/worksheets/sheet2.xml": sheet, "xl/sharedStrings.xml": shared, "xl/styles.xml": styles, "xl/workbook.xml": workbook}
		readHostile(t, dir, packed(t, book, made), ingest.Options{Workers: 1})
	})
}

// readHostile reads what a file may hold as order lines, holding the books together, and as records.
func readHostile(t *testing.T, dir string, data []byte, o ingest.Options) {
	t.Helper()
	path := filepath.Join(dir, "hostile")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := source.Stat(path)
	if err != nil {
		return
	}
	if r, err := ingest.Read(context.Background(), []source.File{file}, o); err == nil {
		b := r.Books
		if err := b.Balance(); err != nil {
			t.Fatal(err)
		}
		if sum := b.HeaderBytes + b.RecordBytes + b.OtherBytes; file.Format == source.Text && file.Compression == source.Plain && !r.Files[0].Recoded && sum != file.Size {
			t.Fatalf("%d of %d bytes accounted for", sum, file.Size)
		}
		if n := b.Class[ingest.Rejected].Lines; n != int64(len(r.Rejects)) {
			t.Fatalf("%d lines rejected, %d reject records", n, len(r.Rejects))
		}
	} else if err.Error() == "" {
		t.Fatal("a refusal without words")
	}
	records, err := ingest.OpenRecords(file, 0, parquetfile.Limits{})
	if err != nil {
		return
	}
	defer records.Close() // only read
	for n := 0; ; n++ {
		if _, err := records.Next(); err != nil {
			return
		}
		if n > 2<<20 { // more than a sheet has rows
			t.Fatal("the records have no end")
		}
	}
}

// unpacked is the parts of an archive by name.
func unpacked(archive []byte) (map[string][]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	parts := map[string][]byte{}
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			return nil, err
		}
		parts[file.Name], err = io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// packed is an archive with some of its parts replaced; those that are empty are left out.
func packed(t *testing.T, archive []byte, made map[string][]byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, file := range z.File {
		data, replaced := made[file.Name]
		switch {
		case !replaced:
			err = w.Copy(file)
		case len(data) > 0:
			var part io.Writer
			if part, err = w.CreateHeader(&zip.FileHeader{Name: file.Name, Method: zip.Store}); err == nil {
				_, err = part.Write(data)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
