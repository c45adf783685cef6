package numeral_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/numeral"
)

func evidence(cells ...string) *numeral.Evidence {
	var e numeral.Evidence
	for _, c := range cells {
		e.Add([]byte(c))
	}
	return &e
}

func show(f numeral.Format, cell string) string {
	v, ok := f.Parse([]byte(cell), money.RateScale)
	if !ok {
		return "refused"
	}
	return money.Rate(v).String()
}

// Each column is decided as the format, and its cells read as the numbers.
func TestDecide(t *testing.T) {
	for _, c := range []struct {
		name, format, cells, want string // separated by |
	}{
		{"empty", "plain", "", ""},
		{"blank", "plain", " ||\u00a0\u3000", ""},
		{"whole", "plain", "1|12|-3|100000", "1|12|-3|100000"},
		{"plain", "plain", "1.5|12|-3.25|+4|2024.994", "1.5|12|-3.25|4|2024.994"},
		{"plain with exponents", "plain", "1.5E+3|2e-2|7", "1500|0.02|7"},
		{"plain, three decimals", "plain", "0.500|1.234", "0.5|1.234"},
		{"superstore", "plain", "261.96|731.94|14.62|957.5775", "261.96|731.94|14.62|957.5775"},
		{"zoho", "$1,234,567.89", "42,000|$12,400.00", "42000|12400"},
		{"hubspot", "$1,234,567.89k", "$45,000.00|45k|1.2M|900", "45000|45000|1200000|900"},
		{"hubspot without cents", "$1,234,567.89k", "$45,000|45k|1.2M", "45000|45000|1200000"},
		{"sap", "1.234.567,89", "1.234,56-|12,50|0,00|999,99", "-1234.56|12.5|0|999.99"},
		{"german euro", "€1.234.567,89", "1.234,50 €|-12,00 €|€ 7,00", "1234.5|-12|7"},
		{"french", "1 234 567,89", "1\u202f234,50|12,00|1\u00a0234\u00a0567,00", "1234.5|12|1234567"},
		{"swiss", "CHF 1'234'567.89", "CHF 1'234.50|CHF 1’000.00", "1234.5|1000"},
		{"decimal comma alone", "1234567,89", "12,5|3|1234,75", "12.5|3|1234.75"},
		{"indian", "₹12,34,567.89", "₹1,23,456.50|₹12,345.00", "123456.5|12345"},
		{"chinese full width", "1,234,567.89", "１，２３４．５０|－１２．００|（３．５０）", "1234.5|-12|-3.5"},
		{"chinese units", "¥1234567.89k", "3.5万元|2.25亿|￥120.5|12元", "35000|225000000|120.5|12"},
		{"parentheses", "1,234,567.89", "(12.00)|1,234.50|(1,000.00)", "-12|1234.5|-1000"},
		{"accounting", "$1,234,567.89", "$ (1,234.00)|($5.50)|-$7.25|$-8.00|$ 9.00|10.00-", "-1234|-5.5|-7.25|-8|9|-10"},
		{"minus signs", "1234567.89", "−12.50|‐3.25|4.00-|-1.5", "-12.5|-3.25|-4|-1.5"},
		{"percent", "1234567%", "12%|0|-5 %|１００％", "0.12|0|-0.05|1"},
		{"percent with comma", "1234567,89%", "12,5%|7 %", "0.125|0.07"},
		{"blanks between thousands, no decimals", "1 234 567", "1 234|12|12 345 678", "1234|12|12345678"},
		{"many groups tell the mark", "1,234,567.89", "1,234,567|1,234", "1234567|1234"},
		{"many points tell the comma", "1.234.567,89", "1.234.567|1.234", "1234567|1234"},
		{"polish", "zł1 234 567,89", "1 234,50 zł|12,00 zł", "1234.5|12"},
		{"nordic", "kr 1.234.567,89", "kr. 1.234,50|12,00 kr", "1234.5|12"},
		{"code behind", "EUR 1.234.567,89", "1.234,50 EUR|12,00- EUR", "1234.5|-12"},
		{"rupees with a point", "Rs 1,234,567.89", "Rs. 1,234.50|Rs 5", "1234.5|5"},
		{"German units", "1234567,89k", "1,25 Mio.|3,5 Tsd", "1250000|3500"},
		{"dollars in millions", "$1234567.89k", "$5m|$2.5m", "5000000|2500000"},
		{"bad cells do not decide", "plain", "1.5|n/a|2.25|x", "1.5|refused|2.25|refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cells := strings.Split(c.cells, "|")
			d, err := evidence(cells...).Decide(numeral.Setting{})
			if err != nil || d.Format.String() != c.format {
				t.Fatalf("got %s, %v, want %s", d.Format, err, c.format)
			}
			back, err := numeral.FromSetting(c.format)
			if err != nil || back != d.Format {
				t.Errorf("FromSetting(%q) = %+v, %v, want %+v", c.format, back, err, d.Format)
			}
			if c.want == "" {
				return
			}
			for i, want := range strings.Split(c.want, "|") {
				if got := show(d.Format, cells[i]); got != want {
					t.Errorf("%q: got %s, want %s", cells[i], got, want)
				}
			}
		})
	}
}

func TestUndecided(t *testing.T) {
	for _, c := range []struct{ name, cells, first, second, reads1, reads2, example string }{
		{"comma", "1,234|500|12,345", "1,234,567.89", "1234567,89", "1234", "1.234", "1,234"},
		{"point", "1.000|2.500|7", "1234567.89", "1.234.567,89", "1", "1000", "1.000"},
		{"dressed", "$1,234|$500", "$1,234,567.89", "$1234567,89", "1234", "1.234", "$1,234"},
		{"not by large whole numbers", "1,234|123456", "1,234,567.89", "1234567,89", "1234", "1.234", "1,234"},
		{"metres or millions", "5m|12m|3m", "1234567", "1234567k", "refused", "3000000", "3m"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := evidence(strings.Split(c.cells, "|")...)
			_, err := e.Decide(numeral.Setting{})
			var u *numeral.Undecided
			if !errors.As(err, &u) || len(u.Candidates) != 2 {
				t.Fatalf("got %v, want undecided", err)
			}
			a, b := u.Candidates[0], u.Candidates[1]
			got := fmt.Sprint(a.Format, "|", b.Format, "|", a.Reads, "|", b.Reads, "|", a.Example)
			if want := fmt.Sprint(c.first, "|", c.second, "|", c.reads1, "|", c.reads2, "|", c.example); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			for _, x := range u.Candidates {
				if !strings.Contains(err.Error(), x.Setting) {
					t.Errorf("%q does not name the setting %s", err, x.Setting)
				}
			}
		})
	}
}

func TestSettingSettles(t *testing.T) {
	e := evidence("1,234", "500")
	for _, c := range []struct {
		set          numeral.Setting
		format, want string
	}{
		{numeral.Setting{Decimal: "."}, "1,234,567.89", "1234"},
		{numeral.Setting{Decimal: ","}, "1234567,89", "1.234"},
		{numeral.Setting{Thousands: ","}, "1,234,567.89", "1234"},
		{numeral.Setting{Decimal: ",", Thousands: "."}, "1.234.567,89", "1.234"},
	} {
		d, err := e.Decide(c.set)
		if err != nil || d.Format.String() != c.format || show(d.Format, "1,234") != c.want {
			t.Errorf("%+v: got %s, %v, %s, want %s, %s", c.set, d.Format, err, show(d.Format, "1,234"), c.format, c.want)
		}
	}
	if d, err := evidence("1.000", "2.500").Decide(numeral.Setting{Decimal: "."}); err != nil || !d.Format.Plain() {
		t.Errorf("got %s, %v, want plain", d.Format, err)
	}
	for _, s := range []numeral.Setting{{Decimal: ";"}, {Thousands: "x"}, {Decimal: ",", Thousands: ","}} {
		if _, err := e.Decide(s); err == nil {
			t.Errorf("%+v accepted", s)
		}
	}
}

func TestConflict(t *testing.T) {
	for _, c := range []struct{ name, cells, of, first, second string }{
		{"both marks", "1.234,56|1,234.56", "marks", "1,234.56", "1.234,56"},
		{"point and comma", "12,50|12.50|13.50", "marks", "12.50", "12,50"},
		{"thousands marks", "1,234.50|1 234.50", "marks", "1,234.50", "1 234.50"},
		{"percent", "12%|5", "percent", "12%", "5"},
		{"currencies", "$5.00|€6.00|$7.00", "currency", "$5.00", "€6.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := evidence(strings.Split(c.cells, "|")...).Decide(numeral.Setting{})
			var x *numeral.Conflict
			if !errors.As(err, &x) || !strings.Contains(x.Of, c.of) || x.First != c.first || x.Second != c.second {
				t.Fatalf("got %v, want a conflict of %s between %q and %q", err, c.of, c.first, c.second)
			}
		})
	}
}

// A single bad cell among a hundred witnesses is refused alone; one more contradiction is a conflict.
func TestOutliers(t *testing.T) {
	for _, c := range []struct {
		name, witness, stray string
	}{
		{"mark", "12.50", "12,50"}, {"percent", "12%", "7"}, {"no percent", "7.5", "12%"},
		{"currency", "$5.00", "€5.00"}, {"thousands", "1 234", "1,234,567"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var e numeral.Evidence
			for range 100 {
				e.Add([]byte(c.witness))
			}
			e.Add([]byte(c.stray))
			d, err := e.Decide(numeral.Setting{})
			if err != nil || d.Strays != 1 || d.Stray != c.stray || show(d.Format, c.stray) != "refused" || show(d.Format, c.witness) == "refused" {
				t.Fatalf("got %+v, %v, want one stray %s", d, err, c.stray)
			}
			e.Add([]byte(c.stray))
			if d, err = e.Decide(numeral.Setting{}); err == nil {
				t.Errorf("two strays: got %+v, want a conflict", d)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ format, cells string }{
		{"plain", "1,5|1 5|(1)|1-|$1|１|12%|45k|−1||-|x"},
		{"1,234,567.89", "1.234,5|1,23|12,34.5|1234,567|,123|0,123|1,234,56|1.2.3|1,,234|1,234,|12,-|12.-|12%|5k|$5|--5|(-5)|(5|5)|-5-|+5-|1 234|1'234|1,234e5|e5|5e|1,234.5,6|5 5|"},
		{"1.234.567,89", "1,234.5|1.5|12.50|1.23|1,5,5|,|.|-|1.234.56"},
		{"1234567,89", "1.234|1.5|1,234,5|1 234,5"},
		{"1 234 567", "1.5|1,5|1,234"},
		{"12,34,567.89", "123,456|1,234,567|1,23,45|12,345,678"},
		{"$1,234,567.89", "€5|USD 5|$5$|$$5|5k|5 pcs|$|12 $ x|ab"},
		{"1234567.89%", "5|0.12|5%%|5%k|% |%"},
		{"1,234,567.89k", "5kk|5q|k|5 km|k5|5 MM|5kg"},
	} {
		f, err := numeral.FromSetting(c.format)
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range strings.Split(c.cells, "|") {
			if got := show(f, cell); got != "refused" {
				t.Errorf("%s reads %q as %s, want a refusal", f, cell, got)
			}
			if f.Why([]byte(cell)) == "" {
				t.Errorf("%s does not say what is wrong with %q", f, cell)
			}
		}
	}
}

func TestWhy(t *testing.T) {
	for _, c := range []struct{ format, cell, want string }{
		{"plain", "1.234,5", "written as 1234567.89"}, {"plain", "(5)", "plain decimal"}, {"plain", "abc", "no number"},
		{"1.234.567,89", "1.5", "written as 1.234.567,89"}, {"$1,234,567.89", "€5", "currency"},
		{"1234567.89%", "5", "percent"}, {"plain", "1e300", "too large"}, {"1,234,567.89", "1,23,4", "neither"},
	} {
		f, _ := numeral.FromSetting(c.format)
		if got := f.Why([]byte(c.cell)); !strings.Contains(got, c.want) {
			t.Errorf("%s, %q: got %q, want %q", f, c.cell, got, c.want)
		}
	}
}

func TestFromSetting(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"1.234,56", "1.234.567,89"}, {"1,234.56", "1,234,567.89"}, {"1234,56", "1234567,89"}, {"1234.56", "1234567.89"},
		{"Plain", "plain"}, {"1 234,56", "1 234 567,89"}, {"1'234.56", "1'234'567.89"}, {"€ 1.234,56", "€1.234.567,89"},
		{"1,23,456.78", "12,34,567.89"}, {"1,234,567", "1,234,567.89"}, {"12,5%", "1234567,89%"},
	} {
		f, err := numeral.FromSetting(c.text)
		if err != nil || f.String() != c.want {
			t.Errorf("%q: got %s, %v, want %s", c.text, f, err, c.want)
		}
	}
	for _, text := range []string{"", "1,234", "1.234", "abc", "1,2,3"} {
		if f, err := numeral.FromSetting(text); err == nil {
			t.Errorf("%q: got %s, want an error", text, f)
		}
	}
}

func TestRelaxed(t *testing.T) {
	f := numeral.Format{}.Relaxed()
	for cell, want := range map[string]string{"12.50-": "-12.5", "(3)": "-3", "−1": "-1", "１２": "12", "1,234": "refused", "$5": "refused"} {
		if got := show(f, cell); got != want {
			t.Errorf("%q: got %s, want %s", cell, got, want)
		}
	}
}

func TestAllocations(t *testing.T) {
	var e numeral.Evidence
	for _, c := range []struct{ format, cell string }{
		{"plain", "1234.56"}, {"1.234.567,89", "1.234,56-"}, {"$1,234,567.89k", "$1,234.56"}, {"$1,234,567.89k", "45k"},
		{"1,234,567.89", "１，２３４．５０"}, {"1234567.89%", "12.5%"}, {"¥1234567.89k", "3.5万元"}, {"EUR 1.234.567,89", "1.234,50 EUR"},
	} {
		f, err := numeral.FromSetting(c.format)
		if err != nil {
			t.Fatal(err)
		}
		cell := []byte(c.cell)
		if n := testing.AllocsPerRun(100, func() { f.Parse(cell, 4); e.Add(cell) }); n != 0 {
			t.Errorf("%s: %v allocations, want none", c.cell, n)
		}
	}
}
