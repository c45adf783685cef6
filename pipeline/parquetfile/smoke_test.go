package parquetfile

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestSmoke(t *testing.T) {
	var files []string
	filepath.WalkDir(os.Getenv("VITALFEW_DATA"), func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (filepath.Ext(p) == ".parquet" || filepath.Ext(p) == ".encrypted") {
			files = append(files, p)
		}
		return nil
	})
	for _, p := range files {
		b, _ := os.ReadFile(p)
		f, err := Open(bytesReader(b), int64(len(b)), Limits{})
		if err != nil {
			t.Logf("%s: OPEN %v", filepath.Base(p), err)
			continue
		}
		var cols []int
		for i, c := range f.Columns() {
			if c.Refusal == "" {
				cols = append(cols, i)
			} else {
				t.Logf("%s: %s REFUSED %s", filepath.Base(p), c.Name, c.Refusal)
			}
		}
		r := f.Records(cols)
		n := int64(0)
		for {
			_, _, err := r.Next()
			if err == io.EOF {
				if n != f.Rows() {
					t.Errorf("count")
				}
				break
			}
			if err != nil {
				t.Logf("%s: READ %v", filepath.Base(p), err)
				break
			}
			n++
		}
		t.Logf("%s: rows %d/%d cols %d", filepath.Base(p), n, f.Rows(), len(cols))
	}
}
