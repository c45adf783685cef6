package layout

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"camel", "CustomerID", "customerid"},
		{"space", " Customer  ID ", "customerid"},
		{"underscore", "customer_id", "customerid"},
		{"hyphen and dash", "amazon-order–id", "amazonorderid"},
		{"dot", "单行.料品", "单行料品"},
		{"byte order mark", "\uFEFFYear", "year"},
		{"no-break space", "Customer\u00A0ID", "customerid"},
		{"ideographic space", "客户\u3000编码", "客户编码"},
		{"zero width space", "Order\u200BID", "orderid"},
		{"full width", "ＯｒｄｅｒＩＤ", "orderid"},
		{"decomposed accent", "Re\u0301gion", "r\u00e9gion"},
		{"line break in a header", "Unit\nPrice", "unitprice"},
		{"percent kept", "Discount %", "discount%"},
		{"only separators", " _-.", ""},
	} {
		if got := Fold(tc.in); got != tc.want {
			t.Errorf("%s: Fold(%q) = %q, want %q", tc.name, tc.in, got, tc.want)
		}
	}
}

// Decorations that exports put on a header must not tell it apart.
func TestFoldIgnoresDecoration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(append(Orders.Columns(), append(CRM.Columns(), Products.Columns()...)...)).Draw(t, "column")
		name := c.String()
		var b strings.Builder
		for _, r := range name {
			b.WriteString(rapid.SampledFrom([]string{"", "", " ", "_", "-", ".", "\u00A0", "\u3000", "\uFEFF"}).Draw(t, "gap"))
			switch rapid.IntRange(0, 2).Draw(t, "form") {
			case 1:
				b.WriteString(strings.ToUpper(string(r)))
			case 2:
				b.WriteRune(r + 0xFEE0) // full-width ASCII
			default:
				b.WriteRune(r)
			}
		}
		if got, want := Fold(b.String()), Fold(name); got != want {
			t.Fatalf("Fold(%q) = %q, want %q", b.String(), got, want)
		}
		if got, ok := c.Kind().Column(b.String()); !ok || got != c {
			t.Fatalf("%s.Column(%q) = %v, %v, want %v", c.Kind(), b.String(), got, ok, c)
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "CustomerID", "\uFEFFId", "客户\u3000编码", "ﬁ İ ß Σς", "e\u200B\u0301", "\xff\xfe", "¨_"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := Fold(s)
		if b := Fold(a); a != b {
			t.Errorf("Fold(%q) = %q, folded again %q", s, a, b)
		}
		if !utf8.ValidString(a) && utf8.ValidString(s) {
			t.Errorf("Fold(%q) = %q is no valid UTF-8", s, a)
		}
		if strings.ContainsAny(a, " _-.\t\r\n\u00A0\u3000\uFEFF") {
			t.Errorf("Fold(%q) = %q keeps a separator", s, a)
		}
	})
}
