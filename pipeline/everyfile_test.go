package pipeline_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// corpus says what must become of the files of the data sets whose path below VITALFEW_DATA matches.
type corpus struct {
	path    string // regular expression
	preset  string // for orders
	orders  string // the cause of the refusal as orders; "" where they read
	amount  string // header of the money that must come out, "" where none is stated
	convert string // the cause of the refusal by convert; "" where it converts
}

// corpora lists what is in the data sets; the first that matches counts. A summary is refused as orders
// because it lacks what an order line has, which is its true cause; as a table it converts.
func corpora() []corpus {
	const noLines = `orders: no column for (order_id|customer_id|ordered_at)`
	const json, crypt = `: JSON and no table`, `encrypted`
	const list, kind = `column "[^"]+": (in a list or map inside another|of type BYTE_ARRAY GEO)|lie in different lists`, `column "[^"]+": (compressed with codec|of unknown physical type)`
	const damaged = `parquet: row group 0.*: (page|chunk) .*(corrupt|ends before|lies outside|has \d+ left|more than the limit|are left of the chunk)|row group 0 counts 6 rows, footer 0|the first row begins with repetition level 1`
	return []corpus{
		{path: `^uci_online_retail/by-day/.*\.csv$`, preset: "uci"},
		{path: `^us_superstore_stacked/superstore\.csv$`, preset: "superstore", amount: "Sales"},
		{path: `^cdnow/CDNOW_sample\.txt$`, preset: "cdnow", amount: "#5"},
		{path: `^cdnow/.*\.csv$`, orders: noLines},
		{path: `^adventureworks_dw/Fact(Reseller|Internet)Sales\.parquet$`, preset: "adventureworks", amount: "SalesAmount"},
		{path: `^aw_pl300_flat/FactResellerSales\.csv$`, preset: "adventureworks", amount: "SalesAmount"},
		{path: `^(adventureworks_dw|aw_pl300_flat)/`, preset: "adventureworks", orders: noLines},
		{path: `/file_no_payload\.csv$`, orders: `: the file is empty; export it again`},
		{path: `\.json$`, orders: json, convert: json},
		{path: `\.encrypted$`, orders: crypt, convert: crypt},
		{path: `\.bin$`, orders: `: NUL bytes: a binary file`, convert: `: NUL bytes: a binary file`},
		{path: `\.(md|py|yaml)$`, orders: noLines},
		{path: `/csv/row_extra_quote0_col[07]\.csv$`, orders: `line 1: the header cannot be read: text follows a closing quote`},
		{path: `^(csv-spectrum/csvs|pollock)/.*\.csv$`, orders: noLines},
		{path: `^parquet-testing/bad_data/ARROW-GH-413`, orders: noLines, convert: list},
		{path: `^parquet-testing/bad_data/(ARROW-GH-4(5185|7662)|ARROW-RS-GH-6229-)`, orders: noLines + "|" + damaged, convert: damaged},
		{path: `^parquet-testing/bad_data/PARQUET-1481`, orders: noLines, convert: kind},
		{path: `^parquet-testing/bad_data/`, orders: noLines},
		{path: `(corrupt-checksum|repeated_no_annotation|dict-malformed|string_map\.brotli)[^/]*$`, orders: noLines + "|" + damaged, convert: damaged},
		{path: `/geospatial/.*\.parquet$|/(list_|map_|nested_(lists|maps)|old_list)[^/]*\.parquet$|(impala|repeated_primitive)[^/]*\.parquet$`, orders: noLines, convert: list},
		{path: `lz4_[^/]*\.parquet$`, orders: noLines, convert: kind},
		{path: `^parquet-testing/`, orders: noLines},
	}
}

// Every file of the data sets reads as orders and converts, or is refused by its true cause; none is passed
// over, and none of the expectations is idle. What comes of it is counted apart from the program: bytes by
// the file system, records and money from what convert wrote. Of the 305 daily files and the 253 polluted
// ones, which look alike, an eighth is read here, all by `make long`.
func TestEveryFile(t *testing.T) {
	t.Parallel()
	everyFile(t, 8)
}

func everyFile(t *testing.T, every int) {
	root, used := data(t), sync.Map{}
	var files []string
	alike, likeOthers := 0, regexp.MustCompile(`/(by-day|polluted_files/[a-z]+)/[^/]*\d`)
	if err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if likeOthers.MatchString(filepath.ToSlash(path)) {
			if alike++; alike%every != 0 && !strings.Contains(path, "extra_quote0_col0.csv") {
				return nil
			}
		}
		files = append(files, path)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	all := corpora()
	var wg sync.WaitGroup
	tasks := make(chan string)
	for range 2 {
		dir := t.TempDir()
		wg.Go(func() {
			for path := range tasks {
				name, _ := filepath.Rel(root, path) // below root
				i := slices.IndexFunc(all, func(c corpus) bool { return regexp.MustCompile(c.path).MatchString(filepath.ToSlash(name)) })
				if i < 0 {
					t.Errorf("%s: nothing is said about it", name)
					continue
				}
				used.Store(i, true)
				all[i].check(t, path, dir)
			}
		})
	}
	for _, path := range files {
		tasks <- path
	}
	close(tasks)
	wg.Wait()
	for i, c := range all {
		if _, ok := used.Load(i); !ok {
			t.Errorf("%s: matches no file", c.path)
		}
	}
	t.Logf("%d files", len(files))
}

// expected says that an error is there as wanted.
func expected(t *testing.T, what, path, want string, err error) bool {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%s %s: %v", what, path, err)
	case want != "" && (err == nil || !errors.Is(err, pipeline.ErrInput) || !regexp.MustCompile(want).MatchString(err.Error()) || !strings.Contains(err.Error(), path)):
		t.Errorf("%s %s: got %v, want %q", what, path, err, want)
	}
	return want == "" && err == nil
}

func (c corpus) check(t *testing.T, path, dir string) {
	cfg := pipeline.Config{Orders: []string{path}, Preset: c.preset, DryRun: true, Out: filepath.Join(dir, "out"), MaxRejects: pipeline.Tolerance{Set: true, Share: money.OneRate}}
	if p, err := layout.LoadPreset(c.preset); err == nil {
		cfg.Settings = p.Settings
	}
	out, err := pipeline.Run(context.Background(), "test", 1, cfg, pipeline.Events{})
	read := expected(t, "orders", path, c.orders, err)
	to := filepath.Join(dir, "out.csv")
	done, err := pipeline.Convert(context.Background(), path, pipeline.ConvertOptions{To: to})
	if !expected(t, "convert", path, c.convert, err) {
		return
	}
	rows := converted(t, done, path)
	if read && c.amount != "" {
		c.sameMoney(t, out, rows, path)
	}
}

// converted counts what convert wrote, by encoding/csv: the rows it says, and every byte in its class, those of
// the rejects by their places.
func converted(t *testing.T, c *pipeline.Conversion, path string) [][]string {
	t.Helper()
	rows := cleanRows(t, c.To)
	header := 0
	if c.Decision.Names != nil {
		header = 1
	}
	if len(rows)-header != int(c.Rows) && !strings.HasSuffix(path, ".parquet") || c.Rows+c.Rejected+c.Ignored != c.Records {
		t.Errorf("%s: %d rows and %d header rows are written, %d of %d records are rows", path, len(rows)-header, header, c.Rows, c.Records)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.Encoding == "utf-8" && c.Bytes != info.Size() {
		t.Errorf("%s: %d bytes converted, the file has %d", path, c.Bytes, info.Size())
	}
	if c.Rejects == "" {
		return rows
	}
	sum, end := int64(0), int64(0)
	for _, r := range cleanRows(t, c.Rejects)[1:] {
		at, err1 := strconv.ParseInt(r[1], 10, 64)
		size, err2 := strconv.ParseInt(r[2], 10, 64)
		if at < end || size <= 0 || at+size > c.Bytes || errors.Join(err1, err2) != nil {
			t.Errorf("%s: a reject of %d bytes at %d, after one that ends at %d", path, size, at, end)
		}
		sum, end = sum+size, at+size
	}
	if sum != c.RejectedBytes {
		t.Errorf("%s: the rejects hold %d bytes, said are %d", path, sum, c.RejectedBytes)
	}
	return rows
}

func cleanRows(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() // only read
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
	return rows
}

// sameMoney adds the column of amounts up exactly, and holds the books of the run against it.
func (c corpus) sameMoney(t *testing.T, out *pipeline.Outcome, rows [][]string, path string) {
	t.Helper()
	column := -1
	if _, err := fmt.Sscanf(c.amount, "#%d", &column); err == nil {
		column--
	} else {
		column, rows = slices.Index(rows[0], c.amount), rows[1:]
	}
	sum, lines := new(big.Rat), int64(0)
	for _, r := range rows {
		v, ok := new(big.Rat).SetString(strings.ReplaceAll(strings.TrimLeft(r[column], "$ "), ",", ""))
		if !ok {
			t.Errorf("%s: amount %q", path, r[column])
			return
		}
		// The books keep ten-thousandths: a line's amount is rounded half to even.
		scaled := new(big.Rat).Mul(v, big.NewRat(10_000, 1))
		f, _ := scaled.Float64()
		sum.Add(sum, new(big.Rat).SetFrac(big.NewInt(int64(math.RoundToEven(f))), big.NewInt(10_000)))
		lines++
	}
	books := out.Manifest.Reconciliation.Read
	got, ok := new(big.Rat).SetString(fmt.Sprint(books.Money))
	if !ok || got.Cmp(sum) != 0 || books.Lines != lines {
		t.Errorf("%s: read %d lines of %v, the file holds %d of %s", path, books.Lines, books.Money, lines, sum.FloatString(4))
	}
}
