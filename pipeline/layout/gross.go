package layout

import (
	"fmt"
	"strings"
	"unicode"
)

// GrossError says that the money of an order line is in a column whose header says that it includes tax, and
// that nothing says how much. Cost and margin are without tax: taken as it stands, each margin would be wrong.
type GrossError struct {
	Column Column
	Header string
}

// Error names the settings that decide.
func (e *GrossError) Error() string {
	return fmt.Sprintf("%s: header %q of %s says that tax is included, and net sales are without: map a column without tax with %s, "+
		"or set tax_included: true and tax_rate: 0.19 (what holds) under settings; tax_included: false takes it as it stands",
		e.Column.Kind(), e.Header, e.Column, flag(e.Column, "HEADER"))
}

// Gross says that a header of money names an amount with tax: 价税合计, Total incl. VAT, Bruttobetrag, Montant
// TTC, Importe (IVA incl.).
func Gross(header string) bool {
	h := letters(header)
	for _, no := range []string{"不含税", "未含税", "notincl", "excl"} {
		if strings.Contains(h, no) {
			return false
		}
	}
	for _, yes := range []string{"价税合计", "含税", "税込", "taxinc", "inctax", "incltax", "includingtax", "brutto", "ttc"} {
		if i := strings.Index(h, yes); i >= 0 && (yes != "ttc" || i+len(yes) == len(h) || i == 0) {
			return true
		}
	}
	inclusive := false
	for _, w := range []string{"inc", "inkl"} {
		inclusive = inclusive || strings.Contains(h, w)
	}
	if !inclusive {
		return false
	}
	for _, tax := range []string{"vat", "gst", "mwst", "ust", "iva", "tva", "btw", "hst", "tax", "moms"} {
		i := strings.Index(h, tax)
		for _, inc := range []string{"inc", "incl", "inclusive", "including", "inclu", "incluido", "incluida", "inclusa", "incluso", "incluse", "comprise", "inkl", "inklusive"} {
			if i >= 0 && (strings.Contains(h, inc+tax) || strings.Contains(h, tax+inc)) {
				return true
			}
		}
	}
	return false
}

// letters are the letters of a header, folded.
func letters(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, Fold(header))
}

// grossAmount says that a header names the amount of a line with tax, and not a price or a rate.
func grossAmount(header string) bool {
	if !Gross(header) {
		return false
	}
	h := letters(header)
	for _, no := range []string{"单价", "price", "preis", "prix", "precio", "prezzo", "rate", "unit"} {
		if strings.Contains(h, no) {
			return false
		}
	}
	for _, w := range []string{"amount", "total", "sales", "value", "betrag", "umsatz", "summe", "montant", "importe", "importo", "价税合计", "金额", "总额", "税込"} {
		if strings.Contains(h, w) {
			return true
		}
	}
	return h == "ttc" || h == "brutto"
}

// takeGross takes an amount with tax where the file has no other.
func (r *resolver) takeGross() {
	if r.kind != Orders {
		return
	}
	priced := r.index[Quantity] > 0 && r.index[UnitPrice] > 0
	if r.index[Amount] == 0 && !r.closed[Amount] && !priced {
		var at []int
		for i, h := range r.headers {
			if !r.used[i] && grossAmount(h) {
				at = append(at, i)
			}
		}
		if at != nil {
			r.take(Amount, at, RuleAlias)
		}
	}
}

// faultGross faults an amount with tax that nothing takes the tax from.
func (r *resolver) faultGross(s Settings) {
	if r.kind != Orders || s.TaxIncluded || s.TaxStated || r.index[TaxIncluded] > 0 {
		return
	}
	for _, c := range []Column{Amount, UnitPrice} {
		if i := int(r.index[c]) - 1; i >= 0 {
			if Gross(r.headers[i]) {
				r.errs = append(r.errs, &GrossError{Column: c, Header: r.headers[i]})
			}
			return // the amount counts where both are there
		}
	}
}
