// Command pollock scores `vitalfew convert` on the Pollock files of VITALFEW_DATA, as
// reference/robustness.md says:
//
//  1. Each polluted file is converted twice: with its dialect given, and sniffing alone.
//  2. What was written is compared with the expected table: ten measures a file.
//  3. Simple is their sum averaged over files, weighted that by how often the pollution is met in
//     the wild; wrong rows are rows written that are no expected row.
//  4. The real files of survey_sample are converted sniffing.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/delimited"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("pollock", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", os.Getenv("VITALFEW_DATA"), "folder that holds pollock/")
	worst := flags.Int("worst", 12, "files to list of each run")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *data == "" {
		fmt.Fprintln(stderr, "pollock: set VITALFEW_DATA to the folder that holds pollock/, or give -data")
		return 2
	}
	root := filepath.Join(*data, "pollock")
	weights := map[string]float64{}
	if err := readJSON(filepath.Join(root, "pollock_weights.json"), &weights); err != nil {
		fmt.Fprintln(stderr, "pollock:", err)
		return 3
	}
	for _, r := range []struct {
		name, folder string
		given        bool
	}{{"dialect given", "polluted_files", true}, {"sniffing", "polluted_files", false}, {"survey_sample, sniffing", "survey_sample", false}} {
		results, err := scoreAll(filepath.Join(root, r.folder), r.given)
		if err != nil {
			fmt.Fprintln(stderr, "pollock:", err)
			return 3
		}
		report(stdout, r.name, results, weights, *worst)
	}
	return 0
}

// result is one file.
type result struct {
	name       string
	measures   Measures
	wrong      int
	rows       int
	err        error
	rejections int64
	repairs    int64
}

func scoreAll(folder string, given bool) ([]result, error) {
	names, err := filepath.Glob(filepath.Join(folder, "csv", "*.csv"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no files in %s/csv: %w", folder, err)
	}
	dir, err := os.MkdirTemp("", "pollock")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) // of the system's
	var out []result
	for _, n := range names {
		out = append(out, scoreFile(folder, filepath.Base(n), filepath.Join(dir, "out.csv"), given))
	}
	return out, nil
}

func scoreFile(folder, name, to string, given bool) result {
	r := result{name: name}
	o := pipeline.ConvertOptions{To: to}
	if given {
		var p parameters
		if r.err = readJSON(filepath.Join(folder, "parameters", name+"_parameters.json"), &p); r.err != nil {
			return r
		}
		o = p.options(o)
	}
	clean, err := readClean(filepath.Join(folder, "clean", name))
	if err != nil {
		r.err = err
		return r
	}
	c, err := pipeline.Convert(context.Background(), filepath.Join(folder, "csv", name), o)
	if r.err = err; err != nil {
		return r
	}
	r.rejections, r.repairs = c.Rejected, c.Repaired
	loaded, err := readClean(to)
	if r.err = err; err != nil {
		return r
	}
	r.measures = score(clean, loaded)
	r.wrong, r.rows = wrong(clean, loaded)
	return r
}

// parameters are the benchmark's description of a file.
type parameters struct {
	Encoding  string   `json:"encoding"`
	Delimiter string   `json:"delimiter"`
	Quote     string   `json:"quotechar"`
	Escape    string   `json:"escapechar"`
	Header    any      `json:"header_lines"`
	Preamble  any      `json:"preamble_lines"`
	Names     []string `json:"column_names"`
	Width     int      `json:"n_columns"`
}

func (p parameters) options(o pipeline.ConvertOptions) pipeline.ConvertOptions {
	if p.Delimiter == "" {
		return o // an empty file
	}
	word := func(s string) string {
		if s == "" {
			return "none"
		}
		return strings.NewReplacer("\\", `\\`, "\x00", `\0`, "\t", `\t`).Replace(s)
	}
	o.Delimiter, o.Quote, o.Escape = word(p.Delimiter), word(p.Quote), word(p.Escape)
	o.Header, o.Preamble = fmt.Sprint(p.Header), fmt.Sprint(p.Preamble)
	o.Width, o.Columns = p.Width, p.Names
	return o
}

func readJSON(path string, to any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}

// readClean reads well-formed CSV with the fast reader, whose twin in its own tests is encoding/csv.
func readClean(path string) (rows [][]string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read
	r := delimited.NewReader(f, delimited.Syntax{})
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		if rec.Blank {
			continue
		}
		row := make([]string, len(rec.Fields))
		for i, f := range rec.Fields {
			row[i] = string(f)
		}
		rows = append(rows, row)
	}
}

// totals are the figures of a run over files.
type totals struct {
	simple, weighted, perMillion float64
	wrong, rows, failed          int
}

func sum(results []result, weights map[string]float64) (t totals) {
	weight := 0.0
	for _, r := range results {
		t.simple += r.measures.Sum() / float64(len(results))
		t.weighted += weights[r.name] * r.measures.Sum()
		weight += weights[r.name]
		t.wrong += r.wrong
		t.rows += r.rows
		if r.err != nil {
			t.failed++
		}
	}
	if weight > 0 {
		t.weighted /= weight
	}
	t.perMillion = 1e6 * float64(t.wrong) / float64(max(t.rows, 1))
	return t
}

func report(w io.Writer, name string, results []result, weights map[string]float64, worst int) {
	t := sum(results, weights)
	fmt.Fprintf(w, "\n%s: %d files, %d failed\n", name, len(results), t.failed)
	fmt.Fprintf(w, "  simple %.4f", t.simple)
	if t.weighted > 0 {
		fmt.Fprintf(w, "   weighted %.4f", t.weighted)
	}
	fmt.Fprintf(w, "   wrong rows %d of %d: %.0f per million\n", t.wrong, t.rows, t.perMillion)
	slices.SortStableFunc(results, func(a, b result) int { return cmp.Compare(a.measures.Sum(), b.measures.Sum()) })
	for _, r := range results[:min(worst, len(results))] {
		fmt.Fprintf(w, "    %7.4f  wrong %d rejected %d repaired %d  %s", r.measures.Sum(), r.wrong, r.rejections, r.repairs, r.name)
		if r.err != nil {
			fmt.Fprintf(w, "  %v", r.err)
		}
		fmt.Fprintln(w)
	}
}
