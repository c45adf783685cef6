// Package layout decides which column of an export is which canonical column.
//
// Exports name the same thing in a hundred ways: CustomerID, Kunde, 客户编码. The way from a header to
// positions is short:
//
//  1. Fold makes headers comparable: case, spaces, underscores, hyphens, dots, byte order marks and
//     full-width letters do not tell two names apart.
//  2. A Mapping says what may decide, strongest first: assignments (--map NAME=HEADER), a Preset
//     (a YAML file that a user can copy and change), the canonical names, the common aliases.
//  3. Resolve applies it to one header and returns the position of each canonical column, the rule
//     that decided it, and what was left unmapped; or every fault at once, each with the flag that
//     settles it.
//
// Settings travel with a preset: what the cells of that export mean (nulls, returns, cancellations,
// product codes that are no products). Rules is their compiled form, one place for ingest and CRM,
// so that an id means the same in both.
//
// Names that mean different things in different systems are in no alias table: they need a preset
// or a --map. Among them: Discount (rate or money), Margin (rate or money), 折扣率 (95% off or 95%
// paid), 价税合计 and 含税金额 (with tax, which settings must take off; see Gross), Item and Product in orders (id or
// name), Item Price (one piece or the line), Extended Amount (before the discount), Parent Account
// (name or id), Created Date of an account (of the record, not of the customer).
package layout

import "fmt"

// Kind is a kind of export.
type Kind uint8

// The kinds of exports.
const (
	Orders Kind = iota
	CRM
	Products
	kinds
)

// String is the name of the kind in presets and messages: orders, crm, products.
func (k Kind) String() string {
	switch k {
	case Orders:
		return "orders"
	case CRM:
		return "crm"
	case Products:
		return "products"
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Kinds lists all kinds in order.
func Kinds() []Kind { return []Kind{Orders, CRM, Products} }

// Columns lists the canonical columns of the kind in canonical order.
func (k Kind) Columns() []Column {
	lo, hi := k.span()
	out := make([]Column, 0, hi-lo)
	for c := lo; c < hi; c++ {
		out = append(out, c)
	}
	return out
}

// Column finds a canonical column of the kind by name, folded.
func (k Kind) Column(name string) (Column, bool) {
	f := Fold(name)
	lo, hi := k.span()
	for c := lo; c < hi; c++ {
		if Fold(c.String()) == f {
			return c, true
		}
	}
	return 0, false
}

func (k Kind) span() (lo, hi Column) {
	switch k {
	case Orders:
		return OrderID, AccountID
	case CRM:
		return AccountID, ItemID
	case Products:
		return ItemID, columns
	}
	panic("layout: unknown kind")
}

// Need is what a file must have: at least one of the alternatives, each with all of its columns.
type Need struct {
	Any [][]Column
}

// String reads "amount, or quantity and unit_price".
func (n Need) String() string {
	s := ""
	for i, all := range n.Any {
		if i > 0 {
			s += ", or "
		}
		for j, c := range all {
			if j > 0 {
				s += " and "
			}
			s += c.String()
		}
	}
	return s
}

// Needs lists what a file of the kind must have under the settings. An order file may lack
// order_id only where Settings.OrderPerDay says how orders are told apart then.
func (k Kind) Needs(s Settings) []Need {
	one := func(c Column) Need { return Need{Any: [][]Column{{c}}} }
	switch k {
	case Orders:
		needs := []Need{one(CustomerID), one(OrderedAt), {Any: [][]Column{{Amount}, {Quantity, UnitPrice}}}}
		if !s.OrderPerDay {
			needs = append([]Need{one(OrderID)}, needs...)
		}
		return needs
	case CRM:
		return []Need{one(AccountID)}
	case Products:
		return []Need{one(ItemID), {Any: [][]Column{{ItemUnitCost}, {ItemMarginRate}, {ItemCategory}}}}
	}
	panic("layout: unknown kind")
}
