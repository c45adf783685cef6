package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vitalfew/vitalfew/pipeline"
)

// ordersOn is an export with an order on each of the days, as they are written.
func ordersOn(days ...string) string {
	var b strings.Builder
	b.WriteString("order_id;customer_id;ordered_at;amount\n")
	for i, d := range days {
		fmt.Fprintf(&b, "%d;C%02d;\"%s\";10\n", i+1, i, d)
	}
	return b.String()
}

// A night reads the days of any column that shows how it writes them.
func TestNightReadsDays(t *testing.T) {
	for _, c := range []struct{ name, days, want, yaml string }{
		{"iso", "2024-02-13|2024-03-01", "2024-02-13|2024-03-01", ""},
		{"day first", "13/02/2024|01/03/2024", "2024-02-13|2024-03-01", ""},
		{"month first", "02/13/2024|03/01/2024", "2024-02-13|2024-03-01", ""},
		{"two-digit years by the days", "13/02/24|28/02/24|01/03/24", "2024-02-13|2024-02-28|2024-03-01", ""},
		{"two-digit years, month first", "02/13/24|03/01/24", "2024-02-13|2024-03-01", ""},
		{"two-digit years first", "99-12-31|24-01-05", "1999-12-31|2024-01-05", ""},
		{"another pivot", "02/13/24|03/01/68", "1924-02-13|1968-03-01", "first_year: 1900\n"},
		{"sorted under one order", "01/02/2026|03/02/2026|08/02/2026|09/02/2026|02/03/2026|07/03/2026|11/03/2026|01/04/2026|06/04/2026", "2026-02-01", ""},
		{"seconds", "1707825600|1709251200", "2024-02-13|2024-03-01", "time_zone: UTC\n"},
		{"milliseconds", "1707825600123|1709251200999", "2024-02-13|2024-03-01", "time_zone: UTC\n"},
		{"seconds at home", "1711839600|1729983600", "2024-03-31|2024-10-27", "time_zone: Europe/Berlin\n"}, // 23:00 UTC, before and after DST
		{"serials", "45335|45352.75", "2024-02-13|2024-03-01", ""},
		{"serials of 1904", "43873|43890", "2024-02-13|2024-03-01", "dates: excel1904\n"},
		{"Chinese", "2024年2月13日|2024年3月1日", "2024-02-13|2024-03-01", ""},
		{"English", "13 Feb 2024|March 1, 2024", "2024-02-13|2024-03-01", ""},
		{"German", "13. Februar 2024|1. März 2024", "2024-02-13|2024-03-01", ""},
		{"French", "13 février 2024|1er août 2024", "2024-02-13|2024-08-01", ""},
		{"Spanish", "13 de febrero de 2024|1 de agosto de 2024", "2024-02-13|2024-08-01", ""},
		{"Italian", "13 febbraio 2024|1 luglio 2024", "2024-02-13|2024-07-01", ""},
		{"Dutch", "13 mrt 2024|1 mei 2024", "2024-03-13|2024-05-01", ""},
		{"Portuguese", "13 de fevereiro de 2024|1 de dezembro de 2024", "2024-02-13|2024-12-01", ""},
		{"offsets as written", "2024-02-13T23:30:00+01:00|2024-03-01T00:30:00+01:00", "2024-02-13|2024-03-01", ""},
		{"offsets at home", "2024-03-31T00:30:00+01:00|2024-10-27T23:30:00Z", "2024-03-31|2024-10-28", "time_zone: Europe/Berlin\n"},
		{"a shop's offsets over DST", "2026-03-29 00:23:45 +0000|2026-03-29 23:23:45 +0100", "2026-03-29|2026-03-29", "time_zone: Europe/London\n"},
		{"half days", "02/13/2024 11:59 PM|03/01/2024 12:00 AM", "2024-02-13|2024-03-01", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			in := put(t, dir, "o.csv", ordersOn(strings.Split(c.days, "|")...))
			cfg := configured(t, "settings: {}\n"+c.yaml, pipeline.Config{Orders: []string{in}, Out: filepath.Join(dir, "out")})
			var err error
			if cfg.TimeZone != "" {
				cfg.Zone, err = time.LoadLocation(cfg.TimeZone)
			}
			if err != nil {
				t.Fatal(err)
			}
			out := runNight(t, cfg, 1)
			l := out.Figures.Ledger
			if len(out.Rejects) > 0 {
				t.Errorf("got rejects %v", out.Rejects)
			}
			for i, want := range strings.Split(c.want, "|") {
				if lo, _ := l.Range(i); l.Rows().Day[lo].String() != want {
					t.Errorf("got %s, want %s", l.Rows().Day[lo], want)
				}
			}
			format := out.Manifest.Understood[0].Formats["ordered_at"]
			if two := strings.Contains(c.name, "two-digit"); two && !strings.Contains(format, "1970 to 2069 (first_year)") {
				t.Errorf("got format %q, want the years that two digits mean", format)
			}
		})
	}
}

// Where several orders fit all days, nothing is guessed: the error names each reading and its setting, and
// any of the settings settles it.
func TestNightRefusesOpenDays(t *testing.T) {
	for _, c := range []struct{ name, days, want string }{
		{"day or month", "01/02/2024|03/04/2024", "dates: dmy|dates: mdy"},
		{"day, month or year", "01/02/03|02/03/04", "dates: dmy|dates: mdy|dates: ymd"},
		{"day or year", "24-01-05|24-02-06", "dates: dmy|dates: ymd"},
	} {
		dir := t.TempDir()
		cfg := pipeline.Config{Orders: []string{put(t, dir, "o.csv", ordersOn(strings.Split(c.days, "|")...))}, Out: filepath.Join(dir, "out")}
		_, err := pipeline.Run(context.Background(), "test", 1, cfg, pipeline.Events{})
		if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), `o.csv: column "ordered_at"`) {
			t.Fatalf("%s: got %v, want a refusal that names the column", c.name, err)
		}
		for _, setting := range strings.Split(c.want, "|") {
			if !strings.Contains(err.Error(), setting) {
				t.Errorf("%s: got %v, want %q", c.name, err, setting)
			}
			runNight(t, configured(t, setting+"\n", cfg), 1)
		}
	}
}
