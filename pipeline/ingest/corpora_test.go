package ingest_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// Every file of the corpora is read, or refused with an error; of what is read as text every byte is
// accounted for, by the size that the file system gives. Any text reads when its columns are named by
// place, whatever they hold: then nearly all lines are rejects, and still nothing is lost.
func TestCorporaReconcile(t *testing.T) {
	root := data(t, "")
	byPlace := layout.Mapping{Assignments: []layout.Assignment{{Name: "order_id", Header: "#1"}, {Name: "customer_id", Header: "#1"},
		{Name: "ordered_at", Header: "#2"}, {Name: "amount", Header: "#3"}}, NoAliases: true}
	byPlace.Assignments[1].Header = "#4"
	seen, whole := 0, 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "README.md" || filepath.Base(filepath.Dir(path)) == "json" {
			return err
		}
		f, err := source.Stat(path)
		if err != nil || f.Format == source.Parquet {
			return nil // empty, or packed in a way that is refused; parquetfile has its own corpus
		}
		if day := filepath.Base(filepath.Dir(path)) == "by-day"; day && seen%8 != 0 {
			seen++ // 305 days that look alike: an eighth of them
			return nil
		}
		seen++
		r, err := ingest.Read(context.Background(), []source.File{f}, ingest.Options{Workers: 1, Mapping: byPlace, Decimal: ".", Thousands: ",", Dates: "mdy"})
		if err != nil {
			return nil
		}
		if err := r.Books.Balance(); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		b := r.Books
		if sum := b.HeaderBytes + b.RecordBytes + b.OtherBytes; f.Format == source.Text && !r.Files[0].Recoded && sum != f.Size {
			t.Errorf("%s: %d + %d + %d bytes accounted for, the file has %d", path, b.HeaderBytes, b.RecordBytes, b.OtherBytes, f.Size)
		} else if f.Format == source.Text {
			whole++
		}
		if rejected := b.Class[ingest.Rejected].Lines; rejected != int64(len(r.Rejects)) {
			t.Errorf("%s: %d lines rejected, %d reject records", path, rejected, len(r.Rejects))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d texts reconciled to the byte", seen, whole)
	if whole < 300 {
		t.Errorf("only %d of %d files were read; is the data set whole?", whole, seen)
	}
}

// The same files as records, as accounts and products are read: no panic, no hang, an end.
func TestCorporaRecords(t *testing.T) {
	err := filepath.WalkDir(data(t, "pollock"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := source.Stat(path)
		if err != nil {
			return nil
		}
		r, err := ingest.OpenRecords(f, 0, parquetfile.Limits{})
		if err != nil {
			return nil
		}
		defer r.Close() // only read
		last := int64(-1)
		for {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) || err != nil {
				return nil
			}
			if rec.Offset <= last {
				t.Fatalf("%s: offset %d after %d", path, rec.Offset, last)
			}
			last = rec.Offset
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
