package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each kind of fault of a backtest has its exit code and says what to do.
func TestBacktestFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		orders string
		args   []string
		code   int
		want   string
	}{
		{"no orders named", "", []string{}, exitUsage, `no orders: give --orders PATH`},
		{"a wrong day", tiny, []string{"--orders", "orders.csv", "--as-of", "2024-13-01"}, exitUsage, `--as-of "2024-13-01": write a day as YYYY-MM-DD`},
		{"periods of nothing", tiny, []string{"--orders", "orders.csv", "--periods", "0"}, exitUsage, `--periods 0: give 1 to 100`},
		{"an argument", tiny, []string{"orders.csv"}, exitUsage, `takes no argument "orders.csv"`},
		{"no file", "", []string{"--orders", "gone.csv"}, exitInput, `gone\.csv: no such file`},
		{"too short", tiny, []string{"--orders", "orders.csv"}, exitInput, `the data do not suffice for this backtest: 1 period of 90 days, after a past as long, needs 180 days; the data hold`},
		{"an as-of day before all orders", tiny, []string{"--orders", "orders.csv", "--as-of", "2001-01-01"}, exitInput, `nothing was known on 2001-01-01, the first order is of`},
		{"rejects", strings.Replace(twoYears(), "2023-01-01", "someday", 1), []string{"--orders", "orders.csv"}, exitRejects, `1 of .* order lines were rejected`},
		{"nowhere to write", twoYears(), []string{"--orders", "orders.csv", "--periods", "1", "--out", "no/such/dir.json"}, exitIO, `no/such`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if c.orders != "" {
				put(t, ".", "orders.csv", c.orders)
			}
			s := call(append([]string{"backtest"}, c.args...)...)
			if s.code != c.code || !regexp.MustCompile(c.want).MatchString(s.err) || s.out != "" {
				t.Errorf("got exit code %d, %q, %q; want %d, %q", s.code, s.out, s.err, c.code, c.want)
			}
		})
	}
}

// The command on real trade, files as they come: the ends meet.
func TestBacktestOfRealData(t *testing.T) {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is unset: point it at the reference data to run this test")
	}
	t.Chdir(t.TempDir())
	s := call("backtest", "--preset", "cdnow", "--orders", filepath.Join(dir, "cdnow", "CDNOW_sample.txt"), "--as-of", "1997-10-01", "--horizon", "273").ok(t)
	// Eight customers of 2,357 had orders of nothing only.
	for _, want := range []string{"2,349 customers, 684 bought again", `recency +0\.7708`, `Purchase days`, `churn model beats .*frequency, past spend`} {
		if !regexp.MustCompile(want).MatchString(s.out) {
			t.Errorf("CDNOW: got %s, want %q in it", s.out, want)
		}
	}
	s = call("backtest", "--preset", "uci", "--orders", filepath.Join(dir, "uci_online_retail", "by-day")).ok(t)
	for _, want := range []string{"As of 2011-03-15, until 2011-06-12", "As of 2011-09-11, until 2011-12-09", "gross profit is not judged", "churn model against recency by AUC: better on 3 of 3 days"} {
		if !strings.Contains(s.out, want) {
			t.Errorf("UCI: got %s, want %q in it", s.out, want)
		}
	}
}
