package calendar_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
)

func evidence(cells ...string) *calendar.Evidence {
	var e calendar.Evidence
	for _, c := range cells {
		e.Add([]byte(c))
	}
	return &e
}

func format(setting string) calendar.Format {
	f, err := calendar.FromSetting(setting)
	if err != nil {
		panic(err)
	}
	return f
}

func show(f calendar.Format, cell string, zone *time.Location) string {
	d, ok := f.Parse([]byte(cell), zone)
	switch {
	case !ok:
		return "refused"
	case !d.Known():
		return "none"
	}
	return d.String()
}

// What ingest reads today: the cases of its own table, zero dates aside, which are now told apart.
func TestPlain(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	for _, c := range []struct {
		text string
		zone *time.Location
		want string
	}{
		{"2024-01-05", nil, "2024-01-05"}, {"2024/1/5", nil, "2024-01-05"}, {"2024.01.5", nil, "2024-01-05"},
		{"20240105", nil, "2024-01-05"}, {"2024年1月5日", nil, "2024-01-05"}, {"2010-12-01 08:26:00", nil, "2010-12-01"},
		{"2024-01-05T23:59:59.999999", nil, "2024-01-05"}, {"2024-01-05 8:26", nil, "2024-01-05"},
		{"20240105 08:00", nil, "2024-01-05"}, {"2024年12月31日 23:00", nil, "2024-12-31"},
		{"2026-05-14 11:23:45 +0100", nil, "2026-05-14"}, {"2024-01-05T23:30:00Z", shanghai, "2024-01-06"},
		{"2024-01-05T23:30:00+08:00", shanghai, "2024-01-05"}, {"2024-01-05T01:30:00+09", shanghai, "2024-01-05"},
		{"2024-01-05T00:30:00+09:00", shanghai, "2024-01-04"}, {"2024-01-05 23:30:00", shanghai, "2024-01-05"},
		{"1969-12-31T23:00:00-05:00", time.UTC, "1970-01-01"}, {"2024-01-05 24:00", nil, "2024-01-05"},
		{"2024-01-05 10:00 UTC", nil, "2024-01-05"}, {"2024-01-05 23:00UTC", shanghai, "2024-01-06"},
		{"2026-03-05T14:15:33+01:00", nil, "2026-03-05"},
		{"", nil, "refused"}, {"05/01/2024", nil, "refused"}, {"2024-13-01", nil, "refused"}, {"2024-02-30", nil, "refused"},
		{"2024-1", nil, "refused"}, {"2024-01-05x", nil, "refused"}, {"2024-01/05", nil, "refused"},
		{"2024-01-05 25:00", nil, "refused"}, {"2024-01-05 10:00 CET", nil, "refused"}, {"202401055", nil, "refused"},
		{"2024年1月5", nil, "refused"}, {"2024-01-05 1000", nil, "refused"}, {"2024-001-05", nil, "refused"},
		{"2024-01-05 10:00 ", nil, "refused"}, {" 2024-01-05", nil, "refused"}, {"2024-01-05 10:00 AM", nil, "refused"},
		{"2024-01-05T10:00+01:0", nil, "refused"}, {"2024-01-05T10:00+19:00", nil, "refused"}, {"2024-01-05T10:00+01:00x", nil, "refused"},
		{"0000-00-00", nil, "none"}, {"00000000", nil, "none"}, {"0001-01-01", nil, "none"}, {"0000-00-00 00:00:00", nil, "none"},
		{"0001-01-01T00:00:00", nil, "none"}, {"1899-12-30", nil, "none"}, {"00:00.0", nil, "refused"}, {"0000", nil, "refused"},
		{"0001-01-02", nil, "0001-01-02"}, {"1900-01-01", nil, "1900-01-01"}, {"9999-12-31", nil, "9999-12-31"},
	} {
		if got := show(calendar.Format{}, c.text, c.zone); got != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
		if got := show(format("yyyy-mm-dd"), c.text, c.zone); c.want != "refused" && got != c.want {
			t.Errorf("%q in the wider format: got %s, want %s", c.text, got, c.want)
		}
	}
}

// Each column is decided as the format, and its cells read as the days.
func TestDecide(t *testing.T) {
	const long, short = "yyyy-mm-dd or d mon yyyy", "yyyy-mm-dd or d mon yy"
	for _, c := range []struct{ name, format, cells, want string }{
		{"empty", "iso", "| |\u3000", ""},
		{"iso", "iso", "2024-01-05|2024/1/6|20240107", "2024-01-05|2024-01-06|2024-01-07"},
		{"shopify", "iso", "2026-05-14 11:23:45 +0100|2026-12-14 11:23:45 +0000", "2026-05-14|2026-12-14"},
		{"chinese", "iso", "2024年1月5日|2024.1.5|2024-1-5", "2024-01-05|2024-01-05|2024-01-05"},
		{"chinese excel time", long, "2024/1/5 下午 10:22:33|２０２４－０１－０６", "2024-01-05|2024-01-06"},
		{"superstore", "mm/dd/yyyy", "11/8/2017|6/12/2017|10/18/2016", "2017-11-08|2017-06-12|2016-10-18"},
		{"hubspot", "mm/dd/yyyy", "3/4/2025, 10:22 AM|12/31/2025, 11:59\u202fPM", "2025-03-04|2025-12-31"},
		{"hubspot, all its forms", "mm/dd/yyyy", "2025-03-04|3/14/2025, 10:22 AM|05-Mar-2026|2026-03-05T14:15:33+01:00", "2025-03-04|2025-03-14|2026-03-05|2026-03-05"},
		{"zoho", "mm/dd/yyyy", "2026-11-15|10/01/2026|10/31/2026", "2026-11-15|2026-10-01|2026-10-31"},
		{"woocommerce", "mm/dd/yyyy", "5/31/2016 0:37|6/1/2016 13:05", "2016-05-31|2016-06-01"},
		{"sap", "dd.mm.yyyy", "15.01.2024|03.02.2024|00.00.0000", "2024-01-15|2024-02-03|none"},
		{"sap dats", "iso", "20240115|00000000", "2024-01-15|none"},
		{"british", "dd/mm/yyyy", "31/12/2024 10:00|01/02/2024", "2024-12-31|2024-02-01"},
		{"indian", "dd-mm-yyyy", "15-01-2024|01-02-2024", "2024-01-15|2024-02-01"},
		{"quickbooks", "mm/dd/yy", "01/15/24|02/03/24|12/31/69|01/01/70", "2024-01-15|2024-02-03|2069-12-31|1970-01-01"},
		{"years first, two digits", "yy-mm-dd", "99-12-31|24-01-05", "1999-12-31|2024-01-05"},
		{"names", long, "5-Mar-2026|Mar 5, 2026|05 mars 2026|5. März 2026|5 de marzo de 2026|March 5th, 2026|5 mrt. 2026|2026-Mar-05|05MAR2026|1er août 2026",
			"2026-03-05|2026-03-05|2026-03-05|2026-03-05|2026-03-05|2026-03-05|2026-03-05|2026-03-05|2026-03-05|2026-08-01"},
		{"more names", long, "12 févr. 2026|1 dic 2026|3 maggio 2026|7 out 2026|DÉCEMBRE 5, 2026|31 mei 2026 14:00",
			"2026-02-12|2026-12-01|2026-05-03|2026-10-07|2026-12-05|2026-05-31"},
		{"excel's names", short, "05-Mar-26|31-Dec-99", "2026-03-05|1999-12-31"},
		{"weekdays", long, "Friday, August 25, 2017|Thu, 05 Mar 2026 10:00:00 GMT", "2017-08-25|2026-03-05"},
		{"stamps", long, "20240115103000|20240116", "2024-01-15|2024-01-16"},
		{"java", long, "2026-03-05T14:15:33+01:00[Europe/Berlin]|2026-03-05 10:00 CET", "2026-03-05|2026-03-05"},
		{"serials", "excel1900", "42852|42853.75|0|42851.9999999999", "2017-04-27|2017-04-28|none|2017-04-27"},
		{"epoch", "epoch-s", "1716543210|1716543210.5|0", "2024-05-24|2024-05-24|none"},
		{"epoch in milliseconds", "epoch-ms", "1716543210123", "2024-05-24"},
		{"epoch in microseconds", "epoch-us", "1716543210123456", "2024-05-24"},
		{"zero of a spreadsheet", "mm/dd/yyyy", "1/0/1900|12/31/2024", "none|2024-12-31"},
		{"few days and one year", "dd/mm/yy", "13/02/24|14/03/24|05/04/24", "2024-02-13|2024-03-14|2024-04-05"},
		{"days of ten years", "dd.mm.yy", tenYears(), ""},
		{"half a month", "dd/mm/yy", halfMonth(), ""},
		{"sorted by the day first", "dd/mm/yyyy", "01/02/2026|03/02/2026|08/02/2026|09/02/2026|02/03/2026|07/03/2026|11/03/2026|01/04/2026|06/04/2026|12/04/2026", "2026-02-01"},
		{"sorted downwards by the month first", "mm/dd/yyyy", "04/12/2026|04/06/2026|04/01/2026|03/11/2026|03/07/2026|03/02/2026|02/09/2026|02/08/2026|02/03/2026|02/01/2026", "2026-04-12"},
		{"months by their first days, years first", "yy-mm-dd", monthly(), "2022-01-01|2022-02-01"},
		{"bad cells do not decide", "iso", "2024-01-05|00:00.0|soon|2024-02-30|31/02/2024", "2024-01-05|refused|refused|refused|refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cells := strings.Split(c.cells, "|")
			d, err := evidence(cells...).Decide(calendar.Setting{})
			if err != nil || d.Format.String() != c.format {
				t.Fatalf("got %s, %v, want %s", d.Format, err, c.format)
			}
			if back, err := calendar.FromSetting(c.format); err != nil || back != d.Format {
				t.Errorf("FromSetting(%q) = %+v, %v, want %+v", c.format, back, err, d.Format)
			}
			if c.want == "" {
				return
			}
			for i, want := range strings.Split(c.want, "|") {
				if got := show(d.Format, cells[i], nil); got != want {
					t.Errorf("%q: got %s, want %s", cells[i], got, want)
				}
			}
		})
	}
}

// tenYears is days of 2015 to 2024 without an order.
func tenYears() string {
	var cells []string
	for i := range 200 {
		cells = append(cells, fmt.Sprintf("%02d.%02d.%02d", i*11%28+1, i*5%12+1, 15+i*3%10))
	}
	return strings.Join(cells, "|")
}

// halfMonth is 1 to 14 May 2024.
func halfMonth() string {
	var cells []string
	for i := range 14 {
		cells = append(cells, fmt.Sprintf("%02d/05/24", i+1))
	}
	return strings.Join(cells, "|")
}

// monthly is the first days of the months of three years.
func monthly() string {
	var cells []string
	for i := range 36 {
		cells = append(cells, fmt.Sprintf("%02d-%02d-01", 22+i/12, i%12+1))
	}
	return strings.Join(cells, "|")
}

func TestUndecided(t *testing.T) {
	for _, c := range []struct{ name, cells, want, remark string }{
		{"slashes", "10/01/2026|05/02/2026|2026-11-15", "dd/mm/yyyy 2026-02-05|mm/dd/yyyy 2026-05-02", ""},
		{"points", "10.01.2026", "dd.mm.yyyy 2026-01-10|mm.dd.yyyy 2026-10-01", ""},
		{"same either way", "05/05/2026", "dd/mm/yyyy 2026-05-05|mm/dd/yyyy 2026-05-05", ""},
		{"sorted if the day is first", "01/02/2026|05/02/2026|03/03/2026", "dd/mm/yyyy 2026-02-01|mm/dd/yyyy 2026-01-02", "day comes first"},
		{"sorted either way", "01/01/2026|02/01/2026|03/01/2026|04/01/2026|05/01/2026|06/01/2026|07/01/2026|08/01/2026|09/01/2026|10/01/2026|11/01/2026",
			"dd/mm/yyyy 2026-01-01|mm/dd/yyyy 2026-01-01", ""},
		{"sorted, but for one", "01/02/2026|03/02/2026|08/02/2026|09/02/2026|02/03/2026|07/03/2026|11/03/2026|01/04/2026|06/04/2026|05/04/2026|12/04/2026",
			"dd/mm/yyyy 2026-02-01|mm/dd/yyyy 2026-01-02", ""},
		{"years or days, three of them", "22-01-01|23-01-01|24-01-01", "dd-mm-yy 2001-01-22|yy-mm-dd 2022-01-01", ""},
		{"two digits", "01/02/03", "dd/mm/yy 2003-02-01|mm/dd/yy 2003-01-02|yy/mm/dd 2001-02-03", ""},
		{"two digits, no month first", "15/01/24|16/02/24", "dd/mm/yy 2024-01-15|yy/mm/dd 2015-01-24", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := evidence(strings.Split(c.cells, "|")...).Decide(calendar.Setting{})
			var u *calendar.Undecided
			if !errors.As(err, &u) {
				t.Fatalf("got %v, want undecided", err)
			}
			var got []string
			for _, x := range u.Candidates {
				got = append(got, x.Format.String()+" "+x.Reads)
				if !strings.Contains(err.Error(), x.Setting) {
					t.Errorf("%q does not name the setting %s", err, x.Setting)
				}
				if d, err := evidence(strings.Split(c.cells, "|")...).Decide(calendar.Setting{Dates: strings.TrimPrefix(x.Setting, "dates: ")}); err != nil || show(d.Format, x.Example, nil) != x.Reads {
					t.Errorf("with %s: got %v, %v", x.Setting, d, err)
				}
			}
			if strings.Join(got, "|") != c.want || !strings.Contains(u.Remark, c.remark) || (c.remark == "") != (u.Remark == "") {
				t.Errorf("got %s (%s), want %s (%s)", strings.Join(got, "|"), u.Remark, c.want, c.remark)
			}
		})
	}
}

// Two-digit years are told from days by how many there are of each.
func TestYearsAndDaysByTheirNumber(t *testing.T) {
	for _, c := range []struct{ layout, want string }{{"02.01.06", "dd.mm.yy"}, {"06.01.02", "yy.mm.dd"}} {
		var e calendar.Evidence
		for d := range 40 {
			e.Add([]byte(time.Date(2024, 3, 1+d, 0, 0, 0, 0, time.UTC).Format(c.layout)))
		}
		if d, err := e.Decide(calendar.Setting{}); err != nil || d.Format.String() != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.layout, d.Format, err, c.want)
		}
	}
}

func TestConflict(t *testing.T) {
	for _, c := range []struct{ name, cells, of, first, second string }{
		{"orders", "31/12/2024|12/31/2024", "order", "31/12/2024", "12/31/2024"},
		{"marks", "31/12/2024|31.12.2024", "mark", "31/12/2024", "31.12.2024"},
		{"years", "31/12/2024|31/12/24", "years", "31/12/2024", "31/12/24"},
		{"text and serials", "2024-01-05|42852|2024-01-06", "numbers", "2024-01-05", "42852"},
		{"seconds and milliseconds", "1716543210|1716543210123", "numbers", "1716543210", "1716543210123"},
		{"names with two kinds of years", "5-Mar-26|5-Mar-2026", "years", "5-Mar-2026", "5-Mar-26"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := evidence(strings.Split(c.cells, "|")...).Decide(calendar.Setting{})
			var x *calendar.Conflict
			if !errors.As(err, &x) || !strings.Contains(x.Of, c.of) || x.First != c.first || x.Second != c.second {
				t.Fatalf("got %v, want a conflict of %s between %s and %s", err, c.of, c.first, c.second)
			}
		})
	}
}

// A single contradiction among a hundred witnesses is refused alone; one more is a conflict.
func TestOutliers(t *testing.T) {
	for _, c := range []struct{ witness, stray string }{
		{"12/31/2024", "31/12/2024"}, {"31/12/2024", "31.12.2024"}, {"2024-01-05", "42852"}, {"42852", "2024-01-05"}, {"31.12.2024", "31.12.24"},
	} {
		var e calendar.Evidence
		for range 100 {
			e.Add([]byte(c.witness))
		}
		e.Add([]byte(c.stray))
		d, err := e.Decide(calendar.Setting{})
		if err != nil || d.Strays != 1 || d.Stray != c.stray || show(d.Format, c.stray, nil) != "refused" || show(d.Format, c.witness, nil) == "refused" {
			t.Errorf("%s among %s: got %+v, %v", c.stray, c.witness, d, err)
		}
		e.Add([]byte(c.stray))
		if d, err = e.Decide(calendar.Setting{}); err == nil {
			t.Errorf("%s twice among %s: got %+v, want a conflict", c.stray, c.witness, d)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ format, cells string }{
		{"dd/mm/yyyy", "12/31/2024|31.12.2024|31-12-2024|31/12/24|29/02/2023|0/1/2024|31/12|1/2/20245|31/12/2024x|31/12/2024 25:00|31/12/2024 13:05 PM|31/12-2024|42852|00:00.0|Mar 2026|31 Foo 2026|"},
		{"dmy", "12/31/2024|2024|31/12/024"}, {"ymd", "05/03/2026|1-03-26"}, {"mm/dd/yy", "1/15/2024|15/1/24|5-Mar-2026"},
		{"yyyy-mm-dd", "01/02/2024|5-Mar-26|Mar 5|5 March|2024-01-05 10:00 CST|2024-01-05 10|20240230103000|20240115256000"},
		{"excel1900", "60|2958466|2024-01-05|x|-1|42852.|1e5|42852.5x"}, {"excel1904", "2958465|x"}, {"epoch-s", "2024-01-05|x|99999999999999999999|-5"},
	} {
		f := format(c.format)
		for _, cell := range strings.Split(c.cells, "|") {
			if got := show(f, cell, nil); got != "refused" {
				t.Errorf("%s reads %q as %s, want a refusal", f, cell, got)
			}
			if f.Why([]byte(cell)) == "" {
				t.Errorf("%s does not say what is wrong with %q", f, cell)
			}
		}
	}
	for _, c := range []struct{ format, cell, want string }{
		{"iso", "00:00.0", "time without its day"}, {"dd/mm/yyyy", "47:12.3", "time without its day"}, {"iso", "10:22", "time without its day"},
		{"dd/mm/yyyy", "12/31/2024", "written as dd/mm/yyyy"}, {"iso", "42852", "a number"}, {"iso", "soon", "no day"}, {"excel1900", "2024-01-05", "excel1900"},
	} {
		if got := format(c.format).Why([]byte(c.cell)); !strings.Contains(got, c.want) {
			t.Errorf("%s, %q: got %q, want %q", c.format, c.cell, got, c.want)
		}
	}
}

// Serial numbers as spreadsheets show them: Microsoft's documentation of the two systems.
func TestSerials(t *testing.T) {
	for _, c := range []struct{ format, cell, want string }{
		{"excel1900", "1", "1900-01-01"}, {"excel1900", "59", "1900-02-28"}, {"excel1900", "61", "1900-03-01"},
		{"excel1900", "25569", "1970-01-01"}, {"excel1900", "42852", "2017-04-27"}, {"excel1900", "2958465", "9999-12-31"},
		{"excel1900", "39448.99999999", "2008-01-02"}, {"excel1900", "39448.9999", "2008-01-01"}, {"excel1900", "39448,5", "2008-01-01"},
		{"excel1904", "1", "1904-01-02"}, {"excel1904", "41390", "2017-04-27"}, {"excel1904", "0", "none"},
	} {
		if got := show(format(c.format), c.cell, nil); got != c.want {
			t.Errorf("%s, %s: got %s, want %s", c.format, c.cell, got, c.want)
		}
	}
}

func TestInstants(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no time zone database: %v", err)
	}
	for _, c := range []struct{ format, cell, want string }{
		// Summer time began on 2024-03-31 and ended on 2024-10-27.
		{"epoch-s", "1711839599", "2024-03-30"}, {"epoch-s", "1711839600", "2024-03-31"}, {"epoch-s", "1711922399", "2024-03-31"}, {"epoch-s", "1711922400", "2024-04-01"},
		{"epoch-ms", "1729979999999", "2024-10-26"}, {"epoch-ms", "1729980000000", "2024-10-27"}, {"epoch-us", "1730069999999999", "2024-10-27"}, {"epoch-us", "1730070000000000", "2024-10-28"},
		{"yyyy-mm-dd", "2024-03-31T21:59:59Z", "2024-03-31"}, {"yyyy-mm-dd", "2024-03-31T22:00:00Z", "2024-04-01"},
		{"mm/dd/yyyy", "10/27/2024 10:59 PM UTC", "2024-10-27"}, {"mm/dd/yyyy", "10/27/2024 11:00 PM GMT", "2024-10-28"},
		{"mm/dd/yyyy", "10/27/2024 03:00 PM PST", "2024-10-28"}, {"mm/dd/yyyy", "10/27/2024 12:30 AM UTC+01:00", "2024-10-27"},
		{"dd/mm/yyyy", "27/10/2024 23:30", "2024-10-27"},
	} {
		if got := show(format(c.format), c.cell, berlin); got != c.want {
			t.Errorf("%s, %s: got %s, want %s", c.format, c.cell, got, c.want)
		}
	}
}

func TestFromSetting(t *testing.T) {
	for _, c := range []struct{ setting, want string }{
		{"DMY", "dmy"}, {"DD/MM/YYYY", "dd/mm/yyyy"}, {"d/m/yyyy", "dd/mm/yyyy"}, {"m/d/yy", "mm/dd/yy"}, {"yy-mm-dd", "yy-mm-dd"},
		{"dd/mm/yy 1950-2049", "dd/mm/yy 1950-2049"}, {"dd/mm/yy 1970-2069", "dd/mm/yy"}, {"ymd", "ymd"}, {"iso", "iso"}, {"Excel1904", "excel1904"},
		{"yyyy/mm/dd", "yyyy-mm-dd or d mon yyyy"}, {"d mon yy", "yyyy-mm-dd or d mon yy"},
	} {
		if f, err := calendar.FromSetting(c.setting); err != nil || f.String() != c.want || format(f.String()) != f {
			t.Errorf("%q: got %s, %v, want %s", c.setting, f, err, c.want)
		}
	}
	for _, s := range []string{"", "dym", "dd/mm", "mm/yyyy/dd", "dd/mm-yyyy", "dd/mm/yy 1950-2050", "iso 1950-2049", "excel", "yyyy-dd-mm"} {
		if f, err := calendar.FromSetting(s); err == nil {
			t.Errorf("%q: got %s, want an error", s, f)
		}
	}
	if got := show(format("dd/mm/yy 1930-2029"), "01/02/30", nil); got != "1930-02-01" {
		t.Errorf("got %s, want 1930-02-01", got)
	}
	d, err := evidence("12/31/49", "12/31/50").Decide(calendar.Setting{FirstYear: 1950})
	if err != nil || show(d.Format, "12/31/49", nil) != "2049-12-31" || show(d.Format, "12/31/50", nil) != "1950-12-31" {
		t.Errorf("got %s, %v", d.Format, err)
	}
	if _, err = evidence().Decide(calendar.Setting{FirstYear: 99}); err == nil {
		t.Error("first year 99 accepted")
	}
}

func TestDecisionCounts(t *testing.T) {
	d, err := evidence("31/12/2024", "", "0000-00-00", "soon", "01/02/2024", "0", "30/12/2024").Decide(calendar.Setting{})
	want := calendar.Decision{Format: format("dd/mm/yyyy"), Cells: 3, NoDates: 1, Bad: 2, Witness: "30/12/2024", BadCell: "0"}
	if err != nil || d != want {
		t.Errorf("got %+v, %v, want %+v", d, err, want)
	}
}

func TestAllocations(t *testing.T) {
	zone := time.FixedZone("", 3600)
	var e calendar.Evidence
	for _, c := range []struct{ format, cell string }{
		{"iso", "2024-01-05 10:00:00 +0100"}, {"dd/mm/yyyy", "31/12/2024 10:22"}, {"mm/dd/yyyy", "12/31/2024, 10:22\u202fPM"},
		{"d mon yyyy", "5. März 2026"}, {"excel1900", "42852.5"}, {"epoch-ms", "1716543210123"}, {"yyyy-mm-dd", "２０２４－０１－０６"},
	} {
		f, cell := format(c.format), []byte(c.cell)
		if n := testing.AllocsPerRun(100, func() { f.Parse(cell, zone); e.Add(cell) }); n != 0 {
			t.Errorf("%s: %v allocations, want none", c.cell, n)
		}
		if show(f, c.cell, zone) == "refused" {
			t.Errorf("%s does not read %s", f, c.cell)
		}
	}
}
