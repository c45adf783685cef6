package parquetfile_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
)

// corpus returns the files below a folder of VITALFEW_DATA whose names have one of the endings.
func corpus(t *testing.T, folder string, endings ...string) []string {
	t.Helper()
	root := os.Getenv("VITALFEW_DATA")
	if root == "" {
		t.Skip("VITALFEW_DATA is not set: no corpus to read")
	}
	var paths []string
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d os.DirEntry, err error) error {
		for _, e := range endings {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, e) {
				paths = append(paths, path)
			}
		}
		return err
	})
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d files in %s: %v", len(paths), folder, err)
	}
	return paths
}

// refused names the corpus files that must not be read, with a part of what the error says; all others
// must be read and equal what the library reads, where it can.
var refused = map[string]string{
	"ARROW-GH-41317.parquet":                         "before its count",
	"ARROW-GH-41321.parquet":                         "dictionary codes of 254 bits",
	"ARROW-GH-47662.parquet":                         "page ends before its values",
	"ARROW-RS-GH-6229-DICTHEADER.parquet":            "outside the data of the file",
	"datapage_v1-corrupt-checksum.parquet":           "checksum",
	"rle-dict-uncompressed-corrupt-checksum.parquet": "checksum",
	"large_string_map.brotli.parquet":                "limit of 200:1",
	"nation.dict-malformed.parquet":                  "page of 28 bytes where the chunk has 13 left",
	"repeated_no_annotation.parquet":                 "footer 0 for all",
}

func TestCorpus(t *testing.T) {
	compared, ran := 0, 0
	paths := corpus(t, "parquet-testing", ".parquet")
	for _, path := range paths {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			ran++
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got [][]string
			f, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), parquetfile.Limits{})
			if err == nil {
				got, err = vectorCells(f, readableOf(f), 1000)
			}
			if want, ok := refused[name]; ok {
				if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "parquet: ") {
					t.Fatalf("got error %v, want %q", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if int64(len(got)) != f.Rows() {
				t.Fatalf("read %d rows, footer counts %d", len(got), f.Rows())
			}
			cols := readableOf(f)
			want, err := twinCells(data, f.Columns(), cols, all)
			if len(cols) == 0 || err != nil {
				t.Logf("not compared: %d readable columns, library error %v", len(cols), err)
				return
			}
			compared++
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-library +vectors\n%.2000s", diff)
			}
		})
	}
	if ran == len(paths) && compared < 40 {
		t.Errorf("compared %d files with the library, want 40 at least", compared)
	}
}

func TestCorpusEncrypted(t *testing.T) {
	for _, path := range corpus(t, "parquet-testing", ".encrypted") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), parquetfile.Limits{}); !errors.Is(err, parquetfile.ErrEncrypted) {
			t.Errorf("%s: got error %v, want ErrEncrypted", filepath.Base(path), err)
		}
	}
}

// The expectations were written by other readers (Spark and parquet-mr; see the .md files beside them).
func TestCorpusExpected(t *testing.T) {
	for _, path := range corpus(t, "parquet-testing", "_expect.csv") {
		base := strings.TrimSuffix(path, "_expect.csv")
		t.Run(filepath.Base(base), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(base + ".parquet")
			if err != nil {
				t.Fatal(err)
			}
			f, cols := open(t, data)
			got, err := recordCells(f, cols)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range got {
				for k := range row {
					row[k] = strings.TrimPrefix(row[k], null) // the CSV does not tell null from empty
				}
			}
			if diff := cmp.Diff(want[1:], got); diff != "" {
				t.Errorf("-expected +read\n%.2000s", diff)
			}
		})
	}
}

func TestAdventureWorks(t *testing.T) {
	paths := corpus(t, "adventureworks_dw", ".parquet")
	if len(paths) != 16 {
		t.Errorf("got %d files, want 16", len(paths))
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			f, cols := open(t, data)
			for _, c := range f.Columns() {
				if c.Refusal != "" {
					t.Logf("column %q refused: %s", c.Name, c.Refusal)
				}
			}
			got, err := vectorCells(f, cols, 4096)
			if err != nil {
				t.Fatal(err)
			}
			if int64(len(got)) != f.Rows() {
				t.Fatalf("got %d rows of %d", len(got), f.Rows())
			}
			want, err := twinCells(data, f.Columns(), cols, 2000) // the library's row reader is slow
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got[:len(want)]); diff != "" {
				t.Errorf("-library +vectors\n%.2000s", diff)
			}
		})
	}
}
