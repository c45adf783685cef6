package calendar_test

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"pgregory.net/rapid"
)

// days draws a day of the years that exports have.
func days(t *rapid.T) time.Time {
	return time.Unix(rapid.Int64Range(-5000, 36000).Draw(t, "day")*86400, 0).UTC()
}

// A column written by the standard library in a layout is decided and read back, or undecided with
// the written day among the readings of its candidates.
func TestWrittenColumnsReadBack(t *testing.T) {
	layouts := []string{"2006-01-02", "2006/1/2", "20060102", "2006年1月2日", "2006-01-02 15:04:05", time.RFC3339, "20060102150405",
		"02/01/2006", "01/02/2006", "1/2/2006", "2.1.2006", "02-01-2006", "1/2/2006, 3:04 PM", "02/01/2006 15:04:05.000", "01/02/2006 03:04:05 pm -0700",
		"02/01/06", "01/02/06", "06-01-02", "2-Jan-2006", "02 January 2006", "Jan 2, 2006", "Monday, January 2, 2006", "02-Jan-06", time.RFC1123, time.RFC1123Z}
	rapid.Check(t, func(t *rapid.T) {
		layout := rapid.SampledFrom(layouts).Draw(t, "layout")
		n := rapid.IntRange(1, 8).Draw(t, "cells")
		want, cells := make([]string, n), make([]string, n)
		for i := range cells {
			at := days(t)
			if !strings.Contains(layout, "2006") { // two digits reach from 1970 to 2069
				at = time.Unix(rapid.Int64Range(0, 36000).Draw(t, "late")*86400, 0).UTC()
			}
			at = at.Add(time.Duration(rapid.Int64Range(0, 86399).Draw(t, "second")) * time.Second)
			cells[i], want[i] = at.Format(layout), at.Format(time.DateOnly)
			if want[i] == "1970-01-01" && layout[:min(8, len(layout))] == "20060102" {
				continue
			}
		}
		d, err := evidence(cells...).Decide(calendar.Setting{})
		formats := []calendar.Format{d.Format}
		var u *calendar.Undecided
		if errors.As(err, &u) {
			formats = nil
			for _, c := range u.Candidates {
				formats = append(formats, c.Format)
			}
		} else if err != nil {
			t.Fatalf("%q: %v", cells, err)
		}
		for _, f := range formats {
			right := 0
			for i, c := range cells {
				if show(f, c, time.UTC) == want[i] {
					right++
				}
			}
			if right == n {
				return
			}
		}
		t.Fatalf("%q: %v do not read %q", cells, formats, want)
	})
}

// naive is the twin for three numbers: a regular expression and the standard library's calendar.
func naive(f calendar.Format, cell string) string {
	s := f.String()
	m := regexp.MustCompile(`^(\d{1,2})([/.-]) ?(\d{1,2})([/.-]) ?(\d{2}|\d{4})$`).FindStringSubmatch(cell)
	if m == nil || m[2] != m[4] || m[2] != "." && strings.Contains(cell, " ") {
		return "refused"
	}
	at := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
	if strings.Trim(cell, "0/.-") == "" || m[5] == "1900" && at(1)+at(3) == 1 || m[5] == "0001" && at(1) == 1 && at(3) == 1 {
		return "none" // dates of zeros, a spreadsheet's zero and the first day of all, whatever the format
	}
	if len(s) > 3 && (!strings.Contains(s, m[2]) || strings.Contains(s, "yyyy") != (len(m[5]) == 4)) {
		return "refused"
	}
	day, month, year, short := at(1), at(3), at(5), len(m[5]) == 2
	switch s[0] {
	case 'm':
		day, month = month, day
	case 'y':
		if !short || len(m[1]) != 2 {
			return "refused"
		}
		day, year = year, day
	}
	if short {
		if year += 1900; year < 1970 {
			year += 100
		}
	}
	if year == 1 && month == 1 && day == 1 || year == 1899 && month == 12 && day == 30 {
		return "none"
	}
	d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 1 || d.Day() != day || int(d.Month()) != month {
		return "refused"
	}
	return d.Format(time.DateOnly)
}

var orders = []string{"dmy", "mdy", "ymd", "dd/mm/yyyy", "mm/dd/yyyy", "dd.mm.yyyy", "mm-dd-yyyy", "dd/mm/yy", "mm/dd/yy", "yy-mm-dd", "dd.mm.yy"}

func TestParseAgreesWithTheTwin(t *testing.T) {
	cell := rapid.StringMatching(`[0-3]?[0-9][/.-]([0-3]?[0-9]|1[0-2]|0[1-9])[/.-]((19|20)[0-9]{2}|[0-9]{1,5}|0000|1900|1899|0001)`)
	rapid.Check(t, func(t *rapid.T) {
		f, s := format(rapid.SampledFrom(orders).Draw(t, "format")), cell.Draw(t, "cell")
		if got, want := show(f, s, nil), naive(f, s); got != want {
			t.Fatalf("%s, %q: got %s, want %s", f, s, got, want)
		}
	})
}

// Where two orders read every cell of a column, it is undecided; where one does, it is decided so.
func TestTwoReadingsAreUndecided(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mark := rapid.SampledFrom([]string{"/", "-", "."}).Draw(t, "mark")
		years := rapid.SampledFrom([]string{"20%02d", "%02d"}).Draw(t, "years")
		n := rapid.IntRange(1, 5).Draw(t, "cells")
		cells := make([]string, n)
		for i := range cells {
			cells[i] = fmt.Sprintf("%02d%s%02d%s"+years, rapid.IntRange(1, 31).Draw(t, "a"), mark, rapid.IntRange(1, 12).Draw(t, "b"), mark, rapid.IntRange(1, 60).Draw(t, "c"))
			if rapid.IntRange(0, 3).Draw(t, "month first") == 0 {
				cells[i] = cells[i][3:6] + cells[i][:3] + cells[i][6:]
			}
		}
		var fits []string
		for _, c := range cells {
			if show(format("dmy"), c, nil) == "refused" && show(format("mdy"), c, nil) == "refused" {
				return // 29 February of a common year is a bad cell and no evidence
			}
		}
		for _, o := range []string{"dmy", "mdy", "ymd"} {
			all := true
			for _, c := range cells {
				all = all && show(format(o), c, nil) != "refused"
			}
			if all {
				fits = append(fits, o)
			}
		}
		d, err := evidence(cells...).Decide(calendar.Setting{})
		var u *calendar.Undecided
		var x *calendar.Conflict
		switch {
		case len(fits) > 1 && !errors.As(err, &u), len(fits) == 1 && err != nil:
			t.Fatalf("%q fits %v: got %s, %v", cells, fits, d.Format, err)
		case len(fits) == 0 && err == nil && d.Strays+d.Bad == 0, len(fits) == 0 && err != nil && !errors.As(err, &x):
			t.Fatalf("%q fits no order: got %+v, %v", cells, d, err)
		case len(fits) == 1:
			for _, c := range cells {
				if got, want := show(d.Format, c, nil), show(format(fits[0]), c, nil); got != want {
					t.Fatalf("%q fits %v: got %s, which reads %s as %s, want %s", cells, fits, d.Format, c, got, want)
				}
			}
		}
	})
}

// The standard library is the twin for instants in a zone with daylight saving.
func TestInstantsAgreeWithTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no time zone database: %v", err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1, 4e9).Draw(t, "unix"), 0)
		want := at.In(berlin).Format(time.DateOnly)
		local := at.In(time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "offset")))
		for f, cell := range map[string]string{
			"iso": local.Format(time.RFC3339), "mm/dd/yyyy": local.Format("01/02/2006, 3:04:05 PM -0700"), "d mon yyyy": local.Format(time.RFC1123Z),
			"epoch-s": strconv.FormatInt(at.Unix(), 10), "epoch-ms": strconv.FormatInt(at.Unix()*1000+999, 10), "epoch-us": strconv.FormatInt(at.Unix()*1_000_000, 10),
		} {
			if f == "epoch-ms" && at.Unix() == 0 {
				continue
			}
			if got := show(format(f), cell, berlin); got != want {
				t.Fatalf("%s, %s: got %s, want %s", f, cell, got, want)
			}
		}
	})
}

// Instants before 1970, which counts since then do not show.
func TestEarlyInstantsAgreeWithTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no time zone database: %v", err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-1e9, 0).Draw(t, "unix"), 0)
		want := at.In(berlin).Format(time.DateOnly)
		cell := at.In(time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "offset"))).Format(time.RFC3339)
		if got := show(calendar.Format{}, cell, berlin); got != want {
			t.Fatalf("%s: got %s, want %s", cell, got, want)
		}
		if got := calendar.DayIn(at.Unix(), berlin).String(); got != want {
			t.Fatalf("%d: got %s, want %s", at.Unix(), got, want)
		}
	})
}

func TestSerialsAgreeWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(61, 2_900_000).Draw(t, "serial")
		cell := strconv.FormatInt(n, 10) + rapid.SampledFrom([]string{"", ".0", ".5", ".99999"}).Draw(t, "fraction")
		for f, base := range map[string]time.Time{
			"excel1900": time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC), "excel1904": time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)} {
			if got, want := show(format(f), cell, nil), base.AddDate(0, 0, int(n)).Format(time.DateOnly); got != want {
				t.Fatalf("%s, %s: got %s, want %s", f, cell, got, want)
			}
		}
	})
}

// anyCell draws what columns of dates hold.
func anyCell(t *rapid.T) string {
	return rapid.StringMatching(`([0-3]?[0-9][/.-][0-3]?[0-9][/.-](20)?[0-2][0-9]|20[0-2][0-9]-[01][0-9]-[0-3][0-9]|[0-3]?[0-9][ -](Mar|Oct|mai)[ -](20)?2[0-9]|[2-5][0-9]{4}|17[0-9]{8}(000)?|0|0000-00-00|x?)( 1?[0-9]:[0-5][0-9]( [AP]M)?)?`).Draw(t, "cell")
}

// However workers share the cells, the decision and its words are the same.
func TestMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.Custom(anyCell), 0, 30).Draw(t, "cells")
		cut := rapid.IntRange(0, len(cells)).Draw(t, "cut")
		whole, parts := evidence(cells...), evidence(cells[:cut]...)
		parts.Merge(evidence(cells[cut:]...))
		d1, err1 := whole.Decide(calendar.Setting{})
		d2, err2 := parts.Decide(calendar.Setting{})
		if d1 != d2 || (err1 == nil) != (err2 == nil) || err1 != nil && err1.Error() != err2.Error() {
			t.Fatalf("%q cut at %d: got %+v, %v, want %+v, %v", cells, cut, d2, err2, d1, err1)
		}
	})
}

func checkColumn(t interface{ Fatalf(string, ...any) }, cells []string) {
	d, err := evidence(cells...).Decide(calendar.Setting{})
	if err != nil {
		return
	}
	if back, err := calendar.FromSetting(d.Format.String()); err != nil || back != d.Format {
		t.Fatalf("%+v written as %q, read as %+v, %v", d.Format, d.Format, back, err)
	}
	var refused, none, known int64
	for _, c := range cells {
		switch got := show(d.Format, c, nil); {
		case got == "none":
			none++
		case got != "refused":
			known++
		case strings.TrimSpace(c) != "":
			refused++
		}
	}
	// A number that is no likely day is no evidence, but a day of its system all the same.
	numbers := d.Format.Instants() || strings.HasPrefix(d.Format.String(), "excel")
	if refused > d.Strays+d.Bad || !numbers && known+none > d.Cells+d.NoDates {
		t.Fatalf("%s refuses %d, reads %d and finds %d empty; the decision told of %+v: %q", d.Format, refused, known, none, d, cells)
	}
}

func TestDecisionForetellsParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkColumn(t, rapid.SliceOfN(rapid.Custom(anyCell), 1, 20).Draw(t, "cells")) })
}

func FuzzColumn(f *testing.F) {
	for _, s := range []string{"2024-01-05\n2024年1月5日", "3/4/2025, 10:22 AM\n3/14/2025", "05-Mar-26", "42852.5\n0", "1716543210123", "0000-00-00", "00:00.0", "15.01.2024\n00.00.0000", "24-01-05", "1/0/1900", "\xff", "２０２４－０１－０６"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, column string) { checkColumn(t, strings.Split(column, "\n")) })
}

func FuzzParse(f *testing.F) {
	for i, s := range []string{"2024-01-05", "3/4/2025, 10:22 AM", "5. März 2026", "42852.5", "1716543210123", "0000-00-00", "31/12/99", "2026-03-05T14:15:33+01:00[Europe/Berlin]"} {
		f.Add(s, i)
	}
	all := append([]string{"iso", "yyyy-mm-dd", "d mon yy", "excel1900", "excel1904", "epoch-s", "epoch-ms", "epoch-us"}, orders...)
	zone := time.FixedZone("", -5*3600)
	f.Fuzz(func(t *testing.T, s string, i int) {
		fm := format(all[uint(i)%uint(len(all))])
		d, ok := fm.Parse([]byte(s), zone)
		if ok && d != civil.Unknown && (d < civil.Min-2 || d > civil.Max+2) {
			t.Fatalf("%s, %q gave day %d", fm, s, d)
		}
		if !ok && fm.Why([]byte(s)) == "" {
			t.Fatalf("%s refuses %q without a reason", fm, s)
		}
		if d, ok = (calendar.Format{}).Parse([]byte(s), nil); ok {
			if wide, ok := format("yyyy-mm-dd").Parse([]byte(s), nil); !ok || wide != d {
				t.Fatalf("%q is %s in plain and %s, %v in the wider format", s, d, wide, ok)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	zone := time.FixedZone("", 3600)
	for _, c := range []struct{ format, cell string }{
		{"iso", "2024-01-05"}, {"iso", "2026-05-14 11:23:45 +0100"}, {"yyyy-mm-dd", "2024-01-05"}, {"dd/mm/yyyy", "31/12/2024"}, {"mm/dd/yyyy", "3/4/2025, 10:22 AM"},
		{"mm/dd/yy", "01/15/24"}, {"d mon yyyy", "05-Mar-2026"}, {"d mon yyyy", "5. März 2026"}, {"excel1900", "42852"}, {"epoch-ms", "1716543210123"},
	} {
		b.Run("format="+c.format+"/cell="+c.cell, func(b *testing.B) {
			f, s := format(c.format), []byte(c.cell)
			for b.Loop() {
				f.Parse(s, zone)
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	for _, s := range []string{"2024-01-05", "31/12/2024", "05-Mar-2026"} {
		b.Run("cell="+s, func(b *testing.B) {
			var e calendar.Evidence
			cell := []byte(s)
			for b.Loop() {
				e.Add(cell)
			}
		})
	}
}
