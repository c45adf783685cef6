package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Measures are the ten numbers of a file, each 0..1: success, then precision, recall and F1 of the
// header's cells, the records and all cells.
type Measures [10]float64

// Sum is the file's score, 0..10.
func (m Measures) Sum() (s float64) {
	for _, v := range m {
		s += v
	}
	return s
}

// score compares what was loaded with what is expected, as reference/robustness.md says.
func score(clean, loaded [][]string) Measures {
	if len(clean) == 0 {
		return Measures{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
	}
	m := Measures{1}
	put := func(at int, want, got map[string]int) {
		m[at], m[at+1], m[at+2] = overlap(want, got)
	}
	put(1, cells(clean[:1]), cells(first(loaded)))
	put(4, records(clean[1:]), records(rest(loaded)))
	put(7, cells(clean), cells(loaded))
	return m
}

func first(rows [][]string) [][]string { return rows[:min(1, len(rows))] }
func rest(rows [][]string) [][]string  { return rows[min(1, len(rows)):] }

// overlap is precision, recall and F1 of two multisets; precision is by what is expected, as the
// benchmark has it.
func overlap(clean, loaded map[string]int) (p, r, f float64) {
	i, nc, nl := 0, 0, 0
	for k, n := range clean {
		i += min(n, loaded[k])
		nc += n
	}
	for _, n := range loaded {
		nl += n
	}
	switch {
	case nc == 0:
		return 1, 1, 1
	case i == 0:
		return 0, 0, 0
	}
	p, r = float64(i)/float64(nc), float64(i)/float64(nl)
	return p, r, 2 * p * r / (p + r)
}

func cells(rows [][]string) map[string]int {
	m := map[string]int{}
	for _, r := range rows {
		for _, c := range r {
			m[normal(c)]++
		}
	}
	return m
}

func records(rows [][]string) map[string]int {
	m := map[string]int{}
	for _, r := range rows {
		var b strings.Builder
		for _, c := range r {
			b.WriteString(normal(c))
		}
		m[b.String()]++
	}
	return m
}

// wrong counts loaded rows that are no expected row, cell by cell; of the rest at most as many as
// expected.
func wrong(clean, loaded [][]string) (bad, rows int) {
	key := func(r []string) string {
		c := make([]string, len(r))
		for i := range r {
			c[i] = normal(r[i])
		}
		return strings.Join(c, "\x00")
	}
	want := map[string]int{}
	for _, r := range rest(clean) {
		want[key(r)]++
	}
	for _, r := range rest(loaded) {
		k := key(r)
		if want[k]--; want[k] < 0 {
			bad++
		}
	}
	return bad, len(rest(loaded))
}

// normal is a cell's canonical text: booleans 1 and 0, numbers, times, dates, prices; else lower case.
func normal(c string) string {
	t := strings.TrimSpace(c)
	switch t {
	case "":
		return ""
	case "true", "True", "TRUE":
		return "1"
	case "false", "False", "FALSE":
		return "0"
	}
	if n, err := strconv.ParseInt(t, 10, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	if f, err := strconv.ParseFloat(t, 64); err == nil && !math.IsInf(f, 0) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	for _, layout := range []string{"15:04", "15:04:05", "3:04 PM", "3:04PM"} {
		if at, err := time.Parse(layout, t); err == nil {
			return at.Format("15:04:05")
		}
	}
	for _, layout := range []string{"2006-01-02", "1/2/2006", "2/1/2006", "2006/01/02", "02-Jan-06", "2006-01-02 15:04:05", "1/2/2006 15:04", "2/1/2006 15:04"} {
		if at, err := time.Parse(layout, t); err == nil {
			return at.Format("2006-01-02 15:04:05")
		}
	}
	for _, sign := range []string{"$", "£", "€", "¥"} {
		if rest, ok := strings.CutPrefix(t, sign); ok {
			if f, err := strconv.ParseFloat(strings.ReplaceAll(rest, ",", ""), 64); err == nil {
				return fmt.Sprintf("%s%v", sign, f)
			}
		}
	}
	return strings.ToLower(c)
}
