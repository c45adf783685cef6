package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
)

// result is a comparison as it is printed.
type result struct {
	Lines     int64    `json:"lines"`
	Customers int      `json:"customers"`
	Seed      uint64   `json:"seed"`
	Cores     int      `json:"cores"`
	Pinned    bool     `json:"pinned"` // by taskset; else the machine has no more cores
	DuckDB    string   `json:"duckdb"`
	Machine   string   `json:"machine"`
	Harness   int64    `json:"harness_peak_bytes"` // below which no peak can be measured
	Formats   []format `json:"formats"`
}

// format is the comparison on one file.
type format struct {
	Name    string   `json:"format"`
	Bytes   int64    `json:"bytes"`
	Figures []figure `json:"figures"`
	Ours    []cost   `json:"vitalfew_runs"`
	Peer    []cost   `json:"duckdb_runs"`
}

// median of each figure by itself: the middle value, or the mean of the middle two.
func median(runs []cost) cost {
	pick := func(value func(cost) float64) float64 {
		v := make([]float64, len(runs))
		for i, c := range runs {
			v[i] = value(c)
		}
		slices.Sort(v)
		n := len(v)
		return (v[(n-1)/2] + v[n/2]) / 2
	}
	return cost{
		Wall: pick(func(c cost) float64 { return c.Wall }),
		CPU:  pick(func(c cost) float64 { return c.CPU }),
		Peak: int64(pick(func(c cost) float64 { return float64(c.Peak) })),
	}
}

// write prints Markdown, and the same with every run as JSON.
func (r *result) write(w io.Writer) error {
	r.Harness = ownPeak()
	pinned := ""
	if r.Pinned {
		pinned = ", pinned"
	}
	b := &strings.Builder{}
	fmt.Fprintf(b, "%s order lines, %s customers, seed %d; %d cores%s of %s; DuckDB %s\n\n", group(r.Lines), group(int64(r.Customers)), r.Seed, r.Cores, pinned, r.Machine, r.DuckDB)
	fmt.Fprintln(b, "| input | side | wall s | processor s | peak MiB | DuckDB's time / ours |")
	fmt.Fprintln(b, "|---|---|--:|--:|--:|--:|")
	for _, f := range r.Formats {
		ours, peer := median(f.Ours), median(f.Peer)
		row := func(side string, c cost, ratio string) {
			fmt.Fprintf(b, "| %s, %d MiB | %s | %.2f | %.2f | %d | %s |\n", f.Name, f.Bytes>>20, side, c.Wall, c.CPU, c.Peak>>20, ratio)
		}
		row("vitalfew run", ours, fmt.Sprintf("%.2f", peer.Wall/ours.Wall))
		row("DuckDB SQL", peer, "1")
	}
	fmt.Fprintf(b, "\nMedians of %d; a ratio above 1 says that vitalfew was faster. The results were equal, customer by customer:\n\n", len(r.Formats[0].Ours))
	fmt.Fprintln(b, "| figure | DuckDB | vitalfew |\n|---|--:|--:|")
	for _, f := range r.Formats[0].Figures {
		fmt.Fprintf(b, "| %s | %s | %s |\n", f.Name, f.Peer, f.Ours)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\n```json\n%s\n```\n", text)
	_, err = io.WriteString(w, b.String())
	return err
}

// group writes a number with commas.
func group(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// machine names the processor as Linux knows it, else the platform.
func machine() string {
	f, err := os.Open("/proc/cpuinfo")
	if err == nil {
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return runtime.GOOS + "/" + runtime.GOARCH
}
