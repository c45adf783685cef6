package ingest

import (
	"testing"
	"time"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"pgregory.net/rapid"
)

func TestParseDay(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	for _, c := range []struct {
		text string
		zone *time.Location
		want string // empty: refused
	}{
		{"2024-01-05", nil, "2024-01-05"}, {"2024/1/5", nil, "2024-01-05"}, {"2024.01.5", nil, "2024-01-05"},
		{"20240105", nil, "2024-01-05"}, {"2024年1月5日", nil, "2024-01-05"}, {"2010-12-01 08:26:00", nil, "2010-12-01"},
		{"2024-01-05T23:59:59.999999", nil, "2024-01-05"}, {"2024-01-05 8:26", nil, "2024-01-05"},
		{"20240105 08:00", nil, "2024-01-05"}, {"2024年12月31日 23:00", nil, "2024-12-31"},
		{"2026-05-14 11:23:45 +0100", nil, "2026-05-14"}, {"2024-01-05T23:30:00Z", shanghai, "2024-01-06"},
		{"2024-01-05T23:30:00+08:00", shanghai, "2024-01-05"}, {"2024-01-05T01:30:00+09", shanghai, "2024-01-05"},
		{"2024-01-05T00:30:00+09:00", shanghai, "2024-01-04"}, {"2024-01-05 23:30:00", shanghai, "2024-01-05"},
		{"1969-12-31T23:00:00-05:00", time.UTC, "1970-01-01"}, {"2024-01-05 24:00", nil, "2024-01-05"},
		{"", nil, ""}, {"05/01/2024", nil, ""}, {"2024-13-01", nil, ""}, {"2024-02-30", nil, ""}, {"2024-1", nil, ""},
		{"2024-01-05x", nil, ""}, {"2024-01/05", nil, ""}, {"2024-01-05 25:00", nil, ""}, {"2024-01-05 10:00 CET", nil, ""},
		{"202401055", nil, ""}, {"2024年1月5", nil, ""}, {"0000-00-00", nil, ""}, {"2024-01-05 1000", nil, ""}, {"2024-001-05", nil, ""},
	} {
		d, ok := parseDay([]byte(c.text), c.zone)
		if got := d.String(); ok != (c.want != "") || (ok && got != c.want) {
			t.Errorf("%q: got %q, %v, want %q", c.text, got, ok, c.want)
		}
	}
}

// The standard library is the twin for instants in a zone with daylight saving.
func TestInstantsAgreeWithTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no time zone database: %v", err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(t, "unix"), 0)
		written := at.In(time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "offset"))).Format(time.RFC3339)
		got, ok := parseDay([]byte(written), berlin)
		if want := at.In(berlin).Format(time.DateOnly); !ok || got.String() != want {
			t.Fatalf("%s: got %s, %v, want %s", written, got, ok, want)
		}
	})
}

func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"2024-01-05", "20240105", "2024年1月5日", "2024-01-05T10:00:00.5+01:00", "2024-01-05 24:00Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := parseDay([]byte(s), time.UTC)
		if ok && (d < civil.Min-2 || d > civil.Max+2) {
			t.Fatalf("%q gave day %d", s, d)
		}
	})
}
