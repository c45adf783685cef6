package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
)

// stride takes every n-th of the row pollutions; 1 is all of them, minutes.
var stride = flag.Int("stride", 23, "take every n-th row pollution")

// pollution is one file made from the clean source, as the benchmark's families do it: the causes,
// not only its sample of files.
type pollution struct {
	name, text string
	clean      [][]string
	given      pipeline.ConvertOptions
	floor      float64 // of the score, in both modes
}

// source is the clean table with how each cell was written.
type source struct {
	rows   [][]string // raw cells, with their quotes
	values [][]string
}

func (s source) write(delim, end string, edit func(row int, cells []string) string) string {
	var b strings.Builder
	for i, r := range s.rows {
		line := strings.Join(r, delim)
		if edit != nil {
			line = edit(i, r)
		}
		b.WriteString(line + end)
	}
	return b.String()
}

func loadSource(t *testing.T) source {
	t.Helper()
	data := os.Getenv("VITALFEW_DATA")
	if data == "" {
		t.Skip("VITALFEW_DATA is not set: the Pollock files are not here")
	}
	raw, err := os.ReadFile(filepath.Join(data, "pollock", "polluted_files", "csv", "source.csv"))
	if err != nil {
		t.Fatal(err)
	}
	values, err := readClean(filepath.Join(data, "pollock", "polluted_files", "clean", "source.csv"))
	if err != nil {
		t.Fatal(err)
	}
	s := source{values: values}
	for line := range strings.Lines(string(raw)) {
		var cells []string
		quoted, from := false, 0
		line = strings.TrimRight(line, "\r\n")
		for i := range line {
			switch {
			case line[i] == '"':
				quoted = !quoted
			case line[i] == ',' && !quoted:
				cells, from = append(cells, line[from:i]), i+1
			}
		}
		s.rows = append(s.rows, append(cells, line[from:]))
	}
	return s
}

func (s source) pollutions() (out []pollution) {
	names := s.values[0]
	base := pipeline.ConvertOptions{Delimiter: ",", Quote: `"`, Escape: `"`, Header: "1", Preamble: "0", Width: len(names), Columns: names}
	add := func(name, text string, clean [][]string, floor float64, edit func(o *pipeline.ConvertOptions)) {
		o := base
		if edit != nil {
			edit(&o)
		}
		out = append(out, pollution{name, text, clean, o, floor})
	}
	plain := s.write(",", "\n", nil)
	for _, d := range []string{",", ";", "\t", "|", ", ", "\t\t"} {
		add("delimiter "+d, s.write(d, "\n", nil), s.values, 10, func(o *pipeline.ConvertOptions) { o.Delimiter = d })
	}
	for _, e := range []string{"\r\n", "\n", "\r"} {
		add(fmt.Sprintf("line end %q", e), s.write(",", e, nil), s.values, 10, nil)
	}
	add("escape backslash", strings.ReplaceAll(plain, `""`, `\"`), s.values, 10, func(o *pipeline.ConvertOptions) { o.Escape = `\\` })
	add("escape NUL", strings.ReplaceAll(plain, `""`, "\x00\""), s.values, 10, func(o *pipeline.ConvertOptions) { o.Escape = `\0` })
	add("no last line end", strings.TrimSuffix(plain, "\n"), s.values, 10, nil)
	add("two last line ends", plain+"\n", s.values, 10, nil)
	add("header only", s.write(",", "\n", nil)[:strings.IndexByte(plain, '\n')+1], s.values[:1], 10, nil)
	add("one row", strings.Join(strings.SplitAfter(plain, "\n")[:2], ""), s.values[:2], 10, nil)
	add("no header", plain[strings.IndexByte(plain, '\n')+1:], s.values[1:], 10, func(o *pipeline.ConvertOptions) { o.Header, o.Columns = "0", nil })
	for n := 1; n <= 3; n++ {
		add(fmt.Sprintf("preamble %d delimited", n), strings.Repeat("PREAMBLE,,,,,,,,\n", n)+",,,,,,,,\n"+plain, s.values, 10,
			func(o *pipeline.ConvertOptions) { o.Preamble = fmt.Sprint(n + 1) })
		add(fmt.Sprintf("preamble %d plain", n), strings.Repeat("PREAMBLE\n", n)+plain, s.values, 10,
			func(o *pipeline.ConvertOptions) { o.Preamble = fmt.Sprint(n) })
		if n > 1 {
			joined := make([]string, len(names))
			for i, c := range names {
				joined[i] = strings.TrimSpace(strings.Repeat(c+" ", n))
			}
			add(fmt.Sprintf("header of %d rows", n), strings.Repeat(strings.Join(names, ",")+"\n", n-1)+plain,
				append([][]string{joined}, s.values[1:]...), 10, func(o *pipeline.ConvertOptions) { o.Header, o.Columns = fmt.Sprint(n), joined })
		}
	}
	less := source{}
	more := source{}
	for i, r := range s.rows {
		extra := "Extra"
		if i > 0 {
			extra = fmt.Sprint(i)
		}
		less.rows, more.rows = append(less.rows, r[:8]), append(more.rows, append(append([]string(nil), r...), extra))
	}
	add("second table narrower", plain+less.write(",", "\n", nil), s.values, 10, nil)
	add("second table wider", plain+more.write(",", "\n", nil), s.values, 10, nil)
	add("second table alike", plain+plain, s.values, 10, nil)
	return append(out, s.rowPollutions(base)...)
}

func (s source) rowPollutions(base pipeline.ConvertOptions) (out []pollution) {
	n := 0
	take := func() bool { n++; return n%*stride == 0 }
	for row := range s.rows {
		for col := range 9 {
			edit := func(f func(cells []string) string) string {
				return s.write(",", "\n", func(i int, cells []string) string {
					if i != row {
						return strings.Join(cells, ",")
					}
					return f(append([]string(nil), cells...))
				})
			}
			if col > 0 && take() {
				out = append(out, pollution{fmt.Sprintf("less separators %d %d", row, col), edit(func(c []string) string {
					return strings.Join(c[:col], ",") + strings.Join(c[col:], ",")
				}), s.values, base, 9.3})
			}
			if take() {
				out = append(out, pollution{fmt.Sprintf("more separators %d %d", row, col), edit(func(c []string) string {
					return strings.Join(c[:col], ",") + map[bool]string{true: ",", false: ",,"}[col == 0] + strings.Join(c[col:], ",")
				}), s.values, base, 9.3})
			}
			if take() {
				clean := append([][]string(nil), s.values...)
				clean[row] = append([]string(nil), clean[row]...)
				clean[row][col] = `"` + clean[row][col]
				o := base
				o.Columns = clean[0]
				out = append(out, pollution{fmt.Sprintf("extra quote %d %d", row, col), edit(func(c []string) string {
					c[col] = `"` + c[col]
					return strings.Join(c, ",")
				}), clean, o, 9.3})
			}
			if col == 0 && take() {
				out = append(out, pollution{fmt.Sprintf("field delimiter %d", row), edit(func(c []string) string { return strings.Join(c, " ") }), s.values, base, 9.3})
			}
		}
	}
	return out
}

// TestFamilies makes the benchmark's pollutions from its clean source and holds both modes to them.
func TestFamilies(t *testing.T) {
	s := loadSource(t)
	dir := t.TempDir()
	var all [2][]result
	for i, p := range s.pollutions() {
		in, to := filepath.Join(dir, fmt.Sprintf("%d.csv", i)), filepath.Join(dir, "out.csv")
		if err := os.WriteFile(in, []byte(p.text), 0o600); err != nil {
			t.Fatal(err)
		}
		for mode, o := range []pipeline.ConvertOptions{p.given, {}} {
			o.To = to
			if _, err := pipeline.Convert(context.Background(), in, o); err != nil {
				t.Errorf("%s, mode %d: %v", p.name, mode, err)
				continue
			}
			loaded, err := readClean(to)
			if err != nil {
				t.Fatal(err)
			}
			r := result{name: p.name, measures: score(p.clean, loaded)}
			r.wrong, r.rows = wrong(p.clean, loaded)
			all[mode] = append(all[mode], r)
			if got := r.measures.Sum(); got < p.floor-1e-9 || r.wrong > 0 {
				t.Errorf("%s, mode %d: got %.4f and %d wrong rows, want %.4f and 0", p.name, mode, got, r.wrong, p.floor)
			}
		}
	}
	for mode, rs := range all {
		got := sum(rs, nil)
		t.Logf("mode %d: %d files, simple %.4f, wrong %.0f per million", mode, len(rs), got.simple, got.perMillion)
		if got.simple < 9.98 {
			t.Errorf("mode %d: got %.4f, want at least 9.98", mode, got.simple)
		}
	}
}
