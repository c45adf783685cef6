package ingest_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// refusals are the causes for which a file of the corpora may be refused, by the end of its name. Text with
// fewer than the four columns that are named by place has no fourth.
func refusals() map[string]string {
	const few = `(?s)^[^\n]*: --map 'customer_id=#4': the file has no header "#4", only "[^"]*(\\"[^"]*)*"(, "[^"]*")?(, "[^"]*")?\n`
	return map[string]string{
		"file_no_payload.csv": `: the file is empty; export it again\n$`, ".json": `: JSON and no table; export it`, ".encrypted": `: (an encrypted Parquet file|parquet: the file is encrypted); export it`,
		".bin": `: NUL bytes: a binary file`, ".csv": few, ".md": few,
	}
}

// Every text of the corpora is read, or refused by its true cause; of what is read every byte is accounted
// for, by the size that the file system gives. Any text reads when its columns are named by place, whatever
// they hold: then nearly all lines are rejects, and still nothing is lost. Of the 305 daily files and the
// polluted ones, which look alike, an eighth is read here, all by ` + "`make long`" + `.
func TestCorporaReconcile(t *testing.T) { corporaReconcile(t, 8) }

func corporaReconcile(t *testing.T, every int) {
	root := data(t, "")
	alike, likeOthers := 0, regexp.MustCompile(`/(by-day|polluted_files/[a-z]+)/[^/]*\d`)
	seen, whole, refused := 0, 0, 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".parquet") { // parquetfile has a corpus of its own
			return err
		}
		if likeOthers.MatchString(filepath.ToSlash(path)) {
			if alike++; alike%every != 0 {
				return nil
			}
		}
		seen++
		f, err := source.Stat(path)
		var r *ingest.Result
		if err == nil {
			r, err = ingest.Read(context.Background(), []source.File{f}, ingest.Options{Workers: 1, Mapping: byPlace(), Decimal: ".", Thousands: ",", Dates: "mdy"})
		}
		if err != nil {
			refused++
			known := false
			for ending, cause := range refusals() {
				known = known || strings.HasSuffix(path, ending) && regexp.MustCompile(cause).MatchString(err.Error()+"\n")
			}
			if !known || !strings.HasPrefix(err.Error(), path) {
				t.Errorf("refused for another cause: %v", err)
			}
			return nil
		}
		if f.Format == source.Text && reconciles(t, f, r) {
			whole++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d texts reconciled to the byte, %d refused", seen, whole, refused)
	if whole < 100 || seen > 2*whole+refused {
		t.Errorf("only %d of %d files were read; is the data set whole?", whole, seen)
	}
}

func byPlace() layout.Mapping {
	return layout.Mapping{Assignments: []layout.Assignment{{Name: "order_id", Header: "#1"}, {Name: "customer_id", Header: "#4"},
		{Name: "ordered_at", Header: "#2"}, {Name: "amount", Header: "#3"}}, NoAliases: true}
}

// reconciles holds the books of a file against each other and its size; whole says that its bytes were
// counted too: those of recoded text are of its UTF-8.
func reconciles(t *testing.T, f source.File, r *ingest.Result) (whole bool) {
	t.Helper()
	if err := r.Books.Balance(); err != nil {
		t.Errorf("%s: %v", f.Path, err)
	}
	b := r.Books
	if sum := b.HeaderBytes + b.RecordBytes + b.OtherBytes; !r.Files[0].Recoded && sum != f.Size {
		t.Errorf("%s: %d + %d + %d bytes accounted for, the file has %d", f.Path, b.HeaderBytes, b.RecordBytes, b.OtherBytes, f.Size)
	}
	if rejected := b.Class[ingest.Rejected].Lines; rejected != int64(len(r.Rejects)) {
		t.Errorf("%s: %d lines rejected, %d reject records", f.Path, rejected, len(r.Rejects))
	}
	return !r.Files[0].Recoded
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
