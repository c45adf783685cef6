package charset

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// realFiles calls check with every text file below a folder of VITALFEW_DATA, and wants at least one.
func realFiles(t *testing.T, folder string, check func(name string, file []byte)) {
	t.Helper()
	root := os.Getenv("VITALFEW_DATA")
	if root == "" {
		t.Skip("VITALFEW_DATA is not set: no real files to read")
	}
	n := 0
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".csv") && !strings.HasSuffix(path, ".txt") {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil {
			n++
			check(d.Name(), b)
		}
		return err
	})
	if err != nil || n == 0 {
		t.Fatalf("got %d files, %v", n, err)
	}
}

// TestSurveySample is the golden table of Pollock's real files. All of them are UTF-8 as they are
// stored: those listed hold pounds, no-break spaces or apostrophes, the others only ASCII.
func TestSurveySample(t *testing.T) {
	type golden struct {
		charset Charset
		first   int64 // offset of the first byte beyond ASCII, -1: none
	}
	none := golden{UTF8, -1}
	want := map[string]golden{
		"1% SiO2_003.csv":                              none,
		"1% nano+20% micro.csv":                        none,
		"10.January_2019.csv":                          none,
		"Batch_3250493_batch_results.csv":              none,
		"Camp Palacios - Wind Direction.csv":           none,
		"Consular_cases_April_2016.csv":                none,
		"Copy_of_2016-17_Q3_Final_V2.csv":              {UTF8, 235},
		"Feb-2016.csv":                                 none,
		"NBA_scores_out.csv":                           none,
		"OccurrenceData351.csv":                        none,
		"ResultsOR30x250-0.75_4.datInfos.csv":          none,
		"W32.csv":                                      none,
		"air_quality_station3_2006.csv":                none,
		"business_expenses_apr_jun_14_peter_lewis.csv": {UTF8, 180},
		"extended.csv":                                 none,
		"hist_2000_15O.csv":                            none,
		"ministry-of-defence__30-09-2012__mod_300912-Air-Govt-data-template-u-senior.csv": {UTF8, 212},
		"moj-aramis-data-march-11.csv":    {UTF8, 162},
		"mos-oct-dec-2014.csv":            {UTF8, 2078},
		"planning-application-aug-17.csv": none,
		"prison-and-probation-ombudsman__30-09-2014__justice_PPO-September-Return-senior.csv": {UTF8, 212},
		"tetranatrolite.csv":                              none,
		"vissim_data_conf2473_i7_v1987.csv":               none,
		"workforce-management-information-dft_201706.csv": {UTF8, 1681},
	}
	seen := 0
	realFiles(t, "pollock/survey_sample/csv", func(name string, file []byte) {
		seen++
		d := Decide(file, true)
		g, ok := want[name]
		if !ok || d.Charset != g.charset || d.Offset != g.first || d.Confidence != Certain {
			t.Errorf("%q: got %s, %s, first byte beyond ASCII at %d (%s), want %+v, certain", name, d.Charset, d.Confidence, d.Offset, d.Evidence, g)
		}
	})
	if seen != len(want) {
		t.Errorf("got %d files, want the %d of the table", seen, len(want))
	}
}

// TestRealFiles: everything else is UTF-8 or ASCII, and comes out byte for byte.
func TestRealFiles(t *testing.T) {
	for _, folder := range []string{"us_superstore_stacked", "uci_online_retail", "csv-spectrum", "aw_pl300_flat", "cdnow", "pollock"} {
		realFiles(t, folder, func(name string, file []byte) {
			got, r, err := readAll(bytes.NewReader(file), Options{}, 1<<20)
			if err != nil || r.Decision().Charset != UTF8 || r.Decision().Confidence != Certain || got != string(file) {
				t.Errorf("%s: got %s, %s, %d bytes of %d, %v; want utf-8 unchanged", name, r.Decision().Charset, r.Decision().Evidence, len(got), len(file), err)
			}
		})
	}
}

// TestSuperstore: the no-break spaces of its names are UTF-8, and fold in numbers.
func TestSuperstore(t *testing.T) {
	realFiles(t, "us_superstore_stacked", func(name string, file []byte) {
		n := bytes.Count(file, []byte("\u00a0"))
		if d := Decide(file, true); n == 0 || d.Charset != UTF8 {
			t.Fatalf("%s: got %s and %d no-break spaces, want utf-8 with some", name, d.Charset, n)
		}
		if left := bytes.Count(FoldCell(nil, file), []byte("\u00a0")); left != 0 {
			t.Errorf("%s: got %d no-break spaces after folding, want none", name, left)
		}
	})
}

// TestRealRecoded writes the real files that hold more than ASCII in the charsets that their makers
// would have used, and wants them back.
func TestRealRecoded(t *testing.T) {
	for _, folder := range []string{"us_superstore_stacked", "pollock/survey_sample/csv", "csv-spectrum"} {
		realFiles(t, folder, func(name string, file []byte) {
			if asciiLen(file) == len(file) {
				return
			}
			text := strings.TrimPrefix(string(file), "\ufeff")
			recode(t, name, UTF16LE, "\ufeff"+text, text)
			recode(t, name, UTF16LE, text, text)
			recode(t, name, UTF16BE, text, text)
			if _, err := Windows1252.table().NewEncoder().String(text); err == nil && !strings.ContainsRune(text, 0x9c) {
				recode(t, name, Windows1252, text, text)
			}
		})
	}
}

func recode(t *testing.T, name string, c Charset, written, want string) {
	t.Helper()
	file := encode(t, c, written)
	got, r, err := readAll(bytes.NewReader(file), Options{}, 4096)
	if err != nil || got != want || r.Decision().Charset != c || r.Stats().Damaged != 0 {
		t.Errorf("%s in %s: got %s, %d bytes, want %d; %v", name, c, r.Decision().Charset, len(got), len(want), err)
	}
}
