package layout_test

import (
	"errors"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

func TestGross(t *testing.T) {
	for header, want := range map[string]bool{
		"价税合计": true, "销售订单行.价税合计": true, "含税金额": true, "金额(含税)": true, "不含税金额": false, "未税金额": false, "含税单价": true,
		"Total incl. VAT": true, "Amount (tax incl.)": true, "Amount incl tax": true, "Line total inc. GST": true, "Bruttobetrag": true,
		"Betrag brutto": true, "Betrag inkl. MwSt.": true, "Montant TTC": true, "Total TTC": true, "Importe IVA incluido": true,
		"Prezzo (IVA inclusa)": true, "Bedrag incl. BTW": true, "Tax-inclusive amount": true, "税込金額": true,
		"Total excl. VAT": false, "Amount": false, "Net amount": false, "Gross sales": false, "Tax": false, "VAT": false, "Attch": false,
		"Income": false, "Invoice private value": false, "Customer incentive": false, "Province": false, "Increment Id": false, "Betrag netto": false,
	} {
		if got := layout.Gross(header); got != want {
			t.Errorf("%q: got %v, want %v", header, got, want)
		}
	}
}

// An amount with tax is never taken as one without: it is refused with the setting, or the settings or a
// column say what the tax is.
func TestGrossAmounts(t *testing.T) {
	rate := layout.Settings{TaxIncluded: true, TaxStated: true, TaxRate: money.OneRate / 10}
	for _, c := range []struct {
		name    string
		money   []string
		mapping layout.Mapping
		amount  string // header of the amount, "" for a refusal
		column  layout.Column
	}{
		{"only gross", []string{"价税合计"}, layout.Mapping{}, "", layout.Amount},
		{"mapped by hand", []string{"Brutto"}, layout.Mapping{Assignments: []layout.Assignment{{Name: "amount", Header: "Brutto"}}}, "", layout.Amount},
		{"gross price", []string{"quantity", "含税单价"}, layout.Mapping{Assignments: []layout.Assignment{{Name: "unit_price", Header: "含税单价"}}}, "", layout.UnitPrice},
		{"with a rate", []string{"Total incl. VAT"}, layout.Mapping{Settings: rate}, "Total incl. VAT", 0},
		{"as it stands", []string{"Montant TTC"}, layout.Mapping{Settings: layout.Settings{TaxStated: true}}, "Montant TTC", 0},
		{"with a column", []string{"Amount (tax incl.)", "tax_included"}, layout.Mapping{}, "Amount (tax incl.)", 0},
		{"net beside gross", []string{"价税合计", "不含税金额"}, layout.Mapping{}, "不含税金额", 0},
	} {
		r, err := layout.Resolve(layout.Orders, append([]string{"order_id", "customer_id", "ordered_at"}, c.money...), c.mapping)
		var gross *layout.GrossError
		if c.amount == "" {
			if !errors.As(err, &gross) || gross.Column != c.column {
				t.Errorf("%s: got %v, want it refused as gross", c.name, err)
			}
			continue
		}
		if i := r.Index(layout.Amount); err != nil || i < 0 || r.Headers[i] != c.amount {
			t.Errorf("%s: got %+v, %v, want %q", c.name, r.Matches, err, c.amount)
		}
	}
}
