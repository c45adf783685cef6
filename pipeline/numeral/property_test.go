package numeral_test

import (
	"errors"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/numeral"
	"pgregory.net/rapid"
)

func TestPlainIsMoneyParse(t *testing.T) {
	number := rapid.StringMatching(`[ (]?[+-]?[0-9]{0,22}([.,][0-9]{0,24})?([eE][+-]?[0-9]{1,2})?[)%k -]?`)
	rapid.Check(t, func(t *rapid.T) {
		s, scale := number.Draw(t, "s"), rapid.IntRange(0, 8).Draw(t, "scale")
		got, ok := numeral.Format{}.Parse([]byte(s), scale)
		want, wantOK := money.Parse([]byte(s), scale)
		if got != want || ok != wantOK {
			t.Fatalf("%q: got %d, %v, want %d, %v", s, got, ok, want, wantOK)
		}
		// What is plain is read alike with a decimal point and any thousands.
		for _, text := range []string{"1234567.89", "1,234,567.89", "$1 234 567.89k"} {
			if got, ok = format(text).Parse([]byte(s), scale); wantOK && (got != want || !ok) {
				t.Fatalf("%s: %q: got %d, %v, want %d", text, s, got, ok, want)
			}
		}
	})
}

func format(text string) numeral.Format {
	f, err := numeral.FromSetting(text)
	if err != nil {
		panic(err)
	}
	return f
}

// formats are those that the properties range over.
var formats = []string{"1234567.89", "1,234,567.89", "1.234.567,89", "1234567,89", "1 234 567,89", "1'234'567.89",
	"12,34,567.89", "1 234 567", "$1,234,567.89", "EUR 1.234.567,89", "1234567.89%", "1,234,567.89k", "¥1234567.89k", "1.234.567,89%"}

// naive is the twin of Parse: regular expressions and rationals.
func naive(f numeral.Format, cell string, scale int) (int64, bool) {
	cell = strings.NewReplacer("−", "-", "－", "-", "\u00a0", " ", "\u202f", " ", "’", "'", "（", "(", "）", ")", "，", ",", "．", ".", "￥", "¥").Replace(cell)
	for d := range 10 {
		cell = strings.ReplaceAll(cell, string(rune('０'+d)), strconv.Itoa(d))
	}
	cell = strings.Trim(cell, " ")
	group, q := "", ""
	if f.Thousands() != 0 {
		q = regexp.QuoteMeta(string(f.Thousands()))
		if group = `[1-9]\d{0,2}(?:` + q + `\d{3})+`; f.Indian() {
			group = `[1-9]\d?(?:` + q + `\d{2})*` + q + `\d{3}`
		}
		group = "|" + group
	}
	core := `(\d+` + group + `)`
	if f.Decimal() != 0 {
		d := regexp.QuoteMeta(string(f.Decimal()))
		core = `((?:\d+` + group + `)(?:` + d + `\d*)?|` + d + `\d+)`
	}
	sign := ""
	if f.Currency() != "" {
		sign = `(?:` + regexp.QuoteMeta(f.Currency()) + `)?`
	}
	unit := ""
	if f.Units() {
		unit = `(k|K|M|m|万|亿)?`
	} else {
		unit = `()`
	}
	percent := `()`
	if f.Percent() {
		percent = `(%?)`
	}
	for _, p := range []string{`^` + sign + ` *([+-]?) *` + sign + ` *` + core + `(?:[eE]([+-]?\d+))? *` + percent + unit + ` *` + sign + `()$`,
		`^` + sign + ` *(\() *` + sign + ` *` + core + `(?:[eE]([+-]?\d+))? *` + percent + unit + ` *` + sign + ` *\) *` + sign + `()$`,
		`^` + sign + ` *()` + core + `(?:[eE]([+-]?\d+))? *` + percent + unit + ` *` + sign + ` *(-) *` + sign + `$`} {
		m := regexp.MustCompile(p).FindStringSubmatch(cell)
		if m == nil {
			continue
		}
		if f.Currency() != "" && strings.Count(cell, f.Currency()) > 1 {
			return 0, false
		}
		text := strings.ReplaceAll(m[2], string(f.Thousands()), "")
		if m[3] != "" && text != m[2] && f.Thousands() != 0 {
			return 0, false // an exponent beside groups
		}
		if d := f.Decimal(); d != 0 {
			text = strings.Replace(text, string(d), ".", 1)
		}
		if m[6] == "-" && strings.HasSuffix(text, ".") || m[3] != "" && m[5] != "" {
			return 0, false
		}
		e, _ := strconv.Atoi(m[3])
		e += map[string]int{"k": 3, "K": 3, "M": 6, "m": 6, "万": 4, "亿": 8}[m[5]]
		if f.Percent() {
			if m[4] == "" && strings.ContainsAny(text, "123456789") {
				return 0, false
			}
			e -= 2 * len(m[4])
		}
		if e > 400 || e < -400 {
			return 0, false
		}
		x, ok := new(big.Rat).SetString(text)
		if !ok {
			return 0, false
		}
		pow := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(e+scale, -e-scale))), nil))
		if e+scale < 0 {
			pow.Inv(pow)
		}
		x.Mul(x, pow)
		if m[1] == "-" || m[1] == "(" || m[6] == "-" {
			x.Neg(x)
		}
		v := halfEven(x)
		return v.Int64(), v.IsInt64() && v.Int64() != math.MinInt64
	}
	return 0, false
}

func halfEven(r *big.Rat) *big.Int {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	if c := new(big.Int).Lsh(m, 1).Cmp(r.Denom()); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

// cell draws something that looks like a number; most fit some format, many fit none.
func cell(t *rapid.T) string {
	return rapid.StringMatching(`[$¥]?[ -]?[(]?(0|[1-9][0-9]{0,3})([., '\x{a0}][0-9]{2,3}){0,3}([.,][0-9]{0,4})?([eE]-?[0-9])?(%|k|万| EUR)?[)]?[-]?`).Draw(t, "cell")
}

func TestParseAgreesWithTheTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, s := format(rapid.SampledFrom(formats).Draw(t, "format")), cell(t)
		scale := rapid.IntRange(0, 8).Draw(t, "scale")
		got, ok := f.Parse([]byte(s), scale)
		want, wantOK := naive(f, s, scale)
		if ok != wantOK || ok && got != want {
			t.Fatalf("%s, %q at %d: got %d, %v, want %d, %v", f, s, scale, got, ok, want, wantOK)
		}
	})
}

// write is a value of 4 implied decimals in a format.
func write(t *rapid.T, f numeral.Format, v int64) string {
	s, negative := money.Quantity(v).String(), v < 0
	s = strings.TrimPrefix(s, "-")
	whole, frac, _ := strings.Cut(s, ".")
	if f.Thousands() != 0 && rapid.Bool().Draw(t, "grouped") {
		out, step := "", 3
		for len(whole) > step {
			out = string(f.Thousands()) + whole[len(whole)-step:] + out
			whole = whole[:len(whole)-step]
			if f.Indian() {
				step = 2
			}
		}
		whole += out
	}
	if frac != "" {
		whole += string(f.Decimal()) + frac
	}
	if f.Percent() {
		whole += "%"
	}
	if c := f.Currency(); c != "" {
		whole = rapid.SampledFrom([]string{c + whole, c + " " + whole, whole + c, whole + " " + c, whole}).Draw(t, "currency")
	}
	if negative {
		whole = rapid.SampledFrom([]string{"-" + whole, "−" + whole, whole + "-", "(" + whole + ")"}).Draw(t, "negative")
	}
	if rapid.IntRange(0, 9).Draw(t, "wide") == 0 {
		whole = strings.NewReplacer("1", "１", "7", "７", "(", "（", ")", "）").Replace(whole)
	}
	return whole
}

// A column written in a format is read back exactly, or, where nothing tells the format, refused as
// undecided with the format among the candidates' values.
func TestWrittenColumnsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := format(rapid.SampledFrom(formats).Draw(t, "format"))
		n := rapid.IntRange(1, 12).Draw(t, "cells")
		values, cells := make([]int64, n), make([]string, n)
		var e numeral.Evidence
		for i := range cells {
			values[i] = rapid.Int64Range(-1e11, 1e11).Draw(t, "v") >> rapid.IntRange(0, 30).Draw(t, "shift")
			if f.Decimal() == 0 || rapid.Bool().Draw(t, "whole") {
				values[i] -= values[i] % 10_000
			}
			cells[i] = write(t, f, values[i])
			e.Add([]byte(cells[i]))
		}
		decided := f
		d, err := e.Decide(numeral.Setting{})
		var u *numeral.Undecided
		switch {
		case errors.As(err, &u):
		case err != nil:
			t.Fatalf("%q: %v", cells, err)
		default:
			decided = d.Format
		}
		scale := 4
		if f.Percent() {
			scale = 6
		}
		for i, s := range cells {
			for _, f := range []numeral.Format{f, decided} {
				if got, ok := f.Parse([]byte(s), scale); !ok || got != values[i] {
					t.Fatalf("%s reads %q as %d, %v, want %d", f, s, got, ok, values[i])
				}
			}
		}
	})
}

// The invariant of the package: where two formats of different decimal marks read every cell of a
// column, and one of them differently, the column is undecided; and only there.
func TestTwoReadingsAreUndecided(t *testing.T) {
	marks := []string{"1234567.89", "1,234,567.89", "1 234 567.89", "1'234'567.89", "12,34,567.89", "1234567,89", "1.234.567,89",
		"1 234 567,89", "1'234'567,89", "12.34.567,89", "12 34 567.89", "12 34 567,89", "12'34'567.89", "12'34'567,89"}
	core := rapid.StringMatching(`([1-9][0-9]{0,3}|0)([., '][0-9]{2,3}){0,2}([.,][0-9]{1,3})?`)
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(core, 1, 5).Draw(t, "cells")
		var fits []numeral.Format
		for _, m := range marks {
			if f := format(m); readsAll(f, cells) {
				fits = append(fits, f)
			}
		}
		differ := false
		for _, a := range fits {
			for _, b := range fits {
				for _, c := range cells {
					differ = differ || show(a, c) != show(b, c)
				}
			}
		}
		d, err := evidence(cells...).Decide(numeral.Setting{})
		var u *numeral.Undecided
		if got := errors.As(err, &u); got != differ && len(fits) > 0 {
			t.Fatalf("%q: got %v, %v; %d formats fit, with different values: %v", cells, d.Format, err, len(fits), differ)
		}
		if len(fits) > 0 && err == nil && !readsAll(d.Format, cells) {
			t.Fatalf("%q: decided %s, which does not read all", cells, d.Format)
		}
	})
}

func readsAll(f numeral.Format, cells []string) bool {
	for _, c := range cells {
		if show(f, c) == "refused" {
			return false
		}
	}
	return true
}

// However workers share the cells, the decision and its words are the same.
func TestMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.Custom(cell), 0, 30).Draw(t, "cells")
		whole := evidence(cells...)
		cut := rapid.IntRange(0, len(cells)).Draw(t, "cut")
		parts := evidence(cells[cut:]...)
		parts.Merge(evidence(cells[:cut]...))
		d1, err1 := whole.Decide(numeral.Setting{})
		d2, err2 := parts.Decide(numeral.Setting{})
		if d1 != d2 || (err1 == nil) != (err2 == nil) || err1 != nil && err1.Error() != err2.Error() {
			t.Fatalf("%q cut at %d: got %+v, %v, want %+v, %v", cells, cut, d2, err2, d1, err1)
		}
	})
}

func TestStringRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.Custom(cell), 1, 6).Draw(t, "cells")
		for _, s := range []numeral.Setting{{}, {Decimal: "."}, {Decimal: ","}} {
			d, err := evidence(cells...).Decide(s)
			if err != nil {
				continue
			}
			back, err := numeral.FromSetting(d.Format.String())
			if err != nil || back != d.Format {
				t.Fatalf("%q: %+v written as %q, read as %+v, %v", cells, d.Format, d.Format, back, err)
			}
		}
	})
}

func FuzzColumn(f *testing.F) {
	for _, s := range []string{"1,234\n5", "1.234,56-\n12,5", "$45,000\n45k\n1.2M", "１，２３４．５０", "3.5万元", "(12.00)", "12%", "1 234,5", "kr. 5", "5m", "12,-", "1e5", "\xff\xfe1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, column string) {
		cells := strings.Split(column, "\n")
		d, err := evidence(cells...).Decide(numeral.Setting{})
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error without words")
			}
			return
		}
		if back, err := numeral.FromSetting(d.Format.String()); err != nil || back != d.Format {
			t.Fatalf("%+v written as %q, read as %+v, %v", d.Format, d.Format, back, err)
		}
		var refused int64
		for _, c := range cells {
			if strings.TrimSpace(c) != "" {
				if _, ok := d.Format.Parse([]byte(c), 0); !ok && d.Format.Why([]byte(c)) != "too large" {
					refused++
				}
			}
		}
		if refused > d.Strays+d.Bad {
			t.Fatalf("%s refuses %d cells, but the decision told of %d + %d: %q", d.Format, refused, d.Strays, d.Bad, cells)
		}
	})
}

func FuzzParse(f *testing.F) {
	for i, s := range []string{"1,234", "1.234,56-", "$45,000", "１，２３４．５０", "3.5万元", "(12.00)", "12%", "1e-400", "99999999999999999999"} {
		f.Add(s, i)
	}
	f.Fuzz(func(t *testing.T, s string, i int) {
		fm := format(formats[uint(i)%uint(len(formats))])
		v, ok := fm.Parse([]byte(s), 4)
		// A refusal may be the twin's narrower idea of words and blanks; what it reads must be equal.
		if want, wantOK := naive(fm, s, 4); wantOK && len(s) <= 64 && (!ok || v != want) {
			t.Fatalf("%s, %q: got %d, %v, want %d", fm, s, v, ok, want)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct{ format, cell string }{
		{"plain", "1234.56"}, {"1234567.89", "1234.56"}, {"1,234,567.89", "1,234.56"}, {"1.234.567,89", "1.234,56-"},
		{"$1,234,567.89", "$1,234.56"}, {"1 234 567,89", "1\u00a0234,56"}, {"12,34,567.89", "1,23,456.50"},
		{"1234567%", "12%"}, {"¥1234567.89k", "3.5万元"}, {"EUR 1.234.567,89", "1.234,56 EUR"}, {"1,234,567.89", "１，２３４．５０"},
	} {
		b.Run("format="+c.format+"/cell="+c.cell, func(b *testing.B) {
			f, s := format(c.format), []byte(c.cell)
			for b.Loop() {
				f.Parse(s, 4)
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	for _, s := range []string{"1234.56", "1,234.56", "$1,234.56"} {
		b.Run("cell="+s, func(b *testing.B) {
			var e numeral.Evidence
			cell := []byte(s)
			for b.Loop() {
				e.Add(cell)
			}
		})
	}
}
