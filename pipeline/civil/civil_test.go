package civil_test

import (
	"testing"
	"time"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"pgregory.net/rapid"
)

// The standard library's calendar is the independent source for every day of the range.
func TestDaysAgreeWithTime(t *testing.T) {
	for d := civil.Min; d <= civil.Max; d += 7 {
		want := time.Unix(int64(d)*86400, 0).UTC()
		y, m, n := d.Date()
		if y != want.Year() || m != int(want.Month()) || n != want.Day() {
			t.Fatalf("day %d: got %d-%d-%d, want %s", d, y, m, n, want.Format(time.DateOnly))
		}
		if got := d.String(); got != want.Format(time.DateOnly) {
			t.Fatalf("day %d: got %s, want %s", d, got, want.Format(time.DateOnly))
		}
		if got, ok := civil.Of(y, m, n); !ok || got != d {
			t.Fatalf("Of(%d, %d, %d) = %d, %v, want %d", y, m, n, got, ok, d)
		}
	}
}

func TestParseRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Day(rapid.Int32Range(int32(civil.Min), int32(civil.Max)).Draw(t, "d"))
		got, err := civil.Parse(d.String())
		if err != nil || got != d {
			t.Fatalf("Parse(%q) = %v, %v", d.String(), got, err)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "2024-02-30", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10",
		"0000-01-01", "2024/01/01", "2024-1-1", "24-01-01", "2024-01-01 ", "２０２４-01-01", "+024-01-01"} {
		if d, err := civil.Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", s, d)
		}
	}
	if d, err := civil.Parse("2000-02-29"); err != nil || d.String() != "2000-02-29" {
		t.Errorf("2000-02-29: %v, %v", d, err)
	}
}

func TestEdges(t *testing.T) {
	if civil.Min.String() != "0001-01-01" || civil.Max.String() != "9999-12-31" || civil.Unknown.String() != "" {
		t.Errorf("got %q, %q, %q", civil.Min, civil.Max, civil.Unknown)
	}
	r := civil.Range{From: 10, To: 12}
	if r.Contains(9) || !r.Contains(10) || !r.Contains(11) || r.Contains(12) {
		t.Error("a range is half-open: [From, To)")
	}
	d, _ := civil.Of(2024, 4, 1)
	if d.Quarter() != (d-1).Quarter()+1 {
		t.Error("2024-04-01 starts a quarter")
	}
}
