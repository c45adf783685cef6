package pipeline_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/publish"
	"github.com/vitalfew/vitalfew/pipeline/synth"
)

// digests are the published files by name, without those that name the inputs.
func digests(t *testing.T, o *pipeline.Outcome) map[string]string {
	t.Helper()
	out := sums(t, o.Dir)
	delete(out, "manifest.json")
	delete(out, "manifest.sha256")
	delete(out, "report.html") // names the inputs too; TestReportOfSameData and TestReportSameBytes hold the rest of it
	return out
}

// sums are the digests of all files below a directory; short to compare and to print.
func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, b := range published(t, dir) {
		sum, _, err := publish.Digest(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = sum
	}
	return out
}

// published reads every file below a run directory.
func published(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestSameBytes holds invariant 1: what is published depends on what the exports say, and on
// nothing about how they are cut, ordered, packed or read.
func TestSameBytes(t *testing.T) {
	base := demo(t)
	base.Arrow = true
	want := digests(t, runNight(t, base, 1))
	if len(want) < 15 {
		t.Fatalf("got %d published files, want customers, five tiers twice, four lists, arrow and rejects", len(want))
	}
	for _, v := range []struct {
		name    string
		workers int
		change  func(t *testing.T, c *pipeline.Config)
	}{
		{"2 workers", 2, func(*testing.T, *pipeline.Config) {}},
		{"7 workers", 7, func(*testing.T, *pipeline.Config) {}},
		{"shuffled lines, one file", 2, func(t *testing.T, c *pipeline.Config) { split(t, c, 1) }},
		{"3 files of shuffled lines", 1, func(t *testing.T, c *pipeline.Config) { split(t, c, 3) }},
		{"11 files of shuffled lines, backwards", 7, func(t *testing.T, c *pipeline.Config) {
			split(t, c, 11)
			slices.Reverse(c.Orders)
		}},
		{"a glob", 2, func(t *testing.T, c *pipeline.Config) {
			split(t, c, 4)
			c.Orders = []string{filepath.Join(filepath.Dir(c.Orders[0]), "part-*.csv")}
		}},
		{"a directory", 7, func(t *testing.T, c *pipeline.Config) {
			split(t, c, 2)
			c.Orders = []string{filepath.Dir(c.Orders[0])}
		}},
		{"gzip", 2, func(t *testing.T, c *pipeline.Config) { pack(t, c, ".gz", gzipped) }},
		{"zstd", 2, func(t *testing.T, c *pipeline.Config) { pack(t, c, ".zst", zstandard) }},
		{"CR LF and semicolons", 2, func(t *testing.T, c *pipeline.Config) {
			rewrite(t, c, func(b []byte) []byte {
				return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte(","), []byte(";")), []byte("\n"), []byte("\r\n"))
			})
		}},
		{"Parquet", 2, func(t *testing.T, c *pipeline.Config) { parquetCopy(t, c, synth.Options{Format: synth.Parquet}) }},
		{"Parquet with decimals, small row groups", 7, func(t *testing.T, c *pipeline.Config) {
			parquetCopy(t, c, synth.Options{Format: synth.Parquet, Decimal: true, RowGroup: 700})
		}},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			c := base
			c.Out = filepath.Join(t.TempDir(), "out")
			v.change(t, &c)
			if diff := cmp.Diff(want, digests(t, runNight(t, c, v.workers))); diff != "" {
				t.Errorf("published files: -one worker, one file +%s\n%s", v.name, diff)
			}
		})
	}
}

// split deals the order lines, shuffled, to n files with a header each, and the accounts to two.
func split(t *testing.T, c *pipeline.Config, n int) {
	t.Helper()
	c.Orders = deal(t, c.Orders[0], n, 11)
	c.CRM = deal(t, c.CRM[0], 2, 12)
	c.Products = deal(t, c.Products[0], 2, 13)
}

func deal(t *testing.T, path string, n int, seed uint64) (paths []string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(b), "\n"), "\n")
	header, lines := lines[0], lines[1:]
	lines[len(lines)-1] += "\n"
	rand.New(rand.NewPCG(seed, uint64(n))).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	dir := t.TempDir()
	for k := range n {
		var text strings.Builder
		text.WriteString(header)
		for i := k; i < len(lines); i += n {
			text.WriteString(lines[i])
		}
		paths = append(paths, put(t, dir, "part-"+string(rune('a'+k))+".csv", text.String()))
	}
	return paths
}

// rewrite replaces every input by what change makes of its bytes.
func rewrite(t *testing.T, c *pipeline.Config, change func([]byte) []byte) {
	t.Helper()
	dir := t.TempDir()
	for _, paths := range []*[]string{&c.Orders, &c.CRM, &c.Products} {
		fresh := make([]string, 0, len(*paths))
		for _, p := range *paths {
			b, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			fresh = append(fresh, put(t, dir, filepath.Base(p), string(change(b))))
		}
		*paths = fresh
	}
}

// pack packs every input; the name gets the ending, though it is the bytes that tell.
func pack(t *testing.T, c *pipeline.Config, ending string, packed func(*testing.T, []byte) []byte) {
	t.Helper()
	rewrite(t, c, func(b []byte) []byte { return packed(t, b) })
	for _, paths := range [][]string{c.Orders, c.CRM, c.Products} {
		for i, p := range paths {
			if err := os.Rename(p, p+ending); err != nil {
				t.Fatal(err)
			}
			paths[i] = p + ending
		}
	}
}

func gzipped(t *testing.T, b []byte) []byte {
	var out bytes.Buffer
	for half := range slices.Chunk(b, len(b)/2+1) { // two members: readers have to go on to the next
		z := gzip.NewWriter(&out)
		if _, err := z.Write(half); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func zstandard(t *testing.T, b []byte) []byte {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	return z.EncodeAll(b, nil)
}

// parquetCopy writes the same company as Parquet.
func parquetCopy(t *testing.T, c *pipeline.Config, o synth.Options) {
	t.Helper()
	e, err := synthesize(synth.Demo(), o)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c.Orders = []string{put(t, dir, "orders.parquet", string(e.orders))}
	c.CRM = []string{put(t, dir, "crm.parquet", string(e.crm))}
	c.Products = []string{put(t, dir, "products.parquet", string(e.products))}
}

// The same night into two directories is the same in every byte, manifest and CURRENT included.
func TestSameNightTwice(t *testing.T) {
	c := demo(t)
	first := runNight(t, c, 2)
	c.Out = filepath.Join(t.TempDir(), "elsewhere")
	second := runNight(t, c, 7)
	a, b := published(t, first.Dir), published(t, second.Dir)
	if names := slices.Sorted(maps.Keys(a)); !slices.Equal(names, slices.Sorted(maps.Keys(b))) || !slices.Contains(names, "manifest.json") {
		t.Fatalf("got files %v and %v", names, slices.Sorted(maps.Keys(b)))
	}
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs between two runs of the same night", name)
		}
	}
	x, err1 := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(first.Dir)), "CURRENT"))
	y, err2 := os.ReadFile(filepath.Join(c.Out, "CURRENT"))
	if err1 != nil || err2 != nil || !bytes.Equal(x, y) {
		t.Errorf("got CURRENT %q (%v) and %q (%v)", x, err1, y, err2)
	}
}
