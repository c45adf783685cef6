package layout

import (
	"errors"
	"fmt"
	"sort"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Settings say what the cells of an export mean. The zero value is a plain export.
type Settings struct {
	// NullValues are cells that mean "no value", compared exactly after trimming, such as NULL.
	// Blank cells always do.
	NullValues []string
	// ReturnIDPrefix are the first characters of order ids of credit notes, such as C.
	ReturnIDPrefix []string
	// ReturnStatus are the status words of returns and credit notes, folded like headers; nil is
	// DefaultReturnStatus. A status that marks the refunded sale itself (refunded) is none of them:
	// such a line is no reversal of another one.
	ReturnStatus []string
	// CancelledStatus are the status words of cancelled orders, folded like headers; nil is
	// DefaultCancelledStatus.
	CancelledStatus []string
	// NonProductCodes are product codes of postage, bank charges and the like, compared exactly
	// after trimming. They count in the totals, not in units.
	NonProductCodes []string
	// FloatIDs says that a spreadsheet or data frame wrote ids as floats: 17850.0 is 17850.
	FloatIDs bool
	// OrderPerDay says that the export has no order id: a customer's lines of one day are one order.
	OrderPerDay bool
	// NoHeader says that the first record is a line already: the columns are named by place, #1, #2.
	NoHeader bool
	// CarryDown says that an order's header stands on its first line only: what further lines leave
	// blank of it is carried down. Orders without any of it on further lines are found by themselves.
	CarryDown bool
	// GroupRows says that the customer stands alone in a row above its lines, and Total rows below.
	GroupRows bool
	// OrderRefund is the header of the amount refunded of a whole order, on its first line; "" is none.
	OrderRefund string
	// OrderDiscount is the header of the total of an order's discounts, on its first line or all; "" is none.
	// It counts once: what the order's lines do not state of it as discounts of their own is spread over them
	// by value. Lines that state more than the total keep theirs, and it is not used.
	OrderDiscount string
	// AmountFrom decides between the two values of lines that state an amount and quantity x unit_price; ""
	// takes the amount, and leaves a systematic difference open.
	AmountFrom AmountFrom
	// TaxIncluded says that all amounts and prices include tax; TaxRate says how much.
	TaxIncluded bool
	// TaxStated says that tax_included is written down, so that a header that names a gross amount settles
	// nothing more.
	TaxStated bool
	// IDWidth is the length that ids of digits had before a spreadsheet dropped their leading zeros;
	// shorter ones are filled up. 0 leaves ids as they are.
	IDWidth int
	// IDFoldCase says that ids that differ by case only are one; they are written in lower case then.
	IDFoldCase bool
	// Aliases gives customer ids another one: accounts that are the same customer. It comes from a file.
	Aliases map[string]string
	// TaxRate is the tax within tax-inclusive amounts, 0..1; 0 is not stated.
	TaxRate money.Rate
	// CategoryMargins gives the margin rate, -10..1, of product categories whose cost is not known.
	CategoryMargins map[string]money.Rate
}

// AmountFrom says which of two values of a line counts.
type AmountFrom string

// The values.
const (
	FromAmount AmountFrom = "amount" // the amount, whatever quantity x unit_price comes to
	FromPrice  AmountFrom = "price"  // quantity x unit_price less the discounts; the amount where a line has not both
)

// minMargin is the least margin rate believed: -1000% is a loss leader, -4500% a missing percent sign.
const minMargin = -10 * money.OneRate

// DefaultReturnStatus is the status words of returns and credit notes.
func DefaultReturnStatus() []string {
	return []string{"return", "returned", "refund", "credit note", "credit memo", "红字", "退货", "已退货", "退货单"}
}

// DefaultCancelledStatus is the status words of cancelled orders.
func DefaultCancelledStatus() []string {
	return []string{"cancelled", "canceled", "cancel", "void", "voided", "取消", "已取消", "作废", "已作废"}
}

// Validate returns every fault of the settings, in the order of the fields.
func (s Settings) Validate() []error {
	var errs []error
	for _, f := range []struct {
		name  string
		words []string
	}{
		{"return_id_prefix", s.ReturnIDPrefix}, {"return_status", s.ReturnStatus},
		{"cancelled_status", s.CancelledStatus}, {"non_product_codes", s.NonProductCodes},
	} {
		for _, w := range f.words {
			if trim(w) == "" {
				errs = append(errs, fmt.Errorf("settings: %s holds a blank word: remove it", f.name))
			}
		}
	}
	cancelled := set(orDefault(s.CancelledStatus, DefaultCancelledStatus), Fold)
	for _, w := range orDefault(s.ReturnStatus, DefaultReturnStatus) {
		if cancelled[Fold(w)] {
			errs = append(errs, fmt.Errorf("settings: status %q is both a return and a cancellation: keep it in one list", w))
		}
	}
	if f := s.AmountFrom; f != "" && f != FromAmount && f != FromPrice {
		errs = append(errs, fmt.Errorf("settings: amount_from %q: write amount or price", f))
	}
	if s.IDWidth < 0 || s.IDWidth > 40 {
		errs = append(errs, fmt.Errorf("settings: id_width %d is outside 0..40", s.IDWidth))
	}
	if s.TaxIncluded && s.TaxRate == 0 {
		errs = append(errs, errors.New("settings: tax_included needs tax_rate: write 0.19 or 19%"))
	}
	if s.TaxRate < 0 || s.TaxRate > money.OneRate {
		errs = append(errs, fmt.Errorf("settings: tax_rate %s is outside 0..1: write 0.19 or 19%%", s.TaxRate))
	}
	names := make([]string, 0, len(s.CategoryMargins))
	for c := range s.CategoryMargins {
		names = append(names, c)
	}
	sort.Strings(names)
	for _, c := range names {
		if m := s.CategoryMargins[c]; m < minMargin || m > money.OneRate {
			errs = append(errs, fmt.Errorf("settings: category_margins: %q: %s is outside -10..1: write 0.35 or 35%%", c, m))
		}
	}
	return errs
}

// Reshapes says that rows have to be completed before they are lines.
func (s Settings) Reshapes() bool {
	return s.CarryDown || s.GroupRows || s.OrderRefund != "" || s.OrderDiscount != ""
}

func orDefault(words []string, def func() []string) []string {
	if words == nil {
		return def()
	}
	return words
}
