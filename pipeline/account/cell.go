package account

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Each parser reads one trimmed cell that says something. Its reason is "" where it could, else what
// is wrong and what to write.

func text(s string) (string, string) { return strings.Clone(s), "" }

func id(rules *layout.Rules) func(string) (string, string) {
	return func(s string) (string, string) {
		t, _ := rules.CustomerID(s) // of a parent
		return strings.Clone(t), ""
	}
}

// day reads YYYY-MM-DD, alone or before a time of day, which does not count.
func day(s string) (civil.Day, string) {
	const form = "is not a day: write YYYY-MM-DD"
	if len(s) > 10 && (len(s) < 16 || (s[10] != ' ' && s[10] != 'T') || !clock(s[11:])) {
		return civil.Unknown, form
	}
	d, err := civil.Parse(s[:min(len(s), 10)])
	if err != nil {
		return civil.Unknown, form
	}
	return d, ""
}

// clock reports whether s begins with a time of day hh:mm.
func clock(s string) bool {
	digit := func(i int) bool { return s[i] >= '0' && s[i] <= '9' }
	return digit(0) && digit(1) && s[2] == ':' && digit(3) && digit(4) && s[:2] < "24" && s[3:5] < "60"
}

// number reads a decimal with a point, with or without a currency sign. Commas may group thousands
// where that cannot be read otherwise: 1,234,567 and 1,234.50, not 1,234.
func number(s string, scale int) (int64, string) {
	const form = "is not a number: write it with a decimal point, such as 1234.50"
	s = norm.NFKC.String(s) // full-width digits, commas and signs
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.Is(unicode.Sc, r) || unicode.IsSpace(r) })
	if strings.Contains(s, ",") {
		plain, ok := ungroup(s)
		if !ok {
			return 0, form
		}
		if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
			return 0, "may have a thousands comma or a decimal comma: write it without commas"
		}
		s = plain
	}
	v, ok := money.Parse([]byte(s), scale)
	if !ok {
		return 0, form
	}
	return v, ""
}

// ungroup drops commas that stand before groups of three digits left of the decimal point.
func ungroup(s string) (string, bool) {
	whole, frac, point := strings.Cut(s, ".")
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if i == 0 {
			g = strings.TrimLeft(g, "+-")
		}
		if g == "" || len(g) > 3 || (i > 0 && len(g) != 3) || strings.Trim(g, "0123456789") != "" {
			return "", false
		}
	}
	if point {
		return strings.Join(groups, "") + "." + frac, !strings.Contains(frac, ",")
	}
	return strings.Join(groups, ""), true
}

func amount(s string) (money.Amount, string) {
	v, reason := number(s, money.AmountScale)
	return money.Amount(v), reason
}

func price(s string) (money.Price, string) {
	v, reason := number(s, money.PriceScale)
	if v < 0 {
		reason = "is below zero: write a price of at least 0"
	}
	return money.Price(v), reason
}

// gain is an amount of at least 0.
func gain(s string) (money.Amount, string) {
	v, reason := amount(s)
	if v < 0 {
		reason = "is below zero: write an amount of at least 0"
	}
	return v, reason
}

func days(s string) (money.Quantity, string) {
	v, reason := number(s, money.QuantityScale)
	if v < 0 {
		reason = "is below zero: write days of at least 0"
	}
	return money.Quantity(v), reason
}

func rating(s string) (money.Quantity, string) {
	v, reason := number(s, money.QuantityScale)
	if v < 0 || v > 5*int64(money.OneQuantity) {
		reason = "is outside 0..5"
	}
	return money.Quantity(v), reason
}

// margin reads 0.35 or 35%, -10..1. A bare 35 is refused: it would make the cost negative.
func margin(s string) (money.Rate, string) {
	r, ok := layout.ParseRate(s)
	if !ok {
		return 0, "is not a rate: write 0.35 or 35%"
	}
	if r > money.OneRate || r < -10*money.OneRate {
		return 0, "is outside -10..1: write 0.35 or 35%"
	}
	return r, ""
}

// word reads the words for yes and no.
func word(s string) (bool, string) {
	switch strings.ToLower(s) {
	case "true", "yes", "y", "1", "x", "是":
		return true, ""
	case "false", "no", "n", "0", "否":
		return false, ""
	}
	return false, "is neither yes nor no: write true or false, yes or no, y or n, 1 or 0, x, 是 or 否"
}
