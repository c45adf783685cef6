package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	src "github.com/vitalfew/vitalfew/pipeline/source"
	"pgregory.net/rapid"
)

// convert writes text to a file, converts it and returns what was written.
func convert(t testing.TB, dir, text string, o pipeline.ConvertOptions) (*pipeline.Conversion, string) {
	t.Helper()
	in := filepath.Join(dir, "in.txt")
	if err := os.WriteFile(in, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if o.To == "" {
		o.To = filepath.Join(dir, "out.csv")
	}
	c, err := pipeline.Convert(context.Background(), in, o)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	b, err := os.ReadFile(o.To)
	if err != nil {
		t.Fatal(err)
	}
	return c, string(b)
}

func TestConvert(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		o                pipeline.ConvertOptions
		rejected         int64
	}{
		{"clean stays", "a,b\n1,\"x, y\"\n", "a,b\n1,\"x, y\"\n", pipeline.ConvertOptions{}, 0},
		{"semicolons, CRLF", "a;b\r\n1,5;x\r\n", "a,b\n\"1,5\",x\n", pipeline.ConvertOptions{}, 0},
		{"no header", "1,2\n3,4\n", "1,2\n3,4\n", pipeline.ConvertOptions{}, 0},
		{"aligned by blanks", " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118 12  129.73\r\n 00021 0002 19970101  3   63.34\r\n",
			"00004,0001,19970101,2,29.33\n00004,0001,19970118,12,129.73\n00021,0002,19970101,3,63.34\n", pipeline.ConvertOptions{}, 0},
		{"a header and no row", "a,b\n", "a,b\n", pipeline.ConvertOptions{}, 0},
		{"given", "x||'y||z'\n", "p,q\nx,y||z\n", pipeline.ConvertOptions{Delimiter: "||", Quote: "'", Header: "none", Columns: []string{"p", "q"}}, 0},
		{"NUL escapes", "a,b\n\"4\x00\"\",1\n", "a,b\n\"4\"\"\",1\n", pipeline.ConvertOptions{Delimiter: ",", Escape: `\0`, Header: "1", Encoding: "utf-8"}, 0},
		{"a row of another width", "a,b\n1,2\n3,4,5\n6,7\n", "a,b\n1,2\n6,7\n", pipeline.ConvertOptions{}, 1},
		{"an empty field alone", "a\n\"\"\nb\n", "a\n\"\"\nb\n", pipeline.ConvertOptions{Header: "1"}, 0},
		{"bytes that are not UTF-8", "a,b\ncaf\xc3\xa9 \xe4\xb8\xad,1\nx\xff,2\ny,3\n", "a,b\ncafé 中,1\ny,3\n", pipeline.ConvertOptions{Encoding: "utf-8"}, 1},
		{"GBK by evidence", "\xb6\xa9\xb5\xa5\xba\xc5,\xbd\xf0\xb6\xee\n\xd6\xd0\xb9\xfa,1\n\xb9\xab\xcb\xbe,2\n", "订单号,金额\n中国,1\n公司,2\n", pipeline.ConvertOptions{}, 0},
		{"Windows-1252", "a,b\ncaf\xe9,1\n", "a,b\ncafé,1\n", pipeline.ConvertOptions{Encoding: "windows-1252"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			got, text := convert(t, dir, c.text, c.o)
			if text != c.want || got.Rejected != c.rejected {
				t.Errorf("got %q and %d rejects, want %q and %d", text, got.Rejected, c.want, c.rejected)
			}
			entries, err := os.ReadDir(dir)
			if want := 2 + int(min(c.rejected, 1)); err != nil || len(entries) != want {
				t.Errorf("got %d files, %v, want %d: nothing temporary may stay", len(entries), err, want)
			}
		})
	}
}

func TestConvertRejects(t *testing.T) {
	dir := t.TempDir()
	c, _ := convert(t, dir, "a,b\n1,2\nsecret,4,5\n6,7\n", pipeline.ConvertOptions{})
	b, err := os.ReadFile(c.Rejects)
	if err != nil {
		t.Fatal(err)
	}
	if want := "line,byte_offset,bytes,reason\n3,8,11,\"3 fields, expected 2\"\n"; string(b) != want {
		t.Errorf("got %q, want %q", b, want)
	}
	if c, _ := convert(t, dir, "a,b\n1,2\n", pipeline.ConvertOptions{}); c.Rejects != "" {
		t.Errorf("got rejects %q, want none", c.Rejects)
	}
	if _, err := os.Stat(filepath.Join(dir, "out.csv.rejects.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the rejects of an earlier conversion stay: %v", err)
	}
}

func TestConvertRefuses(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in.csv")
	if err := os.WriteFile(in, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		path string
		o    pipeline.ConvertOptions
		kind error
		want string
	}{
		{"ending", in, pipeline.ConvertOptions{To: "x.txt"}, pipeline.ErrConfig, ".parquet"},
		{"itself", in, pipeline.ConvertOptions{To: in}, pipeline.ErrConfig, "itself"},
		{"quote", in, pipeline.ConvertOptions{To: "x.csv", Quote: "ab", Header: "-1"}, pipeline.ErrConfig, "header"},
		{"missing", in + "x", pipeline.ConvertOptions{To: filepath.Join(dir, "x.csv")}, pipeline.ErrInput, "in.csvx"},
		{"encoding", in, pipeline.ConvertOptions{To: filepath.Join(dir, "x.csv"), Encoding: "klingon"}, pipeline.ErrConfig, "klingon"},
	} {
		if _, err := pipeline.Convert(context.Background(), c.path, c.o); !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %v with %q", c.name, err, c.kind, c.want)
		}
	}
}

// What was accepted is accepted again and comes out the same: converting twice is converting once.
func TestConvertIsAFixedPoint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.StringMatching(`[ab1,;"' ]{0,10}|1,2,3|"x,y",2,3|1,2`), 1, 30).Draw(rt, "lines"), "\n")
		c, once := convert(t, dir, "a,b,c\n"+text, pipeline.ConvertOptions{Delimiter: ",", Header: "1", Preamble: "0", Width: 3})
		again, twice := convert(t, dir, once, pipeline.ConvertOptions{Delimiter: ",", Header: "1", Preamble: "0", Width: 3})
		if once != twice || again.Rows != c.Rows {
			rt.Fatalf("-once +twice\n%s", cmp.Diff(once, twice))
		}
	})
}

func TestConvertParquet(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, "out.parquet")
	convert(t, dir, "b,a,b\n1,\"x, y\",\n3,z,w\n", pipeline.ConvertOptions{To: to})
	f, err := src.Stat(to)
	if err != nil {
		t.Fatal(err)
	}
	recs, err := ingest.OpenRecords(f, 0, parquetfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer recs.Close()
	if want := []string{"b", "a", "b_2"}; !cmp.Equal(recs.Header(), want) {
		t.Errorf("got columns %q, want %q", recs.Header(), want)
	}
	back := filepath.Join(dir, "back.csv")
	if _, err := pipeline.Convert(context.Background(), to, pipeline.ConvertOptions{To: back}); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(back); string(b) != "b,a,b_2\n1,\"x, y\",\n3,z,w\n" {
		t.Errorf("got %q", b)
	}
}

func TestConvertSpectrum(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(data(t), "csv-spectrum", "csvs", "*.csv"))
	if err != nil || len(files) != 12 {
		t.Fatalf("got %d files, %v, want the 12 of csv-spectrum", len(files), err)
	}
	dir := t.TempDir()
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, "out.parquet")
		convert(t, dir, string(raw), pipeline.ConvertOptions{To: to})
		var want []map[string]string
		b, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(f)), "json", strings.TrimSuffix(filepath.Base(f), ".csv")+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if b = bytes.TrimSpace(b); b[0] == '{' { // some of the twelve hold one object, not a list of one
			b = append(append([]byte("["), b...), ']')
		}
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatal(err)
		}
		if filepath.Base(f) == "location_coordinates.csv" {
			// The data set's own JSON holds another telephone number than its CSV.
			if want[0]["Contact Phone Number"] != "1234567890" || !bytes.Contains(raw, []byte("2095257564")) {
				t.Fatalf("%s is not what it was; look again", f)
			}
			want[0]["Contact Phone Number"] = "2095257564"
		}
		if diff := cmp.Diff(want, readMaps(t, to)); diff != "" {
			t.Errorf("%s: -want +got\n%s", filepath.Base(f), diff)
		}
	}
}

func readMaps(t *testing.T, path string) (out []map[string]string) {
	t.Helper()
	f, err := src.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	recs, err := ingest.OpenRecords(f, 0, parquetfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer recs.Close()
	for {
		rec, err := recs.Next()
		if err != nil {
			return out
		}
		m := map[string]string{}
		for i, name := range recs.Header() {
			m[name] = rec.Fields[i]
		}
		out = append(out, m)
	}
}

// TestConvertCorpora: every file but an empty one reads and reconciles; the sums are Convert's own checks, and the
// bytes are held against the file's size here.
func TestConvertCorpora(t *testing.T) {
	t.Parallel()
	root := data(t)
	var files []string
	for _, p := range []string{"pollock/polluted_files/csv/*", "pollock/survey_sample/csv/*", "us_superstore_stacked/*.csv", "aw_pl300_flat/*.csv", "cdnow/*"} {
		got, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(p)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, got...)
	}
	if len(files) < 280 {
		t.Fatalf("got %d files, want the corpora", len(files))
	}
	dir := t.TempDir()
	for i, f := range files {
		c, err := pipeline.Convert(context.Background(), f, pipeline.ConvertOptions{To: filepath.Join(dir, fmt.Sprint(i%2)+".csv")})
		info, statErr := os.Stat(f)
		if statErr != nil {
			t.Fatal(statErr)
		}
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		if strings.EqualFold(c.Encoding, "utf-8") && c.Bytes != info.Size() {
			t.Errorf("%s: %d bytes accounted for, want %d", f, c.Bytes, info.Size())
		}
		if strings.Contains(f, "us_superstore") && (c.Rows != 9994 || len(c.Tables) == 0) {
			t.Errorf("%s: got %d rows and %d other tables, want 9,994 and at least one", f, c.Rows, len(c.Tables))
		}
	}
}
